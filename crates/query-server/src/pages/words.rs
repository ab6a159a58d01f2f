//! The words on the pages: names of filters, rules of inference and faults, in Chinese.

use std::borrow::Cow;

use duibiao_corpus::{Level, Script, Status};
use duibiao_search::{
    Error, Excess, ExportFormat, FilterFault, ParameterFault, QueryFault, filter_label,
};

use super::grouped;
use crate::fault::Fault;

/// How a filter's values are led into, so that all of them read as one sentence.
pub(crate) fn preposition(name: &str) -> &str {
    match name {
        "place" | "province" | "city" | "county" => "在",
        "year" => "年份",
        "period" => "时期",
        "theme" => "主题为",
        "doc_type" => "文种为",
        "subtype" => "子类为",
        "issuer" => "发文机关为",
        "number" => "文号为",
        "status" => "状态为",
        "level" => "层级为",
        other => other,
    }
}

/// How values that are left out are led into.
pub(crate) fn without(name: &str) -> &str {
    match name {
        "place" | "province" | "city" | "county" => "不含",
        "year" => "年份不含",
        "period" => "时期不含",
        "theme" => "主题不含",
        "doc_type" => "文种不含",
        "subtype" => "子类不含",
        "issuer" => "发文机关不含",
        "number" => "文号不含",
        "status" => "状态不含",
        "level" => "层级不含",
        other => other,
    }
}

/// In which way a query was typed wrongly.
pub(crate) fn correction(kind: &str) -> &'static str {
    match kind {
        "pinyin" => "按拼音",
        "homophone" => "按同音字",
        _ => "按形近",
    }
}

/// What a signal of a score is called: what it is, and the words it is about.
pub(crate) fn signal(name: &str) -> String {
    let (kind, about) = name.split_once(':').unwrap_or((name, ""));
    let kind = match kind {
        "word" => "词语",
        "literal" => "原文",
        "pairs" => "相邻两字",
        "characters" => "单字",
        "as_typed" => "整词原样",
        "variant" => "同义说法",
        "near" => "两词相近",
        "boilerplate" => "套话（多份文件共有）",
        "verbatim" => "各词逐字俱全",
        other => other,
    };
    if about.is_empty() {
        kind.to_owned()
    } else {
        format!("{kind} {}", about.replace('~', "、"))
    }
}

/// What a value that no document states is called.
pub(crate) const UNKNOWN: &str = "不详";

