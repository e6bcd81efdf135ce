//! 対象 → 作用: whether an effect is said of an object, in whatever order and construction.
//!
//! Three ways to stand together: in one compound (シミ消し), the object before the effect
//! (シミは三日で跡形もなく消える), the effect before the object (消えるシミ). Between the two there
//! may be anything that does not take the object away: adverbs, other cases, clauses that go on.
//! A noun with a claim of its own to the effect (価格表示が消える) ends the search.

use std::ops::Range;

use super::matching::Match;
use super::vocabulary::{Valence, Vocabulary};
use super::{OBJECT, Reading};
use crate::bunsetsu::{Bunsetsu, Kind, Link, Pause, ends_in_copula, is_existence, is_support};
use crate::morpheme::{Class, Form};

/// Phrases between the two sides, at most: keeps long sentences linear.
const REACH: usize = 24;

/// The group of nouns that bear what is said of their owner: シミの悩み, シミの元. Data, by this name.
pub const BEARERS: &str = "担い手";

/// Pairs effects with their objects: one match for each effect that has any.
pub(super) fn join(objects: &[Match], effects: Vec<Match>, vocabulary: &Vocabulary, reading: &Reading) -> Vec<Match> {
    if objects.is_empty() {
        return Vec::new();
    }
    let carriers = Marks::of_group(BEARERS, vocabulary, reading);
    let scene = Scene { reading, objects: Marks::of_matches(objects, reading), carriers, quotes: quotes(reading) };
    let mut joined = Vec::new();
    for effect in effects {
        let mut held: Option<Match> = None;
        for object in objects.iter().filter(|o| !o.span.overlaps(effect.span)) {
            if !scene.related(object, &effect) {
                continue;
            }
            let held = held.get_or_insert_with(|| effect.clone());
            held.span = held.span.union(object.span);
            held.words = held.words.start.min(object.words.start)..held.words.end.max(object.words.end);
            held.parts.extend(object.parts.iter().cloned());
        }
        if let Some(mut held) = held {
            held.parts.sort_by_key(|p| (p.span, p.name != OBJECT.into()));
            joined.push(held);
        }
    }
    joined
}

/// Marks on the words of a sentence.
struct Marks(Vec<bool>);

impl Marks {
    fn of_matches(matches: &[Match], reading: &Reading) -> Self {
        let mut marks = vec![false; reading.words.len()];
        for m in matches {
            marks[m.words.clone()].fill(true);
        }
        Self(marks)
    }

    fn of_group(name: &str, vocabulary: &Vocabulary, reading: &Reading) -> Self {
        let mut marks = vec![false; reading.words.len()];
        for (range, word) in reading.found() {
            if vocabulary.in_group(name, word) {
                marks[range].fill(true);
            }
        }
        Self(marks)
    }

    fn has(&self, word: usize) -> bool {
        self.0[word]
    }
}

struct Scene<'a> {
    reading: &'a Reading<'a>,
    objects: Marks,
    carriers: Marks,
    /// Quotations, as ranges of words from mark to mark.
    quotes: Vec<Range<usize>>,
}

/// The quotations of a sentence, nested ones too.
fn quotes(reading: &Reading) -> Vec<Range<usize>> {
    let mut open = Vec::new();
    let mut quotes = Vec::new();
    for (at, word) in reading.words.iter().enumerate() {
        match word.surface(reading.text) {
            "「" | "『" | "“" => open.push(at),
            "」" | "』" | "”" => quotes.extend(open.pop().map(|start| start..at)),
            _ => {}
        }
    }
    quotes
}

