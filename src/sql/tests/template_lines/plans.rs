//! Plans built by hand for template lines that few metrics need, over one table of contacts.
//!
//! Knows no line; what each plan shows is said beside it.

use crate::expression::{Comparison, Expression};
use crate::plan::*;
use crate::sql::tests::plans::*;
use crate::table::Table;
use crate::value::{Grain, Instant, Number, Type, Value};

/// A plan and what is asked of it.
pub(super) type Asked = (Plan, Request);

/// Returns the contacts: two customers and none, ties in time, prices, channels and outcomes, and unknown ones.
pub(super) fn rows() -> Table {
    let of = |id: i32, customer, opened: &str, closed: Option<&str>, channel, price, solved| Contact {
        customer,
        closed_at: closed.map(may),
        channel,
        price,
        solved,
        wait: Some(i64::from(id) * 1_000_000),
        ..contact(i64::from(id), may(opened))
    };
    table(&[
        of(1, Some("anna"), "01T09:00", Some("01T10:00"), Some("email"), Some(300), Some(true)),
        of(2, Some("anna"), "01T09:00", Some("02T10:00"), Some("phone"), Some(100), Some(false)),
        of(3, Some("anna"), "01T12:00", None, Some("email"), Some(300), None),
        of(4, Some("ben"), "01T13:00", Some("01T13:30"), Some("phone"), None, Some(true)),
        of(5, Some("ben"), "02T08:00", Some("03T08:00"), Some("email"), Some(200), None),
        of(6, None, "02T09:00", Some("02T09:30"), Some("email"), Some(300), Some(false)),
        of(7, Some("ben"), "03T09:00", None, None, Some(200), Some(true)),
        of(8, Some("anna"), "03T10:00", Some("03T11:00"), Some("phone"), None, None),
        of(9, Some("anna"), "03T10:30", Some("04T11:00"), Some("phone"), Some(100), Some(true)),
    ])
}

/// Returns plans that one query answers, with a request.
pub(super) fn together() -> Vec<(Vec<Plan>, Request)> {
    let mut asked = Vec::new();
    for (grain, by) in
        [(Grain::All, vec![]), (Grain::Day, vec![]), (Grain::Day, vec!["channel"]), (Grain::Hour, vec!["customer"])]
    {
        asked.push((alike(), three_days(grain, &by)));
        asked.push((alike(), request(grain, &by)));
    }
    // Rows that nothing tells apart.
    let count = |metric: &str| Plan { metric: metric.to_owned(), ..simple(Measure::Count) };
    asked.push((vec![count("rows"), count("contacts")], request(Grain::All, &[])));
    asked
}

/// Returns how many values a column of a source can have.
pub(super) fn values(_: &str, column: &str) -> Option<usize> {
    (column == "channel").then_some(2)
}

/// Counts, shares and sums of the same contacts.
pub(in crate::sql::tests) fn alike() -> Vec<Plan> {
    let dear = || {
        compare(
            column("price"),
            Comparison::Greater,
            Expression::Literal(Value::Number(Number::new(150, 2)), Type::Number(2)),
        )
    };
    let of = |metric: &str, measure, predicate, exclude: Option<Expression>| {
        let mut pipeline = pipeline(measure);
        pipeline.filter.predicate = predicate;
        pipeline.exclude = exclude.map(|when| Exclusion { id: "left_out".to_owned(), when }).into_iter().collect();
        Plan { metric: metric.to_owned(), ..measured(pipeline) }
    };
    let mut bounded = pipeline(Measure::Share(column("solved")));
    bounded.bounds =
        Some(Bounds { when: is_null(column("solved")), low: Number::integer(0), high: Number::integer(1) });
    let mut open = pipeline(Measure::Count);
    let closes = Expression::shift("closed_at", "1d".parse().expect("a duration"));
    open.mature = vec![Mature { awaits: Awaits::Closed { closes }, policy: MaturityPolicy::Provisional }];
    open.facts = vec![Fact { name: "is_dear".to_owned(), rule: Rule::Derived(dear()) }];
    open.exclude = vec![Exclusion { id: "dear".to_owned(), when: column("is_dear") }];
    let solved =
        || Expression::Coalesce(vec![column("solved"), Expression::Literal(Value::Boolean(false), Type::Boolean)]);
    vec![
        of("emails", Measure::Count, Some(is_channel("email")), None),
        of("solved", Measure::Share(solved()), None, Some(dear())),
        of("prices", Measure::Sum(column("price")), Some(dear()), Some(is_channel("phone"))),
        of("price", Measure::Mean(column("price")), Some(column("solved")), None),
        of("cheapest", Measure::Min(column("price")), None, None),
        of("dearest", Measure::Max(column("price")), Some(not(is_channel("email"))), None),
        of("parts", Measure::Ratio(column("price"), column("price")), Some(is_channel("phone")), None),
        of("balance", Measure::Balance(solved(), not(solved())), None, None),
        Plan { metric: "bounded".to_owned(), ..measured(bounded) },
        Plan { metric: "open".to_owned(), ..measured(open) },
    ]
}

