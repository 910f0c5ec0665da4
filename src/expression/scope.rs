//! What the names in an expression mean.

use std::collections::BTreeMap;

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
    /// The only texts it can hold.
    pub values: Option<Vec<String>>,
    /// The smallest and largest number it can hold.
    pub range: Option<(Number, Number)>,
    /// Where it is declared.
    pub declared: Option<Span>,
}

impl Name {
    /// Returns a name of this type that is never null and has no further constraints.
    pub fn of(ty: Type) -> Self {
        Self { ty, nullable: false, unit: None, values: None, range: None, declared: None }
    }
}

/// The names an expression may use.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// What the names belong to, for messages: "source `contacts`".
    pub owner: String,
    /// Columns and facts of the row.
    pub names: BTreeMap<String, Name>,
    /// Defined terms such as `resolved`, replaced by what they stand for.
    pub terms: BTreeMap<String, Expression>,
    /// Names that stand for nothing: whose definition has failed, which was reported there, or defined terms that the
    /// metric does not define, with the remedy.
    pub absent: BTreeMap<String, Option<&'static str>>,
    /// Values of parameters, written `:name`.
    pub parameters: BTreeMap<String, (Value, Type)>,
}

impl Scope {
    /// Returns every name that can be written, for "did you mean".
    pub fn known(&self) -> Vec<&str> {
        self.names.keys().chain(self.terms.keys()).map(String::as_str).collect()
    }
}
