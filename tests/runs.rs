//! How runs behave from outside: configuration, what changed, waiting, interruption.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runs").join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn program(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_exo-lint"));
        command.current_dir(&self.0).env("COLUMNS", "200").env_remove("NO_COLOR");
        command
    }

    fn run(&self, args: &[&str]) -> (Option<i32>, String, String) {
        let output = self.program().args(args).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    fn git(&self, args: &[&str]) {
        let status = Command::new("git")
            .current_dir(&self.0)
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"])
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success(), "git {args:?}");
    }
}

const CLAIM: &str = "シミが消える。\n";

#[test]
fn the_configuration_decides_what_options_do_not() {
    let folder = Folder::new("config");
    folder.write("a.md", "シミが消える。効果を実感。\n");
    folder.write("old/b.md", CLAIM);
    folder.write(
        "exo-lint.toml",
        "lang = \"en\"\nfail-on = \"error\"\nrule-pages = \"https://example.com/r/\"\n\n[severity]\n\"cosmetics/*\" = \"warning\"\n\"cosmetics/felt-effect\" = \"off\"\n\n[[path]]\nfiles = [\"old/\"]\nseverity = { \"cosmetics/spot-removal\" = \"info\" }\n",
    );
    let (code, out, _) = folder.run(&["--format", "concise", "."]);
    assert_eq!((code, out.matches("warning").count(), out.matches("info").count()), (Some(0), 1, 1), "{out}");
    assert!(!out.contains("felt-effect"));
    assert_eq!(folder.run(&["--fail-on", "warning", "."]).0, Some(1));
    assert!(folder.run(&["a.md"]).1.contains("2 files") || folder.run(&["a.md"]).1.contains("1 files"), "English");
    assert!(folder.run(&["--lang", "ja", "a.md"]).1.contains("1 ファイル"));
    assert!(folder.run(&["--format", "rdjson", "a.md"]).1.contains("https://example.com/r/cosmetics/spot-removal.md"));
    assert_eq!(folder.run(&["--isolated", "a.md"]).0, Some(1));

    let (_, shown, _) = folder.run(&["--show-config", "a.md", "old/b.md"]);
    let table: toml::Table = shown.parse().unwrap();
    assert_eq!((table["lang"].as_str(), table["fail-on"].as_str()), (Some("en"), Some("error")));
    folder.write("shown.toml", &folder.run(&["--show-config"]).1);
    assert_eq!(folder.run(&["--config", "shown.toml", "a.md"]).0, Some(0), "what is shown can be a configuration");
    let level = |at: usize| table["path"][at]["severity"]["cosmetics/spot-removal"].as_str();
    assert_eq!((level(0), level(1)), (Some("warning"), Some("info")), "{shown}");

    for (text, said) in [
        ("[severity]\n\"cosmetics/spot-remove\" = \"off\"", "cosmetics/spot-removal"),
        ("[severity]\n\"cosmetics/spot-removal\" = \"of\"", "exo-lint.toml:2"),
        ("as-of = \"来年\"", "exo-lint.toml"),
        ("fail_on = \"error\"", "fail-on"),
        ("authority = [\"laws\"]", "exo-lint.toml:1"),
    ] {
        folder.write("exo-lint.toml", text);
        let (code, _, err) = folder.run(&["a.md"]);
        assert!(code == Some(2) && err.contains(said), "{text}: {err}");
    }
}

#[test]
fn only_law_that_was_in_force_is_cited() {
    let folder = Folder::new("as-of");
    folder.write("a.md", "シミが消える。効果を実感。\n");
    let law = |args: &[&str]| {
        let (_, out, _) = folder.run(&[&["--format", "json", "--category", "cosmetics", "a.md"], args].concat());
        let json: serde_json::Value = serde_json::from_str(&out).unwrap();
        let of = |d: &serde_json::Value| d["law"].as_array().unwrap().iter().map(|l| l["id"].to_string()).collect();
        let cited: Vec<Vec<String>> = json["diagnostics"].as_array().unwrap().iter().map(of).collect();
        (json["ruleset"]["as_of"].as_str().unwrap().to_owned(), cited)
    };
    let (today, now) = law(&[]);
    assert!(now.len() == 2 && now.iter().all(|ids| !ids.is_empty()));
    assert_eq!(law(&["--as-of", &today]).1, now);
    // The notice of 2017 was not there yet; the law was.
    let (day, then) = law(&["--as-of", "2015-04-01"]);
    assert_eq!(day, "2015-04-01");
    assert!(
        then.len() == 1 && then[0].len() < now[0].len() && then[0].iter().any(|id| id.contains("yakki")),
        "{then:?}"
    );
    // Of the two findings one rests on an industry's own code alone.
    assert_eq!(law(&["--authority", "law,notice"]).1.len(), 1);
    assert_eq!(law(&["--authority", "industry"]).1.len(), 1);
    assert_eq!(folder.run(&["--as-of", "2026-13-01", "a.md"]).0, Some(2));
    assert_eq!(folder.run(&["--authority", "mall", "a.md"]).0, Some(2));
}

