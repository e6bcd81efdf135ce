//! The examples that rule files carry, proved: every rule finds what it must, for the right
//! words, and is silent for the right reason.

use crate::context::Place;
use crate::document::{self, Format, Include};
use crate::engine::{self, Brief};
use crate::modality;
use crate::morpheme::Analyzer;
use crate::normal::Normal;
use crate::pattern::Pattern;
use crate::product::{Category, Profile};
use crate::rule::{NgExample, PlaceExample};
use crate::ruleset::{FileText, Problem, ProblemKind, Ruleset, tables};
use crate::scene::Scene;
use crate::source::Source;
use crate::span::NormalSpan;

/// What a proof found.
#[derive(Debug, Default)]
pub struct Proof {
    /// Examples that were tried.
    pub tried: usize,
    pub failed: Vec<Problem>,
}

/// Proves all examples in these files; `only` limits it to one rule.
pub fn prove(rules: &Ruleset, analyzer: &mut Analyzer, files: &[FileText], only: Option<&str>) -> Proof {
    let mut proof = Proof::default();
    for written in files {
        let FileText { name, text, .. } = written;
        let Ok(file) = tables(written) else { continue };
        let mut fail = |owner: &str, example: &str, said: String| {
            let line = text.lines().position(|l| l.contains(example)).map(|l| l + 1);
            let kind = ProblemKind::Example { owner: owner.to_owned(), text: example.to_owned(), said };
            proof.failed.push(Problem { file: name.clone(), line, kind });
        };
        for rule in file.rule.iter().filter(|r| only.is_none_or(|only| r.id == only)) {
            let brief =
                |own: Option<Category>| own.or(rule.category.first().copied()).map_or_else(Brief::default, Brief::of);
            for example in &rule.ng {
                proof.tried += 1;
                if let Err(said) = found(rules, analyzer, &brief(example.category), &rule.id, example) {
                    fail(&rule.id, &example.text, said);
                }
            }
            for example in &rule.ok {
                proof.tried += 1;
                let (brief, because) = (brief(example.category), example.because.as_deref());
                if let Err(said) = silent(rules, analyzer, &brief, &rule.id, &example.text, because) {
                    fail(&rule.id, &example.text, said);
                }
            }
        }
        if only.is_some() {
            continue;
        }
        let mut expect = |owner: &str, text: &str, expected: bool, holds: Option<bool>| {
            proof.tried += 1;
            let said = match holds {
                None => "at の言葉が例文にありません".to_owned(),
                Some(holds) if holds == expected => return,
                Some(_) if expected => "成り立つはずが、成り立ちません".to_owned(),
                Some(_) => "成り立たないはずが、成り立ちます".to_owned(),
            };
            fail(owner, text, said);
        };
        let places = |holds: &[PlaceExample], fails: &[PlaceExample]| -> Vec<(PlaceExample, bool)> {
            holds.iter().map(|e| (e.clone(), true)).chain(fails.iter().map(|e| (e.clone(), false))).collect()
        };
        for table in &file.context {
            for (example, expected) in places(&table.holds, &table.fails) {
                expect(&table.id, &example.text, expected, context_holds(rules, analyzer, &table.id, &example));
            }
        }
        for table in &file.modality {
            for (example, expected) in places(&table.holds, &table.fails) {
                expect(&table.id, &example.text, expected, modality_holds(rules, analyzer, &table.id, &example));
            }
        }
        for table in &file.approved {
            let texts = table.ok.iter().map(|t| (t, true)).chain(table.ng.iter().map(|t| (t, false)));
            for (text, expected) in texts {
                expect(&table.id, text, expected, Some(covered(rules, analyzer, &table.id, text)));
            }
        }
        let patterns = (file.group.iter().map(|t| (&t.id, rules.vocabulary.group_pattern(&t.id), &t.holds, &t.fails)))
            .chain(file.class.iter().map(|t| (&t.id, rules.vocabulary.class_pattern(&t.id), &t.holds, &t.fails)));
        for (id, pattern, holds, fails) in patterns {
            let Some(pattern) = pattern else { continue };
            for (text, expected) in holds.iter().map(|t| (t, true)).chain(fails.iter().map(|t| (t, false))) {
                expect(id, text, expected, Some(stands_in(rules, analyzer, &pattern, text)));
            }
        }
    }
    proof
}

/// Looks at a text without a category of its own.
fn look<T>(rules: &Ruleset, analyzer: &mut Analyzer, text: &str, see: impl FnOnce(&Scene) -> T) -> T {
    let source = Source::from_text("例", text);
    let document = document::read(&source, Format::Markdown, Include::default());
    let normal = Normal::of(&source, &document);
    let profile = Profile::of(Category::Cosmetics);
    let scene = Scene::new(&source, &document, &normal, &rules.vocabulary, &profile, analyzer);
    see(&scene)
}

/// The place of an example's words.
fn place(scene: &Scene, at: &str) -> Option<Place> {
    let words = Normal::fold(at);
    let start = scene.normal.text().find(&words)?;
    let span = NormalSpan::new(start, start + words.len());
    let sentence = *scene.sentences(scene.normal.block_at(span.start)).iter().find(|s| s.span.covers(span))?;
    Some(Place { sentence, span, taken_up: false })
}

