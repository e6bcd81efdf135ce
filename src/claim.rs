//! Claims: a rule's pattern holds in a sentence. Whether the claim stands is the verdict's matter.

pub mod antecedent;

use std::collections::HashMap;

use self::antecedent::Antecedent;
use crate::anchor::Seen;
use crate::document::BlockIx;
use crate::morpheme::{Class, Morpheme};
use crate::pattern::{EFFECT, Match, Part, Polarity, Reading};
use crate::ruleset::{RuleIx, Ruleset};
use crate::scene::Scene;
use crate::sentence::Sentence;
use crate::span::NormalSpan;

/// A sentence in which some patterns could hold: all they require is there.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub sentence: Sentence,
    /// Rules and numbers of their patterns, in order.
    pub patterns: Vec<(RuleIx, usize)>,
    /// What it may take up, and the patterns that could hold over both.
    pub antecedents: Vec<(Antecedent, Vec<(RuleIx, usize)>)>,
}

/// The sentences worth reading. `filtered: false` takes every sentence and every pattern; it
/// exists to prove that the filter hides nothing.
pub fn candidates(rules: &Ruleset, scene: &Scene, filtered: bool) -> Vec<Candidate> {
    let mut found = Vec::new();
    if !filtered {
        for block in 0..scene.document.blocks.len() {
            let sentences = scene.sentences(block).iter();
            found.extend(sentences.map(|&sentence| {
                let hits = |s: Sentence| -> Vec<u32> {
                    let mut hits = Vec::new();
                    rules.prefilter.scan(scene.normal.slice(s.span), |anchor, _| hits.push(anchor));
                    hits
                };
                let own = hits(sentence);
                let taken = antecedent::of(scene, sentence).into_iter().map(|a| {
                    let patterns = shared(rules, scene, sentence, a, &own, &hits(a.sentence), &mut Sight::default());
                    (a, patterns)
                });
                let antecedents = taken.filter(|(_, patterns)| !patterns.is_empty()).collect();
                Candidate { sentence, patterns: rules.patterns.clone(), antecedents }
            }));
        }
        return found;
    }
    let mut hits = Hits::default();
    let mut open: Option<BlockIx> = None;
    let mut here: Vec<(u32, u32)> = Vec::new();
    rules.prefilter.scan(scene.normal.text(), |anchor, at| {
        let inside = open.is_some_and(|block| at < scene.normal.block(block).end);
        if !inside {
            if let Some(block) = open {
                in_block(rules, scene, block, std::mem::take(&mut here), &mut hits, &mut found);
            }
            open = Some(scene.normal.block_at(at));
        }
        here.push((at, anchor));
    });
    if let Some(block) = open {
        in_block(rules, scene, block, here, &mut hits, &mut found);
    }
    found
}

/// The anchors found so far: where each begins, and its number.
#[derive(Default)]
struct Hits {
    by_block: HashMap<BlockIx, Vec<(u32, u32)>>,
    seen: Sight,
}

/// What is seen of a sentence with its antecedent, and of the antecedent alone.
#[derive(Default)]
struct Sight {
    both: Seen,
    theirs: Seen,
}

impl Hits {
    fn of(&self, sentence: Sentence) -> &[(u32, u32)] {
        let Some(hits) = self.by_block.get(&sentence.block) else { return &[] };
        let from = hits.partition_point(|&(at, _)| at < sentence.span.start);
        let upto = hits.partition_point(|&(at, _)| at < sentence.span.end);
        &hits[from..upto]
    }
}

