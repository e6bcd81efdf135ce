//! What can be wrong with rule files, said so that the writer can mend it.

use crate::lang::Lang;
use crate::pattern::Fault;

/// One problem in a rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub file: String,
    /// 1-based; `None` where the file as written is not at hand.
    pub line: Option<usize>,
    pub kind: ProblemKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Not TOML, or not of the right shape; what the parser says, and the nearest key.
    Shape {
        /// Of a configuration file.
        config: bool,
        said: String,
        nearest: Option<String>,
    },
    Pattern {
        owner: String,
        pattern: String,
        fault: Fault,
    },
    DuplicateId {
        id: String,
    },
    UnknownLaw {
        owner: String,
        id: String,
        nearest: Option<String>,
    },
    UnverifiedLaw {
        owner: String,
        id: String,
    },
    NoLaw {
        owner: String,
    },
    /// A retired id leads to a rule that does not exist.
    NoRule {
        id: String,
        nearest: Option<String>,
    },
    /// A spelling of a class that is no regular expression.
    Spelling {
        owner: String,
        said: String,
    },
    /// A name of a product that may stand, and no word on why.
    NameWithoutReason {
        name: String,
    },
    /// Neither `find` nor `observe`, or both.
    NothingToFind {
        owner: String,
    },
    UnknownContext {
        owner: String,
        id: String,
        nearest: Option<String>,
    },
    UnknownKind {
        owner: String,
        id: String,
        nearest: Option<String>,
    },
    UnknownGroup {
        owner: String,
        id: String,
        nearest: Option<String>,
    },
    GroupCycle {
        id: String,
    },
    UnknownPlaceholder {
        owner: String,
        name: String,
    },
    NoteWithoutContent {
        owner: String,
    },
    /// An example that does not hold: what was expected, and what came.
    Example {
        owner: String,
        text: String,
        said: String,
    },
}

impl Problem {
    /// One line of place, one of cause, one of cure.
    pub fn explain(&self, lang: Lang) -> String {
        let place = match self.line {
            Some(line) => format!("{}:{line}", self.file),
            None => self.file.clone(),
        };
        let (cause, cure) = self.kind.explain(lang);
        let (c, f) = lang.pick(("原因", "直し方"), ("cause", "cure"));
        format!("{place}\n  {c}: {cause}\n  {f}: {cure}")
    }
}

