//! What a sentence leaves unsaid because it has just been said: シミは消えない？ いいえ、消えます; a
//! heading シミ and 薄くなります under it; a heading 消えたもの and シミ in its list.

use crate::bunsetsu::{Bunsetsu, Kind, Link, Pause, is_support};
use crate::document::{BlockIx, BlockKind};
use crate::morpheme::Class;
use crate::pattern::{Match, Reading};
use crate::ruleset::{RuleIx, Ruleset};
use crate::scene::Scene;
use crate::sentence::Sentence;
use crate::span::NormalSpan;

use super::{Claim, with_endings};

/// A sentence that another may take up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Antecedent {
    pub sentence: Sentence,
    /// It stands over what takes it up: a heading, what introduces a list, the first cell of a row.
    pub over: bool,
}

/// Sentences before one that it may take up.
const BACK: usize = 2;

/// What a sentence may take up: the one before it in its block, or what its block stands under.
pub fn of(scene: &Scene, sentence: Sentence) -> Vec<Antecedent> {
    // ？ does not end a sentence, but a question may name what its answer leaves unsaid.
    let text = scene.normal.slice(sentence.span).trim_end_matches(['?', '!', '。', '」', '』', ')', ' ']);
    let itself = text.contains(['?', '!']).then_some(Antecedent { sentence, over: false });
    let sentences = scene.sentences(sentence.block);
    let at = sentences.partition_point(|s| s.span.start < sentence.span.start);
    if at > 0 {
        let before = sentences[at.saturating_sub(BACK)..at].iter().rev();
        return itself.into_iter().chain(before.map(|&sentence| Antecedent { sentence, over: false })).collect();
    }
    let last = |b: BlockIx| scene.sentences(b).last().map(|&sentence| Antecedent { sentence, over: true });
    itself.into_iter().chain(over(scene, sentence.block).into_iter().filter_map(last)).collect()
}

/// What a block stands under: its heading, what introduces it, the first cell of its row.
pub fn over(scene: &Scene, block: BlockIx) -> Vec<BlockIx> {
    let content = &scene.document.blocks[block];
    let mut over: Vec<BlockIx> = [content.lead, content.row, content.heading].into_iter().flatten().collect();
    over.retain(|&b| b < block);
    over.sort_unstable();
    over.dedup();
    over
}

/// The claims that a sentence makes together with its antecedent.
pub fn claims(
    rules: &Ruleset,
    scene: &Scene,
    sentence: Sentence,
    antecedent: Antecedent,
    patterns: &[(RuleIx, usize)],
) -> Vec<Claim> {
    let mut claims = Vec::new();
    let there = scene.reading(antecedent.sentence);
    let follows = antecedent.sentence.span.end == sentence.span.start;
    for &(rule, pattern) in patterns {
        let pattern = &rules.rule(rule).find[pattern];
        let objects = |reading: &Reading| pattern.objects(&rules.vocabulary, reading).into_iter();
        let effects = |reading: &Reading| pattern.effects(&rules.vocabulary, reading).into_iter();
        let topics: Vec<Match> = objects(&there).filter(|o| is_topic(&there, o, antecedent.over)).collect();
        let said: Vec<Match> = match antecedent.over {
            true => effects(&there).filter(|e| is_said_of_list(scene, &there, e)).collect(),
            false if follows => {
                effects(&there).filter(|e| is_said_alone(&there, e) && ends_sentence(scene, &there, e)).collect()
            }
            false => Vec::new(),
        };
        // Most sentences give nothing to take up; then what follows them need not be read.
        if topics.is_empty() && said.is_empty() {
            continue;
        }
        let here = scene.reading(sentence);
        // 消えます, said of シミ before.
        for effect in effects(&here).filter(|e| is_said_alone(&here, e)) {
            let before = |o: &&Match| o.span.end <= clause_start(&here, &effect);
            let objects = topics.iter().filter(|o| antecedent.sentence != sentence || before(o));
            claims.extend(claim(&here, sentence, rule, &effect, objects.map(|o| o.span)));
        }
        // なくなるんです。あの深いほうれい線が。 Or シミ, of which 消えたもの is said above.
        let names = match antecedent.over {
            true => is_list(scene, sentence) && is_bare(&here),
            false => is_afterthought(&here),
        };
        let last = here.phrases.len().saturating_sub(1);
        let is_named = |o: &Match| match antecedent.over {
            true => is_topic(&here, o, true),
            false => here.phrase_of(o.words.end - 1) == last,
        };
        if names {
            for effect in &said {
                let objects = objects(&here).filter(is_named).map(|o| o.span);
                claims.extend(claim(&there, antecedent.sentence, rule, effect, objects));
            }
        }
    }
    claims
}

