//! What must hold for every text: nothing hidden, nothing lost, no panic.

use exo_lint::document::{self, Format, Include, OPAQUE};
use exo_lint::engine::{self, Brief};
use exo_lint::morpheme::Analyzer;
use exo_lint::normal::Normal;
use exo_lint::product::Category;
use exo_lint::ruleset::{Ruleset, builtin_files};
use exo_lint::source::Source;
use proptest::prelude::*;

/// A finding, by rule id and place.
type Found = (String, u32, u32);

fn found(rules: &Ruleset, analyzer: &mut Analyzer, text: &str, name: &str, exhaustive: bool) -> (Vec<Found>, usize) {
    let source = Source::from_text(name, text);
    let brief = Brief { exhaustive, ..Brief::of(Category::Cosmetics) };
    let checked = engine::check(rules, analyzer, &source, Format::of(name), &brief);
    for d in &checked.diagnostics {
        let slice = source.text().get(d.span.range()).expect("whole characters");
        assert!(!slice.is_empty());
        let visible = Normal::fold(&d.text).replace([' ', '\n'], "");
        let underlined = Normal::fold(slice).replace([' ', '\n'], "");
        assert!(d.text != slice || underlined == visible, "{slice:?} shows as {visible:?}");
        for (name, part) in &d.parts {
            assert!(d.span.covers(*part), "{name} lies outside of its finding");
        }
    }
    let found = checked.diagnostics.iter().map(|d| (rules.rule(d.rule).id.clone(), d.span.start, d.span.end)).collect();
    (found, checked.dismissed.len())
}

fn fixtures() -> Vec<(String, String)> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures");
    let mut pages = Vec::new();
    for folder in ["clean", "marked"] {
        for entry in std::fs::read_dir(format!("{root}/{folder}")).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|e| e == "md" || e == "txt") {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                pages.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    pages.sort();
    pages
}

#[test]
fn the_prefilter_hides_nothing_on_pages() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    for (name, text) in fixtures() {
        let filtered = found(&rules, &mut analyzer, &text, &name, false);
        let all = found(&rules, &mut analyzer, &text, &name, true);
        assert_eq!(filtered, all, "{name}");
    }
}

#[test]
fn the_order_of_rules_does_not_matter() {
    let mut files = builtin_files();
    let forward = Ruleset::from_files(&files).unwrap();
    files.reverse();
    let backward = Ruleset::from_files(&files).unwrap();
    let mut analyzer = Analyzer::embedded();
    for (name, text) in fixtures() {
        let places = |rules: &Ruleset, analyzer: &mut Analyzer| {
            let mut places: Vec<(u32, u32)> =
                found(rules, analyzer, &text, &name, false).0.into_iter().map(|f| (f.1, f.2)).collect();
            places.sort_unstable();
            places
        };
        assert_eq!(places(&forward, &mut analyzer), places(&backward, &mut analyzer), "{name}");
    }
}

/// Fragments that meet rules, contexts and notes in many ways.
const FRAGMENTS: [&str; 48] = [
    "シミ",
    "しみ",
    "ｼﾐ",
    "シワ",
    "たるみ",
    "肌",
    "お肌",
    "細胞",
    "毛穴",
    "ニキビ",
    "が",
    "を",
    "は",
    "も",
    "の",
    "に",
    "や",
    "消える",
    "消えます",
    "消え",
    "薄くなる",
    "若返る",
    "若返り",
    "改善",
    "除去",
    "再生",
    "浸透",
    "ない",
    "ません",
    "たい",
    "という表現は使えません",
    "「",
    "」",
    "、",
    "。",
    "！",
    "？",
    "※1",
    "角質層まで",
    "3日で",
    "必ず",
    "医師",
    "推薦",
    "美容液",
    "\n",
    "\n\n",
    "**",
    "★",
];

thread_local! {
    static TOOLS: std::cell::RefCell<(Ruleset, Analyzer)> = std::cell::RefCell::new((Ruleset::builtin(), Analyzer::embedded()));
}

/// The letters of a piece of a page, those of its tags among them.
fn letters(slice: &str) -> String {
    let piece = Source::from_text("a", format!("<textarea>{slice}"));
    let document = document::read(&piece, Format::Html, Include::default());
    let shown = document.blocks.iter().flat_map(|b| &b.runs);
    squeezed(&shown.map(|r| r.shown.as_deref().unwrap_or(piece.slice(r.span))).collect::<String>())
}

/// Whether all letters of a text stand in another, in their order.
fn holds(all: &str, some: &str) -> bool {
    let mut all = all.chars();
    some.chars().all(|c| all.any(|other| other == c))
}

