//! What people read: each finding with its line, through miette, and what to do about it.

mod window;

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use miette::{GraphicalReportHandler, GraphicalTheme};
use textwrap::{Options, wrap};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use self::window::{Shown, Window};
use super::{FileReport, Miss, Report, Style, citation};
use crate::diagnostic::Diagnostic;
use crate::lang::Lang;
use crate::product::CategoryFrom;
use crate::provision;
use crate::rule::Severity;
use crate::ruleset::{RuleIx, Ruleset};
use crate::source::{Position, Source};
use crate::verdict::{Remark, Told};

/// Narrower terminals get lines of this width all the same.
const NARROWEST: usize = 40;

/// All findings in full, then the closing line.
pub fn report(report: &Report, rules: &Ruleset, style: Style) -> String {
    let mut text = String::new();
    let mut explained = Explained::default();
    let section = |(source, diagnostic): &(&Source, &Diagnostic)| {
        (std::ptr::from_ref(*source), diagnostic.section.as_ref().map(|(_, span)| *span))
    };
    let findings = report.findings();
    // A section may be left and taken up again: titles stand apart from what is under them.
    let (mut counts, mut of_file) = (HashMap::new(), HashMap::new());
    for finding in &findings {
        *counts.entry(section(finding)).or_insert(0) += 1;
        *of_file.entry(finding.0.name()).or_insert(0) += 1;
    }
    for findings in findings.chunk_by(|a, b| section(a) == section(b)) {
        let (source, first) = findings[0];
        if report.top.is_none() && of_file[source.name()] > FEW {
            heading(&mut text, source, first, counts[&section(&findings[0])], style);
        }
        for (source, diagnostic) in findings {
            finding(&mut text, source, diagnostic, rules, &mut explained, style);
        }
    }
    lacks(&mut text, report, style);
    if style.suppressed {
        accepted(&mut text, report, rules, style);
    }
    text.push_str(&problems(report, style.lang));
    text.push_str(&closing(report, rules, style));
    text
}

/// Pages with more findings are divided by their headings.
const FEW: usize = 8;

/// The part of a page that findings stand in: its heading, its line, how many there are.
fn heading(text: &mut String, source: &Source, diagnostic: &Diagnostic, count: usize, style: Style) {
    let lang = style.lang;
    let told = match &diagnostic.section {
        Some((title, span)) => {
            let line = source.position(span.start).line;
            let title = shortened(title, style.width.max(NARROWEST) / 2);
            lang.pick(format!("■ {title}（{line} 行目）: {count} 件"), format!("■ {title} (line {line}): {count}"))
        }
        None => lang.pick(format!("■ 見出しの前: {count} 件"), format!("■ before any heading: {count}")),
    };
    let rest = style.width.max(NARROWEST).saturating_sub(told.width() + 2);
    let _ = writeln!(text, "{told} {}\n", "─".repeat(rest));
}

/// No wider than so many columns.
fn shortened(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for grapheme in text.graphemes(true) {
        if kept.width() + grapheme.width() + 1 > width {
            break;
        }
        kept.push_str(grapheme);
    }
    kept + "…"
}

/// Where each rule was explained: law, reason and suggestions stand once in a file.
type Explained<'a> = HashMap<(&'a str, RuleIx), u32>;

/// `file:line:column`, which terminals and editors open.
pub fn place(source: &Source, at: u32) -> String {
    let Position { line, column, .. } = source.position(at);
    format!("{}:{line}:{column}", source.name())
}

/// The word for a severity.
pub fn severity(severity: Severity, lang: Lang) -> &'static str {
    match severity {
        Severity::Error => lang.pick("エラー", "error"),
        Severity::Warning => lang.pick("警告", "warning"),
        Severity::Info => lang.pick("確認", "info"),
    }
}

