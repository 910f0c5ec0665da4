//! Two trees of one format side by side: every difference becomes an edit, and any choice of edits a tree in between.
//!
//! Follows the format's own description, so that a new key is compared without a word here. Knows no meaning.

use std::collections::BTreeSet;

use super::edit::{Edit, Kind, Path};
use super::same;
use crate::catalog::Object;
use crate::format::settled;
use crate::shape::{Field, Moves, Shape};
use crate::text::Span;
use crate::yaml::{Entry, Node, NodeKind};

/// Returns every difference between two trees of `shape`, in the order of the format.
pub(super) fn edits(object: &Object, shape: &'static Shape, old: &Node, new: &Node) -> Vec<Edit> {
    let mut walk = Walk { object, edits: Vec::new() };
    walk.values(Place::root(shape), Both { old, new, keys: (None, None) });
    walk.edits
}

/// Returns the old tree with the chosen edits made, each told by its place and kind.
pub(super) fn merge(shape: &'static Shape, old: &Node, new: &Node, chosen: &BTreeSet<(Path, Kind)>) -> Node {
    merge_values(&Place::root(shape), (old, new), chosen)
}

/// A place in the format.
#[derive(Clone)]
struct Place {
    path: Path,
    shape: &'static Shape,
    moves: Moves,
}

impl Place {
    fn root(shape: &'static Shape) -> Self {
        Self { path: Path::default(), shape, moves: Moves::Number }
    }

    fn field(&self, field: &'static Field) -> Self {
        let moves = self.moves.inside(field.moves);
        Self { path: self.path.to(field.name), shape: &field.shape, moves }
    }

    fn entry(&self, key: &str, shape: &'static Shape) -> Self {
        Self { path: self.path.to(key), shape, moves: self.moves }
    }
}

/// The two values of one place.
#[derive(Clone, Copy)]
struct Both<'a> {
    old: &'a Node,
    new: &'a Node,
    keys: (Option<Span>, Option<Span>),
}

struct Walk<'a> {
    object: &'a Object,
    edits: Vec<Edit>,
}

impl Walk<'_> {
    fn values(&mut self, place: Place, both: Both<'_>) {
        let Both { old, new, keys } = both;
        let shape = settled(place.shape, new);
        if are_unlike(place.shape, old, new) {
            return self.push(&place, Kind::Changed, (Some(old), Some(new)), keys);
        }
        let place = Place { shape, ..place };
        match parts(shape) {
            Parts::Keys => {
                for (inner, old, new) in keyed(&place, old, new) {
                    self.entries(inner, old, new);
                }
            }
            Parts::Items(element) => self.items(&place, element, both),
            Parts::None if same::scalars(shape, old, new) => {}
            Parts::None => self.push(&place, Kind::Changed, (Some(old), Some(new)), keys),
        }
    }

    fn entries(&mut self, place: Place, old: Option<&Entry>, new: Option<&Entry>) {
        let keys = (old.map(|entry| entry.key.span), new.map(|entry| entry.key.span));
        match (old.map(|entry| &entry.value), new.map(|entry| &entry.value)) {
            (Some(old), Some(new)) => self.values(place, Both { old, new, keys }),
            (Some(old), None) => self.push(&place, Kind::Removed, (Some(old), None), keys),
            (None, Some(new)) => self.push(&place, Kind::Added, (None, Some(new)), keys),
            (None, None) => {}
        }
    }

    fn items(&mut self, place: &Place, element: &'static Shape, both: Both<'_>) {
        let (old, new) = (named(both.old), named(both.new));
        for (name, node) in &old {
            match new.iter().find(|(other, _)| other == name) {
                Some((_, other)) => {
                    let inner = place.entry(name, element);
                    self.values(inner, Both { old: node, new: other, keys: (None, None) });
                }
                None => self.push(&place.entry(name, element), Kind::Removed, (Some(*node), None), (None, None)),
            }
        }
        for (name, node) in new.iter().filter(|(name, _)| !old.iter().any(|(other, _)| other == name)) {
            self.push(&place.entry(name, element), Kind::Added, (None, Some(*node)), (None, None));
        }
        if is_moved(&old, &new) {
            self.push(place, Kind::Moved, (Some(both.old), Some(both.new)), both.keys);
        }
    }

    fn push(
        &mut self,
        place: &Place,
        kind: Kind,
        (old, new): (Option<&Node>, Option<&Node>),
        (old_key, new_key): (Option<Span>, Option<Span>),
    ) {
        let Place { path, shape, moves } = place.clone();
        let (old, new) = (old.cloned(), new.cloned());
        self.edits.push(Edit { object: self.object.clone(), path, kind, shape, moves, old, new, old_key, new_key });
    }
}

/// Tells whether two values are of different forms, so that no part of one stands for a part of the other.
fn are_unlike(shape: &'static Shape, old: &Node, new: &Node) -> bool {
    let first_key = |node: &Node| node.entries().first().map(|entry| entry.key.value.clone());
    let shapes = (settled(shape, new), settled(shape, old));
    !std::ptr::eq(shapes.0, shapes.1) || (matches!(shapes.0, Shape::OneKey(_)) && first_key(old) != first_key(new))
}

