//! Blocks in order, under their headings; all readers build with it.

use super::{Block, BlockIx, BlockKind, Declared, Directive, Document, Origin, Run};
use crate::span::Span;

#[derive(Default)]
pub(super) struct Outline {
    pub document: Document,
    pub open: Option<Block>,
    /// Open headings by level, outermost first.
    headings: Vec<(u8, BlockIx)>,
    /// The category in force and the level whose next heading ends it.
    category: Option<(Declared, u8)>,
}

impl Outline {
    pub fn start(&mut self, kind: BlockKind) -> &mut Block {
        self.end();
        if let BlockKind::Heading(level) = kind {
            while self.headings.last().is_some_and(|&(open, _)| open >= level) {
                self.headings.pop();
            }
            if self.category.as_ref().is_some_and(|&(_, until)| level <= until) {
                self.category = None;
            }
        }
        let block = self.block(kind, Origin::Body);
        self.open.insert(block)
    }

    /// An empty block that would stand here.
    pub fn block(&self, kind: BlockKind, origin: Origin) -> Block {
        Block {
            kind,
            origin,
            runs: Vec::new(),
            heading: self.headings.last().map(|&(_, ix)| ix),
            lead: None,
            row: None,
            category: self.category.as_ref().map(|(declared, _)| declared.clone()),
        }
    }

    /// Closes the open block; returns its index unless it was empty.
    pub fn end(&mut self) -> Option<BlockIx> {
        let block = self.open.take()?;
        self.add(block)
    }

    /// Adds a block, unless there is nothing to read in it.
    pub fn add(&mut self, block: Block) -> Option<BlockIx> {
        if block.runs.iter().all(|r| r.shown.as_deref().is_some_and(|shown| shown.trim().is_empty())) {
            return None;
        }
        let ix = self.document.blocks.len();
        if let BlockKind::Heading(level) = block.kind
            && block.origin != Origin::Comment
        {
            self.headings.push((level, ix));
        }
        self.document.blocks.push(block);
        Some(ix)
    }

    pub fn text(&mut self, span: Span, shown: Option<Box<str>>) {
        if let Some(block) = &mut self.open
            && (!span.is_empty() || shown.is_some())
        {
            block.runs.push(Run { span, shown });
        }
    }

    /// How many headings are open: what is written after a section stands under those before it.
    pub fn depth(&self) -> usize {
        self.headings.len()
    }

    pub fn leave_headings(&mut self, depth: usize) {
        self.headings.truncate(depth);
    }

    /// A comment, with its marks or without: `<!-- exo-lint-category: … -->`, `{/* exo-lint-disable … */}`.
    pub fn comment(&mut self, text: &str, at: usize) {
        let Some(found) = text.find("exo-lint-category:") else { return self.directive(text, at) };
        let rest = &text[found + "exo-lint-category:".len()..];
        let value = rest.split("-->").next().unwrap_or(rest).trim();
        let start = at + value.as_ptr().addr() - text.as_ptr().addr();
        let level = self.headings.last().map_or(0, |&(level, _)| level);
        let span = Span::new(start, start + value.len());
        let declared = Declared { value: value.to_owned(), span, shared_key: false };
        self.category = Some((declared.clone(), level));
        // Right under its heading it speaks of the heading, too.
        if let Some(&(_, heading)) = self.headings.last()
            && heading + 1 == self.document.blocks.len()
        {
            self.document.blocks[heading].category = Some(declared.clone());
        }
        if let Some(block) = &mut self.open {
            block.category = Some(declared);
        }
    }

    fn directive(&mut self, text: &str, at: usize) {
        let inside = text.trim_start_matches(|c: char| c.is_whitespace() || "<!-{/*".contains(c));
        let Some(rest) = inside.strip_prefix("exo-lint-") else { return };
        let rest = rest.split("-->").next().unwrap_or(rest);
        let rest = rest.split("*/").next().unwrap_or(rest).trim_end();
        let name = rest.split(char::is_whitespace).next().unwrap_or(rest);
        let body = rest[name.len()..].trim_start();
        let offset = |part: &str| at + part.as_ptr().addr() - text.as_ptr().addr();
        self.document.directives.push(Directive {
            name: name.to_owned(),
            body: body.to_owned(),
            body_at: Some(offset(body) as u32),
            span: Span::new(offset(inside), offset(rest) + rest.len()),
            in_front_matter: false,
        });
    }
}
