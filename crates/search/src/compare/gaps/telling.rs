//! What is told of a matter: the best measures of each of the others that say it, and whatever the city
//! has that comes near: it is told as a mention, and what has none is a gap.

use std::collections::HashMap;

use duibiao_corpus::{Passage, ThemeId};
use tantivy::DocAddress;

use crate::collect::{Best, FACETS, Found, Order};
use crate::compare::gaps::matters::{Ground, Matter};
use crate::compare::gaps::own::{Nearest, OwnPassages, RARE, TELLING, is_end};
use crate::compare::gaps::saying::{Saying, sentence_at};
use crate::compare::gaps::standing::Standing;
use crate::compare::hits::Reader;
use crate::compare::reading::{BETWEEN, NO_THEME};
use crate::compare::rows::LEAST_WEIGHT;
use crate::compare::shape::{Cell, CellHit, CellState, ComparedRow, MentionKind};
use crate::engine::text_of;
use crate::error::{Error, engine};
use crate::run::Search;
use crate::snippet::Marks;

/// From this on a sentence of the city that says a piece of the matter is told beside one of the others.
const NEAR: f32 = 0.25;
/// Measures of the others that passages of the city are compared with.
const MOST_COMPARED: usize = 12;
/// And of each city.
const EACH_COMPARED: usize = 2;
/// Hits kept of a city, so that near-copies and what does not say it can be left out.
const LEAST_KEPT: usize = 12;
/// Mentions of a row.
const MOST_MENTIONS: usize = 3;
/// Passages of elsewhere that are read for a row.
const MOST_READ: usize = 12;

/// A row as it is read.
pub(super) struct Told {
    pub(super) row: ComparedRow,
    /// For the city and each of the others what it has.
    pub(super) cells: Vec<Cell>,
}

/// Reads matters.
pub(super) struct Teller<'a, 'g> {
    pub(super) ground: &'a Ground<'g>,
    pub(super) own: &'a mut OwnPassages<'g>,
    pub(super) reader: Reader<'g>,
    scores: HashMap<DocAddress, f32>,
}

impl<'a, 'g> Teller<'a, 'g> {
    pub(super) fn new(
        ground: &'a Ground<'g>,
        own: &'a mut OwnPassages<'g>,
        matters: &[Matter],
    ) -> Result<Self, Error> {
        Ok(Self {
            own,
            reader: Reader::new(ground.search),
            scores: scores(ground, matters)?,
            ground,
        })
    }

    /// The row of a matter; `None` where too few of the others turn out to say it.
    pub(super) fn tell(&mut self, matter: Matter) -> Result<Option<Told>, Error> {
        let search = self.ground.search;
        let forms = matter.term.as_ref().map_or(&[][..], |term| &term.forms);
        let marks = Marks::new(search.term, search.added);
        self.reader.marks = match &matter.term {
            Some(_) => marks.with(forms),
            None if search.term.is_positive_text() => marks,
            None => marks.with(&strong_terms(search, matter.theme.as_ref())),
        };
        let total = self.ground.cities.columns.len();
        let mut cells: Vec<Cell> = (0..total).map(|_| nothing()).collect();
        let limit = search.request.limit;
        let keep = (limit * 3).max(LEAST_KEPT);
        let mut pools: Vec<(u64, Best)> = (0..total).map(|_| (0, Best::new(keep))).collect();
        for (city, address) in &matter.found {
            pools[*city].0 += 1;
            pools[*city].1.offer(self.found(*address));
        }
        let mut compared: Vec<String> = Vec::new();
        let mut cities = 0;
        for (city, (count, best)) in pools.into_iter().enumerate() {
            if count == 0 {
                continue;
            }
            let telling = self.saying(best.into_sorted(), &matter)?;
            // Where all were read, those that turned out to say nothing are not counted.
            let count = if count <= keep as u64 {
                telling.len() as u64
            } else {
                count
            };
            let (telling, sentences): (Vec<Found>, Vec<String>) = telling.into_iter().unzip();
            let (hits, _) = self.reader.hits(telling, None, matter.theme.as_ref())?;
            if hits.is_empty() {
                continue;
            }
            cities += 1;
            if compared.len() < MOST_COMPARED {
                compared.extend(sentences.into_iter().take(EACH_COMPARED));
            }
            cells[city] = Cell {
                state: CellState::Found,
                total: count,
                figures: hits[0].figures.clone(),
                hits,
                ..nothing()
            };
        }
        if cities < self.ground.at_least {
            return Ok(None);
        }
        let hits = self.mentions(&matter, &compared)?;
        cells[0] = Cell {
            state: if hits.is_empty() {
                CellState::NotFound
            } else {
                CellState::Mentioned
            },
            total: hits.len() as u64,
            hits,
            ..nothing()
        };
        let row = ComparedRow {
            label: self.label(&matter),
            total: cells[1..].iter().map(|cell| cell.total).sum(),
            words: forms.to_vec(),
            theme: matter.theme,
            quantities: Vec::new(),
        };
        Ok(Some(Told { row, cells }))
    }

