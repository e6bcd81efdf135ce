//! Contexts: what stands around a claim and changes what it means. Nine probes, all else data.

mod judgement;
pub mod speaker;
mod subject;
mod topic;

pub use speaker::Speaker;
pub use topic::Topic;

use std::sync::OnceLock;

use crate::anchor::Prefilter;
use crate::document::{BlockIx, BlockKind, Origin};
use crate::morpheme::Class;
use crate::pattern::{Pattern, Reading};
use crate::rule::{ExceptReach, Reach, Side};
use crate::scene::{Region, Scene};
use crate::sentence::Sentence;
use crate::span::NormalSpan;

/// A context, compiled from `rulesets/contexts/`.
#[derive(Debug)]
pub struct Context {
    pub id: String,
    pub title: String,
    /// Asked of every claim.
    pub global: bool,
    /// Only for effects that do not name what they are said of.
    pub unnamed: bool,
    /// Where it holds, a denial or a wish is taken back.
    pub restores: bool,
    pub probe: Probe,
    /// Patterns that keep it from holding, in the claim's block or beside it, or anywhere under its heading.
    pub except: ProbeSet,
    pub except_reach: ExceptReach,
    /// Marks before the claim's own line that keep it from holding.
    pub except_label: ProbeSet,
}

/// How a context is recognised. The list is closed. Patterns are numbers into [`Probes`].
#[derive(Debug)]
pub enum Probe {
    /// Near the claim stands one of these.
    Near { side: Side, reach: Reach, find: ProbeSet },
    /// The claim is in quotation marks, and one of these stands outside them.
    Quoted { side: Side, reach: Reach, find: ProbeSet },
    /// One of these stands in a heading above, a column's header, or what introduces a list.
    Placed { find: ProbeSet },
    /// A mark before its line or in its row says that it is wrong (`bad`), and none that it is right.
    Judged { bad: ProbeSet, good: ProbeSet },
    /// Cells that the claim's own cell heads, as a column's header or the first of a row, have one of these.
    Heads { find: ProbeSet },
    /// A paragraph before it in its section announces it (以下は使えない表現です), or one after it looks
    /// back (これらは使えません).
    /// In either case it must also have one of `also`.
    Around { before: ProbeSet, after: ProbeSet, also: ProbeSet },
    /// What the effect is said of is named, and it is none of these. Within the clause that is the
    /// owner of the object (スプーンのくすみ) or the effect's own argument (組織が若返る); within the
    /// sentence, what it is about (関数には) too.
    Subject { reach: Reach, find: ProbeSet },
    /// The page is longer than `from` characters and hardly speaks of these: it is about something else.
    Topic { words: Topic, from: usize },
    /// The product is of one of these kinds.
    Product { within: Vec<String> },
    /// It is said by one of these.
    Spoken { within: Vec<String> },
}

/// The patterns of one list in a rule file: numbers in a row among the [`Probes`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProbeSet {
    pub from: u32,
    pub upto: u32,
}

impl ProbeSet {
    pub fn is_empty(self) -> bool {
        self.from == self.upto
    }
}

/// The patterns of all contexts and approved claims, with one prefilter.
#[derive(Debug)]
pub struct Probes {
    patterns: Vec<Pattern>,
    pub speakers: Vec<Speaker>,
    /// Built when the first claim asks: most pages have none.
    prefilter: OnceLock<Prefilter>,
}

impl Probes {
    pub fn new(patterns: Vec<Pattern>, speakers: Vec<Speaker>) -> Self {
        Self { patterns, speakers, prefilter: OnceLock::new() }
    }

    fn prefilter(&self, scene: &Scene) -> &Prefilter {
        self.prefilter.get_or_init(|| {
            Prefilter::new(self.patterns.iter().map(|p| p.requirement(scene.vocabulary)), scene.vocabulary)
        })
    }

