//! `drift` while it tries tables on a PostgreSQL server: the server ends the session, or somebody kills the command.

use std::process::Child;

use etalon::engine::Engine;

use super::views::reworded;
use super::{Warehouse, postgres};

/// A warehouse whose view only tables can tell from what is approved, a session beside, and a name for the command's own.
fn warehouse(what: &str) -> Option<(Warehouse, Box<dyn Engine>, String)> {
    let mut warehouse = Warehouse::schema(what)?;
    warehouse.fill("contacts");
    let script = reworded(&warehouse.script("postgres"));
    warehouse.deploy(&script);
    let name = format!("etalon_{what}_{}", std::process::id());
    warehouse.address = postgres::with(&format!("application_name={name}"));
    Some((warehouse, postgres::session()?, name))
}

/// Starts a drift that would take long, and waits until its session holds a temporary table.
fn started(warehouse: &Warehouse, session: &mut dyn Engine, name: &str) -> Child {
    let holds_a_table = format!(
        "SELECT count(*) > 0 FROM pg_stat_activity AS session JOIN pg_locks AS lock USING (pid) \
         JOIN pg_class AS object ON object.oid = lock.relation \
         WHERE session.application_name = '{name}' AND object.relpersistence = 't'"
    );
    postgres::started_until(session, warehouse.command("drift --on warehouse --tries 1000000"), &holds_a_table)
}

/// Waits until the server has no session of the command, and looks that it left nothing.
fn is_clean(warehouse: &Warehouse, session: &mut dyn Engine, name: &str) {
    let sessions = format!("SELECT count(*) FROM pg_stat_activity WHERE application_name = '{name}'");
    postgres::wait_for(session, &sessions, "0");
    warehouse.has_only_its_own();
}

#[test]
fn drift_whose_server_ends_the_session_ends_with_a_remedy_and_leaves_nothing() {
    let Some((warehouse, mut session, name)) = warehouse("cut") else { return };
    let child = started(&warehouse, session.as_mut(), &name);
    let ended =
        format!("SELECT count(pg_terminate_backend(pid)) > 0 FROM pg_stat_activity WHERE application_name = '{name}'");
    assert_eq!(postgres::answer(session.as_mut(), &ended), "true");
    postgres::ends_with_3(&child.wait_with_output().expect("the command"), "when the server answers");
    is_clean(&warehouse, session.as_mut(), &name);
}

#[test]
fn drift_that_is_killed_leaves_nothing() {
    let Some((warehouse, mut session, name)) = warehouse("killed") else { return };
    let mut child = started(&warehouse, session.as_mut(), &name);
    child.kill().expect("killed");
    assert!(child.wait().expect("ended").code().is_none(), "killed before its end");
    is_clean(&warehouse, session.as_mut(), &name);
}
