//! Claims about which version is held against which, and what is told of those that come and go.

use super::*;
use crate::plan::Body;

/// Returns the starter's metric under another name, with this version, status and window.
fn metric(id: &str, version: &str, status: &str, window: &str) -> String {
    METRIC
        .replace("metric: first_contact_resolution", &format!("metric: {id}"))
        .replace("version: 1.0.0\nstatus: draft", &format!("version: {version}\nstatus: {status}"))
        .replace("to: 7d", &format!("to: {window}"))
}

/// Returns the difference of two projects with these metrics.
fn between_metrics(scope: &Scope, old: &[String], new: &[String]) -> (Diff, Texts) {
    let mut texts = Texts::new();
    let with = |metrics: &[String]| -> Vec<String> {
        let shared = [SOURCE, STANDARD, PROJECT].map(str::to_owned);
        metrics.iter().cloned().chain(shared).collect()
    };
    let (old, new) = (files(&mut texts, "old", &with(old)), files(&mut texts, "new", &with(new)));
    (compare(&built(old, &texts), &built(new, &texts), &texts, scope), texts)
}

/// Returns what is held against what, and what came of it.
fn held(old: &[String], new: &[String]) -> Vec<String> {
    let version = |version: Option<Version>| version.map_or("none".to_owned(), |version| version.to_string());
    let one = |it: &Comparison| {
        let renamed = it.renamed_from.as_ref().map(|from| format!(", was {from}")).unwrap_or_default();
        format!("{} {} to {} {:?}{renamed}", it.id, version(it.old), version(it.new), it.meaning)
    };
    between_metrics(&Scope::Every, old, new).0.comparisons.iter().map(one).collect()
}

#[test]
fn what_is_gone_and_what_is_new_are_told_each_with_the_plans_of_its_side() {
    let (old, new) = (metric("repeats", "1.0.0", "draft", "7d"), metric("returns", "1.0.0", "draft", "5d"));
    assert_eq!(
        held(std::slice::from_ref(&old), std::slice::from_ref(&new)),
        ["repeats 1.0.0 to none Gone", "returns none to 1.0.0 Fresh"]
    );
    let (diff, _) = between_metrics(&Scope::Every, &[old], &[new]);
    let plans = |index: usize| {
        let (old, new) = &diff.comparisons[index].readings[""];
        (old.as_ref().map(|plan| plan.metric.as_str()), new.as_ref().map(|plan| plan.metric.as_str()))
    };
    assert_eq!((plans(0), plans(1)), ((Some("repeats"), None), (None, Some("returns"))));
}

#[test]
fn a_metric_of_which_another_version_stays_has_no_new_name() {
    let stays = metric("repeats", "1.1.0", "draft", "5d");
    let goes = metric("repeats", "1.0.0", "draft", "7d");
    assert_eq!(
        held(&[goes, stays.clone()], &[stays, metric("returns", "1.0.0", "draft", "7d")]),
        ["repeats 1.0.0 to none Gone", "returns none to 1.0.0 Fresh"]
    );
}

#[test]
fn a_metric_that_gets_an_earlier_version_was_not_called_otherwise_before() {
    let stays = metric("repeats", "1.0.0", "draft", "5d");
    let earlier = metric("repeats", "0.9.0", "draft", "7d");
    assert_eq!(
        held(&[stays.clone(), metric("returns", "1.0.0", "draft", "7d")], &[earlier, stays]),
        ["repeats none to 0.9.0 Fresh", "returns 1.0.0 to none Gone"]
    );
}

#[test]
fn a_version_that_is_proposed_is_held_against_the_last_that_was_ever_released() {
    let standing = [metric("repeats", "1.0.0", "released", "7d"), metric("repeats", "1.1.0", "draft", "6d")];
    let with = |status: &str| [standing.to_vec(), vec![metric("repeats", "1.2.0", status, "5d")]].concat();
    assert_eq!(held(&with("draft"), &with("candidate")), ["repeats 1.0.0 to 1.2.0 Differs"]);
    // Words of one that was proposed before are held against itself.
    let reworded: Vec<String> =
        with("candidate").iter().map(|text| text.replace("Not for ranking", "No use for ranking")).collect();
    let same = ["repeats 1.0.0 to 1.0.0 Same", "repeats 1.1.0 to 1.1.0 Same", "repeats 1.2.0 to 1.2.0 Same"];
    assert_eq!(held(&with("candidate"), &reworded), same);
}

#[test]
fn only_the_metrics_that_were_asked_for_are_compared() {
    let before = [metric("repeats", "1.0.0", "draft", "7d"), metric("returns", "1.0.0", "draft", "5d")];
    let after = [metric("repeats", "1.0.0", "draft", "8d"), metric("returns", "1.0.0", "draft", "6d")];
    let asked = |id: &str| {
        let (diff, _) = between_metrics(&Scope::Only(BTreeSet::from([id.to_owned()])), &before, &after);
        diff.comparisons.iter().map(|it| it.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(asked("repeats"), ["repeats"]);
    assert_eq!(asked("returns"), ["returns"]);
    assert!(asked("neither").is_empty());
}

#[test]
fn a_standard_that_comes_or_goes_with_its_use_is_part_of_what_the_edit_makes() {
    let other = STANDARD
        .replace("bot_contacts", "phone_contacts")
        .replace("exclude_when: actor = 'bot'", "exclude_when: channel = 'phone'");
    let using = METRIC.replace("  - use: bot_contacts\n", "  - use: bot_contacts\n  - use: phone_contacts\n");
    let (without, with) = ([METRIC.to_owned()], [using, other]);
    for (old, new, told_as, left) in [
        (&without[..], &with[..], "exclusions.phone_contacts added Moves widened structural", 3),
        (&with[..], &without[..], "exclusions.phone_contacts removed Moves narrowed structural", 2),
    ] {
        let (diff, texts) = between_metrics(&Scope::Every, old, new);
        assert_eq!(told(&diff), [told_as]);
        let [comparison] = diff.comparisons.as_slice() else { panic!("one metric") };
        let edit = BTreeSet::from([comparison.edits[0].edit.id()]);
        let (catalog, _) = comparison.mixture(&edit, &texts).expect("a meaning");
        let Body::Measured(pipeline) = &catalog.plans["first_contact_resolution"].body else { panic!("rows") };
        assert_eq!(pipeline.exclude.len(), left, "{told_as}");
    }
}
