//! A page being built: tags and text come in, blocks come out.

use super::element::{Element, Stack, State};
use super::outline::Outline;
use super::prose::{self, BLANK, OPAQUE, Prose};
use super::template::{Piece, Templated};
use super::{Block, BlockIx, BlockKind, Include, Link, Origin, Run, html, structured};
use crate::span::Span;

/// A start tag.
pub(super) struct Tag {
    /// In lower case.
    pub name: String,
    pub span: Span,
    pub attributes: Vec<Attribute>,
    pub closes_itself: bool,
}

/// Its name in lower case and where its value stands.
pub(super) struct Attribute {
    pub name: String,
    pub value: Option<Span>,
}

impl Tag {
    fn value<'a>(&self, text: &'a str, name: &str) -> Option<&'a str> {
        let attribute = self.attributes.iter().find(|a| a.name == name)?;
        Some(attribute.value.map_or("", |span| &text[span.range()]))
    }

    /// Not shown, or shown as a block of its own.
    fn style(&self, text: &str) -> (bool, bool) {
        let style = self.value(text, "style").unwrap_or("").to_ascii_lowercase().replace(' ', "");
        let hidden = self.attributes.iter().any(|a| a.name == "hidden")
            || style.contains("display:none")
            || style.contains("visibility:hidden");
        let apart =
            |display: &str| ["block", "flex", "grid", "list-item", "table"].iter().any(|d| display.starts_with(d));
        (hidden, style.split("display:").skip(1).any(apart))
    }
}

#[derive(Default)]
pub(super) struct Page<'a> {
    pub text: &'a str,
    /// The same without what templates left, for parsers of markup.
    masked: &'a str,
    pub outline: Outline,
    include: Include,
    pieces: &'a [Piece],
    stack: Stack,
    /// Blocks that stand inside another in the source but apart on the page: alternative texts, titles.
    pub aside: Vec<Block>,
    /// Open blocks that wait until what stands aside in them has ended.
    waiting: Vec<Option<Block>>,
    tables: Vec<Table>,
    /// The last block, while nothing has ended since: it introduces a list or a table.
    pub lead: Option<BlockIx>,
    /// A link has just ended, and no text has followed.
    after_link: bool,
    /// A note ended in the open block; what follows it stands apart.
    after_note: bool,
}

/// A table: the cells above, to be found by column.
#[derive(Default)]
struct Table {
    lead: Option<BlockIx>,
    column: usize,
    /// The first cell of each column.
    first: Vec<Option<BlockIx>>,
    /// Of the first row: header cells, other cells.
    headers: usize,
    others: usize,
    /// Rows that a cell above still reaches into, by column.
    reaches: Vec<usize>,
    /// The first row with text has been read.
    begun: bool,
    row: Option<BlockIx>,
    /// How far the open cell reaches to the right and down.
    cell: Option<(usize, usize)>,
}

/// Cells do not reach further than this, nor are columns counted: attributes can say anything.
const FARTHEST: usize = 1000;

impl<'a> Page<'a> {
    pub fn new(text: &'a str, include: Include, templated: &'a Templated) -> Self {
        Self { text, masked: &templated.masked, pieces: &templated.pieces, include, ..Self::default() }
    }

    /// Reads a stretch of the source as HTML.
    pub fn html(&mut self, span: Span) {
        let masked = self.masked;
        html::tokens(&masked[span.range()], span.start as usize, self);
    }

    /// Ends everything that is open.
    pub fn finish(mut self) -> super::Document {
        while self.stack.depth() > 0 {
            self.pop();
        }
        self.end_block();
        self.outline.document
    }