fn squeezed(text: &str) -> String {
    let text = text.replace(OPAQUE, "").replace('…', "");
    Normal::fold(&text).split_whitespace().collect()
}

/// Pieces of pages, whole and broken.
const MARKUP: [&str; 61] = [
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<div>",
    "</div>",
    "<div hidden>",
    "<span style='display:none'>",
    "</span>",
    "<br>",
    "<ul>",
    "<li>",
    "</ul>",
    "<table>",
    "<tr>",
    "<td>",
    "<td rowspan=2>",
    "<th colspan=3>",
    "</table>",
    "<h2>",
    "</h2>",
    "<dl><dt>",
    "<dd>",
    "</dl>",
    "<ruby>",
    "<rt>",
    "</ruby>",
    "<small>",
    "<sup>",
    "</sup>",
    "<a href=#>",
    "</a>",
    "<img alt=\"",
    "\">",
    "<title>",
    "</title>",
    "<script>",
    "<script type=\"application/ld+json\">{\"name\":\"",
    "\"}</script>",
    "</script>",
    "<!--",
    "-->",
    "<svg>",
    "</svg>",
    "<select><option>",
    "<textarea>",
    "&amp;",
    "&#12471;",
    "&",
    "{{",
    "}}",
    "{% if %}",
    "<?php",
    "?>",
    "{$a}",
    "《しみ》",
    "\n",
    "    ",
    "<section>",
    "</section>",
    "<pre>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_prefilter_hides_nothing_on_any_text(parts in prop::collection::vec(0..FRAGMENTS.len(), 0..24)) {
        let text: String = parts.into_iter().map(|p| FRAGMENTS[p]).collect();
        TOOLS.with_borrow_mut(|(rules, analyzer)| {
            let filtered = found(rules, analyzer, &text, "a.md", false);
            let all = found(rules, analyzer, &text, "a.md", true);
            assert_eq!(filtered, all, "{text}");
        });
    }

    /// What is underlined reads as what was found, in pages that no editor would make.
    #[test]
    fn spans_hold_what_was_found(parts in prop::collection::vec((0..MARKUP.len(), 0..FRAGMENTS.len(), any::<bool>()), 0..24)) {
        let text: String = parts.into_iter().flat_map(|(m, f, both)| [MARKUP[m], if both { FRAGMENTS[f] } else { "シミが消える" }]).collect();
        TOOLS.with_borrow_mut(|(rules, analyzer)| {
            for name in ["a.html", "a.md"] {
                let source = Source::from_text(name, &*text);
                let include = Include { comments: true };
                let brief = Brief { include, ..Brief::of(Category::Cosmetics) };
                let checked = engine::check(rules, analyzer, &source, Format::of(name), &brief);
                let exhaustive = Brief { exhaustive: true, ..brief };
                let all = engine::check(rules, analyzer, &source, Format::of(name), &exhaustive);
                assert_eq!(checked.diagnostics.len(), all.diagnostics.len(), "{text}");
                for d in &checked.diagnostics {
                    let slice = source.text().get(d.span.range()).expect("whole characters");
                    assert!(holds(&letters(slice), &squeezed(&d.text)), "{slice:?} reads as {:?} in {text:?}", d.text);
                }
            }
        });
    }

    #[test]
    fn no_text_panics(text in "(\\PC|[シミ消える若返「」※*#|\\-\\n\\r\\t>`_\\[\\]()!&;<])" .prop_map(|s| s.to_string()), parts in prop::collection::vec("[\\PC\\n|#*>`※「」シミが消える\u{200D}\u{3099}]{0,12}", 0..12)) {
        let text = text + &parts.concat();
        TOOLS.with_borrow_mut(|(rules, analyzer)| {
            for name in ["a.md", "a.mdx", "a.html", "a.txt"] {
                found(rules, analyzer, &text, name, false);
            }
        });
    }
}

/// Work grows with the text, not with its square: the same sentence many times over, in one
/// block without a full stop, finds as much per sentence as once.
#[test]
fn long_sentences_are_linear() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    let one = "シミが消える、肌が若返る、";
    let counts: Vec<usize> =
        [50, 100, 200].map(|n| found(&rules, &mut analyzer, &one.repeat(n), "a.md", false).0.len()).to_vec();
    assert!(counts[1] >= counts[0] * 19 / 10 && counts[2] >= counts[1] * 19 / 10, "{counts:?}");
}

