//! `exo-lint.toml`: where it is, what it says of each file, and the rules with the user's own.

use std::path::{Path, PathBuf};

use std::collections::BTreeMap;
use std::sync::Arc;

use exo_lint::config::{Config, Level, TEMPLATE};
use exo_lint::engine::{Brief, Levels};
use exo_lint::lang::Lang;
use exo_lint::product::Profile;
use exo_lint::provision::{self, Authority};
use exo_lint::report::{FileReport, PAGES};
use exo_lint::rule::{FailOn, Severity};
use exo_lint::ruleset::{FileText, Ruleset};
use exo_lint::site::{self, Site};
use exo_lint::suppression;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use jiff::civil::Date;

use crate::Failure;
use crate::project::real;
use crate::rulefile::{compiled, known, read};

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

/// What beats the configuration: options of the command line.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    pub lang: Option<Lang>,
    pub fail_on: Option<FailOn>,
    pub min_severity: Option<Severity>,
    pub authority: Vec<Authority>,
    pub as_of: Option<Date>,
}

/// The rules, and what is configured of them and of files.
pub struct Settings {
    pub rules: Ruleset,
    pub lang: Lang,
    pub fail_on: FailOn,
    pub min_severity: Option<Severity>,
    pub authority: Vec<Authority>,
    /// The day whose law counts.
    pub as_of: Date,
    /// The day on which suppressions may have ended.
    pub today: Date,
    /// The address under which the pages of the rules stand.
    pub pages: String,
    /// The file that was read.
    pub file: Option<PathBuf>,
    levels: Arc<Levels>,
    found: Option<Found>,
}

struct Found {
    folder: PathBuf,
    whole: Profile,
    paths: Vec<(Gitignore, Profile, Levels)>,
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
    pub fn load(choice: &Choice, wish: &Wish) -> Result<Self, Failure> {
        let said_in = wish.lang.unwrap_or_default();
        let Some(path) = locate(choice) else {
            let rules = compiled(choice.rulesets.as_deref(), &[], said_in)?;
            return Ok(Self::of(rules, &Config::default(), wish, None));
        };
        let text = read(&path, said_in)?;
        let name = path.display().to_string();
        let main = FileText { name: name.clone(), text, config: true };
        let folder = real(&path).parent().map(Path::to_owned).unwrap_or_default();
        // What is wrong with its shape is told by the loader, with the line.
        let config = Config::parse(&main.text).unwrap_or_default();
        let lang = wish.lang.or(config.lang).unwrap_or_default();
        let mut own = vec![main];
        for file in &config.rules {
            let path = folder.join(file);
            own.push(FileText { name: path.display().to_string(), text: read(&path, lang)?, config: false });
        }
        let rules = compiled(choice.rulesets.as_deref(), &own, lang)?;
        let as_of = config.as_of.as_ref().map(exo_lint::ledger::written);
        let as_of = as_of.map(|day| suppression::date(&day)).transpose();
        let as_of = as_of.map_err(|said| Failure::Said(format!("{name}: as-of: {said}")))?;
        let mut settings = Self::of(rules, &config, &Wish { as_of: wish.as_of.or(as_of), ..wish.clone() }, Some(path));
        // A day in the configuration pins the law, not the calendar.
        settings.today = wish.as_of.unwrap_or_else(today);
        settings.levels = Arc::new(levels(&settings.rules, (*settings.levels).clone(), &config.severity, &name, lang)?);
        settings.found = Some(Found::read(&settings, &config, folder, &name)?);
        Ok(settings)
    }

