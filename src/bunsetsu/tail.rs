//! What is said after a word: endings, auxiliaries, and the phrases that only close a predicate
//! (わけではない, とは限らない, 効果はありません). Negation and wish are looked for there and nowhere else.

use std::ops::Range;

use super::{Bunsetsu, Kind, Link, Pause};
use crate::morpheme::{Class, Morpheme};

/// What the phrases say after a word of the predicate, up to where the predicate ends: endings,
/// auxiliaries, わけではない, とは限らない, 効果はありません. `carries` says which nouns only carry a
/// predicate (効果, 可能性). Returns indices of morphemes.
pub fn tail(phrases: &[Bunsetsu], words: &[Morpheme], from: usize, carries: impl Fn(usize) -> bool) -> Range<usize> {
    let Some(mut at) = phrases.iter().position(|p| p.words.contains(&from.saturating_sub(1))) else {
        return from..from;
    };
    let mut nominal = !phrases[at].is_predicate();
    let mut start = from;
    // After 効果は, 除去は: adverbs may come before the predicate.
    let mut awaits = false;
    // 推薦や、前後の写真に: a second noun shares the predicate.
    let mut coordinated = false;
    while let Some(next) = phrases.get(at + 1) {
        let here = &phrases[at];
        // 消える、とは言えない
        let taken_up = begins_with_quote(next, words);
        // なんて、ありえない
        let held_out = ends_in_focus(here, words) || here.link == Link::Quote;
        if (here.pause == Pause::Comma || (here.pause < Pause::Comma && is_listed(here, words)))
            && let Some(end) = listed(phrases, words, at)
        {
            start = taken_up_from(phrases, words, start, at, end);
            at = end;
            continue;
        }
        // 体質を変えて 汗を かかなくする ものでは ありません: what is no such thing does none of it
        if here.link == Link::Continues
            && let Some(end) = denied_as_whole(phrases, words, at)
        {
            start = taken_up_from(phrases, words, start, at, end);
            at = end;
            continue;
        }
        let carrier = here.kind == Kind::Formal || carries(here.head);
        // 作用など、石けんにはありません; お約束することは、私たちにはできません
        if (carrier || (nominal && here.is_nominal()))
            && matches!(here.link, Link::Topic | Link::Also | Link::Subject | Link::Object | Link::Bare)
            && here.pause < Pause::Line
            && let Some(end) = closing(phrases, words, at)
        {
            at = end;
            nominal = false;
            continue;
        }
        // 若返るというのは、誤解です: the last word on it
        let judged = (here.kind == Kind::Formal || here.is_predicate())
            && here.link == Link::Topic
            && next.is_predicate()
            && (next.pause == Pause::Stop || at + 2 == phrases.len());
        if here.pause >= Pause::Line
            || (here.pause == Pause::Comma
                && !judged
                && next.kind != Kind::Formal
                && !held_out
                && !taken_up
                && here.link != Link::Parallel)
        {
            break;
        }
        let carried = next.kind == Kind::Formal || carries(next.head);
        let goes_on = match here.link {
            // とは限らない, と言えません
            Link::Quote => next.is_predicate() || carried || next.kind == Kind::Adverbial,
            Link::Plain | Link::Final => carried || taken_up,
            // ことはない, わけではない, 効果はありません, 除去はできません, 方は一人もいません
            Link::Topic | Link::Also | Link::Subject | Link::Object if nominal || carrier => {
                next.is_predicate()
                    || next.kind == Kind::Adverbial
                    || carried
                    || (carrier && next.link == Link::Also)
                    || names_what_is_not(next, words)
                    || ends_politely(next, words)
            }
            // 男性専用の化粧水ではありません: what is not the thing is not its attribute
            Link::Genitive if nominal && is_copular_denial(phrases, words, at + 1) => {
                at += 1;
                true
            }
            Link::Genitive if coordinated => next.is_nominal(),
            Link::Genitive if nominal || carrier => {
                carried || (carrier && next.is_predicate() && is_support(&words[next.words.start]))
            }
            Link::Bare if nominal || carrier => next.is_predicate() && here.pause == Pause::None,
            // 消えて なくなるなんて, 消えて 若返るわけでは: what is denied from outside is denied of both
            Link::Continues | Link::Adverbial
                if next.is_predicate() && here.pause == Pause::None && denied_outside(phrases, words, at + 1) =>
            {
                true
            }
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
    start..phrases[at].words.end
}

/// Where the tail goes on that jumps over other predicates: what they deny of themselves
/// (薄くなったり 生えなくなったり) is none of its matter. What the first says of itself keeps it whole.
fn taken_up_from(phrases: &[Bunsetsu], words: &[Morpheme], from: usize, at: usize, end: usize) -> usize {
    let denies = |w: usize| matches!(words[w].lemma(), "ない" | "ぬ" | "ん" | "ず");
    let upto = &phrases[end].words;
    let list = upto.clone().rfind(|&w| matches!(words[w].lemma(), "たり" | "だり"));
    let goes_on = list.map_or(upto.start, |w| w + 1);
    let own = phrases[at].words.end;
    let denied_between = (own..goes_on).any(denies);
    let of_itself = (from..own).any(|w| denies(w) || words[w].lemma() == "たい");
    if denied_between && !of_itself { goes_on } else { from }
}

/// 一切ございません: an adverb that has swallowed its predicate.
fn ends_politely(phrase: &Bunsetsu, words: &[Morpheme]) -> bool {
    phrase.words.clone().any(|w| words[w].class() == Class::Auxiliary && matches!(words[w].lemma(), "ます" | "ござる"))
}

/// Whether a noun's phrase goes on in はない, はありません after で: 化粧水では ありません.
fn is_copular_denial(phrases: &[Bunsetsu], words: &[Morpheme], at: usize) -> bool {
    let (here, next) = (&phrases[at], phrases.get(at + 1));
    here.is_nominal()
        && here.pause == Pause::None
        && ends_in_copula(words, here.words.end)
        && next.is_some_and(|n| is_existence(&words[n.words.start]))
}

/// Whether では, じゃ, でも stand before a word: 化粧水では|ありません.
pub fn ends_in_copula(words: &[Morpheme], upto: usize) -> bool {
    let lemma = |back: usize| upto.checked_sub(back).map_or("", |w| words[w].lemma());
    matches!(lemma(1), "では" | "じゃ") || (matches!(lemma(1), "は" | "も") && matches!(lemma(2), "で" | "だ"))
}

/// 最善とは: what the subject is then said not to be, 最新の機器が 最善とは 限りません.
fn names_what_is_not(phrase: &Bunsetsu, words: &[Morpheme]) -> bool {
    let mut last = phrase.words.clone().rev().map(|w| words[w].lemma());
    let toha = match last.next() {
        Some("は") => last.next() == Some("と"),
        particle => particle == Some("とは"),
    };
    toha && phrase.is_nominal() && phrase.pause == Pause::None
}

/// なんて, など at the end of a phrase.
fn ends_in_focus(phrase: &Bunsetsu, words: &[Morpheme]) -> bool {
    let last = phrase.words.clone().rev().map(|w| &words[w]).find(|w| !w.class().is_punctuation());
    last.is_some_and(|w| w.class() == Class::FocusParticle)
}

/// Whether a predicate is taken up by わけ, こと, という or なんて.
fn denied_outside(phrases: &[Bunsetsu], words: &[Morpheme], at: usize) -> bool {
    let here = &phrases[at];
    let next = phrases.get(at + 1);
    ends_in_focus(here, words)
        || next.is_some_and(|n| matches!(here.link, Link::Plain) && n.kind == Kind::Formal && n.link != Link::Object)
}

/// Phrases from a predicate to the one that denies it as a whole, at most.
const WHOLE: usize = 6;

/// Where predicates that follow each other are taken up as one thing or reason that is none: …する ものでは
/// ない, …する わけでは ない. The phrase of もの or わけ.
fn denied_as_whole(phrases: &[Bunsetsu], words: &[Morpheme], from: usize) -> Option<usize> {
    for at in from + 1..phrases.len().min(from + WHOLE) {
        let here = &phrases[at];
        let of_kind = here.words.clone().any(|w| matches!(words[w].lemma(), "もの" | "わけ" | "訳"));
        if here.kind == Kind::Formal && of_kind {
            let closes = phrases.get(at + 1).is_some_and(|next| is_existence(&words[next.words.start]));
            return (closes && ends_in_copula(words, here.words.end)).then_some(at);
        }
        if here.pause >= Pause::Stop || matches!(here.link, Link::Topic | Link::Final) {
            return None;
        }
    }
    None
}

/// Phrases between a noun and the predicate that closes it, at most: この製品 には.
const ASIDE: usize = 3;

/// Where a noun's own predicate stands that says only whether it is or can be, past phrases that say
/// of whom or what.
fn closing(phrases: &[Bunsetsu], words: &[Morpheme], at: usize) -> Option<usize> {
    let rest = phrases[at + 1..].iter().take(ASIDE + 1);
    let aside = rest
        .take_while(|p| {
            let of_whom = p.is_nominal() && matches!(p.link, Link::Oblique | Link::Topic | Link::Genitive | Link::Also);
            (of_whom || matches!(p.kind, Kind::Modifier | Kind::Adverbial)) && p.pause < Pause::Stop
        })
        .count();
    let next = at + 1 + aside;
    let closes = |p: &Bunsetsu| p.is_predicate() && is_support(&words[p.words.start]);
    (1..=ASIDE).contains(&aside).then_some(next).filter(|&next| phrases.get(next).is_some_and(closes))
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

/// Whether a phrase is one of a list of predicates: 消えたり.
fn is_listed(phrase: &Bunsetsu, words: &[Morpheme]) -> bool {
    phrase.words.clone().any(|w| matches!(words[w].lemma(), "たり" | "だり") && words[w].class() == Class::Parallel)
}

/// 消える、若返る、といった…; 消したり、治したりする…: where a list of predicates is taken up, if it is.
fn listed(phrases: &[Bunsetsu], words: &[Morpheme], from: usize) -> Option<usize> {
    let tari = |p: &Bunsetsu| is_listed(p, words);
    // 落ちたりする, in one phrase
    let tari_suru = |p: &Bunsetsu| tari(p) && p.words.clone().any(|w| words[w].lemma() == "する");
    let first = |p: &Bunsetsu| &words[p.words.start];
    // 消えるわけでも、治るわけでもない
    let also = |p: &Bunsetsu| p.kind == Kind::Formal && p.words.clone().any(|w| words[w].lemma() == "も");
    let list_of_also = also(&phrases[from]);
    let (list_of_tari, list_of_plain) = (tari(&phrases[from]), phrases[from].link == Link::Plain);
    let taken_up = |at: usize| {
        let (p, word) = (&phrases[at], first(&phrases[at]));
        // 消える、上がるといった
        let ends = p.words.clone().last().map(|w| &words[w]);
        (list_of_plain && p.link == Link::Quote && ends.is_some_and(|w| matches!(w.lemma(), "という" | "といった")))
            || (list_of_plain && word.class() == Class::Genitive && matches!(word.lemma(), "という" | "といった"))
            || (list_of_plain && word.lemma() == "など")
            || (list_of_also && also(p))
            || (list_of_tari && p.is_predicate() && word.lemma() == "する" && tari(&phrases[at - 1]))
            || (list_of_tari && tari_suru(p))
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
    // ほかに ない
    let from = phrases.get(at + 1).map_or(0, |p| p.words.start);
    let stands =
        here.is_nominal() && matches!(here.link, Link::Topic | Link::Also | Link::Subject) && here.pause < Pause::Stop;
    match next {
        Some(next) if stands && next.is_predicate() && is_existence(&words[next.words.start]) => from..next.words.end,
        _ => 0..0,
    }
}

/// ない, ある, いる: says only whether there is any.
pub fn is_existence(word: &Morpheme) -> bool {
    matches!(word.lemma(), "ない" | "無い" | "ある" | "いる" | "ござる" | "存在")
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
            | "おく"
            | "ござる"
            | "いたす"
            | "致す"
            | "なさる"
    )
}
