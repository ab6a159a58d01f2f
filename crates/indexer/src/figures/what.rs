//! What a figure measures, in words of the text: 破坏发展环境案件 of 查处破坏发展环境案件26件.
//!
//! The words stand behind the classifier (47件查办任务) or before the number (查办任务47件). Where
//! neither gives a short run of words, it is left open.

use super::context::Context;
use super::quantity::Quantity;
use super::unit::Kind;
use super::words::{Words, ends_clause};

/// Words that end a name behind a classifier.
const ENDS: &[&str] = &[
    "已",
    "全部",
    "全面",
    "均",
    "进行",
    "实现",
    "完成",
    "开展",
    "达到",
    "达",
    "占",
    "不同",
    "存在",
    "被",
    "在",
    "为",
    "是",
    "由",
    "从",
    "并",
    "共",
    "通过",
    "纳入",
    "获得",
    "获评",
    "获批",
    "入选",
    "建成",
    "投产",
    "得到",
    "提供",
    "给予",
    "可以",
    "应当",
    "不得",
    "必须",
    "都",
    "向",
    "用于",
    "上线",
    "进入",
    "参与",
    "参加",
    "落户",
    "签约",
    "开工",
    "启用",
    "集中",
    "运行",
    "投入",
    "带动",
    "覆盖",
    "受到",
    "受益",
    "实行",
    "制定",
    "提出",
    "发现",
    "作出",
    "采取",
    "分别",
    "先后",
    "将",
    "成功",
    "顺利",
    "有效",
    "切实",
    "等",
    "以上",
    "以下",
    "以内",
    "左右",
    "内",
    "予以",
    "取得",
    "落实",
    "到位",
    "累计",
    "增长",
    "下降",
    "同比",
    "其中",
    "经",
    "未",
    "无",
    "有",
    "还",
    "也",
    "仅",
    "能够",
    "来",
    "后",
    "前",
    "之",
    "联合",
    "使用",
    "组成",
    "负责",
    "按",
    "就",
    "于",
    "正式",
    "基本",
    "加快",
    "着力",
    "持续",
    "稳步",
    "蓄势",
    "竣工",
    "联名",
    "达标",
    "需",
    "须",
    "可",
    "跻身",
    "荣获",
    "贯通",
    "获",
    "挂牌",
    "揭牌",
    "上市",
    "亮相",
    "落地",
    "建设完成",
    "率先",
    "总投资",
    "或者",
    "居",
    "位居",
    "位列",
    "列",
];

/// Words in front of a name that belong to the sentence and not to it.
const LEADS: &[&str] = &[
    "其中",
    "全市",
    "全省",
    "全区",
    "全县",
    "全国",
    "我市",
    "我省",
    "我区",
    "我县",
    "本市",
    "目前",
    "截至目前",
    "截止目前",
    "共",
    "已",
    "累计",
    "并",
    "又",
    "还",
    "先后",
    "全年",
    "今年",
    "年内",
    "现场",
    "预计",
    "同时",
    "此外",
    "现有",
    "现",
    "应当",
    "应",
    "可以",
    "可",
    "对",
    "将",
    "把",
    "及",
    "和",
    "与",
    "、",
    "的",
    "了",
    "均",
    "也",
    "再",
    "至今",
    "以来",
    "一年来",
    "五年来",
    "依法",
    "成功",
    "全部",
    "力争",
    "确保",
    "争取",
    "计划",
    "到",
    "使",
    "由",
    "为",
    "向",
    "给予",
    "处以",
    "处",
    "按照",
    "按",
    "以",
    "拟",
    "要",
    "在",
    "经",
    "通过",
    "分别",
    "平均",
    "每年",
    "进一步",
    "全面",
    "集中",
    "统一",
    "新",
    "总共",
    "合计",
    "共有",
    "有",
    "期间",
    "以及",
    "当年",
    "市级",
    "率先",
    "近期",
    "自",
    "超过",
    "实际",
    "至少",
    "不少于",
];