    fn of(rules: Ruleset, config: &Config, wish: &Wish, file: Option<PathBuf>) -> Self {
        let as_of = wish.as_of.unwrap_or_else(provision::as_of);
        let authority = if wish.authority.is_empty() { config.authority.clone() } else { wish.authority.clone() };
        let off = rules.without_ground(as_of, &authority);
        Self {
            lang: wish.lang.or(config.lang).unwrap_or_default(),
            fail_on: wish.fail_on.or(config.fail_on).unwrap_or(FailOn::Warning),
            min_severity: wish.min_severity.or(config.min_severity),
            authority,
            as_of,
            today: wish.as_of.unwrap_or_else(today),
            pages: config.rule_pages.as_deref().unwrap_or(PAGES).trim_end_matches('/').to_owned(),
            file,
            levels: Arc::new(off.into_iter().map(|rule| (rule, None)).collect()),
            found: None,
            rules,
        }
    }

    /// What is asked of one file: `asked`, and what the configuration says of it.
    pub fn brief(&self, asked: &Brief, path: &Path) -> Brief {
        let (configured, levels) = match &self.found {
            Some(found) => (found.profile(path), found.levels(path, &self.levels)),
            None => (Profile::default(), Arc::clone(&self.levels)),
        };
        Brief { configured, levels, today: self.today, ..asked.clone() }
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
    fn read(settings: &Settings, config: &Config, folder: PathBuf, name: &str) -> Result<Self, Failure> {
        let lang = settings.lang;
        let mut paths = Vec::new();
        for table in &config.path {
            let own = levels(&settings.rules, Levels::new(), &table.severity, name, lang)?;
            paths.push((matcher(&folder, &table.files, name, lang)?, table.profile(), own));
        }
        let mut sites = Vec::new();
        for table in &config.site {
            if table.link_suffices && table.reason.as_deref().is_none_or(|reason| reason.trim().is_empty()) {
                return Err(unreasoned(name, lang));
            }
            let shared = (!table.shared.is_empty()).then(|| matcher(&folder, &table.shared, name, lang));
            let files = matcher(&folder, &table.files, name, lang)?;
            sites.push(Together { files, shared: shared.transpose()?, link_suffices: table.link_suffices });
        }
        let whole = config.profile();
        for kind in paths.iter().map(|(_, p, _)| p).chain([&whole]).flat_map(|p| &p.kinds) {
            known(&settings.rules, kind, name, lang)?;
        }
        Ok(Self { folder, whole, paths, sites })
    }

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
        let fitting = self.paths.iter().rev().filter(|(files, ..)| self.fits(path, files));
        fitting.fold(Profile::default(), |profile, (_, other, _)| profile.or(other)).or(&self.whole)
    }

    fn levels(&self, path: &Path, whole: &Arc<Levels>) -> Arc<Levels> {
        let speaks = |(files, _, own): &&(Gitignore, Profile, Levels)| !own.is_empty() && self.fits(path, files);
        let mut fitting = self.paths.iter().filter(speaks).peekable();
        if fitting.peek().is_none() {
            return Arc::clone(whole);
        }
        let mut all = Levels::clone(whole);
        fitting.for_each(|(_, _, own)| all.extend(own));
        Arc::new(all)
    }
}

/// Adds what a table says of rules, names of many rules before those of few.
fn levels(
    rules: &Ruleset,
    mut levels: Levels,
    table: &BTreeMap<String, Level>,
    name: &str,
    lang: Lang,
) -> Result<Levels, Failure> {
    let mut entries: Vec<(&String, &Level)> = table.iter().collect();
    entries.sort_by_key(|(name, _)| (!name.ends_with('*'), name.len()));
    for (id, level) in entries {
        let mut named = rules.named(id).peekable();
        if named.peek().is_none() {
            let said = suppression::unknown(rules, id);
            return Err(Failure::Said(
                lang.pick(format!("{name}: severity の{said}"), format!("{name}: severity: there is no rule {id:?}.")),
            ));
        }
        for rule in named {
            // A rule without ground stays off.
            if levels.get(&rule) != Some(&None) {
                levels.insert(rule, level.severity());
            }
        }
    }
    Ok(levels)
}

/// Where the clock of this machine stands.
fn today() -> Date {
    jiff::Zoned::now().date()
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
