//! The shapes of rule files: what a legal expert writes. They only validate; [`crate::ruleset`]
//! makes of them what runs. `docs/rule-format.md` explains every key.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::pattern::Polarity;
use crate::product::Category;

/// A file under `rulesets/`: any mix of tables.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct File {
    #[serde(default)]
    pub rule: Vec<RuleTable>,
    #[serde(default)]
    pub group: Vec<GroupTable>,
    #[serde(default)]
    pub class: Vec<ClassTable>,
    #[serde(default)]
    pub context: Vec<ContextTable>,
    #[serde(default)]
    pub modality: Vec<ModalityTable>,
    #[serde(default)]
    pub approved: Vec<ApprovedTable>,
    #[serde(default)]
    pub product: Vec<ProductTable>,
    #[serde(default)]
    pub speaker: Vec<SpeakerTable>,
    #[serde(default, rename = "product-aside")]
    pub product_aside: Vec<AsideTable>,
    #[serde(default, rename = "category-label")]
    pub category_label: Vec<LabelTable>,
    #[serde(default)]
    pub disguised: Vec<DisguisedTable>,
    #[serde(default)]
    pub name: Vec<NameTable>,
    #[serde(default)]
    pub retired: Vec<RetiredTable>,
}

/// An id that a rule had once: who wrote it down finds its way.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetiredTable {
    pub id: String,
    /// The rule that finds now what this one found.
    #[serde(default)]
    pub now: Option<String>,
    /// Why it went, and when.
    pub reason: String,
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A person should look.
    Info,
    /// Not allowed unless a condition is met, and none was seen.
    Warning,
    /// Clearly outside what the law allows.
    Error,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// From which severity on a run fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    Error,
    Warning,
    Info,
    Never,
}

impl FailOn {
    pub const ALL: [Self; 4] = [Self::Error, Self::Warning, Self::Info, Self::Never];

    pub fn name(self) -> &'static str {
        self.least().map_or("never", Severity::name)
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fail_on| fail_on.name() == name)
    }

    /// Whether a finding of this severity makes a run fail.
    pub fn fails(self, severity: Severity) -> bool {
        self.least().is_some_and(|least| severity >= least)
    }

    fn least(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
            Self::Never => None,
        }
    }
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleTable {
    /// `folder/name`, stable for ever.
    pub id: String,
    pub title: String,
    pub category: Vec<Category>,
    pub severity: Severity,
    /// Ids of provisions.
    pub law: Vec<String>,
    /// Patterns; one that holds makes a claim.
    #[serde(default)]
    pub find: Vec<String>,
    /// Instead of a claim, something that the page shows as a whole.
    #[serde(default)]
    pub observe: Option<Observe>,
    /// Contexts that dismiss, besides those for all rules.
    #[serde(default)]
    pub unless: Vec<String>,
    /// Contexts for all rules that do not dismiss this one.
    #[serde(default)]
    pub despite: Vec<String>,
    /// Contexts of which one must hold.
    #[serde(default)]
    pub only: Vec<String>,
    #[serde(default)]
    pub note: NotePolicy,
    /// What a resolving note must say.
    #[serde(default)]
    pub note_find: Vec<String>,
    /// For `observe = "missing-parts"`: of each list something must stand on the page.
    #[serde(default)]
    pub when: Vec<Vec<String>>,
    /// With one of these on the page nothing is asked.
    #[serde(default)]
    pub unless_page: Vec<String>,
    /// What stands with one of these does not count as `unless-page`.
    #[serde(default)]
    pub unless_page_except: Vec<String>,
    /// What sections may be about: those about another subject than the page's do not count.
    #[serde(default)]
    pub subject: Vec<String>,
    /// What tells nothing: 詳しくはこちら.
    #[serde(default)]
    pub empty: Vec<String>,
    #[serde(default)]
    pub scope: Scope,
    /// Texts shorter than this, in characters, are parts of a page and not asked.
    #[serde(default)]
    pub from: usize,
    /// What the page must tell.
    #[serde(default)]
    pub part: Vec<PartTable>,
    /// Notes with one of these are no matter of `observe = "contradicting-note"`.
    #[serde(default)]
    pub note_except: Vec<String>,
    pub message: String,
    pub why: String,
    #[serde(default)]
    pub suggest: Vec<SuggestionTable>,
    /// What became of the rule since it was first there.
    #[serde(default)]
    pub history: Vec<ChangeTable>,
    #[serde(default)]
    pub ng: Vec<NgExample>,
    #[serde(default)]
    pub ok: Vec<OkExample>,
}

