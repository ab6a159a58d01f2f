//! Which column of a collection holds what. A dump names its columns as its author liked; the
//! usual names are known, others are given by the user.

use std::collections::HashMap;

/// The columns that are read, each with the names it is known by besides its own; the first
/// name that a collection has is taken.
const KNOWN: &[(&str, &[&str])] = &[
    ("id", &["docid", "doc_id", "_id", "编号", "序号"]),
    ("title", &["标题", "题名", "文件名称", "名称"]),
    (
        "text",
        &[
            "content",
            "body",
            "正文",
            "内容",
            "全文",
            "文本",
            "正文内容",
        ],
    ),
    (
        "issuer",
        &["发文机关", "发布机构", "发文单位", "发布单位", "制定机关"],
    ),
    ("number", &["文号", "发文字号", "发文文号"]),
    ("doc_type", &["文种", "公文种类"]),
    ("subtype", &[]),
    ("province", &["省", "省份", "省级"]),
    ("city", &["市", "城市", "地市"]),
    ("county", &["县", "区县", "县区"]),
    ("level", &["层级", "级别"]),
    ("year", &["年", "年份", "年度"]),
    ("date", &["日期", "成文日期", "签发日期", "通过日期"]),
    (
        "published",
        &["发布日期", "发布时间", "公布日期", "pub_date"],
    ),
    ("appeared", &["见报日期"]),
    ("period", &[]),
    ("themes", &["主题"]),
    ("url", &["link", "网址", "链接", "来源网址"]),
];

/// The text of a row.
pub(super) const TEXT: &str = "text";
/// The name of a row within its collection.
pub(super) const ID: &str = "id";

/// Names of columns, as the user gives them and as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Known name of a column by the name the user gives for it.
    named: HashMap<String, &'static str>,
}

/// A column is named that is not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// Not of the form `column=name`.
    #[error("{0:?}: write COLUMN=NAME, such as text=正文")]
    Form(String),
    /// No such column.
    #[error("{name:?} is no column; the columns are {}", names())]
    Unknown {
        /// As it was written.
        name: String,
    },
}

/// The columns in one line.
fn names() -> String {
    let names: Vec<&str> = KNOWN.iter().map(|(name, _)| *name).collect();
    names.join(", ")
}

impl Columns {
    /// Columns the user names, each as `text=正文`.
    ///
    /// # Errors
    /// When one is not of that form or no column that is read.
    pub fn named<S: AsRef<str>>(pairs: &[S]) -> Result<Self, ColumnsError> {
        let mut columns = Self::default();
        for pair in pairs.iter().map(S::as_ref) {
            let (name, given) = pair
                .split_once('=')
                .map(|(name, given)| (name.trim(), given.trim()))
                .filter(|(_, given)| !given.is_empty())
                .ok_or_else(|| ColumnsError::Form(pair.to_owned()))?;
            let known = KNOWN.iter().find(|(known, _)| *known == name);
            let (known, _) = known.ok_or_else(|| ColumnsError::Unknown {
                name: name.to_owned(),
            })?;
            columns.named.insert(given.to_owned(), known);
        }
        Ok(columns)
    }

    /// What a column of this name holds.
    pub(super) fn meaning(&self, name: &str) -> Option<&'static str> {
        let name = name.trim();
        if let Some(known) = self.named.get(name) {
            return Some(known);
        }
        let meaning = KNOWN.iter().find_map(|(known, others)| {
            let is_it = name.eq_ignore_ascii_case(known)
                || others.iter().any(|other| name.eq_ignore_ascii_case(other));
            is_it.then_some(*known)
        })?;
        // A column that the user gives another name for is not looked for under its usual ones.
        (!self.named.values().any(|named| *named == meaning)).then_some(meaning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_and_given_names_are_known() {
        let usual = Columns::default();
        assert_eq!(usual.meaning(" 正文"), Some("text"));
        assert_eq!(usual.meaning("Title"), Some("title"));
        assert_eq!(usual.meaning("点击量"), None);
        let given = Columns::named(&["text=body_html", "id=文档号"]).expect("columns");
        assert_eq!(given.meaning("body_html"), Some("text"));
        assert_eq!(given.meaning("text"), None);
        assert_eq!(given.meaning("省份"), Some("province"));
    }

    #[test]
    fn a_wrong_name_is_said_with_the_right_ones() {
        let error = Columns::named(&["txt=正文"]).expect_err("no such column");
        assert!(error.to_string().contains("id, title, text"), "{error}");
        assert!(Columns::named(&["正文"]).is_err());
    }
}
