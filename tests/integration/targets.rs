//! Targets: metrics computed, cases proven and tables checked on a database, a PostgreSQL server and a DuckDB file.

/// `drift` on a database, cut off on its way.
mod interrupted;
/// Views on them against what is approved.
mod views;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use adbc_core::options::{AdbcVersion, OptionDatabase, OptionValue};
use adbc_core::{Connection, Database, Driver, Statement};
use adbc_driver_manager::{ManagedConnection, ManagedDriver};
use etalon::engine::EngineEntry;
use serde_json::Value as Json;

use super::cli::{change, etalon, project};
use super::postgres;

/// The variable that the projects of these tests name.
const VARIABLE: &str = "WAREHOUSE_URI";
const SOURCE: &str = "definitions/sources/contacts.yaml";

/// A database that belongs to a test, and a project that has it as its target `warehouse`.
struct Warehouse {
    folder: tempfile::TempDir,
    address: String,
    database: Made,
}

/// How a test's database is written to.
enum Made {
    /// A schema of the server, dropped in the end.
    Schema(ManagedConnection, String),
    /// A file in the folder of the project.
    File(PathBuf),
}

impl Drop for Warehouse {
    fn drop(&mut self) {
        if let Made::Schema(connection, schema) = &mut self.database {
            let _ = execute(connection, &format!("DROP SCHEMA {schema} CASCADE"));
        }
    }
}

fn execute(connection: &mut ManagedConnection, statement: &str) -> Result<(), String> {
    let mut run = connection.new_statement().map_err(|error| error.message)?;
    run.set_sql_query(statement).map_err(|error| error.message)?;
    run.execute_update().map(|_| ()).map_err(|error| error.message)
}

fn connect(driver: &Path, entry_point: &[u8], option: (OptionDatabase, &str)) -> ManagedConnection {
    let driver = ManagedDriver::load_dynamic_from_filename(driver, Some(entry_point), AdbcVersion::V110);
    let options = [(option.0, OptionValue::from(option.1))];
    let database = driver.expect("a driver").new_database_with_opts(options).expect("a database");
    database.new_connection().expect("a connection")
}

impl Warehouse {
    /// A schema on the server, skipped aloud where there is none.
    fn schema(what: &str) -> Option<Self> {
        postgres::session()?;
        let address = postgres::usual();
        let folders = std::env::var_os("ETALON_DRIVERS").unwrap_or_default();
        let drivers = std::env::split_paths(&folders).map(|folder| folder.join("libadbc_driver_postgresql.so"));
        let driver = drivers.into_iter().find(|path| path.is_file()).expect("the session was opened by it");
        let mut connection = connect(&driver, b"AdbcDriverPostgresqlInit", (OptionDatabase::Uri, &address));
        let schema = format!("etalon_target_{what}_{}", std::process::id());
        execute(&mut connection, &format!("CREATE SCHEMA {schema}")).expect("a schema");
        execute(&mut connection, &format!("SET search_path = {schema}")).expect("the schema");
        let target = format!("{{engine: postgres, address_from: {VARIABLE}, schema: {schema}}}");
        Some(Self { folder: with_target(&target), address, database: Made::Schema(connection, schema) })
    }

    /// A DuckDB file, skipped aloud where there is no DuckDB.
    fn file() -> Option<Self> {
        let entry = EngineEntry::find("duckdb").expect("listed");
        if let Err(error) = (entry.open)() {
            assert!(!entry.is_required(), "{error}");
            super::library::skip(&format!("targets in DuckDB files ({error})"));
            return None;
        }
        let folder = with_target(&format!("{{engine: duckdb, address_from: {VARIABLE}}}"));
        let path = folder.path().join("warehouse.duckdb");
        Some(Self { address: path.to_string_lossy().into_owned(), folder, database: Made::File(path) })
    }

