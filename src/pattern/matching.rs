//! Patterns against a reading. Positions are offsets of the normal text, so that literals may
//! begin and end where morphemes do not.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::OnceLock;

use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::vocabulary::{ClassIx, GroupIx, Kind, LiteralIx, Polarity, Valence, Vocabulary, WordIx};
use super::{Node, Reading, Side};
use crate::morpheme::Class;
use crate::script::is_katakana;
use crate::span::NormalSpan;

/// A place where a pattern holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    pub span: NormalSpan,
    /// The morphemes it touches.
    pub words: Range<usize>,
    pub parts: Vec<Part>,
    /// Of the effect, where a group says so.
    pub valence: Valence,
    pub polarity: Polarity,
}

/// A named part of a match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: Box<str>,
    pub span: NormalSpan,
}

/// What a pattern can begin with: the few places of a sentence where it is worth a try.
#[derive(Clone, Debug, Default)]
pub(super) struct Lead {
    words: Numbers,
    literals: Numbers,
    /// Classes by spelling: they may begin inside a word (お客様満足度98%).
    spelled: Vec<ClassIx>,
    /// Anything: a class or a gap.
    any: bool,
}

/// Small numbers, a bit each.
#[derive(Clone, Debug, Default)]
pub(super) struct Numbers(Vec<u64>);

impl Numbers {
    pub fn add(&mut self, number: u32) {
        let at = number as usize / 64;
        if self.0.len() <= at {
            self.0.resize(at + 1, 0);
        }
        self.0[at] |= 1 << (number % 64);
    }

    fn has(&self, number: u32) -> bool {
        self.0.get(number as usize / 64).is_some_and(|bits| bits >> (number % 64) & 1 == 1)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the two have any in common.
    fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    fn count(&self) -> u32 {
        self.0.iter().map(|bits| bits.count_ones()).sum()
    }

    fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.0.len() as u32 * 64).filter(|&number| self.has(number))
    }
}

impl Lead {
    pub fn of(node: &Node, vocabulary: &Vocabulary) -> Self {
        let mut lead = Self::default();
        if !lead.add(node, vocabulary) {
            lead.any = true;
        }
        lead
    }

    /// Adds what a node can begin with; returns whether it always takes up something.
    fn add(&mut self, node: &Node, vocabulary: &Vocabulary) -> bool {
        match node {
            Node::Word(word) => self.words.add(word.0),
            Node::Literal(literal) => self.literals.add(literal.0),
            Node::Group(group) => {
                let group = vocabulary.group(*group);
                group.words.keys().for_each(|&word| self.words.add(word.0));
                let mut all = true;
                for (node, ..) in &group.others {
                    all &= self.add(node, vocabulary);
                }
                return all;
            }
            Node::Class(class) => match vocabulary.class(*class) {
                Kind::Pattern(node) => return self.add(node, vocabulary),
                Kind::End => return false,
                Kind::Spelled(..) => self.spelled.push(*class),
                _ => self.any = true,
            },
            Node::Seq(nodes) => return nodes.iter().any(|node| self.add(node, vocabulary)),
            Node::Choice(nodes, _) => {
                let mut all = true;
                for node in nodes {
                    all &= self.add(node, vocabulary);
                }
                return all;
            }
            Node::Maybe(node) => {
                self.add(node, vocabulary);
                return false;
            }
            Node::Gap(_) => {
                self.any = true;
                return false;
            }
            Node::Name(_, node) => return self.add(node, vocabulary),
        }
        true
    }

    /// Whether it is a few words and nothing else.
    fn is_narrow(&self) -> bool {
        !self.any && self.literals.is_empty() && self.spelled.is_empty()
    }

    /// Whether it may begin anywhere in the sentence.
    fn stands_in(&self, vocabulary: &Vocabulary, reading: &Reading) -> bool {
        let words = 0..reading.words.len();
        self.any
            || self.words.meets(reading.said())
            || self.literals_within(vocabulary, reading, words).next().is_some()
            || self.spelled.iter().any(|&class| !spelled(class, vocabulary, reading).is_empty())
    }