fn finding<'a>(
    text: &mut String,
    source: &'a Source,
    diagnostic: &Diagnostic,
    rules: &Ruleset,
    explained: &mut Explained<'a>,
    style: Style,
) {
    let width = style.width.max(NARROWEST);
    let rule = rules.rule(diagnostic.rule);
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let shown = Shown {
        head: head(severity(diagnostic.severity, style.lang), &rule.id, &rule.title, width).replacen(
            &rule.id,
            &style.linked(&rule.id),
            1,
        ),
        severity: diagnostic.severity,
        message: diagnostic.message.clone(),
        window: Window::new(source, diagnostic, width),
    };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(width).with_links(false).with_context_lines(0);
    let _ = handler.render_report(text, &shown);

    let lang = style.lang;
    let mut items = |label: &str, bodies: Vec<String>| field(text, label, &bodies, width);
    items(lang.pick("場所", "in"), diagnostic.origin.title(lang).into_iter().map(str::to_owned).collect());
    items(lang.pick("対象", "of"), taken_up(source, diagnostic));
    items(lang.pick("同じ文", "again"), again(source, diagnostic, lang));
    let told = diagnostic.remarks.iter().filter(|r| r.missing().is_none());
    let (spoken, conditions): (Vec<&Remark>, Vec<&Remark>) = told.partition(|r| r.speaker().is_some());
    let lines = diagnostic.missing().map(|p| match (p.elsewhere.is_empty(), p.looked_for.is_empty()) {
        (false, _) => format!("{} → {}", p.title, elsewhere(source, &p.elsewhere, lang)),
        (true, true) => p.title.clone(),
        (true, false) => format!("{}（例: {}）", p.title, p.looked_for.join("、")),
    });
    items(lang.pick("足りない記載", "missing"), lines.collect());
    items(lang.pick("話し手", "said by"), spoken.into_iter().map(Remark::explain).collect());
    items(lang.pick("条件", "if"), conditions.into_iter().map(Remark::explain).collect());
    match explained.entry((source.name(), diagnostic.rule)) {
        Entry::Occupied(first) => {
            let at = place(source, *first.get());
            let same = lang.pick(format!("{at} の指摘と同じです"), format!("as at {at}"));
            items(lang.pick("根拠・理由・言い換え", "law, why, instead"), vec![same]);
        }
        Entry::Vacant(new) => {
            new.insert(diagnostic.span.start);
            // An article is one word to a reader: 第66条第1項 does not break.
            items(lang.pick("根拠", "law"), citation::lines(&rule.law, style.as_of, unbroken));
            items(lang.pick("理由", "why"), vec![rule.why.clone()]);
            let suggestions = rules.suggestions(rule, diagnostic.category).map(|s| match &s.when {
                Some(when) => format!("{}（{when}）", s.text),
                None => s.text.clone(),
            });
            items(lang.pick("言い換え", "instead"), suggestions.collect());
        }
    }
    let also: Vec<&str> = diagnostic.also.iter().map(|(ix, _)| rules.rule(*ix).id.as_str()).collect();
    items(lang.pick("ほかに", "also"), if also.is_empty() { Vec::new() } else { vec![also.join("、")] });
    text.push('\n');
}

/// The pages that tell what another one lacks.
fn elsewhere(source: &Source, told: &[Told], lang: Lang) -> String {
    let page = |told: &Told| {
        let link = if told.linked { lang.pick("（リンクだけ）", " (linked)") } else { "" };
        format!("{}:{}{link}", beside(source, &told.page), told.line)
    };
    let pages = told.iter().take(MOST_PLACES).map(page).collect::<Vec<_>>();
    lang.pick(format!("{} にある", pages.join("、")), format!("in {}", pages.join(", ")))
}

/// The path of a page as seen from another.
fn beside<'a>(source: &Source, page: &'a str) -> &'a str {
    let inside = page.strip_prefix(source.folder());
    inside.and_then(|rest| rest.strip_prefix(['/', '\\'])).unwrap_or(page)
}

/// Which page of several lacks what, and where else it stands.
fn lacks(text: &mut String, report: &Report, style: Style) {
    let lang = style.lang;
    let lacking: Vec<&FileReport> = report.files.iter().filter(|file| file.lacks().next().is_some()).collect();
    if report.files.len() < 2 || lacking.is_empty() {
        return;
    }
    let _ = writeln!(text, "{}", lang.pick("必要な記載が見当たらないページ", "Pages that lack required statements"));
    for file in lacking {
        let mut parts: Vec<(&str, &[Told])> =
            file.lacks().map(|p| (p.title.as_str(), p.elsewhere.as_slice())).collect();
        let mut seen = HashSet::new();
        parts.retain(|(title, _)| seen.insert(*title));
        let part = |(title, told): (&str, &[Told])| match told.first() {
            Some(first) => lang.pick(
                format!("{title}（{} にある）", beside(&file.source, &first.page)),
                format!("{title} (in {})", beside(&file.source, &first.page)),
            ),
            None => title.to_owned(),
        };
        let told: Vec<String> = parts.into_iter().map(part).collect();
        let _ = writeln!(text, "  {}", file.source.name());
        let options = Options::new(style.width.max(NARROWEST) - 1).initial_indent("    ").subsequent_indent("    ");
        wrap(&told.join("、"), options).iter().for_each(|line| _ = writeln!(text, "{line}"));
    }
    text.push('\n');
}