/// A change of a rule that users notice.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeTable {
    /// Of the program that has it first.
    pub version: String,
    pub text: String,
}

/// What a page shows besides claims. The list is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Observe {
    /// A mark at a word, and no note that begins with it.
    MarkWithoutNote,
    /// A numbered note that no mark refers to.
    NoteWithoutMark,
    /// A note that makes a claim right stands far from it.
    FarNote,
    /// The note of a claim that stands denies it, or says one of `note-find`.
    ContradictingNote,
    /// An approved claim bound to kinds of product (`only-for`), made for another one.
    OtherKind,
    /// The page offers something (`when`) and does not tell every `part`.
    MissingParts,
    /// Nobody said the category, and the page has words of another one: the first of `find`.
    OtherCategory,
    /// A comment or an entry of the ledger that suppresses nothing.
    UnusedSuppression,
    /// One that holds no longer.
    ExpiredSuppression,
    /// A comment that asks for something but cannot be understood.
    BrokenSuppression,
}

impl Observe {
    /// Whether it is about what people wrote for this program, on which no provision speaks.
    pub fn is_own(self) -> bool {
        matches!(self, Self::UnusedSuppression | Self::ExpiredSuppression | Self::BrokenSuppression)
    }
}

/// Of what a duty is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    #[default]
    Page,
    /// Each section whose heading has something of the first list of `when`.
    Section,
}

/// One thing that a page must tell.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PartTable {
    pub id: String,
    pub title: String,
    /// For people: what would count.
    #[serde(default)]
    pub looked_for: Vec<String>,
    /// Words that tell it.
    #[serde(default)]
    pub find: Vec<String>,
    /// Or: of each of these lists something in one sentence.
    #[serde(default)]
    pub all: Vec<Vec<String>>,
    /// Words with which a sentence does not count after all.
    #[serde(default)]
    pub except: Vec<String>,
    /// Headings, terms, header cells under which it is told.
    #[serde(default)]
    pub heading: Vec<String>,
    /// What must stand under such a heading; anything, if empty.
    #[serde(default)]
    pub content: Vec<String>,
    /// The name of another page tells it: 予約フォーム.
    #[serde(default)]
    pub by_link: bool,
}

