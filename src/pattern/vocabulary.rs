//! All words that patterns speak of, in one trie; groups and classes by name.

use std::collections::HashMap;
use std::sync::OnceLock;

use rustc_hash::FxBuildHasher;

use super::anchors::{self, Anchors, Clause, Requirement};
use super::lead::{EntryNeeds, Index};
use super::parse::{Fault, FaultKind, Syntax};
use super::quantity::Spelling;
use super::{EFFECT, Node, OBJECT, Pattern, Shape, Side};
use crate::normal::Normal;

/// A word of the vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WordIx(pub u32);

/// A literal of some pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct LiteralIx(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct GroupIx(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ClassIx(pub u32);

/// Whether an effect happens to its object or is done to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Valence {
    /// Either, or not said: nouns.
    #[default]
    Open,
    /// 〜が消える
    Intransitive,
    /// 〜を消す
    Transitive,
}

/// Whether an effect is something a customer wishes for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Polarity {
    #[default]
    Good,
    /// 老ける, できる: a claim only when negated.
    Bad,
}

/// One alternative of a group.
#[derive(Clone, Debug)]
pub struct GroupEntry {
    pub syntax: Syntax,
    pub valence: Valence,
    pub polarity: Polarity,
}

/// A name that is not defined, and the nearest that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    pub name: String,
    pub nearest: Option<String>,
}

impl Unknown {
    /// The nearest of some names, if one is near.
    pub fn among<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        Self::within(0.4, name, known)
    }

    /// The one of some names of which this is a slip of the pen.
    pub fn slip<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        Self::within(0.7, name, known)
    }

    fn within<'a>(least: f64, name: &str, known: impl Iterator<Item = &'a str>) -> Self {
        let nearest = known
            .map(|k| (strsim::normalized_damerau_levenshtein(name, k), k))
            .filter(|(score, _)| *score >= least)
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, k)| k.to_owned());
        Self { name: name.to_owned(), nearest }
    }
}

/// Words, groups and classes.
#[derive(Debug, Default)]
pub struct Vocabulary {
    words: Vec<Box<str>>,
    /// What each word leaves to look for.
    leaves: Vec<Option<Clause>>,
    anchors: Anchors,
    /// Words as rule files spell them: most are spelled again and again.
    spelled: HashMap<Box<str>, WordIx, FxBuildHasher>,
    trie: Trie<WordIx>,
    literals: Vec<Literal>,
    literal_trie: Trie<LiteralIx>,
    group_ix: HashMap<String, GroupIx>,
    groups: Vec<Group>,
    class_ix: HashMap<String, ClassIx>,
    classes: Vec<Kind>,
}

/// Letters that stand in a sentence wherever words begin and end.
#[derive(Debug)]
pub(super) struct Literal {
    pub text: Box<str>,
    /// What the prefilter looks for.
    pub clause: Clause,
}

#[derive(Debug, Default)]
pub(super) struct Group {
    /// Words with their attributes, for the common case of one word.
    pub words: HashMap<WordIx, (Valence, Polarity), FxBuildHasher>,
    /// Everything longer.
    pub others: Vec<(Node, Valence, Polarity)>,
    /// Over the others.
    pub index: Index,
    pub needs: EntryNeeds,
    /// Computed once: many patterns speak of the same group.
    pub requirement: OnceLock<Requirement>,
}

#[derive(Debug)]
pub(super) enum Kind {
    /// A number, of one word or several.
    Number,
    /// Any noun.
    Noun,
    Particle,
    /// A verb or an adjective.
    Inflected,
    /// Where the sentence or a part of it ends. Takes no room.
    End,
    /// Defined by data, in words.
    Pattern(Node),
    /// Defined by data, as a spelling.
    Spelled(Box<Spelling>, Option<Clause>),
}

const BUILTIN: [(&str, Kind); 5] = [
    ("数", Kind::Number),
    ("名詞", Kind::Noun),
    ("助詞", Kind::Particle),
    ("用言", Kind::Inflected),
    ("文末", Kind::End),
];

