//! Styles, scripts and the icon, inside the binary. A browser keeps them and asks whether they
//! changed, so a new version of the program is seen at once.

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::fault::Fault;

#[derive(RustEmbed)]
#[folder = "../../web/static"]
struct Static;

pub(crate) async fn file(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match Static::get(&name) {
        Some(file) => send(&name, file, &headers),
        None => Fault::NoRoute.into_response(),
    }
}

pub(crate) async fn icon(headers: HeaderMap) -> Response {
    file(Path("icon.svg".to_owned()), headers).await
}

fn send(name: &str, file: EmbeddedFile, headers: &HeaderMap) -> Response {
    let hash = file.metadata.sha256_hash();
    let tag: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    // Weak: a compressed copy is the same file.
    let tag = format!("W/\"{tag}\"");
    let kept = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| value.split(',').any(|v| v.trim() == tag));
    let mut response = if kept {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        file.data.into_owned().into_response()
    };
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}
