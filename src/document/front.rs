//! Front matter: what a file says of itself before it begins, in YAML, TOML or JSON, whichever
//! tool it was written for.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::value::RawValue;
use toml::de::DeValue;

use super::outline::Outline;
use super::structured::{self, Fields};
use super::{BlockKind, Declared, Directive, Origin, Run};
use crate::span::Span;

/// Reads the front matter, if there is one; returns where the text after it begins.
pub(super) fn read(text: &str, outline: &mut Outline) -> usize {
    let mut entries = Vec::new();
    let end = if let Some((inside, end)) = fenced(text, "---", &["---", "..."]) {
        yaml(text, inside, &mut entries);
        end
    } else if let Some((inside, end)) = fenced(text, "+++", &["+++"]) {
        toml(text, inside, &mut entries);
        end
    } else {
        json(text, &mut entries)
    };
    for entry in entries {
        tell(text, entry, outline);
    }
    end
}

/// A value, its key and where it stands.
struct Entry {
    key: String,
    /// Where the key stands, if that is known.
    key_span: Option<Span>,
    value: String,
    runs: Vec<Run>,
    /// The key whose mapping it stands in.
    under: Option<String>,
}

/// The mapping that is meant for us alone.
const OURS: &str = "exo-lint";

impl Entry {
    /// At the top, or in our own mapping.
    fn ours(&self) -> bool {
        self.under.as_deref().is_none_or(|key| key == OURS)
    }
}

fn tell(text: &str, entry: Entry, outline: &mut Outline) {
    let (Some(first), Some(last)) = (entry.runs.first(), entry.runs.last()) else { return };
    let (span, shared_key) = (first.span.union(last.span), entry.under.is_none());
    let declared = Declared { value: entry.value.clone(), span, shared_key };
    let document = &mut outline.document;
    match entry.key.as_str() {
        "category" if entry.ours() => document.category = Some(declared),
        "product" if entry.ours() => document.products.push(declared),
        // Other tools may have keys of these names.
        "efficacy" if entry.under.as_deref() == Some(OURS) => document.efficacy.push(declared),
        "active" if entry.under.as_deref() == Some(OURS) => document.active.push(declared),
        "disable" if entry.under.as_deref() == Some(OURS) => document.directives.push(Directive {
            name: "disable-file".to_owned(),
            body_at: (text[span.range()] == entry.value).then_some(span.start),
            body: entry.value,
            span,
            in_front_matter: true,
        }),
        _ if entry.under.as_deref() == Some(OURS) => {
            let span = entry.key_span.unwrap_or(span);
            document.unknown_keys.push(Declared { value: entry.key, span, shared_key: false });
        }
        key if is_prose(key) => {
            let mut block = outline.block(BlockKind::Title, Origin::FrontMatter);
            block.runs = entry.runs;
            if block.runs.iter().any(|r| !text[r.span.range()].trim().is_empty()) {
                outline.add(block);
            }
        }
        _ => {}
    }
}

/// Keys whose values are shown to readers, in the page, in search results or when it is shared.
fn is_prose(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    let last = key.rsplit(['_', '-', ':', '.']).next().unwrap_or(&key);
    [
        "title",
        "subtitle",
        "description",
        "summary",
        "excerpt",
        "lead",
        "catch",
        "catchcopy",
        "headline",
        "caption",
        "alt",
    ]
    .contains(&last)
        || ["seotitle", "ogtitle", "ogdescription", "metadescription"].contains(&last)
}

/// What stands between two lines of marks at the start: where it is, and where the text goes on.
fn fenced(text: &str, open: &str, close: &[&str]) -> Option<(Span, usize)> {
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().filter(|l| l.trim_end() == open)?;
    let mut at = first.len();
    for line in lines {
        if close.contains(&line.trim_end()) {
            return Some((Span::new(first.len(), at), at + line.len()));
        }
        at += line.len();
    }
    None
}

fn yaml(text: &str, inside: Span, entries: &mut Vec<Entry>) {
    let yaml = &text[inside.range()];
    // The parser counts characters.
    let offsets: Vec<usize> = yaml.char_indices().map(|(at, _)| at).chain([yaml.len()]).collect();
    let offset = |index: usize| inside.start as usize + offsets.get(index).copied().unwrap_or(yaml.len());
    // For each open collection: whether it is a mapping, and the key whose value comes next.
    let mut open: Vec<(bool, Option<String>)> = Vec::new();
    let mut key_span = None;
    let mut whole = false;
    for event in Parser::new_from_str(yaml) {
        let Ok((event, span)) = event else { break };
        let key = open.last().is_some_and(|(mapping, key)| *mapping && key.is_none());
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                // The name of a list is the key of all its items.
                let mapping = matches!(event, Event::MappingStart(..));
                let name = open.last().and_then(|(_, key)| key.clone());
                open.push((mapping, if mapping { None } else { name }));
            }
            Event::MappingEnd | Event::SequenceEnd => {
                open.pop();
                if let Some((true, key)) = open.last_mut() {
                    *key = None;
                }
            }
            Event::Scalar(value, ..) if key => {
                key_span = Some(Span::new(offset(span.start.index()), offset(span.end.index())));
                if let Some((_, key)) = open.last_mut() {
                    *key = Some(value.into_owned());
                }
            }
            Event::Scalar(value, style, ..) => {
                // A list stands where its key does.
                let under = match open.first() {
                    Some((true, under)) if open.iter().filter(|(mapping, _)| *mapping).count() > 1 => under.clone(),
                    _ => None,
                };
                let name = match open.last_mut() {
                    Some((true, key)) => key.take(),
                    Some((false, key)) => key.clone(),
                    None => None,
                };
                let place =
                    Span::new(offset(span.start.index()), offset(span.end.index()).max(offset(span.start.index())));
                if let Some(key) = name {
                    entries.push(Entry {
                        key,
                        key_span,
                        runs: scalar(text, place, &value, style),
                        value: value.into_owned(),
                        under,
                    });
                }
            }
            Event::Alias(_) => {
                if let Some((true, key)) = open.last_mut() {
                    *key = None;
                }
            }
            Event::StreamEnd => whole = true,
            _ => {}
        }
    }
    if !whole {
        // Other tools are less strict than the parser: a colon inside a title.
        entries.clear();
        lines(text, inside, entries);
    }
}

