//! Reads the quantities of a passage in order as figures: what one says may be told by those before it.
//!
//! Decides neither what a quantity is nor how its words compare.

use duibiao_corpus::{Amount, Comparison, FigureValue, Number};

use super::context::{self, Context};
use super::quantity::Quantity;
use super::words::{self, Words};
use super::{Setting, change, comparison, unit, what};

/// A figure that was just read, for those behind it.
struct Last {
    end: usize,
    sentence: usize,
    unit: String,
    value: f64,
    what: Option<String>,
    comparison: Comparison,
    /// What it and the figures of its list before it measure, the last one last.
    list: Vec<Option<String>>,
    /// Names that 分别 gives to the numbers behind it, the next one first.
    each: std::vec::IntoIter<String>,
}

/// A figure in characters of its passage.
pub(super) struct Found {
    pub(super) begin: usize,
    pub(super) end: usize,
    pub(super) value: FigureValue,
    pub(super) unit: Option<String>,
    pub(super) normalized: Option<Amount>,
    pub(super) what: Option<String>,
    pub(super) comparison: Comparison,
}

/// Whether only the sign of a list stands between two figures, and words that belong to the first.
pub(super) fn is_list_gap(words: &Words, end: usize, begin: usize) -> bool {
    if begin < end || begin > end + 6 {
        return false;
    }
    let gap: String = words.slice(end, begin).iter().collect();
    let gap = gap.trim();
    let gap = ["以上", "左右", "以下"]
        .iter()
        .fold(gap, |gap, word| gap.strip_prefix(word).unwrap_or(gap));
    matches!(gap, "、" | "和" | "及" | "与")
}

/// Whether two names are of different things.
fn is_other(one: &Option<String>, other: &Option<String>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => !one.contains(other.as_str()) && !other.contains(one.as_str()),
        _ => false,
    }
}

/// Whether a bracket only says that the bound is meant, too: 八十公顷以下(含八十公顷).
fn is_noted(words: &Words, quantity: &Quantity) -> bool {
    let at = quantity.begin;
    words.before(at) == '含'
        && matches!(words.before(at - 1), '(' | '〔' | '，' | ',' | '、' | '不')
        && matches!(words.at(quantity.end), ')' | '，' | ',')
}

/// How far behind a figure a number without a unit may borrow its unit.
const STRETCH: usize = 12;

/// Reads the figures of one passage in order.
pub(super) struct Reader<'a> {
    words: &'a Words,
    setting: Setting,
    last: Option<Last>,
    /// What was counted in the sentence so far, with its unit and how many.
    counted: Vec<(String, String, f64)>,
}

/// How many figures of a sentence are kept for those that are a part of them.
const KEPT: usize = 8;

impl<'a> Reader<'a> {
    pub(super) fn new(words: &'a Words, setting: Setting) -> Self {
        Self {
            words,
            setting,
            last: None,
            counted: Vec::new(),
        }
    }

