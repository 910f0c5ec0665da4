//! Every place of the format at which an edit can stand.

use std::fmt;

use etalon::format::FileKind;
use etalon::rules::{Change, Match};
use etalon::shape::{Field, Moves, Record, Shape};

/// A name that nothing in the format has: any key of a map, any item of a list.
const ANY: &str = "any_name";

/// A place of a kind of file.
pub(super) struct Place {
    pub(super) kind: FileKind,
    pub(super) path: Vec<String>,
    /// What an edit here can move, as the outer fields narrow it.
    pub(super) moves: Moves,
    /// Whether it is an item of a list, and so has a place in it.
    item: bool,
}

impl Place {
    /// Returns the changes that can happen here.
    pub(super) fn changes(&self) -> &'static [Change] {
        match self.item {
            true => &[Change::Added, Change::Removed, Change::Changed, Change::Moved, Change::Rewritten],
            false => &[Change::Added, Change::Removed, Change::Changed, Change::Rewritten],
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.head(), self.path.join("."))
    }
}

/// Keys that belong to the format of the next release.
const ANNOUNCED: [&str; 5] = ["replaced_by", "sunset", "change", "rules", "policy"];

/// Tells whether a match is about a key that is yet to come.
pub(super) fn announced(wanted: &Match) -> bool {
    wanted.at.names().next().flatten().is_some_and(|name| ANNOUNCED.contains(&name))
}

/// Returns every place of every kind of file, the documents themselves included.
pub(super) fn all() -> Vec<Place> {
    let mut walk = Walk { kind: FileKind::Project, places: Vec::new() };
    for kind in FileKind::EVERY {
        walk.kind = kind;
        walk.enter(&[], Moves::Number, false);
        walk.record(kind.record(), &[], Moves::Number);
    }
    // Edits of a variant are judged without its name, and it has one key that its metric lacks.
    walk.kind = FileKind::Metric;
    walk.enter(&["because".to_owned()], Moves::Wording, false);
    walk.places
}

struct Walk {
    kind: FileKind,
    places: Vec<Place>,
}

impl Walk {
    fn enter(&mut self, path: &[String], moves: Moves, item: bool) {
        self.places.push(Place { kind: self.kind, path: path.to_vec(), moves, item });
    }

    fn record(&mut self, record: &Record, path: &[String], outer: Moves) {
        record.fields.iter().for_each(|field| self.field(field, path, outer));
    }

    fn field(&mut self, field: &Field, path: &[String], outer: Moves) {
        let path = extended(path, field.name);
        let moves = match (outer, field.moves) {
            (Moves::Number, inner) => inner,
            (outer, Moves::Number) => outer,
            (_, inner) => inner,
        };
        self.enter(&path, moves, false);
        if self.kind == FileKind::Metric && path == ["variants"] {
            self.enter(&extended(&path, ANY), moves, false);
        } else {
            self.shape(&field.shape, &path, moves);
        }
    }

    fn shape(&mut self, shape: &Shape, path: &[String], moves: Moves) {
        match shape {
            Shape::Record(record) => self.record(record, path, moves),
            Shape::OneKey(fields) => fields.iter().for_each(|field| self.field(field, path, moves)),
            Shape::Either(shapes) => shapes.iter().for_each(|shape| self.shape(shape, path, moves)),
            Shape::List(inner) | Shape::ListOrNone(inner) => self.inside(inner, path, (moves, true)),
            Shape::Map(inner) | Shape::RawMap(inner) => self.inside(inner, path, (moves, false)),
            _ => {}
        }
    }

    fn inside(&mut self, inner: &Shape, path: &[String], (moves, item): (Moves, bool)) {
        let path = extended(path, ANY);
        self.enter(&path, moves, item);
        self.shape(inner, &path, moves);
    }
}

fn extended(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain([name.to_owned()]).collect()
}
