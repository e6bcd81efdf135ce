//! Whether a claim stands: the contexts, the approved claims, the way it is said, the notes.
//! Every reason carries the words that show it, so that silence can be explained.

use std::ops::Range;
use std::rc::Rc;

use serde::Serialize;

use crate::bunsetsu;
use crate::claim::Claim;
use crate::context::{Context, Kinds, Place, ProbeSet, speaker};
use crate::document::BlockIx;
use crate::modality::{self, Modality};
use crate::normal::Normal;
use crate::note::{Mark, Meant, Note, Notes};
use crate::pattern::{Polarity, Reading};
use crate::rule::{Effect, NotePolicy, Severity};
use crate::ruleset::{Approved, Name, Rule, Ruleset};
use crate::scene::Scene;
use crate::sentence::Sentence;
use crate::span::NormalSpan;

/// What becomes of a claim.
#[derive(Clone, Debug)]
pub enum Verdict {
    Stands {
        severity: Severity,
        remarks: Vec<Remark>,
    },
    /// With every reason that holds.
    Dismissed(Vec<Reason>),
}

/// What kind of reason dismisses a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Ground {
    /// The sentence denies it.
    Denied,
    /// It is said so that it promises nothing: a wish, a state.
    Said,
    /// What stands around it.
    Context,
    /// The law allows it.
    Approved,
    Note,
}

/// Why a claim does not stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub ground: Ground,
    /// A modality, a context, `approved`, `note`, `state` or `off-topic`.
    pub id: String,
    pub title: String,
    pub evidence: NormalSpan,
}

impl Reason {
    fn of_context(context: &Context, evidence: NormalSpan) -> Self {
        Self { ground: Ground::Context, id: context.id.clone(), title: context.title.clone(), evidence }
    }

    fn of_modality(modality: &Modality, ground: Ground, evidence: NormalSpan) -> Self {
        Self { ground, id: modality.id.clone(), title: modality.title.clone(), evidence }
    }
}

/// What a page does not tell though it has to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lacking {
    /// What the page is about, in its own words.
    pub subjects: Vec<String>,
    pub parts: Vec<MissingPart>,
}

impl Lacking {
    /// What it is, in words.
    pub fn titles(&self) -> String {
        self.parts.iter().map(|part| part.title.as_str()).collect::<Vec<_>>().join("、")
    }
}

/// Something a page does not tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MissingPart {
    pub id: String,
    pub title: String,
    /// What would count.
    pub looked_for: Vec<String>,
    /// Where another page of the site tells it.
    pub elsewhere: Vec<Told>,
}

/// A page that tells what another one lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Told {
    /// Its name.
    pub page: String,
    /// The first line that tells it, from 1.
    pub line: usize,
    /// The page that lacks it has a link there.
    pub linked: bool,
}

/// Something a reader should know of a claim that stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// The claim is allowed for these kinds of product; this one is another, or its kind is not `known`.
    AllowedFor { approved: String, kinds: Vec<String>, known: bool },
    /// The claim is allowed, but a product of this kind cannot have the effect.
    NotFor { approved: String },
    /// The claim is allowed where this has been shown, and said close by.
    AllowedWith { approved: String, proof: String },
    /// The claim is allowed for a product approved for it.
    AllowedByApproval { approved: String },
    /// The claim is allowed for a kind of product, but it is not among the effects that this one has.
    NotOnLabel { approved: String },
    /// It addresses those who wish for the effect.
    Wish,
    /// What the page does not tell though it has to.
    Missing(Lacking),
    /// It is said by somebody else than the advertiser: who, and what follows from that.
    Spoken { speaker: String, remark: String },
}

impl Remark {
    /// What a page does not tell.
    pub fn missing(&self) -> Option<&Lacking> {
        if let Self::Missing(lacking) = self { Some(lacking) } else { None }
    }

    /// Who says it, where that is not the advertiser.
    pub fn speaker(&self) -> Option<&str> {
        if let Self::Spoken { speaker, .. } = self { Some(speaker) } else { None }
    }

