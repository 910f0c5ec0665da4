//! Expressions on their way to being typed: what is known of a part, and how two parts are brought to one type.

use std::sync::Arc;

use super::Expression;
use super::check::Checker;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::text::Span;
use crate::value::{Duration, Instant, Number, Type, Value};

/// A checked part of an expression with what is known of it.
#[derive(Debug, Clone)]
pub(super) struct Typed {
    pub(super) expression: Expression,
    pub(super) span: Span,
    pub(super) unit: Option<String>,
    /// The column with the currency of each amount; `row.` before that of the row beside an event.
    pub(super) currency: Option<String>,
    pub(super) values: Option<Arc<[String]>>,
    pub(super) range: Option<(Number, Number)>,
    pub(super) declared: Option<Span>,
}

impl Typed {
    pub(super) fn plain(expression: Expression, span: Span) -> Self {
        Self { expression, span, unit: None, currency: None, values: None, range: None, declared: None }
    }

    pub(super) fn ty(&self) -> Type {
        self.expression.ty()
    }

    pub(super) fn is_null_literal(&self) -> bool {
        matches!(&self.expression, Expression::Literal(Value::Null, _))
    }

    pub(super) fn literal(&self) -> Option<&Value> {
        match &self.expression {
            Expression::Literal(value, _) => Some(value),
            _ => None,
        }
    }
}

