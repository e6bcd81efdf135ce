//! One spelling for every way to write the same thing, and the way back.
//!
//! The whole document becomes one text: NFKC by grapheme, ASCII in lower case, characters that
//! nobody sees left out, decoration inside a word left out. Stable characters are copied; only
//! the rest goes through the Unicode tables. A span that begins or ends inside a rewritten
//! grapheme widens to all of it, so it always holds whole characters of the source.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::document::{BlockIx, Document};
use crate::script::Script;
use crate::source::Source;
use crate::span::{NormalSpan, Span};

/// The normalised text of a document.
#[derive(Debug)]
pub struct Normal {
    text: String,
    pieces: Vec<Piece>,
    /// One for each block of the document.
    blocks: Vec<NormalSpan>,
    /// Where a line of the source ended inside a block, in order.
    breaks: Vec<u32>,
}

/// Where a stretch of the normal text came from; it ends where the next begins.
#[derive(Clone, Copy, Debug)]
struct Piece {
    normal: u32,
    source: u32,
    source_end: u32,
    /// Byte for byte the same (but for case); otherwise only the whole maps to the whole.
    exact: bool,
}

/// What separates blocks in the text.
const SEPARATOR: char = '\u{1E}';

impl Normal {
    /// Normalises all blocks of a document.
    pub fn of(source: &Source, document: &Document) -> Self {
        let mut normal = Self {
            text: String::with_capacity(source.text().len()),
            pieces: Vec::new(),
            blocks: Vec::with_capacity(document.blocks.len()),
            breaks: Vec::new(),
        };
        for block in &document.blocks {
            let start = normal.text.len();
            for run in &block.runs {
                match &run.shown {
                    None => normal.push(source.slice(run.span), Origin::Source(run.span.start)),
                    Some(shown) => {
                        if shown.trim().is_empty() {
                            normal.breaks.push(normal.text.len() as u32);
                        }
                        normal.push(shown, Origin::Shown(run.span));
                    }
                }
            }
            normal.blocks.push(NormalSpan::new(start, normal.text.len()));
            normal.text.push(SEPARATOR);
        }
        normal
    }

    /// The text with other words in some places. What stands there maps to the whole of what it replaces.
    /// `places` are in order and do not overlap.
    #[must_use]
    pub fn respelled(self, places: &[(NormalSpan, String)]) -> Self {
        let mut text = String::with_capacity(self.text.len());
        let mut pieces: Vec<Piece> = Vec::with_capacity(self.pieces.len() + places.len());
        // How much later everything stands after each place.
        let mut shifts: Vec<(u32, i64)> = Vec::with_capacity(places.len());
        let mut next = 0;
        let mut at = 0u32;
        let mut keep = |pieces: &mut Vec<Piece>, from: u32, upto: u32, shift: i64| {
            while let Some(&piece) = self.pieces.get(next).filter(|p| p.normal < upto) {
                let following = self.pieces.get(next + 1).map_or(self.text.len() as u32, |f| f.normal);
                let ends = following.max(piece.normal);
                let (start, stop) = (piece.normal.max(from), ends.min(upto));
                if start < stop || piece.normal == ends {
                    let skipped = start - piece.normal;
                    let (source, source_end) = match piece.exact {
                        true => (piece.source + skipped, (piece.source + (stop - piece.normal)).min(piece.source_end)),
                        false => (piece.source, piece.source_end),
                    };
                    let normal = (i64::from(start) + shift) as u32;
                    pieces.push(Piece { normal, source, source_end, exact: piece.exact });
                }
                if ends > upto {
                    break;
                }
                next += 1;
            }
        };
        let mut shift = 0i64;
        for (span, word) in places {
            text.push_str(&self.text[at as usize..span.start as usize]);
            keep(&mut pieces, at, span.start, shift);
            let source = self.to_source(*span);
            pieces.push(Piece {
                normal: text.len() as u32,
                source: source.start,
                source_end: source.end,
                exact: false,
            });
            text.push_str(word);
            at = span.end;
            shift = text.len() as i64 - i64::from(at);
            shifts.push((span.end, shift));
        }
        text.push_str(&self.text[at as usize..]);
        keep(&mut pieces, at, self.text.len() as u32, shift);
        let moved = |offset: u32| {
            let passed = shifts.partition_point(|&(end, _)| end <= offset);
            let shift = passed.checked_sub(1).map_or(0, |n| shifts[n].1);
            // What stood inside a word that is spelled anew stands before it.
            let offset = places.get(passed).map_or(offset, |(span, _)| offset.min(span.start));
            (i64::from(offset) + shift) as u32
        };
        let blocks = self.blocks.iter().map(|b| NormalSpan { start: moved(b.start), end: moved(b.end) }).collect();
        let breaks = self.breaks.iter().map(|&b| moved(b)).collect();
        Self { text, pieces, blocks, breaks }
    }