    fn label(&self, matter: &Matter) -> String {
        let engine = self.ground.search.engine;
        let name = matter.theme.as_ref().and_then(|id| engine.theme_name(id));
        let name = name.unwrap_or(NO_THEME);
        match &matter.term {
            Some(term) => format!("{name}{BETWEEN}{}", term.text),
            None => name.to_owned(),
        }
    }

    /// An entry with its place in the order: by score, else what is about little else first, and then
    /// the latest.
    fn found(&self, address: DocAddress) -> Found {
        let profiles = self.ground.search.snapshot.profiles.as_ref();
        let segment = address.segment_ord as usize;
        let entry = profiles.segment(segment)[address.doc_id as usize];
        let common = profiles.common(entry);
        let (below, primary, score) = match self.scores.get(&address) {
            Some(score) => (0, u64::from(u32::MAX - score.max(0.0).to_bits()), *score),
            None => {
                let facets = FACETS.iter().zip(profiles.facets());
                let themes = facets.filter(|(name, _)| **name == "theme");
                let themes: usize = themes
                    .map(|(_, facet)| facet.held.values(entry.kind()).len())
                    .sum();
                let date = u64::MAX - u64::from(common.date);
                (themes.min(u8::MAX.into()) as u8, date, 0.0)
            }
        };
        Found {
            order: Order {
                below,
                primary,
                document: common.id,
                ordinal: u64::from(profiles.ordinal(segment, address.doc_id)),
            },
            address,
            score,
        }
    }

    /// Those that say the term themselves first, then those under a heading that does; and the sentences
    /// in which the first of them say it.
    fn saying(&self, best: Vec<Found>, matter: &Matter) -> Result<Vec<(Found, String)>, Error> {
        let search = self.ground.search;
        let analyzer = &search.engine.analyzer;
        let saying = matter.term.as_ref().map(|term| Saying {
            engine: search.engine,
            forms: &term.forms,
        });
        let (mut themselves, mut below) = (Vec::new(), Vec::new());
        for found in best {
            search.deadline().check().map_err(engine)?;
            let entry = search.read(found.address)?;
            let text = analyzer.comparable(text_of(&entry, search.engine.fields.original));
            let Some(saying) = &saying else {
                let sentence = self.of_theme(&text, matter).to_owned();
                themselves.push((found, sentence));
                continue;
            };
            if let Some(sentence) = saying.sentence(&text) {
                themselves.push((found, sentence.to_owned()));
                continue;
            }
            let passage: Passage =
                serde_json::from_str(text_of(&entry, search.engine.fields.body))?;
            let problem = passage.problem.iter().map(|problem| &problem.text);
            let mut around = passage.heading_path.iter().chain(problem);
            if around.any(|text| saying.sentence(&analyzer.comparable(text)).is_some()) {
                let first = sentence_at(&text, 0).to_owned();
                below.push((found, first));
            }
        }
        themselves.extend(below);
        Ok(themselves)
    }

