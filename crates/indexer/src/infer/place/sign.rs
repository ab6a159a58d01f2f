//! Signs by which a name in a text is that of the text's own place: what follows the name, and what
//! it opens. Whether they agree is decided in `body`.

use super::mention::Mention;
use crate::infer::title::window;

/// Words behind a name that make it the place of a rule or of a body that carries it out.
pub(super) const AREA: &[&str] = &["行政区域", "行政辖区", "辖区内", "区域内"];
pub(super) const AUTHORITY: &[&str] = &["人民政府", "人民代表大会", "人大常委会"];

/// Words behind a short name that only a place has.
const ZONES: &[&str] = &[
    "高新",
    "经济技术开发",
    "经济开发",
    "开发区",
    "新区",
    "保税",
    "港口",
    "港区",
    "历史文化名城",
    "城市精神",
    "地域",
    "市区",
    "旅游",
    "日报",
    "好人",
    "）自由贸易试验区",
    ")自由贸易试验区",
    "警备区",
    "军分区",
    "航运交易所",
    "国际金融中心",
    "人大门户网站",
];

pub(super) fn follows(folded: &str, mention: &Mention<'_>, words: &[&str]) -> bool {
    let after = &folded[mention.bytes.end..];
    mention.is_full && words.iter().any(|w| after.starts_with(w))
}

/// Whether it opens the title of a rule that the text repeals: the legislature's own.
pub(super) fn repeals(folded: &str, mention: &Mention<'_>) -> bool {
    let opens = folded[..mention.bytes.start].ends_with(['《', '〈']);
    // A line may be the whole text.
    let near = &folded[window(folded, mention.bytes.end, 120)];
    let line = near.lines().next().unwrap_or_default();
    opens && mention.is_full && line.contains("废止")
}

/// Whether it opens the title of a rule: 《济南市…条例》. A local rule cites those of its own place.
pub(super) fn cites_rule(folded: &str, mention: &Mention<'_>) -> bool {
    if !mention.is_full || !folded[..mention.bytes.start].ends_with(['《', '〈']) {
        return false;
    }
    let after = &folded[mention.bytes.end..];
    let near = &after[..after
        .char_indices()
        .nth(40)
        .map_or(after.len(), |(at, _)| at)];
    near.find(['》', '〉']).is_some_and(|end| {
        ["条例", "规定", "办法", "细则"]
            .iter()
            .any(|w| near[..end].ends_with(w))
    })
}

/// Whether it opens the name of a body: 上海市商业委员会.
pub(super) fn names_body(folded: &str, mention: &Mention<'_>) -> bool {
    let after = &folded[mention.bytes.end..];
    let name = after
        .char_indices()
        .take_while(|(_, c)| c.is_alphanumeric())
        .take(14);
    let end = name.last().map_or(0, |(at, c)| at + c.len_utf8());
    let bodies = ["局", "委员会", "办公室", "中心", "部队", "人大代表"];
    mention.is_full && bodies.iter().any(|b| after[..end].contains(b))
}

/// Whether a short name is that of a zone: 济宁高新区.
pub(super) fn names_zone(folded: &str, mention: &Mention<'_>) -> bool {
    let after = &folded[mention.bytes.end..];
    !mention.is_full && ZONES.iter().any(|w| after.starts_with(w))
}