    pub fn start_tag(&mut self, tag: &Tag) {
        let mut state = self.stack.state();
        let element = match Element::of(&tag.name) {
            // The title inside a drawing is a tooltip.
            Element::PageTitle if state.drawing => Element::Reading,
            element => element,
        };
        let (hidden, block) = tag.style(self.text);
        let apart = (!element.is_inline() && !element.is_void()) || block;
        if let Some(depth) = self.stack.closed_by_start(&tag.name, element, apart) {
            self.pop_to(depth);
            state = self.stack.state();
        }
        if state.silent {
            if !element.is_void() {
                self.stack.push(&tag.name, element, apart, false, self.outline.depth(), state);
            }
            return;
        }
        if element.is_of_table() && self.tables.is_empty() {
            self.end_block();
            return;
        }
        if element == Element::Link && std::mem::take(&mut self.after_link) {
            self.shown(Span { start: tag.span.start, end: tag.span.start }, "\n");
        }
        self.attributes(tag, element, &state);
        if element.is_void() {
            return self.void(tag, element);
        }
        let headings = self.outline.depth();
        let aside = match element {
            Element::Reading => Some(if tag.name == "title" { Origin::Tooltip } else { Origin::Ruby }),
            Element::PageTitle => Some(Origin::PageTitle),
            Element::Field => Some(Origin::Control),
            // Something that is not shown stands in the middle of what is.
            _ if hidden && !apart => Some(Origin::Hidden),
            _ => None,
        };
        if apart && aside.is_none() {
            self.end_block();
        }
        if hidden && state.origin == Origin::Body {
            state.origin = Origin::Hidden;
        }
        match element {
            Element::Silent | Element::Script => {
                state.silent = true;
                state.data = self.is_data(tag);
            }
            Element::Drawing => state.drawing = true,
            Element::Heading(level) => state.heading = Some(level),
            Element::Code => state.code = true,
            Element::Preformatted => state.preformatted = true,
            Element::Superscript => state.superscript = true,
            Element::Small => state.small = true,
            Element::List => {
                state.lead = self.lead.or(state.lead);
                (state.item, state.heading) = (false, None);
            }
            Element::Item | Element::Term => state.item = true,
            Element::Description => {
                state.item = true;
                state.lead = self.lead.or(state.lead);
            }
            Element::Table => {
                self.tables.push(Table { lead: self.lead.or(state.lead), ..Table::default() });
                (state.cell, state.lead, state.row, state.heading) = (None, None, None, None);
            }
            Element::Row => self.row(),
            Element::Cell | Element::HeaderCell => self.cell(tag, element == Element::HeaderCell, &mut state),
            _ => {}
        }
        if let Some(origin) = aside {
            // Fields, readings and titles say nothing about where they stand.
            (state.heading, state.superscript, state.small) = (None, false, false);
            if state.origin != Origin::Comment {
                state.origin = origin;
            }
            self.suspend();
        }
        let itself = tag.closes_itself && (state.drawing || tag.name.contains('-'));
        self.stack.push(&tag.name, element, apart, aside.is_some(), headings, state);
        if itself {
            self.pop();
        }
    }

    /// `at`: where it stands.
    pub fn end_tag(&mut self, name: &str, at: usize) {
        match self.stack.closed_by_end(name) {
            Some(depth) => {
                self.pop_to(depth);
                self.after_link = name == "a";
                if let Some(link) = self.outline.document.links.last_mut().filter(|_| self.after_link) {
                    link.span.end = at as u32;
                }
            }
            // Browsers take </br> for <br>, and </p> alone for an empty paragraph.
            None if name == "br" => self.shown(Span::new(at, at), "\n"),
            None if name == "p" && !self.stack.state().silent => {
                self.end_block();
            }
            None => {}
        }
    }

    /// Text between tags.
    pub fn text(&mut self, span: Span) {
        let state = self.stack.state();
        if state.data {
            return self.data(span);
        }
        if state.silent {
            return;
        }
        if state.code {
            return self.shown(span, OPAQUE);
        }
        let text = &self.text[span.range()];
        let inside = text.trim_matches(BLANK);
        if self.is_empty() && inside.is_empty() {
            return;
        }
        if !inside.is_empty() {
            self.after_link = false;
        }
        let note = state.small && is_note(inside);
        if (note || std::mem::take(&mut self.after_note)) && !self.is_empty() {
            self.shown(Span { start: span.start, end: span.start }, "\n");
        }
        self.after_note = note;
        if state.superscript && is_mark(inside) && !self.follows_number() {
            let start = span.start + (inside.as_ptr().addr() - text.as_ptr().addr()) as u32;
            let shown = format!("※{inside}");
            return self.shown(Span::new(start as usize, start as usize + inside.len()), &shown);
        }
        let prose = Prose { html: true, preformatted: state.preformatted, pieces: self.pieces, ..Prose::default() };
        for run in prose::runs(self.text, span, prose) {
            self.run(run);
        }
    }

