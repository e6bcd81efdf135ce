//! `--show-config`: what is in force, as TOML that a configuration could hold.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use exo_lint::engine::Brief;
use exo_lint::product::Profile;
use exo_lint::provision::Authority;
use toml_edit::{Array, DocumentMut, Table, value};

use crate::settings::Settings;

/// The configuration of the run; for each file named, of that file.
pub fn config(settings: &Settings, asked: &Profile, paths: &[PathBuf]) -> String {
    let lang = settings.lang;
    let mut text = String::new();
    let read = settings.file.as_ref().map(|file| file.display().to_string());
    let _ = match &read {
        Some(file) => writeln!(text, "# {}: {file}", lang.pick("設定ファイル", "configuration")),
        None => writeln!(text, "# {}", lang.pick("設定ファイルはありません", "no configuration file")),
    };
    let mut document = DocumentMut::new();
    document["lang"] = value(lang.name());
    document["fail-on"] = value(settings.fail_on.name());
    if let Some(least) = settings.min_severity {
        document["min-severity"] = value(least.name());
    }
    let all = Authority::ALL.to_vec();
    let authority = if settings.authority.is_empty() { &all } else { &settings.authority };
    document["authority"] = value(authority.iter().map(|a| a.name()).collect::<Array>());
    let day = settings.as_of.to_string().parse::<toml_edit::Datetime>().expect("a day is a date of TOML");
    document["as-of"] = value(day);
    document["rule-pages"] = value(&settings.pages);
    text.push_str(&document.to_string());
    let files: Vec<&PathBuf> = paths.iter().filter(|path| !path.is_dir()).collect();
    if files.is_empty() {
        text.push_str(&of_file(settings, asked, Path::new("."), None));
    }
    for path in files {
        text.push_str(&of_file(settings, asked, path, Some(&path.display().to_string())));
    }
    text
}

/// What is in force for one file, but for what it says itself.
fn of_file(settings: &Settings, asked: &Profile, path: &Path, name: Option<&str>) -> String {
    let brief = settings.brief(&Brief { asked: asked.clone(), ..Brief::default() }, path);
    let profile = brief.asked.clone().or(&brief.configured);
    let mut table = Table::new();
    table["category"] = value(profile.category().name());
    for (key, values) in [("product", &profile.kinds), ("efficacy", &profile.efficacy), ("active", &profile.active)] {
        if !values.is_empty() {
            table[key] = value(values.iter().collect::<Array>());
        }
    }
    // That they rest on nothing in force is told by authority and as-of.
    let off = settings.rules.without_ground(settings.as_of, &settings.authority);
    let mut levels: Vec<(&str, &str)> = brief
        .levels
        .iter()
        .filter(|(rule, _)| !off.contains(rule))
        .map(|(rule, level)| (settings.rules.rule(*rule).id.as_str(), level.map_or("off", |level| level.name())))
        .collect();
    levels.sort_unstable();
    let mut own = Table::new();
    for (rule, level) in levels {
        own[rule] = value(level);
    }
    let mut document = DocumentMut::new();
    match name {
        // A file is told as a table of its own.
        Some(name) => {
            table.insert("files", value([name].into_iter().collect::<Array>()));
            table.sort_values_by(|a, _, b, _| (a.get() != "files").cmp(&(b.get() != "files")));
            if !own.is_empty() {
                table.insert("severity", toml_edit::Item::Table(own));
            }
            let mut list = toml_edit::ArrayOfTables::new();
            list.push(table);
            document.insert("path", toml_edit::Item::ArrayOfTables(list));
        }
        None => {
            table.iter().for_each(|(key, item)| _ = document.insert(key, item.clone()));
            if !own.is_empty() {
                document.insert("severity", toml_edit::Item::Table(own));
            }
        }
    }
    match name {
        Some(_) => format!("\n{document}"),
        None => document.to_string(),
    }
}
