//! Words: lindera with IPADIC and our lexicon, read into the few classes that grammar needs.

use std::rc::Rc;

use lindera::segmenter::Segmenter;
use lindera::worker::SegmentWorker;
use lindera_dictionary::dictionary::Dictionary;
use lindera_dictionary::mode::Mode;

use crate::lexicon;
use crate::span::NormalSpan;

#[cfg(feature = "embedded-dictionary")]
mod embedded {
    lindera_dictionary::embedded_dictionary!("/exo-ipadic", EmbeddedDictionary);
}

/// One word of a sentence.
#[derive(Clone, Debug)]
pub struct Morpheme {
    pub span: NormalSpan,
    pub word: Rc<Word>,
}

/// What the dictionary says of a word.
#[derive(Debug, PartialEq, Eq)]
pub struct Word {
    /// The dictionary form in its canonical spelling.
    pub lemma: Box<str>,
    pub class: Class,
    pub form: Form,
    /// Whether the dictionary has it; names of brands and products it has not.
    pub known: bool,
    /// The dictionary's own name of the class, for `why`.
    pub detail: Box<str>,
}

/// Classes of words as grammar sees them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    Noun,
    /// サ変: 改善, 除去.
    VerbalNoun,
    /// 形容動詞の語幹: 綺麗, 確実.
    Adjectival,
    Number,
    /// 助数詞: 日, 歳.
    Counter,
    Pronoun,
    /// 時や量の名詞: 今日, 毎日.
    Temporal,
    Suffix,
    Prefix,
    /// 非自立: こと, もの, ため, うち.
    Formal,
    /// よう, そう, みたい.
    Likeness,
    Verb,
    /// 非自立・接尾の動詞: いる, くる, れる.
    HelperVerb,
    Adjective,
    /// 非自立・接尾の形容詞: やすい, にくい.
    HelperAdjective,
    Adverb,
    /// 連体詞: この, あらゆる.
    Adnominal,
    Conjunction,
    Interjection,
    /// が, を, に, で, と, へ, から.
    CaseParticle,
    /// は, も, こそ.
    TopicParticle,
    /// だけ, ほど, まで, さえ.
    FocusParticle,
    /// て, ば, ながら, ので.
    Connective,
    /// の.
    Genitive,
    /// と, や, とか.
    Parallel,
    /// よ, ね, か.
    FinalParticle,
    Auxiliary,
    /// 、 and the like.
    Comma,
    /// 。 ! ?
    Stop,
    Open,
    Close,
    Symbol,
}

impl Class {
    /// Nouns of all kinds that can stand in a compound.
    pub fn is_nominal(self) -> bool {
        use Class::*;
        matches!(self, Noun | VerbalNoun | Adjectival | Number | Counter | Pronoun | Temporal | Suffix)
    }

    /// Words that begin a phrase of their own.
    pub fn is_content(self) -> bool {
        use Class::*;
        self.is_nominal()
            || matches!(self, Prefix | Formal | Verb | Adjective | Adverb | Adnominal | Conjunction | Interjection)
    }

    pub fn is_punctuation(self) -> bool {
        use Class::*;
        matches!(self, Comma | Stop | Open | Close | Symbol)
    }
}

/// How a word is inflected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// Not inflected.
    None,
    /// 基本形・体言接続: ends a sentence or stands before a noun.
    Plain,
    Continuative,
    Irrealis,
    Conditional,
    Imperative,
    /// Stems before endings.
    Other,
}

/// Cuts text into words. Not shared between threads: it keeps its working memory.
pub struct Analyzer {
    load: fn() -> Dictionary,
    /// From the first text on.
    loaded: Option<Loaded>,
}

struct Loaded {
    worker: SegmentWorker,
    dictionary: Dictionary,
    /// By the dictionary's word number.
    known: Vec<Option<Rc<Word>>>,
}

impl Analyzer {
    /// With the dictionary in the binary, loaded with the first text: under a millisecond.
    ///
    /// # Panics
    ///
    /// With the first text, when the embedded dictionary is broken, which the build would have noticed.
    #[cfg(feature = "embedded-dictionary")]
    pub fn embedded() -> Self {
        Self::new(|| embedded::load().expect("the dictionary was built with this binary"))
    }

