//! Marks in the text: ※1, *, †, 注2. One at a word refers; one that opens a line or a bracket defines.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::document::footnote;
use crate::script::is_kanji;
use crate::span::NormalSpan;

/// A mark and what it is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its spelling without brackets: ※1, *, 注2, ※^label. Of ※1,2 each has its own.
    pub name: String,
    /// With its brackets.
    pub span: NormalSpan,
    pub role: Role,
}

/// What a mark is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It stands at a word.
    Refers,
    /// It begins a note, whose text is this.
    Defines { text: NormalSpan },
    /// It begins a note in brackets behind the very word it is for: 浸透(※角質層まで).
    Explains { text: NormalSpan },
}

impl Mark {
    /// Whether it has a number or a label: others begin any remark (※写真はイメージです).
    pub fn is_numbered(&self) -> bool {
        !matches!(self.name.as_str(), "※" | "*" | "注")
    }
}

/// What a mark can begin with.
const SIGNS: [char; 6] = ['※', '*', '†', '‡', '注', '['];

/// Whether a text may have marks at all.
pub fn may_be_in(text: &str) -> bool {
    static ANY: LazyLock<AhoCorasick> =
        LazyLock::new(|| AhoCorasick::new(["※", "*", "†", "‡", "注", "[^"]).expect("a few short strings"));
    ANY.is_match(text)
}

/// The marks of a stretch of text that stands by itself, in order. `base` is where it begins; `breaks`
/// are the line ends inside it that the text itself does not show.
pub fn marks(text: &str, base: u32, breaks: &[u32]) -> Vec<Mark> {
    let groups = groups(text, &|at| breaks.contains(&(base + at as u32)));
    let mut marks = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let role = role(text, base, breaks, group, groups.get(at + 1));
        for (name, start, end) in &group.names {
            let span = NormalSpan::new(base as usize + start, base as usize + end);
            marks.push(Mark { name: name.clone(), span, role });
        }
    }
    marks
}

/// Marks with nothing but a comma between them: ※1※2, *1,*2, ※1・2.
#[derive(Debug)]
struct Group {
    /// Name, start and end of each.
    names: Vec<(String, usize, usize)>,
    start: usize,
    end: usize,
    /// An opening bracket stands right before it, and none that closes right after.
    bracketed: bool,
}

fn groups(text: &str, breaks: &dyn Fn(usize) -> bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut from = 0;
    while let Some(found) = text[from..].find(SIGNS) {
        let at = from + found;
        match group(text, at, breaks) {
            Some(group) => {
                from = group.end;
                groups.push(group);
            }
            None => from = at + text[at..].chars().next().map_or(1, char::len_utf8),
        }
    }
    groups
}

fn group(text: &str, at: usize, breaks: &dyn Fn(usize) -> bool) -> Option<Group> {
    let mut names = Vec::new();
    let mut end = at;
    while let Some((name, upto)) = single(text, end) {
        names.push((name, end, upto));
        end = upto;
        let sign: String = names[0].0.chars().take(1).collect();
        // ※1,2 and ※1〜3 name several.
        while let Some((numbers, upto)) = more(text, end, &names.last()?.0) {
            names.extend(numbers.into_iter().map(|n| (format!("{sign}{n}"), end, upto)));
            end = upto;
        }
        let gap = text[end..].chars().next().filter(|c| matches!(c, ',' | '、' | '・' | '/')).map_or(0, char::len_utf8);
        // What begins the next line begins a note.
        if single(text, end + gap).is_none() || breaks(end + gap) || breaks(end) {
            break;
        }
        end += gap;
    }
    names.first()?;
    let opens = text[..at].ends_with(['(', '[', '〔']);
    let closes = text[end..].starts_with([')', ']', '〕']);
    let (start, end, bracketed) = match (opens, closes) {
        (true, true) => (at - opening(text, at), end + 1, false),
        // 注1) and *1) have half of their brackets.
        (false, true) if text[end..].starts_with(')') && !is_open(&text[..at]) => (at, end + 1, false),
        (opens, _) => (at, end, opens),
    };
    if let [(_, first, _), .., (_, _, last)] = names.as_mut_slice() {
        (*first, *last) = (start, end);
    } else if let [(_, first, last)] = names.as_mut_slice() {
        (*first, *last) = (start, end);
    }
    Some(Group { names, start, end, bracketed })
}

fn opening(text: &str, at: usize) -> usize {
    text[..at].chars().next_back().map_or(0, char::len_utf8)
}

