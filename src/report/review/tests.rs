//! What a review lays out, on one small change of the starter project.

use std::path::PathBuf;

use super::*;
use crate::catalog::{Catalog, build};
use crate::definition::RoleNeed;
use crate::diagnostic::Diagnostics;
use crate::diff::Scope;
use crate::load::{Loaded, LoadedFile};
use crate::report::diagnostic::Style;
use crate::review::review;
use crate::sides::{Place, Side, Sides};
use crate::signing::{RoleState, Signed, Standing};
use crate::text::Texts;
use crate::value::Date;

const METRIC: &str = include_str!("../../../templates/starter/definitions/metrics/first_contact_resolution/v1.yaml");
const SOURCE: &str = include_str!("../../../templates/starter/definitions/sources/contacts.yaml");
const STANDARD: &str = include_str!("../../../templates/starter/definitions/standards/bot_contacts.yaml");
const PROJECT: &str = include_str!("../../../templates/starter/definitions/etalon.yaml");

/// Returns the texts of one side, each changed by the edits that fit it.
fn side(texts: &mut Texts, name: &str, edits: &[(&str, &str)]) -> Vec<LoadedFile> {
    let files = [("metric", METRIC), ("source", SOURCE), ("standard", STANDARD), ("project", PROJECT)];
    let mut loaded = Vec::new();
    for (file, original) in files {
        let mut text = original.to_owned();
        for (old, new) in edits {
            text = text.replace(old, new);
        }
        loaded.push(LoadedFile { id: texts.add(format!("{name}/{file}.yaml"), text), path: None, project: None });
    }
    loaded
}

/// Reviews the starter project, released, with edits.
fn reviewed(edits: &[(&str, &str)]) -> Review {
    let released = ("status: draft", "status: released");
    let mut texts = Texts::new();
    let old = side(&mut texts, "old", &[released]);
    let new = side(&mut texts, "new", &[&[released], edits].concat());
    let build = |files| {
        let loaded = Loaded { texts: texts.clone(), files, ..Loaded::default() };
        let mut diagnostics = Diagnostics::new();
        let catalog = build(&loaded, &mut diagnostics);
        assert!(!diagnostics.has_errors(), "{:?}", diagnostics.into_sorted());
        catalog
    };
    let (old, new) = (build(old), build(new));
    let side = |label: &str, catalog: Catalog| Side {
        label: label.to_owned(),
        catalog,
        findings: Vec::new(),
        // Nothing lies beside definitions in memory.
        place: Place::Disk(PathBuf::from("src/report/review/nowhere")),
        authors: Vec::new(),
    };
    let sides = Sides { old: side("old", old), new: side("new", new), texts, versions: None, reached: Scope::Every };
    let today = Date::parse("2026-06-01").expect("a day");
    let mut review = review(sides, &Scope::Every, (today, None)).expect("everything is in memory");
    // What the starter project lacks by itself is not the matter here.
    review.findings.retain(|finding| finding.edit.is_some());
    review
}

fn page<'a>(review: &'a Review, known: &'a [Known]) -> Page<'a> {
    Page { review, known, revisions: &[], fail_on: Severity::Error }
}

/// Everything that other layers may know of a longer window.
fn known(finding: &str) -> Known {
    let text = |text: &str| text.to_owned();
    Known {
        witnesses: vec![Witness::Found {
            finding: Some(finding.to_owned()),
            sentence: text("a customer who comes back on day 9: resolved before, not resolved now"),
            tables: vec![Grid {
                name: text("contacts"),
                columns: vec![text("contact_id"), text("closed_at")],
                rows: vec![vec![text("k1"), text("2026-02-02 10:00")], vec![text("k2"), text("2026-02-11 10:00")]],
            }],
            old: text("1 / 1 = 100.0 %"),
            new: text("0 / 1 = 0.0 %"),
        }],
        price: Some(Price {
            of: text("fixtures"),
            old: text("84.6 %"),
            new: text("76.9 %"),
            moves: vec![Move { what: text("window"), by: text("-7.7") }],
        }),
        reaches: vec![text("support_score (62.1 -> 61.0)")],
    }
}

