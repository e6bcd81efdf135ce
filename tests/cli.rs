//! The built program, end to end: what it prints, what it exits with.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The program on a terminal so wide that lines do not break with the length of this folder's path.
fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exo-lint"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("COLUMNS", "1000").env_remove("NO_COLOR");
    command
}

fn run(args: &[&str]) -> (Option<i32>, String, String) {
    done(program().args(args).output().unwrap())
}

fn done(output: Output) -> (Option<i32>, String, String) {
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn piped(args: &[&str], input: &[u8]) -> (Option<i32>, String, String) {
    use std::io::Write;
    let mut child =
        program().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    done(child.wait_with_output().unwrap())
}

/// A folder that goes away with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path.to_string_lossy().into_owned()
    }
}

#[test]
fn exit_codes_say_what_happened() {
    let folder = Folder::new("exit");
    let clean = folder.file("clean.md", "肌にうるおいを与えます。");
    let found = folder.file("found.md", "気になるシミが消える。");
    let broken = folder.file("broken.md", [b"ab\xFF".as_slice(), "肌のシワが消える。".as_bytes()].concat());
    let image = folder.file("image.md", b"\x89PNG\0\x01\0");
    let missing = folder.0.join("missing.md").to_string_lossy().into_owned();
    for (paths, code) in [
        (vec![&clean], 0),
        (vec![&found], 1),
        (vec![&clean, &found], 1),
        (vec![&missing], 2),
        (vec![&broken], 2),
        (vec![&image], 2),
        (vec![&found, &missing], 2),
    ] {
        let args: Vec<&str> = paths.iter().map(|p| p.as_str()).collect();
        assert_eq!(run(&args).0, Some(code), "{args:?}");
    }
    // What could not be read does not stop the rest.
    let (_, out, _) = run(&[&missing, &found, &broken]);
    assert!(
        ["シミが消える", "ファイルがありません", "broken.md:1:3: 2 バイト目を utf-8 として読めません", "シワが消える"]
            .iter()
            .all(|said| out.contains(said)),
        "{out}"
    );
    let (_, out, err) = run(&["--format", "json", &broken]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["not_evaluated"].as_array().unwrap().len(), 1, "{out}");
    assert!(json["diagnostics"].as_array().unwrap().len() == 1 && err.contains("--encoding"), "{err}");
    assert_eq!(run(&["--fail-on", "error", &found]).0, Some(1));
    assert_eq!(run(&["--category", "cosmetic", &found]).0, Some(2));
    assert_eq!(run(&["--category", "clinic", &found]).0, Some(0));
}

#[test]
fn the_first_command_of_the_readme_finds_something() {
    let (code, out, err) = run(&["fixtures/marked/serum.md"]);
    assert_eq!((code, err.as_str()), (Some(1), ""));
    for expected in ["エラー", "言い換え", "根拠", "対象", "作用", "区分: 化粧品", "法的な助言ではありません"]
    {
        assert!(out.contains(expected), "{expected} is missing");
    }
}

/// Every `exo-lint …` line of both READMEs runs: it is known, and does not fail.
#[test]
fn commands_of_the_readmes_run() {
    let folder = Folder::new("readme");
    // A project of its own: what commands write stays in it.
    std::fs::create_dir_all(folder.0.join(".git")).unwrap();
    for name in ["copy.md", "index.md"] {
        folder.file(name, "---\ncategory: cosmetics\n---\n\n# 美容液\n\nシミが消える美容液です。\n");
    }
    std::fs::create_dir_all(folder.0.join("docs")).unwrap();
    std::fs::create_dir_all(folder.0.join("lp")).unwrap();
    folder.file("mail.txt", "うるおいを与えます。\n");
    folder.file("copy.txt", "うるおいを与えます。\n");
    let mut tried = 0;
    for readme in ["README.md", "README.ja.md"] {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(readme)).unwrap();
        for line in text.lines().map(str::trim).filter(|l| l.starts_with("exo-lint ") || l.starts_with("$ exo-lint ")) {
            let line = line.trim_start_matches("$ ").split(" #").next().unwrap().trim();
            let words: Vec<&str> = line.split_whitespace().skip(1).map(|w| w.trim_matches(['"', '\''])).collect();
            if words.iter().any(|w| ["|", ">", "<"].contains(w)) {
                continue;
            }
            let own = words.iter().any(|w| w.contains("fixtures/") || w.starts_with("test"));
            let mut command = program();
            if !own {
                command.current_dir(&folder.0);
            }
            let (code, out, err) = done(command.args(&words).stdin(Stdio::null()).output().unwrap());
            assert!(matches!(code, Some(0 | 1)), "{readme}: {line}: exit {code:?}\n{out}\n{err}");
            tried += 1;
        }
    }
    assert!(tried >= 5, "only {tried} commands found");
}

