//! Where reports go: the terminal, and files that are there whole or not at all.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use exo_lint::lang::Lang;
use exo_lint::report::{Form, Report, Style};
use exo_lint::ruleset::Ruleset;

use crate::Failure;
use crate::project::real;
use crate::settings::Settings;
use crate::walk::Input;

/// A report for a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    pub form: Form,
    pub path: PathBuf,
}

impl Target {
    /// `FORMAT=FILE`
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, path) = text
            .split_once('=')
            .filter(|(_, path)| !path.is_empty())
            .ok_or("FORMAT=FILE の形で書きます。例: --output sarif=exo-lint.sarif")?;
        if path == "-" {
            return Err("画面（標準出力）に出す形は --format で選びます".to_owned());
        }
        Ok(Self { form: form(name)?, path: PathBuf::from(path) })
    }
}

/// A form by its name.
pub fn form(name: &str) -> Result<Form, String> {
    let names = || Form::ALL.map(Form::name).join(" ");
    Form::parse(name).ok_or_else(|| format!("出力の形は次のどれかです: {}", names()))
}

/// Refuses two reports for one file.
pub fn apart(targets: &[Target], lang: Lang) -> Result<(), Failure> {
    let mut known = std::collections::HashSet::new();
    match targets.iter().find(|target| !known.insert(real(&target.path))) {
        Some(twice) => {
            let path = twice.path.display();
            Err(Failure::Said(lang.pick(
                format!("--output: {path} に二つの出力は書けません。別のファイルにしてください。"),
                format!("--output: {path} is named twice."),
            )))
        }
        None => Ok(()),
    }
}

/// Refuses to write over what is read: manuscripts, the ledger, the configuration.
pub fn spares(
    targets: &[Target],
    inputs: &[Input],
    ledger: Option<&PathBuf>,
    settings: &Settings,
) -> Result<(), Failure> {
    let named = inputs.iter().filter_map(|input| match input {
        Input::File(path) => Some(path),
        _ => None,
    });
    let read = || named.clone().chain(ledger).chain(&settings.file).map(|path| real(path));
    match targets.iter().find(|target| read().any(|path| path == real(&target.path))) {
        Some(target) => {
            let path = target.path.display();
            Err(Failure::Said(settings.lang.pick(
                format!("--output: {path} は点検で読むファイルです。別の名前にしてください。"),
                format!("--output: {path} is read in this run; choose another name."),
            )))
        }
        None => Ok(()),
    }
}

/// Writes all files.
pub fn write(targets: &[Target], report: &Report, rules: &Ruleset, style: Style) -> Result<(), Failure> {
    for target in targets {
        let plain = Style { color: false, width: 80, ..style };
        let text = target.form.print(report, rules, plain);
        replace(&target.path, text.as_bytes()).map_err(|error| {
            let path = target.path.display();
            Failure::Said(style.lang.pick(
                format!(
                    "{path}: 書けません（{error}）。フォルダがあるか、書く権限と空き容量があるかを確かめてください。"
                ),
                format!("{path}: cannot write ({error})."),
            ))
        })?;
    }
    Ok(())
}

/// Writes a file so that nobody ever sees half of it, and a failure leaves what was there.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link.
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    if path.metadata().is_ok_and(|known| !known.is_file()) {
        // A pipe or a device cannot be replaced.
        let mut file = std::fs::OpenOptions::new().write(true).open(path)?;
        return file.write_all(bytes).and_then(|()| file.flush());
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".exo-lint-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let kept = path.metadata().map_or_else(|_| std::fs::Permissions::from_mode(0o666), |known| known.permissions());
        builder.permissions(kept);
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Writes to standard output.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Columns of the terminal.
pub fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    columns.or_else(|| terminal_size::terminal_size().map(|(w, _)| usize::from(w.0))).unwrap_or(80)
}

/// Whether a terminal shows colours, and nobody asked for none.
pub fn has_color() -> bool {
    io::stdout().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
        && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
}
