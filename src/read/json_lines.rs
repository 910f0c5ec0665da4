//! Files of one JSON object a line.
//!
//! Numbers keep the digits they were written with. Knows no type.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use super::header::Header;
use super::layout::Sheet;
use super::lines::lines;
use super::problem::{Problem, shown};
use super::rows::Row;

/// Takes a file of JSON lines apart, of which these fields are needed; a key that a row leaves out is null there, one
/// that every row leaves out is not seen.
pub(super) fn objects(needed: &BTreeSet<&str>, text: &str) -> Sheet<std::vec::IntoIter<Result<Row, Problem>>> {
    let places: BTreeMap<&str, usize> = needed.iter().enumerate().map(|(i, name)| (*name, i)).collect();
    let names: Vec<String> = places.keys().map(|name| (*name).to_owned()).collect();
    let mut keys = Keys { seen: vec![false; places.len()], others: Vec::new() };
    let rows: Vec<Result<Row, Problem>> = lines(text)
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(line, text)| {
            let cells = keys.cells(&places, text).map_err(|problem| Problem { row: Some(line), ..problem })?;
            Ok(Row { line, cells })
        })
        .collect();
    let seen = rows.iter().any(Result::is_ok).then(|| {
        let seen = names.iter().zip(&keys.seen).filter(|(_, seen)| **seen).map(|(name, _)| name.clone());
        Header { line: None, names: seen.chain(keys.others).collect() }
    });
    Sheet { header: Header { line: None, names }, seen, rows: rows.into_iter() }
}

/// What was seen of the keys of all objects.
struct Keys {
    /// Which needed keys occurred.
    seen: Vec<bool>,
    /// Other keys of the first object, for suggestions.
    others: Vec<String>,
}

impl Keys {
    fn cells(&mut self, places: &BTreeMap<&str, usize>, text: &str) -> Result<Vec<Option<String>>, Problem> {
        let object: Object<'_> = serde_json::from_str(text).map_err(|error| {
            let message = match error.classify() {
                Category::Data => "the line is not a JSON object".to_owned(),
                _ => format!("the line is not JSON from its column {} on", error.column()),
            };
            Problem::of_file(message).with_text(text)
        })?;
        let collect_others = self.others.is_empty();
        let mut cells = vec![None; places.len()];
        let mut given = vec![false; places.len()];
        for (key, raw) in object.0 {
            let Some(&place) = places.get(key.as_str()) else {
                if collect_others {
                    self.others.push(key);
                }
                continue;
            };
            if std::mem::replace(&mut given[place], true) {
                return Err(Problem::of_file(format!("the object has the key `{}` twice", shown(&key))));
            }
            self.seen[place] = true;
            cells[place] = cell(raw.get())
                .map_err(|what| Problem::of_file(format!("the field `{}` {what}", shown(&key))).with_text(raw.get()))?;
        }
        Ok(cells)
    }
}

/// An object's entries in the order and with the texts they were written in.
struct Object<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object<'de>, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// Returns the text of a JSON value; `None` for null.
fn cell(raw: &str) -> Result<Option<String>, String> {
    match raw.as_bytes().first() {
        Some(b'{' | b'[') => Err("is nested".to_owned()),
        Some(b'n') => Ok(None),
        Some(b'"') => serde_json::from_str(raw)
            .map(Some)
            .map_err(|error| format!("is not a text from its column {} on", error.column())),
        _ => Ok(Some(without_exponent(raw).unwrap_or_else(|| raw.to_owned()))),
    }
}

/// Writes `1.5e-3` as `0.0015`: writers of JSON use exponents freely, and the digits stay what they are.
fn without_exponent(raw: &str) -> Option<String> {
    let (digits, exponent) = raw.split_once(['e', 'E'])?;
    let exponent: i32 = exponent.parse().ok()?;
    let (sign, unsigned) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    // Beyond this no decimal column can hold the number anyway.
    if exponent.unsigned_abs() > 60 {
        return None;
    }
    let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
    let leading = usize::try_from(1i32.saturating_sub(point)).unwrap_or(0);
    let mut plain = format!("{}{whole}{fraction}", "0".repeat(leading));
    let point = usize::try_from(point).unwrap_or(0).max(1);
    while plain.len() < point {
        plain.push('0');
    }
    let (whole, fraction) = plain.split_at(point);
    let fraction = fraction.trim_end_matches('0');
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exponents_move_the_point_and_keep_the_digits() {
        for (raw, plain) in [
            ("1e3", "1000"),
            ("1.5e-3", "0.0015"),
            ("-12.50E1", "-125"),
            ("1E+2", "100"),
            ("0e0", "0"),
            ("12.34e1", "123.4"),
            ("5e-1", "0.5"),
            ("10e-1", "1"),
        ] {
            assert_eq!(without_exponent(raw).as_deref(), Some(plain), "{raw}");
        }
        assert_eq!(without_exponent("1e999999999"), None);
        assert_eq!(without_exponent("0.1"), None);
    }
}
