//! Rule files: which there are, and their tables as written.

use std::collections::BTreeMap;

use super::problem::{Problem, ProblemKind};
use crate::config::Config;
use crate::pattern::Unknown;
use crate::rule::File;

/// A rule file as written.
#[derive(Clone, Debug)]
pub struct FileText {
    /// Relative to `rulesets/`, or the user's path.
    pub name: String,
    pub text: String,
    /// It is a configuration file, which may hold more than rules.
    pub config: bool,
}

/// The tables of a file.
///
/// # Errors
///
/// What the parser says.
pub fn tables(file: &FileText) -> Result<File, toml::de::Error> {
    match file.config {
        true => Config::parse(&file.text).map(Config::into_file),
        false => toml::from_str(&file.text),
    }
}

/// A rule file of the right shape.
pub(super) struct Parsed {
    pub name: String,
    pub file: File,
    /// As written; empty for the packed built-in files.
    pub text: String,
}

/// The built-in rule files as written, examples included.
pub fn builtin_files() -> Vec<FileText> {
    const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rulesets.rs"));
    FILES
        .iter()
        .filter(|(name, _)| !name.starts_with("provisions"))
        .map(|(name, text)| FileText { name: (*name).to_owned(), text: (*text).to_owned(), config: false })
        .collect()
}

/// The built-in rule files without their examples: quick to read.
pub(super) fn packed() -> Vec<Parsed> {
    let json = include_bytes!(concat!(env!("OUT_DIR"), "/rulesets.json"));
    let files: BTreeMap<String, File> = serde_json::from_slice(json).unwrap_or_else(|error| {
        let problems = parse(&builtin_files()).err().unwrap_or_default();
        panic!("built-in rules: {error}; {problems:#?}")
    });
    files.into_iter().map(|(name, file)| Parsed { name, file, text: String::new() }).collect()
}

/// Reads the shape of each file.
pub(super) fn parse(files: &[FileText]) -> Result<Vec<Parsed>, Vec<Problem>> {
    let mut parsed = Vec::new();
    let mut problems = Vec::new();
    for written in files {
        let FileText { name, text, config } = written;
        match tables(written) {
            Ok(file) => parsed.push(Parsed { name: name.clone(), file, text: text.clone() }),
            Err(error) => problems.push(Problem {
                file: name.clone(),
                line: error.span().map(|span| line_at(text, span.start)),
                kind: ProblemKind::Shape {
                    config: *config,
                    said: error.message().to_owned(),
                    nearest: nearest_key(error.message()),
                },
            }),
        }
    }
    if problems.is_empty() { Ok(parsed) } else { Err(problems) }
}

/// `unknown field `x`, expected one of `a`, `b``: the expected key nearest to the one found.
fn nearest_key(message: &str) -> Option<String> {
    let mut names = message.split('`').skip(1).step_by(2);
    let found = names.next().filter(|_| message.starts_with("unknown"))?;
    Unknown::among(found, names).nearest
}

fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|&&b| b == b'\n').count() + 1
}

/// Where a value stands in a file: `[[table]]` number `at`, key, and item of a list.
pub(super) fn line_of(text: &str, table: &str, at: usize, key: &str, item: Option<usize>) -> Option<usize> {
    let document = toml::de::DeTable::parse(text).ok()?;
    let entry = document.get_ref().get(table)?.get_ref().as_array()?.get(at)?;
    let value = entry.get_ref().as_table()?.get(key);
    let span = match (value, item) {
        (Some(value), Some(item)) => {
            value.get_ref().as_array().and_then(|a| a.get(item)).map_or(value.span(), toml::Spanned::span)
        }
        (Some(value), None) => value.span(),
        (None, _) => entry.span(),
    };
    Some(line_at(text, span.start))
}
