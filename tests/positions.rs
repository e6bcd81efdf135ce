//! One table for positions: whatever stands before a claim on its line, in whatever spelling, markup
//! and encoding, the JSON points to its bytes in the file, its line, its column in characters and in
//! UTF-16.

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
        // A short text can look like another encoding: it is named.
        let output = Command::new(env!("CARGO_BIN_EXE_exo-lint"))
            .args(["--format", "json", "--category", "cosmetics", "--encoding", encoding])
            .args(written.iter().map(|(.., path)| path))
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(json["files"].as_array().unwrap().iter().all(|f| f["encoding"] == encoding), "{encoding}");
        for (case, text, path) in written {
            let path = path.to_string_lossy();
            let own = json["diagnostics"].as_array().unwrap().iter().filter(|d| d["path"] == *path);
            check(case, &text, encoding, &own.collect::<Vec<_>>());
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
