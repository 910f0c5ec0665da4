//! Views on a database: what its catalogue says of them is held to what is approved.

use std::sync::{Arc, Weak};

use super::{Made, Warehouse, postgres, said};
use crate::deployed::scripts::statements;

pub(super) const VIEW: &str = "first_contact_resolution_week_by_channel";

impl Warehouse {
    /// Returns the script of the view.
    pub(super) fn script(&self, dialect: &str) -> String {
        let cut = "--as view --grain week --by channel --since 2025-01-01T00:00:00Z";
        let output = self.run(&format!("compile {cut} --dialect {dialect}"));
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).expect("a text")
    }

    pub(super) fn deploy(&mut self, script: &str) {
        let statements = statements(script);
        self.write(&statements.iter().map(String::as_str).collect::<Vec<_>>());
    }

    /// Looks that the schema has the table and the view of the test, and nothing else.
    #[track_caller]
    pub(super) fn has_only_its_own(&self) {
        let Made::Schema(_, schema) = &self.database else { panic!("no schema of a server") };
        let mut session = postgres::session().expect("opened once already");
        let there = format!(
            "SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class \
             WHERE relnamespace = '{schema}'::regnamespace"
        );
        assert_eq!(postgres::answer(session.as_mut(), &there), format!("contacts,{VIEW}"));
    }

    /// Returns the verdict on the view, with what is said of it.
    #[track_caller]
    fn verdict(&self, arguments: &str) -> (String, String) {
        let output = self.run(&format!("drift --on warehouse --tries 40 --format json {arguments}"));
        let document: serde_json::Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
        let object = &document["objects"][0];
        let verdict = object["verdict"].as_str().expect("a verdict").to_owned();
        let is_finding = !["same", "equal"].contains(&verdict.as_str());
        assert_eq!(output.status.code(), Some(i32::from(is_finding)), "{document:#}");
        (verdict, object.to_string())
    }
}

/// Returns the script with other words that mean the same, so that only tables can tell.
pub(super) fn reworded(script: &str) -> String {
    let reworded = script.replace("event.actor = 'human'", "coalesce(event.actor, 'bot') = 'human'");
    assert_ne!(reworded, script);
    reworded
}

#[track_caller]
fn what_became_of_a_view_is_found(mut warehouse: Warehouse, dialect: &str) {
    warehouse.fill("contacts");
    let script = warehouse.script(dialect);
    warehouse.deploy(&script);
    // The catalogue has written it in words of its own, and the approved one in the same.
    assert_eq!(warehouse.verdict("").0, "same");
    let edits = [
        ("a window", "'168 hours'", "'336 hours'"),
        ("an exclusion", "            when actor = 'bot' then 'excluded_bot_contacts'\n", ""),
        ("an end", "and event.closed_at <= (", "and event.closed_at < ("),
    ];
    for (name, old, new) in edits {
        let edited = script.replace(old, new);
        assert_ne!(edited, script, "{name}");
        warehouse.deploy(&edited);
        let (verdict, told) = warehouse.verdict("");
        assert_eq!(verdict, "differs", "{name}: {told}");
        assert!(told.contains("\"witness\":{") && told.contains("other rows than"), "{name}: {told}");
    }
    let formatted = script.replace("    ", "\t").replace("event.actor = 'human'", "( (EVENT.actor) = 'human' )");
    assert_ne!(formatted, script);
    warehouse.deploy(&formatted);
    assert_eq!(warehouse.verdict("").0, "same");
    let reworded = reworded(&script);
    warehouse.deploy(&reworded);
    assert_eq!(warehouse.verdict("").0, "equal");
    warehouse.fill("old_contacts");
    warehouse.deploy(&script.replace("from contacts\n", "from old_contacts\n"));
    let (verdict, told) = warehouse.verdict("");
    assert_eq!(verdict, "differs", "{told}");
    assert!(told.contains("it reads `old_contacts`"), "{told}");
    // Another version, one that is not defined, nobody's, none.
    for (old, new, expected) in
        [("version=1.0.0", "version=0.9.0", "stale"), ("metric=first_contact", "metric=last_contact", "orphaned")]
    {
        warehouse.deploy(&script.replace(old, new));
        assert_eq!(warehouse.verdict("").0, expected);
    }
    warehouse.deploy(&script);
    warehouse.write(&[&format!("comment on view {VIEW} is null")]);
    assert_eq!(warehouse.verdict("").0, "unstamped");
    warehouse.write(&[&format!("drop view {VIEW}")]);
    assert_eq!(warehouse.verdict("first_contact_resolution").0, "missing");
    assert_eq!(warehouse.run("drift --on warehouse").status.code(), Some(4));
}

#[track_caller]
fn a_view_over_a_table_that_has_changed_is_run_over_loaded_tables(mut warehouse: Warehouse, dialect: &str) {
    warehouse.fill("contacts");
    let script = warehouse.script(dialect);
    warehouse.deploy(&script);
    // The approved query cannot be made a view there any more; the deployed one still can be asked.
    warehouse.write(&["alter table contacts rename column closed_at to ended_at"]);
    let (verdict, told) = warehouse.verdict("");
    assert_eq!(verdict, "differs", "{told}");
    assert!(told.contains("it gives no answer"), "{told}");
}

#[test]
fn on_postgres_each_change_of_a_view_is_found() {
    if let Some(warehouse) = Warehouse::schema("views") {
        what_became_of_a_view_is_found(warehouse, "postgres");
    }
}

#[test]
fn on_postgres_a_view_follows_a_column_and_so_is_not_what_is_approved() {
    if let Some(warehouse) = Warehouse::schema("followed") {
        a_view_over_a_table_that_has_changed_is_run_over_loaded_tables(warehouse, "postgres");
    }
}

#[test]
fn on_postgres_nothing_is_left_behind() {
    let Some(mut warehouse) = Warehouse::schema("left") else { return };
    warehouse.fill("contacts");
    let script = warehouse.script("postgres");
    warehouse.deploy(&script.replace("and event.closed_at <= (", "and event.closed_at < ("));
    assert_eq!(warehouse.verdict("").0, "differs");
    warehouse.has_only_its_own();
}

/// Makes and drops views, temporary ones too, in a schema beside, until nobody holds `wanted` any more.
fn come_and_go(what: &str, wanted: &Weak<()>) {
    let mut beside = Warehouse::schema(what).expect("opened once already");
    while wanted.upgrade().is_some() {
        beside.write(&["create view passing as select 1 as one", "drop view passing"]);
        beside.write(&["create temporary view passing as select 1 as one", "drop view pg_temp.passing"]);
    }
}

#[test]
fn on_postgres_views_that_come_and_go_in_other_schemas_do_not_disturb() {
    let Some(mut warehouse) = Warehouse::schema("beside") else { return };
    warehouse.fill("contacts");
    let script = warehouse.script("postgres");
    warehouse.deploy(&script);
    std::thread::scope(|threads| {
        let running = Arc::new(());
        for what in ["coming", "going"] {
            let wanted = Arc::downgrade(&running);
            threads.spawn(move || come_and_go(what, &wanted));
        }
        for _ in 0..20 {
            assert_eq!(warehouse.verdict("").0, "same");
        }
    });
}

#[test]
fn in_a_duckdb_file_each_change_of_a_view_is_found() {
    if let Some(warehouse) = Warehouse::file() {
        what_became_of_a_view_is_found(warehouse, "duckdb");
    }
}
