//! Finds a wording and sorts what has it by place and year.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use duibiao_index::Unit;
use tantivy::query::{BooleanQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocAddress, DocId, Term as Key};

use super::reading::{Read, Reader};
use super::{Appearance, MOST_TRACED_PLACES, MOST_TRACED_YEARS, Trace, TraceCell, TracedPlace};
use crate::compare::matches::Matches;
use crate::error::{Error, engine};
use crate::facets::value_label;
use crate::filter::Resolved;
use crate::matching::Added;
use crate::profiles::Profiles;
use crate::run::Search;

/// Passages that are read to find out whether they only cite; the earliest of all.
const MOST_READ: usize = 4_000;
/// Years before the first that are shown, to tell that they were searched.
const BEFORE: i16 = 2;

/// What is looked for.
pub(super) struct Finding<'a> {
    pub(super) search: &'a Search<'a>,
    /// Comparable forms of the wording.
    pub(super) forms: &'a [String],
    /// Other words for it as the lexicon has them, with their comparable form.
    pub(super) variants: &'a [(String, String)],
}

/// A passage that has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hold {
    pub(super) address: DocAddress,
    /// Number of its document.
    pub(super) document: u32,
    pub(super) place: usize,
    /// 0 without one.
    pub(super) year: i16,
    /// Its date as `yyyymmdd`, as late as it may be; what has none comes last.
    pub(super) latest: u32,
    /// As early as it may be.
    pub(super) earliest: u32,
    /// Id of the document and ordinal, so that an order is always the same.
    pub(super) id: (u64, u32),
}

/// What a place has in a year.
type Cells = HashMap<(usize, i16), TraceCell>;

