//! Where anything could be: one automaton over the strings that patterns require. Text without
//! them is never analysed.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};
use rustc_hash::FxBuildHasher;

use crate::pattern::{Clause, Requirement, Vocabulary};

/// Many requirements, searched for in one pass. Strings are known by their numbers in the vocabulary.
#[derive(Debug)]
pub struct Prefilter {
    /// Quick to build: for most texts.
    small: OnceLock<AhoCorasick>,
    /// Twice as fast and slow to build: for texts that are worth it.
    large: OnceLock<AhoCorasick>,
    /// The strings searched for, and the number of each.
    anchors: Vec<Box<str>>,
    numbers: Vec<u32>,
    /// For each string of the vocabulary, the clauses that it fulfils.
    fulfilled: Lists,
    /// For each clause, the requirements looked at when it is fulfilled: those of which it is the rarest.
    led: Lists,
    /// For each requirement, its clauses.
    clauses: Lists,
    /// Requirements that ask for nothing.
    always: Vec<u32>,
}

/// Lists of numbers, one after the other in a row.
#[derive(Debug, Default)]
struct Lists {
    /// Where each begins, and where the last ends.
    from: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// From pairs of a list's number and an item; items keep their order.
    fn of(count: usize, pairs: &[(u32, u32)]) -> Self {
        let mut from = vec![0; count + 1];
        pairs.iter().for_each(|&(list, _)| from[list as usize + 1] += 1);
        (0..count).for_each(|list| from[list + 1] += from[list]);
        let mut next = from.clone();
        let mut items = vec![0; pairs.len()];
        for &(list, item) in pairs {
            items[next[list as usize] as usize] = item;
            next[list as usize] += 1;
        }
        Self { from, items }
    }

    fn get(&self, list: u32) -> &[u32] {
        &self.items[self.from[list as usize] as usize..self.from[list as usize + 1] as usize]
    }

    fn len(&self) -> usize {
        self.from.len() - 1
    }
}

/// Bytes from which the slow-built automaton pays.
const LARGE: usize = 1 << 20;

fn build(anchors: &[Box<str>], kind: AhoCorasickKind) -> AhoCorasick {
    AhoCorasickBuilder::new()
        .kind(Some(kind))
        .match_kind(MatchKind::Standard)
        .build(anchors.iter().map(|a| a.as_bytes()))
        .expect("some thousand short anchors fit an automaton")
}

/// Which anchors a stretch of text has, and the clauses that they fulfil. Reused: clearing costs nothing.
#[derive(Debug, Default)]
pub struct Seen {
    anchors: Marks,
    clauses: Marks,
}

/// A set of small numbers that is emptied at once.
#[derive(Debug, Default)]
struct Marks {
    stamps: Vec<u32>,
    now: u32,
    list: Vec<u32>,
}

impl Marks {
    fn clear(&mut self, numbers: usize) {
        self.stamps.resize(numbers, 0);
        self.now += 1;
        self.list.clear();
    }

    /// Returns whether it is new.
    fn add(&mut self, number: u32) -> bool {
        let stamp = &mut self.stamps[number as usize];
        let new = *stamp != self.now;
        if new {
            *stamp = self.now;
            self.list.push(number);
        }
        new
    }

    fn has(&self, number: u32) -> bool {
        self.stamps[number as usize] == self.now
    }
}

impl Prefilter {
    /// Requirements are known by their place in the iterator.
    pub fn new(requirements: impl Iterator<Item = Requirement>, vocabulary: &Vocabulary) -> Self {
        // Patterns of the same group share its clause: known by where it lies.
        let requirements: Vec<Requirement> = requirements.collect();
        let mut known: HashMap<*const u32, u32, FxBuildHasher> = HashMap::default();
        let (mut fulfilled, mut led, mut clauses) = (Vec::new(), Vec::new(), Vec::new());
        let mut always = Vec::new();
        for (requirement, Requirement { clauses: asked }) in (0..).zip(&requirements) {
            let mut number = |clause: &Clause| {
                let new = known.len() as u32;
                *known.entry(clause.anchors.as_ptr()).or_insert_with(|| {
                    fulfilled.extend(clause.anchors.iter().map(|&anchor| (anchor, new)));
                    new
                })
            };
            match asked.iter().min_by_key(|clause| clause.weight) {
                Some(lead) => led.push((number(lead), requirement)),
                None => always.push(requirement),
            }
            clauses.extend(asked.iter().map(|clause| (requirement, number(clause))));
        }
        let fulfilled = Lists::of(vocabulary.anchor_count(), &fulfilled);
        let numbers: Vec<u32> = (0..fulfilled.len() as u32).filter(|&a| !fulfilled.get(a).is_empty()).collect();
        let anchors: Vec<Box<str>> = numbers.iter().map(|&a| vocabulary.anchor(a).into()).collect();
        let led = Lists::of(known.len(), &led);
        let clauses = Lists::of(requirements.len(), &clauses);
        Self { small: OnceLock::new(), large: OnceLock::new(), anchors, numbers, fulfilled, led, clauses, always }
    }

    /// The strings searched for.
    pub fn anchors(&self) -> &[Box<str>] {
        &self.anchors
    }

    /// Calls back for every anchor in a text: its number and where it starts.
    pub fn scan(&self, text: &str, mut found: impl FnMut(u32, u32)) {
        let automaton = match text.len() >= LARGE {
            true => self.large.get_or_init(|| build(&self.anchors, AhoCorasickKind::DFA)),
            false => self.small.get_or_init(|| build(&self.anchors, AhoCorasickKind::ContiguousNFA)),
        };
        for hit in automaton.find_overlapping_iter(text) {
            found(self.numbers[hit.pattern().as_usize()], hit.start() as u32);
        }
    }

    /// Remembers a set of anchors and what they fulfil.
    pub fn mark(&self, anchors: impl Iterator<Item = u32>, seen: &mut Seen) {
        seen.anchors.clear(self.fulfilled.len());
        seen.clauses.clear(self.led.len());
        for anchor in anchors {
            if seen.anchors.add(anchor) {
                self.fulfilled.get(anchor).iter().for_each(|&clause| _ = seen.clauses.add(clause));
            }
        }
    }

    /// The requirements met by a set of anchors, in order. Those that ask for nothing are always met.
    pub fn met(&self, anchors: impl Iterator<Item = u32>, seen: &mut Seen) -> Vec<u32> {
        self.mark(anchors, seen);
        let leading = seen.clauses.list.iter().flat_map(|&clause| self.led.get(clause)).copied();
        let whole = leading.filter(|&r| self.clauses.get(r).iter().all(|&clause| seen.clauses.has(clause)));
        let mut met: Vec<u32> = self.always.iter().copied().chain(whole).collect();
        met.sort_unstable();
        met
    }

    /// Whether one of the anchors that were marked is among those that a requirement asks for.
    pub fn asks_for(&self, requirement: u32, marked: &Seen) -> bool {
        self.clauses.get(requirement).iter().any(|&clause| marked.clauses.has(clause))
    }

    /// The requirements met by a text.
    pub fn met_by(&self, text: &str, seen: &mut Seen) -> Vec<u32> {
        let mut hits = Vec::new();
        self.scan(text, |anchor, _| hits.push(anchor));
        self.met(hits.into_iter(), seen)
    }
}