    /// In words, for people.
    pub fn explain(&self) -> String {
        match self {
            Self::AllowedFor { approved, kinds, known } => format!(
                "{}なら「{}」の範囲として書けます。{}",
                kinds.join("・"),
                approved.trim_end_matches('。'),
                if *known { "" } else { "製品の種類が分からないため警告にしました。" }
            ),
            Self::NotFor { approved } => {
                format!("「{}」は、この種類の製品には当たらない効能です。", approved.trim_end_matches('。'))
            }
            Self::AllowedWith { approved, proof } => format!(
                "{proof}のときに限り、近くにそう書けば「{}」の範囲として書けます。",
                approved.trim_end_matches('。')
            ),
            Self::AllowedByApproval { approved } => format!(
                "「{}」の効能で承認を受けた製品なら書けます。承認された効能を efficacy に書いてください。",
                approved.trim_end_matches('。')
            ),
            Self::NotOnLabel { approved } => format!(
                "この製品の効能として指定されたもの（efficacy）に、「{}」はありません。",
                approved.trim_end_matches('。')
            ),
            Self::Spoken { remark, .. } => remark.clone(),
            Self::Missing(lacking) => lacking.titles(),
            Self::Wish => "効果を望む人への呼びかけです。商品と結び付けて読まれるおそれがあります。".into(),
        }
    }
}

/// Weighs a claim.
pub fn weigh(rules: &Ruleset, scene: &Scene, notes: &Notes, claim: &Claim) -> Verdict {
    let rule = rules.rule(claim.rule);
    let reading = scene.reading(claim.sentence);
    let place = Place { sentence: claim.sentence, span: claim.span, taken_up: !claim.taken_up.is_empty() };
    let kinds: &Kinds = &|| kinds(rules, scene, claim.sentence);
    let mut reasons = Vec::new();
    let mut severity = rule.severity;
    let mut remarks = Vec::new();

    contexts(rules, scene, rule, kinds, place, &mut reasons);
    said(rules, scene, &reading, claim, &mut reasons, &mut severity, &mut remarks);
    allowed(rules, scene, notes, kinds, claim, &mut reasons, &mut severity, &mut remarks);
    noted(rules, scene, notes, rule, claim, &mut reasons);

    // The paragraphs around are read only for what would stand without them.
    if reasons.is_empty() {
        let around = rules.contexts.iter().filter(|c| c.global && c.looks_around());
        reasons.extend(holding(rules, scene, kinds, place, around));
    }
    if !reasons.is_empty() && is_restored(rules, scene, kinds, place, &reasons) {
        reasons.clear();
    }
    if reasons.is_empty()
        && let Some(speaker) = speaker::of(&rules.probes.speakers, scene, place)
    {
        remarks.push(Remark::Spoken { speaker: speaker.title.clone(), remark: speaker.remark.clone() });
    }
    if reasons.is_empty() { Verdict::Stands { severity, remarks } } else { Verdict::Dismissed(reasons) }
}

/// What stands around a claim and dismisses it, whatever it says and however: it is quoted, or an example.
pub fn surroundings(rules: &Ruleset, scene: &Scene, claim: &Claim) -> Vec<Reason> {
    let place = Place { sentence: claim.sentence, span: claim.span, taken_up: false };
    let kinds: &Kinds = &|| kinds(rules, scene, claim.sentence);
    let mut reasons = Vec::new();
    contexts(rules, scene, rules.rule(claim.rule), kinds, place, &mut reasons);
    reasons
}

/// The contexts that hold, as reasons.
fn holding<'a>(
    rules: &'a Ruleset,
    scene: &'a Scene,
    kinds: &'a Kinds,
    place: Place,
    contexts: impl Iterator<Item = &'a Context> + 'a,
) -> impl Iterator<Item = Reason> + 'a {
    contexts.filter_map(move |c| Some(Reason::of_context(c, c.holds(scene, &rules.probes, kinds, place)?)))
}

