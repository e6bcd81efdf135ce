//! A finding as a reader needs it: what is underlined, what the problem is, on which provision
//! it rests, what could be written instead.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use sha2::{Digest, Sha256};

use crate::claim::Claim;
use crate::document::{self, Block, BlockIx, BlockKind, OPAQUE, Origin};
use crate::pattern::OBJECT;
use crate::product::Category;
use crate::rule::Severity;
use crate::ruleset::{RuleIx, Ruleset};
use crate::scene::Scene;
use crate::sentence::Sentence;
use crate::source::Source;
use crate::span::{NormalSpan, Span};
use crate::verdict::{MissingPart, Remark};

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    pub rule: RuleIx,
    pub severity: Severity,
    /// In force where it stands.
    pub category: Category,
    pub span: Span,
    /// The visible text of the span, without markup.
    pub text: String,
    pub parts: Vec<(String, Span)>,
    pub message: String,
    pub remarks: Vec<Remark>,
    /// Rules that see the same words and say less.
    pub also: Vec<(RuleIx, Severity)>,
    /// What of the page it stands in.
    pub origin: Origin,
    /// The heading it stands under, or is itself: text and place.
    pub section: Option<(String, Span)>,
    /// What the words are said of, where another sentence names that: text and place.
    pub taken_up: Vec<(String, Span)>,
    /// Other places of the page that say the same.
    pub elsewhere: Vec<Place>,
    pub fingerprint: String,
}

impl Diagnostic {
    /// What the page does not tell.
    pub fn missing(&self) -> impl Iterator<Item = &MissingPart> {
        self.remarks.iter().filter_map(Remark::missing).flat_map(|lacking| &lacking.parts)
    }

    /// Who says it, where that is not the advertiser.
    pub fn speaker(&self) -> Option<&str> {
        self.remarks.iter().find_map(Remark::speaker)
    }
}

/// Where the words of a finding stand once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub span: Span,
    pub origin: Origin,
    pub fingerprint: String,
}

/// Longer quotations in messages are cut in the middle, in characters.
const QUOTED: usize = 40;

/// Writes the finding of a claim that stands. The fingerprint is still to be counted, see [`number`].
pub fn write(rules: &Ruleset, scene: &Scene, claim: &Claim, severity: Severity, remarks: Vec<Remark>) -> Diagnostic {
    let rule = rules.rule(claim.rule);
    let block = &scene.document.blocks[claim.sentence.block];
    let span = scene.normal.to_source(claim.span);
    let text = visible(scene.source, block, span);
    let parts: Vec<(String, Span)> =
        claim.parts.iter().map(|p| (p.name.to_string(), scene.normal.to_source(p.span))).collect();
    let taken_up: Vec<(String, Span)> = claim.taken_up.iter().map(|&object| named(scene, object)).collect();
    let said = visible(scene.source, block, scene.normal.to_source(claim.said));
    let quoted = match taken_up.first() {
        Some((object, _)) => format!("{object}…{said}"),
        None => said,
    };
    let mut message = rule.message.replace("{match}", &shorten(&quoted));
    for (name, span) in &parts {
        message = message.replace(&format!("{{{name}}}"), &visible(scene.source, block, *span));
    }
    if let Some(missing) = remarks.iter().find(|r| r.missing().is_some()) {
        message = message.replace("{missing}", &missing.explain());
    }
    if let Some((object, _)) = taken_up.first() {
        message = message.replace(&format!("{{{OBJECT}}}"), object);
    }
    let fingerprint = fingerprint(scene, claim.sentence.block, &rule.id, scene.normal.slice(claim.span));
    let category = scene.category_of(claim.sentence.block);
    Diagnostic {
        rule: claim.rule,
        severity,
        category,
        span,
        text,
        parts,
        message,
        remarks,
        also: Vec::new(),
        origin: block.origin,
        section: section(scene, claim.sentence.block),
        taken_up,
        elsewhere: Vec::new(),
        fingerprint,
    }
}

/// The heading of a block; a heading is its own.
fn section(scene: &Scene, block: BlockIx) -> Option<(String, Span)> {
    let blocks = &scene.document.blocks;
    let heading = match blocks[block].kind {
        BlockKind::Heading(_) => block,
        _ => blocks[block].heading?,
    };
    let span = scene.normal.to_source(scene.normal.block(heading));
    Some((document::one_line(&visible(scene.source, &blocks[heading], span)), span))
}

fn named(scene: &Scene, object: NormalSpan) -> (String, Span) {
    let span = scene.normal.to_source(object);
    let block = &scene.document.blocks[scene.normal.block_at(object.start)];
    (visible(scene.source, block, span), span)
}

/// What a reader sees of a span, on one line. What is no prose (code, an address, what a template would
/// print) is "…".
pub fn visible(source: &Source, block: &Block, span: Span) -> String {
    let mut text = String::new();
    for run in &block.runs {
        if !run.span.overlaps(span) {
            continue;
        }
        match run.shown.as_deref() {
            Some(OPAQUE) => text.push('…'),
            Some(shown) => text.push_str(shown),
            None => {
                let both = Span { start: run.span.start.max(span.start), end: run.span.end.min(span.end) };
                text.push_str(source.slice(both));
            }
        }
    }
    let text = text.replace('\u{A0}', " ");
    match text.contains(['\n', '\t']) {
        true => document::one_line(&text),
        false => text,
    }
}

