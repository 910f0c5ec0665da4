//! Rows as literals of SQL, for engines that take no Arrow batches.
//!
//! The cells have passed the checks of [`super::arrow`]. Knows no engine.

use super::profile::Profile;
use crate::engine::cell::Loading;
use crate::engine::quote;
use crate::table::Field;
use crate::value::{Instant, Type, Value};

/// Returns `cell` as a literal of the standard for a column of type `ty`, called `name` by the engine.
pub(in crate::engine) fn literal(name: String, cell: &Value, ty: Type) -> String {
    let cast = |text: String| format!("CAST({} AS {name})", quote::text(&text));
    match (cell, ty) {
        (Value::Null, _) => format!("CAST(NULL AS {name})"),
        (Value::Boolean(boolean), _) => boolean.to_string().to_uppercase(),
        (Value::Text(text), _) => quote::text(text),
        (Value::Number(number), Type::Number(scale)) => cast(number.rescale(scale).unwrap_or(*number).to_string()),
        (Value::Duration(duration), _) => cast(duration.seconds().to_string()),
        (Value::Instant(instant), _) => cast(timestamp(*instant)),
        (Value::Real(real), _) => cast(format!("{real:e}")),
        (other, _) => cast(other.to_string()),
    }
}

fn timestamp(instant: Instant) -> String {
    instant.in_zone(&jiff::tz::TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S%.6f").to_string()
}

/// Returns the statement that adds `rows` of the table to it.
pub(super) fn insert(profile: &dyn Profile, loading: &Loading<'_>, rows: &[Vec<Value>]) -> String {
    format!("INSERT INTO {} VALUES {}", profile.quoted(loading.table), tuples(profile, &loading.data.fields, rows))
}

/// Returns the statement that creates a view of the rows.
pub(super) fn view(profile: &dyn Profile, loading: &Loading<'_>) -> String {
    let fields = &loading.data.fields;
    let names: Vec<String> = fields.iter().map(|field| profile.quoted(&field.name)).collect();
    let rows = &loading.data.rows;
    let body = if rows.is_empty() {
        let typed: Vec<String> = fields
            .iter()
            .zip(&names)
            .map(|(field, name)| format!("{} AS {name}", profile.literal(&Value::Null, field.ty)))
            .collect();
        format!("SELECT {} WHERE 1 = 0", typed.join(", "))
    } else {
        let names = names.join(", ");
        format!("SELECT {names} FROM (VALUES {}) AS loaded ({names})", tuples(profile, fields, rows))
    };
    format!("CREATE TEMPORARY VIEW {} AS {body}", profile.quoted(loading.table))
}

fn tuples(profile: &dyn Profile, fields: &[Field], rows: &[Vec<Value>]) -> String {
    let tuple = |row: &Vec<Value>| {
        let cells: Vec<String> = row.iter().zip(fields).map(|(cell, field)| profile.literal(cell, field.ty)).collect();
        format!("({})", cells.join(", "))
    };
    rows.iter().map(tuple).collect::<Vec<_>>().join(", ")
}