    /// The normal form of a piece of rule text: the same for rules as for copy.
    pub fn fold(text: &str) -> String {
        let mut normal = Self {
            text: String::with_capacity(text.len()),
            pieces: Vec::new(),
            blocks: Vec::new(),
            breaks: Vec::new(),
        };
        normal.push(text, Origin::Source(0));
        normal.text
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span.
    pub fn slice(&self, span: NormalSpan) -> &str {
        &self.text[span.range()]
    }

    /// The span of a block.
    pub fn block(&self, block: BlockIx) -> NormalSpan {
        self.blocks[block]
    }

    /// The line ends inside a stretch of text, as offsets.
    pub fn breaks(&self, span: NormalSpan) -> &[u32] {
        let from = self.breaks.partition_point(|&b| b <= span.start);
        let upto = self.breaks.partition_point(|&b| b < span.end);
        &self.breaks[from..upto.max(from)]
    }

    /// The block that an offset lies in.
    pub fn block_at(&self, offset: u32) -> BlockIx {
        self.blocks.partition_point(|b| b.start <= offset).saturating_sub(1)
    }

    /// The smallest span of whole source characters that shows as `span`.
    pub fn to_source(&self, span: NormalSpan) -> Span {
        if span.is_empty() || self.pieces.is_empty() {
            let at = self.pieces.get(self.piece_at(span.start)).map_or(0, |p| p.source);
            return Span { start: at, end: at };
        }
        let first = self.pieces[self.piece_at(span.start)];
        let last = self.pieces[self.piece_at(span.end - 1)];
        // A separator between blocks belongs to no piece: the ends are clamped to the text.
        let into =
            |piece: Piece, offset: u32| (piece.source + offset.saturating_sub(piece.normal)).min(piece.source_end);
        let start = if first.exact { into(first, span.start) } else { first.source };
        let end = if last.exact { into(last, span.end) } else { last.source_end };
        Span { start, end: end.max(start) }
    }

    /// Where a source offset stands in the text; `None` when it is not visible text.
    pub fn from_source(&self, offset: u32) -> Option<u32> {
        self.pieces
            .iter()
            .find(|p| p.source <= offset && offset < p.source_end)
            .map(|p| if p.exact { p.normal + (offset - p.source) } else { p.normal })
    }

    fn piece_at(&self, offset: u32) -> usize {
        self.pieces.partition_point(|p| p.normal <= offset).saturating_sub(1)
    }

    fn push(&mut self, text: &str, origin: Origin) {
        let mut at = 0;
        while at < text.len() {
            let stable = stable_prefix(&text[at..]);
            if stable > 0 {
                self.copy(&text[at..at + stable], at, origin);
                at += stable;
                continue;
            }
            let (from, to) = self.unstable(text, at);
            self.rewrite(text, from..to, origin);
            at = to;
        }
    }

    fn copy(&mut self, text: &str, at: usize, origin: Origin) {
        let start = self.text.len();
        self.text.push_str(text);
        self.text[start..].make_ascii_lowercase();
        let (span, exact) = origin.at(at..at + text.len());
        self.piece(start, span, exact);
    }

    /// The grapheme at `at`; it may begin with the character just copied (か＋濁点).
    fn unstable(&mut self, text: &str, at: usize) -> (usize, usize) {
        let before = text[..at].chars().next_back().map_or(0, char::len_utf8);
        if before > 0 && !text[at..].starts_with(never_extends) {
            let from = at - before;
            let grapheme = text[from..].graphemes(true).next().map_or(before, str::len);
            if grapheme > before && self.take_back(before) {
                return (from, from + grapheme);
            }
        }
        let grapheme = text[at..].graphemes(true).next().map_or(text.len() - at, str::len);
        (at, at + grapheme)
    }

    /// Takes back one copied character of `len` bytes, if that was the last thing written.
    fn take_back(&mut self, len: usize) -> bool {
        let Some(last) = self.pieces.last_mut().filter(|p| p.exact) else { return false };
        let written = self.text.len() - last.normal as usize;
        if written < len {
            return false;
        }
        last.source_end -= len as u32;
        self.text.truncate(self.text.len() - len);
        if written == len {
            self.pieces.pop();
        }
        true
    }

    fn rewrite(&mut self, text: &str, at: Range<usize>, origin: Origin) {
        let start = self.text.len();
        let grapheme = &text[at.clone()];
        if draws_out(self.text.chars().next_back(), grapheme, &text[at.end..]) {
            return;
        }
        if is_decoration(grapheme) {
            let before = self.text.chars().next_back();
            let after = text[at.end..].chars().find(|&c| !is_unseen(c));
            if !joins(before, after) {
                self.text.push(' ');
            }
        } else {
            // A small number above a word is the mark of a note; above a unit it is a power.
            let raised = grapheme.starts_with(is_superscript);
            if raised && !self.text.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '※' || c == '*') {
                self.text.push('※');
            }
            for c in grapheme.nfkc().map(unify).filter(|&c| !is_unseen(c)) {
                self.text.push(c.to_ascii_lowercase());
            }
        }
        if self.text.len() > start {
            let (span, _) = origin.at(at);
            self.piece(start, span, false);
        }
    }

