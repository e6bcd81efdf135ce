//! The JSON that other programs read. Its schema is `schema/output.json`, generated from these
//! types; a change that breaks readers raises [`SCHEMA_VERSION`].

use schemars::JsonSchema;
use serde::Serialize;

use super::{FileReport, Miss, Report, Style};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::pattern::OBJECT;
use crate::product::{Category, CategoryFrom};
use crate::provision::{Authority, Verified};
use crate::rule::Severity;
use crate::ruleset::{Rule, Ruleset};
use crate::source::{Encoding, Position, Source};
use crate::span::Span;
use crate::suppression::Suppressed;
use crate::verdict::{MissingPart, Remark};

pub const SCHEMA_VERSION: u32 = 1;

/// A whole run.
#[derive(Serialize, JsonSchema)]
pub struct Output<'a> {
    pub schema_version: u32,
    pub tool: Tool,
    pub ruleset: RulesetInfo,
    pub files: Vec<File<'a>>,
    pub diagnostics: Vec<Finding<'a>>,
    /// Findings that somebody accepted; they are not among the diagnostics.
    pub suppressed: Vec<Accepted<'a>>,
    pub not_evaluated: Vec<NotEvaluated<'a>>,
    pub summary: Summary,
}

#[derive(Serialize, JsonSchema)]
pub struct Tool {
    pub name: &'static str,
    pub version: &'static str,
}

#[derive(Serialize, JsonSchema)]
pub struct RulesetInfo {
    pub version: &'static str,
    /// The day whose law the rules describe.
    pub as_of: String,
    pub hash: String,
}

#[derive(Serialize, JsonSchema)]
pub struct File<'a> {
    pub path: &'a str,
    pub category: Category,
    /// How the category was found; `assumed` when nobody said.
    pub category_from: CategoryFrom,
    pub product: Option<&'a str>,
    /// Images without alternative text: what they show was not read.
    pub images_without_text: usize,
    #[schemars(with = "String")]
    pub encoding: Encoding,
    /// Of the bytes as read.
    pub sha256: &'a str,
}

#[derive(Serialize, JsonSchema)]
pub struct Finding<'a> {
    pub path: &'a str,
    pub rule: &'a str,
    pub title: &'a str,
    /// The page of the rule.
    pub url: String,
    pub severity: Severity,
    pub category: Category,
    pub message: &'a str,
    pub why: &'a str,
    /// The visible text of the range, without markup.
    pub text: &'a str,
    /// What of the page it stands in: body, alternative, page-title, structured-data …
    pub origin: &'static str,
    /// The heading it stands under.
    pub section: Option<&'a str>,
    /// Who says it, where that is not the advertiser: 使用者, 医師・専門家, 著名人.
    pub speaker: Option<&'a str>,
    /// What would make the claim right, or what else a reader should know of it.
    pub remarks: Vec<String>,
    pub range: Range,
    pub parts: Vec<NamedRange<'a>>,
    pub law: Vec<Law>,
    /// Rules that see the same words and say less.
    pub also: Vec<Also<'a>>,
    /// Required statements that the page lacks.
    pub missing: Vec<Missing<'a>>,
    pub suggestions: Vec<Suggestion<'a>>,
    pub related: Vec<Related<'a>>,
    pub fingerprint: &'a str,
}

/// From the first to one past the last.
#[derive(Serialize, JsonSchema)]
pub struct Range {
    pub start: Position,
    pub end: Position,
}

#[derive(Serialize, JsonSchema)]
pub struct NamedRange<'a> {
    pub name: &'a str,
    pub range: Range,
}

#[derive(Serialize, JsonSchema)]
pub struct Law {
    pub id: &'static str,
    /// Official name of the instrument.
    pub name: &'static str,
    pub article: &'static str,
    pub authority: Authority,
    pub verified: Verified,
    /// Official wording, where it was read in the original; not of industry codes.
    pub text: Option<&'static str>,
    pub url: &'static str,
}

#[derive(Serialize, JsonSchema)]
pub struct Also<'a> {
    pub rule: &'a str,
    pub severity: Severity,
    pub law: Vec<Law>,
}

#[derive(Serialize, JsonSchema)]
pub struct Missing<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub looked_for: &'a [String],
    /// Where other pages of the site tell it.
    pub elsewhere: Vec<Elsewhere<'a>>,
}

