//! Provisions as people cite them, and what to do about a finding in a few lines.

use jiff::civil::Date;

use super::Style;
use crate::diagnostic::Diagnostic;
use crate::provision::{self, Authority};
use crate::ruleset::Ruleset;

/// One line for each instrument in force on a day, with its articles (written by `article`) and whose word it is.
pub fn lines(ids: &[String], day: Date, article: fn(&str) -> String) -> Vec<String> {
    let mut lines: Vec<(&str, Authority, Vec<&str>)> = Vec::new();
    for provision in ids.iter().filter_map(|id| provision::get(id)).filter(|p| p.in_force(day)) {
        match lines.iter_mut().find(|(name, ..)| *name == provision.short()) {
            Some((.., articles)) if articles.contains(&provision.article.as_str()) => {}
            Some((.., articles)) => articles.push(&provision.article),
            None => lines.push((provision.short(), provision.authority, vec![&provision.article])),
        }
    }
    let line = |(name, authority, articles): (&str, Authority, Vec<&str>)| {
        let whose = match authority {
            Authority::Law => String::new(),
            _ if name.contains(authority.title()) => String::new(),
            _ => format!("（{}）", authority.title()),
        };
        let articles: Vec<String> = articles.into_iter().map(article).collect();
        format!("{name} {}{whose}", articles.join("、"))
    };
    lines.into_iter().map(line).collect()
}

/// What a reader of a log or a review needs besides the message: what is missing, on what it rests, what
/// could be written instead, where to read more; a line each.
pub fn advice(diagnostic: &Diagnostic, rules: &Ruleset, style: Style) -> Vec<String> {
    let rule = rules.rule(diagnostic.rule);
    let lang = style.lang;
    let mut advice = Vec::new();
    let mut tell = |label: &str, bodies: Vec<String>, between: &str| {
        if !bodies.is_empty() {
            advice.push(format!("{label}: {}", bodies.join(between)));
        }
    };
    let missing = diagnostic.missing().map(|part| part.title.clone()).collect();
    tell(lang.pick("足りない記載", "missing"), missing, "、");
    tell(lang.pick("根拠", "law"), lines(&rule.law, style.as_of, str::to_owned), "、");
    let suggestions = rules.suggestions(rule, diagnostic.category).map(|s| match &s.when {
        Some(when) => format!("{}（{when}）", s.text),
        None => s.text.clone(),
    });
    tell(lang.pick("言い換え", "instead"), suggestions.collect(), lang.pick("／", " / "));
    tell(lang.pick("説明", "see"), vec![style.page(&rule.id)], "");
    advice
}
