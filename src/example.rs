//! The examples that rule files carry, proved: every rule finds what it must, for the right
//! words, and is silent for the right reason.

use crate::document::Format;
use crate::engine::{self, Brief};
use crate::morpheme::Analyzer;
use crate::rule::File;
use crate::ruleset::{FileText, Problem, ProblemKind, Ruleset};
use crate::source::Source;

/// What a proof found.
#[derive(Debug, Default)]
pub struct Proof {
    /// Examples that were tried.
    pub tried: usize,
    pub failed: Vec<Problem>,
}

/// Proves the examples of all rules in these files; `only` limits it to one rule.
pub fn prove(rules: &Ruleset, analyzer: &mut Analyzer, files: &[FileText], only: Option<&str>) -> Proof {
    let mut proof = Proof::default();
    for FileText { name, text } in files {
        let Ok(file) = toml::from_str::<File>(text) else { continue };
        let mut fail = |owner: &str, example: &str, said: String| {
            let line = text.lines().position(|l| l.contains(example)).map(|l| l + 1);
            let kind = ProblemKind::Example { owner: owner.to_owned(), text: example.to_owned(), said };
            proof.failed.push(Problem { file: name.clone(), line, kind });
        };
        for rule in file.rule.iter().filter(|r| only.is_none_or(|only| r.id == only)) {
            let brief = Brief { category: rule.category.first().copied(), ..Brief::default() };
            for example in &rule.ng {
                proof.tried += 1;
                if let Err(said) = found(rules, analyzer, &brief, &rule.id, &example.text, &example.hit) {
                    fail(&rule.id, &example.text, said);
                }
            }
            for example in &rule.ok {
                proof.tried += 1;
                if let Err(said) = silent(rules, analyzer, &brief, &rule.id, &example.text, example.because.as_deref()) {
                    fail(&rule.id, &example.text, said);
                }
            }
        }
    }
    proof
}

fn check(rules: &Ruleset, analyzer: &mut Analyzer, brief: &Brief, text: &str) -> (Source, engine::Checked) {
    let source = Source::from_text("例", text);
    let checked = engine::check(rules, analyzer, &source, Format::Markdown, brief);
    (source, checked)
}

/// The rule stands, or goes along with one that does, and underlines the right words.
fn found(rules: &Ruleset, analyzer: &mut Analyzer, brief: &Brief, id: &str, text: &str, hit: &str) -> Result<(), String> {
    let (_, checked) = check(rules, analyzer, brief, text);
    let name = |ix| rules.rule(ix).id.as_str();
    let mut other_hits = Vec::new();
    for diagnostic in &checked.diagnostics {
        let own = name(diagnostic.rule) == id;
        if own && diagnostic.text == hit {
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
fn silent(rules: &Ruleset, analyzer: &mut Analyzer, brief: &Brief, id: &str, text: &str, because: Option<&str>) -> Result<(), String> {
    let (_, checked) = check(rules, analyzer, brief, text);
    let name = |ix| rules.rule(ix).id.as_str();
    for diagnostic in &checked.diagnostics {
        if name(diagnostic.rule) == id || diagnostic.also.iter().any(|(rule, _)| name(*rule) == id) {
            return Err(format!("「{}」が見付かりました", diagnostic.text));
        }
    }
    let reasons: Vec<&str> =
        checked.dismissed.iter().filter(|(claim, _)| name(claim.rule) == id).flat_map(|(_, r)| r.iter().map(|r| r.id.as_str())).collect();
    match because {
        None => match reasons.iter().find(|r| **r != "state" && **r != "off-topic") {
            None => Ok(()),
            Some(reason) => Err(format!("主張があり、「{reason}」で外れました（because を書いてください）")),
        },
        Some(because) => {
            let same = |r: &&&str| **r == because || r.strip_prefix(because).is_some_and(|rest| rest.starts_with('-')) || (because == "mentioned" && **r == "speech");
            match reasons.iter().find(same) {
                Some(_) => Ok(()),
                None if reasons.is_empty() => Err(format!("主張が見付からず、「{because}」を確かめられません")),
                None => Err(format!("「{}」で外れました（「{because}」のはず）", reasons.join("、"))),
            }
        }
    }
}
