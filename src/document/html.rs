//! HTML by lol_html, whose tokens carry byte ranges. It does not tell end tags that match nothing;
//! whatever lies between two tokens is end tags.

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::LazyLock;

use lol_html::html_content::{Comment, Doctype, Element, TextChunk};
use lol_html::{DocumentContentHandlers, ElementContentHandlers, HtmlRewriter, Selector, Settings};

use super::page::{Attribute, Page, Tag};
use super::template::{Syntax, Templated};
use super::{Document, Include, front};
use crate::span::Span;

pub(super) fn read(text: &str, include: Include) -> Document {
    let templated = Templated::new(text, Syntax::Html);
    let mut page = Page::new(text, include, &templated);
    // Site generators put their own head before the page.
    let head = front::read(text, &mut page.outline);
    page.html(Span::new(head, text.len()));
    page.finish()
}

/// Gives the tags and the text of a piece of HTML to a page. `base` is where it stands in the source.
pub(super) fn tokens(text: &str, base: usize, page: &mut Page) {
    let reader = RefCell::new(Reader { text, base, at: 0, run: 0..0, page });
    // Markdown asks for a reader for each of its tags.
    static EVERY: LazyLock<Selector> = LazyLock::new(|| "*".parse().expect("a selector"));
    let elements = ElementContentHandlers::default().element(|element: &mut Element| {
        reader.borrow_mut().start(element);
        Ok(())
    });
    let document = DocumentContentHandlers::default()
        .doctype(|doctype: &mut Doctype| {
            reader.borrow_mut().reach(&doctype.source_location().bytes());
            Ok(())
        })
        .comments(|comment: &mut Comment| {
            reader.borrow_mut().comment(comment.source_location().bytes());
            Ok(())
        })
        .text(|chunk: &mut TextChunk| {
            reader.borrow_mut().text(chunk.source_location().bytes());
            Ok(())
        });
    let settings = Settings::new()
        .with_strict(false)
        .append_element_content_handler((Cow::Borrowed(&*EVERY), elements))
        .append_document_content_handler(document);
    let mut rewriter = HtmlRewriter::new(settings, |_: &[u8]| {});
    let read = rewriter.write(text.as_bytes()).and_then(|()| rewriter.end());
    reader.into_inner().end(read.is_ok());
}

/// What has been read of a piece of HTML.
struct Reader<'r, 'p, 'a> {
    text: &'r str,
    base: usize,
    /// All before this has been told.
    at: usize,
    /// Text not told yet: it may go on in the next chunk.
    run: Range<usize>,
    page: &'p mut Page<'a>,
}

impl Reader<'_, '_, '_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.base + range.start, self.base + range.end)
    }

    /// Tells everything before a token.
    fn reach(&mut self, token: &Range<usize>) {
        if !self.run.is_empty() {
            let run = std::mem::replace(&mut self.run, 0..0);
            self.at = run.end;
            let span = self.span(&run);
            self.page.text(span);
        }
        let gap = self.text.get(self.at..token.start).unwrap_or("");
        for tag in gap.split("</").skip(1) {
            let name = tag.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or("");
            let at = self.base + (tag.as_ptr().addr() - self.text.as_ptr().addr());
            self.page.end_tag(&name.to_ascii_lowercase(), at);
        }
        self.at = token.end.max(self.at);
    }

    fn start(&mut self, element: &Element) {
        let range = element.source_location().bytes();
        self.reach(&range);
        let attributes = element
            .attributes()
            .iter()
            .map(|a| Attribute { name: a.name(), value: a.value_source_location().map(|l| self.span(&l.bytes())) });
        let tag = Tag {
            name: element.tag_name(),
            span: self.span(&range),
            attributes: attributes.collect(),
            closes_itself: element.is_self_closing(),
        };
        self.page.start_tag(&tag);
    }

    fn text(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        if self.run.end == range.start && !self.run.is_empty() {
            self.run.end = range.end;
        } else {
            self.reach(&range);
            self.run = range;
        }
    }

    fn comment(&mut self, range: Range<usize>) {
        self.reach(&range);
        let raw = &self.text[range.clone()];
        if let Some(inside) = raw.strip_prefix("<!--") {
            let inside = inside.strip_suffix("-->").unwrap_or(inside);
            let start = range.start + 4;
            let span = self.span(&(start..start + inside.len()));
            self.page.comment(span);
        }
    }

    fn end(mut self, read: bool) {
        let len = self.text.len();
        self.reach(&(len..len));
        // A parser that gave up has not told the rest.
        if !read && self.at < len {
            let span = self.span(&(self.at..len));
            self.page.text(span);
        }
    }
}
