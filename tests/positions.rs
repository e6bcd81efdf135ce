//! One table for positions: whatever stands before a claim on its line, in whatever spelling, markup
//! and encoding, the JSON points to its bytes in the file, its line, its column in characters and in
//! UTF-16; and every other form of output points to the same place in the unit that is its own.

use std::process::{Command, Stdio};

use serde_json::Value;

struct Case {
    name: &'static str,
    file: &'static str,
    text: String,
    /// The words underlined, as they stand in the file.
    words: &'static str,
    /// Where the text comes from.
    origin: &'static str,
}

fn case(name: &'static str, file: &'static str, text: impl Into<String>, words: &'static str) -> Case {
    Case { name, file, text: text.into(), words, origin: "body" }
}

fn behind(name: &'static str, origin: &'static str, text: &str, words: &'static str) -> Case {
    Case { name, file: "a.html", text: text.into(), words, origin }
}

fn table() -> Vec<Case> {
    vec![
        case("plain", "a.txt", "気になるシミが消える。", "シミが消える"),
        case("astral", "a.md", "𠮷！シミが消える。", "シミが消える"),
        case("combining mark", "a.md", "か\u{3099}シミか\u{3099}消える。", "シミか\u{3099}消える"),
        case("joined emoji", "a.md", "👩\u{200D}⚕\u{FE0F}✨シミが消える。", "シミが消える"),
        case("tab", "a.md", "お肌の\tシミが消える。", "シミが消える"),
        case("half-width kana", "a.md", "ｷﾆﾅﾙ、ｼﾐが消えます。", "ｼﾐが消え"),
        case("full-width", "a.md", "ＳＰＦ５０のシミが消える。", "シミが消える"),
        case("crlf", "a.md", "一行目。\r\n\r\n三行目のシミが消える。\r\n", "シミが消える"),
        case("lone cr", "a.txt", "一行目。\r二行目のシミが消える。", "シミが消える"),
        case("bom", "a.md", "\u{FEFF}シミが消える。", "シミが消える"),
        case("bom and crlf", "a.txt", "\u{FEFF}一行目。\r\nシミが消える。", "シミが消える"),
        case("emphasis", "a.md", "気になる**シミ**が*消え*る。", "シミ**が*消え*る"),
        case("soft break", "a.md", "気になるシミが\n消える。", "シミが\n消える"),
        case("table", "a.md", "| 商品 | 特長 |\n|---|---|\n| 𠮷 | シミが消える |", "シミが消える"),
        Case {
            origin: "tooltip",
            ..case("link title", "a.md", "[見る](https://example.com \"シミが消える\")", "シミが消える")
        },
        Case {
            origin: "alternative", ..case("alternative text", "a.md", "![シミが消える](a.png)", "シミが消える")
        },
        case("entity", "a.md", "&amp;シミが消える。", "シミが消える"),
        case("zero width", "a.md", "シ\u{200B}ミが消える。", "シ\u{200B}ミが消える"),
        case("decoration", "a.md", "シ★ミが消える。", "シ★ミが消える"),
        case("kangxi radicals", "a.md", "⼈のシミが消える。", "シミが消える"),
        Case {
            origin: "front-matter",
            ..case("front matter", "a.md", "---\ntitle: シミが消える美容液\n---\n本文です。", "シミが消える")
        },
        Case {
            origin: "front-matter",
            ..case(
                "folded front matter",
                "a.md",
                "---\nseo:\n  title: >-\n    気になる\n    シミが消える\n---\n本文。",
                "シミが消える",
            )
        },
        Case {
            origin: "front-matter",
            ..case("TOML front matter", "a.md", "+++\ntitle = \"𠮷のシミが消える\"\n+++\n本文。", "シミが消える")
        },
        Case {
            origin: "front-matter",
            ..case("JSON front matter", "a.md", "{\n \"title\": \"シミが消える\"\n}\n\n本文。", "シミが消える")
        },
        case("html in Markdown", "a.md", "文。\n\n<div>\n<p>𠮷、シミが<b>消える</b>。</p>\n</div>", "シミが<b>消える"),
        case("inline html in Markdown", "a.md", "文のなか、<span>シミ</span>が<br>消える。", "シミ</span>が<br>消える"),
        Case {
            origin: "tooltip",
            ..case("component", "a.mdx", "import A from 'a'\n\n<Hero lead=\"シミが消える\" />", "シミが消える")
        },
        case("html", "a.html", "<!doctype html>\r\n<p>𠮷の<b>シミ</b>が消える。", "シミ</b>が消える"),
        case("entities", "a.html", "<p>&amp;&#x20BB7;シミ&#12364;&nbsp;消える。", "シミ&#12364;&nbsp;消える"),
        case("wrapped", "a.html", "<td>気になるシミが\n\t\t消える\n</td>", "シミが\n\t\t消える"),
        case("break", "a.html", "<h1>シミが<br class=\"sp\">消える</h1>", "シミが<br class=\"sp\">消える"),
        case("template", "a.html", "<p>{$name}のシミが{if $a}消える{/if}。", "シミが{if $a}消える"),
        case("script in a template", "a.html", "<p><?php if ($a->b): ?>シミが消える<?php endif ?>。", "シミが消える"),
        case("html with a mark", "a.html", "\u{FEFF}<p>👩\u{200D}⚕\u{FE0F}\tシミが消える", "シミが消える"),
        behind("title", "page-title", "<title>𠮷｜シミが消える</title>", "シミが消える"),
        behind("description", "description", "<meta name=description content='&yen;シミが消える'>", "シミが消える"),
        behind("shared", "social", "<meta property=\"og:title\" content=\"シミが消える\">", "シミが消える"),
        behind("alt", "alternative", "<p>文<img alt=シミが消える src=a>", "シミが消える"),
        behind("label", "label", "<a aria-label=\"シミが&quot;消える\">見る</a>", "シミが&quot;消える"),
        behind("button", "control", "<input type=submit value=\"シミが消える\">", "シミが消える"),
        behind("hidden", "hidden", "<p>文<span style=\"display:none\">シミが消える</span>文</p>", "シミが消える"),
        behind("reading", "ruby", "<ruby>身体<rt>シミが消える</rt></ruby>", "シミが消える"),
        behind(
            "data",
            "structured-data",
            "<script type=\"application/ld+json\">{\"a\":[\"\\u30b7\\u30DFが<b>消える<\\/b>\"]}</script>",
            "\\u30b7\\u30DFが<b>消える",
        ),
        case("footnote", "a.md", "うるおいを与えます[^1]。\n\n[^1]: シミが消える。", "シミが消える"),
    ]
}