#[test]
fn json_has_the_shape_of_its_schema() {
    for of in ["output", "lines", "config", "rules", "accepted"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/{of}.json"));
        let schema = std::fs::read_to_string(path).unwrap();
        let (_, printed, _) = run(&["schema", of]);
        assert!(printed == schema, "out of date: exo-lint schema {of} > schema/{of}.json");
    }

    let (code, out, _) = run(&["--format", "json", "fixtures/marked/serum.md"]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, Some(1));
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["files"][0]["category"], "cosmetics");
    assert_eq!(json["files"][0]["category_from"], "front-matter");
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/marked/serum.md")).unwrap();
    let diagnostics = json["diagnostics"].as_array().unwrap();
    assert!(diagnostics.len() > 10);
    for d in diagnostics {
        for key in [
            "path",
            "rule",
            "title",
            "severity",
            "category",
            "message",
            "why",
            "text",
            "range",
            "parts",
            "law",
            "also",
            "missing",
            "suggestions",
            "related",
            "fingerprint",
        ] {
            assert!(!d[key].is_null(), "{key}");
        }
        let (start, end) = (d["range"]["start"]["byte"].as_u64().unwrap(), d["range"]["end"]["byte"].as_u64().unwrap());
        assert!(text.get(start as usize..end as usize).is_some(), "whole characters");
        for law in d["law"].as_array().unwrap() {
            assert_ne!(law["verified"], "R");
            assert!(law["text"].is_null() || (law["verified"] == "P" && law["authority"] != "industry"));
        }
        for claim in [&d["message"], &d["why"]] {
            assert!(!claim.as_str().unwrap().contains("違法です"));
        }
    }
    let prints: std::collections::HashSet<&str> =
        diagnostics.iter().map(|d| d["fingerprint"].as_str().unwrap()).collect();
    assert_eq!(prints.len(), diagnostics.len(), "fingerprints are unique");
}

#[test]
fn a_fingerprint_survives_lines_added_above() {
    let print = |text: &str| {
        let (_, out, _) = piped(&["--format", "json", "--stdin-filename", "a.md", "-"], text.as_bytes());
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        json["diagnostics"][0]["fingerprint"].as_str().unwrap().to_owned()
    };
    let page = "前の段落です。\n\nシミが消える。\n\n後の段落です。\n";
    assert_eq!(print(page), print(&format!("# 見出し\n\nはじめに。\n\n{page}")));
    assert_ne!(print(page), print(&page.replace("前の", "別の")));
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let one = run(&["--format", "json", "--jobs", "1", "fixtures"]);
    for jobs in ["2", "7"] {
        assert_eq!(run(&["--format", "json", "--jobs", jobs, "fixtures"]), one);
    }
}

#[test]
fn folders_are_walked_in_order_and_other_files_left_out() {
    let folder = Folder::new("walk");
    folder.file("b.md", "シミが消える。");
    folder.file("a.txt", "若返る。");
    folder.file("c.rs", "// シミが消える。");
    folder.file("skipped.md", "シミが消える。");
    folder.file(".ignore", "skipped.md\n");
    let (code, out, _) = run(&["--format", "concise", &folder.0.to_string_lossy()]);
    let names: Vec<&str> = out.lines().map(|l| l.split(':').next().unwrap().rsplit('/').next().unwrap()).collect();
    assert_eq!((code, names), (Some(1), vec!["a.txt", "b.md"]), "{out}");
}

