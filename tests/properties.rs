//! What must hold for every text: nothing hidden, nothing lost, no panic.

use exo_lint::document::Format;
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
    let brief = Brief { category: Some(Category::Cosmetics), exhaustive, ..Brief::default() };
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

    #[test]
    fn no_text_panics(text in "(\\PC|[シミ消える若返「」※*#|\\-\\n\\r\\t>`_\\[\\]()!&;<])" .prop_map(|s| s.to_string()), parts in prop::collection::vec("[\\PC\\n|#*>`※「」シミが消える\u{200D}\u{3099}]{0,12}", 0..12)) {
        let text = text + &parts.concat();
        TOOLS.with_borrow_mut(|(rules, analyzer)| {
            for name in ["a.md", "a.txt"] {
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
        let (found, _) = found(&rules, &mut analyzer, &one.repeat(100), "a.md", false);
        assert!(found.len() >= at_least, "{one}: {}", found.len());
    }
}
