//! Reads and checks `taxonomy.toml`.

use std::collections::{HashMap, HashSet};

use duibiao_corpus::ThemeId;
use serde::Deserialize;
use toml::Spanned;

use crate::problem::{Fault, Problems, check_word};
use crate::tables::{TAXONOMY, Tables};
use crate::taxonomy::{RegulationRef, Taxonomy, Term, Theme};

/// More themes than a person could tell apart; keeps their numbers in 16 bits.
const MOST_THEMES: usize = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    weights: Weights,
    #[serde(default)]
    silent: Vec<Spanned<String>>,
    indicators: Vec<String>,
    b_ready: Vec<String>,
    chapters: Vec<Chapter>,
    #[serde(rename = "theme")]
    themes: Vec<RawTheme>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weights {
    strong: Spanned<f32>,
    weak: Spanned<f32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chapter {
    name: String,
    first: u16,
    last: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTheme {
    id: Spanned<String>,
    parent: Option<Spanned<String>>,
    name: Spanned<String>,
    name_en: Spanned<String>,
    #[serde(default)]
    definition: String,
    #[serde(default)]
    confusable: String,
    #[serde(default)]
    indicators: Vec<Spanned<String>>,
    #[serde(default)]
    regulation: Vec<RawRegulation>,
    #[serde(default)]
    b_ready: Vec<Spanned<String>>,
    #[serde(default)]
    means: bool,
    #[serde(default)]
    strong: Vec<Spanned<String>>,
    #[serde(default)]
    weak: Vec<Spanned<String>>,
    status: Option<Spanned<String>>,
    replaced_by: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegulation {
    chapter: Spanned<String>,
    articles: Vec<Spanned<u16>>,
}

pub(crate) fn parse(tables: &Tables, problems: &mut Problems) -> Taxonomy {
    let text = tables.text(TAXONOMY);
    let document: Document = match toml::from_str(text) {
        Ok(document) => document,
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.as_bytes().iter().take(start);
            let line = 1 + before.filter(|&&b| b == b'\n').count();
            let message = error.message().replace('\n', " ");
            problems.add(TAXONOMY, line, Fault::Malformed(message));
            return Taxonomy::new(Vec::new(), Vec::new());
        }
    };
    let mut reader = Reader {
        line_ends: text.match_indices('\n').map(|(at, _)| at).collect(),
        problems,
        document: &document,
    };
    reader.weights();
    let themes: Vec<Theme> = document
        .themes
        .iter()
        .take(MOST_THEMES)
        .filter_map(|raw| reader.theme(raw))
        .collect();
    reader.identity(&themes);
    reader.replacements();
    let silent = reader.silent(&themes);
    Taxonomy::new(themes, silent)
}

struct Reader<'a> {
    /// Byte offsets of the line ends.
    line_ends: Vec<usize>,
    problems: &'a mut Problems,
    document: &'a Document,
}

impl Reader<'_> {
    fn add<T>(&mut self, at: &Spanned<T>, fault: Fault) {
        let line = self.line(at);
        self.problems.add(TAXONOMY, line, fault);
    }

    fn line<T>(&self, at: &Spanned<T>) -> usize {
        1 + self.line_ends.partition_point(|&end| end < at.span().start)
    }

    fn weights(&mut self) {
        let weights = &self.document.weights;
        for weight in [&weights.strong, &weights.weak] {
            let value = *weight.get_ref();
            if !(value > 0.0 && value <= 1.0) {
                self.add(weight, Fault::BadWeight(value));
            }
        }
        if self.document.themes.len() > MOST_THEMES {
            let fault = Fault::Malformed(format!("more than {MOST_THEMES} themes"));
            self.problems.add(TAXONOMY, 1, fault);
        }
    }

    fn theme(&mut self, raw: &RawTheme) -> Option<Theme> {
        let id = self.id(&raw.id)?;
        for (what, field) in [("name", &raw.name), ("name_en", &raw.name_en)] {
            if field.get_ref().trim().is_empty() {
                self.add(field, Fault::Empty(what));
            }
        }
        self.allowed("indicator", &raw.indicators, |d| &d.indicators);
        self.allowed("B-READY topic", &raw.b_ready, |d| &d.b_ready);
        let deprecated = self.deprecated(raw, &id);
        Some(Theme {
            parent: raw.parent.as_ref().and_then(|parent| self.id(parent)),
            name: raw.name.get_ref().clone(),
            name_en: raw.name_en.get_ref().clone(),
            definition: raw.definition.clone(),
            confusable: raw.confusable.clone(),
            indicators: values(&raw.indicators),
            regulation: self.regulation(&raw.regulation),
            b_ready: values(&raw.b_ready),
            terms: self.terms(raw),
            is_means: raw.means,
            replaced_by: raw.replaced_by.as_ref().and_then(|other| self.id(other)),
            deprecated,
            id,
        })
    }

    fn id(&mut self, text: &Spanned<String>) -> Option<ThemeId> {
        match text.get_ref().parse::<ThemeId>() {
            Ok(id) => Some(id),
            Err(error) => {
                self.add(text, Fault::Unreadable(error.to_string()));
                None
            }
        }
    }

    fn allowed(
        &mut self,
        what: &'static str,
        given: &[Spanned<String>],
        list: fn(&Document) -> &Vec<String>,
    ) {
        let list = list(self.document);
        for value in given.iter().filter(|v| !list.contains(v.get_ref())) {
            let fault = Fault::NotAllowed {
                what,
                text: value.get_ref().clone(),
                allowed: "those listed at the top of the file".to_owned(),
            };
            self.add(value, fault);
        }
    }

    fn deprecated(&mut self, raw: &RawTheme, id: &ThemeId) -> bool {
        let deprecated = match &raw.status {
            Some(status) if status.get_ref() == "deprecated" => true,
            Some(status) => {
                let fault = Fault::NotAllowed {
                    what: "status",
                    text: status.get_ref().clone(),
                    allowed: "deprecated".to_owned(),
                };
                self.add(status, fault);
                return true;
            }
            None => false,
        };
        if let (false, Some(other)) = (deprecated, &raw.replaced_by) {
            self.add(other, Fault::ReplacedButActive(id.clone()));
        }
        deprecated
    }

    fn regulation(&mut self, raw: &[RawRegulation]) -> Vec<RegulationRef> {
        let document = self.document;
        for entry in raw {
            let name = entry.chapter.get_ref();
            let Some(chapter) = document.chapters.iter().find(|c| c.name == *name) else {
                let fault = Fault::NotAllowed {
                    what: "chapter",
                    text: name.clone(),
                    allowed: "those listed at the top of the file".to_owned(),
                };
                self.add(&entry.chapter, fault);
                continue;
            };
            let (first, last) = (chapter.first, chapter.last);
            for article in &entry.articles {
                let number = *article.get_ref();
                if !(first..=last).contains(&number) {
                    let fault = Fault::ArticleOutsideChapter {
                        article: number,
                        chapter: name.clone(),
                        first,
                        last,
                    };
                    self.add(article, fault);
                }
            }
        }
        let entries = raw.iter().map(|entry| RegulationRef {
            chapter: entry.chapter.get_ref().clone(),
            articles: entry.articles.iter().map(|a| *a.get_ref()).collect(),
        });
        entries.collect()
    }

    fn terms(&mut self, raw: &RawTheme) -> Vec<Term> {
        let weights = &self.document.weights;
        let (strong, weak) = (*weights.strong.get_ref(), *weights.weak.get_ref());
        let mut lines: HashMap<&str, usize> = HashMap::new();
        let mut terms = Vec::new();
        for (list, weight) in [(&raw.strong, strong), (&raw.weak, weak)] {
            for term in list {
                let text = term.get_ref();
                if let Err(fault) = check_word("term", text) {
                    self.add(term, fault);
                    continue;
                }
                let line = self.line(term);
                if let Some(first) = lines.insert(text, line) {
                    self.add(term, Fault::duplicate("term", text, first));
                    continue;
                }
                let text = text.clone();
                terms.push(Term { text, weight });
            }
        }
        terms
    }

    /// Words that are no term themselves and stand once in their list.
    fn silent(&mut self, themes: &[Theme]) -> Vec<String> {
        let document = self.document;
        let terms: HashSet<&str> = themes
            .iter()
            .flat_map(|theme| theme.terms.iter().map(|term| term.text.as_str()))
            .collect();
        let mut lines: HashMap<&str, usize> = HashMap::new();
        let mut words = Vec::new();
        for word in &document.silent {
            let text = word.get_ref();
            let line = self.line(word);
            if let Err(fault) = check_word("silent word", text) {
                self.add(word, fault);
            } else if terms.contains(text.as_str()) {
                let fault = Fault::NotAllowed {
                    what: "silent word",
                    text: text.clone(),
                    allowed: "no term of a theme".to_owned(),
                };
                self.add(word, fault);
            } else if let Some(first) = lines.insert(text, line) {
                self.add(word, Fault::duplicate("silent word", text, first));
            } else {
                words.push(text.clone());
            }
        }
        words
    }

    /// Ids and names are distinct, and parents stand above their children, so there is no cycle.
    fn identity(&mut self, themes: &[Theme]) {
        let mut lines: HashMap<&str, usize> = HashMap::new();
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for raw in &self.document.themes {
            for (what, field) in [("theme", &raw.id), ("name", &raw.name)] {
                let line = self.line(field);
                if let Some(&first) = seen.get(field.get_ref().as_str()) {
                    self.add(field, Fault::duplicate(what, field.get_ref(), first));
                } else {
                    seen.insert(field.get_ref(), line);
                }
            }
            let id = raw.id.get_ref().as_str();
            if let Some(theme) = themes.iter().find(|theme| theme.id.as_str() == id) {
                self.parent(raw, theme, &lines);
            }
            lines.insert(id, self.line(&raw.id));
        }
    }

    fn parent(&mut self, raw: &RawTheme, theme: &Theme, above: &HashMap<&str, usize>) {
        let expected = (!theme.id.is_top()).then(|| theme.id.top());
        let id = theme.id.clone();
        if theme.parent != expected {
            let expected = match expected {
                Some(top) => format!("parent = \"{top}\""),
                None => "no parent".to_owned(),
            };
            let fault = Fault::WrongParent {
                theme: id,
                expected,
            };
            self.add(raw.parent.as_ref().unwrap_or(&raw.id), fault);
        } else if let (Some(parent), Some(field)) = (expected, &raw.parent)
            && !above.contains_key(parent.as_str())
        {
            self.add(field, Fault::ParentNotAbove { theme: id, parent });
        }
    }

    fn replacements(&mut self) {
        let next: HashMap<&str, &Spanned<String>> = self
            .document
            .themes
            .iter()
            .filter_map(|raw| Some((raw.id.get_ref().as_str(), raw.replaced_by.as_ref()?)))
            .collect();
        let known = |id: &str| self.document.themes.iter().any(|t| t.id.get_ref() == id);
        let mut faults = Vec::new();
        for (&start, &field) in &next {
            if let (false, Ok(id)) = (known(field.get_ref()), field.get_ref().parse()) {
                faults.push((field, Fault::UnknownTheme(id)));
            }
            let mut at = start;
            for _ in 0..next.len() {
                let Some(field) = next.get(at) else { break };
                at = field.get_ref();
                if let (true, Ok(id)) = (at == start, start.parse()) {
                    faults.push((field, Fault::ReplacementCycle(id)));
                    break;
                }
            }
        }
        faults.sort_by_key(|(field, _)| field.span().start);
        for (field, fault) in faults {
            self.add(field, fault);
        }
    }
}

fn values(list: &[Spanned<String>]) -> Vec<String> {
    list.iter().map(|value| value.get_ref().clone()).collect()
}
