//! Any text as a pattern: parsed or refused, with a fault that can be explained.
#![no_main]

use exo_lint::lang::Lang;
use exo_lint::pattern;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(fault) = pattern::parse(text) {
        assert!(fault.at <= text.len());
        fault.explain(Lang::Ja);
    }
});