/// Lets two roles have to sign: one has, of the other somebody signed another meaning.
fn signed(mut review: Review) -> Review {
    let state = |role: &str, at_least: usize, by: &str, standing: Standing| RoleState {
        need: RoleNeed { role: role.to_owned(), at_least },
        people: vec![by.to_owned()],
        signed: vec![Signed { by: by.to_owned(), standing }],
    };
    let metric = &mut review.metrics[0];
    metric.data = Some("9f2c61ab".to_owned());
    metric.signatures =
        vec![state("owner", 1, "ann", Standing::Counts), state("metrics-council", 2, "bob", Standing::Stale)];
    review
}

#[test]
fn whatever_is_known_of_a_change_stands_where_it_belongs() {
    let review = signed(reviewed(&[("to: 7d", "to: 14d")]));
    let is_window = |finding: &&crate::rules::Finding| finding.rule.id == "window-length-changed";
    let fingerprint = &review.findings.iter().find(is_window).expect("it is found").fingerprint;
    let known = [known(fingerprint)];
    let said = human(page(&review, &known), Style::Plain);
    let finding = format!(
        "  error[window-length-changed]  new/metric.yaml:34:47   widened   structural   {fingerprint}
      facts.later_contact.window.to   7d -> 14d
      witness  a customer who comes back on day 9: resolved before, not resolved now
               contacts
                 contact_id   closed_at
                 k1           2026-02-02 10:00
                 k2           2026-02-11 10:00
               old: 1 / 1 = 100.0 %   new: 0 / 1 = 0.0 %
"
    );
    assert!(said.contains(&finding), "{said}");
    let around = "
  price on fixtures  84.6 % -> 76.9 %   window -7.7
  reaches  support_score (62.1 -> 61.0)
  needs signatures on 9f2c61ab: owner, 2 of metrics-council has: owner (ann) does not count: bob
                   (signed another meaning)

1 metric differs and needs a major version
first_contact_resolution declares too small a version
";
    assert!(said.contains(around), "{said}");
}

#[test]
fn a_comment_has_the_verdict_first_and_the_evidence_below() {
    let review = signed(reviewed(&[("to: 7d", "to: 14d")]));
    let is_window = |finding: &&crate::rules::Finding| finding.rule.id == "window-length-changed";
    let fingerprint = &review.findings.iter().find(is_window).expect("it is found").fingerprint;
    let known = [known(fingerprint)];
    let said = markdown(page(&review, &known));
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], MARKER);
    assert!(lines[1].starts_with("### etalon: ") && lines[1].ends_with(" this change"), "{said}");
    assert!(
        lines[3]
            .starts_with("1 metric differs and needs a major version. first\\_contact\\_resolution declares too small")
    );
    let finding = format!(
        "- **error** `window-length-changed`: `facts.later_contact.window.to` `7d` -> `14d`, widened, structural<br><sub>`new/metric.yaml:34`, finding `{fingerprint}`</sub>

  **Witness** a customer who comes back on day 9: resolved before, not resolved now

  `contacts`

  | contact\\_id | closed\\_at |
  |:--|:--|
  | k1 | 2026-02-02 10:00 |
  | k2 | 2026-02-11 10:00 |

  old: 1 / 1 = 100.0 %, new: **0 / 1 = 0.0 %**
"
    );
    assert!(said.contains(&finding), "{said}");
    let around = "
**Price** on fixtures: 84.6 % -> **76.9 %** (window -7.7)

**Reaches** support\\_score (62.1 -&gt; 61.0)

**Signatures** on `9f2c61ab`: needs owner, 2 of metrics-council; has owner (ann); does not count: bob (signed another meaning)
";
    assert!(said.contains(around), "{said}");
}

#[test]
fn a_search_that_found_nothing_says_how_far_it_went() {
    let review = reviewed(&[("to: 7d", "to: 14d")]);
    let known = [Known { witnesses: vec![Witness::EqualUpTo { finding: None, rows: 3 }], ..Known::default() }];
    let said = human(page(&review, &known), Style::Plain);
    assert!(said.contains("\n  witness  none: equal over every table tried, up to 3 rows\n"), "{said}");
}