/// A page that tells what another one lacks.
#[derive(Serialize, JsonSchema)]
pub struct Elsewhere<'a> {
    pub path: &'a str,
    /// From 1.
    pub line: usize,
    /// The page that lacks it has a link there.
    pub linked: bool,
}

#[derive(Serialize, JsonSchema)]
pub struct Suggestion<'a> {
    pub text: &'a str,
    /// For which product or on what condition.
    pub when: Option<&'a str>,
    pub applicability: Applicability,
    pub edits: Vec<Edit<'a>>,
}

/// What may be done with a suggestion.
#[derive(Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Keeps the meaning; may be applied by a program.
    Safe,
    /// Right if its condition holds.
    Review,
    /// A thought for the writer.
    Idea,
}

#[derive(Serialize, JsonSchema)]
pub struct Edit<'a> {
    pub range: Range,
    pub text: &'a str,
}

#[derive(Serialize, JsonSchema)]
pub struct Related<'a> {
    pub path: &'a str,
    pub message: String,
    pub range: Range,
}

/// A finding that somebody accepted.
#[derive(Serialize, JsonSchema)]
pub struct Accepted<'a> {
    pub path: &'a str,
    pub rule: &'a str,
    pub severity: Severity,
    pub text: &'a str,
    pub range: Range,
    pub fingerprint: &'a str,
    pub reason: &'a str,
    pub by: Option<&'a str>,
    /// The last day on which it holds.
    pub until: Option<String>,
    /// Where it is written: comment, front-matter, ledger.
    pub from: &'static str,
}

#[derive(Serialize, JsonSchema)]
pub struct NotEvaluated<'a> {
    pub path: &'a str,
    /// Of a piece of the file that could not be read, or of a name in it that is none.
    pub position: Option<Position>,
    pub reason: String,
}

#[derive(Serialize, JsonSchema)]
pub struct Summary {
    pub files: usize,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    pub suppressed: usize,
}

/// A line of `jsonl`, which says itself what it is.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Line<'a> {
    /// The first one.
    Run {
        schema_version: u32,
        tool: Tool,
        ruleset: RulesetInfo,
    },
    File(File<'a>),
    Diagnostic(Box<Finding<'a>>),
    Suppressed(Box<Accepted<'a>>),
    NotEvaluated(NotEvaluated<'a>),
    /// The last one: without it the run was cut off.
    Summary(Summary),
}

/// The report as one object.
pub fn report(report: &Report, rules: &Ruleset, style: Style) -> String {
    serde_json::to_string_pretty(&output(report, rules, style)).expect("plain data is JSON") + "\n"
}

/// The report as lines of JSON.
pub fn lines(report: &Report, rules: &Ruleset, style: Style) -> String {
    let Output { schema_version, tool, ruleset, files, diagnostics, suppressed, not_evaluated, summary } =
        output(report, rules, style);
    let first = std::iter::once(Line::Run { schema_version, tool, ruleset });
    let findings = diagnostics.into_iter().map(|finding| Line::Diagnostic(Box::new(finding)));
    let lines = first
        .chain(files.into_iter().map(Line::File))
        .chain(findings)
        .chain(suppressed.into_iter().map(|accepted| Line::Suppressed(Box::new(accepted))))
        .chain(not_evaluated.into_iter().map(Line::NotEvaluated))
        .chain([Line::Summary(summary)]);
    lines.map(|line| serde_json::to_string(&line).expect("plain data is JSON") + "\n").collect()
}

/// A report as data for other programs.
pub fn output<'a>(report: &'a Report, rules: &'a Ruleset, style: Style) -> Output<'a> {
    let counts = report.counts();
    Output {
        schema_version: SCHEMA_VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        ruleset: RulesetInfo { version: env!("CARGO_PKG_VERSION"), as_of: style.as_of.to_string(), hash: rules.hash() },
        files: report.files.iter().map(file).collect(),
        diagnostics: report.findings().into_iter().map(|(source, d)| finding(source, d, rules, style)).collect(),
        suppressed: report.suppressed().map(|(source, suppressed)| accepted(source, suppressed, rules)).collect(),
        not_evaluated: report.misses(Lang::Ja).map(missed).collect(),
        summary: Summary {
            files: report.files.len(),
            errors: counts.errors,
            warnings: counts.warnings,
            infos: counts.infos,
            suppressed: report.suppressed().count(),
        },
    }
}

fn accepted<'a>(source: &'a Source, suppressed: &'a Suppressed, rules: &'a Ruleset) -> Accepted<'a> {
    let (d, acceptance) = (&suppressed.diagnostic, &suppressed.acceptance);
    Accepted {
        path: source.name(),
        rule: &rules.rule(d.rule).id,
        severity: d.severity,
        text: &d.text,
        range: range(source, d.span),
        fingerprint: &d.fingerprint,
        reason: &acceptance.reason,
        by: acceptance.by.as_deref(),
        until: acceptance.until.map(|until| until.to_string()),
        from: acceptance.from.name(),
    }
}

fn missed(miss: Miss) -> NotEvaluated {
    NotEvaluated { path: miss.source, position: miss.at, reason: miss.said }
}

fn missing(part: &MissingPart) -> Missing<'_> {
    let elsewhere = part.elsewhere.iter();
    let elsewhere = elsewhere.map(|told| Elsewhere { path: &told.page, line: told.line, linked: told.linked });
    Missing { id: &part.id, title: &part.title, looked_for: &part.looked_for, elsewhere: elsewhere.collect() }
}

