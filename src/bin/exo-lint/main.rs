//! The program: arguments, files, output, exit codes. All judgement is in the library.

mod accepted;
mod args;
mod changed;
mod check;
mod explain;
mod files;
mod output;
mod pages;
mod progress;
mod project;
mod rulefile;
mod settings;
mod show;
mod walk;
mod watch;
mod why;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use exo_lint::config;
use exo_lint::example;
use exo_lint::lang::Lang;
use exo_lint::ledger;
use exo_lint::morpheme::Analyzer;
use exo_lint::report::json;
use exo_lint::rule;
use exo_lint::ruleset::{FileText, Ruleset};

use args::{Args, Command, Described};
use output::print;
use project::Project;
use settings::{Choice, Settings};

/// 0 nothing found, 1 findings, 2 could not run or read something named.
const FOUND: u8 = 1;
const FAILED: u8 = 2;

fn main() -> ExitCode {
    let args = Args::parse();
    let lang = args.lang().unwrap_or_default();
    let done = match &args.command {
        None => check::run(&args, &args.check),
        Some(Command::Check(asked)) => check::run(&args, asked),
        Some(Command::Rules) => Settings::load(&args.choice(), &args.wish())
            .and_then(|settings| print(&explain::list(&settings.rules, settings.lang)))
            .map(|()| 0),
        Some(Command::Explain { rule }) => explain(&args, rule),
        Some(Command::Why { place, category, encoding, json }) => {
            let project = Project::around(None);
            let reader = files::Reader { encoding: *encoding, lang, project: &project };
            Settings::load(&args.choice(), &args.wish())
                .and_then(|settings| why::run(place, *category, reader, &settings, *json))
                .and_then(|text| print(&text))
                .map(|()| 0)
        }
        Some(Command::Test { files, rule }) => test(files, rule.as_deref(), &args.choice(), lang),
        Some(Command::Init) => settings::init(lang).and_then(|text| print(&text)).map(|()| 0),
        Some(Command::Schema { of }) => {
            let schema = match of {
                Described::Output => json::schema(),
                Described::Lines => json::line_schema(),
                Described::Config => config::schema(),
                Described::Rules => rule::schema(),
                Described::Accepted => ledger::schema(),
            };
            print(&format!("{}\n", serde_json::to_string_pretty(&schema).expect("a schema is JSON"))).map(|()| 0)
        }
        Some(Command::Completions { shell }) => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Args::command(), env!("CARGO_PKG_NAME"), &mut text);
            print(&String::from_utf8_lossy(&text)).map(|()| 0)
        }
        Some(Command::Man) => {
            let mut text = Vec::new();
            let rendered = clap_mangen::Man::new(Args::command()).render(&mut text);
            rendered.map_err(Failure::from).and_then(|()| print(&String::from_utf8_lossy(&text))).map(|()| 0)
        }
        Some(Command::Pages { folder }) => pages::write(folder, lang).and_then(|said| print(&said)).map(|()| 0),
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

fn explain(args: &Args, rule: &str) -> Result<u8, Failure> {
    let settings = Settings::load(&args.choice(), &args.wish())?;
    let lang = settings.lang;
    let files = rulefile::base(args.choice().rulesets.as_deref(), lang)?;
    match explain::rule(&settings.rules, &files, rule, lang) {
        Ok(text) => print(&text).map(|()| 0),
        Err(text) => Err(Failure::Said(text)),
    }
}

fn test(paths: &[std::path::PathBuf], rule: Option<&str>, choice: &Choice, lang: Lang) -> Result<u8, Failure> {
    let mut own = Vec::new();
    for path in paths {
        let text = rulefile::read(path, lang)?;
        let config = path.file_name().is_some_and(|name| name == settings::NAME);
        own.push(FileText { name: path.display().to_string(), text, config });
    }
    let mut files = rulefile::base(choice.rulesets.as_deref(), lang)?;
    files.extend(own.iter().cloned());
    let rules = Ruleset::from_files(&files).map_err(|problems| rulefile::said(&problems, lang))?;
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