/// Whether a bracket is still open at the end of a text.
fn is_open(text: &str) -> bool {
    text.rfind('(').is_some_and(|open| !text[open..].contains(')'))
}

/// One mark: its name and where it ends.
fn single(text: &str, at: usize) -> Option<(String, usize)> {
    let sign = text.get(at..)?.chars().next().filter(|c| SIGNS.contains(c))?;
    let after = at + sign.len_utf8();
    let rest = &text[after..];
    // A footnote that is nowhere written is no footnote to Markdown.
    if sign == '[' {
        let (label, _) = rest.strip_prefix('^')?.split_once(']')?;
        let fits = !label.is_empty() && label.len() <= LONGEST_LABEL && !label.contains(char::is_whitespace);
        return fits.then(|| (footnote(label), after + 1 + label.len() + 1));
    }
    let label = rest.strip_prefix('^').map_or(0, |label| {
        let word = label.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')).count();
        if word > 0 { word + 1 } else { 0 }
    });
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    // ※2024年 begins with a year.
    let digits = if digits > 2 || counts(&rest[digits..]) { 0 } else { digits };
    let end = after + label.max(digits);
    let before = text[..at].chars().next_back();
    let is_mark = match sign {
        '※' | '†' | '‡' => true,
        // Neither 2*3 nor ** nor a word of Latin letters with a hole.
        '*' => {
            let counted = rest.starts_with(|c: char| c.is_ascii_digit())
                && (before.is_some_and(|c| c.is_ascii_digit())
                    || digits == 0 && before.is_some_and(|c| c.is_ascii_alphanumeric()));
            let runs = before == Some('*') || rest.starts_with('*');
            let masks =
                before.is_some_and(|c| c.is_ascii_alphabetic()) && rest.starts_with(|c: char| c.is_ascii_alphabetic());
            !counted && !runs && !masks
        }
        // 注目 and 受注 have it, too.
        _ => {
            let framed = text[end..].starts_with([')', ':', '〕', ']']) || text[..at].ends_with(['(', '〔']);
            (digits > 0 && !before.is_some_and(is_kanji))
                || (digits == 0 && framed && text[end..].starts_with([')', ':', '〕']))
        }
    };
    is_mark.then(|| (text[at..end].to_owned(), end))
}

/// Whether a number before this text counts something: 2|週間, 3|本.
fn counts(text: &str) -> bool {
    text.starts_with(|c: char| "週日年回本つ個種人歳時秒ヶか月%倍度点枚箱袋名件円層段滴粒錠包×=".contains(c))
        || ["クール", "セット", "カ月", "コース", "プッシュ", "ステップ"].iter().any(|unit| text.starts_with(unit))
}

/// Labels of footnotes are not longer than this, in bytes.
const LONGEST_LABEL: usize = 60;

/// Most numbers that one range names.
const MOST: usize = 12;

/// The further numbers of ※1,2 or ※1〜3, and where they end.
fn more(text: &str, at: usize, last: &str) -> Option<(Vec<usize>, usize)> {
    let known: usize = last.trim_start_matches(|c: char| !c.is_ascii_digit()).parse().ok()?;
    let rest = &text[at..];
    let joint = rest.chars().next().filter(|c| matches!(c, ',' | '、' | '・' | '/' | '~' | '〜' | '-'))?;
    let digits = rest[joint.len_utf8()..].bytes().take_while(u8::is_ascii_digit).count();
    let end = joint.len_utf8() + digits;
    let number: usize = rest[joint.len_utf8()..end].parse().ok()?;
    // ※1、2週間 counts weeks.
    let range = matches!(joint, '~' | '〜' | '-');
    if counts(&rest[end..]) || number <= known || number - known > MOST || (!range && number > 99) {
        return None;
    }
    Some((if range { (known + 1..=number).collect() } else { vec![number] }, at + end))
}

