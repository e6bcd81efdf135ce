//! `rules` and `explain`: what the rules say, for people.

use std::fmt::Write;

use exo_lint::lang::Lang;
use exo_lint::pattern::Unknown;
use exo_lint::provision;
use exo_lint::report::human;
use exo_lint::rule::File;
use exo_lint::ruleset::{FileText, Ruleset};

/// All rules, one a line.
pub fn list(rules: &Ruleset, lang: Lang) -> String {
    let mut text = String::new();
    for rule in &rules.rules {
        let categories: Vec<&str> = rule.category.iter().map(|c| c.name()).collect();
        let _ =
            writeln!(text, "{:<36} {:<7} {}  [{}]", rule.id, rule.severity.name(), rule.title, categories.join(" "));
    }
    let kinds: Vec<&str> = rules.kinds.iter().map(|kind| kind.id.as_str()).collect();
    let _ = writeln!(text, "\n{}: {}\n", lang.pick("製品の種類", "Kinds of product"), kinds.join("、"));
    let _ = writeln!(
        text,
        "{}",
        lang.pick(
            format!("{} 規則。exo-lint explain ID で説明を表示します。", rules.rules.len()),
            format!("{} rules.", rules.rules.len())
        )
    );
    text
}

/// One rule in full.
///
/// # Errors
///
/// When there is none of that id; says which is nearest.
pub fn rule(rules: &Ruleset, files: &[FileText], id: &str, lang: Lang) -> Result<String, String> {
    let Some(rule) = rules.by_id(id) else { return Err(unknown(rules, id, lang)) };
    let mut text = format!("{}\n{}（{}）\n\n{}\n", rule.id, rule.title, human::severity(rule.severity, lang), rule.why);
    let _ = writeln!(text, "\n{}", lang.pick("区分", "Categories"));
    for category in &rule.category {
        let _ = writeln!(text, "  {}（{}）", category.name(), category.title());
    }
    let _ = writeln!(text, "\n{}", lang.pick("根拠", "Law"));
    for provision in rule.law.iter().filter_map(|id| provision::get(id)) {
        let _ = writeln!(text, "  {}（{}）{}", provision.citation(), provision.authority.title(), provision.title);
        if let Some(quote) = provision.quotable() {
            let _ = writeln!(text, "    「{quote}」");
        }
        if !provision.url.is_empty() {
            let _ = writeln!(text, "    {}", provision.url);
        }
    }
    if !rule.suggest.is_empty() {
        let _ = writeln!(text, "\n{}", lang.pick("言い換え", "Instead"));
        for suggestion in &rule.suggest {
            let when = suggestion.when.as_ref().map(|w| format!("（{w}）")).unwrap_or_default();
            let _ = writeln!(text, "  {}{when}", suggestion.text);
        }
    }
    let written = files.iter().find(|f| f.name == rule.file).and_then(|f| toml::from_str::<File>(&f.text).ok());
    if let Some(table) = written.and_then(|f| f.rule.into_iter().find(|r| r.id == rule.id)) {
        let _ = writeln!(text, "\n{}", lang.pick("指摘する例", "Found"));
        for example in &table.ng {
            let _ = writeln!(text, "  × {}", example.text);
        }
        let _ = writeln!(text, "\n{}", lang.pick("指摘しない例", "Not found"));
        for example in &table.ok {
            let _ = writeln!(text, "  ○ {}", example.text);
        }
    }
    Ok(text)
}

/// That a rule does not exist, and which could be meant.
pub fn unknown(rules: &Ruleset, id: &str, lang: Lang) -> String {
    let nearest = Unknown::among(id, rules.rules.iter().map(|r| r.id.as_str())).nearest;
    let hint = match nearest {
        Some(near) => lang.pick(format!("「{near}」のことでしょうか。"), format!("Did you mean {near:?}? ")),
        None => String::new(),
    };
    lang.pick(
        format!("規則「{id}」はありません。{hint}exo-lint rules で一覧を見られます。"),
        format!("There is no rule {id:?}. {hint}See exo-lint rules."),
    )
}

/// The strings that the prefilter looks for, one a line.
pub fn anchors(rules: &Ruleset) -> String {
    let mut anchors: Vec<&str> = rules.prefilter.anchors().iter().map(|a| &**a).collect();
    anchors.sort();
    anchors.join("\n") + "\n"
}
