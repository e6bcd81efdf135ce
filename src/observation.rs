//! What a page shows besides claims: marks without notes, notes far from their words, words of another
//! category. Rules ask for it with `observe`; the findings are those of claims.

use crate::claim::Claim;
use crate::context::Place;
use crate::disclosure;
use crate::note::{Mark, Notes};
use crate::pattern::Polarity;
use crate::rule::Observe;
use crate::ruleset::{RuleIx, Ruleset};
use crate::scene::Scene;
use crate::span::NormalSpan;
use crate::verdict::{self, Ground, Lacking, MissingPart, Remark, Verdict};

type Weighed = Vec<(Claim, Verdict)>;

/// Adds what rules observe of a page to the claims that were weighed on it.
pub fn add(rules: &Ruleset, scene: &Scene, notes: &Notes, weighed: &mut Weighed) {
    for (rule, observe) in rules.observing() {
        let severity = rules.rule(rule).severity;
        let found: Vec<NormalSpan> = match observe {
            Observe::OtherCategory => {
                other_category(scene, rule, weighed);
                continue;
            }
            Observe::MissingParts => {
                missing(rules, scene, rule, weighed);
                continue;
            }
            // Found and weighed like all claims.
            Observe::OtherKind => continue,
            Observe::MarkWithoutNote => notes.without_note().map(|m| m.span).collect(),
            Observe::NoteWithoutMark => notes.without_mark().map(|m| m.span).collect(),
            Observe::FarNote => far(rules, scene, notes, weighed),
            Observe::ContradictingNote => contradicted(rules, scene, notes, rule, weighed),
            // Known when all claims are weighed.
            Observe::UnusedSuppression | Observe::ExpiredSuppression | Observe::BrokenSuppression => continue,
        };
        let found = found.into_iter().filter_map(|span| shown(scene, rule, span));
        weighed.extend(found.map(|claim| {
            let reasons = verdict::surroundings(rules, scene, &claim);
            let verdict = match reasons.is_empty() {
                true => Verdict::Stands { severity, remarks: Vec::new() },
                false => Verdict::Dismissed(reasons),
            };
            (claim, verdict)
        }));
    }
}

/// What a page does not tell though its offer asks for it.
fn missing(rules: &Ruleset, scene: &Scene, rule: RuleIx, weighed: &mut Weighed) {
    let Some(duty) = &rules.rule(rule).duty else { return };
    if !rules.rule(rule).applies_to(scene.profile.category()) {
        return;
    }
    let meant = |place: Place| {
        shown(scene, rule, place.span).is_some_and(|c| verdict::surroundings(rules, scene, &c).is_empty())
    };
    for lack in disclosure::lacks(scene, &rules.probes, duty, meant, &|place| verdict::denied(rules, scene, place)) {
        let Some(claim) = shown(scene, rule, lack.place.span) else { continue };
        let parts = lack.missing.into_iter().map(|part| MissingPart {
            id: part.id.clone(),
            title: part.title.clone(),
            looked_for: part.looked_for.clone(),
            elsewhere: Vec::new(),
        });
        let subjects = lack.subjects.into_iter().collect();
        let remarks = vec![Remark::Missing(Lacking { subjects, parts: parts.collect() })];
        weighed.push((claim, Verdict::Stands { severity: rules.rule(rule).severity, remarks }));
    }
}

/// What is observed at a place, as a claim; `None` where no sentence is.
fn shown(scene: &Scene, rule: RuleIx, span: NormalSpan) -> Option<Claim> {
    let block = scene.normal.block_at(span.start);
    let sentence = *scene.sentences(block).iter().find(|s| s.span.covers(span))?;
    let (parts, taken_up) = (Vec::new(), Vec::new());
    Some(Claim { rule, sentence, span, said: span, effect: span, parts, taken_up, polarity: Polarity::Good })
}

/// Nobody said the category: the first words of another one stay, to be asked about.
fn other_category(scene: &Scene, rule: RuleIx, weighed: &mut Weighed) {
    let mut first = scene.assumed;
    weighed.retain(|(claim, verdict)| {
        let asks = claim.rule == rule;
        !asks || (matches!(verdict, Verdict::Stands { .. }) && std::mem::take(&mut first))
    });
}

/// The marks of claims that only a far note makes right.
fn far(rules: &Ruleset, scene: &Scene, notes: &Notes, weighed: &Weighed) -> Vec<NormalSpan> {
    let mut found = Vec::new();
    for (claim, verdict) in weighed {
        let Verdict::Dismissed(reasons) = verdict else { continue };
        if !reasons.iter().all(|r| r.id == verdict::FAR_NOTE) {
            continue;
        }
        let find = rules.rule(claim.rule).note_find;
        let helps = |mark: &&Mark| notes.of(mark).iter().any(|m| verdict::says(rules, scene, m.note, find).is_some());
        found.extend(verdict::marks(scene, notes, claim).into_iter().find(helps).map(|m| m.span));
    }
    found.dedup();
    found
}

/// The marks of claims that stand though their note says the contrary: it denies the same claim, or says
/// so in words of the rule.
fn contradicted(rules: &Ruleset, scene: &Scene, notes: &Notes, rule: RuleIx, weighed: &Weighed) -> Vec<NormalSpan> {
    let (find, except) = (rules.rule(rule).note_find, rules.rule(rule).note_except);
    let mut found = Vec::new();
    let is_denied = |verdict: &Verdict| match verdict {
        Verdict::Dismissed(reasons) => reasons.iter().any(|r| r.ground == Ground::Denied),
        Verdict::Stands { .. } => false,
    };
    // In the order of the page.
    let mut denied: Vec<&Claim> = weighed.iter().filter(|(_, v)| is_denied(v)).map(|(c, _)| c).collect();
    denied.sort_by_key(|c| c.span.start);
    for (claim, verdict) in weighed {
        if !matches!(verdict, Verdict::Stands { .. }) || rules.rule(claim.rule).observe.is_some() {
            continue;
        }
        for mark in verdict::marks(scene, notes, claim) {
            let denies = |text: NormalSpan| {
                let from = denied.partition_point(|c| c.span.start < text.start);
                let inside = denied[from..].iter().take_while(|c| c.span.start < text.end);
                inside.into_iter().any(|other| other.rule == claim.rule && text.covers(other.span))
            };
            let contrary =
                |m: &crate::note::Meant| denies(m.note.text) || verdict::says(rules, scene, m.note, find).is_some();
            // A note that the claim's own rule asks for, though from near, is not to its contrary.
            let asked = rules.rule(claim.rule).note_find;
            let excepted = |m: &crate::note::Meant| {
                [except, asked].iter().any(|&set| verdict::says(rules, scene, m.note, set).is_some())
            };
            if notes.of(mark).first().is_some_and(|m| contrary(m) && !excepted(m)) {
                found.push(mark.span);
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}
