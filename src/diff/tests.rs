//! Claims about what an edit of the starter project means.

mod held;

use super::*;
use crate::catalog::build;
use crate::diagnostic::Diagnostics;
use crate::load::{Loaded, LoadedFile};
use crate::text::Texts;
use crate::yaml::{self, Node};

const METRIC: &str = include_str!("../../templates/starter/definitions/metrics/first_contact_resolution/v1.yaml");
const SOURCE: &str = include_str!("../../templates/starter/definitions/sources/contacts.yaml");
const STANDARD: &str = include_str!("../../templates/starter/definitions/standards/bot_contacts.yaml");
const PROJECT: &str = include_str!("../../templates/starter/definitions/etalon.yaml");

/// Returns the tree of a YAML text; its places mean nothing without the text.
pub(super) fn node(text: &str) -> Node {
    let mut texts = Texts::new();
    let id = texts.add("x.yaml", text);
    yaml::parse(&texts, id, &mut Diagnostics::new()).expect(text)
}

/// Returns the texts of the starter project: metric, source, standard, project.
pub(super) fn starter() -> [String; 4] {
    [METRIC, SOURCE, STANDARD, PROJECT].map(str::to_owned)
}

/// Makes files of texts.
pub(super) fn files(texts: &mut Texts, name: &str, contents: &[String]) -> Vec<LoadedFile> {
    let file = |(index, content): (usize, &String)| LoadedFile {
        id: texts.add(format!("{name}/{index}.yaml"), content.as_str()),
        path: None,
        project: None,
    };
    contents.iter().enumerate().map(file).collect()
}