    /// Text that another reader has already taken apart.
    pub fn run(&mut self, run: Run) {
        let state = self.stack.state();
        if state.silent {
            return;
        }
        let blank = run.shown.as_deref().is_some_and(|s| s.trim().is_empty())
            || (run.shown.is_none() && self.text[run.span.range()].trim().is_empty());
        if blank && self.is_empty() {
            return;
        }
        if self.outline.open.is_none() {
            self.start_block(&state);
        }
        self.outline.text(run.span, run.shown);
    }

    fn shown(&mut self, span: Span, shown: &str) {
        self.run(Run { span, shown: Some(shown.into()) });
    }

    /// What stands between `<!--` and `-->`.
    pub fn comment(&mut self, span: Span) {
        if self.stack.state().silent {
            return;
        }
        let text = &self.text[span.range()];
        self.outline.comment(text, span.start as usize);
        let nested = self.stack.state().origin == Origin::Comment;
        if !self.include.comments || nested || text.contains("exo-lint") || !text.chars().any(is_written) {
            return;
        }
        self.suspend();
        let floor = self.stack.raise();
        let origin = State { origin: Origin::Comment, ..State::default() };
        let depth = self.stack.depth();
        self.stack.push("#comment", Element::Block, true, true, self.outline.depth(), origin);
        let tables = std::mem::take(&mut self.tables);
        self.html(span);
        self.tables = tables;
        self.pop_to(depth);
        self.stack.lower(floor);
    }

    /// Whether nothing can be read yet in the open block.
    fn is_empty(&self) -> bool {
        self.outline.open.as_ref().is_none_or(|b| b.runs.is_empty())
    }

    /// Whether the text so far ends in a digit or a Latin letter: what stands above it is an exponent.
    fn follows_number(&self) -> bool {
        let last = self.outline.open.as_ref().and_then(|b| b.runs.last());
        let ends = last.and_then(|r| r.shown.as_deref().unwrap_or(&self.text[r.span.range()]).chars().next_back());
        ends.is_some_and(|c| c.is_ascii_alphanumeric())
    }

    fn start_block(&mut self, state: &State) {
        let kind = match (state.heading, state.item, state.cell) {
            (Some(level), ..) => BlockKind::Heading(level),
            (None, true, _) => BlockKind::Item,
            (None, false, Some(true)) => BlockKind::HeaderCell,
            (None, false, Some(false)) => BlockKind::Cell,
            (None, false, None) if state.origin == Origin::PageTitle => BlockKind::Title,
            (None, false, None) => BlockKind::Paragraph,
        };
        let block = self.outline.start(kind);
        (block.origin, block.lead, block.row) = (state.origin, state.lead, state.row);
    }

    /// Closes the open block, and then what stood aside of it.
    pub fn end_block(&mut self) -> Option<BlockIx> {
        (self.after_link, self.after_note) = (false, false);
        let closed = self.outline.end();
        if let Some(ix) = closed {
            self.placed(ix);
        }
        if self.waiting.is_empty() {
            for block in std::mem::take(&mut self.aside) {
                self.outline.add(block);
            }
        }
        closed
    }

    /// A block has its place: what may it introduce, of which row is it the first?
    fn placed(&mut self, ix: BlockIx) {
        let state = self.stack.state();
        if let (Some(_), Some(table)) = (state.cell, self.tables.last_mut())
            && table.cell.is_some()
        {
            table.place(ix);
        }
        self.lead = Some(ix);
    }

    fn pop_to(&mut self, depth: usize) {
        while self.stack.depth() > depth && self.pop() {}
    }

    /// Ends the innermost element.
    fn pop(&mut self) -> bool {
        let Some(top) = self.stack.top() else { return false };
        let (element, apart, aside, headings) = (top.element, top.apart, top.aside, top.headings);
        if aside {
            self.leave();
        } else if apart && !top.state.silent {
            self.end_block();
        }
        match element {
            Element::Cell | Element::HeaderCell => self.end_cell(),
            Element::Table => {
                self.tables.pop();
                self.lead = None;
            }
            Element::List => self.lead = None,
            Element::Section => self.outline.leave_headings(headings),
            _ => {}
        }
        self.stack.pop().is_some()
    }

