//! Changes of a definition's tree, and the tree written again as YAML.
//!
//! Knows mappings, lists and scalars; knows no key.

use crate::text::{Span, Spanned};
use crate::yaml::{Entry, Node, NodeKind, Style};

/// One change of a definition.
#[derive(Debug, Clone)]
pub(super) struct Change {
    /// What is changed, as `exclusions without test_traffic`.
    pub(super) what: String,
    /// Where it is written.
    pub(super) span: Span,
    /// The node that is changed.
    old: Node,
    /// What it becomes.
    new: NodeKind,
}

impl Change {
    /// Returns the change with another place.
    pub(super) fn at(self, span: Span) -> Self {
        Change { span, ..self }
    }

    /// Returns the changed tree: what is written once changes wherever an alias repeats it.
    pub(super) fn applied(&self, root: &Node) -> Node {
        if root.span == self.old.span && *root == self.old {
            return Node { span: root.span, kind: self.new.clone() };
        }
        let kind = match &root.kind {
            NodeKind::Sequence(items) => NodeKind::Sequence(items.iter().map(|item| self.applied(item)).collect()),
            NodeKind::Mapping(entries) => {
                let entry = |entry: &Entry| Entry { key: entry.key.clone(), value: self.applied(&entry.value) };
                NodeKind::Mapping(entries.iter().map(entry).collect())
            }
            scalar => scalar.clone(),
        };
        Node { span: root.span, kind }
    }
}

/// Changes `node` to `kind`; `path` leads to it.
pub(super) fn change(node: &Node, path: &[&str], what: &str, kind: NodeKind) -> Change {
    let what = format!("{} {what}", path.join(".")).trim_start().to_owned();
    Change { what, span: node.span, old: node.clone(), new: kind }
}

pub(super) fn text(value: &str) -> NodeKind {
    NodeKind::Text { value: value.into(), style: Style::DoubleQuoted }
}

/// Returns a scalar of the same kind as `node`: a number stays one.
fn alike(node: &Node, value: &str) -> NodeKind {
    if node.number_text().is_some() { NodeKind::Number(value.into()) } else { text(value) }
}

/// Puts each of `values` in place of a scalar.
pub(super) fn exchanged(node: &Node, path: &[&str], values: &[String]) -> Vec<Change> {
    let shown = |value: &str| format!("{} -> {value}", node.scalar_text());
    values.iter().map(|value| change(node, path, &shown(value), alike(node, value))).collect()
}

/// Puts each of `values` but the node's own in its place.
pub(super) fn others<S: AsRef<str>>(node: &Node, path: &[&str], values: &[S]) -> Vec<Change> {
    let own = node.scalar_text();
    let values = values.iter().map(AsRef::as_ref).filter(|value| *value != own);
    exchanged(node, path, &values.map(str::to_owned).collect::<Vec<_>>())
}

/// Drops each item of a list.
pub(super) fn without_items(node: &Node, path: &[&str]) -> Vec<Change> {
    let dropped = |place: usize| {
        let items = node.items().iter().enumerate().filter(|(other, _)| *other != place);
        let kind = NodeKind::Sequence(items.map(|(_, item)| item.clone()).collect());
        let item = &node.items()[place];
        let named = ["use", "id", "spans", "open", "day"].iter().find_map(|key| item.get(key)).unwrap_or(item);
        let shown = match named.scalar_text() {
            name if name.is_empty() => format!("item {}", place + 1),
            name => name,
        };
        Change { span: item.span, ..change(node, path, &format!("without {shown}"), kind) }
    };
    (0..node.items().len()).map(dropped).collect()
}

/// Drops the entry `key` of a mapping.
pub(super) fn without(node: &Node, path: &[&str], key: &str) -> Change {
    let span = node.get(key).map_or(node.span, |value| value.span);
    let entries = node.entries().iter().filter(|entry| entry.key.value != key).cloned().collect();
    Change { span, ..change(node, path, &format!("without {key}"), NodeKind::Mapping(entries)) }
}

/// Puts `value` under `key`, which need not be there.
pub(super) fn with(node: &Node, path: &[&str], key: &str, value: NodeKind) -> Change {
    let span = node.get(key).map_or(node.span, |old| old.span);
    let put = Node { span, kind: value };
    let what = format!("{key} -> {}", written(&put).trim_matches('"'));
    let mut entries = node.entries().to_vec();
    match entries.iter_mut().find(|entry| entry.key.value == key) {
        Some(entry) => entry.value = put,
        None => entries.push(Entry { key: Spanned::new(key.into(), span), value: put }),
    }
    Change { span, ..change(node, path, &what, NodeKind::Mapping(entries)) }
}

/// Gives the entry `key` another key.
pub(super) fn rekeyed(node: &Node, path: &[&str], key: &str, other: &str) -> Change {
    let mut entries = node.entries().to_vec();
    for entry in entries.iter_mut().filter(|entry| entry.key.value == key) {
        entry.key.value = other.into();
    }
    change(node, path, &format!("{key} -> {other}"), NodeKind::Mapping(entries))
}

/// Exchanges the values of two entries of a mapping.
pub(super) fn swapped(node: &Node, path: &[&str], (one, other): (&str, &str)) -> Option<Change> {
    let (first, second) = (node.get(one)?.clone(), node.get(other)?.clone());
    let mut entries = node.entries().to_vec();
    for entry in &mut entries {
        match entry.key.value.as_str() {
            key if key == one => entry.value = second.clone(),
            key if key == other => entry.value = first.clone(),
            _ => {}
        }
    }
    let what = format!("{one} and {other} exchanged");
    (first.kind != second.kind).then(|| change(node, path, &what, NodeKind::Mapping(entries)))
}

/// Exchanges each two neighbours of a list.
pub(super) fn swapped_items(node: &Node, path: &[&str]) -> Vec<Change> {
    let swap = |place: usize| {
        let mut items = node.items().to_vec();
        items.swap(place, place + 1);
        change(node, path, &format!("items {} and {} exchanged", place + 1, place + 2), NodeKind::Sequence(items))
    };
    (0..node.items().len().saturating_sub(1)).map(swap).collect()
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
    let line = |entry: &Entry| format!("{}: {}\n", entry.key.value, block_or_line(&entry.value));
    root.entries().iter().map(line).collect()
}

/// A table has to stay a block.
fn block_or_line(node: &Node) -> String {
    match &node.kind {
        NodeKind::Text { value, style: Style::Literal } => {
            value.lines().fold("|".to_owned(), |block, line| format!("{block}\n  {line}"))
        }
        _ => written(node),
    }
}
