//! One structured event for each request. What was looked for is left out unless asked for.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::app::App;

pub(crate) async fn request(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let asked = app.config.log_queries.then(|| request.uri().to_string());
    let response = next.run(request).await;
    let ms = (started.elapsed().as_secs_f64() * 1e4).round() / 10.0;
    let status = response.status().as_u16();
    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    match asked {
        Some(uri) => tracing::info!(%method, route, status, ms, uri, "request"),
        None => tracing::info!(%method, route, status, ms, "request"),
    }
    response
}