/// As which files each text is written: an encoding that has its characters, with its byte order mark.
const ENCODINGS: [(&str, &str); 6] = [
    ("utf-8", ""),
    ("utf-16le", "\u{FEFF}"),
    ("utf-16be", "\u{FEFF}"),
    ("shift_jis", ""),
    ("euc-jp", ""),
    ("iso-2022-jp", ""),
];

/// A text as bytes; `None` where the encoding lacks a character.
fn encode(text: &str, encoding: &str) -> Option<Vec<u8>> {
    match encoding {
        "utf-16le" => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        "utf-16be" => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        _ => {
            let encoding = encoding_rs::Encoding::for_label(encoding.as_bytes()).unwrap();
            let (bytes, _, lost) = encoding.encode(text);
            (!lost && encoding.decode_without_bom_handling(&bytes).0 == text).then(|| bytes.into_owned())
        }
    }
}

#[test]
fn every_position_is_right() {
    let cases = table();
    for (encoding, mark) in ENCODINGS {
        let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("positions").join(encoding);
        let _ = std::fs::remove_dir_all(&folder);
        let mut written = Vec::new();
        for (at, case) in cases.iter().enumerate() {
            let text = if case.text.starts_with(mark) { case.text.clone() } else { format!("{mark}{}", case.text) };
            let Some(bytes) = encode(&text, encoding) else { continue };
            let path = folder.join(at.to_string()).join(case.file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, bytes).unwrap();
            written.push((case, text, path));
        }
        assert!(written.len() > 20, "{encoding}: {}", written.len());
        let target = |form: &str| folder.join(format!("report.{form}"));
        // A short text can look like another encoding: it is named.
        let output = Command::new(env!("CARGO_BIN_EXE_exo-lint"))
            .args(["--format", "json", "--category", "cosmetics", "--encoding", encoding])
            .args(
                FORMS
                    .iter()
                    .flat_map(|(form, _)| ["--output".to_owned(), format!("{form}={}", target(form).display())]),
            )
            .args(written.iter().map(|(.., path)| path))
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(json["files"].as_array().unwrap().iter().all(|f| f["encoding"] == encoding), "{encoding}");
        for (form, read) in FORMS {
            let told = read(&std::fs::read_to_string(target(form)).unwrap());
            assert_eq!(told.len(), written.len(), "{form}");
            for ((case, text, path), told) in written.iter().zip(told) {
                let start = text.find(case.words).unwrap();
                let range = [start, start + case.words.len()].map(|at| unit(text, at, told.unit));
                let name = format!("{form}: {} in {encoding}", case.name);
                assert!(path.ends_with(&told.path) || *path.to_string_lossy() == told.path, "{name}: {}", told.path);
                let column = if told.start.1 > 0 { range[0].1 } else { 0 };
                assert_eq!(told.start, (range[0].0, column), "{name}");
                let spans_lines = range[0].0 != range[1].0;
                assert!(column > 0 || (*form == "github" && spans_lines), "{name}: a column is missing");
                if let Some(end) = told.end {
                    assert_eq!(end, range[1], "{name}: the end");
                }
            }
        }
        for (case, text, path) in written {
            let path = path.to_string_lossy();
            let own = json["diagnostics"].as_array().unwrap().iter().filter(|d| d["path"] == *path);
            check(case, &text, encoding, &own.collect::<Vec<_>>());
        }
    }
}

