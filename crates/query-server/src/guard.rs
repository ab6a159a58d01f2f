//! Who is answered, and what a browser may do with the answer.
//!
//! A page of another site that the user has open must not be able to read a server on loopback:
//! not through its own requests (`Origin`) and not by pointing its name at 127.0.0.1 (`Host`).

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::app::App;
use crate::fault::Fault;
use crate::{Config, ServeError};

/// Hosts and origins that are answered.
pub(crate) struct Guard {
    hosts: Vec<String>,
    origins: Vec<String>,
}

impl Guard {
    pub(crate) fn new(config: &Config, addr: SocketAddr) -> Result<Self, ServeError> {
        let mut hosts = vec!["localhost".to_owned()];
        if !addr.ip().is_unspecified() {
            hosts.push(addr.ip().to_string());
        }
        for host in &config.allowed_hosts {
            let lower = host.to_ascii_lowercase();
            let is_name = lower
                .parse::<Authority>()
                .is_ok_and(|a| a.host() == lower && !lower.contains('@'));
            if !is_name {
                return Err(ServeError::NoName(host.clone(), "host"));
            }
            hosts.push(bare(&lower).to_owned());
        }
        for origin in &config.allowed_origins {
            let parsed: Option<Uri> = origin.parse().ok();
            let is_origin = parsed.is_some_and(|uri| {
                matches!(uri.scheme_str(), Some("http" | "https"))
                    && uri.path() == "/"
                    && uri.query().is_none()
                    && !origin.ends_with('/')
            });
            if !is_origin {
                return Err(ServeError::NoName(origin.clone(), "origin"));
            }
        }
        Ok(Self {
            hosts,
            origins: config.allowed_origins.clone(),
        })
    }

    fn knows(&self, authority: &str) -> bool {
        let Ok(authority) = authority.parse::<Authority>() else {
            return false;
        };
        let host = bare(authority.host()).to_ascii_lowercase();
        host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback()) || self.hosts.contains(&host)
    }

    /// A page that the host itself sent, or one that was allowed by name.
    fn allows(&self, origin: &str, host: &str) -> bool {
        let is_own = origin
            .split_once("://")
            .is_some_and(|(_, authority)| authority.eq_ignore_ascii_case(host));
        is_own || self.origins.iter().any(|o| o == origin)
    }
}

/// An IPv6 address without its brackets.
fn bare(host: &str) -> &str {
    host.trim_start_matches('[').trim_end_matches(']')
}

/// The host that is asked for, with its port where there is one.
pub(crate) fn host(headers: &HeaderMap, uri: &Uri) -> String {
    uri.authority()
        .map(|authority| authority.as_str().to_owned())
        .or_else(|| headers.get(header::HOST).map(text))
        .unwrap_or_default()
}

fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// Refuses foreign hosts and origins.
pub(crate) async fn check(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let host = host(request.headers(), request.uri());
    if !app.guard.knows(&host) {
        return Fault::ForeignHost(host).into_response();
    }
    let origin = request.headers().get(header::ORIGIN).map(text);
    match origin.filter(|origin| !app.guard.allows(origin, &host)) {
        Some(origin) => Fault::ForeignOrigin(origin).into_response(),
        None => next.run(request).await,
    }
}

/// No page of another origin may read anything, but for those allowed by name.
pub(crate) fn cors(config: &Config) -> CorsLayer {
    let origins: Vec<HeaderValue> = config
        .allowed_origins
        .iter()
        .filter_map(|origin| origin.parse().ok())
        .collect();
    if origins.is_empty() {
        return CorsLayer::new();
    }
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::HEAD])
}

/// Only our own styles, scripts and forms; no inline script, no framing, no sniffing, and no
/// query in a referrer that leaves the site.
const HEADERS: [(HeaderName, &str); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=()",
    ),
];

/// Sets the security headers on every answer.
pub(crate) async fn headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guard(addr: &str, hosts: &[&str], origins: &[&str]) -> Result<Guard, ServeError> {
        let config = Config {
            allowed_hosts: hosts.iter().map(|h| (*h).to_owned()).collect(),
            allowed_origins: origins.iter().map(|o| (*o).to_owned()).collect(),
            ..Config::default()
        };
        Guard::new(&config, addr.parse().expect("an address"))
    }

    #[test]
    fn only_loopback_and_allowed_names_are_known() {
        let guard = guard("192.168.1.5:80", &["Duibiao.example.org"], &[]).expect("names");
        for known in [
            "localhost:7700",
            "LOCALHOST",
            "127.0.0.1:7700",
            "127.9.9.9",
            "[::1]:7700",
            "192.168.1.5",
            "duibiao.example.org:443",
        ] {
            assert!(guard.knows(known), "{known}");
        }
        for foreign in [
            "",
            "evil.example",
            "localhost.evil.example",
            "192.168.1.6",
            "127.0.0.1.evil.example",
            "a b",
            "0.0.0.0:7700",
        ] {
            assert!(!guard.knows(foreign), "{foreign}");
        }
    }

    #[test]
    fn origins_are_ours_or_allowed() {
        let guard = guard("127.0.0.1:7700", &[], &["https://tool.example"]).expect("names");
        let allows = |origin: &str| guard.allows(origin, "127.0.0.1:7700");
        assert!(allows("http://127.0.0.1:7700") && allows("https://tool.example"));
        for foreign in [
            "null",
            "http://127.0.0.1:8080",
            "https://evil.example",
            "https://tool.example.evil",
            "",
            "file://",
        ] {
            assert!(!allows(foreign), "{foreign}");
        }
    }

    #[test]
    fn configured_names_are_checked() {
        for host in ["https://a.example", "a.example:80", "a/b", ""] {
            assert!(guard("127.0.0.1:1", &[host], &[]).is_err(), "{host}");
        }
        for origin in [
            "a.example",
            "https://a.example/",
            "https://a.example/x",
            "ftp://a",
        ] {
            assert!(guard("127.0.0.1:1", &[], &[origin]).is_err(), "{origin}");
        }
    }
}
