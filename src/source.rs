//! A file as read: its bytes decoded once, its lines, and the only place where a [`Span`] becomes
//! something that leaves the program.

use std::sync::OnceLock;

use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::span::Span;

/// Files of this size and more are not checked: spans are 32-bit.
pub const MAX_BYTES: usize = 1 << 31;

/// How the bytes of a file became text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
}

/// Why bytes could not become a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecodable {
    /// The first byte (0-based offset in the file) that is not valid UTF-8.
    At { byte: usize },
    /// More than [`MAX_BYTES`].
    TooLarge,
}

/// One text to check.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    encoding: Encoding,
    /// Bytes of the file before the text: 3 for a UTF-8 BOM.
    lead: usize,
    sha256: String,
    /// Where each line starts, in bytes of the text. Never empty.
    lines: Vec<u32>,
    /// Characters and UTF-16 units before every [`STRIDE`] bytes: a page of one line has columns, too.
    counts: OnceLock<Vec<(usize, usize)>>,
}

/// Bytes between two counts.
const STRIDE: usize = 4096;

/// A place as people and programs name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Position {
    /// 0-based offset in the file as read (a BOM counts).
    pub byte: usize,
    /// 1-based; lines end at LF, CRLF or a lone CR.
    pub line: usize,
    /// 1-based, in Unicode scalar values; a BOM is no column.
    pub column: usize,
    /// 1-based, in UTF-16 code units.
    pub utf16: usize,
}

impl Source {
    /// Decodes a file: UTF-8, with or without BOM.
    ///
    /// # Errors
    ///
    /// [`Undecodable`], with the first bad byte.
    pub fn decode(name: impl Into<String>, bytes: &[u8]) -> Result<Self, Undecodable> {
        if bytes.len() >= MAX_BYTES {
            return Err(Undecodable::TooLarge);
        }
        let lead = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        match std::str::from_utf8(&bytes[lead..]) {
            Ok(text) => Ok(Self::with_lead(name.into(), text.to_owned(), lead, bytes)),
            Err(error) => Err(Undecodable::At { byte: lead + error.valid_up_to() }),
        }
    }

    /// A text that is already decoded, such as an example of a rule.
    pub fn from_text(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let bytes = text.clone();
        Self::with_lead(name.into(), text, 0, bytes.as_bytes())
    }

    fn with_lead(name: String, text: String, lead: usize, bytes: &[u8]) -> Self {
        let lines = line_starts(&text);
        let sha256 = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        Self { name, text, encoding: Encoding::Utf8, lead, sha256, lines, counts: OnceLock::new() }
    }

    /// The path or name as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The decoded text, without a BOM.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Of the bytes of the file, in hexadecimal.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// The text of a span.
    pub fn slice(&self, span: Span) -> &str {
        &self.text[span.range()]
    }

    /// The place of an offset into the text, for the world outside.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_of(offset);
        let (start, here) = (self.counted(self.lines[line] as usize), self.counted(offset as usize));
        Position {
            byte: self.lead + offset as usize,
            line: line + 1,
            column: here.0 - start.0 + 1,
            utf16: here.1 - start.1 + 1,
        }
    }

    /// Characters and UTF-16 units before an offset.
    fn counted(&self, offset: usize) -> (usize, usize) {
        let counts = self.counts.get_or_init(|| {
            let mut sum = (0, 0);
            let mut counts = vec![sum];
            for stretch in self.text.as_bytes().chunks(STRIDE) {
                sum = count(stretch, sum);
                counts.push(sum);
            }
            counts
        });
        let stride = offset / STRIDE;
        count(&self.text.as_bytes()[stride * STRIDE..offset], counts[stride])
    }

    /// The offset of a 1-based line and column (in characters); `None` when there is no such place.
    /// A column one past the end of its line is a place.
    pub fn offset(&self, line: usize, column: usize) -> Option<u32> {
        let span = self.line(line.checked_sub(1)?)?;
        let text = self.slice(span);
        let skip = column.checked_sub(1)?;
        let at = text.char_indices().map(|(at, _)| at).chain([text.len()]).nth(skip)?;
        Some(span.start + at as u32)
    }

    /// The 0-based line that an offset is on.
    pub fn line_of(&self, offset: u32) -> usize {
        self.lines.partition_point(|&start| start <= offset) - 1
    }

    /// A 0-based line without its line end.
    pub fn line(&self, line: usize) -> Option<Span> {
        let start = *self.lines.get(line)?;
        let end = self.lines.get(line + 1).map_or(self.text.len(), |&next| next as usize);
        let text = self.text[start as usize..end].trim_end_matches(['\n', '\r']);
        Some(Span::new(start as usize, start as usize + text.len()))
    }
}

/// Adds the characters that begin in some bytes, and their UTF-16 units.
fn count(bytes: &[u8], (chars, units): (usize, usize)) -> (usize, usize) {
    let begun = bytes.iter().filter(|&&b| b & 0xC0 != 0x80).count();
    let long = bytes.iter().filter(|&&b| b >= 0xF0).count();
    (chars + begun, units + begun + long)
}

fn line_starts(text: &str) -> Vec<u32> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (at, &byte) in bytes.iter().enumerate() {
        if byte == b'\n' || (byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')) {
            starts.push(at as u32 + 1);
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_bytes_of_the_file_and_characters_of_the_line() {
        let source = Source::decode("a", "\u{feff}𠮷a\r\nか\u{3099}x\rz".as_bytes()).unwrap();
        let at = |needle: &str| source.position(source.text().find(needle).unwrap() as u32);
        assert_eq!(at("a"), Position { byte: 7, line: 1, column: 2, utf16: 3 });
        assert_eq!(at("x"), Position { byte: 16, line: 2, column: 3, utf16: 3 });
        assert_eq!(at("z"), Position { byte: 18, line: 3, column: 1, utf16: 1 });
    }

    #[test]
    fn a_place_finds_its_offset_again() {
        let source = Source::from_text("a", "シミが\n消える𠮷。");
        for (offset, _) in source.text().char_indices() {
            let place = source.position(offset as u32);
            if source.text().as_bytes()[offset] != b'\n' {
                assert_eq!(source.offset(place.line, place.column), Some(offset as u32));
            }
        }
        assert_eq!(source.offset(3, 1), None);
        assert_eq!(source.offset(0, 1), None);
    }

    #[test]
    fn bad_bytes_are_named() {
        assert_eq!(Source::decode("a", b"ab\xFFc").unwrap_err(), Undecodable::At { byte: 2 });
    }
}
