//! The built-in rules and everything they carry.

use exo_lint::example;
use exo_lint::lang::Lang;
use exo_lint::morpheme::Analyzer;
use exo_lint::ruleset::{Ruleset, builtin_files};

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