/// The rule that found a value.
pub(crate) fn rule(rule: &str) -> Cow<'_, str> {
    Cow::Borrowed(match rule {
        "label" => "由标注文件给定",
        "title.given" => "由给定的标题推出",
        "title.type" => "文首以文种结尾的一行（或几行）即标题",
        "title.format" => "文件格式自带的标题",
        "title.promulgated" => "令所公布的文件，其标题另起一行",
        "title.first_line" => "文首第一行，像标题而无文种字样",
        "doc_type.title" => "标题末尾的文种",
        "doc_type.subtitle" => "副标题或标题下括注所称的文种",
        "doc_type.questions" => "以问答写成",
        "doc_type.form" => "标题无文种，由来源、署名等形式推出",
        "subtype.title" => "标题中的子类",
        "subtype.form" => "由内容形式推出的子类",
        "doc_type.self" => "正文对本文件的自称",
        "number.own_line" => "标题附近独占一行的文号",
        "number.series" => "标题下的编号",
        "number.order" => "令、公告的编号",
        "issuer.signature" => "文末落款的机关",
        "issuer.title" => "标题开头的机关",
        "issuer.byline" => "标题下署名的机关",
        "issuer.label" => "文首注明的机关",
        "issuer.passed" => "通过该文件的机关",
        "issuer.order" => "发布令的机关",
        "issuer.printed" => "版记中的印发机关",
        "issuer.self" => "正文自称的政府",
        "place.title" => "标题中的地名",
        "place.subtitle" => "副标题中的地名",
        "place.legislature" => "通过该文件的人大所在地",
        "place.byline" => "标题下署名机关的地名",
        "place.number" => "文号中的机关代字",
        "place.area" => "正文所称适用的行政区域",
        "place.authority" => "正文中负责实施的政府",
        "place.repealed" => "同时废止的旧规定的地名",
        "place.cited_rules" => "所引本地法规的地名",
        "place.zone" => "正文中本地园区、报刊的名称",
        "place.body" => "正文中本地机构的名称",
        "place.only" => "法规正文中同级地名只有这一个",
        "place.districts" => "法规正文中的区县都属于这个市",
        "place.basis" => "所依据的省级法规的地名",
        "place.header" => "文首几段中的地名",
        "place.signature" => "落款机关的地名",
        "place.source" => "标题之前的来源、机关名中的地名",
        "place.self_reference" => "“我市”“本市”等自称所指的地名",
        "place.parent" => "由所属的市、县推出",
        "place.cities" => "由文中提到的多个城市推出",
        "period.months" => "由正文所称数据的起止月份推出",
        "period.mentions" => "由正文提到的年份推出",
        "period.title" => "标题中的时期",
        "period.report" => "政府工作报告回顾上一年",
        "date.byline" => "标题下署名处的日期",
        "date.bracketed" => "标题下括注的日期",
        "date.approved" => "标题下载明的批准日期",
        "date.amended" => "标题下载明的修正、修订日期",
        "date.promulgated" => "公布日期",
        "date.issued" => "标题下载明的印发日期",
        "date.printed" => "版记中的印发日期",
        "date.stated" => "文中写明的成文日期",
        "date.in_force" => "文中写明的施行日期",
        "date.signature" => "文末落款的日期",
        "date.passed" => "标题下载明的通过、批准或修正日期",
        "date.delivered" => "标题下载明的作报告日期",
        "published.stated" => "文中写明的发布日期",
        "published.header" => "文首来源一行的日期",
        "published.page" => "网页写明的发布日期",
        "published.source" => "网页来源一行的日期",
        "appeared.stated" => "文中写明的见报日期",
        "appeared.header" => "报纸版面标题旁的日期",
        "year.number" => "文号中的年份",
        "year.past" => "标题所总结的年份",
        "year.explained" => "所解读文件的印发年份",
        "year.title" => "标题中的年份",
        "year.self" => "文首对本年度的自称",
        other => other,
    })
}

/// What a reader should know about how a file was read. The texts are those of the reader of
/// files; one that is not known here is shown as it is.
pub(crate) fn warning(warning: &str) -> Cow<'_, str> {
    let said = || -> Option<String> {
        if let Some((declared, real)) = warning
            .strip_prefix("declared ")
            .and_then(|rest| rest.split_once(" but "))
        {
            return Some(format!(
                "文件声明编码为 {declared}，实为 {real}，已按后者读取。"
            ));
        }
        if let Some(program) = warning
            .strip_prefix("read by OCR (")
            .and_then(|rest| rest.strip_suffix("): characters may be wrong"))
        {
            return Some(format!(
                "扫描页由文字识别（{program}）读取，可能有错字，引用前请核对原件。"
            ));
        }
        if let Some(page) = warning.strip_prefix("partial: continues from page ") {
            return Some(format!("本件是报纸上的一部分，上接第 {page} 版。"));
        }
        if let Some(page) = warning.strip_prefix("partial: continues on page ") {
            return Some(format!("本件未完，下转第 {page} 版。"));
        }
        if let Some(most) = warning
            .strip_prefix("over ")
            .and_then(|rest| rest.strip_suffix(" passages: what follows is cut by length"))
        {
            return Some(format!("文件段落过多，第 {most} 段之后只按长度切分。"));
        }
        let (number, rest) = warning.split_once(' ')?;
        if let Some(encoding) = rest.strip_prefix("characters could not be decoded as ") {
            return Some(format!("有 {number} 个字符无法按 {encoding} 解码。"));
        }
        if rest == "characters could not be read" {
            return Some(format!("有 {number} 个字符无法识读。"));
        }
        if rest == "scanned pages were left out: OCR takes too long" {
            return Some(format!("有 {number} 页扫描页识别耗时过长，未能读取。"));
        }
        if let Some(pages) = rest
            .strip_prefix("of ")
            .and_then(|rest| rest.strip_suffix(" pages have no text layer"))
        {
            return Some(format!(
                "{pages} 页中有 {number} 页没有文字层（扫描页），未能读取。"
            ));
        }
        let (read, all) = rest.strip_suffix(" pages were read")?.split_once(" of ")?;
        Some(format!("全件 {all} 页，只读取了 {read} 页。"))
    };
    match warning {
        "a part of the OFD file is missing" => "OFD 文件缺少一部分。".into(),
        "a chapter of the book is missing" => "电子书缺少章节。".into(),
        "a part of the Word file is missing or damaged" => "Word 文件有一部分缺失或损坏。".into(),
        "a sheet of the workbook is missing" => "工作簿缺少工作表。".into(),
        "a hidden sheet of the workbook is not read" => "工作簿中隐藏的工作表未读取。".into(),
        "partial: an excerpt" => "本件是节选。".into(),
        "partial: the workbook has more cells than are read" => {
            "工作簿单元格过多，只读取了一部分。".into()
        }
        other => said().map_or(Cow::Borrowed(other), Cow::Owned),
    }
}

