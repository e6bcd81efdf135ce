//! Splits the lines of a file into words with lindera alone: what `benches/side-by-side` measures exo-lint against.

use exo_lint::morpheme::Analyzer;

fn main() -> std::io::Result<()> {
    let path = std::env::args_os().nth(1).expect("a file");
    let text = std::fs::read_to_string(path)?;
    let mut analyzer = Analyzer::embedded();
    println!("{}", text.lines().map(|line| analyzer.bare(line)).sum::<usize>());
    Ok(())
}
