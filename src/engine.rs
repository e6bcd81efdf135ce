//! The whole flow, once.

use crate::bunsetsu::Bunsetsu;
use crate::claim::{self, Candidate, Claim};
use crate::diagnostic::{self, Diagnostic};
use crate::document::{self, Declared, Format};
use crate::morpheme::Analyzer;
use crate::normal::Normal;
use crate::note;
use crate::product::{Category, CategoryFrom};
use crate::ruleset::{RuleIx, Ruleset};
use crate::scene::Scene;
use crate::source::Source;
use crate::verdict::{self, Reason, Verdict};

/// What the text does not say of itself.
#[derive(Clone, Debug, Default)]
pub struct Brief {
    /// From the command line; beats the file's own.
    pub category: Option<Category>,
    /// A kind of product.
    pub product: Option<String>,
    /// Read every sentence, not only those with anchors: slow, for tests.
    pub exhaustive: bool,
}

/// What was found in one source.
#[derive(Debug)]
pub struct Checked {
    pub diagnostics: Vec<Diagnostic>,
    /// Claims that do not stand, and why.
    pub dismissed: Vec<(Claim, Vec<Reason>)>,
    pub category: Category,
    pub category_from: CategoryFrom,
    pub product: Option<String>,
    /// Categories the file names that do not exist.
    pub unknown_categories: Vec<Declared>,
}

/// Checks one source. Never fails.
pub fn check(rules: &Ruleset, analyzer: &mut Analyzer, source: &Source, format: Format, brief: &Brief) -> Checked {
    let document = document::read(source, format);
    let normal = Normal::of(source, &document);
    let (category, category_from) = category(&document, brief);
    let product = brief.product.clone().or_else(|| document.product.as_ref().map(|d| d.value.clone()));
    let scene = Scene::new(source, &document, &normal, &rules.vocabulary, category, product.clone(), analyzer);
    let notes = note::collect(&normal, &document);

    let mut weighed: Vec<(Claim, Verdict)> = Vec::new();
    for candidate in claim::candidates(rules, &scene, !brief.exhaustive) {
        for claim in claims(rules, &scene, &candidate) {
            let verdict = verdict::weigh(rules, &scene, &notes, &claim);
            weighed.push((claim, verdict));
        }
        scene.forget();
    }
    verdict::answer(&scene, &mut weighed);

    let mut diagnostics = Vec::new();
    let mut effects = Vec::new();
    let mut dismissed = Vec::new();
    for (claim, verdict) in weighed {
        match verdict {
            Verdict::Stands { severity, remarks } => {
                diagnostics.push(diagnostic::write(rules, &scene, &claim, severity, remarks));
                effects.push(normal.to_source(claim.effect));
            }
            Verdict::Dismissed(reasons) => dismissed.push((claim, reasons)),
        }
    }
    let mut diagnostics = diagnostic::settle(diagnostics, &effects);
    diagnostic::number(&mut diagnostics);
    Checked { diagnostics, dismissed, category, category_from, product, unknown_categories: unknown(&document) }
}

/// What happened at one place: the sentence there, its words and phrases, and its claims.
pub struct Inspection {
    pub sentence: String,
    pub category: Category,
    pub words: Vec<InspectedWord>,
    /// For each phrase, its words (indices) and how it leans on the next.
    pub phrases: Vec<Bunsetsu>,
    /// Rule, words of the claim, and the verdict.
    pub claims: Vec<(RuleIx, String, Verdict)>,
}

/// One word of an inspected sentence.
pub struct InspectedWord {
    pub surface: String,
    pub lemma: String,
    pub detail: String,
}

/// Looks at the sentence at an offset of the source; `None` where there is no visible text.
pub fn inspect(rules: &Ruleset, analyzer: &mut Analyzer, source: &Source, format: Format, brief: &Brief, offset: u32) -> Option<Inspection> {
    let document = document::read(source, format);
    let normal = Normal::of(source, &document);
    let at = normal.from_source(offset)?;
    let (category, _) = category(&document, brief);
    let product = brief.product.clone().or_else(|| document.product.as_ref().map(|d| d.value.clone()));
    let scene = Scene::new(source, &document, &normal, &rules.vocabulary, category, product, analyzer);
    let notes = note::collect(&normal, &document);
    let sentence = *scene.sentences(normal.block_at(at)).iter().find(|s| s.span.start <= at && at < s.span.end)?;
    let reading = scene.reading(sentence);
    let words = reading.words.iter().map(|w| InspectedWord {
        surface: w.surface(normal.text()).to_owned(),
        lemma: w.lemma().to_owned(),
        detail: w.word.detail.to_string(),
    });
    let candidate = Candidate { sentence, patterns: rules.patterns.clone() };
    let claims = claims(rules, &scene, &candidate)
        .into_iter()
        .map(|claim| (claim.rule, normal.slice(claim.span).to_owned(), verdict::weigh(rules, &scene, &notes, &claim)))
        .collect();
    Some(Inspection {
        sentence: normal.slice(sentence.span).to_owned(),
        category: scene.category_of(sentence.block),
        words: words.collect(),
        phrases: reading.phrases.clone(),
        claims,
    })
}

fn claims(rules: &Ruleset, scene: &Scene, candidate: &Candidate) -> Vec<Claim> {
    let sentence = candidate.sentence;
    let category = scene.category_of(sentence.block);
    let reading = scene.reading(sentence);
    let mut claims = Vec::new();
    for &(rule, pattern) in &candidate.patterns {
        if rules.rule(rule).category.contains(&category) {
            claims.extend(claim::confirm(rules, &reading, sentence, rule, pattern));
        }
    }
    claim::merge(&mut claims);
    claims
}

fn category(document: &document::Document, brief: &Brief) -> (Category, CategoryFrom) {
    let declared = document.category.as_ref().and_then(|d| Category::parse(&d.value));
    match (brief.category, declared) {
        (Some(category), _) => (category, CategoryFrom::Option),
        (None, Some(category)) => (category, CategoryFrom::FrontMatter),
        (None, None) => (Category::Cosmetics, CategoryFrom::Assumed),
    }
}

/// Declared categories that are none.
fn unknown(document: &document::Document) -> Vec<Declared> {
    let declared = document.category.iter().chain(document.blocks.iter().filter_map(|b| b.category.as_ref()));
    let mut unknown: Vec<Declared> = declared.filter(|d| Category::parse(&d.value).is_none()).cloned().collect();
    unknown.dedup();
    unknown
}
