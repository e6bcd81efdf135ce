//! Markdown by pulldown-cmark, whose events carry byte ranges; HTML inside it goes to the page as
//! it is.

use pulldown_cmark::{CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::page::Page;
use super::prose::{self, OPAQUE, Prose};
use super::template::{Syntax, Templated};
use super::{BlockIx, BlockKind, Document, Include, Origin, Run, footnote, front};
use crate::span::Span;

pub(super) fn read(text: &str, include: Include, components: bool) -> Document {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST;
    let templated = Templated::new(text, if components { Syntax::Mdx } else { Syntax::Markdown });
    let mut page = Page::new(text, include, &templated);
    let head = front::read(text, &mut page.outline);
    let mut reader = Reader {
        text,
        markup: &templated.masked,
        prose: Prose { pieces: &templated.pieces, ..Prose::default() },
        page,
        note: None,
        leads: Vec::new(),
        table: Table::default(),
        silent: 0,
        images: Vec::new(),
    };
    // Comments of components are expressions: {/* … */}.
    for piece in templated.pieces.iter().filter(|piece| text[piece.span.range()].starts_with("{/*")) {
        reader.page.outline.comment(&text[piece.span.range()], piece.span.start as usize);
    }
    for (event, range) in Parser::new_ext(&templated.masked[head..], options).into_offset_iter() {
        reader.event(event, Span::new(head + range.start, head + range.end));
    }
    reader.page.finish()
}

struct Reader<'a> {
    text: &'a str,
    /// The same without what templates left.
    markup: &'a str,
    prose: Prose<'a>,
    page: Page<'a>,
    /// The note being defined.
    note: Option<String>,
    /// One for each open list: what introduces it.
    leads: Vec<Option<BlockIx>>,
    table: Table,
    /// Inside code, a URL shown as itself, or HTML that has been read.
    silent: usize,
    /// Open images: whether anything has been said of them.
    images: Vec<bool>,
}

#[derive(Default)]
struct Table {
    in_head: bool,
    column: usize,
    header: Vec<Option<BlockIx>>,
    row: Option<BlockIx>,
}

