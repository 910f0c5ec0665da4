//! What the names in an expression mean.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Expression;
use crate::text::Span;
use crate::value::{Number, Type, Value};

/// A name that stands for a column, fact or derived column of the row.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// The type of its value.
    pub ty: Type,
    /// Whether it can be null.
    pub nullable: bool,
    /// What its numbers count.
    pub unit: Option<String>,
    /// The column with the currency code of its amounts, where that differs by row.
    pub currency_in: Option<String>,
    /// The only texts it can hold.
    pub values: Option<Arc<[String]>>,
    /// The smallest and largest number it can hold.
    pub range: Option<(Number, Number)>,
    /// Where it is declared.
    pub declared: Option<Span>,
}

impl Name {
    /// Returns a name of this type that is never null and has no further constraints.
    pub fn of(ty: Type) -> Self {
        Self { ty, nullable: false, unit: None, currency_in: None, values: None, range: None, declared: None }
    }
}

/// The names an expression may use.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// What the names belong to, for messages: "source `contacts`".
    pub owner: String,
    /// Columns and facts of the row; all expressions over a source share its columns.
    pub names: Arc<BTreeMap<String, Name>>,
    /// Defined terms such as `resolved`, replaced by what they stand for.
    pub terms: BTreeMap<String, Expression>,
    /// Names that stand for nothing: whose definition has failed, which was reported there, or defined terms that the
    /// metric does not define, with the remedy.
    pub absent: BTreeMap<String, Option<&'static str>>,
    /// Values of parameters, written `:name`.
    pub parameters: BTreeMap<String, (Value, Type)>,
    /// The names of the row beside an event, written `row.name`.
    pub row: Option<Box<Scope>>,
}

impl Scope {
    /// Returns the first name whose amounts, in a currency that differs by row, are in an expression's value.
    pub fn in_own_currency<'a>(&self, expression: &'a Expression) -> Option<&'a str> {
        let own =
            |names: &BTreeMap<String, Name>, name: &str| names.get(name).is_some_and(|name| name.currency_in.is_some());
        match expression {
            Expression::Column(column) => own(&self.names, &column.name).then_some(column.name.as_str()),
            Expression::Outer(column) => {
                self.row.as_deref().filter(|row| own(&row.names, &column.name)).map(|_| column.name.as_str())
            }
            Expression::Arithmetic(_, left, right) => {
                self.in_own_currency(left).or_else(|| self.in_own_currency(right))
            }
            Expression::Rescale(inner, _) => self.in_own_currency(inner),
            Expression::Coalesce(operands) => operands.iter().find_map(|operand| self.in_own_currency(operand)),
            Expression::Case { arms, otherwise } => {
                arms.iter().find_map(|(_, then)| self.in_own_currency(then)).or_else(|| self.in_own_currency(otherwise))
            }
            _ => None,
        }
    }

    /// Returns the column with the currency of an expression's amounts, where it differs by row.
    pub fn currency_of(&self, expression: &Expression) -> Option<String> {
        let name = self.in_own_currency(expression)?;
        self.names.get(name)?.currency_in.clone()
    }

    /// Returns every name that can be written, for "did you mean".
    pub fn known(&self) -> Vec<&str> {
        self.names.keys().chain(self.terms.keys()).map(String::as_str).collect()
    }
}
