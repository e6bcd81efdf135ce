//! The pattern language of rules: words, groups, gaps, and one relation. `docs/rule-format.md`
//! has its grammar. Patterns are parsed once, compiled against a [`Vocabulary`], and matched
//! against a [`Reading`].

mod anchors;
mod lead;
mod matching;
mod parse;
mod quantity;
mod reading;
mod relation;
mod vocabulary;

use std::ops::Range;

pub use anchors::{Clause, Requirement};
#[cfg(debug_assertions)]
pub use matching::work;
pub use matching::{Match, Part};
pub use parse::{Fault, FaultKind, Syntax, parse};
pub use quantity::Spelling;
pub use reading::Reading;
pub use relation::BEARERS;
pub use vocabulary::{GroupEntry, Polarity, Unknown, Valence, Vocabulary, WordIx};

/// A compiled pattern.
#[derive(Debug)]
pub struct Pattern {
    shape: Shape,
}

#[derive(Debug)]
enum Shape {
    Plain(Side),
    /// 対象 → 作用
    Relation {
        object: Side,
        effect: Side,
    },
}

/// A pattern without relation, and what it is found by.
#[derive(Debug)]
struct Side {
    node: Node,
    clue: lead::Clue,
}

/// What a pattern is made of. The list is closed.
#[derive(Clone, Debug)]
enum Node {
    Word(WordIx),
    Literal(vocabulary::LiteralIx),
    Group(vocabulary::GroupIx),
    Class(vocabulary::ClassIx),
    /// At most this many words inside the clause.
    Gap(usize),
    Seq(Vec<Node>),
    Choice(Vec<Node>, lead::Index),
    Maybe(Box<Node>),
    Name(Box<str>, Box<Node>),
}

/// The names of the two sides of a relation that has no others.
pub const OBJECT: &str = "対象";
pub const EFFECT: &str = "作用";

impl Pattern {
    /// All places where the pattern holds, in order.
    pub fn find(&self, vocabulary: &Vocabulary, reading: &Reading) -> Vec<Match> {
        self.find_in(vocabulary, reading, 0..reading.words.len())
    }

    /// The places that begin at one of these morphemes; of a relation, whose effect does.
    pub fn find_in(&self, vocabulary: &Vocabulary, reading: &Reading, words: Range<usize>) -> Vec<Match> {
        match &self.shape {
            Shape::Plain(side) => matching::find(side, vocabulary, reading, words),
            Shape::Relation { object, effect } => {
                if !object.may_hold(vocabulary, reading) {
                    return Vec::new();
                }
                let effects = matching::find(effect, vocabulary, reading, words);
                if effects.is_empty() {
                    return effects;
                }
                let objects = matching::find(object, vocabulary, reading, 0..reading.words.len());
                relation::join(&objects, effects, vocabulary, reading)
            }
        }
    }

    /// Whether it has two sides, which may stand in two sentences.
    pub fn is_relation(&self) -> bool {
        matches!(self.shape, Shape::Relation { .. })
    }

    /// Where the effect of a relation stands, whatever it is said of; nothing for other patterns.
    pub fn effects(&self, vocabulary: &Vocabulary, reading: &Reading) -> Vec<Match> {
        match &self.shape {
            Shape::Plain(_) => Vec::new(),
            Shape::Relation { effect, .. } => matching::find(effect, vocabulary, reading, 0..reading.words.len()),
        }
    }

    /// Where the object of a relation stands, whatever is said of it; nothing for other patterns.
    pub fn objects(&self, vocabulary: &Vocabulary, reading: &Reading) -> Vec<Match> {
        match &self.shape {
            Shape::Plain(_) => Vec::new(),
            Shape::Relation { object, .. } => matching::find(object, vocabulary, reading, 0..reading.words.len()),
        }
    }

    /// Whether anything the pattern can begin with (of a relation: its effect) stands among these
    /// morphemes. Much cheaper than to find it.
    pub fn may_begin(&self, vocabulary: &Vocabulary, reading: &Reading, words: Range<usize>) -> bool {
        match &self.shape {
            Shape::Plain(side) | Shape::Relation { effect: side, .. } => side.may_begin(vocabulary, reading, words),
        }
    }

    /// The strings of which some must stand in a sentence for the pattern to hold there.
    pub fn requirement(&self, vocabulary: &Vocabulary) -> Requirement {
        match &self.shape {
            Shape::Plain(side) => anchors::requirement(&side.node, vocabulary),
            Shape::Relation { object, effect } => {
                anchors::requirement(&object.node, vocabulary).and(anchors::requirement(&effect.node, vocabulary))
            }
        }
    }

    /// The names of parts a message may use.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        match &self.shape {
            Shape::Plain(side) => side.node.names(&mut names),
            Shape::Relation { object, effect } => {
                object.node.names(&mut names);
                effect.node.names(&mut names);
            }
        }
        names
    }
}

impl Node {
    fn names<'a>(&'a self, names: &mut Vec<&'a str>) {
        match self {
            Self::Name(name, node) => {
                names.push(name);
                node.names(names);
            }
            Self::Seq(nodes) | Self::Choice(nodes, _) => nodes.iter().for_each(|n| n.names(names)),
            Self::Maybe(node) => node.names(names),
            _ => {}
        }
    }
}
