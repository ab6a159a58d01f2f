//! What was asked and when, in Chinese, as files say it. What was found is not its business.

use duibiao_lexicon::Lexicon;
use jiff::{Timestamp, Zoned, tz::TimeZone};

use crate::engine::Engine;
use crate::facets::{filter_label, value_label};
use crate::filter::{Resolved, Values, left_out};
use crate::matching::Added;
use crate::request::Request;
use crate::resolve::Term;

/// The query, the filters and the terms that were added, a line each.
pub(crate) fn said(
    request: &Request,
    term: &Term,
    filters: &[Resolved],
    lexicon: &Lexicon,
) -> Vec<String> {
    let mut lines = vec![match request.query.trim() {
        "" => "检索：全部。".to_owned(),
        query => format!("检索：{query}"),
    }];
    if !filters.is_empty() {
        let filters = filters.iter().map(|one| filter(one, request, lexicon));
        let filters: Vec<String> = filters.collect();
        lines.push(format!("筛选：{}。", filters.join("；")));
    }
    let variants = term.variants().into_iter();
    let same = variants.filter(|variant| Added::Same.counts(variant));
    let mut added: Vec<&str> = same.map(|variant| variant.term.as_str()).collect();
    added.dedup();
    if !added.is_empty() {
        lines.push(format!("同时检索了：{}", added.join("、")));
    }
    lines
}

/// When it was asked, and how new what was searched is, by the clock of this machine.
pub(crate) fn when(engine: &Engine) -> String {
    let told = |time: &Zoned| time.strftime("%Y-%m-%d %H:%M").to_string();
    let now = told(&Zoned::now());
    let committed = i64::try_from(engine.commit().committed_at).unwrap_or(i64::MAX);
    match Timestamp::from_second(committed) {
        Ok(time) => {
            let committed = told(&time.to_zoned(TimeZone::system()));
            format!("检索于 {now}，索引更新于 {committed}。")
        }
        Err(_) => format!("检索于 {now}。"),
    }
}

/// A filter as people call it: by names where there are any, else as it was typed.
fn filter(filter: &Resolved, request: &Request, lexicon: &Lexicon) -> String {
    let names = |values: &Values, unwanted: bool| -> Vec<String> {
        match values {
            Values::Keys(keys) => {
                let names = keys
                    .iter()
                    .map(|key| value_label(filter.name, key, lexicon));
                names.collect()
            }
            Values::Numbers(_) => {
                let named = request.filters.named().into_iter();
                let typed = named.filter(|(name, _)| *name == filter.name);
                let typed = typed.flat_map(|(_, values)| values.iter());
                let typed = typed.filter(|value| left_out(value).is_some() == unwanted);
                let value = |value: &String| left_out(value).unwrap_or(value).to_owned();
                typed.map(value).collect()
            }
        }
    };
    let wanted = names(&filter.wanted, false).join("、");
    let unwanted = names(&filter.unwanted, true).join("、");
    let own = if filter.provinces.is_empty() {
        ""
    } else {
        "（含省级文件）"
    };
    let unwanted = match unwanted.as_str() {
        "" => unwanted,
        _ => format!(" 不含 {unwanted}"),
    };
    let wanted = match wanted.as_str() {
        "" => wanted,
        _ => format!(" {wanted}{own}"),
    };
    format!("{}{wanted}{unwanted}", filter_label(filter.name))
}
