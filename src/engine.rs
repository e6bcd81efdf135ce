//! The whole flow, once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;

use crate::claim::{self, Candidate, Claim};
use crate::diagnostic::{self, Diagnostic, Finding};
use crate::disclosure;
use crate::document::{self, Declared, Document, Format, Include, Origin};
use crate::labelling;
use crate::lang::Lang;
use crate::morpheme::Analyzer;
use crate::normal::Normal;
use crate::note::Notes;
use crate::observation;
use crate::pattern::Unknown;
use crate::product::{Category, CategoryFrom, Profile};
use crate::provision;
use crate::rule::Severity;
use crate::ruleset::{RuleIx, Ruleset};
use crate::scene::Scene;
use crate::source::Source;
use crate::suppression::{self, Accepted, Outcome, Suppressed};
use crate::verdict::{self, Reason, Verdict};

/// What the text does not say of itself.
#[derive(Clone, Debug)]
pub struct Brief {
    /// From the command line; beats the file's own.
    pub asked: Profile,
    /// From a configuration file; the file's own beats it.
    pub configured: Profile,
    /// What is read though no visitor sees it.
    pub include: Include,
    /// Rules that count for more or less than they say, or for nothing.
    pub levels: Arc<Levels>,
    /// Findings of this file that were accepted elsewhere.
    pub accepted: Arc<Accepted>,
    /// The day on which suppressions may have ended.
    pub today: Date,
    /// Read every sentence, not only those with anchors: slow, for tests.
    pub exhaustive: bool,
}

impl Default for Brief {
    fn default() -> Self {
        Self {
            asked: Profile::default(),
            configured: Profile::default(),
            include: Include::default(),
            levels: Arc::default(),
            accepted: Arc::default(),
            today: provision::as_of(),
            exhaustive: false,
        }
    }
}

impl Brief {
    /// Asks for a category, and for nothing else.
    pub fn of(category: Category) -> Self {
        Self { asked: Profile::of(category), ..Self::default() }
    }
}

/// How grave the findings of some rules are instead; `None` for rules that are off.
pub type Levels = HashMap<RuleIx, Option<Severity>>;

/// What was found in one source.
#[derive(Debug)]
pub struct Checked {
    pub diagnostics: Vec<Diagnostic>,
    /// What somebody accepted, with a reason.
    pub suppressed: Vec<Suppressed>,
    /// As in the brief.
    pub levels: Arc<Levels>,
    /// Claims that do not stand, and why.
    pub dismissed: Vec<(Claim, Vec<Reason>)>,
    pub category_from: CategoryFrom,
    pub profile: Profile,
    /// Categories and kinds of product the file names that do not exist.
    pub unknown: Vec<UnknownName>,
    /// Images without text: what they show was not read.
    pub silent_images: usize,
    /// Addresses that the page leads to.
    pub links: Vec<String>,
}

/// A name in the file that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    pub declared: Declared,
    pub nearest: Option<String>,
    pub of: NameOf,
}

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameOf {
    Category,
    Product,
    /// A key under `exo-lint:` of the front matter.
    Key,
}

impl UnknownName {
    /// Cause and cure in one line.
    pub fn explain(&self, lang: Lang) -> String {
        let value = &self.declared.value;
        let what = match self.of {
            NameOf::Category => lang.pick("区分", "category"),
            NameOf::Product => lang.pick("製品の種類", "kind of product"),
            NameOf::Key => lang.pick("front matter の exo-lint: の項目", "key under exo-lint: in front matter"),
        };
        let cure = match &self.nearest {
            Some(nearest) => {
                lang.pick(format!("「{nearest}」のことでしょうか。"), format!("Did you mean {nearest:?}?"))
            }
            None if self.of == NameOf::Key => {
                lang.pick(format!("書けるのは {} です。", KEYS.join("、")), format!("Known are {}.", KEYS.join(", ")))
            }
            None => lang.pick("exo-lint --help で選べる名前を見られます。".into(), "See exo-lint --help.".into()),
        };
        lang.pick(format!("{what}「{value}」はありません。{cure}"), format!("There is no {what} {value:?}. {cure}"))
    }
}

/// Checks one source. Never fails.
pub fn check(rules: &Ruleset, analyzer: &mut Analyzer, source: &Source, format: Format, brief: &Brief) -> Checked {
    let page = Page::read(rules, source, format, brief);
    let scene = page.scene(rules, source, analyzer);
    let notes = Notes::new(&page.normal, &page.document);

    let candidates = claim::candidates(rules, &scene, !brief.exhaustive);
    // A page about something else needs no reading.
    let elsewhere = !candidates.is_empty() && is_elsewhere(rules, &scene);
    let weighed = if elsewhere { Vec::new() } else { weigh(rules, &scene, &notes, candidates) };
    let found = findings(rules, &scene, &weighed, &brief.levels);
    let (diagnostics, suppressed) = suppress(rules, &scene, found, brief);
    let dismissed = weighed.into_iter().filter_map(|(claim, verdict)| match verdict {
        Verdict::Stands { .. } => None,
        Verdict::Dismissed(reasons) => Some((claim, reasons)),
    });
    Checked {
        diagnostics,
        suppressed,
        levels: Arc::clone(&brief.levels),
        dismissed: dismissed.collect(),
        category_from: page.category_from,
        profile: page.profile,
        unknown: unknown(rules, &page.document),
        silent_images: page.document.silent_images,
        links: page.document.links.into_iter().map(|link| link.address).collect(),
    }
}

