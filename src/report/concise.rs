//! One line for each finding: for eyes that scan, for terminals and editors that jump.

use super::{Report, Style, human};
use crate::diagnostic::Diagnostic;
use crate::ruleset::Ruleset;
use crate::source::Source;

/// `file:line:column: severity rule message`; columns in characters.
pub fn report(report: &Report, rules: &Ruleset, style: Style) -> String {
    let mut text = findings(report, rules, style);
    text.push_str(&human::problems(report, style.lang));
    text
}

/// The lines of the findings alone.
pub(super) fn findings(report: &Report, rules: &Ruleset, style: Style) -> String {
    report.findings().into_iter().map(|(source, d)| line(source, d, rules, style) + "\n").collect()
}

/// The line of one finding.
pub(super) fn line(source: &Source, d: &Diagnostic, rules: &Ruleset, style: Style) -> String {
    let (at, rule) = (human::place(source, d.span.start), style.linked(&rules.rule(d.rule).id));
    format!("{at}: {} {rule} {}", d.severity.name(), d.message)
}
