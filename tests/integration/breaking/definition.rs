//! Changes of definition files, made on their tree: each clause that can move a number, dropped, moved or exchanged.

use etalon::text::{Span, Spanned};
use etalon::value::Duration;
use etalon::yaml::{Entry, Node, NodeKind, Style};

use super::expression::{self, moved};

/// One change of a definition.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// What is changed, as `exclusions.1 dropped`.
    pub(super) what: String,
    /// Where it is written.
    pub(super) span: Span,
    /// The changed tree.
    pub(super) node: Node,
}

/// What a change needs to know beyond the file.
#[derive(Debug, Default)]
pub(super) struct Surroundings {
    /// The instant columns of the source whose rows are counted.
    pub(super) instants: Vec<String>,
    /// The instant columns of each source, without the one that dates its rows.
    pub(super) other_instants: Vec<(String, Vec<String>)>,
    /// The readings of each treatment.
    pub(super) treatments: Vec<(String, Vec<String>)>,
    /// The grains that cases ask for.
    pub(super) grains: Vec<String>,
}

const EXPRESSIONS: [&str; 5] = ["where", "exclude_when", "resolved_when", "counts_when", "succeeds_when"];
const MEASURES: [&str; 6] = ["share", "distinct", "sum", "mean", "min", "max"];
const POLICIES: [&str; 3] = ["drop", "as_failure", "as_its_own_value"];
const MATURITIES: [&str; 3] = ["wait", "provisional", "ignore"];
/// Keys that word a definition or say how its number is read; they move no number.
const WORDING: [&str; 24] = [
    "metric",
    "standard",
    "version",
    "status",
    "effective_from",
    "title",
    "statement",
    "purpose",
    "assumptions",
    "notes",
    "owner",
    "role",
    "unit",
    "direction",
    "review_by",
    "guardrails",
    "targets",
    "because",
    "reason",
    "approved_by",
    "expires",
    "on",
    "parameters",
    "kind",
];

/// Returns every change of the definition `root`.
pub(super) fn changes(root: &Node, around: &Surroundings) -> Vec<Change> {
    of(root, &[], around)
}

fn of(node: &Node, path: &[&str], around: &Surroundings) -> Vec<Change> {
    let mut found = own(node, path, around);
    for (place, entry) in node.entries().iter().enumerate() {
        let key = entry.key.value.as_str();
        if WORDING.contains(&key) && !(path == ["treatment"] || key == "on") {
            continue;
        }
        let path: Vec<&str> = path.iter().copied().chain([key]).collect();
        found.extend(of(&entry.value, &path, around).into_iter().map(|change| {
            let mut entries = node.entries().to_vec();
            entries[place].value = change.node;
            Change { node: Node { kind: NodeKind::Mapping(entries), ..node.clone() }, ..change }
        }));
    }
    for (place, item) in node.items().iter().enumerate() {
        let number = place.to_string();
        let path: Vec<&str> = path.iter().copied().chain([number.as_str()]).collect();
        found.extend(of(item, &path, around).into_iter().map(|change| {
            let mut items = node.items().to_vec();
            items[place] = change.node;
            Change { node: Node { kind: NodeKind::Sequence(items), ..node.clone() }, ..change }
        }));
    }
    found
}

/// Returns the changes that concern this very node.
fn own(node: &Node, path: &[&str], around: &Surroundings) -> Vec<Change> {
    let Some(key) = path.last() else { return without(node, path, &["confidence", "privacy", "exclusions"]) };
    let above = path.len().checked_sub(2).map_or("", |place| path[place]);
    match (*key, above) {
        ("exclusions", _) => [without_items(node, path), idle_exclusions(node, path)].concat(),
        ("same" | "dimensions", _) => without_items(node, path),
        ("grains", "period") => without_asked_grains(node, path, around),
        ("period", _) => cuts(node, path, around),
        ("population", _) => [without(node, path, &["where"]), texts(node, path, around)].concat(),
        ("window", _) => window(node, path, &around.instants),
        ("treatment", _) => treatment(node, path, around),
        ("measure", _) => measure(node, path),
        ("maturity", _) => maturity(node, path),
        (_, "missing") => others(node, path, &POLICIES),
        ("level", "confidence") => exchanged(node, path, vec!["0.94".to_owned(), "0.96".to_owned()]),
        ("min_n" | "min_cell", _) => numbers(node, path),
        ("same_instant", _) => others(node, path, &["later_in_order", "counts"]),
        (_, "facts") => fact(node, path, around),
        (key, _) if EXPRESSIONS.contains(&key) => {
            exchanged(node, path, expression::changes(node.as_text().unwrap_or_default()))
        }
        _ => Vec::new(),
    }
}

