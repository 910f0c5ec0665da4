//! What Spark does for the metrics of the library when contacts are ten million: every step is spread over the nodes.
//!
//! The plans are inspected and nothing is run. The server is that of `ETALON_SPARK_CLUSTER`, else of `ETALON_SPARK`; without
//! one the tests on it are skipped aloud.

mod judged;
mod tree;
#[path = "../../benches/at_scale/world.rs"]
mod world;

use std::io::Write as _;

use etalon::engine::{Address, Engine, EngineEntry, EngineError};
use etalon::table::Field;
use etalon::value::Type;

const CONTACTS: u64 = 10_000_000;

/// The columns by which rows become cells, beside the dimensions.
const CELLS: [&str; 4] = ["period", "next_period", "period_start", "period_end"];

/// Opens a session with the tables of the world, as views that make their rows when they are read.
fn opened() -> Option<Box<dyn Engine>> {
    let entry = EngineEntry::find("spark").expect("an engine");
    let addresses = ["ETALON_SPARK_CLUSTER", "ETALON_SPARK"].map(Address::in_variable);
    let address = addresses.iter().find(|address| address.is_set()).unwrap_or(&addresses[1]);
    let mut engine = match (entry.open_at)(address) {
        Ok(engine) => engine,
        Err(error @ EngineError::Unavailable { .. }) if !entry.is_required() => {
            // Not a macro: the test runner would keep what it prints from a test that passes.
            let _ = writeln!(std::io::stderr(), "skipped: plans of spark ({error})");
            return None;
        }
        Err(error) => panic!("{error}"),
    };
    // Not the few partitions that suit the rows of cases.
    engine.query("SET spark.sql.shuffle.partitions = 200", &pair()).expect("set");
    for (name, query) in world::tables(CONTACTS, "spark") {
        engine.query(&format!("create or replace temporary view {name} as {query}"), &[]).expect(name);
    }
    Some(engine)
}

fn pair() -> [Field; 2] {
    ["key", "value"].map(|name| Field::new(name, Type::Text))
}

/// Explains the query and returns what is forbidden in its plan.
fn faults(engine: &mut dyn Engine, query: &str, by: &str) -> Vec<String> {
    let explained = engine.query(&format!("explain formatted {query}"), &[Field::new("plan", Type::Text)]);
    let plan = explained.expect("a plan").cell(0, "plan").to_string();
    let tree = tree::parsed(&plan).unwrap_or_else(|error| panic!("{error}\n{plan}"));
    judged::faults(&tree, &[&CELLS[..], &[by]].concat())
}

#[test]
fn no_metric_collects_many_rows_on_one_node_or_pairs_all_with_all() {
    let Some(mut engine) = opened() else { return };
    let library = world::library();
    for question in world::QUESTIONS {
        let query = world::query(&library, question, "spark");
        let faults = faults(engine.as_mut(), &query, question.1);
        assert!(faults.is_empty(), "{}: {faults:#?}", question.0);
    }
}

/// So that an empty list of faults says something: each of them is seen where it is.
#[test]
fn each_forbidden_operator_is_seen_where_it_is() {
    let Some(mut engine) = opened() else { return };
    let bad = [
        ("select * from contacts order by opened_at", "sorts many rows"),
        ("select contact_id, row_number() over (order by opened_at) as place from contacts", "to one node"),
        ("select contact_id from contacts order by opened_at limit 10", "to one node"),
        ("select count(*) as n from contacts join calls on opened_at < queued_at", "pairs all"),
        ("select count(*) as n from contacts left join calls on opened_at < queued_at", "pairs all"),
        ("select customer_id, count(*) as n from contacts group by customer_id order by n", "sorts many rows"),
    ];
    for (query, fault) in bad {
        let faults = faults(engine.as_mut(), query, "channel");
        assert!(faults.iter().any(|told| told.contains(fault)), "{query}: {faults:?}");
    }
    let good = [
        "select channel, count(*) as n from contacts group by channel order by n",
        "select count(*) as n from contacts",
        "select contact_id from contacts join (values (timestamp_ntz '2025-06-01 00:00:00')) as at(x) on opened_at > x",
    ];
    for query in good {
        assert_eq!(faults(engine.as_mut(), query, "channel"), Vec::<String>::new(), "{query}");
    }
}

#[test]
fn a_plan_is_read_as_the_tree_it_shows() {
    let plan = "== Physical Plan ==\nAdaptiveSparkPlan (6)\n+- * Sort (5)\n   +- Exchange (4)\n      +- SortMergeJoin Inner (3)\n\
                \u{20}        :- Range (1)\n         +- LocalTableScan (2)\n\n\n(1) Range\nArguments: Range (0, 5, step=1)\n\n\
                (2) LocalTableScan\nOutput: []\n\n(3) SortMergeJoin\nJoin type: Inner\n\n(4) Exchange\n\
                Arguments: SinglePartition, ENSURE_REQUIREMENTS\n\n(5) Sort\nArguments: [id#1 ASC], true, 0\n\n\
                (6) AdaptiveSparkPlan\nOutput [1]: [id#1]\n";
    let tree = tree::parsed(plan).expect("a plan");
    let mut names = Vec::new();
    tree.walk(&mut |operator| names.push((operator.name.as_str(), operator.inputs.len())));
    let expected = [
        ("AdaptiveSparkPlan", 1),
        ("Sort", 1),
        ("Exchange", 1),
        ("SortMergeJoin", 2),
        ("Range", 0),
        ("LocalTableScan", 0),
    ];
    assert_eq!(names, expected);
    assert_eq!(judged::faults(&tree, &["period"]).len(), 2, "the sort of all nodes, and the rows on one");
}
