//! The `duibiao` command line.
fn main() {}
