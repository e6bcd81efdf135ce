//! Rule files on the disk: a folder instead of the built-in rules, the user's own, and what is wrong with them.

use std::path::{Path, PathBuf};

use exo_lint::example;
use exo_lint::lang::Lang;
use exo_lint::morpheme::Analyzer;
use exo_lint::pattern::Unknown;
use exo_lint::ruleset::{FileText, Problem, Ruleset, builtin_files};
use ignore::WalkBuilder;

use crate::Failure;

/// A text file that somebody named.
pub fn read(path: &Path, lang: Lang) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::Said(lang.pick(
            format!("{}: 読めません（{error}）。パスを確かめてください。", path.display()),
            format!("{}: cannot read ({error}).", path.display()),
        ))
    })
}

/// The rule files of a folder and its folders, in the order of their names; provisions are those in the binary.
fn folder_of_rules(folder: &Path, lang: Lang) -> Result<Vec<FileText>, Failure> {
    let is_rules = |path: &Path| {
        let provisions = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with("provisions");
        path.extension().is_some_and(|e| e == "toml") && !path.file_name().is_some_and(provisions)
    };
    let entries = WalkBuilder::new(folder).standard_filters(false).sort_by_file_path(Path::cmp).build();
    let paths = entries.flatten().map(ignore::DirEntry::into_path).filter(|p| p.is_file() && is_rules(p));
    let file = |path: PathBuf| {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        Ok(FileText { name, text: read(&path, lang)?, config: false })
    };
    let files: Vec<FileText> = paths.map(file).collect::<Result<_, Failure>>()?;
    if files.is_empty() {
        return Err(Failure::Said(lang.pick(
            format!(
                "{}: 規則のファイル（.toml）がありません。--rulesets には rulesets/ の写しを指定します。",
                folder.display()
            ),
            format!("{}: there is no rule file (.toml). --rulesets takes a copy of rulesets/.", folder.display()),
        )));
    }
    Ok(files)
}

/// The built-in rules, or those of the folder chosen instead.
pub fn base(folder: Option<&Path>, lang: Lang) -> Result<Vec<FileText>, Failure> {
    folder.map_or_else(|| Ok(builtin_files()), |folder| folder_of_rules(folder, lang))
}

/// What is wrong with rule files, each on lines of its own.
pub fn said(problems: &[Problem], lang: Lang) -> Failure {
    Failure::Said(problems.iter().map(|p| p.explain(lang)).collect::<Vec<_>>().join("\n"))
}

/// The rules and the user's own, whose examples must hold.
pub fn compiled(folder: Option<&Path>, own: &[FileText], lang: Lang) -> Result<Ruleset, Failure> {
    let rules = match folder {
        None => Ruleset::with_own(own),
        Some(folder) => Ruleset::from_files(&[&folder_of_rules(folder, lang)?, own].concat()),
    };
    let rules = rules.map_err(|problems| said(&problems, lang))?;
    let proof = example::prove(&rules, &mut Analyzer::embedded(), own, None);
    if proof.failed.is_empty() { Ok(rules) } else { Err(said(&proof.failed, lang)) }
}

/// Refuses a kind of product that no rule file has; `place` is where it was written.
pub fn known(rules: &Ruleset, kind: &str, place: &str, lang: Lang) -> Result<(), Failure> {
    let ids: Vec<&str> = rules.kinds.iter().map(|k| k.id.as_str()).collect();
    if ids.contains(&kind) {
        return Ok(());
    }
    let cure = match Unknown::among(kind, ids.iter().copied()).nearest {
        Some(near) => lang.pick(format!("「{near}」のことでしょうか。"), format!("Did you mean {near:?}?")),
        None => {
            lang.pick(format!("次から選んでください: {}", ids.join("、")), format!("Choose one of: {}", ids.join(", ")))
        }
    };
    Err(Failure::Said(lang.pick(
        format!("{place}: 製品の種類「{kind}」はありません。{cure}"),
        format!("{place}: there is no kind of product {kind:?}. {cure}"),
    )))
}