fn change(node: &Node, path: &[&str], what: &str, kind: NodeKind) -> Change {
    Change { what: format!("{} {what}", path.join(".")), span: node.span, node: Node { kind, ..node.clone() } }
}

fn text(value: &str) -> NodeKind {
    NodeKind::Text { value: value.to_owned(), style: Style::DoubleQuoted }
}

/// Puts each of `values` in place of a scalar.
fn exchanged(node: &Node, path: &[&str], values: Vec<String>) -> Vec<Change> {
    let is_number = node.number_text().is_some();
    let kind = |value: &str| if is_number { NodeKind::Number(value.to_owned()) } else { text(value) };
    let shown = |value: &str| format!("{} -> {value}", node.scalar_text());
    values.iter().map(|value| change(node, path, &shown(value), kind(value))).collect()
}

fn others(node: &Node, path: &[&str], values: &[&str]) -> Vec<Change> {
    let own = node.scalar_text();
    exchanged(node, path, values.iter().filter(|value| **value != own).map(|value| (*value).to_owned()).collect())
}

fn numbers(node: &Node, path: &[&str]) -> Vec<Change> {
    let number: i64 = node.scalar_text().parse().expect("a whole number");
    exchanged(node, path, vec![(number - 1).to_string(), (number + 1).to_string()])
}

fn without_items(node: &Node, path: &[&str]) -> Vec<Change> {
    let dropped = |place: usize| {
        let items = node.items().iter().enumerate().filter(|(other, _)| *other != place);
        let kind = NodeKind::Sequence(items.map(|(_, item)| item.clone()).collect());
        let item = &node.items()[place];
        let shown = item.get("use").or(item.get("id")).unwrap_or(item).scalar_text();
        Change { span: item.span, ..change(node, path, &format!("without {shown}"), kind) }
    };
    (0..node.items().len()).map(dropped).collect()
}

/// Puts an exclusion that never claims a row in place of each, so that its column stays.
fn idle_exclusions(node: &Node, path: &[&str]) -> Vec<Change> {
    let idle = |place: usize| {
        let mut items = node.items().to_vec();
        let (span, id) = (items[place].span, items[place].get("use").or(items[place].get("id")));
        let id = id.map(Node::scalar_text).unwrap_or_default();
        let texts = [("id", id.as_str()), ("where", "1 = 2"), ("reason", "None."), ("approved_by", "nobody")];
        let entries = texts.iter().chain(&[("expires", "2099-12-31")]).map(|(key, value)| Entry {
            key: Spanned::new((*key).to_owned(), span),
            value: Node { span, kind: text(value) },
        });
        items[place].kind = NodeKind::Mapping(entries.collect());
        Change { span, ..change(node, path, &format!("with an idle {id}"), NodeKind::Sequence(items)) }
    };
    (0..node.items().len()).map(idle).collect()
}

/// Drops each of `keys` that is there.
fn without(node: &Node, path: &[&str], keys: &[&str]) -> Vec<Change> {
    let present = keys.iter().filter(|key| node.get(key).is_some());
    let dropped = present.map(|key| {
        let entries = node.entries().iter().filter(|entry| entry.key.value != **key).cloned().collect();
        change(node, path, &format!("without {key}"), NodeKind::Mapping(entries))
    });
    dropped.collect()
}

