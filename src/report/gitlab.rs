//! Code Quality of GitLab: one array, whose `fingerprint` tells whether a finding is new.

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Report, Style, citation};
use crate::rule::Severity;
use crate::ruleset::Ruleset;
use crate::source::Position;

#[derive(Serialize)]
struct Issue<'a> {
    /// The rule stands in it, too: the page of a merge request shows nothing else.
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
    #[serde(skip_serializing_if = "Option::is_none")]
    content: Option<Content>,
}

/// Markdown, for what shows more than a line.
#[derive(Serialize)]
struct Content {
    body: String,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
    positions: Positions,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

#[derive(Serialize)]
struct Positions {
    begin: Place,
    end: Place,
}

#[derive(Serialize)]
struct Place {
    line: usize,
    column: usize,
}

/// Findings, and what could not be evaluated.
pub fn report(report: &Report, rules: &Ruleset, style: Style) -> String {
    let mut issues: Vec<Issue> = Vec::new();
    for (source, d) in report.findings() {
        let rule = rules.rule(d.rule);
        issues.push(Issue {
            description: format!("{}: {}", rule.id, d.message),
            check_name: &rule.id,
            fingerprint: d.fingerprint.clone(),
            severity: match d.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Info => "info",
            },
            location: location(source.id().to_owned(), Some(source.positions(d.span))),
            content: Some(Content { body: citation::advice(d, rules, style).join("\n\n") }),
        });
    }
    for miss in report.misses(style.lang) {
        let hash = Sha256::digest(format!("{}\0{}", miss.path, miss.said));
        issues.push(Issue {
            fingerprint: hash.iter().take(12).map(|b| format!("{b:02x}")).collect(),
            description: miss.said,
            check_name: "not-evaluated",
            severity: "major",
            location: location(miss.path, miss.at.map(|at| (at, at))),
            content: None,
        });
    }
    serde_json::to_string_pretty(&issues).expect("plain data is JSON") + "\n"
}

fn location(path: String, range: Option<(Position, Position)>) -> Location {
    let place =
        |at: Option<Position>| at.map_or(Place { line: 1, column: 1 }, |at| Place { line: at.line, column: at.column });
    let (begin, end) = (place(range.map(|r| r.0)), place(range.map(|r| r.1)));
    Location { path, lines: Lines { begin: begin.line, end: end.line }, positions: Positions { begin, end } }
}
