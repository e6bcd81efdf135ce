//! Whole pages. `fixtures/clean` stays silent in all nine categories; `fixtures/marked` equals
//! the report beside each page (`SNAPSHOTS=overwrite cargo test` rewrites them for review).

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use exo_lint::document::Format;
use exo_lint::engine::{self, Brief};
use exo_lint::lang::Lang;
use exo_lint::morpheme::Analyzer;
use exo_lint::product::Category;
use exo_lint::report::{FileReport, Report, human};
use exo_lint::ruleset::Ruleset;
use exo_lint::source::Source;

fn pages(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut pages: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| {
            let name = p.file_name().unwrap().to_string_lossy();
            name.ends_with(".md") || (name.ends_with(".txt") && !name.ends_with(".report.txt"))
        })
        .collect();
    pages.sort();
    assert!(!pages.is_empty());
    pages
}

fn read(path: &Path) -> Source {
    Source::decode(path.file_name().unwrap().to_string_lossy(), &std::fs::read(path).unwrap()).unwrap()
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
            let brief = Brief { category: Some(category), ..Brief::default() };
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
    for path in pages("marked") {
        let source = read(&path);
        let checked = engine::check(&rules, &mut analyzer, &source, Format::of(source.name()), &Brief::default());
        let report = Report { files: vec![FileReport { source, checked }], not_evaluated: Vec::new() };
        let style = human::Style { width: 80, color: false, lang: Lang::Ja };
        let text = human::report(&report, &rules, style);
        let expected = path.with_extension("report.txt");
        snapbox::Assert::new().action_env("SNAPSHOTS").eq(text, snapbox::Data::read_from(&expected, None).raw());
    }
}

#[derive(serde::Deserialize)]
struct Claims {
    #[serde(default)]
    claim: Vec<Expected>,
    #[serde(default)]
    silent: Vec<Expected>,
}

#[derive(serde::Deserialize)]
struct Expected {
    text: String,
    #[serde(default)]
    topic: String,
}

/// The cosmetics pages against what a reviewer marked on them: found words that share four
/// characters with a marked claim count as found.
#[test]
fn cosmetics_pages_are_read_as_a_reviewer_reads_them() {
    let rules = Ruleset::builtin();
    let mut analyzer = Analyzer::embedded();
    let floors: BTreeMap<&str, usize> = BTreeMap::from([("serum", 80), ("shampoo", 50)]);
    for (name, floor) in floors {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/marked/{name}.md"));
        let source = read(&path);
        let checked = engine::check(&rules, &mut analyzer, &source, Format::Markdown, &Brief::default());
        let claims: Claims =
            toml::from_str(&std::fs::read_to_string(path.with_extension("claims.toml")).unwrap()).unwrap();
        let found = |expected: &str| checked.diagnostics.iter().any(|d| shares(&d.text, expected));
        let hits = claims.claim.iter().filter(|c| found(&c.text)).count();
        for missed in claims.claim.iter().filter(|c| !found(&c.text)) {
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
        let percent = hits * 100 / claims.claim.len();
        println!("{name}: {hits}/{} claims, {} false alarms", claims.claim.len(), noise.len());
        assert!(percent >= floor, "{name}: {percent} % of the marked claims found");
        assert!(noise.is_empty(), "{name}: {noise:?}");
    }
}

fn shares(a: &str, b: &str) -> bool {
    if a.contains(b) || b.contains(a) {
        return true;
    }
    let a: Vec<char> = a.chars().collect();
    a.windows(4).any(|w| b.contains(&w.iter().collect::<String>()))
}