/// Puts `value` under `key`, which need not be there.
fn with(node: &Node, path: &[&str], key: &str, value: NodeKind) -> Change {
    let shown = match &value {
        NodeKind::Text { value, .. } => value.clone(),
        _ => String::new(),
    };
    let mut entries: Vec<Entry> = node.entries().iter().filter(|entry| entry.key.value != key).cloned().collect();
    let span = node.get(key).map_or(node.span, |old| old.span);
    let key = Spanned::new(key.to_owned(), span);
    let what = format!("{} -> {shown}", key.value);
    entries.push(Entry { key, value: Node { span, kind: value } });
    Change { span, ..change(node, path, &what, NodeKind::Mapping(entries)) }
}

fn texts(node: &Node, path: &[&str], around: &Surroundings) -> Vec<Change> {
    anchors(node, path, "anchor", &around.instants)
}

/// Puts every other instant in place of the one under `key`.
fn anchors(node: &Node, path: &[&str], key: &str, instants: &[String]) -> Vec<Change> {
    let Some(own) = node.get(key) else { return Vec::new() };
    let own = own.scalar_text();
    instants.iter().filter(|other| **other != own).map(|other| with(node, path, key, text(other))).collect()
}

fn without_asked_grains(node: &Node, path: &[&str], around: &Surroundings) -> Vec<Change> {
    let asked = |change: &Change| around.grains.iter().any(|grain| change.what.ends_with(&format!(" {grain}")));
    without_items(node, path).into_iter().filter(asked).collect()
}

/// Cuts the periods in another zone and week, where a case cuts any.
fn cuts(node: &Node, path: &[&str], around: &Surroundings) -> Vec<Change> {
    let mut found = Vec::new();
    if !around.grains.is_empty() {
        found.push(with(node, path, "zone", text("Pacific/Kiritimati")));
    }
    if around.grains.iter().any(|grain| grain == "week") {
        found.push(with(node, path, "week_starts", text("wednesday")));
    }
    found
}

fn window(node: &Node, path: &[&str], instants: &[String]) -> Vec<Change> {
    let mut found = anchors(node, path, "anchor", instants);
    for key in ["from", "to"] {
        let Ok(length) = node.get(key).map(Node::scalar_text).unwrap_or_default().parse::<Duration>() else { continue };
        found.extend(moved(length).iter().map(|other| with(node, path, key, text(&other.to_string()))));
    }
    let ends = node.get("ends").expect("a window has ends");
    for (place, key) in ["from", "to"].iter().enumerate() {
        // Without a limit there is no edge.
        if node.get(key).and_then(Node::as_text) == Some("unbounded") {
            continue;
        }
        let mut items = ends.items().to_vec();
        let other = if items[place].as_text() == Some("inclusive") { "exclusive" } else { "inclusive" };
        items[place].kind = text(other);
        let mut flipped = with(node, path, "ends", NodeKind::Sequence(items));
        flipped.what.push_str(&format!("{place} {other}"));
        found.push(flipped);
    }
    found
}

fn fact(node: &Node, path: &[&str], around: &Surroundings) -> Vec<Change> {
    let mut found = without(node, path, &["where"]);
    let summaries = ["first", "last", "min", "max"];
    let Some(own) = node
        .entries()
        .iter()
        .find(|entry| entry.key.value == "exists" || summaries.contains(&entry.key.value.as_str()))
    else {
        return found;
    };
    for other in summaries.iter().filter(|other| own.key.value != "exists" && **other != own.key.value) {
        let mut entries = node.entries().to_vec();
        let place = entries.iter().position(|entry| entry.key.value == own.key.value).expect("found above");
        entries[place].key.value = (*other).to_owned();
        found.push(change(node, path, &format!("{} -> {other}", own.key.value), NodeKind::Mapping(entries)));
    }
    let source = own.value.scalar_text();
    if let Some((_, instants)) = around.other_instants.iter().find(|(name, _)| *name == source) {
        found.extend(instants.iter().map(|other| with(node, path, "at", text(other))));
    }
    found
}