impl Finding<'_> {
    /// The whole of it but for what it is called.
    pub(super) fn trace(&self) -> Result<Trace, Error> {
        let search = self.search;
        let profiles = search.snapshot.profiles.as_ref();
        let places = Places::of(profiles);
        let forms: Vec<&str> = self.forms.iter().map(String::as_str).collect();
        let having = self.having(&forms)?;
        let forms: Vec<&str> = self
            .variants
            .iter()
            .map(|(_, text)| text.as_str())
            .collect();
        let others = if forms.is_empty() {
            None
        } else {
            Some(self.having(&forms)?)
        };
        let mut cells = Cells::new();
        self.count_documents(&places, &mut cells)?;
        let mut holds = self.holds(&having, &places);
        holds.sort_unstable_by_key(|hold| (hold.latest, hold.id));
        let reader = Reader::new(search, self.forms);
        let mut read: Vec<Option<Read>> = Vec::with_capacity(holds.len());
        for (number, hold) in holds.iter().enumerate() {
            read.push(if number < MOST_READ {
                Some(reader.read(hold)?)
            } else {
                None
            });
        }
        let mut with: BTreeSet<u32> = BTreeSet::new();
        for (hold, read) in holds.iter().zip(&read) {
            let cell = cells.entry((hold.place, hold.year)).or_default();
            cell.passages += 1;
            if with.insert(hold.document) {
                cell.documents += 1;
                cell.inferred += u64::from(read.is_some_and(|read| read.is_year_inferred));
            }
            cell.cited += u64::from(read.is_some_and(|read| read.is_cited));
        }
        let documents = with.len() as u64;
        if let Some(others) = &others {
            let mut seen: BTreeSet<u32> = BTreeSet::new();
            for hold in self.holds(others, &places) {
                let segment = hold.address.segment_ord as usize;
                if having.has(segment, hold.address.doc_id) {
                    continue;
                }
                let cell = cells.entry((hold.place, hold.year)).or_default();
                cell.variant_passages += 1;
                if !with.contains(&hold.document) && seen.insert(hold.document) {
                    cell.variant_documents += 1;
                }
            }
        }
        cells.values_mut().for_each(TraceCell::settle);
        let mut trace = self.laid_out(&places, &cells);
        let firsts = Firsts {
            holds: &holds,
            read: &read,
        };
        trace.documents = documents;
        trace.passages = holds.len() as u64;
        if let Some(first) = firsts.of(|_| true) {
            trace.first = Some(reader.appearance(&holds, first, read[first], |_| true)?);
            let is_stated = |at: usize| {
                holds[at].year > 0 && read[at].is_some_and(|read| !read.is_year_inferred)
            };
            let stated = firsts.of(is_stated).filter(|_| !is_stated(first));
            if let Some(stated) = stated.filter(|stated| *stated != first) {
                trace.first_stated =
                    Some(reader.appearance(&holds, stated, read[stated], is_stated)?);
            }
        }
        let mut order: Vec<(u32, usize, TracedPlace)> = Vec::new();
        for (place, mut told) in std::mem::take(&mut trace.places)
            .into_iter()
            .filter_map(|told| Some((places.number(&told.value)?, told)))
        {
            let is_here = |at: usize| holds[at].place == place;
            let mut key = u32::MAX;
            if let Some(first) = firsts.of(is_here) {
                told.first = Some(reader.appearance(&holds, first, read[first], is_here)?);
                key = holds[first].latest;
            }
            order.push((key, place, told));
        }
        order.sort_by_key(|(key, place, _)| (*key, *place));
        let left_out = order.len().saturating_sub(MOST_TRACED_PLACES);
        order.truncate(MOST_TRACED_PLACES);
        trace.places = order.into_iter().map(|(_, _, told)| told).collect();
        self.warn(&mut trace, &holds, &read, left_out);
        Ok(trace)
    }

    /// The entries that have one of some comparable texts.
    fn having(&self, texts: &[&str]) -> Result<Matches, Error> {
        let search = self.search;
        let matcher = search.matcher(Added::Nothing);
        let any = texts.iter().map(|text| matcher.literal(text)).collect();
        let any = BooleanQuery::union(any);
        Matches::collect(&any, search.filters, search.snapshot, search.deadline()).map_err(engine)
    }

    fn count_documents(&self, places: &Places, cells: &mut Cells) -> Result<(), Error> {
        let search = self.search;
        let all = TermQuery::new(
            Key::from_field_text(search.engine.fields.unit, Unit::Document.as_str()),
            IndexRecordOption::Basic,
        );
        let filters = search.filters.iter();
        let filters: Vec<Resolved> = filters
            .filter(|filter| !matches!(filter.name, "theme" | "status"))
            .cloned()
            .collect();
        let all = Matches::collect(&all, &filters, search.snapshot, search.deadline());
        for (number, docs) in all.map_err(engine)?.segments.iter().enumerate() {
            let entries = search.snapshot.profiles.segment(number);
            for doc in docs {
                let document = entries[*doc as usize].document;
                let (place, year) = places.of_document(document);
                cells.entry((place, year)).or_default().searched += 1;
            }
        }
        Ok(())
    }

    fn holds(&self, matches: &Matches, places: &Places) -> Vec<Hold> {
        let profiles = self.search.snapshot.profiles.as_ref();
        let mut holds = Vec::new();
        for (number, docs) in matches.segments.iter().enumerate() {
            let entries = profiles.segment(number);
            holds.extend(docs.iter().map(|&doc: &DocId| {
                let entry = entries[doc as usize];
                let common = profiles.common(entry);
                let (place, year) = places.of_document(entry.document);
                let (earliest, latest) = bounds(common.date, year);
                Hold {
                    address: DocAddress::new(number as u32, doc),
                    document: entry.document,
                    place,
                    year,
                    latest,
                    earliest,
                    id: (common.id, profiles.ordinal(number, doc)),
                }
            }));
        }
        holds
    }

    /// Places and years with their cells.
    fn laid_out(&self, places: &Places, cells: &Cells) -> Trace {
        let is_telling = |cell: &TraceCell| cell.passages + cell.variant_passages > 0;
        let telling = cells.iter().filter(|(_, cell)| is_telling(cell));
        let with: BTreeSet<usize> = telling.clone().map(|((place, _), _)| *place).collect();
        let found: BTreeSet<i16> = telling.map(|((_, year), _)| *year).collect();
        let years_of_these = cells
            .iter()
            .filter(|((place, year), cell)| *year > 0 && cell.searched > 0 && with.contains(place));
        let known: BTreeSet<i16> = years_of_these.map(|((_, year), _)| *year).collect();
        let years = match (found.iter().find(|year| **year > 0), known.last()) {
            (Some(first), Some(last)) => {
                let begin = (first - BEFORE).max(*known.first().unwrap_or(first));
                let begin = begin.max(last - MOST_TRACED_YEARS as i16 + 1);
                (begin..=*last).collect()
            }
            _ => Vec::new(),
        };
        let all: BTreeSet<usize> = cells
            .iter()
            .filter(|(_, cell)| cell.searched > 0)
            .map(|((place, _), _)| *place)
            .collect();
        let cell = |place: usize, year: i16| cells.get(&(place, year)).copied().unwrap_or_default();
        Trace {
            term: String::new(),
            variants: self.variants.iter().map(|(term, _)| term.clone()).collect(),
            first: None,
            first_stated: None,
            documents: 0,
            passages: 0,
            places: with
                .iter()
                .map(|place| TracedPlace {
                    value: places.values[*place].clone(),
                    label: places.label(*place, self.search),
                    first: None,
                    cells: years.iter().map(|year| cell(*place, *year)).collect(),
                    undated: cell(*place, 0),
                })
                .collect(),
            others: all.difference(&with).count(),
            years,
            caveats: Vec::new(),
            took_ms: 0.0,
        }
    }

    fn warn(&self, trace: &mut Trace, holds: &[Hold], read: &[Option<Read>], left_out: usize) {
        let documents = |is_so: &dyn Fn(&Hold) -> bool| {
            let so = holds.iter().filter(|hold| is_so(hold));
            so.map(|hold| hold.document)
                .collect::<BTreeSet<u32>>()
                .len()
        };
        let caveats = &mut trace.caveats;
        if trace.first.is_some() {
            caveats.push(
                "“首见”只是本库所收文件里最早的一份，库外可能更早；修改过的文件按所载日期计，其中的说法可能是后来改入的；先后不说明谁学谁。".to_owned(),
            );
        }
        let undated = documents(&|hold| hold.year == 0);
        if undated > 0 {
            caveats.push(format!(
                "有此词的文件中 {undated} 份年份不详，不排先后，单列一栏。"
            ));
        }
        if trace
            .first
            .as_ref()
            .is_some_and(|first| first.is_time_inferred)
        {
            caveats.push("首见文件的年份或日期为推定。".to_owned());
        }
        let is_unsure = |first: &Appearance| !first.is_sure && first.hit.year.is_some();
        if trace.first.as_ref().is_some_and(is_unsure) {
            caveats.push("另有文件日期不全或同日，与首见孰先不能确定。".to_owned());
        }
        let cited = read.iter().flatten().filter(|read| read.is_cited).count();
        if cited > 0 {
            caveats.push(format!(
                "{cited} 条只在书名号里引用其他文件的标题；只有这种引用的年份标“只引标题”，不作首见。"
            ));
        }
        let unread = read.iter().filter(|read| read.is_none()).count();
        if unread > 0 {
            caveats.push(format!(
                "较晚的 {unread} 条没有逐条看是否只引标题，都算作“有”。"
            ));
        }
        let first_year = trace.years.first().copied().unwrap_or(0);
        let earlier = documents(&|hold| hold.year > 0 && hold.year < first_year);
        if earlier > 0 {
            caveats.push(format!(
                "另有 {earlier} 份早于 {first_year} 年，年份太多，表中没有列出。"
            ));
        }
        if left_out > 0 {
            caveats.push(format!(
                "另有 {left_out} 个较晚才有的地区没有列出，可加筛选再看。"
            ));
        }
        if trace.others > 0 {
            caveats.push(format!("另有 {} 个地区有文件而未检到。", trace.others));
        }
    }
}

