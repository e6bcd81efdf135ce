//! Marks that judge what stands beside them: × and ○ before a line, 不可 in the next cell.

use super::{Place, ProbeSet, Probes};
use crate::document::{BlockIx, BlockKind};
use crate::scene::Scene;
use crate::span::NormalSpan;

/// A label before a line is no longer than this, in bytes.
const LABEL: usize = 36;
/// A cell with more text than this, in bytes, does more than judge its row.
const MARK: usize = 30;

/// The mark that judges a claim, if `bad` is what it says: the label of its own line, else the other
/// cells of its row. A good mark of its own line keeps a claim from being judged by anything else.
pub(super) fn find(scene: &Scene, probes: &Probes, place: Place, bad: ProbeSet, good: ProbeSet) -> Option<NormalSpan> {
    if let Some(label) = label(scene, place) {
        let holds = |set| probes.find(scene, place.sentence, set).find(|s| label.covers(*s));
        if holds(good).is_some() {
            return None;
        }
        if let Some(mark) = holds(bad) {
            return Some(mark);
        }
    }
    if let Some(over) = header(scene, place).or_else(|| heading_line(scene, place.sentence.block)) {
        if probes.find_in_block(scene, over, good).is_some() {
            return None;
        }
        if let Some(mark) = probes.find_in_block(scene, over, bad) {
            return Some(mark);
        }
    }
    let judges = |block, set| mark(scene, probes, block, set);
    let own = place.sentence.block;
    let beside: Vec<BlockIx> = scene.document.row(own).filter(|&b| b != own).collect();
    if beside.iter().any(|&b| judges(b, good).is_some()) {
        return None;
    }
    beside.into_iter().find_map(|b| judges(b, bad))
}

/// The mark in a short cell.
fn mark(scene: &Scene, probes: &Probes, block: BlockIx, set: ProbeSet) -> Option<NormalSpan> {
    let span = scene.normal.block(block);
    (scene.normal.slice(span).trim().len() <= MARK).then(|| probes.find_in_block(scene, block, set)).flatten()
}

/// Cells looked at under a header, at most.
const MOST_CELLS: usize = 200;

/// The first mark in the cells that a cell heads: those under a column's header, those after the first of a row.
pub(super) fn below(scene: &Scene, probes: &Probes, block: BlockIx, find: ProbeSet) -> Option<NormalSpan> {
    let blocks = &scene.document.blocks;
    let of_table = |b: &BlockIx| matches!(blocks[*b].kind, BlockKind::Cell | BlockKind::HeaderCell);
    let cells = (block + 1..blocks.len()).take(MOST_CELLS).take_while(of_table);
    let headed = |b: &BlockIx| *b != block && scene.document.heads(block, *b);
    if !of_table(&block) {
        return None;
    }
    cells.filter(headed).find_map(|b| mark(scene, probes, b, find))
}

/// Whether the line of a claim, or its column, is marked with one of these.
pub(super) fn is_labelled(scene: &Scene, probes: &Probes, place: Place, with: ProbeSet) -> bool {
    let labelled =
        label(scene, place).is_some_and(|label| probes.find(scene, place.sentence, with).any(|s| label.covers(s)));
    labelled || header(scene, place).is_some_and(|h| probes.find_in_block(scene, h, with).is_some())
}

/// The header of a cell's column.
fn header(scene: &Scene, place: Place) -> Option<BlockIx> {
    let block = &scene.document.blocks[place.sentence.block];
    block.lead.filter(|_| block.kind == BlockKind::Cell)
}

/// What stands before a claim on its line and is set off from it: ×, NG：, 修正前：
fn label(scene: &Scene, place: Place) -> Option<NormalSpan> {
    let block = scene.normal.block(place.sentence.block);
    let before = NormalSpan { start: block.start, end: place.span.start };
    let start = scene.normal.breaks(before).last().copied().unwrap_or(block.start);
    let start = start.max(place.sentence.span.start);
    if start > place.span.start {
        return None;
    }
    let line = scene.normal.slice(NormalSpan { start, end: place.span.start });
    let mark = line.trim_start().chars().next().filter(|c| matches!(c, '×' | '✕' | '✖' | '❌' | '○' | '◯' | '◎' | '△'));
    let len = match mark {
        Some(mark) => line.len() - line.trim_start().len() + mark.len_utf8(),
        None => line.find([':', '→', '…', '】'])?,
    };
    (len <= LABEL).then(|| NormalSpan::new(start as usize, start as usize + len))
}

/// A short paragraph right before a block, that heads it without being a heading: **だめな例**
fn heading_line(scene: &Scene, block: BlockIx) -> Option<BlockIx> {
    let blocks = &scene.document.blocks;
    let before = block.checked_sub(1)?;
    let heads = blocks[before].kind == BlockKind::Paragraph
        && blocks[before].heading == blocks[block].heading
        && scene.normal.slice(scene.normal.block(before)).trim().len() <= MARK;
    heads.then_some(before)
}
