//! Pages that belong together: what one lacks may stand on another. A visitor of the one does not see it
//! there, so that it stays lacking; the report says where it stands, and who decides that a link is enough
//! says so in the configuration.

use std::collections::BTreeSet;

use crate::document::Format;
use crate::engine::{self, Brief, Question};
use crate::morpheme::Analyzer;
use crate::report::FileReport;
use crate::ruleset::Ruleset;
use crate::verdict::{Remark, Told};

/// Some files of a run, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Site {
    pub pages: Vec<usize>,
    /// Those that may tell what others lack.
    pub shared: Vec<usize>,
    /// What a page leads to counts as if it stood there.
    pub link_suffices: bool,
    /// The folder that addresses beginning with / start from.
    pub root: String,
}

/// Files that nobody called a site are looked through for each other's statements up to this number.
const MOST_PAGES: usize = 64;

/// The sites of files that no configuration speaks of: those whose folders contain each other. Too many are
/// no site but a collection.
pub fn by_folder(files: &[FileReport], among: &[usize]) -> Vec<Site> {
    let folder = |at: usize| files[at].source.folder();
    let mut roots: Vec<&str> = among.iter().map(|&at| folder(at)).collect();
    roots.sort_by_key(|root| (root.len(), *root));
    let mut kept: Vec<&str> = Vec::new();
    for root in roots {
        if !kept.iter().any(|outer| is_inside(root, outer)) {
            kept.push(root);
        }
    }
    let sites = kept.into_iter().map(|root| {
        let pages: Vec<usize> = among.iter().copied().filter(|&at| is_inside(folder(at), root)).collect();
        Site { shared: pages.clone(), pages, link_suffices: false, root: root.to_owned() }
    });
    sites.filter(|site| (2..=MOST_PAGES).contains(&site.pages.len())).collect()
}

/// Fills in where the site tells what its pages lack. Where links suffice, what a page leads to is no longer
/// lacking.
pub fn look_around(rules: &Ruleset, analyzer: &mut Analyzer, files: &mut [FileReport], site: &Site) {
    let asked: Vec<(usize, Vec<Question>)> = site.pages.iter().map(|&at| (at, asked_by(&files[at]))).collect();
    let questions: Vec<Question> =
        asked.iter().flat_map(|(_, asked)| asked).cloned().collect::<BTreeSet<_>>().into_iter().collect();
    if questions.is_empty() {
        return;
    }
    let mut answers: Vec<(usize, Vec<Option<usize>>)> = Vec::new();
    for &at in &site.shared {
        let FileReport { source, checked } = &files[at];
        let brief = Brief { asked: checked.profile.clone(), ..Brief::default() };
        let told = engine::answers(rules, analyzer, source, Format::of_source(source), &brief, &questions);
        answers.push((at, told));
    }
    for (at, asked) in asked.into_iter().filter(|(_, asked)| !asked.is_empty()) {
        let linked = linked(files, site, at);
        let told = |question: &Question| -> Vec<Told> {
            let Ok(number) = questions.binary_search(question) else { return Vec::new() };
            let others = answers.iter().filter(|(other, _)| *other != at);
            let found = others.filter_map(|(other, lines)| Some((*other, lines[number]?)));
            found
                .map(|(other, line)| Told {
                    page: files[other].source.name().to_owned(),
                    line,
                    linked: linked.contains(&other),
                })
                .collect()
        };
        let told: Vec<Vec<Told>> = asked.iter().map(told).collect();
        fill(&mut files[at], told, site.link_suffices);
    }
}

/// What a page lacks, as questions, in the order of its findings.
fn asked_by(file: &FileReport) -> Vec<Question> {
    let mut questions = Vec::new();
    for diagnostic in &file.checked.diagnostics {
        for lacking in diagnostic.remarks.iter().filter_map(Remark::missing) {
            let subjects: BTreeSet<String> = lacking.subjects.iter().cloned().collect();
            questions.extend(lacking.parts.iter().map(|part| Question {
                rule: diagnostic.rule,
                part: part.id.clone(),
                subjects: subjects.clone(),
            }));
        }
    }
    questions
}

/// Puts answers to the parts that were asked for, in order.
fn fill(file: &mut FileReport, told: Vec<Vec<Told>>, link_suffices: bool) {
    let mut told = told.into_iter();
    for diagnostic in &mut file.checked.diagnostics {
        for remark in &mut diagnostic.remarks {
            let Remark::Missing(lacking) = remark else { continue };
            lacking.parts.iter_mut().for_each(|part| part.elsewhere = told.next().unwrap_or_default());
            if link_suffices {
                let before = lacking.titles();
                lacking.parts.retain(|part| !part.elsewhere.iter().any(|told| told.linked));
                diagnostic.message = diagnostic.message.replace(&before, &lacking.titles());
            }
        }
    }
    let lacks_nothing = |remark: &Remark| remark.missing().is_some_and(|lacking| lacking.parts.is_empty());
    file.checked.diagnostics.retain(|diagnostic| !diagnostic.remarks.iter().any(lacks_nothing));
}

/// The shared pages that a page has a link to.
fn linked(files: &[FileReport], site: &Site, from: usize) -> BTreeSet<usize> {
    let FileReport { source, checked } = &files[from];
    let addresses = checked.links.iter().filter_map(|address| address_of(address, source.folder(), &site.root));
    let paths: BTreeSet<String> = addresses.collect();
    let is_linked = |page: &str| paths.iter().any(|path| is_page(path, page));
    site.shared.iter().copied().filter(|&at| is_linked(&plain(files[at].source.name()))).collect()
}

/// The path that an address of the site means; `None` for other sites, mail and telephones.
fn address_of(address: &str, here: &str, root: &str) -> Option<String> {
    let path = address.split(['#', '?']).next().unwrap_or_default();
    if path.is_empty() || path.starts_with("//") || path.split('/').next().is_some_and(|first| first.contains(':')) {
        return None;
    }
    Some(match path.strip_prefix('/') {
        Some(rest) => plain(&format!("{root}/{rest}")),
        None => plain(&format!("{here}/{path}")),
    })
}

/// Whether a path is that of a page: addresses leave out index.html and endings.
fn is_page(path: &str, page: &str) -> bool {
    let without = page.rsplit_once('.').map_or(page, |(stem, _)| stem);
    let folder = without.strip_suffix("/index").or((without == "index").then_some(""));
    path == page || path == without || path.rsplit_once('.').is_some_and(|(stem, _)| stem == without) || {
        folder.is_some_and(|folder| path.trim_end_matches('/') == folder)
    }
}

/// A path without . and .., and with / only between its parts.
fn plain(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => _ = parts.pop(),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn is_inside(folder: &str, outer: &str) -> bool {
    folder == outer || outer.is_empty() || folder.strip_prefix(outer).is_some_and(|rest| rest.starts_with(['/', '\\']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_mean_pages_of_the_site() {
        for (address, page, same) in [
            ("risk.html", "a/drip/risk.html", true),
            ("./risk", "a/drip/risk.html", true),
            ("../price/", "a/price/index.html", true),
            ("/price/#table", "a/price/index.md", true),
            ("/", "a/index.html", true),
            ("risk.html", "a/drip/risk.md", true),
            ("https://example.com/risk.html", "a/drip/risk.html", false),
            ("tel:0300000000", "a/drip/tel.html", false),
            ("#risk", "a/drip/risk.html", false),
            ("risks.html", "a/drip/risk.html", false),
        ] {
            let path = address_of(address, "a/drip", "a");
            assert_eq!(path.is_some_and(|path| is_page(&path, page)), same, "{address} {page}");
        }
    }
}