fn context_holds(rules: &Ruleset, analyzer: &mut Analyzer, id: &str, example: &PlaceExample) -> Option<bool> {
    let context = rules.contexts.iter().find(|c| c.id == id)?;
    look(rules, analyzer, &example.text, |scene| {
        place(scene, &example.at)
            .map(|place| context.holds(scene, &rules.probes, &|| Default::default(), place).is_some())
    })
}

fn modality_holds(rules: &Ruleset, analyzer: &mut Analyzer, id: &str, example: &PlaceExample) -> Option<bool> {
    look(rules, analyzer, &example.text, |scene| {
        let place = place(scene, &example.at)?;
        let reading = scene.reading(place.sentence);
        let tail = scene.tail(&reading, place.span);
        let signs = modality::signs(&rules.modalities, scene.vocabulary, &reading, tail);
        Some(signs.iter().any(|s| rules.modalities[s.modality].id == id))
    })
}

fn covered(rules: &Ruleset, analyzer: &mut Analyzer, id: &str, text: &str) -> bool {
    let Some(approved) = rules.approved.iter().find(|a| a.id == id) else { return false };
    look(rules, analyzer, text, |scene| {
        (0..scene.document.blocks.len())
            .any(|block| rules.probes.find_in_block(scene, block, approved.covers).is_some())
    })
}

fn stands_in(rules: &Ruleset, analyzer: &mut Analyzer, pattern: &Pattern, text: &str) -> bool {
    look(rules, analyzer, text, |scene| {
        (0..scene.document.blocks.len()).any(|block| {
            let sentences = scene.sentences(block).iter();
            sentences.clone().any(|&sentence| !pattern.find(&rules.vocabulary, &scene.reading(sentence)).is_empty())
        })
    })
}

fn check(rules: &Ruleset, analyzer: &mut Analyzer, brief: &Brief, text: &str) -> engine::Checked {
    engine::check(rules, analyzer, &Source::from_text("例", text), Format::Markdown, brief)
}

/// The rule stands, or goes along with one that does, and underlines the right words.
fn found(rules: &Ruleset, analyzer: &mut Analyzer, brief: &Brief, id: &str, example: &NgExample) -> Result<(), String> {
    let (text, hit) = (&example.text, &example.hit);
    let checked = check(rules, analyzer, brief, text);
    let name = |ix| rules.rule(ix).id.as_str();
    let mut other_hits = Vec::new();
    for diagnostic in &checked.diagnostics {
        let own = name(diagnostic.rule) == id;
        if own && diagnostic.text == *hit {
            let missing: Vec<&str> = diagnostic.missing().map(|p| p.id.as_str()).collect();
            if missing != example.missing {
                return Err(format!(
                    "足りない記載は {} でした（{} のはず）",
                    missing.join("、"),
                    example.missing.join("、")
                ));
            }
            return Ok(());
        }
        if own || diagnostic.also.iter().any(|(rule, _)| name(*rule) == id) {
            if !own {
                return Ok(());
            }
            other_hits.push(diagnostic.text.clone());
        }
    }
    if !other_hits.is_empty() {
        return Err(format!("「{}」に下線が付きました（「{hit}」のはず）", other_hits.join("」「")));
    }
    let reasons = checked.dismissed.iter().filter(|(claim, _)| name(claim.rule) == id).flat_map(|(_, r)| r);
    let reasons: Vec<String> = reasons.map(|r| r.id.clone()).collect();
    match reasons.is_empty() {
        true => Err("見付かりませんでした".into()),
        false => Err(format!("外されました（{}）", reasons.join("、"))),
    }
}

/// The rule is silent: for the reason given, or without any claim.
fn silent(
    rules: &Ruleset,
    analyzer: &mut Analyzer,
    brief: &Brief,
    id: &str,
    text: &str,
    because: Option<&str>,
) -> Result<(), String> {
    let checked = check(rules, analyzer, brief, text);
    let name = |ix| rules.rule(ix).id.as_str();
    for diagnostic in &checked.diagnostics {
        if name(diagnostic.rule) == id || diagnostic.also.iter().any(|(rule, _)| name(*rule) == id) {
            return Err(format!("「{}」が見付かりました", diagnostic.text));
        }
    }
    let reasons: Vec<&str> = checked
        .dismissed
        .iter()
        .filter(|(claim, _)| name(claim.rule) == id)
        .flat_map(|(_, r)| r.iter().map(|r| r.id.as_str()))
        .collect();
    match because {
        None => match reasons.iter().find(|r| **r != "state" && **r != "off-topic") {
            None => Ok(()),
            Some(reason) => Err(format!("主張があり、「{reason}」で外れました（because を書いてください）")),
        },
        Some(because) => {
            let same = |r: &&&str| {
                **r == because
                    || r.strip_prefix(because).is_some_and(|rest| rest.starts_with('-'))
                    || (because == "mentioned" && **r == "speech")
            };
            match reasons.iter().find(same) {
                Some(_) => Ok(()),
                None if reasons.is_empty() => Err(format!("主張が見付からず、「{because}」を確かめられません")),
                None => Err(format!("「{}」で外れました（「{because}」のはず）", reasons.join("、"))),
            }
        }
    }
}