/// Links, pipes, names that are no text, folders that cannot be read: nothing hangs, nothing is lost.
#[cfg(unix)]
#[test]
fn odd_files_are_told() {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new("odd");
    let inside = |name: &str| folder.0.join(name).to_string_lossy().into_owned();
    folder.file("a.html", "<p>シミが消える");
    folder.file("b.png", "");
    symlink("a.html", folder.0.join("link.html")).unwrap();
    symlink("nowhere", folder.0.join("dangling.md")).unwrap();
    let pipe = inside("pipe.md");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    std::fs::write(folder.0.join(std::ffi::OsStr::from_bytes(b"\xFF\xFE.md")), "若返る。").unwrap();
    std::fs::create_dir_all(folder.0.join(".hidden")).unwrap();
    folder.file(".hidden/c.md", "シワが消える");
    let locked = folder.0.join("locked");
    std::fs::create_dir_all(&locked).unwrap();
    folder.file("locked/d.md", "毛穴が消える");
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o000)).unwrap();
    let barred = std::fs::read_dir(&locked).is_err();

    let (code, out, _) = run(&["--format", "concise", &folder.0.to_string_lossy()]);
    // For the superuser nothing is locked.
    assert_eq!(code, Some(if barred { 2 } else { 1 }), "{out}");
    assert!(out.contains("a.html:1:4: ") && out.contains("\u{FFFD}.md:1:1: ") && !out.contains("link.html"), "{out}");
    assert_eq!(out.contains("フォルダを読めません"), barred, "{out}");

    let (code, out, _) = run(&["--format", "concise", &pipe, &inside("dangling.md"), &inside("link.html")]);
    assert_eq!(code, Some(2));
    assert!(out.contains("ふつうのファイルではありません") && out.contains("ファイルがありません"), "{out}");
    assert!(out.contains("link.html:1:4: "), "{out}");

    let (code, out, _) = run(&["--show-files", &folder.0.to_string_lossy(), &pipe]);
    assert_eq!(code, Some(0));
    let listed: Vec<(&str, &str, &str)> = out
        .lines()
        .filter_map(|l| {
            let (mark, rest) = l.split_once(' ')?;
            let (path, reason) = rest.trim().split_once(" (")?;
            Some((mark, path.rsplit('/').next()?, reason.trim_end_matches(')')))
        })
        .collect();
    for expected in [
        ("読む", "a.html", "HTML"),
        ("読まない", "b.png", "対象の拡張子ではない"),
        ("読まない", "link.html", "シンボリックリンクはたどらない"),
        ("読まない", "dangling.md", "シンボリックリンクはたどらない"),
        ("読まない", "pipe.md", "ファイルではない"),
        ("読まない", ".hidden", "隠しファイル"),
    ] {
        assert!(listed.contains(&expected), "{expected:?} in {out}");
    }
    std::fs::set_permissions(&locked, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn files_are_read_in_their_encoding() {
    let folder = Folder::new("encodings");
    let page = "<meta charset=\"Shift_JIS\"><p>お肌のシミが消える。毎日のお手入れに。";
    let path = folder.file("a.html", encoding_rs::SHIFT_JIS.encode(page).0);
    let (_, out, _) = run(&["--format", "json", &path]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["files"][0]["encoding"], "shift_jis", "{out}");
    assert_eq!(json["diagnostics"][0]["range"]["start"]["column"], 33, "{out}");
    let (code, _, err) = run(&["--encoding", "klingon", &path]);
    assert!(code == Some(2) && err.contains("知らない文字コード"), "{err}");
    // A page on standard input is told by how it begins.
    let (_, out, _) = piped(&["--format", "concise", "-"], "<!DOCTYPE html><p>シミが<b>消える</b>".as_bytes());
    assert!(out.starts_with("stdin.html:1:19: "), "{out}");
    // Comments are not part of the page unless asked for.
    let path = folder.file("b.html", "<p>うるおいを与えます。</p><!-- <p>シミが消える</p> -->");
    assert_eq!(run(&[&path]).0, Some(0));
    let (code, out, _) = run(&["--include", "comments", &path]);
    assert!(code == Some(1) && out.contains("場所: コメント"), "{out}");
    // The same sentence twice is one finding with two places.
    let path =
        folder.file("c.html", "<title>シミが消える</title>\n<h1>シミが<b>消える</b></h1>\n<img alt=\"シミが消える\">");
    let (_, out, _) = run(&[&path]);
    assert!(out.contains("c.html:2:5]") && out.contains("c.html:1:8（ページの題名（title））"), "{out}");
    assert!(out.contains("c.html:3:11（画像の代替テキスト）") && out.contains("エラー 1、"), "{out}");
}

#[test]
fn another_category_is_asked_about_once() {
    let page = "医薬部外品のクリームです。\n\n医薬部外品の化粧水です。".as_bytes();
    let told = |args: &[&str]| piped(args, page).1.matches("general/other-category").count();
    assert_eq!(told(&["--format", "concise", "-"]), 1);
    assert_eq!(told(&["--format", "concise", "--category", "cosmetics", "-"]), 0, "somebody said it");
}

#[test]
fn standard_input_has_a_name() {
    let (code, out, _) =
        piped(&["--format", "concise", "--stdin-filename", "lp.md", "-"], "**シミ**が消える".as_bytes());
    assert_eq!(code, Some(1));
    assert!(out.starts_with("lp.md:1:3: error "), "{out}");
}

#[test]
fn lines_fit_the_terminal_and_color_is_off_when_asked() {
    let long = format!(
        "美容液や化粧水、乳液のお手入れ。{}気になるシミが、たった三日で跡形もなく消える美容液𠮷👩\u{200D}⚕\u{FE0F}か\u{3099}。{}",
        "あいうえお".repeat(60),
        "かきくけこ".repeat(60)
    );
    for width in ["80", "120"] {
        for color in ["never", "always"] {
            let folder = Folder::new(&format!("width-{width}-{color}"));
            let path = folder.file("a.md", &long);
            let (_, out, _) = done(program().env("COLUMNS", width).args(["--color", color, &path]).output().unwrap());
            assert_eq!(out.contains('\u{1b}'), color == "always");
            for line in out.lines() {
                let columns = columns(line);
                // A path is never cut.
                assert!(
                    columns <= width.parse::<usize>().unwrap() || line.contains(&path),
                    "{columns} columns: {line}"
                );
            }
        }
    }
}

/// Columns of a line on a terminal, escape codes left out.
fn columns(line: &str) -> usize {
    use unicode_width::UnicodeWidthChar;
    let mut escaped = false;
    // Links are escapes, too.
    let line = regex::Regex::new("\x1b\\]8;;[^\x1b]*\x1b\\\\").unwrap().replace_all(line, "").into_owned();
    line.chars()
        .map(|c| match (escaped, c) {
            (false, '\u{1b}') => {
                escaped = true;
                0
            }
            (true, c) => {
                escaped = c != 'm';
                0
            }
            (false, c) => c.width().unwrap_or(0),
        })
        .sum()
}

#[test]
fn the_closing_line_says_what_was_assumed() {
    let folder = Folder::new("closing");
    let path = folder.file("a.md", "シミが消える。");
    let run = |args: &[&str]| done(program().env("COLUMNS", "200").args(args).output().unwrap());
    let (_, out, _) = run(&[&path]);
    assert!(
        out.contains("1 ファイル: エラー 1、警告 0、確認 0（抑止 0、未評価 0）。") && out.contains("仮定"),
        "{out}"
    );
    let (_, out, _) = run(&["--category", "cosmetics", &path]);
    assert!(out.contains("オプションで指定") && !out.contains("仮定"), "{out}");
    let path = folder.file("b.md", "---\ncategory: cosmetcs\n---\nシミが消える。");
    let (code, out, _) = run(&[&path]);
    assert!(
        code == Some(2) && out.contains("b.md:2:11: 区分「cosmetcs」はありません。「cosmetics」のことでしょうか"),
        "{out}"
    );
    let (code, _, err) = run(&["--format", "json", &path]);
    assert!(code == Some(2) && err.contains("cosmetcs"), "{err}");
    let path = folder.file("c.pdf", "%PDF-1.7");
    let (code, out, _) = run(&[&path]);
    assert!(code == Some(2) && out.contains("まだ読めません"), "{out}");
    let path = folder.file("d.html", "<img src=a.png><img src=b.png alt=''>うるおいを与えます。");
    let (code, out, _) = run(&[&path]);
    assert!(code == Some(0) && out.contains("代替テキストのない画像 2 枚"), "{out}");
}

#[test]
fn explain_why_and_rules_speak() {
    let (code, out, _) = run(&["rules"]);
    assert!(code == Some(0) && out.lines().count() > 25, "{out}");
    let id = out.split_whitespace().next().unwrap().to_owned();
    let (code, out, _) = run(&["explain", &id]);
    assert!(code == Some(0) && out.contains("根拠") && out.contains("○") && out.contains("×"), "{out}");
    let (code, _, err) = run(&["explain", &id[..id.len() - 2]]);
    assert!(code == Some(2) && err.contains("のことでしょうか"), "{err}");

    let folder = Folder::new("why");
    let path = folder.file("a.md", "# 美容液\n\nこの化粧水でシミは消えません。\n\n`code`\n");
    let (code, out, _) = run(&["why", &format!("{path}:3:8")]);
    for expected in ["シミは", "消えません", "消え（消える）", "打ち消し", "指摘しない"] {
        assert!(code == Some(0) && out.contains(expected), "{expected}: {out}");
    }
    let (code, out, _) = run(&["why", "--json", &format!("{path}:3:8")]);
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    let claim = &json["claims"][0];
    assert!(code == Some(0) && json["headings"][0] == "美容液" && json["products"][0] == "化粧水", "{out}");
    assert_eq!(claim["parts"][0]["text"], "シミ", "{out}");
    assert_eq!(claim["outcome"]["dismissed"]["reasons"][0]["ground"], "denied", "{out}");
    let (code, _, err) = run(&["why", &format!("{path}:99:1")]);
    assert!(code == Some(2) && err.contains("99 行"), "{err}");
    let (code, _, err) = run(&["why", "a.md"]);
    assert!(code == Some(2) && err.contains("ファイル:行:列"), "{err}");
}

#[test]
fn rules_of_the_binary_prove_themselves() {
    let (code, out, err) = run(&["test"]);
    assert!(code == Some(0) && out.contains("不成立 0"), "{out}{err}");
}

#[test]
fn broken_rule_files_are_refused_with_place_cause_and_cure() {
    let rule = |find: &str, extra: &str| {
        format!(
            "[[rule]]\nid = \"own/test\"\ntitle = \"試し\"\ncategory = [\"cosmetics\"]\nseverity = \"error\"\nlaw = [\"kijun-4-3-2\"]\nfind = [\"{find}\"]\nmessage = \"「{{match}}」は…おそれがあります。\"\nwhy = \"…\"\n{extra}"
        )
    };
    let folder = Folder::new("refused");
    for (name, text, place, said) in [
        ("toml.toml", "[[rule]\n".to_owned(), ":1", "形が正しくありません"),
        ("key.toml", rule("シミ", "unles = []\n"), ":10", "unless"),
        ("group.toml", rule("@シミミ → 消える", ""), ":7", "@シミ"),
        ("class.toml", rule("<期完> シミ", ""), ":7", "期間"),
        ("arrow.toml", rule("シミ → 消える → 治る", ""), ":7", "二つあります"),
        ("anchor.toml", rule("<数> …3", ""), ":7", "手がかり"),
        ("law.toml", rule("シミ", "").replace("kijun-4-3-2", "kijun-4-3-22"), ":6", "kijun-4-3-2"),
        ("context.toml", rule("シミ", "unless = [\"makeup-efect\"]\n"), ":10", "makeup-effect"),
        ("part.toml", rule("シミ", "").replace("{match}", "{対象}"), ":8", "{対象}"),
        (
            "noisy.toml",
            rule("クリーム", "ng = [{ text = \"シミに\", hit = \"シミ\" }]\n"),
            ":10",
            "見付かりませんでした",
        ),
    ] {
        let path = folder.file(name, &text);
        let (code, out, err) = run(&["test", &path]);
        let all = format!("{out}{err}");
        assert!(matches!(code, Some(1 | 2)), "{name}: {code:?} {all}");
        assert!(all.contains(&format!("{path}{place}\n")), "{name}: the place {place}\n{all}");
        assert!(all.contains(said) && all.contains("原因") && all.contains("直し方"), "{name}: {said}\n{all}");
        let (_, out, err) = run(&["--lang", "en", "test", &path]);
        assert!(format!("{out}{err}").contains("cure"), "{name}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = program().args(["rules"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// A rule of a house that forbids a phrase, as `exo-lint.toml` may have it.
const HOUSE: &str = r#"
[[group]]
id    = "自社の禁句"
words = ["月夜の一滴"]

[[rule]]
id       = "house/forbidden-words"
title    = "自社で使わない言葉"
category = ["general"]
severity = "warning"
law      = ["keihyou-5-1"]
find     = ["作用:@自社の禁句"]
message  = "「{match}」は、実際より優れていると受け取られるおそれがあります。"
why      = "社内基準。事実を具体的に書きます。"
ng = [{ text = "月夜の一滴、誕生", hit = "月夜の一滴" }]
ok = [{ text = "うるおいを与える美容液" }]
"#;

#[test]
fn a_configuration_says_what_is_advertised_and_adds_rules() {
    let folder = Folder::new("config");
    std::fs::create_dir_all(folder.0.join("quasi")).unwrap();
    let copy = "# 若返りの泉 化粧水\n\n月夜の一滴、若返りの泉。肌が若返る。\n";
    folder.file("a.md", copy);
    folder.file("quasi/b.md", "薬用クリームが乾燥を防ぐ。");
    let run = |args: &[&str]| done(program().current_dir(&folder.0).args(args).output().unwrap());

    let (code, out, _) = run(&["init"]);
    assert!(code == Some(0) && out.contains("exo-lint.toml"), "{out}");
    let (code, _, err) = run(&["init"]);
    assert!(code == Some(2) && err.contains("もうあります"), "{err}");
    let (_, out, _) = run(&["--format", "concise", "."]);
    assert_eq!(out.lines().count(), 4, "all in comments: {out}");

    let head = "[[path]]\nfiles = [\"quasi/**\"]\ncategory = \"quasi-drug\"\n\n[[name]]\ntext = \"若返りの泉\"\nreason = \"登録商標\"\n";
    folder.file("exo-lint.toml", format!("{head}{HOUSE}"));
    let (_, out, _) = run(&["--format", "concise", "."]);
    let lines: Vec<&str> = out.lines().map(|l| l.split(" 「").next().unwrap()).collect();
    let expected = ["a.md:3:1: warning house/forbidden-words", "a.md:3:15: error cosmetics/rejuvenation"];
    assert_eq!(lines, expected, "{out}");
    // From below, too; and not when nobody wants it.
    let (_, out, _) =
        done(program().current_dir(folder.0.join("quasi")).args(["--format", "json", "../quasi"]).output().unwrap());
    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(json["files"][0]["category_from"], "config", "{out}");
    let (_, out, _) = run(&["--isolated", "--format", "concise", "."]);
    assert!(!out.contains("house/") && out.contains("薬用"), "{out}");

    for (config, said) in [
        (HOUSE.replace("why ", "wy "), ["exo-lint.toml:14", "「why」のことでしょうか"]),
        (HOUSE.replace("hit = \"月夜の一滴\"", "hit = \"奇跡\""), ["exo-lint.toml:15", "月夜の一滴"]),
        (HOUSE.replace("keihyou-5-1", "keihyo-5-1"), ["exo-lint.toml:11", "「keihyou-5-1」のことでしょうか"]),
        ("[[name]]\ntext = \"若返りの泉\"\nreason = \"\"\n".to_owned(), ["exo-lint.toml", "理由"]),
        ("product = [\"洗顔\"]\n".to_owned(), ["exo-lint.toml", "「洗顔料」のことでしょうか"]),
        ("categry = \"cosmetics\"\n".to_owned(), ["exo-lint.toml:1", "「category」のことでしょうか"]),
        ("rules = [\"nowhere.toml\"]\n".to_owned(), ["nowhere.toml", "読めません"]),
    ] {
        folder.file("exo-lint.toml", config);
        let (code, out, err) = run(&["."]);
        assert!(code == Some(2) && said.iter().all(|s| err.contains(s)), "{said:?}: {out}{err}");
    }
}

/// A rule that was mended in a copy holds without a build; a folder without rules is refused.
#[test]
fn rules_are_read_from_a_folder() {
    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
            let target = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &target);
            } else {
                std::fs::copy(entry.path(), target).unwrap();
            }
        }
    }
    let folder = Folder::new("own-rulesets");
    let rules = folder.0.join("rules");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("rulesets"), &rules);
    let spots = rules.join("cosmetics/spots.toml");
    let changed = std::fs::read_to_string(&spots).unwrap().replace("severity = \"error\"", "severity = \"warning\"");
    std::fs::write(&spots, changed).unwrap();
    let page = folder.file("page.md", "気になるシミが消える。");
    let rules = rules.to_string_lossy();
    let check = |more: &[&str]| run(&[&["--isolated", "--format", "concise", &page], more].concat()).1;
    assert!(check(&[]).contains("error cosmetics/spot-removal"), "{}", check(&[]));
    let out = check(&["--rulesets", &rules]);
    assert!(out.contains("warning cosmetics/spot-removal"), "{out}");
    let (code, out, error) = run(&["test", "--isolated", "--rulesets", &rules, "--rule", "cosmetics/spot-removal"]);
    assert_eq!((code, error.as_str()), (Some(0), ""), "{out}");
    let (code, _, error) = run(&["--isolated", "--rulesets", &folder.0.join("none").to_string_lossy(), &page]);
    assert_eq!(code, Some(2));
    assert!(error.contains("規則のファイル（.toml）がありません"), "{error}");
}

