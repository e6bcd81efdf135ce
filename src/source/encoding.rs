//! How the bytes of a file became text: which encoding, and which bytes stand for which characters.

use std::fmt;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, EUC_JP, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use serde::{Serialize, Serializer};

/// A character encoding.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Encoding(&'static encoding_rs::Encoding);

impl Encoding {
    pub const UTF_8: Self = Self(UTF_8);

    /// By any of the names that browsers know (`sjis`, `Shift_JIS`, `windows-31j` …).
    pub fn parse(label: &str) -> Option<Self> {
        let label = label.trim();
        // Browsers take cp932 for nothing; people type it.
        let label = if label.eq_ignore_ascii_case("cp932") { "shift_jis" } else { label };
        encoding_rs::Encoding::for_label_no_replacement(label.as_bytes()).map(Self)
    }

    /// The name of the WHATWG standard, in lower case.
    pub fn name(self) -> String {
        self.0.name().to_ascii_lowercase()
    }

    fn is_utf_16(self) -> bool {
        self.0 == UTF_16LE || self.0 == UTF_16BE
    }
}

impl fmt::Debug for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl Serialize for Encoding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name())
    }
}

/// Bytes made text.
pub(super) struct Decoded {
    pub text: String,
    pub encoding: Encoding,
    pub map: FileMap,
    /// Where bytes mean nothing in the encoding: offsets of a U+FFFD in the text.
    pub damaged: Vec<u32>,
}

impl Decoded {
    /// A text that is its own bytes.
    pub fn utf_8(text: String) -> Self {
        let map = FileMap { lead: 0, stretches: Vec::new() };
        Self { text, encoding: Encoding::UTF_8, map, damaged: Vec::new() }
    }
}

/// Decodes a file by its byte order mark, what was asked for, its own declaration, or its bytes.
/// `None` when it is no text at all.
pub(super) fn decode(bytes: &[u8], asked: Option<Encoding>) -> Option<Decoded> {
    // A byte order mark is never wrong.
    if let Some((encoding, lead)) = encoding_rs::Encoding::for_bom(bytes) {
        return Some(read(&bytes[lead..], lead, Encoding(encoding)));
    }
    if let Some(encoding) = asked {
        return Some(read(bytes, 0, encoding));
    }
    let shifts = escapes(bytes);
    if !shifts
        && !bytes.contains(&0)
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Some(Decoded::utf_8(text.to_owned()));
    }
    // With letters beyond ASCII, what is UTF-8 is nothing else, a stray zero byte or not.
    if !shifts
        && !bytes.is_ascii()
        && let Ok(text) = std::str::from_utf8(bytes)
    {
        return Some(Decoded::utf_8(text.to_owned())).filter(|decoded| !is_binary(decoded));
    }
    if let Some(encoding) = wide(bytes) {
        return Some(read(bytes, 0, encoding));
    }
    if bytes.contains(&0) {
        return None;
    }
    let mut candidates: Vec<Encoding> = declared(bytes).into_iter().filter(|e| !e.is_utf_16()).collect();
    if shifts {
        candidates.push(Encoding(ISO_2022_JP));
    }
    candidates.extend([Encoding::UTF_8, guessed(bytes)]);
    let mut best: Option<Decoded> = None;
    for encoding in candidates {
        if best.as_ref().is_none_or(|b| b.encoding != encoding && !b.damaged.is_empty()) {
            let decoded = read(bytes, 0, encoding);
            if best.as_ref().is_none_or(|b| decoded.damaged.len() < b.damaged.len()) {
                best = Some(decoded);
            }
        }
    }
    best.filter(|b| !is_binary(b))
}

/// Whether too much of it means nothing for it to be text.
fn is_binary(decoded: &Decoded) -> bool {
    let odd = decoded.text.chars().filter(|c| c.is_control() && !c.is_whitespace() && *c != '\u{1B}').count();
    let chars = decoded.text.chars().count();
    (decoded.damaged.len() + odd) * 5 > chars
}

/// Whether there are the escape sequences of ISO-2022-JP.
fn escapes(bytes: &[u8]) -> bool {
    // Nearly no text has an escape at all, and to see that is quick.
    bytes.contains(&0x1B) && bytes.windows(3).any(|w| matches!(w, b"\x1B$B" | b"\x1B$@" | b"\x1B(J" | b"\x1B(I"))
}

/// UTF-16 without a mark: line ends, spaces and markup have a zero byte, always on the same side.
fn wide(bytes: &[u8]) -> Option<Encoding> {
    let sample = &bytes[..bytes.len().min(4096)];
    let zeros = |side: usize| sample.iter().skip(side).step_by(2).filter(|&&b| b == 0).count();
    let (high, low) = (zeros(0), zeros(1));
    match (high, low) {
        _ if high.max(low) * 50 < sample.len() || bytes.len() % 2 == 1 => None,
        (_, 0) => Some(Encoding(UTF_16BE)),
        (0, _) => Some(Encoding(UTF_16LE)),
        _ => None,
    }
}

/// `<meta charset=…>`, `charset=…` of a Content-Type, `encoding="…"` of an XML declaration, in the
/// first bytes of the file, where browsers look.
fn declared(bytes: &[u8]) -> Option<Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(1024)]).to_ascii_lowercase();
    let after = |key: &str| {
        let rest = head[head.find(key)? + key.len()..].trim_start().strip_prefix('=')?;
        let rest = rest.trim_start().trim_start_matches(['"', '\'']);
        let label = rest.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))).next()?;
        Encoding::parse(label)
    };
    let xml = head.trim_start().starts_with("<?xml");
    after("charset").or_else(|| if xml { after("encoding") } else { None })
}

