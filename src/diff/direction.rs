//! Which way an edit goes: whether a clause holds for more than before, whether a number rises.
//!
//! Speaks of the clause itself. Whether a wider clause means a larger population is for whoever knows the clause.

use serde::Deserialize;

use super::edit::{Edit, Kind};
use super::prove::Relation;
use crate::shape::{Moves, Shape};
use crate::value::{Date, Duration, Number};
use crate::yaml::Node;

/// Which way an edit goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The clause holds for more.
    Widened,
    /// The clause holds for less.
    Narrowed,
    /// A number is larger.
    Up,
    /// A number is smaller.
    Down,
    /// It cannot be told.
    Unknown,
    /// There is no way to go: words, names.
    None,
}

impl Direction {
    /// Returns the word that rules and reports use.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Widened => "widened",
            Direction::Narrowed => "narrowed",
            Direction::Up => "up",
            Direction::Down => "down",
            Direction::Unknown => "unknown",
            Direction::None => "none",
        }
    }

    /// Returns the opposite way: that of the sides swapped, or of a clause that leaves rows out.
    pub fn mirrored(self) -> Self {
        match self {
            Direction::Widened => Direction::Narrowed,
            Direction::Narrowed => Direction::Widened,
            Direction::Up => Direction::Down,
            Direction::Down => Direction::Up,
            other => other,
        }
    }
}

/// Returns the way of an edit; `relation` is what was proven of its conditions.
pub(super) fn of(edit: &Edit, relation: Option<Relation>) -> Direction {
    match relation.filter(|_| edit.kind == Kind::Changed && *edit.shape == Shape::Expression) {
        Some(Relation::Wider) => return Direction::Widened,
        Some(Relation::Narrower) => return Direction::Narrowed,
        Some(Relation::Equal) => return Direction::None,
        Some(Relation::Different | Relation::Unknown) => return Direction::Unknown,
        None => {}
    }
    match (edit.kind, &edit.old, &edit.new) {
        (Kind::Added, ..) => added(edit),
        (Kind::Removed, ..) => added(edit).mirrored(),
        (Kind::Changed, Some(old), Some(new)) => changed(edit, old, new),
        _ => Direction::Unknown,
    }
}

/// A condition that was not there lets everything through; a member that was not there is one more.
fn added(edit: &Edit) -> Direction {
    match edit.shape {
        Shape::Expression => Direction::Narrowed,
        Shape::Text | Shape::AnyText if edit.moves != Moves::Number => Direction::None,
        // Whether no bound or some bound is more depends on the bound.
        Shape::Decimal | Shape::Integer => Direction::Unknown,
        _ => Direction::Widened,
    }
}

fn changed(edit: &Edit, old: &Node, new: &Node) -> Direction {
    let is_start = edit.path.steps().last().is_some_and(|step| step == "from");
    match edit.shape {
        Shape::Duration => {
            let length = |node: &Node| node.scalar_text().parse::<Duration>().ok();
            ordered(length(old), length(new), (Direction::Up, Direction::Down))
        }
        Shape::WindowEnd => window(old, new, is_start),
        Shape::Decimal | Shape::Integer => ordered(number(old), number(new), (Direction::Up, Direction::Down)),
        Shape::Date => {
            let day = |node: &Node| Date::parse(&node.scalar_text());
            ordered(day(old), day(new), (Direction::Up, Direction::Down))
        }
        Shape::Requirement => requirement(old, new),
        Shape::Tuple(..) => ends(old, new),
        Shape::Text | Shape::AnyText | Shape::Identifier | Shape::Version | Shape::MetricVersion => Direction::None,
        _ => Direction::Unknown,
    }
}

/// Compares two starts or ends of a window, of one unit.
fn window(old: &Node, new: &Node, is_start: bool) -> Direction {
    let (old, new) = (old.scalar_text(), new.scalar_text());
    // Without a bound a window holds more on either side.
    match (old == "unbounded", new == "unbounded") {
        (true, _) => return Direction::Narrowed,
        (_, true) => return Direction::Widened,
        _ => {}
    }
    // A window that starts earlier holds more.
    let ways = match is_start {
        true => (Direction::Narrowed, Direction::Widened),
        false => (Direction::Widened, Direction::Narrowed),
    };
    let length = |text: &str| text.parse::<Duration>().ok();
    if let (Some(old), Some(new)) = (length(&old), length(&new)) {
        return ordered(Some(old), Some(new), ways);
    }
    match (old.split_once(' '), new.split_once(' ')) {
        (Some((few, unit)), Some((many, other))) if unit == other => match (length(few), length(many)) {
            (Some(few), Some(many)) => ordered(Some(few), Some(many), ways),
            _ => ordered(few.parse::<i64>().ok(), many.parse::<i64>().ok(), ways),
        },
        _ => Direction::Unknown,
    }
}

fn ordered<T: PartialOrd>(old: Option<T>, new: Option<T>, (more, less): (Direction, Direction)) -> Direction {
    match (old, new) {
        (Some(old), Some(new)) if new > old => more,
        (Some(old), Some(new)) if new < old => less,
        _ => Direction::Unknown,
    }
}

fn number(node: &Node) -> Option<Number> {
    node.number_text()?.parse().ok()
}

/// Judges a bound by trying values around it: stricter lets fewer through.
fn requirement(old: &Node, new: &Node) -> Direction {
    let read = |node: &Node| {
        let text = node.scalar_text();
        let sign: String = text.chars().take_while(|c| "<>=".contains(*c)).collect();
        let bound: f64 = text[sign.len()..].trim().parse().ok()?;
        Some((sign, bound))
    };
    let (Some(old), Some(new)) = (read(old), read(new)) else { return Direction::Unknown };
    let holds = |(sign, bound): &(String, f64), value: f64| match sign.as_str() {
        ">=" => value >= *bound,
        "<=" => value <= *bound,
        ">" => value > *bound,
        _ => value < *bound,
    };
    let near = [old.1, new.1].into_iter().flat_map(|bound| [bound - 1e-9, bound, bound + 1e-9]);
    let tried: Vec<f64> = near.chain([f64::MIN, f64::MAX]).collect();
    let wider = tried.iter().any(|value| holds(&new, *value) && !holds(&old, *value));
    let narrower = tried.iter().any(|value| holds(&old, *value) && !holds(&new, *value));
    match (wider, narrower) {
        (true, false) => Direction::Widened,
        (false, true) => Direction::Narrowed,
        _ => Direction::Unknown,
    }
}

/// Compares which ends of a window belong to it.
fn ends(old: &Node, new: &Node) -> Direction {
    let belongs =
        |node: &Node| -> Vec<bool> { node.items().iter().map(|end| end.as_text() == Some("inclusive")).collect() };
    let (old, new) = (belongs(old), belongs(new));
    let more = old.iter().zip(&new).any(|(old, new)| *new && !*old);
    let less = old.iter().zip(&new).any(|(old, new)| *old && !*new);
    match (more, less) {
        (true, false) => Direction::Widened,
        (false, true) => Direction::Narrowed,
        _ => Direction::Unknown,
    }
}

#[cfg(test)]
#[path = "tests/direction.rs"]
mod tests;
