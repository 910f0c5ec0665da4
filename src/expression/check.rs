//! From the SQL parser's syntax tree to a typed expression; everything outside the subset is refused with its place.

use sqlparser::ast::{self, Expr};

use super::Expression;
use super::parse::Written;
use super::scope::Scope;
use super::typed::Typed;
use crate::diagnostic::{Diagnostic, Diagnostics, codes, nearest};
use crate::text::{Span, Texts};
use crate::value::{Number, Type, Value};
use crate::yaml::Node;

/// Parses and types the expression at `node`; every mistake is reported.
pub fn compile(node: &Node, scope: &Scope, texts: &Texts, diagnostics: &mut Diagnostics) -> Option<Expression> {
    let written = Written::new(node, texts);
    let syntax = written.parse(diagnostics)?;
    let mut checker = Checker { written, scope, texts, diagnostics };
    checker.check(&syntax).map(|typed| typed.expression)
}

/// As [`compile`], and demands a condition.
pub fn compile_condition(
    node: &Node,
    scope: &Scope,
    texts: &Texts,
    diagnostics: &mut Diagnostics,
) -> Option<Expression> {
    let expression = compile(node, scope, texts, diagnostics)?;
    if expression.ty() == Type::Boolean {
        return Some(expression);
    }
    let message = format!("a condition is needed, this is {}", expression.ty());
    diagnostics.push(
        Diagnostic::error(codes::TYPE_MISMATCH, node.span, message)
            .help("compare it with something, such as `contacts = 1`"),
    );
    None
}

pub(super) struct Checker<'a> {
    written: Written<'a>,
    scope: &'a Scope,
    texts: &'a Texts,
    diagnostics: &'a mut Diagnostics,
}