impl<'a> Reader<'a> {
    fn event(&mut self, event: Event<'a>, span: Span) {
        match event {
            Event::Start(tag) => self.start(tag, span),
            Event::End(tag) => self.end(tag),
            _ if self.silent > 0 => {}
            Event::Text(text) => self.push(&text, span),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => self.push(OPAQUE, span),
            Event::SoftBreak => self.soft_break(span),
            Event::HardBreak => self.push("\n", span),
            Event::Html(_) | Event::InlineHtml(_) => self.page.html(span),
            Event::FootnoteReference(label) => {
                self.push(&footnote(&label), span);
            }
            Event::Rule => self.page.lead = None,
            Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'a>, span: Span) {
        match tag {
            Tag::Paragraph => {
                let kind = match (&self.note, self.leads.is_empty()) {
                    (Some(label), _) => BlockKind::Note(label.clone()),
                    (None, false) => BlockKind::Item,
                    (None, true) => BlockKind::Paragraph,
                };
                self.open(kind);
            }
            Tag::Heading { level, .. } => self.open(BlockKind::Heading(level as u8)),
            Tag::List(_) | Tag::DefinitionList => {
                self.page.end_block();
                self.leads.push(self.page.lead);
            }
            Tag::Item | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => self.open(BlockKind::Item),
            Tag::Table(_) => {
                self.page.end_block();
                self.leads.push(self.page.lead);
                self.table = Table::default();
            }
            Tag::TableHead => self.table.in_head = true,
            Tag::TableRow => (self.table.column, self.table.row) = (0, None),
            Tag::TableCell => {
                let kind = if self.table.in_head { BlockKind::HeaderCell } else { BlockKind::Cell };
                let lead = match self.table.in_head {
                    true => self.leads.last().copied().flatten(),
                    false => self.table.header.get(self.table.column).copied().flatten(),
                };
                let row = self.table.row;
                let block = self.page.open(kind);
                (block.lead, block.row) = (lead, row);
            }
            Tag::FootnoteDefinition(label) => {
                self.page.end_block();
                self.note = Some(label.to_string());
            }
            Tag::BlockQuote(_) => {
                self.page.end_block();
            }
            Tag::CodeBlock(_) | Tag::MetadataBlock(_) => {
                self.page.end_block();
                self.silent += 1;
            }
            Tag::HtmlBlock => {
                self.page.end_block();
                self.page.html(span);
                self.page.end_block();
                self.silent += 1;
            }
            Tag::Link { link_type, dest_url, title, .. } => {
                self.page.link(&dest_url, span);
                if matches!(link_type, LinkType::Autolink | LinkType::Email) {
                    self.push(OPAQUE, span);
                    self.silent += 1;
                }
                self.tooltip(&title, span);
            }
            Tag::Image { title, .. } => {
                self.tooltip(&title, span);
                self.page.enter(BlockKind::Paragraph, Origin::Alternative);
                self.images.push(false);
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item => {
                self.page.end_block();
            }
            TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition => {
                self.page.end_block();
            }
            TagEnd::List(_) | TagEnd::DefinitionList => {
                self.page.end_block();
                self.leads.pop();
                self.page.lead = None;
            }
            TagEnd::Table => {
                self.leads.pop();
                self.page.lead = None;
            }
            TagEnd::TableHead => (self.table.in_head, self.table.row) = (false, None),
            TagEnd::TableCell => {
                let cell = self.page.end_block();
                if self.table.in_head {
                    self.table.header.push(cell);
                }
                if self.table.column == 0 {
                    self.table.row = cell;
                }
                self.table.column += 1;
            }
            TagEnd::FootnoteDefinition => {
                self.page.end_block();
                self.note = None;
            }
            TagEnd::CodeBlock | TagEnd::MetadataBlock(_) | TagEnd::HtmlBlock => self.silent -= 1,
            TagEnd::Link => self.silent = 0,
            TagEnd::Image => {
                self.page.leave();
                if self.images.pop() == Some(false) {
                    self.page.outline.document.silent_images += 1;
                }
            }
            _ => {}
        }
    }

    fn open(&mut self, kind: BlockKind) {
        self.page.end_block();
        let lead = self.leads.last().copied().flatten();
        self.page.open(kind).lead = lead;
    }

    fn push(&mut self, shown: &str, span: Span) {
        // A tight list item or a stray inline has no paragraph of its own.
        if self.page.outline.open.is_none() {
            let kind = if self.leads.is_empty() { BlockKind::Paragraph } else { BlockKind::Item };
            self.open(kind);
        }
        if let Some(said) = self.images.last_mut() {
            *said |= !shown.trim().is_empty();
        }
        match shown == &self.markup[span.range()] {
            true => prose::runs(self.text, span, self.prose).into_iter().for_each(|run| self.page.run(run)),
            false => self.page.run(Run { span, shown: Some(shown.into()) }),
        }
    }

    /// A line break in the source is nothing between Japanese letters, a space elsewhere.
    fn soft_break(&mut self, span: Span) {
        let before = self.text[..span.start as usize].chars().next_back();
        let after = self.text[span.end as usize..].trim_start().chars().next();
        self.push(prose::joint(before, after), span);
    }

    fn tooltip(&mut self, title: &CowStr<'a>, link: Span) {
        if title.is_empty() {
            return;
        }
        // The title stands last in an inline link; that of a reference link stands elsewhere, and the
        // link as a whole stands for it.
        let start = self.text[link.range()].rfind(&**title).map(|at| link.start as usize + at);
        let span = start.map(|start| Span::new(start, start + title.len()));
        let shown = span.is_none().then(|| title.as_ref().into());
        let mut block = self.page.outline.block(BlockKind::Paragraph, Origin::Tooltip);
        block.runs.push(Run { span: span.unwrap_or(link), shown });
        self.page.aside.push(block);
    }
}