/// The earliest and the latest day of a date, as `yyyymmdd`; of what has no year, the last there is.
fn bounds(date: u32, year: i16) -> (u32, u32) {
    let year = if date > 0 {
        date / 10_000
    } else {
        u32::try_from(year).unwrap_or(0)
    };
    if year == 0 {
        return (u32::MAX, u32::MAX);
    }
    let (month, day) = (date / 100 % 100, date % 100);
    let or = |part: u32, other: u32| if part == 0 { other } else { part };
    (
        year * 10_000 + or(month, 1) * 100 + or(day, 1),
        year * 10_000 + or(month, 12) * 100 + or(day, 31),
    )
}

/// The first of some passages, in order: one that does more than cite, else one that cites; one with a
/// year, else one without.
struct Firsts<'a> {
    holds: &'a [Hold],
    read: &'a [Option<Read>],
}

impl Firsts<'_> {
    fn of(&self, is_meant: impl Fn(usize) -> bool) -> Option<usize> {
        let is_cited = |at: usize| self.read[at].is_some_and(|read| read.is_cited);
        let mut all = (0..self.holds.len()).filter(|at| is_meant(*at));
        let mut citing = None;
        let said = all.find(|at| {
            if is_cited(*at) {
                citing = citing.or(Some(*at));
            }
            !is_cited(*at)
        });
        said.or(citing)
    }
}

