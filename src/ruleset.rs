//! Rule files made ready to run: names resolved, patterns compiled, every fault collected with
//! its file, line, cause and cure.

mod file;
mod load;
mod problem;

pub use file::{FileText, builtin_files, tables};
pub use problem::{Problem, ProblemKind};

use std::sync::OnceLock;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::anchor::Prefilter;
use crate::context::{Context, ProbeSet, Probes};
use crate::disclosure::Duty;
use crate::disguise::Disguises;
use crate::labelling::Label;
use crate::modality::Modality;
use crate::pattern::{Pattern, Vocabulary};
use crate::product::Category;
use crate::provision::{self, Authority, Provision};
use crate::rule::{NotePolicy, Observe, RetiredTable, Severity, SuggestionTable};

/// An index into [`Ruleset::rules`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleIx(pub u32);

/// A rule ready to run.
#[derive(Debug)]
pub struct Rule {
    pub id: String,
    pub title: String,
    pub category: Vec<Category>,
    pub severity: Severity,
    pub law: Vec<String>,
    pub find: Vec<Pattern>,
    pub observe: Option<Observe>,
    /// For rules that ask what a page tells.
    pub duty: Option<Duty>,
    /// Indices into [`Ruleset::contexts`].
    pub unless: Vec<usize>,
    pub despite: Vec<usize>,
    pub only: Vec<usize>,
    pub note: NotePolicy,
    pub note_find: ProbeSet,
    pub note_except: ProbeSet,
    pub message: String,
    pub why: String,
    pub suggest: Vec<SuggestionTable>,
    /// The file it stands in.
    pub file: String,
}

/// A claim that the law allows.
#[derive(Debug)]
pub struct Approved {
    pub id: String,
    pub provision: String,
    pub category: Vec<Category>,
    pub text: String,
    /// Kinds of product; empty for all.
    pub only_for: Vec<String>,
    /// Kinds of product that cannot have it.
    pub not_for: Vec<String>,
    /// Only for products that were approved for it: their label says so, or one of these is in them.
    pub approval: bool,
    /// Where the label is known, only if it says so.
    pub by_label: bool,
    /// What labels leave unsaid after the last item of their list.
    pub label_ending: Option<String>,
    pub active: Vec<String>,
    /// Words of the paragraph that show it, where neither label nor active ingredients are declared.
    pub told_by: ProbeSet,
    /// What must be told close by, or declared as a kind (`proof`): tests that were done.
    pub proof: Option<String>,
    pub note_find: ProbeSet,
    pub covers: ProbeSet,
}

/// The name of a product that may stand though its words claim something.
#[derive(Debug)]
pub struct Name {
    /// In normal spelling.
    pub text: String,
    pub reason: String,
}

/// A kind of product and the nouns that name it.
#[derive(Debug)]
pub struct Kind {
    pub id: String,
    pub title: String,
    pub category: Category,
    pub nouns: ProbeSet,
}

/// Everything under `rulesets/`, compiled.
#[derive(Debug)]
pub struct Ruleset {
    pub vocabulary: Vocabulary,
    /// Names of products that may stand, and why.
    pub names: Vec<Name>,
    /// Words that are found though they are written otherwise.
    pub disguises: Disguises,
    pub rules: Vec<Rule>,
    pub contexts: Vec<Context>,
    pub modalities: Vec<Modality>,
    pub approved: Vec<Approved>,
    pub kinds: Vec<Kind>,
    /// What follows the noun of a product that is not the one advertised.
    pub asides: ProbeSet,
    /// How copy labels products with a category.
    pub labels: Vec<Label>,
    pub probes: Probes,
    /// Over the patterns of all rules.
    pub prefilter: Prefilter,
    /// For each requirement of the prefilter, its rule and pattern.
    pub patterns: Vec<(RuleIx, usize)>,
    pub retired: Vec<RetiredTable>,
    /// Of files that were not built in, a hash each.
    added: Vec<String>,
}

impl Rule {
    /// Whether the rule looks at texts of a category; general rules look at all.
    pub fn applies_to(&self, category: Category) -> bool {
        self.category.contains(&category) || self.category.contains(&Category::General)
    }
}

