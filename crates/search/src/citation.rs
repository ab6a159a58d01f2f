//! A document cited as GB/T 7714—2015 wants it. What the text does not state stands in 〔〕 or is
//! said to be missing; nothing is made up.

use duibiao_index::{Head, Known};

/// `责任者. 题名[EB/OL]. (日期)[引用日期]. 网址.`
pub(crate) fn cite(head: &Head) -> String {
    let issuer = head
        .issuer
        .as_ref()
        .map_or_else(|| "佚名".to_owned(), bracketed);
    let title = head
        .title
        .as_ref()
        .map_or_else(|| "〔原文无题〕".to_owned(), bracketed);
    let date = head
        .date
        .as_ref()
        .map(bracketed)
        .or_else(|| head.year.as_ref().map(|year| format!("〔{}〕", year.value)))
        .unwrap_or_else(|| "〔年份不详〕".to_owned());
    format!("{issuer}. {title}[EB/OL]. ({date})[引用日期]. 〔网址：未载〕.")
}

fn bracketed<T: ToString>(value: &Known<T>) -> String {
    if value.inferred {
        format!("〔{}〕", value.value.to_string())
    } else {
        value.value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_stated_is_bracketed() {
        let mut head = Head::default();
        assert_eq!(
            cite(&head),
            "佚名. 〔原文无题〕[EB/OL]. (〔年份不详〕)[引用日期]. 〔网址：未载〕."
        );
        let stated = |text: &str| {
            Some(Known {
                value: text.to_owned(),
                inferred: false,
            })
        };
        head.issuer = stated("中共哈尔滨市委");
        head.title = stated("关于整改情况的通报");
        head.date = "2017-03-21".parse().ok().map(|value| Known {
            value,
            inferred: false,
        });
        assert_eq!(
            cite(&head),
            "中共哈尔滨市委. 关于整改情况的通报[EB/OL]. (2017-03-21)[引用日期]. 〔网址：未载〕."
        );
        head.year = Some(Known {
            value: 2011,
            inferred: true,
        });
        head.date = None;
        head.issuer = Some(Known {
            value: "哈尔滨市人民政府".to_owned(),
            inferred: true,
        });
        assert_eq!(
            cite(&head),
            "〔哈尔滨市人民政府〕. 关于整改情况的通报[EB/OL]. (〔2011〕)[引用日期]. 〔网址：未载〕."
        );
    }
}
