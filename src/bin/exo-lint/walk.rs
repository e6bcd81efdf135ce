//! Which files a run looks at, and why or why not.

use std::collections::HashSet;
use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use exo_lint::document::Format;
use exo_lint::lang::Lang;
use exo_lint::report::NotEvaluated;
use ignore::{WalkBuilder, WalkState};

use crate::args::Check;
use crate::files::Reader;
use crate::project::{Project, real};

/// Endings of files that folders are searched for.
pub const CHECKED: [&str; 7] = ["md", "markdown", "mdx", "html", "htm", "xhtml", "txt"];

/// Something to check.
#[derive(Debug, PartialEq, Eq)]
pub enum Input {
    File(PathBuf),
    /// Standard input under this name, if it was given one.
    Stdin(Option<String>),
    /// Named, but not to be had.
    Lost(NotEvaluated),
}

/// Whether folders are searched for such a file.
pub fn is_checked(path: &Path) -> bool {
    let ending = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    ending.is_some_and(|e| CHECKED.contains(&e.as_str()))
}

/// The files that paths name, folders searched in order of their names; none twice.
pub fn gather(paths: &[PathBuf], check: &Check, reader: Reader) -> Vec<Input> {
    let mut inputs = Vec::new();
    let mut known = HashSet::new();
    let kept = check.force_exclude.then(|| not_excluded(paths, reader.project));
    for path in paths {
        if path.as_os_str() == "-" {
            if known.insert(path.clone()) {
                inputs.push(Input::Stdin(check.stdin_filename.clone()));
            }
        } else if path.is_dir() {
            for (path, standing) in entries(path, reader.lang) {
                match standing {
                    Standing::Checked if known.insert(path.clone()) => inputs.push(Input::File(path)),
                    Standing::Lost(reason) => {
                        inputs.push(Input::Lost(reader.missed(path.display().to_string(), reason)));
                    }
                    _ => {}
                }
            }
        } else if kept.as_ref().is_none_or(|kept| kept.contains(&real(path))) && known.insert(path.clone()) {
            inputs.push(Input::File(path.clone()));
        }
    }
    inputs
}

/// Of files that are named, those that a walk through the project would come to, and those outside of it.
fn not_excluded(paths: &[PathBuf], project: &Project) -> HashSet<PathBuf> {
    let named: Arc<Vec<PathBuf>> = Arc::new(paths.iter().map(|path| real(path)).collect());
    let root = project.path("");
    let mut kept: HashSet<PathBuf> = named.iter().filter(|path| !path.starts_with(&root)).cloned().collect();
    let on_the_way = Arc::clone(&named);
    let walk = WalkBuilder::new(&root)
        .filter_entry(move |entry| on_the_way.iter().any(|path| path.starts_with(entry.path())))
        .build();
    kept.extend(walk.flatten().map(ignore::DirEntry::into_path).filter(|path| named.contains(path)));
    kept
}

/// One line for every file that paths name or folders hold: whether it is checked, and why.
pub fn listing(paths: &[PathBuf], check: &Check, reader: Reader) -> String {
    let lang = reader.lang;
    let mut all = Vec::new();
    let kept = check.force_exclude.then(|| not_excluded(paths, reader.project));
    for path in paths.iter().cloned() {
        if path.as_os_str() == "-" {
            all.push((PathBuf::from(check.stdin_filename.as_deref().unwrap_or("-")), Standing::Checked));
        } else if path.is_dir() {
            let mut found = entries(&path, lang);
            found.extend(left_out(&path, &found));
            found.sort_by(|a, b| a.0.cmp(&b.0));
            all.extend(found.into_iter().filter(|(_, standing)| *standing != Standing::Folder));
        } else {
            let kept = kept.as_ref().is_none_or(|kept| kept.contains(&real(&path)));
            let standing =
                if kept { reader.obstacle(&path).map_or(Standing::Checked, Standing::Lost) } else { Standing::Ignored };
            all.push((path, standing));
        }
    }
    let mut known = HashSet::new();
    let mut text = String::new();
    for (path, standing) in all.iter().filter(|(path, _)| known.insert(path)) {
        let mark = match standing {
            Standing::Checked => lang.pick("読む    ", "checked"),
            _ => lang.pick("読まない", "skipped"),
        };
        text.push_str(&format!("{mark} {} ({})\n", path.display(), standing.reason(path, lang)));
    }
    text
}

