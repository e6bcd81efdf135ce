//! SARIF 2.1.0, as GitHub code scanning and viewers read it. Columns are UTF-16 units, and the run says so.

use std::collections::BTreeMap;
use std::path::Path;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;

use super::{FileReport, Miss, Report, Style, citation, json};
use crate::diagnostic::Diagnostic;
use crate::rule::Severity;
use crate::ruleset::{Rule, RuleIx, Ruleset};
use crate::source::{Position, Source};
use crate::span::Span;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    invocations: [Invocation; 1],
    artifacts: Vec<Artifact>,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    information_uri: &'static str,
    language: &'static str,
    rules: Vec<Descriptor>,
    notifications: [Descriptor; 1],
}

#[derive(Serialize)]
struct Id {
    id: &'static str,
}

/// A rule, as the page of an alert shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: String,
    short_description: Text,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<Text>,
    #[serde(skip_serializing_if = "Option::is_none")]
    default_configuration: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    properties: Option<RuleProperties>,
}

#[derive(Serialize)]
struct Text {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<String>,
}

#[derive(Serialize)]
struct Level {
    level: &'static str,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: Vec<String>,
    precision: &'static str,
    #[serde(rename = "problem.severity")]
    severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    descriptor: Id,
    level: &'static str,
    message: Text,
    locations: Vec<Location>,
}

#[derive(Serialize)]
struct Artifact {
    location: ArtifactLocation,
    encoding: String,
    hashes: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactLocation {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri_base_id: Option<&'static str>,
}

/// A finding.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: String,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    partial_fingerprints: BTreeMap<&'static str, String>,
    properties: OutcomeProperties,
}

#[derive(Serialize)]
struct OutcomeProperties {
    category: &'static str,
    provisions: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Text>,
}

const NOT_EVALUATED: &str = "not-evaluated";

/// One run, with the rules that found something.
pub fn report(report: &Report, rules: &Ruleset, style: Style) -> String {
    let findings = report.findings();
    let mut used: Vec<RuleIx> = findings.iter().map(|(_, d)| d.rule).collect();
    used.sort();
    used.dedup();
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                semantic_version: env!("CARGO_PKG_VERSION"),
                information_uri: env!("CARGO_PKG_REPOSITORY"),
                language: "ja",
                rules: used.iter().map(|&ix| descriptor(rules.rule(ix), style)).collect(),
                notifications: [Descriptor {
                    id: NOT_EVALUATED.to_owned(),
                    short_description: text("評価できなかったファイル"),
                    full_description: None,
                    help_uri: None,
                    help: None,
                    default_configuration: None,
                    properties: None,
                }],
            },
        },
        column_kind: "utf16CodeUnits",
        invocations: [Invocation {
            execution_successful: !report.is_partial(),
            tool_execution_notifications: report.misses(style.lang).map(notification).collect(),
        }],
        artifacts: report.files.iter().map(artifact).collect(),
        results: findings.iter().map(|(source, d)| outcome(source, d, &used, rules, style)).collect(),
    };
    let log = Log { schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
    serde_json::to_string_pretty(&log).expect("plain data is JSON") + "\n"
}

fn text(text: impl Into<String>) -> Text {
    Text { text: text.into(), markdown: None }
}

/// GitHub shows no more characters of a description.
const LONGEST: usize = 1024;

fn descriptor(rule: &Rule, style: Style) -> Descriptor {
    let mut why = rule.why.clone();
    why.truncate(why.char_indices().nth(LONGEST).map_or(why.len(), |(at, _)| at));
    let (precision, severity) = match rule.severity {
        Severity::Error => ("high", "error"),
        Severity::Warning => ("medium", "warning"),
        Severity::Info => ("low", "recommendation"),
    };
    let mut tags: Vec<String> = rule.category.iter().map(|c| c.name().to_owned()).collect();
    for provision in style.provisions(rule) {
        tags.extend([provision.authority.name().to_owned(), provision.short().to_owned()]);
    }
    let mut known = std::collections::HashSet::new();
    tags.retain(|tag| known.insert(tag.clone()));
    // More are not kept.
    tags.truncate(10);
    Descriptor {
        id: rule.id.clone(),
        short_description: text(&rule.title),
        full_description: Some(text(why)),
        help_uri: Some(style.page(&rule.id)),
        help: Some(Text { text: rule.why.clone(), markdown: Some(help(rule, style)) }),
        default_configuration: Some(Level { level: level(rule.severity) }),
        properties: Some(RuleProperties { tags, precision, severity }),
    }
}

