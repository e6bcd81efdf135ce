//! From rule files to a [`Ruleset`].

use std::collections::{HashMap, HashSet};

use super::file::{Parsed, line_of};
use super::problem::{Problem, ProblemKind};
use super::{Approved, Kind, Name, Rule, RuleIx, Ruleset};
use crate::anchor::Prefilter;
use crate::context::{Context, Probe, ProbeSet, Probes, Speaker, Topic};
use crate::disclosure::{Duty, Part};
use crate::disguise::Disguises;
use crate::expression::Expression;
use crate::labelling::Label;
use crate::modality::Modality;
use crate::normal::Normal;
use crate::pattern::{self, GroupEntry, Pattern, Requirement, Spelling, Syntax, Unknown, Valence, Vocabulary};
use crate::provision::{self, Verified};
use crate::rule::{
    ApprovedTable, ContextTable, File, GroupTable, NotePolicy, Observe, ProbeName, Reach, RetiredTable, RuleTable,
    Scope,
};

/// Classes inside classes inside … are not filled in deeper than this.
const DEEPEST: usize = 8;

/// A regular expression with those of other classes in the place of their names. A name that is none
/// stays, for the parser to complain about.
fn filled(text: &str, spelled: &HashMap<&str, &[String]>, depth: usize) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, (name, after))) = rest.split_once('{').and_then(|(b, r)| Some((b, r.split_once('}')?))) {
        out.push_str(before);
        match spelled.get(name).filter(|_| depth < DEEPEST) {
            Some(choices) => {
                let choices: Vec<String> = choices.iter().map(|c| filled(c, spelled, depth + 1)).collect();
                out.push_str(&format!("(?:{})", choices.join("|")));
            }
            None => out.push_str(&format!("{{{name}}}")),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

pub(super) fn compile(files: &[Parsed]) -> Result<Ruleset, Vec<Problem>> {
    let mut compiler = Compiler { files, problems: Vec::new(), vocabulary: Vocabulary::new(), probes: Vec::new() };
    let ruleset = compiler.run();
    if compiler.problems.is_empty() { Ok(ruleset) } else { Err(compiler.problems) }
}

/// The place of a table: file number, name of the table, number in the file.
#[derive(Clone, Copy)]
struct Home<'a> {
    file: usize,
    table: &'a str,
    at: usize,
}

struct Compiler<'a> {
    files: &'a [Parsed],
    problems: Vec<Problem>,
    vocabulary: Vocabulary,
    probes: Vec<Pattern>,
}

impl<'a> Compiler<'a> {
    fn run(&mut self) -> Ruleset {
        self.ids();
        self.groups();
        self.classes();
        let contexts = self.contexts();
        let modalities = self.modalities();
        let kinds = self.kinds();
        let asides = self.asides();
        let approved = self.approved(&kinds);
        let rules = self.rules(&contexts);
        let vocabulary = std::mem::take(&mut self.vocabulary);
        let disguises = self.disguises();
        let names = self.names();
        let speakers = self.speakers();
        let labels = self.labels();
        let probes = Probes::new(std::mem::take(&mut self.probes), speakers);
        let mut patterns = Vec::new();
        for (ix, rule) in rules.iter().enumerate() {
            patterns.extend((0..rule.find.len()).map(|p| (RuleIx(ix as u32), p)));
        }
        let prefilter = Prefilter::new(
            patterns.iter().map(|&(rule, p): &(RuleIx, usize)| rules[rule.0 as usize].find[p].requirement(&vocabulary)),
            &vocabulary,
        );
        Ruleset {
            vocabulary,
            names,
            disguises,
            rules,
            contexts,
            modalities,
            approved,
            kinds,
            asides,
            labels,
            probes,
            prefilter,
            patterns,
            retired: self.retired(),
            added: Vec::new(),
        }
    }

    /// Ids that rules once had; each leads to a rule, or nowhere.
    fn retired(&mut self) -> Vec<RetiredTable> {
        let rules: Vec<&str> = self.tables("rule", |f| &f.rule).into_iter().map(|(_, rule)| rule.id.as_str()).collect();
        let mut retired = Vec::new();
        for (home, table) in self.tables("retired", |f| &f.retired) {
            if rules.contains(&table.id.as_str()) {
                self.problem(home, "id", None, ProblemKind::DuplicateId { id: table.id.clone() });
            }
            if let Some(now) = table.now.as_ref().filter(|now| !rules.contains(&now.as_str())) {
                let nearest = Unknown::among(now, rules.iter().copied()).nearest;
                self.problem(home, "now", None, ProblemKind::NoRule { id: now.clone(), nearest });
            }
            retired.push(table.clone());
        }
        retired
    }

