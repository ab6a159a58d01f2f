//! What a watched search found, kept from one look to the next, and how two looks differ.
//!
//! Small: of a hit its number, a hash of its text and the text's sketch, about 45 bytes as JSON. No
//! text is kept, so it tells that something changed and never what it was. It reads no index and
//! no file.

use std::collections::{BTreeMap, BTreeSet};

use duibiao_corpus::DocumentId;
use duibiao_index::Sketch;
use serde::{Deserialize, Serialize};

/// Equal bytes of two sketches from which one text is the other reworded: a third of what stands
/// in either stands in both.
const REWORDED: u32 = 3;
/// Pairs of a document's hits that are compared; where there are more, places alone tell.
const MOST_PAIRS: usize = 1_000_000;

/// A hit as it was seen: a passage, or a document with number 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Print {
    pub(crate) ordinal: u32,
    /// Hash of its text ([`text_hash`]).
    pub(crate) text: u64,
    /// [`Sketch`] of its text.
    pub(crate) sketch: u64,
}

/// A document with hits in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SeenDocument {
    /// Hash of its whole text; 0 where not all that is new in it has been told.
    pub(crate) text: u64,
    pub(crate) hits: Vec<Print>,
}

/// The hits of a search as they were seen at one look.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    try_from = "BTreeMap<DocumentId, String>",
    into = "BTreeMap<DocumentId, String>"
)]
pub struct Seen {
    pub(crate) documents: BTreeMap<DocumentId, SeenDocument>,
}

impl Seen {
    /// How many hits there are.
    pub fn hits(&self) -> usize {
        let documents = self.documents.values();
        documents.map(|document| document.hits.len()).sum()
    }

    pub(crate) fn of(&mut self, document: u64) -> &mut SeenDocument {
        let id = DocumentId::from_u64(document);
        self.documents.entry(id).or_default()
    }
}

/// The documents of an index as they were seen at one look: eight bytes for each, which its path,
/// its length and the sketch of its text decide.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KnownDocuments(BTreeSet<u64>);

impl KnownDocuments {
    pub(crate) fn add(&mut self, id: u64, chars: u64, sketch: u64) {
        self.0.insert(Self::key(id, chars, sketch));
    }

    pub(crate) fn has(&self, id: u64, chars: u64, sketch: u64) -> bool {
        self.0.contains(&Self::key(id, chars, sketch))
    }

    fn key(id: u64, chars: u64, sketch: u64) -> u64 {
        let mut hasher = blake3::Hasher::new();
        for number in [id, chars, sketch] {
            hasher.update(&number.to_le_bytes());
        }
        first_bytes(&hasher.finalize())
    }
}

/// The text of a passage behind the number it is listed under (三、 （一） 第十二条 3.): what stands
/// in front of it may come and go. Of comparable text.
pub(crate) fn behind_number(comparable: &str) -> &str {
    let is_digit = |c: char| c.is_ascii_digit() || "〇零一二三四五六七八九十百千".contains(c);
    let text = comparable.trim_start();
    let number = text.trim_start_matches(['(', '第']);
    let rest = number.trim_start_matches(is_digit);
    let behind = ["、", ")", "条", "."]
        .iter()
        .find_map(|sign| rest.strip_prefix(sign));
    match behind {
        // 3.5亿元 is no number of a list.
        Some(behind) if rest.len() < number.len() && !behind.starts_with(is_digit) => behind,
        _ => text,
    }
}

/// A hash of a text, for which white space does not count: other programs break lines elsewhere.
/// Never 0.
pub(crate) fn text_hash<'t>(parts: impl Iterator<Item = &'t str>) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        for word in part.split_whitespace() {
            hasher.update(word.as_bytes());
        }
    }
    first_bytes(&hasher.finalize()).max(1)
}

fn first_bytes(hash: &blake3::Hash) -> u64 {
    let mut first = [0; 8];
    first.copy_from_slice(&hash.as_bytes()[..8]);
    u64::from_le_bytes(first)
}

/// How the hits of a document differ between two looks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// Places in the new ones of those that were seen before, wherever they stood.
    pub(crate) same: Vec<usize>,
    /// The one that was seen, and the place in the new ones of what became of it.
    pub(crate) changed: Vec<(Print, usize)>,
    pub(crate) new: Vec<usize>,
    pub(crate) gone: Vec<Print>,
}