/// Which notes (※) make a claim right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NotePolicy {
    /// None.
    #[default]
    NoHelp,
    /// One whose content is right, anywhere on the page.
    Resolves,
    /// One whose content is right, in the same block.
    Near,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuggestionTable {
    pub text: String,
    /// For which product or on what condition.
    #[serde(default)]
    pub when: Option<String>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NgExample {
    pub text: String,
    /// What is underlined.
    pub hit: String,
    /// Ids of the parts that are missing.
    #[serde(default)]
    pub missing: Vec<String>,
    /// Where the rule holds for several, the one this is read as; otherwise the rule's first.
    #[serde(default)]
    pub category: Option<Category>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OkExample {
    pub text: String,
    /// Why it is fine: a modality, a context, `approved` or `note`. Without it there must be no claim.
    #[serde(default)]
    pub because: Option<String>,
    #[serde(default)]
    pub category: Option<Category>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupTable {
    pub id: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub intransitive: Vec<String>,
    #[serde(default)]
    pub transitive: Vec<String>,
    #[serde(default)]
    pub nouns: Vec<String>,
    #[serde(default)]
    pub include: Vec<String>,
    #[serde(default)]
    pub polarity: PolarityTable,
    #[serde(default)]
    pub holds: Vec<String>,
    #[serde(default)]
    pub fails: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PolarityTable {
    #[default]
    Good,
    Bad,
}

impl From<PolarityTable> for Polarity {
    fn from(table: PolarityTable) -> Self {
        match table {
            PolarityTable::Good => Self::Good,
            PolarityTable::Bad => Self::Bad,
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassTable {
    pub id: String,
    #[serde(default)]
    pub title: String,
    #[serde(default)]
    pub find: Vec<String>,
    /// Regular expressions over the normal text; `{id}` stands for those of another class.
    #[serde(default)]
    pub spelled: Vec<String>,
    /// Where one of these overlaps, it is not of the class.
    #[serde(default)]
    pub except: Vec<String>,
    /// Where given, one of these must overlap.
    #[serde(default)]
    pub only: Vec<String>,
    /// Strings of which one is in whatever is spelled so: what the prefilter looks for.
    #[serde(default)]
    pub anchors: Vec<String>,
    #[serde(default)]
    pub holds: Vec<String>,
    #[serde(default)]
    pub fails: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ContextTable {
    pub id: String,
    pub title: String,
    /// Holds for every rule.
    #[serde(default)]
    pub global: bool,
    pub probe: ProbeName,
    /// Only for effects that do not name what they are said of in their own sentence.
    #[serde(default)]
    pub unnamed: bool,
    /// It dismisses nothing: where it holds, a denial or a wish is taken back (それは過去の話です).
    #[serde(default)]
    pub restores: bool,
    #[serde(default)]
    pub side: Side,
    #[serde(default)]
    pub reach: Option<Reach>,
    #[serde(default)]
    pub find: Vec<String>,
    /// Words in the claim's own block, or the one before or after, that keep the context from holding.
    #[serde(default)]
    pub except: Vec<String>,
    /// `section`: these words count anywhere under the claim's heading; `page`: anywhere.
    #[serde(default)]
    pub except_reach: ExceptReach,
    /// Marks before the claim's own line (○, OK：) that keep the context from holding.
    #[serde(default)]
    pub except_label: Vec<String>,
    /// For `probe = "around"`: what announces the claim in a paragraph before it; `find` looks back
    /// from one after it.
    #[serde(default)]
    pub find_before: Vec<String>,
    /// For `probe = "judged"`: marks that say it is right; `find` says it is wrong.
    #[serde(default)]
    pub find_good: Vec<String>,
    /// For `probe = "around"`: what the paragraph must say besides.
    #[serde(default)]
    pub find_also: Vec<String>,
    /// How many different words of `find` make a page one about them, for `probe = "topic"`.
    #[serde(default)]
    pub least: Option<usize>,
    /// How many words of `find` and `except` in a thousand characters do so too.
    #[serde(default)]
    pub density: Option<usize>,
    /// Pages shorter than this (in characters) are not judged by `probe = "topic"`.
    #[serde(default)]
    pub from: Option<usize>,
    /// Kinds of product, for `probe = "product"`; speakers, for `probe = "speaker"`.
    #[serde(default)]
    pub within: Vec<String>,
    #[serde(default)]
    pub holds: Vec<PlaceExample>,
    #[serde(default)]
    pub fails: Vec<PlaceExample>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ProbeName {
    Near,
    Quoted,
    Placed,
    Judged,
    Heads,
    Around,
    Subject,
    Topic,
    Product,
    Speaker,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExceptReach {
    #[default]
    Neighbours,
    Section,
    Page,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    Before,
    After,
    #[default]
    Any,
}

/// How far a context looks, nearest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    Clause,
    Sentence,
    Neighbours,
    Block,
    Section,
    Page,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceExample {
    pub text: String,
    /// The words that stand for the claim.
    pub at: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModalityTable {
    pub id: String,
    pub title: String,
    pub effect: Effect,
    pub find: Vec<String>,
    /// Turns of phrase in which `find` does not count.
    #[serde(default)]
    pub except: Vec<String>,
    #[serde(default)]
    pub holds: Vec<PlaceExample>,
    #[serde(default)]
    pub fails: Vec<PlaceExample>,
}

/// What a modality does to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// An odd number dismisses, an even number leaves the claim; the reverse for bad effects.
    Negates,
    Dismisses,
    /// The claim stays, as a warning.
    Warns,
    None,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ApprovedTable {
    pub id: String,
    pub provision: String,
    pub category: Vec<Category>,
    pub text: String,
    #[serde(default)]
    pub only_for: Vec<String>,
    /// Kinds that cannot have it, where the law names none that can.
    #[serde(default)]
    pub not_for: Vec<String>,
    /// Only for products approved for it: `efficacy` of the product says it, or `active` is in it.
    #[serde(default)]
    pub approval: bool,
    /// Where the product's approved effects are told, only if this is one of them.
    #[serde(default)]
    pub by_label: bool,
    /// What a label leaves unsaid after the last item of its list (肌あれ、あれ性): を防ぐ.
    #[serde(default)]
    pub label_ending: Option<String>,
    #[serde(default)]
    pub active: Vec<String>,
    /// Words of the paragraph that show it where the product's label is not declared: 有効成分ナイアシンアミド.
    #[serde(default)]
    pub told_by: Vec<String>,
    /// A kind that says that what the law asks for was done (効能評価試験済み); or a note near says `note-find`.
    #[serde(default)]
    pub proof: Option<String>,
    #[serde(default)]
    pub note_find: Vec<String>,
    pub covers: Vec<String>,
    #[serde(default)]
    pub ok: Vec<String>,
    #[serde(default)]
    pub ng: Vec<String>,
}

/// How copy labels what is of a category: 【医薬部外品】.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelTable {
    pub category: Category,
    /// Only pages of one of these categories are asked.
    pub among: Vec<Category>,
    /// A regular expression: what stands beside a name.
    pub beside: String,
    /// A regular expression: all that a cell or a short line says.
    #[serde(default)]
    pub whole: String,
    /// A regular expression: names that say it, where the page has a label of the category anywhere.
    #[serde(default)]
    pub named: String,
}

/// What follows the noun of a product that is used along with the one advertised: 洗顔料の後に.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AsideTable {
    pub find: Vec<String>,
}

/// Somebody whose words advertising repeats. All but id, title and remark are regular expressions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SpeakerTable {
    pub id: String,
    pub title: String,
    /// What a reader of a finding should know of such words.
    #[serde(default)]
    pub remark: String,
    /// The advertiser itself.
    #[serde(default)]
    pub own: bool,
    /// Categories in which they are the advertiser: in a clinic the doctor is.
    #[serde(default)]
    pub own_in: Vec<Category>,
    /// How they sign, or are named.
    #[serde(default)]
    pub person: String,
    /// How the sections with their words are called.
    #[serde(default)]
    pub heading: String,
    /// What stands around a quotation of theirs.
    #[serde(default)]
    pub quoted: String,
    /// Where this is, it is not them.
    #[serde(default)]
    pub except: String,
}

/// The name of a product that may stand though its words claim something.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NameTable {
    pub text: String,
    /// Why it may: a registered name, an approved one.
    pub reason: String,
}

/// Words that are found though they are masked, spread out or misspelled.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DisguisedTable {
    pub words: Vec<String>,
    /// Misspellings of a word.
    #[serde(default)]
    pub typos: std::collections::BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductTable {
    pub id: String,
    pub title: String,
    pub category: Category,
    pub nouns: Vec<String>,
}

/// The JSON schema of rule files, which is `schema/rules.json`.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(File)
}
