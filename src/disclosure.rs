//! What a page must say because of what it offers: costs, risks, where a medicine comes from. A part counts
//! as told where its words stand, or under a heading of its name that has content; a heading alone, or
//! 詳しくはこちら under it, is none.

use std::collections::BTreeSet;

use crate::context::{Place, ProbeSet, Probes};
use crate::document::{BlockIx, BlockKind, Origin};
use crate::scene::Scene;
use crate::sentence::Sentence;
use crate::span::NormalSpan;

/// What a rule asks of a page, compiled from its `when` and `part`.
#[derive(Debug)]
pub struct Duty {
    /// Of each list something must stand there.
    pub when: Vec<ProbeSet>,
    /// With one of these the duty does not arise.
    pub unless: ProbeSet,
    /// Blocks with one of these do not keep it from arising: they speak of something like it.
    pub unless_except: ProbeSet,
    /// What sections may be about; those about another than the page itself do not count.
    pub subject: ProbeSet,
    /// What tells nothing: 詳しくはこちら.
    pub empty: ProbeSet,
    pub parts: Vec<Part>,
    /// Asked of each section whose heading starts the duty, not of the page.
    pub by_section: bool,
    /// Texts shorter than this, in characters, are not asked.
    pub from: usize,
}

/// One thing that must be told.
#[derive(Debug)]
pub struct Part {
    pub id: String,
    pub title: String,
    /// For people: what would count.
    pub looked_for: Vec<String>,
    pub find: ProbeSet,
    /// Or of each of these something in one sentence.
    pub all: Vec<ProbeSet>,
    /// Words with which a sentence does not count after all.
    pub except: ProbeSet,
    pub heading: ProbeSet,
    /// What must stand under such a heading; anything, where there is none.
    pub content: ProbeSet,
    /// The name of another page tells it.
    pub by_link: bool,
}

/// A duty that a page does not fulfil.
#[derive(Debug)]
pub struct Lack<'a> {
    /// What starts the duty.
    pub place: Place,
    /// What the page, or its section, is about, in its own words.
    pub subjects: BTreeSet<String>,
    pub missing: Vec<&'a Part>,
}

/// Content under a heading is not shorter than this, in bytes.
const SHORTEST: usize = 12;

/// What says something about its page is not shorter than this, in bytes.
const SENTENCE: usize = 60;

/// Blocks that a heading or the head of a column is looked for content in: keeps long pages linear.
const REACH: usize = 400;

/// Blocks that answer a question at most.
const ANSWER: usize = 3;

/// Where a page does not fulfil a duty. `stands` says whether words at a place are meant as they are said,
/// `denied` whether their sentence denies them.
pub fn lacks<'a>(
    scene: &Scene,
    probes: &Probes,
    duty: &'a Duty,
    mut stands: impl FnMut(Place) -> bool,
    denied: &dyn Fn(Place) -> bool,
) -> Vec<Lack<'a>> {
    if duty.from > 0 && scene.normal.text().chars().nth(duty.from).is_none() {
        return Vec::new();
    }
    let blocks = &scene.document.blocks;
    let read = |b: &BlockIx| is_read(scene, *b);
    let regions: Vec<Vec<BlockIx>> = match duty.by_section {
        false => vec![whole(scene)],
        true => {
            let starts = |b: &BlockIx| {
                matches!(blocks[*b].kind, BlockKind::Heading(_))
                    && duty.when.first().is_some_and(|&set| probes.find_in_block(scene, *b, set).is_some())
            };
            let headings = (0..blocks.len()).filter(read).filter(starts);
            headings.map(|h| std::iter::once(h).chain(under(scene, h).filter(read)).collect()).collect()
        }
    };
    regions
        .iter()
        .filter_map(|region| Region { scene, probes, duty, blocks: region, denied }.lack(&mut stands))
        .collect()
}

