//! `why FILE:LINE:COL`: how a place was read, and what became of the claims there.

use std::fmt::Write;
use std::path::Path;

use exo_lint::bunsetsu::{Kind, Link};
use exo_lint::document::Format;
use exo_lint::engine::Brief;
use exo_lint::inspection::{self, Inspection, Outcome, Weighed};
use exo_lint::lang::Lang;
use exo_lint::morpheme::Analyzer;
use exo_lint::product::Category;
use exo_lint::report::human;

use crate::Failure;
use crate::files::Reader;
use crate::settings::Settings;

pub fn run(
    place: &str,
    category: Option<Category>,
    reader: Reader,
    settings: &Settings,
    json: bool,
) -> Result<String, Failure> {
    let lang = reader.lang;
    let Some((path, line, column)) = parse(place) else {
        return Err(Failure::Said(lang.pick(
            format!("「{place}」を読めません。copy.md:12:5 のように、ファイル:行:列（1 から）で指定してください。"),
            format!("cannot read {place:?}; write FILE:LINE:COL, e.g. copy.md:12:5"),
        )));
    };
    let source = reader.read(Path::new(path)).map_err(|m| Failure::Said(format!("{}: {}", m.path, m.reason)))?;
    let Some(offset) = source.offset(line, column) else {
        return Err(Failure::Said(lang.pick(
            format!("{path} に {line} 行 {column} 列はありません。"),
            format!("{path} has no line {line}, column {column}"),
        )));
    };
    let asked = category.map_or_else(Brief::default, Brief::of);
    let brief = settings.brief(&asked, Path::new(path));
    let format = Format::of_source(&source);
    match inspection::inspect(&settings.rules, &mut Analyzer::embedded(), &source, format, &brief, offset) {
        Some(inspection) if json => {
            Ok(serde_json::to_string_pretty(&inspection).expect("an inspection is JSON") + "\n")
        }
        Some(inspection) => Ok(show(&inspection, lang)),
        None if json => Ok("null\n".to_owned()),
        None => Ok(lang
            .pick(
                "ここには表示される文章がありません（記法、コード、URL など）。\n",
                "No visible text here (markup, code, a URL).\n",
            )
            .to_owned()),
    }
}

/// `FILE:LINE:COL`; the file's name may hold colons.
fn parse(place: &str) -> Option<(&str, usize, usize)> {
    let (rest, column) = place.rsplit_once(':')?;
    let (path, line) = rest.rsplit_once(':')?;
    Some((path, line.parse().ok()?, column.parse().ok()?))
}

fn show(inspection: &Inspection, lang: Lang) -> String {
    let mut text = format!("{}: {}\n", lang.pick("文", "sentence"), inspection.sentence);
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "{label}: {value}");
        }
    };
    line(lang.pick("場所", "in"), inspection.origin.title(lang).unwrap_or_default());
    line(lang.pick("見出し", "headings"), &inspection.headings.join(" < "));
    line(lang.pick("前置き・列や行の見出し", "introduced by"), &inspection.leads.join(" < "));
    line(lang.pick("区分", "category"), lang.pick(inspection.category.title(), inspection.category.name()));
    line(lang.pick("製品の種類", "kinds of product"), &inspection.products.join("、"));
    if inspection.elsewhere {
        text.push_str(lang.pick(
            "このページは別の話題（商品や施術を勧めていない長い文章）なので、何も指摘しません。\n",
            "The page is about something else: nothing on it is reported.\n",
        ));
    }
    let _ = writeln!(text, "\n{}", lang.pick("主張", "claims"));
    if inspection.claims.is_empty() {
        text.push_str(
            lang.pick("  この文に、規則が見る主張はありません。\n", "  No rule sees a claim in this sentence.\n"),
        );
    }
    for claim in &inspection.claims {
        weighed(&mut text, claim, lang);
    }
    if !inspection.considered.is_empty() {
        let _ = writeln!(
            text,
            "\n{}",
            lang.pick("手がかりの語はあるが、主張にならなかった規則", "rules whose words are here but make no claim")
        );
        for rule in &inspection.considered {
            let why = match rule.other_category {
                true => lang.pick("（この区分の規則ではない）", " (not for this category)"),
                false => "",
            };
            let _ = writeln!(text, "  {} {}{why}", rule.rule, rule.title);
        }
    }
    let _ = writeln!(text, "\n{}", lang.pick("文節と形態素", "phrases and words"));
    for phrase in &inspection.phrases {
        let _ = writeln!(text, "  {}  〈{}・{}〉", phrase.text, kind(phrase.kind), link(phrase.link));
        for word in &phrase.words {
            let lemma = if word.lemma == word.surface { String::new() } else { format!("（{}）", word.lemma) };
            let _ = writeln!(text, "    {}{lemma}  {}", word.surface, word.detail);
        }
    }
    text
}

fn weighed(text: &mut String, claim: &Weighed, lang: Lang) {
    let _ = writeln!(text, "  {}「{}」", claim.rule, claim.text);
    let parts: Vec<String> = claim.parts.iter().map(|p| format!("{}={}", p.name, p.text)).collect();
    if !parts.is_empty() {
        let _ = writeln!(text, "    {}: {}", lang.pick("関係", "relation"), parts.join("、"));
    }
    if !claim.tail.is_empty() {
        let _ = writeln!(text, "    {}: {}", lang.pick("述べ方を見た所", "said with"), claim.tail);
    }
    match &claim.outcome {
        Outcome::Reported { severity, with, remarks, accepted, off } => {
            for remark in remarks {
                let _ = writeln!(text, "    {}: {}", lang.pick("条件", "if"), remark.explain());
            }
            let grave = human::severity(*severity, lang);
            let _ = match with {
                _ if *off => {
                    writeln!(
                        text,
                        "    → {}",
                        lang.pick("指摘しない: この規則は設定で止めてある", "not reported: the rule is off")
                    )
                }
                None if let Some(reason) = accepted => writeln!(
                    text,
                    "    → {}",
                    lang.pick(format!("認められている: {reason}"), format!("accepted: {reason}"))
                ),
                None => {
                    writeln!(text, "    → {}", lang.pick(format!("指摘（{grave}）"), format!("reported ({grave})")))
                }
                Some(with) => writeln!(
                    text,
                    "    → {}",
                    lang.pick(format!("{with} の指摘に含める"), format!("told along with {with}"))
                ),
            };
        }
        Outcome::Dismissed { reasons } => {
            for reason in reasons {
                let place = match reason.outside {
                    true => format!(" {}:{}", reason.start.line, reason.start.column),
                    false => String::new(),
                };
                let _ = writeln!(
                    text,
                    "    → {}: {}（{}{place}）",
                    lang.pick("指摘しない", "dismissed"),
                    lang.pick(&reason.title, &reason.id),
                    reason.text.trim(),
                );
            }
        }
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Nominal => "体言",
        Kind::Formal => "形式名詞",
        Kind::Predicate => "述語",
        Kind::Adverbial => "副詞句",
        Kind::Modifier => "連体",
        Kind::Other => "その他",
    }
}

fn link(link: Link) -> &'static str {
    match link {
        Link::Subject => "が",
        Link::Object => "を",
        Link::Topic => "は",
        Link::Also => "も",
        Link::Oblique => "に・で・と・から",
        Link::Genitive => "の",
        Link::Parallel => "並列",
        Link::Bare => "助詞なし",
        Link::Plain => "連体形・終止形",
        Link::Continues => "続く",
        Link::Adverbial => "連用",
        Link::Quote => "引用",
        Link::Final => "文末",
    }
}
