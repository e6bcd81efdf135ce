//! Files that changed against a commit, as git tells.

use std::path::{Path, PathBuf};
use std::process::Command;

use exo_lint::lang::Lang;

use crate::Failure;
use crate::project::real;
use crate::walk::is_checked;

/// Files that differ from `base` or are new, among the paths named; only those that are checked in folders.
pub fn files(base: &str, among: &[PathBuf], lang: Lang) -> Result<Vec<PathBuf>, Failure> {
    let here = std::env::current_dir()?;
    if let Some(missing) = among.iter().find(|path| !path.exists()) {
        let path = missing.display();
        return Err(Failure::Said(lang.pick(
            format!("{path}: ファイルがありません。比べる相手なら --changed={path} と、= を付けて書きます。"),
            format!("{path}: no such file; to compare with it write --changed={path}."),
        )));
    }
    let mut names = match base == "HEAD" && git(&["rev-parse", "--verify", "HEAD"], base, lang).is_err() {
        // Before the first commit everything is new.
        true => git(&["ls-files", "-z"], base, lang)?,
        false => {
            // Against a branch, what it has got since does not count.
            let from = git(&["merge-base", base, "HEAD"], base, lang)?;
            let from = String::from_utf8_lossy(&from).trim().to_owned();
            git(&["diff", "--name-only", "-z", "--relative", "--diff-filter=ACMR", &from, "--"], base, lang)?
        }
    };
    names.extend(git(&["ls-files", "--others", "--exclude-standard", "-z"], base, lang)?);
    let among: Vec<PathBuf> = among.iter().map(|path| real(path)).collect();
    let mut files: Vec<PathBuf> = names
        .split(|byte| *byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| PathBuf::from(String::from_utf8_lossy(name).into_owned()))
        .filter(|path| is_checked(path) && path.is_file())
        .filter(|path| among.is_empty() || among.iter().any(|asked| real(&here.join(path)).starts_with(asked)))
        .collect();
    files.sort();
    files.dedup();
    Ok(files)
}

fn git(args: &[&str], base: &str, lang: Lang) -> Result<Vec<u8>, Failure> {
    let said = |cause: &str| {
        Failure::Said(lang.pick(
            format!("--changed: git に問い合わせられません（{cause}）。git のリポジトリの中で、「{base}」があるか確かめてください。"),
            format!("--changed: git cannot tell what changed ({cause})."),
        ))
    };
    let output = Command::new("git").args(args).current_dir(Path::new(".")).output();
    let output = output.map_err(|error| said(&error.to_string()))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(said(String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("git"))),
    }
}
