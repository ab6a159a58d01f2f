//! Candidates read, compared with the passage by their words, and put into groups of near-copies.

use duibiao_corpus::{DocumentId, PartialDate, Passage, PassageId, Script};
use duibiao_index::{Head, Sketch};
use tantivy::DocAddress;
use tantivy::schema::TantivyDocument;

use super::changes::changes;
use super::gist::{Source, Weigher, Words};
use super::{CopyGroup, SimilarHit};
use crate::collect::{Found, Order};
use crate::engine::{Engine, Snapshot, text_of};
use crate::error::{Error, engine};
use crate::fold::{ALIKE, COPY};
use crate::hit::{self, Stored};
use crate::request::Request;
use crate::response::{Copy, Hit};
use crate::snippet::Marks;

/// Below this two passages share words that any two share.
const LEAST_LIKENESS: f32 = 0.12;
/// How much what stands around a passage counts beside its own words.
const AROUND: f32 = 0.25;
/// The share of common stretches from which texts are compared word by word.
const COMPARED: f32 = 0.3;
/// Words that are named as shared.
const MOST_SHARED: usize = 6;

/// Reads and compares passages.
pub(super) struct Look<'a> {
    pub(super) engine: &'a Engine,
    pub(super) snapshot: &'a Snapshot,
    pub(super) request: &'a Request,
    pub(super) weigher: Weigher<'a>,
}

/// A passage that was read, with its words.
pub(super) struct Read {
    id: PassageId,
    found: Found,
    entry: TantivyDocument,
    head: Head,
    /// Its headings, problem and title.
    around: String,
    /// Its own text.
    pub(super) words: Words,
    around_words: Words,
    sketch: u64,
}

/// A passage beside the one that is asked about.
pub(super) struct Alike {
    read: Read,
    /// Of their words, and a little of what stands around them.
    likeness: f32,
}

/// Near-copies of each other, the most alike first.
pub(super) struct Group {
    /// Whether they are copies of the passage asked about.
    is_own: bool,
    comparable: String,
    sketch: u64,
    members: Vec<Alike>,
}

impl Read {
    fn text(&self, engine: &Engine) -> &str {
        text_of(&self.entry, engine.fields.original)
    }

    fn script(&self) -> Script {
        script_of(&self.head)
    }

    /// It with what it stands under, to look for the like of it.
    pub(super) fn source(&self) -> Source<'_> {
        Source {
            around: &self.around,
            title: self.head.title.as_ref().map_or("", |title| &title.value),
            script: self.script(),
        }
    }
}

impl Look<'_> {
    /// The passage that is asked about.
    pub(super) fn own(&self, id: PassageId, address: DocAddress) -> Result<Read, Error> {
        let order = Order {
            below: 0,
            primary: 0,
            document: id.document.as_u64(),
            ordinal: u64::from(id.ordinal),
        };
        self.read(Found {
            order,
            address,
            score: 0.0,
        })
    }

    fn read(&self, found: Found) -> Result<Read, Error> {
        self.request.deadline.check().map_err(engine)?;
        let fields = &self.engine.fields;
        let searcher = &self.snapshot.searcher;
        let entry: TantivyDocument = searcher.doc(found.address).map_err(engine)?;
        let head: Head = serde_json::from_str(text_of(&entry, fields.head))?;
        let passage: Passage = serde_json::from_str(text_of(&entry, fields.body))?;
        let script = script_of(&head);
        let problem = passage.problem.as_ref().map_or("", |problem| &problem.text);
        let around = format!("{}\n{problem}", passage.heading_path.join("\n"));
        let title = head.title.as_ref().map_or("", |title| &title.value);
        let words = self.weigher.words(text_of(&entry, fields.original), script);
        let around_words = self.weigher.words(&format!("{around}\n{title}"), script);
        let segment = searcher.segment_reader(found.address.segment_ord);
        let sketches = segment.fast_fields().u64("sketch").map_err(engine)?;
        Ok(Read {
            id: PassageId {
                document: DocumentId::from_u64(found.order.document),
                ordinal: found.order.ordinal as u32,
            },
            found,
            words: words.map_err(engine)?,
            around_words: around_words.map_err(engine)?,
            around,
            entry,
            head,
            sketch: sketches.first(found.address.doc_id).unwrap_or(0),
        })
    }
}