    /// Where one of these patterns holds in a sentence.
    pub fn find<'s>(
        &'s self,
        scene: &'s Scene,
        sentence: Sentence,
        find: ProbeSet,
    ) -> impl Iterator<Item = NormalSpan> + 's {
        let possible = scene.possible(sentence, self.prefilter(scene));
        let from = possible.partition_point(|&p| p < find.from);
        let upto = from + possible[from..].partition_point(|&p| p < find.upto);
        let reading = (from < upto).then(|| scene.reading(sentence));
        (from..upto).flat_map(move |at| {
            let reading = reading.as_ref().expect("read when something is asked");
            let pattern = possible[at];
            let found = scene.found(sentence, pattern, || {
                let matches = self.patterns[pattern as usize].find(scene.vocabulary, reading);
                matches.into_iter().map(|m| m.span).collect()
            });
            (0..found.len()).map(move |n| found[n])
        })
    }

    /// Whether one of these patterns holds in a text read by itself.
    pub fn holds(&self, scene: &Scene, reading: &Reading, find: ProbeSet) -> bool {
        (find.from..find.upto).any(|at| !self.patterns[at as usize].find(scene.vocabulary, reading).is_empty())
    }

    /// Whether one of these patterns holds anywhere in a block; where.
    pub fn find_in_block(&self, scene: &Scene, block: BlockIx, find: ProbeSet) -> Option<NormalSpan> {
        scene.sentences(block).iter().find_map(|&sentence| self.find(scene, sentence, find).next())
    }
}

/// The kinds of product a claim is about, found out when somebody asks.
pub type Kinds<'a> = dyn Fn() -> std::rc::Rc<Vec<String>> + 'a;

/// Where a claim stands.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub sentence: Sentence,
    pub span: NormalSpan,
    /// Another sentence names what the effect is said of.
    pub taken_up: bool,
}

impl Context {
    /// The words that show that the context holds; `None` when it does not. A context without
    /// words of its own (a kind of product) shows the claim.
    pub fn holds(&self, scene: &Scene, probes: &Probes, kinds: &Kinds, place: Place) -> Option<NormalSpan> {
        if self.unnamed && !place.taken_up {
            return None;
        }
        let evidence = self.shows(scene, probes, kinds, place)?;
        // A subject is judged by its own sentence.
        if let Probe::Subject { .. } = self.probe {
            let kept = probes.find(scene, place.sentence, self.except).any(|span| !span.overlaps(place.span));
            return (!kept).then_some(evidence);
        }
        if !self.except_label.is_empty() && judgement::is_labelled(scene, probes, place, self.except_label) {
            return None;
        }
        let kept = !self.except.is_empty() && self.excepted(scene, probes, place.sentence.block);
        (!kept).then_some(evidence)
    }

    /// Whether words around a block keep the context from holding.
    fn excepted(&self, scene: &Scene, probes: &Probes, block: BlockIx) -> bool {
        let blocks = &scene.document.blocks;
        let heading = blocks[block].heading;
        let says = |b: BlockIx| probes.find_in_block(scene, b, self.except).is_some();
        match self.except_reach {
            ExceptReach::Section => scene.region_says(Region::Section(heading), self.except.from, says),
            ExceptReach::Page => scene.region_says(Region::Page, self.except.from, says),
            ExceptReach::Neighbours => {
                (block.saturating_sub(1)..blocks.len().min(block + 2)).any(|b| blocks[b].heading == heading && says(b))
            }
        }
    }

    /// Whether it asks the paragraphs before and after: much reading for each claim.
    pub fn looks_around(&self) -> bool {
        matches!(self.probe, Probe::Around { .. })
    }

    /// Whether this is a context of the whole page, and holds: then no claim on it stands.
    pub fn page_is_elsewhere(&self, scene: &Scene) -> bool {
        let Probe::Topic { words, from } = &self.probe else { return false };
        let text = scene.normal.text();
        *scene.elsewhere.get_or_init(|| text.chars().nth(*from).is_some() && !words.speaks(text))
    }

