//! Words written so that they are read but not found: シ・ミ, シ〇, 若 返 る, リフトアツプ. Where one of the words
//! that rule files watch for shows through, the normal text gets its plain spelling; everything else
//! stays as it is written.

use std::collections::HashMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::normal::Normal;
use crate::script::{is_hiragana, is_kanji, is_katakana};
use crate::span::NormalSpan;

/// What is watched for.
#[derive(Debug)]
pub struct Disguises {
    words: Vec<Vec<char>>,
    /// Where two characters follow each other in a word: the word, and the place of the first.
    pairs: HashMap<(char, char), Vec<(usize, usize)>>,
    /// The same with one character between them.
    apart: HashMap<(char, char), Vec<(usize, usize)>>,
    /// Misspellings, and what each stands for.
    typos: Vec<String>,
    meant: Vec<Box<str>>,
    /// Over the misspellings; built when the first text is read.
    automaton: OnceLock<AhoCorasick>,
}

/// Longer katakana words are known by their misspellings, too.
const LONG: usize = 6;

impl Disguises {
    /// `words`: each with the misspellings it is known by.
    pub fn new<'a>(words: impl Iterator<Item = (&'a str, &'a [String])>) -> Self {
        let mut this = Self {
            words: Vec::new(),
            pairs: HashMap::new(),
            apart: HashMap::new(),
            typos: Vec::new(),
            meant: Vec::new(),
            automaton: OnceLock::new(),
        };
        for (word, known) in words {
            let word = Normal::fold(word);
            let chars: Vec<char> = word.chars().collect();
            for typo in known.iter().map(|t| Normal::fold(t)).chain(misspelled(&chars)) {
                this.typos.push(typo);
                this.meant.push(word.as_str().into());
            }
            this.add(chars);
        }
        this
    }

    fn add(&mut self, word: Vec<char>) {
        let ix = self.words.len();
        for (at, pair) in word.windows(2).enumerate() {
            self.pairs.entry((pair[0], pair[1])).or_default().push((ix, at));
        }
        for (at, three) in word.windows(3).enumerate() {
            self.apart.entry((three[0], three[2])).or_default().push((ix, at));
        }
        self.words.push(word);
    }

    /// The text with its disguised words in plain spelling.
    pub fn undo(&self, normal: Normal) -> Normal {
        let found = self.find(normal.text());
        if found.is_empty() { normal } else { normal.respelled(&found) }
    }

    /// The disguised words and what they are, in order; none overlaps another.
    fn find(&self, text: &str) -> Vec<(NormalSpan, String)> {
        let mut found: Vec<(NormalSpan, String)> = Vec::new();
        let build = || AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&self.typos);
        let automaton = self.automaton.get_or_init(|| build().expect("a few thousand short strings"));
        for hit in automaton.find_iter(text) {
            let plain = &self.meant[hit.pattern().as_usize()];
            if stands_alone(text, hit.start(), hit.end()) && !text[hit.start()..].starts_with(&**plain) {
                found.push((NormalSpan::new(hit.start(), hit.end()), plain.to_string()));
            }
        }
        let mut from = 0;
        while let Some(at) = text[from..].find(inserts).map(|at| from + at) {
            match spaced(text, at).or_else(|| self.around(text, at)) {
                Some((start, end, plain)) if end > at => {
                    found.push((NormalSpan::new(start, end), plain));
                    from = end;
                }
                _ => from = at + text[at..].chars().next().map_or(1, char::len_utf8),
            }
        }
        self.lookalikes(text, &mut found);
        found.sort();
        let mut last = 0;
        found.retain(|(span, _)| {
            let keeps = span.start >= last;
            if keeps {
                last = span.end;
            }
            keeps
        });
        found
    }

    /// Kanji that look like a letter of a katakana word: 夕ルミ, リフ卜アップ.
    fn lookalikes(&self, text: &str, found: &mut Vec<(NormalSpan, String)>) {
        let beside = |at: usize, end: usize| {
            let before = text[..at].chars().next_back();
            let after = text[end..].chars().next();
            before.into_iter().chain(after).any(is_katakana)
        };
        for (at, c) in text.match_indices(|c| lookalike(c).is_some()) {
            let end = at + c.len();
            let Some(letter) = c.chars().next().and_then(lookalike).filter(|_| beside(at, end)) else { continue };
            let stands = |word: &Vec<char>| {
                let places = word.iter().enumerate().filter(|&(_, &l)| l == letter);
                places.into_iter().find_map(|(place, _)| {
                    let start = start_of(&word[..place], &text[..at])?;
                    let stop = end + length_at(&word[place + 1..], &text[end..])?;
                    fits(text, start, stop, word).then_some((start, stop))
                })
            };
            let katakana = self.words.iter().filter(|w| w.len() > 1 && w.iter().all(|&c| is_katakana(c)));
            if let Some((word, (start, stop))) = katakana.into_iter().find_map(|w| Some((w, stands(w)?))) {
                found.push((NormalSpan::new(start, stop), word.iter().collect()));
            }
        }
    }

    /// The word that the mark at a place is in: between two of its characters, or instead of one.
    fn around(&self, text: &str, at: usize) -> Option<(usize, usize, String)> {
        let run = text[at..].chars().take_while(|&c| inserts(c)).count();
        let mark = text[at..].chars().next()?;
        let end = at + text[at..].chars().take(run).map(char::len_utf8).sum::<usize>();
        let before = text[..at].chars().next_back();
        let after = text[end..].chars().next();
        let known = |map: &HashMap<(char, char), Vec<(usize, usize)>>| {
            before.zip(after).and_then(|pair| map.get(&pair)).cloned().unwrap_or_default()
        };
        // Between two of its characters.
        if run <= MOST_MARKS && inserts(mark) {
            for (word, place) in known(&self.pairs) {
                if let Some(range) = spelled(text, &self.words[word], place, at, end, false)
                    && fits(text, range.0, range.1, &self.words[word])
                {
                    return Some((range.0, range.1, self.words[word].iter().collect()));
                }
            }
        }
        // Instead of one: never two in a row.
        if run != 1 || !masks(mark) {
            return None;
        }
        for (word, place) in known(&self.apart) {
            if let Some(range) = spelled(text, &self.words[word], place, at, end, true)
                && fits(text, range.0, range.1, &self.words[word])
            {
                return Some((range.0, range.1, self.words[word].iter().collect()));
            }
        }
        self.at_an_end(text, at, end, mark)
    }

    /// The first or the last character is masked: シ〇, 〇ミ.
    fn at_an_end(&self, text: &str, at: usize, end: usize, mark: char) -> Option<(usize, usize, String)> {
        let whole = |word: &[char], start: usize, stop: usize| {
            let fits = fits(text, start, stop, word) && said_of(&text[stop..]);
            fits.then(|| (start, stop, word.iter().collect::<String>()))
        };
        let last = self.words.iter().filter_map(|word| {
            let rest = &word[..word.len() - 1];
            let start = start_of(rest, &text[..at]).filter(|_| !rest.is_empty() && may_lose_its_last(word, mark))?;
            whole(word, start, end)
        });
        let first = self.words.iter().filter(|word| is_katakana(word[0])).filter_map(|word| {
            let length = length_at(&word[1..], &text[end..]).filter(|_| word.len() > 1)?;
            whole(word, at, end + length)
        });
        // The longest word; of several the one that is listed first.
        let longest = |found: &mut dyn Iterator<Item = (usize, usize, String)>| {
            found.reduce(|best, next| if next.2.len() > best.2.len() { next } else { best })
        };
        longest(&mut { last }).or_else(|| longest(&mut { first }))
    }
}