fn claim(
    reading: &Reading,
    sentence: Sentence,
    rule: RuleIx,
    effect: &Match,
    objects: impl Iterator<Item = NormalSpan>,
) -> Option<Claim> {
    let taken_up: Vec<_> = objects.collect();
    (!taken_up.is_empty()).then(|| Claim {
        rule,
        sentence,
        span: effect.span,
        said: with_endings(reading, effect.span),
        effect: effect.span,
        parts: effect.parts.clone(),
        taken_up,
        polarity: effect.polarity,
    })
}

fn is_list(scene: &Scene, sentence: Sentence) -> bool {
    let block = &scene.document.blocks[sentence.block];
    matches!(block.kind, BlockKind::Item | BlockKind::Cell | BlockKind::Paragraph)
}

/// Where the clause of an effect begins, after the last stop.
fn clause_start(reading: &Reading, effect: &Match) -> u32 {
    let phrases = &reading.phrases[..reading.phrase_of(effect.words.start)];
    let stop = phrases.iter().rposition(|p| p.pause == Pause::Stop);
    stop.map_or(0, |at| reading.words[phrases[at].words.end - 1].span.end)
}

/// A noun alone, whatever modifies it: あの深いほうれい線が; 三年も悩んだ、背中のニキビ.
fn is_afterthought(reading: &Reading) -> bool {
    let Some((last, before)) = reading.phrases.split_last() else { return false };
    // With が or を it is clear what it is; then it may say when and how, too.
    let marked = matches!(last.link, Link::Subject | Link::Object);
    let modifies = |p: &Bunsetsu| match p.kind {
        Kind::Predicate => p.link == Link::Plain || (marked && p.link == Link::Continues),
        Kind::Nominal => {
            matches!(p.link, Link::Genitive | Link::Parallel | Link::Also | Link::Bare)
                || (marked && p.link == Link::Oblique)
        }
        _ => true,
    };
    last.is_nominal()
        && matches!(last.link, Link::Subject | Link::Object | Link::Bare | Link::Final)
        && before.iter().all(modifies)
}

/// Whether only endings follow an effect in its sentence: なくなるんです.
fn ends_sentence(scene: &Scene, reading: &Reading, effect: &Match) -> bool {
    let tail = scene.tail(reading, effect.span);
    reading.words[tail.end.max(effect.words.end)..].iter().all(|w| w.class().is_punctuation())
}

/// Only nouns.
fn is_bare(reading: &Reading) -> bool {
    reading.phrases.iter().all(|p| !p.is_predicate())
}

fn phrase<'r>(reading: &'r Reading, word: usize) -> (usize, &'r Bunsetsu) {
    let at = reading.phrase_of(word);
    (at, &reading.phrases[at])
}