    fn piece(&mut self, normal: usize, span: Span, exact: bool) {
        // Neighbours that are exact on both sides are one piece.
        if exact
            && let Some(last) = self.pieces.last_mut()
            && last.exact
            && last.source_end == span.start
            && last.source_end - last.source == normal as u32 - last.normal
        {
            last.source_end = span.end;
            return;
        }
        self.pieces.push(Piece { normal: normal as u32, source: span.start, source_end: span.end, exact });
    }
}

/// Where pushed text stands in the source.
#[derive(Clone, Copy)]
enum Origin {
    /// It is the source from this offset on.
    Source(u32),
    /// It is shown for this span as a whole.
    Shown(Span),
}

impl Origin {
    fn at(self, range: Range<usize>) -> (Span, bool) {
        match self {
            Self::Source(base) => (Span::new(base as usize + range.start, base as usize + range.end), true),
            Self::Shown(span) => (span, false),
        }
    }
}

/// Length in bytes of the longest prefix of characters that are their own normal form and
/// never join the character before.
fn stable_prefix(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        at += match bytes[at] {
            0x20..=0x7E | b'\n' | b'\t' => 1,
            // U+3000..=U+9FFF: kana, kanji and their punctuation.
            0xE3..=0xE9 => {
                let c = three(&bytes[at..]);
                // What a long mark means depends on the letter before.
                let long = c == LONG && (at < 3 || !matches!(three(&bytes[at - 3..]), 0x30A1..=0x30FC));
                if long || !is_stable_cjk(c) {
                    break;
                }
                3
            }
            _ => break,
        };
    }
    at
}

/// ー
const LONG: u32 = 0x30FC;

/// The character of three bytes that a text begins with.
fn three(bytes: &[u8]) -> u32 {
    u32::from(bytes[0] & 0x0F) << 12 | u32::from(bytes[1] & 0x3F) << 6 | u32::from(bytes[2] & 0x3F)
}

/// Whether a mark only draws a word out: 薄〜く, ずーっと, すごーい. After a particle's noun 〜 is a range (朝〜の).
fn draws_out(before: Option<char>, mark: &str, rest: &str) -> bool {
    const DRAWN: [char; 4] = ['〜', '～', '~', 'ー'];
    if !mark.starts_with(DRAWN) {
        return false;
    }
    let Some(before) = before.map(Script::of) else { return false };
    let after = rest.trim_start_matches(DRAWN).chars().next();
    let script = after.map_or(Script::Other, Script::of);
    match before {
        Script::Hiragana if mark == "ー" => script != Script::Katakana,
        Script::Hiragana | Script::Han => {
            script == Script::Hiragana && after.is_some_and(|c| !"のをはがにへもとまでよ".contains(c))
        }
        _ => false,
    }
}