/// Verbs that only say that something was done to what is counted.
const VERBS: &[&str] = &[
    "开展",
    "进行",
    "完成",
    "实现",
    "下达",
    "发放",
    "组织",
    "召开",
    "举办",
    "制定",
    "出台",
    "查处",
    "移交",
    "发现",
    "接管",
    "公开",
    "归集",
    "归集并公示",
    "办结",
    "解决",
    "帮助企业解决",
    "受理",
    "建立",
    "建成",
    "建设",
    "打造",
    "培育",
    "新增",
    "创建",
    "设立",
    "设置",
    "引进",
    "实施",
    "推进",
    "推动",
    "化解",
    "处理",
    "处置",
    "办理",
    "下放",
    "取消",
    "减少",
    "清理",
    "整治",
    "整改",
    "责令整改",
    "改造",
    "新建",
    "新建改造",
    "开工",
    "开工建设",
    "新开工",
    "投用",
    "认定",
    "评选",
    "获得",
    "争取",
    "落实",
    "筹集",
    "投入",
    "安排",
    "拨付",
    "盘活",
    "支持",
    "帮助",
    "服务",
    "组建",
    "派出",
    "出动",
    "约谈",
    "走访",
    "收集",
    "征集",
    "梳理",
    "印发",
    "下发",
    "发布",
    "推出",
    "推广",
    "培训",
    "选派",
    "选聘",
    "聘请",
    "签约",
    "签订",
    "引育",
    "提供",
    "启动",
    "部署",
    "承办",
    "整合",
    "修复",
    "治理",
    "排查",
    "检查",
    "抽查",
    "核查",
    "督办",
    "交办",
    "制修订",
    "提请",
    "审议",
    "修订",
    "审查",
    "备案",
    "监测",
    "跟踪",
    "实际",
    "压减",
    "腾退",
    "追缴",
    "挽回",
    "补发",
    "兑现",
    "减免",
    "释放",
    "达到",
    "具备",
    "保障",
    "确定",
    "评定",
    "配备",
    "拥有",
    "覆盖",
    "纳入",
    "涉及",
    "包括",
    "形成",
    "迎来",
    "突破",
    "增加",
    "吸纳",
    "拨款",
    "开通",
    "整理",
    "入库",
    "储备",
    "谋划",
    "带动",
    "招引",
    "落地",
    "布局",
    "执结",
    "审结",
    "审理",
    "刑事",
    "列入",
    "划定",
    "栽植",
    "完成投资",
];

/// How many characters a name has at most.
const LONGEST: usize = 24;

/// What a figure measures; `outer` is where the words that compare begin, `floor` where the figure
/// before it ends, `ceiling` where the next begins.
pub(super) fn measured(
    words: &Words,
    quantity: &Quantity,
    context: &Context,
    floor: usize,
    ceiling: usize,
) -> Option<String> {
    let left = || before(words, quantity, context, floor);
    let right = || behind(words, context.end, ceiling);
    match quantity.kind? {
        _ if quantity.is_rank => left(),
        _ if context.change.is_some() || context.is_to || context.is_level || context.is_part => {
            left()
        }
        Kind::Count if context.is_equal => left().or_else(right),
        Kind::Count => right().or_else(left),
        Kind::Percent if words.at(context.end) == '的' => {
            named_after_of(words, context.end, ceiling).or_else(left)
        }
        Kind::Percent | Kind::Point | Kind::Times | Kind::Score => left().or_else(right),
        Kind::Money if context.suffix.is_some() || quantity.is_between => right()
            .or_else(|| named_after_of(words, context.end, ceiling))
            .or_else(left),
        Kind::Money | Kind::Measure => left()
            .filter(|w| !VERBS.contains(&w.as_str()))
            .or_else(right)
            .or_else(|| named_after_of(words, context.end, ceiling))
            .or_else(left),
        Kind::Time => action(words, context, ceiling).or_else(left),
    }
}

/// The name behind 的: 以上的企业, 4万元的运行补贴.
fn named_after_of(words: &Words, at: usize, ceiling: usize) -> Option<String> {
    (words.at(at) == '的')
        .then(|| behind(words, at + 1, ceiling))
        .flatten()
}

