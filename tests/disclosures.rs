//! What pages of clinics do not tell though they must, on pages written by somebody who had not seen the
//! rules: half of them complete, half lacking one to three things.

use std::collections::BTreeSet;
use std::path::Path;

use exo_lint::document::Format;
use exo_lint::engine::{self, Brief};
use exo_lint::morpheme::Analyzer;
use exo_lint::product::Category;
use exo_lint::ruleset::Ruleset;
use exo_lint::source::Source;

#[derive(serde::Deserialize)]
struct Table {
    page: Vec<Page>,
}

#[derive(serde::Deserialize)]
struct Page {
    file: String,
    missing: BTreeSet<String>,
}

#[test]
fn what_is_missing_is_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables/disclosures");
    let table: Table = toml::from_str(&std::fs::read_to_string(folder.join("missing.toml")).unwrap()).unwrap();
    let (rules, mut analyzer) = (Ruleset::builtin(), Analyzer::embedded());
    let (mut exact, mut found, mut missing, mut wrong) = (0, 0, 0, 0);
    for page in &table.page {
        let text = std::fs::read_to_string(folder.join(&page.file)).unwrap();
        let source = Source::from_text(page.file.as_str(), text);
        let brief = Brief::of(Category::Clinic);
        let checked = engine::check(&rules, &mut analyzer, &source, Format::of_source(&source), &brief);
        let parts = checked.diagnostics.iter().flat_map(|d| d.missing());
        // The writers of the pages were not asked for the ministry's page on imports.
        let asked = parts.filter(|p| p.id != "notice");
        let named: BTreeSet<String> = asked.map(|p| p.id.clone()).collect();
        exact += usize::from(named == page.missing);
        missing += page.missing.len();
        found += page.missing.intersection(&named).count();
        wrong += named.difference(&page.missing).count();
        if named != page.missing {
            println!("{}: {named:?} instead of {:?}", page.file, page.missing);
        }
    }
    println!("disclosures: pages {exact}/{}, missing found {found}/{missing}, wrong {wrong}", table.page.len());
    assert!(exact >= 36 && found >= 28 && wrong <= 3);
}