    /// Whether there is any place where the pattern may begin.
    pub fn stands(&self, vocabulary: &Vocabulary, reading: &Reading, words: Range<usize>) -> bool {
        self.any
            || !self.spelled.is_empty()
            || reading.found_in(words.clone()).any(|(_, word)| self.words.has(word.0))
            || self.literals_within(vocabulary, reading, words).next().is_some()
    }

    /// Where its literals stand wholly among these morphemes.
    fn literals_within<'r>(
        &'r self,
        vocabulary: &'r Vocabulary,
        reading: &'r Reading,
        words: Range<usize>,
    ) -> impl Iterator<Item = u32> + 'r {
        let within = if self.literals.is_empty() { None } else { reading.span_of(words) };
        within.into_iter().flat_map(move |within| {
            let whole =
                move |at: u32, literal: LiteralIx| at + vocabulary.literal_of(literal).text.len() as u32 <= within.end;
            let literals = reading.literals_in(vocabulary, within).iter();
            literals.filter(move |&&(at, l)| self.literals.has(l.0) && whole(at, l)).map(|&(at, _)| at)
        })
    }

    /// Offsets where the pattern may begin, in order.
    fn starts(&self, vocabulary: &Vocabulary, reading: &Reading, words: Range<usize>) -> Vec<u32> {
        let Some(within) = reading.span_of(words.clone()) else { return Vec::new() };
        let start = |word: usize| reading.words[word].span.start;
        let mut starts: Vec<u32> = match self.any {
            true => words.clone().map(start).collect(),
            false => {
                let found = reading.found_in(words.clone()).filter(|&(_, word)| self.words.has(word.0));
                found.map(|(at, _)| start(at)).collect()
            }
        };
        starts.extend(self.literals_within(vocabulary, reading, words.clone()));
        for &class in &self.spelled {
            match vocabulary.class(class) {
                _ if words.len() == reading.words.len() => starts.extend(&*spelled(class, vocabulary, reading)),
                Kind::Spelled(spelling, _) => starts.extend(spelling.starts(reading, within)),
                _ => {}
            }
        }
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}

/// Where a class by spelling may begin in a sentence.
fn spelled(class: ClassIx, vocabulary: &Vocabulary, reading: &Reading) -> Rc<[u32]> {
    reading.spelled(class, || match (vocabulary.class(class), reading.span_of(0..reading.words.len())) {
        (Kind::Spelled(spelling, _), Some(within)) => spelling.starts(reading, within),
        _ => Vec::new(),
    })
}

/// What a pattern is found by, worked out when the first sentence asks.
#[derive(Debug, Default)]
pub(super) struct Clue(OnceLock<Box<Clues>>);

#[derive(Debug)]
struct Clues {
    /// What it can begin with.
    lead: Lead,
    /// What each of its parts can begin with: of all of them some must stand in the sentence.
    parts: Vec<Lead>,
}

impl Side {
    pub fn new(node: Node) -> Self {
        Self { node, clue: Clue::default() }
    }

    fn clues(&self, vocabulary: &Vocabulary) -> &Clues {
        self.clue.0.get_or_init(|| {
            let mut parts = Vec::new();
            leads(&self.node, vocabulary, &mut parts);
            Box::new(Clues { lead: Lead::of(&self.node, vocabulary), parts })
        })
    }

    /// Whether anything it can begin with stands among these morphemes.
    pub fn may_begin(&self, vocabulary: &Vocabulary, reading: &Reading, words: Range<usize>) -> bool {
        self.clues(vocabulary).lead.stands(vocabulary, reading, words)
    }

    /// Whether all that it is made of stands in the sentence, in whatever order.
    pub fn may_hold(&self, vocabulary: &Vocabulary, reading: &Reading) -> bool {
        self.clues(vocabulary).parts.iter().all(|part| part.stands_in(vocabulary, reading))
    }
}

/// What the parts of a pattern that cannot be left out can begin with.
fn leads(node: &Node, vocabulary: &Vocabulary, parts: &mut Vec<Lead>) {
    match node {
        Node::Seq(nodes) => nodes.iter().for_each(|node| leads(node, vocabulary, parts)),
        Node::Name(_, node) => leads(node, vocabulary, parts),
        Node::Maybe(_) | Node::Gap(_) => {}
        node => {
            let mut lead = Lead::default();
            if lead.add(node, vocabulary) && !lead.any {
                parts.push(lead);
            }
        }
    }
}

