//! Other values for a field: those it has elsewhere, the next of its shape, fewer items, or none at all.

use std::collections::{BTreeMap, BTreeSet};

use etalon::catalog::Document;
use etalon::format::{FileKind, settled};
use etalon::shape::{Need, Shape};
use etalon::text::{Span, Spanned};
use etalon::value::{Date, Duration};
use etalon::yaml::{Entry, Node, NodeKind, Style};
use jiff::ToSpan;

use super::carriers::Carrier;
use super::fields::{FieldId, Occurrence};

/// Values of one field that are tried in each place, at most.
const BORROWED: usize = 24;

/// A definition with one field changed.
pub(super) struct Mutant {
    /// What was changed.
    pub(super) what: String,
    /// Its tree.
    pub(super) root: Node,
    /// Definitions that it names and that there were not.
    pub(super) beside: Vec<Document>,
}

/// The values that each field has somewhere.
pub(super) struct Values(BTreeMap<FieldId, Vec<Node>>);

impl Values {
    /// Returns the values of a field.
    pub(super) fn of(&self, field: &FieldId) -> &[Node] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }
}

/// Collects the values that each field has somewhere, each once.
pub(super) fn values<'a>(occurrences: impl Iterator<Item = &'a Occurrence>) -> Values {
    let mut values: BTreeMap<FieldId, Vec<Node>> = BTreeMap::new();
    for occurrence in occurrences {
        let known = values.entry(occurrence.field.clone()).or_default();
        if known.len() < BORROWED && !known.iter().any(|node| said(node) == said(&occurrence.value)) {
            known.push(occurrence.value.clone());
        }
    }
    Values(values)
}

/// Tells whether a field holds only other fields, which are tried one by one.
pub(super) fn is_container(shape: &Shape) -> bool {
    match shape {
        Shape::Record(_) | Shape::OneKey(_) => true,
        Shape::Map(inner) | Shape::RawMap(inner) | Shape::List(inner) | Shape::ListOrNone(inner) => is_container(inner),
        Shape::Either(shapes) => shapes.iter().any(is_container),
        _ => false,
    }
}

/// Tells whether a field has only one word, so that there is nothing to change.
pub(super) fn is_single_word(shape: &Shape) -> bool {
    matches!(shape, Shape::Choice(words) if words.len() == 1)
}

/// Returns the definition with the field changed in every way; whether it has a meaning then is not known.
pub(super) fn mutants(carrier: &Carrier, occurrence: &Occurrence, borrowed: &[Node]) -> Vec<Mutant> {
    let document = carrier.documents().find(|document| document.object == occurrence.object).expect("its document");
    let (own, span) = (said(&occurrence.value), occurrence.value.span);
    let mut found = Vec::new();
    let mut put = |what: String, root: Node, beside: Vec<Document>| {
        found.push(Mutant { what: format!("{} {what}", occurrence.path.join(".")), root, beside });
    };
    let with = |value: Option<&Node>| replaced(&document.root, &occurrence.path, value);
    if matches!(occurrence.declared.need, Need::Optional(_)) {
        put("left out".to_owned(), with(None), Vec::new());
    }
    if is_container(&occurrence.declared.shape) {
        return found;
    }
    for (value, beside) in cloned(carrier, &occurrence.value) {
        put(format!("-> {}", short(&value)), with(Some(&value)), beside);
    }
    let shape = settled(&occurrence.declared.shape, &occurrence.value);
    for kind in others(shape, &occurrence.value, &carrier.columns(&occurrence.object)) {
        let node = Node { span, kind };
        put(format!("-> {}", short(&node)), with(Some(&node)), Vec::new());
    }
    for node in borrowed.iter().filter(|node| said(node) != own) {
        put(format!("-> {}", short(node)), with(Some(&placed(node, span))), Vec::new());
    }
    for (what, root) in exchanged(&document.root, &occurrence.path) {
        put(what, root, Vec::new());
    }
    for (what, root) in everywhere(&document.root, &occurrence.value, shape) {
        put(what, root, Vec::new());
    }
    found
}

