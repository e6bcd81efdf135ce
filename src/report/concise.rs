//! One line for each finding: for eyes that scan, for terminals and editors that jump.

use std::fmt::Write;

use super::{Report, Style, human};
use crate::ruleset::Ruleset;

/// `file:line:column: severity rule message`; columns in characters.
pub fn report(report: &Report, rules: &Ruleset, style: Style) -> String {
    let mut text = findings(report, rules);
    text.push_str(&human::problems(report, style.lang));
    text
}

/// The lines of the findings alone.
pub(super) fn findings(report: &Report, rules: &Ruleset) -> String {
    let mut text = String::new();
    for (file, d) in report.findings() {
        let (at, rule) = (human::place(&file.source, d.span.start), &rules.rule(d.rule).id);
        let _ = writeln!(text, "{at}: {} {rule} {}", d.severity.name(), d.message);
    }
    text
}