/// Whether what is denied or wished for is said all the same: シミは消えない。それは過去の話です. Words that
/// deny are not taken for words that deny the denial.
fn is_restored(rules: &Ruleset, scene: &Scene, kinds: &Kinds, place: Place, reasons: &[Reason]) -> bool {
    let turns = |r: &Reason| matches!(r.ground, Ground::Denied | Ground::Said);
    reasons.iter().all(turns)
        && rules.contexts.iter().filter(|c| c.restores).any(|c| {
            let evidence = c.holds(scene, &rules.probes, kinds, place);
            evidence.is_some_and(|words| reasons.iter().all(|r| !r.evidence.overlaps(words)))
        })
}

/// A question whose own answer denies the claim makes none. The answer is the next claim of the same
/// rule, in the same block or the one after; or else the next sentence, if it speaks of the effect.
pub fn answer(rules: &Ruleset, scene: &Scene, weighed: &mut [(Claim, Verdict)]) {
    for at in 0..weighed.len() {
        let (claim, verdict) = &weighed[at];
        if !matches!(verdict, Verdict::Stands { .. }) || !asks(scene, claim) {
            continue;
        }
        let next = weighed[at + 1..]
            .iter()
            .take_while(|(other, _)| other.sentence.block <= claim.sentence.block + 1)
            .find(|(other, _)| other.rule == claim.rule && other.span.start >= claim.span.end);
        let denied = match next {
            Some((_, Verdict::Dismissed(reasons))) => reasons.iter().find(|r| r.ground == Ground::Denied).cloned(),
            Some((_, Verdict::Stands { .. })) => None,
            None => reply(rules, scene, claim),
        };
        if let Some(denied) = denied {
            weighed[at].1 = Verdict::Dismissed(vec![denied]);
        }
    }
}

/// Sentences that an answer may take before it comes to the point: 申し訳ございません。
const REPLY: usize = 2;

/// How the sentences after a question deny what it asks: 伸びません, そのような効果はございません.
fn reply(rules: &Ruleset, scene: &Scene, claim: &Claim) -> Option<Reason> {
    let block = claim.sentence.block;
    let after = |b: BlockIx| scene.sentences(b).iter().copied().filter(|s| s.span.start >= claim.sentence.span.end);
    let next = (block + 1..scene.document.blocks.len().min(block + 2)).flat_map(after);
    let question = scene.reading(claim.sentence);
    let effect = question.words.get(question.word_at(claim.effect.end.saturating_sub(1)))?.lemma().to_owned();
    for sentence in after(block).chain(next).take(REPLY) {
        let reading = scene.reading(sentence);
        let about = |at: usize| reading.words[at].lemma() == effect || scene.carries(&reading, at);
        let Some(word) = (0..reading.words.len()).rev().find(|&at| about(at)) else { continue };
        let tail = scene.tail(&reading, reading.words[word].span);
        return denying(rules, scene, &reading, tail);
    }
    None
}

/// Whether the claim's part of the sentence ends in a question mark.
fn asks(scene: &Scene, claim: &Claim) -> bool {
    let rest = &scene.normal.text()[claim.span.end as usize..claim.sentence.span.end as usize];
    rest.find(['!', '?', '。']).is_some_and(|at| rest[at..].starts_with('?'))
        || rest.trim_end_matches('。').ends_with('か')
}

fn contexts(rules: &Ruleset, scene: &Scene, rule: &Rule, kinds: &Kinds, place: Place, reasons: &mut Vec<Reason>) {
    let holds = |at: usize| rules.contexts[at].holds(scene, &rules.probes, kinds, place);
    if !rule.only.is_empty() && !rule.only.iter().any(|&at| holds(at).is_some()) {
        reasons.push(Reason {
            ground: Ground::Context,
            id: "off-topic".into(),
            title: "この規則が見る話題ではない".into(),
            evidence: place.span,
        });
    }
    let asked = rules
        .contexts
        .iter()
        .enumerate()
        .filter(|(at, c)| {
            // A duty of the page is no claim: only what its rule names can take it away.
            let global = c.global && rule.duty.is_none() && !rule.despite.contains(at);
            !c.restores && !c.looks_around() && (global || rule.unless.contains(at))
        })
        .map(|(_, context)| context);
    reasons.extend(holding(rules, scene, kinds, place, asked));
}

