//! JUnit's XML: a suite for each file, a case for each finding, and one that passes where there is none.

use quick_junit::{NonSuccessKind, Report as Suites, TestCase, TestCaseStatus, TestSuite};

use super::{Report, Style, citation};
use crate::diagnostic::Diagnostic;
use crate::ruleset::Ruleset;
use crate::source::Source;

/// Findings below `style.fail_on` are skipped cases: the run does not fail by them.
pub fn report(report: &Report, rules: &Ruleset, style: Style) -> String {
    let mut suites = Suites::new("exo-lint");
    let findings = report.findings();
    for source in report.sources() {
        let mut suite = TestSuite::new(source.name());
        let own = findings.iter().filter(|(of, _)| std::ptr::eq(*of, source));
        suite.add_test_cases(own.map(|(_, d)| case(source, d, rules, style)));
        if suite.test_cases.is_empty() {
            let name = style.lang.pick("指摘なし", "nothing found");
            let mut case = TestCase::new(name, TestCaseStatus::success());
            case.set_classname(source.name());
            suite.add_test_case(case);
        }
        suites.add_test_suite(suite);
    }
    for miss in report.misses(style.lang) {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(miss.said).set_type("not-evaluated");
        let mut case = TestCase::new("not-evaluated", status);
        case.set_classname(miss.source);
        let mut suite = TestSuite::new(miss.source);
        suite.add_test_case(case);
        suites.add_test_suite(suite);
    }
    suites.to_string().expect("memory takes everything")
}

fn case(source: &Source, d: &Diagnostic, rules: &Ruleset, style: Style) -> TestCase {
    let at = source.position(d.span.start);
    let rule = &rules.rule(d.rule).id;
    let mut status = match style.fail_on.fails(d.severity) {
        true => TestCaseStatus::non_success(NonSuccessKind::Failure),
        false => TestCaseStatus::skipped(),
    };
    status.set_message(&d.message).set_type(d.severity.name());
    let place = format!("{}:{}:{}", source.name(), at.line, at.column);
    status.set_description(
        [&[place, d.message.clone()], citation::advice(d, rules, style).as_slice()].concat().join("\n"),
    );
    let mut case = TestCase::new(format!("{rule} ({}:{})", at.line, at.column), status);
    case.set_classname(source.name());
    case.extra.insert("file".into(), source.name().into());
    for (key, value) in [("line", at.line), ("column", at.column)] {
        case.extra.insert(key.into(), value.to_string().into());
    }
    case
}
