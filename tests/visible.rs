//! What is read of a page is what a browser shows of it: `*.visible.txt`, written by
//! `tests/browser/inner-text.sh` with a real browser.

use std::collections::BTreeSet;
use std::path::Path;

use exo_lint::document::{self, Document, Format, Include, OPAQUE, Origin};
use exo_lint::source::Source;

/// The letters of the page's own text, without what separates them, and where something does: at
/// how many letters.
fn letters(source: &Source, document: &Document) -> (String, BTreeSet<usize>) {
    let (mut text, mut apart, mut count) = (String::new(), BTreeSet::new(), 0);
    for block in document.blocks.iter().filter(|b| b.origin == Origin::Body) {
        apart.insert(count);
        for run in &block.runs {
            let source = source.slice(run.span);
            let shown = match run.shown.as_deref() {
                // An address is shown as it stands.
                Some(OPAQUE) | None => source,
                Some(shown) => shown,
            };
            // Code is one thing to the program, whatever it holds.
            for line in source.lines().filter(|_| run.shown.as_deref() == Some(OPAQUE)) {
                apart
                    .insert(count + squeezed(&source[..line.as_ptr().addr() - source.as_ptr().addr()]).chars().count());
            }
            let shown = squeezed(shown);
            count += shown.chars().count();
            text.push_str(&shown);
            if shown.is_empty() && (run.shown.as_deref() != Some("") || source.starts_with("<br")) {
                apart.insert(count);
            }
        }
    }
    apart.insert(count);
    (text, apart)
}

fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200B}'..='\u{200D}' | '\u{FEFF}' | '\u{AD}'))
        .collect()
}

#[test]
fn pages_are_read_as_browsers_show_them() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let folders = ["pages", "clean"].map(|name| std::fs::read_dir(fixtures.join(name)).unwrap());
    let mut compared = 0;
    for path in folders.into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if path.extension().is_none_or(|e| e != "html") || !path.with_extension("visible.txt").exists() {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let source = Source::decode(&*name, &std::fs::read(&path).unwrap(), None).unwrap();
        let document = document::read(&source, Format::of_source(&source), Include::default());
        let (ours, apart) = letters(&source, &document);
        let shown = std::fs::read_to_string(path.with_extension("visible.txt")).unwrap();
        let theirs = squeezed(&shown);
        if ours != theirs {
            let at = ours.chars().zip(theirs.chars()).take_while(|(a, b)| a == b).count();
            let near = |text: &str| text.chars().skip(at.saturating_sub(20)).take(60).collect::<String>();
            panic!("{name}: read\n  {}\nshown\n  {}", near(&ours), near(&theirs));
        }
        let mut at = 0;
        for line in shown.lines() {
            assert!(apart.contains(&at), "{name}: {line:?} is joined with what stands before it");
            at += squeezed(line).chars().count();
        }
        compared += 1;
    }
    assert!(compared >= 10, "{compared} pages");
}

/// Of a thousand heaps of tags that close and open as they like, nearly all are read as a browser
/// shows them, and nearly nothing is joined that it keeps apart.
#[test]
fn soup_is_read_as_browsers_show_it() {
    let soup = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/soup.json");
    let soup: Vec<(String, String)> = serde_json::from_str(&std::fs::read_to_string(soup).unwrap()).unwrap();
    let (mut same, mut kept_apart) = (0, 0);
    for (html, shown) in &soup {
        let source = Source::from_text("a.html", &**html);
        let document = document::read(&source, Format::Html, Include::default());
        let (ours, apart) = letters(&source, &document);
        if ours != squeezed(shown) {
            println!("{html}\n  read  {ours}\n  shown {}", squeezed(shown));
            continue;
        }
        same += 1;
        let mut at = 0;
        let joined = shown.split(['\n', '\t']).map(squeezed).filter(|l| !l.is_empty()).find(|line| {
            let joined = !apart.contains(&at);
            at += line.chars().count();
            joined
        });
        match joined {
            Some(line) => println!("{html}\n  joined {line}"),
            None => kept_apart += 1,
        }
    }
    println!("{same} of {} the same, {kept_apart} kept apart", soup.len());
    assert!(same * 100 >= soup.len() * 97 && kept_apart * 100 >= same * 99);
}
