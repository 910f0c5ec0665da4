//! What dbt is told of a model beside its query: descriptions, what its columns hold, what must be true of its rows.

use serde_json::{Value as Json, json};

use super::super::files::File;
use super::super::head::{comments, question};
use super::super::query::Refusal;
use super::super::settings::Settings;
use super::super::stamp::sealed;
use super::super::subject::Subject;
use super::jinja;
use super::yaml;
use crate::plan::{Request, contract};
use crate::sql::{KNOWN, Spelling};
use crate::value::Grain;

/// The part that describes the model.
const DESCRIPTION: &str = "description";
/// The part that tests it.
const TEST: &str = "test";

/// Writes the description of a model and, where it can have several rows, the test of its key.
pub(super) fn files(subject: &Subject<'_>, settings: &Settings) -> Result<Vec<File>, Refusal> {
    let object = subject.object(settings);
    let stamp = subject.stamp(settings, DESCRIPTION);
    let text = yaml::file(&stamp, &description(subject, settings));
    let mut files = vec![File { path: format!("models/{object}.yml"), part: DESCRIPTION, text }];
    if settings.grain != Grain::All || !settings.by.is_empty() {
        let text = test(subject, settings)?;
        files.push(File { path: format!("tests/{object}_has_one_row_per_cell.sql"), part: TEST, text });
    }
    Ok(files)
}

/// Returns what sets a deployed metric apart from others, for programs.
pub(super) fn meta(subject: &Subject<'_>) -> Json {
    json!({ "etalon": {
        "metric": subject.name,
        "version": subject.plan.version,
        "status": subject.metric.status.name(),
        "owner": jinja::literal(&subject.metric.owner),
        "data": subject.fingerprints.data,
        "reading": subject.fingerprints.reading,
        "parents": subject.fingerprints.parents,
        "plan": subject.meaning,
    } })
}

/// Returns what a metric is, as a paragraph.
pub(super) fn about(subject: &Subject<'_>) -> String {
    let reading = subject.reading;
    yaml::paragraph(&format!("{}. {} {}", reading.title, reading.statement, subject.metric.purpose))
}

fn description(subject: &Subject<'_>, settings: &Settings) -> Json {
    let request = Request {
        grain: settings.grain,
        by: settings.by.clone(),
        from: None,
        to: None,
        as_of: settings.until,
        span: (settings.since, settings.until),
    };
    let names = contract(subject.plan, &request).into_iter().map(|field| field.name);
    let columns: Vec<Json> = names.chain([KNOWN.to_owned()]).map(|name| column(subject, settings, &name)).collect();
    json!({ "version": 2, "models": [{
        "name": subject.object(settings),
        "description": format!("{} {}", about(subject), question(settings)),
        "config": { "meta": meta(subject) },
        "columns": columns,
    }] })
}

fn column(subject: &Subject<'_>, settings: &Settings, name: &str) -> Json {
    let unit = jinja::literal(&subject.reading.unit.to_string());
    let said = match name {
        "metric" => "Name of the metric.".to_owned(),
        "version" => "Version of the metric's definition.".to_owned(),
        "period_start" => "First instant of the period, in UTC.".to_owned(),
        "period_end" => "First instant after the period, in UTC.".to_owned(),
        "grain" => "Length of the period.".to_owned(),
        "numerator" => "What the value is made of; over the denominator, where there is one.".to_owned(),
        "denominator" => "What the numerator is divided by.".to_owned(),
        "value" => format!("The value ({unit}); empty where it is undefined or withheld."),
        "n" => "Number of rows that the value rests on.".to_owned(),
        "low" => "Lower bound of the interval, or the worst case.".to_owned(),
        "high" => "Upper bound of the interval, or the best case.".to_owned(),
        "unknown" => "Rows of which it is not known whether they belong.".to_owned(),
        "missing" => "Rows left out because a value is not known.".to_owned(),
        "immature" => "Rows about which it is not known yet what is asked.".to_owned(),
        "state" => "final, provisional, insufficient, suppressed or undefined.".to_owned(),
        KNOWN => "The moment of knowledge: what happened later was not known.".to_owned(),
        other => match other.strip_prefix("excluded_") {
            Some(id) if !settings.by.iter().any(|by| by == other) => format!("Rows left out by the exclusion {id}."),
            _ => format!("Dimension {other}; empty where it is not known."),
        },
    };
    let mut written = json!({ "name": name, "description": said });
    let mut tests: Vec<Json> = Vec::new();
    let is_dated = settings.grain != Grain::All;
    if matches!(name, "metric" | "version" | "grain" | "state" | KNOWN)
        || is_dated && matches!(name, "period_start" | "period_end")
    {
        tests.push(json!("not_null"));
    }
    if name == "period_start" && is_dated && settings.by.is_empty() {
        tests.push(json!("unique"));
    }
    if name == "state" {
        let states = ["final", "provisional", "insufficient", "suppressed", "undefined"];
        tests.push(json!({ "accepted_values": { "values": states } }));
    }
    if !tests.is_empty() {
        written["data_tests"] = tests.into();
    }
    written
}

/// Writes the test that no two rows are of one cell.
fn test(subject: &Subject<'_>, settings: &Settings) -> Result<String, Refusal> {
    let spelling = Spelling::of(&settings.dialect);
    let mut key = vec!["period_start".to_owned()];
    for name in &settings.by {
        key.push(spelling.column(name)?);
    }
    let (listed, grouped) = (key.join(",\n    "), key.join(",\n    "));
    let object = subject.object(settings);
    let head = jinja::literal(&comments(subject, settings, TEST));
    Ok(sealed(&format!(
        "{head}select\n    {listed},\n    count(*) as doubles\nfrom {{{{ ref('{object}') }}}}\ngroup by\n    {grouped}\nhaving count(*) > 1\n"
    )))
}