/// Where documents belong: their city, else their province, else nowhere.
struct Places {
    values: Vec<String>,
    of_documents: Vec<(usize, i16)>,
}

impl Places {
    fn of(profiles: &Profiles) -> Self {
        let value = |name: &str, document: usize| -> Option<&str> {
            let facet = profiles.facet(name)?;
            let value = *facet.held.values(document).first()?;
            let value = facet.values[value as usize].as_str();
            (!value.is_empty()).then_some(value)
        };
        let mut numbers: BTreeMap<String, usize> = BTreeMap::new();
        let of_documents: Vec<(String, i16)> = (0..profiles.documents())
            .map(|document| {
                let place = value("city", document).or_else(|| value("province", document));
                let year = value("year", document).and_then(|year| year.parse().ok());
                (place.unwrap_or_default().to_owned(), year.unwrap_or(0))
            })
            .collect();
        for (place, _) in &of_documents {
            numbers.entry(place.clone()).or_default();
        }
        for (at, number) in numbers.values_mut().enumerate() {
            *number = at;
        }
        Self {
            of_documents: of_documents
                .into_iter()
                .map(|(place, year)| (numbers[&place], year))
                .collect(),
            values: numbers.into_keys().collect(),
        }
    }

    fn of_document(&self, document: u32) -> (usize, i16) {
        self.of_documents[document as usize]
    }

    fn number(&self, value: &str) -> Option<usize> {
        self.values
            .binary_search_by(|own| own.as_str().cmp(value))
            .ok()
    }

    /// A province's name says that the documents are of none of its cities.
    fn label(&self, place: usize, search: &Search<'_>) -> String {
        let value = self.values[place].as_str();
        if value.is_empty() {
            return "国家或地区不详".to_owned();
        }
        let lexicon = search.engine.lexicon();
        let name = value_label("city", value, lexicon);
        let code = value.parse().ok();
        let place = code.and_then(|code| lexicon.gazetteer().get(code));
        let is_city_too = place.is_some_and(|place| place.city == Some(place.code));
        if value.ends_with("0000") && !is_city_too {
            format!("{name}（不分市）")
        } else {
            name
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_of_a_date_may_be_early_or_late() {
        assert_eq!(bounds(20_170_300, 2017), (20_170_301, 20_170_331));
        assert_eq!(bounds(0, 2017), (20_170_101, 20_171_231));
        assert_eq!(bounds(20_170_321, 2017), (20_170_321, 20_170_321));
        assert_eq!(bounds(0, 0), (u32::MAX, u32::MAX));
    }
}
