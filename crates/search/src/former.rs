//! What a filter for a place of today leaves out: documents about places that have since become part
//! of it. They are filed under what they were; this only says so, and changes no result.

use duibiao_lexicon::Lexicon;
use tantivy::query::{BooleanQuery, Occur, Query, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term, collector::Count};

use duibiao_index::Unit;

use crate::filter::{PLACE, Resolved};
use crate::response::NotCovered;

/// A filter names at most so many; a city of today has swallowed a dozen at most.
const MOST: usize = 12;

/// Former places of the index that the filters for places leave out.
pub(crate) fn not_covered(
    filters: &[Resolved],
    lexicon: &Lexicon,
    searcher: &Searcher,
) -> tantivy::Result<Vec<NotCovered>> {
    let gazetteer = lexicon.gazetteer();
    let mut left_out = Vec::new();
    for filter in filters
        .iter()
        .filter(|f| matches!(f.name, PLACE | "city" | "county"))
    {
        let keys = filter.wanted.keys();
        let places = keys
            .iter()
            .filter_map(|key| gazetteer.get(key.parse().ok()?));
        for place in places {
            for former in gazetteer.absorbed(place.code) {
                let code = former.code.to_string();
                let is_told = left_out
                    .iter()
                    .any(|n: &NotCovered| n.former.code == former.code);
                let is_decided = keys.contains(&code) || filter.unwanted.holds(&code);
                if is_told || is_decided || left_out.len() >= MOST {
                    continue;
                }
                let field = if filter.name == PLACE {
                    former.level.as_str()
                } else {
                    filter.name
                };
                let documents = documents(searcher, field, &code)?;
                if documents > 0 {
                    left_out.push(NotCovered {
                        filter: filter.name,
                        place: place.to_ref(),
                        former: former.to_ref(),
                        until: former.to,
                        documents,
                    });
                }
            }
        }
    }
    Ok(left_out)
}

/// Documents with a value.
fn documents(searcher: &Searcher, field: &str, value: &str) -> tantivy::Result<u64> {
    let is = |field: &str, value: &str| -> tantivy::Result<(Occur, Box<dyn Query>)> {
        let term = Term::from_field_text(searcher.schema().get_field(field)?, value);
        Ok((
            Occur::Must,
            Box::new(TermQuery::new(term, IndexRecordOption::Basic)),
        ))
    };
    let query = BooleanQuery::new(vec![
        is("unit", Unit::Document.as_str())?,
        is(field, value)?,
    ]);
    searcher.search(&query, &Count).map(|count| count as u64)
}
