//! What an effect is said of, where the sentence names it: the owner of the object (スプーンの
//! くすみ), the effect's own argument (組織が若返る), what the sentence is about (関数には).

use super::{Place, ProbeSet, Probes};
use crate::bunsetsu::{Bunsetsu, Kind, Link, Pause};
use crate::morpheme::Class;
use crate::pattern::Reading;
use crate::rule::Reach;
use crate::scene::Scene;
use crate::span::NormalSpan;

/// Phrases before the claim that are looked at.
const BACK: usize = 6;

/// The named owner or argument that is none of the known; see [`super::Probe::Subject`].
pub(super) fn find(scene: &Scene, probes: &Probes, place: Place, reach: Reach, known: ProbeSet) -> Option<NormalSpan> {
    let reading = scene.reading(place.sentence);
    let named = Search::new(&reading, place, reach)?.named();
    let is_known = |name: &NormalSpan| probes.find(scene, place.sentence, known).any(|k| k.overlaps(*name));
    match named.iter().any(is_known) {
        true => None,
        false => named.into_iter().next(),
    }
}

struct Search<'a> {
    reading: &'a Reading<'a>,
    reach: Reach,
    /// Phrase and word where the claim begins, phrase where it ends.
    at: usize,
    first: usize,
    end: usize,
    /// The claim is an effect of its own (若返る), not an object with its effect.
    alone: bool,
}

impl<'a> Search<'a> {
    fn new(reading: &'a Reading<'a>, place: Place, reach: Reach) -> Option<Self> {
        let first = reading.word_at(place.span.start);
        let last = reading.words.partition_point(|w| w.span.end <= place.span.end).saturating_sub(1);
        if first >= reading.words.len() {
            return None;
        }
        let (at, end) = (reading.phrase_of(first), reading.phrase_of(last.max(first)));
        Some(Self { reading, reach, at, first, end, alone: at == end })
    }

    /// Everything that names what the effect is said of.
    fn named(&self) -> Vec<NormalSpan> {
        let own = &self.reading.phrases[self.at];
        let mut named: Vec<NormalSpan> = Vec::new();
        // 組織若返り
        if self.alone && self.first > own.words.start {
            named.extend(self.name(own, self.first));
        }
        named.extend(self.modified());
        // Whether the way back from the claim is a chain of の so far.
        let mut chain = true;
        for before in (self.at.saturating_sub(BACK)..self.at).rev() {
            let phrase = &self.reading.phrases[before];
            if phrase.pause >= Pause::Stop {
                break;
            }
            if phrase.kind == Kind::Nominal && self.is_argument(before, chain) {
                named.extend(self.name(phrase, phrase.head + 1));
            }
            chain &= phrase.link == Link::Genitive && phrase.is_nominal();
        }
        named
    }

    fn is_argument(&self, at: usize, chain: bool) -> bool {
        let phrase = &self.reading.phrases[at];
        match phrase.link {
            Link::Genitive => chain && phrase.pause < Pause::Comma,
            // What an effect without an object of its own happens to.
            Link::Subject | Link::Object => self.alone,
            Link::Topic | Link::Also => self.alone || self.reach >= Reach::Sentence,
            // ページに 浮いた シミ
            Link::Oblique if self.reach < Reach::Sentence && !self.alone && at + 2 == self.at => {
                let clause = &self.reading.phrases[at + 1];
                phrase.pause < Pause::Comma && clause.link == Link::Plain && clause.pause < Pause::Comma
            }
            _ => false,
        }
    }

    /// 副作用のない純粋関数: what the whole claim modifies, where the sentence is looked at.
    fn modified(&self) -> Option<NormalSpan> {
        let phrase = &self.reading.phrases[self.end];
        let modifies = phrase.link == Link::Plain && phrase.pause == Pause::None && self.reach >= Reach::Sentence;
        let next = self.reading.phrases.get(self.end + 1).filter(|p| modifies && p.kind == Kind::Nominal)?;
        self.name(next, next.head + 1)
    }

    /// A noun of the dictionary with a meaning of its own; brands are not in it.
    fn name(&self, phrase: &Bunsetsu, until: usize) -> Option<NormalSpan> {
        let own = &self.reading.words[phrase.words.start..until];
        let named = own.iter().any(|w| matches!(w.class(), Class::Noun | Class::VerbalNoun | Class::Suffix));
        let brand = own.iter().any(|w| w.class().is_nominal() && w.word.is_name());
        let span = NormalSpan { start: own.first()?.span.start, end: own.last()?.span.end };
        (named && !brand && !span.is_empty()).then_some(span)
    }
}
