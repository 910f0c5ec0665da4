//! A definition, and the sources and standards it uses, with every key the format knows: what is left out stands in its
//! place with what leaving it out means, in parentheses where that is no value.

use serde_json::{Map, Value as Json};

use crate::catalog::Catalog;
use crate::definition::Reading;
use crate::diagnostic::Diagnostics;
use crate::format::{COLUMN, METRIC, SOURCE, STANDARD};
use crate::plan::{Awaits, Body, Bound, MaturityPolicy, Plan, Relate};
use crate::shape::{Field, Need, Record, Shape};
use crate::source::{FileLayout, Source};
use crate::text::{TextId, Texts};
use crate::value::Duration;
use crate::yaml::{self, Node};

/// Defaults of keys that stand for another form of the same thing; the form that was chosen says it all.
const OTHER_FORMS: [&str; 6] = [
    "another placement",
    "another summary",
    "for `exists` and `count`",
    "an upper target",
    "a lower target",
    "for other kinds",
];

/// Writes the definition of a metric, then each source and standard it uses, as YAML documents.
pub fn expanded(catalog: &Catalog, reading: &Reading, plan: &Plan, texts: &Texts) -> String {
    let mut text = document(&metric(reading, plan));
    for name in components(plan) {
        let Some((plan, (_, reading))) = catalog.plans.get(name).zip(catalog.reading(name)) else { continue };
        let file = &texts.get(reading.node.span.text).name;
        text.push_str(&format!("---\n# {name}, {file}\n{}", document(&metric(reading, plan))));
    }
    for name in plan.sources() {
        let Some(file) = catalog.registry.sources.get(name) else { continue };
        let Some(written) = read(texts, file.span.text) else { continue };
        let mut source = with_defaults(&SOURCE, &written);
        resolve_source(&mut source, &written, &file.source);
        text.push_str(&next(texts, file.span.text, &source));
    }
    for name in standards(catalog, reading, plan) {
        let Some(standard) = catalog.registry.find_standard(name) else { continue };
        let Some(written) = read(texts, standard.name.span.text) else { continue };
        text.push_str(&next(texts, standard.name.span.text, &with_defaults(&STANDARD, &written)));
    }
    text
}

fn document(json: &Json) -> String {
    serde_yaml::to_string(json).expect("JSON is YAML")
}

fn next(texts: &Texts, id: TextId, json: &Json) -> String {
    format!("---\n# {}\n{}", texts.get(id).name, document(json))
}

/// Reads a file again, as JSON; it has been read before, so that its findings are known.
fn read(texts: &Texts, id: TextId) -> Option<Json> {
    yaml::parse(texts, id, &mut Diagnostics::new()).map(|node| node.to_json())
}

fn metric(reading: &Reading, plan: &Plan) -> Json {
    let mut metric = with_defaults(&METRIC, &reading.node.to_json());
    resolve(&mut metric, plan);
    metric
}

/// Returns the names of the metrics a metric is made of, and of those they are made of.
fn components(plan: &Plan) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for part in plan.body.parts() {
        names.push(&part.metric);
        names.extend(components(part));
    }
    names
}

