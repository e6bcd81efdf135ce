//! Reading and checking files. A file named that cannot be read is told and the rest goes on.

use std::fs::Metadata;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use exo_lint::document::{Format, begins_as_page};
use exo_lint::engine::{self, Brief};
use exo_lint::lang::Lang;
use exo_lint::ledger::Ledger;
use exo_lint::morpheme::Analyzer;
use exo_lint::report::{FileReport, NotEvaluated, Report};
use exo_lint::site;
use exo_lint::source::{Encoding, MAX_BYTES, Source, Undecodable};
use rayon::prelude::*;

use crate::progress::Progress;
use crate::project::Project;
use crate::settings::Settings;
use crate::walk::Input;

/// Endings of files that hold more than text; read as text they would be misread.
const UNREADABLE: [&str; 6] = ["pdf", "docx", "xlsx", "pptx", "png", "jpg"];

/// How files are read.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// The encoding of all files that do not say another by a byte order mark.
    pub encoding: Option<Encoding>,
    pub lang: Lang,
    /// From which the paths of files are told.
    pub project: &'a Project,
}

/// What is asked of all files.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub settings: &'a Settings,
    pub ledger: Option<&'a Ledger>,
    pub brief: &'a Brief,
    /// Threads; 0 is as many as there are cores.
    pub jobs: usize,
    pub quiet: bool,
}

/// Checks everything, in parallel; the order of the report is the order of the inputs.
pub fn check_all(run: Run, inputs: Vec<Input>, reader: Reader) -> Report {
    let Run { settings, jobs, .. } = run;
    let progress = Progress::new(inputs.len(), run.quiet, reader.lang);
    let one = |analyzer: &mut Analyzer, input: Input| {
        let result = check_one(run, analyzer, input, reader);
        progress.step();
        result
    };
    let results: Vec<Result<FileReport, NotEvaluated>> = if inputs.len() < 2 || jobs == 1 {
        let mut analyzer = Analyzer::embedded();
        inputs.into_iter().map(|input| one(&mut analyzer, input)).collect()
    } else {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let all = || {
            inputs
                .into_par_iter()
                .map(|input| {
                    thread_local!(static ANALYZER: std::cell::RefCell<Analyzer> = std::cell::RefCell::new(Analyzer::embedded()));
                    ANALYZER.with_borrow_mut(|analyzer| one(analyzer, input))
                })
                .collect()
        };
        match pool {
            Ok(pool) => pool.install(all),
            Err(_) => all(),
        }
    };
    progress.end();
    let mut report = Report::default();
    for result in results {
        match result {
            Ok(file) => report.files.push(file),
            Err(missed) => report.not_evaluated.push(missed),
        }
    }
    if report.files.len() > 1 && report.files.iter().any(|file| file.lacks().next().is_some()) {
        let mut analyzer = Analyzer::embedded();
        for site in settings.sites(&report.files) {
            site::look_around(&settings.rules, &mut analyzer, &mut report.files, &site);
        }
    }
    report
}

fn check_one(run: Run, analyzer: &mut Analyzer, input: Input, reader: Reader) -> Result<FileReport, NotEvaluated> {
    let source = match input {
        Input::File(path) => reader.read(&path)?,
        Input::Stdin(name) => reader.read_stdin(name)?,
        Input::Lost(missed) => return Err(missed),
    };
    let settings = run.settings;
    let mut brief = settings.brief(run.brief, Path::new(source.name()));
    if let Some(ledger) = run.ledger {
        brief.accepted = Arc::new(ledger.accepted(&settings.rules, source.id(), settings.today));
    }
    let checked = engine::check(&settings.rules, analyzer, &source, Format::of_source(&source), &brief);
    Ok(FileReport { source, checked })
}

