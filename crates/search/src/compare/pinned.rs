//! A comparison of passages that were picked one by one: no search is made, so that a cell without
//! any says that nothing was picked for it, and not that nothing was found.

use duibiao_corpus::{Passage, PassageId, PassageKind};

use crate::compare::matches::Matches;
use crate::compare::shape::{Caveat, CaveatKind, CellHit, CellState, Comparison, MentionKind};
use crate::engine::text_of;
use crate::error::{Error, engine};
use crate::run::Search;

/// The entries of passages, and those that cannot be compared: the index does not have them, or they
/// are headings and furniture, which say nothing by themselves.
pub(super) fn find(
    passages: &[PassageId],
    search: &Search<'_>,
) -> Result<(Matches, Vec<PassageId>), Error> {
    let readers = search.snapshot.searcher.segment_readers();
    let mut segments = vec![Vec::new(); readers.len()];
    let mut left_out = Vec::new();
    for id in passages {
        search.deadline().check().map_err(engine)?;
        let address = search.engine.address_of(search.snapshot, *id);
        let Some(address) = address.map_err(engine)? else {
            left_out.push(*id);
            continue;
        };
        let entry = search.read(address)?;
        let body = text_of(&entry, search.engine.fields.body);
        let passage: Passage = serde_json::from_str(body)?;
        if passage.is_heading || passage.kind == PassageKind::Furniture {
            left_out.push(*id);
        } else {
            segments[address.segment_ord as usize].push(address.doc_id);
        }
    }
    for docs in &mut segments {
        docs.sort_unstable();
        docs.dedup();
    }
    Ok((Matches { segments }, left_out))
}

/// Says what cells hold: a measure, something that only speaks of it, or nothing that was picked.
pub(super) fn tell(comparison: &mut Comparison) {
    comparison.pinned = true;
    for cell in comparison.cells.iter_mut().flatten() {
        cell.see.clear();
        for hit in &mut cell.hits {
            hit.mention = mention(hit);
        }
        cell.hits.sort_by_key(|hit| hit.mention.is_some());
        let first = cell.hits.first();
        cell.figures = first.map(|hit| hit.figures.clone()).unwrap_or_default();
        cell.state = match first {
            None => CellState::NotPinned,
            Some(hit) if hit.mention.is_some() => CellState::Mentioned,
            Some(_) => CellState::Found,
        };
    }
}

/// What was asked, as files say it.
pub(super) fn said(passages: usize) -> String {
    format!("对照逐段放入的 {passages} 段，没有检索。")
}

/// Why a picked passage is a mention and no more.
fn mention(hit: &CellHit) -> Option<MentionKind> {
    match hit.hit.kind {
        Some(PassageKind::Annex) => Some(MentionKind::Annex),
        Some(PassageKind::Context | PassageKind::LeadIn) => Some(MentionKind::Context),
        _ => None,
    }
}

/// What has no cell although it was picked.
pub(super) fn not_shown(left_out: &[PassageId]) -> Option<Caveat> {
    let ids: Vec<String> = left_out.iter().map(ToString::to_string).collect();
    (!ids.is_empty()).then(|| Caveat {
        kind: CaveatKind::NotShown,
        text: format!(
            "放入的 {} 段没有列出，它们已不在库中，或只是标题、页面杂项：{}。",
            ids.len(),
            ids.join("、")
        ),
        cells: Vec::new(),
    })
}
