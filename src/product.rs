//! What is advertised: the category that decides which law applies, and the kind of product that
//! decides which claims are allowed.

use serde::{Deserialize, Serialize};

/// The category of a product or service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    Cosmetics,
    QuasiDrug,
    OtcDrug,
    Clinic,
    HealthFood,
    FunctionalFood,
    Device,
    Goods,
    General,
}

impl Category {
    pub const ALL: [Self; 9] = [
        Self::Cosmetics,
        Self::QuasiDrug,
        Self::OtcDrug,
        Self::Clinic,
        Self::HealthFood,
        Self::FunctionalFood,
        Self::Device,
        Self::Goods,
        Self::General,
    ];

    /// Its name in files and options.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cosmetics => "cosmetics",
            Self::QuasiDrug => "quasi-drug",
            Self::OtcDrug => "otc-drug",
            Self::Clinic => "clinic",
            Self::HealthFood => "health-food",
            Self::FunctionalFood => "functional-food",
            Self::Device => "device",
            Self::Goods => "goods",
            Self::General => "general",
        }
    }

    /// Its name for readers.
    pub fn title(self) -> &'static str {
        match self {
            Self::Cosmetics => "化粧品",
            Self::QuasiDrug => "医薬部外品",
            Self::OtcDrug => "一般用医薬品",
            Self::Clinic => "医療機関",
            Self::HealthFood => "健康食品",
            Self::FunctionalFood => "機能性表示食品",
            Self::Device => "美容・健康機器",
            Self::Goods => "雑品",
            Self::General => "全般",
        }
    }

    /// The category of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.name() == name)
    }
}

/// What is said of a product outside of its copy: by options, front matter or configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    pub category: Option<Category>,
    /// Kinds of product, as `rulesets/products.toml` names them: 洗顔料, SPF, 効能評価試験済み.
    pub kinds: Vec<String>,
    /// The effects it is approved for, as its label has them.
    pub efficacy: Vec<String>,
    /// Its approved active ingredients.
    pub active: Vec<String>,
}

impl Profile {
    /// A product of this category, of which nothing else is known.
    pub fn of(category: Category) -> Self {
        Self { category: Some(category), ..Self::default() }
    }

    /// The category; one that nobody said is that of cosmetics.
    pub fn category(&self) -> Category {
        self.category.unwrap_or(Category::Cosmetics)
    }

    /// Takes what this one leaves open from another. Nothing is mixed: who names a kind names all.
    #[must_use]
    pub fn or(self, other: &Self) -> Self {
        let either = |own: Vec<String>, other: &Vec<String>| if own.is_empty() { other.clone() } else { own };
        Self {
            category: self.category.or(other.category),
            kinds: either(self.kinds, &other.kinds),
            efficacy: either(self.efficacy, &other.efficacy),
            active: either(self.active, &other.active),
        }
    }
}

/// How a file's category was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CategoryFrom {
    Option,
    FrontMatter,
    Config,
    Assumed,
}
