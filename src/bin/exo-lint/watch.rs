//! `--watch`: checks again whenever a file changes.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use exo_lint::lang::Lang;
use exo_lint::ledger;
use notify::{Event, EventKind, RecursiveMode, Watcher};

use crate::args::Check;
use crate::settings::{self, Choice};
use crate::{Failure, output, walk};

/// Editors write a file in several steps; what comes so close together is one change.
const PAUSE: Duration = Duration::from_millis(150);

/// Runs until somebody ends the program. A run that fails is told, and the next one may do better.
pub fn run(choice: &Choice, check: &Check, lang: Lang, once: impl Fn() -> Result<u8, Failure>) -> Result<u8, Failure> {
    let said = |error: notify::Error| {
        Failure::Said(
            lang.pick(format!("--watch: 変更を見張れません（{error}）。"), format!("--watch: cannot watch ({error}).")),
        )
    };
    let (sender, changes) = mpsc::channel::<notify::Result<Event>>();
    let mut watcher = notify::recommended_watcher(sender).map_err(said)?;
    for (folder, mode) in folders(choice, check) {
        watcher.watch(&folder, mode).map_err(said)?;
    }
    loop {
        clear();
        match once() {
            Ok(_) => {}
            Err(Failure::Said(text)) => output::print(&format!("{text}\n"))?,
            Err(failure) => return Err(failure),
        }
        let waits = lang.pick("変更を待っています（終わるには Ctrl-C）。\n", "Waiting for changes; end with Ctrl-C.\n");
        output::print(waits)?;
        // Until something that matters has changed, and nothing more follows.
        loop {
            let Ok(change) = changes.recv() else { return Ok(0) };
            if matters(&change) {
                break;
            }
        }
        while changes.recv_timeout(PAUSE).is_ok() {}
    }
}

/// The folders of everything that is looked at; a file is often replaced by another, so its folder is watched.
fn folders(choice: &Choice, check: &Check) -> Vec<(PathBuf, RecursiveMode)> {
    let parent = |path: &Path| path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    let mut folders = Vec::new();
    for path in walk::or_here(&check.paths) {
        folders.push(match path.is_dir() {
            true => (path, RecursiveMode::Recursive),
            false => (parent(&path), RecursiveMode::NonRecursive),
        });
    }
    if let Some(rules) = &choice.rulesets {
        folders.push((rules.clone(), RecursiveMode::Recursive));
    }
    if let Some(config) = settings::locate(choice) {
        folders.push((parent(&config), RecursiveMode::NonRecursive));
    }
    folders
}

/// Whether a change is one of what is read.
fn matters(change: &notify::Result<Event>) -> bool {
    let Ok(event) = change else { return true };
    let read = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        walk::is_checked(path) || name.ends_with(".toml") || name == ledger::NAME
    };
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(read)
}

/// A terminal shows one run at a time.
fn clear() {
    let mut out = io::stdout();
    if out.is_terminal() {
        let _ = write!(out, "\x1b[2J\x1b[3J\x1b[H");
        let _ = out.flush();
    }
}
