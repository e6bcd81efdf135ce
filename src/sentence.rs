//! Where a sentence ends: at 。 outside quotation marks. ！ and ？ only divide it, because copy
//! puts them in the middle of a thought (消える！シミが).

use crate::document::{self, BlockIx};
use crate::normal::Normal;
use crate::span::NormalSpan;

/// A sentence within one block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sentence {
    pub block: BlockIx,
    pub span: NormalSpan,
}

/// A sentence longer than this (in bytes) is cut at its last pause: analysis takes many times
/// the memory of its text.
pub const LONGEST: usize = 3 * 1024;

/// The sentences of a block, in order; together they hold all of its text.
pub fn split(normal: &Normal, block: BlockIx) -> Vec<Sentence> {
    let span = normal.block(block);
    let text = normal.slice(span);
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut push = |start: &mut usize, end: usize| {
        let (from, to) = (span.start as usize + *start, span.start as usize + end);
        if !text[*start..end].trim().is_empty() {
            sentences.push(Sentence { block, span: NormalSpan::new(from, to) });
        }
        *start = end;
    };
    let mut depth = 0usize;
    // The last place inside the sentence where a cut does least harm.
    let mut pause = 0;
    let breaks = normal.breaks(span);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let end = at + c.len_utf8();
        // The next item of a list written as lines.
        if document::is_bullet(c) && depth == 0 && breaks.binary_search(&(span.start + at as u32)).is_ok() {
            push(&mut start, at);
        }
        match c {
            '「' | '『' | '“' => depth += 1,
            '」' | '』' | '”' => depth = depth.saturating_sub(1),
            '、' | '!' | '?' | ' ' | '\n' | ',' => pause = end,
            '。' | '｡' if depth == 0 || !closes(text, end) => {
                depth = 0;
                let mut end = end;
                while let Some(&(at, c)) = chars.peek()
                    && matches!(c, '。' | '」' | '』' | ')' | '”')
                {
                    end = at + c.len_utf8();
                    chars.next();
                }
                push(&mut start, end);
            }
            _ => {}
        }
        if end.saturating_sub(start) >= LONGEST {
            let cut = if pause > start { pause } else { end };
            push(&mut start, cut);
            depth = 0;
        }
    }
    push(&mut start, text.len());
    sentences
}

/// Whether an open quotation mark is closed soon after.
fn closes(text: &str, from: usize) -> bool {
    text[from..].chars().take(200).any(|c| matches!(c, '」' | '』' | '”'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, Include, read};
    use crate::source::Source;

    fn sentences(text: &str) -> Vec<String> {
        let source = Source::from_text("a.md", text);
        let document = read(&source, Format::Markdown, Include::default());
        let normal = Normal::of(&source, &document);
        (0..document.blocks.len())
            .flat_map(|block| split(&normal, block))
            .map(|s| normal.slice(s.span).to_owned())
            .collect()
    }

    #[test]
    fn sentences_end_at_full_stops_outside_quotes() {
        for (text, expected) in [
            ("シミが消える。肌が若返る！本当に？", vec!["シミが消える。", "肌が若返る!本当に?"]),
            ("「シミが消える。若返る。」とは言えない。次。", vec!["「シミが消える。若返る。」とは言えない。", "次。"]),
            ("「閉じない。次の文。", vec!["「閉じない。", "次の文。"]),
            ("シミが\n**消え**る。", vec!["シミが消える。"]),
            ("- シミ\n- 消える文字", vec!["シミ", "消える文字"]),
            ("◎小ジワに\n◎シミの予防に", vec!["◎小ジワに", "◎シミの予防に"]),
            ("| a | b |\n|---|---|\n| シミ | 消える |", vec!["a", "b", "シミ", "消える"]),
            ("# シミ\n消える", vec!["シミ", "消える"]),
            ("[消える](https://example.com \"シミ\")", vec!["消える", "シミ"]),
            ("![シミが消える](a.png)", vec!["シミが消える"]),
            ("`code`が消える", vec!["\u{FFFC}が消える"]),
            ("https://example.com/シミ?a=b 消える", vec!["\u{FFFC}シミ?a=b 消える"]),
            ("詳しくはhttps://example.com/a-b)へ", vec!["詳しくは\u{FFFC})へ"]),
        ] {
            assert_eq!(sentences(text), expected, "{text}");
        }
    }

    #[test]
    fn no_sentence_is_too_long() {
        let text = "シミが、".repeat(4000);
        let found = sentences(&text);
        assert!(found.iter().all(|s| s.len() <= LONGEST + 3));
        assert_eq!(found.concat(), text);
    }
}