/// The katakana that a kanji or a sign looks like.
fn lookalike(c: char) -> Option<char> {
    Some(match c {
        '工' => 'エ',
        '卜' => 'ト',
        '夕' => 'タ',
        '二' => 'ニ',
        '口' => 'ロ',
        '力' => 'カ',
        '八' => 'ハ',
        '一' | '―' | '—' | '─' => 'ー',
        _ => return None,
    })
}

/// Marks in a row between two characters, at most: 美…白.
const MOST_MARKS: usize = 3;

fn inserts(c: char) -> bool {
    matches!(c, ' ' | '・' | '/' | '_' | '-' | '.' | '~' | '〜' | '|' | '”' | '“' | '\'' | '+' | ':') || masks(c)
}

fn masks(c: char) -> bool {
    matches!(c, '〇' | '○' | '◯' | '●' | '◎' | '×' | '✕' | '*' | '■' | '□' | '▲' | '△' | '?')
}

/// A word of two kanji that loses one is any word: only circles and boxes mask on purpose there.
fn may_lose_its_last(word: &[char], mark: char) -> bool {
    word.len() > 2 || is_katakana(word[0]) || !matches!(mark, '*' | '×' | '?')
}

/// What follows goes on with a particle or an effect, not with a word that the mark may belong to.
fn said_of(rest: &str) -> bool {
    rest.starts_with(|c: char| "がをはもにのへでとやがっ、。!? 」』)消取治薄改除抜撃対ケ燃溶分跡増".contains(c))
        || rest.is_empty()
}