/// Exchanges a word for another wherever the definition has it: some have to stand in two places.
fn everywhere(root: &Node, value: &Node, shape: &Shape) -> Vec<(String, Node)> {
    let Shape::Choice(words) = shape else { return Vec::new() };
    let Some(own) = value.as_text() else { return Vec::new() };
    let other = words.iter().filter(|word| **word != own);
    other.map(|word| (format!("-> {word} everywhere"), rewritten(root, own, word))).collect()
}

fn rewritten(root: &Node, own: &str, other: &str) -> Node {
    let kind = match &root.kind {
        NodeKind::Text { value, .. } if value == own => text(other),
        NodeKind::Sequence(items) => NodeKind::Sequence(items.iter().map(|it| rewritten(it, own, other)).collect()),
        NodeKind::Mapping(entries) => {
            let entry = |entry: &Entry| Entry { key: entry.key.clone(), value: rewritten(&entry.value, own, other) };
            NodeKind::Mapping(entries.iter().map(entry).collect())
        }
        scalar => scalar.clone(),
    };
    Node { span: root.span, kind }
}

/// Exchanges a value with those of its neighbours in the record, and with that of the next item of a list of records.
fn exchanged(root: &Node, path: &[String]) -> Vec<(String, Node)> {
    let Some((field, above)) = path.split_last() else { return Vec::new() };
    let Some(own) = at(root, path) else { return Vec::new() };
    let mut others: Vec<Vec<String>> = Vec::new();
    let beside = at(root, above).map_or(&[][..], Node::entries);
    let fellows = beside.iter().filter(|entry| entry.key.value != *field);
    others.extend(fellows.map(|entry| [above, std::slice::from_ref(&entry.name())].concat()));
    if let Some((number, list)) = above.split_last()
        && let Ok(number) = number.parse::<usize>()
    {
        others.push([list, &[(number + 1).to_string(), field.clone()]].concat());
    }
    let mut found = Vec::new();
    for other in others {
        let Some(theirs) = at(root, &other).filter(|node| node.kind != own.kind) else { continue };
        let swapped = replaced(&replaced(root, path, Some(theirs)), &other, Some(own));
        found.push((format!("exchanged with {}", other.join(".")), swapped));
    }
    found
}

/// Returns the node at the end of a path.
fn at<'a>(root: &'a Node, path: &[String]) -> Option<&'a Node> {
    path.iter().try_fold(root, |node, step| match step.parse::<usize>() {
        Ok(number) if node.entries().is_empty() => node.items().get(number),
        _ => node.get(step),
    })
}

/// Where a value names a definition: the name of a copy of it that means something else, with the copy.
fn cloned(carrier: &Carrier, value: &Node) -> Vec<(Node, Vec<Document>)> {
    let Some(written) = value.as_text() else { return Vec::new() };
    let end = written.find(['.', '@']).unwrap_or(written.len());
    let (id, rest) = written.split_at(end);
    let rest = if rest.starts_with('@') { "" } else { rest };
    let copies = carrier.called(id).filter_map(|document| {
        let kind = document.object.kind;
        let name = Node { span: value.span, kind: text(format!("{id}_other")) };
        let renamed = replaced(&document.root, &[kind.head().to_owned()], Some(&name));
        let copy = carrier.remade(kind, document, changed(kind, renamed))?;
        Some((Node { span: value.span, kind: text(format!("{id}_other{rest}")) }, vec![copy]))
    });
    copies.collect()
}

/// Lets no row of the population belong.
fn without_rows(root: Node) -> Node {
    let Some(population) = root.get("population").cloned() else { return root };
    let never = Node { span: population.span, kind: text("as_of is null") };
    let mut entries = population.entries().to_vec();
    entries.push(Entry { key: Spanned::new("where".into(), population.span), value: never });
    let filtered = Node { span: population.span, kind: NodeKind::Mapping(entries) };
    replaced(&root, &["population".to_owned()], Some(&filtered))
}

