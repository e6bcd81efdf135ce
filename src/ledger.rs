//! `exo-lint-accepted.toml`: findings that were accepted without touching the page, known by their
//! fingerprints. For texts that hold no comments, or that nobody may edit.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::document::Origin;
use crate::product::Category;
use crate::report::{FileReport, LedgerReport, Report};
use crate::rule::Observe;
use crate::ruleset::{RuleIx, Ruleset};
use crate::source::Source;
use crate::span::Span;
use crate::suppression::{self, Acceptance, Accepted, From, Misuse};

/// The name of the file.
pub const NAME: &str = "exo-lint-accepted.toml";

#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    accepted: Vec<Entry>,
}

/// One accepted finding.
#[derive(Debug, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Inside the project.
    path: String,
    rule: String,
    #[schemars(with = "String")]
    fingerprint: Spanned<String>,
    /// What was underlined, for people.
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    by: Option<String>,
    /// The last day on which it holds: 2027-03-31, as a date or in quotation marks.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    until: Option<toml::Value>,
}

/// What was accepted.
#[derive(Debug)]
pub struct Ledger {
    source: Arc<Source>,
    entries: Vec<Entry>,
}

/// Who accepts new findings, why, and until when.
#[derive(Clone, Debug)]
pub struct Consent {
    pub reason: String,
    pub by: Option<String>,
    pub until: Option<Date>,
}

impl Ledger {
    /// An empty one of this name.
    pub fn empty(name: &str) -> Self {
        Self { source: Arc::new(Source::from_text(name, "")), entries: Vec::new() }
    }

    /// Reads one.
    ///
    /// # Errors
    ///
    /// Line and cause, when it is no TOML of this shape.
    pub fn read(source: Source) -> Result<Self, (usize, String)> {
        let file: File = toml::from_str(source.text()).map_err(|error| {
            let line = error.span().map_or(1, |span| source.position(span.start as u32).line);
            (line, error.message().to_owned())
        })?;
        Ok(Self { source: Arc::new(source), entries: file.accepted })
    }

    /// What is accepted of a file, on a day.
    pub fn accepted(&self, rules: &Ruleset, path: &str, today: Date) -> Accepted {
        let own = self.entries.iter().filter(|entry| entry.path == path);
        let understood = own.filter_map(|entry| Some((entry, entry.understood(rules).ok()?)));
        let in_time = understood.filter(|(_, (_, acceptance))| acceptance.until.is_none_or(|until| today <= until));
        in_time.map(|(entry, (rule, acceptance))| ((rule, entry.fingerprint.get_ref().clone()), acceptance)).collect()
    }

    /// Adds to a report what is wrong with entries. One that fits nothing is stale where its file was checked for
    /// its rule, or is there no more.
    pub fn judge(&self, rules: &Ruleset, report: &mut Report, today: Date, exists: impl Fn(&str) -> bool) {
        let mut misuses = Vec::new();
        let used = used(report);
        for entry in &self.entries {
            let place = entry.fingerprint.span();
            let span = Span::new(place.start, place.end);
            let text = match &entry.text {
                Some(text) => format!("{}（{}「{text}」）", entry.rule, entry.path),
                None => format!("{}（{}）", entry.rule, entry.path),
            };
            let misuse = |observe, said| Misuse { observe, span, text: text.clone(), said };
            let key = (entry.path.as_str(), entry.fingerprint.get_ref().as_str());
            match entry.understood(rules) {
                Err(said) => misuses.push(misuse(Observe::BrokenSuppression, said)),
                Ok((_, Acceptance { until: Some(until), .. })) if until < today => {
                    misuses.push(misuse(Observe::ExpiredSuppression, until.to_string()));
                }
                Ok((rule, _)) if !used.contains(&key) && is_settled(rules, report, &entry.path, rule, &exists) => {
                    misuses.push(misuse(Observe::UnusedSuppression, String::new()));
                }
                Ok(_) => {}
            }
        }
        let finding = |m: &Misuse| suppression::finding(rules, &self.source, Category::General, Origin::Body, m);
        let mut diagnostics: Vec<_> = misuses.iter().filter_map(finding).collect();
        crate::diagnostic::number(diagnostics.iter_mut());
        report.ledger = Some(LedgerReport { source: Arc::clone(&self.source), diagnostics });
    }

