//! JSON-LD: what a page tells search engines, who show it to people.

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Run;
use super::prose::{self, Prose};
use super::template::Piece;
use crate::span::Span;

/// Deeper values are not looked for.
const DEEPEST: usize = 32;

/// Keys whose values are names of things in the program's world, or addresses.
fn is_prose(key: &str) -> bool {
    !key.starts_with('@')
        && ![
            "url",
            "image",
            "logo",
            "sameAs",
            "identifier",
            "sku",
            "address",
            "streetAddress",
            "addressLocality",
            "addressRegion",
        ]
        .contains(&key)
}

/// The texts of a piece of JSON, each as runs; nothing of what is no JSON.
pub(super) fn texts(text: &str, span: Span, pieces: &[Piece]) -> Vec<Vec<Run>> {
    let json = &text[span.range()];
    let mut found = Vec::new();
    // Some systems wrap it in a comment or end it with a semicolon.
    let inside = json.trim().trim_start_matches("//<![CDATA[").trim_start_matches("<!--").trim_start();
    let mut values = serde_json::Deserializer::from_str(inside).into_iter::<&RawValue>();
    while let Some(Ok(value)) = values.next() {
        collect(value, 0, &mut |raw: &str| {
            let start = raw.as_ptr().addr() - text.as_ptr().addr();
            found.push(runs(text, Span::new(start + 1, start + raw.len() - 1), pieces));
        });
    }
    found.retain(|runs| !runs.is_empty());
    found
}

fn collect(value: &RawValue, depth: usize, found: &mut dyn FnMut(&str)) {
    let raw = value.get();
    match raw.as_bytes().first() {
        Some(b'"') if raw.contains(|c: char| !c.is_ascii()) || raw.contains("\\u") => found(raw),
        Some(b'[') if depth < DEEPEST => {
            let values: Vec<&RawValue> = serde_json::from_str(raw).unwrap_or_default();
            values.into_iter().for_each(|v| collect(v, depth + 1, found));
        }
        Some(b'{') if depth < DEEPEST => {
            let Ok(Fields(fields)) = serde_json::from_str(raw) else { return };
            fields.into_iter().filter(|(key, _)| is_prose(key)).for_each(|(_, v)| collect(v, depth + 1, found));
        }
        _ => {}
    }
}

/// The fields of an object in their order, values as they stand in the source.
pub(super) struct Fields<'a>(pub Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

/// The inside of a JSON string as runs: escapes are what they stand for, tags in it are line ends.
pub(super) fn runs(text: &str, span: Span, pieces: &[Piece]) -> Vec<Run> {
    let mut runs = Vec::new();
    let prose = Prose { html: true, pieces, ..Prose::default() };
    let (mut from, end) = (span.start as usize, span.end as usize);
    while from < end {
        let len = text[from..end].find(['\\', '<']).unwrap_or(end - from);
        if len > 0 {
            runs.extend(prose::runs(text, Span::new(from, from + len), prose));
        }
        let at = from + len;
        if at == end {
            break;
        }
        let piece = pieces.get(pieces.partition_point(|p| p.span.end as usize <= at));
        if let Some(piece) = piece.filter(|p| p.span.start as usize <= at) {
            from = (piece.span.end as usize).min(end);
            runs.extend(prose::runs(text, Span::new(at, from), prose));
            continue;
        }
        let (len, shown) = match text.as_bytes()[at] {
            b'<' => tag(&text[at..end]),
            _ => escape(&text[at..end]),
        };
        runs.push(Run { span: Span::new(at, at + len), shown: Some(shown.into()) });
        from = at + len;
    }
    let seen = |r: &Run| !r.shown.as_deref().unwrap_or(&text[r.span.range()]).trim().is_empty();
    if runs.iter().any(seen) { runs } else { Vec::new() }
}

/// A tag, and what it does to the text around; a lone < is itself.
fn tag(text: &str) -> (usize, String) {
    let begins = text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '\\');
    match text.find('>').filter(|_| begins) {
        Some(end) => {
            let name = text[1..].trim_start_matches(['/', '\\']).split(|c: char| !c.is_ascii_alphanumeric()).next();
            let inline = super::element::Element::of(&name.unwrap_or("").to_ascii_lowercase()).is_inline();
            (end + 1, if inline { "" } else { "\n" }.to_owned())
        }
        None => (1, "<".to_owned()),
    }
}

/// An escape sequence, a pair of surrogates taken as one.
fn escape(text: &str) -> (usize, String) {
    let bytes = text.as_bytes();
    let unicode = |at: usize| bytes.get(at..at + 2) == Some(b"\\u") && text.get(at..at + 6).is_some();
    let lengths: &[usize] = match unicode(0) {
        true if unicode(6) => &[6, 12],
        true => &[6],
        false => &[2],
    };
    for &len in lengths {
        if let Some(raw) = text.get(..len)
            && let Ok(shown) = serde_json::from_str::<String>(&format!("\"{raw}\""))
        {
            return (len, shown);
        }
    }
    (1, String::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        texts(text, Span::new(0, text.len()), &[])
            .iter()
            .map(|runs| runs.iter().map(|r| r.shown.as_deref().unwrap_or(&text[r.span.range()])).collect())
            .collect()
    }

    #[test]
    fn texts_are_found_wherever_they_stand() {
        let json = r#"
            {"@context": "https://schema.org", "@type": "シミ", "name": "美容液",
             "mainEntity": [{"acceptedAnswer": {"text": "\u30b7\u30df\u304c<b>消える<\/b>、<br>\ud83d\ude00&amp;\n若返る"}}],
             "image": "画像.jpg", "offers": {"price": 100}}"#;
        assert_eq!(shown(json), ["美容液", "シミが消える、\n😀&\n若返る"]);
        assert!(shown("{\"name\": \"壊れた").is_empty());
        assert_eq!(shown("{\"a\": \"一\"} {\"a\": \"二\"}"), ["一", "二"]);
    }
}
