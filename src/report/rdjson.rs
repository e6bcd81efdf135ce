//! Reviewdog's formats. Their columns count bytes of UTF-8, whatever the encoding of the file; their paths are
//! those of the folder that the program runs in.

use serde::Serialize;

use super::{Report, Style, citation, concise, json};
use crate::rule::Severity;
use crate::ruleset::Ruleset;
use crate::source::Source;
use crate::span::Span;

#[derive(Serialize)]
struct DiagnosticResult {
    source: Tool,
    diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Copy, Serialize)]
struct Tool {
    name: &'static str,
    url: &'static str,
}

const TOOL: Tool = Tool { name: env!("CARGO_PKG_NAME"), url: env!("CARGO_PKG_REPOSITORY") };

#[derive(Serialize)]
struct Diagnostic {
    message: String,
    location: Location,
    severity: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Tool>,
    code: Code,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Related>,
    /// What its local reporter prints.
    original_output: String,
}

#[derive(Serialize)]
struct Location {
    path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<Range>,
}

#[derive(Serialize)]
struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Code {
    value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Related {
    message: String,
    location: Location,
}

/// One object.
pub fn report(report: &Report, rules: &Ruleset, style: Style) -> String {
    let result = DiagnosticResult { source: TOOL, diagnostics: diagnostics(report, rules, style) };
    serde_json::to_string_pretty(&result).expect("plain data is JSON") + "\n"
}

/// One finding a line, each with the tool's name.
pub fn lines(report: &Report, rules: &Ruleset, style: Style) -> String {
    let lines = diagnostics(report, rules, style).into_iter();
    let line = |d| serde_json::to_string(&Diagnostic { source: Some(TOOL), ..d }).expect("plain data is JSON") + "\n";
    lines.map(line).collect()
}

fn diagnostics(report: &Report, rules: &Ruleset, style: Style) -> Vec<Diagnostic> {
    let mut all = Vec::new();
    for (source, d) in report.findings() {
        let rule = rules.rule(d.rule);
        let related = json::related_places(d).into_iter();
        all.push(Diagnostic {
            message: [std::slice::from_ref(&d.message), &citation::advice(d, rules, style)].concat().join("\n"),
            location: Location { path: source.name().to_owned(), range: Some(range(source, d.span)) },
            severity: match d.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Info => "INFO",
            },
            source: None,
            code: Code { value: rule.id.clone(), url: Some(style.page(&rule.id)) },
            original_output: concise::line(source, d, rules, Style { color: false, ..style }),
            related_locations: related
                .map(|(message, span)| {
                    let location = Location { path: source.name().to_owned(), range: Some(range(source, span)) };
                    Related { message, location }
                })
                .collect(),
        });
    }
    all.extend(report.misses(style.lang).map(|miss| Diagnostic {
        original_output: format!("{}: {}", miss.source, miss.said),
        message: miss.said,
        location: Location {
            path: miss.source.to_owned(),
            range: miss.at.map(|at| {
                let place = || Position { line: at.line, column: miss.utf8_column };
                Range { start: place(), end: place() }
            }),
        },
        severity: "ERROR",
        source: None,
        code: Code { value: "not-evaluated".to_owned(), url: None },
        related_locations: Vec::new(),
    }));
    all
}

fn range(source: &Source, span: Span) -> Range {
    let place = |offset: u32| Position { line: source.line_of(offset) + 1, column: source.utf8_column(offset) };
    Range { start: place(span.start), end: place(span.end) }
}
