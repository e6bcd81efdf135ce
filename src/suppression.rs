//! What people have looked at and let stand: comments in a page that name a rule and give a reason.

use std::collections::HashMap;
use std::str::FromStr;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use crate::diagnostic::{Diagnostic, Finding};
use crate::document::{Directive, Origin};
use crate::pattern::Unknown;
use crate::product::Category;
use crate::rule::Observe;
use crate::ruleset::{RuleIx, Ruleset};
use crate::sentence::Sentence;
use crate::source::Source;
use crate::span::Span;

/// Why a finding may stand, who says so, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptance {
    pub reason: String,
    pub by: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    pub from: From,
}

/// Where an acceptance is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    Comment,
    FrontMatter,
    Ledger,
}

impl From {
    /// For programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Comment => "comment",
            Self::FrontMatter => "front-matter",
            Self::Ledger => "ledger",
        }
    }
}

/// A finding that somebody accepted.
#[derive(Clone, Debug)]
pub struct Suppressed {
    pub diagnostic: Diagnostic,
    pub acceptance: Acceptance,
}

/// Something wrong with what suppresses: a finding of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misuse {
    pub observe: Observe,
    pub span: Span,
    /// The rule it names, as written; else the words of the comment.
    pub text: String,
    /// Cause and cure, or the day it ended.
    pub said: String,
}

/// Findings of a file that were accepted, by rule and fingerprint.
pub type Accepted = HashMap<(RuleIx, String), Acceptance>;

/// Takes out of the findings of a file what was accepted, each place for itself.
pub fn accepted(accepted: &Accepted, findings: &mut Vec<(Diagnostic, Sentence)>) -> Vec<Suppressed> {
    let acceptance = |d: &Diagnostic| accepted.get(&(d.rule, d.fingerprint.clone())).cloned();
    let taken = if accepted.is_empty() {
        Vec::new()
    } else {
        findings.extract_if(.., |(d, _)| acceptance(d).is_some()).collect()
    };
    let suppressed = |(diagnostic, _): (Diagnostic, Sentence)| {
        let acceptance = acceptance(&diagnostic)?;
        Some(Suppressed { diagnostic, acceptance })
    };
    taken.into_iter().filter_map(suppressed).collect()
}

/// What came of the suppressions of a page.
#[derive(Debug, Default)]
pub struct Outcome {
    pub standing: Vec<Finding>,
    pub suppressed: Vec<Suppressed>,
    pub misuses: Vec<Misuse>,
}

/// The parts of the page that a comment speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    /// From here to the matching `enable`.
    Disable,
    Enable,
    File,
    Line,
    NextLine,
}

const VERBS: [(&str, Verb); 5] = [
    ("disable-next-line", Verb::NextLine),
    ("disable-line", Verb::Line),
    ("disable-file", Verb::File),
    ("disable", Verb::Disable),
    ("enable", Verb::Enable),
];

/// A comment as understood.
struct Order<'a> {
    verb: Verb,
    rules: Vec<(&'a str, Span)>,
    acceptance: Acceptance,
}

/// One rule over one stretch of the source.
struct Cover<'a> {
    rule: RuleIx,
    written: (&'a str, Span),
    over: Span,
    by_line: bool,
    acceptance: Acceptance,
    used: bool,
}

/// Takes out of the findings what comments accept, and says which comments are of no use. `is_active` tells
/// whether a rule took part in the run: what suppresses one that did not may be of use in another.
pub fn apply(
    rules: &Ruleset,
    source: &Source,
    directives: &[Directive],
    findings: Vec<Finding>,
    today: Date,
    is_active: impl Fn(RuleIx) -> bool,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut covers = Vec::new();
    for directive in directives {
        match order(rules, directive) {
            Ok(order) => cover(rules, source, directives, directive, order, &mut covers, &mut outcome.misuses),
            Err(said) => outcome.misuses.push(broken(directive.span, source.slice(directive.span), said)),
        }
    }
    let expired = |cover: &Cover| cover.acceptance.until.is_some_and(|until| until < today);
    for finding in findings {
        let diagnostic = &finding.diagnostic;
        let fits = |c: &&mut Cover| c.rule == diagnostic.rule && !expired(c) && c.reaches(diagnostic.span);
        match covers.iter_mut().find(fits) {
            Some(cover) => {
                cover.used = true;
                let acceptance = cover.acceptance.clone();
                outcome.suppressed.push(Suppressed { diagnostic: finding.diagnostic, acceptance });
            }
            None => outcome.standing.push(finding),
        }
    }
    for cover in covers {
        let (observe, said) = match cover.acceptance.until {
            Some(until) if until < today => (Observe::ExpiredSuppression, until.to_string()),
            _ if cover.used || !is_active(cover.rule) => continue,
            _ => (Observe::UnusedSuppression, String::new()),
        };
        let (text, span) = cover.written;
        outcome.misuses.push(Misuse { observe, span, text: text.to_owned(), said });
    }
    outcome.misuses.sort_by_key(|misuse| misuse.span);
    outcome
}

