//! The built command against a PostgreSQL server, the one that `ETALON_POSTGRES` names: what it says and how it ends where
//! the server fails it, and that nothing is left there.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use etalon::engine::{Engine, EngineEntry, EngineError};
use etalon::table::Field;
use etalon::value::Type;

use super::cli::{etalon, files, project};

const VARIABLE: &str = "ETALON_POSTGRES";

/// Opens a session beside those of the command; `None`, said aloud, where there is no server.
pub(crate) fn session() -> Option<Box<dyn Engine>> {
    let entry = EngineEntry::find("postgres").expect("listed");
    match (entry.open)() {
        Ok(engine) => Some(engine),
        Err(error @ EngineError::Unavailable { .. }) if !entry.is_required() => {
            super::library::skip(&format!("postgres ({error})"));
            None
        }
        Err(error) => panic!("{error}"),
    }
}

pub(crate) fn answer(engine: &mut dyn Engine, expression: &str) -> String {
    let query = format!("SELECT ({expression})::text AS x");
    engine.query(&query, &[Field::new("x", Type::Text)]).expect(&query).cell(0, "x").to_string()
}

/// Returns the command with the address and the drivers of the tests.
fn command(folder: &Path, arguments: &str, address: &str) -> Command {
    let mut command = etalon(folder, arguments);
    command.env(VARIABLE, address).env("ETALON_DRIVERS", std::env::var_os("ETALON_DRIVERS").unwrap_or_default());
    command
}

pub(crate) fn usual() -> String {
    std::env::var(VARIABLE).expect("a session was opened there")
}

/// Returns the address with one more parameter.
pub(crate) fn with(parameter: &str) -> String {
    let address = usual();
    let mark = if address.contains('?') { '&' } else { '?' };
    format!("{address}{mark}{parameter}")
}

/// Asserts that the command could not be completed, says `part`, and shows no secret; returns what it says.
#[track_caller]
pub(crate) fn ends_with_3(output: &Output, part: &str) -> String {
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains(part) && said.contains("help: "), "{said}");
    let whole = usual();
    let password = whole.split_once("://").and_then(|(_, rest)| rest.split_once('@')?.0.split_once(':'));
    for secret in password.into_iter().map(|(_, password)| password).chain([whole.as_str(), "s3cr"]) {
        assert!(!said.contains(secret), "{said}");
    }
    said
}

#[test]
fn a_server_that_refuses_or_is_away_ends_the_command_with_a_remedy() {
    if session().is_none() {
        return;
    }
    let folder = project();
    let host = usual().rsplit_once('@').expect("an address with a user").1.to_owned();
    for (address, part) in [
        (format!("postgresql://etalon:s3cr%2Fet@{host}"), "password authentication failed"),
        (format!("postgresql://etalon:s3cr/et@{host}"), "where none can stand"),
        ("postgresql://etalon:s3cr%2Fet@127.0.0.1:1/d".to_owned(), "Connection refused"),
        ("etalon:s3cr@somewhere".to_owned(), "has another form"),
    ] {
        // An address that is set is meant, also where the engine is not named.
        for arguments in ["verify --engine postgres", "verify"] {
            ends_with_3(&command(folder.path(), arguments, &address).output().expect("the command"), part);
        }
    }
}

#[test]
fn a_driver_that_is_missing_ends_the_command_with_a_remedy() {
    let folder = project();
    let drivers = tempfile::tempdir().expect("a folder");
    std::fs::write(drivers.path().join("libadbc_driver_postgresql.so"), "no library").expect("written");
    for (drivers, part) in
        [(drivers.path().as_os_str().to_owned(), "does not load"), (OsString::from("drivers"), "which is relative")]
    {
        let mut command = command(folder.path(), "verify --engine postgres", "postgresql://ann:s3cr@h/d");
        let output = command.env("ETALON_DRIVERS", drivers).output().expect("the command");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(said.contains(part) && said.contains("`ETALON_DRIVERS`"), "{said}");
        assert!(!said.contains("s3cr"), "{said}");
    }
}

#[test]
fn without_an_address_the_server_is_not_spoken_of() {
    let folder = project();
    let output = etalon(folder.path(), "verify").output().expect("the command");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && !said.contains("postgres"), "{said}");
    let output = etalon(folder.path(), "verify --engine postgres").output().expect("the command");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("`ETALON_POSTGRES` is not set") && said.contains("help: Set"), "{said}");
}

