//! What patterns can begin with: the few places of a sentence, and the few alternatives, that are worth a try.

use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::OnceLock;

use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use super::vocabulary::{ClassIx, Group, GroupIx, Kind, LiteralIx, Vocabulary, WordIx};
use super::{Node, Reading, Side};

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
        self.0.iter().enumerate().flat_map(|(at, &bits)| {
            std::iter::successors((bits != 0).then_some(bits), |bits| Some(bits & (bits - 1)).filter(|&rest| rest != 0))
                .map(move |bits| at as u32 * 64 + bits.trailing_zeros())
        })
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
                return self.add_each(group.others.iter().map(|(node, ..)| node), vocabulary);
            }
            Node::Class(class) => match vocabulary.class(*class) {
                Kind::Pattern(node) => return self.add(node, vocabulary),
                Kind::End => return false,
                Kind::Spelled(..) => self.spelled.push(*class),
                _ => self.any = true,
            },
            Node::Seq(nodes) => return nodes.iter().any(|node| self.add(node, vocabulary)),
            Node::Choice(nodes, _) => return self.add_each(nodes.iter(), vocabulary),
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

    /// Adds what each of several alternatives can begin with; returns whether all of them take up something.
    fn add_each<'n>(&mut self, nodes: impl Iterator<Item = &'n Node>, vocabulary: &Vocabulary) -> bool {
        let mut all = true;
        for node in nodes {
            // Each is added, also after one that takes up nothing.
            all &= self.add(node, vocabulary);
        }
        all
    }

    /// Whether it is a few words and nothing else.
    fn is_narrow(&self) -> bool {
        !self.any && self.literals.is_empty() && self.spelled.is_empty()
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
    needs: Needs,
}

impl Side {
    pub fn new(node: Node) -> Self {
        Self { node, clue: Clue::default() }
    }

    fn clues(&self, vocabulary: &Vocabulary) -> &Clues {
        self.clue.0.get_or_init(|| {
            Box::new(Clues { lead: Lead::of(&self.node, vocabulary), needs: Needs::of(&self.node, vocabulary) })
        })
    }

    /// Offsets among these morphemes where it may begin, in order.
    pub fn starts(&self, vocabulary: &Vocabulary, reading: &Reading, words: Range<usize>) -> Vec<u32> {
        self.clues(vocabulary).lead.starts(vocabulary, reading, words)
    }

    /// Whether anything it can begin with stands among these morphemes.
    pub fn may_begin(&self, vocabulary: &Vocabulary, reading: &Reading, words: Range<usize>) -> bool {
        self.clues(vocabulary).lead.stands(vocabulary, reading, words)
    }

    /// Whether all that it is made of stands in the sentence, in whatever order.
    pub fn may_hold(&self, vocabulary: &Vocabulary, reading: &Reading) -> bool {
        self.clues(vocabulary).needs.are_met(vocabulary, reading)
    }
}

/// What stands in every sentence where a pattern holds: of each part that cannot be left out, something it can
/// begin with; of each group, an entry that may hold.
#[derive(Debug, Default)]
struct Needs {
    parts: Vec<Part>,
    groups: Vec<GroupIx>,
}

/// What one part can begin with, in little room: there are as many as entries of groups.
#[derive(Debug)]
struct Part {
    words: Few,
    literals: Vec<u32>,
    spelled: Vec<ClassIx>,
}

/// Numbers in a list while they are few.
#[derive(Debug)]
enum Few {
    List(Vec<u32>),
    Many(Numbers),
}

/// From here on bits are quicker.
const LISTED: u32 = 24;

impl Needs {
    fn of(node: &Node, vocabulary: &Vocabulary) -> Self {
        let mut needs = Self::default();
        needs.add(node, vocabulary);
        needs
    }

    fn add(&mut self, node: &Node, vocabulary: &Vocabulary) {
        match node {
            Node::Seq(nodes) => nodes.iter().for_each(|node| self.add(node, vocabulary)),
            Node::Name(_, node) => self.add(node, vocabulary),
            Node::Group(group) => self.groups.push(*group),
            Node::Maybe(_) | Node::Gap(_) => {}
            Node::Word(word) => self.parts.push(Part::word(*word)),
            node => {
                let mut lead = Lead::default();
                if lead.add(node, vocabulary) && !lead.any {
                    self.parts.push(Part::of(lead));
                }
            }
        }
    }

