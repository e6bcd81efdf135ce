//! Who says it, on short pages written by somebody who had not seen the rules.

use std::collections::BTreeMap;

use exo_lint::context::{Place, speaker};
use exo_lint::document::{Format, Include, read};
use exo_lint::morpheme::Analyzer;
use exo_lint::normal::Normal;
use exo_lint::product::{Category, Profile};
use exo_lint::ruleset::Ruleset;
use exo_lint::scene::Scene;
use exo_lint::source::Source;
use exo_lint::span::NormalSpan;

#[derive(serde::Deserialize)]
struct Table {
    case: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    text: String,
    format: String,
    phrase: String,
    speaker: String,
    form: String,
}

#[test]
fn speakers_are_known() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tables/speakers.toml");
    let table: Table = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let (rules, mut analyzer) = (Ruleset::builtin(), Analyzer::embedded());
    let mut scores: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for case in &table.case {
        let source = Source::from_text("例", case.text.as_str());
        let format = if case.format == "html" { Format::Html } else { Format::Markdown };
        let document = read(&source, format, Include::default());
        let normal = Normal::of(&source, &document);
        let profile = Profile::of(Category::Cosmetics);
        let scene = Scene::new(&source, &document, &normal, &rules.vocabulary, &profile, &mut analyzer);
        let words = Normal::fold(&case.phrase);
        let start = normal.text().find(&words).unwrap_or_else(|| panic!("{} is not in {}", words, normal.text()));
        let span = NormalSpan::new(start, start + words.len());
        let sentences = scene.sentences(normal.block_at(span.start));
        let sentence = *sentences.iter().find(|s| s.span.overlaps(span)).unwrap();
        let place = Place { sentence, span, taken_up: false };
        let said = speaker::of(&rules.probes.speakers, &scene, place).map_or("maker", |s| &s.id);
        let score = scores.entry(&case.speaker).or_default();
        score.1 += 1;
        match said == case.speaker {
            true => score.0 += 1,
            false => println!("{said} for {} [{}] {}", case.speaker, case.form, case.text.replace('\n', "⏎")),
        }
    }
    println!("speakers: {scores:?}");
    assert!(scores.values().all(|(right, all)| right * 100 / all >= 90));
}
