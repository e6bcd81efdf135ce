//! Prose: from a stretch of the source to runs. Addresses become opaque, entities what they stand
//! for, readings (身体《からだ》) and what templates left nothing.

use super::Run;
use super::template::Piece;
use crate::script::{is_hiragana, is_katakana};
use crate::span::Span;

/// What stands for a piece that is not prose (code, a URL): a noun without meaning, so that
/// the words around it do not join.
pub const OPAQUE: &str = "\u{FFFC}";

/// How a stretch of text is written.
#[derive(Clone, Copy, Default)]
pub(super) struct Prose<'a> {
    /// Entities stand for characters, and lines end where they like.
    pub html: bool,
    /// Lines end where they end.
    pub preformatted: bool,
    /// Inside an attribute entities need their semicolon.
    pub attribute: bool,
    /// What templates left in the source.
    pub pieces: &'a [Piece],
}

/// Prose as it stands in the source.
pub(super) fn runs(text: &str, span: Span, prose: Prose) -> Vec<Run> {
    let mut runs = Runs { runs: Vec::new(), from: span.start as usize };
    let end = span.end as usize;
    let mut at = span.start as usize;
    let mut pieces = prose.pieces[prose.pieces.partition_point(|p| p.span.end <= span.start)..].iter().peekable();
    let bytes = text.as_bytes();
    let readings = text[span.range()].contains('《');
    while at < end {
        if let Some(piece) = pieces.peek()
            && piece.span.start as usize <= at
        {
            let stop = (piece.span.end as usize).min(end);
            runs.show(at, stop, if piece.prints { OPAQUE } else { "" });
            at = stop;
            pieces.next();
            continue;
        }
        let upto = pieces.peek().map_or(end, |p| (p.span.start as usize).min(end));
        let Some(len) = bytes[at..upto].iter().position(|&b| may_begin(b, prose.html, readings)) else {
            at = upto;
            continue;
        };
        at += len;
        match bytes[at] {
            b'h' => match address(&text[at..upto]) {
                Some(len) => {
                    runs.show(at, at + len, OPAQUE);
                    at += len;
                }
                None => at += 1,
            },
            b'&' => match entity(&text[at..upto], prose.attribute) {
                Some((len, shown)) => {
                    runs.show(at, at + len, &shown);
                    at += len;
                }
                None => at += 1,
            },
            b'\n' | b'\r' if prose.preformatted => {
                runs.show(at, at + 1, "\n");
                at += 1;
            }
            b'\n' | b'\r' => {
                let start = span.start as usize;
                let from = text[start..at].trim_end_matches(BLANK).len() + start;
                let from = from.max(runs.from);
                let stop = upto - text[at..upto].trim_start_matches(BLANK).len();
                let before = text[start..from].chars().next_back();
                let after = text[stop..end].chars().next();
                runs.show(from, stop, joint(before, after));
                at = stop;
            }
            _ => match reading(&text[..upto], span.start as usize, at) {
                Some((len, hidden)) => {
                    if hidden {
                        runs.show(at, at + len, "");
                    }
                    at += len;
                }
                None => at += 1,
            },
        }
    }
    runs.keep(end);
    runs.runs
}

/// What collapses to one space, or none, around the end of a line.
pub(super) const BLANK: [char; 5] = [' ', '\t', '\n', '\r', '\u{C}'];

/// A line break in the source is nothing between Japanese letters, a space elsewhere: next to
/// markup, too, where it keeps two pieces apart.
pub(super) fn joint(before: Option<char>, after: Option<char>) -> &'static str {
    match (before, after) {
        (Some(before), Some(after)) if !(before.is_ascii_alphanumeric() && after.is_ascii_alphanumeric()) => "",
        _ => " ",
    }
}

/// Text without its line ends, as it would stand on one line.
pub fn one_line(text: &str) -> String {
    let mut line = String::new();
    for part in text.split(['\n', '\r', '\t']).map(|p| p.trim_matches(BLANK)).filter(|p| !p.is_empty()) {
        if !line.is_empty() {
            line.push_str(joint(line.chars().next_back(), part.chars().next()));
        }
        line.push_str(part);
    }
    line
}

/// Bytes that something other than prose can begin with; 《 and ｜ are E3 80 8A and EF BD 9C.
fn may_begin(byte: u8, html: bool, readings: bool) -> bool {
    match byte {
        b'h' => true,
        0xE3 | 0xEF => readings,
        b'&' | b'\n' | b'\r' => html,
        _ => false,
    }
}