/// Denied, wished for, or of something bad that is not denied.
fn said(
    rules: &Ruleset,
    scene: &Scene,
    reading: &Reading,
    claim: &Claim,
    reasons: &mut Vec<Reason>,
    severity: &mut Severity,
    remarks: &mut Vec<Remark>,
) {
    let tail = scene.tail(reading, claim.predicate(reading));
    let end = tail.end;
    let mut signs = modality::signs(&rules.modalities, scene.vocabulary, reading, tail);
    if let Some(noun) = modified(reading, claim, end) {
        let exists = bunsetsu::existence(&reading.phrases, &reading.words, noun);
        for sign in modality::signs(&rules.modalities, scene.vocabulary, reading, exists) {
            // The tail may have reached as far.
            if !signs.contains(&sign) {
                signs.push(sign);
            }
        }
    }
    let mut negations = Vec::new();
    let mut dismissed = Vec::new();
    let mut warned = false;
    for sign in signs {
        let modality = &rules.modalities[sign.modality];
        let reason = |ground| Reason::of_modality(modality, ground, sign.span);
        match modality.effect {
            Effect::Negates => negations.push(reason(Ground::Denied)),
            Effect::Dismisses => dismissed.push(reason(Ground::Said)),
            Effect::Warns => warned = true,
            Effect::None => {}
        }
    }
    let denied = match claim.polarity {
        Polarity::Good => negations.len() % 2 == 1,
        Polarity::Bad => {
            // 荒れない is the claim; 荒れないということではない denies it; 荒れる方は使用しない is neither.
            let denials =
                |kind: Denial| negations.iter().filter(|n| denial(reading, claim.effect, n.evidence) == kind).count();
            let (own, outer) = (denials(Denial::Own), denials(Denial::Outer));
            if own % 2 == 0 {
                reasons.push(Reason {
                    ground: Ground::Said,
                    id: "state".into(),
                    title: "悪いことを述べるだけで、それがなくなるとは言っていない".into(),
                    evidence: claim.effect,
                });
            }
            own % 2 == 1 && outer % 2 == 1
        }
    };
    if denied {
        reasons.extend(negations.pop());
    }
    if warned {
        *severity = (*severity).min(Severity::Warning);
        remarks.push(Remark::Wish);
    } else {
        reasons.extend(dismissed);
    }
}

/// Whether the sentence goes on to deny what stands at a place.
pub fn denied(rules: &Ruleset, scene: &Scene, place: Place) -> bool {
    let reading = scene.reading(place.sentence);
    denying(rules, scene, &reading, scene.tail(&reading, place.span)).is_some()
}

/// How the words of a predicate's tail deny it; a denial denied is none.
fn denying(rules: &Ruleset, scene: &Scene, reading: &Reading, tail: Range<usize>) -> Option<Reason> {
    let signs = modality::signs(&rules.modalities, scene.vocabulary, reading, tail);
    let mut negations = signs.iter().filter(|s| rules.modalities[s.modality].effect == Effect::Negates);
    let first = negations.next()?;
    (negations.count() % 2 == 0)
        .then(|| Reason::of_modality(&rules.modalities[first.modality], Ground::Denied, first.span))
}

/// What a negation after an effect denies.
#[derive(PartialEq)]
enum Denial {
    /// The effect: in its phrase, or its existence (ことはない).
    Own,
    /// What is said of the effect, after と or という.
    Outer,
    /// Something else (方は使用しない).
    Other,
}