fn role(text: &str, base: u32, breaks: &[u32], group: &Group, next: Option<&Group>) -> Role {
    let whole = |start: usize, end: usize| {
        let inner = &text[start..end];
        let start = start + (inner.len() - inner.trim_start_matches(is_lead).len());
        NormalSpan::new(base as usize + start.min(end), base as usize + end)
    };
    let before = text[..group.start].trim_end_matches(['(', '[']);
    let last = text[..group.start].chars().next_back();
    let at_break = group.start > 0 && breaks.contains(&(base + group.start as u32));
    let opens_line = group.start == 0 || before.is_empty() || at_break || matches!(last, Some('\n'));
    if group.bracketed && !opens_line {
        let end = closing(text, group.end);
        // (※1 … ※2 …) holds two.
        let end = next.map_or(end, |n| n.start.min(end));
        return match text[group.end..end].trim_matches(is_lead).is_empty() {
            true => Role::Refers,
            false => Role::Explains { text: whole(group.end, end) },
        };
    }
    let after_pause = matches!(last, Some(' ' | '。' | '!' | '?' | '|' | '、' | ')' | '】' | '」'));
    if !opens_line && !after_pause {
        return Role::Refers;
    }
    let rest = text[group.end..].trim_start_matches(is_lead);
    // What goes on with a particle or a pause belongs to the word before.
    let spaced = text[group.end..].starts_with([':', '.']);
    let goes_on = rest.is_empty()
        || rest.starts_with(['、', '。', '!', '?', ')', ',', '」', '\n'])
        || (!opens_line
            && !spaced
            && ["を", "が", "は", "に", "で", "と", "の", "も", "へ", "や"].iter().any(|p| rest.starts_with(p)));
    if goes_on {
        return Role::Refers;
    }
    let line = if opens_line { text[group.end..].find('\n').map(|n| group.end + n) } else { None };
    let end = next.filter(|n| defines_next(text, base, breaks, n)).map_or(text.len(), |n| n.start);
    Role::Defines { text: whole(group.end, end.min(line.unwrap_or(end))) }
}

/// Whether a later group can begin the next note.
fn defines_next(text: &str, base: u32, breaks: &[u32], group: &Group) -> bool {
    let last = text[..group.start].chars().next_back();
    matches!(last, Some('\n' | ' ' | '。' | ')' | '/' | '|' | '、')) || breaks.contains(&(base + group.start as u32))
}

fn is_lead(c: char) -> bool {
    matches!(c, ' ' | ':' | '.' | '\n' | '\t' | '・' | '…')
}

/// Where the bracket that is open at `at` closes, or the text ends.
fn closing(text: &str, at: usize) -> usize {
    let mut depth = 0;
    for (offset, c) in text[at..].char_indices() {
        match c {
            '(' | '〔' => depth += 1,
            ')' | '〕' if depth == 0 => return at + offset,
            ')' | '〕' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normal::Normal;

    /// Each mark with what it is there for: `r` refers, `d` defines, `e` explains.
    fn read(text: &str) -> Vec<String> {
        let text = Normal::fold(text);
        let said = |m: Mark| match m.role {
            Role::Refers => format!("r {}", m.name),
            Role::Defines { text: t } => format!("d {} {}", m.name, text[t.range()].trim()),
            Role::Explains { text: t } => format!("e {} {}", m.name, text[t.range()].trim()),
        };
        marks(&text, 0, &[]).into_iter().map(said).collect()
    }

    #[test]
    fn a_mark_refers_or_defines() {
        for (text, expected) in [
            ("角質層へ浸透※1し、ハリ※2を", vec!["r ※1", "r ※2"]),
            ("※1 角質層まで ※2 年齢に応じたお手入れ", vec!["d ※1 角質層まで", "d ※2 年齢に応じたお手入れ"]),
            ("浸透※1,2する", vec!["r ※1", "r ※2"]),
            ("※1・※2：角質層まで", vec!["d ※1 角質層まで", "d ※2 角質層まで"]),
            ("※1〜3 当社調べ", vec!["d ※1 当社調べ", "d ※2 当社調べ", "d ※3 当社調べ"]),
            ("浸透※1、2週間で", vec!["r ※1"]),
            ("浸透（※角質層まで）する", vec!["e ※ 角質層まで"]),
            ("浸透（※1）する", vec!["r ※1"]),
            ("浸透（注１）する", vec!["r 注1"]),
            ("注1）角質層まで", vec!["d 注1 角質層まで"]),
            ("（注）角質層まで", vec!["d 注 角質層まで"]),
            ("注目の成分を受注2日で発送", vec![]),
            ("浸透＊する。＊角質層まで", vec!["r *", "d * 角質層まで"]),
            ("2*3=6、C*Bコラボ、**強調", vec![]),
            ("浸透*1)する", vec!["r *1"]),
            ("浸透した。※1", vec!["r ※1"]),
            ("美白※^karuする", vec!["r ※^karu"]),
            ("浸透¹する", vec!["r ※1"]),
            ("エイジングケア ※1 の美容液", vec!["r ※1"]),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
