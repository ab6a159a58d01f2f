//! A document cited as GB/T 7714—2015 wants it. What the text does not state stands in 〔〕 or is
//! said to be missing; nothing is made up.

use duibiao_corpus::{Inferred, Metadata};

/// `责任者. 题名[EB/OL]. (日期)[引用日期]. 网址.`
pub fn cite(metadata: &Metadata) -> String {
    let issuer = metadata
        .issuer
        .as_ref()
        .map_or_else(|| "佚名".to_owned(), bracketed);
    let title = metadata
        .title
        .as_ref()
        .map_or_else(|| "〔原文无题〕".to_owned(), bracketed);
    let date = metadata
        .date
        .as_ref()
        .map(bracketed)
        .or_else(|| {
            metadata
                .year
                .as_ref()
                .map(|year| format!("〔{}〕", year.value))
        })
        .unwrap_or_else(|| "〔年份不详〕".to_owned());
    format!("{issuer}. {title}[EB/OL]. ({date})[引用日期]. 〔网址：未载〕.")
}

fn bracketed<T: ToString>(value: &Inferred<T>) -> String {
    if value.inferred {
        format!("〔{}〕", value.value.to_string())
    } else {
        value.value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use duibiao_corpus::PartialDate;

    #[test]
    fn what_is_not_stated_is_bracketed() {
        let mut metadata = Metadata::default();
        assert_eq!(
            cite(&metadata),
            "佚名. 〔原文无题〕[EB/OL]. (〔年份不详〕)[引用日期]. 〔网址：未载〕."
        );
        metadata.issuer = Some(Inferred::given("中共哈尔滨市委".to_owned()));
        metadata.title = Some(Inferred::given("关于整改情况的通报".to_owned()));
        metadata.date = "2017-03-21"
            .parse::<PartialDate>()
            .ok()
            .map(Inferred::given);
        assert_eq!(
            cite(&metadata),
            "中共哈尔滨市委. 关于整改情况的通报[EB/OL]. (2017-03-21)[引用日期]. 〔网址：未载〕."
        );
    }
}
