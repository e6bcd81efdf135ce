//! What is printed. A report is plain data; each format is one function over it.

#[cfg(feature = "cli")]
mod checkstyle;
#[cfg(feature = "cli")]
mod citation;
#[cfg(feature = "cli")]
mod concise;
#[cfg(feature = "cli")]
mod form;
#[cfg(feature = "cli")]
mod github;
#[cfg(feature = "cli")]
mod gitlab;
#[cfg(feature = "cli")]
pub mod human;
pub mod json;
#[cfg(feature = "cli")]
mod junit;
#[cfg(feature = "cli")]
mod rdjson;
#[cfg(feature = "cli")]
mod sarif;

#[cfg(feature = "cli")]
pub use form::Form;

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::civil::Date;

use crate::diagnostic::Diagnostic;
use crate::engine::Checked;
use crate::lang::Lang;
use crate::provision::{self, Provision};
use crate::rule::{FailOn, Severity};
use crate::ruleset::Rule;
use crate::source::{Position, Source};
use crate::suppression::Suppressed;
use crate::verdict::MissingPart;

/// Where the pages of the rules stand, unless somebody says otherwise.
pub const PAGES: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/rules");

/// How to print.
#[derive(Clone, Copy, Debug)]
pub struct Style<'a> {
    /// Columns of the terminal.
    pub width: usize,
    pub color: bool,
    pub lang: Lang,
    /// From which severity on a run fails.
    pub fail_on: FailOn,
    /// The day whose law was asked for.
    pub as_of: Date,
    /// Show what somebody accepted, too.
    pub suppressed: bool,
    /// The address under which the pages of the rules stand, without a slash at its end.
    pub pages: &'a str,
}

impl Default for Style<'_> {
    fn default() -> Self {
        Self {
            width: 80,
            color: false,
            lang: Lang::Ja,
            fail_on: FailOn::Warning,
            as_of: provision::as_of(),
            suppressed: false,
            pages: PAGES,
        }
    }
}

impl Style<'_> {
    /// The provisions that a rule rests on, those in force.
    fn provisions(self, rule: &Rule) -> impl Iterator<Item = &'static Provision> {
        rule.law.iter().filter_map(|id| provision::get(id)).filter(move |p| p.in_force(self.as_of))
    }

    /// The id of a rule; a terminal that shows colours opens its page from it.
    fn linked(&self, rule: &str) -> String {
        match self.color {
            true => format!("\x1b]8;;{}\x1b\\{rule}\x1b]8;;\x1b\\", self.page(rule)),
            false => rule.to_owned(),
        }
    }

    /// The address of the page of a rule.
    pub fn page(&self, rule: &str) -> String {
        format!("{}/{rule}.md", self.pages)
    }
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Report {
    pub files: Vec<FileReport>,
    pub not_evaluated: Vec<NotEvaluated>,
    /// Of the file that lists accepted findings.
    pub ledger: Option<LedgerReport>,
    /// Only so many findings are shown, the gravest first.
    pub top: Option<usize>,
}

/// What is wrong with entries of the ledger.
#[derive(Debug)]
pub struct LedgerReport {
    pub source: Arc<Source>,
    pub diagnostics: Vec<Diagnostic>,
}

/// One file that was checked.
#[derive(Debug)]
pub struct FileReport {
    pub source: Source,
    pub checked: Checked,
}

/// Places of damage told one by one; of more only the number is told.
const MOST_DAMAGE: usize = 4;

impl FileReport {
    /// What the page does not tell though it has to.
    pub fn lacks(&self) -> impl Iterator<Item = &MissingPart> {
        self.checked.diagnostics.iter().flat_map(|diagnostic| diagnostic.missing())
    }

    fn miss(&self, offset: u32, said: String) -> Miss<'_> {
        let at = Some(self.source.position(offset));
        let utf8_column = self.source.utf8_column(offset);
        Miss { source: self.source.name(), path: self.source.id().to_owned(), at, utf8_column, said }
    }

    /// What could not be read of the file: where, and why. The text around it was.
    fn damage(&self, lang: Lang) -> Vec<(u32, String)> {
        let damaged = self.source.damaged();
        let encoding = self.source.encoding().name();
        let mut told: Vec<(u32, String)> = damaged
            .iter()
            .take(MOST_DAMAGE)
            .map(|&at| {
                let byte = self.source.position(at).byte;
                let said = lang.pick(
                    format!("{byte} バイト目を {encoding} として読めません。ここを除いて点検しました。"),
                    format!("byte {byte} is not {encoding}; the rest was checked."),
                );
                (at, said)
            })
            .collect();
        if let Some((_, said)) = told.last_mut() {
            if let more @ 1.. = damaged.len().saturating_sub(MOST_DAMAGE) {
                said.push_str(&lang.pick(format!("ほかに {more} か所。"), format!(" {more} more.")));
            }
            said.push_str(lang.pick(
                "文字コードが違うときは --encoding shift_jis のように指定してください。",
                " If the encoding is another, name it: --encoding shift_jis.",
            ));
        }
        told
    }
}