    /// Opens a block by what is known outside of HTML.
    pub fn open(&mut self, kind: BlockKind) -> &mut Block {
        let origin = self.stack.state().origin;
        let block = self.outline.start(kind);
        block.origin = origin;
        block
    }

    /// Opens a block that stands aside of the open one, until [`Page::leave`].
    pub fn enter(&mut self, kind: BlockKind, origin: Origin) {
        self.suspend();
        self.outline.open = Some(self.outline.block(kind, origin));
    }

    fn suspend(&mut self) {
        self.waiting.push(self.outline.open.take());
    }

    /// Goes on with the block that waits.
    pub fn leave(&mut self) {
        self.aside.extend(self.outline.open.take());
        self.outline.open = self.waiting.pop().flatten();
        if self.outline.open.is_none() && self.waiting.is_empty() {
            self.end_block();
        }
    }

    /// Elements without content.
    fn void(&mut self, tag: &Tag, element: Element) {
        let here = Span { start: tag.span.start, end: tag.span.start };
        match element {
            Element::Rule => {
                self.end_block();
                self.lead = None;
            }
            Element::Break => {
                // A break for phones or for screens only stands in the middle of a phrase.
                let narrow = tag.value(self.text, "class").is_some_and(|c| !c.trim().is_empty());
                self.shown(tag.span, if narrow { "" } else { "\n" });
            }
            Element::Image | Element::Input if !self.is_empty() => {
                self.shown(here, "\n");
            }
            _ => {}
        }
    }

    /// A link as Markdown has it.
    pub fn link(&mut self, address: &str, span: Span) {
        self.outline.document.links.push(Link { address: address.to_owned(), span });
    }

    /// Text in attributes.
    fn attributes(&mut self, tag: &Tag, element: Element, state: &State) {
        if element == Element::Meta {
            return self.meta(tag);
        }
        if element == Element::Link
            && let Some(address) = tag.value(self.text, "href")
        {
            let (address, span) = (address.to_owned(), Span { start: tag.span.end, end: tag.span.end });
            self.outline.document.links.push(Link { address, span });
        }
        if element == Element::Image {
            let tiny = ["width", "height"].iter().all(|a| matches!(tag.value(self.text, a), Some("0" | "1")));
            if tag.value(self.text, "alt").is_none_or(|alt| alt.trim().is_empty()) && tag.name == "img" && !tiny {
                self.outline.document.silent_images += 1;
            }
        }
        // <Hero …>: the components of MDX; all that is written in them may be shown.
        let name = &self.text.as_bytes()[tag.span.start as usize + 1..];
        let camel = name.len() > 1 && name[0].is_ascii_uppercase() && name[1].is_ascii_lowercase();
        let component = element == Element::Inline && (camel || tag.name.contains('-'));
        for attribute in &tag.attributes {
            let Some(value) = attribute.value else { continue };
            let is_button = || matches!(tag.value(self.text, "type"), Some("submit" | "button" | "reset"));
            let origin = match attribute.name.as_str() {
                "alt" => Origin::Alternative,
                "title" => Origin::Tooltip,
                "aria-label" | "aria-description" => Origin::Label,
                "placeholder" => Origin::Control,
                "value" if element == Element::Input && is_button() => Origin::Control,
                "label" if matches!(tag.name.as_str(), "option" | "optgroup") => Origin::Control,
                _ if component && self.text[value.range()].chars().any(is_written) => Origin::Tooltip,
                _ => continue,
            };
            let origin = if state.origin == Origin::Comment { Origin::Comment } else { origin };
            self.attribute(value, BlockKind::Paragraph, origin);
        }
    }

    fn meta(&mut self, tag: &Tag) {
        let of = |name| tag.value(self.text, name).map(str::to_ascii_lowercase);
        let Some(name) = of("name").or_else(|| of("property")).or_else(|| of("itemprop")) else { return };
        let origin = match name.as_str() {
            "description" | "headline" | "name" => Origin::Description,
            _ => match name.strip_prefix("og:").or_else(|| name.strip_prefix("twitter:")) {
                Some("title" | "description" | "image:alt") => Origin::Social,
                _ => return,
            },
        };
        let content = tag.attributes.iter().find(|a| a.name == "content");
        if let Some(value) = content.and_then(|a| a.value) {
            self.attribute(value, BlockKind::Title, origin);
        }
    }

