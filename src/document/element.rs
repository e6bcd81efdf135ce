//! Elements of HTML: what each is to a reader, and which are open. End tags are often missing;
//! the start of one element then ends another.

use std::collections::HashMap;

use super::{BlockIx, Origin};

/// What an element is to a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// Text goes through it.
    Inline,
    /// Its text stands apart from what is around.
    Block,
    Paragraph,
    /// Its headings hold inside it only.
    Section,
    Heading(u8),
    List,
    Item,
    Term,
    Description,
    Table,
    /// `<thead>`
    Head,
    /// `<tbody>`, `<tfoot>`
    Body,
    Row,
    Caption,
    Cell,
    HeaderCell,
    /// A note mark or an exponent.
    Superscript,
    Small,
    Link,
    Code,
    Preformatted,
    Reading,
    /// Text of a field.
    Field,
    PageTitle,
    Drawing,
    /// Has no content.
    Break,
    Rule,
    Image,
    Input,
    Meta,
    Void,
    /// What is in it is not for readers.
    Silent,
    Script,
}

impl Element {
    /// By its name in lower case.
    pub fn of(name: &str) -> Self {
        match name {
            "p" => Self::Paragraph,
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => Self::Heading(name.as_bytes()[1] - b'0'),
            "section" | "article" | "aside" | "nav" | "footer" | "dialog" => Self::Section,
            "ul" | "ol" | "menu" | "dir" | "dl" => Self::List,
            "li" => Self::Item,
            "dt" => Self::Term,
            "dd" => Self::Description,
            "table" => Self::Table,
            "thead" => Self::Head,
            "tbody" | "tfoot" => Self::Body,
            "tr" => Self::Row,
            "caption" => Self::Caption,
            "td" => Self::Cell,
            "th" => Self::HeaderCell,
            "sup" => Self::Superscript,
            "small" => Self::Small,
            "a" => Self::Link,
            "code" | "kbd" | "samp" | "tt" | "math" => Self::Code,
            "pre" | "listing" => Self::Preformatted,
            "rt" => Self::Reading,
            "textarea" => Self::Field,
            "title" => Self::PageTitle,
            "svg" => Self::Drawing,
            "br" => Self::Break,
            "hr" => Self::Rule,
            "img" | "area" => Self::Image,
            "input" => Self::Input,
            "meta" => Self::Meta,
            "wbr" | "link" | "base" | "col" | "embed" | "source" | "track" | "param" | "basefont" | "frame"
            | "bgsound" | "keygen" => Self::Void,
            "script" => Self::Script,
            "style" | "template" | "noscript" | "iframe" | "noframes" | "noembed" | "canvas" | "video" | "audio"
            | "object" | "datalist" | "rp" | "desc" | "defs" => Self::Silent,
            "address" | "blockquote" | "body" | "button" | "center" | "div" | "details" | "summary" | "fieldset"
            | "figcaption" | "figure" | "form" | "frameset" | "header" | "hgroup" | "html" | "head" | "legend"
            | "main" | "optgroup" | "option" | "search" | "select" | "marquee" | "xmp" | "plaintext" | "colgroup" => {
                Self::Block
            }
            _ => Self::Inline,
        }
    }

    /// Whether it never has content.
    pub fn is_void(self) -> bool {
        matches!(self, Self::Break | Self::Rule | Self::Image | Self::Input | Self::Meta | Self::Void)
    }

    /// Whether it means nothing outside of a table.
    pub fn is_of_table(self) -> bool {
        matches!(self, Self::Head | Self::Body | Self::Row | Self::Caption | Self::Cell | Self::HeaderCell)
    }

    /// Whether text before and after it belongs together.
    pub fn is_inline(self) -> bool {
        use Element::{Code, Inline, Link, Reading, Silent, Small, Superscript};
        matches!(self, Inline | Superscript | Small | Link | Code | Reading | Silent | Self::Script)
    }
}

/// What holds inside an element, most of it also inside those in it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct State {
    pub origin: Origin,
    /// Inside what is not for readers.
    pub silent: bool,
    pub code: bool,
    pub preformatted: bool,
    pub superscript: bool,
    pub small: bool,
    pub drawing: bool,
    /// Of a script: JSON-LD.
    pub data: bool,
    pub heading: Option<u8>,
    /// In a list, a term or its description.
    pub item: bool,
    pub cell: Option<bool>,
    pub lead: Option<BlockIx>,
    pub row: Option<BlockIx>,
    /// Open elements, by their place on the stack, that the start of another may end.
    pub paragraph: Option<usize>,
    pub list_item: Option<usize>,
    pub description: Option<usize>,
    pub option: Option<usize>,
    pub table_row: Option<usize>,
    pub table_cell: Option<usize>,
    pub table_part: Option<usize>,
}

