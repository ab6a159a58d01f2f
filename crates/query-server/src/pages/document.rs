//! `/documents/{id}`: outline, text with its passages, what is known about it and from where.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use duibiao_corpus::{CharMap, Document, DocumentId, Evidence, Passage, PassageKind};
use duibiao_search::{DocumentView, Engine, MAX_WINDOW, Within};

use super::known::{Field, Quote, ThemeView};
use super::marked::{Mark, Stretch, What, paragraphs, stretches};
use super::search::{Choice, citations};
use super::{Frame, grouped, links, page, words};
use crate::app::App;
use crate::fault::Fault;
use crate::parameters::{DocumentParameters, Id, Parameters, SearchParameters};

/// A page shows at most so many characters of text; the API has them all.
const MOST_CHARS: u32 = 1_000_000;
/// Below this a text may be misread.
const POOR: f32 = 0.5;
/// From here on a browser lays out only what is in sight.
const MANY_PASSAGES: usize = 1_000;

#[derive(Template)]
#[template(path = "document.html")]
struct DocumentPage {
    frame: Frame,
    title: String,
    lang: &'static str,
    path: String,
    notices: Vec<String>,
    facts: Vec<String>,
    back: Option<String>,
    outline: Vec<OutlineEntry>,
    fields: Vec<Field>,
    themes: Vec<ThemeView>,
    passages: Vec<PassageBlock>,
    hits: usize,
    first_hit: u32,
    last_hit: u32,
    is_partial_match: bool,
    /// Whether the query looks for something that is not in the text.
    is_missing: bool,
    /// Whether there may be more hits than are counted.
    is_capped: bool,
    is_huge: bool,
    citation: String,
    /// Editions that the citation may follow.
    citations: Vec<Choice>,
    api: String,
    /// Address of the ledger, where there are measures for one.
    ledger: Option<String>,
    cut: Option<String>,
}

struct OutlineEntry {
    ordinal: u32,
    depth: usize,
    text: String,
    /// Hits below it and before the next heading of its depth or above.
    hits: usize,
}

/// A passage as a block of the text.
struct PassageBlock {
    ordinal: u32,
    id: String,
    kind: &'static str,
    kind_label: &'static str,
    /// 2 to 5 for a heading, 0 for anything else.
    heading: usize,
    paragraphs: Vec<Vec<Stretch>>,
    /// The problem it answers, where that stands elsewhere and was not shown just before.
    problem: Option<ProblemView>,
    hit: Option<HitPlace>,
    status: Option<(&'static str, &'static str)>,
    deciding: Vec<Quote>,
    places: Vec<PlaceView>,
    themes: Vec<(String, String)>,
    is_folded: bool,
    /// Whether a line below says what it is: not where it only leads in to others.
    is_told: bool,
    /// Of a passage that is folded, its first words.
    opening: String,
}

/// A place that a passage names.
struct PlaceView {
    name: String,
    /// What it has to do with the passage.
    role: &'static str,
    /// The number of the words that name it.
    number: usize,
}

struct ProblemView {
    text: String,
    ordinal: Option<u32>,
}

/// Its place among the hits.
struct HitPlace {
    number: usize,
    before: Option<u32>,
    after: Option<u32>,
}

pub(crate) async fn document(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
    Parameters(asked): Parameters<DocumentParameters>,
) -> Result<Response, Fault> {
    let style = asked.citation.unwrap_or_default();
    let frame = Frame::new(&app, asked.q.as_deref());
    let shown = app
        .ask(move |engine, deadline| {
            let view = engine.document(id, style)?;
            let search = asked.search();
            let mut request = search.request();
            request.deadline = deadline.clone();
            let within = engine.within(&request, &view)?;
            Ok(Writer::new(&view, &within, engine).page(frame, &search))
        })
        .await?;
    page(&shown)
}

/// Makes the page of one document.
pub(super) struct Writer<'a> {
    view: &'a DocumentView,
    document: &'a Document,
    within: &'a Within,
    engine: &'a Engine,
    map: CharMap,
    pub(super) marks: Vec<Mark>,
    pub(super) evidence: usize,
}

impl<'a> Writer<'a> {
    fn new(view: &'a DocumentView, within: &'a Within, engine: &'a Engine) -> Self {
        let hits = within.ranges.iter().map(|range| Mark {
            begin: range.begin,
            end: range.end,
            what: What::of(range.kind),
        });
        let problems: BTreeSet<(u32, u32)> = view
            .document
            .passages
            .iter()
            .filter_map(|p| p.problem.as_ref())
            .map(|problem| (problem.span.begin, problem.span.end))
            .collect();
        let problems = problems.into_iter().map(|(begin, end)| Mark {
            begin,
            end,
            what: What::Problem,
        });
        Self {
            view,
            document: &view.document,
            within,
            engine,
            map: CharMap::new(&view.document.text),
            marks: hits.chain(problems).collect(),
            evidence: 0,
        }
    }