    /// The sentence that says most of a matter's theme.
    fn of_theme<'t>(&self, text: &'t str, matter: &Matter) -> &'t str {
        let taxonomy = self.ground.search.engine.lexicon().taxonomy();
        let theme = matter.theme.as_ref().and_then(|id| taxonomy.index_of(id));
        let votes = |sentence: &str| -> f32 {
            let found = taxonomy.find_terms(sentence).flat_map(|found| found.votes);
            let of_theme = found.filter(|(voted, _)| Some(*voted) == theme);
            of_theme.map(|(_, weight)| weight).sum()
        };
        let mut best = ("", f32::NEG_INFINITY);
        for sentence in text.split(is_end) {
            let votes = votes(sentence);
            if votes > best.1 {
                best = (sentence, votes);
            }
        }
        best.0
    }

    /// What the city has that comes near a matter, the most telling kinds first.
    fn mentions(&mut self, matter: &Matter, compared: &[String]) -> Result<Vec<CellHit>, Error> {
        let mut kinds: HashMap<MentionKind, Best> = HashMap::new();
        let mut own = matter.own.clone();
        own.sort();
        for (own, address) in own {
            let best = kinds
                .entry(own.mention())
                .or_insert_with(|| Best::new(LEAST_KEPT));
            best.offer(self.found(address));
        }
        let of_kind = |kind, kinds: &mut HashMap<MentionKind, Best>| {
            let best = kinds.remove(&kind).map(Best::into_sorted);
            (kind, best.unwrap_or_default())
        };
        let mut told: Vec<(MentionKind, Vec<Found>)> = [
            MentionKind::OtherStatus,
            MentionKind::Outside,
            MentionKind::OtherTheme,
            MentionKind::Context,
        ]
        .map(|kind| of_kind(kind, &mut kinds))
        .into();
        if matter.term.is_none() && !self.ground.search.term.is_positive_text() {
            told[2].1 = self.with_strong(std::mem::take(&mut told[2].1), matter)?;
        }
        if let Some(term) = &matter.term {
            let frame = self.own.frame_with(&term.forms);
            told[3].1.extend(frame.map(|address| self.found(address)));
        }
        let near = self.nearest(matter, compared)?;
        let found = near.iter().map(|near| self.found(near.address));
        told.push((MentionKind::Near, found.collect()));
        told.push(of_kind(MentionKind::Partial, &mut kinds));
        let akin = self.akin_words(matter)?;
        told.push((MentionKind::Akin, self.akin(&akin)?));
        let (naming, provincial) = self.elsewhere(matter)?;
        told.push((MentionKind::Elsewhere, naming));
        told.push((MentionKind::Provincial, provincial));
        let mut hits: Vec<CellHit> = Vec::new();
        for (kind, found) in told {
            if found.is_empty() || hits.len() == MOST_MENTIONS {
                continue;
            }
            let theme = matter.theme.as_ref();
            let (read, apart) = self.reader.hits(found, Some(kind), theme)?;
            let is_new = |hit: &CellHit| hits.iter().all(|known| known.hit.id != hit.hit.id);
            let mut first = read.into_iter().chain(apart).find(is_new);
            // What only comes near is not expected to say the query.
            if let (Some(hit), MentionKind::Near | MentionKind::Akin | MentionKind::Partial) =
                (&mut first, kind)
            {
                hit.mention = Some(kind);
            }
            if let (Some(hit), MentionKind::Near, Some(near)) = (&mut first, kind, &near) {
                hit.hit.score = near.likeness;
                hit.shared.clone_from(&near.shared);
            }
            if let (Some(hit), MentionKind::Akin) = (&mut first, kind) {
                let text = hit.hit.text.as_deref().unwrap_or_default();
                let text = self.ground.search.engine.analyzer.comparable(text);
                let said = akin.iter().filter(|word| text.contains(word.as_str()));
                hit.shared = said.cloned().collect();
            }
            hits.extend(first);
        }
        Ok(hits)
    }

    /// Those whose own words have a strong term of the matter's theme.
    fn with_strong(&self, found: Vec<Found>, matter: &Matter) -> Result<Vec<Found>, Error> {
        let search = self.ground.search;
        let taxonomy = search.engine.lexicon().taxonomy();
        let theme = matter.theme.as_ref().and_then(|id| taxonomy.index_of(id));
        let is_strong = |votes: &[(_, f32)]| {
            let mut votes = votes.iter();
            votes.any(|(voted, weight)| Some(*voted) == theme && *weight >= LEAST_WEIGHT)
        };
        let mut strong = Vec::new();
        for found in found {
            search.deadline().check().map_err(engine)?;
            let entry = search.read(found.address)?;
            let text = text_of(&entry, search.engine.fields.original);
            let text = search.engine.analyzer.comparable(text);
            if taxonomy.find_terms(&text).any(|term| is_strong(term.votes)) {
                strong.push(found);
            }
        }
        Ok(strong)
    }

    /// The passage of the city that is most like one of the measures that are told of the others, and
    /// says something of the matter: a word of its term, or a term of the theme that they say too.
    fn nearest(&mut self, matter: &Matter, compared: &[String]) -> Result<Option<Nearest>, Error> {
        let taxonomy = self.ground.search.engine.lexicon().taxonomy();
        let theme = matter.theme.as_ref().and_then(|id| taxonomy.index_of(id));
        let mut of_term = Vec::new();
        for form in matter.term.iter().flat_map(|term| &term.forms) {
            of_term.extend(self.own.pieces(form, RARE)?);
        }
        let mut best: Option<Nearest> = None;
        for sentence in compared {
            let voting = taxonomy.find_terms(sentence).filter(|found| {
                let mut votes = found.votes.iter();
                votes.any(|(voted, _)| Some(*voted) == theme)
            });
            let mut pieces = of_term.clone();
            pieces.extend(voting.map(|found| found.term.to_owned()));
            let near = self.own.nearest(sentence, &pieces, NEAR)?;
            let is_better = |near: &Nearest| {
                best.as_ref()
                    .is_none_or(|best| best.likeness < near.likeness)
            };
            if let Some(near) = near.filter(is_better) {
                best = Some(near);
            }
        }
        Ok(best)
    }

    /// Words that are akin to a term: those of the lexicon, and rare ones that are half of it, as 供热 of
    /// 集中供热.
    fn akin_words(&self, matter: &Matter) -> Result<Vec<String>, Error> {
        let mut akin = matter.akin.clone();
        for form in matter.term.iter().flat_map(|term| &term.forms) {
            let least = form.chars().count().div_ceil(2);
            let pieces = self.own.pieces(form, TELLING)?.into_iter();
            akin.extend(pieces.filter(|piece| piece.chars().count() >= least));
        }
        Ok(akin)
    }

    /// Entries of the city with a word that is akin to the term.
    fn akin(&self, akin: &[String]) -> Result<Vec<Found>, Error> {
        let mut best = Best::new(LEAST_KEPT);
        if !akin.is_empty() {
            let all = self.ground.each_having(akin, |address, standing| {
                if let Standing::Own(_) = standing {
                    best.offer(self.found(address));
                }
                true
            });
            all.map_err(engine)?;
        }
        Ok(best.into_sorted())
    }

    /// Entries of elsewhere that really name the city, and those of its province.
    fn elsewhere(&self, matter: &Matter) -> Result<(Vec<Found>, Vec<Found>), Error> {
        let search = self.ground.search;
        let gazetteer = search.engine.lexicon().gazetteer();
        let own = self.ground.cities.own.iter();
        let own: Vec<_> = own
            .filter_map(|code| gazetteer.get(code.parse().ok()?))
            .collect();
        let mut best = [Best::new(MOST_READ), Best::new(MOST_READ)];
        for (why, address) in &matter.elsewhere {
            let is_provincial = *why == MentionKind::Provincial;
            best[usize::from(is_provincial)].offer(self.found(*address));
        }
        let [naming, provincial] = best.map(Best::into_sorted);
        let mut really = Vec::new();
        for found in naming {
            search.deadline().check().map_err(engine)?;
            let entry = search.read(found.address)?;
            let passage: Passage =
                serde_json::from_str(text_of(&entry, search.engine.fields.body))?;
            let mut named = passage.places.iter();
            let is_own = |code| {
                let place = gazetteer.get(code);
                place.is_some_and(|place| own.iter().any(|own| place.lies_in(own)))
            };
            if named.any(|named| is_own(named.place.code)) {
                really.push(found);
                break;
            }
        }
        Ok((really, provincial))
    }
}

