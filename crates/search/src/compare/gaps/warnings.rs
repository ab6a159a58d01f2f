//! What must be known of a look for gaps beside what is noticed of its cells: documents there are none
//! or few of, and what has no row.

use std::collections::BTreeSet;

use crate::compare::gaps::{Gaps, MOST_GAP_ROWS};
use crate::compare::shape::{Caveat, CaveatKind};
use crate::run::Search;

/// A city with fewer documents than this, and than this share of what the others have in the middle,
/// has too few.
const FEW: u64 = 5;
const LEAST_SHARE: u64 = 3;
/// Names in a row.
const MOST_NAMED: usize = 8;

/// Adds what is to be known of the whole.
pub(super) fn add(gaps: &mut Gaps, left_out: usize, search: &Search<'_>) {
    let mut add = |kind, text: String| {
        gaps.caveats.push(Caveat {
            kind,
            text,
            cells: Vec::new(),
        });
    };
    let own = &gaps.city;
    let without: Vec<&str> = gaps
        .against
        .iter()
        .filter(|city| city.documents == 0)
        .map(|city| city.label.as_str())
        .collect();
    if own.documents == 0 {
        let text = format!(
            "无该市文件：库中没有{}的文件，或都在筛选之外，无从判断缺什么。",
            own.label
        );
        add(CaveatKind::NoDocuments, text);
    }
    if !without.is_empty() {
        let text = format!("无该市文件：{}，没有参加比较。", named(&without));
        add(CaveatKind::NoDocuments, text);
    }
    let mut counts: Vec<u64> = gaps.against.iter().map(|city| city.documents).collect();
    counts.retain(|count| *count > 0);
    counts.sort_unstable();
    let middle = counts.get(counts.len() / 2).copied().unwrap_or(0);
    if own.documents > 0 && (own.documents < FEW || own.documents * LEAST_SHARE < middle) {
        let text = format!(
            "{}只有 {} 份文件，对标城市居中的一个有 {middle} 份；未检到的多半是没有收录。",
            own.label, own.documents
        );
        add(CaveatKind::FewDocuments, text);
    }
    let lacking = lacking_types(gaps, search);
    if !lacking.is_empty() {
        let lacking: Vec<&str> = lacking.iter().map(String::as_str).collect();
        let text = format!(
            "有的依据出自{}，{}没有收录这类文件。",
            named(&lacking),
            gaps.city.label
        );
        gaps.caveats.push(Caveat {
            kind: CaveatKind::DocType,
            text,
            cells: Vec::new(),
        });
    }
    let mut add = |text: String| {
        gaps.caveats.push(Caveat {
            kind: CaveatKind::NotShown,
            text,
            cells: Vec::new(),
        });
    };
    if gaps.left_out > 0 {
        add(format!(
            "另有 {} 个事项没有列出，最多列 {MOST_GAP_ROWS} 个；可加主题、检索词，或要求更多城市有。",
            gaps.left_out
        ));
    }
    if left_out > 0 {
        add(format!(
            "另有 {left_out} 个城市有命中而没有参加比较，可指定城市再比。"
        ));
    }
}

/// Types of documents that the others are quoted from and the city has none of.
fn lacking_types(gaps: &Gaps, search: &Search<'_>) -> BTreeSet<String> {
    let rows = gaps.rows.iter();
    let hits = rows.flat_map(|row| row.against.iter().flat_map(|city| &city.hits));
    let quoted: BTreeSet<String> = hits.filter_map(|hit| hit.hit.doc_type.clone()).collect();
    let profiles = search.snapshot.profiles.as_ref();
    let (Some(types), Some(cities)) = (profiles.facet("doc_type"), profiles.facet("city")) else {
        return BTreeSet::new();
    };
    let is_own = |document: usize| {
        let city = cities.held.values(document).first();
        city.is_some_and(|city| cities.values[*city as usize] == gaps.city.value)
    };
    let own: BTreeSet<&str> = (0..profiles.documents())
        .filter(|document| is_own(*document))
        .filter_map(|document| types.held.values(document).first())
        .map(|value| types.values[*value as usize].as_str())
        .collect();
    if own.is_empty() {
        return BTreeSet::new();
    }
    let lacking = quoted.into_iter();
    lacking
        .filter(|name| !own.contains(name.as_str()))
        .collect()
}

fn named(names: &[&str]) -> String {
    let shown = names.iter().take(MOST_NAMED).copied().collect::<Vec<_>>();
    match names.len() {
        0..=MOST_NAMED => shown.join("、"),
        all => format!("{}等 {all} 个", shown.join("、")),
    }
}
