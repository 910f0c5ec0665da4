//! Tables that are brought up to date in part: after each run they hold what would be there had they been written anew.

use std::collections::BTreeMap;

use etalon::compare::differences;
use etalon::deploy::movement::movement;
use etalon::deploy::{Form, Moment, Settings, Subject, files, settings, standing};
use etalon::engine::Engine;
use etalon::interpret::Tables;
use etalon::plan::{Body, Plan, Request, Rule, Scan};
use etalon::sql::{Anew, Dialect, Target};
use etalon::table::{Field, Table};
use etalon::value::{Duration, Grain, Instant, Type, Value};

use super::scripts::run;
use super::standing::{Asked, each_case, load_into, open, reference, settings_for};
use crate::library::engines;

fn micros(value: &Value) -> Option<i64> {
    match value {
        Value::Instant(at) => Some(at.micros()),
        _ => None,
    }
}

/// Returns the tables as they were known at a moment.
fn known_at(asked: &Asked<'_>, moment: Instant) -> Tables {
    let mut tables = asked.tables.clone();
    for scan in asked.plan.scans() {
        let Some(table) = tables.get_mut(&scan.source) else { continue };
        let Some(order) = table.index(scan.order_instant()) else { continue };
        table.rows.retain(|row| micros(&row[order]).is_none_or(|at| at <= moment.micros()));
    }
    tables
}

/// Returns the instants of a plan's rows and events that movement is reckoned from: scan and column.
fn instants(plan: &Plan) -> Vec<(&Scan, &str)> {
    let mut found = Vec::new();
    match &plan.body {
        Body::Measured(pipeline) => {
            let anchor = pipeline.filter.placement.anchor().unwrap_or(pipeline.scan.order_instant());
            found.push((&pipeline.scan, anchor));
            for fact in &pipeline.facts {
                match &fact.rule {
                    Rule::Related(relate) => found.push((&relate.events, relate.event_at.as_str())),
                    Rule::Joined(join) => {
                        found.extend(join.version.iter().map(|version| (&join.other, version.from.as_str())));
                    }
                    Rule::Clocked(clock) => {
                        let spans = clock.counting.iter().flat_map(|times| times.spans());
                        found.extend(spans.map(|spans| (&spans.events, spans.start.as_str())));
                    }
                    Rule::Derived(_) | Rule::Advanced(_) => {}
                }
            }
        }
        body => found.extend(body.parts().into_iter().flat_map(instants)),
    }
    found
}

/// Returns for how long after their instants rows arrive and change in these tables; `None` where it cannot be read from a
/// column.
fn settles(asked: &Asked<'_>) -> Option<Duration> {
    let mut longest = 0;
    for (scan, column) in instants(&asked.plan) {
        let table = asked.tables.get(&scan.source)?;
        let (order, at) = (table.index(scan.order_instant())?, table.index(column)?);
        let keys: Vec<usize> = scan.key.iter().filter_map(|name| table.index(name)).collect();
        let mut spread: BTreeMap<String, (i64, i64)> = BTreeMap::new();
        for row in &table.rows {
            let (Some(order), Some(at)) = (micros(&row[order]), micros(&row[at])) else { continue };
            let key = keys.iter().map(|key| format!("{:?}", row[*key])).collect::<Vec<_>>().join(" ");
            let (first, last) = spread.entry(key).or_insert((at, order));
            (*first, *last) = ((*first).min(at), (*last).max(order));
        }
        longest = spread.values().map(|(first, last)| last - first).fold(longest, i64::max);
    }
    Some(Duration::from_micros(longest))
}

/// Returns the moments at which something becomes known, without the last.
fn moments(asked: &Asked<'_>) -> Vec<Instant> {
    let mut found: Vec<i64> = Vec::new();
    for scan in asked.plan.scans() {
        let Some(table) = asked.tables.get(&scan.source) else { continue };
        let Some(order) = table.index(scan.order_instant()) else { continue };
        found.extend(table.rows.iter().filter_map(|row| micros(&row[order])));
    }
    found.retain(|at| *at < asked.request.as_of.micros());
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(Instant::from_micros).collect()
}

