//! What people accept: comments, front matter, the ledger. One table over one `check`, then whole runs.

use std::path::{Path, PathBuf};
use std::process::Command;

use exo_lint::document::Format;
use exo_lint::engine::{self, Brief};
use exo_lint::morpheme::Analyzer;
use exo_lint::product::Category;
use exo_lint::ruleset::Ruleset;
use exo_lint::source::Source;
use serde_json::Value;

const SPOT: &str = "cosmetics/spot-removal";

/// Which lines hold findings, which hold accepted ones: of the claim, and of the suppressions themselves.
struct Case {
    name: &'static str,
    file: &'static str,
    text: &'static str,
    found: &'static [(&'static str, usize)],
    accepted: &'static [usize],
}

const TABLE: &[Case] = &[
    Case {
        name: "the next line",
        file: "a.md",
        text: "<!-- exo-lint-disable-next-line cosmetics/spot-removal -- 理由 -->\nシミが消える。\n\nシミが消える！",
        found: &[(SPOT, 4)],
        accepted: &[2],
    },
    Case {
        name: "blank lines and other comments lie between",
        file: "a.html",
        text: "<!-- exo-lint-disable-next-line cosmetics/spot-removal -- 理由 -->\n<!-- exo-lint-disable-next-line cosmetics/wrinkle-removal -- 理由 -->\n\n<p>シミもシワも消える。</p>",
        found: &[],
        accepted: &[4],
    },
    Case {
        name: "a finding that begins on the next line and ends below",
        file: "a.md",
        text: "<!-- exo-lint-disable-next-line cosmetics/spot-removal -- 理由 -->\n気になるシミが\n消える。",
        found: &[],
        accepted: &[2],
    },
    Case {
        name: "the same line, in a table",
        file: "a.md",
        text: "|商品|特長|\n|-|-|\n|A|シミが消える <!-- exo-lint-disable-line cosmetics/spot-removal -- 理由 -->|\n|B|シミが消える|",
        found: &[(SPOT, 4)],
        accepted: &[3],
    },
    Case {
        name: "a range, ended for all rules",
        file: "a.md",
        text: "シミが消える。\n\n<!-- exo-lint-disable cosmetics/spot-removal -- 理由 -->\nシミが消える。\n<!-- exo-lint-enable -->\nシミが消える。",
        found: &[(SPOT, 1)],
        accepted: &[4],
    },
    Case {
        name: "a range inside one line",
        file: "a.html",
        text: "<p>シミが消える。</p><!-- exo-lint-disable cosmetics/spot-removal -- 理由 --><p>シワもシミも消える。</p><!-- exo-lint-enable cosmetics/spot-removal --><p>消えるシミ</p>",
        found: &[(SPOT, 1), ("cosmetics/wrinkle-removal", 1), (SPOT, 1)],
        accepted: &[1],
    },
    Case {
        name: "a range without an end holds, and is told",
        file: "a.md",
        text: "<!-- exo-lint-disable cosmetics/spot-removal -- 理由 -->\nシミが消える。",
        found: &[("general/broken-suppression", 1)],
        accepted: &[2],
    },
    Case {
        name: "the file, from anywhere in it",
        file: "a.html",
        text: "<p>シミが消える。</p>\n<p>消えるシミ。</p>\n<!-- exo-lint-disable-file cosmetics/spot-removal by=\"山田 太郎\" -- 理由 -->",
        found: &[],
        accepted: &[1, 2],
    },
    Case {
        name: "YAML front matter",
        file: "a.md",
        text: "---\nexo-lint:\n  disable:\n    - cosmetics/spot-removal until=2099-01-01 -- 理由\n---\nシミが消える。",
        found: &[],
        accepted: &[6],
    },
    Case {
        name: "TOML front matter",
        file: "a.md",
        text: "+++\n[exo-lint]\ndisable = [\"cosmetics/spot-removal -- 理由\"]\n+++\nシミが消える。",
        found: &[],
        accepted: &[5],
    },
    Case {
        name: "the key of another tool",
        file: "a.md",
        text: "---\ndisable: cosmetics/spot-removal -- 理由\n---\nシミが消える。",
        found: &[(SPOT, 4)],
        accepted: &[],
    },
    Case {
        name: "components",
        file: "a.mdx",
        text: "{/* exo-lint-disable-next-line cosmetics/spot-removal -- 理由 */}\nシミが消える。\n\nシミが消える！",
        found: &[(SPOT, 4)],
        accepted: &[2],
    },
    Case {
        name: "text in a script",
        file: "a.html",
        text: "<!-- exo-lint-disable-next-line cosmetics/spot-removal -- 理由 -->\n<script type=\"application/ld+json\">{\"description\": \"シミが消える\"}</script>",
        found: &[],
        accepted: &[2],
    },
    Case {
        name: "an attribute",
        file: "a.html",
        text: "<!-- exo-lint-disable-next-line cosmetics/spot-removal -- 理由 -->\n<img src=a alt=\"シミが消える\">",
        found: &[],
        accepted: &[2],
    },
    Case {
        name: "expired",
        file: "a.md",
        text: "<!-- exo-lint-disable-next-line cosmetics/spot-removal until=2026-11-21 -- 理由 -->\nシミが消える。",
        found: &[("general/expired-suppression", 1), (SPOT, 2)],
        accepted: &[],
    },
    Case {
        name: "on its last day",
        file: "a.md",
        text: "<!-- exo-lint-disable-next-line cosmetics/spot-removal until=2026-11-22 -- 理由 -->\nシミが消える。",
        found: &[],
        accepted: &[2],
    },
    Case {
        name: "no reason",
        file: "a.md",
        text: "<!-- exo-lint-disable-next-line cosmetics/spot-removal -- -->\nシミが消える。",
        found: &[("general/broken-suppression", 1), (SPOT, 2)],
        accepted: &[],
    },
    Case {
        name: "no rule",
        file: "a.md",
        text: "<!-- exo-lint-disable-next-line -- 理由 -->\nシミが消える。",
        found: &[("general/broken-suppression", 1), (SPOT, 2)],
        accepted: &[],
    },
    Case {
        name: "of two rules one is of no use",
        file: "a.md",
        text: "<!-- exo-lint-disable-next-line cosmetics/spot-removal, cosmetics/acne-treatment -- 理由 -->\nシミが消える。",
        found: &[("general/unused-suppression", 1)],
        accepted: &[2],
    },
    Case {
        name: "a rule of another category may be of use there",
        file: "a.md",
        text: "<!-- exo-lint-disable-file clinic/before-after -- 理由 -->\nシミが消える。",
        found: &[(SPOT, 2)],
        accepted: &[],
    },
    Case {
        name: "a range inside a sentence",
        file: "a.md",
        text: "<!-- exo-lint-disable cosmetics/spot-removal -- 理由 -->シミが消える。<!-- exo-lint-enable -->消えるシミ。",
        found: &[(SPOT, 1)],
        accepted: &[1],
    },
    Case {
        name: "what stands after the reason is told, not taken for one",
        file: "a.md",
        text: "<!-- exo-lint-disable-next-line cosmetics/spot-removal -- 理由 until=2027-01-01 -->\nシミが消える。",
        found: &[("general/broken-suppression", 1), (SPOT, 2)],
        accepted: &[],
    },
    Case {
        name: "front matter that is no YAML",
        file: "a.md",
        text: "---\ntitle: 美容液: 夜: 用\nexo-lint:\n  disable:\n    - cosmetics/spot-removal -- 理由\n---\nシミが消える。",
        found: &[],
        accepted: &[7],
    },
    Case {
        name: "shown as code",
        file: "a.md",
        text: "```html\n<!-- exo-lint-disable-file cosmetics/spot-removal -- 理由 -->\n```\n\nシミが消える。",
        found: &[(SPOT, 5)],
        accepted: &[],
    },
    Case {
        name: "told of in words",
        file: "a.md",
        text: "抑止は exo-lint-disable-file と書きます。\n\nシミが消える。",
        found: &[(SPOT, 3)],
        accepted: &[],
    },
];

