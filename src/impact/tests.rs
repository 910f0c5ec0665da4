//! Claims about what a change of the starter project costs, over its cases.

use super::*;
use crate::catalog::build;
use crate::diagnostic::Diagnostics;
use crate::diff::{Comparison, Scope, compare};
use crate::load::{Loaded, LoadedFile};
use crate::text::Texts;
use crate::value::Value;

const METRIC: &str = include_str!("../../templates/starter/definitions/metrics/first_contact_resolution/v1.yaml");
const SOURCE: &str = include_str!("../../templates/starter/definitions/sources/contacts.yaml");
const STANDARD: &str = include_str!("../../templates/starter/definitions/standards/bot_contacts.yaml");
const PROJECT: &str = include_str!("../../templates/starter/definitions/etalon.yaml");
/// c1 of anna is followed exactly 168 hours later, c3 of ben one second after that; c5 is a bot's, c6 of nobody.
const WEEK: &str = include_str!(
    "../../templates/starter/definitions/metrics/first_contact_resolution/cases/repeat_within_a_week.yaml"
);
/// By channel: c1 (email) closes at the moment of knowledge, c2 (chat) a second later.
const OPEN: &str =
    include_str!("../../templates/starter/definitions/metrics/first_contact_resolution/cases/not_yet_known.yaml");
/// A metric made of the starter's one, and one that it guards.
const MADE: &str = "
metric: came_back
version: 1.0.0
status: draft
effective_from: 2026-01-01
title: Came back
statement: Share of contacts after which the customer came back.
purpose: The other side of first-contact resolution.
assumptions: [None but those of its part.]
owner: support-analytics
role: diagnostic
unit: share
direction: lower_is_better
review_by: 2026-12-31
measure: {formula: 1 - first_contact_resolution}
period: {grains: [month]}
targets: [{from: 2026-01-01, at_most: 0.3}]
";
const GUARDED: &str = "
metric: contacts_closed
version: 1.0.0
status: draft
effective_from: 2026-01-01
title: Closed contacts
statement: Contacts that were closed.
purpose: Tells how much is done.
assumptions: [A contact is closed once.]
owner: support-analytics
role: driver
unit: count
direction: neutral
review_by: 2026-12-31
population: {source: contacts, one_row_per: contact_id, anchor: closed_at}
measure: {count: rows}
period: {grains: [day, week, month]}
guardrails:
  - {metric: first_contact_resolution, require: \">= 0.7\", on: same_period, because: Closing is no end in itself.}
";

/// Texts of one side, each changed by the edits that fit it: replaced text and its replacement.
fn side(texts: &mut Texts, name: &str, edits: &[(&str, &str)]) -> Vec<LoadedFile> {
    let mut files = Vec::new();
    for (index, original) in [METRIC, SOURCE, STANDARD, PROJECT, WEEK, OPEN, MADE, GUARDED].into_iter().enumerate() {
        let text = edits.iter().fold(original.to_owned(), |text, (old, new)| text.replace(old, new));
        files.push(LoadedFile { id: texts.add(format!("{name}/{index}.yaml"), text), path: None, project: None });
    }
    files
}

/// Prices what `edits` do to the starter's metric over its cases.
fn priced(edits: &[(&str, &str)]) -> Price {
    between(&[], edits)
}

fn between(before: &[(&str, &str)], after: &[(&str, &str)]) -> Price {
    let mut texts = Texts::new();
    let (old, new) = (side(&mut texts, "old", before), side(&mut texts, "new", after));
    let build = |files| {
        let loaded = Loaded { texts: texts.clone(), files, ..Loaded::default() };
        let mut diagnostics = Diagnostics::new();
        let catalog = build(&loaded, &mut diagnostics);
        assert!(!diagnostics.has_errors(), "{:?}", diagnostics.into_sorted());
        catalog
    };
    let (old, new) = (build(old), build(new));
    let diff = compare(&old, &new, &texts, &Scope::Every);
    let is_own = |comparison: &&Comparison| comparison.id == "first_contact_resolution";
    let comparison = diff.comparisons.iter().find(is_own).expect("the metric differs");
    let rows = Rows::cases((&old, "first_contact_resolution"), (&new, "first_contact_resolution"), &texts);
    price(comparison, &Projects { old: &old, new: &new, texts: &texts }, &rows, &|_| {}).expect("two versions")
}

fn ground<'a>(price: &'a Price, case: &str) -> &'a Ground {
    price.grounds.iter().find(|ground| ground.case.as_deref() == Some(case)).expect("the case")
}

/// Returns the first cell of the base reading over the case of a week.
fn week(price: &Price) -> &CellPrice {
    let reading = &ground(price, "repeat_within_a_week").readings[0];
    assert_eq!(reading.failed, None);
    &reading.cells[0]
}

fn fractions(parts: &[(i128, i128)]) -> Vec<Fraction> {
    parts.iter().map(|(above, below)| Fraction::new(*above, *below).expect("a fraction")).collect()
}