    /// A figure of one quantity, the first of those left.
    pub(super) fn plain(&mut self, left: &[Quantity], ceiling: usize) -> Option<Found> {
        let quantity = left.first()?;
        let floor = self.last.as_ref().map_or(0, |last| last.end);
        if quantity.kind.is_none() && (floor == 0 || quantity.begin > floor + STRETCH) {
            return None;
        }
        if is_noted(self.words, quantity) {
            return None;
        }
        let context = context::read(self.words, quantity, floor);
        let before = self
            .last
            .as_ref()
            .filter(|last| last.sentence == quantity.sentence);
        let whole = before
            .filter(|last| last.unit == quantity.unit && last.value > quantity.low)
            .map(|last| last.value);
        let stretch = before.and_then(|last| self.stretched(quantity, &context, last));
        if quantity.kind.is_none() && stretch.is_none() {
            return None;
        }
        let shared = before.and_then(|last| self.listed(quantity, &context, last));
        let comparison = match (stretch, shared) {
            (Some(comparison), _) | (None, Some(comparison)) => comparison,
            (None, None) => comparison::of(
                self.words,
                quantity,
                &context,
                self.in_list(quantity),
                whole,
            )?,
        };
        let unit = match (quantity.kind, before) {
            (None, Some(last)) => last.unit.clone(),
            _ => quantity.unit.clone(),
        };
        let what = what::measured(self.words, quantity, &context, floor, ceiling).or_else(|| {
            // 执结案件22034件，同比上升9.32%: what changed is what was counted
            // 三千立方米以上不足二万立方米 are two of one thing
            let gap = self.words.slice(floor, context.outer);
            let follows = matches!(gap, [] | ['、' | '，' | ',']);
            let carries = context.change.is_some()
                || context.is_to
                || context.is_level
                || quantity.is_rank
                || quantity.kind.is_none()
                || context.is_part
                || context.condition.is_some() && follows
                // 16万户70万人: households and their members
                || gap.is_empty() && quantity.unit == "人"
                // 36家已整改，其余24家年底前完成
                || self.words.ends(context.outer, "其余")
                // 期限一般为一年，最长不超过三年
                || context.bound.is_some()
                    && follows
                    && before.is_some_and(|last| last.unit == quantity.unit);
            // …，整车出口突破百万辆、居全国首位: more than a clause away other things are told
            let between = self.words.slice(floor, context.outer).iter();
            let is_far = between.filter(|c| matches!(c, '，' | ',')).nth(1).is_some();
            before
                .filter(|_| carries && !is_far)
                .and_then(|last| last.what.clone())
        });
        // 共有事项175项，其中市直34项: of what there is so much in all
        let what = match before.and_then(|last| last.what.clone()) {
            Some(whole)
                if what.as_deref().is_some_and(what::is_scope) && !what::is_scope(&whole) =>
            {
                Some(whole)
            }
            _ => what,
        };
        // 对50个部门2081个环节核查，共有21个部门: of another thing than the number right before
        let comparison = match (&comparison, before) {
            (
                Comparison::PartOf {
                    of: Some(_),
                    whole: None,
                },
                Some(last),
            ) if is_other(&last.what, &what)
                && !self.words.has(last.end, quantity.begin, "其中") =>
            {
                self.part_of(quantity, what.as_deref())
            }
            _ => comparison,
        };
        let is_first = before.is_none();
        let (what, each) = self.each(left, &context, floor, what);
        let value = match quantity.high {
            Some(high) => FigureValue::Range([Number(quantity.low), Number(high)]),
            None => FigureValue::One(Number(quantity.low)),
        };
        let begin = context.begin.max(floor);
        if is_first {
            self.counted.clear();
        }
        if let Some(what) = what.clone().filter(|_| self.counted.len() < KEPT) {
            self.counted.push((what, unit.clone(), quantity.low));
        }
        let list = self.list_with(quantity, what.clone());
        self.last = Some(Last {
            list,
            each,
            end: context.end,
            sentence: quantity.sentence,
            unit: unit.clone(),
            value: quantity.low,
            what: what.clone(),
            comparison: comparison.clone(),
        });
        Some(Found {
            begin,
            end: context.end,
            value,
            unit: (!unit.is_empty()).then_some(unit),
            normalized: amount(quantity, value),
            what,
            comparison,
        })
    }

    /// A part of what was counted before under the same name, or a number of its own.
    fn part_of(&self, quantity: &Quantity, what: Option<&str>) -> Comparison {
        let whole = self.counted.iter().find(|(name, unit, value)| {
            Some(name.as_str()) == what && *unit == quantity.unit && *value > quantity.low
        });
        match whole {
            Some((_, _, value)) => Comparison::PartOf {
                of: Some(Number(*value)),
                whole: None,
            },
            None => Comparison::Count { period: None },
        }
    }

    /// What a figure measures where 分别 stands before it or before the first of its list, and the names
    /// for those behind it.
    fn each(
        &mut self,
        left: &[Quantity],
        context: &Context,
        floor: usize,
        what: Option<String>,
    ) -> (Option<String>, std::vec::IntoIter<String>) {
        let none = || Vec::new().into_iter();
        let Some(quantity) = left.first() else {
            return (what, none());
        };
        if !context.is_each {
            let last = self.last.as_mut();
            let goes_on = last.filter(|last| {
                last.each.len() > 0 && is_list_gap(self.words, last.end, quantity.begin)
            });
            return match goes_on {
                Some(last) => {
                    let mut each = std::mem::take(&mut last.each);
                    (each.next(), each)
                }
                None => (what, none()),
            };
        }
        // Those of the list: 5.2%、5.2%和6%
        let listed = left.windows(2).take_while(|pair| {
            pair[1].kind.is_some() && is_list_gap(self.words, pair[0].end, pair[1].begin)
        });
        let figures = listed.count() + 1;
        let names = what::each(self.words, quantity, context, floor, figures)
            .or_else(|| self.names_of_list(quantity, context, figures));
        match names {
            Some(names) => {
                let mut each = names.into_iter();
                (each.next(), each)
            }
            // As many names as figures are not told apart: each is of all of them.
            None => {
                let rest = figures.saturating_sub(1);
                let each = what.iter().cycle().take(rest.min(8)).cloned();
                let each: Vec<String> = each.collect();
                (what, each.into_iter())
            }
        }
    }

