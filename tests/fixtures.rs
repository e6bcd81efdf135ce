//! Whole pages. `fixtures/clean` stays silent in all nine categories; `fixtures/marked` equals
//! the report beside each page (`SNAPSHOTS=overwrite cargo test` rewrites them for review).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use exo_lint::document::Format;
use exo_lint::engine::{self, Brief};
use exo_lint::morpheme::Analyzer;
use exo_lint::product::Category;
use exo_lint::report::{FileReport, Report, Style, human};
use exo_lint::rule::Severity;
use exo_lint::ruleset::Ruleset;
use exo_lint::source::Source;

fn pages(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| {
            let name = p.file_name().unwrap().to_string_lossy();
            name.ends_with(".md")
                || name.ends_with(".html")
                || (name.ends_with(".txt") && !name.ends_with(".report.txt") && !name.ends_with(".visible.txt"))
        })
        .collect();
    pages.sort();
    assert!(!pages.is_empty());
    pages
}

fn read(path: &Path) -> Source {
    Source::decode(path.file_name().unwrap().to_string_lossy(), &std::fs::read(path).unwrap(), None).unwrap()
}

#[derive(serde::Deserialize)]
struct Known {
    #[serde(default)]
    known: Vec<KnownFinding>,
}

/// A finding on a clean page that is known and explained.
#[derive(serde::Deserialize)]
struct KnownFinding {
    page: String,
    rule: String,
    text: String,
    reason: String,
}

#[test]
fn clean_pages_are_silent_in_every_category() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/clean/known.toml");
    let known: Known = toml::from_str(&std::fs::read_to_string(list).unwrap()).unwrap();
    let mut met = vec![false; known.known.len()];
    let mut noise = Vec::new();
    for path in pages("clean") {
        let source = read(&path);
        for category in Category::ALL {
            let brief = Brief::of(category);
            let checked = engine::check(&rules, &mut analyzer, &source, Format::of(source.name()), &brief);
            for d in &checked.diagnostics {
                let rule = &rules.rule(d.rule).id;
                match known.known.iter().position(|k| k.page == source.name() && k.rule == *rule && k.text == d.text) {
                    Some(at) => met[at] = true,
                    None => noise.push(format!("{} ({}): {rule} 「{}」", source.name(), category.name(), d.text)),
                }
            }
        }
    }
    assert!(noise.is_empty(), "{}", noise.join("\n"));
    for (known, met) in known.known.iter().zip(met) {
        assert!(
            met && !known.reason.is_empty(),
            "fixtures/clean/known.toml: {} 「{}」 is found no more, or has no reason",
            known.page,
            known.text
        );
    }
}

#[test]
fn marked_pages_equal_their_reports() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    for path in ["marked", "pages", "cosmetics", "mixed", "clinic"].into_iter().flat_map(pages) {
        let source = read(&path);
        let category = claims(&path).category.and_then(|c| Category::parse(&c));
        let brief = category.map_or_else(Brief::default, Brief::of);
        let checked = engine::check(&rules, &mut analyzer, &source, Format::of_source(&source), &brief);
        let report = Report { files: vec![FileReport { source, checked }], ..Report::default() };
        let style = Style::default();
        let text = human::report(&report, &rules, style);
        let expected = path.with_extension("report.txt");
        snapbox::Assert::new().action_env("SNAPSHOTS").eq(text, snapbox::Data::read_from(&expected, None).raw());
    }
}

fn claims(page: &Path) -> Claims {
    let path = page.with_extension("claims.toml");
    std::fs::read_to_string(path).map_or_else(|_| Claims::default(), |text| toml::from_str(&text).unwrap())
}

/// What a reviewer marked on a page.
#[derive(Default, serde::Deserialize)]
struct Claims {
    /// The category it is checked in; the file's own, or the default, without it.
    category: Option<String>,
    #[serde(default)]
    claim: Vec<Expected>,
    #[serde(default, alias = "fine")]
    silent: Vec<Expected>,
}

#[derive(serde::Deserialize)]
struct Expected {
    text: String,
    #[serde(default)]
    topic: String,
    /// Of a page: heading, list, alt …
    #[serde(default, rename = "where")]
    place: String,
}