#[test]
fn suppressions_reach_what_they_speak_of() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    for case in TABLE {
        let source = Source::from_text(case.file, case.text);
        let brief = Brief::of(Category::Cosmetics);
        let checked = engine::check(&rules, &mut analyzer, &source, Format::of_source(&source), &brief);
        let line = |d: &exo_lint::diagnostic::Diagnostic| source.position(d.span.start).line;
        let found: Vec<(&str, usize)> =
            checked.diagnostics.iter().map(|d| (rules.rule(d.rule).id.as_str(), line(d))).collect();
        let mut accepted: Vec<usize> = checked.suppressed.iter().map(|s| line(&s.diagnostic)).collect();
        accepted.dedup();
        assert_eq!(found, case.found, "{}", case.name);
        assert_eq!(accepted, case.accepted, "{}", case.name);
    }
}

/// Whatever stands in a comment or in front matter, places are whole characters of the source.
#[test]
fn no_words_of_a_suppression_are_too_odd() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    let bodies = [
        "",
        " ",
        "--",
        "-- ",
        " -- 理由",
        "cosmetics/spot-removal",
        "シミ、シワ -- 理由",
        "until= by= -- x",
        "until=2027-02-30 a -- x",
        "by=\"開いたまま -- x",
        "*/ --> <!--",
        "cosmetics/spot-removal\u{3000}-- 理由",
        "é𠮷か\u{3099}, é -- 𠮷",
    ];
    for body in bodies {
        for text in [
            format!("<!-- exo-lint-disable-next-line {body} -->\nシミが消える。"),
            format!("<!--exo-lint-disable {body}-->シミが消える。<!--exo-lint-enable {body}-->"),
            format!("<!-- exo-lint-{body} -->\nシミが消える。"),
            format!("{{/* exo-lint-disable-file {body} */}}\n\nシミが消える。"),
            format!(
                "---\nexo-lint:\n  disable:\n    - {body}\n    - '{body}'\n    - \"\\u30b7𠮷ミ {body}\"\n---\nシミが消える。"
            ),
            format!("+++\n[exo-lint]\ndisable = [\"\\u30b7𠮷ミ {body}\"]\n+++\nシミが消える。"),
            format!("<!-- exo-lint-disable-file {body}"),
        ] {
            for file in ["a.md", "a.mdx", "a.html", "a.txt"] {
                let source = Source::from_text(file, text.as_str());
                let brief = Brief::of(Category::Cosmetics);
                let checked = engine::check(&rules, &mut analyzer, &source, Format::of_source(&source), &brief);
                for d in checked.diagnostics.iter().chain(checked.suppressed.iter().map(|s| &s.diagnostic)) {
                    assert!(source.text().get(d.span.range()).is_some(), "{file}: {text:?}");
                }
            }
        }
    }
}