/// Returns the plans, each with a request.
pub(super) fn asked() -> Vec<Asked> {
    [credits(), lookups(), groups(), bounded(), scans(), empty(), made(), in_order()].concat()
}

fn three_days(grain: Grain, by: &[&str]) -> Request {
    let (from, to) = (at("2026-05-01T00:00:00Z"), at("2026-05-05T00:00:00Z"));
    Request { from: Some(from), to: Some(to), ..request(grain, by) }
}

fn found(rule: Rule, measured_as: fn(Expression) -> Measure) -> Pipeline {
    let ty = rule.ty();
    let mut pipeline = pipeline(measured_as(Expression::column("found", ty)));
    pipeline.facts = vec![Fact { name: "found".to_owned(), rule }];
    pipeline
}

/// Later contacts, each counted for one earlier contact of the same customer that has been closed.
fn credits() -> Vec<Asked> {
    let plan = |credit, summary| {
        let mut relate = Relate { credit, ..relate(summary) };
        relate.window = window(None, None);
        let mut pipeline = found(Rule::Related(Box::new(relate)), Measure::Sum);
        pipeline.filter.predicate = Some(not(is_null(column("solved"))));
        pipeline.filter.placement = anchored("closed_at", Reach::Own);
        pipeline.exclude = vec![Exclusion { id: "emails".to_owned(), when: is_channel("email") }];
        measured(pipeline)
    };
    let price = || column("price");
    let plans = [
        plan(Credit::First, Summary::Count),
        plan(Credit::Last, Summary::Count),
        plan(Credit::First, Summary::Sum(price())),
        plan(Credit::Last, Summary::First(price())),
    ];
    plans.into_iter().map(|plan| (plan, three_days(Grain::Day, &["customer"]))).collect()
}

/// Whether another contact of the same customer follows within a day, and one of the same channel.
fn in_order() -> Vec<Asked> {
    let relate = |same: &[&str], predicate| {
        let mut relate = Relate { predicate, ..relate(Summary::Exists) };
        relate.same = same.iter().map(|name| ((*name).to_owned(), (*name).to_owned())).collect();
        relate.window = Window { same_instant_later_in_order: true, ..window(Some(("0s", true)), Some(("1d", true))) };
        Rule::Related(Box::new(relate))
    };
    let mut asked = Vec::new();
    for predicate in [None, Some(is_channel("email"))] {
        let mut pipeline = pipeline(Measure::Share(Expression::column("again_alike", Type::Boolean)));
        let fact = |name: &str, rule| Fact { name: name.to_owned(), rule };
        pipeline.facts = vec![
            fact("again", relate(&["customer"], predicate.clone())),
            fact("again_alike", relate(&["customer", "channel"], predicate.clone())),
        ];
        pipeline.filter.predicate = predicate;
        pipeline.missing = ["customer", "channel"].map(|name| Missing { when: is_null(column(name)) }).to_vec();
        let mut simple = pipeline.clone();
        simple.measure = Measure::Share(Expression::column("again", Type::Boolean));
        for pipeline in [pipeline, simple] {
            asked.push((measured(pipeline.clone()), three_days(Grain::Day, &[])));
            asked.push((measured(pipeline), request(Grain::All, &["channel"])));
        }
    }
    asked
}

/// Prices of the contact that has the same key, and the same key and channel.
fn lookups() -> Vec<Asked> {
    let pair = |name: &str| (name.to_owned(), name.to_owned());
    let plan = |same| {
        let join = Join { other: contacts(), same, version: None, value: column("price") };
        measured(found(Rule::Joined(join), Measure::Sum))
    };
    let plans = [plan(vec![pair("id")]), plan(vec![pair("id"), pair("channel")])];
    plans.into_iter().map(|plan| (plan, three_days(Grain::Day, &[]))).collect()
}