/// A fault in Chinese: what happened, and what to do.
pub(crate) struct Said {
    pub(crate) title: &'static str,
    pub(crate) what: String,
    pub(crate) remedy: String,
}

/// Says a fault.
pub(crate) fn fault(fault: &Fault) -> Said {
    let said = |title, what: String, remedy: &str| Said {
        title,
        what,
        remedy: remedy.to_owned(),
    };
    match fault {
        Fault::Search(error) => search(error),
        Fault::Id(_) => said(
            "编号有误",
            "地址里的编号不是文件编号，也不是段落编号。文件编号是 16 位十六进制数字，段落编号再加 -m 和序号。".to_owned(),
            "请从检索结果中打开文件，或重新放入段落。",
        ),
        Fault::UnknownParameter { name, known } => Said {
            title: "参数有误",
            what: format!("本页没有名为“{name}”的参数，为免给出未经筛选的结果，没有检索。"),
            remedy: if known.is_empty() {
                "请去掉地址中的参数。".to_owned()
            } else {
                format!("可用的参数：{}。", known.join("、"))
            },
        },
        Fault::Parameter { name, .. } => said(
            "参数有误",
            format!("参数“{name}”的取值无法识别，或重复给出。"),
            "请改正地址中的这一参数，或从首页重新检索。",
        ),
        Fault::Unreadable(_) => said(
            "地址有误",
            "地址中问号之后的部分无法识别。".to_owned(),
            "请从首页重新检索。",
        ),
        Fault::NoRoute => said(
            "没有这一页",
            "这个地址下没有内容。".to_owned(),
            "请核对地址，或从首页重新检索。",
        ),
        Fault::NoMethod => said(
            "不支持这种请求",
            "本站只读，只接受 GET 与 HEAD 请求。".to_owned(),
            "请直接打开地址。",
        ),
        Fault::ForeignHost(host) => Said {
            title: "未获准的主机名",
            what: format!("本服务没有获准以“{host}”之名应答。"),
            remedy: "若确需如此，请管理员启动服务时加上 --allow-host 选项。".to_owned(),
        },
        Fault::ForeignOrigin(origin) => Said {
            title: "未获准的来源",
            what: format!("请求来自“{origin}”的网页，未获准读取本服务。"),
            remedy: "若确需如此，请管理员启动服务时加上 --allow-origin 选项。".to_owned(),
        },
        Fault::TooMuchBody => said(
            "请求过大",
            "本站的页面不接收上传内容。".to_owned(),
            "请直接打开地址。",
        ),
        Fault::TooManyParameters(given) => said(
            "参数太多",
            format!("地址中有 {given} 个参数，最多 300 个，没有检索。"),
            "请减少筛选条件，分几次检索；对标篮请分成几篮。",
        ),
        Fault::Overloaded => said(
            "请求太多",
            "同时到达的请求超出了服务的承受能力。".to_owned(),
            "请稍候片刻再试。",
        ),
        Fault::Timeout => said(
            "耗时过长",
            "这次检索没有在时限内完成，已经放弃。".to_owned(),
            "请加上筛选条件，或稍后再试。",
        ),
        Fault::Internal => said(
            "服务出错",
            "处理这次请求时出现了程序错误，已记入日志。其他请求不受影响。".to_owned(),
            "请重试；若再次出现，请把地址告诉管理员。",
        ),
    }
}