/// The cosmetics pages against what a reviewer marked on them: found words that share four
/// characters with a marked claim count as found.
#[test]
fn cosmetics_pages_are_read_as_a_reviewer_reads_them() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    let floors: BTreeMap<&str, usize> = BTreeMap::from([
        ("marked/serum.md", 80),
        ("marked/shampoo.md", 50),
        ("pages/old-table-layout.html", 70),
        ("pages/shop-modern.html", 80),
        ("pages/cms-output.html", 75),
        ("pages/brand-story-eucjp.html", 100),
        ("pages/press-iso2022jp.html", 100),
        ("pages/mail-order-pc-sp.html", 60),
        ("pages/article-law.html", 50),
        ("pages/minified.html", 100),
    ]);
    for (name, floor) in floors {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/{name}"));
        let source = read(&path);
        let brief = Brief::of(Category::Cosmetics);
        let checked = engine::check(&rules, &mut analyzer, &source, Format::of_source(&source), &brief);
        let claims = claims(&path);
        let found = |expected: &str| checked.diagnostics.iter().any(|d| shares(&d.text, expected));
        let marked: Vec<&Expected> = claims.claim.iter().filter(|c| c.place != "comment").collect();
        let hits = marked.iter().filter(|c| found(&c.text)).count();
        for missed in marked.iter().filter(|c| !found(&c.text)) {
            println!("{name}: missed [{}] {}", missed.topic, missed.text);
        }
        let noise: Vec<&str> = checked
            .diagnostics
            .iter()
            .map(|d| d.text.as_str())
            .filter(|t| {
                claims.silent.iter().any(|s| s.text.contains(t)) && !claims.claim.iter().any(|c| shares(t, &c.text))
            })
            .collect();
        let percent = hits * 100 / marked.len();
        println!("{name}: {hits}/{} claims, {} false alarms", marked.len(), noise.len());
        assert!(percent >= floor, "{name}: {percent} % of the marked claims found");
        assert!(noise.is_empty(), "{name}: {noise:?}");
    }
}

/// Pages invented by somebody who had not seen the rules: percent of the marked claims found, and how many
/// passages that a reviewer passes are not passed.
#[test]
fn invented_pages_are_read_as_a_reviewer_reads_them() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    for (folder, floor, most_noise) in [("cosmetics", 53, 3), ("mixed", 82, 0), ("clinic", 78, 0)] {
        let (mut hits, mut marked, mut noise) = (0, 0, Vec::new());
        for path in pages(folder) {
            let (source, claims) = (read(&path), claims(&path));
            let category = claims.category.as_deref().and_then(Category::parse);
            let brief = category.map_or_else(Brief::default, Brief::of);
            let checked = engine::check(&rules, &mut analyzer, &source, Format::of_source(&source), &brief);
            let found: Vec<&str> =
                checked.diagnostics.iter().filter(|d| d.severity > Severity::Info).map(|d| d.text.as_str()).collect();
            let is_found = |claim: &&Expected| found.iter().any(|text| shares(text, &claim.text));
            let known = claims.claim.iter().filter(is_found).count();
            let is_noise = |text: &&&str| {
                claims.silent.iter().any(|s| s.text.contains(**text))
                    && !claims.claim.iter().any(|c| shares(text, &c.text))
            };
            noise.extend(found.iter().filter(is_noise).map(|text| format!("{}: {text}", source.name())));
            println!("{folder}/{}: {known}/{}", source.name(), claims.claim.len());
            hits += known;
            marked += claims.claim.len();
        }
        println!("{folder}: {hits}/{marked} claims, {} false alarms", noise.len());
        assert!(hits * 100 / marked >= floor, "{folder}: {hits}/{marked}");
        assert!(noise.len() <= most_noise, "{folder}: {noise:?}");
    }
}

fn shares(a: &str, b: &str) -> bool {
    let squeezed = |text: &str| text.split_whitespace().collect::<String>();
    let (a, b) = (squeezed(a), squeezed(b));
    let (a, b) = (a.as_str(), b.as_str());
    if a.contains(b) || b.contains(a) {
        return true;
    }
    let a: Vec<char> = a.chars().collect();
    a.windows(4).any(|w| b.contains(&w.iter().collect::<String>()))
}