/// The terms, in comparable form, of which one is enough for a theme.
pub(super) fn strong_terms(search: &Search<'_>, theme: Option<&ThemeId>) -> Vec<String> {
    let taxonomy = search.engine.lexicon().taxonomy();
    let theme = theme.and_then(|id| taxonomy.get(id)).into_iter();
    let terms = theme.flat_map(|theme| &theme.terms);
    let strong = terms.filter(|term| term.weight >= LEAST_WEIGHT);
    strong
        .map(|term| search.engine.analyzer.comparable(&term.text))
        .collect()
}

/// A cell with nothing in it.
fn nothing() -> Cell {
    Cell {
        state: CellState::NotFound,
        total: 0,
        hits: Vec::new(),
        figures: Vec::new(),
        caveats: Vec::new(),
        see: Vec::new(),
    }
}

/// What the measures of the others score, where there is a query.
fn scores(ground: &Ground<'_>, matters: &[Matter]) -> Result<HashMap<DocAddress, f32>, Error> {
    let search = ground.search;
    let mut scores = HashMap::new();
    if !search.term.is_positive_text() {
        return Ok(scores);
    }
    let found = matters.iter().flat_map(|matter| &matter.found);
    let mut addresses: Vec<DocAddress> = found.map(|(_, address)| *address).collect();
    addresses.sort_unstable();
    addresses.dedup();
    for of_segment in addresses.chunk_by(|a, b| a.segment_ord == b.segment_ord) {
        search.deadline().check().map_err(engine)?;
        let number = of_segment[0].segment_ord;
        let segment = search.snapshot.searcher.segment_reader(number);
        let entries = search.snapshot.profiles.segment(number as usize);
        let ranking = search.ranking.segment(segment, entries);
        let mut ranking = ranking.map_err(engine)?;
        for address in of_segment {
            let score = ranking.score(address.doc_id, f32::NEG_INFINITY);
            scores.insert(*address, score.unwrap_or(0.0));
        }
    }
    Ok(scores)
}
