//! Where the clause ends that stands before a name: 用户突破3500万、 of 用户突破3500万、月访问量.

use std::sync::LazyLock;

use super::super::lists::{CUTS, VERBS};
use super::super::words::Words;
use super::name::is_general;
use crate::any_of::AnyOf;

/// Verbs with which names begin, too.
const VERBS_IN_NAMES: &[&str] = &[
    "服务", "培训", "监测", "检查", "抽查", "处理", "处置", "改造", "治理", "保障", "修复", "整改",
    "审查", "审议", "督办", "统一", "奖励", "刑事", "存储", "供应", "储备", "安排",
];

/// Behind the last 、 that stands between clauses and not between names: 用户突破3500万、月访问量,
/// 优化支出结构、清收各类资金.
pub(super) fn behind_last_clause(words: &Words, begin: usize, end: usize) -> usize {
    let Some(sign) = (begin..end.saturating_sub(1))
        .rev()
        .find(|&i| words.at(i) == '、')
    else {
        return begin;
    };
    let is_clause = words.has_any(begin, sign, PREDICATES)
        || words
            .starts_list(sign + 1, &VERBS)
            .is_some_and(|(verb, _)| !VERBS_IN_NAMES.contains(&verb));
    if is_clause { sign + 1 } else { begin }
}

/// Before “十三五”时期 that something is compared with.
pub(super) fn before_period(words: &Words, end: usize) -> usize {
    let at = if words.before(end) == '的' {
        end - 1
    } else {
        end
    };
    const PERIODS: &[&str] = &["五”时期", "五”期末", "五”末", "五”期初", "五”初"];
    if words.ends_any(at, PERIODS).is_none() {
        return end;
    }
    let open = (at.saturating_sub(8)..at)
        .rev()
        .find(|&i| words.at(i) == '“');
    let open = open.unwrap_or(end);
    match words.before(open) {
        '较' | '比' | '为' | '是' => open - 1,
        _ => open,
    }
}

/// Words that tell what became of something and are no part of a name.
const PREDICATES: &[&str] = &[
    "突破", "超过", "达到", "增长", "提升", "提高", "下降", "实现", "优化", "投产", "迈上", "跨上",
    "跨过", "跨越",
];

/// Behind the last of [`CUTS`], if enough is left for a name.
pub(super) fn behind_last_cut(words: &Words, begin: usize, end: usize) -> usize {
    let at = (begin..end).rev().find_map(|i| {
        // 议案由代表十人以上联名, but not 自由
        let by = (words.at(i) == '由'
            && i > begin
            && !matches!(words.before(i), '自' | '理' | '缘' | '事'))
        .then_some(i + 1);
        // 侦破了案件: whatever the verb
        let did = (words.at(i) == '了'
            && !matches!(words.before(i), '为' | '除' | '罢')
            && !matches!(words.at(i + 1), '解' | '结'))
        .then_some(i + 1);
        let cut = words.starts_list(i, &CUTS).map(|(_, next)| next);
        let next = cut
            .or(by)
            .or(did)
            .or_else(|| behind_subject(words, i, begin))?;
        // 实施方案 is a name
        let is_name =
            words.ends(next, "实施") && matches!(words.at(next), '方' | '细' | '意' | '办' | '主');
        // 占全部税收比重
        let is_whole = words.before(i) == '占';
        // 建成区面积
        let is_area = words.ends(next, "建成") && words.at(next) == '区';
        // 预算收入累计完成: what stands before 累计 is the name
        let is_nothing = words
            .starts_any(next, &["完成", "实现"])
            .is_some_and(|(_, done)| done == end);
        let is_left = next + 2 <= end
            && !is_general(words, next)
            && !is_whole
            && !is_name
            && !is_area
            && !is_nothing;
        is_left.then_some(next)
    });
    at.unwrap_or(begin)
}

/// Behind a verb at `at` that stands right behind the body that did it: 市人社局举办招聘会.
fn behind_subject(words: &Words, at: usize, begin: usize) -> Option<usize> {
    let (_, body) = words.ends_list(at, &SUBJECTS)?;
    let (verb, next) = words.starts_list(at, &VERBS)?;
    let is_name =
        VERBS_IN_NAMES.contains(&verb) || matches!(verb, "建设" | "运行" | "审理" | "采购");
    (body >= begin && at >= begin + 2 && !is_name).then_some(next)
}

/// Ends of the names of bodies that act.
static SUBJECTS: LazyLock<AnyOf> = LazyLock::new(|| {
    AnyOf::split(
        "局 委 厅 法院 检察院 政府 机关 部门 单位 机构 街道 公司 中心 银行 协会 支队 大队 总队 我市 我省 我县 我区 各地",
    )
});
