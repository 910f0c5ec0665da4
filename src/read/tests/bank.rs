//! Claims about a real call log, where the folder named by `ETALON_DATA` has it.
//!
//! The expected numbers come from the log's own description, counted without this code.

use super::*;
use std::io::Write as _;

fn part(name: &str, fields: &[&str]) -> SourceColumn {
    let mut column = column(name, Type::Instant);
    column.reading = ColumnReading {
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        format: Some("%y%m%d %H:%M:%S".to_owned()),
        century: Some(1900),
        ..ColumnReading::default()
    };
    column
}

fn stage(name: &str, after: Option<&str>) -> SourceColumn {
    let mut column = part(name, &["date", name]);
    column.reading.null_tokens = vec!["0:00:00".to_owned()];
    column.reading.next_day_if_before = after.map(str::to_owned);
    column
}

fn bank() -> Source {
    let mut line = column("line", Type::Text);
    line.reading.fields = vec!["vru+line".to_owned()];
    let mut customer = column("customer_id", Type::Text);
    customer.reading.null_tokens = vec!["0".to_owned()];
    let mut vru_time = column("vru_time", Type::Duration);
    vru_time.reading.at_least = Some(Number::ZERO);
    let mut day = part("day", &["date"]);
    day.ty = Type::Date;
    day.reading.format = Some("%y%m%d".to_owned());
    let mut outcome = column("outcome", Type::Text);
    outcome.values = Some(["AGENT", "HANG", "PHANTOM"].map(str::to_owned).to_vec());
    let columns = vec![
        line,
        column("call_id", Type::Number(0)),
        day,
        part("vru_entry", &["date", "vru_entry"]),
        customer,
        vru_time,
        stage("q_start", None),
        stage("q_exit", Some("q_start")),
        stage("ser_start", None),
        stage("ser_exit", Some("ser_start")),
        outcome,
    ];
    let key = ["line", "call_id", "day"].map(str::to_owned).to_vec();
    Source {
        order: [vec!["vru_entry".to_owned()], key.clone()].concat(),
        key,
        clock: clock("Asia/Jerusalem", ClockPolicy::Refuse, ClockPolicy::Refuse),
        ..source(columns)
    }
}

#[test]
fn the_bank_log_reads_as_it_is_described() {
    let name = "bank_feb1999/data_anonymous_bank_february.txt";
    let path = std::env::var_os("ETALON_DATA").map(|folder| Path::new(&folder).join(name));
    let Some(path) = path.filter(|path| path.exists()) else {
        // Not a macro: the test runner would keep what they print from a test that passes.
        let _ = writeln!(std::io::stderr(), "skipped: `ETALON_DATA` names no folder with {name}");
        return;
    };
    let reading = file(&bank(), &path, FileLayout::Whitespace, &[]).unwrap_or_else(|error| panic!("{error}"));
    let customer = reading.table.index("customer_id").expect("declared above");
    let unknown = reading.table.rows.iter().filter(|row| row[customer].is_null()).count();
    assert_eq!((reading.rows_read(), unknown), (33_344, 19_558));
    assert_eq!(reading.count("vru_time", Event::Clamped), 25);
    let rolled = (reading.count("q_exit", Event::NextDay), reading.count("ser_exit", Event::NextDay));
    assert_eq!(rolled, (2, 16));
    // The first row: 990201 7:02:47 in Israel, two hours east of Greenwich in winter.
    assert_eq!(reading.table.cell(0, "vru_entry"), &at("1999-02-01T05:02:47Z"));
}
