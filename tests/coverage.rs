//! Every provision a text can break has a rule or a stated reason why not: `docs/coverage.md`,
//! made from the rules' citations and `docs/coverage.toml` (`SNAPSHOTS=overwrite cargo test` rewrites it).

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use exo_lint::product::Category;
use exo_lint::provision::{self, Provision};
use exo_lint::ruleset::Ruleset;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scope: Vec<Scope>,
    reason: Vec<Reason>,
}

/// The provisions that bind one category, whose rules alone count for it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scope {
    category: Category,
    title: String,
    provisions: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    /// Whose rules it speaks of; of all, without it.
    category: Option<Category>,
    title: String,
    text: String,
    provisions: Vec<String>,
}

fn named(patterns: &[String], id: &str) -> bool {
    patterns.iter().any(|p| p.strip_suffix('*').map_or(p == id, |start| id.starts_with(start)))
}

/// The rules of a category by what they cite.
fn citing(rules: &Ruleset, category: Category) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut citing: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for rule in rules.rules.iter().filter(|r| r.applies_to(category)) {
        for id in &rule.law {
            citing.entry(id.as_str()).or_default().insert(rule.id.as_str());
        }
    }
    citing
}

impl Reason {
    fn speaks_of(&self, scope: &Scope) -> bool {
        self.category.is_none_or(|category| category == scope.category)
    }
}

/// An id spelled out weighs more than one caught by a `*`.
fn reason_of(file: &File, scope: &Scope, id: &str) -> Option<usize> {
    let whole = |r: &Reason| r.speaks_of(scope) && r.provisions.iter().any(|p| p == id);
    let caught = |r: &Reason| r.speaks_of(scope) && named(&r.provisions, id);
    file.reason.iter().position(whole).or_else(|| file.reason.iter().position(caught))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[test]
fn every_provision_has_a_rule_or_a_reason() {
    let file: File = toml::from_str(include_str!("../docs/coverage.toml")).expect("docs/coverage.toml");
    let rules = Ruleset::builtin();
    let mut page = String::from(
        "# 条項と規則\n\n各条項を引いている規則と、規則がない条項についてはその理由。\
         `docs/coverage.toml` と `rulesets/` から作った表で、手では直さない（`SNAPSHOTS=overwrite cargo test --test coverage`）。\n",
    );
    let mut without = Vec::new();
    for scope in &file.scope {
        let citing = citing(&rules, scope.category);
        let bound: Vec<&Provision> = provision::all().iter().filter(|p| named(&scope.provisions, &p.id)).collect();
        let (ruled, rest): (Vec<_>, Vec<_>) =
            bound.iter().copied().partition(|p: &&Provision| citing.contains_key(p.id.as_str()));
        write!(page, "\n## {}\n\n条項 {}、うち規則があるもの {}。\n", scope.title, bound.len(), ruled.len()).unwrap();
        page.push_str("\n### 規則がある\n\n| 条項 | 内容 | 規則 |\n|---|---|---|\n");
        for p in ruled {
            let by: Vec<String> = citing[p.id.as_str()].iter().map(|id| format!("`{id}`")).collect();
            writeln!(page, "| {} {} | {} | {} |", p.short(), cell(&p.article), cell(&p.title), by.join("<br>"))
                .unwrap();
        }
        let mut by_reason: Vec<Vec<&Provision>> = vec![Vec::new(); file.reason.len()];
        for p in rest {
            match reason_of(&file, scope, &p.id) {
                Some(at) => by_reason[at].push(p),
                None => without.push(p.id.as_str()),
            }
        }
        for (reason, provisions) in file.reason.iter().zip(by_reason).filter(|(_, list)| !list.is_empty()) {
            write!(
                page,
                "\n### {}（{}）\n\n{}\n\n| 条項 | 内容 |\n|---|---|\n",
                reason.title,
                provisions.len(),
                reason.text
            )
            .unwrap();
            for p in provisions {
                writeln!(page, "| {} {} | {} |", p.short(), cell(&p.article), cell(&p.title)).unwrap();
            }
        }
    }
    assert!(without.is_empty(), "docs/coverage.toml に理由を書くか、規則を作ってください: {}", without.join("、"));
    snapbox::Assert::new().action_env("SNAPSHOTS").eq(page, snapbox::file!["../docs/coverage.md"].raw());
}

/// A reason for what is not in the table of provisions, or for what has a rule, is out of date.
#[test]
fn reasons_are_not_stale() {
    let file: File = toml::from_str(include_str!("../docs/coverage.toml")).expect("docs/coverage.toml");
    let rules = Ruleset::builtin();
    let known = |id: &String| provision::all().iter().any(|p| named(std::slice::from_ref(id), &p.id));
    let ruled = |reason: &Reason, id: &str| {
        let mut scopes = file.scope.iter().filter(|s| reason.speaks_of(s) && named(&s.provisions, id)).peekable();
        scopes.peek().is_some() && scopes.all(|s| citing(&rules, s.category).contains_key(id))
    };
    let listed = file.reason.iter().flat_map(|r| r.provisions.iter().map(move |p| (r, p)));
    let stale: Vec<&String> = listed.filter(|(r, p)| !known(p) || ruled(r, p)).map(|(_, p)| p).collect();
    assert!(stale.is_empty(), "{stale:?}");
}