    fn are_met(&self, vocabulary: &Vocabulary, reading: &Reading) -> bool {
        self.parts.iter().all(|part| part.stands_in(vocabulary, reading))
            && self.groups.iter().all(|&group| {
                let alive = alive(group, vocabulary, reading);
                alive.any_word || !alive.others.is_empty()
            })
    }
}

impl Part {
    fn word(word: WordIx) -> Self {
        Self { words: Few::List(vec![word.0]), literals: Vec::new(), spelled: Vec::new() }
    }

    fn of(lead: Lead) -> Self {
        let words = match lead.words.count() {
            0..LISTED => Few::List(lead.words.iter().collect()),
            _ => Few::Many(lead.words),
        };
        Self { words, literals: lead.literals.iter().collect(), spelled: lead.spelled }
    }

    /// Its words, where it begins with nothing else and they are few.
    fn few_words(&self) -> Option<&[u32]> {
        match &self.words {
            Few::List(words) if self.literals.is_empty() && self.spelled.is_empty() => Some(words),
            _ => None,
        }
    }

    /// Whether it may begin anywhere in the sentence.
    fn stands_in(&self, vocabulary: &Vocabulary, reading: &Reading) -> bool {
        let said = match &self.words {
            Few::List(words) => words.iter().any(|&word| reading.said().has(word)),
            Few::Many(words) => words.meets(reading.said()),
        };
        let stands = |literals: &[u32]| {
            let mut here = reading.literals_in(vocabulary, reading.span).iter();
            here.any(|(_, literal)| literals.binary_search(&literal.0).is_ok())
        };
        said || (!self.literals.is_empty() && stands(&self.literals))
            || self.spelled.iter().any(|&class| !spelled(class, vocabulary, reading).is_empty())
    }
}

/// What of a group may hold in a sentence.
#[derive(Clone, Debug, Default)]
pub(super) struct Alive {
    /// One of its single words is said.
    any_word: bool,
    /// Those of its longer entries of which every part is there, in order.
    others: Vec<u32>,
}

impl Alive {
    pub fn has(&self, entry: usize) -> bool {
        self.others.binary_search(&(entry as u32)).is_ok()
    }

    pub fn is_none(&self) -> bool {
        self.others.is_empty()
    }
}

/// What of a group may hold in a sentence, worked out once: most entries name something that is not there.
pub(super) fn alive(group: GroupIx, vocabulary: &Vocabulary, reading: &Reading) -> Rc<Alive> {
    reading.alive(group, || {
        let group = vocabulary.group(group);
        let entries = group.needs.0.get_or_init(|| Entries::of(group, vocabulary));
        let mut alive = Alive { any_word: entries.single.meets(reading.said()), others: Vec::new() };
        let met = |&entry: &u32| entries.needs[entry as usize].are_met(vocabulary, reading);
        // Most groups have nothing of a sentence, and to see that is quick.
        if entries.leading.meets(reading.said()) {
            let led = reading.found().filter_map(|(_, word)| entries.by_word.get(&word));
            alive.others.extend(led.flatten().copied());
            alive.others.sort_unstable();
            alive.others.dedup();
            alive.others.retain(met);
        }
        alive.others.extend(entries.loose.iter().copied().filter(met));
        alive.others.sort_unstable();
        alive
    })
}

/// What each of the longer entries of a group needs, worked out when the first sentence asks.
#[derive(Debug, Default)]
pub(super) struct EntryNeeds(OnceLock<Box<Entries>>);

#[derive(Debug, Default)]
struct Entries {
    needs: Vec<Needs>,
    /// The single words of the group.
    single: Numbers,
    /// The keys of `by_word`.
    leading: Numbers,
    /// Entries by the words of their part with the fewest.
    by_word: HashMap<WordIx, Vec<u32>, FxBuildHasher>,
    /// Those without a part of few words.
    loose: Vec<u32>,
}

impl Entries {
    fn of(group: &Group, vocabulary: &Vocabulary) -> Box<Self> {
        let mut this = Self::default();
        group.words.keys().for_each(|word| this.single.add(word.0));
        for (entry, (node, ..)) in group.others.iter().enumerate() {
            let needs = Needs::of(node, vocabulary);
            match needs.parts.iter().filter_map(Part::few_words).min_by_key(|words| words.len()) {
                Some(words) => {
                    for &word in words {
                        this.leading.add(word);
                        this.by_word.entry(WordIx(word)).or_default().push(entry as u32);
                    }
                }
                None => this.loose.push(entry as u32),
            }
            this.needs.push(needs);
        }
        Box::new(this)
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
    pub fn candidates<'n, I: ExactSizeIterator<Item = &'n Node>>(
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