/// Returns the names of the standards a metric and its components use, in the order of their use, each once.
fn standards<'a>(catalog: &'a Catalog, reading: &'a Reading, plan: &'a Plan) -> Vec<&'a str> {
    let parts = components(plan).into_iter().filter_map(|name| catalog.reading(name)).map(|(_, reading)| reading);
    let mut names: Vec<&str> = Vec::new();
    for node in [reading].into_iter().chain(parts).map(|reading| &reading.node) {
        let listed = node.get("exclusions").map_or(&[][..], Node::items).iter();
        let uses = listed.chain(node.get("resolution")).chain(node.get("treatment"));
        for name in uses.filter_map(|part| part.get("use")?.as_text()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Puts in what the definition takes from elsewhere or what follows from it.
fn resolve(metric: &mut Json, plan: &Plan) {
    put(metric, "period", "zone", plan.calendar.zone.clone());
    put(metric, "period", "week_starts", plan.calendar.week_starts.name());
    if let Some(wilson) = &plan.publish.interval {
        put(metric, "confidence", "level", Json::from(wilson.level.to_f64()));
    } else if metric["confidence"]["level"] == 0.95 {
        put(metric, "confidence", "level", "(no interval is asked for)");
    }
    let Body::Measured(pipeline) = &plan.body else { return };
    for (name, relate) in pipeline.relates() {
        if let Some(fact) = metric.get_mut("facts").and_then(|facts| facts.get_mut(name)) {
            resolve_fact(fact, relate, &pipeline.scan.source);
        }
    }
    if let ([mature], Some(object)) = (pipeline.mature.as_slice(), metric.as_object_mut())
        && let Awaits::Closed { closes } = &mature.awaits
        && let Some(anchor) = closes.columns().first()
        && let Some(after) = closes.shifted_from(anchor)
    {
        let policy = match mature.policy {
            MaturityPolicy::Wait => "wait",
            MaturityPolicy::Provisional => "provisional",
        };
        let full = serde_json::json!({ "policy": policy, "after": anchor, "closes_after": after.to_string() });
        object.insert("maturity".to_owned(), full);
    }
}

fn resolve_fact(fact: &mut Json, relate: &Relate, population: &str) {
    let same: Map<String, Json> =
        relate.same.iter().map(|(row, event)| (row.clone(), Json::from(event.as_str()))).collect();
    let Some(fact) = fact.as_object_mut() else { return };
    fact.insert("at".to_owned(), Json::from(relate.event_at.as_str()));
    fact.insert("same".to_owned(), Json::Object(same));
    let offset = |bound: &Bound| bound.offset(&relate.anchor).unwrap_or(Duration::ZERO);
    let starts = relate
        .window
        .from
        .as_ref()
        .is_none_or(|from| offset(from) < Duration::ZERO || offset(from) == Duration::ZERO && from.inclusive);
    let ends = relate
        .window
        .to
        .as_ref()
        .is_none_or(|to| offset(to) > Duration::ZERO || offset(to) == Duration::ZERO && to.inclusive);
    if starts && ends {
        let counts = match (relate.window.same_instant_later_in_order, relate.events.source == population) {
            (true, _) => "later_in_order",
            (false, true) => "counts",
            (false, false) => "(counts: the events are of another source)",
        };
        fact.insert("same_instant".to_owned(), Json::from(counts));
    }
}

fn resolve_source(document: &mut Json, written: &Json, source: &Source) {
    put(document, "location", "table", source.table.as_str());
    match (source.layout, document.get_mut("location").and_then(Json::as_object_mut)) {
        (FileLayout::Csv { delimiter }, Some(location)) => {
            location.insert("delimiter".to_owned(), Json::from(char::from(delimiter).to_string()));
        }
        (_, Some(location)) => {
            location.shift_remove("delimiter");
        }
        (_, None) => {}
    }
    if let Some(object) = document.as_object_mut() {
        object.insert("order".to_owned(), Json::from(source.order.clone()));
    }
    let Some(columns) = document.get_mut("columns").and_then(Json::as_object_mut) else { return };
    for (name, column) in columns {
        let Some(column) = column.as_object_mut() else { continue };
        let ty = column.get("type").and_then(Json::as_str).unwrap_or_default().to_owned();
        let is_written = |key: &str| !written["columns"][name.as_str()][key].is_null();
        for field in COLUMN.fields.iter().filter(|field| !is_written(field.name) && !suits(field.name, &ty)) {
            column.shift_remove(field.name);
        }
        if !is_written("from") {
            column.insert("from".to_owned(), Json::from(name.as_str()));
        }
    }
}

/// Tells whether a key of a column means anything for its type.
fn suits(key: &str, ty: &str) -> bool {
    match key {
        "values" => ty == "text",
        "scale" | "currency_in" => ty == "decimal",
        "range" | "unit" => matches!(ty, "integer" | "decimal" | "duration"),
        "at_least" | "at_most" => matches!(ty, "integer" | "decimal" | "duration"),
        "format" | "century" => matches!(ty, "date" | "instant"),
        "next_day_if_before" => ty == "instant",
        _ => true,
    }
}

fn put(document: &mut Json, part: &str, key: &str, value: impl Into<Json>) {
    if let Some(Json::Object(object)) = document.get_mut(part) {
        object.insert(key.to_owned(), value.into());
    }
}

fn with_defaults(record: &Record, value: &Json) -> Json {
    let empty = Map::new();
    let written = value.as_object().unwrap_or(&empty);
    let mut full = Map::new();
    for field in record.fields.iter().filter(|field| field.name != "variants" || record.name != "metric") {
        let json = match (written.get(field.name), field.need) {
            (Some(inner), _) => expand(&field.shape, inner),
            (None, Need::Optional(default)) if OTHER_FORMS.contains(&default) => continue,
            (None, Need::Optional(default)) => left_out(field, default),
            (None, Need::Required) => continue,
        };
        full.insert(field.name.to_owned(), json);
    }
    Json::Object(full)
}

/// Returns a default: the value itself where it is one, else what leaving the key out means.
fn left_out(field: &Field, default: &str) -> Json {
    match field.shape {
        Shape::Boolean => default.parse().map_or_else(|_| said(default), Json::Bool),
        Shape::Choice(words) if words.contains(&default) => Json::from(default),
        Shape::Integer => default.parse::<i64>().map_or_else(|_| said(default), Json::from),
        Shape::Decimal => default.parse::<f64>().map_or_else(|_| said(default), Json::from),
        _ => said(default),
    }
}

fn said(default: &str) -> Json {
    // "Only where nothing has to be waited for" says when a key may be left out; here it is left out.
    Json::from(format!("({})", default.strip_prefix("only where ").unwrap_or(default)))
}

fn expand(shape: &Shape, value: &Json) -> Json {
    match (shape, value) {
        (Shape::Record(record), Json::Object(_)) => with_defaults(record, value),
        (Shape::List(element), Json::Array(items)) => items.iter().map(|item| expand(element, item)).collect(),
        (Shape::Map(element) | Shape::RawMap(element), Json::Object(entries)) => {
            Json::Object(entries.iter().map(|(key, inner)| (key.clone(), expand(element, inner))).collect())
        }
        (Shape::Either(shapes), Json::Object(object)) => {
            let meant = shapes.iter().find_map(|shape| match shape {
                Shape::Record(record) if object.contains_key(record.required_keys()[0]) => Some(record),
                _ => None,
            });
            meant.map_or_else(|| value.clone(), |record| with_defaults(record, value))
        }
        _ => value.clone(),
    }
}
