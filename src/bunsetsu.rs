//! Phrases: words grouped into bunsetsu, each with its head, and how it leans on what follows.
//! Grammar only; no word of any topic is known here but the closed classes of the language.

use std::ops::Range;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
        Class::Formal | Class::Likeness if !copula => Kind::Formal,
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
            Some(f) if f.lemma() == "だ" && f.form() == Form::Plain => Link::Plain,
            Some(f) if f.lemma() == "だ" => Link::Plain,
            Some(f) if f.lemma() == "に" => Link::Adverbial,
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
            // な before a noun
            _ if last.lemma() == "だ" => Link::Plain,
            _ => Link::Plain,
        },
    }
}

/// What the phrases say after a word of the predicate, up to where the predicate ends: endings,
/// auxiliaries, わけではない, とは限らない, 効果はありません. `carries` says which nouns only carry a
/// predicate (効果, 可能性). Returns indices of morphemes.
pub fn tail(phrases: &[Bunsetsu], words: &[Morpheme], from: usize, carries: impl Fn(usize) -> bool) -> Range<usize> {
    let Some(mut at) = phrases.iter().position(|p| p.words.contains(&from.saturating_sub(1))) else {
        return from..from;
    };
    let mut nominal = !phrases[at].is_predicate();
    // After 効果は, 除去は: adverbs may come before the predicate.
    let mut awaits = false;
    // 推薦や、前後の写真に: a second noun shares the predicate.
    let mut coordinated = false;
    while let Some(next) = phrases.get(at + 1) {
        let here = &phrases[at];
        let last = here.words.clone().rev().map(|w| &words[w]).find(|w| !w.class().is_punctuation());
        // 消える、とは言えない
        let taken_up = begins_with_quote(next, words);
        // なんて、ありえない
        let held_out = last.is_some_and(|w| w.class() == Class::FocusParticle) || here.link == Link::Quote;
        if here.pause == Pause::Comma
            && let Some(end) = listed(phrases, words, at)
        {
            at = end;
            continue;
        }
        if here.pause == Pause::Stop
            || (here.pause == Pause::Comma
                && next.kind != Kind::Formal
                && !held_out
                && !taken_up
                && here.link != Link::Parallel)
        {
            break;
        }
        let carrier = here.kind == Kind::Formal || carries(here.head);
        let carried = next.kind == Kind::Formal || carries(next.head);
        let goes_on = match here.link {
            // とは限らない, と言えません
            Link::Quote => next.is_predicate() || carried || next.kind == Kind::Adverbial,
            Link::Plain | Link::Final => carried || taken_up,
            // ことはない, わけではない, 効果はありません, 除去はできません, 方は一人もいません
            Link::Topic | Link::Also | Link::Subject | Link::Object if nominal || carrier => {
                next.is_predicate() || next.kind == Kind::Adverbial || carried || (carrier && next.link == Link::Also)
            }
            Link::Genitive if coordinated => next.is_nominal(),
            Link::Genitive if nominal || carrier => {
                carried || (carrier && next.is_predicate() && is_support(&words[next.words.start]))
            }
            Link::Bare if nominal || carrier => next.is_predicate() && here.pause == Pause::None,
            // 消えなんて しない, 消えて いない, 消えるなんて ことは
            Link::Continues | Link::Adverbial => {
                carried
                    || (awaits && next.kind == Kind::Adverbial)
                    || (next.is_predicate()
                        && (awaits || held_out || next.words.clone().next().is_some_and(|w| is_support(&words[w]))))
            }
            // 推薦に頼りません
            Link::Oblique if carrier || nominal => next.is_predicate(),
            // 推薦や、写真に頼りません
            Link::Parallel if nominal => next.is_nominal(),
            _ => false,
        };
        if !goes_on {
            break;
        }
        coordinated = here.link == Link::Parallel || (coordinated && here.link == Link::Genitive);
        awaits = next.kind == Kind::Adverbial
            && (awaits || matches!(here.link, Link::Topic | Link::Also | Link::Subject | Link::Object));
        at += 1;
        // The first predicate after a noun ends the noun's own tail.
        if phrases[at].is_predicate() {
            nominal = false;
        }
    }
    from..phrases[at].words.end
}

/// と, とは, という at the head of a phrase.
fn begins_with_quote(phrase: &Bunsetsu, words: &[Morpheme]) -> bool {
    let first = &words[phrase.words.start];
    matches!(first.lemma(), "と" | "とは" | "という" | "といった" | "って" | "なんて" | "など")
        && matches!(
            first.class(),
            Class::CaseParticle | Class::Genitive | Class::Connective | Class::FocusParticle | Class::Parallel
        )
}

/// 消える、若返る、といった…; 消したり、治したりする…: where a list of predicates is taken up, if it is.
fn listed(phrases: &[Bunsetsu], words: &[Morpheme], from: usize) -> Option<usize> {
    let tari = |p: &Bunsetsu| {
        p.words.clone().any(|w| matches!(words[w].lemma(), "たり" | "だり") && words[w].class() == Class::Parallel)
    };
    let first = |p: &Bunsetsu| &words[p.words.start];
    let (list_of_tari, list_of_plain) = (tari(&phrases[from]), phrases[from].link == Link::Plain);
    let taken_up = |at: usize| {
        let (p, word) = (&phrases[at], first(&phrases[at]));
        (list_of_plain && word.class() == Class::Genitive && matches!(word.lemma(), "という" | "といった"))
            || (list_of_plain && word.lemma() == "など")
            || (list_of_tari && p.is_predicate() && word.lemma() == "する" && tari(&phrases[at - 1]))
    };
    let upto = (from + 1..phrases.len().min(from + 12)).find(|&at| taken_up(at) || phrases[at].pause == Pause::Stop)?;
    taken_up(upto).then_some(upto)
}

/// What is said of a noun that a predicate modifies, when that says only whether there is any:
/// 消えないシミは ない, 承認を受けた医薬品や製品は ありません. `at` is the noun's phrase. Returns
/// indices of morphemes.
pub fn existence(phrases: &[Bunsetsu], words: &[Morpheme], at: usize) -> Range<usize> {
    let noun = phrases
        .iter()
        .enumerate()
        .skip(at)
        .find(|(_, p)| !p.is_nominal() || !matches!(p.link, Link::Parallel | Link::Genitive));
    let Some((at, here)) = noun else { return 0..0 };
    let next = phrases[at + 1..].iter().find(|p| p.kind != Kind::Adverbial);
    let stands =
        here.is_nominal() && matches!(here.link, Link::Topic | Link::Also | Link::Subject) && here.pause < Pause::Stop;
    match next {
        Some(next) if stands && next.is_predicate() && is_existence(&words[next.words.start]) => next.words.clone(),
        _ => 0..0,
    }
}

/// ない, ある, いる: says only whether there is any.
pub fn is_existence(word: &Morpheme) -> bool {
    matches!(word.lemma(), "ない" | "無い" | "ある" | "いる" | "ござる")
}

/// Verbs and adjectives with no content of their own.
pub fn is_support(word: &Morpheme) -> bool {
    matches!(
        word.lemma(),
        "する"
            | "なる"
            | "ある"
            | "ない"
            | "無い"
            | "いる"
            | "できる"
            | "おる"
            | "くれる"
            | "もらう"
            | "いただく"
            | "ほしい"
            | "欲しい"
            | "くださる"
            | "いく"
            | "くる"
            | "みる"
            | "しまう"
            | "ござる"
    )
}