impl Ruleset {
    /// The rules in the binary, and the user's own.
    ///
    /// # Errors
    ///
    /// Every problem of the user's files.
    pub fn with_own(own: &[FileText]) -> Result<Self, Vec<Problem>> {
        let mut files = file::packed();
        files.extend(file::parse(own)?);
        let rules = load::compile(&files)?;
        Ok(Self { added: own.iter().map(|file| digest(std::slice::from_ref(file))).collect(), ..rules })
    }

    /// The rules in the binary.
    ///
    /// # Panics
    ///
    /// When they are broken, which `exo-lint test` and the tests notice.
    pub fn builtin() -> Self {
        let files = file::packed();
        load::compile(&files).unwrap_or_else(|problems| panic!("built-in rules: {problems:#?}"))
    }

    /// Compiles rule files as they are written.
    ///
    /// # Errors
    ///
    /// Every problem found, not only the first.
    pub fn from_files(files: &[FileText]) -> Result<Self, Vec<Problem>> {
        let rules = load::compile(&file::parse(files)?)?;
        Ok(Self { added: vec![digest(files)], ..rules })
    }

    /// A hash of what the rules were made from: the same rules give the same findings.
    pub fn hash(&self) -> String {
        [&[builtin_hash().to_owned()], self.added.as_slice()].concat().join("+")
    }

    pub fn rule(&self, ix: RuleIx) -> &Rule {
        &self.rules[ix.0 as usize]
    }

    /// The rules that look at a page as a whole, and at what.
    pub fn observing(&self) -> impl Iterator<Item = (RuleIx, Observe)> {
        let rules = self.rules.iter().enumerate();
        rules.filter_map(|(ix, rule)| Some((RuleIx(ix as u32), rule.observe?)))
    }

    /// What could be written instead in a text of a category: what is said of a kind of product of another
    /// category is no help there.
    pub fn suggestions<'a>(
        &'a self,
        rule: &'a Rule,
        category: Category,
    ) -> impl Iterator<Item = &'a SuggestionTable> + 'a {
        let of_another = move |when: &String| self.kinds.iter().any(|k| k.id == *when && k.category != category);
        rule.suggest.iter().filter(move |suggestion| !suggestion.when.as_ref().is_some_and(of_another))
    }

    /// The rules that a name means: an id, also of one that is no longer in use, or `folder/*`.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = RuleIx> + 'a {
        let folder = name.strip_suffix('*').filter(|folder| folder.is_empty() || folder.ends_with('/'));
        let inside = move |at: &usize| folder.is_some_and(|folder| self.rules[*at].id.starts_with(folder));
        let of_folder = (0..self.rules.len()).filter(inside).map(|at| RuleIx(at as u32));
        self.resolve(name).into_iter().chain(of_folder)
    }

    /// The rules that rest on nothing that is in force on a day and comes from one of these; on any, where none is
    /// named. Rules about the use of this program rest on nothing, and always run.
    pub fn without_ground(&self, day: Date, authorities: &[Authority]) -> Vec<RuleIx> {
        let fits = |p: &Provision| p.in_force(day) && (authorities.is_empty() || authorities.contains(&p.authority));
        let grounded = |rule: &Rule| rule.law.iter().filter_map(|id| provision::get(id)).any(fits);
        let without = |rule: &Rule| !rule.observe.is_some_and(Observe::is_own) && !grounded(rule);
        (0..self.rules.len()).filter(|at| without(&self.rules[*at])).map(|at| RuleIx(at as u32)).collect()
    }

    /// The rule of an id, also of one that is no longer in use.
    pub fn resolve(&self, id: &str) -> Option<RuleIx> {
        let id = self.retired.iter().find(|retired| retired.id == id).map_or(Some(id), |r| r.now.as_deref())?;
        let at = self.rules.iter().position(|rule| rule.id == id)?;
        Some(RuleIx(at as u32))
    }

    /// The rule of an id, also of one that is no longer in use.
    pub fn by_id(&self, id: &str) -> Option<&Rule> {
        self.resolve(id).map(|ix| self.rule(ix))
    }
}

/// A hash of all built-in rule files.
fn builtin_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| digest(&builtin_files()))
}

fn digest(files: &[FileText]) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.name.as_bytes());
        hash.update(file.text.as_bytes());
    }
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}
