//! The forms of output as those read them for whom they are made.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_exo-lint"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("COLUMNS", "80").env_remove("NO_COLOR");
    command
}

fn printed(args: &[&str]) -> String {
    let Output { stdout, .. } = program().args(args).output().unwrap();
    String::from_utf8(stdout).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("forms").join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// The schema of the standard, as the crate `serde-sarif` carries it.
fn official_schema() -> Value {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let rustc = Command::new("rustc").arg("-vV").output().unwrap().stdout;
    let host = String::from_utf8(rustc).unwrap().lines().find_map(|l| l.strip_prefix("host: ").map(str::to_owned));
    let output = Command::new(cargo)
        // Crates of other platforms were not fetched.
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", &host.unwrap()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "serde-sarif").unwrap();
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
    let text = std::fs::read_to_string(manifest.with_file_name("src").join("schema.json")).unwrap();
    // One pattern of it is no regular expression by the letter: a bracket too many, never meant.
    let text = text.replace("{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "{2}(-[a-zA-Z]{2})?$");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn sarif_holds_to_the_official_schema() {
    let validator = jsonschema::validator_for(&official_schema()).unwrap();
    for paths in [vec!["fixtures"], vec!["fixtures/clean/neutral.html"], vec!["nowhere.md", "fixtures/marked/serum.md"]]
    {
        let text = printed(&[&["--format", "sarif"], paths.as_slice()].concat());
        let sarif: Value = serde_json::from_str(&text).unwrap();
        let faults: Vec<String> =
            validator.iter_errors(&sarif).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(faults.is_empty(), "{paths:?}: {}", faults.join("\n"));
        let _: serde_sarif::sarif::Sarif = serde_json::from_value(sarif).unwrap();
    }
    // The validator sees faults.
    let mut broken: Value = serde_json::from_str(&printed(&["--format", "sarif", "fixtures/marked/serum.md"])).unwrap();
    broken["runs"][0]["results"][0]["level"] = "grave".into();
    assert!(!validator.is_valid(&broken));
}

/// What code scanning asks for beyond the schema, and what it leaves out.
#[test]
fn sarif_is_what_code_scanning_reads() {
    let text = printed(&["--format", "sarif", "--category", "clinic", "fixtures"]);
    let sarif: Value = serde_json::from_str(&text).unwrap();
    let run = &sarif["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for rule in rules {
        for (key, most) in [("shortDescription", 1024), ("fullDescription", 1024)] {
            let text = rule[key]["text"].as_str().unwrap();
            assert!((1..=most).contains(&text.chars().count()), "{rule}");
        }
        let markdown = rule["help"]["markdown"].as_str().unwrap();
        assert!(markdown.contains("## 根拠") && !rule["help"]["text"].as_str().unwrap().is_empty());
        assert!(["high", "medium", "low"].contains(&rule["properties"]["precision"].as_str().unwrap()));
        assert!((1..=10).contains(&rule["properties"]["tags"].as_array().unwrap().len()));
    }
    let mut prints = std::collections::HashSet::new();
    let results = run["results"].as_array().unwrap();
    assert!(results.len() > 20);
    for result in results {
        let rule = &rules[result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].as_str().unwrap().starts_with("fixtures/"));
        assert!(prints.insert(result["partialFingerprints"]["exoLint/v1"].as_str().unwrap()));
        // Each related place is named in the message: others are not shown.
        for related in result["relatedLocations"].as_array().into_iter().flatten() {
            let link = format!("]({})", related["id"]);
            assert!(result["message"]["text"].as_str().unwrap().contains(&link));
        }
    }
    let partial: Value = serde_json::from_str(&printed(&["--format", "sarif", "nowhere.md"])).unwrap();
    let invocation = &partial["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    assert_eq!(invocation["toolExecutionNotifications"].as_array().unwrap().len(), 1);
}

#[test]
fn names_of_files_are_addresses_in_sarif() {
    let folder = folder("names");
    for name in ["薬用 美容液#1.md", "a%20b.md", "c:d.md"] {
        std::fs::write(folder.join(name), "シミが消える。").unwrap();
    }
    let output = program().current_dir(&folder).args(["--isolated", "--format", "sarif"]).output().unwrap();
    let sarif: Value = serde_json::from_slice(&output.stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let uris: Vec<&str> = results
        .iter()
        .map(|r| r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap())
        .map(|uri| uri.rsplit('/').next().unwrap())
        .collect();
    assert_eq!(uris, ["a%2520b.md", "c:d.md", "%E8%96%AC%E7%94%A8%20%E7%BE%8E%E5%AE%B9%E6%B6%B2%231.md"]);
}

#[test]
fn github_commands_are_escaped_and_no_column_spans_lines() {
    let folder = folder("github");
    let name = "a,b:c%.md";
    std::fs::write(folder.join(name), "99%の人のシミが\n消える。").unwrap();
    let output = program().current_dir(&folder).args(["--isolated", "--format", "github", name]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let command = text.lines().find(|line| line.contains("spot-removal")).unwrap();
    let (head, message) = command.strip_prefix("::error file=").unwrap().split_once("::").unwrap();
    assert!(head.contains("a%2Cb%3Ac%25.md,line=1,endLine=2,title=cosmetics/spot-removal"), "{head}");
    assert!(!head.contains("col="), "{head}");
    assert!(message.contains("%0A根拠: "), "{message}");
    // Every line is a command, or is read by people.
    assert_eq!(text.matches("::error").count(), 1);
    assert!(text.contains("1 ファイル"));
    let many = printed(&["--format", "github", "fixtures/marked/serum.md"]);
    assert!(many.contains("ほかに"), "{many}");
}

#[test]
fn gitlab_tells_issues_apart() {
    let text = printed(&["--format", "gitlab", "fixtures", "nowhere.md"]);
    assert!(text.starts_with('['), "no byte order mark");
    let issues: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut prints = std::collections::HashSet::new();
    for issue in &issues {
        assert!(prints.insert(issue["fingerprint"].as_str().unwrap()), "{issue}");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&issue["severity"].as_str().unwrap()));
        assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
        assert!(!issue["location"]["path"].as_str().unwrap().starts_with("./"));
        let description = issue["description"].as_str().unwrap();
        assert!(
            issue["check_name"] == "not-evaluated" || description.starts_with(issue["check_name"].as_str().unwrap())
        );
    }
    assert_eq!(issues.iter().filter(|issue| issue["check_name"] == "not-evaluated").count(), 1);
}

#[test]
fn junit_passes_where_nothing_fails() {
    let count = |xml: &str, what: &str| {
        let head = xml.lines().find(|line| line.starts_with("<testsuites")).unwrap();
        let value = head.split(&format!(" {what}=\"")).nth(1).unwrap().split('"').next().unwrap();
        value.parse::<usize>().unwrap()
    };
    let clean = printed(&["--format", "junit", "fixtures/clean/news.md"]);
    assert_eq!((count(&clean, "tests"), count(&clean, "failures")), (1, 0), "{clean}");
    let found = printed(&["--format", "junit", "--fail-on", "error", "fixtures/marked/serum.md", "nowhere.md"]);
    assert!(count(&found, "failures") > 5 && count(&found, "skipped") > 0, "{found}");
    assert_eq!(count(&found, "errors"), 1);
    // Control characters are no part of XML.
    let folder = folder("junit");
    std::fs::write(folder.join("a.md"), "シミが\u{8}消える\u{1B}。").unwrap();
    let output = program().current_dir(&folder).args(["--format", "junit", "a.md"]).output().unwrap();
    assert!(!output.stdout.iter().any(|b| *b < 0x20 && *b != b'\n'));
}

#[test]
fn several_outputs_are_written_in_one_run() {
    let folder = folder("several");
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    std::fs::write(path("old.json"), "something that was there").unwrap();
    let targets = [format!("json={}", path("old.json")), format!("sarif={}", path("new.sarif"))];
    let args = ["--format", "concise", "--output", &targets[0], "--output", &targets[1], "fixtures/marked/serum.md"];
    let output = program().args(args).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).unwrap().contains("spot-removal"));
    assert_eq!(
        std::fs::read_to_string(path("old.json")).unwrap(),
        printed(&["--format", "json", "fixtures/marked/serum.md"])
    );
    assert_eq!(
        std::fs::read_to_string(path("new.sarif")).unwrap(),
        printed(&["--format", "sarif", "fixtures/marked/serum.md"])
    );
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 2, "no leftovers");

    // What cannot be written is told, and what was there stays.
    for (bad, said) in [
        (format!("json={}", path("no/such/folder.json")), "書けません"),
        ("json".to_owned(), "FORMAT=FILE"),
        ("sarf=a.sarif".to_owned(), "sarif"),
    ] {
        let output = program().args(["--output", &bad, "fixtures/marked/serum.md"]).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && told.contains(said), "{bad}: {told}");
    }
    let twice = format!("sarif={}", path("old.json"));
    let output = program().args(["--output", &targets[0], "--output", &twice, "fixtures"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn a_written_file_keeps_its_rights_and_its_link() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder("rights");
    let file = folder.join("report.json");
    std::fs::write(&file, "old").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    let link = folder.join("link.json");
    std::os::unix::fs::symlink("report.json", &link).unwrap();
    let target = format!("json={}", link.display());
    program().args(["--quiet", "--output", &target, "fixtures/clean/news.md"]).status().unwrap();
    assert!(link.symlink_metadata().unwrap().is_symlink());
    assert!(std::fs::read_to_string(&file).unwrap().starts_with('{'));
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
}

/// A disk without room, as a device that is always full.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = program().args(["fixtures/marked/serum.md"]).stdout(full()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("出力できません"));
    let output =
        program().args(["--quiet", "--output", "json=/dev/full", "fixtures/marked/serum.md"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("/dev/full: 書けません"));
}