fn labels(price: &Price) -> Vec<&str> {
    price.clauses.iter().map(|clause| clause.label.as_str()).collect()
}

#[track_caller]
fn adds_up(price: &Price) {
    for cell in price.grounds.iter().flat_map(|ground| &ground.readings).flat_map(|reading| &reading.cells) {
        let of_parts = match &cell.attribution {
            Attribution::Shared(shares) => vec![shares],
            Attribution::Impossible { parts, .. } => parts.iter().map(|(_, shares)| shares).collect(),
        };
        for shares in of_parts {
            for parts in [&shares.shares, &shares.sequential] {
                let sum = parts.iter().try_fold(Fraction::ZERO, |sum, part| sum.plus(*part));
                assert_eq!(sum, shares.new.minus(shares.old), "{cell:?}");
            }
        }
    }
}

#[test]
fn a_shorter_window_and_a_dropped_exclusion_share_the_move_exactly() {
    // Old: 3 of 4. With six days c1 is resolved: 4 of 4. With the bots' contact c5, which nobody followed: 4 of 5. With
    // both: 5 of 5. The window: half of (1 - 3/4) + (1 - 4/5) = 9/40; the exclusion: half of (4/5 - 3/4) + 0 = 1/40.
    let price = priced(&[("to: 7d", "to: 6d"), ("  - use: bot_contacts\n", "")]);
    assert_eq!(labels(&price), ["exclusion bot_contacts", "window.to of later_contact"]);
    let cell = week(&price);
    let shares = cell.attribution.shares().expect("all have values");
    assert_eq!(vec![shares.old, shares.new], fractions(&[(3, 4), (1, 1)]));
    assert_eq!(shares.shares, fractions(&[(1, 40), (9, 40)]));
    // One after the other, in the order of the definition: 3/4, 4/5, 1.
    assert_eq!(shares.sequential, fractions(&[(1, 20), (1, 5)]));
    // Alone they make 1/20 + 1/4, which is 1/20 more than both.
    assert_eq!(shares.together, fractions(&[(-1, 20)])[0]);
    adds_up(&price);
}

#[test]
fn the_ledger_tells_which_rows_are_counted_now() {
    let price = priced(&[("  - use: bot_contacts\n", "")]);
    let ledger = &ground(&price, "repeat_within_a_week").readings[0].ledger;
    let line = |fate: &str| ledger.iter().find(|line| line.fate == fate).map(|line| (line.old, line.new));
    assert_eq!(line("counted"), Some((Some(4), Some(5))));
    assert_eq!(line("excluded_bot_contacts"), Some((Some(1), None)));
    assert_eq!(line("excluded_unidentified_customer"), Some((Some(1), Some(1))));
}

#[test]
fn a_fact_and_the_rule_that_reads_it_are_one_clause() {
    let named = [("later_contact", "came_back_soon"), ("to: 7d", "to: 6d")];
    let dropped = ("  - use: bot_contacts\n", "");
    let price = priced(&[named[0], named[1], dropped]);
    assert_eq!(labels(&price), ["exclusion bot_contacts", "fact came_back_soon and 2 more edits"]);
    // As with the window alone, since the new fact is the old one with another window.
    assert_eq!(week(&price).attribution.shares().expect("all have values").shares, fractions(&[(1, 40), (9, 40)]));
    adds_up(&price);
}

#[test]
fn a_value_that_was_not_there_is_told_and_its_counts_are_shared_out() {
    // By chat nothing was known before: 0 of 0. Without waiting it is 1 of 1.
    let price = priced(&[("maturity: wait", "maturity: ignore")]);
    let reading = &ground(&price, "not_yet_known").readings[0];
    assert_eq!(reading.cells[0].place.dimensions, [Value::text("chat")]);
    let Attribution::Impossible { reason, parts } = &reading.cells[0].attribution else { panic!("{reading:?}") };
    assert_eq!(reason, "undefined before");
    let whole = |shares: &Shares| (shares.old, shares.new, shares.shares.clone());
    let one = || (Fraction::ZERO, Fraction::integer(1), vec![Fraction::integer(1)]);
    assert_eq!(parts.iter().map(|(part, _)| *part).collect::<Vec<_>>(), [Part::Numerator, Part::Denominator]);
    assert!(parts.iter().all(|(_, shares)| whole(shares) == one()));
    assert_eq!(reading.cells[1].attribution.shares().map(Shares::total), Some(Fraction::ZERO));
    adds_up(&price);
}

#[test]
fn an_edit_of_a_shared_part_is_priced_where_it_is_felt() {
    let price = priced(&[("exclude_when: actor = 'bot'", "exclude_when: actor = 'bot' and channel = 'email'")]);
    assert_eq!(labels(&price), ["through standard bot_contacts"]);
    // The bot's contact came by chat: it is counted now.
    let shares = week(&price).attribution.shares().expect("values");
    assert_eq!(shares.shares, fractions(&[(1, 20)]));
}