fn shorten(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= QUOTED {
        return text.to_owned();
    }
    let half = QUOTED / 2;
    let (head, tail): (String, String) = (chars[..half].iter().collect(), chars[chars.len() - half..].iter().collect());
    format!("{head}…{tail}")
}

/// Path in the project, rule, words, and the blocks around: what stays when lines are added elsewhere.
fn fingerprint(scene: &Scene, block: usize, rule: &str, words: &str) -> String {
    let mut hash = Sha256::new();
    for text in [scene.source.id(), rule, words] {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    for neighbour in [block.checked_sub(1), Some(block), Some(block + 1)].into_iter().flatten() {
        hash.update(scene.digest(neighbour));
    }
    hash.finalize().iter().take(12).map(|b| format!("{b:02x}")).collect()
}

/// What makes two findings one: rule, severity, category, the sentence's words and the finding's.
type Same = (RuleIx, Severity, Category, String, String);

/// Makes one finding of those that say the same of the same sentence: pages hold their copy twice, for
/// screens and for phones, and their headline again in the title. What visitors see comes first.
pub fn unite(scene: &Scene, mut findings: Vec<(Diagnostic, Sentence)>) -> Vec<Diagnostic> {
    findings.sort_by_key(|(d, _)| d.origin != Origin::Body);
    // Of each, its place among the united and the block it stands in.
    let mut first: HashMap<Same, (usize, BlockIx)> = HashMap::new();
    let mut united: Vec<Diagnostic> = Vec::with_capacity(findings.len());
    for (diagnostic, sentence) in findings {
        let words = scene.normal.slice(sentence.span).split_whitespace().collect();
        let key = (
            diagnostic.rule,
            diagnostic.severity,
            diagnostic.category,
            words,
            diagnostic.text.split_whitespace().collect(),
        );
        match first.entry(key) {
            // The same words twice in one sentence are two findings.
            Entry::Occupied(known) if known.get().1 != sentence.block => {
                let Diagnostic { span, origin, fingerprint, .. } = diagnostic;
                united[known.get().0].elsewhere.push(Place { span, origin, fingerprint });
            }
            Entry::Occupied(_) => united.push(diagnostic),
            Entry::Vacant(new) => {
                new.insert((united.len(), sentence.block));
                united.push(diagnostic);
            }
        }
    }
    united.sort_by_key(|d| (d.span, d.rule));
    united.iter_mut().for_each(|d| d.elsewhere.sort_by_key(|p| p.span));
    united
}

/// Gives findings that are otherwise the same different fingerprints, in order.
pub fn number<'a>(diagnostics: impl Iterator<Item = &'a mut Diagnostic>) {
    let mut counts = std::collections::HashMap::<String, usize>::new();
    for diagnostic in diagnostics {
        let count = counts.entry(diagnostic.fingerprint.clone()).or_default();
        *count += 1;
        if *count > 1 {
            diagnostic.fingerprint = format!("{}-{count}", diagnostic.fingerprint);
        }
    }
}

/// A finding before it is settled which of several stands.
#[derive(Clone, Debug)]
pub struct Finding {
    pub diagnostic: Diagnostic,
    pub sentence: Sentence,
    pub effect: Span,
}

/// Of rules that see the same words the gravest and most specific stands; the others go along.
/// Findings come sentence by sentence, and only those of one sentence meet.
pub fn settle(findings: Vec<Finding>) -> Vec<(Diagnostic, Sentence)> {
    let mut settled = Vec::with_capacity(findings.len());
    let mut rest = findings.into_iter().peekable();
    while let Some(first) = rest.next() {
        let sentence = first.sentence;
        let mut group = vec![first];
        while let Some(next) = rest.next_if(|f| f.sentence == sentence) {
            group.push(next);
        }
        settle_sentence(group, &mut settled);
    }
    settled
}

fn settle_sentence(mut group: Vec<Finding>, settled: &mut Vec<(Diagnostic, Sentence)>) {
    group.sort_by_key(|f| {
        let d = &f.diagnostic;
        (Reverse((d.severity, d.parts.len(), d.span.len())), d.span.start, d.rule)
    });
    let mut stands: Vec<Finding> = Vec::new();
    for finding in group {
        let (span, effect) = (finding.diagnostic.span, finding.effect);
        // What two rules miss on a page are two things, though one word asks for both.
        let misses = |d: &Diagnostic| d.missing().next().is_some();
        let same = |other: &Finding| {
            if misses(&finding.diagnostic) || misses(&other.diagnostic) {
                return false;
            }
            let theirs = other.diagnostic.span;
            other.effect.overlaps(effect)
                || (theirs.covers(span) && effect.overlaps(theirs) && span.covers(other.effect))
        };
        match stands.iter_mut().find(|other| same(other)) {
            Some(other) => {
                let (also, d) = (&mut other.diagnostic.also, &finding.diagnostic);
                if other.diagnostic.rule != d.rule && also.iter().all(|(rule, _)| *rule != d.rule) {
                    also.push((d.rule, d.severity));
                }
            }
            None => stands.push(finding),
        }
    }
    stands.sort_by_key(|f| (f.diagnostic.span, f.diagnostic.rule));
    settled.extend(stands.into_iter().map(|f| (f.diagnostic, f.sentence)));
}
