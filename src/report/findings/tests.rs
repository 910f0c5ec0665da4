//! What each form makes of the same few findings.

use serde_json::Value as Json;

use super::*;
use crate::diagnostic::codes;
use crate::rules::{self, Accepted};
use crate::text::{Span, TextId};

const CONTENT: &str = "metric: csat\nfacts:\n  later: {to: 14d}\n";

/// One text, with the place of `14d` in it.
fn texts(name: &str) -> (Texts, TextId, Span) {
    let mut texts = Texts::new();
    let id = texts.add(name, CONTENT);
    let start = CONTENT.find("14d").expect("written above");
    (texts, id, Span::new(id, start, start + 3))
}

fn mistake(severity: Severity, span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(severity, codes::UNKNOWN_VALUE, span, message.to_owned())
}

/// Returns a finding of the rule about windows.
fn finding(severity: Severity, span: Span, fingerprint: &str) -> Finding {
    let rule = rules::find("window-length-changed").expect("a rule of the catalogue");
    let diagnostic = Diagnostic::new(severity, rule.code, span, "the window changes `7d` -> `14d`".to_owned());
    let metric = Some("csat".to_owned());
    Finding {
        rule,
        metric,
        diagnostic: diagnostic.help("Raise the version."),
        edit: None,
        fingerprint: fingerprint.to_owned(),
        accepted: None,
    }
}

fn accepted(mut finding: Finding, texts: &mut Texts) -> Finding {
    let id = texts.add("acceptances/csat.yaml", "accept: 1");
    let (by, reason) = ("metrics-council".to_owned(), "the <old> window & its reason are gone".to_owned());
    finding.accepted = Some(Accepted { by, reason, span: Span::new(id, 0, 6) });
    finding
}

fn report<'a>(texts: &'a Texts, diagnostics: &'a [Diagnostic], findings: &'a [Finding]) -> Report<'a> {
    let found = vec![Found { texts, diagnostics, findings }];
    let (revisions, looked_at) = (Vec::new(), Vec::new());
    Report { command: "check", found, files: 2, revisions, looked_at, fail_on: Severity::Error }
}

fn parsed(text: &str) -> Json {
    serde_json::from_str(text).expect("a JSON document")
}

#[test]
fn an_annotation_escapes_what_would_end_a_property_or_the_line() {
    let (texts, _, span) = texts("a,b:c%.yaml");
    let diagnostics = [mistake(Severity::Error, span, "100 % of a: b,\nc").help("x")];
    assert_eq!(
        github::github(&report(&texts, &diagnostics, &[])),
        "::error file=a%2Cb%3Ac%25.yaml,line=3,col=15,endColumn=18,title=unknown-value::100 %25 of a: b,%0Ac%0Ax\n"
    );
}

#[test]
fn an_annotation_over_several_lines_has_no_columns() {
    let (texts, id, _) = texts("a.yaml");
    let diagnostics = [mistake(Severity::Note, Span::new(id, 0, CONTENT.len()), "m")];
    assert_eq!(
        github::github(&report(&texts, &diagnostics, &[])),
        "::notice file=a.yaml,line=1,endLine=3,title=unknown-value::m\n"
    );
}

#[test]
fn a_step_gets_ten_annotations_of_a_kind_the_worst_first_and_hears_how_many_there_are_besides() {
    let (texts, _, span) = texts("a.yaml");
    let severities = [(12, Severity::Note), (11, Severity::Error), (2, Severity::Warning)];
    let many = severities.into_iter().flat_map(|(count, severity)| std::iter::repeat_n(severity, count));
    let diagnostics: Vec<Diagnostic> = many.map(|severity| mistake(severity, span, "m")).collect();
    let said = github::github(&report(&texts, &diagnostics, &[]));
    let commands: Vec<&str> = said.lines().filter_map(|line| line.split(' ').next()).collect();
    let expected = [vec!["::error"; 10], vec!["::warning"; 2], vec!["::notice"; 10]].concat();
    assert_eq!(commands, expected);
    // 11 errors and 12 notices, of which 10 and 9 are shown: the last notice is this line.
    assert!(
        said.ends_with("::notice title=etalon::4 more findings in the report; a step shows 10 of a kind\n"),
        "{said}"
    );
}