fn is_stable_cjk(c: u32) -> bool {
    matches!(c,
        0x3001..=0x3003 | 0x3005..=0x3011 | 0x3014..=0x301B
        | 0x3041..=0x3096 | 0x309D | 0x309E | 0x30A1..=0x30FE
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF)
}

/// Characters at the start of a rewritten grapheme that never belong to the one before:
/// spares the look back for full-width forms and marks.
fn never_extends(c: char) -> bool {
    matches!(c, '\u{3000}' | '\u{FF01}'..='\u{FF9D}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205E}' | '\u{2190}'..='\u{23FF}' | '\u{2460}'..='\u{27BF}' | '\u{2F00}'..='\u{2FDF}')
}

fn is_superscript(c: char) -> bool {
    matches!(c, '¹' | '²' | '³' | '⁰' | '\u{2074}'..='\u{2079}')
}

/// Characters that leave no mark on the page: zero-width, direction and variation marks, control characters.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFFD}' | '\u{E0000}'..='\u{E0FFF}')
        || (c.is_control() && c != '\n' && c != '\t')
}

/// Stars, hearts, notes and emoji. Marks that mean right or wrong (○ × △ ✓ ❌ ⭕) are not decoration.
fn is_decoration(grapheme: &str) -> bool {
    let Some(c) = grapheme.chars().next() else { return false };
    matches!(
        c,
        '★' | '☆'
            | '♡'
            | '♥'
            | '♪'
            | '♫'
            | '♬'
            | '✨'
            | '✦'
            | '✧'
            | '✿'
            | '❀'
            | '❁'
            | '❤'
            | '❣'
            | '☀'
            | '☁'
            | '☺'
            | '☻'
            | '\u{2934}' | '\u{2935}' | '\u{2B00}'..='\u{2BFF}'
            | '\u{1F000}'..='\u{1FAFF}'
    ) || (matches!(c, '\u{2600}'..='\u{26FF}') && grapheme.contains('\u{FE0F}'))
}

/// Decoration between these two letters stands inside a word.
fn joins(before: Option<char>, after: Option<char>) -> bool {
    let (Some(before), Some(after)) = (before, after) else { return false };
    let (before, after) = (Script::of(before), Script::of(after));
    use Script::{Han, Hiragana, Katakana};
    matches!((before, after), (Katakana, Katakana) | (Han, Han) | (Han, Hiragana) | (Katakana, Hiragana))
}

