//! The main command: which files, what of them, printed where, and the exit code.

use std::io::{self, Write};
use std::path::PathBuf;

use exo_lint::document::Include;
use exo_lint::engine::Brief;
use exo_lint::lang::Lang;
use exo_lint::product::Profile;
use exo_lint::report::{Report, Style, human};
use exo_lint::rule::FailOn;

use crate::args::{Args, Check, Color, Hidden};
use crate::project::Project;
use crate::settings::{self, Settings, Wish};
use crate::{FAILED, FOUND, Failure, accepted, changed, files, output, rulefile, show, walk, watch};

/// Checks what is asked for; returns the exit code.
pub fn run(args: &Args, check: &Check) -> Result<u8, Failure> {
    let wish = wish(args, check);
    let said_in = wish.lang.unwrap_or_default();
    let project = Project::around(settings::locate(&args.choice()).as_deref());
    let reader = files::Reader { encoding: check.encoding, lang: said_in, project: &project };
    if check.show_files {
        output::print(&walk::listing(&wanted(check, said_in)?, check, reader))?;
        return Ok(0);
    }
    output::apart(&check.output, said_in)?;
    if check.watch {
        return watch::run(&args.choice(), check, said_in, || once(args, check, &project));
    }
    once(args, check, &project)
}

/// One run.
fn once(args: &Args, check: &Check, project: &Project) -> Result<u8, Failure> {
    let settings = Settings::load(&args.choice(), &wish(args, check))?;
    let (rules, lang) = (&settings.rules, settings.lang);
    check.product.iter().try_for_each(|kind| rulefile::known(rules, kind.trim(), "--product", lang))?;
    if check.show_config {
        output::print(&show::config(&settings, &asked(check), &check.paths))?;
        return Ok(0);
    }
    let reader = files::Reader { encoding: check.encoding, lang, project };
    let brief = Brief { asked: asked(check), include: include(check), ..Brief::default() };
    let ledger = accepted::find(args, check, project, lang)?;
    let ledger = ledger.map(|path| accepted::read(&path, reader).map(|ledger| (path, ledger))).transpose()?;
    let inputs = walk::gather(&wanted(check, lang)?, check, reader);
    output::spares(&check.output, &inputs, ledger.as_ref().map(|(path, _)| path), &settings)?;
    let known = ledger.as_ref().map(|(_, ledger)| ledger);
    let run = files::Run { settings: &settings, ledger: known, brief: &brief, jobs: jobs(check), quiet: check.quiet };
    let mut report = files::check_all(run, inputs, reader);
    if let Some(ledger) = known {
        let exists = |id: &str| project.path(id).exists();
        ledger.judge(&settings.rules, &mut report, settings.today, exists);
    }
    if let Some(least) = settings.min_severity {
        report.retain(least);
    }
    if check.write_accepted {
        return accepted::write(ledger, check, &settings, report, project);
    }
    report.top = check.top;
    let style = style(check, &settings);
    output::write(&check.output, &report, rules, style)?;
    let printed = if check.quiet { Ok(()) } else { output::print(&check.format.print(&report, rules, style)) };
    if check.statistics {
        let table = human::statistics(&report, rules, style);
        match check.format.is_for_people() || check.quiet {
            true => output::print(&table)?,
            // What programs read stays what it is.
            false => write!(io::stderr(), "{table}")?,
        }
    }
    aside(check, &report, lang);
    let code = code(&report, settings.fail_on);
    match printed {
        // Nobody reads any more; what was found stays found.
        Err(Failure::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe && !check.watch => {}
        printed => printed?,
    }
    // The process ends: taking thousands of patterns apart again helps nobody.
    std::mem::forget(settings);
    Ok(code)
}

/// The exit code that a report asks for.
pub fn code(report: &Report, fail_on: FailOn) -> u8 {
    match report.worst() {
        _ if report.is_partial() => FAILED,
        Some(worst) if fail_on.fails(worst) => FOUND,
        _ => 0,
    }
}

fn wish(args: &Args, check: &Check) -> Wish {
    let Check { fail_on, min_severity, .. } = *check;
    Wish { fail_on, min_severity, authority: check.authority.clone(), ..args.wish() }
}

/// The paths to look at: those named, or what changed among them.
fn wanted(check: &Check, lang: Lang) -> Result<Vec<PathBuf>, Failure> {
    match &check.changed {
        Some(base) => changed::files(base, &check.paths, lang),
        None => Ok(walk::or_here(&check.paths)),
    }
}

/// More threads than a few for each core only wait for each other.
fn jobs(check: &Check) -> usize {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    check.jobs.min(4 * cores)
}

fn asked(check: &Check) -> Profile {
    Profile {
        category: check.category,
        kinds: check.product.iter().map(|kind| kind.trim().to_owned()).collect(),
        ..Profile::default()
    }
}

fn include(check: &Check) -> Include {
    Include { comments: check.include.contains(&Hidden::Comments) }
}

fn style<'a>(check: &Check, settings: &'a Settings) -> Style<'a> {
    let color = match check.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => output::has_color(),
    };
    Style {
        width: output::width(),
        color,
        lang: settings.lang,
        fail_on: settings.fail_on,
        as_of: settings.as_of,
        suppressed: check.show_suppressed,
        pages: &settings.pages,
    }
}

/// Says on the side what a person should know and the report does not show.
fn aside(check: &Check, report: &Report, lang: Lang) {
    let mut err = io::stderr();
    if !check.format.is_for_people() || check.quiet {
        let _ = write!(err, "{}", human::problems(report, lang));
    }
    if report.files.is_empty() && report.not_evaluated.is_empty() && !check.quiet {
        let endings = walk::CHECKED.join(" .");
        let said = match check.changed {
            Some(_) => lang.pick("変わったファイルはありません。".into(), "Nothing has changed.".into()),
            None => lang.pick(
                format!("点検するファイルがありません。フォルダでは .{endings} を探します。--show-files で理由を見られます。"),
                format!("Nothing to check: folders are searched for .{endings}; see --show-files."),
            ),
        };
        let _ = writeln!(err, "{said}");
    }
}
