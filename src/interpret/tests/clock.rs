use super::*;
use crate::expression::Moment;
use crate::plan::{Clock, Reversed, SpanEnd, Spans, Times};

const COLUMNS: &str = "id text, at instant, closed instant";

fn stopwatch(counting: Option<Times>, reversed: Reversed) -> Rule {
    Rule::Clocked(Clock { from: instant_of("at"), to: instant_of("closed"), counting, reversed })
}

/// Reads a clock from `at` to `closed` of one row, in seconds.
fn read(at: &str, closed: &str, counting: Option<Times>) -> String {
    let row = format!("1|{at}|{closed}");
    case(COLUMNS, &[&row]).knowing(stopwatch(counting, Reversed::Zero)).facts().replacen("1=", "", 1)
}

/// Holds of ticket 1: two that overlap on Friday, one over the weekend, one that has not ended; and one of ticket 2.
fn holds() -> Table {
    table(
        "id text, at instant, ticket text, until instant, kind text",
        &[
            "a|2026-05-08T09:00:00Z|1|2026-05-08T09:20:00Z|wait",
            "b|2026-05-08T09:10:00Z|1|2026-05-08T09:30:00Z|wait",
            "c|2026-05-08T16:30:00Z|1|2026-05-11T09:30:00Z|wait",
            "d|2026-05-12T10:00:00Z|1|-|note",
            "e|2026-05-08T09:00:00Z|2|-|wait",
            "f|2026-05-08T12:00:00Z|1|2026-05-08T11:00:00Z|wait",
        ],
    )
}

fn spans_of(events: &Table, end: SpanEnd) -> Spans {
    Spans {
        events: scan_of("holds", events),
        same: vec![("id".to_owned(), "ticket".to_owned())],
        chain: None,
        counts: None,
        start: "at".to_owned(),
        end,
    }
}

fn held() -> Times {
    Times::Spans(Box::new(spans_of(&holds(), SpanEnd::Column("until".to_owned()))))
}

/// Reads a clock of ticket 1 with the holds at hand.
fn read_held(at: &str, closed: &str, counting: Times) -> String {
    let row = format!("1|{at}|{closed}");
    let case = case(COLUMNS, &[&row]).with("holds", holds());
    case.knowing(stopwatch(Some(counting), Reversed::Zero)).facts().replacen("1=", "", 1)
}

#[test]
fn without_a_set_a_clock_always_runs() {
    assert_eq!(read("2026-05-01T09:00:00Z", "2026-05-01T09:00:20.5Z", None), "20.5");
    assert_eq!(read("2026-05-01T09:00:00Z", "2026-05-01T09:00:00Z", None), "0");
    assert_eq!(read("2026-05-01T09:00:00Z", "-", None), "");
}

#[test]
fn a_stop_before_the_start_is_nothing_unknown_or_negative() {
    let read = |reversed| {
        let case = case(COLUMNS, &["1|2026-05-11T10:00:00Z|2026-05-08T16:00:00Z"]);
        case.knowing(stopwatch(Some(Times::Open(office("UTC"))), reversed)).facts()
    };
    assert_eq!(read(Reversed::Zero), "1=0");
    assert_eq!(read(Reversed::Unknown), "1=");
    // Friday 16:00 to 17:00 and Monday 09:00 to 10:00.
    assert_eq!(read(Reversed::Negative), "1=-7200");
}

#[test]
fn opening_hours_leave_evenings_and_weekends_out() {
    let open = || Some(Times::Open(office("UTC")));
    assert_eq!(read("2026-05-08T16:00:00Z", "2026-05-11T10:00:00Z", open()), "7200");
    assert_eq!(read("2026-05-09T00:00:00Z", "2026-05-11T09:00:00Z", open()), "0");
}

#[test]
fn days_of_23_and_25_hours_are_as_long_as_they_are() {
    let weekly = std::array::from_fn(|_| vec![Opening { from: 0, to: 1_440 }]);
    let schedules = vec![Schedule { from: None, weekly }];
    let always = Times::Open(Hours { zone: "Europe/Berlin".to_owned(), schedules, days: Vec::new() });
    let spring = read("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", Some(always.clone()));
    assert_eq!(spring, (23 * 3_600).to_string());
    let autumn = read("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", Some(always));
    assert_eq!(autumn, (25 * 3_600).to_string());
}

#[test]
fn intervals_that_overlap_count_once_and_empty_ones_not_at_all() {
    // Holds a and b cover 09:00 to 09:30; f ends before it starts.
    assert_eq!(read_held("2026-05-08T08:00:00Z", "2026-05-08T16:00:00Z", held()), "1800");
}

#[test]
fn an_interval_is_cut_to_the_clock_and_one_that_has_not_ended_runs_on() {
    assert_eq!(read_held("2026-05-08T09:05:00Z", "2026-05-08T09:25:00Z", held()), "1200");
    assert_eq!(read_held("2026-05-12T09:00:00Z", "2026-05-12T12:00:00Z", held()), "7200");
}