/// What stands beside an alert: why, the provisions with their wording, what to write instead.
fn help(rule: &Rule, style: Style) -> String {
    let mut help = format!("{}\n\n## 根拠\n\n", rule.why);
    for provision in style.provisions(rule) {
        help.push_str(&format!("* {}（{}）\n", provision.citation(), provision.authority.title()));
        if let Some(quote) = provision.quotable() {
            help.push_str(&format!("  > {}\n", quote.replace('\n', "\n  > ")));
        }
    }
    if !rule.suggest.is_empty() {
        help.push_str("\n## 言い換え\n\n");
        for suggestion in &rule.suggest {
            let when = suggestion.when.as_ref().map(|when| format!("（{when}）")).unwrap_or_default();
            help.push_str(&format!("* {}{when}\n", suggestion.text));
        }
    }
    help + &format!("\n[規則の説明]({})\n", style.page(&rule.id))
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn artifact(file: &FileReport) -> Artifact {
    Artifact {
        location: address(file.source.id()),
        encoding: file.source.encoding().name(),
        hashes: BTreeMap::from([("sha-256", file.source.sha256().to_owned())]),
    }
}

fn outcome(source: &Source, d: &Diagnostic, used: &[RuleIx], rules: &Ruleset, style: Style) -> Outcome {
    let rule = rules.rule(d.rule);
    let mut message = d.message.clone();
    for part in d.missing() {
        message.push_str(&format!("\n・{}", part.title));
    }
    let mut related = Vec::new();
    for (at, (said, span)) in json::related_places(d).into_iter().enumerate() {
        // Only what the message refers to is shown.
        message.push_str(&format!("\n[{}]({})", said.replace(['[', ']'], ""), at + 1));
        let id = Some(at + 1);
        related.push(Location { id, message: Some(text(said)), physical_location: physical(source, span, None) });
    }
    Outcome {
        rule_id: rule.id.clone(),
        rule_index: used.binary_search(&d.rule).expect("listed above"),
        level: level(d.severity),
        message: text(message),
        locations: [Location {
            id: None,
            message: None,
            physical_location: physical(source, d.span, Some(source.slice(d.span))),
        }],
        related_locations: related,
        // What code scanning reads of its own (`primaryLocationLineHash`) its uploader makes.
        partial_fingerprints: BTreeMap::from([("exoLint/v1", d.fingerprint.clone())]),
        properties: OutcomeProperties {
            category: d.category.name(),
            provisions: citation::lines(&rule.law, style.as_of, str::to_owned),
        },
    }
}

fn physical(source: &Source, span: Span, snippet: Option<&str>) -> PhysicalLocation {
    let (start, end) = source.positions(span);
    PhysicalLocation { artifact_location: address(source.id()), region: Some(region(start, end, snippet)) }
}

fn region(start: Position, end: Position, snippet: Option<&str>) -> Region {
    Region {
        start_line: start.line,
        start_column: start.utf16,
        end_line: end.line,
        end_column: end.utf16,
        snippet: snippet.map(text),
    }
}

fn notification(miss: Miss) -> Notification {
    let location =
        PhysicalLocation { artifact_location: address(&miss.path), region: miss.at.map(|at| region(at, at, None)) };
    Notification {
        descriptor: Id { id: NOT_EVALUATED },
        level: "error",
        message: text(miss.said),
        locations: vec![Location { id: None, physical_location: location, message: None }],
    }
}

/// What has another meaning in an address, or none.
const RESERVED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The address of a file: relative to the root of the project, where it is inside.
fn address(path: &str) -> ArtifactLocation {
    let encoded = utf8_percent_encode(path, RESERVED).to_string();
    match Path::new(path).is_absolute() {
        true => ArtifactLocation { uri: format!("file://{encoded}"), uri_base_id: None },
        // A colon in the first part would be read as a scheme.
        false if encoded.split('/').next().is_some_and(|first| first.contains(':')) => {
            ArtifactLocation { uri: format!("./{encoded}"), uri_base_id: Some("%SRCROOT%") }
        }
        false => ArtifactLocation { uri: encoded, uri_base_id: Some("%SRCROOT%") },
    }
}
