//! `duibiao completions`: a completion script for a shell.

use std::io::stdout;

use clap::CommandFactory;
use clap_complete::{Shell, generate};

use crate::failure::Outcome;

/// Print a completion script
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  duibiao completions bash > /etc/bash_completion.d/duibiao
  duibiao completions zsh > ~/.zfunc/_duibiao")]
pub(crate) struct Args {
    /// The shell to complete for
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Outcome> {
    let mut script = Vec::new();
    generate(
        args.shell,
        &mut crate::Cli::command(),
        "duibiao",
        &mut script,
    );
    std::io::Write::write_all(&mut stdout().lock(), &script)?;
    Ok(Outcome::Done)
}