#[test]
fn the_gravest_findings_come_first() {
    let (_, all, _) = run(&["--isolated", "--format", "concise", "fixtures/marked/serum.md"]);
    let (code, top, _) = run(&["--isolated", "--format", "concise", "--top", "2", "fixtures/marked/serum.md"]);
    assert_eq!(code, Some(1), "the exit code is that of all findings");
    assert_eq!(top.lines().count(), 2);
    assert!(top.lines().all(|line| all.contains(line) && line.contains(": error ")));
    let (_, json, _) = run(&["--isolated", "--format", "json", "--top", "1", "fixtures/marked/serum.md"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["diagnostics"].as_array().unwrap().len(), 1);
    assert!(json["summary"]["errors"].as_u64().unwrap() > 1, "the counts are those of all findings");
}

#[test]
fn pages_given_together_are_a_site() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("site");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables/sites/sakuragawa-clinic");
    for name in ["price.html", "notes.html"] {
        std::fs::copy(site.join(name), folder.join(name)).unwrap();
    }
    let check = || done(program().current_dir(&folder).args(["--category", "clinic", "."]).output().unwrap());
    let (_, out, _) = check();
    assert!(out.contains("必要な記載が見当たらないページ"), "{out}");
    assert!(out.contains("（リンクだけ）"), "{out}");

    let together = "[[site]]\nfiles = [\"**\"]\nshared = [\"notes.html\"]\nlink-suffices = true\n";
    std::fs::write(folder.join("exo-lint.toml"), together).unwrap();
    let (code, _, err) = check();
    assert_eq!(code, Some(2), "a link is not enough without a reason");
    assert!(err.contains("reason"), "{err}");

    std::fs::write(folder.join("exo-lint.toml"), format!("{together}reason = \"同じ画面で開く\"\n")).unwrap();
    let (_, out, _) = check();
    assert!(!out.contains("price.html:27:5"), "{out}");
}

#[test]
fn categories_of_blogs_are_none_of_ours() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let check = |text: &str| {
        let path = folder.join("blog.md");
        std::fs::write(&path, text).unwrap();
        run(&["--isolated", path.to_str().unwrap()])
    };
    assert_eq!(check("---\ncategory: コラム\n---\n\n保湿します。\n").0, Some(0));
    let (code, out, _) = check("---\ncategory: cosmetic\n---\n\n保湿します。\n");
    assert!(code == Some(2) && out.contains("「cosmetics」のことでしょうか"), "{out}");
    let (code, _, _) = check("---\nexo-lint:\n  category: コラム\n---\n\n保湿します。\n");
    assert_eq!(code, Some(2));
}
