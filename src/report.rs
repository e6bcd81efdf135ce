//! What is printed. A report is plain data; each format is one function over it.

#[cfg(feature = "cli")]
pub mod human;
pub mod json;

use crate::engine::Checked;
use crate::rule::Severity;
use crate::source::Source;

/// What a run found.
#[derive(Debug, Default)]
pub struct Report {
    pub files: Vec<FileReport>,
    pub not_evaluated: Vec<NotEvaluated>,
}

/// One file that was checked.
#[derive(Debug)]
pub struct FileReport {
    pub source: Source,
    pub checked: Checked,
}

/// Something named that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotEvaluated {
    pub path: String,
    pub reason: String,
}

/// Findings by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
}

impl Report {
    /// Counts all findings.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for diagnostic in self.files.iter().flat_map(|f| &f.checked.diagnostics) {
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
    }

    /// The gravest finding.
    pub fn worst(&self) -> Option<Severity> {
        self.files.iter().flat_map(|f| &f.checked.diagnostics).map(|d| d.severity).max()
    }
}