/// Where a page tells a part of a duty of another page, which is about these subjects.
pub fn told(
    scene: &Scene,
    probes: &Probes,
    duty: &Duty,
    part: &Part,
    subjects: &BTreeSet<String>,
    denied: &dyn Fn(Place) -> bool,
) -> Option<BlockIx> {
    let blocks = whole(scene);
    let region = Region { scene, probes, duty, blocks: &blocks, denied };
    // A page about something else tells nothing of these.
    let titles = scene.titles().iter().flat_map(|&b| region.subjects(b)).collect::<Vec<String>>();
    if !titles.is_empty() && !subjects.is_empty() && !titles.iter().any(|title| is_among(title, subjects)) {
        return None;
    }
    let counted: Vec<BlockIx> = blocks.iter().copied().filter(|&b| !region.is_foreign(b, subjects)).collect();
    region.told(part, &counted)
}

/// What readers see of a page.
fn is_read(scene: &Scene, block: BlockIx) -> bool {
    !matches!(scene.document.blocks[block].origin, Origin::Comment | Origin::FrontMatter | Origin::Social)
}

fn whole(scene: &Scene) -> Vec<BlockIx> {
    (0..scene.document.blocks.len()).filter(|&b| is_read(scene, b)).collect()
}

/// Whether a subject is one of these, in more or in fewer words.
fn is_among(subject: &str, own: &BTreeSet<String>) -> bool {
    own.iter().any(|o| o.contains(subject) || subject.contains(o.as_str()))
}

/// The blocks of a heading's section.
fn under<'s>(scene: &'s Scene, heading: BlockIx) -> impl Iterator<Item = BlockIx> + 's {
    let blocks = &scene.document.blocks;
    (heading + 1..blocks.len()).take_while(move |&b| scene.document.headings(b).any(|h| h == heading))
}

struct Region<'s, 'w, 'a> {
    scene: &'s Scene<'w>,
    probes: &'s Probes,
    duty: &'a Duty,
    blocks: &'s [BlockIx],
    denied: &'s dyn Fn(Place) -> bool,
}

