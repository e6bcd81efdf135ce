//! One document being looked at: its normal text, and its sentences, analysed when somebody asks.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use crate::anchor::Seen;
use crate::bunsetsu;
use crate::document::{self, BlockIx, Document, Format, Include};
use crate::morpheme::Analyzer;
use crate::normal::Normal;
use crate::pattern::{BEARERS, Reading, Vocabulary};
use crate::product::{Category, Profile};
use crate::sentence::{self, Sentence};
use crate::source::Source;
use crate::span::NormalSpan;

/// Places by the start of a sentence and the number of a pattern.
type Found = HashMap<(u32, u32), Rc<[NormalSpan]>>;

/// Sentences, and the words found in them.
type Said = Rc<[(Sentence, NormalSpan)]>;

/// A part of a page that contexts look through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    Block(BlockIx),
    /// What stands under a heading and no nearer one; what stands under none is one, too.
    Section(Option<BlockIx>),
    Page,
}

/// Everything known of one document while it is checked.
pub struct Scene<'a> {
    pub source: &'a Source,
    pub document: &'a Document,
    pub normal: &'a Normal,
    pub vocabulary: &'a Vocabulary,
    /// What is declared of the product; its category is that of blocks that declare no other.
    pub profile: &'a Profile,
    /// Nobody said the category.
    pub assumed: bool,
    /// The category that each block speaks of; empty where all speak of the profile's.
    pub categories: Vec<Category>,
    analyzer: RefCell<&'a mut Analyzer>,
    sentences: Vec<OnceCell<Vec<Sentence>>>,
    digests: Vec<OnceCell<[u8; 32]>>,
    readings: RefCell<HashMap<u32, Rc<Reading<'a>>>>,
    /// Which context patterns could hold in a sentence; see [`Scene::possible`].
    possible: RefCell<HashMap<u32, Rc<[u32]>>>,
    /// Where context patterns hold, by sentence and pattern: every claim of a sentence asks.
    found: RefCell<Found>,
    /// Whether the page is about something else; see [`crate::context`].
    pub elsewhere: OnceCell<bool>,
    /// The first titles of the page.
    titles: OnceCell<Vec<BlockIx>>,
    /// Kinds of product named over a section, by its heading.
    kinds: RefCell<HashMap<Option<BlockIx>, Rc<Vec<String>>>>,
    /// The blocks under each heading.
    under: OnceCell<HashMap<Option<BlockIx>, Vec<BlockIx>>>,
    /// Whether a region has the words of a set of patterns.
    said: RefCell<HashMap<(Region, u32), bool>>,
    /// The first sentences of a region with the words of a set of patterns, and where.
    regions: RefCell<HashMap<(Region, u32), Said>>,
    /// Whether the product's label has the words of a set of patterns.
    on_label: RefCell<HashMap<u32, bool>>,
    seen: RefCell<Seen>,
}

/// Headings and titles looked at for kinds of product.
const MOST_OVER: usize = 16;

/// The group of nouns that only carry a predicate: data.
const CARRIERS: &str = "受け皿";

impl<'a> Scene<'a> {
    pub fn new(
        source: &'a Source,
        document: &'a Document,
        normal: &'a Normal,
        vocabulary: &'a Vocabulary,
        profile: &'a Profile,
        analyzer: &'a mut Analyzer,
    ) -> Self {
        Self {
            source,
            document,
            normal,
            vocabulary,
            profile,
            assumed: false,
            categories: Vec::new(),
            analyzer: RefCell::new(analyzer),
            sentences: document.blocks.iter().map(|_| OnceCell::new()).collect(),
            digests: document.blocks.iter().map(|_| OnceCell::new()).collect(),
            readings: RefCell::default(),
            possible: RefCell::default(),
            found: RefCell::default(),
            elsewhere: OnceCell::new(),
            titles: OnceCell::new(),
            kinds: RefCell::default(),
            under: OnceCell::new(),
            said: RefCell::default(),
            regions: RefCell::default(),
            on_label: RefCell::default(),
            seen: RefCell::default(),
        }
    }

    /// The sentences of a block.
    pub fn sentences(&self, block: BlockIx) -> &[Sentence] {
        self.sentences[block].get_or_init(|| sentence::split(self.normal, block))
    }