    /// What the figures of one list measure, with one more of them.
    fn list_with(&self, quantity: &Quantity, what: Option<String>) -> Vec<Option<String>> {
        // 投资3亿元、产值4亿元: a name may stand between
        let goes_on = |last: &&Last| {
            last.sentence == quantity.sentence
                && last.list.len() < 8
                && matches!(self.words.at(self.words.skip_spaces(last.end)), '、' | '和')
        };
        let before = self.last.as_ref().filter(goes_on);
        let mut list = before.map(|last| last.list.clone()).unwrap_or_default();
        list.push(what);
        list
    }

    /// The names of the list before 分别 that has none of its own: 甲3亿元、乙4亿元，分别增长5%、6%.
    fn names_of_list(
        &self,
        quantity: &Quantity,
        context: &Context,
        figures: usize,
    ) -> Option<Vec<String>> {
        let last = self.last.as_ref()?;
        let gap = self.words.slice(last.end, context.outer);
        let is_next = last.sentence == quantity.sentence && matches!(gap, ['，' | ',' | '、']);
        let names: Vec<String> = last.list.iter().flatten().cloned().collect();
        (is_next && figures > 1 && names.len() == figures && last.list.len() == figures)
            .then_some(names)
    }

    /// The setting of a quantity: in a list of targets what follows is one too.
    fn in_list(&self, quantity: &Quantity) -> Setting {
        let is_aim = self.last.as_ref().is_some_and(|last| {
            matches!(last.comparison, Comparison::Target { .. })
                && quantity.begin <= last.end + words::NEAR
                && last.sentence < quantity.sentence
                && !self
                    .words
                    .slice(last.end, quantity.begin)
                    .iter()
                    .any(|c| matches!(c, '。' | '\n'))
        });
        Setting {
            is_aim,
            ..self.setting
        }
    }

    /// 不超过30个工作日，力争15: the second number borrows the unit of the first.
    fn stretched(&self, quantity: &Quantity, context: &Context, last: &Last) -> Option<Comparison> {
        let is_bare =
            quantity.kind.is_none() && context.is_aim && quantity.begin <= last.end + STRETCH;
        let closes =
            words::ends_clause(self.words.at(quantity.end)) || self.words.at(quantity.end) == '、';
        let op = match &last.comparison {
            Comparison::Limit { op } | Comparison::Target { op: Some(op), .. } => Some(*op),
            Comparison::FromTo { .. } => None,
            _ => return None,
        };
        (is_bare && closes).then_some(Comparison::Target {
            op,
            direction: None,
        })
    }

    /// 分别增长5%、6%: a number in a list means what the one before it means.
    fn listed(&self, quantity: &Quantity, context: &Context, last: &Last) -> Option<Comparison> {
        let in_list =
            is_list_gap(self.words, last.end, quantity.begin) && quantity.unit == last.unit;
        let says_nothing = !context.says_something() && !context.is_level && !context.is_part;
        let can_share = matches!(
            last.comparison,
            Comparison::Yoy { .. }
                | Comparison::RateOfChange { .. }
                | Comparison::FromBaseline { .. }
                | Comparison::Reduction { .. }
                | Comparison::Target { .. }
                | Comparison::Level { .. }
        );
        (in_list && says_nothing && can_share).then(|| last.comparison.clone())
    }

    /// Where 已 and its like in front of a change begin.
    fn before_fillers(&self, mut at: usize) -> usize {
        while let Some((_, begin)) = self.words.ends_any(
            at,
            &[
                "已",
                "已经",
                "均",
                "分别",
                "可",
                "将",
                "都",
                "全部",
                "总体",
                "进一步",
            ],
        ) {
            at = begin;
        }
        at
    }