fn denial(reading: &Reading, effect: NormalSpan, sign: NormalSpan) -> Denial {
    let phrase = |at: u32| reading.phrase_of(reading.word_at(at).min(reading.words.len() - 1));
    let (from, upto) = (phrase(effect.end.saturating_sub(1)), phrase(sign.start));
    let quoted = reading.phrases[from..upto.max(from)].iter().any(|p| p.link == bunsetsu::Link::Quote);
    match from == upto {
        true => Denial::Own,
        false if quoted => Denial::Outer,
        false if bunsetsu::is_existence(&reading.words[reading.phrases[upto].words.start]) => Denial::Own,
        false => Denial::Other,
    }
}

/// The phrase of the noun that the claim's predicate modifies: its object, or what follows its tail.
fn modified(reading: &Reading, claim: &Claim, tail_end: usize) -> Option<usize> {
    if claim.span.end > claim.effect.end {
        let object = reading.words.partition_point(|w| w.span.start < claim.span.end).checked_sub(1)?;
        return Some(reading.phrase_of(object));
    }
    let last = reading.phrase_of(tail_end.checked_sub(1)?);
    let next = reading.phrases.get(last + 1)?;
    (reading.phrases[last].link == bunsetsu::Link::Plain && next.is_nominal()).then_some(last + 1)
}

/// Covered by a claim that the law allows for this product. What is still missing for that is told, and
/// the finding is no more than a warning where the missing thing cannot be seen in a text.
#[allow(clippy::too_many_arguments)]
fn allowed(
    rules: &Ruleset,
    scene: &Scene,
    notes: &Notes,
    kinds: &Kinds,
    claim: &Claim,
    reasons: &mut Vec<Reason>,
    severity: &mut Severity,
    remarks: &mut Vec<Remark>,
) {
    let category = scene.category_of(claim.sentence.block);
    let covering = |approved: &&Approved| {
        approved.category.contains(&category)
            && rules.probes.find(scene, claim.sentence, approved.covers).any(|span| span.covers(claim.span))
    };
    let reason = |text: &str| Reason {
        ground: Ground::Approved,
        id: "approved".into(),
        title: format!("認められた効能: {text}"),
        evidence: claim.span,
    };
    if let Some((name, span)) = named(rules, scene, claim) {
        let title = format!("製品名「{}」: {}", name.text, name.reason);
        reasons.push(Reason { ground: Ground::Approved, id: "name".into(), title, evidence: span });
    }
    if let Some(label) = repeats_label(scene, claim) {
        return reasons.push(reason(label));
    }
    let title = |id: &String| rules.kinds.iter().find(|k| k.id == *id).map_or(id.clone(), |k| k.title.clone());
    let mut missing = None;
    let profile = scene.profile;
    for approved in rules.approved.iter().filter(covering) {
        let text = || approved.text.clone();
        let is_any = |list: &[String]| list.iter().any(|k| kinds().contains(k));
        if is_any(&approved.not_for) {
            missing.get_or_insert(Remark::NotFor { approved: text() });
        } else if !approved.only_for.is_empty() && !is_any(&approved.only_for) {
            let (known, kinds) = (!kinds().is_empty(), approved.only_for.iter().map(title).collect());
            missing.get_or_insert(Remark::AllowedFor { approved: text(), kinds, known });
        } else if approved.by_label && !profile.efficacy.is_empty() && !label_covers(rules, scene, approved) {
            missing.get_or_insert(Remark::NotOnLabel { approved: text() });
        } else if approved.approval && !is_approved(rules, scene, approved, claim.sentence.block) {
            missing.get_or_insert(Remark::AllowedByApproval { approved: text() });
        } else if let Some(proof) = &approved.proof
            && !kinds().contains(proof)
            && !is_proved(rules, scene, notes, approved, claim)
        {
            missing.get_or_insert(Remark::AllowedWith { approved: text(), proof: title(proof) });
        } else {
            return reasons.push(reason(&approved.text));
        }
    }
    if let Some(missing) = missing {
        // A product known to be another one is no matter of what a text cannot show.
        if !matches!(
            missing,
            Remark::AllowedFor { known: true, .. } | Remark::NotFor { .. } | Remark::NotOnLabel { .. }
        ) {
            *severity = (*severity).min(Severity::Warning);
        }
        remarks.push(missing);
    }
}

