//! From text to syntax. Every fault names its place in the pattern, its cause and its cure.

use crate::lang::Lang;

/// A pattern as written, not yet bound to a vocabulary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Syntax {
    Word(String),
    Literal(String),
    Group(String),
    Class(String),
    Gap(usize),
    Seq(Vec<Syntax>),
    Choice(Vec<Syntax>),
    Maybe(Box<Syntax>),
    Name(String, Box<Syntax>),
    Relation(Box<Syntax>, Box<Syntax>),
}

/// What is wrong with a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Byte offset in the pattern.
    pub at: usize,
    pub kind: FaultKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    Empty,
    Unexpected(char),
    Unclosed(char),
    GapWithoutNumber,
    NameWithoutPart,
    GroupWithoutName,
    TwoRelations,
    RelationInside,
    UnknownGroup { name: String, nearest: Option<String> },
    UnknownClass { name: String, nearest: Option<String> },
    NoAnchor,
}

impl Fault {
    /// Cause and cure.
    pub fn explain(&self, lang: Lang) -> (String, String) {
        use FaultKind::*;
        let nearest = |n: &Option<String>, mark: &str| match n {
            Some(n) => lang.pick(format!("「{mark}{n}」のことでしょうか。"), format!("Did you mean {mark}{n}?")),
            None => lang.pick("rulesets/ に定義を加えてください。".into(), "Define it under rulesets/.".into()),
        };
        match &self.kind {
            Empty => (
                lang.pick("パターンが空です。".into(), "The pattern is empty.".into()),
                lang.pick(
                    "探す言葉を書いてください。例: 対象:@シミ → 作用:@消失".into(),
                    "Write what to look for, e.g. 対象:@シミ → 作用:@消失".into(),
                ),
            ),
            Unexpected(c) => (
                lang.pick(format!("ここに「{c}」は置けません。"), format!("{c:?} cannot stand here.")),
                lang.pick(
                    format!("「{c}」を除くか、\"{c}\" のように引用符で囲んでください。"),
                    format!("Remove it, or quote it: \"{c}\"."),
                ),
            ),
            Unclosed(c) => (
                lang.pick(format!("「{c}」が閉じていません。"), format!("{c:?} is never closed.")),
                lang.pick("対になる記号で閉じてください。".into(), "Close it.".into()),
            ),
            GapWithoutNumber => (
                lang.pick("「…」の後ろに数がありません。".into(), "A gap needs a number.".into()),
                lang.pick(
                    "「…3」のように、飛ばしてよい形態素の数を書いてください。".into(),
                    "Write how many words may be skipped: …3".into(),
                ),
            ),
            NameWithoutPart => (
                lang.pick("名前の後ろに、名付けるものがありません。".into(), "A name with nothing to name.".into()),
                lang.pick(
                    "「対象:@シミ」のように、空白を入れずに続けてください。".into(),
                    "Write it without a space: 対象:@シミ".into(),
                ),
            ),
            GroupWithoutName => (
                lang.pick("「@」の後ろに名前がありません。".into(), "@ without a name.".into()),
                lang.pick(
                    "「@シミ」のように、グループの id を書いてください。".into(),
                    "Write the id of a group: @シミ".into(),
                ),
            ),
            TwoRelations => (
                lang.pick("「→」が二つあります。".into(), "Two relations.".into()),
                lang.pick(
                    "一つのパターンに置ける関係は一つです。パターンを分けてください。".into(),
                    "A pattern holds one →; split it.".into(),
                ),
            ),
            RelationInside => (
                lang.pick("「→」が括弧の中にあります。".into(), "A relation inside parentheses.".into()),
                lang.pick(
                    "「→」は括弧の外に置き、左右を括弧でまとめてください。".into(),
                    "Put → outside and group its sides.".into(),
                ),
            ),
            UnknownGroup { name, nearest: n } => (
                lang.pick(format!("語のグループ「@{name}」がありません。"), format!("There is no group @{name}.")),
                nearest(n, "@"),
            ),
            UnknownClass { name, nearest: n } => (
                lang.pick(format!("語の種類「<{name}>」がありません。"), format!("There is no class <{name}>.")),
                nearest(n, ""),
            ),
            NoAnchor => (
                lang.pick("手がかりになる言葉がありません。".into(), "Nothing to anchor on.".into()),
                lang.pick(
                    "種類・隙間・省略できる部分・一文字のかなのほかに、必ず現れる語を一つ入れてください。".into(),
                    "Add a word that must be there, besides classes, gaps and options.".into(),
                ),
            ),
        }
    }
}