    fn shows(&self, scene: &Scene, probes: &Probes, kinds: &Kinds, place: Place) -> Option<NormalSpan> {
        match &self.probe {
            Probe::Subject { .. } if place.taken_up => None,
            Probe::Subject { reach, find } => subject::find(scene, probes, place, *reach, *find),
            Probe::Topic { .. } => self.page_is_elsewhere(scene).then_some(place.span),
            Probe::Near { side, reach, find } => near(scene, probes, place, *side, *reach, *find),
            Probe::Quoted { side, reach, find } => {
                let quote = quote_around(scene, place)?;
                let outside = |span: &NormalSpan| {
                    !span.overlaps(quote) && on_side(*span, quote, *side) && !turned(scene, *span, place)
                };
                let own = probes.find(scene, place.sentence, *find).find(outside);
                own.or_else(|| match reach {
                    Reach::Clause | Reach::Sentence => None,
                    reach => beyond(scene, probes, place, *side, *reach, *find),
                })
            }
            Probe::Placed { find } => {
                let block = &scene.document.blocks[place.sentence.block];
                let over = scene.document.headings(place.sentence.block);
                // What the page says of itself stands nowhere but under its titles.
                let titles = if block.origin == Origin::Body { &[] } else { scene.titles() };
                let titles = titles.iter().copied().filter(|&t| t != place.sentence.block);
                let beside = scene.document.leads(place.sentence.block).chain(block.row);
                // A note or an item further down a list stands under what introduces its own heading, too.
                let itself = matches!(block.kind, BlockKind::Heading(_)).then_some(place.sentence.block);
                itself
                    .into_iter()
                    .chain(over)
                    .chain(beside)
                    .chain(titles)
                    .find_map(|b| probes.find_in_block(scene, b, *find))
            }
            Probe::Judged { bad, good } => judgement::find(scene, probes, place, *bad, *good),
            Probe::Heads { find } => judgement::below(scene, probes, place.sentence.block, *find),
            Probe::Around { before, after, also } => {
                around(scene, probes, place.sentence.block, *before, *after, *also)
            }
            Probe::Spoken { within } => {
                let speaker = speaker::of(&probes.speakers, scene, place)?;
                within.contains(&speaker.id).then_some(place.span)
            }
            Probe::Product { within } => kinds().iter().any(|k| within.contains(k)).then_some(place.span),
        }
    }
}

/// Blocks that an announcement reaches forward, or a word on what was said reaches back.
const FORWARD: usize = 8;
const BACK: usize = 8;

/// A paragraph of the same section that speaks of the block from outside, whatever list or table lies
/// between.
fn around(
    scene: &Scene,
    probes: &Probes,
    block: BlockIx,
    before: ProbeSet,
    after: ProbeSet,
    also: ProbeSet,
) -> Option<NormalSpan> {
    let blocks = &scene.document.blocks;
    let same = |&b: &BlockIx| blocks[b].heading == blocks[block].heading;
    let speaks = |&b: &BlockIx| blocks[b].kind == BlockKind::Paragraph;
    let announced = (block.saturating_sub(FORWARD)..block).rev().take_while(same).filter(speaks);
    let reviewed = (block + 1..blocks.len().min(block + 1 + BACK)).take_while(same).filter(speaks);
    let opening = |b: BlockIx, set| scene.sentences(b).first().and_then(|&first| probes.find(scene, first, set).next());
    let says_also = |b: &BlockIx| probes.find_in_block(scene, *b, also).is_some();
    announced
        .filter(says_also)
        .find_map(|b| probes.find_in_block(scene, b, before))
        .or_else(|| reviewed.filter(says_also).find_map(|b| opening(b, after)))
}

fn on_side(span: NormalSpan, of: NormalSpan, side: Side) -> bool {
    match side {
        Side::Before => span.end <= of.start,
        Side::After => span.start >= of.end,
        Side::Any => true,
    }
}

fn near(scene: &Scene, probes: &Probes, place: Place, side: Side, reach: Reach, find: ProbeSet) -> Option<NormalSpan> {
    let fits = |span: &NormalSpan| on_side(*span, place.span, side) && !turned(scene, *span, place);
    match reach {
        Reach::Clause => {
            let clause = clause(scene.normal.text(), place);
            probes.find(scene, place.sentence, find).find(|s| fits(s) && s.overlaps(clause))
        }
        Reach::Sentence => probes.find(scene, place.sentence, find).find(fits),
        _ => probes
            .find(scene, place.sentence, find)
            .find(fits)
            .or_else(|| beyond(scene, probes, place, side, reach, find)),
    }
}

/// Whether が or けれど stands between words and the claim after them: 書けませんが、本品は消えます.
fn turned(scene: &Scene, span: NormalSpan, place: Place) -> bool {
    if span.end > place.span.start || span.start < place.sentence.span.start {
        return false;
    }
    let reading = scene.reading(place.sentence);
    let between = reading.word_at(span.end.saturating_sub(1))..reading.word_at(place.span.start);
    reading.words[between]
        .iter()
        .any(|w| w.class() == Class::Connective && matches!(w.lemma(), "が" | "けど" | "けれど" | "けれども"))
}

/// Sentences of a region that are kept as having the words of a context.
const MOST_SAID: usize = 64;

