//! Notes: ※1, *, †, `[^1]`. A mark at a word refers to the note that begins with the same mark,
//! anywhere on the page.

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
        if !matches!(c, '※' | '*' | '†' | '‡') || marks.last().is_some_and(|m| m.span.end > within.start + at as u32) {
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

/// All notes of a document.
pub fn collect(normal: &Normal, document: &Document) -> Vec<Note> {
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