/// Something named that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotEvaluated {
    /// As it was named.
    pub path: String,
    /// Inside the project.
    pub id: String,
    pub reason: String,
}

/// Something that was not evaluated as it asks to be: a file, a place in it, a name in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss<'a> {
    /// The file as it was named.
    pub source: &'a str,
    /// The file inside the project.
    pub path: String,
    pub at: Option<Position>,
    /// The column of `at` in bytes of UTF-8.
    pub utf8_column: usize,
    /// Cause and cure.
    pub said: String,
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
}

impl Report {
    /// All findings, in the order of the files.
    pub fn all(&self) -> impl Iterator<Item = (&Source, &Diagnostic)> {
        let files = self.files.iter().map(|file| (&file.source, &file.checked.diagnostics));
        let ledger = self.ledger.iter().map(|ledger| (&*ledger.source, &ledger.diagnostics));
        files.chain(ledger).flat_map(|(source, diagnostics)| diagnostics.iter().map(move |d| (source, d)))
    }

    /// The findings to show: in the order of the files, or the gravest first where only some are asked for.
    pub fn findings(&self) -> Vec<(&Source, &Diagnostic)> {
        let mut findings: Vec<_> = self.all().collect();
        if let Some(top) = self.top {
            // What the page says again and again, and what several rules see, weighs more.
            findings.sort_by_key(|(_, d)| Reverse((d.severity, d.elsewhere.len() + d.also.len())));
            findings.truncate(top);
        }
        findings
    }

    /// What somebody accepted.
    pub fn suppressed(&self) -> impl Iterator<Item = (&Source, &Suppressed)> {
        self.files.iter().flat_map(|file| file.checked.suppressed.iter().map(move |s| (&file.source, s)))
    }

    /// The files, and the ledger where something is wrong with it.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        let ledger = self.ledger.iter().filter(|ledger| !ledger.diagnostics.is_empty());
        self.files.iter().map(|file| &file.source).chain(ledger.map(|ledger| &*ledger.source))
    }

    /// Counts all findings.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for (_, diagnostic) in self.all() {
            *match diagnostic.severity {
                Severity::Error => &mut counts.errors,
                Severity::Warning => &mut counts.warnings,
                Severity::Info => &mut counts.infos,
            } += 1;
        }
        counts
    }

    /// Leaves only findings of at least this severity.
    pub fn retain(&mut self, least: Severity) {
        for file in &mut self.files {
            file.checked.diagnostics.retain(|d| d.severity >= least);
        }
        if let Some(ledger) = &mut self.ledger {
            ledger.diagnostics.retain(|d| d.severity >= least);
        }
    }

    /// What could not be evaluated as it asks to be.
    pub fn misses(&self, lang: Lang) -> impl Iterator<Item = Miss<'_>> {
        let names = self.files.iter().flat_map(move |file| {
            let unknown = file.checked.unknown.iter();
            unknown.map(move |name| file.miss(name.declared.span.start, name.explain(lang)))
        });
        let damage =
            self.files.iter().flat_map(move |file| file.damage(lang).into_iter().map(|(at, said)| file.miss(at, said)));
        let files = self.not_evaluated.iter().map(move |missed| Miss {
            source: &missed.path,
            path: missed.id.clone(),
            at: None,
            utf8_column: 0,
            said: lang.pick(format!("評価できません: {}", missed.reason), format!("not evaluated: {}", missed.reason)),
        });
        names.chain(damage).chain(files)
    }

    /// Whether something could not be read or evaluated as it asks to be.
    pub fn is_partial(&self) -> bool {
        let partial = |f: &FileReport| !f.checked.unknown.is_empty() || !f.source.damaged().is_empty();
        !self.not_evaluated.is_empty() || self.files.iter().any(partial)
    }

    /// The gravest finding.
    pub fn worst(&self) -> Option<Severity> {
        self.all().map(|(_, d)| d.severity).max()
    }
}
