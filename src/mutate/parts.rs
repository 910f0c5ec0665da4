//! Changes of whole clauses that no single value shows: parts exchanged, bins moved, another column, another summary.

use crate::shape::Field;
use crate::text::Spanned;
use crate::yaml::{Entry, Node, NodeKind};

use super::tree::{Change, change, others, rekeyed, swapped, swapped_items, text, with, without_items};
use super::walk::Place;

/// Measures of one quantity or condition of a row.
const MEASURES: [&str; 6] = ["share", "distinct", "sum", "mean", "min", "max"];
/// What else a fact could take from the same events.
const SUMMARIES: [(&str, &[&str]); 8] = [
    ("first", &["last", "min", "max"]),
    ("last", &["first", "min", "max"]),
    ("min", &["max", "first", "last"]),
    ("max", &["min", "first", "last"]),
    ("sum", &["max", "mean"]),
    ("mean", &["max", "min"]),
    ("every", &["first", "last"]),
    ("count", &[]),
];

/// Returns whether leaving the field out says the same as what is written.
pub(super) fn is_idle(node: &Node, field: &Field, place: &Place<'_>) -> bool {
    let written = node.get(field.name).map(Node::scalar_text).unwrap_or_default();
    match (place.record, field.name) {
        ("fact", "at") => events(node).is_some_and(|source| place.names.dated_by.get(&source) == Some(&written)),
        ("fact", "credit") => written == "every_row",
        ("confidence", "level") => written == "0.95",
        ("confidence", "interval") => written == "none",
        ("change", "periods") => written == "1",
        ("period", "zone" | "week_starts" | "year_starts" | "year") => place.names.grains.is_empty(),
        ("metric", "variants") => true,
        ("variant", "title" | "statement" | "notes" | "unit" | "direction") => true,
        ("derived" | "derived column", "unit") => true,
        _ => false,
    }
}

/// Returns the changes of a mapping with known keys.
pub(super) fn record(node: &Node, place: &Place<'_>) -> Vec<Change> {
    let path = place.path.as_slice();
    match place.record {
        "population" => population(node, path),
        "period" => period(node, place),
        "treatment" => variants(node, place),
        "fact" => fact(node, place),
        "window" => ends(node, path),
        "lookup" => looked_up(node, place),
        "clock" => clock(node, place),
        "spans" => spans(node, place),
        "due" => instants(node, place, "from"),
        "convert" => [columns(node, place, "rates", &["from", "rate"]), instants(node, place, "at")].concat(),
        "target" if node.get("use").is_some() => promised(node, place),
        "measure" => measure(node, path),
        "ratio" => swapped(node, path, ("of", "to")).into_iter().collect(),
        "balance" => bins(node, path),
        _ => Vec::new(),
    }
}

/// Returns the changes of a list.
pub(super) fn list(node: &Node, place: &Place<'_>) -> Vec<Change> {
    let path = place.path.as_slice();
    match place.field {
        "labels" => swapped_items(node, path),
        "exclusions" => idle_exclusions(node, path),
        "components" => weights(node, path),
        "grains" => {
            let asked = |change: &Change| place.names.grains.iter().any(|grain| change.what.ends_with(grain.as_str()));
            without_items(node, path).into_iter().filter(asked).collect()
        }
        // A day that is closed gets an hour.
        _ if closes(node, place) => {
            let hour = Node { span: node.span, kind: text("12:00-13:00") };
            vec![change(node, path, "open for an hour", NodeKind::Sequence(vec![hour]))]
        }
        _ => Vec::new(),
    }
}

fn closes(node: &Node, place: &Place<'_>) -> bool {
    place.record == "week" && node.items().is_empty()
}

fn population(node: &Node, path: &[&str]) -> Vec<Change> {
    if node.get("snapshot").is_some() {
        let renamed = Entry { key: Spanned::new("spread".into(), node.span), value: node.clone() };
        let entries = node.entries().iter().map(|entry| match entry.key.value.as_str() {
            "snapshot" => Entry { value: Node { span: node.span, kind: text("period") }, ..renamed.clone() },
            _ => entry.clone(),
        });
        return vec![change(node, path, "snapshot -> spread", NodeKind::Mapping(entries.collect()))];
    }
    Vec::new()
}

/// Cuts the periods in another zone and week, where a case cuts any.
fn period(node: &Node, place: &Place<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    if !place.names.grains.is_empty() {
        found.push(with(node, &place.path, "zone", text("Pacific/Kiritimati")));
    }
    if place.names.grains.iter().any(|grain| grain == "week") {
        found.push(with(node, &place.path, "week_starts", text("wednesday")));
    }
    found
}