struct Runs {
    runs: Vec<Run>,
    /// Where prose goes on.
    from: usize,
}

impl Runs {
    /// Prose up to here.
    fn keep(&mut self, upto: usize) {
        if self.from < upto {
            self.runs.push(Run { span: Span::new(self.from, upto), shown: None });
        }
    }

    fn show(&mut self, start: usize, end: usize, shown: &str) {
        self.keep(start);
        self.runs.push(Run { span: Span::new(start, end), shown: Some(shown.into()) });
        self.from = end;
    }
}

/// The length of an `http://…` or `https://…`: up to the first character that no address has.
fn address(text: &str) -> Option<usize> {
    if !text.starts_with("http://") && !text.starts_with("https://") {
        return None;
    }
    let no_part = |c: char| !c.is_ascii_graphic() || matches!(c, '<' | '>' | '"' | '(' | ')' | '|' | '\u{1}');
    Some(text.find(no_part).unwrap_or(text.len()))
}

/// Longer names of entities do not exist.
const LONGEST_ENTITY: usize = 34;

/// The length of an entity and what it stands for.
fn entity(text: &str, attribute: bool) -> Option<(usize, String)> {
    let bytes = text.as_bytes();
    let name = bytes[1..].iter().take(LONGEST_ENTITY).take_while(|b| b.is_ascii_alphanumeric() || **b == b'#').count();
    let mut len = 1 + name;
    if bytes.get(len) == Some(&b';') {
        len += 1;
    }
    let raw = &text[..len];
    let shown = if attribute { htmlize::unescape_attribute(raw) } else { htmlize::unescape(raw) };
    (shown != raw).then(|| (len, shown.into_owned()))
}

/// Longer readings, in characters, are no readings.
const LONGEST_READING: usize = 20;

/// A reading in the manner of old e-texts, 身体《からだ》, or the ｜ where its word begins. The length,
/// and whether it is one; `None` for any other character that begins with the same byte.
fn reading(text: &str, start: usize, at: usize) -> Option<(usize, bool)> {
    let is_reading = |text: &str| -> Option<usize> {
        let inside = text.strip_prefix('《')?;
        let len = inside.char_indices().take(LONGEST_READING).find(|(_, c)| *c == '》')?.0;
        let kana = |c: char| is_hiragana(c) || is_katakana(c) || c == '・';
        (len > 0 && inside[..len].chars().all(kana)).then_some(len + 2 * '《'.len_utf8())
    };
    let rest = &text[at..];
    let c = rest.chars().next()?;
    match c {
        '《' => {
            let before = text[start..at].chars().next_back();
            let over_kanji = before.is_some_and(|c| matches!(c, '々' | '〆' | 'ヶ' | '\u{3400}'..='\u{9FFF}'));
            let mut word = text[start..at].chars().rev().take(LONGEST_READING).take_while(|c| *c != '》');
            let marked = word.any(|c| c == '｜');
            Some(match is_reading(rest) {
                Some(len) if over_kanji || marked => (len, true),
                _ => (c.len_utf8(), false),
            })
        }
        '｜' => {
            let follows = rest
                .char_indices()
                .take(LONGEST_READING)
                .find(|(_, c)| *c == '《')
                .and_then(|(at, _)| is_reading(&rest[at..]));
            Some((c.len_utf8(), follows.is_some()))
        }
        c => Some((c.len_utf8(), false)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, html: bool) -> String {
        let prose = Prose { html, ..Prose::default() };
        let runs = runs(text, Span::new(0, text.len()), prose);
        runs.iter().map(|r| r.shown.as_deref().unwrap_or(&text[r.span.range()])).collect()
    }

    #[test]
    fn prose_is_what_a_reader_sees() {
        for (text, expected) in [
            ("&#12471;&#x30DF;&amp;&nbsp;A&hellip;&ampB &unknown; & &lt;", "シミ&\u{A0}A…&B &unknown; & <"),
            ("シミが\n    消える", "シミが消える"),
            ("Anti\r\n Aging", "Anti Aging"),
            ("\nシミ\n", " シミ "),
            ("詳しくはhttps://example.com/?a=1&amp;b=2へ", "詳しくは\u{FFFC}へ"),
            ("身体《からだ》に｜良い習慣《しゅうかん》を、《必見》《みる》", "身体に良い習慣を、《必見》《みる》"),
        ] {
            assert_eq!(shown(text, true), expected, "{text}");
        }
        assert_eq!(shown("a&amp;b\nc", false), "a&amp;b\nc");
    }
}
