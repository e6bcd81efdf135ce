//! `exo-lint-accepted.toml`: findings that were accepted without touching the page, known by their
//! fingerprints. For texts that hold no comments, or that nobody may edit.

use std::collections::HashSet;

use jiff::civil::Date;
use serde::Deserialize;
use toml::Spanned;
use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::engine::Levels;
use crate::product::Category;
use crate::report::{LedgerReport, Report};
use crate::rule::Observe;
use crate::ruleset::{RuleIx, Ruleset};
use crate::source::Source;
use crate::span::Span;
use crate::suppression::{self, Acceptance, From, Misuse, Suppressed};

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
    #[expect(dead_code, reason = "for people")]
    text: Option<String>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    by: Option<String>,
    /// The last day on which it holds: 2027-03-31.
    #[serde(default)]
    until: Option<String>,
}

/// What was accepted.
#[derive(Debug)]
pub struct Ledger {
    source: Source,
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
        Self { source: Source::from_text(name, ""), entries: Vec::new() }
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
        Ok(Self { source, entries: file.accepted })
    }

    /// Takes accepted findings out of a report, and adds what is wrong with entries. An entry that fits nothing
    /// is stale where its file was checked, or is there no more.
    pub fn apply(
        self,
        rules: &Ruleset,
        report: &mut Report,
        levels: &Levels,
        today: Date,
        exists: impl Fn(&str) -> bool,
    ) {
        let mut misuses = Vec::new();
        let checked: HashSet<String> = report.files.iter().map(|file| file.source.id().to_owned()).collect();
        for entry in &self.entries {
            let place = entry.fingerprint.span();
            let span = Span::new(place.start, place.end);
            let misuse = |observe, said| Misuse { observe, span, text: entry.rule.clone(), said };
            let (rule, acceptance) = match entry.understood(rules) {
                Ok(understood) => understood,
                Err(said) => {
                    misuses.push(misuse(Observe::BrokenSuppression, said));
                    continue;
                }
            };
            if let Some(until) = acceptance.until.filter(|until| *until < today) {
                misuses.push(misuse(Observe::ExpiredSuppression, until.to_string()));
                continue;
            }
            let used = report.accept(&entry.path, rule, entry.fingerprint.get_ref(), &acceptance);
            let is_off = levels.get(&rule) == Some(&None);
            let is_gone = || checked.contains(&entry.path) || !exists(&entry.path);
            if !used && !is_off && is_gone() {
                misuses.push(misuse(Observe::UnusedSuppression, String::new()));
            }
        }
        let findings = misuses.iter().filter_map(|m| suppression::finding(rules, &self.source, Category::General, m));
        let mut diagnostics: Vec<_> = findings.filter(|finding| levels.get(&finding.rule) != Some(&None)).collect();
        crate::diagnostic::number(&mut diagnostics);
        report.ledger = Some(LedgerReport { source: self.source, diagnostics });
    }

    /// The file with all findings of a report in it, and without entries that fit nothing; what people wrote in
    /// it stays. Also how many entries were added, and taken out.
    ///
    /// # Errors
    ///
    /// When the file is no TOML.
    pub fn adopt(
        self,
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
        let found: HashSet<(&str, &str)> =
            report.all().map(|(source, d)| (source.id(), d.fingerprint.as_str())).collect();
        let checked: HashSet<&str> = report.files.iter().map(|file| file.source.id()).collect();
        let accepted: HashSet<(&str, &str)> =
            report.suppressed().map(|(source, s)| (source.id(), s.diagnostic.fingerprint.as_str())).collect();
        // What stands over the first entry is said of the file.
        let first = list.get(0).map(|entry| entry.decor().prefix().and_then(|p| p.as_str()).unwrap_or("").to_owned());
        let head = first.unwrap_or(if trailing.trim().is_empty() { HEAD.to_owned() } else { trailing });
        let before = list.len();
        // What is found again though it stands here has expired, or is broken: it gets a new entry.
        list.retain(|entry| {
            let key = (text(entry, "path"), text(entry, "fingerprint"));
            !found.contains(&key) && (accepted.contains(&key) || (!checked.contains(key.0) && exists(key.0)))
        });
        let removed = before - list.len();
        let mut added = 0;
        let of_pages = report.files.iter().flat_map(|f| f.checked.diagnostics.iter().map(move |d| (&f.source, d)));
        // What is wrong with a suppression is mended, not accepted.
        let is_own = |rule: RuleIx| rules.rule(rule).observe.is_some_and(Observe::is_own);
        for (source, diagnostic) in of_pages.filter(|(_, d)| !is_own(d.rule)) {
            let mut entry = Table::new();
            entry["path"] = value(source.id());
            entry["rule"] = value(&rules.rule(diagnostic.rule).id);
            entry["fingerprint"] = value(&diagnostic.fingerprint);
            entry["text"] = value(&diagnostic.text);
            entry["reason"] = value(&consent.reason);
            if let Some(by) = &consent.by {
                entry["by"] = value(by);
            }
            if let Some(until) = consent.until {
                entry["until"] = value(until.to_string());
            }
            list.push(entry);
            added += 1;
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
        let until = self.until.as_deref().map(suppression::date).transpose()?;
        Ok((rule, Acceptance { reason: self.reason.clone(), by: self.by.clone(), until, from: From::Ledger }))
    }
}

impl Report {
    /// Moves a finding to those that were accepted; whether there was one.
    fn accept(&mut self, path: &str, rule: RuleIx, fingerprint: &str, acceptance: &Acceptance) -> bool {
        for file in self.files.iter_mut().filter(|file| file.source.id() == path) {
            let checked = &mut file.checked;
            let is = |d: &crate::diagnostic::Diagnostic| d.rule == rule && d.fingerprint == fingerprint;
            if let Some(at) = checked.diagnostics.iter().position(is) {
                let diagnostic = checked.diagnostics.remove(at);
                checked.suppressed.push(Suppressed { diagnostic, acceptance: acceptance.clone() });
                return true;
            }
        }
        false
    }
}

/// The JSON Schema of the file.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(File)
}