struct Site(PathBuf);

impl Site {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("suppression").join(name);
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(path.join(".git")).unwrap();
        std::fs::create_dir_all(path.join("lp")).unwrap();
        Self(path)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.0.join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }

    fn run_in(&self, folder: &str, args: &[&str]) -> (Option<i32>, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_exo-lint"))
            .current_dir(self.0.join(folder))
            .env("COLUMNS", "200")
            .args(["--category", "cosmetics", "--as-of", "2026-11-22"])
            .args(args)
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    }

    fn run(&self, args: &[&str]) -> (Option<i32>, String, String) {
        self.run_in("", args)
    }
}

#[test]
fn an_existing_site_is_adopted_and_only_what_is_new_is_told() {
    let site = Site::new("adopt");
    site.write("lp/a.html", "<p>うるおう。</p>\n<p>シミが消える。</p>\n<img alt=シワが消える>");
    site.write("b.txt", "シミが消える。");
    assert_eq!(site.run(&["."]).0, Some(1));
    let (code, _, err) = site.run(&["--write-accepted", "."]);
    assert!(code == Some(2) && err.contains("--reason"), "{err}");
    let (code, out, _) = site.run(&["--write-accepted", "--reason", "公開済み", "--by", "法務", "."]);
    assert!(code == Some(0) && out.contains("3 件を加え"), "{out}");
    assert_eq!(site.run(&["."]).0, Some(0));
    assert_eq!(site.run(&["--encoding", "utf-8", "."]).0, Some(0));
    let (_, out, err) = site.run(&["--encoding", "utf-16le", "."]);
    assert!(!err.contains("台帳") && !out.is_empty(), "the ledger has an encoding of its own: {err}");
    // From another folder, by another path, the files are the same.
    assert_eq!(site.run_in("lp", &["a.html", "../b.txt"]).0, Some(0));
    assert_eq!(site.run(&["--isolated", "."]).0, Some(1), "--isolated reads no ledger");

    // Lines added elsewhere change nothing; a new claim is told.
    site.write("lp/a.html", "<h1>美容液</h1>\n<p>たるみが消える。</p>\n<p>あ</p>\n<p>うるおう。</p>\n<p>シミが消える。</p>\n<img alt=シワが消える>");
    let (code, out, _) = site.run(&["--format", "json", "."]);
    let json: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(code, Some(1));
    let lines: Vec<u64> =
        json["diagnostics"].as_array().unwrap().iter().map(|d| d["range"]["start"]["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2], "{out}");
    assert_eq!(json["summary"]["suppressed"], 3);
    assert!(json["suppressed"].as_array().unwrap().iter().all(|s| s["reason"] == "公開済み" && s["from"] == "ledger"));

    // What people write into the ledger stays; what fits nothing goes.
    let ledger = site.read("exo-lint-accepted.toml");
    let (head, last) = ledger.rsplit_once("公開済み").unwrap();
    let ledger = format!("{head}届け出済み{last}");
    site.write("exo-lint-accepted.toml", &format!("# 手で書いた注\n{ledger}"));
    site.write("b.txt", "うるおう。");
    let (code, out, _) = site.run(&["--format", "concise", "."]);
    assert!(code == Some(1) && out.contains("exo-lint-accepted.toml:") && out.contains("unused-suppression"), "{out}");
    let (code, out, _) = site.run(&["--write-accepted", "--reason", "二回目", "."]);
    assert!(code == Some(0) && out.contains("1 件を加え、1 件を除き"), "{out}");
    let ledger = site.read("exo-lint-accepted.toml");
    assert!(ledger.contains("手で書いた注") && ledger.contains("届け出済み") && !ledger.contains("b.txt"), "{ledger}");
    assert_eq!(site.run(&["."]).0, Some(0));
    let before = site.read("exo-lint-accepted.toml");
    site.run(&["--write-accepted", "--reason", "三回目", "."]);
    assert_eq!(site.read("exo-lint-accepted.toml"), before, "nothing to write, nothing changed");
}

#[test]
fn another_category_leaves_the_ledger_alone() {
    let site = Site::new("category");
    site.write("a.md", "シミが消える。");
    site.run(&["--write-accepted", "--reason", "公開済み", "a.md"]);
    let ledger = site.read("exo-lint-accepted.toml");
    for other in [vec!["--category", "clinic"], vec!["--authority", "industry"]] {
        let run = |args: &[&str]| {
            let args = [args, other.as_slice(), &["--isolated", "a.md"]].concat();
            let args: Vec<&str> = args.into_iter().filter(|arg| *arg != "--isolated").collect();
            let output = Command::new(env!("CARGO_BIN_EXE_exo-lint")).current_dir(&site.0).args(args).output().unwrap();
            (output.status.code(), String::from_utf8(output.stdout).unwrap())
        };
        assert_eq!(run(&["--quiet"]).0, Some(0), "{other:?}");
        let (code, out) = run(&["--write-accepted", "--reason", "別"]);
        assert!(code == Some(0) && out.contains("0 件を除き"), "{other:?}: {out}");
        assert!(site.read("exo-lint-accepted.toml").starts_with(&ledger), "{other:?}");
    }
}

#[test]
fn a_copy_of_an_accepted_sentence_is_new() {
    let site = Site::new("copy");
    let page = "前\n\nシミが消える\n\n中\n";
    site.write("a.md", page);
    site.run(&["--write-accepted", "--reason", "公開済み", "--by", "法務", "a.md"]);
    assert_eq!(site.run(&["a.md"]).0, Some(0));
    for (text, line) in [
        (format!("{page}\n別の段落\n\nシミが消える\n\n終わり\n"), 9),
        (format!("新しい段落\n\nシミが消える\n\nその後\n\n{page}"), 3),
    ] {
        site.write("a.md", &text);
        let (code, out, _) = site.run(&["--format", "concise", "a.md"]);
        assert!(
            code == Some(1) && out.starts_with(&format!("a.md:{line}:1: error")) && out.lines().count() == 1,
            "{out}"
        );
    }
    // Moved to another file it keeps its reason.
    std::fs::rename(site.0.join("a.md"), site.0.join("b.md")).unwrap();
    site.write("b.md", page);
    let (_, out, _) = site.run(&["--write-accepted", "--reason", "移動", "."]);
    let ledger = site.read("exo-lint-accepted.toml");
    assert!(
        out.contains("1 件を加え、1 件を除き") && ledger.contains("公開済み") && ledger.contains("法務"),
        "{ledger}"
    );
}

#[test]
fn stale_entries_fail_only_where_their_files_were_looked_at() {
    let site = Site::new("stale");
    for name in ["a.md", "b.md"] {
        site.write(name, "シミが消える。");
    }
    site.run(&["--write-accepted", "--reason", "公開済み", "--until", "2027-03-31", "."]);
    site.write("a.md", "うるおう。");
    assert_eq!(site.run(&["b.md"]).0, Some(0), "a.md was not looked at");
    assert_eq!(site.run(&["a.md"]).0, Some(1));
    std::fs::remove_file(site.0.join("a.md")).unwrap();
    assert_eq!(site.run(&["b.md"]).0, Some(1), "a.md is there no more");
    site.run(&["--write-accepted", "--reason", "公開済み", "."]);
    // Where a rule is off, its entries are of use in other runs.
    site.write("exo-lint.toml", "[severity]\n\"cosmetics/spot-removal\" = \"off\"");
    assert_eq!(site.run(&["b.md"]).0, Some(0));
}

#[test]
fn a_ledger_that_says_too_little_or_too_much_is_told() {
    let site = Site::new("broken");
    site.write("a.md", "シミが消える。");
    site.run(&["--write-accepted", "--reason", "公開済み", "a.md"]);
    let ledger = site.read("exo-lint-accepted.toml");
    for (from, to, rule) in [
        ("reason = \"公開済み\"", "reason = \"\"", "broken-suppression"),
        ("spot-removal", "spot-remove", "broken-suppression"),
        ("reason = \"公開済み\"", "reason = \"公開済み\"\nuntil = \"2026-10-01\"", "expired-suppression"),
        ("reason = \"公開済み\"", "reason = \"公開済み\"\nuntil = \"来年\"", "broken-suppression"),
    ] {
        site.write("exo-lint-accepted.toml", &ledger.replace(from, to));
        let (code, out, _) = site.run(&["--format", "concise", "a.md"]);
        assert!(code == Some(1) && out.contains(rule) && out.contains("a.md:1:1: error"), "{to}: {out}");
    }
    site.write("exo-lint-accepted.toml", &ledger.replace("reason =", "until = 2027-03-31\nreason ="));
    assert_eq!(site.run(&["a.md"]).0, Some(0), "a bare date is one, too");
    site.write("exo-lint-accepted.toml", &format!("<<<<<<< HEAD\n{ledger}=======\n{ledger}>>>>>>> b\n"));
    assert!(site.run(&["a.md"]).2.contains("衝突"));
    for broken in ["[[accepted]]\nfile = \"a.md\"", "accepted = 3", "\u{0}["] {
        site.write("exo-lint-accepted.toml", broken);
        let (code, _, err) = site.run(&["a.md"]);
        assert!(code == Some(2) && err.contains("exo-lint-accepted.toml"), "{broken}: {err}");
    }
    let (code, _, err) = site.run(&["--accepted", "nowhere.toml", "a.md"]);
    assert!(code == Some(2) && err.contains("nowhere.toml"), "{err}");
}

#[test]
fn what_was_accepted_can_be_shown() {
    let site = Site::new("shown");
    site.write(
        "a.md",
        "<!-- exo-lint-disable-file cosmetics/spot-removal by=法務 until=2027-03-31 -- 販売名 -->\nシミが消える。",
    );
    let (code, out, _) = site.run(&["--show-suppressed", "a.md"]);
    assert_eq!(code, Some(0));
    for said in ["a.md:2:1: cosmetics/spot-removal", "販売名（認めた人 法務、2027-03-31 まで）", "抑止 1"]
    {
        assert!(out.contains(said), "{said}: {out}");
    }
    let (_, out, _) = site.run_in("", &["a.md"]);
    assert!(!out.contains("販売名"), "{out}");
    let output =
        Command::new(env!("CARGO_BIN_EXE_exo-lint")).current_dir(&site.0).args(["why", "a.md:2:2"]).output().unwrap();
    assert!(String::from_utf8(output.stdout).unwrap().contains("認められている: 販売名"));
}
