//! Whole changes: what stops them, and what does not.

use std::collections::BTreeSet;

use etalon::diagnostic::Severity;

use super::{Judged, judged, line, pairs};

fn pair(name: &str) -> Judged {
    let pair = pairs().into_iter().find(|pair| pair.name == name).expect("there is such a pair");
    judged(&pair.side(&pair.old), &pair.side(&pair.new))
}

/// Returns the errors, each with its rule and metric.
fn errors(judged: &Judged) -> Vec<String> {
    let errors = judged.findings.iter().filter(|finding| finding.diagnostic.severity == Severity::Error);
    errors.map(|finding| format!("{} {}", finding.rule.id, finding.metric.as_deref().unwrap_or("-"))).collect()
}

fn shown(judged: &Judged) -> String {
    judged.findings.iter().map(|finding| line(finding, &judged.texts) + "\n").collect()
}

#[test]
fn nothing_stops_a_new_version_with_its_record_decision_signatures_and_lock() {
    for name in ["new_version_done_right", "new_version_in_one_change"] {
        let judged = pair(name);
        assert_eq!(errors(&judged), [""; 0], "{name}\n{}", shown(&judged));
    }
}

#[test]
fn without_signatures_a_new_version_is_stopped_by_each_role_that_is_missing_and_by_nothing_else() {
    let judged = pair("new_version_with_everything_but_approval");
    assert_eq!(errors(&judged), ["approval-missing repeat_contacts"; 2], "{}", shown(&judged));
    let missing = judged.findings.iter().filter(|finding| finding.rule.id == "approval-missing");
    let told: Vec<(&str, &str)> = missing
        .map(|finding| (finding.diagnostic.message.as_str(), finding.diagnostic.help.as_deref().unwrap_or_default()))
        .collect();
    let owner = (
        "`repeat_contacts@2.0.0` lacks the signature of `owner` for a breaking change",
        "anna could sign: `etalon approve repeat_contacts@2.0.0 --as anna --role owner` writes it into \
         `approvals/repeat_contacts-2.0.0.yaml`",
    );
    let council = (
        "`repeat_contacts@2.0.0` lacks 2 of 2 signatures of `metrics-council` for a breaking change",
        "cleo, dora, emil could sign: `etalon approve repeat_contacts@2.0.0 --as cleo --role metrics-council` writes it \
         into `approvals/repeat_contacts-2.0.0.yaml`",
    );
    assert_eq!(told, [council, owner]);
}

#[test]
fn a_released_version_that_is_edited_in_place_is_stopped_as_such() {
    let judged = pair("released_version_mutated");
    let found = errors(&judged);
    assert!(found.contains(&"released-version-mutated first_contact_resolution".to_owned()), "{}", shown(&judged));
}

#[test]
fn a_shared_exclusion_that_is_edited_is_found_at_every_released_metric_that_it_reaches() {
    let judged = pair("shared_exclusion_edited");
    let mutated: BTreeSet<&str> = judged
        .findings
        .iter()
        .filter(|finding| finding.rule.id == "released-version-mutated")
        .filter_map(|finding| finding.metric.as_deref())
        .collect();
    let users = [
        "backlog",
        "contacts_received",
        "first_contact_resolution",
        "handle_time",
        "orders_after_contact",
        "repeat_contacts",
        "reply_time",
        "service_level",
        "solved_share",
    ];
    assert_eq!(mutated, BTreeSet::from(users), "{}", shown(&judged));
    let first = judged.findings.iter().find(|finding| finding.rule.id == "released-version-mutated").expect("found");
    let help = first.diagnostic.help.as_deref().unwrap_or_default();
    assert!(help.contains("`use: test_traffic@1.0.0`"), "{help}");
    let places: Vec<&str> =
        first.diagnostic.labels.iter().map(|label| judged.texts.get(label.span.text).name.as_str()).collect();
    assert!(places.contains(&"new/standards/test_traffic.yaml"), "{places:?}");
}

#[test]
fn a_shared_part_in_a_new_version_moves_nothing_that_is_pinned_to_the_old_one() {
    let judged = pair("shared_rule_in_a_new_version");
    assert_eq!(errors(&judged), [""; 0], "{}", shown(&judged));
}
