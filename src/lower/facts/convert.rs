//! Amounts of money in one currency: the rate in force times the amount.

use super::Row;
use crate::definition::Fields;
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Arithmetic, Expression};
use crate::lower::Context;
use crate::lower::population::{instant_column, scan_of};
use crate::plan::{Fact, Join, Rule, Version};
use crate::text::Spanned;
use crate::value::{MAX_SCALE, Number, Type, Value};
use crate::yaml::Entry;

pub(super) fn lower(entry: &Entry, row: &Row<'_>, hidden: &mut Vec<Fact>, context: &mut Context<'_>) -> Option<Rule> {
    let node = entry.value.get("convert")?;
    let fields = Fields::new(node, context.texts, context.diagnostics);
    let text = |key: &str| fields.text(key);
    let (amount, into, rates) = (text("amount")?, text("into")?, text("rates")?);
    let (foreign, rate, from) = (text("currency")?, text("rate")?, text("from")?);
    let (amount, currency, scale) = amount_of(&amount, row, context)?;
    let registry = context.registry;
    let file = registry.source(&rates, context.diagnostics)?;
    instant_column(&from, file, context)?;
    let rate_type = file.source.column(&rate.value).map(|column| column.ty);
    let Some(Type::Number(digits)) = rate_type.filter(|ty| matches!(ty, Type::Number(d) if d + scale <= MAX_SCALE))
    else {
        return refuse(&rate, &format!("`{}` is no decimal rate of `{}`", rate.value, rates.value), context);
    };
    if file.source.column(&foreign.value).is_none_or(|column| column.ty != Type::Text) {
        return refuse(&foreign, &format!("`{}` is no text column of `{}`", foreign.value, rates.value), context);
    }
    let at = row.typed(node.get("at")?, Type::Instant, context)?;
    let price = row.hidden(&entry.key.value, "rate");
    let join = Join {
        other: scan_of(file),
        same: vec![(currency.clone(), foreign.value)],
        version: Some(Version { at, from: from.value, until: None }),
        value: Expression::column(&rate.value, Type::Number(digits)),
    };
    hidden.push(Fact { name: price.clone(), rule: Rule::Joined(join) });
    let one = Number::new(10_i128.pow(u32::from(digits)), digits);
    let is_own = Expression::column(currency, Type::Text).is_text(&into.value);
    // The currency wanted costs one of itself, whether or not the rates say so.
    let rate = Expression::Case {
        arms: vec![(is_own, Expression::Literal(Value::Number(one), Type::Number(digits)))],
        otherwise: Box::new(Expression::column(price, Type::Number(digits))),
    };
    Some(Rule::Derived(Expression::Arithmetic(Arithmetic::Multiply, Box::new(amount), Box::new(rate))))
}

/// Returns the amount, the name of the column with its currency, and its scale.
fn amount_of(name: &Spanned<String>, row: &Row<'_>, context: &mut Context<'_>) -> Option<(Expression, String, u8)> {
    let Some(column) = row.population.file.source.column(&name.value) else {
        return refuse(name, &format!("the population has no amount `{}`", name.value), context);
    };
    match (column.ty, &column.currency_in) {
        (Type::Number(scale), Some(currency)) => {
            Some((Expression::column(&name.value, column.ty), currency.clone(), scale))
        }
        _ => refuse(name, &format!("`{}` is no amount in a currency of its own", name.value), context),
    }
}

fn refuse<T>(name: &Spanned<String>, message: &str, context: &mut Context<'_>) -> Option<T> {
    context.diagnostics.push(
        Diagnostic::error(codes::TYPE_MISMATCH, name.span, message)
            .help("amounts declare `currency_in: <column>` in their source; rates are decimals by currency code"),
    );
    None
}