/// The name that the claim is part of, where it is one that may stand.
fn named<'a>(rules: &'a Ruleset, scene: &Scene, claim: &Claim) -> Option<(&'a Name, NormalSpan)> {
    let sentence = claim.sentence.span;
    let text = scene.normal.slice(sentence);
    rules.names.iter().find_map(|name| {
        let spans = text.match_indices(name.text.as_str()).map(|(at, found)| {
            let start = sentence.start as usize + at;
            NormalSpan::new(start, start + found.len())
        });
        spans.into_iter().find(|span| span.covers(claim.effect)).map(|span| (name, span))
    })
}

/// The text of the product's own label that the claim's sentence repeats.
fn repeats_label<'a>(scene: &'a Scene, claim: &Claim) -> Option<&'a str> {
    let plain =
        |text: &str| -> String { text.chars().filter(|c| !c.is_whitespace() && !"、。,.・".contains(*c)).collect() };
    let efficacy = &scene.profile.efficacy;
    if efficacy.is_empty() {
        return None;
    }
    let (said, claimed) = (plain(scene.normal.slice(claim.sentence.span)), plain(scene.normal.slice(claim.span)));
    efficacy.iter().map(String::as_str).find(|text| {
        let text = plain(&Normal::fold(text));
        !text.is_empty() && text.contains(&claimed) && said.contains(&text)
    })
}

/// Whether the product was approved for it: its label has words that it covers, what works is in it, or the
/// paragraph says so where nothing is declared.
fn is_approved(rules: &Ruleset, scene: &Scene, approved: &Approved, block: BlockIx) -> bool {
    let profile = scene.profile;
    // The label says more than what is in the product.
    let by_active = profile.efficacy.is_empty() && approved.active.iter().any(|name| profile.active.contains(name));
    let undeclared = profile.efficacy.is_empty() && profile.active.is_empty();
    let told = || undeclared && rules.probes.find_in_block(scene, block, approved.told_by).is_some();
    by_active || label_covers(rules, scene, approved) || told()
}

/// Whether the product's label has words that an approved claim covers. Labels are lists: what stands after
/// the last item is said of all.
fn label_covers(rules: &Ruleset, scene: &Scene, approved: &Approved) -> bool {
    let efficacy = &scene.profile.efficacy;
    if efficacy.is_empty() {
        return false;
    }
    let list = efficacy.iter().map(|text| text.trim_end_matches('。')).collect::<Vec<_>>().join("、");
    let ended = approved.label_ending.iter().map(|ending| format!("{list}{ending}"));
    let readings = efficacy.iter().cloned().chain([list.clone()]).chain(ended);
    scene.label_says(approved.covers.from, readings, |label| rules.probes.holds(scene, label, approved.covers))
}

/// Whether what the law asks to be shown is told at the claim or in a note near it.
fn is_proved(rules: &Ruleset, scene: &Scene, notes: &Notes, approved: &Approved, claim: &Claim) -> bool {
    let block = claim.sentence.block;
    let here = rules.probes.find_in_block(scene, block, approved.note_find).is_some();
    here || meant(scene, notes, claim).any(|m| m.near && says(rules, scene, m.note, approved.note_find).is_some())
}

/// Sentences before one in its block, and after it, that may name the product.
const BEFORE: usize = 4;
const AFTER: usize = 1;