/// Most frequent prices and the middle of them, by channel, beside rows that are left out or lack one.
fn groups() -> Vec<Asked> {
    let quantile = |method| Measure::Quantile(Quantile { of: column("price"), at: Number::new(5, 1), method });
    let measures = [
        Measure::TopShare(column("price"), 1),
        Measure::TopShare(column("price"), 2),
        quantile(QuantileMethod::Continuous),
        quantile(QuantileMethod::Discrete),
    ];
    let mut asked = Vec::new();
    for measure in measures {
        let mut pipeline = pipeline(measure);
        pipeline.exclude = vec![Exclusion { id: "open".to_owned(), when: is_null(column("solved")) }];
        let plan = measured(pipeline);
        for by in [vec!["channel"], vec!["customer"], vec![]] {
            asked.push((plan.clone(), three_days(Grain::All, &by)));
        }
        asked.push((plan, three_days(Grain::Day, &[])));
    }
    asked
}

/// The share of contacts that are solved, at best and at worst.
fn bounded() -> Vec<Asked> {
    let mut pipeline = pipeline(Measure::Share(column("solved")));
    let (low, high) = (Number::integer(0), Number::integer(1));
    pipeline.bounds = Some(Bounds { when: is_null(column("solved")), low, high });
    [Grain::All, Grain::Day].map(|grain| (measured(pipeline.clone()), three_days(grain, &["channel"]))).to_vec()
}

/// Contacts by a computed column, of which the latest of each customer stands for all.
fn scans() -> Vec<Asked> {
    let doubled = Expression::shift("opened_at", "1d".parse().expect("a duration"));
    let derived = Derived { name: "due_at".to_owned(), value: doubled };
    let mut asked = Vec::new();
    for dedupe in [Dedupe::Unique, Dedupe::Latest] {
        let mut pipeline = pipeline(Measure::Max(Expression::column("due_at", Type::Instant)));
        pipeline.scan.derived = vec![derived.clone()];
        pipeline.scan.dedupe = dedupe;
        asked.push((measured(pipeline.clone()), three_days(Grain::Day, &[])));
        pipeline.filter.placement = Placement::Snapshot(Edge::End);
        // Without dimensions every day has a cell, the last before anything has happened in it.
        asked.push((measured(pipeline.clone()), three_days(Grain::Day, &[])));
        pipeline.filter.placement = Placement::Snapshot(Edge::Start);
        asked.push((measured(pipeline), three_days(Grain::Day, &["channel"])));
    }
    asked
}

/// Days before which nothing has happened, and no days at all.
fn empty() -> Vec<Asked> {
    let mut asked = Vec::new();
    let (from, to) = (Instant::from_micros(may("01T00:00")), Instant::from_micros(may("01T00:00")));
    for placement in [Placement::Snapshot(Edge::Start), Placement::Spread, anchored("opened_at", Reach::Trailing(2))] {
        let mut pipeline = pipeline(Measure::Count);
        pipeline.filter.placement = placement;
        pipeline.filter.predicate = Some(is_channel("email"));
        pipeline.exclude = vec![Exclusion { id: "solved".to_owned(), when: column("solved") }];
        let plan = measured(pipeline);
        asked.push((plan.clone(), three_days(Grain::Day, &[])));
        asked.push((plan.clone(), three_days(Grain::Day, &["customer"])));
        asked.push((plan, Request { from: Some(from), to: Some(to), ..request(Grain::Day, &[]) }));
    }
    asked
}

/// A score by channel, and means over months and days of years of whole weeks.
fn made() -> Vec<Asked> {
    let component = |plan: Plan| Component { plan: plan.into(), zero_when_absent: false };
    let weighed = |plan, best, weight| Weighed {
        component: component(plan),
        worst: Number::integer(0),
        best: Number::integer(best),
        weight: Number::new(weight, 1),
    };
    let score = Scorecard {
        parts: vec![weighed(simple(Measure::Count), 4, 7), weighed(simple(Measure::Mean(column("price"))), 2, 3)],
        absent: Absent::Renormalise,
    };
    let mut average = simple(Measure::Count);
    average.calendar.year = Year::OfWeeks { first: 2, begins: YearBegins::Nearest, pattern: [4, 4, 5] };
    let calendar = average.calendar.clone();
    let of_days = plan(Body::Averaged(Average { component: average.into(), each: Grain::Day }));
    let of_days = Plan { calendar, ..of_days };
    vec![
        (plan(Body::Scored(score)), three_days(Grain::Day, &["channel"])),
        (of_days.clone(), three_days(Grain::Month, &["channel"])),
        (of_days, three_days(Grain::Quarter, &[])),
    ]
}