impl Cover<'_> {
    /// Whether a finding is meant: on a line in part at least, in a range as a whole.
    fn reaches(&self, finding: Span) -> bool {
        self.over.covers(finding) || (self.by_line && self.over.overlaps(finding))
    }
}

fn broken(span: Span, text: &str, said: String) -> Misuse {
    Misuse { observe: Observe::BrokenSuppression, span, text: text.to_owned(), said }
}

/// Reads `exo-lint-disable RULE, RULE until=DATE by=NAME -- reason`.
fn order<'a>(rules: &Ruleset, directive: &'a Directive) -> Result<Order<'a>, String> {
    let body = directive.body.as_str();
    let (head, reason) = match body.strip_prefix("--") {
        Some(reason) => ("", reason),
        None => body.split_once(" --").unwrap_or((body, "")),
    };
    let (name, reason) = (directive.name.as_str(), reason.trim());
    let place = |word: &str| {
        let Some(body_at) = directive.body_at else { return directive.span };
        let start = body_at as usize + (word.as_ptr().addr() - body.as_ptr().addr());
        Span::new(start, start + word.len())
    };
    let verb = VERBS.iter().find(|(known, _)| *known == name).map(|(_, verb)| *verb).ok_or_else(|| {
        if name.starts_with("categ") {
            return "区分は exo-lint-category: quasi-drug のように、: を付けて書きます。".to_owned();
        }
        let near = Unknown::among(name, VERBS.iter().map(|(known, _)| *known)).nearest;
        let near = near.map(|near| format!("「exo-lint-{near}」のことでしょうか。")).unwrap_or_default();
        let all: Vec<String> = VERBS.iter().map(|(name, _)| format!("exo-lint-{name}")).collect();
        format!("「exo-lint-{name}」という指示はありません。{near}書けるのは {} です。", all.join("、"))
    })?;
    let mut order = Order {
        verb,
        rules: Vec::new(),
        acceptance: Acceptance {
            reason: reason.to_owned(),
            by: None,
            until: None,
            from: if directive.in_front_matter { From::FrontMatter } else { From::Comment },
        },
    };
    for word in Words(head) {
        if let Some(until) = word.strip_prefix("until=") {
            order.acceptance.until = Some(date(until.trim_matches('"'))?);
        } else if word == "by=" || word == "by=\"\"" {
            return Err("by= に名前がありません。by=名前 と書くか、消します。".to_owned());
        } else if let Some(by) = word.strip_prefix("by=") {
            order.acceptance.by = Some(by.trim_matches('"').to_owned());
        } else {
            if rules.resolve(word).is_none() {
                let dashes = |c: char| matches!(c, '-' | 'ー' | '—' | '–' | '－' | '―' | '‐' | '−');
                return Err(match word.chars().all(dashes) || word.contains("--") {
                    true => "理由の前は、半角の -- です。前後に空白を入れて「規則 -- 理由」と書きます。".to_owned(),
                    false => unknown(rules, word),
                });
            }
            order.rules.push((word, place(word)));
        }
    }
    match verb {
        Verb::Enable => Ok(order),
        _ if order.rules.is_empty() => Err("どの規則を抑止するのか、規則の名前がありません。指摘の見出しにある名前（例: cosmetics/spot-removal）を書きます。".to_owned()),
        _ if ["until=", "by="].iter().any(|key| reason.contains(key)) => {
            Err("until= と by= は、-- の前に書きます。あとに書くと理由の一部になり、効きません。".to_owned())
        }
        _ if reason.is_empty() => Err("理由がありません。規則の名前のあとに「-- 理由」を書きます。".to_owned()),
        _ => Ok(order),
    }
}

/// A day as people write it.
pub fn date(text: &str) -> Result<Date, String> {
    let cure = "2027-03-31 のように書きます。";
    Date::from_str(text.trim()).map_err(|_| format!("「{text}」を日付として読めません。{cure}"))
}