impl Look<'_> {
    /// Candidates that are alike, in groups of near-copies; those of the passage itself first,
    /// then by the most alike of each.
    pub(super) fn grouped(&self, own: &Read, found: Vec<Found>) -> Result<Vec<Group>, Error> {
        let mut alike = Vec::with_capacity(found.len());
        for found in found {
            let read = self.read(found)?;
            let of_words = own.words.likeness(&read.words);
            if of_words >= LEAST_LIKENESS {
                let around = own.around_words.likeness(&read.around_words);
                let likeness = (of_words + AROUND * around) / (1.0 + AROUND);
                alike.push(Alike { read, likeness });
            }
        }
        alike.sort_by(|a, b| {
            let (one, other) = (&a.read.found.order, &b.read.found.order);
            (b.likeness.total_cmp(&a.likeness))
                .then((one.document, one.ordinal).cmp(&(other.document, other.ordinal)))
        });
        let comparable = |read: &Read| self.engine.analyzer.comparable(read.text(self.engine));
        let mut groups = vec![Group {
            is_own: true,
            comparable: comparable(own),
            sketch: own.sketch,
            members: Vec::new(),
        }];
        for one in alike {
            self.request.deadline.check().map_err(engine)?;
            let text = comparable(&one.read);
            let is_copy = |group: &&mut Group| {
                Sketch::alike(group.sketch, one.read.sketch) >= ALIKE
                    && Sketch::likeness(&group.comparable, &text) >= COPY
            };
            match groups.iter_mut().find(is_copy) {
                Some(group) => group.members.push(one),
                None => groups.push(Group {
                    is_own: false,
                    comparable: text,
                    sketch: one.read.sketch,
                    members: vec![one],
                }),
            }
        }
        groups.retain(|group| !group.members.is_empty());
        Ok(groups)
    }

    /// The passage asked about, as a hit.
    pub(super) fn asked(&self, own: &Read) -> Result<Hit, Error> {
        self.hit(own, &Marks::default())
    }

    /// The most alike of each group as a hit, with the others behind it.
    pub(super) fn hits(&self, own: &Read, groups: &[Group]) -> Result<Vec<SimilarHit>, Error> {
        let hits = groups
            .iter()
            .filter_map(|group| group.members.split_first());
        hits.map(|(best, others)| self.similar_hit(own, best, others))
            .collect()
    }

    fn similar_hit(&self, own: &Read, best: &Alike, others: &[Alike]) -> Result<SimilarHit, Error> {
        self.request.deadline.check().map_err(engine)?;
        let shared = own.words.most_shared(&best.read.words, MOST_SHARED);
        let mut hit = self.hit(&best.read, &Marks::of(&shared))?;
        hit.score = best.likeness;
        hit.copies = others.iter().map(|other| copy(&other.read)).collect();
        let (one, other) = (own.text(self.engine), best.read.text(self.engine));
        let analyzer = &self.engine.analyzer;
        let common = Sketch::likeness(&analyzer.comparable(one), &analyzer.comparable(other));
        let changes = (common >= COMPARED)
            .then(|| changes(analyzer, (one, own.script()), (other, best.read.script())));
        Ok(SimilarHit {
            hit,
            likeness: best.likeness,
            shared,
            changes: changes.flatten(),
        })
    }

    fn hit(&self, read: &Read, marks: &Marks) -> Result<Hit, Error> {
        let stored = Stored {
            fields: &self.engine.fields,
            passage: Some(read.entry.clone()),
            document: None,
            whole: true,
            style: self.request.citation,
        };
        hit::show(&stored, &read.found, marks, &self.engine.analyzer)
    }
}

/// The groups that have more than one passage, the one asked about counted with its copies.
pub(super) fn copy_groups(own: &Read, groups: &[Group]) -> Vec<CopyGroup> {
    let group = |group: &Group| {
        let asked = group.is_own.then_some(own);
        let members = group.members.iter().map(|member| &member.read);
        let members: Vec<&Read> = asked.into_iter().chain(members).collect();
        (members.len() > 1).then(|| by_date(members))
    };
    groups.iter().filter_map(group).collect()
}

fn by_date(mut members: Vec<&Read>) -> CopyGroup {
    let date = |read: &Read| read.head.date.as_ref().map(|date| date.value);
    members.sort_by_key(|read| {
        let date = date(read);
        (date.is_none(), date.map(PartialDate::sort_key), read.id)
    });
    let is_before = |one: Option<PartialDate>, other| match (one, other) {
        (Some(one), Some(other)) => is_surely_before(one, other),
        _ => false,
    };
    let (first, others) = members.split_at(1);
    let is_first = others
        .iter()
        .all(|read| is_before(date(first[0]), date(read)));
    CopyGroup {
        first: is_first.then(|| first[0].id.to_string()),
        members: members.iter().map(|read| read.id.to_string()).collect(),
    }
}

/// Whether a date lies before another, whatever the parts are that are not known.
fn is_surely_before(one: PartialDate, other: PartialDate) -> bool {
    let latest = (one.year, one.month.unwrap_or(12), one.day.unwrap_or(31));
    let earliest = (other.year, other.month.unwrap_or(1), other.day.unwrap_or(1));
    latest < earliest
}

fn script_of(head: &Head) -> Script {
    if head.is_traditional {
        Script::Hant
    } else {
        Script::Hans
    }
}

fn copy(read: &Read) -> Copy {
    let head = &read.head;
    let place = head.city.as_ref().or(head.province.as_ref());
    Copy {
        id: read.id.to_string(),
        document_id: read.id.document.to_string(),
        title: head.title.as_ref().map(|title| title.value.clone()),
        place: place.map(|place| place.value.clone()),
        year: head.year.as_ref().map(|year| year.value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_before_another_only_where_that_is_sure() {
        let date = |text: &str| text.parse::<PartialDate>().expect("a date");
        let before = |one, other| is_surely_before(date(one), date(other));
        assert!(before("2017-03-20", "2017-03-21"));
        assert!(before("2016", "2017-01-01"));
        assert!(before("2017-02", "2017-03"));
        assert!(!before("2017", "2017-06-01"));
        assert!(!before("2017-06-01", "2017"));
        assert!(!before("2017-03-21", "2017-03-21"));
    }
}
