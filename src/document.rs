//! What a reader sees: a file taken apart into blocks of visible text, each with its kind, its
//! origin, its heading and its neighbours. Words never join across blocks.

mod element;
mod front;
mod html;
mod markdown;
mod outline;
mod page;
mod plain;
mod prose;
mod structured;
mod template;

use crate::lang::Lang;
use crate::source::Source;
use crate::span::Span;

pub use self::prose::{OPAQUE, one_line};

/// An index into [`Document::blocks`].
pub type BlockIx = usize;

/// A file's visible text in reading order.
#[derive(Debug, Default)]
pub struct Document {
    pub blocks: Vec<Block>,
    /// `category:` of the front matter.
    pub category: Option<Declared>,
    /// `product:` of the front matter: kinds of product.
    pub products: Vec<Declared>,
    /// `efficacy:` of the front matter: what the product is approved for.
    pub efficacy: Vec<Declared>,
    /// `active:` of the front matter: approved active ingredients.
    pub active: Vec<Declared>,
    /// Keys under `exo-lint:` of the front matter that mean nothing.
    pub unknown_keys: Vec<Declared>,
    /// What comments ask of the program, in the order of the page.
    pub directives: Vec<Directive>,
    /// In the order of the page.
    pub links: Vec<Link>,
    /// Images that say nothing instead of themselves: what they show was not read.
    pub silent_images: usize,
}

/// A comment that asks the program for something: `exo-lint-disable-next-line RULE -- reason`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// What is asked, without `exo-lint-`.
    pub name: String,
    /// What follows the name.
    pub body: String,
    /// Where the body stands as it is; nowhere, if it is written with escapes.
    pub body_at: Option<u32>,
    /// Name and body.
    pub span: Span,
    /// It stands in the list `disable` of the front matter, and its body alone is written.
    pub in_front_matter: bool,
}

/// What leads somewhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// As written.
    pub address: String,
    /// Its text, with the markup in it.
    pub span: Span,
}

/// Longer links are content of their own, in bytes with their markup.
const SHORT_LINK: u32 = 120;

impl Link {
    /// Whether it only names another page: not a telephone, a mail, a place on this page, or a card full of text.
    pub fn names_page(&self) -> bool {
        let own = ["#", "tel:", "mailto:", "javascript:"].iter().any(|scheme| self.address.starts_with(scheme));
        !own && self.span.end - self.span.start <= SHORT_LINK
    }
}

/// A value the file declares about itself, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    pub value: String,
    pub span: Span,
    /// The key may be that of another tool: blogs have categories of their own.
    pub shared_key: bool,
}

/// One piece of text that stands by itself: a paragraph, a heading, a list item, a table cell.
#[derive(Debug)]
pub struct Block {
    pub kind: BlockKind,
    pub origin: Origin,
    /// In reading order; markup lies between them.
    pub runs: Vec<Run>,
    /// The heading this block stands under; for a heading, the one above it.
    pub heading: Option<BlockIx>,
    /// What introduces this block: the paragraph before a list, the header of a column, the term
    /// before its description.
    pub lead: Option<BlockIx>,
    /// The first cell of this cell's row.
    pub row: Option<BlockIx>,
    /// `<!-- exo-lint-category: … -->` in force here.
    pub category: Option<Declared>,
}

/// What a block is, for contexts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// What the page says of itself as a whole: its title and description.
    Title,
    /// 1 to 6.
    Heading(u8),
    Paragraph,
    Item,
    HeaderCell,
    Cell,
    /// The label of the note it defines.
    Note(String),
}

/// The mark that stands in the text for a footnote of Markdown: ※1 for `[^1]`, ※^label for others.
pub fn footnote(label: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match label.parse::<u32>() {
        Ok(number) => format!("※{number}"),
        Err(_) if label.chars().all(plain) => format!("※^{}", label.to_ascii_lowercase()),
        Err(_) => format!("※^{}", label.chars().map(|c| format!("{:x}", u32::from(c))).collect::<String>()),
    }
}

/// Marks that begin an item of a list that is written as lines.
pub fn is_bullet(c: char) -> bool {
    matches!(
        c,
        '・' | '●'
            | '○'
            | '◯'
            | '◎'
            | '◉'
            | '■'
            | '□'
            | '◆'
            | '◇'
            | '▲'
            | '△'
            | '▼'
            | '▽'
            | '▶'
            | '►'
            | '★'
            | '☆'
            | '✓'
            | '✔'
            | '☑'
            | '➤'
            | '♦'
            | '♡'
            | '♥'
    )
}

/// Where the text of a block comes from: the page itself, or what stands behind it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    #[default]
    Body,
    /// A reading above words.
    Ruby,
    /// Text of a button or a field.
    Control,
    /// Text instead of an image.
    Alternative,
    /// A link's or an image's title.
    Tooltip,
    /// Read aloud instead of what is seen (`aria-label`).
    Label,
    FrontMatter,
    /// `<title>`
    PageTitle,
    /// `<meta name="description">`: what search results show.
    Description,
    /// `og:…`, `twitter:…`: what shared links show.
    Social,
    /// JSON-LD: what search results show.
    StructuredData,
    /// Not shown until something is clicked, or never.
    Hidden,
    Comment,
}