#[test]
fn only_what_changed_is_checked() {
    let folder = Folder::new("changed");
    folder.git(&["init", "-q"]);
    folder.write("lp/old.md", CLAIM);
    folder.write("lp/edited.md", "うるおう。\n");
    let found = |args: &[&str]| {
        let (code, out, err) = folder.run(&[&["--format", "concise"], args].concat());
        let files: Vec<String> = out.lines().map(|l| l.split(':').next().unwrap().to_owned()).collect();
        (code, files, err)
    };
    assert_eq!(found(&["--changed"]).1, ["lp/old.md"], "before the first commit everything is new");
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "one"]);
    let (code, _, err) = found(&["--changed"]);
    assert!(code == Some(0) && err.contains("変わったファイルはありません"), "{err}");
    folder.write("lp/edited.md", CLAIM);
    folder.write("新しい 原稿.md", CLAIM);
    folder.write("photo.png", "no text");
    assert_eq!(found(&["--changed"]).1, ["lp/edited.md", "新しい 原稿.md"]);
    assert_eq!(found(&["--changed", "lp"]).1, ["lp/edited.md"]);
    folder.git(&["checkout", "-qb", "branch"]);
    folder.git(&["add", "."]);
    folder.git(&["commit", "-qm", "two"]);
    assert!(found(&["--changed"]).1.is_empty());
    assert_eq!(found(&["--changed=main"]).1, ["lp/edited.md", "新しい 原稿.md"]);
    // In a folder inside, paths are told from there.
    let output =
        folder.program().current_dir(folder.0.join("lp")).args(["--format", "concise", "--changed=main"]).output();
    assert!(String::from_utf8(output.unwrap().stdout).unwrap().starts_with("edited.md:1:1"));
    let (code, _, err) = found(&["--changed", "main"]);
    assert!(code == Some(2) && err.contains("--changed=main"), "{err}");
    let (code, _, err) = found(&["--changed=nowhere"]);
    assert!(code == Some(2) && err.contains("nowhere"), "{err}");
}

#[test]
fn excluded_files_are_left_out_even_if_they_are_named() {
    let folder = Folder::new("exclude");
    folder.git(&["init", "-q"]);
    folder.write(".gitignore", "build/\n");
    folder.write("build/a.md", CLAIM);
    folder.write("b.md", CLAIM);
    assert_eq!(folder.run(&["--format", "concise", "build/a.md", "b.md"]).1.lines().count(), 2);
    let (_, out, _) = folder.run(&["--format", "concise", "--force-exclude", "build/a.md", "b.md"]);
    assert!(out.starts_with("b.md") && out.lines().count() == 1, "{out}");
    let (_, out, _) = folder.run(&["--show-files", "--force-exclude", "build/a.md", "b.md"]);
    assert!(out.lines().next().unwrap().starts_with("読まない build/a.md"), "{out}");
}

#[test]
fn statistics_count_by_rule_and_file() {
    let folder = Folder::new("statistics");
    folder.write("a.md", "シミが消える。\n\nソバカスも消える。\n\nシワが消える。\n");
    let (_, out, _) = folder.run(&["--quiet", "--statistics", "--category", "cosmetics", "."]);
    let lines: Vec<&str> = out.lines().map(str::trim).collect();
    assert!(lines[1].starts_with("2  cosmetics/spot-removal") && lines.last() == Some(&"3  a.md"), "{out}");
    // The output for programs stays what it is.
    let (_, out, err) = folder.run(&["--format", "json", "--statistics", "."]);
    assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok() && err.contains("spot-removal"), "{err}");
}

#[test]
fn completions_and_manual_name_the_options() {
    let folder = Folder::new("completions");
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let (code, out, _) = folder.run(&["completions", shell]);
        assert!(code == Some(0) && out.contains("write-accepted"), "{shell}");
    }
    let (_, manual, _) = folder.run(&["man"]);
    assert!(manual.contains(".TH exo-lint") && manual.contains("fail\\-on"));
}

