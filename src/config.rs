//! `exo-lint.toml`: what is advertised where, and what the user adds to the rules. Reading files is the
//! program's matter; here is only what may stand in one.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::lang::Lang;
use crate::product::{Category, Profile};
use crate::provision::Authority;
use crate::rule::{
    ApprovedTable, ClassTable, ContextTable, DisguisedTable, FailOn, File, GroupTable, NameTable, ProductTable,
    RuleTable, Severity,
};

/// A configuration file.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Config {
    /// Of the messages: ja, en.
    #[serde(default)]
    pub lang: Option<Lang>,
    /// From which severity on a run fails.
    #[serde(default)]
    pub fail_on: Option<FailOn>,
    /// Findings below are not shown and do not count.
    #[serde(default)]
    pub min_severity: Option<Severity>,
    /// Only rules that rest on these: law, notice, guideline, industry.
    #[serde(default)]
    pub authority: Vec<Authority>,
    /// The day whose law counts.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub as_of: Option<toml::Value>,
    /// The address under which the pages of the rules stand.
    #[serde(default)]
    pub rule_pages: Option<String>,
    /// How grave the findings of a rule are: its id, or `folder/*`; a longer name beats a shorter one.
    #[serde(default)]
    pub severity: BTreeMap<String, Level>,
    /// Of files that say no other.
    #[serde(default)]
    pub category: Option<Category>,
    /// Kinds of product: 洗顔料, SPF, 効能評価試験済み.
    #[serde(default)]
    pub product: Vec<String>,
    /// What the product is approved for, as its label has it.
    #[serde(default)]
    pub efficacy: Vec<String>,
    /// Approved active ingredients.
    #[serde(default)]
    pub active: Vec<String>,
    /// The same for some files; the last one that fits counts.
    #[serde(default)]
    pub path: Vec<PathTable>,
    /// Pages that belong together; a page is of the last site that fits.
    #[serde(default)]
    pub site: Vec<SiteTable>,
    /// Further rule files, relative to this one.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Names of products that may stand though they claim something.
    #[serde(default)]
    pub name: Vec<NameTable>,
    #[serde(default)]
    pub rule: Vec<RuleTable>,
    #[serde(default)]
    pub group: Vec<GroupTable>,
    #[serde(default)]
    pub class: Vec<ClassTable>,
    #[serde(default)]
    pub context: Vec<ContextTable>,
    #[serde(default)]
    pub approved: Vec<ApprovedTable>,
    #[serde(default)]
    pub kind: Vec<ProductTable>,
    #[serde(default)]
    pub disguised: Vec<DisguisedTable>,
}

/// How grave the findings of a rule are, if at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Error,
    Warning,
    Info,
    /// The rule does not run.
    Off,
}

impl Level {
    /// `None` is off.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Off => None,
        }
    }
}

/// What some files are about.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PathTable {
    /// Patterns as in .gitignore, relative to the configuration file: `lp/**`, `*.html`.
    pub files: Vec<String>,
    #[serde(default)]
    pub category: Option<Category>,
    #[serde(default)]
    pub product: Vec<String>,
    #[serde(default)]
    pub efficacy: Vec<String>,
    #[serde(default)]
    pub active: Vec<String>,
    /// How grave the findings of a rule are in these files.
    #[serde(default)]
    pub severity: BTreeMap<String, Level>,
}

/// Pages that belong together: what one lacks may stand on another.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SiteTable {
    /// Patterns as in .gitignore, relative to the configuration file.
    pub files: Vec<String>,
    /// The pages of these that hold what others may lack; all, where none is named.
    #[serde(default)]
    pub shared: Vec<String>,
    /// Whether a link to a shared page counts as if its statements stood on the page itself.
    #[serde(default)]
    pub link_suffices: bool,
    /// Why a link is enough; has to be given where it is.
    #[serde(default)]
    pub reason: Option<String>,
}

impl PathTable {
    /// What is said of the product of these files.
    pub fn profile(&self) -> Profile {
        let Self { category, product, efficacy, active, .. } = self.clone();
        Profile { category, kinds: product, efficacy, active }
    }
}

impl Config {
    /// # Errors
    ///
    /// What the parser says: no TOML, an unknown key, a value of another kind.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// What is said of the product of files that no `[[path]]` speaks of.
    pub fn profile(&self) -> Profile {
        Profile {
            category: self.category,
            kinds: self.product.clone(),
            efficacy: self.efficacy.clone(),
            active: self.active.clone(),
        }
    }

    /// What it adds to the rules, as a rule file.
    pub fn into_file(self) -> File {
        let Self { name, rule, group, class, context, approved, kind, disguised, .. } = self;
        File { name, rule, group, class, context, approved, product: kind, disguised, ..File::default() }
    }
}

/// The configuration that `init` writes: everything there is, in comments.
pub const TEMPLATE: &str = include_str!("config/template.toml");

/// The JSON schema of configuration files, which is `schema/config.json`.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Config)
}
