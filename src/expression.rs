//! Regular expressions of rule files.

use std::sync::OnceLock;

use regex::Regex;

/// A regular expression, compiled when somebody asks: most runs never do. Nothing matches an empty one.
#[derive(Debug)]
pub struct Expression {
    source: String,
    regex: OnceLock<Option<Regex>>,
}

impl Expression {
    /// Nothing is compiled yet; see [`Expression::check`].
    pub fn new(source: impl Into<String>) -> Self {
        Self { source: source.into(), regex: OnceLock::new() }
    }

    /// Whether it is one; what is none matches nothing.
    ///
    /// # Errors
    ///
    /// What the compiler of regular expressions says.
    pub fn check(&self) -> Result<(), String> {
        Regex::new(&self.source).map(|_| ()).map_err(|error| error.to_string())
    }

    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.source.is_empty()
    }

    /// Compiled; `None` where nothing can match.
    pub fn regex(&self) -> Option<&Regex> {
        self.regex.get_or_init(|| Regex::new(&self.source).ok().filter(|_| !self.source.is_empty())).as_ref()
    }

    /// Whether it matches anywhere in a text.
    pub fn is_in(&self, text: &str) -> bool {
        self.regex().is_some_and(|regex| regex.is_match(text))
    }
}
