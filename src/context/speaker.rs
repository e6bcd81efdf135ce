//! Who says it: a user, a professional, somebody famous, or the maker. What is nearest decides: words
//! around a quotation, a signature, the first cell of a row, a heading.

use unicode_normalization::UnicodeNormalization;

use super::{Place, quote_around};
use crate::document::{BlockIx, BlockKind, OPAQUE, Origin};
use crate::expression::Expression;
use crate::product::Category;
use crate::scene::Scene;
use crate::span::NormalSpan;

/// Somebody whose words advertising repeats; compiled from `rulesets/speakers.toml`.
#[derive(Debug)]
pub struct Speaker {
    pub id: String,
    pub title: String,
    /// What a reader of a finding should know of such words.
    pub remark: String,
    /// The advertiser itself: nothing to tell.
    pub own: bool,
    /// Categories in which they are the advertiser.
    pub own_in: Vec<Category>,
    /// How they sign, or are named.
    pub person: Expression,
    /// How the sections with their words are called.
    pub heading: Expression,
    /// What stands around a quotation of theirs.
    pub quoted: Expression,
    /// Where this is, it is not them: （50代・女性向け）.
    pub except: Expression,
}

/// Signatures are short, in characters.
const SIGNATURE: usize = 48;

/// Blocks longer than this, in bytes, are not looked through for who speaks.
const LONGEST: usize = 3000;

/// How far before a quotation its speaker is named, in bytes.
const LEAD_IN: u32 = 240;

/// Headings over a place that are asked.
const MOST_OVER: usize = 4;

impl Speaker {
    fn is(&self, what: &Expression, text: &str) -> bool {
        what.is_in(text) && !self.except.is_in(text)
    }

    fn signs(&self, text: &str) -> bool {
        self.is(&self.person, text)
    }

    fn heads(&self, text: &str) -> bool {
        self.is(&self.heading, text)
    }

    fn is_quoted(&self, text: &str) -> bool {
        self.is(&self.quoted, text) || self.signs(text)
    }
}

/// Who says what stands at a place; `None` for the advertiser.
pub fn of<'a>(speakers: &'a [Speaker], scene: &Scene, place: Place) -> Option<&'a Speaker> {
    let said = around_quote(speakers, scene, place)
        .or_else(|| signed(speakers, scene, place))
        .or_else(|| beside(speakers, scene, place.sentence.block))
        .or_else(|| over(speakers, scene, place.sentence.block));
    let category = scene.category_of(place.sentence.block);
    said.filter(|speaker| !speaker.own && !speaker.own_in.contains(&category))
}

fn first(speakers: &[Speaker], is: impl Fn(&Speaker) -> bool) -> Option<&Speaker> {
    speakers.iter().find(|s| is(s))
}

/// 「…」とのお声, 女優の○○さんも「…」.
fn around_quote<'a>(speakers: &'a [Speaker], scene: &Scene, place: Place) -> Option<&'a Speaker> {
    let quote = quote_around(scene, place)?;
    let sentence = place.sentence.span;
    let text = scene.normal.text();
    // Who speaks may stand in the sentence before: 登壇しました。「…」と語った.
    let whole = scene.normal.block(place.sentence.block);
    let near = around(scene, whole, quote.start, quote.end, LEAD_IN);
    let before = &text[near.start.min(quote.start) as usize..quote.start as usize];
    let after = &text[quote.end as usize..near.end.min(sentence.end).max(quote.end) as usize];
    first(speakers, |s| s.is_quoted(after) || s.is_quoted(before))
}

/// The claim's own block says who wrote it: in brackets, in its first or last line, in a few words.
fn signed<'a>(speakers: &'a [Speaker], scene: &Scene, place: Place) -> Option<&'a Speaker> {
    let block = place.sentence.block;
    if matches!(scene.document.blocks[block].kind, BlockKind::Heading(_) | BlockKind::Title) {
        return None;
    }
    let claim = scene.normal.slice(place.span);
    let text = near(scene, place);
    // A. はい, …: the answer is the maker's, whoever asked.
    let line = text.lines().find(|l| l.contains(claim)).unwrap_or_default().trim_start();
    let answer = line.char_indices().nth(3).map_or(line, |(at, _)| &line[..at]);
    if let Some(own) = first(speakers, |s| s.own && s.signs(answer)) {
        return Some(own);
    }
    let margins: Vec<&str> = margins(&text).filter(|m| !m.contains(claim)).collect();
    first(speakers, |s| margins.iter().any(|m| s.signs(m))).or_else(|| {
        // What only one who used it says: 私は三年間悩んでいました.
        first(speakers, |s| s.is(&s.quoted, &text) && s.heads(&text))
    })
}