impl Vocabulary {
    /// With the classes that grammar defines.
    pub fn new() -> Self {
        let mut vocabulary = Self::default();
        for (name, kind) in BUILTIN {
            vocabulary.class_ix.insert(name.to_owned(), ClassIx(vocabulary.classes.len() as u32));
            vocabulary.classes.push(kind);
        }
        vocabulary
    }

    /// Announces groups and classes, so that they can speak of each other.
    pub fn declare<'a>(&mut self, groups: impl Iterator<Item = &'a str>, classes: impl Iterator<Item = &'a str>) {
        for name in groups {
            self.group_ix.insert(name.to_owned(), GroupIx(self.groups.len() as u32));
            self.groups.push(Group::default());
        }
        for name in classes {
            self.class_ix.insert(name.to_owned(), ClassIx(self.classes.len() as u32));
            self.classes.push(Kind::Noun);
        }
    }

    /// Defines a declared group: its own entries, and all of the groups it includes, which are defined before.
    ///
    /// # Errors
    ///
    /// The entry at fault (its index) and its [`Fault`].
    pub fn define_group(
        &mut self,
        name: &str,
        entries: &[GroupEntry],
        included: &[&str],
    ) -> Result<(), (usize, Fault)> {
        let mut group = Group::default();
        for (at, entry) in entries.iter().enumerate() {
            let node = self.node(&entry.syntax).map_err(|fault| (at, fault))?;
            match node {
                Node::Word(word) => {
                    group.words.entry(word).or_insert((entry.valence, entry.polarity));
                }
                node => group.others.push((node, entry.valence, entry.polarity)),
            }
        }
        for other in included.iter().map(|name| &self.groups[self.group_ix[*name].0 as usize]) {
            for (&word, &attributes) in &other.words {
                group.words.entry(word).or_insert(attributes);
            }
            group.others.extend(other.others.iter().cloned());
        }
        let ix = self.group_ix[name];
        self.groups[ix.0 as usize] = group;
        Ok(())
    }

    /// Defines a declared class.
    ///
    /// # Errors
    ///
    /// The definition at fault (its index) and its [`Fault`].
    pub fn define_class(&mut self, name: &str, choices: &[Syntax]) -> Result<(), (usize, Fault)> {
        let mut nodes = Vec::new();
        for (at, choice) in choices.iter().enumerate() {
            nodes.push(self.node(choice).map_err(|fault| (at, fault))?);
        }
        let ix = self.class_ix[name];
        self.classes[ix.0 as usize] = Kind::Pattern(Node::Choice(nodes, Index::default()));
        Ok(())
    }

    /// Defines a declared class by its spelling.
    pub fn define_spelling(&mut self, name: &str, spelling: Spelling) {
        let ix = self.class_ix[name];
        let clause = self.anchors.clause(spelling.anchors.iter().map(String::as_str));
        self.classes[ix.0 as usize] = Kind::Spelled(Box::new(spelling), clause);
    }

    /// Compiles a pattern. `anchored`: whether it must have something that the prefilter can look for.
    ///
    /// # Errors
    ///
    /// Unknown names, or no anchor.
    pub fn compile(&mut self, syntax: &Syntax, anchored: bool) -> Result<Pattern, Fault> {
        let shape = match syntax {
            Syntax::Relation(object, effect) => {
                Shape::Relation { object: self.side(object, OBJECT)?, effect: self.side(effect, EFFECT)? }
            }
            plain => {
                let node = self.node(plain)?;
                Shape::Plain(Side::new(node))
            }
        };
        let pattern = Pattern { shape };
        if anchored && pattern.requirement(self).is_empty() {
            return Err(Fault { at: 0, kind: FaultKind::NoAnchor });
        }
        Ok(pattern)
    }

    /// One side of a relation; it gets its usual name if it has none.
    fn side(&mut self, syntax: &Syntax, name: &str) -> Result<Side, Fault> {
        let node = self.node(syntax)?;
        let mut names = Vec::new();
        node.names(&mut names);
        let node = if names.is_empty() { Node::Name(name.into(), Box::new(node)) } else { node };
        Ok(Side::new(node))
    }

    fn node(&mut self, syntax: &Syntax) -> Result<Node, Fault> {
        Ok(match syntax {
            Syntax::Word(word) => Node::Word(self.word(word)),
            Syntax::Literal(literal) => Node::Literal(self.literal(literal)),
            Syntax::Group(name) => Node::Group(*self.group_ix.get(name).ok_or_else(|| {
                let Unknown { name, nearest } = Unknown::among(name, self.group_ix.keys().map(String::as_str));
                Fault { at: 0, kind: FaultKind::UnknownGroup { name, nearest } }
            })?),
            Syntax::Class(name) => Node::Class(*self.class_ix.get(name).ok_or_else(|| {
                let Unknown { name, nearest } = Unknown::among(name, self.class_ix.keys().map(String::as_str));
                Fault { at: 0, kind: FaultKind::UnknownClass { name, nearest } }
            })?),
            Syntax::Gap(most) => Node::Gap(*most),
            Syntax::Seq(parts) => Node::Seq(parts.iter().map(|p| self.node(p)).collect::<Result<_, _>>()?),
            Syntax::Choice(parts) => {
                Node::Choice(parts.iter().map(|p| self.node(p)).collect::<Result<_, _>>()?, Index::default())
            }
            Syntax::Maybe(part) => Node::Maybe(Box::new(self.node(part)?)),
            Syntax::Name(name, part) => Node::Name(name.as_str().into(), Box::new(self.node(part)?)),
            Syntax::Relation(..) => return Err(Fault { at: 0, kind: FaultKind::RelationInside }),
        })
    }

    fn literal(&mut self, spelled: &str) -> LiteralIx {
        let text = Normal::fold(spelled);
        if let Some(known) = self.literal_trie.walk(ROOT, &text).and_then(|node| self.literal_trie.value(node)) {
            return known;
        }
        let ix = LiteralIx(self.literals.len() as u32);
        let clause = self.anchors.clause(std::iter::once(text.as_str())).expect("a literal is a string");
        self.literal_trie.insert(&text, ix);
        self.literals.push(Literal { text: text.into(), clause });
        ix
    }

    fn word(&mut self, spelled: &str) -> WordIx {
        if let Some(&known) = self.spelled.get(spelled) {
            return known;
        }
        let ix = self.new_word(spelled);
        self.spelled.insert(spelled.into(), ix);
        ix
    }

    fn new_word(&mut self, word: &str) -> WordIx {
        // The canonical spelling stands for all of them.
        let folded = Normal::fold(word);
        let word = crate::lexicon::canonical(&folded);
        let known = self.trie.walk(ROOT, word).and_then(|node| self.trie.value(node));
        let ix = known.unwrap_or_else(|| {
            let ix = WordIx(self.words.len() as u32);
            self.words.push(word.into());
            let leaves = anchors::of_word(word);
            self.leaves.push(self.anchors.clause(leaves.iter().map(String::as_str)));
            self.trie.insert(word, ix);
            ix
        });
        // Words may be cut where the lexicon has one: なく|なる.
        if folded != word && self.trie.walk(ROOT, &folded).and_then(|node| self.trie.value(node)).is_none() {
            self.trie.insert(&folded, ix);
        }
        ix
    }

    /// A word's spelling.
    pub fn spelling(&self, word: WordIx) -> &str {
        &self.words[word.0 as usize]
    }

    /// Whether a group lists a word as a word of its own; no group of that name lists none.
    pub fn in_group(&self, name: &str, word: WordIx) -> bool {
        self.group_ix.get(name).is_some_and(|ix| self.groups[ix.0 as usize].words.contains_key(&word))
    }

    /// The pattern `@name`.
    pub fn group_pattern(&self, name: &str) -> Option<Pattern> {
        self.group_ix.get(name).map(|&ix| Pattern { shape: Shape::Plain(Side::new(Node::Group(ix))) })
    }

    /// The pattern `<name>`.
    pub fn class_pattern(&self, name: &str) -> Option<Pattern> {
        self.class_ix.get(name).map(|&ix| Pattern { shape: Shape::Plain(Side::new(Node::Class(ix))) })
    }

    pub(super) fn trie(&self) -> &Trie<WordIx> {
        &self.trie
    }

    /// The literals of all patterns, by character.
    pub(super) fn literal_trie(&self) -> &Trie<LiteralIx> {
        &self.literal_trie
    }

    pub(super) fn literal_of(&self, ix: LiteralIx) -> &Literal {
        &self.literals[ix.0 as usize]
    }

    pub(super) fn group(&self, ix: GroupIx) -> &Group {
        &self.groups[ix.0 as usize]
    }

    pub(super) fn class(&self, ix: ClassIx) -> &Kind {
        &self.classes[ix.0 as usize]
    }

    /// What a word leaves to look for; see [`anchors`].
    pub(super) fn anchors_of(&self, word: WordIx) -> Option<&Clause> {
        self.leaves[word.0 as usize].as_ref()
    }

    pub(super) fn anchors(&self) -> &Anchors {
        &self.anchors
    }

    /// A string that is looked for.
    pub fn anchor(&self, number: u32) -> &str {
        self.anchors.text(number)
    }

    /// How many strings are looked for.
    pub fn anchor_count(&self) -> usize {
        self.anchors.len()
    }
}