/// How a value is made of others.
enum Parts {
    /// By keys.
    Keys,
    /// By items of this shape.
    Items(&'static Shape),
    /// It is one piece.
    None,
}

fn parts(shape: &'static Shape) -> Parts {
    match shape {
        Shape::Record(_) | Shape::OneKey(_) | Shape::Map(_) | Shape::RawMap(_) => Parts::Keys,
        Shape::List(element) | Shape::ListOrNone(element) => Parts::Items(element),
        _ => Parts::None,
    }
}

/// Returns every key of either side with its place, in the order of the format, else of the new side, then of the old.
fn keyed<'a>(place: &Place, old: &'a Node, new: &'a Node) -> Vec<(Place, Option<&'a Entry>, Option<&'a Entry>)> {
    let entry = |node: &'a Node, key: &str| node.entries().iter().find(|entry| entry.key.value == key);
    let fields: Option<&'static [Field]> = match place.shape {
        Shape::Record(record) => Some(record.fields),
        Shape::OneKey(fields) => Some(fields),
        _ => None,
    };
    if let Some(fields) = fields {
        let rows = fields.iter().map(|field| (place.field(field), entry(old, field.name), entry(new, field.name)));
        return rows.collect();
    }
    let (Shape::Map(inner) | Shape::RawMap(inner)) = place.shape else { return Vec::new() };
    let gone = old.entries().iter().filter(|entry| new.get(&entry.key.value).is_none());
    let keys = new.entries().iter().chain(gone).map(|entry| entry.key.value.as_str());
    keys.map(|key| (place.entry(key, inner), entry(old, key), entry(new, key))).collect()
}

/// The keys that tell items of a list apart, the first that an item has.
const IDENTITIES: [&str; 11] = ["id", "use", "metric", "day", "from", "by", "id_of", "column", "name", "for", "role"];

/// Returns the items of a list with what tells them apart; a name that is taken gets a number.
fn named(list: &Node) -> Vec<(String, &Node)> {
    let mut named: Vec<(String, &Node)> = Vec::new();
    for item in list.items() {
        let own = IDENTITIES.iter().find_map(|key| item.get(key)).map(Node::scalar_text);
        let base = match own {
            // A pinned version is another version of the same thing.
            Some(name) => name.split('@').next().unwrap_or_default().to_owned(),
            None if item.entries().is_empty() && item.items().is_empty() => item.scalar_text(),
            None => "item".to_owned(),
        };
        let is_taken = |name: &str| named.iter().any(|(taken, _)| taken == name);
        let numbered = (2..).map(|number| format!("{base}#{number}"));
        let name = std::iter::once(base.clone()).chain(numbered).find(|name| !is_taken(name));
        named.push((name.unwrap_or(base), item));
    }
    named
}

/// Tells whether the items that both lists have stand in another order.
fn is_moved(old: &[(String, &Node)], new: &[(String, &Node)]) -> bool {
    let common = |own: &[(String, &Node)], other: &[(String, &Node)]| -> Vec<String> {
        let is_there = |name: &String| other.iter().any(|(known, _)| known == name);
        own.iter().map(|(name, _)| name.clone()).filter(is_there).collect()
    };
    common(old, new) != common(new, old)
}

fn merge_values(place: &Place, (old, new): (&Node, &Node), chosen: &BTreeSet<(Path, Kind)>) -> Node {
    let has = |path: &Path, kind: Kind| chosen.contains(&(path.clone(), kind));
    let shape = settled(place.shape, new);
    let whole = || if has(&place.path, Kind::Changed) { new.clone() } else { old.clone() };
    if are_unlike(place.shape, old, new) {
        return whole();
    }
    let place = Place { shape, ..place.clone() };
    match parts(shape) {
        Parts::None if same::scalars(shape, old, new) => old.clone(),
        Parts::None => whole(),
        Parts::Keys => {
            let merged = keyed(&place, old, new).into_iter().filter_map(|(inner, old, new)| match (old, new) {
                (Some(old), Some(new)) => {
                    let value = merge_values(&inner, (&old.value, &new.value), chosen);
                    Some(Entry { key: old.key.clone(), value })
                }
                (Some(old), None) => (!has(&inner.path, Kind::Removed)).then(|| old.clone()),
                (None, Some(new)) => has(&inner.path, Kind::Added).then(|| new.clone()),
                (None, None) => None,
            });
            Node { span: old.span, kind: NodeKind::Mapping(merged.collect()) }
        }
        Parts::Items(element) => merge_items(&place, element, (old, new), chosen),
    }
}

fn merge_items(
    place: &Place,
    element: &'static Shape,
    (old, new): (&Node, &Node),
    chosen: &BTreeSet<(Path, Kind)>,
) -> Node {
    let has = |name: &str, kind: Kind| chosen.contains(&(place.path.to(name), kind));
    let (olds, news) = (named(old), named(new));
    let of = |list: &[(String, &Node)], name: &str| list.iter().position(|(known, _)| known == name);
    let is_moved = chosen.contains(&(place.path.clone(), Kind::Moved));
    let (lead, rest) = if is_moved { (&news, &olds) } else { (&olds, &news) };
    let mut order: Vec<&str> = lead.iter().map(|(name, _)| name.as_str()).collect();
    for (position, (name, _)) in rest.iter().enumerate().filter(|(_, (name, _))| of(lead, name).is_none()) {
        // Behind the item it follows on its own side.
        let before = rest[..position].iter().rev().find_map(|(name, _)| order.iter().position(|known| known == name));
        order.insert(before.map_or(0, |before| before + 1), name);
    }
    let items = order.into_iter().filter_map(|name| {
        let (old, new) = (of(&olds, name).map(|at| olds[at].1), of(&news, name).map(|at| news[at].1));
        match (old, new) {
            (Some(old), Some(new)) => Some(merge_values(&place.entry(name, element), (old, new), chosen)),
            (Some(old), None) => (!has(name, Kind::Removed)).then(|| old.clone()),
            (None, Some(new)) => has(name, Kind::Added).then(|| new.clone()),
            (None, None) => None,
        }
    });
    Node { span: old.span, kind: NodeKind::Sequence(items.collect()) }
}

#[cfg(test)]
#[path = "tests/tree.rs"]
mod tests;
