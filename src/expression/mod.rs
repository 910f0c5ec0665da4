//! Typed row expressions: the part of SQL that a definition may say about one row.
//!
//! The tree is checked and complete: every literal has its final type, both sides of a comparison have the same
//! type and scale. Three-valued logic throughout. Knows no dialect.

mod canonical;
mod check;
mod currency;
mod forms;
mod narrow;
mod operators;
mod parse;
mod scope;
mod typed;
#[cfg(test)]
mod tests;

pub use check::{compile, compile_condition};
pub use currency::demand_one_currency;
pub use narrow::{known_when_not_true, known_when_true, may_be_null};
pub use parse::Written;
pub use scope::{Name, Scope};

use std::collections::BTreeMap;

use serde::Serialize;

use crate::value::{Duration, Type, Value};

/// A typed expression over the columns of one row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Expression {
    /// A column, derived column or fact of the row.
    Column(Column),
    /// A constant of the given type; the value may be null.
    Literal(Value, Type),
    /// A column or fact of the row, in an expression over pairs of an event and a row.
    Outer(Column),
    /// An instant that the question brings along; never null.
    Moment(Moment),
    /// `left operator right`, both of one type; UNKNOWN when either is null.
    Compare(Comparison, Box<Expression>, Box<Expression>),
    /// All are TRUE; FALSE wins over UNKNOWN. At least two operands.
    And(Vec<Expression>),
    /// Any is TRUE; TRUE wins over UNKNOWN. At least two operands.
    Or(Vec<Expression>),
    /// Negation; UNKNOWN stays UNKNOWN.
    Not(Box<Expression>),
    /// Whether the operand is null; never UNKNOWN.
    IsNull(Box<Expression>),
    /// Whether the operand equals one of the (non-null, same-typed) values; UNKNOWN when it is null.
    In(Box<Expression>, Vec<Value>),
    /// Arithmetic on two numbers or two durations; null when either is null.
    Arithmetic(Arithmetic, Box<Expression>, Box<Expression>),
    /// `to - from`: the elapsed time between two instants; null when either is null.
    Elapsed {
        /// The earlier instant.
        from: Box<Expression>,
        /// The later instant.
        to: Box<Expression>,
    },
    /// The instant so much later (earlier, where the duration is negative); null when either is null.
    Shift {
        /// The instant.
        at: Box<Expression>,
        /// How much later.
        by: Box<Expression>,
    },
    /// A number brought to a larger scale without changing its value.
    Rescale(Box<Expression>, u8),
    /// The first operand that is not null. At least two operands of one type.
    Coalesce(Vec<Expression>),
    /// The value of the first arm whose condition is TRUE, else the last operand.
    Case {
        /// Conditions with their values, in order; at least one.
        arms: Vec<(Expression, Expression)>,
        /// The value where no condition is TRUE.
        otherwise: Box<Expression>,
    },
}

/// A named column with its type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// The column's name in its source, or a fact's name.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

/// An instant that the question brings along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Moment {
    /// The moment of knowledge.
    AsOf,
    /// The first instant of the row's period.
    PeriodStart,
    /// The first instant after the row's period, or the moment of knowledge where that is earlier.
    PeriodEnd,
}

/// A comparison operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Returns the operator as SQL writes it.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "<>",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }

    /// Tells whether the operator holds for two values ordered as `ordering`.
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Equal => ordering.is_eq(),
            Comparison::NotEqual => ordering.is_ne(),
            Comparison::Less => ordering.is_lt(),
            Comparison::LessOrEqual => ordering.is_le(),
            Comparison::Greater => ordering.is_gt(),
            Comparison::GreaterOrEqual => ordering.is_ge(),
        }
    }
}

/// An arithmetic operator. Division belongs to measures, where its zero case is declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Arithmetic {
    /// Sum of two numbers of one scale, or of two durations.
    Add,
    /// Difference of two numbers of one scale, or of two durations.
    Subtract,
    /// Product of two numbers; the scales add up.
    Multiply,
}

impl Arithmetic {
    /// Returns the operator as SQL writes it.
    pub fn symbol(self) -> &'static str {
        match self {
            Arithmetic::Add => "+",
            Arithmetic::Subtract => "-",
            Arithmetic::Multiply => "*",
        }
    }
}

impl Expression {
    /// Returns a column expression.
    pub fn column(name: impl Into<String>, ty: Type) -> Self {
        Expression::Column(Column { name: name.into(), ty })
    }

    /// Returns the type of the expression's value.
    pub fn ty(&self) -> Type {
        match self {
            Expression::Column(column) | Expression::Outer(column) => column.ty,
            Expression::Literal(_, ty) => *ty,
            Expression::Moment(_) | Expression::Shift { .. } => Type::Instant,
            Expression::Compare(..)
            | Expression::And(_)
            | Expression::Or(_)
            | Expression::Not(_)
            | Expression::IsNull(_)
            | Expression::In(..) => Type::Boolean,
            Expression::Arithmetic(Arithmetic::Multiply, left, right) => match (left.ty(), right.ty()) {
                (Type::Number(a), Type::Number(b)) => Type::Number(a + b),
                (other, _) => other,
            },
            Expression::Arithmetic(_, left, _) => left.ty(),
            Expression::Elapsed { .. } => Type::Duration,
            Expression::Rescale(_, scale) => Type::Number(*scale),
            Expression::Coalesce(operands) => operands[0].ty(),
            Expression::Case { otherwise, .. } => otherwise.ty(),
        }
    }

