//! The JSON API. Each route and its OpenAPI entry stand together, and the entry's types are the
//! types that are sent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use duibiao_corpus::{DocumentId, PassageId};
use duibiao_search::{
    Claimed, Commit, Comparison, Coverage, DocumentView, Gaps, Ledger, PassageView, Request,
    Response, Similar, Stats, Suggestions, Trace, Verification,
};
use serde::Serialize;
use utoipa::openapi::OpenApi;
use utoipa::{OpenApi as _, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::fault::{Fault, Problem};
use crate::parameters::{
    CitationParameters, CompareParameters, GapsParameters, Id, NoParameters, Parameters,
    QuoteParameters, SearchParameters, SimilarParameters, SuggestParameters, TraceParameters,
};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Duibiao 对标",
        description = "Full-text search over Chinese government documents: measures by place, year and theme. The same answers as the pages and the command line. Spans count Unicode code points. Every error is a problem document (RFC 9457) that says what to do. A parameter that a route does not have is an error.",
        license(name = "MIT OR Apache-2.0")
    ),
    components(schemas(Problem))
)]
struct Description;

/// The API's routes with their descriptions.
pub(crate) fn routes() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(search))
        .routes(routes!(compare))
        .routes(routes!(crate::pages::compared))
        .routes(routes!(crate::pages::excerpted))
        .routes(routes!(gaps))
        .routes(routes!(crate::pages::gaps_file))
        .routes(routes!(trace))
        .routes(routes!(crate::pages::trace_file))
        .routes(routes!(suggest))
        .routes(routes!(document))
        .routes(routes!(ledger))
        .routes(routes!(measure))
        .routes(routes!(similar))
        .routes(routes!(verify_quote))
        .routes(routes!(crate::export::export))
        .routes(routes!(crate::pages::feed::feed))
        .routes(routes!(coverage))
        .routes(routes!(stats))
        .routes(routes!(healthz))
        .routes(routes!(readyz))
}

/// The description as it is sent.
pub(crate) async fn openapi(description: OpenApi) -> Json<OpenApi> {
    Json(description)
}

/// Find measures or documents
#[utoipa::path(
    get, path = "/api/v1/search", params(SearchParameters),
    responses(
        (status = 200, body = Response),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "What was asked is wrong; the suggestion says how to ask"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "The search took too long, or too many wait for one; there is no partial answer"),
    )
)]
async fn search(
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<SearchParameters>,
) -> Result<Json<Response>, Fault> {
    let request = asked.request();
    app.ask(move |engine, deadline| {
        engine.search(&Request {
            deadline: deadline.clone(),
            ..request
        })
    })
    .await
    .map(Json)
}

/// Cities, provinces or years side by side: rows of one matter, each cell with its best measures or what was searched in vain
#[utoipa::path(
    get, path = "/api/v1/compare", params(CompareParameters),
    responses(
        (status = 200, body = Comparison),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "There is neither query nor theme, or something asked is wrong; the suggestion says how to ask"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "It took too long, or too many wait; there is no partial answer"),
    )
)]
async fn compare(
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<CompareParameters>,
) -> Result<Json<Comparison>, Fault> {
    let mut request = asked.request()?;
    app.ask(move |engine, deadline| {
        request.request.deadline = deadline.clone();
        engine.compare(&request)
    })
    .await
    .map(Json)
}

/// What other cities have measures on and one has not, with the evidence of both sides and what was searched
#[utoipa::path(
    get, path = "/api/v1/gaps", params(GapsParameters),
    responses(
        (status = 200, body = Gaps),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "There is no city, or something asked is wrong; the suggestion says how to ask"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "It took too long, or too many wait; there is no partial answer"),
    )
)]
async fn gaps(
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<GapsParameters>,
) -> Result<Json<Gaps>, Fault> {
    let mut request = asked.request();
    app.ask(move |engine, deadline| {
        request.request.deadline = deadline.clone();
        engine.gaps(&request)
    })
    .await
    .map(Json)
}

/// Where and when a wording stands first, and in how many documents of each place and year
#[utoipa::path(
    get, path = "/api/v1/trace", params(TraceParameters),
    responses(
        (status = 200, body = Trace),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "There is no wording, or a filter is wrong; the suggestion says how to ask"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "It took too long, or too many wait; there is no partial answer"),
    )
)]
async fn trace(
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<TraceParameters>,
) -> Result<Json<Trace>, Fault> {
    let mut request = asked.request();
    app.ask(move |engine, deadline| {
        request.request.deadline = deadline.clone();
        engine.trace(&request)
    })
    .await
    .map(Json)
}

/// What a query that is being typed may become, each with what it would find under the same filters
#[utoipa::path(
    get, path = "/api/v1/suggest", params(SuggestParameters),
    responses(
        (status = 200, body = Suggestions),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "A filter or a parameter is wrong; the suggestion says how to ask"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "It took too long, or too many wait"),
    )
)]
async fn suggest(
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<SuggestParameters>,
) -> Result<Json<Suggestions>, Fault> {
    let request = asked.request();
    app.ask(move |engine, deadline| {
        engine.suggest(&Request {
            deadline: deadline.clone(),
            ..request
        })
    })
    .await
    .map(Json)
}

/// A document with its text, passages and metadata, each value with its evidence
#[utoipa::path(
    get, path = "/api/v1/documents/{id}",
    params(("id" = String, Path, description = "Document id, 16 hexadecimal digits"), CitationParameters),
    responses(
        (status = 200, body = DocumentView),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "Not an id"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No document has this id"),
    )
)]
async fn document(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
    Parameters(asked): Parameters<CitationParameters>,
) -> Result<Json<DocumentView>, Fault> {
    app.ask(move |engine, _| engine.document(id, asked.style()))
        .await
        .map(Json)
}