fn search(error: &Error) -> Said {
    let or = |suggestion: &Option<String>, otherwise: &str| {
        suggestion
            .as_ref()
            .map_or_else(|| otherwise.to_owned(), |s| format!("可以试试：{s}"))
    };
    match error {
        Error::Query {
            at,
            fault,
            suggestion,
        } => Said {
            title: "检索式有误",
            what: format!("检索式第 {at} 个字处：{}。", query(fault)),
            remedy: or(suggestion, "请改正后再检索；不确定时，去掉符号，只留词语。"),
        },
        Error::TooLarge(excess) => Said {
            title: "检索式过长",
            what: match excess {
                Excess::Bytes(bytes) => {
                    format!("检索式有 {bytes} 字节，最多 4096 字节（约 1300 个汉字）。")
                }
                Excess::Parts => "检索式的词语超过 256 个。".to_owned(),
                Excess::Words => "检索式切分后的词语超过 256 个。".to_owned(),
                Excess::Depth => "检索式的括号嵌套超过 32 层。".to_owned(),
                Excess::Values => "筛选条件的取值合计超过 256 个。".to_owned(),
                Excess::ValueBytes(bytes) => {
                    format!("有一个筛选条件的取值长达 {bytes} 字节，最多 512 字节。")
                }
                Excess::Hits(hits) => format!("检到 {hits} 条，最多可以关注 100000 条。"),
            },
            remedy: match excess {
                Excess::Values | Excess::ValueBytes(_) => "请减少或缩短筛选条件。".to_owned(),
                Excess::Hits(_) => "请增加词语或筛选条件。".to_owned(),
                _ => "请缩短检索式；要查找一段原文，把它放进一对引号里。".to_owned(),
            },
        },
        Error::Filter {
            name,
            fault,
            suggestion,
        } => Said {
            title: "筛选条件有误",
            what: format!("{}：{}。", filter_label(name), value(fault)),
            remedy: match (*name, fault) {
                ("status", FilterFault::Unlisted(_)) => {
                    listed(Status::ALL.iter().map(|s| s.label()))
                }
                ("level", FilterFault::Unlisted(_)) => listed(Level::ALL.iter().map(|l| l.label())),
                _ => or(suggestion, "请改正或去掉这一条件。"),
            },
        },
        Error::Parameter { name, fault } => Said {
            title: "参数有误",
            what: format!(
                "参数“{name}”{}。",
                match fault {
                    ParameterFault::Zero => "至少为 1".to_owned(),
                    ParameterFault::TooMany => "不能超过 10000".to_owned(),
                    ParameterFault::Above(most) => format!("不能超过 {most}"),
                    ParameterFault::TooFar => "太大：页面最多翻到第 10000 条".to_owned(),
                    ParameterFault::WithOffset => "不能与 offset 同用".to_owned(),
                    ParameterFault::NothingToCompare => "缺少内容：对照需要检索词或主题".to_owned(),
                    ParameterFault::TooManyPicked => "太多：对标篮最多放 100 段".to_owned(),
                    ParameterFault::PickedTwice => "重复：同一段只能放一次".to_owned(),
                    ParameterFault::LongNote => "太长：每段备注最多 500 字".to_owned(),
                    ParameterFault::LongNotes => "太长：全部备注合计最多 5000 字".to_owned(),
                    ParameterFault::PickedAndSearched => {
                        "不能与检索词、主题或筛选同用：对照逐段放入的内容时不检索".to_owned()
                    }
                    ParameterFault::NoCity => "缺少我市：要查哪个城市的差距".to_owned(),
                    ParameterFault::NoWording => "缺少要追溯的说法".to_owned(),
                    ParameterFault::NoOthers => "没有可比的其他城市".to_owned(),
                    ParameterFault::NoCursor => "不是检索给出的游标".to_owned(),
                    ParameterFault::TooManyRows(format) => {
                        let file = match format {
                            ExportFormat::Docx => "Word 文件",
                            _ => "工作表",
                        };
                        format!("放不下：{file}最多 {} 行", grouped(format.most_rows()))
                    }
                }
            ),
            remedy: match fault {
                ParameterFault::NothingToCompare => "请输入检索词，或选一个主题。",
                ParameterFault::TooManyPicked => "请移出一些，或分成几篮。",
                ParameterFault::PickedTwice
                | ParameterFault::LongNote
                | ParameterFault::LongNotes => "请返回上一页改正。",
                ParameterFault::PickedAndSearched => "请去掉地址中的 id，或去掉其余条件。",
                ParameterFault::TooManyRows(_) => "请改用 CSV 或 JSONL，减少条数，或加上筛选条件。",
                _ => "请改正这一参数；要看更靠后的结果，请加上筛选条件。",
            }
            .to_owned(),
        },
        Error::OutOfTime => Said {
            title: "检索超时",
            what: "这次检索没有在时限内完成，已经停止，没有给出不完整的结果。".to_owned(),
            remedy: "请减少词语或换用更少见的词，把相连的词放进引号，或加上筛选条件。".to_owned(),
        },
        Error::NotFound(id) => Said {
            title: "没有这份文件",
            what: format!("索引里没有编号为“{id}”的文件或段落。"),
            remedy: "文件改名或移出后编号会变，请重新检索。".to_owned(),
        },
        Error::Index(_) | Error::Analyzer(_) | Error::Corrupt(_) => Said {
            title: "索引无法读取",
            what: "索引文件损坏或正被改动，详情见服务日志。".to_owned(),
            remedy: "请管理员重新运行 duibiao index。".to_owned(),
        },
    }
}