#[test]
fn a_reader_who_goes_away_is_no_failure() {
    let folder = Folder::new("pipe");
    for at in 0..40 {
        folder.write(&format!("{at}.md"), &CLAIM.repeat(40));
    }
    let mut child = folder.program().args(["."]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    // What was found stays found.
    assert_eq!((output.status.code(), String::from_utf8(output.stderr).unwrap().as_str()), (Some(1), ""));
}

#[test]
fn what_is_read_is_not_written_over() {
    let folder = Folder::new("spared");
    folder.write("a.md", CLAIM);
    folder.write("exo-lint.toml", "category = \"cosmetics\"\n");
    for target in ["json=a.md", "json=./a.md", "sarif=exo-lint.toml", "json=-"] {
        let (code, _, err) = folder.run(&["--output", target, "."]);
        assert!(code == Some(2) && !err.is_empty(), "{target}: {err}");
    }
    assert_eq!(std::fs::read_to_string(folder.0.join("a.md")).unwrap(), CLAIM);
}

#[test]
fn no_number_of_threads_is_too_many() {
    let folder = Folder::new("jobs");
    folder.write("a.md", CLAIM);
    folder.write("b.md", CLAIM);
    assert_eq!(folder.run(&["--jobs", "99999", "."]).0, Some(1));
}

#[test]
fn what_front_matter_asks_for_is_not_lost() {
    let folder = Folder::new("front");
    for (text, said) in [
        (
            "---\nexo-lint:\n  categry: quasi-drug\n---\nうるおう。\n",
            "a.md:3:3: front matter の exo-lint: の項目「categry」はありません。「category」",
        ),
        ("---\nexo-lint:\n  disable:\n    - rule: cosmetics/spot-removal\n---\nうるおう。\n", "「rule」はありません"),
        ("+++\n[exo-lint]\nfoo = \"a\"\n+++\nうるおう。\n", "「foo」はありません。書けるのは"),
    ] {
        folder.write("a.md", text);
        let (code, out, _) = folder.run(&["a.md"]);
        assert!(code == Some(2) && out.contains(said), "{out}");
    }
    folder.write("a.md", "---\ntitle: a: b: c\nexo-lint:\n  category: clinic\n---\nうるおう。\n");
    let (code, out, _) = folder.run(&["a.md"]);
    assert!(code == Some(0) && out.contains("医療機関"), "{out}");
}

/// Waits for a line that says something; fails when the program ends first.
fn until(lines: &mut impl Iterator<Item = std::io::Result<String>>, said: &str) {
    assert!(lines.by_ref().map_while(Result::ok).any(|line| line.contains(said)), "{said} was never said");
}

fn interrupt(child: &Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
}

#[cfg(target_os = "linux")]
#[test]
fn watching_checks_again_and_ends_when_told() {
    use std::os::unix::process::ExitStatusExt;
    let folder = Folder::new("watch");
    folder.write("a.md", "うるおう。\n");
    let mut child =
        folder.program().args(["--watch", "--category", "cosmetics", "."]).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    until(&mut lines, "変更を待っています");
    folder.write("a.md", CLAIM);
    until(&mut lines, "cosmetics/spot-removal");
    until(&mut lines, "変更を待っています");
    // A broken configuration is told, and mended without starting again.
    folder.write("exo-lint.toml", "fail-on = 3\n");
    until(&mut lines, "exo-lint.toml");
    until(&mut lines, "変更を待っています");
    folder.write("exo-lint.toml", "fail-on = \"error\"\n");
    until(&mut lines, "cosmetics/spot-removal");
    interrupt(&child);
    assert_eq!(child.wait().unwrap().signal(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    use std::os::unix::process::ExitStatusExt;
    let folder = Folder::new("interrupt");
    folder.write("out/report.json", "what was there");
    let mut child = folder
        .program()
        .args(["--output", "json=out/report.json", "--stdin-filename", "a.md", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // It is reading, and will be for ever.
    child.stdin.as_mut().unwrap().write_all(CLAIM.as_bytes()).unwrap();
    interrupt(&child);
    assert_eq!(child.wait().unwrap().signal(), Some(2));
    let kept: Vec<_> = std::fs::read_dir(folder.0.join("out")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(kept, ["report.json"]);
    assert_eq!(std::fs::read_to_string(folder.0.join("out/report.json")).unwrap(), "what was there");
}