#[test]
fn ten_of_each_kind_are_shown_without_a_further_line() {
    let (texts, _, span) = texts("a.yaml");
    let all = [Severity::Error, Severity::Warning, Severity::Note];
    let diagnostics: Vec<Diagnostic> =
        all.into_iter().flat_map(|severity| std::iter::repeat_n(mistake(severity, span, "m"), 10)).collect();
    let said = github::github(&report(&texts, &diagnostics, &[]));
    assert!(said.lines().count() == 30 && !said.contains("more finding"), "{said}");
}

#[test]
fn a_breaking_error_is_worse_than_another_and_every_issue_has_a_fingerprint_of_its_own() {
    let (texts, _, span) = texts("a.yaml");
    let diagnostics = [mistake(Severity::Error, span, "m"), mistake(Severity::Error, span, "m")];
    let findings = [
        finding(Severity::Error, span, "26256b1b4166"),
        finding(Severity::Warning, span, "26256b1b4166"),
        finding(Severity::Note, span, "0b4dba037d75"),
    ];
    let issues = parsed(&gitlab::gitlab(&report(&texts, &diagnostics, &findings)));
    let issues = issues.as_array().expect("a list");
    let severities: Vec<&str> = issues.iter().filter_map(|issue| issue["severity"].as_str()).collect();
    assert_eq!(severities, ["critical", "critical", "blocker", "major", "info"]);
    assert_eq!(issues[2]["fingerprint"], "26256b1b4166");
    assert_eq!(issues[3]["fingerprint"], "26256b1b4166-2");
    let distinct: std::collections::BTreeSet<String> = issues.iter().map(|it| it["fingerprint"].to_string()).collect();
    assert_eq!(distinct.len(), issues.len());
    assert_eq!(issues[2]["location"], serde_json::json!({ "path": "a.yaml", "lines": { "begin": 3 } }));
}

#[test]
fn what_was_accepted_is_suppressed_with_its_reason_and_troubles_nobody_elsewhere() {
    let (mut texts, _, span) = texts("a.yaml");
    let findings = [accepted(finding(Severity::Error, span, "26256b1b4166"), &mut texts)];
    let report = report(&texts, &[], &findings);
    assert!(!report.is_stopped());
    let sarif = parsed(&sarif::sarif(&report));
    assert_eq!(
        sarif["runs"][0]["results"][0]["suppressions"],
        serde_json::json!([{
            "kind": "external",
            "status": "accepted",
            "justification": "the <old> window & its reason are gone (metrics-council)",
        }])
    );
    assert_eq!(github::github(&report), "");
    assert_eq!(parsed(&gitlab::gitlab(&report)), serde_json::json!([]));
    let junit = junit::junit(&report);
    let skipped =
        "<skipped message=\"accepted by metrics-council: the &lt;old&gt; window &amp; its reason are gone\"/>";
    assert!(junit.contains(skipped) && junit.contains("failures=\"0\" errors=\"0\" skipped=\"1\""), "{junit}");
    assert!(markdown::markdown(&report).contains("no errors, 1 accepted in 2 files"));
    assert_eq!(parsed(&json::json(&report))["findings"][0]["accepted"]["by"], "metrics-council");
}

