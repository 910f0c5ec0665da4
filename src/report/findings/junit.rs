//! Findings as test results in the form of JUnit, which most build servers show.
//!
//! A suite is a metric, or the project; a test is a rule that has found something, or a thing that is well.

use std::collections::BTreeMap;

use super::{Entry, Looked, Report};
use crate::report::neutral;
use crate::report::xml::{attribute, text};

/// The suite of what belongs to no metric.
const PROJECT: &str = "project";

/// One suite.
#[derive(Debug, Default)]
pub(in crate::report) struct Suite {
    /// The metric, or `project`.
    pub(in crate::report) name: String,
    /// Its tests.
    pub(in crate::report) tests: Vec<Test>,
}

/// One test.
#[derive(Debug, Clone)]
pub(in crate::report) struct Test {
    /// The rule that has found something, or what was looked at.
    pub(in crate::report) name: String,
    /// The file it is about.
    pub(in crate::report) file: Option<String>,
    /// How it ended.
    pub(in crate::report) end: End,
}

/// How a test ended.
#[derive(Debug, Clone)]
pub(in crate::report) enum End {
    /// All is well.
    Passed,
    /// Something was found that stops nobody.
    Remarked(String),
    /// What was found has been accepted.
    Accepted(String),
    /// Something was found: its summary, and all of it.
    Failed(String, String),
}

/// Writes the findings.
pub fn junit(report: &Report<'_>) -> String {
    write(&suites(report))
}

fn suites(report: &Report<'_>) -> Vec<Suite> {
    let entries = report.entries();
    let suite_of = |entry: &Entry<'_>| -> String {
        let by_file = || report.looked_at.iter().find(|looked| looked.file.as_deref() == Some(entry.place().file));
        let metric = entry.metric().or_else(|| by_file()?.metric.as_deref());
        metric.unwrap_or(PROJECT).to_owned()
    };
    let mut suites: BTreeMap<String, Vec<Test>> = BTreeMap::new();
    let mut grouped: BTreeMap<(String, &'static str), Vec<&Entry<'_>>> = BTreeMap::new();
    for entry in &entries {
        grouped.entry((suite_of(entry), entry.diagnostic.code.id)).or_default().push(entry);
    }
    for ((suite, code), found) in grouped {
        suites.entry(suite).or_default().extend(tests(report, code, &found));
    }
    for looked in &report.looked_at {
        let name = looked.metric.as_deref().unwrap_or(PROJECT);
        let is_of = |entry: &&Entry<'_>| match &looked.file {
            Some(file) => entry.place().file == file,
            None => suite_of(entry) == name,
        };
        if !entries.iter().filter(is_of).any(|entry| report.stops(entry)) {
            suites.entry(name.to_owned()).or_default().push(passed(looked));
        }
    }
    suites.into_iter().map(|(name, tests)| Suite { name, tests }).collect()
}

fn passed(looked: &Looked) -> Test {
    Test { name: looked.name.clone(), file: looked.file.clone(), end: End::Passed }
}

/// Returns the tests of one rule in one suite: what stops, what does not, and what was accepted.
fn tests(report: &Report<'_>, code: &str, found: &[&Entry<'_>]) -> Vec<Test> {
    let test = |entries: Vec<&&Entry<'_>>, end: &dyn Fn(String, String) -> End| {
        let first = entries.first()?;
        let summary = match entries.len() {
            1 => first.diagnostic.message.clone(),
            count => format!("{} ({count} findings)", first.diagnostic.message),
        };
        let told: Vec<String> = entries.iter().map(|entry| told(entry)).collect();
        let file = Some(first.place().file.to_owned());
        Some(Test { name: code.to_owned(), file, end: end(summary, told.join("\n\n")) })
    };
    let (accepted, open): (Vec<&&Entry<'_>>, Vec<_>) = found.iter().partition(|entry| entry.accepted().is_some());
    let (stopping, rest) = open.into_iter().partition(|entry| report.stops(entry));
    let reason = accepted.first().and_then(|entry| entry.accepted());
    let reason = reason.map(|it| format!("accepted by {}: {}", it.by, it.reason)).unwrap_or_default();
    let tests = [
        test(stopping, &End::Failed),
        test(rest, &|_, told| End::Remarked(told)),
        test(accepted, &|_, _| End::Accepted(reason.clone())),
    ];
    tests.into_iter().flatten().collect()
}

/// Writes a finding in plain words.
fn told(entry: &Entry<'_>) -> String {
    let diagnostic = entry.diagnostic;
    let (severity, code) = (diagnostic.severity.name(), diagnostic.code.id);
    let mut text = format!("{severity}[{code}]: {}", diagnostic.message);
    for (index, place) in entry.places.iter().enumerate() {
        let lead = if index == 0 { "at " } else { "" };
        let remark = if place.label.text.is_empty() { String::new() } else { format!(": {}", place.label.text) };
        let at = format!("{}:{}:{}", place.file, place.region.line, place.region.column);
        text.push_str(&format!("\n  {lead}{at}{remark}"));
    }
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("\n  help: {help}"));
    }
    text
}

/// Writes suites as a document.
pub(in crate::report) fn write(suites: &[Suite]) -> String {
    let tests = || suites.iter().flat_map(|suite| &suite.tests);
    let mut document = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    document.push_str(&format!("<testsuites name=\"etalon\" {}>\n", counts(tests())));
    for suite in suites {
        let name = attribute(&suite.name);
        document.push_str(&format!("  <testsuite name=\"{name}\" {}>\n", counts(suite.tests.iter())));
        suite.tests.iter().for_each(|test| document.push_str(&written(&name, test)));
        document.push_str("  </testsuite>\n");
    }
    document + "</testsuites>\n"
}

fn counts<'a>(tests: impl Iterator<Item = &'a Test> + Clone) -> String {
    let failed = tests.clone().filter(|test| matches!(test.end, End::Failed(..))).count();
    let skipped = tests.clone().filter(|test| matches!(test.end, End::Accepted(_))).count();
    format!("tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\"", tests.count())
}

fn written(suite: &str, test: &Test) -> String {
    let file = test.file.as_ref().map(|file| format!(" file=\"{}\"", attribute(file))).unwrap_or_default();
    let head = format!("    <testcase classname=\"{suite}\" name=\"{}\"{file}", attribute(&test.name));
    let inner = match &test.end {
        End::Passed => return format!("{head}/>\n"),
        End::Remarked(told) => format!("<system-out>{}</system-out>", body(told)),
        End::Accepted(reason) => format!("<skipped message=\"{}\"/>", attribute(reason)),
        End::Failed(summary, told) => {
            let (kind, summary) = (attribute(&test.name), attribute(summary));
            format!("<failure type=\"{kind}\" message=\"{summary}\">{}</failure>", body(told))
        }
    };
    format!("{head}>\n      {inner}\n    </testcase>\n")
}

fn body(told: &str) -> String {
    text(&neutral::lines(told))
}