/// The name that stands behind a classifier.
fn behind(words: &Words, at: usize, ceiling: usize) -> Option<String> {
    let begin = words.skip_spaces(at);
    let begin = if words.at(begin) == '的' {
        begin + 1
    } else {
        begin
    };
    let last = words.clause_end(begin, ceiling);
    let last = (begin..last)
        .find(|&i| matches!(words.at(i), '、' | '《' | '>' | '/'))
        .unwrap_or(last);
    let end = (begin..last)
        .find(|&i| {
            words
                .starts_any(i, ENDS)
                .is_some_and(|(word, end)| !is_inside_name(words, i, begin, word, end))
        })
        .unwrap_or(last);
    name(words, begin, end)
}

/// 对外 of 对外贸易企业 and 有 of 国有企业 do not end a name.
fn is_inside_name(words: &Words, at: usize, begin: usize, word: &str, end: usize) -> bool {
    let next = words.at(end);
    let before = words.before(at);
    match word {
        "有" => {
            matches!(before, '国' | '所' | '公' | '共' | '私')
                || matches!(next, '关' | '效' | '机' | '害' | '色' | '限')
        }
        "内" => {
            matches!(next, '部' | '资' | '设' | '河' | '陆' | '贸' | '容' | '需')
                || before == '国'
                || before == '省'
        }
        "后" => matches!(next, '备' | '勤' | '期' | '续' | '台') || before == '士',
        "前" => matches!(next, '沿' | '置' | '期'),
        "为" => before == '行' || matches!(next, '民' | '老' | '企'),
        "来" => matches!(next, '源' | '电' | '料' | '信'),
        "经" => matches!(next, '济' | '营' | '开' | '贸' | '纪' | '费') || before == '财',
        "等" => matches!(next, '级' | '教') || before == '高' || before == '中',
        "联合" | "使用" | "集中" | "基本" | "服务" | "服务" | "持续" | "参与" => {
            at > begin || word == "集中" || word == "联合" || word == "基本"
        }
        "在" => matches!(next, '建' | '线' | '校' | '职' | '岗' | '役' | '编') || before == '存',
        "未" => matches!(next, '来' | '成' | '通' | '落'),
        "无" => matches!(next, '人' | '障' | '证' | '废' | '线') || before == '虚',
        "之" => true,
        "向" => before == '方' || before == '定' || before == '双',
        "由" => before == '自' || before == '理',
        "从" => next == '业',
        "可" => matches!(next, '再' | '持') || before == '许',
        "于" => true,
        "达" => before == '发',
        "是" => false,
        "按" => next == '揭',
        "占" => matches!(next, '道' | '地'),
        "需" => next == '求' || before == '必' || before == '急',
        "居" => {
            matches!(next, '民' | '家' | '住') || before == '安' || before == '邻' || before == '民'
        }
        "列" => before == '系' || before == '专' || before == '班' || before == '序',
        "就" => next == '业',
        "负责" => next == '人',
        "将" => false,
        "获" => false,
        "还" => next == '建',
        "挂牌" => next == '督',
        "上市" => matches!(next, '公' | '企' | '后'),
        "落地" => matches!(next, '项'),
        "开工" => next == '项' || at == begin,
        "签约" => next == '项',
        "入选" | "建成" => next == '项',
        "实行" | "进行" => false,
        _ => false,
    }
}

/// What is to be done within a time: 完成装机服务 of 8小时内完成装机服务.
fn action(words: &Words, context: &Context, ceiling: usize) -> Option<String> {
    if context.suffix.is_none() && !context.is_ahead {
        return None;
    }
    let mut begin = words.skip_spaces(context.end);
    if matches!(words.at(begin), ',' | '，') {
        begin += 1;
    }
    if words.at(begin) == '的' {
        begin += 1;
    }
    let end = words.clause_end(begin, ceiling);
    name(words, begin, end).filter(|name| name.chars().count() <= LONGEST)
}

