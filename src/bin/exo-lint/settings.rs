//! `exo-lint.toml`: where it is, what it says of each file, and the rules with the user's own.

use std::path::{Path, PathBuf};

use exo_lint::config::{Config, TEMPLATE};
use exo_lint::engine::Brief;
use exo_lint::example;
use exo_lint::lang::Lang;
use exo_lint::morpheme::Analyzer;
use exo_lint::pattern::Unknown;
use exo_lint::product::Profile;
use exo_lint::report::FileReport;
use exo_lint::ruleset::{FileText, Problem, Ruleset, builtin_files};
use exo_lint::site::{self, Site};
use ignore::WalkBuilder;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::Failure;
use crate::project::real;

/// The name of a configuration file.
pub const NAME: &str = "exo-lint.toml";

/// Which configuration is read.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    pub file: Option<PathBuf>,
    /// None at all.
    pub isolated: bool,
    /// The folder of rules that replaces those in the binary.
    pub rulesets: Option<PathBuf>,
}

/// The rules, and what is configured of files.
pub struct Settings {
    pub rules: Ruleset,
    found: Option<Found>,
}

struct Found {
    folder: PathBuf,
    whole: Profile,
    paths: Vec<(Gitignore, Profile)>,
    sites: Vec<Together>,
}

/// A `[[site]]`: its pages, those that others may look at, and whether a link to them is enough.
struct Together {
    files: Gitignore,
    shared: Option<Gitignore>,
    link_suffices: bool,
}

impl Settings {
    /// Reads the configuration: the one named, or the nearest above the current folder.
    pub fn load(choice: &Choice, lang: Lang) -> Result<Self, Failure> {
        let Some(path) = locate(choice) else { return Ok(Self { rules: compiled(choice, &[], lang)?, found: None }) };
        let text = read(&path, lang)?;
        let name = path.display().to_string();
        let main = FileText { name: name.clone(), text, config: true };
        let folder = real(&path).parent().map(Path::to_owned).unwrap_or_default();
        // What is wrong with its shape is told by the loader, with the line.
        let config = Config::parse(&main.text).unwrap_or_default();
        let mut own = vec![main];
        for file in &config.rules {
            let path = folder.join(file);
            own.push(FileText { name: path.display().to_string(), text: read(&path, lang)?, config: false });
        }
        let rules = compiled(choice, &own, lang)?;
        let mut paths = Vec::new();
        for table in &config.path {
            paths.push((matcher(&folder, &table.files, &name, lang)?, table.profile()));
        }
        let mut sites = Vec::new();
        for table in &config.site {
            if table.link_suffices && table.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
                return Err(unreasoned(&name, lang));
            }
            let shared = (!table.shared.is_empty()).then(|| matcher(&folder, &table.shared, &name, lang));
            let files = matcher(&folder, &table.files, &name, lang)?;
            sites.push(Together { files, shared: shared.transpose()?, link_suffices: table.link_suffices });
        }
        let whole = config.profile();
        for kind in paths.iter().map(|(_, p)| p).chain([&whole]).flat_map(|p| &p.kinds) {
            known(&rules, kind, &name, lang)?;
        }
        Ok(Self { rules, found: Some(Found { folder, whole, paths, sites }) })
    }

    /// What is asked of one file: `asked`, and what the configuration says of it.
    pub fn brief(&self, asked: &Brief, path: &Path) -> Brief {
        Brief { configured: self.found.as_ref().map_or_else(Profile::default, |f| f.profile(path)), ..asked.clone() }
    }

    /// The sites of some files: those configured, and of the others those whose folders contain each other.
    pub fn sites(&self, files: &[FileReport]) -> Vec<Site> {
        let mut rest: Vec<usize> = (0..files.len()).collect();
        let mut sites = Vec::new();
        if let Some(found) = &self.found {
            for together in found.sites.iter().rev() {
                let is_in = |at: usize, of: &Gitignore| found.fits(Path::new(files[at].source.name()), of);
                let pages: Vec<usize> = rest.extract_if(.., |at| is_in(*at, &together.files)).collect();
                let shared = |at: &usize| together.shared.as_ref().is_none_or(|shared| is_in(*at, shared));
                let shared = pages.iter().copied().filter(shared).collect();
                let root = pages.first().map(|&at| found.root(Path::new(files[at].source.name())));
                let (link_suffices, root) = (together.link_suffices, root.unwrap_or_default());
                sites.push(Site { pages, shared, link_suffices, root });
            }
        }
        sites.extend(site::by_folder(files, &rest));
        sites
    }
}

impl Found {
    /// Whether a file is among those of a pattern.
    fn fits(&self, path: &Path, files: &Gitignore) -> bool {
        let absolute = real(path);
        let inside = absolute.strip_prefix(&self.folder);
        inside.is_ok_and(|inside| files.matched_path_or_any_parents(inside, false).is_ignore())
    }

    /// The folder of the configuration, spelled as the path of a file in it is.
    fn root(&self, path: &Path) -> String {
        let absolute = real(path);
        let depth = absolute.strip_prefix(&self.folder).map_or(1, |inside| inside.components().count());
        path.ancestors().nth(depth).map(|root| root.display().to_string()).unwrap_or_default()
    }

    fn profile(&self, path: &Path) -> Profile {
        let fitting = self.paths.iter().rev().filter(|(files, _)| self.fits(path, files));
        fitting.fold(Profile::default(), |profile, (_, other)| profile.or(other)).or(&self.whole)
    }
}

/// The file of the configuration: the one named, or the nearest above the current folder.
pub fn locate(choice: &Choice) -> Option<PathBuf> {
    if choice.file.is_some() || choice.isolated {
        return choice.file.clone();
    }
    let here = std::env::current_dir().ok()?;
    here.ancestors().map(|folder| folder.join(NAME)).find(|file| file.is_file()).map(|file| {
        // Told as it would be typed.
        file.strip_prefix(&here).map(Path::to_owned).unwrap_or(file)
    })
}