fn file(file: &FileReport) -> File<'_> {
    File {
        path: file.source.name(),
        category: file.checked.profile.category(),
        category_from: file.checked.category_from,
        product: file.checked.profile.kinds.first().map(String::as_str),
        images_without_text: file.checked.silent_images,
        encoding: file.source.encoding(),
        sha256: file.source.sha256(),
    }
}

fn finding<'a>(source: &'a Source, d: &'a Diagnostic, rules: &'a Ruleset, style: Style) -> Finding<'a> {
    let rule = rules.rule(d.rule);
    Finding {
        path: source.name(),
        rule: &rule.id,
        title: &rule.title,
        url: style.page(&rule.id),
        severity: d.severity,
        category: d.category,
        message: &d.message,
        why: &rule.why,
        text: &d.text,
        origin: d.origin.name(),
        section: d.section.as_ref().map(|(text, _)| text.as_str()),
        speaker: d.speaker(),
        remarks: d.remarks.iter().filter(|r| r.missing().is_none()).map(Remark::explain).collect(),
        range: range(source, d.span),
        parts: d.parts.iter().map(|(name, span)| NamedRange { name, range: range(source, *span) }).collect(),
        law: laws(rule, style),
        also: d
            .also
            .iter()
            .map(|&(ix, severity)| Also { rule: &rules.rule(ix).id, severity, law: laws(rules.rule(ix), style) })
            .collect(),
        missing: d.missing().map(missing).collect(),
        suggestions: rules
            .suggestions(rule, d.category)
            .map(|s| Suggestion {
                text: &s.text,
                when: s.when.as_deref(),
                applicability: if s.when.is_some() { Applicability::Review } else { Applicability::Idea },
                edits: Vec::new(),
            })
            .collect(),
        related: related(source, d),
        fingerprint: &d.fingerprint,
    }
}

fn range(source: &Source, span: Span) -> Range {
    let (start, end) = source.positions(span);
    Range { start, end }
}

fn related<'a>(source: &'a Source, d: &Diagnostic) -> Vec<Related<'a>> {
    let places = related_places(d).into_iter();
    places.map(|(message, span)| Related { path: source.name(), message, range: range(source, span) }).collect()
}

/// What the words are said of, where that stands elsewhere; then where the same is said again.
pub(super) fn related_places(d: &Diagnostic) -> Vec<(String, Span)> {
    let taken_up = d.taken_up.iter().map(|(text, span)| (format!("{OBJECT}「{text}」"), *span));
    let again = d.elsewhere.iter().map(|place| {
        let message = match place.origin.title(Lang::Ja) {
            Some(origin) => format!("同じ文（{origin}）"),
            None => "同じ文".to_owned(),
        };
        (message, place.span)
    });
    taken_up.chain(again).collect()
}

/// The provisions that a rule rests on.
fn laws(rule: &Rule, style: Style) -> Vec<Law> {
    style
        .provisions(rule)
        .map(|p| Law {
            id: &p.id,
            name: &p.instrument,
            article: &p.article,
            authority: p.authority,
            verified: p.verified,
            text: p.quotable(),
            url: &p.url,
        })
        .collect()
}

/// The JSON Schema of [`Output`].
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Output<'static>)
}

/// The JSON Schema of a [`Line`].
pub fn line_schema() -> schemars::Schema {
    schemars::schema_for!(Line<'static>)
}
