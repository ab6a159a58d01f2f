//! Whether an entry passes a filter, by the values it has in fast columns or in facets.

use std::ops::RangeInclusive;

use tantivy::SegmentReader;
use tantivy::columnar::{Column, StrColumn};

use crate::collect::FACETS;
use crate::filter::{PLACE, PLACE_FIELDS, Resolved, Values};
use crate::profiles::{Entry, Profiles};

/// The test of one filter on one segment.
pub(crate) enum SegmentFilter {
    /// By the columns of its fields.
    Keys {
        columns: Vec<KeyColumn>,
        wants_nothing: bool,
    },
    Numbers {
        column: Column<u64>,
        wanted: Vec<RangeInclusive<u64>>,
        unwanted: Vec<RangeInclusive<u64>>,
    },
}

/// A column with what is said of each of its keys.
pub(crate) struct KeyColumn {
    column: StrColumn,
    said: Vec<Said>,
}

/// What a filter says of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Said {
    Nothing,
    Wanted,
    Unwanted,
}

impl Said {
    /// What a filter says of a value, as facets have it.
    pub(crate) fn of(value: &str, filter: &Resolved) -> Self {
        if filter.unwanted.holds(value) {
            Self::Unwanted
        } else if filter.wanted.holds(value) {
            Self::Wanted
        } else {
            Self::Nothing
        }
    }

    /// Whether an entry with values of which this is said passes; `is_open` where it passes without a
    /// wanted one.
    pub(crate) fn passes(all: impl Iterator<Item = Self>, is_open: bool) -> bool {
        let most = all.max().unwrap_or(Self::Nothing);
        most == Self::Wanted || most == Self::Nothing && is_open
    }
}

impl SegmentFilter {
    pub(crate) fn new(filter: &Resolved, segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        let (wanted, unwanted) = match (&filter.wanted, &filter.unwanted) {
            (Values::Numbers(wanted), Values::Numbers(unwanted)) => (wanted, unwanted),
            _ => return Self::of_keys(filter, segment),
        };
        Ok(Self::Numbers {
            column: columns.u64(filter.name)?,
            wanted: wanted.clone(),
            unwanted: unwanted.clone(),
        })
    }

    fn of_keys(filter: &Resolved, segment: &SegmentReader) -> tantivy::Result<Self> {
        let own = [filter.name];
        let fields = if filter.name == PLACE {
            &PLACE_FIELDS[..]
        } else {
            &own
        };
        let mut columns = Vec::new();
        for field in fields {
            let Some(column) = segment.fast_fields().str(field)? else {
                continue;
            };
            let mut said = vec![Said::Nothing; column.dictionary().num_terms()];
            let wanted = filter.wanted.keys().iter().map(|key| (key, Said::Wanted));
            let unwanted = filter
                .unwanted
                .keys()
                .iter()
                .map(|key| (key, Said::Unwanted));
            for (key, what) in wanted.chain(unwanted) {
                // Without a province there is neither city nor county.
                if key.is_empty() && filter.name == PLACE && *field != "province" {
                    continue;
                }
                if let Some(ordinal) = column.dictionary().term_ord(key.as_bytes())? {
                    said[ordinal as usize] = what;
                }
            }
            columns.push(KeyColumn { column, said });
        }
        Ok(Self::Keys {
            columns,
            wants_nothing: filter.wanted.is_empty(),
        })
    }

    /// Whether an entry passes; `is_open` if it needs no wanted value for that.
    #[inline]
    pub(crate) fn passes(&self, doc: u32, is_open: bool) -> bool {
        match self {
            Self::Keys {
                columns,
                wants_nothing,
            } => {
                let all = columns.iter().flat_map(|of| {
                    let ordinals = of.column.ords().values_for_doc(doc);
                    ordinals.map(|ordinal| of.said[ordinal as usize])
                });
                Said::passes(all, is_open || *wants_nothing)
            }
            Self::Numbers {
                column,
                wanted,
                unwanted,
            } => {
                let is_in = |ranges: &[RangeInclusive<u64>], number: u64| {
                    ranges.iter().any(|range| range.contains(&number))
                };
                let all = column.values_for_doc(doc).map(|number| {
                    if is_in(unwanted, number) {
                        Said::Unwanted
                    } else if is_in(wanted, number) {
                        Said::Wanted
                    } else {
                        Said::Nothing
                    }
                });
                Said::passes(all, is_open || wanted.is_empty())
            }
        }
    }
}

/// The filters that are of no facet, on one segment; those of facets are the tally's.
pub(crate) struct OtherFilters<'p> {
    /// Each with the provinces whose own documents pass too.
    filters: Vec<(SegmentFilter, Vec<bool>)>,
    profiles: &'p Profiles,
}

impl<'p> OtherFilters<'p> {
    pub(crate) fn new(
        filters: &[Resolved],
        segment: &SegmentReader,
        profiles: &'p Profiles,
    ) -> tantivy::Result<Self> {
        let others = filters
            .iter()
            .filter(|filter| !FACETS.contains(&filter.name));
        let others = others.map(|filter| {
            let own = profiles.marked(&filter.provinces);
            Ok((SegmentFilter::new(filter, segment)?, own))
        });
        Ok(Self {
            filters: others.collect::<tantivy::Result<_>>()?,
            profiles,
        })
    }

    /// Whether an entry passes all of them.
    #[inline]
    pub(crate) fn pass(&self, doc: u32, entry: Entry) -> bool {
        self.filters.iter().all(|(filter, own)| {
            let is_own = !own.is_empty() && self.profiles.is_own_of(entry.document as usize, own);
            filter.passes(doc, is_own)
        })
    }
}