/// What the bytes look like, among the encodings of Japanese.
fn guessed(bytes: &[u8]) -> Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    let guess = detector.guess(Some(b"jp"), Utf8Detection::Allow);
    Encoding(if [UTF_8, EUC_JP, ISO_2022_JP].contains(&guess) { guess } else { SHIFT_JIS })
}

fn read(bytes: &[u8], lead: usize, encoding: Encoding) -> Decoded {
    if encoding.0 == UTF_8 { read_utf_8(bytes, lead) } else { read_legacy(bytes, lead, encoding) }
}

fn read_utf_8(bytes: &[u8], lead: usize) -> Decoded {
    let mut text = String::with_capacity(bytes.len());
    let mut map = FileMap { lead, stretches: Vec::new() };
    let mut damaged = Vec::new();
    let mut at = lead;
    for chunk in bytes.utf8_chunks() {
        if !damaged.is_empty() {
            map.add(text.len(), at, 1, 1);
        }
        text.push_str(chunk.valid());
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            if damaged.is_empty() {
                map.add(0, lead, 1, 1);
            }
            damaged.push(text.len() as u32);
            map.add(text.len(), at, REPLACEMENT.len(), chunk.invalid().len());
            text.push_str(REPLACEMENT);
            at += chunk.invalid().len();
        }
    }
    Decoded { text, encoding: Encoding::UTF_8, map, damaged }
}

/// What stands for bytes that mean nothing.
const REPLACEMENT: &str = "\u{FFFD}";

/// Decodes byte by byte: a character's bytes are those that went in before it came out.
fn read_legacy(bytes: &[u8], lead: usize, encoding: Encoding) -> Decoded {
    let mut decoder = encoding.0.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    let mut map = FileMap { lead, stretches: Vec::new() };
    let mut damaged = Vec::new();
    // Between characters of these encodings an ASCII byte is itself.
    let plain_ascii = encoding.0.is_ascii_compatible();
    let mut start = 0;
    let mut at = 0;
    let mut buffer = [0u8; 16];
    while at <= bytes.len() {
        if plain_ascii && start == at {
            let run = bytes[at..].iter().take_while(|b| b.is_ascii()).count();
            if run > 0 {
                map.add(text.len(), lead + at, 1, 1);
                text.push_str(std::str::from_utf8(&bytes[at..at + run]).expect("ASCII"));
                at += run;
                start = at;
                continue;
            }
        }
        let last = at == bytes.len();
        let mut fed = &bytes[at..bytes.len().min(at + 1)];
        let mut here = at;
        loop {
            let (result, taken, written) = decoder.decode_to_utf8_without_replacement(fed, &mut buffer, last);
            fed = &fed[taken..];
            here += taken;
            if written > 0 {
                let end = here;
                for c in std::str::from_utf8(&buffer[..written]).expect("a decoder writes UTF-8").chars() {
                    // Escape sequences stand before a character and do not belong to it.
                    if encoding.0 == ISO_2022_JP {
                        let one_byte = c.is_ascii() || matches!(c, '¥' | '‾' | '\u{FF61}'..='\u{FF9F}');
                        start = start.max(end.saturating_sub(if one_byte { 1 } else { 2 }));
                    }
                    map.add(text.len(), lead + start, c.len_utf8(), end.saturating_sub(start).max(1));
                    text.push(c);
                }
                start = end;
            }
            match result {
                DecoderResult::Malformed(bad, after) => {
                    let end = here.saturating_sub(usize::from(after)).max(start);
                    let from = end.saturating_sub(usize::from(bad)).max(start);
                    damaged.push(text.len() as u32);
                    map.add(text.len(), lead + from, REPLACEMENT.len(), (end - from).max(1));
                    text.push_str(REPLACEMENT);
                    start = end;
                }
                DecoderResult::InputEmpty | DecoderResult::OutputFull => break,
            }
        }
        at += 1;
    }
    Decoded { text, encoding, map, damaged }
}

/// Which byte of the file each character of the text begins at.
#[derive(Debug)]
pub(super) struct FileMap {
    /// Bytes of the file before the text, where the two are the same otherwise.
    lead: usize,
    /// In order; each reaches to the next. Empty where text and file are the same.
    stretches: Vec<Stretch>,
}

/// A stretch of characters that all have one length in the text and one in the file.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    text: u32,
    file: u32,
    in_text: u8,
    in_file: u8,
}

impl FileMap {
    /// Where the character at an offset begins in the file.
    pub fn start(&self, offset: u32) -> usize {
        match self.stretches.partition_point(|s| s.text <= offset).checked_sub(1) {
            Some(at) => self.stretches[at].locate(offset),
            None => self.lead + offset as usize,
        }
    }

    /// Where the character before an offset ends in the file.
    pub fn end(&self, offset: u32) -> usize {
        match self.stretches.partition_point(|s| s.text < offset).checked_sub(1) {
            Some(at) => self.stretches[at].locate(offset),
            None => self.lead + offset as usize,
        }
    }

    fn add(&mut self, text: usize, file: usize, in_text: usize, in_file: usize) {
        let stretch = Stretch { text: text as u32, file: file as u32, in_text: in_text as u8, in_file: in_file as u8 };
        if let Some(last) = self.stretches.last()
            && (last.in_text, last.in_file) == (stretch.in_text, stretch.in_file)
            && last.locate(stretch.text) == file
        {
            return;
        }
        self.stretches.push(stretch);
    }
}

impl Stretch {
    fn locate(self, offset: u32) -> usize {
        self.file as usize + (offset - self.text) as usize / usize::from(self.in_text) * usize::from(self.in_file)
    }
}
