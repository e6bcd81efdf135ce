//! Phrases: words grouped into bunsetsu, each with its head, and how it leans on what follows.
//! Grammar only; no word of any topic is known here but the closed classes of the language.

mod tail;

pub use tail::{ends_in_copula, existence, is_existence, is_support, tail};

use std::ops::Range;

use serde::Serialize;

use crate::morpheme::{Class, Form, Morpheme};

/// One phrase: content words and the function words after them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bunsetsu {
    /// Indices of its morphemes, punctuation after it included.
    pub words: Range<usize>,
    /// Index of the last content word.
    pub head: usize,
    pub kind: Kind,
    pub link: Link,
    pub pause: Pause,
}

/// What a phrase is in its sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Nominal,
    /// こと, わけ, うち: a noun that only carries its clause.
    Formal,
    Predicate,
    /// Adverbs, and nouns of time and quantity used as adverbs.
    Adverbial,
    /// この, 様々な.
    Modifier,
    Other,
}

/// How a phrase leans on what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Link {
    /// が
    Subject,
    /// を
    Object,
    /// は
    Topic,
    /// も
    Also,
    /// に, で, と, から and other cases.
    Oblique,
    /// の
    Genitive,
    /// と, や, ・
    Parallel,
    /// No particle.
    Bare,
    /// A plain form: modifies the noun that follows, or ends the sentence.
    Plain,
    /// て, ば, と, ながら, 連用中止: goes on in another predicate.
    Continues,
    /// 〜く, 〜に, 〜ほど, 〜だけで: modifies the predicate that follows.
    Adverbial,
    /// と, という after a predicate.
    Quote,
    /// 終助詞, 命令形.
    Final,
}

/// What stands between a phrase and the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pause {
    None,
    /// White space, or decoration.
    Space,
    /// 、 and other marks inside a sentence.
    Comma,
    /// A line that ends with a noun, a new item: what has no particle does not reach across.
    Line,
    /// ！ ？ 。
    Stop,
}

impl Bunsetsu {
    pub fn is_predicate(&self) -> bool {
        self.kind == Kind::Predicate
    }

    pub fn is_nominal(&self) -> bool {
        matches!(self.kind, Kind::Nominal | Kind::Formal)
    }
}

/// Groups the words of one sentence. Every word is in exactly one phrase.
pub fn chunk(words: &[Morpheme], text: &str, breaks: &[u32]) -> Vec<Bunsetsu> {
    let mut phrases: Vec<Bunsetsu> = Vec::new();
    let mut start = 0;
    while start < words.len() {
        let end = extent(words, start, breaks);
        phrases.push(phrase(words, start..end, text, breaks));
        start = end;
    }
    phrases
}

/// Where the phrase that starts at `start` ends.
fn extent(words: &[Morpheme], start: usize, breaks: &[u32]) -> usize {
    let mut end = start;
    // Opening marks belong to the phrase they open.
    while end < words.len() && words[end].class() == Class::Open {
        end += 1;
    }
    let content = end;
    let mut in_function = false;
    while end < words.len() {
        let word = &words[end];
        let class = word.class();
        let joined = end > content
            && words[end - 1].span.end == word.span.start
            && breaks.binary_search(&word.span.start).is_err();
        if class == Class::Open && end > content {
            break;
        }
        if class.is_punctuation() {
            end += 1;
            // Closing marks may be followed by the phrase's particles: 「シミ」が.
            if class != Class::Close {
                while end < words.len() && words[end].class().is_punctuation() && words[end].class() != Class::Open {
                    end += 1;
                }
                break;
            }
            in_function = true;
            continue;
        }
        // シミは ない: the dictionary takes this ない for an ending.
        if class == Class::Auxiliary && word.lemma() == "ない" && end > content && is_case(&words[end - 1]) {
            break;
        }
        if class.is_content() {
            if end > content && (in_function || !joined || !compounds(&words[end - 1], word, words.get(end + 1))) {
                break;
            }
        } else if !joined && end > content && !in_function && class == Class::Interjection {
            break;
        } else {
            in_function = true;
        }
        end += 1;
    }
    end.max(start + 1)
}

fn is_case(word: &Morpheme) -> bool {
    matches!(word.class(), Class::TopicParticle | Class::CaseParticle)
}