/// Parses a pattern.
///
/// # Errors
///
/// The first [`Fault`].
pub fn parse(text: &str) -> Result<Syntax, Fault> {
    let mut parser = Parser { text, at: 0 };
    let left = parser.sequence()?;
    parser.space();
    if !parser.eat('→') {
        return match parser.peek() {
            None => Ok(left),
            Some(c) => Err(parser.fault(FaultKind::Unexpected(c))),
        };
    }
    let right = parser.sequence()?;
    parser.space();
    match parser.peek() {
        None => Ok(Syntax::Relation(Box::new(left), Box::new(right))),
        Some('→') => Err(parser.fault(FaultKind::TwoRelations)),
        Some(c) => Err(parser.fault(FaultKind::Unexpected(c))),
    }
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

const MARKS: [char; 11] = ['"', '@', '<', '>', '(', ')', '|', '?', '…', ':', '→'];

impl<'a> Parser<'a> {
    fn sequence(&mut self) -> Result<Syntax, Fault> {
        let mut items = Vec::new();
        loop {
            self.space();
            match self.peek() {
                None | Some('→' | '|' | ')') => break,
                Some(_) => items.push(self.item()?),
            }
        }
        match items.len() {
            0 => Err(self.fault(FaultKind::Empty)),
            1 => Ok(items.remove(0)),
            _ => Ok(Syntax::Seq(items)),
        }
    }

    fn item(&mut self) -> Result<Syntax, Fault> {
        let start = self.at;
        let name = self.run();
        let atom = if !name.is_empty() && self.eat(':') {
            if self.peek().is_none_or(char::is_whitespace) {
                return Err(self.fault(FaultKind::NameWithoutPart));
            }
            Syntax::Name(name.to_owned(), Box::new(self.atom()?))
        } else {
            self.at = start;
            self.atom()?
        };
        Ok(if self.eat('?') { Syntax::Maybe(Box::new(atom)) } else { atom })
    }

    fn atom(&mut self) -> Result<Syntax, Fault> {
        let start = self.at;
        match self.peek() {
            Some('"') => {
                self.eat('"');
                let Some(len) = self.text[self.at..].find('"') else {
                    return Err(Fault { at: start, kind: FaultKind::Unclosed('"') });
                };
                let literal = self.text[self.at..self.at + len].to_owned();
                self.at += len + 1;
                if literal.is_empty() {
                    return Err(Fault { at: start, kind: FaultKind::Empty });
                }
                Ok(Syntax::Literal(literal))
            }
            Some('@') => {
                self.eat('@');
                match self.run() {
                    "" => Err(self.fault(FaultKind::GroupWithoutName)),
                    name => Ok(Syntax::Group(name.to_owned())),
                }
            }
            Some('<') => {
                self.eat('<');
                let name = self.run().to_owned();
                if !self.eat('>') {
                    return Err(Fault { at: start, kind: FaultKind::Unclosed('<') });
                }
                Ok(Syntax::Class(name))
            }
            Some('…') => {
                self.eat('…');
                let digits: String = self.text[self.at..].chars().take_while(char::is_ascii_digit).collect();
                self.at += digits.len();
                digits.parse().map(Syntax::Gap).map_err(|_| self.fault(FaultKind::GapWithoutNumber))
            }
            Some('(') => {
                self.eat('(');
                let mut choices = vec![self.sequence()?];
                loop {
                    self.space();
                    if self.eat('|') {
                        choices.push(self.sequence()?);
                    } else if self.eat(')') {
                        break;
                    } else if self.peek() == Some('→') {
                        return Err(self.fault(FaultKind::RelationInside));
                    } else {
                        return Err(Fault { at: start, kind: FaultKind::Unclosed('(') });
                    }
                }
                Ok(if choices.len() == 1 { choices.remove(0) } else { Syntax::Choice(choices) })
            }
            Some(c) if !MARKS.contains(&c) => Ok(Syntax::Word(self.run().to_owned())),
            Some(c) => Err(self.fault(FaultKind::Unexpected(c))),
            None => Err(self.fault(FaultKind::Empty)),
        }
    }

    /// A run of characters that are neither marks nor space.
    fn run(&mut self) -> &'a str {
        let rest = &self.text[self.at..];
        let len = rest.find(|c: char| c.is_whitespace() || MARKS.contains(&c)).unwrap_or(rest.len());
        self.at += len;
        &rest[..len]
    }

    fn space(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn eat(&mut self, c: char) -> bool {
        let eaten = self.peek() == Some(c);
        if eaten {
            self.at += c.len_utf8();
        }
        eaten
    }

    fn fault(&self, kind: FaultKind) -> Fault {
        Fault { at: self.at, kind }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Syntax::*;

    fn word(w: &str) -> Syntax {
        Word(w.into())
    }

    #[test]
    fn every_form_parses() {
        for (text, expected) in [
            ("消える", word("消える")),
            ("\"no.1\"", Literal("no.1".into())),
            ("@シミ", Group("シミ".into())),
            ("<期間> で", Seq(vec![Class("期間".into()), word("で")])),
            ("a …3 b", Seq(vec![word("a"), Gap(3), word("b")])),
            ("(a|b c)?", Maybe(Box::new(Choice(vec![word("a"), Seq(vec![word("b"), word("c")])])))),
            (
                "対象:@シミ → 作用:(a|b)",
                Relation(
                    Box::new(Name("対象".into(), Box::new(Group("シミ".into())))),
                    Box::new(Name("作用".into(), Box::new(Choice(vec![word("a"), word("b")])))),
                ),
            ),
        ] {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn every_fault_names_its_place() {
        use FaultKind::*;
        for (text, at, kind) in [
            ("", 0, Empty),
            ("@シミ →", "@シミ →".len(), Empty),
            ("a → b → c", "a → b ".len(), TwoRelations),
            ("(a|b", 0, Unclosed('(')),
            ("(a → b)", 3, RelationInside),
            ("\"abc", 0, Unclosed('"')),
            ("…x", 3, GapWithoutNumber),
            ("対象: @シミ", "対象:".len(), NameWithoutPart),
            ("a ) b", 2, Unexpected(')')),
            ("@ シミ", 1, GroupWithoutName),
            ("<期間", 0, Unclosed('<')),
        ] {
            let fault = parse(text).unwrap_err();
            assert_eq!((fault.at, &fault.kind), (at, &kind), "{text}");
            for lang in [Lang::Ja, Lang::En] {
                let (cause, cure) = fault.explain(lang);
                assert!(!cause.is_empty() && !cure.is_empty());
            }
        }
    }
}