impl ProblemKind {
    fn explain(&self, lang: Lang) -> (String, String) {
        use ProblemKind::*;
        let near = |nearest: &Option<String>, ja: &str, en: &str| match nearest {
            Some(n) => lang.pick(format!("「{n}」のことでしょうか。"), format!("Did you mean {n:?}?")),
            None => lang.pick(ja.to_owned(), en.to_owned()),
        };
        match self {
            Shape { said, nearest, config } => (
                lang.pick(
                    format!("ファイルの形が正しくありません: {said}"),
                    format!("The file has the wrong shape: {said}"),
                ),
                // Of a configuration the user's own page tells.
                match config {
                    true => near(
                        nearest,
                        "docs/config.md のキーと形に直してください。",
                        "See docs/config.md for keys and shapes.",
                    ),
                    false => near(
                        nearest,
                        "docs/rule-format.md のキーと形に直してください。",
                        "See docs/rule-format.md for keys and shapes.",
                    ),
                },
            ),
            Pattern { owner, pattern, fault } => {
                let (cause, cure) = fault.explain(lang);
                let at = pattern.get(..fault.at).map_or(1, |before| before.chars().count() + 1);
                (
                    lang.pick(
                        format!("{owner} のパターン「{pattern}」の {at} 文字目: {cause}"),
                        format!("{owner}, pattern {pattern:?}, character {at}: {cause}"),
                    ),
                    cure,
                )
            }
            DuplicateId { id } => (
                lang.pick(format!("id「{id}」が二度使われています。"), format!("The id {id:?} is used twice.")),
                lang.pick("片方の id を変えるか、一つにまとめてください。".into(), "Rename one, or merge them.".into()),
            ),
            UnknownLaw { owner, id, nearest } => (
                lang.pick(
                    format!("{owner} が引く条項「{id}」がありません。"),
                    format!("{owner} cites {id:?}, which does not exist."),
                ),
                near(
                    nearest,
                    "rulesets/provisions.toml の id を書いてください。",
                    "Cite an id of rulesets/provisions.toml.",
                ),
            ),
            UnverifiedLaw { owner, id } => (
                lang.pick(
                    format!("{owner} が引く条項「{id}」は未確認（R）です。"),
                    format!("{owner} cites {id:?}, which is not verified (R)."),
                ),
                lang.pick("原典で確認した条項を引いてください。".into(), "Cite a verified provision.".into()),
            ),
            NoRule { id, nearest } => (
                lang.pick(format!("規則「{id}」はありません。"), format!("There is no rule {id:?}.")),
                match nearest {
                    Some(near) => lang.pick(format!("「{near}」のことでしょうか。"), format!("Did you mean {near:?}?")),
                    None => lang.pick("今ある規則の id を書いてください。".into(), "Name a rule that exists.".into()),
                },
            ),
            NoLaw { owner } => (
                lang.pick(format!("{owner} に根拠の条項がありません。"), format!("{owner} cites no provision.")),
                lang.pick(
                    "law に provisions.toml の id を一つ以上書いてください。".into(),
                    "Give at least one id in law.".into(),
                ),
            ),
            UnknownContext { owner, id, nearest } => (
                lang.pick(
                    format!("{owner} が使う文脈「{id}」がありません。"),
                    format!("{owner} uses the context {id:?}, which does not exist."),
                ),
                near(nearest, "rulesets/contexts/ に定義してください。", "Define it under rulesets/contexts/."),
            ),
            UnknownKind { owner, id, nearest } => (
                lang.pick(
                    format!("{owner} が使う製品の種類「{id}」がありません。"),
                    format!("{owner} uses the kind {id:?}, which does not exist."),
                ),
                near(nearest, "rulesets/products.toml に定義してください。", "Define it in rulesets/products.toml."),
            ),
            UnknownGroup { owner, id, nearest } => (
                lang.pick(
                    format!("{owner} が含めるグループ「{id}」がありません。"),
                    format!("{owner} includes the group {id:?}, which does not exist."),
                ),
                near(nearest, "rulesets/words/ に定義してください。", "Define it under rulesets/words/."),
            ),
            GroupCycle { id } => (
                lang.pick(
                    format!("グループ「{id}」が自分自身を含んでいます。"),
                    format!("The group {id:?} includes itself."),
                ),
                lang.pick("include の循環を断ってください。".into(), "Break the cycle of include.".into()),
            ),
            UnknownPlaceholder { owner, name } => (
                lang.pick(
                    format!("{owner} の文にある {{{name}}} に当たる部分がありません。"),
                    format!("{owner} speaks of {{{name}}}, which no pattern names."),
                ),
                lang.pick(
                    "{match} か、すべてのパターンで名付けた部分（対象、作用 …）を使ってください。".into(),
                    "Use {match}, or a part that every pattern names.".into(),
                ),
            ),
            Spelling { owner, said } => (
                lang.pick(
                    format!("{owner} の綴りを正規表現として読めません: {said}"),
                    format!("{owner} has a spelling that is no regular expression: {said}"),
                ),
                lang.pick(
                    "括弧や \\ の対応を確かめてください。{名前} はほかの種類の id だけが使えます。".into(),
                    "Check brackets and backslashes; {name} must be the id of a class.".into(),
                ),
            ),
            NameWithoutReason { name } => (
                lang.pick(
                    format!("製品名「{name}」をそのまま認める理由が書かれていません。"),
                    format!("The name {name:?} has no reason."),
                ),
                lang.pick(
                    "reason に、登録や届出の番号など、使ってよい理由を書いてください。".into(),
                    "Give a reason: a registration, an approval.".into(),
                ),
            ),
            NothingToFind { owner } => (
                lang.pick(
                    format!("{owner} は、find と observe のどちらで見付けるのか決まりません。"),
                    format!("{owner} must have either find or observe."),
                ),
                lang.pick(
                    "find（言葉で探す）か observe（注の有無などを見る）のどちらか一つを書いてください。".into(),
                    "Give one of them.".into(),
                ),
            ),
            NoteWithoutContent { owner } => (
                lang.pick(
                    format!("{owner} は注で直ると書いてありますが、注の内容がありません。"),
                    format!("{owner} is resolved by a note, but says not which."),
                ),
                lang.pick("note-find に、注にあるべき言葉を書いてください。".into(), "Give note-find.".into()),
            ),
            Example { owner, text, said } => (
                lang.pick(
                    format!("{owner} の例「{text}」が成り立ちません: {said}"),
                    format!("{owner}, example {text:?}: {said}"),
                ),
                lang.pick("パターンか例を直してください。".into(), "Mend the pattern or the example.".into()),
            ),
        }
    }
}
