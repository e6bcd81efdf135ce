//! `why FILE:LINE:COL`: how a place was read, and what became of the claims there.

use std::fmt::Write;
use std::path::Path;

use exo_lint::bunsetsu::{Kind, Link};
use exo_lint::document::Format;
use exo_lint::engine::{self, Brief, Inspection};
use exo_lint::lang::Lang;
use exo_lint::morpheme::Analyzer;
use exo_lint::product::Category;
use exo_lint::report::human;
use exo_lint::ruleset::Ruleset;
use exo_lint::verdict::Verdict;

use crate::Failure;
use crate::files::Reader;

pub fn run(place: &str, category: Option<Category>, reader: Reader) -> Result<String, Failure> {
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
    let rules = Ruleset::builtin();
    let brief = Brief { category, ..Brief::default() };
    let format = Format::of_source(&source);
    match engine::inspect(&rules, &mut Analyzer::embedded(), &source, format, &brief, offset) {
        Some(inspection) => Ok(show(&inspection, &rules, lang)),
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

fn show(inspection: &Inspection, rules: &Ruleset, lang: Lang) -> String {
    let mut text = format!("{}: {}\n", lang.pick("文", "sentence"), inspection.sentence.trim());
    let _ = writeln!(text, "{}: {}", lang.pick("区分", "category"), inspection.category.title());
    let _ = writeln!(text, "\n{}", lang.pick("主張", "claims"));
    if inspection.claims.is_empty() {
        let _ = writeln!(
            text,
            "  {}",
            lang.pick("この文に、規則が見る主張はありません。", "No rule sees a claim in this sentence.")
        );
    }
    for (rule, words, verdict) in &inspection.claims {
        let rule = rules.rule(*rule);
        let _ = writeln!(text, "  {}「{words}」", rule.id);
        match verdict {
            Verdict::Stands { severity, .. } => {
                let _ = writeln!(
                    text,
                    "    → {}",
                    lang.pick(
                        format!("指摘（{}）", human::severity(*severity, lang)),
                        format!("reported ({})", severity.name())
                    )
                );
            }
            Verdict::Dismissed(reasons) => {
                for reason in reasons {
                    let _ = writeln!(
                        text,
                        "    → {}: {}",
                        lang.pick("指摘しない", "dismissed"),
                        lang.pick(&reason.title, &reason.id)
                    );
                }
            }
        }
    }
    let _ = writeln!(text, "\n{}", lang.pick("文節と形態素", "phrases and words"));
    for phrase in &inspection.phrases {
        let surface: String = phrase.words.clone().map(|w| inspection.words[w].surface.as_str()).collect();
        let _ = writeln!(text, "  {surface}  〈{}・{}〉", kind(phrase.kind), link(phrase.link));
        for word in &inspection.words[phrase.words.clone()] {
            let lemma = if word.lemma == word.surface { String::new() } else { format!("（{}）", word.lemma) };
            let _ = writeln!(text, "    {}{lemma}  {}", word.surface, word.detail);
        }
    }
    text
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
