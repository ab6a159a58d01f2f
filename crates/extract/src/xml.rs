//! XML parts as a stream of elements and text, by their local names.
//!
//! It builds no tree and expands no entity but the five of XML and numbered characters; what a
//! document type declares is passed over.

use std::borrow::Cow;

use quick_xml::events::{BytesStart, Event};

use crate::ExtractError;

/// Deeper than any real document nests.
const MAX_DEPTH: usize = 1_000;
const DAMAGED: ExtractError = ExtractError::Damaged("XML part");

/// What the stream is made of. An element without content opens and closes.
pub(crate) enum Node<'n> {
    /// An element begins.
    Open(Element<'n>),
    /// The element of this local name ends.
    Close(&'n str),
    /// Text, in as many pieces as its references cut it into.
    Text(&'n str),
}

/// The start of an element.
pub(crate) struct Element<'n>(&'n BytesStart<'n>);

impl Element<'_> {
    /// Its name without prefix.
    pub(crate) fn name(&self) -> &str {
        local(self.0.name().into_inner())
    }

    /// The value of the attribute with this local name. Where two prefixes share it, the one
    /// with a prefix is meant: `r:id` rather than `id`.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let mut found = None;
        for attribute in self.0.attributes().with_checks(false).flatten() {
            let whole = attribute.key.into_inner();
            if local(whole) == name {
                let value = attribute
                    .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                    .map_or_else(|_| attribute.value.to_string(), Cow::into_owned);
                if whole.contains(':') {
                    return Some(value);
                }
                found = Some(value);
            }
        }
        found
    }

    /// The value of the attribute `val`, where Word keeps most of what it says.
    pub(crate) fn val(&self) -> Option<String> {
        self.attribute("val")
    }

    /// A switch such as `<w:caps/>`: on unless its value says off.
    pub(crate) fn is_on(&self) -> bool {
        !matches!(self.val().as_deref(), Some("0" | "false" | "off" | "none"))
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// Gives every node of a part to `visit`, in order.
pub(crate) fn walk(
    bytes: &[u8],
    visit: &mut dyn FnMut(Node<'_>) -> Result<(), ExtractError>,
) -> Result<(), ExtractError> {
    let source = decode(bytes);
    let mut reader = quick_xml::Reader::from_str(&source);
    reader.config_mut().allow_dangling_amp = true;
    let mut depth = 0usize;
    loop {
        match reader.read_event().map_err(|_| DAMAGED)? {
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return Err(ExtractError::TooDeep);
                }
                visit(Node::Open(Element(&start)))?;
            }
            Event::Empty(start) => {
                visit(Node::Open(Element(&start)))?;
                visit(Node::Close(local(start.name().into_inner())))?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                visit(Node::Close(local(end.name().into_inner())))?;
            }
            Event::Text(text) => visit(Node::Text(&text.xml10_content()))?,
            Event::CData(text) => visit(Node::Text(&text.xml10_content()))?,
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character),
                    _ => predefined(&reference.xml10_content()),
                };
                if let Some(character) = character {
                    visit(Node::Text(character.encode_utf8(&mut [0; 4])))?;
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if depth == 0 { Ok(()) } else { Err(DAMAGED) }
}

/// The five entities every XML document has.
fn predefined(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }
}

/// UTF-8 unless the part begins with another byte order mark or declares another encoding.
fn decode(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_lowercase();
    let declared = head
        .split_once("encoding=")
        .and_then(|(_, rest)| rest.get(1..)?.split(['"', '\'']).next())
        .and_then(|label| encoding_rs::Encoding::for_label(label.as_bytes()))
        .unwrap_or(encoding_rs::UTF_8);
    declared.decode_without_bom_handling(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(source: &[u8]) -> Result<String, ExtractError> {
        let mut text = String::new();
        walk(source, &mut |node| {
            match node {
                Node::Open(element) => text.push_str(&format!("<{}>", element.name())),
                Node::Close(name) => text.push_str(&format!("</{name}>")),
                Node::Text(piece) => text.push_str(piece),
            }
            Ok(())
        })?;
        Ok(text)
    }

    #[test]
    fn names_lose_their_prefix_and_references_are_characters() {
        assert_eq!(
            text_of("<w:p a='1'>甲&amp;&#x4E59;<w:br/></w:p>".as_bytes()).expect("xml"),
            "<p>甲&乙<br></br></p>"
        );
    }

    #[test]
    fn declared_entities_are_not_expanded() {
        let laughs = "<!DOCTYPE a [<!ENTITY b \"哈哈\"><!ENTITY c \"&b;&b;\">]><a>甲&c;</a>";
        assert_eq!(text_of(laughs.as_bytes()).expect("xml"), "<a>甲</a>");
    }

    #[test]
    fn bad_xml_is_an_error() {
        assert_eq!(text_of(b"<a><b></a>"), Err(DAMAGED));
        assert_eq!(text_of(b"<a>"), Err(DAMAGED));
        let deep = "<a>".repeat(100_000);
        assert_eq!(text_of(deep.as_bytes()), Err(ExtractError::TooDeep));
    }

    #[test]
    fn a_declared_encoding_is_used_where_it_is_not_utf_8() {
        let source = encoding_rs::GBK
            .encode("<?xml version='1.0' encoding='GBK'?><a>公布办法</a>")
            .0;
        assert_eq!(text_of(&source).expect("xml"), "<a>公布办法</a>");
    }
}