/// A word is not the middle of a longer one of its script.
fn fits(text: &str, start: usize, end: usize, word: &[char]) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    // Long words are known inside longer ones, too: フェイスリフトアップ.
    let short = word.len() < LONG;
    let same = |a: Option<char>, b: Option<&char>| match (a, b) {
        (Some(a), Some(&b)) => {
            (short && is_katakana(a) && is_katakana(b)) || (a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric())
        }
        _ => false,
    };
    !same(before, word.first()) && !same(after, word.last())
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let ends = |c: Option<char>, d: Option<char>| {
        let latin = |c: char| c.is_ascii_alphanumeric();
        c.zip(d).is_some_and(|(a, b)| (is_katakana(a) && is_katakana(b)) || (latin(a) && latin(b)))
    };
    // Hiragana runs on: ちいさいぼうし has no さいぼう.
    let (before, first) = (text[..start].chars().next_back(), text[start..end].chars().next());
    let runs = |a: char| is_hiragana(a) && !"がをにのはもへで".contains(a);
    if before.zip(first).is_some_and(|(a, b)| runs(a) && is_hiragana(b)) {
        return false;
    }
    let (last, after) = (text[start..end].chars().next_back(), text[end..].chars().next());
    let short = text[start..end].chars().count() < LONG;
    !(ends(before, first) || (short && ends(last, after)))
}

/// Where letters begin that a text ends with.
fn start_of(letters: &[char], text: &str) -> Option<usize> {
    let mut rest = text.char_indices().rev();
    letters.iter().rev().try_fold(text.len(), |_, &c| rest.next().filter(|&(_, h)| h == c).map(|(at, _)| at))
}

/// The length in bytes of letters that a text begins with.
fn length_at(letters: &[char], text: &str) -> Option<usize> {
    let mut rest = text.chars();
    letters.iter().try_fold(0, |length, &c| rest.next().filter(|&h| h == c).map(|h| length + h.len_utf8()))
}

/// Where a word stands whose characters `place` and the next one lie around the marks at `at..end` (with one
/// more between them, if `masked`). Other gaps may have marks of the same kind.
fn spelled(text: &str, word: &[char], place: usize, at: usize, end: usize, masked: bool) -> Option<(usize, usize)> {
    let separator = text[at..].chars().next()?;
    let next = place + if masked { 2 } else { 1 };
    let mut stop = end;
    for (n, &c) in word[next..].iter().enumerate() {
        if n > 0 && !masked {
            stop += gap(&text[stop..], separator);
        }
        let here = text[stop..].chars().next().filter(|&h| h == c)?;
        stop += here.len_utf8();
    }
    let mut start = at;
    for (n, &c) in word[..=place].iter().rev().enumerate() {
        if n > 0 && !masked {
            start -= gap_before(&text[..start], separator);
        }
        let here = text[..start].chars().next_back().filter(|&h| h == c)?;
        start -= here.len_utf8();
    }
    Some((start, stop))
}

fn gap(text: &str, separator: char) -> usize {
    text.chars().take(MOST_MARKS).take_while(|&c| c == separator).map(char::len_utf8).sum()
}

fn gap_before(text: &str, separator: char) -> usize {
    text.chars().rev().take(MOST_MARKS).take_while(|&c| c == separator).map(char::len_utf8).sum()
}

/// Letters that stand apart are not fewer than this.
const FEWEST: usize = 4;

/// シ ミ が 消 え る: single letters with the same mark between all of them.
fn spaced(text: &str, at: usize) -> Option<(usize, usize, String)> {
    let mark = text[at..].chars().next().filter(|c| matches!(c, ' ' | '・' | '.' | '/' | '-' | '_' | '|' | '~'))?;
    let first = text[..at].chars().next_back().filter(|&c| is_letter(c))?;
    let start = at - first.len_utf8();
    // It begins a letter: nothing but a pause before it.
    if text[..start].chars().next_back().is_some_and(|c| is_letter(c) || c == mark) {
        return None;
    }
    let mut plain = String::from(first);
    let mut end = at;
    loop {
        let rest = &text[end..];
        let mut chars = rest.chars();
        let (Some(m), Some(letter)) = (chars.next(), chars.next()) else { break };
        if m != mark || !is_letter(letter) || chars.next().is_some_and(|c| runs_on(letter, c)) {
            break;
        }
        plain.push(letter);
        end += m.len_utf8() + letter.len_utf8();
    }
    (plain.chars().count() >= FEWEST).then_some((start, end, plain))
}

