//! Any bytes as a page: no panic, and every finding underlines whole characters.
#![no_main]

use std::cell::RefCell;

use exo_lint::document::{Format, Include};
use exo_lint::engine::{self, Brief};
use exo_lint::morpheme::Analyzer;
use exo_lint::ruleset::Ruleset;
use exo_lint::source::Source;
use libfuzzer_sys::fuzz_target;

thread_local!(static TOOLS: RefCell<(Ruleset, Analyzer)> = RefCell::new((Ruleset::builtin(), Analyzer::embedded())));

fuzz_target!(|data: &[u8]| {
    let Ok(source) = Source::decode("a", data, None) else { return };
    let brief = Brief { include: Include { comments: true }, ..Brief::default() };
    TOOLS.with_borrow_mut(|(rules, analyzer)| {
        for format in [Format::Markdown, Format::Mdx, Format::Html, Format::Plain] {
            let checked = engine::check(rules, analyzer, &source, format, &brief);
            for d in checked.diagnostics {
                assert!(source.text().get(d.span.range()).is_some());
                source.positions(d.span);
            }
        }
    });
});