/// Which of many alternatives can begin with which words: most of a large group are not worth a try. Built
/// when the first sentence asks.
#[derive(Clone, Debug, Default)]
pub(super) struct Index(OnceLock<Indexed>);

#[derive(Clone, Debug, Default)]
struct Indexed {
    by_word: HashMap<WordIx, Vec<usize>, FxBuildHasher>,
    /// With so many first words that a look at them is better than a list of each.
    wide: Vec<(usize, Lead)>,
    /// May begin with anything, inside a word, or with nothing.
    loose: Vec<usize>,
}

/// Fewer alternatives are simply tried.
const FEW: usize = 6;

impl Index {
    /// The alternatives that may begin at an offset, in their order.
    fn candidates<'n, I: ExactSizeIterator<Item = &'n Node>>(
        &self,
        nodes: impl Fn() -> I,
        at: u32,
        vocabulary: &Vocabulary,
        reading: &Reading,
    ) -> SmallVec<[usize; FEW]> {
        let many = nodes().len();
        if many < FEW {
            return (0..many).collect();
        }
        let indexed = self.0.get_or_init(|| Indexed::of(nodes(), vocabulary));
        let mut found = SmallVec::from_slice(&indexed.loose);
        if let Some(word_at) = reading.word_start(at) {
            for (_, word) in reading.found_at(word_at) {
                found.extend(indexed.by_word.get(&word).into_iter().flatten().copied());
                found.extend(indexed.wide.iter().filter(|(_, lead)| lead.words.has(word.0)).map(|&(at, _)| at));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

impl Indexed {
    fn of<'n>(nodes: impl Iterator<Item = &'n Node>, vocabulary: &Vocabulary) -> Self {
        let mut this = Self::default();
        for (at, node) in nodes.enumerate() {
            let lead = Lead::of(node, vocabulary);
            if !lead.is_narrow() {
                this.loose.push(at);
            } else if lead.words.count() > MANY {
                this.wide.push((at, lead));
            } else {
                lead.words.iter().for_each(|word| this.by_word.entry(WordIx(word)).or_default().push(at));
            }
        }
        this
    }
}

/// With more first words, an alternative is looked up by what stands there, not listed under each.
const MANY: u32 = 8;

/// All matches of a pattern without relation: at each start the longest, none inside another.
pub(super) fn find(side: &Side, vocabulary: &Vocabulary, reading: &Reading, words: Range<usize>) -> Vec<Match> {
    let mut matches: Vec<Match> = Vec::new();
    if !side.may_hold(vocabulary, reading) {
        return matches;
    }
    let node = &side.node;
    let starts = side.clues(vocabulary).lead.starts(vocabulary, reading, words);
    for start in starts {
        let mut state = State::default();
        let mut best: Option<(u32, State)> = None;
        step(node, start, &mut state, vocabulary, reading, &mut |end, state| {
            if end > start && best.as_ref().is_none_or(|(longest, _)| end > *longest) {
                best = Some((end, state.clone()));
            }
        });
        let Some((end, state)) = best else { continue };
        let span = NormalSpan { start: state.first.unwrap_or(start), end };
        if matches.last().is_some_and(|m| m.span.covers(span)) {
            continue;
        }
        matches.push(Match {
            span,
            words: reading.word_at(span.start)..reading.words.partition_point(|w| w.span.start < end),
            parts: state.parts,
            valence: state.valence,
            polarity: state.polarity,
        });
    }
    matches
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct State {
    /// Where the first word stands: a match never begins with the space before it.
    first: Option<u32>,
    parts: Vec<Part>,
    valence: Valence,
    polarity: Polarity,
}

type Found<'a> = &'a mut dyn FnMut(u32, &mut State);

/// Steps taken by this thread, for tests of how work grows.
#[cfg(debug_assertions)]
pub mod work {
    use std::cell::Cell;

    thread_local!(static STEPS: Cell<u64> = const { Cell::new(0) });

    pub(super) fn count() {
        STEPS.set(STEPS.get() + 1);
    }

    /// How many steps since the last time.
    pub fn taken() -> u64 {
        STEPS.replace(0)
    }
}

/// Calls `found` with every position where `node`, begun at `at`, may end.
fn step(node: &Node, at: u32, state: &mut State, vocabulary: &Vocabulary, reading: &Reading, found: Found) {
    #[cfg(debug_assertions)]
    work::count();
    match node {
        Node::Word(word) => {
            if let Some(word_at) = reading.word_start(at) {
                for (end, ix) in reading.found_at(word_at) {
                    if ix == *word {
                        advance(word_at, end, state, reading, found);
                    }
                }
            }
        }
        &Node::Group(ix) => {
            let group = vocabulary.group(ix);
            if let Some(word_at) = reading.word_start(at) {
                for (end, ix) in reading.found_at(word_at) {
                    if let Some(&(valence, polarity)) = group.words.get(&ix) {
                        let before = (state.valence, state.polarity);
                        (state.valence, state.polarity) = (valence, polarity);
                        advance(word_at, end, state, reading, found);
                        (state.valence, state.polarity) = before;
                    }
                }
            }
            for outcome in outcomes(ix, at, vocabulary, reading).iter() {
                outcome.go_on(state, found);
            }
        }
        Node::Literal(literal) => {
            let literal = &vocabulary.literal_of(*literal).text;
            let at = skip_space(at, reading);
            let sentence = &reading.text[..reading.span.end as usize];
            if sentence[at as usize..].starts_with(&**literal) && stands_alone(literal, at, reading) {
                with_first(at, state, |state| found(at + literal.len() as u32, state));
            }
        }
        Node::Class(class) => match vocabulary.class(*class) {
            Kind::Pattern(node) => step(node, at, state, vocabulary, reading, found),
            Kind::Spelled(spelling, _) => {
                let at = skip_space(at, reading);
                if let Some(end) = spelling.end(reading, at) {
                    with_first(at, state, |state| found(end, state));
                }
            }
            Kind::End => {
                let next = reading.words.get(reading.words.partition_point(|w| w.span.start < at));
                if next.is_none_or(|w| matches!(w.class(), Class::Stop | Class::Comma | Class::Close | Class::Symbol)) {
                    found(at, state);
                }
            }
            kind => {
                if let Some(word_at) = reading.word_start(at) {
                    let end = class_end(kind, word_at, reading);
                    if end > word_at {
                        advance(word_at, end, state, reading, found);
                    }
                }
            }
        },
        Node::Gap(most) => {
            found(at, state);
            let from = reading.word_at(at);
            for (skipped, word) in reading.words[from.min(reading.words.len())..].iter().enumerate() {
                if skipped == *most || matches!(word.class(), Class::Comma | Class::Stop) {
                    break;
                }
                found(word.span.end, state);
            }
        }
        Node::Seq(nodes) => sequence(nodes, at, state, vocabulary, reading, found),
        Node::Choice(nodes, index) => {
            for choice in index.candidates(|| nodes.iter(), at, vocabulary, reading) {
                step(&nodes[choice], at, state, vocabulary, reading, found);
            }
        }
        Node::Maybe(node) => {
            step(node, at, state, vocabulary, reading, found);
            found(at, state);
        }
        Node::Name(name, node) => {
            let begin = skip_space(at, reading);
            step(node, at, state, vocabulary, reading, &mut |end, state| {
                if end > begin {
                    state.parts.push(Part { name: name.clone(), span: NormalSpan { start: begin, end } });
                    found(end, state);
                    state.parts.pop();
                } else {
                    found(end, state);
                }
            });
        }
    }
}

/// One way in which a part of a pattern holds: independent of what stands before it and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    end: u32,
    state: State,
}

impl Outcome {
    /// Calls `found` as if the part had been matched anew.
    fn go_on(&self, state: &mut State, found: Found) {
        let before = (state.first, state.parts.len(), state.valence, state.polarity);
        state.first = state.first.or(self.state.first);
        state.parts.extend(self.state.parts.iter().cloned());
        (state.valence, state.polarity) = (self.state.valence, self.state.polarity);
        found(self.end, state);
        state.parts.truncate(before.1);
        (state.first, state.valence, state.polarity) = (before.0, before.2, before.3);
    }
}

/// What the longer entries of a group come to at an offset.
fn outcomes(group: GroupIx, at: u32, vocabulary: &Vocabulary, reading: &Reading) -> Rc<[Outcome]> {
    reading.outcomes(group, at, || {
        let group = vocabulary.group(group);
        let nodes = || group.others.iter().map(|(node, ..)| node);
        let mut outcomes: Vec<Outcome> = Vec::new();
        for entry in group.index.candidates(nodes, at, vocabulary, reading) {
            let (node, valence, polarity) = &group.others[entry];
            step(node, at, &mut State::default(), vocabulary, reading, &mut |end, state| {
                let outcome = Outcome { end, state: State { valence: *valence, polarity: *polarity, ..state.clone() } };
                if !outcomes.contains(&outcome) {
                    outcomes.push(outcome);
                }
            });
        }
        outcomes
    })
}

fn sequence(nodes: &[Node], at: u32, state: &mut State, vocabulary: &Vocabulary, reading: &Reading, found: Found) {
    match nodes {
        [] => found(at, state),
        [node] => step(node, at, state, vocabulary, reading, found),
        [node, rest @ ..] => step(node, at, state, vocabulary, reading, &mut |end, state| {
            sequence(rest, end, state, vocabulary, reading, found);
        }),
    }
}

fn advance(start: usize, end: usize, state: &mut State, reading: &Reading, found: Found) {
    let (start, end) = (reading.words[start].span.start, reading.words[end - 1].span.end);
    with_first(start, state, |state| found(end, state));
}

/// Remembers where the match really begins.
fn with_first(start: u32, state: &mut State, then: impl FnOnce(&mut State)) {
    let first = state.first;
    state.first = first.or(Some(start));
    then(state);
    state.first = first;
}

fn skip_space(at: u32, reading: &Reading) -> u32 {
    let rest = &reading.text[at as usize..reading.span.end as usize];
    at + (rest.len() - rest.trim_start().len()) as u32
}

/// Latin letters, digits and katakana are not inside a longer run of their script.
fn stands_alone(literal: &str, at: u32, reading: &Reading) -> bool {
    let before = reading.text[..at as usize].chars().next_back();
    let after = reading.text[at as usize + literal.len()..].chars().next();
    let first = literal.chars().next();
    let last = literal.chars().next_back();
    !same_run(before, first) && !same_run(last, after)
}

fn same_run(left: Option<char>, right: Option<char>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return false };
    (left.is_ascii_alphabetic() && right.is_ascii_alphabetic())
        || (left.is_ascii_digit() && right.is_ascii_digit())
        || (is_katakana(left) && is_katakana(right))
}

fn class_end(kind: &Kind, at: usize, reading: &Reading) -> usize {
    let class = reading.words[at].class();
    let single = match kind {
        Kind::Number => {
            let mut end = at;
            while end < reading.words.len() && is_number(end, end > at, reading) {
                end += 1;
            }
            return end;
        }
        Kind::Noun => class.is_nominal(),
        Kind::Particle => matches!(
            class,
            Class::CaseParticle | Class::TopicParticle | Class::FocusParticle | Class::Genitive | Class::Parallel
        ),
        Kind::Inflected => matches!(class, Class::Verb | Class::Adjective),
        Kind::Pattern(_) | Kind::Spelled(..) | Kind::End => false,
    };
    if single { at + 1 } else { at }
}

/// A digit word, or a point or comma between two.
fn is_number(at: usize, inside: bool, reading: &Reading) -> bool {
    let word = &reading.words[at];
    let digits = |w: &crate::morpheme::Morpheme| {
        w.class() == Class::Number || w.surface(reading.text).bytes().all(|b| b.is_ascii_digit())
    };
    digits(word)
        || (inside
            && matches!(word.surface(reading.text), "." | ",")
            && reading.words.get(at + 1).is_some_and(|next| digits(next) && next.span.start == word.span.end))
}
