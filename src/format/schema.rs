//! JSON Schema (draft 2020-12) of every file kind, generated from the format.

use serde_json::{Map, Value, json};

use super::FileKind;
use crate::shape::{Field, Need, Record, Shape};

/// The pattern of a name in `snake_case`.
const IDENTIFIER: &str = "^[a-z][a-z0-9_]*$";
const METRIC_NAME: &str = "^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)?$";
const STANDARD_NAME: &str = r"^[a-z][a-z0-9_]*(@(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*))?$";
const METRIC_VERSION: &str = r"^[a-z][a-z0-9_]*@(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$";
const RULE_NAME: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";
const VERSION: &str = "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)$";
const DATE: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
const INSTANT: &str =
    "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})$";
const DURATION: &str = "^-?([0-9]+(ms|[wdhms]))+$";
const WINDOW_END: &str =
    "^(unbounded|-?([0-9]+(ms|[wdhms]))+( business_time)?|-?[0-9]+ (calendar_days|business_days))$";
const REQUIREMENT: &str = "^(<|<=|>|>=) *-?[0-9]+(\\.[0-9]+)?$";
/// Whether the times exist is judged when they are read.
const OPENING: &str = "^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$";
const ZONE: &str = "^[A-Za-z][A-Za-z0-9_+\\-/]*$";
const VARIABLE: &str = "^[A-Z_][A-Z0-9_]*$";

/// Returns the schema of one file kind; with `None` a schema that accepts every kind by its head key.
pub fn schema(kind: Option<FileKind>) -> Value {
    let mut document = Map::new();
    document.insert("$schema".into(), json!("https://json-schema.org/draft/2020-12/schema"));
    match kind {
        Some(kind) => {
            document.insert("title".into(), json!(format!("etalon {} file", kind.head())));
            document.extend(record(kind.record()));
        }
        None => {
            document.insert("title".into(), json!("etalon definition file"));
            document.extend(by_head());
        }
    }
    Value::Object(document)
}

/// Returns the schema of a mapping that is no file of its own.
pub fn of_record(inner: &Record) -> Value {
    Value::Object(record(inner))
}

/// Chooses the kind by its head key, so that an error speaks of the kind that was meant.
fn by_head() -> Map<String, Value> {
    let none = json!({ "required": ["metric"] });
    let chain = FileKind::EVERY.iter().rev().fold(none, |otherwise, kind| {
        json!({ "if": { "required": [kind.head()] }, "then": record(kind.record()), "else": otherwise })
    });
    let Value::Object(mut schema) = chain else { unreachable!("json! with braces is an object") };
    schema.insert("type".into(), json!("object"));
    schema
}

fn record(record: &Record) -> Map<String, Value> {
    let properties: Map<String, Value> =
        record.fields.iter().map(|field| (field.name.to_owned(), documented(field))).collect();
    let mut schema = Map::new();
    schema.insert("type".into(), json!("object"));
    schema.insert("properties".into(), Value::Object(properties));
    schema.insert("required".into(), json!(record.required_keys()));
    schema.insert("additionalProperties".into(), json!(false));
    schema
}

fn documented(field: &Field) -> Value {
    let mut schema = of(&field.shape);
    let text = match field.need {
        Need::Required => field.doc.to_owned(),
        Need::Optional(default) => format!("{} Left out: {default}.", field.doc),
    };
    schema.insert("description".into(), json!(text));
    Value::Object(schema)
}

fn of(shape: &Shape) -> Map<String, Value> {
    let value = match shape {
        Shape::Text | Shape::Table => json!({ "type": "string", "minLength": 1 }),
        Shape::AnyText => json!({ "type": "string" }),
        Shape::Expression => json!({ "type": ["string", "boolean", "number"], "minLength": 1 }),
        Shape::Formula => json!({ "type": "string", "minLength": 1 }),
        Shape::Identifier => pattern(IDENTIFIER),
        Shape::MetricName => pattern(METRIC_NAME),
        Shape::StandardName => pattern(STANDARD_NAME),
        Shape::Version => pattern(VERSION),
        Shape::MetricVersion => pattern(METRIC_VERSION),
        Shape::RuleName => pattern(RULE_NAME),
        Shape::Hex(digits) => pattern(&format!("^[0-9a-f]{{{digits}}}$")),
        Shape::Date => pattern(DATE),
        Shape::Instant => pattern(INSTANT),
        Shape::Duration => pattern(DURATION),
        Shape::WindowEnd => pattern(WINDOW_END),
        Shape::Requirement => pattern(REQUIREMENT),
        Shape::Opening => pattern(OPENING),
        Shape::Zone => pattern(ZONE),
        Shape::Variable => pattern(VARIABLE),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Decimal => json!({ "type": "number" }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Choice(words) => json!({ "type": "string", "enum": words }),
        Shape::List(element) => json!({ "type": "array", "items": of(element), "minItems": 1 }),
        Shape::ListOrNone(element) => json!({ "type": "array", "items": of(element) }),
        Shape::Tuple(element, count) => {
            json!({ "type": "array", "items": of(element), "minItems": count, "maxItems": count })
        }
        Shape::Map(element) => json!({
            "type": "object", "minProperties": 1, "additionalProperties": of(element),
            "propertyNames": { "pattern": IDENTIFIER },
        }),
        Shape::RawMap(element) => {
            json!({ "type": "object", "minProperties": 1, "additionalProperties": of(element) })
        }
        Shape::Record(inner) => Value::Object(record(inner)),
        Shape::OneKey(fields) => one_key(fields),
        Shape::Either(shapes) => either(shapes),
    };
    match value {
        Value::Object(schema) => schema,
        _ => unreachable!("every arm makes an object"),
    }
}

fn pattern(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

fn one_key(fields: &[Field]) -> Value {
    let properties: Map<String, Value> =
        fields.iter().map(|field| (field.name.to_owned(), documented(field))).collect();
    json!({
        "type": "object", "properties": properties, "additionalProperties": false,
        "minProperties": 1, "maxProperties": 1,
    })
}

/// An `if`/`then`/`else` chain instead of `anyOf`: a validator then speaks of the alternative that was meant.
fn either(shapes: &[Shape]) -> Value {
    let Some((first, rest)) = shapes.split_first() else { return json!(false) };
    if rest.is_empty() {
        return Value::Object(of(first));
    }
    json!({ "if": test(first), "then": of(first), "else": either(rest) })
}

/// Returns a schema that tells by form alone whether a value is meant to have this shape.
fn test(shape: &Shape) -> Value {
    match shape {
        Shape::Record(record) => match record.required_keys().first() {
            Some(key) => json!({ "type": "object", "required": [key] }),
            None => json!({ "type": "object" }),
        },
        Shape::Map(_) | Shape::RawMap(_) | Shape::OneKey(_) => json!({ "type": "object" }),
        Shape::List(_) | Shape::ListOrNone(_) | Shape::Tuple(..) => json!({ "type": "array" }),
        Shape::Choice(words) => json!({ "enum": words }),
        Shape::Integer | Shape::Decimal => json!({ "type": "number" }),
        Shape::Boolean => json!({ "type": "boolean" }),
        _ => json!({ "type": "string" }),
    }
}