/// The kinds of product a sentence is about: declared, else named in the sentence, else over it.
pub fn kinds(rules: &Ruleset, scene: &Scene, sentence: Sentence) -> Rc<Vec<String>> {
    if !scene.profile.kinds.is_empty() {
        return Rc::new(scene.profile.kinds.clone());
    }
    let named = |test: &dyn Fn(ProbeSet) -> bool| -> Vec<String> {
        rules.kinds.iter().filter(|k| test(k.nouns)).map(|k| k.id.clone()).collect()
    };
    let in_sentence = |sentence: Sentence| {
        named(&|nouns| {
            let mut found = rules.probes.find(scene, sentence, nouns);
            found.any(|noun| !rules.probes.find(scene, sentence, rules.asides).any(|aside| aside.start == noun.end))
        })
    };
    let here = in_sentence(sentence);
    if !here.is_empty() {
        return Rc::new(here);
    }
    // What was said just before, or is said next; a table has a product to each row or to each column.
    let block = sentence.block;
    let sentences = scene.sentences(block);
    let own = sentences.partition_point(|s| s.span.start < sentence.span.start);
    let after = own + usize::from(own < sentences.len());
    let before = sentences[own.saturating_sub(BEFORE)..own].iter().rev();
    let around = before.chain(&sentences[after..sentences.len().min(after + AFTER)]);
    let said = around.map(|&s| in_sentence(s));
    let cells = scene.document.blocks[block].row.into_iter().chain(scene.document.leads(block)).filter(|&b| b != block);
    let over = cells.map(|b| named(&|nouns| rules.probes.find_in_block(scene, b, nouns).is_some()));
    if let Some(named) = said.chain(over).find(|kinds| !kinds.is_empty()) {
        return Rc::new(named);
    }
    // Every sentence under a heading asks the same.
    scene.kinds_under(scene.document.blocks[sentence.block].heading, |over| {
        over.map(|block| named(&|nouns| rules.probes.find_in_block(scene, block, nouns).is_some()))
            .find(|kinds| !kinds.is_empty())
            .unwrap_or_default()
    })
}

/// A note at the claim says what makes it right.
fn noted(rules: &Ruleset, scene: &Scene, notes: &Notes, rule: &Rule, claim: &Claim, reasons: &mut Vec<Reason>) {
    if rule.note == NotePolicy::NoHelp {
        return;
    }
    for Meant { note, near } in meant(scene, notes, claim) {
        if rule.note == NotePolicy::Near && !near {
            continue;
        }
        if let Some(evidence) = says(rules, scene, note, rule.note_find) {
            let (id, title) = match near {
                true => ("note", format!("注記 {} が条件を満たす", note.mark)),
                false => (FAR_NOTE, format!("離れた注記 {} が条件を満たす", note.mark)),
            };
            reasons.push(Reason { ground: Ground::Note, id: id.into(), title, evidence });
            return;
        }
    }
}

/// The reason of a claim that only a note far from it makes right.
pub const FAR_NOTE: &str = "note-far";

/// The marks at a claim. A claim without a mark of its own has those of its sentence.
pub fn marks<'n>(scene: &Scene, notes: &'n Notes, claim: &Claim) -> Vec<&'n Mark> {
    let reading = scene.reading(claim.sentence);
    let last = reading.word_at(claim.span.end.saturating_sub(1)).min(reading.words.len().saturating_sub(1));
    let phrase = &reading.phrases[reading.phrase_of(last)];
    let mut end = reading.words[phrase.words.end - 1].span.end.max(claim.said.end);
    let mut own = Vec::new();
    for mark in notes.marks(claim.sentence.span).filter(|m| claim.span.start <= m.span.start) {
        // Of ※1※2 the second stands at the first.
        if mark.span.start > end {
            break;
        }
        end = end.max(mark.span.end);
        own.push(mark);
    }
    if own.is_empty() { notes.marks(claim.sentence.span).collect() } else { own }
}

/// The notes that the marks at a claim mean.
fn meant<'n>(scene: &Scene, notes: &'n Notes, claim: &Claim) -> impl Iterator<Item = Meant<'n>> {
    marks(scene, notes, claim).into_iter().flat_map(|mark| notes.of(mark))
}

/// Where a note says one of these.
pub fn says(rules: &Ruleset, scene: &Scene, note: &Note, find: ProbeSet) -> Option<NormalSpan> {
    let sentences = scene.sentences(note.block).iter().filter(|s| s.span.overlaps(note.text));
    sentences.into_iter().find_map(|&there| rules.probes.find(scene, there, find).find(|s| note.text.covers(*s)))
}