impl Checker<'_> {
    pub(super) fn report<T>(&mut self, diagnostic: Diagnostic) -> Option<T> {
        self.diagnostics.push(diagnostic);
        None
    }

    pub(super) fn text_of(&self, span: Span) -> &str {
        self.texts.slice(span)
    }

    pub(super) fn check(&mut self, syntax: &Expr) -> Option<Typed> {
        let span = self.written.span_of(syntax);
        match syntax {
            Expr::Nested(inner) => self.check(inner),
            Expr::Identifier(name) => self.name(&name.value, span),
            Expr::CompoundIdentifier(parts) if self.is_of_row(parts) => self.of_row(&parts[1].value, span),
            Expr::Value(value) => self.literal(&value.value, span),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, span),
            Expr::UnaryOp { op, expr } => self.unary(op, expr, span),
            Expr::IsNull(inner) => Some(Typed::plain(self.is_null(inner)?, span)),
            Expr::IsNotNull(inner) => Some(Typed::plain(Expression::Not(Box::new(self.is_null(inner)?)), span)),
            Expr::InList { expr, list, negated } => self.in_list(expr, list, *negated, span),
            Expr::Between { expr, negated, low, high } => {
                let inside = self.between(expr, low, high)?;
                Some(Typed::plain(if *negated { Expression::Not(Box::new(inside)) } else { inside }, span))
            }
            Expr::Function(function) => self.function(function, span),
            Expr::Case { operand: None, conditions, else_result, .. } => {
                self.case(conditions, else_result.as_deref(), span)
            }
            other => self.unsupported(other, span),
        }
    }

    fn unsupported(&mut self, syntax: &Expr, span: Span) -> Option<Typed> {
        let (what, help) = match syntax {
            Expr::Like { .. } | Expr::ILike { .. } | Expr::SimilarTo { .. } | Expr::RLike { .. } => {
                ("text patterns", "list the values: `channel in ('email', 'chat')`")
            }
            Expr::Subquery(_) | Expr::Exists { .. } | Expr::InSubquery { .. } => {
                ("subqueries", "say what other rows say as a fact, under `facts`")
            }
            Expr::Cast { .. } => ("casts", "declare the type in the source"),
            Expr::Interval(_) => ("`interval`", "write durations as texts: `wait <= '20s'`"),
            Expr::CompoundIdentifier(_) => ("qualified names", "a rule reads one source: write the column alone"),
            _ => (
                "this form",
                "conditions have comparisons, `and`, `or`, `not`, `in`, `between`, `is null`, `+ - *`, `case`, `coalesce`",
            ),
        };
        let message = format!("{what} cannot stand in an expression");
        self.report(Diagnostic::error(codes::UNSUPPORTED_EXPRESSION, span, message).help(help))
    }

    /// Tells whether the parts are `row.name`, in an expression over pairs of an event and a row.
    fn is_of_row(&self, parts: &[ast::Ident]) -> bool {
        self.scope.row.is_some() && parts.len() == 2 && parts[0].value == "row"
    }

    fn of_row(&mut self, name: &str, span: Span) -> Option<Typed> {
        let row = self.scope.row.as_deref()?;
        let event = std::mem::replace(&mut self.scope, row);
        let typed = self.name(name, span);
        self.scope = event;
        let mut typed = typed?;
        typed.currency = typed.currency.map(|column| format!("row.{column}"));
        typed.expression = match typed.expression {
            Expression::Column(column) => Expression::Outer(column),
            moment @ Expression::Moment(_) => moment,
            _ => {
                let message = format!("`{name}` is a rule, not a column or fact of the row");
                let diagnostic = Diagnostic::error(codes::UNSUPPORTED_EXPRESSION, span, message);
                return self.report(diagnostic.help("name columns and facts of the row"));
            }
        };
        Some(typed)
    }

    fn name(&mut self, name: &str, span: Span) -> Option<Typed> {
        if let Some(term) = self.scope.terms.get(name) {
            return Some(Typed::plain(term.clone(), span));
        }
        if let Some(found) = self.scope.names.get(name) {
            return Some(Typed {
                expression: Expression::column(name, found.ty),
                span,
                unit: found.unit.clone(),
                currency: found.currency_in.clone(),
                values: found.values.clone(),
                range: found.range,
                declared: found.declared,
            });
        }
        if let Some(remedy) = self.scope.absent.get(name) {
            let message = format!("nothing says what `{name}` means");
            return self.report(Diagnostic::error(codes::NO_RESOLUTION_RULE, span, message).help((*remedy)?));
        }
        let message = format!("{} has no column `{name}`", self.scope.owner);
        let diagnostic = Diagnostic::error(codes::UNKNOWN_COLUMN, span, message);
        let known = self.scope.known();
        let diagnostic = match nearest(name, &known) {
            None if self.text_of(span).starts_with('"') => {
                diagnostic.help(format!("texts stand in single quotes: `'{name}'`"))
            }
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("it has: {}", known.join(", "))),
        };
        self.report(diagnostic)
    }

    fn literal(&mut self, value: &ast::Value, span: Span) -> Option<Typed> {
        let (value, ty) = match value {
            ast::Value::Boolean(boolean) => (Value::Boolean(*boolean), Type::Boolean),
            ast::Value::SingleQuotedString(text) => (Value::text(text), Type::Text),
            ast::Value::Null => (Value::Null, Type::Boolean),
            ast::Value::Number(text, _) => match text.parse::<Number>() {
                Ok(number) => (Value::Number(number), Type::Number(number.scale())),
                Err(_) => {
                    let diagnostic = Diagnostic::error(
                        codes::EXPRESSION_SYNTAX,
                        span,
                        format!("`{text}` cannot be read as a number"),
                    )
                    .help("write at most 38 digits and one point, such as `0.5`; at most 18 digits after the point");
                    return self.report(diagnostic);
                }
            },
            ast::Value::Placeholder(text) => return self.parameter(text.trim_start_matches(':'), span),
            _ => {
                let diagnostic = Diagnostic::error(codes::UNSUPPORTED_EXPRESSION, span, "this literal is not known")
                    .help("texts stand in single quotes: `'solved'`");
                return self.report(diagnostic);
            }
        };
        Some(Typed::plain(Expression::Literal(value, ty), span))
    }

    fn parameter(&mut self, name: &str, span: Span) -> Option<Typed> {
        if let Some((value, ty)) = self.scope.parameters.get(name) {
            return Some(Typed::plain(Expression::Literal(value.clone(), *ty), span));
        }
        let known: Vec<&str> = self.scope.parameters.keys().map(String::as_str).collect();
        let diagnostic = Diagnostic::error(codes::UNKNOWN_REFERENCE, span, format!("there is no parameter `{name}`"));
        let help = match nearest(name, &known) {
            Some(near) => format!("did you mean `:{near}`?"),
            None if known.is_empty() => {
                "write the value itself; parameters belong to standards of kind treatment".to_owned()
            }
            None => "declare it under the standard's `parameters`".to_owned(),
        };
        self.report(diagnostic.help(help))
    }
}
