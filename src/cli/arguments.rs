//! Texts of arguments as values, with what to write instead where they are none.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use crate::catalog::Catalog;
use crate::diagnostic::nearest;
use crate::value::{Date, Grain, Instant};

/// Reads `SOURCE=FILE`.
pub(super) fn source_file(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((source, path)) if !source.is_empty() && !path.is_empty() => Ok((source.to_owned(), PathBuf::from(path))),
        _ => Err("write SOURCE=FILE, such as `calls=february.csv`".to_owned()),
    }
}

/// Reads the name of a period length.
pub(super) fn grain(text: &str) -> Result<Grain, String> {
    text.parse().map_err(|()| {
        let names: Vec<&str> = Grain::EVERY.iter().map(|grain| grain.name()).collect();
        format!("there is no such period; there are: {}", names.join(", "))
    })
}

/// Reads an instant with its offset.
pub(super) fn instant(text: &str) -> Result<Instant, String> {
    Instant::parse(text).ok_or_else(|| "write an instant with its offset, such as 2026-05-01T00:00:00+02:00".to_owned())
}

/// Reads a calendar day.
pub(super) fn date(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "write a day such as 2026-05-01".to_owned())
}

/// Reads a day.
pub(super) fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).ok_or_else(|| "write an existing day, such as 2026-05-01".to_owned())
}

/// Returns the day that was asked for, or else today in the zone of the project.
pub(super) fn today(asked: Option<Date>, catalog: &Catalog) -> Date {
    let zone = catalog.registry.project.as_ref().and_then(|project| TimeZone::get(&project.reporting.zone).ok());
    let now = jiff::Timestamp::now().to_zoned(zone.unwrap_or(TimeZone::UTC));
    asked.unwrap_or_else(|| now.date().into())
}

/// Says that there is no `kind` called `wanted`: with the nearest name, or with all of them.
pub(super) fn unknown<'a>(kind: &str, wanted: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(wanted, &known) {
        Some(near) => format!("there is no {kind} `{wanted}`: did you mean `{near}`?"),
        None if known.is_empty() => format!("there is no {kind} `{wanted}`, nor any other"),
        None => format!("there is no {kind} `{wanted}`; there are: {}", known.join(", ")),
    }
}

/// Says that a range is empty, where it is.
pub(super) fn empty_range(from: Option<Instant>, to: Option<Instant>) -> Option<String> {
    match (from, to) {
        (Some(from), Some(to)) if to <= from => {
            Some(format!("the range from {from} to {to} is empty; `--to` must be later than `--from`"))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_name_is_suggested_and_otherwise_all_are_listed() {
        assert_eq!(unknown("engine", "sqlit", ["sqlite"]), "there is no engine `sqlit`: did you mean `sqlite`?");
        assert_eq!(unknown("engine", "x", ["a_b", "c_d"]), "there is no engine `x`; there are: a_b, c_d");
        assert_eq!(unknown("source", "x", []), "there is no source `x`, nor any other");
    }

    #[test]
    fn a_range_that_ends_where_it_begins_is_empty() {
        let [early, late] = [0, 1].map(|micros| Some(Instant::from_micros(micros)));
        assert!(empty_range(early, early).is_some() && empty_range(late, early).is_some());
        assert!(empty_range(early, late).is_none() && empty_range(late, None).is_none());
    }
}
