//! A finding as miette shows it: its line, cut to a window no wider than the terminal; place and column are
//! told to miette, never counted by it.

use std::fmt;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

use crate::diagnostic::Diagnostic;
use crate::rule::Severity;
use crate::source::{Position, Source};
use crate::span::Span;

/// A finding as miette sees it.
#[derive(Debug)]
pub(super) struct Shown {
    pub head: String,
    pub severity: Severity,
    pub message: String,
    pub window: Window,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(&self.head))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Info => miette::Severity::Advice,
        })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.window)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(
            self.window
                .labels
                .iter()
                .map(|(name, start, end)| LabeledSpan::new(Some(name.clone()), *start, end - start)),
        ))
    }
}

/// One line of the source, cut to the width of the terminal.
#[derive(Debug)]
pub(super) struct Window {
    name: String,
    text: String,
    place: Position,
    /// Names and byte ranges in `text`.
    labels: Vec<(String, usize, usize)>,
}

/// One character as shown: its text, columns, and where it stands in the source.
struct Glyph {
    text: String,
    width: usize,
    source: Span,
}

impl Window {
    pub fn new(source: &Source, diagnostic: &Diagnostic, width: usize) -> Self {
        let span = diagnostic.span;
        let place = source.position(span.start);
        let (first, last) = (source.line_of(span.start), source.line_of(span.end.saturating_sub(1).max(span.start)));
        let mut glyphs = Vec::new();
        let (mut cut_before, mut cut_after) = (false, false);
        for line in first..=last {
            let Some(line_span) = source.line(line) else { continue };
            if line > first {
                glyphs.push(Glyph {
                    text: "⏎".into(),
                    width: 1,
                    source: Span { start: line_span.start, end: line_span.start },
                });
            }
            let near = clip(source, line_span, span);
            (cut_before, cut_after) = (cut_before || near.start > line_span.start, near.end < line_span.end);
            push_glyphs(&mut glyphs, source, near);
        }
        let room = width.saturating_sub(place.line.to_string().len() + 6).max(20);
        let kept = keep(&glyphs, span, room);
        let mut text = String::new();
        let mut at: Vec<(Span, usize, usize)> = Vec::new();
        let mut before: Option<usize> = None;
        for &i in &kept {
            if before.map_or(i > 0 || cut_before, |b| b + 1 != i) {
                text.push('…');
            }
            let start = text.len();
            text.push_str(&glyphs[i].text);
            at.push((glyphs[i].source, start, text.len()));
            before = Some(i);
        }
        if before.is_some_and(|b| b + 1 < glyphs.len() || cut_after) {
            text.push('…');
        }
        let named: Vec<(String, Span)> = match diagnostic.parts.is_empty() {
            true => vec![("ここ".to_owned(), span)],
            false => diagnostic.parts.clone(),
        };
        let labels = named
            .into_iter()
            .filter_map(|(name, span)| {
                let inside = at.iter().filter(|(s, ..)| s.overlaps(span));
                let start = inside.clone().map(|&(_, start, _)| start).min()?;
                let end = inside.map(|&(.., end)| end).max()?;
                Some((name, start, end))
            })
            .collect();
        Self { name: source.name().to_owned(), text, place, labels }
    }
}

/// Bytes of a line on either side of a finding that can be in its window at all.
const NEAR: u32 = 2048;

/// The part of a line that is near a finding: a page of one line is not measured for each of them.
fn clip(source: &Source, line: Span, span: Span) -> Span {
    let text = source.text();
    let boundary = |at: u32| (0..4).map(|back| at - back).find(|&at| text.is_char_boundary(at as usize)).unwrap_or(at);
    let start = boundary(span.start.saturating_sub(NEAR).clamp(line.start, line.end));
    let end = boundary(span.end.saturating_add(NEAR).clamp(line.start, line.end));
    Span { start, end: end.max(start) }
}

fn push_glyphs(glyphs: &mut Vec<Glyph>, source: &Source, line: Span) {
    for (at, grapheme) in source.slice(line).grapheme_indices(true) {
        let start = line.start as usize + at;
        let span = Span::new(start, start + grapheme.len());
        // Terminals disagree on joined emoji: the first of them stands for all.
        let text = match grapheme.contains('\u{200D}') {
            true => grapheme.chars().next().map(String::from).unwrap_or_default(),
            false => grapheme.chars().filter(|c| !c.is_control() && *c != '\u{200B}' && *c != '\u{FEFF}').collect(),
        };
        let text = if grapheme == "\t" { " ".to_owned() } else { text };
        let width = text.chars().map(|c| c.width().unwrap_or(0)).sum();
        glyphs.push(Glyph { text, width, source: span });
    }
}

/// Which glyphs fit: the span with what stands around it; of a span too long, its two ends.
fn keep(glyphs: &[Glyph], span: Span, room: usize) -> Vec<usize> {
    let total: usize = glyphs.iter().map(|g| g.width).sum();
    if total <= room {
        return (0..glyphs.len()).collect();
    }
    let room = room.saturating_sub(3);
    let first = glyphs.iter().position(|g| g.source.end > span.start).unwrap_or(0);
    let last = glyphs.iter().rposition(|g| g.source.start < span.end).unwrap_or(first).max(first);
    let inside: usize = glyphs[first..=last].iter().map(|g| g.width).sum();
    if inside > room {
        let (mut head, mut tail) = (first, last);
        let mut used = glyphs[first].width + glyphs[last].width;
        while head + 1 < tail {
            let next = glyphs[head + 1].width + glyphs[tail - 1].width;
            if used + next > room {
                break;
            }
            (head, tail, used) = (head + 1, tail - 1, used + next);
        }
        return (first..=head).chain(tail..=last).collect();
    }
    let (mut from, mut to, mut used) = (first, last, inside);
    loop {
        let before = from.checked_sub(1).filter(|&i| used + glyphs[i].width <= room);
        if let Some(i) = before {
            (from, used) = (i, used + glyphs[i].width);
        }
        let after = Some(to + 1).filter(|&i| i < glyphs.len() && used + glyphs[i].width <= room);
        if let Some(i) = after {
            (to, used) = (i, used + glyphs[i].width);
        }
        if before.is_none() && after.is_none() {
            return (from..=to).collect();
        }
    }
}

impl SourceCode for Window {
    fn read_span<'a>(
        &'a self,
        _: &SourceSpan,
        _: usize,
        _: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let whole = SourceSpan::new(0.into(), self.text.len());
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            self.text.as_bytes(),
            whole,
            self.place.line - 1,
            self.place.column - 1,
            1,
        )))
    }
}
