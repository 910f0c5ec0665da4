//! Findings in SARIF 2.1.0, the format of code scanners.
//!
//! Every rule there is stands in the document, fired or not: whoever closes alerts by absence must know what was tried.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Entry, Place, Report};
use crate::diagnostic::{Code, codes};
use crate::report::words::pretty;
use crate::rules::{self, Rule};

/// Where the schema of the format is published.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The name under which a finding's fingerprint stands; another way of making it would be another name.
const FINGERPRINT: &str = "etalon/v1";

/// Writes the findings.
pub fn sarif(report: &Report<'_>) -> String {
    let known: Vec<Json> = codes::all().map(code).chain(rules::all().iter().map(rule)).collect();
    let ids = codes::all().chain(rules::all().iter().map(|rule| rule.code)).map(|code| code.id);
    let places: BTreeMap<&str, usize> = ids.zip(0..).collect();
    let entries = report.entries();
    let results: Vec<Json> = entries.iter().map(|entry| result(entry, &places)).collect();
    let driver = json!({ "name": "etalon", "version": env!("CARGO_PKG_VERSION"), "rules": known });
    let run = json!({
        "tool": { "driver": driver },
        // Alerts of one command are not closed by the next run of another.
        "automationDetails": { "id": format!("etalon/{}/", report.command) },
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    pretty(&json!({ "$schema": SCHEMA, "version": "2.1.0", "runs": [run] }))
}

/// Returns the description of a mistake in a definition.
fn code(code: Code) -> Json {
    let properties = json!({ "area": "definition", "class": "validity", "tags": ["definition", "validity"] });
    described(code, (code.why(), "error"), properties)
}

/// Returns the description of a rule.
fn rule(rule: &'static Rule) -> Json {
    let (area, class) = (rule.area.name(), rule.class.name());
    // Tags are a set, and one area is called as a class is.
    let tags = if area == class { vec![area] } else { vec![area, class] };
    let properties = json!({
        "area": area,
        "class": class,
        "profile": rule.profile.name(),
        "since": rule.since,
        "tags": tags,
    });
    let mut described = described(rule.code, (rule.why.clone(), rule.severity.name()), properties);
    if rule.replaced_by.is_some() {
        described["defaultConfiguration"]["enabled"] = json!(false);
    }
    described
}

fn described(code: Code, (why, level): (String, &str), properties: Json) -> Json {
    let help = code.explanation.trim_end();
    json!({
        "id": code.id,
        "name": pascal(code.id),
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": why },
        "help": { "text": help, "markdown": help },
        "defaultConfiguration": { "level": level },
        "properties": properties,
    })
}

fn pascal(id: &str) -> String {
    let capitalised = |word: &str| word[..1].to_uppercase() + &word[1..];
    id.split('-').filter(|word| !word.is_empty()).map(capitalised).collect()
}

fn result(entry: &Entry<'_>, places: &BTreeMap<&str, usize>) -> Json {
    let diagnostic = entry.diagnostic;
    // The remedy of a rule stands with the rule; that of a mistake names what is near.
    let help = diagnostic.help.as_ref().filter(|_| entry.finding.is_none());
    let text = entry.headline() + &help.map(|help| format!("\n{help}")).unwrap_or_default();
    let mut result = json!({
        "ruleId": diagnostic.code.id,
        "ruleIndex": places.get(diagnostic.code.id).copied().map_or(-1, |place| place as i64),
        "level": diagnostic.severity.name(),
        "message": { "text": text },
        "locations": [{ "physicalLocation": physical(entry.place()) }],
        "partialFingerprints": { FINGERPRINT: entry.fingerprint },
        // None is said with an empty list: a missing one would mean that it is not known.
        "suppressions": suppressions(entry),
    });
    let related: Vec<Json> = entry.places.iter().skip(1).map(related).collect();
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    let properties = properties(entry);
    if properties.as_object().is_some_and(|properties| !properties.is_empty()) {
        result["properties"] = properties;
    }
    result
}

fn suppressions(entry: &Entry<'_>) -> Json {
    match entry.accepted() {
        None => json!([]),
        Some(accepted) => {
            let justification = format!("{} ({})", accepted.reason, accepted.by);
            json!([{ "kind": "external", "status": "accepted", "justification": justification }])
        }
    }
}

fn properties(entry: &Entry<'_>) -> Json {
    let mut properties = json!({});
    if let Some(metric) = entry.metric() {
        properties["metric"] = json!(metric);
    }
    if let Some(edit) = entry.finding.and_then(|finding| finding.edit.as_ref()) {
        properties["path"] = json!(edit.path.to_string());
        properties["direction"] = json!(edit.direction.name());
        properties["evidence"] = json!(edit.evidence.name());
        if let Some(through) = &edit.through {
            properties["through"] = json!(through);
        }
    }
    properties
}

fn related(place: &Place<'_>) -> Json {
    let of = place.revision.map(|revision| format!(" (in {revision})")).unwrap_or_default();
    let text = format!("{}{of}", place.label.text);
    match text.trim() {
        "" => json!({ "physicalLocation": physical(place) }),
        text => json!({ "physicalLocation": physical(place), "message": { "text": text } }),
    }
}

fn physical(place: &Place<'_>) -> Json {
    let region = place.region;
    json!({
        "artifactLocation": { "uri": uri(place.file) },
        "region": {
            "startLine": region.line,
            "startColumn": region.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
        },
    })
}

/// Writes a path as a reference that is relative where the path is.
fn uri(path: &str) -> String {
    let mut uri = match path.as_bytes() {
        [b'/', ..] => "file://".to_owned(),
        [drive, b':', b'/', ..] if drive.is_ascii_alphabetic() => {
            return format!("file:///{}:{}", &path[..1], encoded(&path[2..]));
        }
        _ => String::new(),
    };
    uri.push_str(&encoded(path));
    uri
}

fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_a_reference_that_stays_relative() {
        assert_eq!(uri("definitions/metrics/csat/v1.yaml"), "definitions/metrics/csat/v1.yaml");
        assert_eq!(uri("a b/größe#1.yaml"), "a%20b/gr%C3%B6%C3%9Fe%231.yaml");
        // A colon in the first part would make a scheme of what stands before it.
        assert_eq!(uri("main:a.yaml"), "main%3Aa.yaml");
        assert_eq!(
            (uri("/tmp/a.yaml"), uri("C:/a b.yaml")),
            ("file:///tmp/a.yaml".into(), "file:///C:/a%20b.yaml".into())
        );
        assert_eq!(uri("<stdin>"), "%3Cstdin%3E");
    }

    #[test]
    fn a_name_in_one_word_is_made_of_an_id() {
        assert_eq!(pascal("not-utf-8"), "NotUtf8");
    }
}