/// The measures of a document as a ledger: problem, measure, status, figures, deadlines, bodies
#[utoipa::path(
    get, path = "/api/v1/documents/{id}/ledger",
    params(("id" = String, Path, description = "Document id, 16 hexadecimal digits"), CitationParameters),
    responses(
        (status = 200, body = Ledger),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "Not an id"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No document has this id"),
    )
)]
async fn ledger(
    State(app): State<Arc<App>>,
    Id(id): Id<DocumentId>,
    Parameters(asked): Parameters<CitationParameters>,
) -> Result<Json<Ledger>, Fault> {
    app.ask(move |engine, _| engine.ledger(id, asked.style()))
        .await
        .map(Json)
}

/// A passage with its text and place
#[utoipa::path(
    get, path = "/api/v1/measures/{id}",
    params(("id" = String, Path, description = "Passage id, such as 5f0c2a9be1d34c77-m28"), CitationParameters),
    responses(
        (status = 200, body = PassageView),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "Not an id"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No passage has this id"),
    )
)]
async fn measure(
    State(app): State<Arc<App>>,
    Id(id): Id<PassageId>,
    Parameters(asked): Parameters<CitationParameters>,
) -> Result<Json<PassageView>, Fault> {
    app.ask(move |engine, _| engine.passage(id, asked.style()))
        .await
        .map(Json)
}

/// Passages about the same as one, near-copies as one, each with the words that make them alike
#[utoipa::path(
    get, path = "/api/v1/measures/{id}/similar",
    params(("id" = String, Path, description = "Passage id, such as 5f0c2a9be1d34c77-m28"), SimilarParameters),
    responses(
        (status = 200, body = Similar),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "Not an id, or a filter or a parameter is wrong"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No passage has this id"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "It took too long, or too many wait"),
    )
)]
async fn similar(
    State(app): State<Arc<App>>,
    Id(id): Id<PassageId>,
    Parameters(asked): Parameters<SimilarParameters>,
) -> Result<Json<Similar>, Fault> {
    let elsewhere = asked.elsewhere.unwrap_or(false);
    let request = asked.request();
    app.ask(move |engine, deadline| {
        let request = Request {
            deadline: deadline.clone(),
            ..request
        };
        engine.similar(id, elsewhere, &request)
    })
    .await
    .map(Json)
}

/// Whether a quote stands where it is said to stand, and where else
#[utoipa::path(
    get, path = "/api/v1/verify-quote", params(QuoteParameters),
    responses(
        (status = 200, body = Verification, description = "The verdict; that no document has the id is one of them"),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "Not an id, or no quote"),
        (status = 503, body = Problem, content_type = "application/problem+json", description = "The search took too long, or too many wait for one"),
    )
)]
async fn verify_quote(
    State(app): State<Arc<App>>,
    Parameters(asked): Parameters<QuoteParameters>,
) -> Result<Json<Verification>, Fault> {
    let claimed = Claimed::read(&asked.id)?;
    app.ask(move |engine, deadline| {
        engine.verify_quote(
            claimed,
            &asked.quote,
            asked.citation.unwrap_or_default(),
            deadline,
        )
    })
    .await
    .map(Json)
}

/// Documents by province and year, by city and theme; what is not known and what could not be read
#[utoipa::path(get, path = "/api/v1/coverage", responses((status = 200, body = Coverage)))]
async fn coverage(
    State(app): State<Arc<App>>,
    Parameters(NoParameters {}): Parameters<NoParameters>,
) -> Result<Json<Coverage>, Fault> {
    app.ask(|engine, deadline| engine.coverage(deadline))
        .await
        .map(Json)
}

/// What the index holds
#[utoipa::path(get, path = "/api/v1/stats", responses((status = 200, body = Stats)))]
async fn stats(
    State(app): State<Arc<App>>,
    Parameters(NoParameters {}): Parameters<NoParameters>,
) -> Result<Json<Stats>, Fault> {
    app.ask(|engine, deadline| engine.stats(deadline))
        .await
        .map(Json)
}

/// Whether the server is alive.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always `ok`.
    #[schema(example = "ok")]
    status: &'static str,
}

/// Whether the server is alive
#[utoipa::path(get, path = "/healthz", responses((status = 200, body = Health)))]
async fn healthz(Parameters(NoParameters {}): Parameters<NoParameters>) -> Json<Health> {
    Json(Health { status: "ok" })
}

/// What is served.
#[derive(Debug, Serialize, ToSchema)]
struct Ready {
    /// `ready`, or `stale` where a newer commit cannot be read.
    #[schema(example = "ready")]
    status: &'static str,
    /// The commit that is served.
    commit: Commit,
    /// Why it is not the newest.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Version of the program.
    version: &'static str,
}

/// Which commit of the index is served
#[utoipa::path(get, path = "/readyz", responses((status = 200, body = Ready)))]
async fn readyz(
    State(app): State<Arc<App>>,
    Parameters(NoParameters {}): Parameters<NoParameters>,
) -> Json<Ready> {
    let detail = app.why_stale();
    Json(Ready {
        status: if detail.is_some() { "stale" } else { "ready" },
        commit: app.engine.commit(),
        detail,
        version: env!("CARGO_PKG_VERSION"),
    })
}
