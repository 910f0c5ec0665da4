use super::*;
use crate::plan::Dedupe;

const COLUMNS: &str = "id text, customer text, at instant, due instant, kind text, score number1";

/// Returns contacts of customer A at these times of 1 May 2026 (ids 1, 2, ...), with their minute as score.
fn contacts(times: &[&str]) -> Case {
    let rows: Vec<String> = times
        .iter()
        .enumerate()
        .map(|(index, time)| format!("{}|A|2026-05-01T{time}Z|-|in|{}.5", index + 1, index + 1))
        .collect();
    case(COLUMNS, &rows.iter().map(String::as_str).collect::<Vec<_>>())
}

#[test]
fn each_contact_of_a_chain_sees_the_one_after_it() {
    let chain = contacts(&["09:00:00", "10:00:00", "11:00:00"]);
    assert_eq!(chain.relating(later_within("1h"), Summary::Exists).facts(), "1=true 2=true 3=false");
}

#[test]
fn an_event_at_the_windows_end_belongs_to_it_where_the_end_does() {
    let edge = contacts(&["09:00:00", "10:00:00"]).relating(window("0s", "1h"), Summary::Exists);
    assert_eq!(edge.facts(), "1=true 2=false");
    let excluded = edge.relate_step(|relate| relate.window.to = bound("1h", false));
    assert_eq!(excluded.facts(), "1=false 2=false");
}

#[test]
fn an_event_one_microsecond_beyond_the_end_does_not_belong() {
    let beyond = contacts(&["09:00:00", "10:00:00.000001"]);
    assert_eq!(beyond.relating(window("0s", "1h"), Summary::Exists).facts(), "1=false 2=false");
}

#[test]
fn an_event_at_the_windows_start_belongs_where_the_start_does() {
    let edge = contacts(&["09:00:00", "10:00:00"]).relating(window("1h", "2h"), Summary::Exists);
    assert_eq!(edge.facts(), "1=true 2=false");
    let excluded = edge.relate_step(|relate| relate.window.from = bound("1h", false));
    assert_eq!(excluded.facts(), "1=false 2=false");
}

#[test]
fn a_window_may_reach_back_and_without_limit() {
    let chain = contacts(&["09:00:00", "10:00:00", "11:00:00"]);
    let back = chain.clone().relating(window("-1h", "0s"), Summary::Count);
    assert_eq!(back.facts(), "1=0 2=1 3=1");
    let ever_before = Window { from: None, to: bound("0s", false), same_instant_later_in_order: false };
    assert_eq!(chain.clone().relating(ever_before, Summary::Count).facts(), "1=0 2=1 3=2");
    let ever_after = Window { from: bound("0s", false), to: None, same_instant_later_in_order: false };
    assert_eq!(chain.relating(ever_after, Summary::Count).facts(), "1=2 2=1 3=0");
}

#[test]
fn a_window_that_ends_before_it_starts_is_empty() {
    let pair = contacts(&["09:00:00", "10:00:00"]);
    assert_eq!(pair.relating(window("2h", "-2h"), Summary::Count).facts(), "1=0 2=0");
}

#[test]
fn of_two_contacts_at_one_instant_each_sees_the_other_by_the_bounds_alone() {
    let twins = contacts(&["09:00:00", "09:00:00"]);
    assert_eq!(twins.relating(window("0s", "1h"), Summary::Exists).facts(), "1=true 2=true");
}

#[test]
fn of_two_contacts_at_one_instant_only_the_first_in_the_order_sees_a_later_one() {
    let twins = contacts(&["09:00:00", "09:00:00"]);
    assert_eq!(twins.relating(later_within("1h"), Summary::Exists).facts(), "1=true 2=false");
}

#[test]
fn later_in_the_order_does_not_open_a_window_that_leaves_the_instant_out() {
    let twins = contacts(&["09:00:00", "09:00:00"]).relating(later_within("1h"), Summary::Exists);
    let open = twins.relate_step(|relate| relate.window.from = bound("0s", false));
    assert_eq!(open.facts(), "1=false 2=false");
}

#[test]
fn later_in_the_order_leaves_earlier_instants_of_the_window_alone() {
    let chain = contacts(&["08:30:00", "09:00:00", "09:00:00", "09:00:00"]);
    let around = Window { from: bound("-1h", true), ..later_within("1h") };
    assert_eq!(chain.relating(around, Summary::Count).facts(), "1=3 2=3 3=2 4=1");
}

