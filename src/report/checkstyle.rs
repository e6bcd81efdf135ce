//! Checkstyle's XML, which Jenkins, reviewdog and many others read. It has no ends and no fixes.

use quick_junit::XmlString;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};

use super::{Report, Style};
use crate::rule::Severity;
use crate::ruleset::Ruleset;

/// All files, those without findings, too; then what could not be evaluated.
pub fn report(report: &Report, rules: &Ruleset, style: Style) -> String {
    let mut page = Page(Writer::new_with_indent(Vec::new(), b' ', 2));
    page.put(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    page.open("checkstyle", &[("version", "4.3")]);
    let findings = report.findings();
    for source in report.sources() {
        page.open("file", &[("name", source.name())]);
        for (_, d) in findings.iter().filter(|(of, _)| std::ptr::eq(*of, source)) {
            let at = source.position(d.span.start);
            let level = match d.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Info => "info",
            };
            let rule = &rules.rule(d.rule).id;
            // It has no place for an address.
            let told = style.lang.pick(
                format!("{}（{}）", d.message, style.page(rule)),
                format!("{} ({})", d.message, style.page(rule)),
            );
            page.error((at.line, at.column), level, &told, rule);
        }
        page.close("file");
    }
    for miss in report.misses(style.lang) {
        page.open("file", &[("name", miss.source)]);
        page.error(miss.at.map_or((1, 1), |at| (at.line, at.column)), "error", &miss.said, "not-evaluated");
        page.close("file");
    }
    page.close("checkstyle");
    String::from_utf8(page.0.into_inner()).expect("text in, text out") + "\n"
}

/// XML being written.
struct Page(Writer<Vec<u8>>);

impl Page {
    fn put(&mut self, event: Event) {
        self.0.write_event(event).expect("memory takes everything");
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.put(Event::Start(element(name, attributes)));
    }

    fn close(&mut self, name: &str) {
        self.put(Event::End(BytesEnd::new(name)));
    }

    fn error(&mut self, (line, column): (usize, usize), severity: &str, message: &str, rule: &str) {
        self.put(Event::Empty(element(
            "error",
            &[
                ("line", &line.to_string()),
                ("column", &column.to_string()),
                ("severity", severity),
                ("message", message),
                ("source", &format!("exo-lint.{rule}")),
            ],
        )));
    }
}

fn element<'a>(name: &'a str, attributes: &[(&str, &str)]) -> BytesStart<'a> {
    let mut element = BytesStart::new(name);
    for (key, value) in attributes {
        // Without characters that no XML may hold.
        element.push_attribute((*key, XmlString::new(value).as_str()));
    }
    element
}