/// In what a form counts columns.
#[derive(Clone, Copy, PartialEq)]
enum Unit {
    Character,
    Utf16,
    Utf8,
}

/// A finding as a form tells it; column 0 where the form leaves it out.
struct Told {
    path: String,
    unit: Unit,
    start: (usize, usize),
    end: Option<(usize, usize)>,
}

type Read = fn(&str) -> Vec<Told>;

/// All forms but `human`, which people read, and `json`, which has them all.
const FORMS: &[(&str, Read)] = &[
    ("concise", concise),
    ("jsonl", jsonl),
    ("sarif", sarif),
    ("github", github),
    ("gitlab", gitlab),
    ("checkstyle", |xml| elements(xml, "file", "error")),
    ("junit", |xml| elements(xml, "testsuite", "testcase")),
    ("rdjson", |text| {
        serde_json::from_str::<Value>(text).unwrap()["diagnostics"].as_array().unwrap().iter().map(rd).collect()
    }),
    ("rdjsonl", |text| text.lines().map(|line| rd(&serde_json::from_str(line).unwrap())).collect()),
];

fn place_of(value: &Value, line: &str, column: &str) -> (usize, usize) {
    (value[line].as_u64().unwrap() as usize, value[column].as_u64().unwrap() as usize)
}

fn concise(text: &str) -> Vec<Told> {
    let told = |line: &str| {
        let mut pieces = line.splitn(4, ':');
        let path = pieces.next()?.to_owned();
        let start = (pieces.next()?.parse().ok()?, pieces.next()?.parse().ok()?);
        Some(Told { path, unit: Unit::Character, start, end: None })
    };
    text.lines().filter_map(told).collect()
}

fn jsonl(text: &str) -> Vec<Told> {
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let lines: Vec<Value> = lines.collect();
    assert_eq!((&lines[0]["type"], &lines[lines.len() - 1]["type"]), (&"run".into(), &"summary".into()));
    let told = |d: &Value| Told {
        path: d["path"].as_str().unwrap().to_owned(),
        unit: Unit::Utf16,
        start: place_of(&d["range"]["start"], "line", "utf16"),
        end: Some(place_of(&d["range"]["end"], "line", "utf16")),
    };
    lines.iter().filter(|line| line["type"] == "diagnostic").map(told).collect()
}

fn sarif(text: &str) -> Vec<Told> {
    let json: Value = serde_json::from_str(text).unwrap();
    let run = &json["runs"][0];
    assert_eq!(run["columnKind"], "utf16CodeUnits");
    let told = |result: &Value| {
        let place = &result["locations"][0]["physicalLocation"];
        Told {
            path: place["artifactLocation"]["uri"].as_str().unwrap().to_owned(),
            unit: Unit::Utf16,
            start: place_of(&place["region"], "startLine", "startColumn"),
            end: Some(place_of(&place["region"], "endLine", "endColumn")),
        }
    };
    run["results"].as_array().unwrap().iter().map(told).collect()
}

/// The commands alone, in the order of the files: they come by severity.
fn github(text: &str) -> Vec<Told> {
    let commands = text.lines().filter_map(|line| line.strip_prefix("::")?.split_once("::"));
    let mut told: Vec<Told> = commands
        .map(|(head, _)| {
            let of = |key: &str| {
                let value = head.split([' ', ',']).find_map(|p| p.strip_prefix(key)?.strip_prefix('='));
                value.map(|value| value.replace("%3A", ":").replace("%2C", ","))
            };
            let number = |key: &str| of(key).map(|n| n.parse::<usize>().unwrap());
            let start = (number("line").unwrap(), number("col").unwrap_or(0));
            let end = number("endColumn").map(|column| (number("endLine").unwrap(), column));
            Told { path: of("file").unwrap(), unit: Unit::Character, start, end }
        })
        .collect();
    let number = |told: &Told| -> usize { told.path.rsplit('/').nth(1).unwrap().parse().unwrap() };
    told.sort_by_key(number);
    told
}

