//! The house rules of the code, each written in ARCHITECTURE.md.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// Library source files with the module each belongs to, tests cut off.
fn library() -> Vec<(String, PathBuf, String)> {
    let mut files = Vec::new();
    sources(&root().join("src"), &mut files);
    files.retain(|p| !p.starts_with(root().join("src/bin")) && !p.ends_with("lib.rs"));
    files
        .into_iter()
        .map(|path| {
            let relative = path.strip_prefix(root().join("src")).unwrap();
            let first = relative.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            let module = first.trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            // Comments may point anywhere.
            let code: String =
                code.lines().filter(|l| !l.trim_start().starts_with("//")).flat_map(|l| [l, "\n"]).collect();
            (module, path, code)
        })
        .collect()
}

/// The modules in reading order, from lib.rs itself.
fn order() -> Vec<String> {
    let text = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    text.lines().filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';')).map(str::to_owned).collect()
}

#[test]
fn modules_look_only_upstream() {
    let order = order();
    for (module, path, code) in library() {
        let at = order.iter().position(|m| *m == module).unwrap_or_else(|| panic!("{module} is not in lib.rs"));
        for later in &order[at + 1..] {
            for use_of in [format!("crate::{later}::"), format!("crate::{later};"), format!("crate::{later} ")] {
                assert!(!code.contains(&use_of), "{}: {module} uses {later}, which comes after it", path.display());
            }
        }
    }
}

#[test]
fn the_library_does_no_input_or_output() {
    for (_, path, code) in library() {
        for word in ["std::fs", "std::env", "std::net", "std::process", "println!", "eprintln!", "std::io"] {
            assert!(!code.contains(word), "{}: {word}", path.display());
        }
    }
}

#[test]
fn architecture_lists_every_module_in_order() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut from = text.find("## Modules").expect("ARCHITECTURE.md has a section Modules");
    for module in order() {
        let name = format!("`{module}`");
        let at =
            text[from..].find(&name).unwrap_or_else(|| panic!("ARCHITECTURE.md: {name} is missing or out of order"));
        from += at;
    }
}

#[test]
fn no_rule_id_and_no_law_stands_in_code() {
    let files = exo_lint::ruleset::builtin_files();
    let mut ids = Vec::new();
    for file in &files {
        let parsed: exo_lint::rule::File = toml::from_str(&file.text).unwrap();
        ids.extend(parsed.rule.into_iter().map(|r| r.id));
    }
    let instruments: std::collections::BTreeSet<&str> =
        exo_lint::provision::all().iter().map(|p| p.instrument.as_str()).filter(|i| i.chars().count() > 4).collect();
    let mut code = Vec::new();
    sources(&root().join("src"), &mut code);
    for path in code {
        let text = fs::read_to_string(&path).unwrap();
        for id in &ids {
            assert!(!text.contains(&format!("\"{id}\"")), "{}: the rule id {id}", path.display());
        }
        for instrument in &instruments {
            assert!(!text.contains(instrument), "{}: {instrument}", path.display());
        }
    }
}

#[test]
fn no_crate_of_the_network_is_in_the_tree() {
    let lock: toml::Table = fs::read_to_string(root().join("Cargo.lock")).unwrap().parse().unwrap();
    for package in lock["package"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        let banned = [
            "reqwest",
            "hyper",
            "ureq",
            "curl",
            "isahc",
            "attohttpc",
            "tokio",
            "socket2",
            "rustls",
            "native-tls",
            "openssl",
            "quinn",
            "h2",
        ];
        assert!(!banned.contains(&name), "{name} can reach a network");
    }
}

/// `notify` waits for changes of files with `mio`, which can open connections only with its feature `net`.
#[test]
fn what_waits_for_files_cannot_connect() {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = std::process::Command::new(cargo)
        .args(["tree", "--offline", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p} [{f}]"])
        .current_dir(root())
        .output()
        .unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    let mio: Vec<&str> = tree.lines().filter(|line| line.starts_with("mio ")).collect();
    assert!(!mio.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    for line in mio {
        let features = line.split('[').nth(1).unwrap().trim_end_matches("] (*)").trim_end_matches(']');
        assert!(features.split(',').all(|feature| feature != "net"), "{line}");
    }
}

#[test]
fn every_module_says_what_it_is_for() {
    let mut files = Vec::new();
    for folder in ["src", "build", "tests", "benches"] {
        sources(&root().join(folder), &mut files);
    }
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//!"), "{} does not begin with what it is for", path.display());
    }
}