/// What one page asks of another: whether it tells a part of a duty, of these subjects.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    pub rule: RuleIx,
    /// The id of the part.
    pub part: String,
    pub subjects: BTreeSet<String>,
}

/// Where a source answers questions of other pages: of each the first line, from 1, that does.
pub fn answers(
    rules: &Ruleset,
    analyzer: &mut Analyzer,
    source: &Source,
    format: Format,
    brief: &Brief,
    questions: &[Question],
) -> Vec<Option<usize>> {
    let page = Page::read(rules, source, format, brief);
    let scene = page.scene(rules, source, analyzer);
    let denied = |place| verdict::denied(rules, &scene, place);
    let line = |question: &Question| {
        let duty = rules.rule(question.rule).duty.as_ref()?;
        let part = duty.parts.iter().find(|part| part.id == question.part)?;
        let block = disclosure::told(&scene, &rules.probes, duty, part, &question.subjects, &denied)?;
        Some(source.position(page.normal.to_source(page.normal.block(block)).start).line)
    };
    questions.iter().map(line).collect()
}

/// Whether the page is about something that no rule speaks of.
pub(crate) fn is_elsewhere(rules: &Ruleset, scene: &Scene) -> bool {
    rules.contexts.iter().any(|c| c.global && c.page_is_elsewhere(scene))
}

/// Takes out what comments in the page accept, each rule and place for itself, and settles what is left. What is
/// wrong with these comments is found, too.
fn suppress(rules: &Ruleset, scene: &Scene, found: Vec<Finding>, brief: &Brief) -> (Vec<Diagnostic>, Vec<Suppressed>) {
    let category = scene.profile.category();
    let is_on = |rule: RuleIx| brief.levels.get(&rule) != Some(&None);
    // In other categories the same comment may be of use.
    let is_active = |rule: RuleIx| is_on(rule) && rules.rule(rule).applies_to(category);
    let directives = &scene.document.directives;
    let Outcome { standing, mut suppressed, misuses } =
        suppression::apply(rules, scene.source, directives, found, brief.today, is_active);
    let mut settled = diagnostic::settle(standing);
    diagnostic::number(settled.iter_mut().map(|(diagnostic, _)| diagnostic));
    suppressed.extend(suppression::accepted(&brief.accepted, &mut settled));
    let mut diagnostics = diagnostic::unite(scene, settled);
    let findings =
        misuses.iter().filter_map(|m| suppression::finding(rules, scene.source, category, Origin::Comment, m));
    let mut own: Vec<Diagnostic> = findings.filter(|finding| is_on(finding.rule)).collect();
    for finding in &mut own {
        let level = brief.levels.get(&finding.rule).copied().flatten();
        finding.severity = level.unwrap_or(finding.severity);
    }
    diagnostic::number(own.iter_mut());
    diagnostics.extend(own);
    diagnostics.sort_by_key(|d| (d.span, d.rule));
    (diagnostics, suppressed)
}

/// The findings of the claims that stand, as grave as `levels` says; several may see the same words.
pub(crate) fn findings(rules: &Ruleset, scene: &Scene, weighed: &[(Claim, Verdict)], levels: &Levels) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (claim, verdict) in weighed {
        if let Verdict::Stands { severity, remarks } = verdict {
            let severity = match levels.get(&claim.rule) {
                Some(None) => continue,
                // A claim that its circumstances made less grave stays so.
                Some(Some(level)) if *severity < rules.rule(claim.rule).severity => (*severity).min(*level),
                Some(Some(level)) => *level,
                None => *severity,
            };
            let diagnostic = diagnostic::write(rules, scene, claim, severity, remarks.clone());
            let effect = scene.normal.to_source(claim.effect);
            findings.push(Finding { diagnostic, sentence: claim.sentence, effect });
        }
    }
    findings
}

/// A source read, and what it is about.
pub(crate) struct Page {
    pub document: Document,
    pub normal: Normal,
    category_from: CategoryFrom,
    profile: Profile,
}

