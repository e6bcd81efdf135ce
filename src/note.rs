//! Notes: what ※1, *, † or `[^1]` at a word refers to. A mark means the note that begins with the same
//! mark; where several do, because numbers restart with each product, the one nearest after it.

mod mark;

pub use self::mark::{Mark, Role};

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;

use crate::document::{BlockIx, BlockKind, Document, footnote};
use crate::normal::Normal;
use crate::span::NormalSpan;

/// What a note says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// With its number: ※1, *, ※^label.
    pub mark: String,
    /// Where its own mark stands.
    pub at: NormalSpan,
    /// Where its text stands: for 同上 that of the note before.
    pub block: BlockIx,
    pub text: NormalSpan,
    /// It stands in brackets behind the word it is for.
    pub inline: bool,
}

/// A note that a mark means.
#[derive(Clone, Copy, Debug)]
pub struct Meant<'a> {
    pub note: &'a Note,
    /// It stands where readers of the word see it, too.
    pub near: bool,
}

/// The notes of a document, collected when somebody asks.
pub struct Notes<'a> {
    normal: &'a Normal,
    document: &'a Document,
    index: OnceCell<Index>,
}

#[derive(Default)]
struct Index {
    /// All marks, in order.
    marks: Vec<Mark>,
    notes: Vec<Note>,
    /// The notes of a mark, in order.
    by_name: HashMap<String, Vec<usize>>,
}

/// Text between a word and its note, in bytes: more is far. 120 characters; within a section, which ends
/// with its notes, about what a telephone shows at once.
const FAR: usize = 360;
const FAR_IN_SECTION: usize = 900;

/// Notes with the same mark that are looked at for one word, on either side of it.
const MOST_ALIKE: usize = 16;

/// What says that a note is that of the mark before.
const DITTO: [&str; 4] = ["同上", "上に同じ", "上記と同じ", "同じく"];

impl<'a> Notes<'a> {
    pub fn new(normal: &'a Normal, document: &'a Document) -> Self {
        Self { normal, document, index: OnceCell::new() }
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::of(self.normal, self.document))
    }

    /// The marks that refer inside a stretch of text, in order.
    pub fn marks(&self, within: NormalSpan) -> impl Iterator<Item = &Mark> {
        let marks = &self.index().marks;
        let from = marks.partition_point(|m| m.span.start < within.start);
        marks[from..].iter().take_while(move |m| m.span.start < within.end).filter(|m| !m.role.defines())
    }

    /// The marks at words for which the page has no note.
    pub fn without_note(&self) -> impl Iterator<Item = &Mark> {
        let index = self.index();
        index.marks.iter().filter(|m| m.role == Role::Refers && !index.by_name.contains_key(&m.name))
    }

    /// The notes with a number that stands at no word.
    pub fn without_mark(&self) -> impl Iterator<Item = &Mark> {
        let marks = &self.index().marks;
        let used: std::collections::HashSet<&str> =
            marks.iter().filter(|m| m.role == Role::Refers).map(|m| m.name.as_str()).collect();
        marks
            .iter()
            .filter(|m| matches!(m.role, Role::Defines { .. }) && m.is_numbered())
            .filter(move |m| !used.contains(m.name.as_str()))
    }

    /// The notes that a mark may mean, best first: of a number the nearest after it, or else before it;
    /// of a bare ※ all, those of its own section first.
    pub fn of(&self, mark: &Mark) -> Vec<Meant<'_>> {
        let index = self.index();
        let block = self.normal.block_at(mark.span.start);
        if let Role::Explains { .. } = mark.role {
            let from = index.notes.partition_point(|n| n.at.start < mark.span.start);
            let here = index.notes[from..].iter().take_while(|n| n.at.start == mark.span.start);
            return here.filter(|n| n.mark == mark.name).map(|note| Meant { note, near: true }).take(1).collect();
        }
        let Some(alike) = index.by_name.get(&mark.name) else { return Vec::new() };
        let after = alike.partition_point(|&n| index.notes[n].at.start < mark.span.start);
        let meant = |note| Meant { note, near: self.is_near(block, mark, note) };
        if mark.is_numbered() {
            let nearest = alike.get(after).or(alike[..after].last());
            return nearest.map(|&n| meant(&index.notes[n])).into_iter().collect();
        }
        let heading = self.document.blocks[block].heading;
        let far = |note: &&Note| {
            let its = self.normal.block_at(note.at.start);
            let rank = match its {
                its if its == block => 0,
                its if self.document.blocks[its].heading == heading => 1,
                _ => 2,
            };
            (rank, note.at.start < mark.span.start, note.at.start.abs_diff(mark.span.start))
        };
        let window = alike[after.saturating_sub(MOST_ALIKE)..alike.len().min(after + MOST_ALIKE)].iter();
        let mut notes: Vec<&Note> = window.map(|&n| &index.notes[n]).collect();
        notes.sort_by_key(far);
        notes.into_iter().map(meant).collect()
    }

    /// Whether whoever reads the word sees the note, too: little but other notes lies between.
    fn is_near(&self, block: BlockIx, mark: &Mark, note: &Note) -> bool {
        let its = self.normal.block_at(note.at.start);
        if its == block {
            return true;
        }
        let (from, upto) = if its > block { (mark.span.end, note.at.start) } else { (note.text.end, mark.span.start) };
        let first = self.normal.block_at(from);
        let last = self.normal.block_at(upto);
        let between = NormalSpan { start: from, end: upto.max(from) };
        let most = if self.in_section_of(block, its) { FAR_IN_SECTION } else { FAR };
        let mut read = 0;
        for b in (first..=last).filter(|&b| b == block || !self.begins_with_note(b)) {
            read += overlap(self.normal.block(b), between).len();
            if read > most {
                return false;
            }
        }
        true
    }

    /// Whether a block stands in the section of another one. What stands under the page's own title only
    /// is in no section.
    fn in_section_of(&self, other: BlockIx, block: BlockIx) -> bool {
        let blocks = &self.document.blocks;
        let heading = match blocks[other].kind {
            BlockKind::Heading(_) => Some(other),
            _ => blocks[other].heading,
        };
        let section = heading.filter(|&h| matches!(blocks[h].kind, BlockKind::Heading(2..)));
        section.is_some_and(|section| self.document.headings(block).any(|h| h == section))
    }

    fn begins_with_note(&self, block: BlockIx) -> bool {
        let span = self.normal.block(block);
        let marks = &self.index().marks;
        let at = marks.partition_point(|m| m.span.start < span.start);
        marks.get(at).is_some_and(|m| m.span.start == span.start && m.role.defines())
    }
}

