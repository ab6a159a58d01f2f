//! Comparisons as a workbook: a sheet with the table of each, and on sheets of their own the measures, sources and
//! caveats of all. What the cells say is decided in [`super::export`].

use std::io::{self, Write};

use duibiao_corpus::FigureValue;

use crate::compare::shape::{Caveat, Comparison};
use crate::sheet::Sheet;
use crate::sources;

/// So many columns of the measures are printed.
const PRINTED: u16 = 14;
/// Widths of the table's columns.
const ROW_WIDTH: u16 = 18;
const CELL_WIDTH: u16 = 36;
/// The name of a sheet with the only table, and how long a name may be so that a number fits behind.
pub(super) const TABLE: &str = "对照表";
const MOST_SHEET_NAME: usize = 24;
/// The name of the sheet with values of quantities.
const QUANTITIES: &str = "指标";

/// Comparisons with their names, as one workbook.
pub(super) struct Workbook<'c> {
    pub(super) matters: &'c [(String, &'c Comparison)],
}

impl Workbook<'_> {
    /// Writes it. Nothing reaches `out` before the end.
    ///
    /// # Errors
    /// Those of `out`, and of temporary files.
    pub(super) fn write(&self, out: &mut (dyn Write + Send)) -> io::Result<()> {
        let mut sheet: Option<Sheet> = None;
        for (name, (_, matter)) in self.sheet_names().iter().zip(self.matters) {
            let mut headers = vec!["事项"];
            headers.extend(matter.columns.iter().map(|column| column.label.as_str()));
            let mut widths = vec![CELL_WIDTH; headers.len()];
            widths[0] = ROW_WIDTH;
            let begun = match sheet.take() {
                None => Sheet::new(name, &headers, &widths)?,
                Some(mut before) => {
                    before.next(name, &headers, &widths)?;
                    before
                }
            };
            let mut begun = begun.holding_first_column()?;
            matter.table_on(&mut begun)?;
            sheet = Some(begun);
        }
        let Some(mut sheet) = sheet else {
            return Err(io::Error::other("there is no comparison to write"));
        };
        self.measures(&mut sheet)?;
        self.quantities(&mut sheet)?;
        let names = [&["对照"], &sources::HEADERS[..]].concat();
        let widths = [&[16], &sources::WIDTHS[..]].concat();
        self.together(&mut sheet, sources::SHEET, &names, &widths, |matter| {
            let sources = matter.sources.iter();
            sources.map(|source| source.cells().into()).collect()
        })?;
        let names = ["对照", "编号", "提示", "说明"];
        self.together(
            &mut sheet,
            "口径提示",
            &names,
            &[16, 6, 16, 110],
            |matter| {
                let caveats = matter.caveats.iter().enumerate();
                let row = |(number, caveat): (usize, &Caveat)| {
                    let number = (number + 1).to_string();
                    vec![number, caveat.kind.label().to_owned(), caveat.text.clone()]
                };
                let general = vec![
                    String::new(),
                    "一般".to_owned(),
                    matter.caution().to_owned(),
                ];
                caveats.map(row).chain([general]).collect()
            },
        )?;
        sheet.finish(&[], out)
    }

    fn measures(&self, sheet: &mut Sheet) -> io::Result<()> {
        let Some((_, first)) = self.matters.first() else {
            return Ok(());
        };
        let table = first.measures(true);
        let mut names = table.headers;
        names.insert(0, "对照");
        let mut widths = table.widths;
        widths.insert(0, 16);
        self.together(sheet, "措施", &names, &widths, |matter| {
            matter.measures(true).rows
        })?;
        sheet.print_first(PRINTED);
        Ok(())
    }

    /// What measures state of one quantity, a value a row, to be sorted and checked; the sheet is left out
    /// where there is none.
    fn quantities(&self, sheet: &mut Sheet) -> io::Result<()> {
        let mut matters = self.matters.iter();
        if matters.all(|(_, matter)| matter.rows.iter().all(|row| row.quantities.is_empty())) {
            return Ok(());
        }
        let names = [
            "对照",
            "行",
            "事项",
            "指标",
            "列",
            "值",
            "至",
            "单位",
            "原文",
            "注意",
            "来源",
            "段落编号",
        ];
        let widths = [16, 5, 22, 28, 12, 10, 10, 10, 36, 28, 6, 22];
        let numbers: &[u16] = if self.matters.len() == 1 {
            &[4, 5]
        } else {
            &[5, 6]
        };
        self.together_with(sheet, QUANTITIES, &names, &widths, numbers, values)
    }

    /// A sheet with the rows of every comparison, its name in front; without it where there is one
    /// only.
    fn together(
        &self,
        sheet: &mut Sheet,
        name: &str,
        headers: &[&str],
        widths: &[u16],
        rows: impl Fn(&Comparison) -> Vec<Vec<String>>,
    ) -> io::Result<()> {
        self.together_with(sheet, name, headers, widths, &[], rows)
    }

    /// The same with columns of numbers.
    fn together_with(
        &self,
        sheet: &mut Sheet,
        name: &str,
        headers: &[&str],
        widths: &[u16],
        numbers: &'static [u16],
        rows: impl Fn(&Comparison) -> Vec<Vec<String>>,
    ) -> io::Result<()> {
        let from = usize::from(self.matters.len() == 1);
        sheet.next(name, &headers[from..], &widths[from..])?;
        sheet.with_numbers(numbers);
        for (name, matter) in self.matters {
            for mut row in rows(matter) {
                if from == 0 {
                    row.insert(0, name.clone());
                }
                sheet.add(&row)?;
            }
        }
        Ok(())
    }

    /// Names that sheets may have, no two alike.
    fn sheet_names(&self) -> Vec<String> {
        let mut taken: Vec<String> = ["措施", QUANTITIES, sources::SHEET, "口径提示"]
            .map(str::to_owned)
            .into();
        let mut names = Vec::with_capacity(self.matters.len());
        for (number, (name, _)) in self.matters.iter().enumerate() {
            let is_allowed = |c: &char| !c.is_control() && !"[]:*?/\\'".contains(*c);
            let kept: String = name
                .trim()
                .chars()
                .filter(is_allowed)
                .take(MOST_SHEET_NAME)
                .collect();
            let mut name = if kept.is_empty() {
                TABLE.to_owned()
            } else {
                kept
            };
            if taken
                .iter()
                .any(|other| other.to_lowercase() == name.to_lowercase())
            {
                name = format!("{name} {}", number + 1);
            }
            taken.push(name.clone());
            names.push(name);
        }
        names
    }
}

/// The values of every quantity of a comparison, one a row.
fn values(matter: &Comparison) -> Vec<Vec<String>> {
    let rows = matter.rows.iter().enumerate();
    let quantities = rows.flat_map(|(number, row)| {
        let quantities = row.quantities.iter();
        quantities.map(move |quantity| (number, row, quantity))
    });
    let values = quantities.flat_map(|(number, row, quantity)| {
        let warnings: Vec<&str> = quantity.warnings.iter().map(|kind| kind.label()).collect();
        let warnings = warnings.join("、");
        quantity.values.iter().map(move |value| {
            let (from, to) = match value.value {
                FigureValue::One(from) => (from.0.to_string(), String::new()),
                FigureValue::Range([from, to]) => (from.0.to_string(), to.0.to_string()),
            };
            vec![
                (number + 1).to_string(),
                row.label.clone(),
                quantity.what.clone(),
                matter.columns[value.column].label.clone(),
                from,
                to,
                value.unit.clone(),
                value.figure.quote.trim().to_owned(),
                warnings.clone(),
                value.source.to_string(),
                value.id.clone(),
            ]
        })
    });
    values.collect()
}