#[test]
fn a_contact_is_never_its_own_repeat() {
    assert_eq!(contacts(&["09:00:00"]).relating(window("-1h", "1h"), Summary::Count).facts(), "1=0");
}

#[test]
fn events_of_another_source_may_have_the_rows_key() {
    let mut case = contacts(&["09:00:00"]).relating(window("-1h", "1h"), Summary::Count);
    let events = case.tables["contacts"].clone();
    case.tables.insert("calls".to_owned(), events);
    let case = case.relate_step(|relate| relate.events.source = "calls".to_owned());
    assert_eq!(case.facts(), "1=1");
    let contradiction = case.relate_step(|relate| relate.window = later_within("1h")).error();
    assert!(matches!(contradiction, InterpretError::Contradiction { .. }), "{contradiction}");
}

#[test]
fn a_source_scanned_in_two_ways_is_a_contradiction() {
    let case = contacts(&["09:00:00"]).relating(window("0s", "1h"), Summary::Exists);
    let error = case.relate_step(|relate| relate.events.dedupe = Dedupe::Latest).error();
    assert!(matches!(error, InterpretError::Contradiction { .. }), "{error}");
}

#[test]
fn a_row_without_identity_or_anchor_has_a_null_fact_and_is_nobodys_event() {
    let rows = [
        "1|-|2026-05-01T09:00:00Z|-|in|1",
        "2|-|2026-05-01T09:30:00Z|-|in|1",
        "3|A|2026-05-01T09:00:00Z|-|in|1",
        "4|B|2026-05-01T09:00:00Z|2026-05-01T09:00:00Z|in|1",
    ];
    let case = case(COLUMNS, &rows).relating(window("0s", "1h"), Summary::Count);
    assert_eq!(case.facts(), "1= 2= 3=0 4=0");
    let by_due = case.relate_step(|relate| {
        relate.anchor = "due".to_owned();
        relate.same.clear();
    });
    // Without match columns every other contact is an event of contact 4; the others have no anchor.
    assert_eq!(by_due.facts(), "1= 2= 3= 4=3");
}

#[test]
fn an_event_without_an_instant_lies_in_no_window() {
    let rows = ["1|A|2026-05-01T09:00:00Z|-|in|1", "2|A|2026-05-01T10:00:00Z|2026-05-01T10:00:00Z|in|1"];
    let all_time = Window { from: None, to: None, same_instant_later_in_order: false };
    let case = case(COLUMNS, &rows).relating(all_time, Summary::Count);
    assert_eq!(case.relate_step(|relate| relate.event_at = "due".to_owned()).facts(), "1=1 2=0");
}

#[test]
fn events_of_other_customers_and_of_a_false_or_unknown_predicate_do_not_match() {
    let rows = [
        "1|A|2026-05-01T09:00:00Z|-|in|1",
        "2|B|2026-05-01T09:10:00Z|-|in|1",
        "3|A|2026-05-01T09:20:00Z|-|out|1",
        "4|A|2026-05-01T09:30:00Z|-|-|1",
        "5|A|2026-05-01T09:40:00Z|-|in|1",
    ];
    let case = case(COLUMNS, &rows).relating(later_within("1h"), Summary::Count);
    assert_eq!(case.facts(), "1=3 2=0 3=2 4=1 5=0");
    let incoming = case.relate_step(|relate| relate.predicate = Some(is("kind", "in")));
    assert_eq!(incoming.facts(), "1=1 2=0 3=1 4=1 5=0");
}

#[test]
fn events_after_as_of_have_not_happened() {
    let pair = contacts(&["09:00:00", "10:00:00"]).known_at("2026-05-01T09:59:59Z");
    assert_eq!(pair.relating(later_within("2h"), Summary::Exists).facts(), "1=false");
}

#[test]
fn events_need_not_belong_to_the_population() {
    let rows = ["1|A|2026-05-01T09:00:00Z|-|in|1", "2|A|2026-05-01T10:00:00Z|-|out|1"];
    let case = case(COLUMNS, &rows).relating(later_within("1h"), Summary::Exists);
    let case = case.steps(|steps| steps.filter.predicate = Some(is("kind", "in")));
    assert_eq!(case.facts(), "1=true");
}