/// A long list of claims is no page about something else, though no product is named in it.
#[test]
fn a_page_full_of_claims_is_read() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    for (one, at_least) in [("- シミが消える\n", 90), ("- 肌が若返る\n", 90), ("シミもシワも消える。\n\n", 90)]
    {
        let source = Source::from_text("a.md", one.repeat(100));
        let checked = engine::check(&rules, &mut analyzer, &source, Format::Markdown, &Brief::default());
        // The same sentence again is the same finding.
        let places: usize = checked.diagnostics.iter().map(|d| 1 + d.elsewhere.len()).sum();
        assert!(places >= at_least && checked.diagnostics.len() < 5, "{one}: {places}");
    }
}

/// The steps of matching grow with the text, not with its square: long sentences, many sentences in a
/// paragraph, long lists under a heading, pages of questions, whatever asks its neighbours.
#[cfg(debug_assertions)]
#[test]
fn work_is_linear() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    for (before, one) in [
        ("", "シミが消える、肌が若返る、"),
        ("", "シミは？消えます。"),
        ("", "シミが消える。「シワが消える」という表現は使えません。"),
        ("## 消えたもの\n\n", "- 頬のシミ\n"),
        ("## シミ\n\n", "2週間で薄くなります。\n\n"),
        ("", "シミは消えますか？\n\nいいえ、消えません。\n\n"),
        ("以下は使えない表現です。\n\n", "シミが消える\n\n"),
        ("|NG|OK|\n|-|-|\n", "|シミが消える|肌にうるおい|\n"),
        ("# 薬機法の解説\n\n", "- シミが消える美容液\n"),
        ("", "肌の奥の、そのまた奥の、"),
    ] {
        let mut steps = |times: usize| {
            let page = format!("{before}{}", one.repeat(times));
            exo_lint::pattern::work::taken();
            found(&rules, &mut analyzer, &page, "a.md", false);
            exo_lint::pattern::work::taken()
        };
        // The first sentences of a paragraph have less to take up: four times the text, a little more work.
        let (short, long) = (steps(120), steps(480));
        assert!(long <= short * 8 + 1000, "{one:?}: {short} steps for 120, {long} for 480");
    }
}

/// However deep a page nests, however little of it is closed, it is read to its end.
#[test]
fn no_page_is_too_deep() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    let claim = "シミが消える美容液";
    for (before, after) in [
        ("<div>", "</div>"),
        ("<div><b><p>", ""),
        ("<table><tr><td>", "</b></i></p>"),
        ("<ul><li>", ""),
        ("<dl><dt>問い<dd>", ""),
        ("<section><h2>題</h2>", "</section>"),
        ("<ruby>肌<rt>はだ", ""),
        ("<span hidden>", "</span>"),
        ("<td colspan=999 rowspan=999>", ""),
        ("<!-- ", " -->"),
        ("{{ {% <?php [a ", ""),
        ("> ", ""),
        ("- ", ""),
    ] {
        let page = format!("{}{claim}{}\n\n{claim}", before.repeat(20_000), after.repeat(20_000));
        for format in [Format::Html, Format::Markdown, Format::Mdx] {
            let source = Source::from_text("a", &*page);
            let brief = Brief { include: Include { comments: true }, ..Brief::default() };
            engine::check(&rules, &mut analyzer, &source, format, &brief);
        }
    }
}

/// One claim is one finding: what several rules see stands once, the others go along with it.
#[test]
fn no_two_findings_underline_the_same_words() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    let brief = Brief::of(Category::Cosmetics);
    for folder in ["marked", "pages"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
        for file in std::fs::read_dir(path).unwrap().flatten() {
            let name = file.file_name().into_string().unwrap();
            let Ok(text) = std::fs::read_to_string(file.path()) else { continue };
            if !name.ends_with(".md") && !name.ends_with(".html") {
                continue;
            }
            let source = Source::from_text(name.as_str(), text);
            let checked = engine::check(&rules, &mut analyzer, &source, Format::of_source(&source), &brief);
            for pair in checked.diagnostics.windows(2) {
                assert!(pair[0].span != pair[1].span, "{name}: {} and {}", pair[0].message, pair[1].message);
                let also = |d: &exo_lint::diagnostic::Diagnostic| d.also.iter().any(|(rule, _)| *rule == d.rule);
                assert!(!also(&pair[0]), "{name}: a rule goes along with itself");
            }
        }
    }
}

/// Texts in which a panic once was.
#[test]
fn what_broke_once_holds() {
    for text in ["シミ？\nがシワ消える", "シ？\nミが消える、シワ\n！が消える"] {
        TOOLS.with_borrow_mut(|(rules, analyzer)| {
            let filtered = found(rules, analyzer, text, "a.md", false);
            assert_eq!(filtered, found(rules, analyzer, text, "a.md", true), "{text}");
        });
    }
}
