//! Hits written to a file or to stdout in full, as they are read.
//!
//! What is written is decided in the search crate; here is only where to, and that a file is whole
//! or not there.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::Context;
use duibiao_search::{Deadline, Engine, Export, ExportFormat, ExportWriter, Request, Wanted};

use crate::failure::{Outcome, Usage};
use crate::terminal::plain;

/// Writes what a search finds to a file, in the format given or the one its name says.
pub(crate) fn to_file(
    engine: &Engine,
    request: &Request,
    wanted: Wanted,
    file: &Path,
    format: Option<ExportFormat>,
) -> anyhow::Result<Outcome> {
    let format = format_of(format, file)?;
    let wanted = Wanted {
        snippets: format.has_snippets(),
        ..wanted
    };
    let export = engine.export(request, wanted)?;
    if let Some(corrected) = export.corrected() {
        let text = format!(
            " nothing has {}; searched for {} instead",
            corrected.from, corrected.to
        );
        eprintln!("{}", plain(&text));
    }
    let (rows, total) = (export.rows(), export.total());
    whole(file, |out| write(engine, export, format, out))?;
    let of = if rows == total {
        String::new()
    } else {
        format!(" (of {total} with everything that was asked for)")
    };
    eprintln!("{rows} rows in {}{of}", file.display());
    Ok(Outcome::Done)
}

/// The format of a file: the one that is given, else the one its name says.
pub(crate) fn format_of(given: Option<ExportFormat>, file: &Path) -> Result<ExportFormat, Usage> {
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    given
        .or_else(|| ExportFormat::named(&extension))
        .ok_or_else(|| {
            let endings = ExportFormat::ALL.map(|format| format!(".{}", format.extension()));
            let file = file.display();
            Usage(format!(
                "{file}: the name must end in one of {}",
                endings.join(", ")
            ))
        })
}

/// What is said where a file of several parts is asked for and no file is named.
pub(crate) fn only_to_a_file(format: ExportFormat) -> Usage {
    let what = match format {
        ExportFormat::Docx => "a paper for Word",
        _ => "a workbook",
    };
    let extension = format.extension();
    Usage(format!(
        "{what} goes to a file: add --output FILE.{extension}"
    ))
}

/// Writes a file that is whole or not there: whoever opens it while it is written, or after that
/// failed, must not take it for all.
pub(crate) fn whole<E: Into<anyhow::Error>>(
    file: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), E>,
) -> anyhow::Result<()> {
    let cannot = || format!("cannot write {}", file.display());
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let unfinished = temporary(folder.unwrap_or(Path::new("."))).with_context(cannot)?;
    write(&mut unfinished.as_file()).map_err(Into::into)?;
    unfinished
        .persist(file)
        .map_err(|error| error.error)
        .with_context(cannot)?;
    Ok(())
}

/// A file of the mode that files are given where it is.
pub(crate) fn temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".duibiao-").suffix(".part");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
}

/// Writes every row of an export.
pub(crate) fn write(
    engine: &Engine,
    mut export: Export,
    format: ExportFormat,
    out: impl Write + Send,
) -> anyhow::Result<()> {
    format.holds(&export)?;
    let mut out = BufWriter::new(out);
    let mut writer = ExportWriter::new(format, &export, engine)?;
    loop {
        // Whoever waits at a terminal can press Ctrl-C.
        let rows = engine.export_rows(&mut export, &Deadline::default())?;
        if rows.is_empty() {
            break;
        }
        writer.rows(&rows, engine, &mut out)?;
    }
    writer.finish(&export, engine, &mut out)?;
    out.flush()?;
    Ok(())
}