/// Looks in sentences other than the claim's own.
fn beyond(
    scene: &Scene,
    probes: &Probes,
    place: Place,
    side: Side,
    reach: Reach,
    find: ProbeSet,
) -> Option<NormalSpan> {
    let block = place.sentence.block;
    let document = scene.document;
    let look = |sentences: &[Sentence]| {
        let others = sentences.iter().filter(|s| **s != place.sentence && on_side(s.span, place.span, side));
        others.copied().find_map(|s| probes.find(scene, s, find).next())
    };
    match reach {
        Reach::Clause | Reach::Sentence => None,
        Reach::Neighbours => {
            let sentences = scene.sentences(block);
            let own = sentences.partition_point(|s| s.span.start < place.sentence.span.start);
            let here = look(&sentences[own.saturating_sub(1)..sentences.len().min(own + 2)]);
            // A term goes on in its description, a question in its answer.
            here.or_else(|| match document.blocks.get(block + 1) {
                Some(next) if next.lead == Some(block) && own + 1 == sentences.len() => {
                    scene.sentences(block + 1).chunks(1).next().and_then(look)
                }
                _ => remark(scene, block).and_then(|b| look(scene.sentences(b))),
            })
        }
        Reach::Block | Reach::Section | Reach::Page => {
            let heading = document.blocks[block].heading;
            let region = match reach {
                Reach::Block => Region::Block(block),
                Reach::Section => Region::Section(heading),
                _ => Region::Page,
            };
            // Every claim of the region asks the same.
            let said = scene.said_in(region, find.from, || {
                // A section's heading is read first.
                let over = if let Region::Section(heading) = region { heading } else { None };
                let sentences =
                    over.into_iter().chain(scene.blocks(region)).flat_map(|b| scene.sentences(b).iter().copied());
                let each = sentences.filter_map(|s| Some((s, probes.find(scene, s, find).next()?)));
                each.take(MOST_SAID).collect()
            });
            let other = |s: &Sentence| *s != place.sentence && on_side(s.span, place.span, side);
            said.iter().find(|(s, _)| other(s)).map(|&(_, span)| span)
        }
    }
}

/// Items after one that may stand between it and a remark on all of them.
const MOST_ITEMS: usize = 8;

/// A block of its own that only adds to what stands before it, or to the list: （すべての方に…）, ※….
fn remark(scene: &Scene, block: BlockIx) -> Option<BlockIx> {
    let blocks = &scene.document.blocks;
    let text = |b: BlockIx| scene.normal.slice(scene.normal.block(b)).trim_start();
    let adds = |b: &BlockIx| text(*b).starts_with(['(', '※', '*', '注']);
    let same = |b: &BlockIx| blocks[*b].heading == blocks[block].heading;
    let item = |b: &BlockIx| blocks[*b].kind == BlockKind::Item;
    let after = (block + 1..blocks.len()).take(MOST_ITEMS).take_while(same);
    let mut rest = after.skip_while(|b| item(&block) && item(b) && !adds(b));
    rest.next().filter(adds)
}

/// The stretch between the pauses around a claim.
fn clause(text: &str, place: Place) -> NormalSpan {
    let pause = ['、', '。', '!', '?', ',', '\n'];
    let sentence = place.sentence.span;
    let before = &text[sentence.start as usize..place.span.start as usize];
    let after = &text[place.span.end as usize..sentence.end as usize];
    let start = before.rfind(pause).map_or(sentence.start, |at| sentence.start + at as u32 + 1);
    let end = after.find(pause).map_or(sentence.end, |at| place.span.end + at as u32);
    NormalSpan { start, end }
}

/// The innermost quotation marks around a claim, marks included.
pub fn quote_around(scene: &Scene, place: Place) -> Option<NormalSpan> {
    let sentence = place.sentence.span;
    let text = scene.normal.slice(sentence);
    let mut open: Vec<(usize, char)> = Vec::new();
    for (at, c) in text.char_indices() {
        let global = sentence.start as usize + at;
        let closes = match c {
            '」' => Some('「'),
            '』' => Some('『'),
            '”' => Some('“'),
            '"' if open.last().is_some_and(|&(_, o)| o == '"') => Some('"'),
            _ => None,
        };
        if let Some(opener) = closes {
            while let Some((start, mark)) = open.pop() {
                if mark == opener {
                    let span = NormalSpan::new(start, global + c.len_utf8());
                    if span.covers(place.span) {
                        return Some(span);
                    }
                    break;
                }
            }
        } else if matches!(c, '「' | '『' | '“' | '"') {
            open.push((global, c));
        }
    }
    None
}