impl Checker<'_> {
    /// Brings two operands to one type and scale; reports and returns `None` where there is none.
    pub(super) fn unify(&mut self, left: Typed, right: Typed) -> Option<(Typed, Typed)> {
        let (left, right) = if left.literal().is_some() {
            (self.coerce_literal(left, &right)?, right)
        } else {
            let coerced = self.coerce_literal(right, &left)?;
            (left, coerced)
        };
        self.same_unit(&left, &right)?;
        match (left.ty(), right.ty()) {
            (Type::Number(a), Type::Number(b)) => {
                let scale = a.max(b);
                Some((rescaled(left, scale), rescaled(right, scale)))
            }
            (a, b) if a == b => Some((left, right)),
            (a, b) => {
                let message = format!("{a} does not compare with {b}");
                let diagnostic = Diagnostic::error(codes::TYPE_MISMATCH, right.span, message)
                    .label(right.span, format!("this is {b}"))
                    .also(left.span, format!("this is {a}"))
                    .help(remedy(a, b));
                self.report(diagnostic)
            }
        }
    }

    fn same_unit(&mut self, left: &Typed, right: &Typed) -> Option<()> {
        self.same_currency(left, right)?;
        let (Some(a), Some(b)) = (&left.unit, &right.unit) else { return Some(()) };
        if a == b {
            return Some(());
        }
        let diagnostic = Diagnostic::error(codes::UNIT_MISMATCH, right.span, format!("`{a}` and `{b}` do not mix"))
            .label(right.span, format!("this counts `{b}`"))
            .also(left.span, format!("this counts `{a}`"))
            .help("bring both to one unit in the source");
        self.report(diagnostic)
    }

    /// Amounts whose currency differs by row mix with those in the same currency, and with nothing: 0.
    fn same_currency(&mut self, left: &Typed, right: &Typed) -> Option<()> {
        let nothing = |side: &Typed| match side.literal() {
            Some(Value::Number(number)) => number.mantissa() == 0,
            other => other.is_some_and(Value::is_null),
        };
        let (mixed, own) = match (&left.currency, &right.currency) {
            (a, b) if a == b => return Some(()),
            (Some(_), None) => (right, left),
            (_, _) => (left, right),
        };
        if nothing(mixed) {
            return Some(());
        }
        let message = format!("`{}` is an amount in a currency of its own", self.text_of(own.span));
        let diagnostic = Diagnostic::error(codes::UNIT_MISMATCH, own.span, message)
            .also(mixed.span, "this is not in that currency")
            .help("convert it first, by a fact: `convert: {amount: ..., into: EUR, ...}`");
        self.report(match own.declared {
            Some(declared) => diagnostic.also(declared, "the source says so here"),
            None => diagnostic,
        })
    }

    /// Reads a text literal as the type of its partner, and holds a literal against the partner's listed values.
    fn coerce_literal(&mut self, literal: Typed, partner: &Typed) -> Option<Typed> {
        let Some(value) = literal.literal() else { return Some(literal) };
        match (value, partner.ty()) {
            (Value::Text(text), Type::Duration | Type::Instant | Type::Date) => {
                let text = text.to_string();
                self.timed_literal(&text, literal.span, partner.ty())
            }
            (Value::Text(text), Type::Text) => {
                let text = text.to_string();
                self.listed(&text, literal.span, partner)?;
                Some(literal)
            }
            (Value::Number(number), Type::Real) => {
                let real = Value::Real(number.to_f64());
                Some(Typed { expression: Expression::Literal(real, Type::Real), ..literal })
            }
            (Value::Number(number), Type::Number(_)) => {
                let number = *number;
                self.in_range(number, literal.span, partner)?;
                Some(literal)
            }
            _ => Some(literal),
        }
    }

    fn timed_literal(&mut self, text: &str, span: Span, ty: Type) -> Option<Typed> {
        let (value, example) = match ty {
            Type::Duration => (text.parse::<Duration>().ok().map(Value::Duration), "'20s'` or `'1h30m'"),
            Type::Instant => (Instant::parse(text).map(Value::Instant), "'2026-01-31T09:00:00Z'"),
            _ => (crate::value::Date::parse(text).map(Value::Date), "'2026-01-31'"),
        };
        match value {
            Some(value) => Some(Typed::plain(Expression::Literal(value, ty), span)),
            None => {
                let diagnostic = Diagnostic::error(codes::TYPE_MISMATCH, span, format!("`'{text}'` is no {ty}"))
                    .help(format!("write it as `{example}`"));
                self.report(diagnostic)
            }
        }
    }

    fn listed(&mut self, text: &str, span: Span, partner: &Typed) -> Option<()> {
        let Some(values) = &partner.values else { return Some(()) };
        if values.iter().any(|value| value == text) {
            return Some(());
        }
        let name = self.text_of(partner.span).to_owned();
        let list = values.join(", ");
        let mut diagnostic = Diagnostic::error(codes::UNKNOWN_VALUE, span, format!("`{name}` has no value `{text}`"))
            .label(span, format!("the source lists: {list}"));
        if let Some(declared) = partner.declared {
            diagnostic = diagnostic.also(declared, "listed here");
        }
        let known: Vec<&str> = values.iter().map(String::as_str).collect();
        let diagnostic = match nearest(text, &known) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help("use a listed value, or add it to the source's `values`"),
        };
        self.report(diagnostic)
    }

    fn in_range(&mut self, number: Number, span: Span, partner: &Typed) -> Option<()> {
        let Some((low, high)) = partner.range else { return Some(()) };
        if low <= number && number <= high {
            return Some(());
        }
        let name = self.text_of(partner.span).to_owned();
        let message = format!("`{name}` is never {number}");
        let mut diagnostic = Diagnostic::error(codes::UNKNOWN_VALUE, span, message)
            .label(span, format!("the source gives the range {low} to {high}"));
        if let Some(declared) = partner.declared {
            diagnostic = diagnostic.also(declared, "declared here");
        }
        self.report(diagnostic.help("compare with a number in the range, or correct the source's `range`"))
    }
}

/// Brings a number to a scale that is not smaller than its own.
pub(super) fn rescaled(typed: Typed, scale: u8) -> Typed {
    if typed.ty() == Type::Number(scale) {
        return typed;
    }
    let expression = match typed.expression {
        Expression::Literal(Value::Number(number), _) if number.rescale(scale).is_some() => {
            let number = number.rescale(scale).expect("checked by the guard");
            Expression::Literal(Value::Number(number), Type::Number(scale))
        }
        Expression::Literal(Value::Null, _) => Expression::Literal(Value::Null, Type::Number(scale)),
        other => Expression::Rescale(Box::new(other), scale),
    };
    Typed { expression, ..typed }
}

fn remedy(left: Type, right: Type) -> &'static str {
    match (left, right) {
        (Type::Duration, _) | (_, Type::Duration) => "write durations with their unit: `'20s'`",
        (Type::Boolean, _) | (_, Type::Boolean) => "a condition stands alone: `is_bot`, or `not is_bot`",
        (Type::Text, _) | (_, Type::Text) => "texts stand in single quotes, numbers do not",
        _ => "compare values of one type",
    }
}