/// Compares the hits of one document: first by their whole text, then by likeness, and what is
/// left by place.
pub(crate) fn compare(old: &[Print], new: &[Print]) -> Difference {
    let mut difference = Difference::default();
    let mut by_text: BTreeMap<u64, Vec<Print>> = BTreeMap::new();
    for print in old.iter().rev() {
        by_text.entry(print.text).or_default().push(*print);
    }
    let mut left = Vec::new();
    for (place, print) in new.iter().enumerate() {
        match by_text.get_mut(&print.text).and_then(Vec::pop) {
            Some(_) => difference.same.push(place),
            None => left.push(place),
        }
    }
    let mut lost: Vec<Print> = by_text.into_values().flatten().collect();
    pair_alike(&mut lost, new, &mut left, &mut difference.changed);
    let mut by_place: BTreeMap<u32, Print> = lost.into_iter().map(|p| (p.ordinal, p)).collect();
    for place in left {
        match by_place.remove(&new[place].ordinal) {
            Some(old) => difference.changed.push((old, place)),
            None => difference.new.push(place),
        }
    }
    difference.gone = by_place.into_values().collect();
    difference
}

/// Takes the pairs out that are most alike.
fn pair_alike(
    lost: &mut Vec<Print>,
    new: &[Print],
    left: &mut Vec<usize>,
    changed: &mut Vec<(Print, usize)>,
) {
    if lost.len().saturating_mul(left.len()) > MOST_PAIRS {
        return;
    }
    let mut pairs = Vec::new();
    for (one, old) in lost.iter().enumerate() {
        for (other, &place) in left.iter().enumerate() {
            let alike = Sketch::alike(old.sketch, new[place].sketch);
            if alike >= REWORDED {
                let moved = old.ordinal.abs_diff(new[place].ordinal);
                pairs.push((std::cmp::Reverse(alike), moved, one, other));
            }
        }
    }
    pairs.sort_unstable();
    let (mut is_lost, mut is_left) = (vec![true; lost.len()], vec![true; left.len()]);
    for (_, _, one, other) in pairs {
        if is_lost[one] && is_left[other] {
            (is_lost[one], is_left[other]) = (false, false);
            changed.push((lost[one], left[other]));
        }
    }
    let (mut is_lost, mut is_left) = (is_lost.into_iter(), is_left.into_iter());
    lost.retain(|_| is_lost.next().unwrap_or(true));
    left.retain(|_| is_left.next().unwrap_or(true));
}

/// What is wrong with kept text that is none of ours.
fn not_ours(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    format!("{shown:?} is nothing that a look leaves behind")
}

impl From<Seen> for BTreeMap<DocumentId, String> {
    fn from(seen: Seen) -> Self {
        let text = |document: &SeenDocument| {
            let hits = document.hits.iter();
            let hits = hits.map(|p| format!(" {}.{:016x}.{:016x}", p.ordinal, p.text, p.sketch));
            format!("{:016x}{}", document.text, hits.collect::<String>())
        };
        let documents = seen.documents.iter();
        documents.map(|(id, seen)| (*id, text(seen))).collect()
    }
}

impl TryFrom<BTreeMap<DocumentId, String>> for Seen {
    type Error = String;

    fn try_from(kept: BTreeMap<DocumentId, String>) -> Result<Self, String> {
        let documents = kept.into_iter().map(|(id, text)| {
            let document = read(&text).ok_or_else(|| not_ours(&text))?;
            Ok((id, document))
        });
        Ok(Self {
            documents: documents.collect::<Result<_, String>>()?,
        })
    }
}

fn read(text: &str) -> Option<SeenDocument> {
    let mut parts = text.split(' ');
    let whole = hexadecimal(parts.next()?)?;
    let hits = parts.map(|part| {
        let (ordinal, prints) = part.split_once('.')?;
        let (text, sketch) = prints.split_once('.')?;
        Some(Print {
            ordinal: ordinal.parse().ok()?,
            text: hexadecimal(text)?,
            sketch: hexadecimal(sketch)?,
        })
    });
    Some(SeenDocument {
        text: whole,
        hits: hits.collect::<Option<_>>()?,
    })
}

fn hexadecimal(text: &str) -> Option<u64> {
    let is_plain = text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit());
    is_plain.then(|| u64::from_str_radix(text, 16).ok())?
}

impl From<KnownDocuments> for String {
    fn from(known: KnownDocuments) -> Self {
        let keys = known.0.iter();
        keys.map(|key| format!("{key:016x}")).collect()
    }
}