/// A text file that somebody named.
pub fn read(path: &Path, lang: Lang) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|error| {
        Failure::Said(lang.pick(
            format!("{}: 読めません（{error}）。パスを確かめてください。", path.display()),
            format!("{}: cannot read ({error}).", path.display()),
        ))
    })
}

/// The rule files of a folder and its folders, in the order of their names; provisions are those in the binary.
fn folder_of_rules(folder: &Path, lang: Lang) -> Result<Vec<FileText>, Failure> {
    let is_rules = |path: &Path| {
        let provisions = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with("provisions");
        path.extension().is_some_and(|e| e == "toml") && !path.file_name().is_some_and(provisions)
    };
    let entries = WalkBuilder::new(folder).standard_filters(false).sort_by_file_path(Path::cmp).build();
    let paths = entries.flatten().map(ignore::DirEntry::into_path).filter(|p| p.is_file() && is_rules(p));
    let file = |path: PathBuf| {
        let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        Ok(FileText { name, text: read(&path, lang)?, config: false })
    };
    let files: Vec<FileText> = paths.map(file).collect::<Result<_, Failure>>()?;
    if files.is_empty() {
        return Err(Failure::Said(lang.pick(
            format!(
                "{}: 規則のファイル（.toml）がありません。--rulesets には rulesets/ の写しを指定します。",
                folder.display()
            ),
            format!("{}: there is no rule file (.toml). --rulesets takes a copy of rulesets/.", folder.display()),
        )));
    }
    Ok(files)
}

/// The built-in rules, or those of the folder chosen instead.
pub fn base(choice: &Choice, lang: Lang) -> Result<Vec<FileText>, Failure> {
    choice.rulesets.as_ref().map_or_else(|| Ok(builtin_files()), |folder| folder_of_rules(folder, lang))
}

/// What is wrong with rule files, each on lines of its own.
pub fn said(problems: &[Problem], lang: Lang) -> Failure {
    Failure::Said(problems.iter().map(|p| p.explain(lang)).collect::<Vec<_>>().join("\n"))
}

/// The rules and the user's own, whose examples must hold.
fn compiled(choice: &Choice, own: &[FileText], lang: Lang) -> Result<Ruleset, Failure> {
    let rules = match &choice.rulesets {
        None => Ruleset::with_own(own),
        Some(folder) => Ruleset::from_files(&[&folder_of_rules(folder, lang)?, own].concat()),
    };
    let rules = rules.map_err(|problems| said(&problems, lang))?;
    let proof = example::prove(&rules, &mut Analyzer::embedded(), own, None);
    if proof.failed.is_empty() { Ok(rules) } else { Err(said(&proof.failed, lang)) }
}

/// A link was said to be enough, and nobody said why.
fn unreasoned(name: &str, lang: Lang) -> Failure {
    Failure::Said(lang.pick(
        format!(
            "{name}: [[site]] の link-suffices = true には reason が要ります。リンク先の記載で足りるとした理由を書いてください。"
        ),
        format!("{name}: link-suffices = true in [[site]] needs a reason."),
    ))
}

fn matcher(folder: &Path, files: &[String], name: &str, lang: Lang) -> Result<Gitignore, Failure> {
    let mut builder = GitignoreBuilder::new(folder);
    let bad = |pattern: &str, error: &ignore::Error| {
        Failure::Said(lang.pick(
            format!("{name}: files の「{pattern}」を読めません（{error}）。.gitignore と同じ書き方にしてください。"),
            format!("{name}: cannot read the pattern {pattern:?} of files ({error})."),
        ))
    };
    for pattern in files {
        builder.add_line(None, pattern).map_err(|error| bad(pattern, &error))?;
    }
    builder.build().map_err(|error| bad("", &error))
}

/// Refuses a kind of product that no rule file has; `place` is where it was written.
pub fn known(rules: &Ruleset, kind: &str, place: &str, lang: Lang) -> Result<(), Failure> {
    let ids: Vec<&str> = rules.kinds.iter().map(|k| k.id.as_str()).collect();
    if ids.contains(&kind) {
        return Ok(());
    }
    let cure = match Unknown::among(kind, ids.iter().copied()).nearest {
        Some(near) => lang.pick(format!("「{near}」のことでしょうか。"), format!("Did you mean {near:?}?")),
        None => {
            lang.pick(format!("次から選んでください: {}", ids.join("、")), format!("Choose one of: {}", ids.join(", ")))
        }
    };
    Err(Failure::Said(lang.pick(
        format!("{place}: 製品の種類「{kind}」はありません。{cure}"),
        format!("{place}: there is no kind of product {kind:?}. {cure}"),
    )))
}

/// Writes a configuration with everything in comments; an existing one is left alone.
pub fn init(lang: Lang) -> Result<String, Failure> {
    use std::io::Write;
    let said = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::Said(lang.pick(
            format!("{NAME} はもうあります。作り直すときは、名前を変えるか消してからにしてください。"),
            format!("{NAME} is there already; move it away first."),
        )),
        _ => Failure::Said(
            lang.pick(format!("{NAME} を書けません（{error}）。"), format!("cannot write {NAME} ({error}).")),
        ),
    };
    let mut file = std::fs::File::create_new(NAME).map_err(said)?;
    file.write_all(TEMPLATE.as_bytes()).map_err(said)?;
    Ok(lang.pick(
        format!("{NAME} を書きました。行頭の # を外すと有効になります。\n"),
        format!("Wrote {NAME}; uncomment what you need.\n"),
    ))
}
