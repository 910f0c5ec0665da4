//! Every clause of every metric, standard and derived column: broken, it is refused or fails a case that rests on it.

use super::SHIPPED;
use super::judge::{Outcome, judge};
use super::project::Project;

const KNOWN: &str = "the clock runs to the moment of knowledge, and a row that is dated later is not known";
const LATER: &str = "what stops the clock is looked for from its start on";
const FIRST: &str = "a contact with another one in the second before it is left out";

/// Changes that give the same number for every table that the sources allow: file, change, reason.
const EQUIVALENT: [(&str, &str, &str); 14] = [
    ("definitions/metrics/agent_wait_time/v1.yaml", "facts.waited.clock.stop_before_start zero -> negative", KNOWN),
    (
        "definitions/metrics/agent_wait_time/v1.yaml",
        "variants.business_time.facts.waited.clock.stop_before_start zero -> negative",
        KNOWN,
    ),
    ("definitions/metrics/agent_work_time/v1.yaml", "facts.waited.clock.stop_before_start zero -> negative", KNOWN),
    (
        "definitions/metrics/agent_work_time/v1.yaml",
        "variants.business_time.facts.waited.clock.stop_before_start zero -> negative",
        KNOWN,
    ),
    ("definitions/metrics/on_hold_time/v1.yaml", "facts.waited.clock.stop_before_start zero -> negative", KNOWN),
    (
        "definitions/metrics/on_hold_time/v1.yaml",
        "variants.business_time.facts.waited.clock.stop_before_start zero -> negative",
        KNOWN,
    ),
    ("definitions/metrics/requester_wait_time/v1.yaml", "facts.waited.clock.stop_before_start zero -> negative", KNOWN),
    (
        "definitions/metrics/requester_wait_time/v1.yaml",
        "variants.business_time.facts.waited.clock.stop_before_start zero -> negative",
        KNOWN,
    ),
    (
        "definitions/metrics/overdue_share_of_backlog/v1.yaml",
        "facts.taken.clock.stop_before_start zero -> negative",
        KNOWN,
    ),
    (
        "definitions/metrics/overdue_share_of_backlog/v1.yaml",
        "variants.wall_clock.facts.taken.clock.stop_before_start zero -> negative",
        KNOWN,
    ),
    (
        "definitions/metrics/next_reply_time/v1.yaml",
        "variants.business_time.facts.taken.clock.stop_before_start unknown -> zero",
        LATER,
    ),
    (
        "definitions/metrics/next_reply_time/v1.yaml",
        "variants.business_time.facts.taken.clock.stop_before_start unknown -> negative",
        LATER,
    ),
    (
        "definitions/metrics/contacts_to_resolve/v1.yaml",
        "variants.from_the_contact_log.facts.further_contacts.window.from 0s -> -1s",
        FIRST,
    ),
    (
        "definitions/metrics/fcr_no_repeat/v1.yaml",
        "variants.first_of_chain.facts.later_contact.window.from 0s -> -1s",
        FIRST,
    ),
];

/// Tells whether a change is known to give the same number over every table.
pub(crate) fn is_equivalent(place: &str, what: &str) -> bool {
    EQUIVALENT.iter().any(|(file, change, _)| place.starts_with(&format!("{file}:")) && what == *change)
}

#[test]
fn every_broken_clause_is_refused_or_fails_a_case() {
    let (mut changes, mut unsound) = (Vec::new(), Vec::new());
    for project in SHIPPED {
        let judgement = judge(&Project::read(project));
        changes.extend(judgement.outcomes);
        unsound.extend(judgement.unsound);
    }
    let unnoticed: Vec<&Outcome> = changes.iter().filter(|outcome| !outcome.is_noticed).collect();
    let survivors = unnoticed.iter().filter(|outcome| !is_equivalent(&outcome.place, &outcome.what));
    let mut told: Vec<String> = survivors
        .map(|outcome| format!("{}: {} (held: {})", outcome.place, outcome.what, outcome.tried.join(", ")))
        .collect();
    told.extend(unsound);
    assert!(told.is_empty(), "{} of {}:\n{}", told.len(), changes.len(), told.join("\n"));
    assert_eq!(unnoticed.len(), EQUIVALENT.len(), "every change said to be equivalent is tried and survives");
    assert!(changes.len() > 1_000, "{}", changes.len());
}
