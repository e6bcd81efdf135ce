//! Quantities and times in sentences written by somebody who had not seen the classes: each is found, is of
//! the right class, and is underlined from its first word to its unit.

use exo_lint::document::{Format, Include, read};
use exo_lint::morpheme::Analyzer;
use exo_lint::normal::Normal;
use exo_lint::product::{Category, Profile};
use exo_lint::ruleset::{FileText, Ruleset, builtin_files};
use exo_lint::scene::Scene;
use exo_lint::source::Source;

#[derive(serde::Deserialize)]
struct Table {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    text: String,
    found: Vec<(String, String)>,
}

/// Classes that are spelled, but count nothing.
const NO_QUANTITY: [&str; 3] = ["電話番号", "メールアドレス", "英語の主張"];

/// Ids of the classes, in the order of their file.
fn classes(files: &[FileText]) -> Vec<String> {
    let text = &files.iter().find(|f| f.name == "classes.toml").unwrap().text;
    let file: exo_lint::rule::File = toml::from_str(text).unwrap();
    // What others are made of, and what is no quantity, is not asked for by itself.
    file.class
        .into_iter()
        .map(|c| c.id)
        .filter(|id| !text.contains(&format!("{{{id}}}")) && !NO_QUANTITY.contains(&id.as_str()))
        .collect()
}

/// What is found in a text; where classes overlap the longest stands.
fn found(rules: &Ruleset, analyzer: &mut Analyzer, classes: &[String], text: &str) -> Vec<(String, String)> {
    let source = Source::from_text("例.md", text);
    let document = read(&source, Format::Plain, Include::default());
    let normal = Normal::of(&source, &document);
    let profile = Profile::of(Category::Cosmetics);
    let scene = Scene::new(&source, &document, &normal, &rules.vocabulary, &profile, analyzer);
    let mut all = Vec::new();
    for block in 0..document.blocks.len() {
        for &sentence in scene.sentences(block) {
            let reading = scene.reading(sentence);
            for (rank, class) in classes.iter().enumerate() {
                let pattern = rules.vocabulary.class_pattern(class).unwrap();
                all.extend(pattern.find(&rules.vocabulary, &reading).into_iter().map(|m| (m.span, rank)));
            }
        }
    }
    all.sort_by_key(|&(span, rank)| (std::cmp::Reverse(span.len()), rank, span.start));
    let mut kept: Vec<_> = Vec::new();
    for (span, rank) in all {
        if kept.iter().all(|&(other, _): &(exo_lint::span::NormalSpan, usize)| !other.overlaps(span)) {
            kept.push((span, rank));
        }
    }
    kept.sort();
    kept.into_iter()
        .map(|(span, rank)| (classes[rank].clone(), source.slice(normal.to_source(span)).to_owned()))
        .collect()
}

#[test]
fn quantities_are_of_their_class() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tables/quantities.toml");
    let table: Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (rules, mut analyzer) = (Ruleset::builtin(), Analyzer::embedded());
    let classes = classes(&builtin_files());
    let (mut whole, mut known, mut expected, mut extra) = (0, 0, 0, 0);
    for case in &table.case {
        let found = found(&rules, &mut analyzer, &classes, &case.text);
        let right = case.found.iter().filter(|f| found.contains(f)).count();
        known += right;
        expected += case.found.len();
        extra += found.iter().filter(|f| !case.found.contains(f)).count();
        match found == case.found {
            true => whole += 1,
            false => println!("{} | {:?} | {:?}", case.text, case.found, found),
        }
    }
    println!("quantities: sentences {whole}/{}, found {known}/{expected}, too many {extra}", table.case.len());
    assert!(whole * 100 / table.case.len() >= 97);
}