/// What stands in brackets, and short first and last lines.
fn margins(text: &str) -> impl Iterator<Item = &str> {
    let brackets = text.split(['(', '【', '[']).skip(1).filter_map(|rest| rest.split([')', '】', ']']).next());
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let ends = [lines.first().copied(), lines.last().copied()];
    let last = text.rsplit(['」', '—', '–']).next();
    // 店長より: …
    let label = text.split_once(':').map(|(label, _)| label);
    brackets.chain(label).chain(ends.into_iter().flatten()).chain(last).filter(|m| is_signature(m))
}

/// A name is short and says nothing: 皮膚科医も監修しています is no signature.
fn is_signature(text: &str) -> bool {
    let said = text.trim_end().trim_end_matches(['」', ')', '!', '♪', ' ']);
    let says = ["。", "です", "ます", "した", "ません", "ください", "ましょう", "せます", "ている", "だ"];
    text.chars().count() <= SIGNATURE && !text.contains('。') && !says.iter().any(|ending| said.ends_with(ending))
}

/// The row, the term, or a short block next to it names who says it.
fn beside<'a>(speakers: &'a [Speaker], scene: &Scene, block: BlockIx) -> Option<&'a Speaker> {
    let blocks = &scene.document.blocks;
    if matches!(blocks[block].kind, BlockKind::Heading(_) | BlockKind::Title) {
        return None;
    }
    let of = |b: BlockIx| {
        let text = shown(scene, b);
        first(speakers, |s| s.signs(&text) || s.heads(&text))
    };
    let cells = blocks[block].row.into_iter().chain(scene.document.leads(block)).filter(|&b| b != block);
    if let Some(speaker) = cells.into_iter().find_map(of) {
        return Some(speaker);
    }
    // Images that stand side by side speak for themselves.
    if blocks[block].origin != Origin::Body {
        return None;
    }
    let heading = blocks[block].heading;
    let neighbour = |b: BlockIx| {
        let content = blocks.get(b)?;
        if scene.normal.block(b).len() > 4 * SIGNATURE {
            return None;
        }
        let text = shown(scene, b);
        let apart = content.heading != heading || matches!(content.kind, BlockKind::Heading(_));
        if apart || !is_signature(&text) {
            return None;
        }
        first(speakers, |s| s.signs(&text))
    };
    // こう話します。 over a quotation of its own.
    let opens = scene.normal.slice(scene.normal.block(block)).trim_start().starts_with(['「', '『']);
    let lead_in = block.checked_sub(1).filter(|&b| opens && blocks[b].heading == heading).and_then(|b| {
        let whole = scene.normal.block(b);
        let last = scene.normal.slice(around(scene, whole, whole.end, whole.end, LEAD_IN));
        first(speakers, |s| s.is_quoted(last))
    });
    lead_in
        .or_else(|| neighbour(block + 1))
        .or_else(|| block.checked_sub(1).and_then(neighbour))
        .or_else(|| neighbour(block + 2))
}

/// The headings over it, nearest first. A person named in a heading speaks right under it only.
fn over<'a>(speakers: &'a [Speaker], scene: &Scene, block: BlockIx) -> Option<&'a Speaker> {
    scene.document.headings(block).take(MOST_OVER).enumerate().find_map(|(distance, heading)| {
        let text = shown(scene, heading);
        first(speakers, |s| s.heads(&text) || (distance == 0 && s.signs(&text)))
    })
}

/// A block's text around a claim: all of it, or of a long one what is near.
fn near(scene: &Scene, place: Place) -> String {
    let whole = scene.normal.block(place.sentence.block);
    if whole.len() <= LONGEST {
        return shown(scene, place.sentence.block);
    }
    scene.normal.slice(around(scene, whole, place.span.start, place.span.end, LEAD_IN)).to_owned()
}

/// A stretch of a block with `reach` bytes on either side, cut between characters.
fn around(scene: &Scene, whole: NormalSpan, start: u32, end: u32, reach: u32) -> NormalSpan {
    let text = scene.normal.text();
    let boundary = |at: u32| (at..).find(|&at| text.is_char_boundary(at as usize)).unwrap_or(whole.end);
    let start = boundary(start.saturating_sub(reach).max(whole.start));
    NormalSpan { start, end: boundary(end.saturating_add(reach).min(whole.end)).max(start) }
}

/// The text of a block as it is seen, stars and all, in the lines of its source; of a long one nothing.
fn shown(scene: &Scene, block: BlockIx) -> String {
    if scene.normal.block(block).len() > LONGEST {
        return String::new();
    }
    let mut text = String::new();
    for run in &scene.document.blocks[block].runs {
        match run.shown.as_deref() {
            Some(OPAQUE) => {}
            // Where a line of the source ends.
            Some(shown) if shown.trim().is_empty() => text.push('\n'),
            Some(shown) => text.push_str(shown),
            None => text.push_str(scene.source.slice(run.span)),
        }
    }
    text.nfkc().flat_map(char::to_lowercase).collect::<String>().trim().to_owned()
}