#[test]
fn what_does_not_stop_is_a_remark_in_a_green_test() {
    let (texts, _, span) = texts("a.yaml");
    let findings = [finding(Severity::Warning, span, "26256b1b4166")];
    let mut report = report(&texts, &[], &findings);
    let looked = |metric: Option<&str>, name: &str| Looked {
        metric: metric.map(str::to_owned),
        name: name.to_owned(),
        file: Some(name.to_owned()),
    };
    report.looked_at = vec![looked(Some("csat"), "a.yaml"), looked(None, "etalon.yaml")];
    let expected = "\
<?xml version=\"1.0\" encoding=\"UTF-8\"?>
<testsuites name=\"etalon\" tests=\"3\" failures=\"0\" errors=\"0\" skipped=\"0\">
  <testsuite name=\"csat\" tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"0\">
    <testcase classname=\"csat\" name=\"window-length-changed\" file=\"a.yaml\">
      <system-out>warning[window-length-changed]: the window changes `7d` -&gt; `14d`
  at a.yaml:3:15
  help: Raise the version.</system-out>
    </testcase>
    <testcase classname=\"csat\" name=\"a.yaml\" file=\"a.yaml\"/>
  </testsuite>
  <testsuite name=\"project\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">
    <testcase classname=\"project\" name=\"etalon.yaml\" file=\"etalon.yaml\"/>
  </testsuite>
</testsuites>
";
    assert_eq!(junit::junit(&report), expected);
    // Where a warning stops, the same finding is a failure, and the file is not well.
    report.fail_on = Severity::Warning;
    let junit = junit::junit(&report);
    assert!(report.is_stopped() && junit.contains("<failure type=\"window-length-changed\""), "{junit}");
    assert!(!junit.contains("name=\"a.yaml\""), "{junit}");
}

#[test]
fn a_mistake_in_a_file_of_a_metric_stands_in_the_suite_of_the_metric() {
    let (texts, _, span) = texts("a.yaml");
    let diagnostics = [mistake(Severity::Error, span, "m"), mistake(Severity::Error, span, "n")];
    let mut report = report(&texts, &diagnostics, &[]);
    report.looked_at =
        vec![Looked { metric: Some("csat".to_owned()), name: "a.yaml".to_owned(), file: Some("a.yaml".to_owned()) }];
    let junit = junit::junit(&report);
    assert!(junit.contains("<testsuite name=\"csat\" tests=\"1\" failures=\"1\""), "{junit}");
    assert!(junit.contains("<failure type=\"unknown-value\" message=\"m (2 findings)\">"), "{junit}");
}

#[test]
fn a_long_list_is_cut_and_counted() {
    let (texts, _, span) = texts("a|b.yaml");
    let diagnostics = vec![mistake(Severity::Error, span, "`x|y` is <wrong>"); 27];
    let said = markdown::markdown(&report(&texts, &diagnostics, &[]));
    assert!(said.starts_with("<!-- etalon-check -->\n### etalon check: 27 errors in 2 files\n\n| | rule |"), "{said}");
    let row = "| error | `unknown-value` | `a\\|b.yaml:3` | `x\\|y` is &lt;wrong&gt; |\n";
    assert_eq!(said.matches(row).count(), 25, "{said}");
    assert!(said.ends_with("\nand 2 more findings\n"), "{said}");
}

#[test]
fn the_fingerprint_of_a_mistake_outlives_lines_that_move() {
    let fingerprint = |content: &str| {
        let mut texts = Texts::new();
        let id = texts.add("a.yaml", content);
        let start = content.find("14d").expect("a place");
        let diagnostics = [mistake(Severity::Error, Span::new(id, start, start + 3), "m")];
        report(&texts, &diagnostics, &[]).entries()[0].fingerprint.clone()
    };
    assert_eq!(fingerprint("to: 14d"), fingerprint("\n\n# a comment\nto:   14d"));
    assert_eq!(fingerprint("to: 14d").len(), 12);
}

#[test]
fn the_name_of_a_revision_is_no_part_of_a_path() {
    let (texts, _, span) = texts("main:metrics/csat/v1.yaml");
    let diagnostics = [mistake(Severity::Error, span, "m").also(span, "before")];
    let mut report = report(&texts, &diagnostics, &[]);
    report.revisions = vec!["main"];
    let result = parsed(&sarif::sarif(&report))["runs"][0]["results"][0].clone();
    let uri = |location: &Json| location["physicalLocation"]["artifactLocation"]["uri"].clone();
    assert_eq!(uri(&result["locations"][0]), "metrics/csat/v1.yaml");
    assert_eq!(result["relatedLocations"][0]["message"]["text"], "before (in main)");
    assert_eq!(parsed(&json::json(&report))["findings"][0]["places"][0]["revision"], "main");
}