/// Spellings by character.
#[derive(Debug)]
pub(super) struct Trie<T> {
    nodes: Vec<TrieNode<T>>,
    /// What follows the root: every word of every sentence starts here.
    first: HashMap<char, u32, FxBuildHasher>,
}

#[derive(Debug)]
struct TrieNode<T> {
    next: Vec<(char, u32)>,
    value: Option<T>,
}

impl<T> TrieNode<T> {
    fn empty() -> Self {
        Self { next: Vec::new(), value: None }
    }
}

impl<T> Default for Trie<T> {
    fn default() -> Self {
        Self { nodes: vec![TrieNode::empty()], first: HashMap::default() }
    }
}

/// Where every spelling begins.
pub(super) const ROOT: u32 = 0;

impl<T: Copy> Trie<T> {
    fn insert(&mut self, spelling: &str, value: T) {
        let mut node = ROOT as usize;
        for c in spelling.chars() {
            if node == ROOT as usize {
                let new = self.nodes.len() as u32;
                let first = *self.first.entry(c).or_insert(new);
                if first == new {
                    self.nodes.push(TrieNode::empty());
                }
                node = first as usize;
                continue;
            }
            node = match self.nodes[node].next.binary_search_by_key(&c, |&(c, _)| c) {
                Ok(at) => self.nodes[node].next[at].1 as usize,
                Err(at) => {
                    let new = self.nodes.len();
                    self.nodes[node].next.insert(at, (c, new as u32));
                    self.nodes.push(TrieNode::empty());
                    new
                }
            };
        }
        self.nodes[node].value = Some(value);
    }

    /// The node after reading one character from `node`.
    pub fn step(&self, node: u32, c: char) -> Option<u32> {
        if node == ROOT {
            return self.first.get(&c).copied();
        }
        let next = &self.nodes[node as usize].next;
        Some(next[next.binary_search_by_key(&c, |&(c, _)| c).ok()?].1)
    }

    /// The node after reading `text` from `node`.
    pub fn walk(&self, node: u32, text: &str) -> Option<u32> {
        text.chars().try_fold(node, |node, c| self.step(node, c))
    }

    /// What is spelled by the way to a node.
    pub fn value(&self, node: u32) -> Option<T> {
        self.nodes[node as usize].value
    }
}
