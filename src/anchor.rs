//! Where anything could be: one automaton over the strings that patterns require. Text without
//! them is never analysed.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

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
    /// For each string of the vocabulary, the clauses by which requirements are found.
    leads: Vec<Vec<u32>>,
    /// The requirements that each such clause finds.
    led: Vec<Vec<u32>>,
    /// For each requirement its clauses.
    clauses: Vec<Vec<Clause>>,
    /// Requirements that ask for nothing.
    always: Vec<u32>,
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

/// Which anchors a stretch of text has. Reused: clearing costs nothing.
#[derive(Debug, Default)]
pub struct Seen {
    stamps: Vec<u32>,
    now: u32,
    list: Vec<u32>,
}

impl Seen {
    fn clear(&mut self, anchors: usize) {
        self.stamps.resize(anchors, 0);
        self.now += 1;
        self.list.clear();
    }

    fn add(&mut self, anchor: u32) {
        let stamp = &mut self.stamps[anchor as usize];
        if *stamp != self.now {
            *stamp = self.now;
            self.list.push(anchor);
        }
    }

    fn has(&self, anchor: u32) -> bool {
        self.stamps[anchor as usize] == self.now
    }
}

impl Prefilter {
    /// Requirements are known by their place in the iterator.
    pub fn new(requirements: impl Iterator<Item = Requirement>, vocabulary: &Vocabulary) -> Self {
        let mut leads: Vec<Vec<u32>> = vec![Vec::new(); vocabulary.anchor_count()];
        let mut led: Vec<Vec<u32>> = Vec::new();
        // Patterns of the same group share its clause.
        let mut known: HashMap<*const u32, u32> = HashMap::new();
        let mut wanted = vec![false; vocabulary.anchor_count()];
        let (mut clauses, mut always) = (Vec::new(), Vec::new());
        for (requirement, Requirement { clauses: asked }) in requirements.enumerate() {
            let requirement = requirement as u32;
            match asked.iter().min_by_key(|clause| clause.weight) {
                Some(lead) => {
                    let clause = *known.entry(lead.anchors.as_ptr()).or_insert_with(|| {
                        lead.anchors.iter().for_each(|&a| leads[a as usize].push(led.len() as u32));
                        led.push(Vec::new());
                        led.len() as u32 - 1
                    });
                    led[clause as usize].push(requirement);
                }
                None => always.push(requirement),
            }
            for clause in &asked {
                clause.anchors.iter().for_each(|&a| wanted[a as usize] = true);
            }
            clauses.push(asked);
        }
        let numbers: Vec<u32> = (0..wanted.len() as u32).filter(|&a| wanted[a as usize]).collect();
        let anchors: Vec<Box<str>> = numbers.iter().map(|&a| vocabulary.anchor(a).into()).collect();
        Self { small: OnceLock::new(), large: OnceLock::new(), anchors, numbers, leads, led, clauses, always }
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

    /// The requirements met by a set of anchors, in order. Those that ask for nothing are always met.
    pub fn met(&self, anchors: impl Iterator<Item = u32>, seen: &mut Seen) -> Vec<u32> {
        seen.clear(self.leads.len());
        anchors.for_each(|anchor| seen.add(anchor));
        let mut met = self.always.clone();
        for at in 0..seen.list.len() {
            let anchor = seen.list[at];
            let found = self.leads[anchor as usize].iter().flat_map(|&clause| &self.led[clause as usize]);
            for &requirement in found {
                let holds = |clause: &Clause| clause.anchors.iter().any(|&a| seen.has(a));
                if self.clauses[requirement as usize].iter().all(holds) {
                    met.push(requirement);
                }
            }
        }
        met.sort_unstable();
        met.dedup();
        met
    }

    /// Whether one of these anchors is among those that a requirement asks for.
    pub fn asks_for(&self, requirement: u32, anchors: &[u32]) -> bool {
        let mut asked = self.clauses[requirement as usize].iter().flat_map(|clause| clause.anchors.iter());
        asked.any(|anchor| anchors.contains(anchor))
    }

    /// The requirements met by a text.
    pub fn met_by(&self, text: &str, seen: &mut Seen) -> Vec<u32> {
        let mut hits = Vec::new();
        self.scan(text, |anchor, _| hits.push(anchor));
        self.met(hits.into_iter(), seen)
    }
}
