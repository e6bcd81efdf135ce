//! 【医薬部外品】, （化粧品） beside the name of a product: which category each block speaks of. A page with a
//! line of products, or a ranking, has more than one.

use crate::document::{BlockIx, BlockKind, Document};
use crate::expression::Expression;
use crate::normal::Normal;
use crate::product::Category;

/// How copy labels what is of a category; compiled from `rulesets/products.toml`.
#[derive(Debug)]
pub struct Label {
    pub category: Category,
    /// Only pages of one of these categories are asked: a clinic is one, whatever it sells.
    pub among: Vec<Category>,
    /// Beside a name: 【医薬部外品】.
    pub beside: Expression,
    /// All that a cell or a short line says: 医薬部外品.
    pub whole: Expression,
    /// A name that says it (薬用クリーム), where the page has a label of this category anywhere.
    pub named: Expression,
}

/// The category of each block of a page whose own is `page`. A comment in the page beats labels; `titles`
/// says whether the page's titles are asked, too.
pub fn categories(
    labels: &[Label],
    document: &Document,
    normal: &Normal,
    page: Category,
    titles: bool,
) -> Vec<Category> {
    let labels: Vec<&Label> = labels.iter().filter(|label| label.among.contains(&page)).collect();
    let labelled = Labelled::of(&labels, document, normal);
    let whole_page = if titles { labelled.title().unwrap_or(page) } else { page };
    let blocks = 0..document.blocks.len();
    blocks
        .map(|block| {
            let declared = document.blocks[block].category.as_ref().and_then(|d| Category::parse(&d.value));
            declared.or_else(|| labelled.reaching(block)).unwrap_or(whole_page)
        })
        .collect()
}

/// The labels that stand on a page.
struct Labelled<'a> {
    document: &'a Document,
    /// Of each block the one category it is labelled with; empty where the page has no label.
    own: Vec<Option<Category>>,
    /// Of each block the one category that a name in it says.
    named: Vec<Option<Category>>,
    /// Of each block the last such name before it in its stretch of a section, and the first after it.
    before: Vec<Option<Category>>,
    after: Vec<Option<Category>>,
}

/// Longer blocks are no labels, in bytes.
const SHORT: usize = 60;

impl<'a> Labelled<'a> {
    fn of(labels: &[&Label], document: &'a Document, normal: &Normal) -> Self {
        let text = |block: BlockIx| normal.slice(normal.block(block)).trim();
        let is_labelled = |label: &Label, block: BlockIx| {
            label.beside.is_in(text(block)) || (text(block).len() <= SHORT && label.whole.is_in(text(block)))
        };
        // One look at the whole text spares most pages the rest.
        let seen = |label: &&&Label| {
            label.beside.is_in(normal.text()) || {
                (0..document.blocks.len()).any(|b| text(b).len() <= SHORT && label.whole.is_in(text(b)))
            }
        };
        let labels: Vec<&&Label> = labels.iter().filter(seen).collect();
        if labels.is_empty() {
            let none = Vec::new;
            return Self { document, own: none(), named: none(), before: none(), after: none() };
        }
        let only = |is: &dyn Fn(&Label) -> bool| {
            let mut found = labels.iter().filter(|label| is(label)).map(|label| label.category);
            found.next().filter(|first| found.all(|other| other == *first))
        };
        let blocks = 0..document.blocks.len();
        let own: Vec<_> = blocks.clone().map(|block| only(&|label| is_labelled(label, block))).collect();
        let named = blocks.clone().map(|block| own[block].or_else(|| only(&|label| label.named.is_in(text(block)))));
        let named: Vec<_> = named.collect();
        let (before, after) = (nearest(document, &named, blocks.clone()), nearest(document, &named, blocks.rev()));
        Self { document, own, named, before, after }
    }

    /// The label that a block stands under: its own, its row's, its heading's, a name in it, the last before
    /// it in its section, those of the headings over that, or the first after it in its section.
    fn reaching(&self, block: BlockIx) -> Option<Category> {
        if self.own.is_empty() {
            return None;
        }
        let blocks = &self.document.blocks;
        let row =
            |of: &[Option<Category>]| self.document.row(block).chain(self.document.leads(block)).find_map(|b| of[b]);
        let heading = blocks[block].heading;
        let over = || self.document.headings(block).find_map(|b| self.named[b]);
        let (before, after) = (|| self.before[block], || self.after[block]);
        let labelled = self.own[block].or_else(|| row(&self.own)).or_else(|| heading.and_then(|b| self.own[b]));
        labelled.or_else(|| row(&self.named)).or_else(before).or_else(over).or_else(after)
    }

