//! Patterns against a reading. Positions are offsets of the normal text, so that literals may
//! begin and end where morphemes do not.

use std::ops::Range;
use std::rc::Rc;

use super::lead::{self, Alive};
use super::vocabulary::{GroupIx, Kind, Polarity, Valence, Vocabulary};
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

/// All matches of a pattern without relation: at each start the longest, none inside another.
pub(super) fn find(side: &Side, vocabulary: &Vocabulary, reading: &Reading, words: Range<usize>) -> Vec<Match> {
    let mut matches: Vec<Match> = Vec::new();
    if !side.may_hold(vocabulary, reading) {
        return matches;
    }
    let node = &side.node;
    let starts = side.starts(vocabulary, reading, words);
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
            if !group.others.is_empty() {
                let alive = lead::alive(ix, vocabulary, reading);
                if !alive.is_none() {
                    for outcome in outcomes(ix, &alive, at, vocabulary, reading).iter() {
                        outcome.go_on(state, found);
                    }
                }
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
fn outcomes(group: GroupIx, alive: &Alive, at: u32, vocabulary: &Vocabulary, reading: &Reading) -> Rc<[Outcome]> {
    reading.outcomes(group, at, || {
        let group = vocabulary.group(group);
        let nodes = || group.others.iter().map(|(node, ..)| node);
        let mut outcomes: Vec<Outcome> = Vec::new();
        for entry in group.index.candidates(nodes, at, vocabulary, reading) {
            if !alive.has(entry) {
                continue;
            }
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
