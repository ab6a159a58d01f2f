//! A workbook (Office Open XML) written row by row: what was written waits in a temporary file, so
//! that a hundred thousand rows take no more memory than a few.
//!
//! Every cell is text, so nothing is run as a formula, but for columns that are said to hold numbers. What the cells hold is others' business.

use std::error::Error as _;
use std::io::{self, Write};

use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use crate::table::kept_lines;

/// Rows of a sheet besides the line of headers.
pub(crate) const MOST_ROWS: u64 = 1_048_575;
/// More characters do not fit a cell.
const MOST_CELL_CHARS: usize = 32_767;
/// Height of a line of text, and of the highest row there may be.
const LINE_POINTS: f64 = 15.0;
const MOST_ROW_POINTS: f64 = 409.0;
/// Of a cell's width, in characters, what its edges and a wide font take.
const PADDING: usize = 2;
/// Rows that are given a height. The writer keeps each one's until the end, at 0.7 KB; of further
/// rows the programs that show them fit it by themselves, which they do with differing care.
const MOST_HEIGHTS: u32 = 10_000;
/// What a cell that was cut ends with.
const CUT: &str = "……〔单元格放不下，见原文〕";

/// A workbook whose sheets are written one after the other: headers stay in sight and text wraps.
pub(crate) struct Sheet {
    workbook: Workbook,
    head: Format,
    cell: Format,
    /// The number of the sheet that is written to.
    sheet: usize,
    widths: Vec<u16>,
    rows: u32,
    /// The last row, not written yet: of the very last one the writer would put a height into the
    /// file a second time, as a row of its own.
    last: Option<Vec<String>>,
    /// So many columns are printed, all of them without a number.
    printed: Option<u16>,
    /// Columns whose cells are numbers where they can be read as such.
    numbers: &'static [u16],
}

impl Sheet {
    /// An empty sheet with its line of headers. Widths count characters.
    pub(crate) fn new(name: &str, headers: &[&str], widths: &[u16]) -> io::Result<Self> {
        Self::begun(name, headers, widths).map_err(io::Error::other)
    }

    fn begun(name: &str, headers: &[&str], widths: &[u16]) -> Result<Self, XlsxError> {
        let head = Format::new()
            .set_bold()
            .set_text_wrap()
            .set_align(FormatAlign::VerticalCenter)
            .set_background_color("#E7ECF2")
            .set_border(FormatBorder::Thin);
        let cell = Format::new()
            .set_text_wrap()
            .set_align(FormatAlign::Top)
            .set_border(FormatBorder::Thin);
        let mut begun = Self {
            workbook: Workbook::new(),
            head,
            cell,
            sheet: 0,
            widths: Vec::new(),
            rows: 0,
            last: None,
            printed: None,
            numbers: &[],
        };
        begun.begin(name, headers, widths)?;
        Ok(begun)
    }

    /// Adds an empty sheet with its line of headers.
    fn begin(&mut self, name: &str, headers: &[&str], widths: &[u16]) -> Result<(), XlsxError> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        for (column, width) in (0u16..).zip(widths) {
            sheet.set_column_width(column, f64::from(*width))?;
        }
        for (column, header) in (0u16..).zip(headers) {
            sheet.write_string_with_format(0, column, fitting(header), &self.head)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        sheet.set_landscape().set_paper_size(9);
        sheet.set_print_fit_to_pages(1, 0);
        sheet.set_repeat_rows(0, 0)?;
        self.widths = widths.to_vec();
        Ok(())
    }

    /// Ends this sheet and begins another.
    pub(crate) fn next(&mut self, name: &str, headers: &[&str], widths: &[u16]) -> io::Result<()> {
        let begun = self.end().and_then(|()| {
            (self.sheet, self.rows, self.printed) = (self.sheet + 1, 0, None);
            self.numbers = &[];
            self.begin(name, headers, widths)
        });
        begun.map_err(io::Error::other)
    }

    /// The first column stays in sight, too.
    pub(crate) fn holding_first_column(mut self) -> io::Result<Self> {
        let sheet = self.workbook.worksheet_from_index(self.sheet);
        let held = sheet.and_then(|sheet| sheet.set_freeze_panes(1, 1).map(|_| ()));
        held.map_err(io::Error::other)?;
        Ok(self)
    }

    /// The same, of which only the first columns are printed.
    pub(crate) fn printing(self, columns: u16) -> Self {
        Self {
            printed: Some(columns),
            ..self
        }
    }

    /// Of this sheet only the first columns are printed.
    pub(crate) fn print_first(&mut self, columns: u16) {
        self.printed = Some(columns);
    }

    /// In these columns of this sheet numbers are written as such, so that rows can be sorted by them.
    pub(crate) fn with_numbers(&mut self, columns: &'static [u16]) {
        self.numbers = columns;
    }