/// Whether two neighbouring content words make one phrase.
fn compounds(before: &Morpheme, word: &Morpheme, after: Option<&Morpheme>) -> bool {
    use Class::*;
    let (left, right) = (before.class(), word.class());
    match right {
        Formal | Adverb | Adnominal | Conjunction | Interjection => false,
        Verb if is_light(word) => left.is_nominal() || left == Prefix,
        // 消し去る, お手入れする, and the noun シミ消し
        Verb => {
            (left == Verb && before.form() == Form::Continuative)
                || left == Prefix
                || (left.is_nominal() && word.form() == Form::Continuative && ends_noun(after))
        }
        Adjective => left == Prefix || (left == Verb && before.form() == Form::Continuative),
        _ => left.is_nominal() || left == Prefix || (left == Verb && before.form() == Form::Continuative),
    }
}

/// Whether what follows a continuative form leaves it a noun: シミ消しに, シミ消し。
fn ends_noun(after: Option<&Morpheme>) -> bool {
    use Class::*;
    after.is_none_or(|a| !matches!(a.class(), Auxiliary | Connective | HelperVerb | HelperAdjective | Verb | Adjective))
}

/// する and its like, which make a verb of the noun before.
fn is_light(word: &Morpheme) -> bool {
    matches!(word.lemma(), "する" | "できる" | "出来る" | "いたす" | "致す" | "なさる" | "させる" | "される")
}

fn phrase(words: &[Morpheme], range: Range<usize>, text: &str, breaks: &[u32]) -> Bunsetsu {
    let own = &words[range.clone()];
    let mut head = range.start;
    let mut seen_function = false;
    for (i, word) in own.iter().enumerate() {
        if word.class().is_content() && !seen_function {
            head = range.start + i;
        } else if !word.class().is_punctuation() {
            seen_function = true;
        }
    }
    let functions: Vec<&Morpheme> = words[head + 1..range.end].iter().filter(|w| !w.class().is_punctuation()).collect();
    let kind = kind(&words[range.start..=head], &functions);
    let symbol = words[head + 1..range.end]
        .iter()
        .any(|w| w.class() == Class::Symbol && matches!(w.surface(text), "・" | "/" | "&" | "+" | "×"));
    let link = link(kind, &words[head], &functions, symbol);
    let mut pause = pause(words, &range);
    let next = words.get(range.end).map_or(u32::MAX, |w| w.span.start);
    let broken = breaks.iter().any(|&b| words[head].span.end <= b && b <= next);
    if broken && kind == Kind::Nominal && matches!(link, Link::Bare | Link::Parallel) {
        pause = pause.max(Pause::Line);
    }
    Bunsetsu { link, kind, head, pause, words: range }
}

fn pause(words: &[Morpheme], range: &Range<usize>) -> Pause {
    let marks = words[range.clone()].iter().rev().take_while(|w| w.class().is_punctuation());
    let dots = marks.clone().filter(|m| m.lemma() == ".").count();
    let mut pause = Pause::None;
    for mark in marks {
        pause = pause.max(match mark.class() {
            Class::Stop => Pause::Stop,
            // A term and what is said of it: 成分 …… 働き, 成分：働き
            Class::Symbol if dots > 1 || matches!(mark.lemma(), ":" | "→" | "⇒" | "―" | "—" | "|") => {
                Pause::Stop
            }
            // The next hash tag, the next item of a list written in one paragraph.
            Class::Symbol if matches!(mark.lemma(), "#" | "✔" | "✓" | "☑" | "▶" | "▼" | "■" | "◆" | "●") => {
                Pause::Line
            }
            Class::Comma | Class::Symbol => Pause::Comma,
            _ => Pause::None,
        });
    }
    let gap = words.get(range.end).is_some_and(|next| next.span.start > words[range.end - 1].span.end);
    if gap { pause.max(Pause::Space) } else { pause }
}