#[test]
fn what_means_the_same_is_said_to_be_proven() {
    let review = reviewed(&[("where: actor = 'human'", "where: actor <> 'bot'")]);
    let said = human(page(&review, &[]), Style::Plain);
    assert!(said.contains("  same number over every table: proven\n"), "{said}");
    assert!(said.contains("same number   proven"), "{said}");
    assert!(said.contains("every number stays the same\n"), "{said}");
    assert!(said.contains("nothing stops this change"), "{said}");
}

#[test]
fn a_review_without_differences_is_one_sentence() {
    let review = reviewed(&[]);
    let said = human(page(&review, &[]), Style::Plain);
    assert_eq!(said, "nothing differs in meaning\nnothing stops this change\n");
    assert_eq!(
        markdown(page(&review, &[])).lines().take(4).collect::<Vec<_>>(),
        [MARKER, "### etalon: nothing stops this change", "", "nothing differs in meaning."]
    );
}

#[test]
fn long_values_are_shown_as_the_lines_that_differ() {
    let statement = "statement: Share of contacts after which the same customer did not come back within 7 days.";
    let review = reviewed(&[(statement, &statement.replace("7 days", "8 days"))]);
    let said = human(page(&review, &[]), Style::Plain);
    let lines = format!("\n      - {statement}\n      + {}\n", statement.replace("7 days", "8 days"));
    assert!(said.contains(&lines), "{said}");
}

#[test]
fn colours_come_only_where_they_are_wanted_and_never_from_a_file() {
    let review = reviewed(&[("to: 7d", "to: 14d"), ("title: First", "title: \u{202e}First")]);
    assert!(!human(page(&review, &[]), Style::Plain).contains(['\u{1b}', '\u{202e}']));
    let coloured = human(page(&review, &[]), Style::Coloured);
    assert!(coloured.contains("\u{1b}[") && !coloured.contains('\u{202e}'), "{coloured:?}");
}

#[test]
fn the_severity_that_stops_decides_the_verdict() {
    let review = reviewed(&[("title: First-contact resolution", "title: Resolved at once")]);
    let strict = Page { fail_on: Severity::Note, ..page(&review, &[]) };
    assert!(human(page(&review, &[]), Style::Plain).contains("nothing stops this change; besides: 1 warning"));
    assert!(human(strict, Style::Plain).contains("1 warning stops this change\n"));
}

/// Returns a review in which one finding was made so many times, each with a fingerprint of its own.
fn repeated(times: usize) -> Review {
    let mut review = reviewed(&[("to: 7d", "to: 14d")]);
    let one = review.findings.first().expect("a finding").clone();
    let numbered = |number: usize| {
        let mut finding = one.clone();
        finding.edit = None;
        finding.fingerprint = format!("{number:012x}");
        finding
    };
    review.findings = (0..times).map(numbered).collect();
    review
}

#[test]
fn a_comment_shows_five_findings_folds_fifteen_and_counts_the_rest() {
    let said = markdown(page(&repeated(33), &[]));
    let shown = |text: &str| text.matches("- **error** `").count();
    let (open, folded) = said.split_once("<details><summary>and 28 more</summary>\n\n- ").expect("folded");
    assert_eq!((shown(open), shown(folded) + 1), (5, 15), "{said}");
    assert!(said.contains("\nand 13 besides\n\n</details>\n"), "{said}");
    assert!(said.starts_with("<!-- etalon-diff -->\n### etalon: 33 errors stop this change\n"), "{said}");
}

#[test]
fn one_finding_more_than_the_limit_is_shown_rather_than_counted() {
    let said = markdown(page(&repeated(6), &[]));
    assert!(said.matches("- **error** `").count() == 6 && !said.contains("<details>"), "{said}");
}

#[test]
fn many_lines_are_cut_and_counted() {
    let exclusions: String =
        (0..5).map(|it| format!("  - id: e{it}\n    where: channel = 'chat'\n    reason: r\n")).collect();
    let old: Vec<&str> = exclusions.lines().collect();
    // Fifteen lines that are new: twelve are shown.
    let lines = changed::lines("", &exclusions, changed::MOST);
    let changed::Changed::Lines(shown, hidden) = lines else { panic!("lines") };
    assert_eq!((old.len(), shown.len(), hidden), (15, 12, 3));
    assert!(shown.iter().all(|(sign, _)| *sign == '+'));
}