    /// Returns the instant of column `anchor`, shifted by a constant.
    pub fn shift(anchor: &str, offset: Duration) -> Self {
        let at = Expression::column(anchor, Type::Instant);
        if offset == Duration::ZERO {
            return at;
        }
        let by = Expression::Literal(Value::Duration(offset), Type::Duration);
        Expression::Shift { at: Box::new(at), by: Box::new(by) }
    }

    /// Returns the condition that this text expression is `text`.
    pub fn is_text(self, text: &str) -> Self {
        let text = Expression::Literal(Value::text(text), Type::Text);
        Expression::Compare(Comparison::Equal, Box::new(self), Box::new(text))
    }

    /// Returns by how much the expression shifts the column `anchor`; `None` where it is anything else.
    pub fn shifted_from(&self, anchor: &str) -> Option<Duration> {
        let (at, offset) = match self {
            Expression::Shift { at, by } => match by.as_ref() {
                Expression::Literal(Value::Duration(offset), _) => (at.as_ref(), *offset),
                _ => return None,
            },
            other => (other, Duration::ZERO),
        };
        matches!(at, Expression::Column(column) if column.name == anchor).then_some(offset)
    }

    /// Returns the names of the row's columns and facts that an expression over pairs reads.
    pub fn outer_columns(&self) -> Vec<&str> {
        let mut names = Vec::new();
        let mut stack = vec![self];
        while let Some(expression) = stack.pop() {
            if let Expression::Outer(column) = expression
                && !names.contains(&column.name.as_str())
            {
                names.push(column.name.as_str());
            }
            stack.extend(expression.children());
        }
        names
    }

    /// Calls `visit` on this expression and everything below it, outermost first.
    pub fn walk(&self, visit: &mut impl FnMut(&Expression)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }

    /// Returns the names of the columns the expression reads, in order of first occurrence.
    pub fn columns(&self) -> Vec<&str> {
        fn collect<'a>(expression: &'a Expression, names: &mut Vec<&'a str>) {
            if let Expression::Column(column) = expression
                && !names.contains(&column.name.as_str())
            {
                names.push(&column.name);
            }
            for child in expression.children() {
                collect(child, names);
            }
        }
        let mut names = Vec::new();
        collect(self, &mut names);
        names
    }

    /// Gives names of the row new ones; in an expression over an event they are those of the row beside it.
    pub fn rename(&mut self, names: &BTreeMap<String, String>, is_over_event: bool) {
        let column = match self {
            Expression::Column(column) if !is_over_event => Some(column),
            Expression::Outer(column) if is_over_event => Some(column),
            _ => None,
        };
        if let Some(column) = column
            && let Some(new) = names.get(&column.name)
        {
            column.name.clone_from(new);
        }
        self.children_mut().into_iter().for_each(|child| child.rename(names, is_over_event));
    }

    /// Returns the operands, to be changed.
    pub fn children_mut(&mut self) -> Vec<&mut Expression> {
        match self {
            Expression::Column(_) | Expression::Literal(..) | Expression::Outer(_) | Expression::Moment(_) => {
                Vec::new()
            }
            Expression::Shift { at, by } => vec![at, by],
            Expression::Compare(_, left, right) | Expression::Arithmetic(_, left, right) => vec![left, right],
            Expression::And(operands) | Expression::Or(operands) | Expression::Coalesce(operands) => {
                operands.iter_mut().collect()
            }
            Expression::Not(operand)
            | Expression::IsNull(operand)
            | Expression::In(operand, _)
            | Expression::Rescale(operand, _) => vec![operand],
            Expression::Elapsed { from, to } => vec![from, to],
            Expression::Case { arms, otherwise } => {
                let mut children: Vec<&mut Expression> =
                    arms.iter_mut().flat_map(|(when, then)| [when, then]).collect();
                children.push(otherwise);
                children
            }
        }
    }

    /// Returns the operands, in their order.
    pub fn children(&self) -> Vec<&Expression> {
        match self {
            Expression::Column(_) | Expression::Literal(..) | Expression::Outer(_) | Expression::Moment(_) => {
                Vec::new()
            }
            Expression::Shift { at, by } => vec![at, by],
            Expression::Compare(_, left, right) | Expression::Arithmetic(_, left, right) => vec![left, right],
            Expression::And(operands) | Expression::Or(operands) | Expression::Coalesce(operands) => {
                operands.iter().collect()
            }
            Expression::Not(operand)
            | Expression::IsNull(operand)
            | Expression::In(operand, _)
            | Expression::Rescale(operand, _) => vec![operand],
            Expression::Elapsed { from, to } => vec![from, to],
            Expression::Case { arms, otherwise } => {
                let mut children: Vec<&Expression> = arms.iter().flat_map(|(when, then)| [when, then]).collect();
                children.push(otherwise);
                children
            }
        }
    }
}