/// Whether two letters are of one script.
fn runs_on(a: char, b: char) -> bool {
    (a.is_ascii_alphabetic() && b.is_ascii_alphabetic())
        || (is_katakana(a) && is_katakana(b))
        || (!is_katakana(a) && !is_katakana(b) && is_letter(a) && is_letter(b))
}

fn is_letter(c: char) -> bool {
    is_katakana(c) || is_hiragana(c) || is_kanji(c) || c.is_ascii_alphabetic()
}

/// A long katakana word with one slip: a small letter large, a mark forgotten, a letter left out.
fn misspelled(word: &[char]) -> Vec<String> {
    if word.len() < LONG || !word.iter().all(|&c| is_katakana(c)) {
        return Vec::new();
    }
    let mut all = Vec::new();
    for (at, &c) in word.iter().enumerate() {
        for other in twins(c) {
            let mut typo = word.to_vec();
            typo[at] = other;
            all.push(typo.into_iter().collect());
        }
        if at > 0 && (c == 'ー' || word.len() > LONG) {
            all.push(word.iter().enumerate().filter(|&(n, _)| n != at).map(|(_, c)| c).collect());
        }
    }
    all
}

/// The letters that are taken for one another: small and large, with and without their marks.
fn twins(c: char) -> Vec<char> {
    const PAIRS: [(char, char); 32] = [
        ('ァ', 'ア'),
        ('ィ', 'イ'),
        ('ゥ', 'ウ'),
        ('ェ', 'エ'),
        ('ォ', 'オ'),
        ('ッ', 'ツ'),
        ('ャ', 'ヤ'),
        ('ュ', 'ユ'),
        ('ョ', 'ヨ'),
        ('カ', 'ガ'),
        ('キ', 'ギ'),
        ('ク', 'グ'),
        ('ケ', 'ゲ'),
        ('コ', 'ゴ'),
        ('サ', 'ザ'),
        ('シ', 'ジ'),
        ('ス', 'ズ'),
        ('セ', 'ゼ'),
        ('ソ', 'ゾ'),
        ('タ', 'ダ'),
        ('テ', 'デ'),
        ('ト', 'ド'),
        ('ハ', 'バ'),
        ('バ', 'パ'),
        ('ヒ', 'ビ'),
        ('ビ', 'ピ'),
        ('フ', 'ブ'),
        ('ブ', 'プ'),
        ('ヘ', 'ベ'),
        ('ベ', 'ペ'),
        ('ホ', 'ボ'),
        ('ボ', 'ポ'),
    ];
    PAIRS
        .iter()
        .filter_map(|&(a, b)| {
            if a == c {
                Some(b)
            } else if b == c {
                Some(a)
            } else {
                None
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn disguised_words_show_through() {
        let words = [
            "シミ",
            "ニキビ",
            "若返り",
            "若返る",
            "美白",
            "細胞",
            "リフトアップ",
            "アンチエイジング",
            "消える",
            "治る",
        ];
        let typos = vec!["若帰り".to_owned()];
        let disguises = Disguises::new(words.iter().map(|&w| (w, if w == "若返り" { typos.as_slice() } else { &[] })));
        for (text, expected) in [
            ("シ・ミが消える", "シミが消える"),
            ("シ/ミ、若-返-り", "シミ、若返り"),
            ("シ〇が消える", "シミが消える"),
            ("ニキ●が治〇る", "ニキビが治る"),
            ("若〇りと若○る", "若返りと若返る"),
            ("〇ミが消える", "シミが消える"),
            ("細〇を活性化", "細胞を活性化"),
            ("シ ミ が 消 え る 美 容", "シミが消える美容"),
            ("美 白 美容液", "美白 美容液"),
            ("リフトアツプとアンチエイジンク", "リフトアップとアンチエイジング"),
            ("アンチエジング若帰り", "アンチエイジング若返り"),
            // What only looks like it.
            ("リフトアップ、アンチエイジング", "リフトアップ、アンチエイジング"),
            ("シ〇ワー、シ ミュレーション", "シ〇ワー、シ ミュレーション"),
            ("○○が消える", "○○が消える"),
            ("シ○○が消える", "シ○○が消える"),
            ("シ○を選ぶ", "シミを選ぶ"),
            ("髪×肌、〇月〇日", "髪×肌、〇月〇日"),
            ("白 い 花", "白 い 花"),
            ("○ミリ、美*の", "○ミリ、美*の"),
            ("リフト、アップ", "リフト、アップ"),
        ] {
            let found = disguises.find(text);
            let mut plain = text.to_owned();
            for (span, word) in found.into_iter().rev() {
                plain.replace_range(span.range(), &word);
            }
            assert_eq!(plain, expected, "{text}");
        }
    }
}
