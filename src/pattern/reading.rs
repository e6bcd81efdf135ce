//! One sentence analysed: its words, phrases, and the words of the vocabulary found in it.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use rustc_hash::FxBuildHasher;

use super::lead::{Alive, Numbers};
use super::matching::Outcome;
use super::vocabulary::{ClassIx, GroupIx, LiteralIx, ROOT, Vocabulary, WordIx};
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
    /// The words found.
    said: Numbers,
    /// For each morpheme, where what starts at it begins in `found`.
    found_from: Vec<u32>,
    /// For each byte of the sentence, the morpheme that begins there or after white space there.
    starts: Vec<u32>,
    /// For each morpheme, its phrase.
    phrase_of: Vec<u32>,
    /// Literals by the offset they stand at, looked for when a pattern asks.
    literals: OnceCell<Vec<(u32, LiteralIx)>>,
    /// Where classes by spelling may begin.
    spelled: RefCell<HashMap<ClassIx, Rc<[u32]>, FxBuildHasher>>,
    /// What of a group may hold at all.
    alive: RefCell<HashMap<GroupIx, Rc<Alive>, FxBuildHasher>>,
    /// What longer entries of a group came to at an offset: many patterns ask of the same group.
    outcomes: RefCell<Outcomes>,
}

/// By group and offset.
type Outcomes = HashMap<(GroupIx, u32), Rc<[Outcome]>, FxBuildHasher>;

/// No morpheme.
const NONE: u32 = u32::MAX;

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
        let found_from = (0..=words.len() as u32).map(|at| found.partition_point(|&(start, ..)| start < at) as u32);
        let mut said = Numbers::default();
        found.iter().for_each(|&(.., word)| said.add(word.0));
        Self {
            text,
            span,
            said,
            found_from: found_from.collect(),
            starts: starts(&text[span.range()], span.start, &words),
            words,
            phrases,
            found,
            phrase_of,
            literals: OnceCell::new(),
            spelled: RefCell::default(),
            alive: RefCell::default(),
            outcomes: RefCell::default(),
        }
    }

    /// The morpheme that begins at an offset, or after white space there.
    pub(super) fn word_start(&self, at: u32) -> Option<usize> {
        self.starts.get((at - self.span.start) as usize).filter(|&&word| word != NONE).map(|&word| word as usize)
    }

    /// The numbers of all vocabulary words of the sentence.
    pub(super) fn said(&self) -> &Numbers {
        &self.said
    }

    fn found_from(&self, words: Range<usize>) -> &[(u32, u32, WordIx)] {
        &self.found[self.found_from[words.start] as usize..self.found_from[words.end] as usize]
    }

    /// The vocabulary words that start at a morpheme: their ends and numbers.
    pub(super) fn found_at(&self, at: usize) -> impl Iterator<Item = (usize, WordIx)> + '_ {
        self.found_from(at..at + 1).iter().map(|&(_, end, word)| (end as usize, word))
    }

    /// The vocabulary words that start at one of these morphemes, in order: start and number.
    pub(super) fn found_in(&self, words: Range<usize>) -> impl Iterator<Item = (usize, WordIx)> + '_ {
        self.found_from(words).iter().map(|&(start, _, word)| (start as usize, word))
    }

    /// The literals that stand within a span, in order: where and which.
    pub(super) fn literals_in(&self, vocabulary: &Vocabulary, within: NormalSpan) -> &[(u32, LiteralIx)] {
        let all = self.literals.get_or_init(|| find_literals(self.slice(self.span), self.span.start, vocabulary));
        let from = all.partition_point(|&(at, _)| at < within.start);
        let upto = all.partition_point(|&(at, _)| at < within.end);
        &all[from..upto]
    }

    /// Where a class may begin in the sentence, looked for once.
    pub(super) fn spelled(&self, class: ClassIx, starts: impl FnOnce() -> Vec<u32>) -> Rc<[u32]> {
        let known = self.spelled.borrow().get(&class).cloned();
        known.unwrap_or_else(|| {
            let found: Rc<[u32]> = starts().into();
            self.spelled.borrow_mut().insert(class, Rc::clone(&found));
            found
        })
    }

    /// What of a group may hold, worked out once.
    pub(super) fn alive(&self, group: GroupIx, work_out: impl FnOnce() -> Alive) -> Rc<Alive> {
        let known = self.alive.borrow().get(&group).cloned();
        known.unwrap_or_else(|| {
            let found = Rc::new(work_out());
            self.alive.borrow_mut().insert(group, Rc::clone(&found));
            found
        })
    }

    /// What the longer entries of a group come to at an offset, worked out once.
    pub(super) fn outcomes(&self, group: GroupIx, at: u32, work_out: impl FnOnce() -> Vec<Outcome>) -> Rc<[Outcome]> {
        let known = self.outcomes.borrow().get(&(group, at)).cloned();
        known.unwrap_or_else(|| {
            let found: Rc<[Outcome]> = work_out().into();
            self.outcomes.borrow_mut().insert((group, at), Rc::clone(&found));
            found
        })
    }

    /// All vocabulary words of the sentence: morpheme ranges and numbers.
    pub fn found(&self) -> impl Iterator<Item = (Range<usize>, WordIx)> + '_ {
        self.found.iter().map(|&(start, end, word)| (start as usize..end as usize, word))
    }

    /// The phrase of a morpheme.
    pub fn phrase_of(&self, word: usize) -> usize {
        self.phrase_of[word] as usize
    }

    /// From the first to the last of some morphemes; nothing for none.
    pub(super) fn span_of(&self, words: Range<usize>) -> Option<NormalSpan> {
        let (first, last) = (self.words[words.clone()].first()?, self.words[words].last()?);
        Some(NormalSpan { start: first.span.start, end: last.span.end })
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
        let mut node = ROOT;
        for (end, word) in words.iter().enumerate().skip(start).take(MOST_MORPHEMES) {
            // All but the last as written, the last in dictionary form.
            if let Some(ix) = trie.walk(node, word.lemma()).and_then(|node| trie.value(node)) {
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

/// The literals of a sentence that begins at `from`.
fn find_literals(sentence: &str, from: u32, vocabulary: &Vocabulary) -> Vec<(u32, LiteralIx)> {
    let trie = vocabulary.literal_trie();
    let mut found = Vec::new();
    for (at, _) in sentence.char_indices() {
        let mut node = ROOT;
        for c in sentence[at..].chars() {
            let Some(next) = trie.step(node, c) else { break };
            found.extend(trie.value(next).map(|literal| (from + at as u32, literal)));
            node = next;
        }
    }
    found
}

/// For each byte of a sentence that begins at `from`, the morpheme that begins there or after white space there.
fn starts(sentence: &str, from: u32, words: &[Morpheme]) -> Vec<u32> {
    let mut starts = vec![NONE; sentence.len()];
    for (at, word) in words.iter().enumerate() {
        starts[(word.span.start - from) as usize] = at as u32;
    }
    let mut next = NONE;
    for (at, c) in sentence.char_indices().rev() {
        match c.is_whitespace() {
            true => starts[at] = next,
            false => next = starts[at],
        }
    }
    starts
}