/// The text of a scalar where it stands: each of its lines, without quotation marks.
fn scalar(text: &str, place: Span, value: &str, style: ScalarStyle) -> Vec<Run> {
    let raw = &text[place.range()];
    if let Some(at) = raw.find(value).filter(|_| !value.is_empty()) {
        let start = place.start as usize + at;
        return vec![Run { span: Span::new(start, start + value.len()), shown: None }];
    }
    if matches!(style, ScalarStyle::DoubleQuoted | ScalarStyle::SingleQuoted) {
        return vec![Run { span: place, shown: Some(value.into()) }];
    }
    let mut runs = Vec::new();
    let mut at = place.start as usize;
    for (number, line) in raw.split_inclusive('\n').enumerate() {
        let words = line.trim();
        let start = at + (words.as_ptr().addr() - line.as_ptr().addr());
        at += line.len();
        // The line of the > or | itself.
        if words.is_empty() || (number == 0 && words.starts_with(['>', '|'])) {
            continue;
        }
        if !runs.is_empty() {
            let between = if style == ScalarStyle::Literal { "\n" } else { "" };
            runs.push(Run { span: Span::new(start, start), shown: Some(between.into()) });
        }
        runs.push(Run { span: Span::new(start, start + words.len()), shown: None });
    }
    runs
}

/// `key: value` lines, items of lists under their key, and keys under one that has no value of its own.
fn lines(text: &str, inside: Span, entries: &mut Vec<Entry>) {
    let mut at = inside.start as usize;
    let (mut mapping, mut list) = (None, None);
    for line in text[inside.range()].split_inclusive('\n') {
        let nested = line.starts_with([' ', '\t']);
        let item = line.trim_start().strip_prefix("- ");
        let entry = match item {
            Some(item) => list.clone().map(|key: String| (key, item, None)),
            None => line.split_once(':').map(|(key, value)| {
                let start = at + (key.len() - key.trim_start().len());
                let key = key.trim();
                (key.to_owned(), value, Some(Span::new(start, start + key.len())))
            }),
        };
        if let Some((key, value, key_span)) = entry {
            let value = value.trim().trim_matches(['"', '\'']);
            let start = at + (value.as_ptr().addr() - line.as_ptr().addr());
            at += line.len();
            if value.is_empty() {
                list = Some(key.clone());
                mapping = if nested { mapping } else { Some(key) };
                continue;
            }
            if !nested && item.is_none() {
                (mapping, list) = (None, None);
            }
            let runs = vec![Run { span: Span::new(start, start + value.len()), shown: None }];
            let under = if nested { mapping.clone().or(Some(String::new())) } else { None };
            entries.push(Entry { key, key_span, value: value.to_owned(), runs, under });
        } else {
            at += line.len();
        }
    }
}

fn toml(text: &str, inside: Span, entries: &mut Vec<Entry>) {
    let Ok(table) = toml::de::DeTable::parse(&text[inside.range()]) else { return };
    let mut collect = |key: &str, value: &toml::Spanned<DeValue>, under: Option<&str>| {
        let list = value.get_ref().as_array().map(|items| items.iter().collect());
        for value in list.unwrap_or_else(|| vec![value]) {
            if let DeValue::String(string) = value.get_ref() {
                let place = value.span();
                let place = Span::new(inside.start as usize + place.start, inside.start as usize + place.end);
                let runs = scalar(text, place, string, ScalarStyle::DoubleQuoted);
                let under = under.map(str::to_owned);
                entries.push(Entry { key: key.to_owned(), key_span: None, value: string.to_string(), runs, under });
            }
        }
    };
    for (key, value) in table.get_ref() {
        collect(key.get_ref(), value, None);
        if let DeValue::Table(inner) = value.get_ref() {
            inner.iter().for_each(|(name, value)| collect(name.get_ref(), value, Some(key.get_ref())));
        }
    }
}

/// A JSON object on lines of its own.
fn json(text: &str, entries: &mut Vec<Entry>) -> usize {
    if !text.starts_with("{\n") && !text.starts_with("{\r\n") {
        return 0;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<Fields>();
    let Some(Ok(Fields(fields))) = values.next() else { return 0 };
    let end = values.byte_offset();
    let mut collect = |key: &str, value: &RawValue, under: Option<&str>| {
        let list = serde_json::from_str::<Vec<&RawValue>>(value.get()).unwrap_or_else(|_| vec![value]);
        for raw in list.into_iter().map(RawValue::get) {
            if let Ok(value) = serde_json::from_str::<String>(raw) {
                let start = raw.as_ptr().addr() - text.as_ptr().addr();
                let runs = structured::runs(text, Span::new(start + 1, start + raw.len() - 1), &[]);
                let under = under.map(str::to_owned);
                entries.push(Entry { key: key.to_owned(), key_span: None, value, runs, under });
            }
        }
    };
    for (key, value) in fields {
        collect(&key, value, None);
        if let Ok(Fields(inner)) = serde_json::from_str(value.get()) {
            inner.iter().for_each(|(name, value)| collect(name, value, Some(&key)));
        }
    }
    end
}
