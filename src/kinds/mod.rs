//! The kinds of metric: each file says one way to compute a number, what it needs, and what it lowers to.
//!
//! Adding a kind is a file here and its name in the list. Knows the plan, and no other file than the one at hand.

mod made;
mod scale;

pub use made::{Aim, AimedAt, Assembly, Better, Made, Metrics};

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::expression::{self, Expression, Scope};
use crate::plan::Measure;
use crate::shape::{Field, Shape};
use crate::text::Texts;
use crate::value::{Number, Type};
use crate::yaml::Node;

/// A way to compute a number.
pub struct Kind {
    /// The key under `measure`, its operand's shape and its explanation.
    pub field: Field,
    /// How the operand lowers.
    pub lower: Lower,
}

/// How the operand of a kind lowers to the plan.
#[derive(Clone, Copy)]
pub enum Lower {
    /// To a measure of the population's rows.
    Rows(fn(&Node, &mut Operands<'_>) -> Option<Measure>),
    /// To a computation over other metrics.
    Metrics(fn(&Node, &mut Assembly<'_>) -> Option<Made>),
}

/// What a kind over rows reads its operands with.
pub struct Operands<'a> {
    /// The names of the row.
    pub scope: &'a Scope,
    /// The texts behind the nodes.
    pub texts: &'a Texts,
    /// Where mistakes go.
    pub diagnostics: &'a mut Diagnostics,
}

impl Operands<'_> {
    /// Compiles a row expression.
    pub fn expression(&mut self, node: &Node) -> Option<Expression> {
        expression::compile(node, self.scope, self.texts, self.diagnostics)
    }

    /// Compiles a condition.
    pub fn condition(&mut self, node: &Node) -> Option<Expression> {
        expression::compile_condition(node, self.scope, self.texts, self.diagnostics)
    }

    /// Compiles an expression whose exact value can be added up.
    pub fn quantity(&mut self, node: &Node) -> Option<Expression> {
        let expression = self.expression(node)?;
        self.demand(node, expression, |ty| matches!(ty, Type::Number(_) | Type::Duration))
    }

    /// Compiles an expression whose value can be added up, exact or not.
    pub fn amount(&mut self, node: &Node) -> Option<Expression> {
        let expression = self.expression(node)?;
        self.demand(node, expression, |ty| matches!(ty, Type::Number(_) | Type::Duration | Type::Real))
    }

    fn demand(&mut self, node: &Node, expression: Expression, fits: fn(Type) -> bool) -> Option<Expression> {
        if fits(expression.ty()) {
            expression::demand_one_currency(&expression, node, self.scope, self.diagnostics)?;
            return Some(expression);
        }
        let message = format!("a number or duration is needed, this is {}", expression.ty());
        self.diagnostics.push(
            Diagnostic::error(codes::TYPE_MISMATCH, node.span, message)
                .help("measure a column that counts something; a condition belongs under `share`"),
        );
        None
    }
}

/// The length of a period, of which there are several.
const GRAIN: Shape = Shape::Choice(&["hour", "day", "week", "month", "quarter", "year"]);

/// Returns the number written at `node`; reports one with too many digits.
fn number(node: &Node, diagnostics: &mut Diagnostics) -> Option<Number> {
    let raw = node.number_text()?;
    if let Ok(number) = raw.parse() {
        return Some(number);
    }
    if !diagnostics.has_error_at(node.span) {
        diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, node.span, format!("`{raw}` cannot be read"))
                .help("write plain digits with at most one point"),
        );
    }
    None
}

/// Returns the whole number behind `key`, at least `least`.
fn whole(node: &Node, key: &str, least: u32, diagnostics: &mut Diagnostics) -> Option<u32> {
    let place = node.get(key)?;
    let number = number(place, diagnostics)?;
    let whole = number.rescale(0).and_then(|number| u32::try_from(number.mantissa()).ok());
    if let Some(whole) = whole.filter(|whole| *whole >= least) {
        return Some(whole);
    }
    diagnostics.push(
        Diagnostic::error(codes::INVALID_VALUE, place.span, format!("`{key}` cannot be {number}"))
            .help(format!("write a whole number from {least} on")),
    );
    None
}

macro_rules! kinds {
    ($($name:ident),* $(,)?) => {
        $(mod $name;)*

        /// The keys that may stand under `measure`.
        pub const MEASURES: &[Field] = &[$($name::KIND.field),*];

        /// Every kind, sorted by name.
        pub const EVERY: &[Kind] = &[$($name::KIND),*];
    };
}

kinds! {
    balance, change, count, distinct, formula, goal, max, mean, min, quantile, ratio, rolling, scorecard, share, sum,
    to_date, top_box, top_share, unweighted_mean,
}

/// Returns the kind whose key is `name`.
pub fn find(name: &str) -> Option<&'static Kind> {
    EVERY.iter().find(|kind| kind.field.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_names_every_file_of_the_folder() {
        let names: Vec<&str> = EVERY.iter().map(|kind| kind.field.name).collect();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/kinds");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder of this file")
            .map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned())
            .filter_map(|name| name.strip_suffix(".rs").map(str::to_owned))
            .filter(|name| name != "mod")
            .collect();
        files.sort();
        assert_eq!(names, files);
    }
}
