//! The pages of `docs/rules/`: one for each rule, an index, the changes of the rules.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use exo_lint::lang::Lang;
use exo_lint::product::Category;
use exo_lint::provision;
use exo_lint::report::human;
use exo_lint::rule::{File, RetiredTable, RuleTable, Severity};
use exo_lint::ruleset::{Rule, Ruleset, builtin_files};

use crate::{Failure, output};

/// Writes all pages into a folder; says how many.
pub fn write(folder: &Path, lang: Lang) -> Result<String, Failure> {
    let pages = pages();
    for (name, text) in &pages {
        let path = folder.join(name);
        let written = path.parent().map_or(Ok(()), std::fs::create_dir_all);
        written.and_then(|()| output::replace(&path, text.as_bytes())).map_err(|error| {
            let path = path.display();
            Failure::Said(
                lang.pick(format!("{path}: 書けません（{error}）。"), format!("{path}: cannot write ({error}).")),
            )
        })?;
    }
    Ok(lang.pick(format!("{} ページを書きました。\n", pages.len()), format!("{} pages written.\n", pages.len())))
}

/// All pages by their names in the folder.
pub fn pages() -> BTreeMap<String, String> {
    let rules = Ruleset::builtin();
    let mut tables: BTreeMap<String, RuleTable> = BTreeMap::new();
    for file in builtin_files() {
        let file: File = toml::from_str(&file.text).expect("built-in files are read in every test");
        tables.extend(file.rule.into_iter().map(|table| (table.id.clone(), table)));
    }
    let mut pages = BTreeMap::new();
    for rule in &rules.rules {
        pages.insert(format!("{}.md", rule.id), page(&rules, rule, &tables[&rule.id]));
    }
    for retired in &rules.retired {
        pages.insert(format!("{}.md", retired.id), redirect(retired));
    }
    pages.insert("README.md".to_owned(), index(&rules));
    pages.insert("CHANGELOG.md".to_owned(), changes(&tables, &rules.retired));
    pages
}

const GENERATED: &str =
    "<!-- rulesets/ から作ったものです。直すときは rulesets/ を直し、exo-lint pages docs/rules を実行します。 -->\n";

/// What a text means to Markdown is taken from it.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '*' | '_' | '`' | '<' | '>' | '[' | ']' | '|' | '#' | '~') {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}

/// The way from the page of a rule to the folder of all pages.
fn up(id: &str) -> String {
    "../".repeat(id.matches('/').count())
}

fn grave(severity: Severity) -> &'static str {
    human::severity(severity, Lang::Ja)
}

fn page(rules: &Ruleset, rule: &Rule, table: &RuleTable) -> String {
    let mut text = format!("{GENERATED}\n# {}\n\n`{}`（{}）\n\n", plain(&rule.title), rule.id, grave(rule.severity));
    let categories: Vec<&str> = rule.category.iter().map(|c| c.title()).collect();
    let _ = writeln!(text, "区分: {}\n\n{}", categories.join("、"), plain(&rule.why));
    let _ = writeln!(text, "\n> {}", plain(&without_names(&rule.message)));
    law(&mut text, rule);
    examples(&mut text, table);
    let _ = writeln!(text, "\n## 直し方\n");
    for suggestion in &rule.suggest {
        let when = suggestion.when.as_ref().map(|when| format!("（{}）", plain(when))).unwrap_or_default();
        let _ = writeln!(text, "* {}{when}", plain(&suggestion.text));
    }
    let _ = writeln!(
        text,
        "\n## 抑止のしかた\n\n確かめたうえで残すときは、理由とともに書きます。期限（`until=2027-03-31`）と認めた人（`by=名前`）も書けます。\n"
    );
    let _ = writeln!(text, "```markdown\n<!-- exo-lint-disable-next-line {} -- 理由 -->\n```\n", rule.id);
    let _ = writeln!(
        text,
        "規則そのものの重さを変える、止める: `exo-lint.toml` の `[severity]` に `\"{}\" = \"off\"`。",
        rule.id
    );
    let _ = writeln!(text, "くわしくは [抑止](../{up}suppression.md) と [設定](../{up}config.md)。", up = up(&rule.id));
    let _ = writeln!(text, "\n## 変更\n");
    for change in &table.history {
        let _ = writeln!(text, "* {}: {}", change.version, plain(&change.text));
    }
    if table.history.is_empty() {
        let _ = writeln!(text, "* {FIRST}: 追加");
    }
    let others: Vec<String> = rules
        .rules
        .iter()
        .filter(|other| other.file == rule.file && other.id != rule.id)
        .map(|other| format!("[{}]({}{}.md)", plain(&other.title), up(&rule.id), other.id))
        .collect();
    if !others.is_empty() {
        let _ = writeln!(text, "\n## 近い規則\n\n{}", others.join("、"));
    }
    let _ = writeln!(text, "\n---\n\n[規則の一覧]({}README.md)。この説明は法的な助言ではありません。", up(&rule.id));
    text
}

/// A message with … for what a finding puts in.
fn without_names(message: &str) -> String {
    let mut pieces = message.split('{');
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |text, piece| text + "…" + piece.split_once('}').map_or(piece, |(_, rest)| rest))
}