fn variants(node: &Node, place: &Place<'_>) -> Vec<Change> {
    let (Some(standard), Some(variant)) = (node.get("use"), node.get("variant")) else { return Vec::new() };
    let readings = place.names.treatments.get(&standard.scalar_text()).map_or(&[][..], Vec::as_slice);
    let own = variant.scalar_text();
    readings
        .iter()
        .map(|(name, _)| name)
        .filter(|other| **other != own)
        .map(|other| with(node, &place.path, "variant", text(other)))
        .collect()
}

/// Returns the source of events behind a fact.
fn events(node: &Node) -> Option<String> {
    let summary = |entry: &&Entry| {
        entry.key.value == "exists" || SUMMARIES.iter().any(|(summary, _)| *summary == entry.key.value)
    };
    node.entries().iter().find(summary).map(|entry| entry.value.scalar_text())
}

fn fact(node: &Node, place: &Place<'_>) -> Vec<Change> {
    let path = place.path.as_slice();
    let mut found = Vec::new();
    let Some(source) = events(node) else { return found };
    let dated = place.names.dated_by.get(&source).cloned().unwrap_or_default();
    let own = node.get("at").map_or(dated, Node::scalar_text);
    // The instant that events are ordered by is the smallest for the first of them.
    let is_ordered = node.get("value").is_some_and(|value| value.scalar_text() == own);
    let same = |pair: &(&str, &str)| is_ordered && [("first", "min"), ("last", "max")].contains(pair);
    for (summary, others) in SUMMARIES.iter().filter(|(summary, _)| node.get(summary).is_some()) {
        let others = others.iter().filter(|other| !same(&(summary, other)) && !same(&(other, summary)));
        found.extend(others.map(|other| rekeyed(node, path, summary, other)));
    }
    let instants = place.names.instants(&source).into_iter().filter(|other| *other != own);
    found.extend(instants.map(|other| with(node, path, "at", text(&other))));
    found.extend(other_columns(node, place, "value", &source));
    found
}

/// Puts the other columns of the same type in place of the one that is all of the expression under `key`.
fn other_columns(node: &Node, place: &Place<'_>, key: &str, source: &str) -> Vec<Change> {
    let Some(own) = node.get(key).map(Node::scalar_text) else { return Vec::new() };
    let like = place.names.like(source, &own).into_iter().filter(|other| *other != own);
    like.map(|other| with(node, &place.path, key, text(&other))).collect()
}

/// Puts other columns of the source named under `source` in place of those under `keys`.
fn columns(node: &Node, place: &Place<'_>, source: &str, keys: &[&str]) -> Vec<Change> {
    let source = node.get(source).map(Node::scalar_text).unwrap_or_default();
    keys.iter().flat_map(|key| other_columns(node, place, key, &source)).collect()
}

fn instants(node: &Node, place: &Place<'_>, key: &str) -> Vec<Change> {
    other_columns(node, place, key, &place.source)
}

/// Flips whether each end of a window belongs to it.
fn ends(node: &Node, path: &[&str]) -> Vec<Change> {
    let Some(ends) = node.get("ends") else { return Vec::new() };
    let mut found = Vec::new();
    for (place, key) in ["from", "to"].iter().enumerate() {
        // Without a limit there is no edge.
        if node.get(key).and_then(Node::as_text) == Some("unbounded") {
            continue;
        }
        let mut items = ends.items().to_vec();
        let other = if items[place].as_text() == Some("inclusive") { "exclusive" } else { "inclusive" };
        items[place].kind = text(other);
        found.push(change(node, path, &format!("{key} {other}"), with_ends(node, items)));
    }
    found
}

fn with_ends(node: &Node, items: Vec<Node>) -> NodeKind {
    let mut entries = node.entries().to_vec();
    for entry in entries.iter_mut().filter(|entry| entry.key.value == "ends") {
        entry.value.kind = NodeKind::Sequence(items.clone());
    }
    NodeKind::Mapping(entries)
}

fn looked_up(node: &Node, place: &Place<'_>) -> Vec<Change> {
    let mut found = columns(node, place, "lookup", &["value"]);
    let source = node.get("lookup").map(Node::scalar_text).unwrap_or_default();
    if let Some(version) = node.get("in_force") {
        found.extend(instants(version, place, "at"));
        found.extend(["from", "until"].iter().flat_map(|key| other_columns(version, place, key, &source)));
    }
    found
}

fn clock(node: &Node, place: &Place<'_>) -> Vec<Change> {
    let mut found: Vec<Change> = swapped(node, &place.path, ("from", "to")).into_iter().collect();
    found.extend(["from", "to"].iter().flat_map(|key| instants(node, place, key)));
    found
}

fn spans(node: &Node, place: &Place<'_>) -> Vec<Change> {
    let source = node.get("spans").map(Node::scalar_text).unwrap_or_default();
    let mut found = columns(node, place, "spans", &["starts", "ends"]);
    let starts = node.get("starts").map(Node::scalar_text).unwrap_or_default();
    let Some(ends) = node.get("ends") else { return found };
    if ends.as_text() == Some("next_event") {
        let instants = place.names.instants(&source).into_iter().filter(|other| *other != starts);
        found.extend(instants.map(|other| with(node, &place.path, "ends", text(&other))));
    } else {
        found.push(with(node, &place.path, "ends", text("next_event")));
    }
    found
}

