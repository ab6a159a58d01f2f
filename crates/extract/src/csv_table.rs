//! Tables as text (CSV, TSV) that hold no documents: their rows are lines of one document.

use crate::block::BlockKind;
use crate::collection::delimiter;
use crate::decode::Decoded;
use crate::flow::Flow;
use crate::{ExtractError, Extracted, Format};

pub(crate) fn extract(decoded: Decoded) -> Result<Extracted, ExtractError> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .has_headers(false)
        .delimiter(delimiter(&decoded.text))
        .from_reader(decoded.text.as_bytes());
    let mut flow = Flow::default();
    for record in reader.records() {
        let record = record.map_err(|_| ExtractError::Damaged("a row of the table"))?;
        let cells: Vec<String> = record.iter().map(one_line).collect();
        flow.paragraph(BlockKind::Row, cells.join("\t").trim_end());
    }
    flow.finish(Format::Csv, decoded.encoding, decoded.warnings)
}

/// A cell may have lines; a row is one.
fn one_line(cell: &str) -> String {
    let lines: Vec<&str> = cell.split(['\n', '\r', '\t']).map(str::trim).collect();
    lines.join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use crate::{BlockKind, Format, extract};

    #[test]
    fn rows_are_lines() {
        let table = "事项,时限\n\"企业\n开办\",1个工作日\n不动产登记,\n";
        let read = extract("时限.csv", table.as_bytes()).expect("a table");
        assert_eq!(read.text, "事项\t时限\n企业 开办\t1个工作日\n不动产登记\n");
        assert_eq!(read.format, Format::Csv);
        assert!(read.blocks.iter().all(|b| b.kind == BlockKind::Row));
    }
}
