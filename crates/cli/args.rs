//! Arguments that several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use duibiao_search::{CitationStyle, ExportFormat, Filters};

/// Where the index is.
#[derive(Args)]
pub(crate) struct IndexArg {
    /// The index folder
    #[arg(
        long,
        value_name = "DIR",
        env = "DUIBIAO_INDEX",
        default_value = "index-data/index"
    )]
    pub(crate) index: PathBuf,
}

/// What may be added to what was typed.
#[derive(Args)]
pub(crate) struct AddedArgs {
    /// Search for nothing but what was typed
    #[arg(long)]
    pub(crate) as_typed: bool,
    /// An added term that is not to be searched for; may be repeated
    #[arg(long, value_name = "TERM")]
    pub(crate) drop: Vec<String>,
}

/// How documents are cited.
#[derive(Args)]
pub(crate) struct CitationArg {
    /// Edition of GB/T 7714 that citations follow
    #[arg(long, value_enum, default_value = "2015", value_name = "YEAR")]
    citation: CitationYear,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum CitationYear {
    #[value(name = "2015")]
    Gb2015,
    #[value(name = "2025")]
    Gb2025,
}

impl CitationArg {
    pub(crate) fn style(&self) -> CitationStyle {
        match self.citation {
            CitationYear::Gb2015 => CitationStyle::Gb2015,
            CitationYear::Gb2025 => CitationStyle::Gb2025,
        }
    }
}

/// In which form results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For reading in a terminal
    Table,
    /// One JSON object
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// A Markdown table
    Markdown,
}

/// In which form results are printed or written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For reading in a terminal
    Table,
    /// One JSON object
    Json,
    /// One JSON object a line: a hit, a measure of a comparison, or a matter of gaps
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// A Markdown table
    Markdown,
    /// A workbook, with --output
    Xlsx,
    /// A paper for Word, with --output; of at most 2,000 hits
    Docx,
}

impl OutputFormat {
    /// The format of a file; none where the file's name has to say it.
    pub(crate) fn of_file(self) -> Option<ExportFormat> {
        match self {
            Self::Csv => Some(ExportFormat::Csv),
            Self::Jsonl => Some(ExportFormat::Jsonl),
            Self::Markdown => Some(ExportFormat::Markdown),
            Self::Xlsx => Some(ExportFormat::Xlsx),
            Self::Docx => Some(ExportFormat::Docx),
            Self::Table | Self::Json => None,
        }
    }
}

/// Filters, named as in queries, URLs and JSON.
#[derive(Args)]
#[command(
    next_help_heading = "Filters (repeat for OR; different ones are AND; -VALUE leaves it out)"
)]
pub(crate) struct FilterArgs {
    /// Place of any level, with all that lies in it
    #[arg(long, allow_hyphen_values = true, value_name = "NAME")]
    place: Vec<String>,
    /// Province: code, name, short name or alias (230000, 黑龙江省, 黑龙江, 黑)
    #[arg(long, allow_hyphen_values = true, value_name = "NAME")]
    province: Vec<String>,
    /// Prefecture-level city or municipality
    #[arg(long, allow_hyphen_values = true, value_name = "NAME")]
    city: Vec<String>,
    /// County, district or county-level city
    #[arg(long, allow_hyphen_values = true, value_name = "NAME")]
    county: Vec<String>,
    /// Year of the document: 2017, 2017..2020, 2017.., ..2020
    #[arg(long, allow_hyphen_values = true, value_name = "YEARS")]
    year: Vec<String>,
    /// Years the document's data cover, written like --year
    #[arg(long, allow_hyphen_values = true, value_name = "YEARS")]
    period: Vec<String>,
    /// Theme: id or name (approval, approval.process, 政务服务)
    #[arg(long, allow_hyphen_values = true, value_name = "ID")]
    theme: Vec<String>,
    /// Type of document (通报, 通知, 方案)
    #[arg(
        long,
        visible_alias = "doc_type",
        allow_hyphen_values = true,
        value_name = "TYPE"
    )]
    doc_type: Vec<String>,
    /// Kind of document inside its type
    #[arg(long, allow_hyphen_values = true, value_name = "TYPE")]
    subtype: Vec<String>,
    /// Issuing body
    #[arg(long, allow_hyphen_values = true, value_name = "NAME")]
    issuer: Vec<String>,
    /// Document number (黑政发〔2010〕93号, in any brackets)
    #[arg(long, allow_hyphen_values = true, value_name = "NUMBER")]
    number: Vec<String>,
    /// Status: done, planned, mixed, proposed, stated
    #[arg(long, allow_hyphen_values = true, value_name = "STATUS")]
    status: Vec<String>,
    /// Level: nation, province, city, county
    #[arg(long, allow_hyphen_values = true, value_name = "LEVEL")]
    level: Vec<String>,
    /// Under a city or county, documents of its province too: those of level province and of no city
    #[arg(long)]
    provincial: bool,
}

impl FilterArgs {
    pub(crate) fn filters(&self) -> Filters {
        Filters {
            place: self.place.clone(),
            province: self.province.clone(),
            city: self.city.clone(),
            county: self.county.clone(),
            year: self.year.clone(),
            period: self.period.clone(),
            theme: self.theme.clone(),
            doc_type: self.doc_type.clone(),
            subtype: self.subtype.clone(),
            issuer: self.issuer.clone(),
            number: self.number.clone(),
            status: self.status.clone(),
            level: self.level.clone(),
            provincial: self.provincial,
        }
    }
}