fn in_block(
    rules: &Ruleset,
    scene: &Scene,
    block: BlockIx,
    mut here: Vec<(u32, u32)>,
    hits: &mut Hits,
    found: &mut Vec<Candidate>,
) {
    let category = scene.category_of(block);
    let applies = |&at: &u32| rules.rule(rules.patterns[at as usize].0).applies_to(category);
    here.sort_unstable();
    hits.by_block.insert(block, here);
    let mut seen = std::mem::take(&mut hits.seen);
    // What a block and all it may take up from over it cannot make together, no sentence of it can.
    let over = antecedent::over(scene, block);
    let together = std::iter::once(block).chain(over).filter_map(|b| hits.by_block.get(&b)).flatten();
    if !rules.prefilter.met(together.map(|&(_, anchor)| anchor), &mut seen.both).iter().any(applies) {
        hits.seen = seen;
        return;
    }
    for &sentence in scene.sentences(block) {
        let own = hits.of(sentence);
        if own.is_empty() {
            continue;
        }
        let own: Vec<u32> = own.iter().map(|&(_, anchor)| anchor).collect();
        let met = rules.prefilter.met(own.iter().copied(), &mut seen.both);
        let patterns: Vec<_> = met.into_iter().filter(applies).map(|p| rules.patterns[p as usize]).collect();
        let mut antecedents = Vec::new();
        for antecedent in antecedent::of(scene, sentence) {
            let theirs: Vec<u32> = hits.of(antecedent.sentence).iter().map(|&(_, anchor)| anchor).collect();
            let shared = shared(rules, scene, sentence, antecedent, &own, &theirs, &mut seen);
            if !shared.is_empty() {
                antecedents.push((antecedent, shared));
            }
        }
        if !patterns.is_empty() || !antecedents.is_empty() {
            found.push(Candidate { sentence, patterns, antecedents });
        }
    }
    hits.seen = seen;
}

/// A sentence that names nothing but an object is no longer than this, in bytes.
const SHORT: usize = 90;

/// The patterns that could hold over a sentence and its antecedent, which has something that they ask
/// for, unless the sentence is short enough to be all that they speak of.
fn shared(
    rules: &Ruleset,
    scene: &Scene,
    sentence: Sentence,
    antecedent: Antecedent,
    own: &[u32],
    theirs: &[u32],
    seen: &mut Sight,
) -> Vec<(RuleIx, usize)> {
    if own.is_empty() || theirs.is_empty() {
        return Vec::new();
    }
    let category = scene.category_of(antecedent.sentence.block);
    let short = sentence.span.len() <= SHORT;
    let met = rules.prefilter.met(own.iter().chain(theirs).copied(), &mut seen.both);
    rules.prefilter.mark(theirs.iter().copied(), &mut seen.theirs);
    met.into_iter()
        .filter(|&p| short || rules.prefilter.asks_for(p, &seen.theirs))
        .map(|p| rules.patterns[p as usize])
        .filter(|&(rule, _)| rules.rule(rule).applies_to(category))
        // Only of relations can one half stand elsewhere.
        .filter(|&(rule, pattern)| rules.rule(rule).find[pattern].is_relation())
        .collect()
}

/// Something a sentence says that a rule is about.
#[derive(Clone, Debug)]
pub struct Claim {
    pub rule: RuleIx,
    pub sentence: Sentence,
    /// From the first to the last word of object and effect.
    pub span: NormalSpan,
    /// The same with the endings of its predicate: for quoting, not for underlining.
    pub said: NormalSpan,
    /// The effect alone; the whole where a pattern names none.
    pub effect: NormalSpan,
    pub parts: Vec<Part>,
    /// What it is said of, where another sentence names that.
    pub taken_up: Vec<NormalSpan>,
    pub polarity: Polarity,
}

impl Claim {
    /// What is looked at for how the claim is said: its effect, or 100%の成功 as a whole where the effect is
    /// only an attribute.
    pub fn predicate(&self, reading: &Reading) -> NormalSpan {
        let between = NormalSpan { start: self.effect.end, end: self.span.end.max(self.effect.end) };
        match reading.slice(between).starts_with('の') {
            true => self.span,
            false => self.effect,
        }
    }
}

/// A span with the endings of its predicate: 消え|ます, あり|ません.
fn with_endings(reading: &Reading, mut span: NormalSpan) -> NormalSpan {
    let from = reading.words.partition_point(|w| w.span.end <= span.end);
    for word in &reading.words[from..] {
        let ending =
            matches!(word.class(), Class::Auxiliary | Class::HelperVerb | Class::HelperAdjective | Class::Connective);
        let other = matches!(word.lemma(), "だ" | "が" | "から" | "ので" | "けど" | "し");
        if word.span.start != span.end || !(ending || word.lemma() == "する") || other {
            break;
        }
        span.end = word.span.end;
    }
    span
}