    /// The file with all findings of a report in it, and without entries that fit nothing; what people wrote in
    /// it stays. Also how many entries were added, and taken out.
    ///
    /// # Errors
    ///
    /// When the file is no TOML.
    pub fn adopt(
        &self,
        rules: &Ruleset,
        report: &Report,
        consent: &Consent,
        exists: impl Fn(&str) -> bool,
    ) -> Result<(String, usize, usize), String> {
        let mut document: DocumentMut = self.source.text().parse().map_err(|error| format!("{error}"))?;
        let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
        if !document.contains_key("accepted") {
            document.set_trailing("");
        }
        let list = document.entry("accepted").or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
        let Some(list) = list.as_array_of_tables_mut() else {
            return Err("accepted は [[accepted]] の表として書きます。".to_owned());
        };
        // What stands over the first entry is said of the file.
        let first = list.get(0).map(|entry| entry.decor().prefix().and_then(|p| p.as_str()).unwrap_or("").to_owned());
        let head = first.unwrap_or(if trailing.trim().is_empty() { HEAD.to_owned() } else { trailing });
        let used = used(report);
        let mut gone: Vec<Table> = Vec::new();
        let mut removed = 0;
        list.retain(|entry| {
            let rule = rules.resolve(text(entry, "rule"));
            let (path, fingerprint) = (text(entry, "path"), text(entry, "fingerprint"));
            let settled = rule.is_none_or(|rule| is_settled(rules, report, path, rule, &exists));
            let kept = used.contains(&(path, fingerprint)) || !settled;
            if !kept {
                removed += 1;
                gone.push(entry.clone());
            }
            kept
        });
        let mut added = 0;
        for file in &report.files {
            for diagnostic in &file.checked.diagnostics {
                // What is wrong with a suppression is mended, not accepted.
                if rules.rule(diagnostic.rule).observe.is_some_and(Observe::is_own) {
                    continue;
                }
                let again = diagnostic.elsewhere.iter().map(|place| &place.fingerprint);
                for fingerprint in std::iter::once(&diagnostic.fingerprint).chain(again) {
                    let rule = &rules.rule(diagnostic.rule).id;
                    let mut entry = Table::new();
                    entry["path"] = value(file.source.id());
                    entry["rule"] = value(rule);
                    entry["fingerprint"] = value(fingerprint);
                    entry["text"] = value(&diagnostic.text);
                    // The same words moved, or what stands around them changed: who accepted them did so for a reason.
                    let moved = |e: &Table| {
                        text(e, "rule") == rule
                            && text(e, "text") == diagnostic.text
                            && text(e, "fingerprint") != fingerprint
                    };
                    match gone.iter().position(moved).map(|at| gone.remove(at)) {
                        Some(before) => {
                            for key in ["reason", "by", "until"] {
                                if let Some(kept) = before.get(key) {
                                    entry[key] = kept.clone();
                                }
                            }
                        }
                        None => consent.write(&mut entry),
                    }
                    list.push(entry);
                    added += 1;
                }
            }
        }
        match list.get_mut(0) {
            Some(first) if !head.trim().is_empty() => first.decor_mut().set_prefix(head),
            Some(first) => first.decor_mut().set_prefix(""),
            None => document.set_trailing(head),
        }
        Ok((document.to_string(), added, removed))
    }
}

/// What stands over a new file.
const HEAD: &str = "# 確かめたうえで認めた指摘。exo-lint --write-accepted --reason \"理由\" が書き足し、当たらなくなったものを除きます。\n# path・rule・fingerprint が指摘を指し、text は読む人のための写し。reason は必須、until（最後の日）と by（認めた人）は任意です。\n\n";

fn text<'a>(entry: &'a Table, key: &str) -> &'a str {
    entry.get(key).and_then(Item::as_str).unwrap_or_default()
}

impl Entry {
    fn understood(&self, rules: &Ruleset) -> Result<(RuleIx, Acceptance), String> {
        let rule = rules.resolve(&self.rule).ok_or_else(|| suppression::unknown(rules, &self.rule))?;
        if self.reason.trim().is_empty() {
            return Err("理由がありません。reason に、認めた理由を書きます。".to_owned());
        }
        let until = self.until.as_ref().map(|until| suppression::date(&written(until))).transpose()?;
        Ok((rule, Acceptance { reason: self.reason.clone(), by: self.by.clone(), until, from: From::Ledger }))
    }
}

/// A day as it was written, with quotation marks or without.
pub fn written(day: &toml::Value) -> String {
    day.as_str().map_or_else(|| day.to_string(), str::to_owned)
}

/// The entries that took out a finding: path and fingerprint.
fn used(report: &Report) -> HashSet<(&str, &str)> {
    let by_ledger = report.suppressed().filter(|(_, suppressed)| suppressed.acceptance.from == From::Ledger);
    by_ledger.map(|(source, suppressed)| (source.id(), suppressed.diagnostic.fingerprint.as_str())).collect()
}

/// Whether a run tells that nothing fits an entry: its file was checked for its rule, or is there no more.
fn is_settled(rules: &Ruleset, report: &Report, path: &str, rule: RuleIx, exists: &impl Fn(&str) -> bool) -> bool {
    match report.files.iter().find(|file| file.source.id() == path) {
        Some(FileReport { checked, .. }) => {
            let applies = rules.rule(rule).applies_to(checked.profile.category());
            applies && checked.levels.get(&rule) != Some(&None)
        }
        None => !exists(path) && !report.not_evaluated.iter().any(|missed| missed.id == path),
    }
}

impl Consent {
    fn write(&self, entry: &mut Table) {
        entry["reason"] = value(&self.reason);
        if let Some(by) = &self.by {
            entry["by"] = value(by);
        }
        if let Some(until) = self.until {
            entry["until"] = value(until.to_string());
        }
    }
}

/// The JSON Schema of the file.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(File)
}