/// What somebody accepted: where, which rule, why, who, until when.
fn accepted(text: &mut String, report: &Report, rules: &Ruleset, style: Style) {
    let lang = style.lang;
    if report.suppressed().next().is_some() {
        let _ = writeln!(text, "{}", lang.pick("認められている指摘", "Accepted"));
    }
    for (source, suppressed) in report.suppressed() {
        let (d, acceptance) = (&suppressed.diagnostic, &suppressed.acceptance);
        let _ = writeln!(text, "  {}: {} 「{}」", place(source, d.span.start), rules.rule(d.rule).id, d.text);
        let mut told = acceptance.reason.clone();
        let who = acceptance.by.as_ref().map(|by| lang.pick(format!("認めた人 {by}"), format!("by {by}")));
        let until = acceptance.until.map(|day| lang.pick(format!("{day} まで"), format!("until {day}")));
        let more: Vec<String> = who.into_iter().chain(until).collect();
        if !more.is_empty() {
            told.push_str(&format!("（{}）", more.join("、")));
        }
        let options = Options::new(style.width.max(NARROWEST) - 1).initial_indent("    ").subsequent_indent("    ");
        wrap(&told, options).iter().for_each(|line| _ = writeln!(text, "{line}"));
    }
}

/// Places listed in full; of more only the number is told.
const MOST_PLACES: usize = 4;

/// What the words are said of, where another sentence names it.
fn taken_up(source: &Source, diagnostic: &Diagnostic) -> Vec<String> {
    let objects = diagnostic.taken_up.iter().take(MOST_PLACES);
    objects.map(|(text, span)| format!("「{text}」 {}", place(source, span.start))).collect()
}

/// Where else the page says the same.
fn again(source: &Source, diagnostic: &Diagnostic, lang: Lang) -> Vec<String> {
    let places = &diagnostic.elsewhere;
    let mut lines: Vec<String> = places
        .iter()
        .take(MOST_PLACES)
        .map(|place| {
            let line = self::place(source, place.span.start);
            match place.origin.title(lang) {
                Some(origin) => lang.pick(format!("{line}（{origin}）"), format!("{line} ({origin})")),
                None => line,
            }
        })
        .collect();
    if let Some(more) = places.len().checked_sub(MOST_PLACES + 1) {
        let more = more + 1;
        lines.push(lang.pick(format!("ほか {more} か所"), format!("and {more} more")));
    }
    lines
}

/// Severity, id and, where the line has room, title.
fn head(severity: &str, id: &str, title: &str, width: usize) -> String {
    let short = format!("{severity} {id}");
    let full = format!("{short}: {title}");
    if full.width() <= width { full } else { short }
}

/// Keeps a line break out of a text; taken out again after wrapping.
const JOINER: char = '\u{2060}';

fn unbroken(text: &str) -> String {
    text.chars().flat_map(|c| [c, JOINER]).collect()
}

/// `  根拠: …`, wrapped under itself; the label stands once.
fn field(text: &mut String, label: &str, bodies: &[String], width: usize) {
    let head = format!("  {label}: ");
    let indent = " ".repeat(head.width());
    for (at, body) in bodies.iter().enumerate() {
        let initial = if at == 0 { &head } else { &indent };
        let options = Options::new(width.saturating_sub(1)).initial_indent(initial).subsequent_indent(&indent);
        for line in wrap(body, options) {
            text.extend(line.chars().filter(|c| *c != JOINER));
            text.push('\n');
        }
    }
}

/// How many findings each rule and each file has, most first.
pub fn statistics(report: &Report, rules: &Ruleset, style: Style) -> String {
    let lang = style.lang;
    let (mut of_rule, mut of_file) = (HashMap::new(), HashMap::new());
    for (source, d) in report.all() {
        *of_rule.entry(d.rule).or_insert(0) += 1;
        *of_file.entry(source.name()).or_insert(0) += 1;
    }
    let mut rules_by: Vec<(usize, &str, &str, Severity)> = of_rule
        .into_iter()
        .map(|(ix, count)| {
            let rule = rules.rule(ix);
            (count, rule.id.as_str(), rule.title.as_str(), rule.severity)
        })
        .collect();
    rules_by.sort_by_key(|&(count, id, ..)| (Reverse(count), id));
    let mut files_by: Vec<(usize, &str)> = of_file.into_iter().map(|(file, count)| (count, file)).collect();
    files_by.sort_by_key(|&(count, file)| (Reverse(count), file));
    let mut text = format!("{}\n", lang.pick("規則ごとの件数", "Findings by rule"));
    let widest = rules_by.iter().map(|(_, id, ..)| id.width()).max().unwrap_or(0);
    for (count, id, title, grave) in rules_by {
        let head = format!("{count:>6}  {id:<widest$}  {}  ", severity(grave, lang));
        let room = style.width.max(NARROWEST).saturating_sub(head.width() + 1);
        let _ = writeln!(text, "{}", format!("{head}{}", shortened(title, room)).trim_end());
    }
    let _ = writeln!(text, "{}", lang.pick("ファイルごとの件数", "Findings by file"));
    for (count, file) in files_by {
        let _ = writeln!(text, "{count:>6}  {file}");
    }
    text
}

