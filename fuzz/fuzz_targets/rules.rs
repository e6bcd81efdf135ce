//! Any text as a rule file: loaded or refused.
#![no_main]

use exo_lint::lang::Lang;
use exo_lint::ruleset::{FileText, Ruleset};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let file = FileText { name: "a.toml".into(), text: text.into(), config: false };
    if let Err(problems) = Ruleset::from_files(&[file]) {
        problems.iter().for_each(|p| drop(p.explain(Lang::Ja)));
    }
});
