//! Every entry of `dictionary/exo.csv` proves itself: in its proof sentences it is one word, in
//! its counter sentences it is not, and every variant stands where the word stands.

use exo_lint::morpheme::{Analyzer, Morpheme};
use exo_lint::normal::Normal;

struct Row {
    word: String,
    class: String,
    variants: Vec<String>,
    proof: Vec<String>,
    counter: Vec<String>,
}

fn rows() -> Vec<Row> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/dictionary/exo.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    let list = |s: &str| s.split('|').map(str::trim).filter(|s| !s.is_empty()).map(str::to_owned).collect();
    reader
        .records()
        .map(|r| {
            let r = r.unwrap();
            Row {
                word: r[0].to_owned(),
                class: r[1].to_owned(),
                variants: list(&r[3]),
                proof: list(&r[4]),
                counter: list(&r[5]),
            }
        })
        .collect()
}

/// Whether the entry stands in a text, and there in this spelling.
fn stands(analyzer: &mut Analyzer, text: &str, row: &Row, spelling: Option<&str>) -> bool {
    let text = Normal::fold(text);
    let words = analyzer.analyze(&text, 0);
    // フリー the suffix is not フリー the noun.
    let class = if row.class == "接尾" { "接尾" } else { "" };
    let fits = |w: &Morpheme| {
        w.lemma() == row.word && w.word.detail.contains(class) && spelling.is_none_or(|s| w.surface(&text) == s)
    };
    words.iter().any(fits)
}

#[test]
fn every_entry_proves_itself() {
    let mut analyzer = Analyzer::embedded();
    let mut wrong = Vec::new();
    let rows = rows();
    assert!(rows.len() >= 300, "{} entries", rows.len());
    for row in &rows {
        assert!(!row.proof.is_empty(), "{} has no proof", row.word);
        assert_eq!(Normal::fold(&row.word), row.word, "{} is not in normal form", row.word);
        let inflected = row.class.contains(':') || row.class == "別表記";
        let spelling = (!inflected).then_some(row.word.as_str());
        for proof in &row.proof {
            if !stands(&mut analyzer, proof, row, None) {
                wrong.push(format!("{}: not one word in {proof}", row.word));
            }
        }
        if !inflected && !row.proof.iter().any(|p| stands(&mut analyzer, p, row, spelling)) {
            wrong.push(format!("{}: proved in no sentence in its own spelling", row.word));
        }
        for variant in row.variants.iter().filter(|_| row.proof[0].contains(&row.word)) {
            let text = row.proof[0].replace(&row.word, variant);
            if !stands(&mut analyzer, &text, row, (!inflected).then_some(variant.as_str())) {
                wrong.push(format!("{}: the variant {variant} is not one word in {text}", row.word));
            }
        }
        for counter in &row.counter {
            if stands(&mut analyzer, counter, row, None) {
                wrong.push(format!("{}: must not stand in {counter}", row.word));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} entries\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn words_stand_once() {
    let mut words: Vec<String> = rows().into_iter().map(|r| r.word).collect();
    words.sort();
    let count = words.len();
    words.dedup();
    assert_eq!(words.len(), count);
}