    fn page(mut self, frame: Frame, search: &SearchParameters) -> DocumentPage {
        let document = self.document;
        let fields = self.fields(&document.metadata);
        let themes = self.themes(&document.metadata);
        let passages = self.passages();
        let hits = &self.within.passages;
        let is_asked = search.q.as_ref().is_some_and(|q| !q.trim().is_empty());
        DocumentPage {
            title: self.title(),
            lang: words::lang(document.script),
            path: document.path.clone(),
            notices: self.notices(),
            facts: self.facts(),
            back: is_asked.then(|| links::search(search)),
            outline: self.outline(),
            hits: hits.len(),
            first_hit: hits.first().copied().unwrap_or_default(),
            last_hit: hits.last().copied().unwrap_or_default(),
            is_partial_match: self.within.partial,
            is_missing: is_asked && self.within.has_text && hits.is_empty(),
            is_capped: hits.len() >= MAX_WINDOW,
            is_huge: document.passages.len() > MANY_PASSAGES,
            citation: self.view.citation.clone(),
            citations: citations(search.citation, |style| {
                let asked = SearchParameters {
                    citation: Some(style),
                    ..search.clone()
                };
                links::document(&self.view.id, &asked, None)
            }),
            api: format!("/api/v1/documents/{}", self.view.id),
            ledger: document
                .passages
                .iter()
                .any(|p| p.kind == PassageKind::Measure && !p.is_heading)
                .then(|| links::ledger(&self.view.id, search.citation)),
            cut: (document.chars > MOST_CHARS).then(|| grouped(u64::from(document.chars))),
            frame,
            fields,
            themes,
            passages,
        }
    }

    fn title(&self) -> String {
        let title = self.document.metadata.title.as_ref();
        title.map_or_else(|| self.document.path.clone(), |t| t.value.clone())
    }

    /// What a reader must know before reading.
    fn notices(&self) -> Vec<String> {
        let mut notices = Vec::new();
        if self.document.partial {
            notices.push("本件为节录，原件其余部分不在库中。".to_owned());
        }
        let warnings = self.document.warnings.iter();
        notices.extend(warnings.map(|warning| words::warning(warning).into_owned()));
        if self.document.quality < POOR {
            notices.push("文字识读质量低，可能有错漏，引用前请核对原件。".to_owned());
        }
        notices
    }

    fn facts(&self) -> Vec<String> {
        let document = self.document;
        let mut facts = vec![
            format!("{} 字", grouped(u64::from(document.chars))),
            document.script.label().to_owned(),
            format!("{} 文件", document.format.to_uppercase()),
        ];
        facts.extend(document.encoding.as_deref().map(str::to_owned));
        facts
    }

    fn outline(&self) -> Vec<OutlineEntry> {
        let passages = &self.document.passages;
        let headings: Vec<&Passage> = passages.iter().filter(|p| p.is_heading).collect();
        let least = headings.iter().map(|p| p.heading_path.len()).min();
        headings
            .iter()
            .enumerate()
            .map(|(at, heading)| {
                let depth = heading.heading_path.len();
                let next = headings[at + 1..]
                    .iter()
                    .find(|later| later.heading_path.len() <= depth)
                    .map_or(u32::MAX, |later| later.ordinal);
                let below = heading.ordinal..next;
                OutlineEntry {
                    ordinal: heading.ordinal,
                    depth: depth.saturating_sub(least.unwrap_or(0)).min(3),
                    text: self.text(heading).trim().to_owned(),
                    hits: self
                        .within
                        .passages
                        .iter()
                        .filter(|ordinal| below.contains(ordinal))
                        .count(),
                }
            })
            .collect()
    }

