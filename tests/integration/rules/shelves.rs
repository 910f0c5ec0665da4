//! The definitions that ship, judged by every rule: what is found in them has been looked at, and is listed here.

use std::collections::BTreeSet;
use std::path::Path;

use etalon::catalog;
use etalon::diagnostic::{Diagnostics, Severity};
use etalon::load;
use etalon::report::diagnostic::{Style, render};
use etalon::rules::{self, Area, Profile, Side, Subject};
use etalon::value::Date;
use etalon::verify::{How, verify};

use super::base::TODAY;

/// The projects that ship.
const SHIPPED: [&str; 4] =
    ["definitions", "definitions/examples/retailer", "definitions/examples/bank", "templates/starter/definitions"];
/// What deserves a look, has had one and stays: the rule, where it is found, and why it stays.
const REVIEWED: [(&str, &str, &str); 4] = [
    ("personal-dimension", "complaints_per_agent", "it is about single agents, and says what it is not for"),
    ("personal-dimension", "quality_score", "it is about single agents, whose contacts are reviewed"),
    ("unmatured-window", "fcr_7d", "the figure of the study that the example repeats; the reading `mature` waits"),
    ("exclusion-self-approved", "phantom_rows.yaml", "the log's own documentation says so, and has one owner"),
];
/// Matters of taste, of which a library for many has some.
const TASTE: [&str; 12] = [
    "case-too-large",
    "diagnostic-with-target",
    "exclusion-self-approved",
    "guard-guards-nothing",
    "min-sample-missing",
    "near-duplicate-meaning",
    "north-star-without-guardrail",
    "north-star-without-limits",
    "standard-repeated",
    "unbounded-dimension",
    "unlisted-literal",
    "zero-denominator-case-missing",
];

#[test]
fn what_rules_find_in_the_definitions_that_ship_has_been_looked_at() {
    let mut grave = BTreeSet::new();
    for project in SHIPPED {
        let loaded = load::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project));
        let mut diagnostics = Diagnostics::new();
        let catalog = catalog::build(&loaded, &mut diagnostics);
        let how = How { engines: &mut [], wanted: &|_| true, step: &|_| () };
        let verification = verify(&catalog, &loaded.texts, how, &mut diagnostics);
        let judged = (Date::parse(TODAY).expect("a day"), Some(Profile::Strict));
        let alone = Subject::alone(Side::of(&catalog), &loaded.texts, judged);
        let subject = Subject { verification: Some(&verification), ..alone };
        let of_one_version = |area| matches!(area, Area::Validity | Area::Fixtures);
        for finding in rules::judge(&subject).iter().filter(|finding| of_one_version(finding.rule.area)) {
            let diagnostic = &finding.diagnostic;
            let file = &loaded.texts.get(diagnostic.span().text).name;
            let place =
                finding.metric.clone().unwrap_or_else(|| file.rsplit('/').next().unwrap_or_default().to_owned());
            let is_known = match diagnostic.severity {
                Severity::Note => TASTE.contains(&finding.rule.id),
                _ => REVIEWED.iter().any(|(rule, at, _)| (*rule, *at) == (finding.rule.id, place.as_str())),
            };
            assert!(is_known, "{project}:\n{}", render(std::slice::from_ref(diagnostic), &loaded.texts, Style::Plain));
            if diagnostic.severity != Severity::Note {
                grave.insert((finding.rule.id, place));
            }
        }
    }
    assert_eq!(grave.len(), REVIEWED.len(), "everything that was looked at is still found: {grave:?}");
}
