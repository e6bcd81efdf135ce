//! What happened at one place: how the sentence there was read, which rules saw it, and why each
//! claim stands or does not. Good enough to debug a rule with, and to show why there is silence.

use serde::Serialize;

use crate::bunsetsu::{Bunsetsu, Kind, Link};
use crate::claim::{self, Claim};
use crate::diagnostic::{self, Diagnostic};
use crate::document::{Format, Origin};
use crate::engine::{self, Brief, Levels, Page};
use crate::morpheme::Analyzer;
use crate::note::Notes;
use crate::pattern::{OBJECT, Reading};
use crate::product::Category;
use crate::rule::Severity;
use crate::ruleset::{RuleIx, Ruleset};
use crate::scene::Scene;
use crate::sentence::Sentence;
use crate::source::{Position, Source};
use crate::span::{NormalSpan, Span};
use crate::suppression::{self, Suppressed};
use crate::verdict::{self, Ground, Reason, Remark, Verdict};

/// A sentence, how it was read, and what came of it.
#[derive(Debug, Serialize)]
pub struct Inspection {
    pub sentence: String,
    pub start: Position,
    #[serde(serialize_with = "origin")]
    pub origin: Origin,
    pub category: Category,
    /// The headings it stands under, nearest first.
    pub headings: Vec<String>,
    /// What introduces its block: the header of its column, the paragraph before its list.
    pub leads: Vec<String>,
    /// Kinds of product it is about, as far as the page says.
    pub products: Vec<String>,
    /// The page is about something else: nothing on it is weighed.
    pub elsewhere: bool,
    pub phrases: Vec<Phrase>,
    /// Rules whose words are there, though they see no claim.
    pub considered: Vec<Considered>,
    pub claims: Vec<Weighed>,
}

/// A phrase and how it leans on what follows.
#[derive(Debug, Serialize)]
pub struct Phrase {
    pub text: String,
    pub kind: Kind,
    pub link: Link,
    pub words: Vec<Word>,
}

#[derive(Debug, Serialize)]
pub struct Word {
    pub surface: String,
    pub lemma: String,
    pub detail: String,
}

/// A rule that has its words in the sentence but no claim.
#[derive(Debug, Serialize)]
pub struct Considered {
    pub rule: String,
    pub title: String,
    /// It does not hold for this category.
    pub other_category: bool,
}

/// A claim and what became of it.
#[derive(Debug, Serialize)]
pub struct Weighed {
    pub rule: String,
    pub title: String,
    pub text: String,
    pub parts: Vec<Part>,
    /// What follows the effect and was searched for how it is said.
    pub tail: String,
    pub outcome: Outcome,
}

#[derive(Debug, Serialize)]
pub struct Part {
    pub name: String,
    pub text: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Reported by itself, or along with a rule that says more.
    Reported {
        severity: Severity,
        with: Option<String>,
        remarks: Vec<Remark>,
        /// Why somebody accepted it in a comment; it is not shown then.
        accepted: Option<String>,
        /// The rule is off; nothing is shown then.
        off: bool,
    },
    Dismissed {
        reasons: Vec<Evidence>,
    },
}

/// A reason and the words that show it.
#[derive(Debug, Serialize)]
pub struct Evidence {
    pub ground: Ground,
    pub id: String,
    pub title: String,
    pub text: String,
    pub start: Position,
    /// They stand in another sentence.
    pub outside: bool,
}

fn origin<S: serde::Serializer>(origin: &Origin, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(origin.name())
}

/// Looks at the sentence at an offset of the source; `None` where there is no visible text.
pub fn inspect(
    rules: &Ruleset,
    analyzer: &mut Analyzer,
    source: &Source,
    format: Format,
    brief: &Brief,
    offset: u32,
) -> Option<Inspection> {
    let page = Page::read(rules, source, format, brief);
    let at = page.normal.from_source(offset)?;
    let scene = page.scene(rules, source, analyzer);
    let notes = Notes::new(&page.normal, &page.document);
    let block = page.normal.block_at(at);
    let sentence = *scene.sentences(block).iter().find(|s| s.span.start <= at && at < s.span.end)?;

    let candidates = claim::candidates(rules, &scene, true);
    let seen: Vec<RuleIx> = candidates
        .iter()
        .filter(|c| c.sentence == sentence)
        .flat_map(|c| c.patterns.iter().map(|&(rule, _)| rule))
        .collect();
    let elsewhere = !candidates.is_empty() && engine::is_elsewhere(rules, &scene);
    let weighed = engine::weigh(rules, &scene, &notes, candidates);
    let found = engine::findings(rules, &scene, &weighed, &brief.levels);
    let diagnostics = diagnostic::settle(found.clone()).into_iter().map(|(diagnostic, _)| diagnostic).collect();
    let directives = &page.document.directives;
    let accepted = suppression::apply(rules, source, directives, found, brief.today, |_| true).suppressed;
    let settled = Settled { diagnostics, accepted, levels: &brief.levels };
    let here: Vec<&(Claim, Verdict)> = weighed.iter().filter(|(claim, _)| claim.sentence == sentence).collect();

    let category = scene.category_of(block);
    let mut considered: Vec<Considered> = Vec::new();
    for rule in seen {
        let known = considered.iter().any(|c| c.rule == rules.rule(rule).id);
        if !known && !here.iter().any(|(claim, _)| claim.rule == rule) {
            let rule = rules.rule(rule);
            let (id, title) = (rule.id.clone(), rule.title.clone());
            considered.push(Considered { rule: id, title, other_category: !rule.applies_to(category) });
        }
    }
    let reading = scene.reading(sentence);
    let text_of = |block: usize| visible(&scene, block, scene.normal.block(block)).trim().to_owned();
    Some(Inspection {
        sentence: visible(&scene, block, sentence.span).trim().to_owned(),
        start: source.position(page.normal.to_source(sentence.span).start),
        origin: page.document.blocks[block].origin,
        category,
        headings: page.document.headings(block).map(text_of).collect(),
        leads: page.document.leads(block).chain(page.document.blocks[block].row).map(text_of).collect(),
        products: verdict::kinds(rules, &scene, sentence).to_vec(),
        elsewhere,
        phrases: reading.phrases.iter().map(|p| phrase(&reading, scene.normal.text(), p)).collect(),
        considered,
        claims: here
            .into_iter()
            .map(|(claim, verdict)| described(rules, &scene, &reading, claim, verdict, &settled))
            .collect(),
    })
}

