//! `rulesets/`: packs every file into one JSON without the examples (read at start), and lists
//! the files themselves (read by `exo-lint test`, by errors that name a line, and by `explain`).

use std::fs;
use std::path::{Path, PathBuf};

/// Keys that only `exo-lint test`, `explain` and the pages need.
const EXAMPLES: [&str; 5] = ["ng", "ok", "holds", "fails", "history"];

pub fn embed(folder: &Path, out: &Path) {
    let mut files = Vec::new();
    collect(folder, &mut files);
    files.sort();

    let mut packed = serde_json::Map::new();
    let mut listing = String::from("&[\n");
    for path in &files {
        let name = path.strip_prefix(folder).expect("collected below it").to_string_lossy().replace('\\', "/");
        listing.push_str(&format!("    ({name:?}, include_str!({:?})),\n", path.display().to_string()));
        if name.starts_with("provisions") {
            continue;
        }
        let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut table: toml::Table = text.parse().unwrap_or_else(|e| panic!("rulesets/{name}: {e}"));
        for list in table.iter_mut().filter_map(|(_, v)| v.as_array_mut()) {
            for entry in list.iter_mut().filter_map(toml::Value::as_table_mut) {
                for key in EXAMPLES {
                    entry.remove(key);
                }
            }
        }
        packed.insert(name, serde_json::to_value(table).expect("TOML is JSON"));
    }
    listing.push_str("]\n");
    fs::write(out.join("rulesets.rs"), listing).expect("OUT_DIR is writable");
    fs::write(out.join("rulesets.json"), serde_json::to_vec(&packed).expect("JSON")).expect("OUT_DIR is writable");
    fs::write(out.join("provisions.json"), provisions(folder)).expect("OUT_DIR is writable");
}

fn provisions(folder: &Path) -> Vec<u8> {
    let mut both = toml::Table::new();
    for name in ["provisions.toml", "provisions-extra.toml"] {
        let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|e| panic!("rulesets/{name}: {e}"));
        both.extend(text.parse::<toml::Table>().unwrap_or_else(|e| panic!("rulesets/{name}: {e}")));
    }
    serde_json::to_vec(&both).expect("JSON")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("rulesets/ is in the repository") {
        let path = entry.expect("rulesets/ is readable").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|e| e == "toml") {
            files.push(path);
        }
    }
}
