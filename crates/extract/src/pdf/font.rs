//! Character codes of a PDF font to Unicode and widths. Draws nothing.
//!
//! What the file says itself (`ToUnicode`, glyph names) comes first; fonts of Adobe's Chinese
//! character collections that say nothing are read through the collection's own tables, embedded
//! or not.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_font::{CMapResolverFn, Font, FontCache, FontGlyph, FontQuery, FontResolverFn};
use hayro_syntax::object::{self, Array, Dict, Name, Object, ObjectIdentifier, Stream};

/// What a code is when nothing says what it is.
const UNREADABLE: &str = "\u{fffd}";

/// The fonts of one document.
pub(super) struct Fonts<'a> {
    cache: FontCache<'a>,
    programs: FontResolverFn,
    cmaps: CMapResolverFn,
    loaded: HashMap<ObjectIdentifier, Option<Rc<PdfFont<'a>>>>,
    collections: Rc<RefCell<HashMap<CidFamily, Option<Rc<CMap>>>>>,
}

/// A font ready to decode strings.
pub(super) struct PdfFont<'a> {
    font: Font<'a>,
    says: Says,
    collections: Rc<RefCell<HashMap<CidFamily, Option<Rc<CMap>>>>>,
    seen: RefCell<HashMap<(u32, usize), Shown>>,
}

/// What a code shows.
#[derive(Clone)]
pub(super) struct Shown {
    pub(super) text: Rc<str>,
    /// Advance in text space for a size of one.
    pub(super) advance: f64,
}

/// Where a font's codes get their meaning.
enum Says {
    /// Only the font file: simple fonts.
    Font,
    /// A composite font.
    Composite {
        to_unicode: bool,
        coding: Coding,
        encoding: Option<Box<CMap>>,
        family: Option<CidFamily>,
    },
}

/// What the codes themselves are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    /// UTF-16: the code is the character.
    Utf16,
    /// Something that leads to a CID.
    Other,
}

impl<'a> Fonts<'a> {
    pub(super) fn new() -> Self {
        Self {
            cache: FontCache::new(),
            programs: Arc::new(|query| match query {
                FontQuery::Standard(font) => Some(font.get_font_data()),
                FontQuery::Fallback(font) => Some(font.pick_standard_font().get_font_data()),
            }),
            cmaps: Arc::new(load_embedded),
            loaded: HashMap::new(),
            collections: Rc::default(),
        }
    }

    pub(super) fn get(&mut self, dict: &Dict<'a>) -> Option<Rc<PdfFont<'a>>> {
        let id = dict.obj_id();
        if let Some(font) = id.and_then(|id| self.loaded.get(&id)) {
            return font.clone();
        }
        let font = self
            .cache
            .font(dict, &self.programs, &self.cmaps)
            .map(|font| {
                Rc::new(PdfFont {
                    font,
                    says: says(dict),
                    collections: Rc::clone(&self.collections),
                    seen: RefCell::default(),
                })
            });
        if let Some(id) = id {
            self.loaded.insert(id, font.clone());
        }
        font
    }
}

fn says(dict: &Dict<'_>) -> Says {
    let Some(descendant) = dict
        .get::<Array<'_>>("DescendantFonts")
        .and_then(|fonts| fonts.iter::<Dict<'_>>().next())
    else {
        return Says::Font;
    };
    let (encoding, coding) = match dict.get::<Object<'_>>("Encoding") {
        Some(Object::Name(name)) => {
            let unicode = name.as_str().starts_with("Uni")
                && (name.as_str().contains("UCS2") || name.as_str().contains("UTF16"));
            let coding = if unicode {
                Coding::Utf16
            } else {
                Coding::Other
            };
            (named(&name), coding)
        }
        Some(Object::Stream(stream)) => (embedded(&stream), Coding::Other),
        _ => (None, Coding::Other),
    };
    let family = encoding
        .as_ref()
        .and_then(|cmap| cmap.metadata().character_collection.clone())
        .map(|collection| collection.family)
        .filter(|family| family.ucs2_cmap().is_some())
        .or_else(|| family_of(&descendant));
    Says::Composite {
        to_unicode: dict.contains_key("ToUnicode"),
        coding,
        encoding: encoding.map(Box::new),
        family,
    }
}

fn named(name: &Name<'_>) -> Option<CMap> {
    match CMapName::from_bytes(name.as_ref()) {
        CMapName::IdentityH => Some(CMap::identity_h()),
        CMapName::IdentityV => Some(CMap::identity_v()),
        name => CMap::parse(load_embedded(name)?, load_embedded),
    }
}

fn embedded(stream: &Stream<'_>) -> Option<CMap> {
    CMap::parse(&stream.decoded_data().ok()?, load_embedded)
}

fn family_of(descendant: &Dict<'_>) -> Option<CidFamily> {
    let info = descendant.get::<Dict<'_>>("CIDSystemInfo")?;
    let registry = info.get::<object::String<'_>>("Registry")?;
    let ordering = info.get::<object::String<'_>>("Ordering")?;
    let family = CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes());
    family.ucs2_cmap().is_some().then_some(family)
}

