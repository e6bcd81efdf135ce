//! `docs/rules/` is what the rules give: made again and compared, and its links lead somewhere.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/rules")
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
                found.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn the_committed_pages_are_those_of_the_rules() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("pages");
    let _ = std::fs::remove_dir_all(&folder);
    let status = Command::new(env!("CARGO_BIN_EXE_exo-lint")).arg("pages").arg(&folder).status().unwrap();
    assert!(status.success());
    let (made, kept) = (files(&folder), files(&committed()));
    let names = |files: &BTreeMap<String, String>| files.keys().cloned().collect::<Vec<_>>();
    let cure = "out of date: rm -r docs/rules; exo-lint pages docs/rules";
    assert!(names(&made) == names(&kept), "{cure}");
    for (name, text) in made {
        assert!(text == kept[&name], "{name} is {cure}");
    }
}

#[test]
fn links_between_the_pages_lead_somewhere() {
    let pages = files(&committed());
    let mut followed = 0;
    for (name, text) in &pages {
        let folder = committed().join(name).parent().unwrap().to_owned();
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.starts_with("http") || link.starts_with('#') {
                continue;
            }
            assert!(folder.join(link).exists(), "{name}: {link}");
            followed += 1;
        }
    }
    assert!(followed > pages.len());
}

/// A rule that was renamed leaves its name behind.
#[test]
fn a_retired_id_leads_to_the_rule_of_today() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("retired");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let own =
        "[[retired]]\nid = \"cosmetics/stains\"\nnow = \"cosmetics/spot-removal\"\nreason = \"2027年に名前を改めた\"\n";
    std::fs::write(folder.join("own.toml"), own).unwrap();
    let config = "rules = [\"own.toml\"]\n[severity]\n\"cosmetics/stains\" = \"warning\"\n";
    std::fs::write(folder.join("exo-lint.toml"), config).unwrap();
    std::fs::write(folder.join("a.md"), "シミが消える。\n").unwrap();
    let suppressed = "<!-- exo-lint-disable-file cosmetics/stains -- 販売名 -->\nシミが消える。\n";
    std::fs::write(folder.join("b.md"), suppressed).unwrap();
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_exo-lint")).current_dir(&folder).args(args).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(run(&["--format", "concise", "a.md"]).starts_with("a.md:1:1: warning cosmetics/spot-removal"));
    assert_eq!(run(&["--format", "concise", "b.md"]), "");
    assert!(run(&["explain", "cosmetics/stains"]).starts_with("cosmetics/spot-removal"));
}