/// Waits until a query tells something.
#[track_caller]
pub(crate) fn wait_for(engine: &mut dyn Engine, expression: &str, expected: &str) {
    let begun = Instant::now();
    while answer(engine, expression) != expected {
        assert!(begun.elapsed() < Duration::from_secs(30), "{expression} is not {expected}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A project whose cases take a while, and the name of the table that they load.
fn long_project(what: &str) -> (tempfile::TempDir, String) {
    let folder = project();
    let table = format!("contacts_{what}_{}", std::process::id());
    for (path, content) in files(folder.path()) {
        let text = String::from_utf8(content).expect("a text").replace("contacts", &table);
        let renamed = folder.path().join(path.to_string_lossy().replace("contacts", &table));
        std::fs::remove_file(folder.path().join(&path)).expect("removed");
        if !path.iter().any(|part| part == "cases") {
            std::fs::write(&renamed, text).expect("written");
            continue;
        }
        let name = renamed.file_stem().expect("a name").to_string_lossy().into_owned();
        for number in 0..200 {
            let text = text.replacen(&format!("case: {name}"), &format!("case: {name}_{number}"), 1);
            std::fs::write(renamed.with_file_name(format!("{name}_{number}.yaml")), text).expect("written");
        }
    }
    (folder, table)
}

/// Starts a command that computes cases, and waits until it has loaded the table.
fn started(engine: &mut dyn Engine, folder: &Path, arguments: &str, table: &str) -> Child {
    let address = with(&format!("application_name={table}"));
    let mut command = command(folder, arguments, &address);
    command.env("WAREHOUSE_URI", &address);
    started_until(engine, command, &format!("SELECT count(*) > 0 FROM pg_class WHERE relname = '{table}'"))
}

/// Starts a command, and waits until a query tells that it has come so far.
pub(crate) fn started_until(engine: &mut dyn Engine, mut command: Command, is_there: &str) -> Child {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command");
    while answer(engine, is_there) != "true" {
        if child.try_wait().expect("a state").is_some() {
            panic!("it has ended: {:?}", child.wait_with_output());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child
}

/// Waits until the server has neither the session nor its table.
fn is_clean(engine: &mut dyn Engine, table: &str) {
    wait_for(engine, &format!("SELECT count(*) FROM pg_stat_activity WHERE application_name = '{table}'"), "0");
    wait_for(engine, &format!("SELECT count(*) FROM pg_class WHERE relname = '{table}'"), "0");
}

#[test]
fn a_connection_that_is_lost_on_the_way_ends_the_command_with_a_remedy() {
    let Some(mut engine) = session() else { return };
    let (folder, table) = long_project("lost");
    let child = started(engine.as_mut(), folder.path(), "verify --engine postgres", &table);
    let killed =
        format!("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = '{table}'");
    assert_eq!(answer(engine.as_mut(), &killed), "1");
    ends_with_3(&child.wait_with_output().expect("the command"), "when the server answers");
    is_clean(engine.as_mut(), &table);
}

/// Kills a command amid its cases, and looks that the server has nothing of it any more.
fn is_killed_cleanly(what: &str, arguments: &str) {
    let Some(mut engine) = session() else { return };
    let (folder, table) = long_project(what);
    let file = folder.path().join("definitions/etalon.yaml");
    let text = std::fs::read_to_string(&file).expect("the project file");
    let target = "targets: {warehouse: {engine: postgres, address_from: WAREHOUSE_URI}}";
    std::fs::write(file, format!("{text}{target}\n")).expect("written");
    let mut child = started(engine.as_mut(), folder.path(), arguments, &table);
    child.kill().expect("killed");
    let ended = child.wait().expect("ended");
    assert!(ended.code().is_none(), "killed before its end");
    is_clean(engine.as_mut(), &table);
}

#[test]
fn nothing_is_left_behind_by_a_command_that_is_killed() {
    is_killed_cleanly("killed", "verify --engine postgres");
}

#[test]
fn nothing_is_left_behind_on_a_target_by_a_command_that_is_killed() {
    is_killed_cleanly("target", "verify --engine sqlite --on warehouse");
}
