//! What a reader sees: a file taken apart into blocks of visible text, each with its kind, its
//! heading and its neighbours. Words never join across blocks.

mod markdown;
mod plain;

use crate::source::Source;
use crate::span::Span;

/// An index into [`Document::blocks`].
pub type BlockIx = usize;

/// A file's visible text in reading order.
#[derive(Debug, Default)]
pub struct Document {
    pub blocks: Vec<Block>,
    /// `category:` of the front matter.
    pub category: Option<Declared>,
    /// `product:` of the front matter.
    pub product: Option<Declared>,
}

/// A value the file declares about itself, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub value: String,
    pub span: Span,
}

/// One piece of text that stands by itself: a paragraph, a heading, a list item, a table cell.
#[derive(Debug)]
pub struct Block {
    pub kind: BlockKind,
    /// In reading order; markup lies between them.
    pub runs: Vec<Run>,
    /// The heading this block stands under; for a heading, the one above it.
    pub heading: Option<BlockIx>,
    /// What introduces this block: the paragraph before a list, the header of a column.
    pub lead: Option<BlockIx>,
    /// The first cell of this cell's row.
    pub row: Option<BlockIx>,
    /// `<!-- exo-lint-category: … -->` in force here.
    pub category: Option<Declared>,
    /// Labels of the footnotes referred to (`[^1]`).
    pub marks: Vec<String>,
}

/// What a block is, for contexts and for the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// `title:` or `description:` of the front matter.
    Title,
    /// 1 to 6.
    Heading(u8),
    Paragraph,
    Item,
    HeaderCell,
    Cell,
    /// Text instead of an image.
    Alternative,
    /// A link's or an image's title.
    Tooltip,
    /// The label of the note it defines.
    Note(String),
}

/// A piece of a block's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where it stands in the source.
    pub span: Span,
    /// What a reader sees there, where that is not the source itself: an entity; nothing or a space
    /// for the end of a line.
    pub shown: Option<Box<str>>,
}

/// What stands for a piece that is not prose (code, a URL): a noun without meaning, so that
/// the words around it do not join.
pub const OPAQUE: &str = "\u{FFFC}";

/// Prose as it stands in the source, with the addresses in it made opaque.
fn prose(text: &str, span: Span) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut from = span.start as usize;
    let end = span.end as usize;
    while let Some((start, stop)) = address(text, from, end) {
        runs.push(Run { span: Span::new(from, start), shown: None });
        runs.push(Run { span: Span::new(start, stop), shown: Some(OPAQUE.into()) });
        from = stop;
    }
    runs.push(Run { span: Span::new(from, end), shown: None });
    runs.retain(|r| !r.span.is_empty());
    runs
}

/// The next `http://…` or `https://…`: up to the first character that no address has.
fn address(text: &str, from: usize, end: usize) -> Option<(usize, usize)> {
    let rest = &text[from..end];
    let begins = |&(at, _): &(usize, &str)| rest[at..].starts_with("http://") || rest[at..].starts_with("https://");
    let start = from + rest.match_indices("http").find(begins)?.0;
    let no_part = |c: char| !c.is_ascii_graphic() || matches!(c, '<' | '>' | '"' | '(' | ')' | '|');
    let stop = text[start..end].find(no_part).map_or(end, |len| start + len);
    Some((start, stop))
}

/// How a source is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Markdown,
    Plain,
}

impl Format {
    /// By the ending of a file name; anything unknown is plain text.
    pub fn of(name: &str) -> Self {
        let ending = name.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
        match ending.as_str() {
            "md" | "markdown" | "mdx" => Self::Markdown,
            _ => Self::Plain,
        }
    }
}

/// Takes a source apart. Never fails: what is not understood is text.
pub fn read(source: &Source, format: Format) -> Document {
    match format {
        Format::Markdown => markdown::read(source.text()),
        Format::Plain => plain::read(source.text()),
    }
}

impl Document {
    /// The headings over a block, nearest first.
    pub fn headings(&self, block: BlockIx) -> impl Iterator<Item = BlockIx> + '_ {
        std::iter::successors(self.blocks[block].heading, |&ix| self.blocks[ix].heading)
    }

    /// Titles and level-1 headings: what the whole page is about.
    pub fn titles(&self) -> impl Iterator<Item = BlockIx> + '_ {
        self.blocks
            .iter()
            .enumerate()
            .filter(|(_, b)| matches!(b.kind, BlockKind::Title | BlockKind::Heading(1)))
            .map(|(ix, _)| ix)
    }
}

/// Builds blocks in order; both readers use it.
#[derive(Default)]
struct Outline {
    document: Document,
    open: Option<Block>,
    /// Open headings by level, outermost first.
    headings: Vec<(u8, BlockIx)>,
    /// The category in force and the level whose next heading ends it.
    category: Option<(Declared, u8)>,
}

impl Outline {
    fn start(&mut self, kind: BlockKind) -> &mut Block {
        self.end();
        if let BlockKind::Heading(level) = kind {
            while self.headings.last().is_some_and(|&(open, _)| open >= level) {
                self.headings.pop();
            }
            if self.category.as_ref().is_some_and(|&(_, until)| level <= until) {
                self.category = None;
            }
        }
        self.open.insert(Block {
            kind,
            runs: Vec::new(),
            heading: self.headings.last().map(|&(_, ix)| ix),
            lead: None,
            row: None,
            category: self.category.as_ref().map(|(declared, _)| declared.clone()),
            marks: Vec::new(),
        })
    }

    /// Closes the open block; returns its index unless it was empty.
    fn end(&mut self) -> Option<BlockIx> {
        let block = self.open.take()?;
        self.add(block)
    }

    fn add(&mut self, block: Block) -> Option<BlockIx> {
        if block.runs.is_empty() {
            return None;
        }
        let ix = self.document.blocks.len();
        if let BlockKind::Heading(level) = block.kind {
            self.headings.push((level, ix));
        }
        self.document.blocks.push(block);
        Some(ix)
    }

    fn text(&mut self, span: Span, shown: Option<Box<str>>) {
        if let Some(block) = &mut self.open
            && (!span.is_empty() || shown.is_some())
        {
            block.runs.push(Run { span, shown });
        }
    }

    /// `<!-- exo-lint-category: … -->`
    fn comment(&mut self, text: &str, at: usize) {
        let Some(found) = text.find("exo-lint-category:") else { return };
        let rest = &text[found + "exo-lint-category:".len()..];
        let value = rest.split("-->").next().unwrap_or(rest).trim();
        let start = at + value.as_ptr().addr() - text.as_ptr().addr();
        let level = self.headings.last().map_or(0, |&(level, _)| level);
        let declared = Declared { value: value.to_owned(), span: Span::new(start, start + value.len()) };
        self.category = Some((declared.clone(), level));
        if let Some(block) = &mut self.open {
            block.category = Some(declared);
        }
    }
}
