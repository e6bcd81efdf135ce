//! How a predicate says what it says: denies it, wishes it. Which words do that is data; where
//! to look (the tail of the predicate) is grammar.

use std::ops::Range;

use crate::pattern::{Match, Pattern, Reading, Vocabulary};
use crate::rule::Effect;
use crate::span::NormalSpan;

/// One way of saying, compiled from `rulesets/modality/`.
#[derive(Debug)]
pub struct Modality {
    pub id: String,
    pub title: String,
    pub effect: Effect,
    pub find: Vec<Pattern>,
    pub except: Vec<Pattern>,
}

/// A modality seen after a claim, and the words that show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sign {
    /// Which modality.
    pub modality: usize,
    pub span: NormalSpan,
}

/// All signs in a predicate's tail, in the order of the modalities.
pub fn signs(modalities: &[Modality], vocabulary: &Vocabulary, reading: &Reading, tail: Range<usize>) -> Vec<Sign> {
    let mut signs = Vec::new();
    if tail.is_empty() {
        return signs;
    }
    let find = |patterns: &[Pattern]| -> Vec<Match> {
        let begun = patterns.iter().filter(|p| p.may_begin(vocabulary, reading, tail.clone()));
        begun.flat_map(|p| p.find_in(vocabulary, reading, tail.clone())).collect()
    };
    for (at, modality) in modalities.iter().enumerate() {
        let mut found = find(&modality.find);
        if found.is_empty() {
            continue;
        }
        let excepted = find(&modality.except);
        // Several patterns may see the same words; each sign counts once.
        found.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end)));
        let mut last: Option<NormalSpan> = None;
        for m in found {
            if excepted.iter().any(|e| e.span.overlaps(m.span)) || last.is_some_and(|l| l.overlaps(m.span)) {
                continue;
            }
            last = Some(m.span);
            signs.push(Sign { modality: at, span: m.span });
        }
    }
    signs
}
