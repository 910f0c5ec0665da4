//! Every place of the format at which an edit can stand.

use std::fmt;

use etalon::format::FileKind;
use etalon::rules::Change;
use etalon::shape::{Field, Moves, Record, Shape};

/// A name that nothing in the format has: any key of a map, any item of a list.
const ANY: &str = "any_name";

/// A place of a kind of file.
pub(super) struct Place {
    pub(super) kind: FileKind,
    pub(super) path: Vec<String>,
    /// What an edit here can move, as the outer fields narrow it.
    pub(super) moves: Moves,
    /// Whether an expression stands here: its text does not tell what it means.
    pub(super) expression: bool,
    form: Form,
}

/// What an edit can do at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// A whole file comes or goes; inside it other places change.
    Document,
    /// A value.
    Value,
    /// An item of a list, which also has a place in it.
    Item,
    /// An item that is its own name, and so cannot change.
    Name,
}

impl Place {
    /// Returns the changes that can happen here.
    pub(super) fn changes(&self) -> &'static [Change] {
        match self.form {
            Form::Document => &[Change::Added, Change::Removed],
            Form::Value => &[Change::Added, Change::Removed, Change::Changed, Change::Rewritten],
            Form::Item => &[Change::Added, Change::Removed, Change::Changed, Change::Moved, Change::Rewritten],
            Form::Name => &[Change::Added, Change::Removed, Change::Moved],
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.head(), self.path.join("."))
    }
}

/// Returns every place of every kind of file, and the files themselves but for that of the project, which always stays.
pub(super) fn all() -> Vec<Place> {
    let mut walk = Walk { kind: FileKind::Project, places: Vec::new() };
    for kind in FileKind::EVERY {
        walk.kind = kind;
        if kind != FileKind::Project {
            // What people agree to moves no number by itself.
            let is_agreement = matches!(kind, FileKind::Approval | FileKind::Acceptance);
            let moves = if is_agreement { Moves::Governance } else { Moves::Number };
            walk.enter(&[], moves, Form::Document);
        }
        walk.record(kind.record(), &[], Moves::Number);
    }
    // Edits of a variant are judged without its name, and it has one key that its metric lacks.
    walk.kind = FileKind::Metric;
    walk.enter(&["because".to_owned()], Moves::Wording, Form::Value);
    walk.places
}

struct Walk {
    kind: FileKind,
    places: Vec<Place>,
}

impl Walk {
    fn enter(&mut self, path: &[String], moves: Moves, form: Form) {
        self.places.push(Place { kind: self.kind, path: path.to_vec(), moves, expression: false, form });
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
        self.enter(&path, moves, Form::Value);
        if self.kind == FileKind::Metric && path == ["variants"] {
            self.enter(&extended(&path, ANY), moves, Form::Value);
        } else {
            self.shape(&field.shape, &path, moves);
        }
    }

    fn shape(&mut self, shape: &Shape, path: &[String], moves: Moves) {
        match shape {
            Shape::Record(record) => self.record(record, path, moves),
            Shape::OneKey(fields) => fields.iter().for_each(|field| self.field(field, path, moves)),
            Shape::Either(shapes) => shapes.iter().for_each(|shape| self.shape(shape, path, moves)),
            Shape::List(inner) | Shape::ListOrNone(inner) => {
                let form = if is_name(inner) { Form::Name } else { Form::Item };
                self.inside(inner, path, (moves, form));
            }
            Shape::Map(inner) | Shape::RawMap(inner) => self.inside(inner, path, (moves, Form::Value)),
            Shape::Expression => self.places.last_mut().expect("the field just entered").expression = true,
            _ => {}
        }
    }

    fn inside(&mut self, inner: &Shape, path: &[String], (moves, form): (Moves, Form)) {
        let path = extended(path, ANY);
        self.enter(&path, moves, form);
        self.shape(inner, &path, moves);
    }
}

/// Tells whether what stands here is a scalar, and names itself in a list.
fn is_name(shape: &Shape) -> bool {
    match shape {
        Shape::Record(_) | Shape::OneKey(_) | Shape::List(_) | Shape::ListOrNone(_) | Shape::Tuple(..) => false,
        Shape::Map(_) | Shape::RawMap(_) => false,
        Shape::Either(shapes) => shapes.iter().all(is_name),
        _ => true,
    }
}

fn extended(path: &[String], name: &str) -> Vec<String> {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

/// Tells whether an expression stands at a place of a file.
pub(super) fn holds_expression(kind: FileKind, path: &[String]) -> bool {
    let fits = |place: &Place| {
        let same = |(known, name): (&String, &String)| known == ANY || known == name;
        place.path.len() == path.len() && place.path.iter().zip(path).all(same)
    };
    all().iter().any(|place| place.kind == kind && place.expression && fits(place))
}
