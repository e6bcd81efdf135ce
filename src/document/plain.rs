//! Plain text: blank lines, bullets and headings by their marks divide it; a line that is
//! wrapped goes on in the next.

use super::outline::Outline;
use super::prose::{self, Prose};
use super::{BlockIx, BlockKind, Document, is_bullet};
use crate::span::Span;

/// A line at least this long (in characters) that does not end a sentence goes on in the next one.
const WRAPPED: usize = 24;

pub(super) fn read(text: &str) -> Document {
    let mut outline = Outline::default();
    let mut lead: Option<BlockIx> = None;
    let mut goes_on = false;
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let start = at;
        at += line.len();
        let content = line.trim_end_matches(['\n', '\r']);
        let trimmed = content.trim();
        if trimmed.is_empty() {
            // The LF of a CRLF is not a blank line.
            if line == "\n" && text[..start].ends_with('\r') {
                continue;
            }
            if let Some(ix) = outline.end() {
                lead = Some(ix);
            }
            goes_on = false;
            continue;
        }
        let inset = content.len() - content.trim_start().len();
        let span = Span::new(start + inset, start + inset + trimmed.len());
        if trimmed.starts_with("<!--") {
            outline.comment(trimmed, start + inset);
            continue;
        }
        let kind = kind(trimmed);
        if !goes_on || kind != BlockKind::Paragraph || content.starts_with('\u{3000}') {
            if let Some(ix) = outline.end()
                && outline.document.blocks[ix].kind != BlockKind::Item
            {
                lead = Some(ix);
            }
            let introduces = if kind == BlockKind::Item { lead } else { None };
            outline.start(kind.clone()).lead = introduces;
        }
        if goes_on && outline.open.as_ref().is_some_and(|b| !b.runs.is_empty()) {
            outline.text(Span { start: span.start, end: span.start }, Some("".into()));
        }
        for run in prose::runs(text, span, Prose::default()) {
            outline.text(run.span, run.shown);
        }
        goes_on = kind != BlockKind::Heading(2) && !ends_sentence(trimmed) && wrapped(trimmed);
    }
    outline.end();
    outline.document
}

fn kind(line: &str) -> BlockKind {
    match line.chars().next() {
        Some('■' | '◆' | '◇' | '□' | '【' | '≪') => BlockKind::Heading(2),
        Some('×' | '✕' | '※' | '*' | '＊' | '-' | '−' | '#' | '＃') => BlockKind::Item,
        Some(c) if is_bullet(c) => BlockKind::Item,
        Some(c) if c.is_ascii_digit() || ('①'..='⑳').contains(&c) => BlockKind::Item,
        _ => BlockKind::Paragraph,
    }
}

fn ends_sentence(line: &str) -> bool {
    line.ends_with(['。', '．', '！', '？', '!', '?', '」', '』', '♪', '☆', '★', '…'])
}

/// Whether the line was cut by its length or in the middle of a phrase.
fn wrapped(line: &str) -> bool {
    line.chars().count() >= WRAPPED
        || line.ends_with(['、', '，', 'が', 'を', 'に', 'は', 'の', 'も', 'と', 'へ', 'や'])
}
