//! A file as read: its bytes decoded once, its lines, and the only place where a [`Span`] becomes
//! something that leaves the program.

mod encoding;

use std::sync::OnceLock;

use serde::Serialize;
use sha2::{Digest, Sha256};

pub use self::encoding::Encoding;
use self::encoding::{Decoded, FileMap};
use crate::span::Span;

/// Files of this size and more are not checked: spans are 32-bit.
pub const MAX_BYTES: usize = 1 << 31;

/// Why bytes could not become a [`Source`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undecodable {
    /// A picture, a program, an archive.
    NoText,
    /// More than [`MAX_BYTES`].
    TooLarge,
}

/// One text to check.
#[derive(Debug)]
pub struct Source {
    name: String,
    id: String,
    text: String,
    encoding: Encoding,
    map: FileMap,
    damaged: Vec<u32>,
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
    /// Decodes a file: by its byte order mark, the encoding asked for, its own declaration
    /// (`<meta charset>`), or the look of its bytes. Bytes that mean nothing become U+FFFD, see
    /// [`Source::damaged`].
    ///
    /// # Errors
    ///
    /// [`Undecodable`], when it is no text, or too much of it.
    pub fn decode(name: impl Into<String>, bytes: &[u8], asked: Option<Encoding>) -> Result<Self, Undecodable> {
        if bytes.len() >= MAX_BYTES {
            return Err(Undecodable::TooLarge);
        }
        let decoded = encoding::decode(bytes, asked).ok_or(Undecodable::NoText)?;
        Ok(Self::new(name.into(), decoded, bytes))
    }

    /// A text that is already decoded, such as an example of a rule.
    pub fn from_text(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let bytes = text.clone();
        Self::new(name.into(), Decoded::utf_8(text), bytes.as_bytes())
    }

    fn new(name: String, decoded: Decoded, bytes: &[u8]) -> Self {
        let Decoded { text, encoding, map, damaged } = decoded;
        let lines = line_starts(&text);
        let sha256 = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
        let id = name.strip_prefix("./").unwrap_or(&name).replace('\\', "/");
        Self { name, id, text, encoding, map, damaged, sha256, lines, counts: OnceLock::new() }
    }

    /// The same under its path inside the project, divided by `/`.
    pub fn known_as(self, id: impl Into<String>) -> Self {
        Self { id: id.into(), ..self }
    }

    /// The path or name as given.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it is called wherever it is looked at from: its path inside the project, divided by `/`.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The folder that the path names, without the separator at its end; empty where it names none.
    pub fn folder(&self) -> &str {
        self.name.rfind(['/', '\\']).map_or("", |at| &self.name[..at])
    }

    /// The decoded text, without a BOM.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// Where bytes of the file meant nothing in its encoding: offsets into the text.
    pub fn damaged(&self) -> &[u32] {
        &self.damaged
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
        self.place(offset, self.map.start(offset))
    }

    /// The places of the first character of a span and of one past its last.
    pub fn positions(&self, span: Span) -> (Position, Position) {
        let end = if span.is_empty() { self.map.start(span.end) } else { self.map.end(span.end) };
        (self.position(span.start), self.place(span.end, end))
    }

    fn place(&self, offset: u32, byte: usize) -> Position {
        let line = self.line_of(offset);
        let (start, here) = (self.counted(self.lines[line] as usize), self.counted(offset as usize));
        Position { byte, line: line + 1, column: here.0 - start.0 + 1, utf16: here.1 - start.1 + 1 }
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

    /// The 1-based column of an offset in bytes of UTF-8, whatever the encoding of the file.
    pub fn utf8_column(&self, offset: u32) -> usize {
        (offset - self.lines[self.line_of(offset)]) as usize + 1
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
        let source = Source::decode("a", "\u{feff}𠮷a\r\nか\u{3099}x\rz".as_bytes(), None).unwrap();
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

    /// The bytes of a word, as a reader of the file would cut them out.
    fn bytes_of<'a>(source: &Source, file: &'a [u8], word: &str) -> &'a [u8] {
        let start = source.text().find(word).unwrap();
        let (from, to) = source.positions(Span::new(start, start + word.len()));
        &file[from.byte..to.byte]
    }