    /// Adds a row.
    pub(crate) fn add(&mut self, cells: &[String]) -> io::Result<()> {
        let Some(before) = self.last.replace(cells.to_vec()) else {
            return Ok(());
        };
        let height = (self.rows < MOST_HEIGHTS).then(|| height(&before, &self.widths));
        self.write(&before, height).map_err(io::Error::other)
    }

    fn write(&mut self, cells: &[String], height: Option<f64>) -> Result<(), XlsxError> {
        self.rows += 1;
        let sheet = self.workbook.worksheet_from_index(self.sheet)?;
        if let Some(height) = height {
            sheet.set_row_height(self.rows, height)?;
        }
        for (column, text) in (0u16..).zip(cells) {
            let number = text.parse::<f64>().ok();
            match number.filter(|number| number.is_finite() && self.numbers.contains(&column)) {
                Some(number) => {
                    sheet.write_number_with_format(self.rows, column, number, &self.cell)?
                }
                None => {
                    sheet.write_string_with_format(self.rows, column, fitting(text), &self.cell)?
                }
            };
        }
        Ok(())
    }

    /// Writes the workbook, with notes on a second sheet.
    pub(crate) fn finish(self, notes: &[String], out: impl Write + Send) -> io::Result<()> {
        self.finished(notes, out).map_err(as_io)
    }

    /// Writes what is left of this sheet.
    fn end(&mut self) -> Result<(), XlsxError> {
        if let Some(last) = self.last.take() {
            self.write(&last, None)?;
        }
        if let Some(last) = self.widths.len().checked_sub(1) {
            let sheet = self.workbook.worksheet_from_index(self.sheet)?;
            sheet.autofilter(0, 0, self.rows, last as u16)?;
        }
        if let Some(last) = self.printed.and_then(|columns| columns.checked_sub(1)) {
            let sheet = self.workbook.worksheet_from_index(self.sheet)?;
            sheet.set_print_area(0, 0, self.rows, last)?;
        }
        Ok(())
    }

    fn finished(mut self, notes: &[String], out: impl Write + Send) -> Result<(), XlsxError> {
        self.end()?;
        if !notes.is_empty() {
            let sheet = self.workbook.add_worksheet();
            sheet.set_name("说明")?;
            sheet.set_column_width(0, 90.0)?;
            for (row, note) in (0u32..).zip(notes) {
                sheet.write_string_with_format(row, 0, fitting(note), &self.cell)?;
            }
        }
        self.workbook.save_to_writer(out)
    }
}

/// Whoever went away must be seen as such, through the archive too.
fn as_io(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        XlsxError::ZipError(error) => {
            let cause = error.source().and_then(|e| e.downcast_ref::<io::Error>());
            let kind = cause.map_or(io::ErrorKind::Other, io::Error::kind);
            io::Error::new(kind, error)
        }
        other => io::Error::other(other),
    }
}

/// Height in points of a row whose cells wrap.
fn height(cells: &[String], widths: &[u16]) -> f64 {
    let lines = cells.iter().zip(widths).map(|(cell, width)| {
        let columns =
            |line: &str| -> usize { line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum() };
        let room = usize::from(*width).saturating_sub(PADDING).max(1);
        let of_line = |line: &str| columns(line).div_ceil(room).max(1);
        cell.split('\n').map(of_line).sum::<usize>()
    });
    let lines = lines.max().unwrap_or(1);
    (lines as f64 * LINE_POINTS).min(MOST_ROW_POINTS)
}

/// A text as long as a cell may be, and without what XML does not allow.
fn fitting(text: &str) -> String {
    let text = kept_lines(text);
    if text.encode_utf16().count() <= MOST_CELL_CHARS {
        return text;
    }
    let mut left = MOST_CELL_CHARS - CUT.encode_utf16().count();
    let fits = |c: &char| {
        let room = left >= c.len_utf16();
        left = left.saturating_sub(c.len_utf16());
        room
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    cut.push_str(CUT);
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_takes_cells_of_any_length() {
        let long = "字".repeat(40_000);
        let mut sheet = Sheet::new("表", &["甲"], &[10]).expect("a sheet");
        for cell in [long.as_str(), "=1+1", "\u{1}"] {
            sheet.add(&[cell.to_owned()]).expect("a row");
        }
        let mut bytes = Vec::new();
        sheet
            .finish(&["注".to_owned()], &mut bytes)
            .expect("a workbook");
        assert!(bytes.starts_with(b"PK"));
        let cut = fitting(&long);
        assert!(cut.ends_with(CUT) && cut.encode_utf16().count() == MOST_CELL_CHARS);
    }

    #[test]
    fn who_goes_away_is_seen() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let sheet = Sheet::new("表", &["甲"], &[10]).expect("a sheet");
        let error = sheet.finish(&[], Closed).expect_err("it is closed");
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