/// Changes what a copy means.
fn changed(kind: FileKind, root: Node) -> Node {
    let keys: &[&[&str]] = match kind {
        FileKind::Standard => &[&["exclude_when"], &["resolved_when"], &["zone"], &["rows"]],
        FileKind::Metric => &[&["population", "where"]],
        _ => &[],
    };
    let mut root = root;
    for path in keys.iter().map(|path| path.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>()) {
        let Some(node) = at(&root, &path) else { continue };
        let written = node.scalar_text();
        let other = match path.last().map(String::as_str) {
            Some("zone") => text("Asia/Kolkata"),
            Some("rows") => match tables(&written).pop() {
                Some(other) => other,
                None => continue,
            },
            _ => text(format!("not ({written})")),
        };
        let node = Node { span: node.span, kind: other };
        root = replaced(&root, &path, Some(&node));
    }
    if kind == FileKind::Metric && at(&root, &["population".to_owned(), "where".to_owned()]).is_none() {
        root = without_rows(root);
    }
    for entry in
        root.clone().get("variants").map_or(&[][..], Node::entries).iter().filter(|_| kind == FileKind::Standard)
    {
        let path = ["variants".to_owned(), entry.name(), "succeeds_when".to_owned()];
        let Some(node) = at(&root, &path) else { continue };
        let node = Node { span: node.span, kind: text(format!("not ({})", node.scalar_text())) };
        root = replaced(&root, &path, Some(&node));
    }
    root
}

/// Returns a value of another file as if it were written here.
fn placed(node: &Node, span: Span) -> Node {
    let kind = match &node.kind {
        NodeKind::Sequence(items) => NodeKind::Sequence(items.iter().map(|item| placed(item, span)).collect()),
        NodeKind::Mapping(entries) => {
            let entry = |entry: &Entry| Entry {
                key: Spanned::new(entry.key.value.clone(), span),
                value: placed(&entry.value, span),
            };
            NodeKind::Mapping(entries.iter().map(entry).collect())
        }
        scalar => scalar.clone(),
    };
    Node { span, kind }
}

fn short(node: &Node) -> String {
    said(node).chars().take(60).collect()
}

/// Writes a value so that equal values are equal texts.
fn said(node: &Node) -> String {
    node.to_json().to_string()
}

fn text(value: impl AsRef<str>) -> NodeKind {
    NodeKind::Text { value: value.as_ref().into(), style: Style::DoubleQuoted }
}

/// Returns other values of a shape; `columns` are names that a row may have.
fn others(shape: &Shape, node: &Node, columns: &BTreeSet<&str>) -> Vec<NodeKind> {
    let written = node.scalar_text();
    let other = |name: &&&str| **name != written;
    match shape {
        Shape::Choice(words) => words.iter().filter(other).map(|word| text(*word)).collect(),
        Shape::Text | Shape::AnyText if written.parse::<Duration>().is_ok() => vec![text("1h17m")],
        Shape::Text | Shape::AnyText => {
            let longer = bumped(&written).map(text);
            longer.into_iter().chain([" more", "_more"].map(|end| text(format!("{written}{end}")))).collect()
        }
        Shape::Identifier => columns.iter().filter(other).map(|name| text(*name)).collect(),
        Shape::Boolean => vec![NodeKind::Boolean(node.kind != NodeKind::Boolean(true))],
        Shape::Integer | Shape::Decimal => numbers(&written),
        Shape::Duration | Shape::WindowEnd => ["1d", "3h", "90m", "2 calendar_days", "unbounded"].map(text).to_vec(),
        Shape::Date => Date::parse(&written)
            .and_then(|day| day.civil().checked_add(1.day()).ok())
            .map(|day| vec![text(day.to_string())])
            .unwrap_or_default(),
        Shape::Zone => ["America/New_York", "Asia/Kolkata"].map(text).to_vec(),
        Shape::Expression => {
            let made = [format!("not ({written})"), format!("({written}) + 1"), "true".to_owned(), "1".to_owned()];
            made.map(text).into_iter().chain(columns.iter().filter(other).map(|name| text(*name))).collect()
        }
        Shape::Requirement => [">= 0.123", "<= 0.123"].map(text).to_vec(),
        Shape::Version => vec![text("9.9.9")],
        Shape::MetricVersion => vec![text("some_metric@9.9.9")],
        Shape::Opening => vec![text("03:00-04:00")],
        Shape::Table => tables(&written),
        Shape::List(inner) | Shape::ListOrNone(inner) | Shape::Tuple(inner, _) => {
            let mut found = lists(node.items());
            for (place, item) in node.items().iter().enumerate() {
                for kind in others(settled(inner, item), item, columns) {
                    let mut items = node.items().to_vec();
                    items[place].kind = kind;
                    found.push(NodeKind::Sequence(items));
                }
            }
            found
        }
        Shape::Map(inner) | Shape::RawMap(inner) => {
            let mut found = maps(node.entries());
            for (place, entry) in node.entries().iter().enumerate() {
                for kind in others(settled(inner, &entry.value), &entry.value, columns) {
                    let mut entries = node.entries().to_vec();
                    entries[place].value.kind = kind;
                    found.push(NodeKind::Mapping(entries));
                }
            }
            found
        }
        _ => Vec::new(),
    }
}