    #[test]
    fn words_are_where_they_are_in_every_encoding() {
        let text = "<p>𠮷ではなく吉、ｼﾐとシミ¥100～は、Anti-Aging①。\r\n次の行のシワ</p>";
        for label in ["shift_jis", "euc-jp", "iso-2022-jp", "utf-8", "utf-16le", "utf-16be"] {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
            let text = if label.starts_with("utf") {
                text.to_owned()
            } else {
                text.replace('𠮷', "吉").replace('ｼ', "シ").replace('ﾐ', "ミ")
            };
            let file: Vec<u8> = match label {
                "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
                _ => encoding.encode(&text).0.into_owned(),
            };
            for asked in [None, Encoding::parse(label)] {
                let source = Source::decode("a.html", &file, asked).unwrap();
                assert_eq!(source.encoding().name(), label);
                assert!(source.damaged().is_empty());
                for word in ["シミ", "Anti-Aging", "次の行のシワ", "①", "100", "</p>"] {
                    if !source.text().contains(word) {
                        continue;
                    }
                    let mut cut = bytes_of(&source, &file, word).to_vec();
                    // A piece of ISO-2022-JP lacks the escape before it.
                    if label == "iso-2022-jp" && !word.is_ascii() {
                        cut.splice(0..0, *b"\x1B$B");
                    }
                    let (back, _) = encoding.decode_without_bom_handling(&cut);
                    assert_eq!(back, word, "{label}");
                }
            }
        }
    }

    #[test]
    fn a_file_says_its_own_encoding() {
        let page = "<html><head><meta http-equiv=Content-Type content=\"text/html; charset=EUC-JP\"></head>表示";
        let file = encoding_rs::EUC_JP.encode(page).0;
        assert_eq!(Source::decode("a.html", &file, None).unwrap().encoding().name(), "euc-jp");
        // What it says is not always true.
        assert_eq!(Source::decode("a.html", page.as_bytes(), None).unwrap().encoding().name(), "utf-8");
    }

    #[test]
    fn damage_is_named_and_the_rest_is_read() {
        let mut file = encoding_rs::SHIFT_JIS.encode("ここにシミ").0.into_owned();
        file.extend(b"\x81\xFF");
        file.extend_from_slice(&encoding_rs::SHIFT_JIS.encode("がある、本当に長い文章です。").0);
        let source = Source::decode("a.txt", &file, None).unwrap();
        assert_eq!(source.encoding().name(), "shift_jis");
        assert_eq!(source.damaged().len(), 1, "{}", source.text());
        assert_eq!(source.position(source.damaged()[0]).byte, 10);
        assert_eq!(bytes_of(&source, &file, "ある").len(), 4);

        let source = Source::decode("a.txt", "シミ".as_bytes(), Encoding::parse("sjis")).unwrap();
        assert!(!source.text().is_empty());
        let bad = [b"ab".as_slice(), b"\xFF", "シミ".as_bytes(), b"\xF0\x9F", b"z"].concat();
        let source = Source::decode("a.txt", &bad, Encoding::parse("utf-8")).unwrap();
        assert_eq!(source.position(source.damaged()[0]).byte, 2);
        assert_eq!(bytes_of(&source, &bad, "シミ"), "シミ".as_bytes());
        assert_eq!(bytes_of(&source, &bad, "z"), b"z");
        let stray = Source::decode("a.md", "シミが消える。\n\0\n".as_bytes(), None).unwrap();
        assert_eq!(stray.encoding().name(), "utf-8");
        assert_eq!(Source::decode("a.md", b"\x89PNG\0\0\x01\x02", None).unwrap_err(), Undecodable::NoText);
    }
}