    /// The label in the titles of the page.
    fn title(&self) -> Option<Category> {
        let labelled = |block: BlockIx| self.named.get(block).copied().flatten();
        self.document.titles().find_map(labelled)
    }
}

/// For each block the nearest name that comes before it, in the order given, without leaving its section.
fn nearest(
    document: &Document,
    named: &[Option<Category>],
    order: impl Iterator<Item = BlockIx>,
) -> Vec<Option<Category>> {
    let mut nearest = vec![None; named.len()];
    let (mut section, mut last) = (None, None);
    for block in order {
        let content = &document.blocks[block];
        if section != Some(content.heading) {
            (section, last) = (Some(content.heading), None);
        }
        nearest[block] = last;
        // A product of a table has its own row, and no more.
        if !matches!(content.kind, BlockKind::Cell | BlockKind::HeaderCell) {
            last = named[block].or(last);
        }
    }
    nearest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Format, Include, read};
    use crate::ruleset::Ruleset;
    use crate::source::Source;

    /// The categories of the blocks that hold a word, in order.
    fn of(text: &str, word: &str, page: Category, titles: bool) -> Vec<&'static str> {
        let source = Source::from_text("a.md", text);
        let document = read(&source, Format::Markdown, Include::default());
        let normal = Normal::of(&source, &document);
        let categories = categories(&Ruleset::builtin().labels, &document, &normal, page, titles);
        let holds = |&b: &usize| normal.slice(normal.block(b)).contains(word);
        (0..document.blocks.len()).filter(holds).map(|b| categories[b].name()).collect()
    }

    #[test]
    fn a_label_reaches_what_stands_with_it() {
        let (cosmetics, drug) = ("cosmetics", "quasi-drug");
        for (text, expected) in [
            ("## 薬用液【医薬部外品】\n\n防ぐ\n\n## 乳液\n\n防ぐ", vec![drug, cosmetics]),
            ("## 薬用の線\n\n### 液（医薬部外品）\n\n防ぐ\n\n### 水（化粧品）\n\n防ぐ", vec![drug, cosmetics]),
            ("# 線【医薬部外品】\n\n## 使い方\n\n防ぐ", vec![drug]),
            ("| a | b |\n|---|---|\n| 液 | 医薬部外品 |\n| 防ぐ | 化粧品 |", vec![cosmetics]),
            (
                "| 品 | 区分 | 働き |\n|---|---|---|\n| 液 | 医薬部外品 | 防ぐ |\n| 水 | 化粧品 | 防ぐ |",
                vec![drug, cosmetics],
            ),
            ("## 液\n\n防ぐ\n\n区分：医薬部外品／有効成分：甲", vec![drug]),
            ("## 薬用美容液\n\n防ぐ\n\n## 薬用乳液【医薬部外品】\n\n香り", vec![drug]),
            ("## 薬用美容液\n\n防ぐ", vec![cosmetics]),
            ("## 水（化粧品）\n\n薬用処方で防ぐ\n\n## 液【医薬部外品】\n\n香り", vec![cosmetics]),
            ("医薬部外品とは何か。防ぐ", vec![cosmetics]),
            ("液【医薬部外品】と水（化粧品）で防ぐ", vec![cosmetics]),
            ("<!-- exo-lint-category: clinic -->\n\n## 液【医薬部外品】\n\n防ぐ", vec!["clinic"]),
        ] {
            assert_eq!(of(text, "防ぐ", Category::Cosmetics, false), expected, "{text}");
        }
        assert_eq!(of("## 液【医薬部外品】\n\n防ぐ", "防ぐ", Category::Clinic, false), ["clinic"]);
        assert_eq!(of("# 液【医薬部外品】\n\n## 声\n\n防ぐ", "防ぐ", Category::Cosmetics, true), [drug]);
    }
}
