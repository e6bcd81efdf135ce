//! The provisions that rules cite: `rulesets/provisions.toml`, read when the first finding needs it.

use std::collections::HashMap;
use std::sync::OnceLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One provision of a law, notice, guideline or industry code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provision {
    pub id: String,
    /// Official name of the instrument.
    pub instrument: String,
    pub number: String,
    pub date: String,
    pub article: String,
    pub authority: Authority,
    pub title: String,
    /// Official wording; of industry codes a summary. Print it only through [`Provision::quotable`].
    pub text: String,
    pub url: String,
    pub verified: Verified,
}

/// Who stands behind a provision. The order is that of weight, weightiest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Authority {
    Law,
    Notice,
    Guideline,
    Industry,
}

impl Authority {
    pub const ALL: [Self; 4] = [Self::Law, Self::Notice, Self::Guideline, Self::Industry];

    /// For programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Notice => "notice",
            Self::Guideline => "guideline",
            Self::Industry => "industry",
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Law => "法令",
            Self::Notice => "通知",
            Self::Guideline => "ガイドライン",
            Self::Industry => "業界自主基準",
        }
    }
}

/// How a provision was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Verified {
    /// Against the original text.
    P,
    /// Against excerpts.
    V,
    /// Not. Never cited.
    R,
}

impl Provision {
    /// The official wording, where it was read in the original and is not an industry's own.
    pub fn quotable(&self) -> Option<&str> {
        (self.verified == Verified::P && self.authority != Authority::Industry && !self.text.is_empty())
            .then_some(self.text.as_str())
    }

    /// What people call the instrument; its official name where it has no other.
    pub fn short(&self) -> &str {
        file().instrument.iter().find(|i| i.name == self.instrument).map_or(&self.instrument, |i| &i.short)
    }

    /// Official name and article.
    pub fn citation(&self) -> String {
        let instrument = self.instrument.as_str();
        if self.article.is_empty() { instrument.to_owned() } else { format!("{instrument} {}", self.article) }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    provision: Vec<Provision>,
    instrument: Vec<Instrument>,
    as_of: Date,
    #[serde(default)]
    force: Vec<Force>,
}

/// Since when, and until when, something is in force.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Force {
    /// Ids of provisions.
    #[serde(default)]
    id: Vec<String>,
    /// Or all provisions of an instrument.
    #[serde(default)]
    instrument: Option<String>,
    /// The first day.
    #[serde(default)]
    from: Option<Date>,
    /// The last day.
    #[serde(default)]
    until: Option<Date>,
}

/// What people call an instrument.
#[derive(Deserialize)]
struct Instrument {
    name: String,
    short: String,
}

fn file() -> &'static File {
    static FILE: OnceLock<File> = OnceLock::new();
    FILE.get_or_init(|| {
        let json = include_bytes!(concat!(env!("OUT_DIR"), "/provisions.json"));
        serde_json::from_slice(json).expect("rulesets/provisions*.toml have the shape of Provision and Instrument")
    })
}

/// The day whose law the provisions describe.
pub fn as_of() -> Date {
    file().as_of
}

impl Provision {
    /// Whether it is in force on a day: from the first day that is given, else from that of its document, as far
    /// as that is known.
    pub fn in_force(&self, day: Date) -> bool {
        let speaks =
            |force: &&Force| force.id.contains(&self.id) || force.instrument.as_ref() == Some(&self.instrument);
        let known = || file().force.iter().filter(speaks);
        let from = known().find_map(|force| force.from).or_else(|| first_day(&self.date));
        let until = known().find_map(|force| force.until);
        from.is_none_or(|from| from <= day) && until.is_none_or(|until| day <= until)
    }
}

/// The first day of a date that may be a month or a year only.
fn first_day(date: &str) -> Option<Date> {
    ["", "-01", "-01-01"].iter().find_map(|rest| format!("{date}{rest}").parse().ok())
}

/// All provisions, in the order of the file.
///
/// # Panics
///
/// When the embedded files are broken, which the tests notice.
pub fn all() -> &'static [Provision] {
    &file().provision
}

/// The provision of an id.
pub fn get(id: &str) -> Option<&'static Provision> {
    static BY_ID: OnceLock<HashMap<&'static str, &'static Provision>> = OnceLock::new();
    BY_ID.get_or_init(|| all().iter().map(|p| (p.id.as_str(), p)).collect()).get(id).copied()
}