    fn write(&mut self, statements: &[&str]) {
        let run = |connection: &mut ManagedConnection| {
            for statement in statements {
                execute(connection, statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
            }
        };
        match &mut self.database {
            Made::Schema(connection, _) => run(connection),
            Made::File(path) => {
                let library = PathBuf::from(std::env::var_os("ETALON_DUCKDB").expect("DuckDB was opened"));
                let library = if library.is_dir() { library.join("libduckdb.so") } else { library };
                let option = (OptionDatabase::Other("path".to_owned()), path.to_str().expect("UTF-8"));
                run(&mut connect(&library, b"duckdb_adbc_init", option));
            }
        }
    }

    /// Writes the rows of the project's data file into a table that is as the source declares.
    fn fill(&mut self, table: &str) {
        let text = std::fs::read_to_string(self.folder.path().join("definitions/data/contacts.csv")).expect("the data");
        let rows: Vec<String> = text
            .lines()
            .skip(1)
            .map(|line| {
                let cells: Vec<String> = line
                    .split(',')
                    .map(|cell| if cell == "unknown" { "NULL".to_owned() } else { format!("'{cell}'") })
                    .collect();
                format!("({})", cells.join(", ").replace("Z'", "'"))
            })
            .collect();
        self.write(&[
            &format!(
                "CREATE TABLE {table} (contact_id varchar NOT NULL, customer_id varchar, channel varchar, actor varchar, \
                 closed_at timestamp)"
            ),
            &format!("INSERT INTO {table} VALUES {}", rows.join(", ")),
        ]);
    }

    fn command(&self, arguments: &str) -> Command {
        let mut command = etalon(self.folder.path(), arguments);
        for variable in ["ETALON_DRIVERS", "ETALON_DUCKDB"] {
            command.env(variable, std::env::var_os(variable).unwrap_or_default());
        }
        command.env(VARIABLE, &self.address);
        command
    }

    fn run(&self, arguments: &str) -> Output {
        self.command(arguments).output().expect("the built command")
    }

    /// Runs the command and returns its document.
    #[track_caller]
    fn json(&self, arguments: &str, code: i32) -> Json {
        let output = self.run(&format!("{arguments} --format json"));
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        serde_json::from_slice(&output.stdout).expect("a document")
    }

    /// Returns the codes of what `check --on` finds beside what `check` finds, with their lines in the source.
    #[track_caller]
    fn findings(&self) -> Vec<String> {
        let document = self.json("check --on warehouse --as-of 2026-03-01T00:00:00Z --today 2026-03-01", 1);
        let found = document["findings"].as_array().expect("findings").iter();
        let found = found.filter(|finding| finding["severity"] == "error");
        let mut found: Vec<String> = found
            .map(|finding| {
                let place = finding["places"][0].clone();
                assert_eq!(place["file"], SOURCE, "{finding:#}");
                let text = std::fs::read_to_string(self.folder.path().join(SOURCE)).expect("the source");
                let line = text.lines().nth(place["line"].as_u64().expect("a line") as usize - 1).expect("the line");
                let key = line.trim().split(':').next().unwrap_or_default().to_owned();
                format!("{} {key}", finding["code"].as_str().expect("a code"))
            })
            .collect();
        found.sort();
        found
    }
}

/// Returns a new project with a target.
fn with_target(target: &str) -> tempfile::TempDir {
    let folder = project();
    let path = folder.path().join("definitions/etalon.yaml");
    let text = std::fs::read_to_string(&path).expect("the project file");
    std::fs::write(path, format!("{text}targets:\n  warehouse: {target}\n")).expect("written");
    folder
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// The numbers of a run, without who computed them, and floats without their last digits.
fn numbers(document: &Json) -> Json {
    let mut metrics = document["metrics"].clone();
    for metric in metrics.as_array_mut().expect("metrics") {
        metric["engines_equal"].take();
        for cell in
            metric["rows"].as_array_mut().expect("rows").iter_mut().flat_map(|row| row.as_object_mut()).flatten()
        {
            if let Some(float) = cell.1.as_f64() {
                *cell.1 = Json::from(format!("{float:.12}"));
            }
        }
    }
    metrics
}

#[track_caller]
fn a_run_gives_the_numbers_of_the_files(mut warehouse: Warehouse, engine: &str) {
    warehouse.fill("contacts");
    for cut in
        ["", "--grain week --by channel", "--as-of 2026-02-15T00:00:00Z", "--from 2026-02-10T00:00:00Z --grain day"]
    {
        let files = warehouse.json(&format!("run {cut}"), 0);
        let target = warehouse.json(&format!("run --on warehouse {cut}"), 0);
        assert_eq!(numbers(&target), numbers(&files), "{cut}");
        assert!(files["metrics"][0]["rows"].as_array().is_some_and(|rows| !rows.is_empty()), "{files:#}");
        assert_eq!(target["computed_by"], serde_json::json!(["warehouse"]));
        assert_eq!(target["metrics"][0]["engines_equal"], Json::Null);
        let on = &target["on"];
        assert!(on["engine"].as_str().expect("an engine").starts_with(engine), "{on:#}");
        assert_eq!(on["tables"][0]["table"], "contacts");
        assert_eq!(on["tables"][0]["complete_to"], "2026-02-28T09:50:00Z", "the last row of the data");
        assert!(files.get("on").is_none());
    }
    let told = said(&warehouse.run("run --on warehouse"));
    assert!(told.contains("computed by warehouse alone: nothing is compared"), "{told}");
}

#[test]
fn a_run_on_postgres_gives_the_numbers_of_the_files_that_were_loaded() {
    if let Some(warehouse) = Warehouse::schema("run") {
        a_run_gives_the_numbers_of_the_files(warehouse, "postgres 1");
    }
}

#[test]
fn a_run_on_a_duckdb_file_gives_the_numbers_of_the_files_that_were_loaded() {
    if let Some(warehouse) = Warehouse::file() {
        a_run_gives_the_numbers_of_the_files(warehouse, "duckdb 1");
    }
}

#[test]
fn a_source_says_how_its_table_is_called_on_a_target() {
    let Some(mut warehouse) = Warehouse::schema("called") else { return };
    warehouse.fill("\"Fct Contacts\"");
    assert_eq!(warehouse.findings(), ["source-table-missing source"]);
    let refused = warehouse.run("run --on warehouse");
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(refused.stdout.is_empty() && said(&refused).contains("location: {at: {warehouse: schema.table}}"));
    change(warehouse.folder.path(), SOURCE, "format: csv}", "format: csv, at: {warehouse: Fct Contacts}}");
    let document = warehouse.json("run --on warehouse", 0);
    assert_eq!(document["on"]["tables"][0]["table"], "Fct Contacts");
    change(warehouse.folder.path(), SOURCE, "at: {warehouse:", "at: {warehose:");
    let unknown = warehouse.run("check");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(said(&unknown).contains("did you mean `warehouse`?"), "{}", said(&unknown));
}

#[track_caller]
fn a_sound_table_passes_and_each_difference_is_found(mut warehouse: Warehouse) {
    warehouse.fill("contacts");
    change(warehouse.folder.path(), SOURCE, "duplicates: refuse", "duplicates: refuse\nfresh_within: 2d");
    let sound = warehouse.run("check --on warehouse --as-of 2026-03-01T00:00:00Z --today 2026-03-01");
    assert_eq!(sound.status.code(), Some(0), "{}", said(&sound));
    assert!(said(&sound).contains("on warehouse (") && said(&sound).contains("): 1 table\n"), "{}", said(&sound));

    warehouse.write(&["UPDATE contacts SET channel = 'fax' WHERE contact_id IN ('k01', 'k02')"]);
    assert_eq!(warehouse.findings(), ["source-value-unlisted channel"]);
    warehouse.write(&["UPDATE contacts SET channel = NULL WHERE contact_id = 'k01'"]);
    assert_eq!(warehouse.findings(), ["source-null-found channel", "source-value-unlisted channel"]);
    warehouse.write(&[
        "UPDATE contacts SET channel = 'email'",
        "INSERT INTO contacts SELECT * FROM contacts WHERE contact_id = 'k03'",
    ]);
    assert_eq!(warehouse.findings(), ["source-key-repeated source"]);
    warehouse.write(&[
        "DELETE FROM contacts WHERE contact_id = 'k03'",
        "DELETE FROM contacts WHERE closed_at > TIMESTAMP '2026-02-26 23:59:59'",
    ]);
    assert_eq!(warehouse.findings(), ["source-stale fresh_within"]);
    warehouse.write(&["DELETE FROM contacts"]);
    assert_eq!(warehouse.findings(), ["source-stale fresh_within"]);
    warehouse.write(&[
        "ALTER TABLE contacts DROP COLUMN actor",
        "ALTER TABLE contacts ADD COLUMN actr varchar",
        "ALTER TABLE contacts DROP COLUMN closed_at",
        "ALTER TABLE contacts ADD COLUMN closed_at timestamptz",
    ]);
    assert_eq!(warehouse.findings(), ["source-column-missing actor", "source-type-differs closed_at"]);
    let refused = warehouse.run("run --on warehouse");
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(refused.stdout.is_empty() && said(&refused).contains("it has `actr`"), "{}", said(&refused));
    for (format, part) in [
        ("human", "error[source-type-differs]"),
        ("markdown", "| error | `source-type-differs` | `definitions/sources/contacts.yaml:"),
        ("sarif", "\"ruleId\": \"source-type-differs\""),
        ("github", "title=source-type-differs::"),
        ("gitlab", "\"check_name\": \"source-type-differs\""),
        ("junit", "source-type-differs"),
    ] {
        let output = warehouse.run(&format!("check --on warehouse --format {format}"));
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert!(String::from_utf8_lossy(&output.stdout).contains(part), "{format}: {}", said(&output));
    }
}

#[test]
fn on_postgres_a_sound_table_passes_and_each_difference_is_found_where_it_is_declared() {
    if let Some(warehouse) = Warehouse::schema("check") {
        a_sound_table_passes_and_each_difference_is_found(warehouse);
    }
}

#[test]
fn in_a_duckdb_file_a_sound_table_passes_and_each_difference_is_found_where_it_is_declared() {
    if let Some(warehouse) = Warehouse::file() {
        a_sound_table_passes_and_each_difference_is_found(warehouse);
    }
}

#[test]
fn numbers_out_of_range_and_repeated_further_keys_are_found() {
    let Some(mut warehouse) = Warehouse::schema("ranges") else { return };
    change(
        warehouse.folder.path(),
        SOURCE,
        "primary_key: [contact_id]",
        "  score: {type: integer, nullable: true, range: [0, 10]}\n  mail: {type: text, nullable: true}\n\n\
         unique: [[mail]]\nprimary_key: [contact_id]",
    );
    warehouse.fill("contacts");
    warehouse.write(&["ALTER TABLE contacts ADD COLUMN score smallint", "ALTER TABLE contacts ADD COLUMN mail text"]);
    let clean = warehouse.run("check --on warehouse --today 2026-03-01");
    assert_eq!(clean.status.code(), Some(0), "nulls are no values: {}", said(&clean));
    warehouse.write(&[
        "UPDATE contacts SET score = CASE contact_id WHEN 'k01' THEN 0 WHEN 'k02' THEN 10 WHEN 'k03' THEN 11 ELSE -1 END",
        "UPDATE contacts SET mail = contact_id",
        "UPDATE contacts SET mail = 'k02' WHERE contact_id = 'k01'",
    ]);
    assert_eq!(warehouse.findings(), ["source-key-repeated source", "source-value-out-of-range score"]);
    let told = said(&warehouse.run("check --on warehouse"));
    assert!(told.contains("has 16 rows with `score` below 0 or above 10"), "{told}");
    assert!(told.contains("has 1 of the keys `mail` more than once, in 2 rows"), "{told}");
}

#[test]
fn cases_are_proven_on_a_target_and_nothing_of_its_users_is_touched() {
    let Some(mut warehouse) = Warehouse::schema("verify") else { return };
    warehouse.write(&["CREATE TABLE contacts (x text)", "INSERT INTO contacts VALUES ('the user''s')"]);
    let told = warehouse.run("verify --engine sqlite --on warehouse --on warehouse");
    assert_eq!(told.status.code(), Some(0), "{}", said(&told));
    assert!(said(&told).contains("interpreter = sqlite = warehouse = expected"), "{}", said(&told));
    let Made::Schema(_, schema) = &warehouse.database else { return };
    let mut session = postgres::session().expect("opened once already");
    assert_eq!(
        postgres::answer(session.as_mut(), &format!("SELECT string_agg(x, ',') FROM {schema}.contacts")),
        "the user's"
    );
    let tables = format!("SELECT string_agg(relname, ',') FROM pg_class WHERE relnamespace = '{schema}'::regnamespace");
    assert_eq!(postgres::answer(session.as_mut(), &tables), "contacts");
}

#[test]
fn cases_are_proven_on_a_duckdb_file_that_stays_as_it_is() {
    let Some(mut warehouse) = Warehouse::file() else { return };
    warehouse.fill("contacts");
    let Made::File(path) = &warehouse.database else { return };
    let before = std::fs::read(path).expect("the file");
    let told = warehouse.run("verify --engine sqlite --on warehouse");
    assert_eq!(told.status.code(), Some(0), "{}", said(&told));
    assert!(said(&told).contains("interpreter = sqlite = warehouse = expected"), "{}", said(&told));
    assert!(before == std::fs::read(path).expect("the file"));
}

#[test]
fn a_target_that_is_not_there_is_named_with_its_neighbour_or_all_there_are() {
    let folder = with_target("{engine: postgres, address_from: WAREHOUSE_URI}");
    for command in ["run", "verify", "check", "drift"] {
        let output = etalon(folder.path(), &format!("{command} --on warehose")).output().expect("the command");
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(
            said(&output).contains("there is no target `warehose`: did you mean `warehouse`?"),
            "{}",
            said(&output)
        );
        let output = etalon(folder.path(), &format!("{command} --on warehouse")).output().expect("the command");
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains("`WAREHOUSE_URI` is not set"), "{}", said(&output));
    }
    let output = etalon(project().path(), "run --on warehouse").output().expect("the command");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("`etalon.yaml` declares none"), "{}", said(&output));
    let output =
        etalon(with_target("{engine: postgre, address_from: X}").path(), "check").output().expect("the command");
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("there is no engine `postgre`"), "{}", said(&output));
    assert!(said(&output).contains("did you mean `postgres`?"), "{}", said(&output));
}

