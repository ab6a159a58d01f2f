//! The site: pages for people and a JSON API for programs, over one open index.
//!
//! A handler extracts, makes one call into `duibiao_search` and renders; nothing is decided here.
//! [`Server::bind`] listens, [`Server::run`] serves until it is told to stop.
//!
//! | module | what is in it |
//! |---|---|
//! | `app` | what handlers share, and the routes with their layers |
//! | `api` | JSON routes and their OpenAPI description |
//! | `pages` | HTML pages, their view models and the words on them |
//! | `parameters` | query strings as types; unknown names are refused |
//! | `fault` | everything that can go wrong, as a problem document or a page |
//! | `guard` | which hosts and origins are answered, security headers |
//! | `log` | one event a request |
//! | `assets` | styles and scripts inside the binary |

mod api;
mod app;
mod assets;
mod export;
mod fault;
mod guard;
mod log;
mod pages;
mod parameters;
mod server;

pub use server::{Config, SEARCH_TIMEOUT, ServeError, Server};
