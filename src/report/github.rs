//! Commands that GitHub Actions turns into annotations.

use std::borrow::Cow;
use std::fmt::Write;

use super::{Report, Style, citation, concise, human};
use crate::diagnostic::Diagnostic;
use crate::rule::Severity;
use crate::ruleset::Ruleset;
use crate::source::Source;

/// A step shows so many annotations of each severity, and no more.
const SHOWN: usize = 10;

/// The gravest findings first, because only the first are shown; then all of them as lines of the log.
pub fn report(report: &Report, rules: &Ruleset, style: Style) -> String {
    let lang = style.lang;
    let mut findings = report.findings();
    findings.sort_by_key(|(_, d)| std::cmp::Reverse(d.severity));
    let mut text = String::new();
    for (source, d) in &findings {
        text.push_str(&command(source, d, rules, style));
    }
    for miss in report.misses(lang) {
        let place = miss.at.map(|at| format!(",line={},col={}", at.line, at.column)).unwrap_or_default();
        let title = property(lang.pick("評価できません", "not evaluated"));
        let _ = writeln!(text, "::error file={}{place},title={title}::{}", property(&miss.path), data(&miss.said));
    }
    text.push_str(&concise::report(report, rules, style));
    let more: usize = [Severity::Error, Severity::Warning, Severity::Info]
        .map(|severity| findings.iter().filter(|(_, d)| d.severity == severity).count().saturating_sub(SHOWN))
        .iter()
        .sum();
    if more > 0 {
        let _ = writeln!(
            text,
            "{}",
            lang.pick(
                format!("画面の注釈に出るのは、重さごとに {SHOWN} 件までです。ほかに {more} 件、上の一覧にあります。"),
                format!("Only {SHOWN} of each severity become annotations; {more} more are in the list above."),
            )
        );
    }
    text.push_str(&human::closing(report, rules, style));
    text
}

fn command(source: &Source, d: &Diagnostic, rules: &Ruleset, style: Style) -> String {
    let level = match d.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let (start, end) = source.positions(d.span);
    let mut place = format!("line={},endLine={}", start.line, end.line);
    // Columns of two lines cannot be shown, and the command is refused with them.
    if start.line == end.line {
        let _ = write!(place, ",col={},endColumn={}", start.column, end.column);
    }
    let told = [std::slice::from_ref(&d.message), &citation::advice(d, rules, style)].concat().join("\n");
    let (file, title) = (property(source.id()), property(&rules.rule(d.rule).id));
    format!("::{level} file={file},{place},title={title}::{}\n", data(&told))
}

/// What stands after `::`, escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands between `,` and `=`, escaped.
fn property(text: &str) -> Cow<'_, str> {
    match text.contains(['%', '\r', '\n', ':', ',']) {
        true => data(text).replace(':', "%3A").replace(',', "%2C").into(),
        false => text.into(),
    }
}