#[test]
fn an_address_in_a_file_is_refused_and_its_password_not_shown() {
    for target in [
        "{engine: postgres, address_from: \"postgresql://ann:s3cr@h/d\"}",
        "{engine: postgres, address: \"postgresql://ann:s3cr@h/d\"}",
        "{engine: \"postgresql://ann:s3cr@h/d\", address_from: X}",
        "postgresql://ann:s3cr@h/d",
    ] {
        for format in ["human", "json", "markdown", "sarif", "github", "gitlab", "junit"] {
            let output = etalon(with_target(target).path(), &format!("check --format {format}")).output().expect("it");
            assert_eq!(output.status.code(), Some(1), "{target}");
            assert!(!said(&output).contains("s3cr"), "{target} {}", said(&output));
        }
    }
    let target = "{engine: postgres, address_from: \"postgresql://ann:s3cr@h/d\"}";
    let output = etalon(with_target(target).path(), "check").output().expect("the command");
    assert!(said(&output).contains("the name of an environment variable"), "{}", said(&output));
    assert!(said(&output).contains("postgresql://ann:****@h/d"), "{}", said(&output));
}

#[test]
fn a_target_that_refuses_ends_every_command_with_a_remedy_that_names_its_variable() {
    let Some(mut warehouse) = Warehouse::schema("refuses") else { return };
    let (_, host) = warehouse.address.rsplit_once('@').expect("an address with a user");
    warehouse.address = format!("postgresql://etalon:s3cr%2Fet@{host}");
    for command in ["run --on warehouse", "verify --on warehouse", "check --on warehouse", "drift --on warehouse"] {
        let output = warehouse.run(command);
        let told = said(&output);
        assert_eq!(output.status.code(), Some(3), "{told}");
        assert!(told.contains("password authentication failed") && told.contains("`WAREHOUSE_URI`"), "{told}");
        assert!(!told.contains("s3cr"), "{told}");
    }
}

#[test]
fn a_target_without_room_ends_the_run_and_says_what_to_do() {
    let Some(mut warehouse) = Warehouse::schema("room") else { return };
    warehouse.fill("contacts");
    warehouse.write(&["INSERT INTO contacts SELECT 'm' || g, 'c' || g % 999, 'email', 'human', \
                       timestamp '2026-02-01' + g * interval '1 second' FROM generate_series(1, 50000) g"]);
    let mark = if warehouse.address.contains('?') { '&' } else { '?' };
    let limits = "options=-c%20temp_file_limit%3D2MB%20-c%20work_mem%3D64kB";
    warehouse.address = format!("{}{mark}{limits}", warehouse.address);
    let output = warehouse.run("run --on warehouse");
    let told = said(&output);
    assert_eq!(output.status.code(), Some(3), "{told}");
    assert!(told.contains("temp_file_limit") && told.contains("make room"), "{told}");
}
