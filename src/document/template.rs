//! What templates leave in pages: `{{ price }}`, `{% if %}`, `{$item}`, `<?php … ?>`. It is no
//! text of the page and no markup either; what it would print is unknown.

use std::borrow::Cow;

use aho_corasick::AhoCorasick;

use crate::span::Span;

/// A construct of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub span: Span,
    /// It prints something; otherwise it only decides and repeats.
    pub prints: bool,
}

/// A text with its template constructs found.
pub(super) struct Templated<'a> {
    /// The text with the constructs overwritten, byte for byte as long: for parsers of markup.
    pub masked: Cow<'a, str>,
    /// In order, apart from each other.
    pub pieces: Vec<Piece>,
}

/// What constructs are overwritten with: a character that means nothing in any markup.
const FILLER: u8 = 1;

impl<'a> Templated<'a> {
    pub fn new(text: &'a str, syntax: Syntax) -> Self {
        let pieces = find(text, syntax);
        let masked = match pieces.is_empty() {
            true => Cow::Borrowed(text),
            false => {
                let mut bytes = text.as_bytes().to_vec();
                for piece in &pieces {
                    // Line ends stay, so that lines stay lines.
                    let kept = |b: &u8| matches!(b, b'\n' | b'\r');
                    bytes[piece.span.range()].iter_mut().filter(|b| !kept(b)).for_each(|b| *b = FILLER);
                }
                Cow::Owned(String::from_utf8(bytes).expect("whole characters were overwritten"))
            }
        };
        Self { masked, pieces }
    }
}

/// In which markup the text is written: brackets mean different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Html,
    Markdown,
    /// Braces are JavaScript.
    Mdx,
}

/// Openers, their closers, and what is between them: see [`judge`].
const CONSTRUCTS: [(&str, &str); 14] = [
    ("<?", "?>"),
    ("<%", "%>"),
    ("<$", "$>"),
    ("{!!", "!!}"),
    ("{{{", "}}}"),
    ("{{", "}}"),
    ("{%", "%}"),
    ("{#", "#}"),
    ("{*", "*}"),
    ("{$", "}"),
    ("${", "}"),
    ("{/", "}"),
    ("{", "}"),
    ("[", "]"),
];

/// Constructs longer than this are no constructs, but for blocks of PHP.
const LONGEST: usize = 4000;

fn find(text: &str, syntax: Syntax) -> Vec<Piece> {
    let mut pieces = Vec::new();
    if syntax == Syntax::Mdx {
        modules(text, &mut pieces);
    }
    if may_hold(text) {
        let openers = AhoCorasick::builder()
            .match_kind(aho_corasick::MatchKind::LeftmostFirst)
            .build(CONSTRUCTS.map(|(open, _)| open))
            .expect("a few short words");
        // Where each closer comes next; past the end when it comes no more.
        let mut next = [0usize; CONSTRUCTS.len()];
        let mut upto = 0;
        for found in openers.find_iter(text) {
            let at = found.pattern().as_usize();
            if found.start() < upto {
                continue;
            }
            let (open, close) = CONSTRUCTS[at];
            if next[at] < found.end() {
                next[at] = text[found.end()..].find(close).map_or(text.len() + 1, |len| found.end() + len);
            }
            let script = open == "<?";
            let (inside, end) = match next[at] {
                _ if syntax == Syntax::Mdx && open.starts_with('{') => match braces(&text[found.start()..]) {
                    Some(len) => (found.start() + len - 1, found.start() + len),
                    None => continue,
                },
                close_at if close_at <= text.len() => (close_at, close_at + close.len()),
                // A script may reach to the end of its file.
                _ if script && !text[found.end()..].starts_with("xml") => (text.len(), text.len()),
                _ => continue,
            };
            // In MDX {/**/} is shorter than what it began with.
            let inside = &text[found.end().min(inside)..inside];
            // Braces of style sheets and scripts may meet much later, on the other side of a tag.
            let torn = !["<?", "<%", "{!!", "{#", "{*"].contains(&open) && inside.contains("</");
            if !script && (torn || end - found.start() > LONGEST) {
                continue;
            }
            if let Some(prints) = judge(open, inside, syntax) {
                pieces.push(Piece { span: Span::new(found.start(), end), prints });
                upto = end;
            }
        }
    }
    pieces.sort_by_key(|p| p.span.start);
    pieces.dedup_by(|later, earlier| later.span.start < earlier.span.end);
    pieces
}

/// Most pages have none of the characters that constructs begin with.
fn may_hold(text: &str) -> bool {
    ["{", "<?", "<%", "<$", "["].iter().any(|open| text.contains(open))
}