    /// As many figures as there are values before, each from its own value before.
    pub(super) fn changes(&mut self, quantities: &[Quantity]) -> Vec<Found> {
        let (before, after) = quantities.split_at(quantities.len() / 2);
        let floor = self.last.as_ref().map_or(0, |last| last.end);
        let first = &before[0];
        let begin = change::lead(self.words, first).unwrap_or(first.begin);
        let outer = Context {
            outer: self.before_fillers(begin.max(floor)),
            end: first.end,
            is_each: true,
            is_to: true,
            ..Context::default()
        };
        let names = what::each(self.words, first, &outer, floor, before.len());
        let mut names = names.unwrap_or_default().into_iter();
        // As many names as values are not told apart: each is of all of them.
        let all = what::measured(self.words, first, &outer, floor, first.end);
        let mut figures = Vec::new();
        for (from, to) in before.iter().zip(after) {
            let end = context::read(self.words, to, from.end).end;
            let (comparison, value) = change::from_to(from, to);
            let what = names.next().or_else(|| all.clone());
            self.last = Some(Last {
                list: vec![what.clone()],
                each: Vec::new().into_iter(),
                end,
                sentence: to.sentence,
                unit: to.unit.clone(),
                value: to.low,
                what: what.clone(),
                comparison: comparison.clone(),
            });
            figures.push(Found {
                begin: to.begin,
                end,
                value,
                unit: (!to.unit.is_empty()).then(|| to.unit.clone()),
                normalized: amount(to, value),
                what,
                comparison,
            });
        }
        figures
    }

    /// A figure of two quantities, the second reached from the first.
    pub(super) fn change(
        &mut self,
        from: &Quantity,
        to: &Quantity,
        ceiling: usize,
    ) -> Option<Found> {
        let floor = self.last.as_ref().map_or(0, |last| last.end);
        let after = context::read(self.words, to, from.end);
        let (comparison, value) = change::from_to(from, to);
        let begin = change::lead(self.words, from)
            .unwrap_or(from.begin)
            .max(floor);
        // a unit of its own, unless it is 个 before nothing: 由5个工作日压缩到1个
        let unit = match (to.kind, from.kind) {
            (None, _) => from.unit.clone(),
            (Some(_), Some(kind)) if to.unit == "个" && kind == unit::Kind::Time => {
                from.unit.clone()
            }
            _ => to.unit.clone(),
        };
        let outer = Context {
            outer: self.before_fillers(begin),
            end: after.end,
            change: Some(context::Change {
                direction: duibiao_corpus::Direction::Down,
                is_cut: false,
            }),
            ..Context::default()
        };
        // 9支基金整合为1支: another thing than the figure before
        let is_named = self.words.at(from.end).is_alphabetic()
            && !matches!(self.words.at(from.end), '至' | '到')
            && self.words.starts_list(from.end, &change::CHANGES).is_none();
        let what = what::measured(self.words, to_measure(from, to), &outer, floor, ceiling)
            .or_else(|| {
                self.last
                    .as_ref()
                    .filter(|last| last.sentence == from.sentence && !is_named)
                    .and_then(|last| last.what.clone())
            });
        self.last = Some(Last {
            list: vec![what.clone()],
            each: Vec::new().into_iter(),
            end: after.end,
            sentence: to.sentence,
            unit: unit.clone(),
            value: to.low,
            what: what.clone(),
            comparison: comparison.clone(),
        });
        Some(Found {
            begin,
            end: after.end,
            value,
            unit: (!unit.is_empty()).then_some(unit),
            normalized: amount(to, value),
            what,
            comparison,
        })
    }
}

/// The quantity of a change that has a kind.
fn to_measure<'q>(from: &'q Quantity, to: &'q Quantity) -> &'q Quantity {
    if from.kind.is_some() { from } else { to }
}

/// The value in base units, where they are others.
fn amount(quantity: &Quantity, value: FigureValue) -> Option<Amount> {
    let (unit, by) = quantity.base?;
    // 4.4 × 10000 is 44000 and not 44000.00000000001
    let value = value.map(|n| (n * by * 1e9).round() / 1e9);
    Some(Amount {
        value,
        unit: unit.to_owned(),
    })
}
