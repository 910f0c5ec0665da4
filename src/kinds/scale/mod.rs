//! Columns with a scale of whole numbers, and the bands that a definition parts it into.

use super::{Operands, number};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Comparison, Expression, Name};
use crate::text::Span;
use crate::value::{Number, Type, Value};
use crate::yaml::Node;

/// A column of whole numbers with a declared range.
pub(super) struct Scale {
    column: String,
    place: Span,
    declared: Option<Span>,
    low: i64,
    high: i64,
}

/// A part of a scale, both ends included.
pub(super) struct Band {
    key: String,
    span: Span,
    low: i64,
    high: i64,
}

impl Scale {
    /// Reads the name of a column; reports what it lacks.
    pub(super) fn of(node: &Node, operands: &mut Operands<'_>) -> Option<Self> {
        // Compiled only to be named: an unknown column is reported as in any expression.
        operands.expression(node)?;
        let column = node.as_text()?.to_owned();
        let name = operands.scope.names.get(&column).cloned();
        let Some(Name { ty: Type::Number(0), range, declared, .. }) = name else {
            operands.diagnostics.push(
                Diagnostic::error(codes::TYPE_MISMATCH, node.span, format!("`{column}` is no column of whole numbers"))
                    .help("name a column of type integer with a `range`"),
            );
            return None;
        };
        let ends = range.and_then(|(low, high)| Some((whole_of(low)?, whole_of(high)?)));
        let Some((low, high)) = ends else {
            let message = format!("`{column}` has no declared range, so nothing says where its scale ends");
            let diagnostic = Diagnostic::error(codes::SCALE_GAP, node.span, message);
            let diagnostic = match declared {
                Some(declared) => diagnostic.also(declared, "declared here"),
                None => diagnostic,
            };
            operands.diagnostics.push(diagnostic.help("declare it in the source, such as `range: [0, 10]`"));
            return None;
        };
        Some(Self { column, place: node.span, declared, low, high })
    }

    /// Demands that the bands hold every value of the scale exactly once.
    pub(super) fn parted_by(&self, bands: &[Band], operands: &mut Operands<'_>) -> Option<()> {
        let mut sorted: Vec<&Band> = bands.iter().collect();
        sorted.sort_by_key(|band| (band.low, band.high));
        let mut next = self.low;
        let mut below: Option<&Band> = None;
        for band in sorted {
            if band.low > next {
                return self.report(band.span, self.in_none(next, band.low - 1), operands);
            }
            if band.low < next {
                let message = match below {
                    Some(below) => format!("the value {} is in `{}` and in `{}`", band.low, below.key, band.key),
                    None => format!("`{}` begins below the scale, which begins with {}", band.key, self.low),
                };
                return self.report(band.span, message, operands);
            }
            if band.high > self.high {
                let message = format!("`{}` ends above the scale, which ends with {}", band.key, self.high);
                return self.report(band.span, message, operands);
            }
            next = band.high + 1;
            below = Some(band);
        }
        if next <= self.high {
            return self.report(self.place, self.in_none(next, self.high), operands);
        }
        Some(())
    }

    fn in_none(&self, low: i64, high: i64) -> String {
        match low == high {
            true => format!("the value {low} of `{}` is in no part", self.column),
            false => format!("the values {low} to {high} of `{}` are in no part", self.column),
        }
    }

    fn report(&self, span: Span, message: String, operands: &mut Operands<'_>) -> Option<()> {
        let diagnostic = Diagnostic::error(codes::SCALE_GAP, span, message);
        let diagnostic = match self.declared {
            Some(declared) => diagnostic.also(declared, format!("its range is {} to {}", self.low, self.high)),
            None => diagnostic,
        };
        let help = format!("part the values from {} to {} so that each is in one part", self.low, self.high);
        operands.diagnostics.push(diagnostic.help(help));
        None
    }

    /// Returns the condition that a value lies in the band.
    pub(super) fn within(&self, band: &Band) -> Expression {
        Expression::And(vec![
            self.compared(Comparison::GreaterOrEqual, band.low),
            self.compared(Comparison::LessOrEqual, band.high),
        ])
    }

    fn compared(&self, comparison: Comparison, bound: i64) -> Expression {
        let literal = Expression::Literal(Value::Number(Number::integer(bound)), Type::Number(0));
        let column = Expression::column(&self.column, Type::Number(0));
        Expression::Compare(comparison, Box::new(column), Box::new(literal))
    }
}

impl Band {
    /// Reads `[low, high]`, written under `key`.
    pub(super) fn read(node: &Node, key: &str, operands: &mut Operands<'_>) -> Option<Self> {
        let [low, high] = node.items() else { return None };
        let low = whole_of(number(low, operands.diagnostics)?)?;
        let high = whole_of(number(high, operands.diagnostics)?)?;
        if low <= high {
            return Some(Self { key: key.to_owned(), span: node.span, low, high });
        }
        operands.diagnostics.push(
            Diagnostic::error(codes::WINDOW_REVERSED, node.span, format!("`{key}` ends before it begins"))
                .help("write the smaller number first"),
        );
        None
    }
}

fn whole_of(number: Number) -> Option<i64> {
    number.rescale(0).and_then(|whole| i64::try_from(whole.mantissa()).ok()).filter(|whole| whole.abs() < i64::MAX)
}