impl Scene<'_> {
    fn related(&self, object: &Match, effect: &Match) -> bool {
        let (last, first) = (object.words.end - 1, effect.words.start);
        let (a, b) = (self.reading.phrase_of(last), self.reading.phrase_of(first));
        if !self.same_quote(object, effect) {
            return false;
        }
        // An effect of several phrases (薄く なる) is reached at its first.
        if a == b {
            return self.compound(object, effect);
        }
        if a < b { b - a <= REACH && self.forward(object, effect, a, b) } else { self.backward(object, effect, a) }
    }

    /// Object and effect are in the same quotation, or the quotation holds one of them alone: 「シミ」が消える.
    fn same_quote(&self, object: &Match, effect: &Match) -> bool {
        self.quotes.iter().all(|quote| {
            let holds = |m: &Match| quote.start < m.words.start && m.words.end <= quote.end;
            holds(object) == holds(effect)
                || self.reading.words[quote.clone()]
                    .iter()
                    .all(|w| !matches!(w.class(), Class::Verb | Class::Adjective))
        })
    }

    fn phrase(&self, at: usize) -> &Bunsetsu {
        &self.reading.phrases[at]
    }

    /// シミ消し, 毛穴レス, 脱シミ
    fn compound(&self, object: &Match, effect: &Match) -> bool {
        if object.span.start < effect.span.start {
            return true;
        }
        let word = &self.reading.words[effect.words.end - 1];
        effect.span.end == object.span.start
            && (word.class() == Class::Prefix
                || (word.class().is_nominal() && self.reading.slice(effect.span).chars().count() == 1))
    }

    /// Whether the object is the head of its phrase, or only such words follow it as leave it the topic.
    fn heads(&self, object: &Match, phrase: &Bunsetsu) -> bool {
        (object.words.end..=phrase.head).all(|w| {
            self.objects.has(w)
                || self.carriers.has(w)
                || matches!(
                    self.reading.words[w].class(),
                    Class::Suffix | Class::Number | Class::Counter | Class::Close | Class::Open | Class::Symbol
                )
        })
    }

    fn is_carrier(&self, phrase: &Bunsetsu) -> bool {
        phrase.kind == Kind::Formal || self.carriers.has(phrase.head) || self.objects.has(phrase.head)
    }

    /// Object, then effect.
    fn forward(&self, object: &Match, effect: &Match, a: usize, b: usize) -> bool {
        let here = self.phrase(a);
        let mut role = match here.kind {
            // The object's word leads a predicate itself (たるんだ).
            Kind::Predicate => Link::Bare,
            _ => here.link,
        };
        // 副作用みたいな…: a likeness is not the thing.
        let likened = here.words.clone().any(|w| self.reading.words[w].class() == Class::Likeness);
        if likened || !self.heads(object, here) {
            return false;
        }
        let mut rivals = Rivals::default();
        // A clause has ended on the way: a topic after it is a new one.
        let mut passed = false;
        // Past a stop, what has an argument of its own is not said of the object before it.
        let mut crossed = false;
        for at in a + 1..=b {
            if self.phrase(at - 1).pause == Pause::Line && matches!(role, Link::Bare | Link::Parallel) {
                return false;
            }
            if self.phrase(at - 1).pause == Pause::Stop {
                if !self.only_fragment(at - 1) {
                    return false;
                }
                crossed = true;
            }
            if at == b {
                break;
            }
            let phrase = self.phrase(at);
            if crossed && matches!(phrase.link, Link::Subject | Link::Object | Link::Topic) && !self.is_carrier(phrase)
            {
                return false;
            }
            // シミを隠すのはコンシーラー、…: the clause is complete.
            let cleft = phrase.kind == Kind::Formal
                && phrase.link == Link::Topic
                && at + 1 < b
                && self.phrase(at + 1).is_nominal()
                && self.phrase(at + 1).pause >= Pause::Comma;
            if cleft {
                return false;
            }
            match phrase.kind {
                Kind::Adverbial if role == Link::Genitive && phrase.link != Link::Adverbial => return false,
                Kind::Adverbial | Kind::Modifier | Kind::Other => {}
                Kind::Nominal | Kind::Formal => match self.meet(phrase, at, role, effect, &mut rivals) {
                    Some(next) => role = next,
                    None => return false,
                },
                Kind::Predicate => {
                    if !self.passes(at, role) {
                        return false;
                    }
                    rivals = Rivals::default();
                    passed |= phrase.pause >= Pause::Comma;
                    // シミの気になる…: の stands for が.
                    if role == Link::Genitive {
                        return false;
                    }
                }
            }
        }
        !(passed && rivals.topic) && self.reaches(role, effect, b, &rivals)
    }

    /// A noun between the two: it takes over the object's role, leaves it alone, or ends it (`None`).
    fn meet(&self, phrase: &Bunsetsu, at: usize, role: Link, effect: &Match, rivals: &mut Rivals) -> Option<Link> {
        let carrier = self.is_carrier(phrase);
        // ナイアシンアミド(整肌成分)を: what is in brackets stands for the word before.
        if self.reading.words[phrase.words.start].surface(self.reading.text) == "(" {
            return Some(if role == Link::Bare { phrase.link } else { role });
        }
        match role {
            // シミの悩み: the noun has the object's role if it only carries it.
            Link::Genitive => return carrier.then_some(phrase.link),
            // シミやシワ, シミ、くすみ
            Link::Parallel => return Some(phrase.link),
            Link::Bare
                if matches!(
                    phrase.link,
                    Link::Subject
                        | Link::Object
                        | Link::Topic
                        | Link::Also
                        | Link::Bare
                        | Link::Parallel
                        | Link::Genitive
                ) =>
            {
                let listed = self.phrase(at - 1).pause >= Pause::Space
                    || self.phrase(at - 1).words.end > self.phrase(at - 1).head + 1;
                return (carrier || listed || phrase.link == Link::Parallel).then_some(match phrase.link {
                    Link::Genitive if !carrier => Link::Bare,
                    link => link,
                });
            }
            _ => {}
        }
        if phrase.kind == Kind::Formal {
            return Some(role);
        }
        match phrase.link {
            Link::Subject if !carrier => rivals.subject = true,
            Link::Object if !carrier => rivals.object = true,
            // シミもシワも
            Link::Also if role == Link::Also => {}
            Link::Topic | Link::Also if !carrier && !self.reading.is_time(phrase) => {
                rivals.topic = true;
            }
            _ => {}
        }
        let _ = effect;
        Some(role)
    }

    /// Whether the object goes past a predicate on its way to the effect.
    fn passes(&self, at: usize, role: Link) -> bool {
        let phrase = self.phrase(at);
        match phrase.link {
            Link::Continues | Link::Adverbial | Link::Quote => true,
            // A relative clause keeps its が and を; a topic passes over it.
            Link::Plain => {
                let next = self.reading.phrases.get(at + 1);
                matches!(role, Link::Topic | Link::Also)
                    || next.is_some_and(|n| n.kind == Kind::Formal)
                    || phrase.pause == Pause::Comma
            }
            _ => matches!(role, Link::Topic),
        }
    }

    /// Whether the effect is said of what arrives.
    fn reaches(&self, role: Link, effect: &Match, b: usize, rivals: &Rivals) -> bool {
        let phrase = self.phrase(b);
        // 紫外線対策: the effect has a noun of its own in its compound.
        let own = (phrase.words.start..effect.words.start).any(|w| {
            self.reading.words[w].class() == Class::Noun
                && !self.objects.has(w)
                && !(role == Link::Genitive && self.carriers.has(w))
        });
        // わけではない: what only closes a clause is said of the clause.
        let closes =
            b > 0 && self.phrase(b - 1).kind == Kind::Formal && is_support(&self.reading.words[effect.words.start]);
        if own || closes || self.is_copula(effect) {
            return false;
        }
        if rivals.topic && role != Link::Topic && role != Link::Also {
            return false;
        }
        if rivals.object {
            return false;
        }
        if rivals.subject {
            // The rival does it to the object: 美容液がシミを消す.
            let done_to = matches!(role, Link::Object | Link::Topic | Link::Also | Link::Bare);
            if effect.valence == Valence::Intransitive || !done_to {
                return false;
            }
        }
        match role {
            // より and other comparisons do not make an object.
            Link::Oblique => !phrase.is_nominal() || effect.valence == Valence::Open,
            Link::Plain | Link::Continues | Link::Final | Link::Quote => false,
            _ => true,
        }
    }

    /// Whether an effect that says only whether there is any is part of ではない: 薬ではありません speaks of no
    /// existence.
    fn is_copula(&self, effect: &Match) -> bool {
        let (words, at) = (&self.reading.words, effect.words.start);
        is_existence(&words[at]) && ends_in_copula(words, at)
    }

    /// Whether what stands between the last stop before `at` and `at` has no predicate: シミが！消える
    fn only_fragment(&self, at: usize) -> bool {
        let mut from = at;
        while from > 0 && self.phrase(from - 1).pause != Pause::Stop {
            from -= 1;
        }
        self.reading.phrases[from..=at].iter().all(|p| !p.is_predicate())
    }

    /// Effect, then object: 消えるシミ, 消えるのはシミ, 消える！シミが
    fn backward(&self, object: &Match, effect: &Match, a: usize) -> bool {
        let b = self.reading.phrase_of(effect.words.end - 1);
        if a <= b || a - b > REACH {
            return false;
        }
        let phrase = self.phrase(b);
        // Nothing but endings may follow the effect in its phrase.
        let bare = (effect.words.end..phrase.words.end).all(|w| {
            let class = self.reading.words[w].class();
            class.is_punctuation()
                || matches!(
                    class,
                    Class::Auxiliary
                        | Class::HelperVerb
                        | Class::FinalParticle
                        | Class::Connective
                        | Class::HelperAdjective
                )
                || self.reading.words[w].lemma() == "する"
                || self.reading.words[w].lemma() == "できる"
        });
        if !phrase.is_predicate() || !bare {
            return false;
        }
        if phrase.pause >= Pause::Comma {
            return self.inverted(object, a, b);
        }
        // 消えるんです、シミが
        if let Some(closing) =
            self.reading.phrases.get(b + 1).filter(|p| p.kind == Kind::Formal && p.pause >= Pause::Comma)
            && !matches!(closing.link, Link::Topic | Link::Subject | Link::Object)
        {
            return a > b + 1 && self.inverted(object, a, b + 1);
        }
        if phrase.link != Link::Plain || self.reading.words[phrase.words.end - 1].form() == Form::Imperative {
            return false;
        }
        for at in b + 1..a {
            let between = self.phrase(at);
            let goes_on = match between.kind {
                // 消えるのはシミ
                Kind::Formal => matches!(between.link, Link::Topic | Link::Subject) && at == b + 1,
                Kind::Nominal => matches!(between.link, Link::Genitive | Link::Parallel),
                Kind::Modifier => true,
                Kind::Adverbial => between.link == Link::Genitive,
                Kind::Predicate => between.link == Link::Plain && between.pause == Pause::None,
                Kind::Other => false,
            };
            if !goes_on {
                return false;
            }
        }
        true
    }

    /// The object after the end of its sentence, alone: 消えた、シミが。
    fn inverted(&self, object: &Match, a: usize, b: usize) -> bool {
        let phrase = self.phrase(a);
        // …、シミが、このクリームで
        let rest = self.reading.phrases[a + 1..].iter().take_while(|p| p.pause < Pause::Stop);
        let ends = phrase.pause == Pause::Stop
            || self.reading.phrases.len() == a + 1
            || (phrase.pause == Pause::Comma
                && self.reading.phrases[a + 1..].iter().take(rest.count() + 1).all(|p| {
                    p.kind == Kind::Modifier
                        || p.kind == Kind::Adverbial
                        || (p.is_nominal() && matches!(p.link, Link::Oblique | Link::Genitive | Link::Also))
                }));
        let alone = (b + 1..a).all(|at| {
            let p = self.phrase(at);
            matches!(p.kind, Kind::Modifier | Kind::Adverbial)
                || (p.is_predicate() && p.link == Link::Plain)
                || (p.is_nominal() && matches!(p.link, Link::Genitive | Link::Parallel | Link::Bare | Link::Also))
        });
        ends && alone
            && self.heads(object, phrase)
            && matches!(phrase.link, Link::Subject | Link::Object | Link::Topic | Link::Also | Link::Bare)
    }
}

/// Nouns between the two that could be what the effect is said of instead.
#[derive(Default)]
struct Rivals {
    subject: bool,
    object: bool,
    topic: bool,
}