fn listed<'l>(labels: impl Iterator<Item = &'l str>) -> String {
    format!("可用的取值：{}。", labels.collect::<Vec<_>>().join("、"))
}

fn query(fault: &QueryFault) -> String {
    match fault {
        QueryFault::NothingBeforeOr => "OR 前面缺少词语".to_owned(),
        QueryFault::NothingAfterOr => "OR 后面缺少词语".to_owned(),
        QueryFault::OpenBracket => "括号没有闭合".to_owned(),
        QueryFault::OpenQuote => "引号没有闭合".to_owned(),
        QueryFault::EmptyQuote => "引号中没有内容".to_owned(),
        QueryFault::NoValue(field) => format!("“{field}”后面缺少取值"),
        QueryFault::Field(fault) => value(fault),
    }
}

fn value(fault: &FilterFault) -> String {
    match fault {
        FilterFault::Place(place) if place.is_ambiguous() => {
            format!("“{}”指不止一个地方，请写明上级地名或六位代码", place.name())
        }
        FilterFault::Place(place) => format!("不认识地名“{}”", place.name()),
        FilterFault::Theme(theme) => format!("没有名为“{}”的主题", theme.name()),
        FilterFault::Unlisted(value) => format!("没有“{value}”这个取值"),
        FilterFault::Unused(value) => format!("索引中没有文件属于“{value}”"),
        FilterFault::NoYears(value) => format!("“{value}”不是年份或年份范围"),
    }
}

/// The language tag of a text, so that its characters get the right glyphs.
pub(crate) fn lang(script: Script) -> &'static str {
    match script {
        Script::Hans => "zh-Hans",
        Script::Hant => "zh-Hant",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_said_in_chinese() {
        for warning in [
            "declared GB2312 but UTF-8",
            "partial: continues from page 5",
            "partial: continues on page A2",
            "partial: an excerpt",
            "over 100000 passages: what follows is cut by length",
            "3 characters could not be decoded as UTF-8",
            "3 characters could not be read",
            "2 of 9 pages have no text layer",
            "only 5 of 9 pages were read",
            "a part of the OFD file is missing",
        ] {
            let said = super::warning(warning);
            assert!(said.ends_with('。'), "{warning}: {said}");
        }
        assert_eq!(
            warning("2 of 9 pages have no text layer"),
            "9 页中有 2 页没有文字层（扫描页），未能读取。"
        );
        assert_eq!(warning("something new"), "something new");
    }
}