impl Role {
    /// Whether the mark belongs to a note, not to a word.
    pub fn defines(self) -> bool {
        matches!(self, Self::Defines { .. })
    }

    fn text(self) -> Option<NormalSpan> {
        match self {
            Self::Refers => None,
            Self::Defines { text } | Self::Explains { text } => Some(text),
        }
    }
}

fn overlap(a: NormalSpan, b: NormalSpan) -> Range<usize> {
    let (start, end) = (a.start.max(b.start) as usize, a.end.min(b.end) as usize);
    start..end.max(start)
}

/// The block that describes a term or fills a row that is nothing but marks: <dt>※1</dt><dd>角質層まで</dd>.
fn described(document: &Document, block: BlockIx, marks: &[Mark], len: usize) -> Option<BlockIx> {
    let only = !marks.is_empty() && marks.iter().map(|m| m.span.len()).sum::<usize>() >= len;
    let next = (block + 1 < document.blocks.len()).then_some(block + 1);
    next.filter(|&next| only && document.heads(block, next))
}

impl Index {
    fn of(normal: &Normal, document: &Document) -> Self {
        let mut index = Self::default();
        let footnotes = document.blocks.iter().any(|b| matches!(b.kind, BlockKind::Note(_)));
        if !footnotes && !mark::may_be_in(normal.text()) {
            return index;
        }
        for (block, content) in document.blocks.iter().enumerate() {
            let span = normal.block(block);
            let text = normal.slice(span);
            if let BlockKind::Note(label) = &content.kind {
                let at = NormalSpan { start: span.start, end: span.start };
                let name = footnote(label);
                index.marks.push(Mark { name: name.clone(), span: at, role: Role::Defines { text: span } });
                index.note(normal, Note { mark: name, at, block, text: span, inline: false });
                continue;
            }
            if !mark::may_be_in(text) {
                continue;
            }
            let mut marks = mark::marks(text, span.start, normal.breaks(span));
            if let Some(described) = described(document, block, &marks, text.trim().len()) {
                let text = normal.block(described);
                marks.iter_mut().for_each(|m| m.role = Role::Defines { text });
            }
            for mark in marks {
                if let Some(text) = mark.role.text() {
                    let inline = matches!(mark.role, Role::Explains { .. });
                    let block = normal.block_at(text.start);
                    index.note(normal, Note { mark: mark.name.clone(), at: mark.span, block, text, inline });
                }
                index.marks.push(mark);
            }
        }
        index
    }

    fn note(&mut self, normal: &Normal, mut note: Note) {
        let said = normal.slice(note.text).trim();
        if said.is_empty() {
            return;
        }
        let same = if DITTO.iter().any(|d| said.starts_with(d)) { self.notes.last() } else { self.referred(said) };
        if let Some(same) = same {
            (note.block, note.text) = (same.block, same.text);
        }
        self.by_name.entry(note.mark.clone()).or_default().push(self.notes.len());
        self.notes.push(note);
    }

    /// The note of ※1に同じ.
    fn referred(&self, said: &str) -> Option<&Note> {
        let (name, _) = said.split_once("に同じ").or_else(|| said.split_once("と同じ"))?;
        self.by_name.get(name.trim()).and_then(|all| all.last()).map(|&n| &self.notes[n])
    }
}