    /// All tables of a kind with their homes.
    fn tables<T>(&self, table: &'a str, list: impl Fn(&'a File) -> &'a [T]) -> Vec<(Home<'a>, &'a T)> {
        self.files
            .iter()
            .enumerate()
            .flat_map(|(file, parsed)| {
                list(&parsed.file).iter().enumerate().map(move |(at, entry)| (Home { file, table, at }, entry))
            })
            .collect()
    }

    fn problem(&mut self, home: Home, key: &str, item: Option<usize>, kind: ProblemKind) {
        let parsed = &self.files[home.file];
        let line = (!parsed.text.is_empty()).then(|| line_of(&parsed.text, home.table, home.at, key, item)).flatten();
        self.problems.push(Problem { file: parsed.name.clone(), line, kind });
    }

    fn ids(&mut self) {
        let mut seen: HashSet<(&str, &str)> = HashSet::new();
        let mut again: Vec<(Home, &str)> = Vec::new();
        macro_rules! check {
            ($table:literal, $list:ident) => {
                for (home, entry) in self.tables($table, |f| &f.$list) {
                    if !seen.insert(($table, &entry.id)) {
                        again.push((home, &entry.id));
                    }
                }
            };
        }
        check!("rule", rule);
        check!("group", group);
        check!("class", class);
        check!("context", context);
        check!("modality", modality);
        check!("approved", approved);
        check!("product", product);
        check!("speaker", speaker);
        for (home, id) in again {
            self.problem(home, "id", None, ProblemKind::DuplicateId { id: id.to_owned() });
        }
    }

    fn groups(&mut self) {
        let groups = self.tables("group", |f| &f.group);
        let classes = self.tables("class", |f| &f.class);
        self.vocabulary.declare(groups.iter().map(|(_, g)| g.id.as_str()), classes.iter().map(|(_, c)| c.id.as_str()));
        let by_id: HashMap<&str, (Home, &GroupTable)> =
            groups.iter().map(|&(home, g)| (g.id.as_str(), (home, g))).collect();
        let mut defined = HashSet::new();
        for &(home, group) in &groups {
            self.group(home, group, &by_id, &mut Vec::new(), &mut defined);
        }
    }

    /// Defines a group after those that it includes.
    fn group(
        &mut self,
        home: Home<'a>,
        group: &'a GroupTable,
        by_id: &HashMap<&str, (Home<'a>, &'a GroupTable)>,
        path: &mut Vec<&'a str>,
        defined: &mut HashSet<&'a str>,
    ) {
        if path.contains(&group.id.as_str()) {
            self.problem(home, "include", None, ProblemKind::GroupCycle { id: group.id.clone() });
            return;
        }
        if !defined.insert(&group.id) {
            return;
        }
        path.push(&group.id);
        let mut included = Vec::new();
        for (item, include) in group.include.iter().enumerate() {
            let name = include.trim_start_matches('@');
            match by_id.get(name) {
                Some(&(home, other)) => {
                    self.group(home, other, by_id, path, defined);
                    included.push(name);
                }
                None => {
                    let nearest = Unknown::among(name, by_id.keys().copied()).nearest;
                    let kind =
                        ProblemKind::UnknownGroup { owner: format!("@{}", group.id), id: name.to_owned(), nearest };
                    self.problem(home, "include", Some(item), kind);
                }
            }
        }
        path.pop();
        let polarity = group.polarity.into();
        let lists: [(&str, &[String], Valence); 4] = [
            ("words", &group.words, Valence::Open),
            ("intransitive", &group.intransitive, Valence::Intransitive),
            ("transitive", &group.transitive, Valence::Transitive),
            ("nouns", &group.nouns, Valence::Open),
        ];
        let mut entries = Vec::new();
        let owner = format!("@{}", group.id);
        for (key, list, valence) in lists {
            for (item, text) in list.iter().enumerate() {
                if let Some(syntax) = self.syntax(home, key, item, &owner, text) {
                    entries.push(GroupEntry { syntax, valence, polarity });
                }
            }
        }
        if let Err((_, fault)) = self.vocabulary.define_group(&group.id, &entries, &included) {
            let kind = ProblemKind::Pattern { owner, pattern: String::new(), fault };
            self.problem(home, "id", None, kind);
        }
    }

    fn syntax(&mut self, home: Home, key: &str, item: usize, owner: &str, text: &str) -> Option<Syntax> {
        match pattern::parse(text) {
            Ok(syntax) => Some(syntax),
            Err(fault) => {
                let kind = ProblemKind::Pattern { owner: owner.to_owned(), pattern: text.to_owned(), fault };
                self.problem(home, key, Some(item), kind);
                None
            }
        }
    }

    fn pattern(
        &mut self,
        home: Home,
        key: &str,
        item: usize,
        owner: &str,
        text: &str,
        anchored: bool,
    ) -> Option<Pattern> {
        let syntax = self.syntax(home, key, item, owner, text)?;
        // The built-in patterns were checked as written, by the tests.
        let checked = !self.files[home.file].text.is_empty();
        match self.vocabulary.compile(&syntax, anchored && checked) {
            Ok(pattern) => Some(pattern),
            Err(fault) => {
                let kind = ProblemKind::Pattern { owner: owner.to_owned(), pattern: text.to_owned(), fault };
                self.problem(home, key, Some(item), kind);
                None
            }
        }
    }

    fn patterns(&mut self, home: Home, key: &str, owner: &str, texts: &[String], anchored: bool) -> Vec<Pattern> {
        texts
            .iter()
            .enumerate()
            .filter_map(|(item, text)| self.pattern(home, key, item, owner, text, anchored))
            .collect()
    }

    /// Patterns that go among the probes; returns their numbers.
    fn probe(&mut self, home: Home, key: &str, owner: &str, texts: &[String]) -> ProbeSet {
        let patterns = self.patterns(home, key, owner, texts, false);
        let from = self.probes.len() as u32;
        self.probes.extend(patterns);
        ProbeSet { from, upto: self.probes.len() as u32 }
    }

    /// A name must say why it may stand.
    fn names(&mut self) -> Vec<Name> {
        let mut names = Vec::new();
        for (home, table) in self.tables("name", |f| &f.name) {
            let text = Normal::fold(table.text.trim());
            if text.is_empty() || table.reason.trim().is_empty() {
                self.problem(home, "name", None, ProblemKind::NameWithoutReason { name: table.text.clone() });
            }
            names.push(Name { text, reason: table.reason.clone() });
        }
        names
    }

    fn disguises(&self) -> Disguises {
        let tables = self.tables("disguised", |f| &f.disguised);
        let watched = tables.iter().flat_map(|(_, t)| t.words.iter().map(|w| (w.as_str(), [].as_slice())));
        let known = tables.iter().flat_map(|(_, t)| t.typos.iter().map(|(w, typos)| (w.as_str(), typos.as_slice())));
        Disguises::new(watched.chain(known))
    }

    fn classes(&mut self) {
        let classes = self.tables("class", |f| &f.class);
        let spelled: HashMap<&str, &[String]> =
            classes.iter().map(|(_, c)| (c.id.as_str(), c.spelled.as_slice())).collect();
        for (home, class) in classes {
            let owner = format!("<{}>", class.id);
            if !class.spelled.is_empty() {
                let filled = |list: &[String]| list.iter().map(|text| filled(text, &spelled, 0)).collect::<Vec<_>>();
                let (spelled, except, only) = (filled(&class.spelled), filled(&class.except), filled(&class.only));
                let spelling = Spelling::new(&spelled, &except, &only, &class.anchors);
                // Compiling all of them takes longer than a short run: only where somebody reads the answer.
                if !self.files[home.file].text.is_empty()
                    && let Err(said) = spelling.check()
                {
                    self.problem(home, "spelled", None, ProblemKind::Spelling { owner, said });
                }
                self.vocabulary.define_spelling(&class.id, spelling);
                continue;
            }
            let choices: Vec<Syntax> = class
                .find
                .iter()
                .enumerate()
                .filter_map(|(item, text)| self.syntax(home, "find", item, &owner, text))
                .collect();
            if let Err((item, fault)) = self.vocabulary.define_class(&class.id, &choices) {
                let pattern = class.find.get(item).cloned().unwrap_or_default();
                self.problem(home, "find", Some(item), ProblemKind::Pattern { owner, pattern, fault });
            }
        }
    }

    fn contexts(&mut self) -> Vec<Context> {
        let mut contexts = Vec::new();
        for (home, table) in self.tables("context", |f| &f.context) {
            let find = match table.probe {
                ProbeName::Topic => ProbeSet::default(),
                _ => self.probe(home, "find", &table.id, &table.find),
            };
            let ContextTable { side, reach, .. } = *table;
            let reach = reach.unwrap_or(Reach::Sentence);
            let probe = match table.probe {
                ProbeName::Near => Probe::Near { side, reach, find },
                ProbeName::Quoted => Probe::Quoted { side, reach, find },
                ProbeName::Placed => Probe::Placed { find },
                ProbeName::Judged => {
                    Probe::Judged { bad: find, good: self.probe(home, "find-good", &table.id, &table.find_good) }
                }
                ProbeName::Heads => Probe::Heads { find },
                ProbeName::Around => {
                    let before = self.probe(home, "find-before", &table.id, &table.find_before);
                    let also = self.probe(home, "find-also", &table.id, &table.find_also);
                    Probe::Around { before, after: find, also }
                }
                ProbeName::Subject => Probe::Subject { reach, find },
                ProbeName::Topic => {
                    let mut required = |key, texts| -> Vec<Requirement> {
                        let patterns = self.patterns(home, key, &table.id, texts, true);
                        patterns.iter().map(|p| p.requirement(&self.vocabulary)).collect()
                    };
                    let (telling, common) = (required("find", &table.find), required("except", &table.except));
                    let words = Topic::new(
                        &self.vocabulary,
                        telling,
                        common,
                        table.least.unwrap_or(3),
                        table.density.unwrap_or(5),
                    );
                    Probe::Topic { words, from: table.from.unwrap_or(500) }
                }
                ProbeName::Product => Probe::Product { within: table.within.clone() },
                ProbeName::Speaker => Probe::Spoken { within: table.within.clone() },
            };
            let except = match table.probe {
                ProbeName::Topic => ProbeSet::default(),
                _ => self.probe(home, "except", &table.id, &table.except),
            };
            let except_label = self.probe(home, "except-label", &table.id, &table.except_label);
            contexts.push(Context {
                id: table.id.clone(),
                title: table.title.clone(),
                global: table.global,
                restores: table.restores,
                unnamed: table.unnamed,
                probe,
                except,
                except_reach: table.except_reach,
                except_label,
            });
        }
        contexts
    }

    fn modalities(&mut self) -> Vec<Modality> {
        let mut modalities = Vec::new();
        for (home, table) in self.tables("modality", |f| &f.modality) {
            modalities.push(Modality {
                id: table.id.clone(),
                title: table.title.clone(),
                effect: table.effect,
                find: self.patterns(home, "find", &table.id, &table.find, false),
                except: self.patterns(home, "except", &table.id, &table.except, false),
            });
        }
        modalities
    }

    fn kinds(&mut self) -> Vec<Kind> {
        let mut kinds = Vec::new();
        for (home, table) in self.tables("product", |f| &f.product) {
            kinds.push(Kind {
                id: table.id.clone(),
                title: table.title.clone(),
                category: table.category,
                nouns: self.probe(home, "nouns", &table.id, &table.nouns),
            });
        }
        kinds
    }

    /// A regular expression of a table.
    fn expression(&mut self, home: Home, key: &str, owner: &str, text: &str) -> Expression {
        let expression = Expression::new(text);
        // Compiling them takes longer than a short run: only where somebody reads the answer.
        let checked = !self.files[home.file].text.is_empty();
        if checked && let Err(said) = expression.check() {
            self.problem(home, key, None, ProblemKind::Spelling { owner: owner.to_owned(), said });
        }
        expression
    }

    fn labels(&mut self) -> Vec<Label> {
        let mut labels = Vec::new();
        for (home, table) in self.tables("category-label", |f| &f.category_label) {
            let mut regex = |key: &str, text: &str| self.expression(home, key, table.category.name(), text);
            labels.push(Label {
                category: table.category,
                among: table.among.clone(),
                beside: regex("beside", &table.beside),
                whole: regex("whole", &table.whole),
                named: regex("named", &table.named),
            });
        }
        labels
    }

    fn speakers(&mut self) -> Vec<Speaker> {
        let mut speakers = Vec::new();
        for (home, table) in self.tables("speaker", |f| &f.speaker) {
            let mut regex = |key: &str, text: &str| self.expression(home, key, &table.id, text);
            speakers.push(Speaker {
                person: regex("person", &table.person),
                heading: regex("heading", &table.heading),
                quoted: regex("quoted", &table.quoted),
                except: regex("except", &table.except),
                id: table.id.clone(),
                title: table.title.clone(),
                remark: table.remark.clone(),
                own: table.own,
                own_in: table.own_in.clone(),
            });
        }
        speakers
    }

    fn asides(&mut self) -> ProbeSet {
        let from = self.probes.len() as u32;
        for (home, table) in self.tables("product-aside", |f| &f.product_aside) {
            self.probe(home, "find", "product-aside", &table.find);
        }
        ProbeSet { from, upto: self.probes.len() as u32 }
    }

    fn approved(&mut self, kinds: &[Kind]) -> Vec<Approved> {
        let mut approved = Vec::new();
        for (home, table) in self.tables("approved", |f| &f.approved) {
            self.law(home, "provision", &table.id, std::slice::from_ref(&table.provision));
            let proof = table.proof.iter().map(|kind| ("proof", None, kind));
            let only_for = table.only_for.iter().enumerate().map(|(item, kind)| ("only-for", Some(item), kind));
            let not_for = table.not_for.iter().enumerate().map(|(item, kind)| ("not-for", Some(item), kind));
            for (key, item, kind) in only_for.chain(not_for).chain(proof) {
                if !kinds.iter().any(|k| k.id == *kind) {
                    let nearest = Unknown::among(kind, kinds.iter().map(|k| k.id.as_str())).nearest;
                    let problem = ProblemKind::UnknownKind { owner: table.id.clone(), id: kind.clone(), nearest };
                    self.problem(home, key, item, problem);
                }
            }
            approved.push(Approved {
                id: table.id.clone(),
                provision: table.provision.clone(),
                category: table.category.clone(),
                text: table.text.clone(),
                only_for: table.only_for.clone(),
                not_for: table.not_for.clone(),
                approval: table.approval,
                by_label: table.by_label,
                label_ending: table.label_ending.clone(),
                active: table.active.clone(),
                told_by: self.probe(home, "told-by", &table.id, &table.told_by),
                proof: table.proof.clone(),
                note_find: self.probe(home, "note-find", &table.id, &table.note_find),
                covers: self.probe(home, "covers", &table.id, &table.covers),
            });
        }
        approved
    }

    fn rules(&mut self, contexts: &[Context]) -> Vec<Rule> {
        let mut rules = Vec::new();
        for (home, table) in self.tables("rule", |f| &f.rule) {
            if table.law.is_empty() && !table.observe.is_some_and(Observe::is_own) {
                self.problem(home, "law", None, ProblemKind::NoLaw { owner: table.id.clone() });
            }
            self.law(home, "law", &table.id, &table.law);
            let finds = matches!(table.observe, None | Some(Observe::OtherCategory));
            let bound = |a: &&ApprovedTable| {
                !(a.only_for.is_empty() && a.not_for.is_empty())
                    && a.category.iter().any(|c| table.category.contains(c))
            };
            let texts: Vec<String> = match table.observe {
                Some(Observe::OtherKind) => {
                    let approved = self.tables("approved", |f| &f.approved).into_iter().map(|(_, a)| a);
                    approved.filter(bound).flat_map(|a| a.covers.iter().cloned()).collect()
                }
                _ => table.find.clone(),
            };
            if finds == table.find.is_empty() {
                self.problem(home, "find", None, ProblemKind::NothingToFind { owner: table.id.clone() });
            }
            if table.note != NotePolicy::NoHelp && table.note_find.is_empty() {
                self.problem(home, "note", None, ProblemKind::NoteWithoutContent { owner: table.id.clone() });
            }
            let find = self.patterns(home, "find", &table.id, &texts, true);
            self.placeholders(home, &table.id, &table.message, &find);
            rules.push(Rule {
                id: table.id.clone(),
                title: table.title.clone(),
                category: table.category.clone(),
                severity: table.severity,
                law: table.law.clone(),
                find,
                observe: table.observe,
                duty: (table.observe == Some(Observe::MissingParts)).then(|| self.duty(home, table)),
                unless: self.context_names(home, "unless", &table.id, &table.unless, contexts),
                despite: self.context_names(home, "despite", &table.id, &table.despite, contexts),
                only: self.context_names(home, "only", &table.id, &table.only, contexts),
                note: table.note,
                note_find: self.probe(home, "note-find", &table.id, &table.note_find),
                note_except: self.probe(home, "note-except", &table.id, &table.note_except),
                message: table.message.clone(),
                why: table.why.clone(),
                suggest: table.suggest.clone(),
                file: self.files[home.file].name.clone(),
            });
        }
        rules
    }

    fn duty(&mut self, home: Home, table: &RuleTable) -> Duty {
        let id = &table.id;
        if table.when.is_empty() || table.part.is_empty() {
            self.problem(home, "when", None, ProblemKind::NothingToFind { owner: id.clone() });
        }
        let parts = table.part.iter().map(|part| Part {
            id: part.id.clone(),
            title: part.title.clone(),
            looked_for: part.looked_for.clone(),
            find: self.probe(home, "part", id, &part.find),
            all: part.all.iter().map(|list| self.probe(home, "part", id, list)).collect(),
            except: self.probe(home, "part", id, &part.except),
            heading: self.probe(home, "part", id, &part.heading),
            content: self.probe(home, "part", id, &part.content),
            by_link: part.by_link,
        });
        let parts = parts.collect();
        Duty {
            when: table.when.iter().map(|list| self.probe(home, "when", id, list)).collect(),
            unless: self.probe(home, "unless-page", id, &table.unless_page),
            unless_except: self.probe(home, "unless-page-except", id, &table.unless_page_except),
            subject: self.probe(home, "subject", id, &table.subject),
            empty: self.probe(home, "empty", id, &table.empty),
            parts,
            by_section: table.scope == Scope::Section,
            from: table.from,
        }
    }

    fn law(&mut self, home: Home, key: &str, owner: &str, ids: &[String]) {
        for (item, id) in ids.iter().enumerate() {
            // Reading all provisions takes a millisecond: only where somebody reads the answer.
            if self.files[home.file].text.is_empty() {
                return;
            }
            let kind = match provision::get(id) {
                Some(p) if p.verified == Verified::R => {
                    ProblemKind::UnverifiedLaw { owner: owner.to_owned(), id: id.clone() }
                }
                Some(_) => continue,
                None => {
                    let nearest = Unknown::among(id, provision::all().iter().map(|p| p.id.as_str())).nearest;
                    ProblemKind::UnknownLaw { owner: owner.to_owned(), id: id.clone(), nearest }
                }
            };
            self.problem(home, key, Some(item), kind);
        }
    }

    fn context_names(
        &mut self,
        home: Home,
        key: &str,
        owner: &str,
        names: &[String],
        contexts: &[Context],
    ) -> Vec<usize> {
        let mut found = Vec::new();
        for (item, name) in names.iter().enumerate() {
            match contexts.iter().position(|c| c.id == *name) {
                Some(at) => found.push(at),
                None => {
                    let nearest = Unknown::among(name, contexts.iter().map(|c| c.id.as_str())).nearest;
                    let kind = ProblemKind::UnknownContext { owner: owner.to_owned(), id: name.clone(), nearest };
                    self.problem(home, key, Some(item), kind);
                }
            }
        }
        found
    }

    /// `{名前}` in a message must be a part of every pattern.
    fn placeholders(&mut self, home: Home, owner: &str, message: &str, find: &[Pattern]) {
        for piece in message.split('{').skip(1) {
            let Some((name, _)) = piece.split_once('}') else { continue };
            if !["match", "missing", "cause"].contains(&name) && !find.iter().all(|p| p.names().contains(&name)) {
                let kind = ProblemKind::UnknownPlaceholder { owner: owner.to_owned(), name: name.to_owned() };
                self.problem(home, "message", None, kind);
            }
        }
    }
}