fn kind(content: &[Morpheme], functions: &[&Morpheme]) -> Kind {
    let Some(head) = content.last() else { return Kind::Other };
    let copula = functions.iter().any(|f| {
        f.class() == Class::Auxiliary && matches!(f.lemma(), "だ" | "です" | "である" | "なり" | "だろ" | "じゃ")
    });
    let case = functions.first().is_some_and(|f| matches!(f.class(), Class::CaseParticle));
    match head.class() {
        // シミ消し
        Class::Verb
            if content.len() > 1
                && content[content.len() - 2].class().is_nominal()
                && head.form() == Form::Continuative
                && !is_light(head)
                && ends_noun(functions.first().copied()) =>
        {
            Kind::Nominal
        }
        Class::Verb | Class::Adjective => Kind::Predicate,
        Class::Auxiliary if head.lemma() == "ない" => Kind::Predicate,
        Class::Formal | Class::Likeness => Kind::Formal,
        Class::Adverb => Kind::Adverbial,
        Class::Adnominal => Kind::Modifier,
        class if class.is_nominal() => {
            let helper = functions
                .first()
                .is_some_and(|f| f.class() == Class::HelperVerb || f.class() == Class::HelperAdjective);
            // 綺麗な, 綺麗に
            if class == Class::Adjectival && functions.len() == 1 {
                match functions[0].lemma() {
                    "だ" if functions[0].form() == Form::Plain => return Kind::Predicate,
                    "だ" => return Kind::Modifier,
                    "に" => return Kind::Adverbial,
                    _ => {}
                }
            }
            if (copula || helper) && !case {
                return Kind::Predicate;
            }
            let adverbial = match class {
                Class::Temporal => functions.is_empty() || functions[0].lemma() == "に" && functions.len() == 1,
                // 3日で, 1本で, 3回
                Class::Counter => functions.is_empty() || matches!(functions[0].lemma(), "で" | "に" | "だけ" | "ほど"),
                _ => false,
            };
            if adverbial { Kind::Adverbial } else { Kind::Nominal }
        }
        _ => Kind::Other,
    }
}

fn link(kind: Kind, head: &Morpheme, functions: &[&Morpheme], symbol: bool) -> Link {
    match kind {
        Kind::Predicate => predicate_link(head, functions),
        Kind::Adverbial => match functions.last().map(|f| f.lemma()) {
            Some("の") => Link::Genitive,
            _ => Link::Adverbial,
        },
        Kind::Modifier => Link::Plain,
        Kind::Formal if head.class() == Class::Likeness => match functions.last() {
            Some(f) if f.lemma() == "だ" => Link::Plain,
            _ => Link::Adverbial,
        },
        Kind::Formal if functions.iter().any(|f| f.class() == Class::Auxiliary) => predicate_link(head, functions),
        // 、といった and 、とは: a phrase of particles alone
        Kind::Other if matches!(head.lemma(), "と" | "とは" | "という" | "といった" | "って") => {
            Link::Quote
        }
        _ => nominal_link(functions, symbol),
    }
}

fn nominal_link(functions: &[&Morpheme], symbol: bool) -> Link {
    let Some(last) = functions.last() else {
        return if symbol { Link::Parallel } else { Link::Bare };
    };
    match (last.class(), last.lemma()) {
        (Class::Genitive, _) | (Class::CaseParticle, "の") => Link::Genitive,
        (Class::Parallel, _) => Link::Parallel,
        (Class::TopicParticle, "も") => Link::Also,
        (Class::TopicParticle, _) => Link::Topic,
        (Class::CaseParticle, "が") => Link::Subject,
        (Class::CaseParticle, "を") => Link::Object,
        (Class::FocusParticle, "や" | "とか" | "やら" | "か") => Link::Parallel,
        // さえ, まで, だって, なんて stand for が or を.
        (Class::FocusParticle, _) => Link::Also,
        (Class::FinalParticle, _) => Link::Bare,
        (Class::Connective, _) | (Class::CaseParticle, _) => Link::Oblique,
        (Class::Auxiliary, "だ") => Link::Oblique,
        _ => Link::Bare,
    }
}

fn predicate_link(head: &Morpheme, functions: &[&Morpheme]) -> Link {
    let last = functions.last().copied().unwrap_or(head);
    match last.class() {
        Class::Connective => Link::Continues,
        Class::FinalParticle => Link::Final,
        Class::FocusParticle => Link::Adverbial,
        Class::CaseParticle if matches!(last.lemma(), "と" | "って" | "とは" | "という" | "といった") => {
            Link::Quote
        }
        Class::CaseParticle | Class::Parallel => Link::Adverbial,
        Class::Genitive if last.lemma() == "の" => Link::Plain,
        Class::Genitive => Link::Quote,
        // 消えは(しない), 消えては, だけでは, とは
        Class::TopicParticle => match functions.len().checked_sub(2).map(|at| functions[at]) {
            Some(f) if matches!(f.lemma(), "と" | "って") => Link::Quote,
            _ => Link::Continues,
        },
        _ => match last.form() {
            Form::Plain => Link::Plain,
            Form::Imperative => Link::Final,
            Form::Continuative if last.class() == Class::Adjective || last.class() == Class::HelperAdjective => {
                Link::Adverbial
            }
            Form::Continuative | Form::Conditional | Form::Irrealis => Link::Continues,
            _ => Link::Plain,
        },
    }
}
