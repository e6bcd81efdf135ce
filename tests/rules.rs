//! The built-in rules and everything they carry.

use exo_lint::document::Format;
use exo_lint::engine::{self, Brief};
use exo_lint::example;
use exo_lint::lang::Lang;
use exo_lint::morpheme::Analyzer;
use exo_lint::product::Category;
use exo_lint::rule::{File, NotePolicy};
use exo_lint::ruleset::{Ruleset, builtin_files, tables};
use exo_lint::source::Source;

#[test]
fn built_in_rules_load_and_their_examples_hold() {
    let files = builtin_files();
    let rules = match Ruleset::from_files(&files) {
        Ok(rules) => rules,
        Err(problems) => {
            let said: Vec<String> = problems.iter().map(|p| p.explain(Lang::Ja)).collect();
            panic!("{} problems\n{}", said.len(), said.join("\n"));
        }
    };
    let proof = example::prove(&rules, &mut Analyzer::embedded(), &files, None);
    let said: Vec<String> = proof.failed.iter().map(|p| p.explain(Lang::Ja)).collect();
    assert!(said.is_empty(), "{} of {} examples fail\n{}", said.len(), proof.tried, said.join("\n"));
}

/// What a rule suggests must not itself be found, in any category it may apply to.
#[test]
fn suggestions_are_clean() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    let mut wrong = Vec::new();
    for rule in &rules.rules {
        for &category in &rule.category {
            for suggestion in rules.suggestions(rule, category) {
                let kind = suggestion.when.iter().filter(|when| rules.kinds.iter().any(|k| k.id == **when));
                let mut brief = Brief::of(category);
                brief.asked.kinds = kind.cloned().collect();
                let source = Source::from_text("例.md", suggestion.text.as_str());
                let checked = engine::check(&rules, &mut analyzer, &source, Format::Markdown, &brief);
                for d in checked.diagnostics {
                    wrong.push(format!(
                        "{}: 「{}」 → {} 「{}」",
                        rule.id,
                        suggestion.text,
                        rules.rule(d.rule).id,
                        d.text
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A text that one rule calls fine is not found by another.
#[test]
fn what_one_rule_allows_no_other_finds() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    let mut wrong = Vec::new();
    for file in builtin_files() {
        let tables: File = toml::from_str(&file.text).unwrap();
        for rule in tables.rule {
            for example in rule.ok {
                let brief = rule.category.first().map_or_else(Brief::default, |&category| Brief::of(category));
                let source = Source::from_text("例.md", example.text.as_str());
                let checked = engine::check(&rules, &mut analyzer, &source, Format::Markdown, &brief);
                for d in checked.diagnostics {
                    wrong.push(format!("{}: 「{}」 → {} 「{}」", rule.id, example.text, rules.rule(d.rule).id, d.text));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Messages speak of what may be, and only of provisions that may be cited.
#[test]
fn rules_are_complete() {
    let rules = Ruleset::builtin();
    assert!(rules.rules.len() >= 25);
    for rule in &rules.rules {
        assert!(
            rule.message.contains("おそれがあります") || rule.message.contains("自主基準"),
            "{}: {}",
            rule.id,
            rule.message
        );
        assert!(!rule.why.is_empty() && !rule.suggest.is_empty(), "{}", rule.id);
        for text in [&rule.message, &rule.why] {
            assert!(!text.contains("違法") && !text.contains("違反です"), "{}: {text}", rule.id);
        }
    }
    let of = |category| rules.approved.iter().filter(|a| a.category.contains(&category)).count();
    assert!(of(Category::Cosmetics) == 56 && of(Category::QuasiDrug) >= 4);
}

/// What is added to the provisions speaks of instruments that exist.
#[test]
fn short_names_belong_to_instruments() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rulesets/provisions-extra.toml");
    let extra: toml::Table = std::fs::read_to_string(path).unwrap().parse().unwrap();
    for instrument in extra["instrument"].as_array().unwrap() {
        let name = instrument["name"].as_str().unwrap();
        let provision = exo_lint::provision::all().iter().find(|p| p.instrument == name);
        assert_eq!(provision.map(|p| p.short()), instrument["short"].as_str(), "{name}");
    }
}

/// A rule that a note resolves shows it: the same kind of sentence with its note and without.
#[test]
fn rules_that_ask_for_a_note_have_the_pair() {
    let mut without = Vec::new();
    for file in builtin_files() {
        for rule in tables(&file).unwrap().rule {
            let resolved = rule.ok.iter().any(|e| e.because.as_deref().is_some_and(|b| b.starts_with("note")));
            let paired = resolved && !rule.ng.is_empty();
            if rule.note != NotePolicy::NoHelp && !paired {
                without.push(rule.id);
            }
        }
    }
    assert!(without.is_empty(), "without an example of their note: {without:?}");
}