/// The paths named; the current folder where none is.
pub fn or_here(paths: &[PathBuf]) -> Vec<PathBuf> {
    if paths.is_empty() { vec![PathBuf::from(".")] } else { paths.to_vec() }
}

/// Whether something in a folder is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    Checked,
    Folder,
    /// Its ending is none of [`CHECKED`].
    Ending,
    Link,
    /// A pipe, a socket, a device.
    Special,
    Hidden,
    Ignored,
    Lost(String),
}

impl Standing {
    fn of(path: &Path, kind: Option<FileType>) -> Self {
        match kind {
            Some(kind) if kind.is_dir() => Self::Folder,
            Some(kind) if kind.is_symlink() => Self::Link,
            Some(kind) if kind.is_file() => {
                if is_checked(path) {
                    Self::Checked
                } else {
                    Self::Ending
                }
            }
            _ => Self::Special,
        }
    }

    fn reason(&self, path: &Path, lang: Lang) -> String {
        match self {
            Self::Checked => Format::of(&path.to_string_lossy()).title().to_owned(),
            Self::Folder => lang.pick("フォルダ", "folder").to_owned(),
            Self::Ending => lang.pick("対象の拡張子ではない", "ending is none of those checked").to_owned(),
            Self::Link => lang.pick("シンボリックリンクはたどらない", "symbolic links are not followed").to_owned(),
            Self::Special => lang.pick("ファイルではない", "not a file").to_owned(),
            Self::Hidden => lang.pick("隠しファイル", "hidden").to_owned(),
            Self::Ignored => lang.pick(".gitignore・.ignore で除外", "ignored by .gitignore or .ignore").to_owned(),
            Self::Lost(reason) => reason.clone(),
        }
    }
}

/// All that a folder holds and nothing leaves out, in order of their names.
fn entries(folder: &Path, lang: Lang) -> Vec<(PathBuf, Standing)> {
    let found = Mutex::new(Vec::new());
    WalkBuilder::new(folder).build_parallel().run(|| {
        Box::new(|entry| {
            let told = match entry {
                Ok(entry) => (tidy(entry.path()), Standing::of(entry.path(), entry.file_type())),
                Err(error) => lost(folder, &error, lang),
            };
            found.lock().expect("no thread panics").push(told);
            WalkState::Continue
        })
    });
    let mut found = found.into_inner().expect("no thread panics");
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

fn lost(folder: &Path, error: &ignore::Error, lang: Lang) -> (PathBuf, Standing) {
    fn place(error: &ignore::Error) -> Option<&Path> {
        match error {
            ignore::Error::WithPath { path, .. } => Some(path),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => place(err),
            _ => None,
        }
    }
    let cause = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    let reason = lang.pick(
        format!("フォルダを読めません（{cause}）。権限を確かめてください。"),
        format!("cannot read folder ({cause})"),
    );
    (place(error).unwrap_or(folder).to_owned(), Standing::Lost(reason))
}

/// What a folder holds but is left out; of a folder left out as a whole only its name.
fn left_out(folder: &Path, entries: &[(PathBuf, Standing)]) -> Vec<(PathBuf, Standing)> {
    let kept: Arc<HashSet<PathBuf>> = Arc::new(entries.iter().map(|(path, _)| path.clone()).collect());
    let folders = Arc::clone(&kept);
    let all = WalkBuilder::new(folder)
        .standard_filters(false)
        .filter_entry(move |entry| {
            entry.depth() < 2 || entry.path().parent().is_some_and(|p| folders.contains(&tidy(p)))
        })
        .build();
    all.filter_map(Result::ok)
        .filter(|entry| entry.depth() > 0 && !kept.contains(&tidy(entry.path())))
        .map(|entry| {
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            (tidy(entry.path()), if hidden { Standing::Hidden } else { Standing::Ignored })
        })
        .collect()
}

fn tidy(path: &Path) -> PathBuf {
    path.strip_prefix("./").unwrap_or(path).to_owned()
}