#[test]
fn summaries_say_what_the_events_of_the_window_hold() {
    let rows = [
        "1|A|2026-05-01T09:00:00Z|-|in|9.9",
        "2|A|2026-05-01T09:10:00Z|-|in|-",
        "3|A|2026-05-01T09:20:00Z|-|in|2.5",
        "4|A|2026-05-01T09:30:00Z|-|in|-1.0",
        "5|A|2026-05-01T09:40:00Z|-|in|2.0",
    ];
    let base = case(COLUMNS, &rows);
    let score = || Expression::column("score", Type::Number(1));
    let of = |summary| base.clone().relating(later_within("1h"), summary).facts();
    assert_eq!(of(Summary::Sum(score())), "1=3.5 2=3.5 3=1.0 4=2.0 5=");
    assert_eq!(of(Summary::Min(score())), "1=-1.0 2=-1.0 3=-1.0 4=2.0 5=");
    assert_eq!(of(Summary::Max(score())), "1=2.5 2=2.5 3=2.0 4=2.0 5=");
    // The first event after contact 1 has no score: its value is null, not the next one's.
    assert_eq!(of(Summary::First(score())), "1= 2=2.5 3=-1.0 4=2.0 5=");
    assert_eq!(of(Summary::Last(score())), "1=2.0 2=2.0 3=2.0 4=2.0 5=");
}

#[test]
fn first_and_last_follow_the_total_order_not_the_windows_instant() {
    let rows = [
        "1|A|2026-05-01T09:00:00Z|-|in|1",
        "2|A|2026-05-01T09:10:00Z|2026-05-01T12:00:00Z|in|2",
        "3|A|2026-05-01T09:20:00Z|2026-05-01T11:00:00Z|in|3",
    ];
    let id = || Expression::column("id", Type::Text);
    let base = case(COLUMNS, &rows);
    let of = |summary| {
        base.clone()
            .relating(window("0s", "9h"), summary)
            .relate_step(|relate| relate.event_at = "due".to_owned())
            .facts()
    };
    assert_eq!(of(Summary::First(id())), "1=2 2=3 3=2");
    assert_eq!(of(Summary::Last(id())), "1=3 2=3 3=2");
}

#[test]
fn a_sum_beyond_what_can_be_held_is_an_error() {
    let mut case = contacts(&["09:00:00", "10:00:00", "11:00:00"]);
    for row in &mut case.tables.get_mut("contacts").expect("written above").rows {
        row[5] = Value::Number(Number::new(i128::MAX, 1));
    }
    let sum = Summary::Sum(Expression::column("score", Type::Number(1)));
    assert_eq!(case.relating(later_within("2h"), sum).error(), InterpretError::Overflow { what: "a sum" });
}

#[test]
fn facts_feed_exclusions_and_measures() {
    let chain = contacts(&["09:00:00", "10:00:00", "12:00:00"]).relating(later_within("1h"), Summary::Exists);
    let share = chain.measuring(Measure::Share(Expression::Not(Box::new(fact(Type::Boolean)))));
    // Contact 1 is followed within the hour, 2 and 3 are not.
    assert_eq!(share.shown(&["numerator", "denominator", "n"]), ["2|3|3"]);
}

#[test]
fn rows_are_matched_by_the_columns_of_each_side_where_events_are_rows_too() {
    // 2 and 3 follow 1; nothing follows them, though they have the same parent.
    let rows = ["1|2026-05-01T09:00:00Z|-", "2|2026-05-01T10:00:00Z|1", "3|2026-05-01T11:00:00Z|1"];
    let family = case("id text, at instant, customer text", &rows).relating(window("-1d", "1d"), Summary::Count);
    let children = family.relate_step(|relate| relate.same = vec![("id".to_owned(), "customer".to_owned())]);
    assert_eq!(children.facts(), "1=2 2=0 3=0");
}

#[test]
fn a_source_that_is_related_to_itself_is_read_in_one_way() {
    let changes: [fn(&mut Scan); 3] = [
        |events| events.key = vec!["customer".to_owned()],
        |events| events.order = vec!["id".to_owned()],
        |events| events.dedupe = Dedupe::Latest,
    ];
    for change in changes {
        let own = contacts(&["09:00:00"]).relating(window("0s", "1h"), Summary::Exists);
        let error = own.relate_step(|relate| change(&mut relate.events)).error();
        assert!(matches!(error, InterpretError::Contradiction { .. }), "{error}");
    }
}
