//! Row expressions written as SQL.
//!
//! Adds parentheses only where the tree needs them. What engines spell differently is left to the dialect's macros.

use jiff::tz::TimeZone;
use minijinja::Value as Argument;

use super::RenderError;
use super::moments::{At, Moments};
use super::names::Columns;
use super::query::{Writer, type_value};
use super::quoting::Sql;
use crate::expression::{Arithmetic, Expression, Moment};
use crate::value::{Duration, Instant, Number, Type, Value};

/// How tightly a piece of SQL holds together; an operand in parentheses or a call is an atom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Predicate,
    Sum,
    Product,
    Atom,
}

/// Where the columns of an expression come from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The step or alias that qualifies them; `None` where only one is in reach.
    pub(super) table: Option<&'a str>,
    /// The names they travel under.
    pub(super) columns: &'a Columns,
    /// The step or alias of the row, in an expression over an event and a row; it qualifies [`Expression::Outer`] and
    /// the moments that are columns.
    pub(super) outer: Option<&'a str>,
    /// What stands for the instants that the question brings along.
    pub(super) moments: &'a Moments,
    /// Whether columns are those of a table, in the representation that they have there.
    pub(super) is_table: bool,
}

type Written = Result<(String, Binding), RenderError>;

impl Writer<'_> {
    /// Writes the condition `expression` so that it can stand as an operand of `and`, and of anything that binds less.
    pub(super) fn condition(&mut self, expression: &Expression, scope: Scope) -> Result<Sql, RenderError> {
        self.tested(expression, scope, Binding::Not).map(Sql::composed)
    }

    /// Writes the condition `expression` so that it can stand alone.
    pub(super) fn test(&mut self, expression: &Expression, scope: Scope) -> Result<Sql, RenderError> {
        self.tested(expression, scope, Binding::Or).map(Sql::composed)
    }

    /// Writes the condition `expression` so that it can stand beside any operator.
    pub(super) fn test_atom(&mut self, expression: &Expression, scope: Scope) -> Result<Sql, RenderError> {
        self.tested(expression, scope, Binding::Atom).map(Sql::composed)
    }

    /// Writes the condition `sql` as a value.
    pub(super) fn truth(&mut self, sql: Sql) -> Result<Sql, RenderError> {
        self.call("truth", &[sql.into()])
    }

    /// Writes the value of `expression` so that it can stand alone.
    pub(super) fn expression(&mut self, expression: &Expression, scope: Scope) -> Result<Sql, RenderError> {
        self.value(expression, scope).map(Sql::composed)
    }

    /// Writes the value of `expression` so that it can stand beside any operator.
    pub(super) fn atom(&mut self, expression: &Expression, scope: Scope) -> Result<Sql, RenderError> {
        self.operand(expression, scope, Binding::Atom).map(Sql::composed)
    }

    /// Writes the column `name`.
    pub(super) fn column(&self, name: &str, scope: Scope) -> Result<Sql, RenderError> {
        let name = self.ident(scope.columns.carried(name))?;
        match scope.table {
            Some(table) => Ok(Sql::composed(format!("{}.{name}", self.ident(table)?))),
            None => Ok(name),
        }
    }

    /// Writes the column `own` of a table in the representation of its type.
    pub(super) fn read(&mut self, own: Sql, ty: Type) -> Result<Sql, RenderError> {
        self.call("read", &[own.into(), type_value(ty)])
    }

    /// Writes the instant `length` after `instant`.
    pub(super) fn shifted(&mut self, instant: Sql, length: Duration) -> Result<Sql, RenderError> {
        if length == Duration::ZERO {
            return Ok(instant);
        }
        self.call("shift", &[instant.into(), length.micros().into(), length.to_string().into()])
    }

    /// Writes a constant instant, or what a standing query has in its place.
    pub(super) fn instant(&mut self, at: Instant) -> Result<Sql, RenderError> {
        if let Some(found) = self.standing.as_ref().and_then(|standing| standing.in_place_of(at)) {
            return Ok(found);
        }
        let written = at.in_zone(&TimeZone::UTC).to_string();
        self.call("instant", &[at.micros().into(), written.into()])
    }

    /// Writes an instant that the question brings along.
    pub(super) fn moment(&mut self, moment: Moment, scope: Scope) -> Result<Sql, RenderError> {
        match scope.moments.at(moment)? {
            At::Instant(at) => self.instant(at),
            At::Column(name) => match scope.outer.or(scope.table) {
                Some(table) => self.qualified(table, name),
                None => self.ident(name),
            },
        }
    }

    fn later(&mut self, at: &Expression, by: &Expression, scope: Scope) -> Written {
        if let Expression::Literal(Value::Duration(length), _) = by {
            let at = self.atom(at, scope)?;
            return Ok((self.shifted(at, *length)?.to_string(), Binding::Atom));
        }
        let arguments = [self.atom(at, scope)?.into(), self.atom(by, scope)?.into()];
        self.called("later", &arguments)
    }

    /// Writes `expression` as a value.
    fn operand(&mut self, expression: &Expression, scope: Scope, least: Binding) -> Result<String, RenderError> {
        let written = self.bound(expression, scope)?;
        let written = if is_condition(expression) { self.turned("truth", written, Binding::Atom)? } else { written };
        Ok(enclosed(written, least))
    }

    /// Writes `expression` as a condition.
    fn tested(&mut self, expression: &Expression, scope: Scope, least: Binding) -> Result<String, RenderError> {
        let written = self.bound(expression, scope)?;
        let written =
            if is_condition(expression) { written } else { self.turned("holds", written, Binding::Predicate)? };
        Ok(enclosed(written, least))
    }

    /// Turns a condition into a value or a value into a condition, which most dialects do not tell apart.
    fn turned(&mut self, macro_name: &str, (text, own): (String, Binding), binding: Binding) -> Written {
        let turned = self.call(macro_name, &[Sql::composed(text.clone()).into()])?.to_string();
        let binding = if turned == text { own } else { binding };
        Ok((turned, binding))
    }

    /// Writes what a column is made of.
    fn value(&mut self, expression: &Expression, scope: Scope) -> Result<String, RenderError> {
        let written = self.operand(expression, scope, Binding::Or)?;
        if !matches!(expression, Expression::Literal(Value::Text(_), _)) {
            return Ok(written);
        }
        Ok(self.call("text", &[Sql::composed(written).into()])?.to_string())
    }

    fn bound(&mut self, expression: &Expression, scope: Scope) -> Written {
        match expression {
            Expression::Column(column) if scope.is_table => {
                let own = self.column(&column.name, scope)?;
                Ok((self.read(own, column.ty)?.to_string(), Binding::Atom))
            }
            Expression::Column(column) => Ok((self.column(&column.name, scope)?.to_string(), Binding::Atom)),
            Expression::Literal(value, ty) => self.constant(value, *ty),
            Expression::Outer(column) => {
                let row = scope.outer.ok_or(RenderError::Contradiction("an outer column where there is no event"))?;
                Ok((self.qualified(row, scope.columns.carried(&column.name))?.to_string(), Binding::Atom))
            }
            Expression::Moment(moment) => Ok((self.moment(*moment, scope)?.to_string(), Binding::Atom)),
            Expression::Shift { at, by } => self.later(at, by, scope),
            Expression::Compare(comparison, left, right) => {
                let left = self.operand(left, scope, Binding::Sum)?;
                let right = self.operand(right, scope, Binding::Sum)?;
                Ok((format!("{left} {} {right}", comparison.symbol()), Binding::Predicate))
            }
            Expression::And(operands) => Ok((self.tests(operands, scope, (Binding::Not, " and "))?, Binding::And)),
            Expression::Or(operands) => Ok((self.tests(operands, scope, (Binding::And, " or "))?, Binding::Or)),
            Expression::Not(operand) => self.negation(operand, scope),
            Expression::IsNull(operand) => {
                Ok((format!("{} is null", self.operand(operand, scope, Binding::Sum)?), Binding::Predicate))
            }
            Expression::In(operand, values) => self.membership(operand, values, scope, "in"),
            Expression::Arithmetic(operator, left, right) => self.arithmetic(*operator, (left, right), scope),
            Expression::Elapsed { from, to } => {
                let arguments = [self.atom(from, scope)?.into(), self.atom(to, scope)?.into()];
                self.called("elapsed", &arguments)
            }
            Expression::Rescale(operand, scale) => self.rescaled(operand, *scale, scope),
            Expression::Coalesce(operands) => {
                let operands: Result<Vec<_>, _> =
                    operands.iter().map(|operand| self.operand(operand, scope, Binding::Or)).collect();
                Ok((format!("coalesce({})", operands?.join(", ")), Binding::Atom))
            }
            Expression::Case { arms, otherwise } => self.choice(arms, otherwise, scope),
        }
    }

    fn tests(
        &mut self,
        operands: &[Expression],
        scope: Scope,
        (least, between): (Binding, &str),
    ) -> Result<String, RenderError> {
        let operands: Result<Vec<_>, _> = operands.iter().map(|operand| self.tested(operand, scope, least)).collect();
        Ok(operands?.join(between))
    }

    fn negation(&mut self, operand: &Expression, scope: Scope) -> Written {
        match operand {
            Expression::IsNull(inner) => {
                Ok((format!("{} is not null", self.operand(inner, scope, Binding::Sum)?), Binding::Predicate))
            }
            Expression::In(inner, values) if !values.is_empty() => self.membership(inner, values, scope, "not in"),
            _ => Ok((format!("not {}", self.tested(operand, scope, Binding::Atom)?), Binding::Not)),
        }
    }

    fn membership(&mut self, operand: &Expression, values: &[Value], scope: Scope, word: &str) -> Written {
        let tested = self.operand(operand, scope, Binding::Sum)?;
        if values.is_empty() {
            // An empty list is no SQL; this is FALSE, or UNKNOWN for null.
            return Ok((format!("{tested} <> {tested}"), Binding::Predicate));
        }
        let ty = operand.ty();
        let values: Result<Vec<_>, _> =
            values.iter().map(|value| self.constant(value, ty).map(|(text, _)| text)).collect();
        Ok((format!("{tested} {word} ({})", values?.join(", ")), Binding::Predicate))
    }

    fn arithmetic(&mut self, operator: Arithmetic, (left, right): (&Expression, &Expression), scope: Scope) -> Written {
        let (own, beyond) = match operator {
            Arithmetic::Add | Arithmetic::Subtract => (Binding::Sum, Binding::Product),
            Arithmetic::Multiply => (Binding::Product, Binding::Atom),
        };
        let types = (left.ty(), right.ty());
        let left = self.operand(left, scope, own)?;
        let right = self.operand(right, scope, beyond)?;
        let (Type::Number(left_scale), Type::Number(right_scale)) = types else {
            return Ok((format!("{left} {} {right}", operator.symbol()), own));
        };
        let (left, right) = (Argument::from(Sql::composed(left)), Argument::from(Sql::composed(right)));
        if operator == Arithmetic::Multiply {
            let product = self.call("multiply", &[left, right, left_scale.into(), right_scale.into()])?;
            return Ok((product.to_string(), own));
        }
        let left = self.call("addend", &[left, left_scale.into()])?;
        let right = self.call("addend", &[right, right_scale.into()])?;
        Ok((format!("{left} {} {right}", operator.symbol()), own))
    }

    fn rescaled(&mut self, operand: &Expression, scale: u8, scope: Scope) -> Written {
        match operand.ty() {
            Type::Number(from) if from < scale => {
                let number = self.atom(operand, scope)?;
                self.called("rescale", &[number.into(), from.into(), scale.into()])
            }
            _ => self.bound(operand, scope),
        }
    }

    fn choice(&mut self, arms: &[(Expression, Expression)], otherwise: &Expression, scope: Scope) -> Written {
        let mut text = "case".to_owned();
        for (when, then) in arms {
            let (when, then) = (self.test(when, scope)?, self.value(then, scope)?);
            text.push_str(&format!(" when {when} then {then}"));
        }
        text.push_str(&format!(" else {} end", self.value(otherwise, scope)?));
        Ok((text, Binding::Atom))
    }

    fn constant(&mut self, value: &Value, ty: Type) -> Written {
        let text = match value {
            Value::Null => return Ok(("null".to_owned(), Binding::Atom)),
            Value::Boolean(boolean) => self.call("boolean", &[Argument::from(*boolean)])?,
            Value::Text(text) => self.literal(text)?,
            Value::Number(number) => self.decimal(*number, ty)?,
            Value::Duration(length) => {
                let seconds = Sql::composed(length.seconds().to_string());
                self.call("duration", &[length.micros().into(), seconds.into(), length.to_string().into()])?
            }
            Value::Instant(at) => self.instant(*at)?,
            Value::Date(date) => self.call("date", &[date.to_string().into()])?,
            Value::Real(real) => self.real(*real)?,
        };
        // A bare `-5` would run into a minus sign before it.
        let binding = if text.as_str().starts_with('-') { Binding::Sum } else { Binding::Atom };
        Ok((text.to_string(), binding))
    }

    fn decimal(&mut self, number: Number, ty: Type) -> Result<Sql, RenderError> {
        let scale = if let Type::Number(scale) = ty { scale } else { number.scale() };
        let number = number.rescale(scale).ok_or_else(|| RenderError::Constant(number.to_string()))?;
        let text = Sql::composed(number.to_string());
        self.call("decimal", &[number.mantissa().into(), scale.into(), text.into()])
    }

    /// Writes a binary float.
    pub(super) fn real(&mut self, real: f64) -> Result<Sql, RenderError> {
        if !real.is_finite() {
            return Err(RenderError::Constant(real.to_string()));
        }
        self.call("real", &[Sql::composed(format!("{real:?}")).into()])
    }

    /// Writes a constant so that it can stand alone.
    pub(super) fn literal_of(&mut self, value: &Value, ty: Type) -> Result<Sql, RenderError> {
        self.constant(value, ty).map(|(text, _)| Sql::composed(text))
    }

    fn called(&mut self, name: &str, arguments: &[Argument]) -> Written {
        Ok((self.call(name, arguments)?.to_string(), Binding::Atom))
    }
}

/// Tells whether SQL has no value for `expression` where it tells conditions from values.
fn is_condition(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Compare(..)
            | Expression::And(_)
            | Expression::Or(_)
            | Expression::Not(_)
            | Expression::IsNull(_)
            | Expression::In(..)
    )
}

fn enclosed((text, binding): (String, Binding), least: Binding) -> String {
    if binding < least { format!("({text})") } else { text }
}