    /// A sentence analysed, once.
    pub fn reading(&self, sentence: Sentence) -> Rc<Reading<'a>> {
        if let Some(known) = self.readings.borrow().get(&sentence.span.start) {
            return Rc::clone(known);
        }
        let reading =
            Rc::new(Reading::new(self.normal, sentence.span, &mut self.analyzer.borrow_mut(), self.vocabulary));
        self.readings.borrow_mut().insert(sentence.span.start, Rc::clone(&reading));
        reading
    }

    /// Whether the product's label, in one of these readings of it, has what `holds` looks for: a set of
    /// patterns, asked once.
    pub fn label_says(
        &self,
        set: u32,
        mut readings: impl Iterator<Item = String>,
        holds: impl Fn(&Reading) -> bool,
    ) -> bool {
        let known = self.on_label.borrow().get(&set).copied();
        known.unwrap_or_else(|| {
            let says = readings.any(|text| self.aside(&text, &holds));
            self.on_label.borrow_mut().insert(set, says);
            says
        })
    }

    /// What `holds` sees in a text that is not part of the page.
    fn aside(&self, text: &str, holds: impl FnOnce(&Reading) -> bool) -> bool {
        let source = Source::from_text("", text);
        let document = document::read(&source, Format::Plain, Include::default());
        let normal = Normal::of(&source, &document);
        if document.blocks.is_empty() {
            return false;
        }
        let reading = Reading::new(&normal, normal.block(0), &mut self.analyzer.borrow_mut(), self.vocabulary);
        holds(&reading)
    }

    /// Lets go of analyses that nobody will ask for again: memory stays bound to what is in view.
    pub fn forget(&self) {
        if self.readings.borrow().len() > 128 {
            self.readings.borrow_mut().clear();
            self.possible.borrow_mut().clear();
            self.found.borrow_mut().clear();
        }
    }

    /// The requirements of a prefilter that a sentence meets, computed once. All calls must use
    /// the same prefilter.
    pub fn possible(&self, sentence: Sentence, prefilter: &crate::anchor::Prefilter) -> Rc<[u32]> {
        if let Some(known) = self.possible.borrow().get(&sentence.span.start) {
            return Rc::clone(known);
        }
        let met = prefilter.met_by(self.normal.slice(sentence.span), &mut self.seen.borrow_mut());
        let met: Rc<[u32]> = met.into();
        self.possible.borrow_mut().insert(sentence.span.start, Rc::clone(&met));
        met
    }

    /// Where a context pattern holds in a sentence, found once.
    pub fn found(&self, sentence: Sentence, pattern: u32, find: impl FnOnce() -> Rc<[NormalSpan]>) -> Rc<[NormalSpan]> {
        let key = (sentence.span.start, pattern);
        if let Some(known) = self.found.borrow().get(&key) {
            return Rc::clone(known);
        }
        let found = find();
        self.found.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    /// A hash of a block's text as written; of a block that does not exist, of nothing.
    pub fn digest(&self, block: BlockIx) -> [u8; 32] {
        let Some(content) = self.document.blocks.get(block) else { return Sha256::digest([]).into() };
        *self.digests[block].get_or_init(|| {
            let mut hash = Sha256::new();
            content.runs.iter().for_each(|run| hash.update(self.source.slice(run.span)));
            hash.finalize().into()
        })
    }

    /// What `find` sees in the headings over a section and the titles of the page, asked once.
    pub fn kinds_under(
        &self,
        heading: Option<BlockIx>,
        find: impl FnOnce(&mut dyn Iterator<Item = BlockIx>) -> Vec<String>,
    ) -> Rc<Vec<String>> {
        if let Some(known) = self.kinds.borrow().get(&heading) {
            return Rc::clone(known);
        }
        let over = heading.into_iter().flat_map(|h| std::iter::once(h).chain(self.document.headings(h)));
        let found = Rc::new(find(&mut over.take(MOST_OVER).chain(self.titles().iter().copied())));
        self.kinds.borrow_mut().insert(heading, Rc::clone(&found));
        found
    }

    /// What the page is about. A page has a few titles; a text that makes every line one is no page.
    pub fn titles(&self) -> &[BlockIx] {
        self.titles.get_or_init(|| self.document.titles().take(MOST_OVER).collect())
    }

    /// The blocks that stand under a heading and no nearer one.
    pub fn under(&self, heading: Option<BlockIx>) -> &[BlockIx] {
        let under = self.under.get_or_init(|| {
            let mut under: HashMap<Option<BlockIx>, Vec<BlockIx>> = HashMap::new();
            for (ix, block) in self.document.blocks.iter().enumerate() {
                under.entry(block.heading).or_default().push(ix);
            }
            under
        });
        under.get(&heading).map_or(&[], Vec::as_slice)
    }

    /// The blocks of a region, in order; a section's without its heading.
    pub fn blocks(&self, region: Region) -> Box<dyn Iterator<Item = BlockIx> + '_> {
        match region {
            Region::Block(block) => Box::new(std::iter::once(block)),
            Region::Section(heading) => Box::new(self.under(heading).iter().copied()),
            Region::Page => Box::new(0..self.document.blocks.len()),
        }
    }

    /// Whether a block of a region has the words of a set of patterns, looked up once.
    pub fn region_says(&self, region: Region, set: u32, says: impl FnMut(BlockIx) -> bool) -> bool {
        if let Some(&known) = self.said.borrow().get(&(region, set)) {
            return known;
        }
        let says = self.blocks(region).any(says);
        self.said.borrow_mut().insert((region, set), says);
        says
    }

    /// The sentences of a region with the words of a set of patterns, looked up once.
    pub fn said_in(&self, region: Region, set: u32, find: impl FnOnce() -> Said) -> Said {
        if let Some(known) = self.regions.borrow().get(&(region, set)) {
            return Rc::clone(known);
        }
        let said = find();
        self.regions.borrow_mut().insert((region, set), Rc::clone(&said));
        said
    }

    /// What the sentence goes on to say of the words at a place; see [`bunsetsu::tail`]. Indices of
    /// morphemes.
    pub fn tail(&self, reading: &Reading, of: NormalSpan) -> Range<usize> {
        let from = reading.words.partition_point(|w| w.span.end <= of.end);
        bunsetsu::tail(&reading.phrases, &reading.words, from, |head| self.carries(reading, head))
    }

    /// Whether a word is a noun that only carries a predicate (効果, 可能性).
    pub fn carries(&self, reading: &Reading, head: usize) -> bool {
        self.is_in(CARRIERS, reading, head)
    }

    /// Whether a word is a noun that stands for what it is of (シミの悩み).
    pub fn stands_for(&self, reading: &Reading, head: usize) -> bool {
        self.is_in(BEARERS, reading, head)
    }

    fn is_in(&self, group: &str, reading: &Reading, head: usize) -> bool {
        reading.found().any(|(range, word)| range.contains(&head) && self.vocabulary.in_group(group, word))
    }

    /// The category in force in a block.
    pub fn category_of(&self, block: BlockIx) -> Category {
        self.categories.get(block).copied().unwrap_or(self.profile.category())
    }
}