/// The claims that one of a rule's patterns makes in a sentence: one for each effect.
pub fn confirm(rules: &Ruleset, reading: &Reading, sentence: Sentence, rule: RuleIx, pattern: usize) -> Vec<Claim> {
    let found = rules.rule(rule).find[pattern].find(&rules.vocabulary, reading);
    found
        .into_iter()
        .map(|mut m| {
            whole_word(reading, &mut m);
            let effect = m.parts.iter().find(|p| &*p.name == EFFECT).map_or(m.span, |p| p.span);
            Claim {
                rule,
                sentence,
                span: m.span,
                said: with_endings(reading, m.span),
                effect,
                parts: m.parts,
                taken_up: Vec::new(),
                polarity: m.polarity,
            }
        })
        .filter(|claim| !leads_auxiliary(reading, claim))
        .collect()
}

/// 生まれ変わろ|う, 治っ|て: a form that cannot stand alone takes its ending along.
fn whole_word(reading: &Reading, m: &mut Match) {
    let Some(next) = reading.words.get(m.words.end).filter(|w| w.span.start == m.span.end) else { return };
    let volition = matches!(next.lemma(), "う" | "よう") && next.class() == Class::Auxiliary;
    let contracted =
        reading.slice(m.span).ends_with(['っ', 'ん']) && matches!(next.class(), Class::Auxiliary | Class::Connective);
    if volition || contracted {
        for part in m.parts.iter_mut().filter(|p| p.span.end == m.span.end) {
            part.span.end = next.span.end;
        }
        m.span.end = next.span.end;
        m.words.end += 1;
    }
}

/// 目立たなくなる is not なくなる: an effect does not begin with an ending of the word before.
fn leads_auxiliary(reading: &Reading, claim: &Claim) -> bool {
    let word = reading.word_at(claim.effect.start);
    // 解消できる: an ability of the noun before.
    let ability = |w: &Morpheme| matches!(w.lemma(), "できる" | "出来る");
    let noun_before = word > 0 && matches!(reading.words[word - 1].class(), Class::VerbalNoun);
    if noun_before && reading.words.get(word).is_some_and(ability) && claim.effect != claim.span {
        return true;
    }
    reading.words.get(word).is_some_and(|w| {
        matches!(w.class(), Class::Auxiliary | Class::HelperVerb | Class::HelperAdjective)
            && w.span.start == claim.effect.start
            && word > 0
            && reading.words[word - 1].span.end == w.span.start
            && !reading.words[word - 1].class().is_punctuation()
            && claim.effect != claim.span
    })
}

/// Keeps, of claims of one rule on the same effect, the one that says most.
pub fn merge(claims: &mut Vec<Claim>) {
    claims.sort_by_key(|c| (c.rule, c.effect.start, std::cmp::Reverse(c.span.len()), c.span.start));
    // 効果は100% and 効果は100%保証: effects side by side are one.
    let same = |a: &Claim, b: &Claim| a.effect.overlaps(b.effect) || a.effect.end == b.effect.start;
    claims.dedup_by(|b, a| {
        let merged = a.rule == b.rule && same(a, b);
        if merged && b.span.covers(a.span) {
            std::mem::swap(a, b);
        }
        merged
    });
    claims.sort_by_key(|c| (c.span.start, c.span.end, c.rule));
}

/// Puts claims in the order of the page, and makes one of those that take up several objects, or of
/// which one names its own.
pub fn gather<V>(claims: &mut Vec<(Claim, V)>) {
    claims.sort_by_key(|(c, _)| (c.sentence.span.start, c.span.start, c.span.end, c.rule, c.taken_up.clone()));
    let mut kept: Vec<(Claim, V)> = Vec::with_capacity(claims.len());
    for (claim, verdict) in claims.drain(..) {
        let same = |(other, _): &&mut (Claim, V)| {
            other.rule == claim.rule && other.sentence == claim.sentence && other.effect.overlaps(claim.effect)
        };
        match kept.iter_mut().rev().take(16).find(same).filter(|_| !claim.taken_up.is_empty()) {
            Some((other, _)) if !other.taken_up.is_empty() => {
                other.taken_up.extend(claim.taken_up);
                other.taken_up.sort_unstable();
                other.taken_up.dedup();
            }
            Some(_) => {}
            None => kept.push((claim, verdict)),
        }
    }
    *claims = kept;
}