/// What kept files from being evaluated as they ask to be, one line each.
pub fn problems(report: &Report, lang: Lang) -> String {
    let line = |miss: Miss| match miss.at {
        Some(at) => format!("{}:{}:{}: {}\n", miss.source, at.line, at.column, miss.said),
        None => format!("{}: {}\n", miss.source, miss.said),
    };
    report.misses(lang).map(line).collect()
}

/// Files, findings by severity, what was not looked at, and as what the text was read.
pub fn closing(report: &Report, rules: &Ruleset, style: Style) -> String {
    let counts = report.counts();
    let lang = style.lang;
    let (files, missed) = (report.files.len(), report.not_evaluated.len());
    let suppressed = report.suppressed().count();
    let mut line = lang.pick(
        format!(
            "{files} ファイル: エラー {}、警告 {}、確認 {}（抑止 {suppressed}、未評価 {missed}）。",
            counts.errors, counts.warnings, counts.infos
        ),
        format!(
            "{files} files: {} errors, {} warnings, {} infos ({suppressed} suppressed, {missed} not evaluated). ",
            counts.errors, counts.warnings, counts.infos
        ),
    );
    let mut categories: Vec<_> =
        report.files.iter().map(|f| (f.checked.profile.category(), f.checked.category_from)).collect();
    categories.sort();
    categories.dedup();
    let named: Vec<String> = categories
        .iter()
        .map(|&(category, from)| {
            let name = lang.pick(category.title(), category.name());
            let how = match from {
                CategoryFrom::Option => lang.pick("オプションで指定", "by option"),
                CategoryFrom::FrontMatter => lang.pick("front matter で指定", "by front matter"),
                CategoryFrom::Config => lang.pick("設定ファイルで指定", "by config"),
                CategoryFrom::Assumed => {
                    lang.pick("指定がないため仮定。--category で変えられます", "assumed; use --category")
                }
            };
            lang.pick(format!("{name}（{how}）"), format!("{name} ({how})"))
        })
        .collect();
    if !named.is_empty() {
        line.push_str(&lang.pick(format!("区分: {}。", named.join("、")), format!("Category: {}.", named.join(", "))));
    }
    let without: Vec<&str> = categories
        .iter()
        .filter(|(category, _)| !rules.rules.iter().any(|r| r.category.contains(category)))
        .map(|(category, _)| lang.pick(category.title(), category.name()))
        .collect();
    if !without.is_empty() {
        line.push_str(&lang.pick(
            format!("{}の規則はまだないため、点検していません。", without.join("・")),
            format!(" There are no rules for {} yet: not checked.", without.join(", ")),
        ));
    }
    let images: usize = report.files.iter().map(|f| f.checked.silent_images).sum();
    if images > 0 {
        line.push_str(&lang.pick(
            format!("代替テキストのない画像 {images} 枚の中は見ていません。"),
            format!(" {images} images without alternative text were not looked into."),
        ));
    }
    if style.as_of != provision::as_of() {
        let day = style.as_of;
        line.push_str(&lang.pick(format!("{day} に効力のある条項によります。"), format!(" Law as of {day}.")));
    }
    let found = counts.errors + counts.warnings + counts.infos;
    if let Some(top) = report.top.filter(|top| *top < found) {
        line.push_str(&lang.pick(
            format!("重いものから {top} 件だけを示しました（全 {found} 件）。"),
            format!(" Only the {top} gravest of {found} are shown."),
        ));
    }
    let mut text = String::new();
    for line in wrap(&line, style.width.max(NARROWEST).saturating_sub(1)) {
        text.push_str(&line);
        text.push('\n');
    }
    if found > 0 {
        let advice = lang.pick(
            "指摘は該当の「おそれ」を示すもので、法的な助言ではありません。",
            "Findings show what may conflict with the law; they are not legal advice.",
        );
        let pages = lang.pick(format!("規則の説明: {}", style.pages), format!("Rules: {}", style.pages));
        let _ = writeln!(text, "{advice}\n{pages}");
    }
    text
}