#[test]
fn how_raw_text_is_read_has_its_price_too() {
    // Where `anna` stands for nobody, c1 and c2 are left out as well: c3 and c4 of ben, 2 of 2.
    let price = priced(&[("[unknown]", "[unknown, anna]")]);
    assert_eq!(labels(&price), ["through source contacts"]);
    let shares = week(&price).attribution.shares().expect("values");
    assert_eq!((shares.new, shares.shares.clone()), (Fraction::integer(1), fractions(&[(1, 4)])));
}

#[test]
fn edits_that_mean_the_same_have_no_share() {
    let price = priced(&[("where: actor = 'human'", "where: actor <> 'bot'"), ("to: 7d", "to: 6d")]);
    assert_eq!(labels(&price), ["window.to of later_contact"]);
    assert_eq!(week(&price).attribution.shares().expect("values").shares, fractions(&[(1, 4)]));
}

#[test]
fn conclusions_that_flip_are_found_at_targets_parts_and_guards() {
    // Within 14 days c3 is a repeat, too: 2 of 4. The target of 75 % is missed, the other side of 50 % above its 30 %,
    // and the guardrail of 70 % is broken.
    let price = priced(&[("to: 7d", "to: 14d")]);
    let dependents = &ground(&price, "repeat_within_a_week").dependents;
    let told: Vec<String> = dependents
        .iter()
        .map(|it| {
            let judged = &it.judgements[0];
            assert!(judged.is_flipped() && judged.is_moved());
            format!("{} {:?}: {:?} -> {:?}", it.name, it.role, judged.old.holds, judged.new.holds)
        })
        .collect();
    assert_eq!(
        told,
        [
            "first_contact_resolution Aimed: Some(true) -> Some(false)",
            "came_back Made: Some(true) -> Some(false)",
            "contacts_closed Guarded(\"first_contact_resolution\"): Some(true) -> Some(false)",
        ]
    );
}

#[test]
fn the_headline_is_the_case_that_moves_most() {
    let price = priced(&[("to: 7d", "to: 14d")]);
    let headline = price.headline().expect("a move");
    assert_eq!(headline.ground.case.as_deref(), Some("repeat_within_a_week"));
    assert_eq!(headline.shares.total(), fractions(&[(-1, 4)])[0]);
}

#[test]
fn a_change_of_words_has_no_price() {
    let price = priced(&[("title: First-contact resolution", "title: Resolved at once")]);
    assert!(price.clauses.is_empty() && price.grounds.iter().all(|ground| ground.readings.is_empty()));
    assert!(price.headline().is_none());
}

#[test]
fn a_new_version_is_priced_against_the_one_before() {
    let price = priced(&[("version: 1.0.0\nstatus: draft", "version: 2.0.0\nstatus: draft"), ("to: 7d", "to: 6d")]);
    assert_eq!((price.old.to_string(), price.new.to_string()), ("1.0.0".to_owned(), "2.0.0".to_owned()));
    assert_eq!(week(&price).attribution.shares().expect("values").shares, fractions(&[(1, 4)]));
}

#[test]
fn a_price_is_the_same_every_time() {
    let edits = [("to: 7d", "to: 6d"), ("  - use: bot_contacts\n", ""), ("maturity: wait", "maturity: ignore")];
    assert_eq!(format!("{:?}", priced(&edits)), format!("{:?}", priced(&edits)));
    // Going back costs what going there gave.
    let (there, back) = (priced(&edits), between(&edits, &[]));
    let total = |price: &Price| week(price).attribution.shares().expect("values").total();
    assert_eq!(total(&there), Fraction::ZERO.minus(total(&back)).expect("small"));
    adds_up(&there);
}

#[test]
fn more_clauses_than_can_be_ordered_are_sampled_and_add_up_all_the_same() {
    let edits = [
        ("to: 7d", "to: 6d"),
        ("from: 0s", "from: 1s"),
        ("[exclusive, inclusive]", "[inclusive, exclusive]"),
        ("where: actor = 'human'", "where: actor = 'human' or channel = 'chat'"),
        ("maturity: wait", "maturity: ignore"),
        ("  - use: bot_contacts\n", ""),
        ("where: customer_id is null", "where: customer_id is null or channel = 'phone'"),
        ("anchor: closed_at}\n\n", "anchor: closed_at, where: contact_id <> 'c3'}\n\n"),
        ("[unknown]", "[unknown, ben]"),
        ("grains: [day, week, month]", "grains: [day, month]"),
    ];
    let price = priced(&edits);
    assert!(price.clauses.len() > EXACT_UP_TO && !price.is_exact(), "{:?}", labels(&price));
    let shared = price.grounds.iter().flat_map(|ground| &ground.readings).flat_map(|reading| &reading.cells);
    assert!(shared.filter(|cell| cell.attribution.shares().is_some()).count() > 0);
    adds_up(&price);
}
