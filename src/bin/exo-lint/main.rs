//! The program: arguments, files, output, exit codes. All judgement is in the library.

mod args;
mod explain;
mod files;
mod settings;
mod walk;
mod why;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Parser;
use exo_lint::config;
use exo_lint::document::Include;
use exo_lint::engine::Brief;
use exo_lint::example;
use exo_lint::lang::Lang;
use exo_lint::morpheme::Analyzer;
use exo_lint::product::Profile;
use exo_lint::report::{self, human, json};
use exo_lint::rule;
use exo_lint::ruleset::{FileText, Ruleset};

use args::{Args, Check, Color, Command, Described, Hidden, OutputFormat};
use settings::{Choice, Settings};

/// 0 nothing found, 1 findings, 2 could not run or read something named.
const FOUND: u8 = 1;
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    let lang = args.lang();
    let done = match &args.command {
        None => check(&args, &args.check),
        Some(Command::Check(check_args)) => check(&args, check_args),
        Some(Command::Rules) => Settings::load(&args.choice(), lang)
            .and_then(|settings| print(&explain::list(&settings.rules, lang)))
            .map(|()| 0),
        Some(Command::Explain { rule }) => explain(&args, rule),
        Some(Command::Why { place, category, encoding, json }) => {
            let reader = files::Reader { encoding: *encoding, lang };
            Settings::load(&args.choice(), lang)
                .and_then(|settings| why::run(place, *category, reader, &settings, *json))
                .and_then(|text| print(&text))
                .map(|()| 0)
        }
        Some(Command::Test { files, rule }) => test(files, rule.as_deref(), &args.choice(), lang),
        Some(Command::Init) => settings::init(lang).and_then(|text| print(&text)).map(|()| 0),
        Some(Command::Schema { of }) => {
            let schema = match of {
                Described::Output => json::schema(),
                Described::Config => config::schema(),
                Described::Rules => rule::schema(),
            };
            print(&format!("{}\n", serde_json::to_string_pretty(&schema).expect("a schema is JSON"))).map(|()| 0)
        }
        Some(Command::Anchors) => print(&explain::anchors(&Ruleset::builtin())).map(|()| 0),
    };
    match done {
        Ok(code) => ExitCode::from(code),
        Err(Failure::Said(text)) => {
            let _ = writeln!(io::stderr(), "{text}");
            ExitCode::from(FAILED)
        }
        // Nobody reads any more: that is not a failure of ours.
        Err(Failure::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Write(error)) => {
            let _ = writeln!(
                io::stderr(),
                "{}",
                lang.pick(format!("出力できません: {error}"), format!("cannot write: {error}"))
            );
            ExitCode::from(FAILED)
        }
    }
}

/// Why the program could not do what was asked.
enum Failure {
    Said(String),
    Write(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

fn check(args: &Args, check: &Check) -> Result<u8, Failure> {
    let lang = args.lang();
    let reader = files::Reader { encoding: check.encoding, lang };
    if check.show_files {
        print(&walk::listing(&check.paths, check.stdin_filename.as_deref(), check.jobs, reader))?;
        return Ok(0);
    }
    let settings = Settings::load(&args.choice(), lang)?;
    let rules = &settings.rules;
    check.product.iter().try_for_each(|kind| settings::known(rules, kind, "--product", lang))?;
    let include = Include { comments: check.include.contains(&Hidden::Comments) };
    let asked = Profile { category: check.category, kinds: check.product.clone(), ..Profile::default() };
    let brief = Brief { asked, include, ..Brief::default() };
    let inputs = walk::gather(&check.paths, check.stdin_filename.as_deref(), check.jobs, lang);
    let mut report = files::check_all(&settings, inputs, &brief, check.jobs, reader);
    if let Some(least) = check.min_severity {
        report.retain(least);
    }
    report.top = check.top;
    let style = human::Style { width: width(), color: colored(check.color), lang };
    let text = match check.format {
        _ if check.quiet => String::new(),
        OutputFormat::Human => human::report(&report, rules, style),
        OutputFormat::Concise => human::concise(&report, rules, style),
        OutputFormat::Json => {
            let mut text = serde_json::to_string_pretty(&json::output(&report, rules)).expect("a report is JSON");
            text.push('\n');
            text
        }
    };
    print(&text)?;
    if report.files.is_empty() && report.not_evaluated.is_empty() && !check.quiet {
        let _ = writeln!(
            io::stderr(),
            "{}",
            lang.pick(
                format!(
                    "点検するファイルがありません。フォルダでは .{} を探します。--show-files で理由を見られます。",
                    walk::CHECKED.join(" .")
                ),
                format!("Nothing to check: folders are searched for .{}; see --show-files.", walk::CHECKED.join(" .")),
            )
        );
    }
    // The process ends: taking thousands of patterns apart again helps nobody.
    std::mem::forget(settings);
    Ok(match report.worst() {
        _ if report.is_partial() => {
            complain(check, &report, lang);
            FAILED
        }
        Some(worst) if worst >= check.fail_on => FOUND,
        _ => 0,
    })
}

/// Formats for programs say on the side what a person should know.
fn complain(check: &Check, report: &report::Report, lang: Lang) {
    if check.format == OutputFormat::Json || check.quiet {
        let _ = write!(io::stderr(), "{}", human::problems(report, lang));
    }
}

fn explain(args: &Args, rule: &str) -> Result<u8, Failure> {
    let lang = args.lang();
    let settings = Settings::load(&args.choice(), lang)?;
    match explain::rule(&settings.rules, &settings::base(&args.choice(), lang)?, rule, lang) {
        Ok(text) => print(&text).map(|()| 0),
        Err(text) => Err(Failure::Said(text)),
    }
}

fn test(paths: &[std::path::PathBuf], rule: Option<&str>, choice: &Choice, lang: Lang) -> Result<u8, Failure> {
    let mut own = Vec::new();
    for path in paths {
        let text = settings::read(path, lang)?;
        let config = path.file_name().is_some_and(|name| name == settings::NAME);
        own.push(FileText { name: path.display().to_string(), text, config });
    }
    let mut files = settings::base(choice, lang)?;
    files.extend(own.iter().cloned());
    let rules = Ruleset::from_files(&files).map_err(|problems| settings::said(&problems, lang))?;
    if let Some(rule) = rule
        && rules.by_id(rule).is_none()
    {
        return Err(Failure::Said(explain::unknown(&rules, rule, lang)));
    }
    let tried = if own.is_empty() { &files } else { &own };
    let proof = example::prove(&rules, &mut Analyzer::embedded(), tried, rule);
    let mut text = String::new();
    for problem in &proof.failed {
        text.push_str(&problem.explain(lang));
        text.push('\n');
    }
    text.push_str(&lang.pick(
        format!("例 {} 件: 成立 {}、不成立 {}。\n", proof.tried, proof.tried - proof.failed.len(), proof.failed.len()),
        format!("{} examples: {} hold, {} fail.\n", proof.tried, proof.tried - proof.failed.len(), proof.failed.len()),
    ));
    print(&text)?;
    Ok(if proof.failed.is_empty() { 0 } else { FOUND })
}

fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    columns.or_else(|| terminal_size::terminal_size().map(|(w, _)| usize::from(w.0))).unwrap_or(80)
}

fn colored(color: Color) -> bool {
    match color {
        Color::Always => true,
        Color::Never => false,
        Color::Auto => {
            io::stdout().is_terminal()
                && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
                && std::env::var_os("TERM").is_none_or(|t| t != "dumb")
        }
    }
}