#[test]
fn open_time_less_the_time_on_hold() {
    let working = Times::All(vec![Times::Open(office("UTC")), Times::Not(Box::new(held()))]);
    // Open from 16:00 to 17:00 and from 09:00 to 10:00, on hold from 16:30 to 09:30.
    assert_eq!(read_held("2026-05-08T16:00:00Z", "2026-05-11T10:00:00Z", working), "3600");
    let either = Times::Any(vec![Times::Open(office("UTC")), held()]);
    // Open on Friday from 16:00, then on hold until Monday 09:30, then open: all 66 hours.
    let whole = read_held("2026-05-08T16:00:00Z", "2026-05-11T10:00:00Z", either);
    assert_eq!(whole, (66 * 3_600).to_string());
}

#[test]
fn only_intervals_for_which_the_condition_holds_count() {
    let mut spans = spans_of(&holds(), SpanEnd::Column("until".to_owned()));
    spans.counts = Some(is("kind", "wait"));
    let waits = Times::Spans(Box::new(spans));
    assert_eq!(read_held("2026-05-12T09:00:00Z", "2026-05-12T12:00:00Z", waits), "0");
}

#[test]
fn the_next_event_of_the_chain_ends_an_interval() {
    let states = table(
        "id text, at instant, ticket text, kind text",
        &[
            "a|2026-05-08T09:00:00Z|1|mine",
            "b|2026-05-08T10:00:00Z|1|theirs",
            "c|2026-05-08T10:00:00Z|1|mine",
            "d|2026-05-08T10:30:00Z|1|note",
            "e|2026-05-08T11:00:00Z|1|theirs",
            "f|2026-05-08T11:30:00Z|2|mine",
            "g|2026-05-08T11:45:00Z|1|mine",
        ],
    );
    let read = |chain: Option<Expression>, as_of: &str| {
        let mut spans = spans_of(&states, SpanEnd::NextEvent);
        spans.chain = chain;
        spans.counts = Some(is("kind", "mine"));
        let case = case(COLUMNS, &["1|2026-05-08T08:00:00Z|2026-05-08T12:00:00Z"]).with("holds", states.clone());
        case.known_at(as_of).knowing(stopwatch(Some(Times::Spans(Box::new(spans))), Reversed::Zero)).facts()
    };
    // 09:00 to 10:00 and, the note ending it, 10:00 to 10:30; from 11:45 on.
    assert_eq!(read(None, "2027-01-01T00:00:00Z"), "1=6300");
    // Without notes in the chain the second lasts until 11:00.
    let no_note = Expression::Not(Box::new(is("kind", "note")));
    assert_eq!(read(Some(no_note), "2027-01-01T00:00:00Z"), "1=8100");
    // At 10:15 only the first three were known: the last of them has not ended.
    assert_eq!(read(None, "2026-05-08T10:15:00Z"), "1=10800");
}

#[test]
fn a_chain_may_depend_on_the_row_and_a_row_may_match_itself() {
    let case = case(
        COLUMNS,
        &[
            "1|2026-05-08T09:00:00Z|2026-05-08T12:00:00Z",
            "2|2026-05-08T10:00:00Z|2026-05-08T12:00:00Z",
            "3|2026-05-08T11:00:00Z|-",
        ],
    );
    let mut spans = spans_of(&case.tables["contacts"], SpanEnd::NextEvent);
    spans.events.source = "contacts".to_owned();
    spans.same.clear();
    // Events from the row's own on.
    spans.chain = Some(compare(Comparison::GreaterOrEqual, instant_of("at"), outer("at", Type::Instant)));
    // Of these, the row's own.
    spans.counts = Some(compare(Comparison::Equal, Expression::column("id", Type::Text), outer("id", Type::Text)));
    let case = case.knowing(stopwatch(Some(Times::Spans(Box::new(spans))), Reversed::Zero));
    assert_eq!(case.facts(), "1=3600 2=3600 3=");
}

#[test]
fn a_row_whose_match_column_is_null_has_no_intervals() {
    let mut spans = spans_of(&holds(), SpanEnd::Column("until".to_owned()));
    spans.same = vec![("closed".to_owned(), "until".to_owned())];
    let rule = Rule::Clocked(Clock {
        from: instant_of("at"),
        to: Expression::Moment(Moment::AsOf),
        counting: Some(Times::Spans(Box::new(spans))),
        reversed: Reversed::Zero,
    });
    let case = case(COLUMNS, &["1|2026-05-08T08:00:00Z|-"]).with("holds", holds()).knowing(rule);
    assert_eq!(case.facts(), "1=0");
}

#[test]
fn a_length_beyond_what_can_be_held_is_an_error() {
    let mut case = case(COLUMNS, &["1|2026-05-08T08:00:00Z|-"]).knowing(stopwatch(None, Reversed::Zero));
    let row = &mut case.tables.get_mut("contacts").expect("written above").rows[0];
    row[1] = Value::Instant(Instant::from_micros(i64::MIN));
    row[2] = Value::Instant(Instant::from_micros(i64::MAX));
    let case = case.steps(|steps| steps.measure = Measure::Sum(fact(Type::Duration)));
    assert_eq!(case.error(), InterpretError::Overflow { what: "a length of time" });
}

#[test]
fn a_clock_that_stops_as_it_starts_reads_zero_whatever_one_that_stops_before_reads() {
    for reversed in [Reversed::Zero, Reversed::Unknown, Reversed::Negative] {
        let row = "1|2026-05-01T09:00:00Z|2026-05-01T09:00:00Z";
        assert_eq!(case(COLUMNS, &[row]).knowing(stopwatch(None, reversed)).facts(), "1=0");
    }
}