impl<'a> Region<'_, '_, 'a> {
    fn lack(&self, stands: &mut impl FnMut(Place) -> bool) -> Option<Lack<'a>> {
        let place = self.trigger(stands)?;
        let others = &self.duty.when[1..];
        let all = others.iter().all(|&set| self.blocks.iter().any(|&b| self.says(b, set)));
        let own = self.own_subjects();
        let counted: Vec<BlockIx> = self.blocks.iter().copied().filter(|&b| !self.is_foreign(b, &own)).collect();
        let kinds = &self.scene.document.blocks;
        let excused = |&b: &BlockIx| {
            // Menus name all there is: a page is about what its titles and its sentences say.
            let title = matches!(kinds[b].kind, BlockKind::Title | BlockKind::Heading(1));
            if !title && self.scene.normal.block(b).len() < SENTENCE {
                return false;
            }
            // 採用情報 in the menu of every page is the name of another.
            let counts =
                |(_, span): &(Sentence, NormalSpan)| !self.names_page(*span) && !self.says(b, self.duty.unless_except);
            let found = self.find(b, self.duty.unless).filter(counts);
            found.is_some_and(|(sentence, span)| !(self.denied)(Place { sentence, span, taken_up: false }))
        };
        if !all || counted.iter().any(excused) {
            return None;
        }
        let missing: Vec<&Part> = self.duty.parts.iter().filter(|part| self.told(part, &counted).is_none()).collect();
        (!missing.is_empty()).then_some(Lack { place, subjects: own, missing })
    }

    fn says(&self, block: BlockIx, set: ProbeSet) -> bool {
        !set.is_empty() && self.probes.find_in_block(self.scene, block, set).is_some()
    }

    fn find(&self, block: BlockIx, set: ProbeSet) -> Option<(Sentence, NormalSpan)> {
        let sentences = self.scene.sentences(block).iter();
        sentences.into_iter().find_map(|&s| Some((s, self.probes.find(self.scene, s, set).next()?)))
    }

    /// What starts the duty: best in a title or heading, else where it is first said.
    fn trigger(&self, stands: &mut impl FnMut(Place) -> bool) -> Option<Place> {
        let &first = self.duty.when.first()?;
        let kinds = &self.scene.document.blocks;
        let rank = |b: BlockIx| match (kinds[b].origin, &kinds[b].kind) {
            (Origin::Body, BlockKind::Heading(level)) => u32::from(*level),
            (Origin::Body, _) => 10,
            _ => 20,
        };
        let mut places: Vec<(u32, BlockIx, Place)> = Vec::new();
        for &block in self.blocks {
            if let Some((sentence, span)) = self.find(block, first).filter(|(_, span)| !self.names_page(*span)) {
                places.push((rank(block), block, Place { sentence, span, taken_up: false }));
            }
        }
        places.sort_by_key(|&(rank, block, _)| (rank, block));
        places.into_iter().map(|(.., place)| place).take(MOST_TRIED).find(|&place| stands(place))
    }

    /// The words for what the page is about: those of its titles, or else of its first heading that has any.
    fn own_subjects(&self) -> BTreeSet<String> {
        let kinds = &self.scene.document.blocks;
        let level = |&b: &BlockIx| match kinds[b].kind {
            BlockKind::Title | BlockKind::Heading(1) => 0,
            BlockKind::Heading(level) => u32::from(level),
            _ => 9,
        };
        let mut ranked: Vec<BlockIx> = self.blocks.to_vec();
        ranked.sort_by_key(|b| (level(b), *b));
        let mut subjects = BTreeSet::new();
        let mut of = None;
        for block in ranked {
            let named = self.subjects(block);
            if of.is_some_and(|of| level(&block) > of) {
                break;
            }
            if !named.is_empty() {
                of = Some(level(&block));
                subjects.extend(named);
            }
            // Of running text the first words decide.
            if of == Some(9) {
                break;
            }
        }
        subjects
    }

    fn subjects(&self, block: BlockIx) -> Vec<String> {
        let sentences = self.scene.sentences(block).iter();
        let found = sentences.flat_map(|&s| self.probes.find(self.scene, s, self.duty.subject).collect::<Vec<_>>());
        found.map(|span| self.scene.normal.slice(span).to_owned()).collect()
    }

    /// Whether a block stands under the name of another subject: its heading, its row, what introduces it.
    fn is_foreign(&self, block: BlockIx, own: &BTreeSet<String>) -> bool {
        if own.is_empty() || self.duty.subject.is_empty() {
            return false;
        }
        let document = &self.scene.document;
        let content = &document.blocks[block];
        // Items and paragraphs, too, say first what they are about: ビタミン点滴は、週に1回.
        let names = |b: BlockIx| {
            let start = self.scene.normal.block(b).start;
            self.find(b, self.duty.subject).is_some_and(|(_, span)| span.start - start <= LABEL)
        };
        let itself = (matches!(content.kind, BlockKind::Heading(2..))
            || (matches!(content.kind, BlockKind::Item | BlockKind::Paragraph) && names(block)))
        .then_some(block);
        let row = content.row.filter(|_| content.row != Some(block)).or(
            // The first cell of a row names what the row is about.
            (content.kind == BlockKind::Cell).then_some(block),
        );
        let over = itself.into_iter().chain(row).chain(document.leads(block)).chain(document.headings(block));
        for b in over.filter(|&b| !matches!(document.blocks[b].kind, BlockKind::Heading(1) | BlockKind::Title)) {
            let named = self.subjects(b);
            if !named.is_empty() {
                return !named.iter().any(|name| is_among(name, own));
            }
        }
        false
    }

    /// The first block that tells a part.
    fn told(&self, part: &Part, counted: &[BlockIx]) -> Option<BlockIx> {
        counted.iter().copied().find(|&b| {
            self.scene.forget();
            self.is_said(b, &[part.find], part) || self.is_said(b, &part.all, part) || self.is_headed(b, part, counted)
        })
    }

    /// Whether a sentence of a block says it, and is not one that says nothing.
    fn is_said(&self, block: BlockIx, all: &[ProbeSet], part: &Part) -> bool {
        let has = |s: Sentence, set: ProbeSet| self.probes.find(self.scene, s, set).next().is_some();
        let says = |s: Sentence, set: ProbeSet| match part.by_link {
            true => has(s, set),
            false => self.probes.find(self.scene, s, set).any(|span| !self.names_page(span)),
        };
        let mut sentences = self.scene.sentences(block).iter();
        !all.is_empty()
            && sentences
                .any(|&s| all.iter().all(|&set| says(s, set)) && !has(s, part.except) && !has(s, self.duty.empty))
    }

    /// Whether words are the name of another page: what that page says does not stand here.
    fn names_page(&self, span: NormalSpan) -> bool {
        self.scene.document.names_page(self.scene.normal.to_source(span))
    }

    /// Whether a block is a heading of this name and something stands under it.
    fn is_headed(&self, block: BlockIx, part: &Part, counted: &[BlockIx]) -> bool {
        let Some((_, name)) = self.find(block, part.heading) else { return false };
        if self.names_page(name) && !part.by_link {
            return false;
        }
        let blocks = &self.scene.document.blocks;
        let kind = &blocks[block].kind;
        let within = self.scene.normal.block(block);
        // リスク: 内出血、腫れ
        let rest = NormalSpan { start: name.end, end: within.end };
        let text = self.scene.normal.slice(rest);
        // どのくらいかかりますか? A. …
        let asked = text.find('?').is_some_and(|at| at <= QUESTION && text.len() - at >= SHORTEST);
        let labelled = text.trim_start_matches(is_closing).starts_with([':', '/', '】', '…', '\n', '-', '】', '」'])
            && name.start - within.start <= LABEL
            || within.start == name.start && text.starts_with(['は', '…', ' ']);
        if (labelled || asked) && text.len() >= SHORTEST && self.is_content(block, part) {
            return true;
        }
        let content: Vec<BlockIx> = match kind {
            BlockKind::Heading(_) => under(self.scene, block).take(REACH).collect(),
            BlockKind::Paragraph => {
                // A question, or a name on a line of its own.
                if self.scene.normal.slice(within).chars().count() > 60 {
                    return false;
                }
                (block + 1..(block + 1 + ANSWER).min(blocks.len()))
                    .take_while(|&b| blocks[b].heading == blocks[block].heading)
                    .collect()
            }
            _ => {
                let led = |&b: &BlockIx| b != block && self.scene.document.heads(block, b);
                (block + 1..blocks.len().min(block + 1 + REACH)).filter(led).collect()
            }
        };
        content.into_iter().filter(|b| counted.binary_search(b).is_ok()).any(|b| self.is_content(b, part))
    }

    fn is_content(&self, block: BlockIx, part: &Part) -> bool {
        let text = self.scene.normal.slice(self.scene.normal.block(block)).trim();
        let fits = part.content.is_empty() || self.is_said(block, &[part.content], part);
        let mut sentences = self.scene.sentences(block).iter();
        let mut empty = || sentences.all(|&s| self.probes.find(self.scene, s, self.duty.empty).next().is_some());
        let heading = matches!(self.scene.document.blocks[block].kind, BlockKind::Heading(_));
        (text.len() >= SHORTEST || !part.content.is_empty()) && fits && !heading && !empty()
    }
}

/// A question ends no later than this after what it asks for, in bytes.
const QUESTION: usize = 60;

/// Where a name begins that labels the rest of its block, in bytes.
const LABEL: u32 = 24;

/// Places tried as the start of a duty.
const MOST_TRIED: usize = 12;

fn is_closing(c: char) -> bool {
    matches!(c, ' ' | ')' | '】' | '」' | '*' | 'や' | 'と')
}