/// Exchanges the column of a table of targets, and what its keys are found by.
fn promised(node: &Node, place: &Place<'_>) -> Vec<Change> {
    let standard = node.get("use").map(Node::scalar_text).unwrap_or_default();
    let columns = place.names.targets.get(&standard).map_or(&[][..], Vec::as_slice);
    let mut found = node.get("column").map(|column| others(column, &place.path, columns)).unwrap_or_default();
    let Some(by) = node.get("by") else { return found };
    let keys: Vec<&str> = by.entries().iter().map(|entry| entry.key.value.as_str()).collect();
    found.extend(keys.windows(2).filter_map(|pair| swapped(by, &place.path, (pair[0], pair[1]))));
    found
}

fn measure(node: &Node, path: &[&str]) -> Vec<Change> {
    let Some(entry) = node.entries().first().filter(|entry| MEASURES.contains(&entry.key.value.as_str())) else {
        return Vec::new();
    };
    let others = MEASURES.iter().filter(|other| **other != entry.key.value);
    others.map(|other| rekeyed(node, path, &entry.key.value, other)).collect()
}

/// Moves each edge between two bins of a scale.
fn bins(node: &Node, path: &[&str]) -> Vec<Change> {
    let bounds = |key: &str| {
        let items = node.get(key)?.items();
        Some((items.first()?.scalar_text().parse::<i64>().ok()?, items.get(1)?.scalar_text().parse::<i64>().ok()?))
    };
    let mut bins: Vec<(&str, (i64, i64))> =
        ["plus", "neutral", "minus"].into_iter().filter_map(|key| Some((key, bounds(key)?))).collect();
    bins.sort_by_key(|(_, bounds)| *bounds);
    let mut found = Vec::new();
    for pair in bins.windows(2) {
        let [(low, (from, edge)), (high, (above, to))] = [pair[0], pair[1]];
        for step in [-1, 1] {
            let half = bin(node, low, (from, edge + step));
            let whole = bin(&half, high, (above + step, to));
            found.push(change(node, path, &format!("{low} ends at {}", edge + step), whole.kind));
        }
    }
    found.extend(swapped(node, path, ("plus", "minus")));
    found
}

fn bin(node: &Node, key: &str, (from, to): (i64, i64)) -> Node {
    let mut entries = node.entries().to_vec();
    for entry in entries.iter_mut().filter(|entry| entry.key.value == key) {
        let number = |value: i64| Node { span: node.span, kind: NodeKind::Integer(value) };
        entry.value.kind = NodeKind::Sequence(vec![number(from), number(to)]);
    }
    Node { span: node.span, kind: NodeKind::Mapping(entries) }
}

/// Exchanges the weights of each two neighbours.
fn weights(node: &Node, path: &[&str]) -> Vec<Change> {
    let weight = |place: usize| node.items()[place].get("weight").cloned();
    let mut found = Vec::new();
    for place in 1..node.items().len() {
        let (Some(one), Some(other)) = (weight(place - 1), weight(place)) else { continue };
        if one.kind == other.kind {
            continue;
        }
        let mut items = node.items().to_vec();
        for (item, weight) in [(place - 1, &other), (place, &one)] {
            items[item].kind = with_weight(&items[item], weight);
        }
        found.push(change(
            node,
            path,
            &format!("weights {place} and {} exchanged", place + 1),
            NodeKind::Sequence(items),
        ));
    }
    found
}

fn with_weight(node: &Node, weight: &Node) -> NodeKind {
    let mut entries = node.entries().to_vec();
    for entry in entries.iter_mut().filter(|entry| entry.key.value == "weight") {
        entry.value.kind = weight.kind.clone();
    }
    NodeKind::Mapping(entries)
}

/// Puts an exclusion that never claims a row in place of each, so that its column stays.
fn idle_exclusions(node: &Node, path: &[&str]) -> Vec<Change> {
    let idle = |place: usize| {
        let mut items = node.items().to_vec();
        let (span, id) = (items[place].span, items[place].get("use").or(items[place].get("id")));
        let id = id.map(Node::scalar_text).unwrap_or_default();
        let texts = [("id", id.as_str()), ("where", "1 = 2"), ("reason", "None."), ("approved_by", "nobody")];
        let entries = texts.iter().chain(&[("expires", "2099-12-31")]).map(|(key, value)| Entry {
            key: Spanned::new((*key).into(), span),
            value: Node { span, kind: text(value) },
        });
        items[place].kind = NodeKind::Mapping(entries.collect());
        change(node, path, &format!("with an idle {id}"), NodeKind::Sequence(items)).at(span)
    };
    (0..node.items().len()).map(idle).collect()
}