fn visible(scene: &Scene, block: usize, span: NormalSpan) -> String {
    diagnostic::visible(scene.source, &scene.document.blocks[block], scene.normal.to_source(span))
}

fn phrase(reading: &Reading, text: &str, phrase: &Bunsetsu) -> Phrase {
    let words = reading.words[phrase.words.clone()].iter().map(|w| Word {
        surface: w.surface(text).to_owned(),
        lemma: w.lemma().to_owned(),
        detail: w.word.detail.to_string(),
    });
    let words: Vec<Word> = words.collect();
    Phrase { text: words.iter().map(|w| w.surface.as_str()).collect(), kind: phrase.kind, link: phrase.link, words }
}

/// What became of the claims of the page.
struct Settled<'a> {
    diagnostics: Vec<Diagnostic>,
    accepted: Vec<Suppressed>,
    levels: &'a Levels,
}

impl Settled<'_> {
    fn accepted_because(&self, rule: RuleIx, span: Span) -> Option<String> {
        let suppressed = self.accepted.iter().find(|s| s.diagnostic.rule == rule && s.diagnostic.span == span)?;
        Some(suppressed.acceptance.reason.clone())
    }
}

fn described(
    rules: &Ruleset,
    scene: &Scene,
    reading: &Reading,
    claim: &Claim,
    verdict: &Verdict,
    settled: &Settled,
) -> Weighed {
    let block = claim.sentence.block;
    let show = |span| visible(scene, block, span);
    let rule = rules.rule(claim.rule);
    let tail = scene.tail(reading, claim.predicate(reading));
    let outcome = match verdict {
        Verdict::Stands { severity, remarks } => Outcome::Reported {
            severity: *severity,
            with: reported_with(scene, claim, &settled.diagnostics).map(|ix| rules.rule(ix).id.clone()),
            remarks: remarks.clone(),
            accepted: settled.accepted_because(claim.rule, scene.normal.to_source(claim.span)),
            off: settled.levels.get(&claim.rule) == Some(&None),
        },
        Verdict::Dismissed(reasons) => {
            Outcome::Dismissed { reasons: reasons.iter().map(|r| evidence(scene, claim.sentence, r)).collect() }
        }
    };
    Weighed {
        rule: rule.id.clone(),
        title: rule.title.clone(),
        text: show(claim.span),
        parts: claim
            .taken_up
            .iter()
            .map(|&object| (OBJECT, visible(scene, scene.normal.block_at(object.start), object)))
            .chain(claim.parts.iter().map(|p| (&*p.name, show(p.span))))
            .map(|(name, text)| Part { name: name.to_owned(), text })
            .collect(),
        tail: reading.words[tail]
            .iter()
            .filter(|w| !w.class().is_punctuation())
            .map(|w| w.surface(scene.normal.text()))
            .collect(),
        outcome,
    }
}

/// The rule in whose finding a claim of another rule is told.
fn reported_with(scene: &Scene, claim: &Claim, diagnostics: &[Diagnostic]) -> Option<RuleIx> {
    let span = scene.normal.to_source(claim.span);
    let along = |d: &&Diagnostic| d.span.overlaps(span) && d.also.iter().any(|&(rule, _)| rule == claim.rule);
    let alone = |d: &Diagnostic| d.span == span && d.rule == claim.rule;
    if diagnostics.iter().any(alone) { None } else { diagnostics.iter().find(along).map(|d| d.rule) }
}

fn evidence(scene: &Scene, sentence: Sentence, reason: &Reason) -> Evidence {
    let block = scene.normal.block_at(reason.evidence.start);
    let span = scene.normal.to_source(reason.evidence);
    Evidence {
        ground: reason.ground,
        id: reason.id.clone(),
        title: reason.title.clone(),
        text: visible(scene, block, reason.evidence),
        start: scene.source.position(span.start),
        outside: !sentence.span.covers(reason.evidence),
    }
}
