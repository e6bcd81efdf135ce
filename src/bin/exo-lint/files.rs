//! Finding and reading files. A file named that cannot be read is told and the rest goes on.

use std::io::Read;
use std::path::{Path, PathBuf};

use exo_lint::document::Format;
use exo_lint::engine::{self, Brief};
use exo_lint::lang::Lang;
use exo_lint::morpheme::Analyzer;
use exo_lint::report::{FileReport, NotEvaluated, Report};
use exo_lint::ruleset::Ruleset;
use exo_lint::source::{Source, Undecodable};
use rayon::prelude::*;

/// Endings of files that folders are searched for.
const CHECKED: [&str; 4] = ["md", "markdown", "mdx", "txt"];
/// Endings of files that hold more than text; read as text they would be misread.
const UNREADABLE: [&str; 9] = ["html", "htm", "xhtml", "pdf", "docx", "xlsx", "pptx", "png", "jpg"];

/// Something to check.
pub enum Input {
    File(PathBuf),
    /// Standard input under this name.
    Stdin(String),
    /// Named, but not to be had.
    Lost(NotEvaluated),
}

/// The files that paths name, folders searched in order of their names.
pub fn gather(paths: &[PathBuf], stdin_name: Option<&str>, lang: Lang) -> Vec<Input> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let mut inputs = Vec::new();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.push(Input::Stdin(stdin_name.unwrap_or("stdin.md").to_owned()));
        } else if path.is_dir() {
            walk(path, &mut inputs, lang);
        } else {
            inputs.push(Input::File(path.clone()));
        }
    }
    inputs
}

fn walk(folder: &Path, inputs: &mut Vec<Input>, lang: Lang) {
    let walker = ignore::WalkBuilder::new(folder).sort_by_file_path(Ord::cmp).build();
    for entry in walker {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) => {
                let ending = entry.path().extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
                if ending.is_some_and(|e| CHECKED.contains(&e.as_str())) {
                    let path = entry.path().strip_prefix("./").unwrap_or(entry.path());
                    inputs.push(Input::File(path.to_owned()));
                }
            }
            Ok(_) => {}
            Err(error) => inputs.push(Input::Lost(NotEvaluated {
                path: folder.display().to_string(),
                reason: lang.pick(
                    format!("フォルダを読めません（{error}）。権限を確かめてください。"),
                    format!("cannot read folder ({error})"),
                ),
            })),
        }
    }
}

/// Checks everything, in parallel; the order of the report is the order of the inputs.
pub fn check_all(rules: &Ruleset, inputs: Vec<Input>, brief: &Brief, jobs: usize, lang: Lang) -> Report {
    let one = |analyzer: &mut Analyzer, input: Input| check_one(rules, analyzer, input, brief, lang);
    let results: Vec<Result<FileReport, NotEvaluated>> = if inputs.len() < 2 || jobs == 1 {
        let mut analyzer = Analyzer::embedded();
        inputs.into_iter().map(|input| one(&mut analyzer, input)).collect()
    } else {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build();
        let run = || {
            inputs
                .into_par_iter()
                .map(|input| {
                    thread_local!(static ANALYZER: std::cell::RefCell<Analyzer> = std::cell::RefCell::new(Analyzer::embedded()));
                    ANALYZER.with_borrow_mut(|analyzer| one(analyzer, input))
                })
                .collect()
        };
        match pool {
            Ok(pool) => pool.install(run),
            Err(_) => run(),
        }
    };
    let mut report = Report::default();
    for result in results {
        match result {
            Ok(file) => report.files.push(file),
            Err(missed) => report.not_evaluated.push(missed),
        }
    }
    report
}

fn check_one(
    rules: &Ruleset,
    analyzer: &mut Analyzer,
    input: Input,
    brief: &Brief,
    lang: Lang,
) -> Result<FileReport, NotEvaluated> {
    let source = match input {
        Input::File(path) => read(&path, lang)?,
        Input::Stdin(name) => read_stdin(name, lang)?,
        Input::Lost(missed) => return Err(missed),
    };
    let format = Format::of(source.name());
    let checked = engine::check(rules, analyzer, &source, format, brief);
    Ok(FileReport { source, checked })
}

/// Reads and decodes a file.
pub fn read(path: &Path, lang: Lang) -> Result<Source, NotEvaluated> {
    let name = path.display().to_string();
    let ending = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).unwrap_or_default();
    if UNREADABLE.contains(&ending.as_str()) {
        let reason = lang.pick(
            format!(".{ending} はまだ読めません。文章を Markdown かテキストにして渡してください。"),
            format!(".{ending} files cannot be read yet; pass the text as Markdown or plain text"),
        );
        return Err(NotEvaluated { path: name, reason });
    }
    match std::fs::read(path) {
        Ok(bytes) => decode(name, &bytes, lang),
        Err(error) => {
            let reason = match error.kind() {
                std::io::ErrorKind::NotFound => {
                    lang.pick("ファイルがありません。パスを確かめてください。".to_owned(), "no such file".to_owned())
                }
                std::io::ErrorKind::PermissionDenied => {
                    lang.pick("読む権限がありません。".to_owned(), "permission denied".to_owned())
                }
                _ => lang.pick(format!("読めません（{error}）。"), format!("cannot read ({error})")),
            };
            Err(NotEvaluated { path: name, reason })
        }
    }
}

fn read_stdin(name: String, lang: Lang) -> Result<Source, NotEvaluated> {
    let mut bytes = Vec::new();
    match std::io::stdin().read_to_end(&mut bytes) {
        Ok(_) => decode(name, &bytes, lang),
        Err(error) => Err(NotEvaluated {
            path: name,
            reason: lang
                .pick(format!("標準入力を読めません（{error}）。"), format!("cannot read standard input ({error})")),
        }),
    }
}

fn decode(name: String, bytes: &[u8], lang: Lang) -> Result<Source, NotEvaluated> {
    Source::decode(name.clone(), bytes).map_err(|error| NotEvaluated {
        path: name,
        reason: match error {
            Undecodable::At { byte } => lang.pick(
                format!("{byte} バイト目が UTF-8 ではありません。UTF-8 で保存し直してください。"),
                format!("byte {byte} is not UTF-8; save the file as UTF-8"),
            ),
            Undecodable::TooLarge => lang.pick(
                "ファイルが 2 GB を超えています。分けてください。".to_owned(),
                "larger than 2 GB; split it".to_owned(),
            ),
        },
    })
}
