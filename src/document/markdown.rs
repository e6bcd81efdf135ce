//! Markdown by pulldown-cmark, whose events carry byte ranges.

use pulldown_cmark::{CowStr, Event, LinkType, MetadataBlockKind, Options, Parser, Tag, TagEnd};

use super::{Block, BlockIx, BlockKind, Declared, Document, OPAQUE, Outline};
use crate::span::Span;

pub(super) fn read(text: &str) -> Document {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
        | Options::ENABLE_DEFINITION_LIST;
    let mut reader = Reader { text, outline: Outline::default(), ..Reader::default() };
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        reader.event(event, Span::new(range.start, range.end));
    }
    reader.outline.end();
    reader.outline.document
}

#[derive(Default)]
struct Reader<'a> {
    text: &'a str,
    outline: Outline,
    /// Blocks that stand inside another in the source but apart on the page: alternative texts, titles.
    aside: Vec<Block>,
    /// How many of `aside` are images still open.
    images: usize,
    /// The note being defined.
    note: Option<String>,
    /// The last paragraph or heading, while nothing else has followed: it introduces a list.
    lead: Option<BlockIx>,
    /// One for each open list.
    leads: Vec<Option<BlockIx>>,
    table: Table,
    /// Inside code or a URL shown as itself.
    silent: usize,
    metadata: Option<MetadataBlockKind>,
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
            Event::Text(text) => match self.metadata {
                Some(kind) => self.metadata(kind, span),
                None if self.silent == 0 => self.push(&text, span),
                None => {}
            },
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => self.push(OPAQUE, span),
            Event::SoftBreak => self.soft_break(span),
            Event::HardBreak => self.push("\n", span),
            Event::Html(html) | Event::InlineHtml(html) => {
                if html.trim_start().starts_with("<!--") {
                    self.outline.comment(&self.text[span.range()], span.start as usize);
                } else if html.to_ascii_lowercase().starts_with("<br") {
                    self.push("\n", span);
                }
            }
            Event::FootnoteReference(label) => {
                if let Some(block) = &mut self.outline.open {
                    block.marks.push(label.to_string());
                }
            }
            Event::Rule => self.lead = None,
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
            Tag::Heading { level, .. } => {
                self.close();
                self.open(BlockKind::Heading(level as u8));
            }
            Tag::List(_) | Tag::DefinitionList => {
                self.close();
                self.leads.push(self.lead);
            }
            Tag::Item | Tag::DefinitionListTitle | Tag::DefinitionListDefinition => self.open(BlockKind::Item),
            Tag::Table(_) => {
                self.close();
                self.leads.push(self.lead);
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
                let block = self.outline.start(kind);
                (block.lead, block.row) = (lead, row);
            }
            Tag::FootnoteDefinition(label) => {
                self.close();
                self.note = Some(label.to_string());
            }
            Tag::BlockQuote(_) => {
                self.close();
            }
            Tag::CodeBlock(_) => {
                self.close();
                self.silent += 1;
            }
            Tag::HtmlBlock => {
                self.close();
            }
            Tag::MetadataBlock(kind) => self.metadata = Some(kind),
            Tag::Link { link_type, title, .. } => {
                if matches!(link_type, LinkType::Autolink | LinkType::Email) {
                    self.push(OPAQUE, span);
                    self.silent += 1;
                }
                self.tooltip(&title, span);
            }
            Tag::Image { title, .. } => {
                self.tooltip(&title, span);
                let block = self.block(BlockKind::Alternative);
                self.aside.insert(self.images, block);
                self.images += 1;
            }
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Superscript | Tag::Subscript => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.lead = self.close(),
            TagEnd::Heading(_) => self.lead = self.close(),
            TagEnd::List(_) | TagEnd::DefinitionList => {
                self.close();
                self.leads.pop();
                self.lead = None;
            }
            TagEnd::Table => {
                self.leads.pop();
                self.lead = None;
            }
            TagEnd::Item | TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition => {
                self.close();
            }
            TagEnd::TableHead => (self.table.in_head, self.table.row) = (false, None),
            TagEnd::TableCell => {
                let cell = self.close();
                if self.table.in_head {
                    self.table.header.push(cell);
                }
                if self.table.column == 0 {
                    self.table.row = cell;
                }
                self.table.column += 1;
            }
            TagEnd::FootnoteDefinition => {
                self.close();
                self.note = None;
            }
            TagEnd::CodeBlock => self.silent -= 1,
            TagEnd::MetadataBlock(_) => self.metadata = None,
            TagEnd::Link => self.silent = 0,
            TagEnd::Image => self.images = self.images.saturating_sub(1),
            _ => {}
        }
    }

    fn open(&mut self, kind: BlockKind) {
        self.close();
        let lead = self.leads.last().copied().flatten();
        self.outline.start(kind).lead = lead;
    }

    /// A block that is not the open one but stands where it stands.
    fn block(&mut self, kind: BlockKind) -> Block {
        let (heading, lead, category) = match &self.outline.open {
            Some(open) => (open.heading, open.lead, open.category.clone()),
            None => (None, None, None),
        };
        Block { kind, runs: Vec::new(), heading, lead, row: None, category, marks: Vec::new() }
    }

    /// Closes the open block, and then what stood aside of it.
    fn close(&mut self) -> Option<BlockIx> {
        let closed = self.outline.end();
        self.images = 0;
        for block in std::mem::take(&mut self.aside) {
            self.outline.add(block);
        }
        closed
    }

    fn push(&mut self, shown: &str, span: Span) {
        // A tight list item or a stray inline has no paragraph of its own.
        if self.outline.open.is_none() {
            let kind = if self.leads.is_empty() { BlockKind::Paragraph } else { BlockKind::Item };
            self.open(kind);
        }
        let runs = match shown == &self.text[span.range()] {
            true => super::prose(self.text, span),
            false => vec![super::Run { span, shown: Some(shown.into()) }],
        };
        for run in runs {
            match self.images {
                0 => self.outline.text(run.span, run.shown),
                open => self.aside[open - 1].runs.push(run),
            }
        }
    }

    /// A line break in the source is nothing between Japanese letters, a space elsewhere.
    fn soft_break(&mut self, span: Span) {
        let before = self.text[..span.start as usize].chars().next_back();
        let after = self.text[span.end as usize..].trim_start().chars().next();
        let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        self.push(if latin(before) && latin(after) { " " } else { "" }, span);
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
        let mut block = self.block(BlockKind::Tooltip);
        block.runs.push(super::Run { span: span.unwrap_or(link), shown });
        self.aside.push(block);
    }

    /// `key: value` (YAML) or `key = value` (TOML) lines: what this program needs of a front matter.
    fn metadata(&mut self, kind: MetadataBlockKind, span: Span) {
        let separator = match kind {
            MetadataBlockKind::YamlStyle => ':',
            MetadataBlockKind::PlusesStyle => '=',
        };
        for line in self.text[span.range()].lines() {
            let Some((key, value)) = line.split_once(separator) else { continue };
            let value = value.trim().trim_matches(['"', '\'']);
            if value.is_empty() {
                continue;
            }
            let span = within(self.text, value).expect("a slice of the text");
            let declared = Declared { value: value.to_owned(), span };
            match key {
                _ if key.trim() == "category" => self.outline.document.category = Some(declared),
                _ if key.trim() == "product" => self.outline.document.product = Some(declared),
                _ if matches!(key.trim(), "title" | "description") => {
                    self.outline.start(BlockKind::Title);
                    self.outline.text(span, None);
                    self.outline.end();
                }
                _ => {}
            }
        }
    }
}

/// Where a slice of the text stands in it; `None` if it is not one.
fn within(text: &str, part: &str) -> Option<Span> {
    let start = part.as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    (start + part.len() <= text.len()).then(|| Span::new(start, start + part.len()))
}