/// Whether an effect is the predicate of its clause, and names nothing that it is said of.
fn is_said_alone(reading: &Reading, effect: &Match) -> bool {
    let (first, begins) = phrase(reading, effect.words.start);
    let (last, ends) = phrase(reading, effect.words.end - 1);
    if begins.words.start != effect.words.start || !(ends.is_predicate() || reading.phrases.len() == 1) {
        return false;
    }
    let mut before = reading.phrases[..first].iter().rev().take_while(|p| p.pause != Pause::Stop).enumerate();
    let named = before.any(|(distance, p)| {
        let argument = p.is_nominal()
            && !reading.is_time(p)
            && matches!(
                p.link,
                Link::Subject | Link::Object | Link::Topic | Link::Also | Link::Genitive | Link::Parallel
            );
        let leans = p.is_nominal() && p.link == Link::Bare && p.pause == Pause::None;
        // 見違えるほど…: a clause that modifies what follows it
        let clause = p.is_predicate() && p.link == Link::Plain;
        argument || (distance == 0 && (leans || clause))
    });
    let next = reading.phrases.get(last + 1);
    let modifies = next.is_some_and(|n| {
        ends.link == Link::Plain
            && ends.pause == Pause::None
            && n.kind != Kind::Formal
            && reading.words[n.head].class().is_nominal()
    });
    // 防ぐことが大切です: advice, as 防ぎましょう is.
    let weighed = next.is_some_and(|n| {
        n.kind == Kind::Formal
            && matches!(n.link, Link::Subject | Link::Topic | Link::Object)
            && !reading.phrases.get(last + 2).is_some_and(|p| is_support(&reading.words[p.words.start]))
    });
    let advised = ends
        .words
        .clone()
        .any(|w| reading.words[w].class() == Class::Auxiliary && matches!(reading.words[w].lemma(), "う" | "よう"));
    !(named || modifies || weighed || advised) && goes_on_alone(reading, last)
}

/// Whether nothing after the predicate in its sentence could be what it is said of: 消えた、文字が.
fn goes_on_alone(reading: &Reading, last: usize) -> bool {
    let here = &reading.phrases[last];
    here.pause >= Pause::Comma
        || reading.phrases[last + 1..].iter().take_while(|p| p.pause < Pause::Stop).all(|p| {
            p.kind == Kind::Formal
                || p.is_predicate()
                || matches!(p.kind, Kind::Adverbial | Kind::Other | Kind::Modifier)
        })
}

/// 消えたもの, 改善できる悩み, 消えました: an effect whose objects a list may name.
fn is_said_of_list(scene: &Scene, reading: &Reading, effect: &Match) -> bool {
    let (first, begins) = phrase(reading, effect.words.start);
    let (last, ends) = phrase(reading, effect.words.end - 1);
    if begins.words.start != effect.words.start || !ends.is_predicate() {
        return false;
    }
    let own = reading.phrases[..first]
        .iter()
        .any(|p| p.is_nominal() && matches!(p.link, Link::Subject | Link::Object | Link::Also | Link::Genitive));
    let rest = &reading.phrases[last + 1..];
    let carried = match rest {
        [] => matches!(ends.link, Link::Plain | Link::Final),
        // 消えたもの; 改善する 肌悩み
        [.., noun] => {
            ends.link == Link::Plain
                && rest.iter().all(|p| p.is_nominal() || p.kind == Kind::Formal)
                && (noun.kind == Kind::Formal
                    || scene.carries(reading, noun.head)
                    || scene.stands_for(reading, noun.head))
                && !matches!(noun.link, Link::Subject | Link::Object)
        }
    };
    !own && carried
}

/// Whether an object is what its sentence is about.
fn is_topic(reading: &Reading, object: &Match, over: bool) -> bool {
    let (at, here) = phrase(reading, object.words.end - 1);
    let heads = (object.words.end..=here.head).all(|w| {
        matches!(
            reading.words[w].class(),
            Class::Suffix | Class::Close | Class::Open | Class::Symbol | Class::Number | Class::Counter
        )
    });
    let last = at + 1 == reading.phrases.len();
    let stands = match here.link {
        Link::Subject | Link::Topic | Link::Object | Link::Also => true,
        // シミ、どうしたの？
        Link::Bare if here.pause >= Pause::Comma => true,
        Link::Bare | Link::Final | Link::Parallel => {
            (last || over || here.pause >= Pause::Comma) && (over || is_bare(reading))
        }
        _ => last && here.is_nominal() && is_bare(reading),
    };
    // くすみが気になる朝に: said of what follows, not of the object; 気になる方に is as good as the object.
    let aside = !over
        && reading.phrases[at + 1..].windows(2).take_while(|pair| pair[0].pause == Pause::None).any(|pair| {
            pair[0].is_predicate()
                && pair[0].link == Link::Plain
                && pair[1].is_nominal()
                && pair[1].kind != Kind::Formal
        });
    heads && stands && here.is_nominal() && !aside
}
