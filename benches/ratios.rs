//! How fast, as ratios against a peer in the same run: start-up against an empty process, clean
//! prose against `rg -c -F -f` with our anchors, dense copy against bare lindera, two threads
//! against one. `cargo bench`; ripgrep is used when it is installed.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use exo_lint::document::Format;
use exo_lint::engine::{self, Brief};
use exo_lint::morpheme::Analyzer;
use exo_lint::product::Category;
use exo_lint::ruleset::Ruleset;
use exo_lint::source::Source;

const MEGABYTE: usize = 1 << 20;

fn main() {
    // `cargo test` builds and runs benches with --test: nothing to measure then.
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("ratios");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    println!("{:<44} {:>12} {:>12} {:>8}   aim", "what", "ours", "peer", "ratio");
    start_up(&folder);
    clean(&folder);
    dense();
    pages();
    threads(&folder);
}

fn row(what: &str, ours: Duration, peer: Duration, aim: &str) {
    let ratio = peer.as_secs_f64() / ours.as_secs_f64();
    println!(
        "{what:<44} {:>10.2}ms {:>10.2}ms {ratio:>8.2}   {aim}",
        ours.as_secs_f64() * 1e3,
        peer.as_secs_f64() * 1e3
    );
}

/// The least of interleaved rounds: noise only ever adds.
fn race(rounds: usize, mut ours: impl FnMut(), mut peer: impl FnMut()) -> (Duration, Duration) {
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..rounds {
        best.0 = best.0.min(timed(&mut ours));
        best.1 = best.1.min(timed(&mut peer));
    }
    best
}

fn timed(run: &mut impl FnMut()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn exo_lint() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exo-lint"));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn fixtures(folder: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut paths: Vec<PathBuf> = std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let pages = paths.iter().filter(|p| {
        let name = p.to_string_lossy();
        let beside = name.ends_with(".report.txt") || name.ends_with(".visible.txt");
        p.extension().is_some_and(|e| e == "md" || e == "txt") && !beside
    });
    pages.map(|p| std::fs::read_to_string(p).unwrap().replace("---\n", "\n") + "\n\n").collect()
}

fn repeat_to(text: &str, bytes: usize) -> String {
    text.repeat(bytes / text.len() + 1)
}

fn start_up(folder: &Path) {
    let empty = folder.join("empty.md");
    std::fs::write(&empty, "").unwrap();
    let short = folder.join("short.md");
    std::fs::write(&short, "気になるシミが消える美容液。\n").unwrap();
    for (what, path) in
        [("start-up, empty file / empty process", &empty), ("start-up, one finding / empty process", &short)]
    {
        let (ours, peer) = race(
            40,
            || {
                exo_lint().arg(path).status().unwrap();
            },
            || {
                Command::new("true").status().unwrap();
            },
        );
        row(what, ours, peer, "2 x peer + 5 ms");
    }
}

/// Neutral prose: no page is about beauty, few sentences have all anchors of a rule.
fn clean(folder: &Path) {
    let anchors = folder.join("anchors");
    let listed = Command::new(env!("CARGO_BIN_EXE_exo-lint")).arg("anchors").output().unwrap();
    std::fs::write(&anchors, listed.stdout).unwrap();
    let has_rg = Command::new("rg").arg("--version").stdout(Stdio::null()).status().is_ok();
    if !has_rg {
        println!("clean prose: ripgrep is not installed, not measured");
        return;
    }
    for (what, text) in [
        ("clean prose, 16 MB / rg -c -F -f anchors", prose()),
        ("clean pages (fixtures), 16 MB / rg", fixtures("clean")),
    ] {
        let path = folder.join("clean.txt");
        std::fs::write(&path, repeat_to(&text, 16 * MEGABYTE)).unwrap();
        let (ours, peer) = race(
            5,
            || {
                exo_lint().args(["-q", "--jobs", "1"]).arg(&path).status().unwrap();
            },
            || {
                let mut rg = Command::new("rg");
                rg.args(["-c", "-F", "-j1", "-f"]).arg(&anchors).arg(&path).stdout(Stdio::null()).status().unwrap();
            },
        );
        row(what, ours, peer, ">= 0.5");
    }
}

/// The novel and the news: prose that nobody would take for advertising.
fn prose() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clean");
    ["news.md", "novel.txt", "business.md"].map(|f| std::fs::read_to_string(root.join(f)).unwrap()).join("\n\n")
}

/// Copy in which nearly every sentence makes a claim, in one process, on the same text.
fn dense() {
    let mut text = String::new();
    for table in ["spot-vanish", "second-topics"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/tables/{table}.toml"));
        let table: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
        for case in table["case"].as_array().unwrap() {
            if case["expect"].as_str() != Some("silent") {
                text.push_str(case["text"].as_str().unwrap());
                text.push_str("\n\n");
            }
        }
    }
    let text = repeat_to(&text, MEGABYTE / 2);
    let rules = Ruleset::builtin();
    let brief = Brief::of(Category::Cosmetics);
    let source = Source::from_text("dense.md", text.clone());
    let (mut ours, mut peer) = (Analyzer::embedded(), Analyzer::embedded());
    let (a, b) = race(
        7,
        || {
            let checked = engine::check(&rules, &mut ours, &source, Format::Markdown, &brief);
            // The same sentence again is the same finding.
            let places: usize = checked.diagnostics.iter().map(|d| 1 + d.elsewhere.len()).sum();
            assert!(places > 1000);
        },
        || {
            for line in text.lines() {
                assert!(peer.bare(line) < usize::MAX);
            }
        },
    );
    row("dense copy, 0.5 MB / bare lindera", a, b, ">= 0.6");
}

/// Pages of HTML without a claim, in one process, against the parser alone.
fn pages() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clean");
    let page: String =
        ["cosmetics.html", "neutral.html"].map(|f| std::fs::read_to_string(root.join(f)).unwrap()).concat();
    let text = repeat_to(&page, 4 * MEGABYTE);
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    let source = Source::from_text("pages.html", &*text);
    let brief = Brief::of(Category::Cosmetics);
    let (ours, peer) = race(
        5,
        || {
            engine::check(&rules, &mut analyzer, &source, Format::Html, &brief);
        },
        || parse(&text),
    );
    row("clean HTML, 4 MB / lol_html alone", ours, peer, "");
}

fn parse(text: &str) {
    let settings = lol_html::Settings::new()
        .with_strict(false)
        .append_element_content_handler(lol_html::element!("*", |_| Ok(())))
        .append_document_content_handler(lol_html::doc_text!(|_| Ok(())));
    let mut rewriter = lol_html::HtmlRewriter::new(settings, |_: &[u8]| {});
    rewriter.write(text.as_bytes()).and_then(|()| rewriter.end()).expect("a page");
}

fn threads(folder: &Path) {
    let many = folder.join("many");
    std::fs::create_dir_all(&many).unwrap();
    let text = fixtures("marked") + &fixtures("clean");
    for n in 0..64 {
        std::fs::write(many.join(format!("{n}.md")), repeat_to(&text, MEGABYTE / 4)).unwrap();
    }
    let run = |jobs: &str| {
        exo_lint().args(["-q", "--category", "cosmetics", "--jobs", jobs]).arg(&many).status().unwrap();
    };
    let (two, one) = race(3, || run("2"), || run("1"));
    row("64 files, 16 MB, two threads / one", two, one, ">= 1.8");
}