/// Whether it is a construct, and whether it prints.
fn judge(open: &str, inside: &str, syntax: Syntax) -> Option<bool> {
    if syntax == Syntax::Mdx && open.starts_with('{') {
        // An expression or a comment.
        return Some(!open.ends_with('*') && !inside.trim_start().starts_with(['*', '/']));
    }
    let word = inside.trim_start_matches(['-', '~', '<', '%', ' ', '\n']);
    match open {
        "<?" if inside.starts_with("xml") => None,
        "<?" => Some(
            inside.starts_with('=')
                || ["echo", "print"].iter().any(|w| begins_word(inside.trim_start_matches("php").trim_start(), w)),
        ),
        "<%" => Some(inside.starts_with(['=', '-']) && !inside.starts_with("--")),
        "<$" | "{!!" | "{{{" => Some(true),
        "{{" if inside.starts_with(['!', '#', '/', '>', '^', '<', '%']) => Some(false),
        "{{" => Some(
            !["if", "else", "end", "range", "with", "partial", "template", "define", "block"]
                .iter()
                .any(|w| begins_word(word, w)),
        ),
        "{%" | "{#" | "{*" => Some(false),
        "{$" | "${" => inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_').then_some(true),
        // {if $a}, {/foreach}: a name of a function, nothing that copy would put in braces.
        "{" | "{/" => {
            let name = inside.bytes().take_while(|b| b.is_ascii_lowercase() || *b == b'_').count();
            let named = name >= 2 && inside[name..].chars().next().is_none_or(|c| c == ' ' || c == '\n');
            (named && !inside.contains('{')).then_some(false)
        }
        // [gallery ids="1"], [/caption]: in Markdown these brackets are links.
        "[" if syntax == Syntax::Html => {
            let inside = inside.strip_prefix('/').unwrap_or(inside);
            let name =
                inside.bytes().take_while(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-' | b'0'..=b'9')).count();
            let begins = inside.starts_with(|c: char| c.is_ascii_lowercase());
            let attributes = inside[name..].is_empty() || (inside[name..].starts_with(' ') && inside.contains('='));
            (begins && name >= 3 && attributes).then_some(false)
        }
        _ => None,
    }
}

/// The length of a pair of braces with all that is in it.
fn braces(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate().take(LONGEST) {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

fn begins_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_'))
}

/// `import …` and `export …` of MDX: from the start of a line to the next empty line.
fn modules(text: &str, pieces: &mut Vec<Piece>) {
    let mut at = 0;
    let mut from: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let blank = line.trim().is_empty();
        let begins = begins_word(line, "import") || begins_word(line, "export");
        match from {
            Some(start) if blank => {
                pieces.push(Piece { span: Span::new(start, at), prints: false });
                from = None;
            }
            None if begins => from = Some(at),
            _ => {}
        }
        at += line.len();
    }
    if let Some(start) = from {
        pieces.push(Piece { span: Span::new(start, at), prints: false });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, syntax: Syntax) -> String {
        let mut shown = String::new();
        let mut at = 0;
        for piece in Templated::new(text, syntax).pieces {
            shown.push_str(&text[at..piece.span.start as usize]);
            shown.push_str(if piece.prints { "●" } else { "" });
            at = piece.span.end as usize;
        }
        shown + &text[at..]
    }

    #[test]
    fn constructs_are_no_text() {
        for (text, expected) in [
            ("価格は{{ price }}円、{% if sale %}半額{% endif %}", "価格は●円、半額"),
            ("{$smarty.const.NAME}の{if $a}シミ{/if}{* 注 *}", "●のシミ"),
            ("<?php if ($a->b): ?>シミ<?= $x['>'] ?>が<?php echo $y ?>消える<?php endif", "シミ●が●消える"),
            ("<%= name %>と<%# 注 %>と<% if x %>", "●とと"),
            ("<$MTEntryTitle$>の{!! $html !!}と${name}", "●の●と●"),
            ("{{#if a}}可{{else}}不可{{/if}}{{> part}}", "可不可"),
            ("[gallery ids=\"1\"]写真[/gallery][PR][注]", "写真[PR][注]"),
            ("{商品名}は{ お試し }で{{", "{商品名}は{ お試し }で{{"),
            ("<?xml version=\"1.0\"?>本文", "<?xml version=\"1.0\"?>本文"),
        ] {
            assert_eq!(shown(text, Syntax::Html), expected, "{text}");
        }
        assert_eq!(shown("[caption id=\"a\"](b)", Syntax::Markdown), "[caption id=\"a\"](b)");
        assert_eq!(shown("import A from 'a'\n\n本文{/* 注 */}は{props.x}\n", Syntax::Mdx), "\n本文は●\n");
    }

    #[test]
    fn the_mask_is_as_long_as_the_text() {
        let text = "a{{ シミ\nシワ }}b";
        let templated = Templated::new(text, Syntax::Html);
        assert_eq!(templated.masked.len(), text.len());
        assert!(templated.masked.starts_with('a') && templated.masked.ends_with('b'));
        assert_eq!(templated.masked.lines().count(), 2);
    }
}
