//! The ledger of accepted findings: where it is, read and written.

use std::path::{Path, PathBuf};

use exo_lint::lang::Lang;
use exo_lint::ledger::{Consent, Ledger, NAME};
use exo_lint::report::Report;

use crate::args::{Args, Check};
use crate::files::Reader;
use crate::project::Project;
use crate::settings::Settings;
use crate::{Failure, check, output};

/// The ledger: the one named, or the nearest above the current folder.
pub fn find(args: &Args, check: &Check, project: &Project, lang: Lang) -> Result<Option<PathBuf>, Failure> {
    match &check.accepted {
        Some(path) if !path.is_file() && !check.write_accepted => Err(Failure::Said(lang.pick(
            format!("{}: 台帳がありません。作るには --write-accepted --reason \"理由\" を付けます。", path.display()),
            format!("{}: no such ledger; make one with --write-accepted --reason TEXT.", path.display()),
        ))),
        Some(path) => Ok(Some(path.clone())),
        None if args.choice().isolated => Ok(None),
        None => Ok(project.nearest(NAME)),
    }
}

/// Reads a ledger; an empty one where there is none yet.
pub fn read(path: &Path, reader: Reader) -> Result<Ledger, Failure> {
    if !path.exists() {
        return Ok(Ledger::empty(&path.display().to_string()));
    }
    // The encoding asked for is that of the pages.
    let reader = Reader { encoding: None, ..reader };
    let source = reader.read(path).map_err(|missed| Failure::Said(format!("{}: {}", missed.path, missed.reason)))?;
    let file = path.to_owned();
    Ledger::read(source).map_err(|(line, said)| {
        let path = path.display();
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        if text.lines().any(|line| line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>")) {
            return Failure::Said(reader.lang.pick(
                format!("{path}:{line}: マージの衝突の印（<<<<<<<）が残っています。両方の [[accepted]] を残して、印を消してください。"),
                format!("{path}:{line}: there are marks of a merge conflict; keep the entries of both sides."),
            ));
        }
        Failure::Said(reader.lang.pick(
            format!("{path}:{line}: 台帳を読めません（{said}）。[[accepted]] の表だけを書けます。"),
            format!("{path}:{line}: cannot read the ledger ({said})."),
        ))
    })
}

/// Writes all findings of a report into the ledger; returns the exit code.
pub fn write(
    ledger: Option<(PathBuf, Ledger)>,
    asked: &Check,
    settings: &Settings,
    report: Report,
    project: &Project,
) -> Result<u8, Failure> {
    let lang = settings.lang;
    let new = || {
        let path = project.shown(NAME);
        (path.clone(), Ledger::empty(&path.display().to_string()))
    };
    let (path, ledger) = ledger.unwrap_or_else(new);
    let consent =
        Consent { reason: asked.reason.clone().unwrap_or_default(), by: asked.by.clone(), until: asked.until };
    let kept = report.suppressed().count();
    let adopted = ledger.adopt(&settings.rules, &report, &consent, |id| project.path(id).exists());
    let (text, added, removed) = adopted.map_err(|said| Failure::Said(format!("{}: {said}", path.display())))?;
    output::replace(&path, text.as_bytes()).map_err(|error| {
        Failure::Said(lang.pick(
            format!("{}: 書けません（{error}）。", path.display()),
            format!("{}: cannot write ({error}).", path.display()),
        ))
    })?;
    output::print(&lang.pick(
        format!("{}: {added} 件を加え、{removed} 件を除きました（抑止 {} 件）。\n", path.display(), kept + added),
        format!("{}: {added} added, {removed} taken out ({} suppressed).\n", path.display(), kept + added),
    ))?;
    // What was adopted is found no more; what could not be read is still not evaluated.
    let rest = Report { files: Vec::new(), ledger: None, ..report };
    Ok(check::code(&rest, settings.fail_on))
}