    fn text(&self, passage: &Passage) -> &'a str {
        self.map.slice(&self.document.text, passage.span)
    }

    fn passages(&mut self) -> Vec<PassageBlock> {
        let document = self.document;
        // Where each finding stands, so that a measure elsewhere can point there.
        let home: BTreeMap<u32, u32> = document
            .passages
            .iter()
            .map(|p| (p.span.begin, p.ordinal))
            .collect();
        let least = document
            .passages
            .iter()
            .filter(|p| p.is_heading)
            .map(|p| p.heading_path.len())
            .min()
            .unwrap_or(0);
        let mut blocks = Vec::with_capacity(document.passages.len());
        let mut answered: Option<(u32, u32)> = None;
        for passage in &document.passages {
            if passage.span.begin >= MOST_CHARS {
                break;
            }
            let problem = passage.problem.as_ref();
            let span = problem.map(|p| (p.span.begin, p.span.end));
            let is_told = |span: (u32, u32)| {
                let own = passage.span.begin <= span.0 && span.1 <= passage.span.end;
                own || answered == Some(span)
            };
            let shown = problem.filter(|_| span.is_some_and(|span| !is_told(span)));
            let shown = shown.map(|problem| ProblemView {
                text: problem.text.trim().to_owned(),
                ordinal: home
                    .range(..=problem.span.begin)
                    .next_back()
                    .map(|(_, ordinal)| *ordinal),
            });
            if !passage.is_heading {
                answered = span;
            }
            blocks.push(self.block(passage, shown, least));
        }
        blocks
    }

    fn block(
        &mut self,
        passage: &Passage,
        problem: Option<ProblemView>,
        least: usize,
    ) -> PassageBlock {
        let deciding = passage
            .status_evidence
            .iter()
            .map(|e| self.quote(e))
            .collect();
        let places = self.places(passage);
        let text = self.text(passage);
        let near: Vec<Mark> = self
            .marks
            .iter()
            .filter(|m| m.begin < passage.span.end && m.end > passage.span.begin)
            .cloned()
            .chain(noted(passage))
            .collect();
        let lines = paragraphs(text, passage.span.begin);
        let engine = self.engine;
        let hit = self.hit_place(passage.ordinal);
        let leads_in = matches!(passage.kind, PassageKind::Context | PassageKind::LeadIn);
        let themes = passage.themes.iter().map(|id| {
            let name = engine.theme_name(id).unwrap_or(id.as_str()).to_owned();
            (name, links::filtered("theme", id.as_str(), None))
        });
        PassageBlock {
            ordinal: passage.ordinal,
            id: format!("{}-m{}", self.view.id, passage.ordinal),
            kind: passage.kind.as_str(),
            kind_label: passage.kind.label(),
            heading: if passage.is_heading {
                (passage.heading_path.len().saturating_sub(least) + 2).min(5)
            } else {
                0
            },
            paragraphs: lines
                .iter()
                .map(|(at, line)| stretches(line, *at, &near))
                .collect(),
            problem,
            is_told: !leads_in || passage.status.is_some() || hit.is_some() || !places.is_empty(),
            hit,
            status: passage.status.map(|s| (s.as_str(), s.label())),
            deciding,
            places,
            themes: themes.collect(),
            is_folded: passage.kind == PassageKind::Furniture && !lines.is_empty(),
            opening: lines
                .first()
                .map(|(_, line)| line.chars().take(30).collect())
                .unwrap_or_default(),
        }
    }

    /// The places it names, but for the document's own, which every passage may name.
    fn places(&mut self, passage: &Passage) -> Vec<PlaceView> {
        let known = &self.document.metadata;
        let own = [&known.province, &known.city, &known.county];
        let own: Vec<_> = own.into_iter().flatten().map(|p| p.value.code).collect();
        let others = passage
            .places
            .iter()
            .filter(|p| !own.contains(&p.place.code));
        others
            .map(|named| {
                let evidence = Evidence {
                    quote: named.quote.clone(),
                    span: named.span,
                };
                PlaceView {
                    name: named.place.name.clone(),
                    role: named.role.label(),
                    number: self.quote(&evidence).number,
                }
            })
            .collect()
    }

    fn hit_place(&self, ordinal: u32) -> Option<HitPlace> {
        let hits = &self.within.passages;
        let at = hits.binary_search(&ordinal).ok()?;
        Some(HitPlace {
            number: at + 1,
            before: at.checked_sub(1).map(|before| hits[before]),
            after: hits.get(at + 1).copied(),
        })
    }
}

/// What a passage states in numbers, by when and by whom, as marks.
fn noted(passage: &Passage) -> Vec<Mark> {
    let mark = |span: duibiao_corpus::Span, note: String| Mark {
        begin: span.begin,
        end: span.end,
        what: What::Noted(note),
    };
    let figures = passage
        .figures
        .iter()
        .map(|f| mark(f.span, format!("量化指标（{}）", f.comparison.label())));
    let deadlines = passage.deadlines.iter().map(|d| {
        let date = d.normalized.map(|date| format!("：{date}"));
        mark(d.span, format!("时限{}", date.unwrap_or_default()))
    });
    let bodies = passage
        .responsible
        .iter()
        .map(|r| mark(r.span, format!("{}单位", r.duty.label())));
    figures.chain(deadlines).chain(bodies).collect()
}