fn numbers(written: &str) -> Vec<NodeKind> {
    let Ok(number) = written.parse::<f64>() else { return Vec::new() };
    let digits = written.split_once('.').map_or(0, |(_, digits)| digits.len());
    let step = 10f64.powi(-(digits as i32));
    let near = [number + step, number - step, number * 2.0]
        .map(|number| NodeKind::Number(format!("{number:.digits$}").into()));
    let whole = |kind: NodeKind| match kind {
        NodeKind::Number(text) if digits == 0 => text.parse().map_or(NodeKind::Number(text), NodeKind::Integer),
        other => other,
    };
    near.into_iter().map(whole).collect()
}

/// Makes the first number of a text one larger.
fn bumped(written: &str) -> Option<String> {
    let start = written.find(|c: char| c.is_ascii_digit())?;
    let length = written[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(written.len() - start);
    let number: u64 = written[start..start + length].parse().ok()?;
    Some(format!("{}{}{}", &written[..start], number + 1, &written[start + length..]))
}

/// Moves every time that is promised in a table.
fn tables(written: &str) -> Vec<NodeKind> {
    let promised = |cell: &str| cell.trim().parse::<Duration>().is_ok();
    let moved = |cell: &str| if promised(cell) { " 7h7m ".to_owned() } else { cell.to_owned() };
    let line = |line: &str| line.split('|').map(moved).collect::<Vec<_>>().join("|");
    let value: String = written.lines().map(|text| line(text) + "\n").collect();
    vec![NodeKind::Text { value: value.into(), style: Style::Literal }]
}

/// Drops each item, and turns the list around.
fn lists(items: &[Node]) -> Vec<NodeKind> {
    let without = |place: usize| {
        let kept = items.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, item)| item.clone());
        NodeKind::Sequence(kept.collect())
    };
    let turned = NodeKind::Sequence(items.iter().rev().cloned().collect());
    let dropped = (0..items.len()).filter(|_| items.len() > 1).map(without);
    dropped.chain((items.len() > 1).then_some(turned)).collect()
}

/// Drops each entry.
fn maps(entries: &[Entry]) -> Vec<NodeKind> {
    let without =
        |key: &str| NodeKind::Mapping(entries.iter().filter(|entry| entry.key.value != key).cloned().collect());
    entries.iter().filter(|_| entries.len() > 1).map(|entry| without(&entry.key.value)).collect()
}

/// Returns the tree with another value at the end of a path, or without it.
fn replaced(root: &Node, path: &[String], value: Option<&Node>) -> Node {
    let Some((step, rest)) = path.split_first() else { return value.cloned().unwrap_or_else(|| root.clone()) };
    let kind = match &root.kind {
        NodeKind::Mapping(entries) => {
            let mut kept = Vec::new();
            for entry in entries {
                if entry.key.value != *step {
                    kept.push(entry.clone());
                } else if !rest.is_empty() || value.is_some() {
                    kept.push(Entry { key: entry.key.clone(), value: replaced(&entry.value, rest, value) });
                }
            }
            NodeKind::Mapping(kept)
        }
        NodeKind::Sequence(items) => {
            let put = |(place, item): (usize, &Node)| match step.parse() == Ok(place) {
                true => replaced(item, rest, value),
                false => item.clone(),
            };
            NodeKind::Sequence(items.iter().enumerate().map(put).collect())
        }
        scalar => scalar.clone(),
    };
    Node { span: root.span, kind }
}
