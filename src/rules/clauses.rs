//! What can be decided of the conditions of one table: whether they hold never, always, or only together with others.
//!
//! An answer is given only where it is proven for every row there can be; what stays open counts as no finding.

use crate::catalog::Catalog;
use crate::diff::{Domain, no_row};
use crate::expression::Expression;
use crate::plan::{Slot, Use};
use crate::value::{Type, Value};

/// The conditions over the rows of one source.
pub(super) struct Clauses<'a> {
    catalog: &'a Catalog,
    slot: Slot,
}

impl<'a> Clauses<'a> {
    /// Returns the conditions over rows of the source of this name.
    pub(super) fn over(catalog: &'a Catalog, source: &str) -> Self {
        let slot = Slot { path: String::new(), source: source.to_owned(), is_over_event: false, use_: Use::OnlyTrue };
        Self { catalog, slot }
    }

    /// Tells whether the condition is TRUE of no row.
    pub(super) fn is_never(&self, condition: &Expression) -> bool {
        self.no_row(&[condition], &[]).unwrap_or(false)
    }

    /// Tells whether the condition is TRUE of every row.
    pub(super) fn is_always(&self, condition: &Expression) -> bool {
        self.no_row(&[], &[condition]).unwrap_or(false)
    }

    /// Tells whether the second condition is TRUE wherever the first is.
    pub(super) fn implies(&self, first: &Expression, second: &Expression) -> bool {
        self.no_row(&[first], &[second]).unwrap_or_else(|| first.canonical() == second.canonical())
    }

    fn no_row(&self, wanted: &[&Expression], unwanted: &[&Expression]) -> Option<bool> {
        no_row(wanted, unwanted, &|name| Domain::of(self.catalog, &self.slot, name))
    }
}

/// Returns the condition that all of these are TRUE.
pub(super) fn all(conditions: &[&Expression]) -> Expression {
    match conditions {
        [] => constant(true),
        [one] => (*one).clone(),
        several => Expression::And(several.iter().map(|one| (*one).clone()).collect()),
    }
}

fn constant(truth: bool) -> Expression {
    Expression::Literal(Value::Boolean(truth), Type::Boolean)
}
