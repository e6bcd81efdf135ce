//! Classes by spelling: quantities and times, as regular expressions over the normal text. Words are cut too
//! differently around numbers (3|分間, 3分|間) for patterns of words to find them.

use std::ops::Range;

use super::Reading;
use crate::expression::Expression;
use crate::span::NormalSpan;

/// How what is of a class is spelled.
#[derive(Debug)]
pub struct Spelling {
    spelled: Expression,
    anywhere: Expression,
    except: Expression,
    only: Expression,
    /// One of these is in whatever is spelled so; none when nothing can be said.
    pub anchors: Vec<String>,
}

/// One of several regular expressions.
fn any(choices: &[String]) -> String {
    choices.join("|")
}

impl Spelling {
    /// From lists of regular expressions, of which one has to match.
    pub fn new(spelled: &[String], except: &[String], only: &[String], anchors: &[String]) -> Self {
        Self {
            spelled: Expression::new(if spelled.is_empty() { String::new() } else { format!("^(?:{})", any(spelled)) }),
            anywhere: Expression::new(any(spelled)),
            except: Expression::new(any(except)),
            only: Expression::new(any(only)),
            anchors: anchors.to_vec(),
        }
    }

    /// Whether all of it are regular expressions; one that is none never matches.
    ///
    /// # Errors
    ///
    /// What the compiler of regular expressions says.
    pub fn check(&self) -> Result<(), String> {
        [&self.spelled, &self.except, &self.only].into_iter().try_for_each(Expression::check)
    }

    /// Where it may begin within a span.
    pub(super) fn starts(&self, reading: &Reading, within: NormalSpan) -> Vec<u32> {
        let text = reading.slice(within);
        let found = self.anywhere.regex().into_iter().flat_map(|regex| regex.find_iter(text));
        found.map(|m| within.start + m.start() as u32).collect()
    }

    /// Where what begins at an offset ends.
    pub(super) fn end(&self, reading: &Reading, at: u32) -> Option<u32> {
        let sentence = &reading.text[reading.span.range()];
        let from = (at - reading.span.start) as usize;
        let length = self.spelled.regex()?.find(&sentence[from..])?.end();
        let found = from..from + length;
        if length == 0 || goes_on(&sentence[..from], &sentence[from..]) {
            return None;
        }
        let excepted = hits(&self.except, sentence, &found).any(|m| m.start < found.end && found.start < m.end);
        let wanted = self.only.is_empty()
            || hits(&self.only, sentence, &found).any(|m| m.start <= found.start && found.start < m.end);
        (wanted && !excepted).then_some(reading.span.start + found.end as u32)
    }
}

/// How far around a quantity its surroundings are looked at, in bytes.
const NEAR: usize = 60;

/// Where a regular expression matches near a place.
fn hits<'a>(
    expression: &'a Expression,
    sentence: &'a str,
    at: &Range<usize>,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut from = at.start.saturating_sub(NEAR);
    while !sentence.is_char_boundary(from) {
        from -= 1;
    }
    let mut upto = (at.end + NEAR).min(sentence.len());
    while !sentence.is_char_boundary(upto) {
        upto += 1;
    }
    let near = &sentence[from..upto];
    expression
        .regex()
        .into_iter()
        .flat_map(move |regex| regex.find_iter(near).map(move |m| from + m.start()..from + m.end()))
}

/// Whether a number goes on over the place: 1|00, 1.|5, 三|十.
fn goes_on(before: &str, after: &str) -> bool {
    let (Some(last), Some(first)) = (before.chars().next_back(), after.chars().next()) else { return false };
    let counts = |c: char| "一二三四五六七八九十百千万".contains(c);
    let latin = last.is_ascii_alphabetic() && first.is_ascii_alphabetic();
    let point = matches!(last, '.' | ',') && before.chars().rev().nth(1).is_some_and(|c| c.is_ascii_digit());
    (first.is_ascii_digit() && (last.is_ascii_digit() || point)) || (counts(first) && counts(last)) || latin
}