fn gitlab(text: &str) -> Vec<Told> {
    let json: Value = serde_json::from_str(text).unwrap();
    let told = |issue: &Value| {
        let place = &issue["location"];
        let (start, end) = (&place["positions"]["begin"], &place["positions"]["end"]);
        assert_eq!((&place["lines"]["begin"], &place["lines"]["end"]), (&start["line"], &end["line"]));
        Told {
            path: place["path"].as_str().unwrap().to_owned(),
            unit: Unit::Character,
            start: place_of(start, "line", "column"),
            end: Some(place_of(end, "line", "column")),
        }
    };
    json.as_array().unwrap().iter().map(told).collect()
}

/// Elements of one name inside those of another, with `line` and `column`.
fn elements(xml: &str, around: &str, name: &str) -> Vec<Told> {
    use quick_xml::events::{BytesStart, Event};
    let mut reader = quick_xml::Reader::from_str(xml);
    let (mut path, mut told) = (String::new(), Vec::new());
    let attribute = |element: &BytesStart, name: &str| {
        element.try_get_attribute(name).unwrap().map(|a| String::from_utf8(a.value.into_owned()).unwrap())
    };
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break told,
            Event::Start(element) | Event::Empty(element) => {
                let is = |name: &str| element.name().as_ref() == name.as_bytes();
                if is(around) {
                    path = attribute(&element, "name").unwrap();
                } else if is(name) {
                    let number = |key: &str| attribute(&element, key).unwrap().parse().unwrap();
                    let start = (number("line"), number("column"));
                    told.push(Told { path: path.clone(), unit: Unit::Character, start, end: None });
                }
            }
            _ => {}
        }
    }
}

fn rd(diagnostic: &Value) -> Told {
    let place = &diagnostic["location"];
    Told {
        path: place["path"].as_str().unwrap().to_owned(),
        unit: Unit::Utf8,
        start: place_of(&place["range"]["start"], "line", "column"),
        end: Some(place_of(&place["range"]["end"], "line", "column")),
    }
}

/// The line and the column of a byte of the text, in the unit of a form.
fn unit(text: &str, at: usize, unit: Unit) -> (usize, usize) {
    let (line, column, utf16) = place(text, at);
    match unit {
        Unit::Character => (line, column),
        Unit::Utf16 => (line, utf16),
        Unit::Utf8 => {
            let start = text[..at].rfind(['\n', '\r']).map_or(0, |end| end + 1);
            (line, text[start..at].trim_start_matches('\u{FEFF}').len() + 1)
        }
    }
}

fn check(case: &Case, text: &str, encoding: &str, diagnostics: &[&Value]) {
    let name = format!("{} in {encoding}", case.name);
    assert_eq!(diagnostics.len(), 1, "{name}: {diagnostics:#?}");
    assert_eq!(diagnostics[0]["origin"], case.origin, "{name}");
    let range = &diagnostics[0]["range"];
    let number = |end: &str, key: &str| range[end][key].as_u64().unwrap() as usize;
    let start = text.find(case.words).unwrap();
    for (end, at) in [("start", start), ("end", start + case.words.len())] {
        let (line, column, utf16) = place(text, at);
        let byte = byte(text, at, encoding, end == "start");
        assert_eq!(
            (number(end, "byte"), number(end, "line"), number(end, "column"), number(end, "utf16")),
            (byte, line, column, utf16),
            "{name}: {end}"
        );
    }
    for part in diagnostics[0]["parts"].as_array().unwrap() {
        let at = |end: &str| part["range"][end]["byte"].as_u64().unwrap() as usize;
        let (a, b) = (at("start"), at("end"));
        assert!(number("start", "byte") <= a && a < b && b <= number("end", "byte"), "{name}");
    }
}

/// The byte of the file where a character begins, or where the one before it ends.
fn byte(text: &str, at: usize, encoding: &str, begins: bool) -> usize {
    let before = encode(&text[..at], encoding).unwrap();
    if encoding != "iso-2022-jp" {
        return before.len();
    }
    // An escape sequence belongs to neither character; encoding a piece ends with one that the whole lacks.
    let wide = |c: char| !c.is_ascii();
    let last = text[..at].chars().next_back().is_some_and(wide);
    let next = text[at..].chars().next().is_some_and(wide);
    let own = before.len() - if last { 3 } else { 0 };
    if begins && last != next { own + 3 } else { own }
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