    /// With another IPADIC-like dictionary built by lindera.
    pub fn new(load: fn() -> Dictionary) -> Self {
        Self { load, loaded: None }
    }

    fn loaded(&mut self) -> &mut Loaded {
        self.loaded.get_or_insert_with(|| {
            let dictionary = (self.load)();
            let worker = Segmenter::new(Mode::Normal, dictionary.clone(), None).into_worker();
            Loaded { worker, dictionary, known: Vec::new() }
        })
    }

    /// The words of a text that begins at `base` of the normal text. White space is no word.
    pub fn analyze(&mut self, text: &str, base: u32) -> Vec<Morpheme> {
        let mut morphemes = Vec::with_capacity(text.len() / 5);
        let Loaded { worker, dictionary, known } = self.loaded();
        // Failure would mean a broken dictionary; then there are no words, and so no claims.
        let Ok(tokens) = worker.segment(text) else { return morphemes };
        for token in tokens {
            let (start, end) = (token.byte_start, token.byte_end);
            let surface = &text[start..end];
            if surface.trim().is_empty() {
                continue;
            }
            let span = NormalSpan::new(base as usize + start, base as usize + end);
            let id = token.word_id;
            // The dictionary takes a run of unknown marks (`%、`) for one word.
            if surface.chars().nth(1).is_some()
                && surface.chars().all(|c| punctuation(c.encode_utf8(&mut [0; 4])).is_some())
            {
                for (at, mark) in surface.char_indices() {
                    let span =
                        NormalSpan::new(base as usize + start + at, base as usize + start + at + mark.len_utf8());
                    let word = Rc::new(Word::of(mark.encode_utf8(&mut [0; 4]), &["記号", "一般"], false));
                    morphemes.push(Morpheme { span, word });
                }
                continue;
            }
            let word = if id.is_unknown() {
                let details = dictionary.unknown_word_details(id.id() as usize);
                Rc::new(Word::of(surface, &details, false))
            } else {
                let at = id.id() as usize;
                if known.len() <= at {
                    known.resize(at + 1, None);
                }
                Rc::clone(
                    known[at].get_or_insert_with(|| Rc::new(Word::of(surface, &dictionary.word_details(at), true))),
                )
            };
            morphemes.push(Morpheme { span, word });
        }
        morphemes
    }
}

impl Analyzer {
    /// How many words a text has, by the analyser alone: what everything else is measured against.
    pub fn bare(&mut self, text: &str) -> usize {
        self.loaded().worker.segment(text).map_or(0, |tokens| tokens.len())
    }
}

impl Word {
    /// A name, of a person, a place or, where the dictionary does not know it, a brand.
    pub fn is_name(&self) -> bool {
        !self.known || self.detail.contains("固有名詞")
    }

    fn of(surface: &str, details: &[&str], known: bool) -> Self {
        let field = |i: usize| details.get(i).copied().unwrap_or("*");
        let lemma = match field(6) {
            "*" => surface,
            lemma => lemma,
        };
        let detail =
            [field(0), field(1), field(2), field(5)].iter().filter(|f| **f != "*").copied().collect::<Vec<_>>();
        Self {
            lemma: lexicon::canonical(lemma).into(),
            class: class(surface, &[field(0), field(1), field(2)], field(6)),
            form: form(field(5)),
            known,
            detail: detail.join("・").into(),
        }
    }
}