    /// A block of its own, for text that stands in the source inside another.
    pub fn attribute(&mut self, value: Span, kind: BlockKind, origin: Origin) {
        let prose = Prose { html: true, attribute: true, pieces: self.pieces, ..Prose::default() };
        let mut block = self.outline.block(kind, origin);
        block.runs = prose::runs(self.text, value, prose);
        if block.runs.iter().any(|r| r.shown.is_some() || !self.text[r.span.range()].trim().is_empty()) {
            self.stand_aside(block);
        }
    }

    /// Puts a block after the one that is open.
    pub fn stand_aside(&mut self, block: Block) {
        if self.outline.open.is_none() && self.waiting.is_empty() {
            self.outline.add(block);
        } else {
            self.aside.push(block);
        }
    }

    fn is_data(&self, tag: &Tag) -> bool {
        tag.name == "script"
            && tag.value(self.text, "type").is_some_and(|t| t.trim().eq_ignore_ascii_case("application/ld+json"))
    }

    fn data(&mut self, span: Span) {
        for runs in structured::texts(self.text, span, self.pieces) {
            let mut block = self.outline.block(BlockKind::Paragraph, Origin::StructuredData);
            block.runs = runs;
            self.stand_aside(block);
        }
    }

    fn row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.begun |= table.row.is_some();
            (table.column, table.row) = (0, None);
            table.reaches.iter_mut().for_each(|rows| *rows = rows.saturating_sub(1));
        }
    }

    fn cell(&mut self, tag: &Tag, header: bool, state: &mut State) {
        let span = |name| {
            let value = tag.value(self.text, name).and_then(|v| v.trim().parse().ok());
            value.unwrap_or(1usize).clamp(1, FARTHEST)
        };
        let (wide, high) = (span("colspan"), span("rowspan"));
        (state.cell, state.item, state.heading) = (Some(header), false, None);
        if let Some(table) = self.tables.last_mut() {
            while table.reaches.get(table.column).is_some_and(|&rows| rows > 0) {
                table.column += 1;
            }
            table.cell = Some((wide, high));
            state.row = table.row;
            state.lead = match table.begun {
                true => table.header(),
                false => {
                    *(if header { &mut table.headers } else { &mut table.others }) += 1;
                    table.lead
                }
            };
        }
        self.lead = None;
    }

    fn end_cell(&mut self) {
        let Some(table) = self.tables.last_mut() else { return };
        let Some((wide, high)) = table.cell.take() else { return };
        let end = (table.column + wide).min(FARTHEST);
        if table.reaches.len() < end {
            table.reaches.resize(end, 0);
        }
        // The row itself is counted down when the next begins.
        table.reaches[table.column.min(end)..end].fill(high);
        table.column = end;
    }
}

impl Table {
    /// The open cell has text.
    fn place(&mut self, ix: BlockIx) {
        self.row.get_or_insert(ix);
        let Some((wide, _)) = self.cell else { return };
        if !self.begun {
            let end = (self.column + wide).min(FARTHEST);
            if self.first.len() < end {
                self.first.resize(end, None);
            }
            for first in &mut self.first[self.column.min(end)..end] {
                first.get_or_insert(ix);
            }
        }
    }

    /// The header of the column; one header cell before other cells heads its row.
    fn header(&self) -> Option<BlockIx> {
        let heads_row = self.headers == 1 && self.others > 0;
        if heads_row { None } else { self.first.get(self.column).copied().flatten() }
    }
}

/// A letter that Japanese copy is written with.
fn is_written(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30FF}' | '\u{4E00}'..='\u{9FFF}' | '\u{FF66}'..='\u{FF9D}' | '&')
}

/// A note that stands where it is explained: ※1 角質層まで.
fn is_note(text: &str) -> bool {
    text.starts_with(['※', '＊', '*', '†', '注']) && text.chars().any(|c| is_written(c) && c != '注')
}

/// What stands above a word for a note, without a sign of its own: 1, 2), a.
fn is_mark(text: &str) -> bool {
    let number = text.trim_end_matches([')', '）', ',', '、']);
    let chars = number.chars().count();
    (1..=3).contains(&chars) && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '０'..='９' | ',' | '、'))
}
