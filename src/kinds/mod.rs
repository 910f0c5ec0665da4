//! The kinds of metric: each file says one way to compute a number, what it needs, and what it lowers to.
//!
//! Adding a kind is a file here and its name in the list. Knows the plan, and no other file than the one at hand.

use crate::diagnostic::Diagnostics;
use crate::expression::{self, Expression, Scope};
use crate::plan::{Body, Measure, Plan};
use crate::shape::Field;
use crate::text::{Span, Texts};
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
    Metrics(fn(&Node, &mut Operands<'_>, &mut dyn Metrics) -> Option<Body>),
}

/// What a kind reads its operands with.
pub struct Operands<'a> {
    /// The names of the row; empty for kinds over metrics.
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

    /// Compiles an expression whose value can be added up.
    pub fn quantity(&mut self, node: &Node) -> Option<Expression> {
        use crate::diagnostic::{Diagnostic, codes};
        use crate::value::Type;
        let expression = self.expression(node)?;
        if matches!(expression.ty(), Type::Number(_) | Type::Duration) {
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

/// Finds the plans of other metrics; reports what is unknown or goes in circles.
pub trait Metrics {
    /// Returns the plan of the metric called `name`, which is written at `span`.
    fn plan(&mut self, name: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Plan>;
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

kinds! { count, distinct, formula, max, mean, min, ratio, share, sum, unweighted_mean }

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
