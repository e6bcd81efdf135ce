//! One sentence analysed: its words, phrases, and the words of the vocabulary found in it.

use super::vocabulary::{Trie, Vocabulary, WordIx};
use crate::bunsetsu::{self, Bunsetsu};
use crate::morpheme::{Analyzer, Class, Morpheme};
use crate::normal::Normal;
use crate::span::NormalSpan;

/// What patterns are matched against.
#[derive(Debug)]
pub struct Reading<'a> {
    /// The whole normal text.
    pub text: &'a str,
    /// The sentence in it.
    pub span: NormalSpan,
    pub words: Vec<Morpheme>,
    pub phrases: Vec<Bunsetsu>,
    /// Vocabulary words by the morpheme they start at: (start, end, word).
    found: Vec<(u32, u32, WordIx)>,
    /// For each morpheme, its phrase.
    phrase_of: Vec<u32>,
}

impl<'a> Reading<'a> {
    /// 今は, 半年後には, 朝には: when, not what.
    pub fn is_time(&self, phrase: &Bunsetsu) -> bool {
        phrase.words.clone().any(|w| {
            let word = &self.words[w];
            matches!(word.class(), Class::Number | Class::Counter) || word.word.detail.contains("副詞可能")
        })
    }

    /// Analyses a sentence.
    pub fn new(normal: &'a Normal, span: NormalSpan, analyzer: &mut Analyzer, vocabulary: &Vocabulary) -> Self {
        let text = normal.text();
        let words = analyzer.analyze(&text[span.range()], span.start);
        let phrases = bunsetsu::chunk(&words, text, normal.breaks(span));
        let found = find_words(text, &words, vocabulary);
        let mut phrase_of = Vec::with_capacity(words.len());
        for (at, phrase) in phrases.iter().enumerate() {
            phrase_of.extend(phrase.words.clone().map(|_| at as u32));
        }
        Self { text, span, words, phrases, found, phrase_of }
    }

    /// The vocabulary words that start at a morpheme: their ends and numbers.
    pub(super) fn found_at(&self, at: usize) -> impl Iterator<Item = (usize, WordIx)> + '_ {
        let from = self.found.partition_point(|&(start, ..)| (start as usize) < at);
        self.found[from..].iter().take_while(move |f| f.0 as usize == at).map(|&(_, end, word)| (end as usize, word))
    }

    /// The vocabulary words that start at one of these morphemes, in order: start and number.
    pub(super) fn found_in(&self, words: std::ops::Range<usize>) -> impl Iterator<Item = (usize, WordIx)> + '_ {
        let from = self.found.partition_point(|&(start, ..)| (start as usize) < words.start);
        self.found[from..]
            .iter()
            .take_while(move |f| (f.0 as usize) < words.end)
            .map(|&(start, _, word)| (start as usize, word))
    }

    /// All vocabulary words of the sentence: morpheme ranges and numbers.
    pub fn found(&self) -> impl Iterator<Item = (std::ops::Range<usize>, WordIx)> + '_ {
        self.found.iter().map(|&(start, end, word)| (start as usize..end as usize, word))
    }

    /// The phrase of a morpheme.
    pub fn phrase_of(&self, word: usize) -> usize {
        self.phrase_of[word] as usize
    }

    /// The text of a span.
    pub fn slice(&self, span: NormalSpan) -> &'a str {
        &self.text[span.range()]
    }

    /// The first morpheme that ends after an offset.
    pub fn word_at(&self, offset: u32) -> usize {
        self.words.partition_point(|w| w.span.end <= offset)
    }
}

/// Longer words than this are not made of more morphemes.
const MOST_MORPHEMES: usize = 10;

fn find_words(text: &str, words: &[Morpheme], vocabulary: &Vocabulary) -> Vec<(u32, u32, WordIx)> {
    let trie = vocabulary.trie();
    let mut found = Vec::new();
    for start in 0..words.len() {
        let mut node = Trie::ROOT;
        for (end, word) in words.iter().enumerate().skip(start).take(MOST_MORPHEMES) {
            // All but the last as written, the last in dictionary form.
            if let Some(ix) = trie.walk(node, word.lemma()).and_then(|node| trie.word(node)) {
                found.push((start as u32, end as u32 + 1, ix));
            }
            match trie.walk(node, word.surface(text)) {
                Some(next) => node = next,
                None => break,
            }
        }
    }
    found
}
