//! The main command: which files, what of them, printed where, and the exit code.

use std::io::{self, Write};

use exo_lint::document::Include;
use exo_lint::engine::Brief;
use exo_lint::lang::Lang;
use exo_lint::product::Profile;
use exo_lint::report::{Report, Style, human};

use crate::args::{Args, Check, Color, Hidden};
use crate::project::Project;
use crate::settings::{self, Settings};
use crate::{FAILED, FOUND, Failure, files, output, walk};

/// Checks what is asked for; returns the exit code.
pub fn run(args: &Args, check: &Check) -> Result<u8, Failure> {
    let lang = args.lang();
    let project = Project::around(settings::locate(&args.choice()).as_deref());
    let reader = files::Reader { encoding: check.encoding, lang, project: &project };
    if check.show_files {
        output::print(&walk::listing(&check.paths, check.stdin_filename.as_deref(), check.jobs, reader))?;
        return Ok(0);
    }
    output::apart(&check.output, lang)?;
    let settings = Settings::load(&args.choice(), lang)?;
    let rules = &settings.rules;
    check.product.iter().try_for_each(|kind| settings::known(rules, kind, "--product", lang))?;
    let brief = Brief { asked: asked(check), include: include(check), ..Brief::default() };
    let inputs = walk::gather(&check.paths, check.stdin_filename.as_deref(), check.jobs, reader);
    let mut report = files::check_all(&settings, inputs, &brief, check.jobs, reader);
    if let Some(least) = check.min_severity {
        report.retain(least);
    }
    report.top = check.top;
    let style = style(check, lang);
    output::write(&check.output, &report, rules, style)?;
    if !check.quiet {
        output::print(&check.format.print(&report, rules, style))?;
    }
    aside(check, &report, lang);
    // The process ends: taking thousands of patterns apart again helps nobody.
    std::mem::forget(settings);
    Ok(match report.worst() {
        _ if report.is_partial() => FAILED,
        Some(worst) if worst >= check.fail_on => FOUND,
        _ => 0,
    })
}

fn asked(check: &Check) -> Profile {
    Profile { category: check.category, kinds: check.product.clone(), ..Profile::default() }
}

fn include(check: &Check) -> Include {
    Include { comments: check.include.contains(&Hidden::Comments) }
}

fn style(check: &Check, lang: Lang) -> Style<'static> {
    let color = match check.color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => output::has_color(),
    };
    Style { width: output::width(), color, lang, fail_on: check.fail_on, ..Style::default() }
}

/// Says on the side what a person should know and the report does not show.
fn aside(check: &Check, report: &Report, lang: Lang) {
    let mut err = io::stderr();
    if !check.format.is_for_people() || check.quiet {
        let _ = write!(err, "{}", human::problems(report, lang));
    }
    if report.files.is_empty() && report.not_evaluated.is_empty() && !check.quiet {
        let endings = walk::CHECKED.join(" .");
        let _ = writeln!(
            err,
            "{}",
            lang.pick(
                format!("点検するファイルがありません。フォルダでは .{endings} を探します。--show-files で理由を見られます。"),
                format!("Nothing to check: folders are searched for .{endings}; see --show-files."),
            )
        );
    }
}