impl Origin {
    /// As told to people; `None` for what they see anyway.
    pub fn title(self, lang: Lang) -> Option<&'static str> {
        Some(match self {
            Self::Body => return None,
            Self::Ruby => lang.pick("ルビ", "ruby"),
            Self::Control => lang.pick("ボタン・入力欄の文字", "text of a button or field"),
            Self::Alternative => lang.pick("画像の代替テキスト", "alternative text of an image"),
            Self::Tooltip => lang.pick("リンク・画像の title", "title of a link or image"),
            Self::Label => lang.pick("読み上げ用のラベル（aria-label）", "aria-label"),
            Self::FrontMatter => lang.pick("front matter", "front matter"),
            Self::PageTitle => lang.pick("ページの題名（title）", "page title"),
            Self::Description => lang.pick("検索結果に出る説明文（meta description）", "meta description"),
            Self::Social => lang.pick("共有されたときの題名・説明（OGP など）", "title or description when shared"),
            Self::StructuredData => lang.pick("構造化データ（JSON-LD）", "structured data (JSON-LD)"),
            Self::Hidden => lang.pick("初めは表示されない部分", "not shown at first"),
            Self::Comment => lang.pick("コメント", "comment"),
        })
    }

    /// For programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Ruby => "ruby",
            Self::Control => "control",
            Self::Alternative => "alternative",
            Self::Tooltip => "tooltip",
            Self::Label => "label",
            Self::FrontMatter => "front-matter",
            Self::PageTitle => "page-title",
            Self::Description => "description",
            Self::Social => "social",
            Self::StructuredData => "structured-data",
            Self::Hidden => "hidden",
            Self::Comment => "comment",
        }
    }
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

/// How a source is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Markdown,
    /// Markdown with components.
    Mdx,
    Html,
    Plain,
}

impl Format {
    /// By the ending of a file name; anything unknown is plain text.
    pub fn of(name: &str) -> Self {
        let ending = name.rsplit_once('.').map_or("", |(_, e)| e).to_ascii_lowercase();
        match ending.as_str() {
            "md" | "markdown" => Self::Markdown,
            "mdx" => Self::Mdx,
            "html" | "htm" | "xhtml" | "shtml" => Self::Html,
            // Templates are pages with holes.
            "php" | "phtml" | "tpl" | "vue" | "erb" | "ejs" | "njk" | "liquid" | "twig" | "hbs" | "jsp" | "asp"
            | "aspx" | "cshtml" => Self::Html,
            _ => Self::Plain,
        }
    }

    /// By its name; a text of unknown ending that begins as a page does is one.
    pub fn of_source(source: &Source) -> Self {
        match Self::of(source.name()) {
            Self::Plain if !source.name().ends_with(".txt") && begins_as_page(source.text()) => Self::Html,
            format => format,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Self::Markdown => "Markdown",
            Self::Mdx => "MDX",
            Self::Html => "HTML",
            Self::Plain => "テキスト",
        }
    }
}

/// Whether a text begins as pages of HTML do.
pub fn begins_as_page(text: &str) -> bool {
    let head = text.trim_start().as_bytes();
    ["<!doctype html", "<html", "<?xml"]
        .iter()
        .any(|s| head.get(..s.len()).is_some_and(|h| h.eq_ignore_ascii_case(s.as_bytes())))
}

/// Which parts that no visitor sees are read all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Include {
    pub comments: bool,
}

/// Takes a source apart. Never fails: what is not understood is text.
pub fn read(source: &Source, format: Format, include: Include) -> Document {
    match format {
        Format::Markdown => markdown::read(source.text(), include, false),
        Format::Mdx => markdown::read(source.text(), include, true),
        Format::Html => html::read(source.text(), include),
        Format::Plain => plain::read(source.text()),
    }
}

/// Lists inside lists deeper than this are not followed outwards.
const MOST_LEADS: usize = 4;

impl Document {
    /// Whether a place is in the name of another page, which says what that one says.
    pub fn names_page(&self, span: Span) -> bool {
        let at = self.links.partition_point(|link| link.span.start <= span.start);
        let link = at.checked_sub(1).map(|at| &self.links[at]);
        link.is_some_and(|link| span.end <= link.span.end && link.names_page())
    }

    /// The headings over a block, nearest first.
    pub fn headings(&self, block: BlockIx) -> impl Iterator<Item = BlockIx> + '_ {
        std::iter::successors(self.blocks[block].heading, |&ix| self.blocks[ix].heading)
    }

    /// What introduces a block, and what introduces that.
    pub fn leads(&self, block: BlockIx) -> impl Iterator<Item = BlockIx> + '_ {
        std::iter::successors(self.blocks[block].lead, |&ix| self.blocks[ix].lead).take(MOST_LEADS)
    }

    /// The cells of a block's row, from its first; the block alone where it is in none.
    pub fn row(&self, block: BlockIx) -> impl Iterator<Item = BlockIx> + '_ {
        let first = self.blocks[block].row.unwrap_or(block);
        let cells = (first + 1..self.blocks.len()).take_while(move |&b| self.blocks[b].row == Some(first));
        std::iter::once(first).chain(cells)
    }

    /// Whether one block introduces another, or is the first cell of its row.
    pub fn heads(&self, block: BlockIx, other: BlockIx) -> bool {
        let other = &self.blocks[other];
        other.lead == Some(block) || other.row == Some(block)
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
