//! One table for positions: whatever stands before a claim on its line, in whatever spelling,
//! the JSON points to its bytes in the file, its line, its column in characters and in UTF-16.

use std::process::{Command, Stdio};

use serde_json::Value;

struct Case {
    name: &'static str,
    file: &'static str,
    text: String,
    /// The words underlined, as they stand in the file.
    words: &'static str,
}

fn case(name: &'static str, file: &'static str, text: impl Into<String>, words: &'static str) -> Case {
    Case { name, file, text: text.into(), words }
}

fn table() -> Vec<Case> {
    vec![
        case("plain", "a.txt", "気になるシミが消える。", "シミが消える"),
        case("astral", "a.md", "𠮷！シミが消える。", "シミが消える"),
        case("combining mark", "a.md", "か\u{3099}シミか\u{3099}消える。", "シミか\u{3099}消える"),
        case("joined emoji", "a.md", "👩\u{200D}⚕\u{FE0F}✨シミが消える。", "シミが消える"),
        case("tab", "a.md", "お肌の\tシミが消える。", "シミが消える"),
        case("half-width kana", "a.md", "ｷﾆﾅﾙ、ｼﾐが消えます。", "ｼﾐが消え"),
        case("full-width", "a.md", "ＮＯ．１のシミが消える。", "シミが消える"),
        case("crlf", "a.md", "一行目。\r\n\r\n三行目のシミが消える。\r\n", "シミが消える"),
        case("lone cr", "a.txt", "一行目。\r二行目のシミが消える。", "シミが消える"),
        case("bom", "a.md", "\u{FEFF}シミが消える。", "シミが消える"),
        case("bom and crlf", "a.txt", "\u{FEFF}一行目。\r\nシミが消える。", "シミが消える"),
        case("emphasis", "a.md", "気になる**シミ**が*消え*る。", "シミ**が*消え*る"),
        case("soft break", "a.md", "気になるシミが\n消える。", "シミが\n消える"),
        case("table", "a.md", "| 商品 | 特長 |\n|---|---|\n| 𠮷 | シミが消える |", "シミが消える"),
        case("link title", "a.md", "[見る](https://example.com \"シミが消える\")", "シミが消える"),
        case("alternative text", "a.md", "![シミが消える](a.png)", "シミが消える"),
        case("entity", "a.md", "&amp;シミが消える。", "シミが消える"),
        case("zero width", "a.md", "シ\u{200B}ミが消える。", "シ\u{200B}ミが消える"),
        case("decoration", "a.md", "シ★ミが消える。", "シ★ミが消える"),
        case("kangxi radicals", "a.md", "⼈のシミが消える。", "シミが消える"),
        case("front matter", "a.md", "---\ntitle: シミが消える美容液\n---\n本文です。", "シミが消える"),
        case("footnote", "a.md", "うるおいを与えます[^1]。\n\n[^1]: シミが消える。", "シミが消える"),
    ]
}

#[test]
fn every_position_is_right() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("positions");
    let _ = std::fs::remove_dir_all(&folder);
    for (at, case) in table().into_iter().enumerate() {
        let folder = folder.join(at.to_string());
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(case.file);
        std::fs::write(&path, &case.text).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_exo-lint"))
            .args(["--format", "json", "--category", "cosmetics"])
            .arg(&path)
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        let diagnostics = json["diagnostics"].as_array().unwrap();
        assert_eq!(diagnostics.len(), 1, "{}: {json:#}", case.name);
        let range = &diagnostics[0]["range"];
        let number = |end: &str, key: &str| range[end][key].as_u64().unwrap() as usize;
        let bytes = case.text.as_bytes();
        let found = std::str::from_utf8(&bytes[number("start", "byte")..number("end", "byte")]).unwrap();
        assert_eq!(found, case.words, "{}", case.name);
        for end in ["start", "end"] {
            let byte = number(end, "byte");
            let (line, column, utf16) = place(&case.text, byte);
            assert_eq!(
                (number(end, "line"), number(end, "column"), number(end, "utf16")),
                (line, column, utf16),
                "{}: {end}",
                case.name
            );
        }
        for part in diagnostics[0]["parts"].as_array().unwrap() {
            let (a, b) = (
                part["range"]["start"]["byte"].as_u64().unwrap() as usize,
                part["range"]["end"]["byte"].as_u64().unwrap() as usize,
            );
            assert!(case.text.is_char_boundary(a) && case.text.is_char_boundary(b) && a < b, "{}", case.name);
        }
    }
}

/// Line, column in characters and in UTF-16 of a byte, counted the slow way.
fn place(text: &str, byte: usize) -> (usize, usize, usize) {
    let (mut line, mut column, mut utf16) = (1, 1, 1);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if at >= byte {
            break;
        }
        let ends = c == '\n' || (c == '\r' && chars.peek().is_none_or(|(_, next)| *next != '\n'));
        if ends {
            (line, column, utf16) = (line + 1, 1, 1);
        } else if !(at == 0 && c == '\u{FEFF}') {
            column += 1;
            utf16 += c.len_utf16();
        }
    }
    (line, column, utf16)
}