fn law(text: &mut String, rule: &Rule) {
    let _ = writeln!(text, "\n## 根拠\n");
    if rule.law.is_empty() {
        let _ = writeln!(text, "この道具の使い方についての規則で、法令によるものではありません。");
    }
    for provision in rule.law.iter().filter_map(|id| provision::get(id)) {
        let name = plain(&provision.citation());
        let name = if provision.url.is_empty() { name } else { format!("[{name}]({})", provision.url) };
        let _ = writeln!(text, "* {name}（{}）{}", provision.authority.title(), plain(&provision.title));
        if let Some(quote) = provision.quotable() {
            let quote: Vec<String> = quote.lines().map(|line| format!("  > {}", plain(line))).collect();
            let _ = writeln!(text, "\n{}\n", quote.join("\n"));
        }
    }
}

fn examples(text: &mut String, table: &RuleTable) {
    let mut list = |title: &str, mark: &str, examples: Vec<(&str, Option<String>)>| {
        if examples.is_empty() {
            return;
        }
        let _ = writeln!(text, "\n## {title}\n");
        for (example, more) in examples {
            let more = more.map(|more| format!("（{more}）")).unwrap_or_default();
            match example.contains('\n') {
                true => {
                    let lines: Vec<String> =
                        example.lines().map(|line| format!("  {line}").trim_end().to_owned()).collect();
                    let _ = writeln!(text, "* {mark}{more}\n\n  ~~~markdown\n{}\n  ~~~\n", lines.join("\n"));
                }
                false => _ = writeln!(text, "* {mark} {}{more}", plain(example)),
            }
        }
    };
    list("指摘する例", "×", table.ng.iter().map(|e| (e.text.as_str(), None)).collect());
    let because = |because: &Option<String>| because.as_ref().map(|because| format!("`{because}`"));
    list("指摘しない例", "○", table.ok.iter().map(|e| (e.text.as_str(), because(&e.because))).collect());
}

fn redirect(retired: &RetiredTable) -> String {
    let now = match &retired.now {
        Some(now) => format!(
            "今は [{now}]({}{now}.md) です。抑止や設定の古い名前は、そのまま新しい規則に効きます。",
            up(&retired.id)
        ),
        None => "代わりの規則はありません。".to_owned(),
    };
    format!("{GENERATED}\n# {}\n\nこの規則はなくなりました。{}\n\n{now}\n", retired.id, plain(&retired.reason))
}

fn index(rules: &Ruleset) -> String {
    let mut text = format!(
        "{GENERATED}\n# 規則の一覧\n\n{} 規則。[区分別](#区分別)・[重さ別](#重さ別)・[法令別](#法令別)・[変更](CHANGELOG.md)\n",
        rules.rules.len()
    );
    let line =
        |rule: &Rule| format!("* [{}]({}.md) `{}`（{}）\n", plain(&rule.title), rule.id, rule.id, grave(rule.severity));
    let _ = writeln!(text, "\n## 区分別");
    for category in Category::ALL {
        let own: String = rules.rules.iter().filter(|r| r.category.contains(&category)).map(line).collect();
        if !own.is_empty() {
            let _ = writeln!(text, "\n### {}\n\n{}", category.title(), own.trim_end());
        }
    }
    let _ = writeln!(text, "\n## 重さ別");
    for severity in [Severity::Error, Severity::Warning, Severity::Info] {
        let own: String = rules.rules.iter().filter(|r| r.severity == severity).map(line).collect();
        let _ = writeln!(text, "\n### {}\n\n{}", grave(severity), own.trim_end());
    }
    let _ = writeln!(text, "\n## 法令別");
    let mut by_law: Vec<((_, &str), Vec<&Rule>)> = Vec::new();
    for rule in &rules.rules {
        let mut names: Vec<_> =
            rule.law.iter().filter_map(|id| provision::get(id)).map(|p| (p.authority, p.short())).collect();
        names.sort_unstable();
        names.dedup();
        for name in names {
            match by_law.iter_mut().find(|(known, _)| *known == name) {
                Some((_, own)) => own.push(rule),
                None => by_law.push((name, vec![rule])),
            }
        }
    }
    by_law.sort_by_key(|(name, _)| *name);
    for ((authority, name), own) in by_law {
        let own: String = own.into_iter().map(line).collect();
        let _ = writeln!(text, "\n### {name}（{}）\n\n{}", authority.title(), own.trim_end());
    }
    text
}

/// The version that all rules without a history came with.
const FIRST: &str = "0.1.0";

fn changes(tables: &BTreeMap<String, RuleTable>, retired: &[RetiredTable]) -> String {
    let mut text = format!(
        "{GENERATED}\n# 規則の変更\n\n規則ごとの変更です。プログラムの変更は [CHANGELOG](../../CHANGELOG.md)。\n"
    );
    let mut by_version: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for table in tables.values() {
        for change in &table.history {
            let line = format!("* [{id}]({id}.md): {}", plain(&change.text), id = table.id);
            by_version.entry(change.version.as_str()).or_default().push(line);
        }
    }
    for (version, lines) in by_version.iter().rev() {
        let _ = writeln!(text, "\n## {version}\n\n{}", lines.join("\n"));
    }
    let first: Vec<String> =
        tables.values().filter(|t| t.history.is_empty()).map(|t| format!("[{id}]({id}.md)", id = t.id)).collect();
    let _ = writeln!(text, "\n## {FIRST}\n\n初めからある規則: {}", first.join("、"));
    if !retired.is_empty() {
        let _ = writeln!(text, "\n## なくなった id\n");
        for retired in retired {
            let now = retired.now.as_ref().map(|now| format!(" → [{now}]({now}.md)")).unwrap_or_default();
            let _ = writeln!(text, "* `{}`{now}: {}", retired.id, plain(&retired.reason));
        }
    }
    text
}