/// The name that stands before the words that compare.
fn before(words: &Words, quantity: &Quantity, context: &Context, floor: usize) -> Option<String> {
    let end = words.skip_spaces_back(context.outer.min(quantity.begin));
    let begin = words.clause_begin(end, floor.max(quantity.sentence));
    let mut begin = begin.min(end);
    // a quotation that ends right here is the name: “网上实办率”达到
    if matches!(words.before(end), '”' | '"') {
        let open = (end.saturating_sub(LONGEST)..end - 1)
            .rev()
            .find(|&i| words.at(i) == '“')?;
        return name(words, open + 1, end - 1);
    }
    while let Some(next) = led(words, begin, end) {
        begin = next;
    }
    if let Some((verb, next)) = words.starts_any(begin, VERBS) {
        // 受理265件: the verb itself says what is counted
        if next + 2 <= end && verb.len() < 18 {
            begin = next;
        }
    }
    while let Some(next) = led(words, begin, end) {
        begin = next;
    }
    name(words, begin, end)
}

/// Behind one word that only leads to the name, or a date.
fn led(words: &Words, begin: usize, end: usize) -> Option<usize> {
    if begin >= end {
        return None;
    }
    let date = (begin..end)
        .take_while(|&i| {
            words.at(i).is_ascii_digit()
                || matches!(
                    words.at(i),
                    '年' | '月'
                        | '日'
                        | '至'
                        | '底'
                        | '末'
                        | '-'
                        | ' '
                        | '季'
                        | '度'
                        | '上'
                        | '下'
                        | '半'
                )
        })
        .count();
    if date > 0
        && words
            .slice(begin, begin + date)
            .iter()
            .any(|c| matches!(c, '年' | '月' | '日'))
    {
        return Some(begin + date);
    }
    if matches!(words.at(begin), ' ' | '、' | '\t' | '”' | '》' | '.') {
        return Some(begin + 1);
    }
    if words.at(begin) == '一' && words.at(begin + 1) == '是'
        || words.at(begin + 1) == '是' && "二三四五六七八九十".contains(words.at(begin))
    {
        return Some(begin + 2);
    }
    let (word, next) = words.starts_any(begin, LEADS)?;
    let is_whole = !(word.chars().count() == 1 && is_of_word(word, words.at(next)));
    (next < end && is_whole).then_some(next)
}

/// 新能源, 对外, 应急, 可再生, 经济: the single character begins a word.
fn is_of_word(word: &str, next: char) -> bool {
    match word {
        "新" => true,
        "对" => matches!(next, '外' | '口' | '接'),
        "应" => matches!(next, '急' | '用'),
        "可" => matches!(next, '再' | '持'),
        "经" => matches!(next, '济' | '营' | '费' | '开' | '贸' | '办'),
        "处" => matches!(next, '理' | '置' | '罚' | '分' | '级'),
        "并" => matches!(next, '联' | '网' | '购'),
        "和" => matches!(next, '谐'),
        "要" => matches!(next, '件' | '素' | '求'),
        "有" => matches!(next, '效' | '机' | '关' | '线' | '限' | '色' | '害'),
        "在" => matches!(next, '建' | '线' | '校' | '职' | '岗' | '库'),
        "共" => matches!(next, '享' | '同' | '建' | '有' | '青'),
        "自" => matches!(next, '然' | '主' | '来' | '查' | '由' | '治' | '动' | '贸'),
        "到" => matches!(next, '位' | '期' | '账' | '达'),
        "以" => matches!(next, '旧' | '工'),
        "再" => matches!(next, '生' | '就'),
        "为" => matches!(next, '民'),
        "与" => false,
        "向" => false,
        "现" => matches!(next, '代' | '金' | '场' | '货' | '状'),
        "使" => matches!(next, '用'),
        "还" => matches!(next, '款' | '建'),
        "将" => next == '军',
        "按" => next == '揭' || next == '期',
        "由" => false,
        _ => false,
    }
}

/// The words of `begin..end` as a name, unless they are none.
fn name(words: &Words, begin: usize, end: usize) -> Option<String> {
    let text: String = words.slice(begin, end).iter().collect();
    let text = text
        .trim_matches(|c: char| {
            c.is_whitespace() || matches!(c, '、' | '的' | '了' | '“' | '”' | '"' | '.' | '-' | '·')
        })
        .to_owned();
    let length = text.chars().count();
    let balanced = text.matches('《').count() == text.matches('》').count();
    (balanced
        && (2..=LONGEST).contains(&length)
        && !text.chars().all(|c| c.is_ascii_digit() || ends_clause(c)))
    .then_some(text)
}