impl Reader<'_> {
    /// Reads and decodes a file.
    pub fn read(self, path: &Path) -> Result<Source, NotEvaluated> {
        let name = path.display().to_string();
        self.bytes(path).map_err(|reason| self.missed(name.clone(), reason)).and_then(|b| self.decode(name, &b))
    }

    fn bytes(self, path: &Path) -> Result<Vec<u8>, String> {
        match self.obstacle(path) {
            Some(reason) => Err(reason),
            None => std::fs::read(path).map_err(|error| self.explain(&error)),
        }
    }

    /// Why a file cannot be read, as far as can be told without reading it.
    pub fn obstacle(self, path: &Path) -> Option<String> {
        let lang = self.lang;
        let ending = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).unwrap_or_default();
        if UNREADABLE.contains(&ending.as_str()) {
            return Some(lang.pick(
                format!(".{ending} はまだ読めません。文章を HTML か Markdown かテキストにして渡してください。"),
                format!(".{ending} files cannot be read yet; pass the text as HTML, Markdown or plain text"),
            ));
        }
        match std::fs::metadata(path) {
            Err(error) => Some(self.explain(&error)),
            Ok(known) if known.len() >= MAX_BYTES as u64 => Some(self.too_large()),
            Ok(known) if would_block(path, &known) => Some(lang.pick(
                "ふつうのファイルではありません。内容は標準入力から - で渡してください。".to_owned(),
                "not a regular file; pipe its content in and name it -".to_owned(),
            )),
            Ok(_) => None,
        }
    }

    fn explain(self, error: &std::io::Error) -> String {
        let lang = self.lang;
        match error.kind() {
            ErrorKind::NotFound => {
                lang.pick("ファイルがありません。パスを確かめてください。".to_owned(), "no such file".to_owned())
            }
            ErrorKind::PermissionDenied => {
                lang.pick("読む権限がありません。".to_owned(), "permission denied".to_owned())
            }
            _ => lang.pick(format!("読めません（{error}）。"), format!("cannot read ({error})")),
        }
    }

    fn read_stdin(self, name: Option<String>) -> Result<Source, NotEvaluated> {
        let mut bytes = Vec::new();
        let read = std::io::stdin().read_to_end(&mut bytes);
        // Without a name a page is told from a text by how it begins.
        let page = begins_as_page(&String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]));
        let name = name.unwrap_or_else(|| if page { "stdin.html" } else { "stdin.md" }.to_owned());
        match read {
            Ok(_) => self.decode(name, &bytes),
            Err(error) => {
                let reason = self.lang.pick(
                    format!("標準入力を読めません（{error}）。"),
                    format!("cannot read standard input ({error})"),
                );
                Err(self.missed(name, reason))
            }
        }
    }

    fn decode(self, name: String, bytes: &[u8]) -> Result<Source, NotEvaluated> {
        let id = self.project.id(Path::new(&name));
        let decoded = Source::decode(name.clone(), bytes, self.encoding).map_err(|error| match error {
            Undecodable::NoText => self.lang.pick(
                "文章のファイルではないようです。文字コードが特殊なときは --encoding で指定してください。".to_owned(),
                "this does not look like text; if it is, name its --encoding".to_owned(),
            ),
            Undecodable::TooLarge => self.too_large(),
        });
        decoded.map(|source| source.known_as(id)).map_err(|reason| self.missed(name, reason))
    }

    /// That a file could not be evaluated.
    pub fn missed(self, path: String, reason: String) -> NotEvaluated {
        NotEvaluated { id: self.project.id(Path::new(&path)), path, reason }
    }

    fn too_large(self) -> String {
        self.lang.pick("ファイルが 2 GB を超えています。分けてください。".into(), "larger than 2 GB; split it".into())
    }
}

/// Whether reading might never end: a pipe that nobody writes to, a device. What a shell hands over
/// as a file (`<(…)`) does end.
fn would_block(path: &Path, known: &Metadata) -> bool {
    let handed_over = ["/dev/fd", "/proc/self/fd", "/dev/stdin"].iter().any(|p| path.starts_with(p));
    !known.is_file() && !known.is_dir() && !handed_over
}
