//! Notes: ※1, *, †, `[^1]`. A mark at a word refers to the note that begins with the same mark,
//! anywhere on the page.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::document::{BlockIx, BlockKind, Document};
use crate::normal::Normal;
use crate::span::NormalSpan;

/// What a note says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// With its number: ※1, *, ^label.
    pub mark: String,
    pub block: BlockIx,
    /// The text after the mark.
    pub span: NormalSpan,
}

/// A mark in the text: its spelling and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub name: String,
    pub span: NormalSpan,
}

/// The marks of a stretch of normal text, in order.
pub fn marks(normal: &Normal, within: NormalSpan) -> Vec<Mark> {
    let text = normal.slice(within);
    let mut marks: Vec<Mark> = Vec::new();
    for (at, c) in text.char_indices() {
        if !matches!(c, '※' | '*' | '†' | '‡') || marks.last().is_some_and(|m| m.span.end > within.start + at as u32)
        {
            continue;
        }
        let rest = &text[at + c.len_utf8()..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let end = at + c.len_utf8() + digits;
        marks.push(Mark {
            name: text[at..end].to_owned(),
            span: NormalSpan::new(within.start as usize + at, within.start as usize + end),
        });
    }
    marks
}

/// The notes of a document, collected when somebody asks.
pub struct Notes<'a> {
    normal: &'a Normal,
    document: &'a Document,
    by_mark: OnceCell<HashMap<String, Vec<Note>>>,
}

/// Notes with the same mark that are looked at: numbers restart with each product on a page.
const MOST_ALIKE: usize = 64;

impl<'a> Notes<'a> {
    pub fn new(normal: &'a Normal, document: &'a Document) -> Self {
        Self { normal, document, by_mark: OnceCell::new() }
    }

    /// The notes of a mark, in order.
    pub fn of(&self, mark: &str) -> &[Note] {
        let by_mark = self.by_mark.get_or_init(|| {
            let mut by_mark: HashMap<String, Vec<Note>> = HashMap::new();
            for note in collect(self.normal, self.document) {
                let alike = by_mark.entry(note.mark.clone()).or_default();
                if alike.len() < MOST_ALIKE {
                    alike.push(note);
                }
            }
            by_mark
        });
        by_mark.get(mark).map_or(&[], Vec::as_slice)
    }
}

fn collect(normal: &Normal, document: &Document) -> Vec<Note> {
    let mut notes = Vec::new();
    for (block, content) in document.blocks.iter().enumerate() {
        let whole = normal.block(block);
        if let BlockKind::Note(label) = &content.kind {
            notes.push(Note { mark: format!("^{label}"), block, span: whole });
            continue;
        }
        let marks = marks(normal, whole);
        for (at, mark) in marks.iter().enumerate() {
            let before = normal.text()[whole.start as usize..mark.span.start as usize].chars().next_back();
            // A mark at a word refers; a mark at the start, after a space or a full stop defines.
            if before.is_some_and(|c| !matches!(c, ' ' | '\n' | '。' | '(' | '、' | ')')) {
                continue;
            }
            let end = marks.get(at + 1).map_or(whole.end, |next| next.span.start);
            notes.push(Note { mark: mark.name.clone(), block, span: NormalSpan { start: mark.span.end, end } });
        }
    }
    notes.retain(|n| !normal.slice(n.span).trim().is_empty());
    notes
}