fn class(surface: &str, pos: &[&str; 3], lemma: &str) -> Class {
    if let Some(mark) = punctuation(surface) {
        return mark;
    }
    match pos {
        ["名詞", "サ変接続", _] => Class::VerbalNoun,
        ["名詞", "形容動詞語幹" | "ナイ形容詞語幹", _] => Class::Adjectival,
        ["名詞", "数", _] => Class::Number,
        ["名詞", "代名詞", _] => Class::Pronoun,
        ["名詞", "副詞可能", _] => Class::Temporal,
        ["名詞", "非自立", "助動詞語幹"] | ["名詞", "特殊", _] | ["名詞", "接尾", "助動詞語幹"] => {
            Class::Likeness
        }
        // みたい, ふう
        ["名詞", "非自立", "形容動詞語幹"] => Class::Likeness,
        ["名詞", "非自立", _] | ["名詞", "接続詞的" | "動詞非自立的", _] => Class::Formal,
        ["名詞", "接尾", "助数詞"] => Class::Counter,
        ["名詞", "接尾", "サ変接続"] => Class::VerbalNoun,
        ["名詞", "接尾", "形容動詞語幹"] => Class::Adjectival,
        ["名詞", "接尾", _] => Class::Suffix,
        ["名詞", ..] => Class::Noun,
        ["接頭詞", ..] => Class::Prefix,
        ["動詞", "自立", _] => Class::Verb,
        ["動詞", ..] => Class::HelperVerb,
        ["形容詞", "自立", _] => Class::Adjective,
        ["形容詞", ..] => Class::HelperAdjective,
        ["副詞", ..] => Class::Adverb,
        ["連体詞", ..] => Class::Adnominal,
        ["接続詞", ..] => Class::Conjunction,
        ["感動詞" | "フィラー", ..] => Class::Interjection,
        ["助詞", "連体化", _] => Class::Genitive,
        // というような言い方の、という表現の
        ["助詞", "格助詞", "連語"] if lemma.ends_with("いう") || lemma.ends_with("いった") => {
            Class::Genitive
        }
        ["助詞", "格助詞", _] if lemma == "の" => Class::Genitive,
        ["助詞", "格助詞" | "副詞化", _] => Class::CaseParticle,
        ["助詞", "係助詞", _] => Class::TopicParticle,
        ["助詞", "副助詞", _] => Class::FocusParticle,
        ["助詞", "接続助詞", _] => Class::Connective,
        ["助詞", "並立助詞", _] => Class::Parallel,
        ["助詞", ..] => Class::FinalParticle,
        ["助動詞", ..] => Class::Auxiliary,
        _ => Class::Symbol,
    }
}

/// The dictionary takes unknown marks for nouns; what has no letter is a mark.
fn punctuation(surface: &str) -> Option<Class> {
    let mut marks = surface.chars();
    let first = marks.next()?;
    if surface == crate::document::OPAQUE
        || surface.chars().any(char::is_alphanumeric)
        || matches!(first, '〇' | '々' | 'ー' | '〆')
    {
        return None;
    }
    Some(match first {
        '、' | ',' | '\n' => Class::Comma,
        '。' | '!' | '?' | '｡' => Class::Stop,
        '「' | '『' | '(' | '【' | '“' | '[' | '〔' | '《' | '〈' | '≪' => Class::Open,
        '」' | '』' | ')' | '】' | '”' | ']' | '〕' | '》' | '〉' | '≫' => Class::Close,
        // Units are said: 98%では.
        '%' | '℃' | '°' => Class::Counter,
        _ => Class::Symbol,
    })
}

fn form(name: &str) -> Form {
    match name {
        "*" => Form::None,
        "基本形" | "体言接続" | "体言接続特殊" | "体言接続特殊２" | "現代基本形" | "文語基本形" | "基本形-促音便" => {
            Form::Plain
        }
        "仮定形" | "仮定縮約１" | "仮定縮約２" => Form::Conditional,
        _ if name.starts_with("連用") => Form::Continuative,
        _ if name.starts_with("未然") => Form::Irrealis,
        _ if name.starts_with("命令") => Form::Imperative,
        _ => Form::Other,
    }
}

impl Morpheme {
    pub fn lemma(&self) -> &str {
        &self.word.lemma
    }

    pub fn class(&self) -> Class {
        self.word.class
    }

    pub fn form(&self) -> Form {
        self.word.form
    }

    /// The word as written, in the normal text.
    pub fn surface<'t>(&self, text: &'t str) -> &'t str {
        &text[self.span.range()]
    }
}