impl Page {
    pub fn read(rules: &Ruleset, source: &Source, format: Format, brief: &Brief) -> Self {
        let document = document::read(source, format, brief.include);
        let normal = rules.disguises.undo(Normal::of(source, &document));
        let own = declared(rules, &document);
        let category_from = match (brief.asked.category, own.category, brief.configured.category) {
            (Some(_), ..) => CategoryFrom::Option,
            (None, Some(_), _) => CategoryFrom::FrontMatter,
            (None, None, Some(_)) => CategoryFrom::Config,
            (None, None, None) => CategoryFrom::Assumed,
        };
        let profile = brief.asked.clone().or(&own).or(&brief.configured);
        Self { document, normal, category_from, profile }
    }

    pub fn scene<'a>(&'a self, rules: &'a Ruleset, source: &'a Source, analyzer: &'a mut Analyzer) -> Scene<'a> {
        let (document, normal) = (&self.document, &self.normal);
        let mut scene = Scene::new(source, document, normal, &rules.vocabulary, &self.profile, analyzer);
        scene.assumed = self.category_from == CategoryFrom::Assumed;
        scene.categories =
            labelling::categories(&rules.labels, document, normal, self.profile.category(), scene.assumed);
        scene
    }
}

/// The claims that candidates make, with their verdicts, in order.
pub(crate) fn weigh(
    rules: &Ruleset,
    scene: &Scene,
    notes: &Notes,
    candidates: Vec<Candidate>,
) -> Vec<(Claim, Verdict)> {
    let mut weighed = Vec::new();
    for candidate in candidates {
        for claim in claims(rules, scene, &candidate) {
            let verdict = verdict::weigh(rules, scene, notes, &claim);
            weighed.push((claim, verdict));
        }
        scene.forget();
    }
    claim::gather(&mut weighed);
    verdict::answer(rules, scene, &mut weighed);
    observation::add(rules, scene, notes, &mut weighed);
    weighed
}

fn claims(rules: &Ruleset, scene: &Scene, candidate: &Candidate) -> Vec<Claim> {
    let sentence = candidate.sentence;
    let category = scene.category_of(sentence.block);
    let mut claims = Vec::new();
    if !candidate.patterns.is_empty() {
        let reading = scene.reading(sentence);
        for &(rule, pattern) in candidate.patterns.iter().filter(|(rule, _)| rules.rule(*rule).applies_to(category)) {
            claims.extend(claim::confirm(rules, &reading, sentence, rule, pattern));
        }
        claim::merge(&mut claims);
    }
    for (antecedent, patterns) in &candidate.antecedents {
        let taken_up = claim::antecedent::claims(rules, scene, sentence, *antecedent, patterns);
        claims.extend(taken_up.into_iter().filter(|c| rules.rule(c.rule).applies_to(category)));
    }
    claims
}

/// What a file declares of its product; names that do not exist are left out.
fn declared(rules: &Ruleset, document: &Document) -> Profile {
    let values = |declared: &[Declared]| declared.iter().map(|d| d.value.clone()).collect();
    let kinds = document.products.iter().map(|d| &d.value).filter(|id| rules.kinds.iter().any(|k| k.id == **id));
    Profile {
        category: document.category.as_ref().and_then(|d| Category::parse(&d.value)),
        kinds: kinds.cloned().collect(),
        efficacy: values(&document.efficacy),
        active: values(&document.active),
    }
}

/// Keys under `exo-lint:` of the front matter.
const KEYS: [&str; 5] = ["category", "product", "efficacy", "active", "disable"];

/// Declared names that are none. A key that other tools have, too, is only ours where its value is a slip of
/// the pen.
fn unknown(rules: &Ruleset, document: &document::Document) -> Vec<UnknownName> {
    let categories = document.category.iter().chain(document.blocks.iter().filter_map(|b| b.category.as_ref()));
    let names = || Category::ALL.iter().map(|c| c.name());
    let kinds = || rules.kinds.iter().map(|k| k.id.as_str());
    let unknown = |declared: &Declared, of: NameOf| -> Option<UnknownName> {
        let known: Box<dyn Iterator<Item = &str>> = match of {
            NameOf::Product => Box::new(kinds()),
            NameOf::Category => Box::new(names()),
            NameOf::Key => Box::new(KEYS.into_iter()),
        };
        let Unknown { nearest, .. } = match declared.shared_key {
            true => Unknown::slip(&declared.value, known),
            false => Unknown::among(&declared.value, known),
        };
        let theirs = declared.shared_key && nearest.is_none();
        (!theirs).then(|| UnknownName { declared: declared.clone(), nearest, of })
    };
    let no_category = categories.filter(|d| Category::parse(&d.value).is_none());
    let mut found: Vec<UnknownName> = no_category.filter_map(|d| unknown(d, NameOf::Category)).collect();
    let no_product = document.products.iter().filter(|d| !kinds().any(|k| k == d.value));
    found.extend(no_product.filter_map(|d| unknown(d, NameOf::Product)));
    found.extend(document.unknown_keys.iter().filter_map(|d| unknown(d, NameOf::Key)));
    found.dedup();
    found
}
