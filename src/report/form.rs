//! The forms a report can be printed in.

use super::{Report, Style, checkstyle, concise, github, gitlab, human, json, junit, rdjson, sarif};
use crate::ruleset::Ruleset;

/// A form of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    Human,
    Concise,
    Json,
    Jsonl,
    Sarif,
    Github,
    Gitlab,
    Checkstyle,
    Junit,
    Rdjson,
    Rdjsonl,
}

impl Form {
    pub const ALL: [Self; 11] = [
        Self::Human,
        Self::Concise,
        Self::Json,
        Self::Jsonl,
        Self::Sarif,
        Self::Github,
        Self::Gitlab,
        Self::Checkstyle,
        Self::Junit,
        Self::Rdjson,
        Self::Rdjsonl,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Human => "human",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Checkstyle => "checkstyle",
            Self::Junit => "junit",
            Self::Rdjson => "rdjson",
            Self::Rdjsonl => "rdjsonl",
        }
    }

    /// The form of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// Whether people read it, on a terminal or in a log.
    pub fn is_for_people(self) -> bool {
        matches!(self, Self::Human | Self::Concise | Self::Github)
    }

    /// The whole text of a report.
    pub fn print(self, report: &Report, rules: &Ruleset, style: Style) -> String {
        match self {
            Self::Human => human::report(report, rules, style),
            Self::Concise => concise::report(report, rules, style),
            Self::Json => json::report(report, rules, style),
            Self::Jsonl => json::lines(report, rules, style),
            Self::Sarif => sarif::report(report, rules, style),
            Self::Github => github::report(report, rules, style),
            Self::Gitlab => gitlab::report(report, rules, style),
            Self::Checkstyle => checkstyle::report(report, rules, style),
            Self::Junit => junit::report(report, rules, style),
            Self::Rdjson => rdjson::report(report, rules, style),
            Self::Rdjsonl => rdjson::lines(report, rules, style),
        }
    }
}