/// Runs the table through two moments; returns what it holds then, without the moments.
fn brought_up(
    engine: &mut dyn Engine,
    (asked, subject, settings): (&Asked<'_>, &Subject<'_>, &Settings),
    (first, last): (Instant, Instant),
    look_back: Option<Duration>,
) -> Table {
    let script = |part: &str, as_of: Instant| {
        let settings = Settings { as_of: Moment::At(as_of), ..settings.clone() };
        let files = files(subject, &settings).expect("deployed").files;
        files.into_iter().find(|file| file.part == part).expect("the part").text
    };
    let name = subject.object(settings);
    load_into(engine, &known_at(asked, first));
    run(engine, &script("full", first));
    load_into(engine, &known_at(asked, last));
    let settings = Settings { as_of: Moment::At(last), ..settings.clone() };
    let anew = Anew { table: Target::Named(&name), look_back: look_back.unwrap_or(Duration::ZERO) };
    let query = standing((subject.plan, subject.registry), &settings, Some(anew)).expect("a query");
    match look_back {
        None => run(engine, &script("sql", last)),
        Some(_) => {
            run(engine, &format!("{};", query.clear.clone().expect("a statement")));
            run(engine, &format!("insert into {name}\n{};", query.text.trim_end()));
        }
    }
    let order: Vec<String> = ["period_start".to_owned()].into_iter().chain(settings.by.clone()).collect();
    let order = order.iter().map(|name| format!("\"{name}\" nulls last")).collect::<Vec<_>>().join(", ");
    let mut table = engine.query(&format!("select * from {name} order by {order}"), &query.fields).expect("rows");
    run(engine, &format!("drop table {name};"));
    table.fields.pop();
    table.rows.iter_mut().for_each(|row| drop(row.pop()));
    table
}

/// What became of the cases of the library.
#[derive(Default)]
struct Tally {
    same: usize,
    wrong: Vec<String>,
    metrics: std::collections::BTreeSet<String>,
}

/// Brings the tables of all cases up to date, with this look-back or else their own, and compares them with a run.
fn each_increment(look_back: impl Fn(Duration) -> Option<Duration>, one_in: usize, tally: &mut Tally) {
    let mut engines = engines();
    let mut turn = 0;
    for project in
        ["definitions", "templates/starter/definitions", "tests/projects/kinds", "tests/projects/plan_language"]
    {
        each_case(project, &mut |catalog, asked| {
            let Ok(movement) = movement(&asked.plan) else { return };
            let Some(settles) = settles(asked) else { return };
            turn += 1;
            if turn % one_in != 0 {
                return;
            }
            let grain = match asked.request.grain {
                Grain::All => asked.plan.grains.first().copied(),
                grain => Some(grain),
            };
            let Some(grain) = grain.filter(|grain| *grain != Grain::All) else { return };
            let whole = movement.look_back.micros() + settles.micros();
            let look_back = look_back(Duration::from_micros(whole));
            let moments = moments(asked);
            // Now early, now in the middle, now late.
            let picked = [moments.len() * (turn / one_in % 4) / 4];
            for first in picked.into_iter().filter_map(|place| moments.get(place)).copied() {
                for engine in &mut engines {
                    let dialect = Dialect::find(engine.dialect()).expect("its dialect");
                    let settings = Settings {
                        form: Form::Incremental,
                        grain,
                        settles: Some(settles),
                        ..settings_for(asked, dialect)
                    };
                    let found = Subject::find(catalog, &asked.plan.metric).expect("a metric");
                    let subject = Subject { plan: &asked.plan, ..found };
                    let last = asked.request.as_of;
                    let tables = known_at(asked, last);
                    let Some(expected) = reference(asked, &tables, &settings, last) else { continue };
                    let table = brought_up(engine.as_mut(), (asked, &subject, &settings), (first, last), look_back);
                    let differing = differences(&expected, &table);
                    if differing.is_empty() {
                        tally.same += 1;
                        tally.metrics.insert(asked.plan.metric.clone());
                    } else {
                        let what = format!("{} from {first} to {last} on {}: {differing:?}", asked.name, engine.name());
                        tally.wrong.push(what);
                    }
                }
            }
        });
    }
}

#[test]
fn tables_that_are_brought_up_to_date_equal_tables_that_are_written_anew() {
    let mut tally = Tally::default();
    each_increment(|_| None, 2, &mut tally);
    assert!(tally.wrong.is_empty(), "{} of {}\n{}", tally.wrong.len(), tally.same, tally.wrong.join("\n"));
    assert!(tally.same > 300 && tally.metrics.len() > 80, "{} of {}", tally.same, tally.metrics.len());
}

#[test]
fn without_a_look_back_many_tables_would_be_wrong() {
    let mut tally = Tally::default();
    each_increment(|_| Some(Duration::ZERO), 4, &mut tally);
    assert!(tally.wrong.len() > 20, "{} of {}", tally.wrong.len(), tally.same);
}

