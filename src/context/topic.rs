//! What a page is about, judged by its strings alone.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use aho_corasick::AhoCorasick;

use crate::pattern::{Requirement, Vocabulary};

/// Words by which a page shows what it is about. They are looked for as strings: a page is judged
/// without being read.
#[derive(Debug)]
pub struct Topic {
    anchors: Vec<String>,
    /// Built when the first page is judged.
    automaton: OnceLock<AhoCorasick>,
    /// Of each string, the word it belongs to; `None` for words that only count by their number.
    words: Vec<Option<usize>>,
    /// So many different words make a page one about them …
    least: usize,
    /// … and so do so many in a thousand characters.
    density: usize,
}

impl Topic {
    /// `telling` words count as different words, `common` ones only by their number.
    pub fn new(
        vocabulary: &Vocabulary,
        telling: Vec<Requirement>,
        common: Vec<Requirement>,
        least: usize,
        density: usize,
    ) -> Self {
        let (mut anchors, mut words) = (Vec::new(), Vec::new());
        let telling = telling.into_iter().enumerate().map(|(word, r)| (Some(word), r));
        for (word, requirement) in telling.chain(common.into_iter().map(|r| (None, r))) {
            for &anchor in requirement.clauses.iter().flat_map(|clause| clause.anchors.iter()) {
                anchors.push(vocabulary.anchor(anchor).to_owned());
                words.push(word);
            }
        }
        Self { anchors, automaton: OnceLock::new(), words, least, density }
    }

    pub(super) fn speaks(&self, text: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut hits = 0;
        let build = || AhoCorasick::new(&self.anchors).expect("some dozen words fit an automaton");
        for hit in self.automaton.get_or_init(build).find_iter(text) {
            hits += 1;
            seen.extend(self.words[hit.pattern().as_usize()]);
            if seen.len() >= self.least {
                return true;
            }
        }
        hits * 1000 >= self.density * text.chars().count()
    }
}
