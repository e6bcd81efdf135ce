//! What must stand in a sentence for a pattern to hold there: some string of every clause. Only
//! sentences that pass are analysed, so this must never ask for more than the pattern does.

use std::collections::BTreeSet;

use super::Node;
use super::vocabulary::{Kind, Vocabulary};
use crate::script::is_hiragana;

/// One of these strings must occur.
pub type Clause = BTreeSet<String>;

/// All of these clauses must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requirement {
    pub clauses: Vec<Clause>,
}

impl Requirement {
    /// Nothing to look for.
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }

    /// Both.
    pub fn and(mut self, other: Self) -> Self {
        for clause in other.clauses {
            if !self.clauses.contains(&clause) {
                self.clauses.push(clause);
            }
        }
        self
    }

    /// The clause that neutral text meets least.
    fn rarest(self) -> Option<Clause> {
        self.clauses.into_iter().min_by_key(weight)
    }
}

/// How often a clause is met in neutral text, roughly: short strings are common.
pub fn weight(clause: &Clause) -> u32 {
    clause
        .iter()
        .map(|anchor| {
            let kana = anchor.chars().all(is_hiragana);
            match (anchor.chars().count(), kana) {
                (1, true) => 1000,
                (1, false) | (2, true) => 100,
                (2, false) | (3, true) => 10,
                _ => 1,
            }
        })
        .sum()
}

pub(super) fn requirement(node: &Node, vocabulary: &Vocabulary) -> Requirement {
    let clause = |clause: Clause| Requirement { clauses: vec![clause] };
    match node {
        Node::Word(word) => {
            let anchors: Clause = vocabulary.anchors_of(*word).into_iter().collect();
            if anchors.is_empty() { Requirement::default() } else { clause(anchors) }
        }
        Node::Literal(literal) => clause(Clause::from([literal.to_string()])),
        Node::Group(group) => {
            let group = vocabulary.group(*group);
            let all = || {
                let words = group.words.keys().map(|&word| requirement(&Node::Word(word), vocabulary));
                let others = group.others.iter().map(|(node, ..)| requirement(node, vocabulary));
                any(words.chain(others))
            };
            group.requirement.get_or_init(all).clone()
        }
        Node::Class(class) => match vocabulary.class(*class) {
            Kind::Pattern(node) => requirement(node, vocabulary),
            Kind::Spelled(spelling) if !spelling.anchors.is_empty() => {
                clause(spelling.anchors.iter().cloned().collect())
            }
            _ => Requirement::default(),
        },
        Node::Seq(nodes) => {
            nodes.iter().fold(Requirement::default(), |all, node| all.and(requirement(node, vocabulary)))
        }
        Node::Choice(nodes) => any(nodes.iter().map(|node| requirement(node, vocabulary))),
        Node::Maybe(_) | Node::Gap(_) => Requirement::default(),
        Node::Name(_, node) => requirement(node, vocabulary),
    }
}

/// One of several: of each its rarest clause, united. One that asks for nothing frees all.
fn any(choices: impl Iterator<Item = Requirement>) -> Requirement {
    let mut union = Clause::new();
    for choice in choices {
        match choice.rarest() {
            Some(clause) => union.extend(clause),
            None => return Requirement::default(),
        }
    }
    if union.is_empty() { Requirement::default() } else { Requirement { clauses: vec![union] } }
}

/// The part of a word that all its forms and spellings share.
pub(super) fn of_word(word: &str) -> Vec<String> {
    let spellings = std::iter::once(word).chain(crate::lexicon::variants(word).iter().copied());
    let mut anchors = Vec::new();
    for spelling in spellings {
        match stem(spelling) {
            Some(stem) => anchors.push(stem.to_owned()),
            None => return Vec::new(),
        }
    }
    anchors
}

/// Without the ending that inflection changes; `None` when nothing solid is left.
fn stem(word: &str) -> Option<&str> {
    let stem = match word
        .strip_suffix("する")
        .or_else(|| word.strip_suffix("ずる"))
        .or_else(|| word.strip_suffix("くる"))
    {
        Some("") => return None,
        Some(stem) => stem,
        None => word.strip_suffix(['う', 'く', 'ぐ', 'す', 'つ', 'ぬ', 'ぶ', 'む', 'る', 'い', 'だ']).unwrap_or(word),
    };
    let solid = stem.chars().any(|c| !is_hiragana(c)) || stem.chars().count() >= 2;
    solid.then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_are_what_inflection_leaves() {
        for (word, expected) in [
            ("消える", Some("消え")),
            ("治る", Some("治")),
            ("改善", Some("改善")),
            ("薄くする", Some("薄く")),
            ("若い", Some("若")),
            ("ない", None),
            ("ぬ", None),
            ("する", None),
            ("シミ", Some("シミ")),
        ] {
            assert_eq!(stem(word), expected, "{word}");
        }
    }
}