/// A contact, and another of the same customer exactly 7 days later: the very end of the window.
fn repeated_at_the_end() -> (Tables, Instant) {
    let at = |text: &str| Instant::parse(text).expect("an instant");
    let row = |id: &str, closed: &str| {
        vec![
            Value::text(id),
            Value::text("anna"),
            Value::text("email"),
            Value::text("human"),
            Value::Instant(at(closed)),
        ]
    };
    let fields =
        [("contact_id", Type::Text), ("customer_id", Type::Text), ("channel", Type::Text), ("actor", Type::Text)];
    let mut fields: Vec<Field> = fields.into_iter().map(|(name, ty)| Field::new(name, ty)).collect();
    fields.push(Field::new("closed_at", Type::Instant));
    let rows = vec![row("c1", "2026-01-05T10:00:00Z"), row("c2", "2026-01-12T10:00:00Z")];
    (Tables::from([("contacts".to_owned(), Table { fields, rows })]), at("2026-02-01T00:00:00Z"))
}

#[test]
fn one_period_less_than_the_look_back_would_miss_a_repeat_at_the_end_of_its_window() {
    let (catalog, _) = open("templates/starter/definitions");
    let found = Subject::find(&catalog, "first_contact_resolution").expect("the metric");
    let (tables, as_of) = repeated_at_the_end();
    let plan = found.plan.over_loaded_tables();
    let request = Request {
        grain: Grain::Day,
        by: Vec::new(),
        from: None,
        to: None,
        as_of,
        span: (Instant::from_micros(0), as_of),
    };
    let asked = Asked { name: "a repeat at the end".to_owned(), plan, tables: &tables, request: &request };
    let subject = Subject { plan: &asked.plan, ..found };
    let whole = movement(&asked.plan).expect("an end").look_back;
    assert_eq!(whole, "7d".parse().expect("a length"));
    let short = Duration::from_micros(whole.micros() - 86_400_000_000);
    // A second before the repeat the first contact had not matured.
    let first = Instant::from_micros(Instant::parse("2026-01-12T10:00:00Z").expect("an instant").micros() - 1_000_000);
    for engine in &mut engines() {
        let dialect = Dialect::find(engine.dialect()).expect("its dialect");
        let settles = Some(Duration::ZERO);
        let settings =
            Settings { form: Form::Incremental, grain: Grain::Day, settles, ..settings_for(&asked, dialect) };
        let expected = reference(&asked, &tables, &settings, as_of).expect("an answer");
        let mut brought =
            |look_back| brought_up(engine.as_mut(), (&asked, &subject, &settings), (first, as_of), look_back);
        assert_eq!(differences(&expected, &brought(None)), []);
        assert_eq!(differences(&expected, &brought(Some(whole))), []);
        assert_ne!(differences(&expected, &brought(Some(short))), [], "the first contact would stay immature");
    }
}

#[test]
fn a_table_of_another_version_is_left_as_it_is() {
    let (catalog, _) = open("templates/starter/definitions");
    let found = Subject::find(&catalog, "first_contact_resolution").expect("the metric");
    let (tables, as_of) = repeated_at_the_end();
    let settings = |as_of: Instant, dialect: Dialect| Settings {
        form: Form::Incremental,
        kept: None,
        dialect,
        grain: Grain::Day,
        by: Vec::new(),
        from: None,
        since: settings::since(),
        until: settings::until(),
        as_of: Moment::At(as_of),
        settles: Some(Duration::ZERO),
        schema: None,
    };
    let mut plan = found.plan.over_loaded_tables();
    for engine in &mut engines() {
        let settings = settings(as_of, Dialect::find(engine.dialect()).expect("its dialect"));
        load_into(engine.as_mut(), &tables);
        let script = |plan: &Plan, part: &str| {
            let subject = Subject { plan, ..found.clone() };
            let files = files(&subject, &settings).expect("deployed").files;
            files.into_iter().find(|file| file.part == part).expect("the part").text
        };
        run(engine.as_mut(), &script(&plan, "full"));
        let count = |engine: &mut dyn Engine| {
            let fields = [Field::new("version", Type::Text)];
            engine.query("select version from first_contact_resolution_day", &fields).expect("rows").rows
        };
        let before = count(engine.as_mut());
        plan.version = "2.0.0".to_owned();
        run(engine.as_mut(), &script(&plan, "sql"));
        assert_eq!(count(engine.as_mut()), before);
        assert!(!before.is_empty());
        plan.version = "1.0.0".to_owned();
        run(engine.as_mut(), "drop table first_contact_resolution_day;");
    }
}