/// An open element.
#[derive(Debug)]
pub(super) struct Open {
    pub element: Element,
    /// Stands apart from the text around, by its nature or its style.
    pub apart: bool,
    /// Its text is collected aside from the open block.
    pub aside: bool,
    /// Headings that were open when it began.
    pub headings: usize,
    pub state: State,
    name: Box<str>,
    /// How many of the elements up to this one stand apart.
    apart_so_far: usize,
}

/// The open elements, outermost first. All that it is asked takes the same time at any depth.
#[derive(Default)]
pub(super) struct Stack {
    open: Vec<Open>,
    /// Where the elements of a name are on the stack.
    by_name: HashMap<Box<str>, Vec<usize>>,
    /// Elements below this are out of reach.
    floor: usize,
}

impl Stack {
    /// What holds where we are.
    pub fn state(&self) -> State {
        match self.open.last() {
            Some(open) if self.open.len() > self.floor => open.state,
            _ => State::default(),
        }
    }

    pub fn top(&self) -> Option<&Open> {
        self.open.last()
    }

    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Starts anew on top, as if nothing was open; returns what [`Stack::lower`] takes.
    pub fn raise(&mut self) -> usize {
        std::mem::replace(&mut self.floor, self.open.len())
    }

    pub fn lower(&mut self, floor: usize) {
        self.floor = floor;
    }

    pub fn push(&mut self, name: &str, element: Element, apart: bool, aside: bool, headings: usize, mut state: State) {
        let here = self.open.len();
        use Element as E;
        match element {
            E::Paragraph => state.paragraph = Some(here),
            E::Item => state.list_item = Some(here),
            E::Term | E::Description => state.description = Some(here),
            E::List => (state.list_item, state.description, state.paragraph) = (None, None, None),
            E::Table => {
                (state.table_row, state.table_cell, state.table_part) = (None, None, None);
                (state.paragraph, state.list_item, state.description) = (None, None, None);
            }
            E::Head | E::Body => state.table_part = Some(here),
            E::Row => state.table_row = Some(here),
            E::Cell | E::HeaderCell => {
                state.table_cell = Some(here);
                (state.paragraph, state.list_item, state.description) = (None, None, None);
            }
            _ if name == "option" => state.option = Some(here),
            _ if name == "button" => state.paragraph = None,
            _ => {}
        }
        // An item does not end through a section or a heading that is open inside it.
        let through = matches!(element, E::Paragraph | E::Item | E::Term | E::Description);
        if apart && !through && name != "div" && name != "address" {
            (state.list_item, state.description) = (None, None);
        }
        let apart_so_far = self.open.last().map_or(0, |open| open.apart_so_far) + usize::from(apart);
        self.by_name.entry(name.into()).or_default().push(here);
        self.open.push(Open { element, apart, aside, headings, state, name: name.into(), apart_so_far });
    }

    pub fn pop(&mut self) -> Option<Open> {
        if self.open.len() <= self.floor {
            return None;
        }
        let open = self.open.pop()?;
        if let Some(places) = self.by_name.get_mut(&open.name) {
            places.pop();
        }
        Some(open)
    }

    /// Down to which depth the start of an element closes others.
    pub fn closed_by_start(&self, name: &str, element: Element, apart: bool) -> Option<usize> {
        use Element as E;
        let state = self.state();
        let first = |places: &[Option<usize>]| places.iter().flatten().copied().filter(|&p| p >= self.floor).min();
        match element {
            E::Item => first(&[state.list_item]),
            E::Term | E::Description => first(&[state.description]),
            E::Cell | E::HeaderCell => first(&[state.table_cell]),
            E::Row => first(&[state.table_row, state.table_cell]),
            E::Head | E::Body => first(&[state.table_part, state.table_row, state.table_cell]),
            _ if name == "option" || name == "optgroup" => first(&[state.option]),
            E::Inline | E::Link | E::Small | E::Superscript | E::Code | E::Reading | E::Silent | E::Script => None,
            _ if name == "button" || name == "select" => None,
            _ if apart => first(&[state.paragraph]),
            _ => None,
        }
    }

    /// Down to which depth an end tag closes; `None` if it closes nothing.
    pub fn closed_by_end(&self, name: &str) -> Option<usize> {
        let innermost = |name: &str| self.by_name.get(name).and_then(|places| places.last().copied());
        let at = match Element::of(name) {
            // </h2> ends the heading that is open, whichever it is.
            Element::Heading(_) => ["h1", "h2", "h3", "h4", "h5", "h6"].into_iter().filter_map(innermost).max()?,
            _ => innermost(name)?,
        };
        if at < self.floor {
            return None;
        }
        let open = &self.open[at];
        // An inline element does not end what stands apart inside it: </b> in the middle of a paragraph.
        let above = self.open.last()?.apart_so_far - open.apart_so_far;
        // What is in a cell does not end the cell or what is around its table.
        let fenced = self.state().table_cell.is_some_and(|cell| cell > at)
            && !matches!(open.element, Element::Table | Element::Row | Element::Head | Element::Body);
        ((open.apart || above == 0) && !fenced).then_some(at)
    }
}