/// That a rule does not exist, and which could be meant.
pub fn unknown(rules: &Ruleset, name: &str) -> String {
    if name.contains('*') {
        return format!("規則「{name}」はありません。* を書けるのは、設定の [severity] の「フォルダ/*」だけです。");
    }
    let near = Unknown::slip(name, rules.rules.iter().map(|rule| rule.id.as_str())).nearest;
    let near = near.map(|near| format!("「{near}」のことでしょうか。")).unwrap_or_default();
    format!("規則「{name}」はありません。{near}exo-lint rules で一覧を見られます。")
}

/// Words between spaces and commas; what stands in quotation marks is one.
struct Words<'a>(&'a str);

impl<'a> Iterator for Words<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let between = |c: char| c.is_whitespace() || matches!(c, ',' | '、');
        let text = self.0.trim_start_matches(between);
        let mut quoted = false;
        let end = text.find(|c: char| {
            quoted ^= c == '"';
            between(c) && !quoted
        });
        let (word, rest) = text.split_at(end.unwrap_or(text.len()));
        self.0 = rest;
        (!word.is_empty()).then_some(word)
    }
}

/// The stretches of the source that an order speaks of.
fn cover<'a>(
    rules: &Ruleset,
    source: &Source,
    directives: &[Directive],
    directive: &Directive,
    order: Order<'a>,
    covers: &mut Vec<Cover<'a>>,
    misuses: &mut Vec<Misuse>,
) {
    let end = Span::new(source.text().len(), source.text().len());
    for (word, place) in order.rules {
        let Some(rule) = rules.resolve(word) else { continue };
        let over = match order.verb {
            Verb::Enable => continue,
            Verb::File => Span { start: 0, end: end.end },
            Verb::Line => source.line(source.line_of(directive.span.start)).unwrap_or(end),
            Verb::NextLine => next_line(source, directives, directive.span).unwrap_or(end),
            Verb::Disable => {
                let ends = |later: &&Directive| later.span.start > directive.span.start && enables(rules, later, rule);
                let until = directives.iter().find(ends).map(|later| later.span.start);
                if until.is_none() {
                    let said = "範囲の終わり（exo-lint-enable）がありません。終わりを書くか、ファイル全体なら exo-lint-disable-file にします。";
                    misuses.push(broken(place, word, said.to_owned()));
                }
                Span { start: directive.span.end, end: until.unwrap_or(end.end) }
            }
        };
        let acceptance = order.acceptance.clone();
        let by_line = matches!(order.verb, Verb::Line | Verb::NextLine);
        covers.push(Cover { rule, written: (word, place), over, by_line, acceptance, used: false });
    }
}

/// Whether a comment ends the range of a rule: it names it, or none.
fn enables(rules: &Ruleset, directive: &Directive, rule: RuleIx) -> bool {
    order(rules, directive).is_ok_and(|order| {
        let named = order.rules.iter().any(|(word, _)| rules.resolve(word) == Some(rule));
        order.verb == Verb::Enable && (order.rules.is_empty() || named)
    })
}

/// The first line below a comment that holds more than another one.
fn next_line(source: &Source, directives: &[Directive], comment: Span) -> Option<Span> {
    let first = source.line_of(comment.end) + 1;
    let holds_comment = |line: Span| directives.iter().any(|directive| line.overlaps(directive.span));
    (first..).map_while(|line| source.line(line)).find(|&line| {
        let text = source.slice(line).trim();
        !text.is_empty() && !(holds_comment(line) && (text.starts_with("<!--") || text.starts_with("{/*")))
    })
}

/// What is wrong with a suppression, as a finding; `None` where no rule speaks of it.
pub fn finding(
    rules: &Ruleset,
    source: &Source,
    category: Category,
    origin: Origin,
    misuse: &Misuse,
) -> Option<Diagnostic> {
    let rule = rules.observing().find(|(_, observe)| *observe == misuse.observe)?.0;
    let message = rules.rule(rule).message.replace("{match}", &misuse.text).replace("{cause}", &misuse.said);
    let mut hash = Sha256::new();
    for text in [source.id(), &rules.rule(rule).id, &misuse.text, &misuse.said] {
        hash.update(text.as_bytes());
        hash.update([0]);
    }
    Some(Diagnostic {
        rule,
        severity: rules.rule(rule).severity,
        category,
        span: misuse.span,
        text: misuse.text.clone(),
        parts: Vec::new(),
        message,
        remarks: Vec::new(),
        also: Vec::new(),
        origin,
        section: None,
        taken_up: Vec::new(),
        elsewhere: Vec::new(),
        fingerprint: hash.finalize().iter().take(12).map(|b| format!("{b:02x}")).collect(),
    })
}
