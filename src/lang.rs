//! Japanese for the people who use the program, English on request.

/// The language of messages. Rule texts are Japanese in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    #[default]
    Ja,
    En,
}

impl Lang {
    /// `ja`, `en`
    pub fn name(self) -> &'static str {
        self.pick("ja", "en")
    }

    /// The one of two texts that is in this language.
    pub fn pick<T>(self, ja: T, en: T) -> T {
        match self {
            Self::Ja => ja,
            Self::En => en,
        }
    }
}