/// Radicals that NFKC leaves alone though PDF readers hand them out in place of the kanji.
fn unify(c: char) -> char {
    match c {
        '⺟' => '母',
        '⺠' => '民',
        '⻁' => '虎',
        '⻄' => '西',
        '⻆' => '角',
        '⻑' => '長',
        '⻘' => '青',
        '⻝' => '食',
        '⻣' => '骨',
        '⻤' => '鬼',
        '⻨' => '麦',
        '⻩' => '黄',
        '⻫' => '斉',
        '⻭' => '歯',
        '⻯' => '竜',
        '⻲' => '亀',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, Include, read};
    use proptest::prelude::*;

    #[test]
    fn a_break_inside_a_word_spelled_anew_stands_before_it() {
        let source = Source::from_text("a.md", "あシ？\nミい？\nう");
        let normal = Normal::of(&source, &read(&source, Format::Markdown, Include::default()));
        let [first, last] = normal.breaks[..] else { panic!("{:?}", normal.breaks) };
        let inside = |at: u32| normal.text()[..at as usize].to_owned();
        assert_eq!((inside(first), inside(last)), ("あシ?".into(), "あシ?ミい?".into()));
        let place = NormalSpan { start: first - 4, end: first + 3 };
        let changed = normal.respelled(&[(place, "しみです".to_owned())]);
        assert_eq!(changed.text().trim_end_matches(SEPARATOR), "あしみですい?う");
        assert_eq!(changed.breaks, [3, "あしみですい?".len() as u32]);
    }

    fn normal(text: &str) -> (Source, Normal) {
        let source = Source::from_text("a.txt", text);
        let document = read(&source, Format::Plain, Include::default());
        let normal = Normal::of(&source, &document);
        (source, normal)
    }

    #[test]
    fn the_same_thing_is_spelled_one_way() {
        for (copy, expected) in [
            ("ｼﾐが消える", "シミが消える"),
            ("ｶﾞﾝﾊﾞﾙ", "ガンバル"),
            ("か\u{3099}消える", "が消える"),
            ("シ\u{200B}ミが消\u{FEFF}える", "シミが消える"),
            ("シ\u{FFFD}ミ", "シミ"),
            ("シ★ミが消★える", "シミが消える"),
            ("薄〜くずーーっと、すご～い！消えたー！", "薄くずっと、すごい!消えた!"),
            ("朝〜の部、10〜20代、スーーッと、コーヒー", "朝〜の部、10〜20代、スーーッと、コーヒー"),
            ("消えた♪お肌", "消えた お肌"),
            ("ＮＯ．１ Anti-Aging", "no.1 anti-aging"),
            ("⼈⼊⽇⽅⾨⾃", "人入日方門自"),
            ("⻑期保証", "長期保証"),
            ("㈱エクソ①", "(株)エクソ1"),
            ("若👩\u{200D}⚕\u{FE0F}返り", "若返り"),
            ("𠮷野", "𠮷野"),
        ] {
            assert_eq!(Normal::fold(copy), expected, "{copy}");
        }
    }

    #[test]
    fn stable_characters_are_their_own_normal_form() {
        for c in (0x3000..=0x9FFF).filter(|&c| is_stable_cjk(c)).filter_map(char::from_u32) {
            let text = c.to_string();
            assert_eq!(text.nfkc().collect::<String>(), text);
            assert_eq!(format!("か{c}").graphemes(true).count(), 2, "{c} joins the letter before");
        }
    }

    #[test]
    fn a_span_comes_home() {
        let (source, normal) = normal("気になるｼﾐﾞが𠮷、消★えます");
        let at = normal.text().find("消え").unwrap();
        let span = normal.to_source(NormalSpan::new(at, at + "消え".len()));
        assert_eq!(source.slice(span), "消★え");
    }

    proptest! {
        /// Every span maps back to whole characters, in order, and shows what it stands for.
        #[test]
        fn every_span_maps_to_whole_characters(text in "[シミがｼﾐﾞﾟか消え若返る𠮷①㈱㍑ＡａA。、\n \u{3099}\u{200B}\u{200D}\u{FE0F}\u{FFFD}★👩⚕⼈각ᄀ가]{0,40}") {
            let (source, normal) = normal(&text);
            let bounds: Vec<usize> = normal.text().char_indices().map(|(at, _)| at).collect();
            let mut last = 0;
            for pair in bounds.windows(2) {
                let (start, end) = (pair[0], pair[1]);
                if normal.text()[start..end].contains(SEPARATOR) { continue }
                let span = normal.to_source(NormalSpan::new(start, end));
                prop_assert!(source.text().is_char_boundary(span.start as usize));
                prop_assert!(source.text().is_char_boundary(span.end as usize));
                prop_assert!(span.start >= last, "spans run forward");
                let home = Normal::fold(source.slice(span));
                let shown = &normal.text()[start..end];
                prop_assert!(shown == " " || home.contains(shown), "{shown:?} is not in {home:?}");
                last = span.start;
            }
            if let (Some(&first), Some(&end)) = (bounds.first(), bounds.last()) {
                let whole = normal.to_source(NormalSpan::new(first, end));
                prop_assert!(source.text().is_char_boundary(whole.start as usize) && source.text().is_char_boundary(whole.end as usize));
            }
        }

        /// Normal text is its own normal form.
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = Normal::fold(&text);
            // Decoration, and marks over letters, can meet new neighbours once what stood between is gone.
            let settled: String = once.nfkc().filter(|&c| c != ' ').collect();
            prop_assert_eq!(Normal::fold(&once).replace(' ', ""), settled);
        }
    }
}