/// Makes a catalog of files without mistakes.
pub(super) fn built(files: Vec<LoadedFile>, texts: &Texts) -> Catalog {
    let loaded = Loaded { texts: texts.clone(), files, ..Loaded::default() };
    let mut diagnostics = Diagnostics::new();
    let catalog = build(&loaded, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{:?}", diagnostics.into_sorted());
    catalog
}

/// Texts of one side, each changed by the edits that fit it: replaced text and its replacement.
fn side(texts: &mut Texts, name: &str, edits: &[(&str, &str)]) -> Vec<LoadedFile> {
    let edited = |text: String| edits.iter().fold(text, |text, (old, new)| text.replace(old, new));
    files(texts, name, &starter().map(edited))
}

fn diff(edits: &[(&str, &str)]) -> Diff {
    between(&[], edits)
}

fn between(before: &[(&str, &str)], after: &[(&str, &str)]) -> Diff {
    between_in(&Scope::Every, before, after)
}

fn between_in(scope: &Scope, before: &[(&str, &str)], after: &[(&str, &str)]) -> Diff {
    let mut texts = Texts::new();
    let (old, new) = (side(&mut texts, "old", before), side(&mut texts, "new", after));
    compare(&built(old, &texts), &built(new, &texts), &texts, scope)
}

/// Returns the way to each edit with what it does and which way it goes.
fn told(diff: &Diff) -> Vec<String> {
    let one = |judged: &Judged| {
        let through = judged.through.as_ref().map(|object| format!(" through {object}")).unwrap_or_default();
        let Judged { edit, effect, direction, evidence, .. } = judged;
        let (kind, way, known) = (edit.kind.name(), direction.name(), evidence.name());
        format!("{} {kind} {effect:?} {way} {known}{through}", edit.path)
    };
    diff.comparisons.iter().flat_map(|comparison| comparison.edits.iter().map(one)).collect()
}

#[test]
fn a_project_does_not_differ_from_itself() {
    let diff = diff(&[]);
    assert!(diff.comparisons.is_empty() && diff.shared.is_empty() && diff.added.is_empty() && diff.removed.is_empty());
}

#[test]
fn a_longer_window_is_seen_as_a_wider_clause_that_moves_the_number() {
    assert_eq!(
        told(&diff(&[("to: 7d", "to: 14d")])),
        ["facts.later_contact.window.to changed Moves widened structural"]
    );
    assert_eq!(told(&diff(&[("to: 7d", "to: 168h")])), [""; 0]);
}

#[test]
fn a_predicate_that_is_written_in_another_order_moves_nothing() {
    let both = ("where: actor = 'human'", "where: actor = 'human' and channel <> 'chat'");
    let swapped = ("where: actor = 'human'", "where: channel <> 'chat' and actor = 'human'");
    let diff = between(&[both], &[swapped]);
    assert_eq!(told(&diff), ["facts.later_contact.where changed Preserves none proven"]);
    assert_eq!(diff.comparisons[0].meaning, MeaningChange::Same);
}

#[test]
fn a_predicate_over_listed_values_is_proven_to_be_the_same() {
    // The source lists human and bot, and the column is never null.
    let diff = diff(&[("where: actor = 'human'", "where: actor <> 'bot'")]);
    assert_eq!(told(&diff), ["facts.later_contact.where changed Preserves none proven"]);
    assert_eq!(diff.comparisons[0].meaning, MeaningChange::Same);
}

#[test]
fn a_predicate_that_lets_more_through_is_proven_to_be_wider() {
    let diff = diff(&[("where: actor = 'human'", "where: actor = 'human' or channel = 'chat'")]);
    assert_eq!(told(&diff), ["facts.later_contact.where changed Moves widened proven"]);
}

#[test]
fn an_edit_of_a_shared_exclusion_is_told_at_the_metric_that_uses_it() {
    let diff = diff(&[("exclude_when: actor = 'bot'", "exclude_when: actor = 'bot' and channel = 'chat'")]);
    assert_eq!(told(&diff), ["exclude_when changed Moves narrowed proven through standard bot_contacts@1.0.0"]);
    assert_eq!(diff.shared.len(), 1);
}

#[test]
fn words_move_nothing_and_how_raw_text_is_read_does() {
    let diff =
        diff(&[("title: First-contact resolution", "title: Resolved at once"), ("[unknown]", "[unknown, none]")]);
    assert_eq!(
        told(&diff),
        [
            "title changed None none structural",
            "columns.customer_id.null_tokens.none added Moves widened structural through source contacts"
        ]
    );
}

#[test]
fn a_fact_with_another_name_moves_nothing() {
    let diff = diff(&[("later_contact", "came_back")]);
    assert_eq!(diff.comparisons[0].meaning, MeaningChange::Same);
}

#[test]
fn another_version_is_held_against_the_one_before() {
    let diff = diff(&[("version: 1.0.0\nstatus: draft", "version: 1.1.0\nstatus: draft"), ("to: 7d", "to: 5d")]);
    let [comparison] = diff.comparisons.as_slice() else { panic!("{:?}", told(&diff)) };
    let (old, new) = (comparison.old.expect("an old one"), comparison.new.expect("a new one"));
    assert_eq!((old.to_string(), new.to_string()), ("1.0.0".to_owned(), "1.1.0".to_owned()));
    assert_eq!(Bump::between(old, new), Bump::Minor);
    assert_eq!(comparison.meaning, MeaningChange::Differs);
}

#[test]
fn a_metric_of_the_same_meaning_under_another_name_is_a_renamed_one() {
    let diff = diff(&[("metric: first_contact_resolution", "metric: solved_at_once")]);
    let [comparison] = diff.comparisons.as_slice() else { panic!("{:?}", told(&diff)) };
    assert_eq!(comparison.renamed_from.as_deref(), Some("first_contact_resolution"));
}

#[test]
fn an_edit_of_a_shared_part_that_no_metric_feels_is_known_to_move_nothing() {
    // The source lists human and bot, and the column is never null.
    let rewritten = diff(&[("exclude_when: actor = 'bot'", "exclude_when: actor <> 'human'")]);
    let preserving: Vec<String> =
        rewritten.preserving.iter().map(|edit| format!("{} {}", edit.object, edit.path)).collect();
    assert_eq!(preserving, ["standard bot_contacts@1.0.0 exclude_when"]);
    let moving = diff(&[("exclude_when: actor = 'bot'", "exclude_when: actor = 'bot' and channel = 'chat'")]);
    assert!(moving.preserving.is_empty());
}

#[test]
fn two_versions_that_are_named_are_held_against_each_other_under_either_name() {
    let version = |text: &str| Version::parse(text).expect(text);
    let named = |new: &str| {
        let old = ("first_contact_resolution".to_owned(), version("1.0.0"));
        Scope::Versions(old, (new.to_owned(), version("1.1.0")))
    };
    let later = [("version: 1.0.0\nstatus: draft", "version: 1.1.0\nstatus: draft"), ("to: 7d", "to: 5d")];
    let one = between_in(&named("first_contact_resolution"), &[], &later);
    let [comparison] = one.comparisons.as_slice() else { panic!("{:?}", told(&one)) };
    assert_eq!((comparison.old, comparison.new), (Some(version("1.0.0")), Some(version("1.1.0"))));
    assert_eq!(comparison.renamed_from, None);
    // Of another meaning, so that only the question makes the two one metric.
    let other = [later[0], later[1], ("metric: first_contact_resolution", "metric: solved_at_once")];
    let two = between_in(&named("solved_at_once"), &[], &other);
    let [comparison] = two.comparisons.as_slice() else { panic!("{:?}", told(&two)) };
    assert_eq!(comparison.renamed_from.as_deref(), Some("first_contact_resolution"));
    let unasked = between(&[], &other);
    assert!(unasked.comparisons.iter().all(|comparison| comparison.renamed_from.is_none()));
}