fn treatment(node: &Node, path: &[&str], around: &Surroundings) -> Vec<Change> {
    let standard = node.get("use").map(Node::scalar_text).unwrap_or_default();
    let own = node.get("variant").map(Node::scalar_text).unwrap_or_default();
    let readings = around.treatments.iter().find(|(name, _)| *name == standard).map(|(_, names)| names.as_slice());
    let others = readings.unwrap_or_default().iter().filter(|other| **other != own);
    let mut found: Vec<Change> = others.map(|other| with(node, path, "variant", text(other))).collect();
    let Some(values) = node.get("with") else { return found };
    for entry in values.entries() {
        let Ok(length) = entry.value.scalar_text().parse::<Duration>() else { continue };
        for other in moved(length) {
            let moved = with(values, path, &entry.key.value, text(&other.to_string()));
            let mut changed = with(node, path, "with", moved.node.kind);
            changed.what = moved.what;
            found.push(changed);
        }
    }
    found
}

fn measure(node: &Node, path: &[&str]) -> Vec<Change> {
    let mut found = Vec::new();
    for entry in node.entries() {
        let (key, value) = (entry.key.value.as_str(), &entry.value);
        let put = |key: &str, value: NodeKind| {
            let key = Spanned::new(key.to_owned(), entry.key.span);
            NodeKind::Mapping(vec![Entry { key, value: Node { span: value_span(entry), kind: value } }])
        };
        if MEASURES.contains(&key) {
            for other in MEASURES.iter().filter(|other| **other != key) {
                found.push(change(node, path, &format!("{key} -> {other}"), put(other, value.kind.clone())));
            }
            for other in expression::changes(value.as_text().unwrap_or_default()) {
                found.push(change(node, path, &format!("{} -> {other}", value.scalar_text()), put(key, text(&other))));
            }
        }
        if key == "formula" {
            for other in arithmetic(value.as_text().unwrap_or_default()) {
                found.push(change(node, path, &format!("{} -> {other}", value.scalar_text()), put(key, text(&other))));
            }
        }
        if key == "ratio" {
            for side in ["of", "to"] {
                let operand = value.get(side).map(Node::scalar_text).unwrap_or_default();
                for other in expression::changes(&operand) {
                    let changed = with(value, path, side, text(&other));
                    found.push(change(node, path, &changed.what, put(key, changed.node.kind)));
                }
            }
        }
        if key == "unweighted_mean" {
            for other in ["hour", "day", "week", "month"] {
                if value.get("each").map(Node::scalar_text).as_deref() != Some(other) {
                    let changed = with(value, path, "each", text(other));
                    found.push(change(node, path, &changed.what, put(key, changed.node.kind)));
                }
            }
        }
    }
    found
}

fn value_span(entry: &Entry) -> Span {
    entry.value.span
}

/// Exchanges each operator of a formula.
fn arithmetic(formula: &str) -> Vec<String> {
    let pairs = [(" / ", " * "), (" * ", " / "), (" + ", " - "), (" - ", " + ")];
    pairs
        .iter()
        .flat_map(|(own, other)| {
            formula.match_indices(own).map(move |(at, _)| format!("{}{other}{}", &formula[..at], &formula[at + 3..]))
        })
        .collect()
}

fn maturity(node: &Node, path: &[&str]) -> Vec<Change> {
    let Some(policy) = node.get("policy") else { return others(node, path, &MATURITIES) };
    let own = policy.scalar_text();
    let mut found: Vec<Change> =
        MATURITIES.iter().filter(|other| **other != own).map(|other| with(node, path, "policy", text(other))).collect();
    let length = node.get("closes_after").map(Node::scalar_text).unwrap_or_default();
    for other in length.parse::<Duration>().map(moved).into_iter().flatten() {
        found.push(with(node, path, "closes_after", text(&other.to_string())));
    }
    found
}

/// Writes a tree as YAML in one line.
pub(super) fn written(node: &Node) -> String {
    match &node.kind {
        NodeKind::Null => "null".to_owned(),
        NodeKind::Sequence(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        NodeKind::Mapping(entries) => {
            let pair = |entry: &Entry| format!("{}: {}", quoted(&entry.key.value), written(&entry.value));
            format!("{{{}}}", entries.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
        NodeKind::Text { value, .. } => quoted(value),
        _ => node.scalar_text(),
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("text is JSON")
}

/// Writes a definition as YAML, one line for each of its keys.
pub(super) fn file(root: &Node) -> String {
    let line = |entry: &Entry| format!("{}: {}\n", entry.key.value, written(&entry.value));
    root.entries().iter().map(line).collect()
}