impl PdfFont<'_> {
    /// The first code of `bytes` from `at` on: its value and its length in bytes, never zero.
    pub(super) fn next_code(&self, bytes: &[u8], at: usize) -> (u32, usize) {
        let (code, length) = self.font.read_code(bytes, at);
        (code, length.max(1))
    }

    pub(super) fn is_vertical(&self) -> bool {
        !self.font.is_horizontal()
    }

    pub(super) fn shown(&self, code: u32, length: usize) -> Shown {
        if let Some(shown) = self.seen.borrow().get(&(code, length)) {
            return shown.clone();
        }
        let advance = self.font.code_advance(code);
        let advance = if self.is_vertical() {
            advance.y
        } else {
            advance.x
        };
        let shown = Shown {
            text: self.unicode(code, length),
            advance: if advance.is_finite() {
                advance / 1000.0
            } else {
                0.0
            },
        };
        self.seen.borrow_mut().insert((code, length), shown.clone());
        shown
    }

    /// The best that is said of a code: a private-use character only when nothing better is.
    fn unicode(&self, code: u32, length: usize) -> Rc<str> {
        let own = self.own(code);
        let text = match &self.says {
            Says::Font => own,
            Says::Composite {
                to_unicode: true, ..
            } => match own {
                Some(text) if is_plain(&text) => Some(text),
                own => self.of_collection(code, length).or(own),
            },
            Says::Composite { .. } => self.of_collection(code, length).or(own),
        };
        match text {
            Some(text) if !text.contains('\0') => text.into(),
            _ => UNREADABLE.into(),
        }
    }

    /// By the file: `ToUnicode` or glyph names.
    fn own(&self, code: u32) -> Option<String> {
        let unicode = match self.font.glyph(self.font.map_code(code), code) {
            FontGlyph::Outline(glyph) => glyph.as_unicode(),
            FontGlyph::Type3(glyph) => glyph.as_unicode(),
        };
        unicode.map(string)
    }

    /// By the tables of the font's character collection.
    fn of_collection(&self, code: u32, length: usize) -> Option<String> {
        let Says::Composite {
            coding,
            encoding,
            family,
            ..
        } = &self.says
        else {
            return None;
        };
        if *coding == Coding::Utf16 {
            return utf16(code, length);
        }
        let cid = encoding.as_ref()?.lookup_cid_code(code, length as u8)?;
        let table = self.table(family.as_ref()?)?;
        table
            .lookup_bf_string(cid)
            .map(string)
            // The table knows the half-wide blank of these fonts only by its width, and a few
            // compatibility characters by a variation selector (U+FE00).
            .map(|text| text.replace('\u{2002}', " ").replace('\u{fe00}', ""))
            .filter(|text| is_plain(text))
    }

    /// A collection's CIDs to Unicode, read once a document.
    fn table(&self, family: &CidFamily) -> Option<Rc<CMap>> {
        let mut tables = self.collections.borrow_mut();
        if let Some(table) = tables.get(family) {
            return table.clone();
        }
        let table = family
            .ucs2_cmap()
            .and_then(load_embedded)
            .and_then(|data| CMap::parse(data, load_embedded))
            .map(Rc::new);
        tables.insert(family.clone(), table.clone());
        table
    }
}

fn string(unicode: BfString) -> String {
    match unicode {
        BfString::Char(c) => c.to_string(),
        BfString::String(s) => s,
    }
}

/// A code of two or four bytes that is UTF-16.
fn utf16(code: u32, length: usize) -> Option<String> {
    let units = [(code >> 16) as u16, code as u16];
    let units = if length == 4 { &units[..] } else { &units[1..] };
    let text = String::from_utf16(units).ok()?;
    is_plain(&text).then_some(text)
}

/// Whether it is text, not a control or private-use character.
fn is_plain(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| !c.is_control() && c != '\u{fffd}' && !('\u{e000}'..='\u{f8ff}').contains(&c))
}