impl TryFrom<String> for KnownDocuments {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let keys = text.as_bytes().chunks(16).map(|digits| {
            let digits = std::str::from_utf8(digits).ok();
            digits.and_then(hexadecimal)
        });
        match keys.collect::<Option<_>>() {
            Some(keys) => Ok(Self(keys)),
            None => Err(not_ours(&text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(ordinal: u32, text: &str) -> Print {
        Print {
            ordinal,
            text: text_hash([text].into_iter()),
            sketch: Sketch::of(text).key(),
        }
    }

    const LONG: &str = "推行容缺受理，对主要材料齐全的事项先行办理，次要材料限期补齐";
    const REWORDED: &str = "推行容缺受理，对主要材料齐全的事项先行办理，次要材料10日内补齐";
    const OTHER: &str = "规范中介服务收费，建立中介超市，实行统一入驻、公开选取";

    #[test]
    fn a_hit_that_only_moved_is_the_same() {
        let old = [print(3, LONG), print(4, OTHER)];
        let new = [print(3, "新增一条"), print(4, LONG), print(5, OTHER)];
        let found = compare(&old, &new);
        assert_eq!((found.same, found.new), (vec![1, 2], vec![0]));
        assert!(found.changed.is_empty() && found.gone.is_empty());
        assert_eq!(
            text_hash(["审批 提速\n一倍"].into_iter()),
            text_hash(["审批提", "速一倍"].into_iter())
        );
    }

    #[test]
    fn numbers_of_a_list_do_not_count_and_others_do() {
        for (text, behind) in [
            ("三、推行", "推行"),
            ("(十二)推行", "推行"),
            ("第三条 推行", " 推行"),
            ("3.推行", "推行"),
            ("3.5亿元", "3.5亿元"),
            ("三个窗口", "三个窗口"),
            ("第三次推行", "第三次推行"),
            ("推行", "推行"),
            ("、", "、"),
        ] {
            assert_eq!(behind_number(text), behind, "{text}");
        }
    }

    #[test]
    fn what_was_reworded_is_changed_wherever_it_stands() {
        let old = [print(3, LONG), print(7, "短句")];
        let new = [print(5, OTHER), print(6, REWORDED), print(7, "短语")];
        let found = compare(&old, &new);
        assert_eq!(found.changed, [(old[0], 1), (old[1], 2)]);
        assert_eq!((found.new, found.gone), (vec![0], vec![]));
    }

    #[test]
    fn of_the_same_text_twice_one_can_go() {
        let old = [print(1, LONG), print(2, LONG)];
        let found = compare(&old, &[print(1, LONG)]);
        assert_eq!((found.same, found.gone), (vec![0], vec![old[1]]));
        let found = compare(&[old[0]], &old);
        assert_eq!((found.same, found.new), (vec![0], vec![1]));
    }

    #[test]
    fn many_changes_in_one_document_are_told_by_place() {
        let many = |text: &str| -> Vec<Print> {
            let all = 1..=1_200;
            all.map(|n| print(n, &format!("{text}{n}"))).collect()
        };
        let found = compare(&many("第一版的第"), &many("改写以后的第"));
        assert_eq!(found.changed.len(), 1_200);
        assert!(
            found
                .changed
                .iter()
                .all(|(old, place)| old.ordinal as usize == place + 1)
        );
    }

    #[test]
    fn what_is_kept_comes_back_and_nothing_else_is_read() {
        let mut seen = Seen::default();
        for path in ["a.txt", "b.txt"] {
            let document = SeenDocument {
                text: 7,
                hits: vec![print(3, LONG), print(4, OTHER)],
            };
            seen.documents.insert(DocumentId::of_path(path), document);
        }
        let mut known = KnownDocuments::default();
        known.add(1, 2, 3);
        known.add(u64::MAX, 0, 0);
        let json = serde_json::to_string(&(&seen, &known)).expect("JSON");
        assert_eq!(
            serde_json::from_str::<(Seen, KnownDocuments)>(&json).expect("our own"),
            (seen.clone(), known)
        );
        assert_eq!(seen.hits(), 4);
        for wrong in [
            "",
            "7",
            "0000000000000007 3",
            "0000000000000007 3.1.2",
            "0000000000000007  ",
        ] {
            let kept = BTreeMap::from([(DocumentId::of_path("a"), wrong.to_owned())]);
            assert!(Seen::try_from(kept).is_err(), "{wrong:?}");
        }
        for wrong in [
            "1",
            "00000000000000zz",
            "+000000000000001",
            "容缺受理容缺受理",
        ] {
            assert!(
                KnownDocuments::try_from(wrong.to_owned()).is_err(),
                "{wrong}"
            );
        }
    }
}
