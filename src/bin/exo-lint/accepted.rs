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

/// Takes accepted findings out of a report.
pub fn apply(path: &Path, settings: &Settings, report: &mut Report, reader: Reader) -> Result<(), Failure> {
    if !path.exists() {
        return Ok(());
    }
    // The encoding asked for is that of the pages.
    let ledger = read(path, Reader { encoding: None, ..reader })?;
    let exists = |id: &str| reader.project.path(id).exists();
    ledger.apply(&settings.rules, report, settings.levels(), settings.today, exists);
    Ok(())
}

fn read(path: &Path, reader: Reader) -> Result<Ledger, Failure> {
    let source = reader.read(path).map_err(|missed| Failure::Said(format!("{}: {}", missed.path, missed.reason)))?;
    Ledger::read(source).map_err(|(line, said)| {
        let path = path.display();
        Failure::Said(reader.lang.pick(
            format!("{path}:{line}: 台帳を読めません（{said}）。[[accepted]] の表だけを書けます。"),
            format!("{path}:{line}: cannot read the ledger ({said})."),
        ))
    })
}

/// Writes all findings of a report into the ledger; returns the exit code.
pub fn write(
    path: Option<PathBuf>,
    asked: &Check,
    settings: &Settings,
    report: Report,
    project: &Project,
) -> Result<u8, Failure> {
    let lang = settings.lang;
    let path = path.unwrap_or_else(|| project.shown(NAME));
    let reader = Reader { encoding: None, lang, project };
    let ledger = if path.exists() { read(&path, reader)? } else { Ledger::empty(&path.display().to_string()) };
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
