//! What must stand in a sentence for a pattern to hold there: some string of every clause. Only
//! sentences that pass are analysed, so this must never ask for more than the pattern does.

use std::collections::HashMap;
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use super::Node;
use super::vocabulary::{Kind, Vocabulary};
use crate::script::is_hiragana;

/// The strings that are looked for, by number: thousands of patterns ask for the same ones.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    numbers: HashMap<Box<str>, u32, FxBuildHasher>,
    texts: Vec<Box<str>>,
    weights: Vec<u32>,
}

impl Anchors {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&known) = self.numbers.get(text) {
            return known;
        }
        let number = self.texts.len() as u32;
        self.numbers.insert(text.into(), number);
        self.texts.push(text.into());
        self.weights.push(weight(text));
        number
    }

    /// One of several strings; `None` where there is none to ask for.
    pub fn clause<'a>(&mut self, texts: impl Iterator<Item = &'a str>) -> Option<Clause> {
        let anchors = texts.map(|text| self.number(text)).collect();
        self.one_of(anchors)
    }

    fn one_of(&self, mut anchors: Vec<u32>) -> Option<Clause> {
        anchors.sort_unstable();
        anchors.dedup();
        let weight = anchors.iter().map(|&a| self.weights[a as usize]).sum();
        (!anchors.is_empty()).then(|| Clause { anchors: anchors.into(), weight })
    }

    pub fn text(&self, number: u32) -> &str {
        &self.texts[number as usize]
    }

    pub fn len(&self) -> usize {
        self.texts.len()
    }
}

/// One of these strings must occur.
#[derive(Clone, Debug)]
pub struct Clause {
    /// Numbers, see [`Vocabulary::anchor`]; in order.
    pub anchors: Arc<[u32]>,
    /// How often neutral text meets it, roughly.
    pub weight: u32,
}

impl PartialEq for Clause {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.anchors, &other.anchors) || self.anchors == other.anchors
    }
}

/// All of these clauses must hold.
#[derive(Clone, Debug, Default, PartialEq)]
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
        self.clauses.into_iter().min_by_key(|clause| clause.weight)
    }

    fn of(clause: Option<Clause>) -> Self {
        Self { clauses: clause.into_iter().collect() }
    }
}

/// How often a string is met in neutral text, roughly: short ones are common.
fn weight(anchor: &str) -> u32 {
    match (anchor.chars().count(), anchor.chars().all(is_hiragana)) {
        (1, true) => 1000,
        (1, false) | (2, true) => 100,
        (2, false) | (3, true) => 10,
        _ => 1,
    }
}

pub(super) fn requirement(node: &Node, vocabulary: &Vocabulary) -> Requirement {
    match node {
        Node::Word(word) => Requirement::of(vocabulary.anchors_of(*word).cloned()),
        Node::Literal(literal) => Requirement::of(Some(vocabulary.literal_of(*literal).clause.clone())),
        Node::Group(group) => {
            let group = vocabulary.group(*group);
            let all = || {
                let words = group.words.keys().map(|&word| requirement(&Node::Word(word), vocabulary));
                let others = group.others.iter().map(|(node, ..)| requirement(node, vocabulary));
                any(words.chain(others), vocabulary)
            };
            group.requirement.get_or_init(all).clone()
        }
        Node::Class(class) => match vocabulary.class(*class) {
            Kind::Pattern(node) => requirement(node, vocabulary),
            Kind::Spelled(_, clause) => Requirement::of(clause.clone()),
            _ => Requirement::default(),
        },
        Node::Seq(nodes) => {
            nodes.iter().fold(Requirement::default(), |all, node| all.and(requirement(node, vocabulary)))
        }
        Node::Choice(nodes, _) => any(nodes.iter().map(|node| requirement(node, vocabulary)), vocabulary),
        Node::Maybe(_) | Node::Gap(_) => Requirement::default(),
        Node::Name(_, node) => requirement(node, vocabulary),
    }
}

/// One of several: of each its rarest clause, united. One that asks for nothing frees all.
fn any(choices: impl Iterator<Item = Requirement>, vocabulary: &Vocabulary) -> Requirement {
    let Some(clauses) = choices.map(Requirement::rarest).collect::<Option<Vec<Clause>>>() else {
        return Requirement::default();
    };
    match clauses.as_slice() {
        [one] => Requirement::of(Some(one.clone())),
        all => {
            let anchors = all.iter().flat_map(|clause| clause.anchors.iter().copied()).collect();
            Requirement::of(vocabulary.anchors().one_of(anchors))
        }
    }
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
