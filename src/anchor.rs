//! Where anything could be: one automaton over the strings that patterns require. Text without
//! them is never analysed.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder, AhoCorasickKind, MatchKind};

use crate::pattern::{Requirement, weight};

/// Many requirements, searched for in one pass.
#[derive(Debug)]
pub struct Prefilter {
    automaton: Option<AhoCorasick>,
    /// Twice as fast and slow to build: for texts that are worth it.
    large: OnceLock<AhoCorasick>,
    anchors: Vec<String>,
    /// For each anchor, the requirements whose rarest clause it is in.
    leads: Vec<Vec<u32>>,
    /// For each requirement its clauses, as numbers of anchors.
    clauses: Vec<Vec<Vec<u32>>>,
    /// Requirements that ask for nothing.
    always: Vec<u32>,
}

/// Bytes from which the slow-built automaton pays.
const LARGE: usize = 1 << 20;

fn build(anchors: &[String], kind: AhoCorasickKind) -> AhoCorasick {
    AhoCorasickBuilder::new()
        .kind(Some(kind))
        .match_kind(MatchKind::Standard)
        .build(anchors)
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
    pub fn new(requirements: impl Iterator<Item = Requirement>) -> Self {
        let mut numbers: HashMap<String, u32> = HashMap::new();
        let mut anchors = Vec::new();
        let mut leads: Vec<Vec<u32>> = Vec::new();
        let mut clauses = Vec::new();
        let mut always = Vec::new();
        for (requirement, clause_list) in requirements.map(|r| r.clauses).enumerate() {
            let requirement = requirement as u32;
            let lead = (0..clause_list.len()).min_by_key(|&at| weight(&clause_list[at]));
            let mut numbered: Vec<Vec<u32>> = Vec::with_capacity(clause_list.len());
            for clause in clause_list {
                let clause = clause.into_iter().map(|anchor| {
                    *numbers.entry(anchor).or_insert_with_key(|anchor| {
                        anchors.push(anchor.clone());
                        leads.push(Vec::new());
                        anchors.len() as u32 - 1
                    })
                });
                numbered.push(clause.collect());
            }
            match lead {
                Some(lead) => numbered[lead].iter().for_each(|&a| leads[a as usize].push(requirement)),
                None => always.push(requirement),
            }
            clauses.push(numbered);
        }
        let automaton = (!anchors.is_empty()).then(|| build(&anchors, AhoCorasickKind::ContiguousNFA));
        Self { automaton, large: OnceLock::new(), anchors, leads, clauses, always }
    }

    /// The strings searched for.
    pub fn anchors(&self) -> &[String] {
        &self.anchors
    }

    /// Calls back for every anchor in a text: its number and where it starts.
    pub fn scan(&self, text: &str, mut found: impl FnMut(u32, u32)) {
        let Some(mut automaton) = self.automaton.as_ref() else { return };
        if text.len() >= LARGE {
            automaton = self.large.get_or_init(|| build(&self.anchors, AhoCorasickKind::DFA));
        }
        for hit in automaton.find_overlapping_iter(text) {
            found(hit.pattern().as_u32(), hit.start() as u32);
        }
    }

    /// The requirements met by a set of anchors, in order. Those that ask for nothing are always met.
    pub fn met(&self, anchors: impl Iterator<Item = u32>, seen: &mut Seen) -> Vec<u32> {
        seen.clear(self.anchors.len());
        anchors.for_each(|anchor| seen.add(anchor));
        let mut met = self.always.clone();
        for at in 0..seen.list.len() {
            let anchor = seen.list[at];
            for &requirement in &self.leads[anchor as usize] {
                let holds = |clause: &Vec<u32>| clause.iter().any(|&a| seen.has(a));
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
        self.clauses[requirement as usize].iter().flatten().any(|anchor| anchors.contains(anchor))
    }

    /// The requirements met by a text.
    pub fn met_by(&self, text: &str, seen: &mut Seen) -> Vec<u32> {
        let mut hits = Vec::new();
        self.scan(text, |anchor, _| hits.push(anchor));
        self.met(hits.into_iter(), seen)
    }
}
