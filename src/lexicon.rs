//! Which spellings are one word. The list is `dictionary/exo.csv`; rules name the first spelling
//! and find them all.

use std::collections::HashMap;
use std::sync::OnceLock;

struct Lexicon {
    /// A spelling and the word it is a spelling of.
    canonical: HashMap<&'static str, &'static str>,
    /// A word and its other spellings.
    variants: HashMap<&'static str, Vec<&'static str>>,
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(|| {
        let mut lexicon = Lexicon { canonical: HashMap::new(), variants: HashMap::new() };
        for line in include_str!(concat!(env!("OUT_DIR"), "/variants.tsv")).lines() {
            let mut words = line.split('\t');
            let Some(word) = words.next() else { continue };
            let others: Vec<&'static str> = words.collect();
            lexicon.canonical.extend(others.iter().map(|&other| (other, word)));
            lexicon.variants.entry(word).or_default().extend(others);
        }
        lexicon
    })
}

/// The word that a dictionary form is a spelling of; itself when it is nothing else.
pub fn canonical(lemma: &str) -> &str {
    lexicon().canonical.get(lemma).copied().unwrap_or(lemma)
}

/// The other spellings of a word.
pub fn variants(word: &str) -> &'static [&'static str] {
    lexicon().variants.get(word).map_or(&[], Vec::as_slice)
}
