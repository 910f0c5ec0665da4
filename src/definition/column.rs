//! Columns of a source.

use super::Fields;
use crate::diagnostic::{Diagnostic, codes, nearest};
use crate::source::{ColumnReading, DurationUnit, InvalidPolicy, SourceColumn};
use crate::text::Spanned;
use crate::value::{MAX_SCALE, Number, Type};

/// Reads a column declaration.
pub(super) fn decode(name: &Spanned<String>, fields: &mut Fields<'_, '_>) -> Option<SourceColumn> {
    let scale = scale(fields);
    let ty = match fields.text("type")?.value.as_str() {
        "text" => Type::Text,
        "integer" => Type::Number(0),
        "decimal" => Type::Number(scale.unwrap_or(2)),
        "boolean" => Type::Boolean,
        "instant" => Type::Instant,
        "date" => Type::Date,
        _ => Type::Duration,
    };
    refuse_foreign_keys(ty, fields);
    let reading = reading(&name.value, ty, fields);
    let values = fields.node.get("values").map(|_| fields.texts_of("values").into_iter().map(|v| v.value).collect());
    let unit = fields.text("unit").map(|unit| unit.value).filter(|_| ty != Type::Duration);
    if let (Some(unit), Some(_)) = (fields.text("unit"), fields.node.get("currency_in")) {
        fields.diagnostics.push(
            Diagnostic::error(codes::UNIT_MISMATCH, unit.span, "the amount has a unit and a currency of its own")
                .help("remove `unit`: the currency of each amount stands in another column"),
        );
    }
    let nullable = fields.boolean("nullable").unwrap_or(false);
    Some(SourceColumn {
        name: name.value.clone(),
        ty,
        nullable,
        unit,
        currency_in: fields.text("currency_in").map(|column| column.value),
        values,
        range: range(fields),
        reading,
    })
}

/// Reads how the raw text of a column of this type becomes a value.
pub(super) fn reading(name: &str, ty: Type, fields: &mut Fields<'_, '_>) -> ColumnReading {
    let from = fields.texts_of("from");
    ColumnReading {
        fields: if from.is_empty() { vec![name.to_owned()] } else { from.into_iter().map(|f| f.value).collect() },
        null_tokens: fields.texts_of("null_tokens").into_iter().map(|token| token.value).collect(),
        format: format(fields),
        century: fields.whole("century", 0).and_then(|century| i16::try_from(century).ok()),
        duration_unit: duration_unit(ty, fields),
        at_least: fields.number("at_least").map(|number| number.value),
        at_most: fields.number("at_most").map(|number| number.value),
        invalid: if fields.words("invalid") == "null_and_count" { InvalidPolicy::Null } else { InvalidPolicy::Refuse },
        next_day_if_before: fields.text("next_day_if_before").map(|name| name.value),
        ..ColumnReading::default()
    }
}

/// Returns the type that a raw unit speaks of: only durations have one.
pub(super) fn raw_unit(fields: &Fields<'_, '_>) -> Type {
    if fields.node.get("unit").is_some() { Type::Duration } else { Type::Text }
}

fn scale(fields: &mut Fields<'_, '_>) -> Option<u8> {
    let scale = fields.whole("scale", 0)?;
    let fitting = u8::try_from(scale).ok().filter(|scale| *scale <= MAX_SCALE);
    if let (None, Some(node)) = (fitting, fields.node.get("scale")) {
        let message = format!("`scale` cannot be {scale}");
        fields.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, node.span, message)
                .help(format!("a decimal has at most {MAX_SCALE} digits after the point")),
        );
    }
    fitting
}

fn range(fields: &mut Fields<'_, '_>) -> Option<(Number, Number)> {
    let [low, high] = fields.node.get("range")?.items() else { return None };
    let (low, high) = (fields.number_of(low)?, fields.number_of(high)?);
    if low.value > high.value {
        fields.diagnostics.push(
            Diagnostic::error(codes::WINDOW_REVERSED, high.span, "the range ends before it begins")
                .also(low.span, "begins here")
                .help("write the smaller number first"),
        );
        return None;
    }
    Some((low.value, high.value))
}

fn format(fields: &mut Fields<'_, '_>) -> Option<String> {
    let format = fields.text("format")?;
    if format.value.contains("%y") && fields.node.get("century").is_none() {
        fields.diagnostics.push(
            Diagnostic::error(codes::MISSING_KEY, format.span, "`%y` does not say the century")
                .help("add `century: 1900` (the first year of the century that the years lie in)"),
        );
    }
    Some(format.value)
}

fn duration_unit(ty: Type, fields: &mut Fields<'_, '_>) -> DurationUnit {
    let Some(unit) = fields.text("unit").filter(|_| ty == Type::Duration) else { return DurationUnit::Seconds };
    let units = [
        ("milliseconds", DurationUnit::Milliseconds),
        ("seconds", DurationUnit::Seconds),
        ("minutes", DurationUnit::Minutes),
        ("hours", DurationUnit::Hours),
        ("days", DurationUnit::Days),
    ];
    if let Some((_, found)) = units.iter().find(|(name, _)| *name == unit.value) {
        return *found;
    }
    let known: Vec<&str> = units.iter().map(|(name, _)| *name).collect();
    let diagnostic = Diagnostic::error(codes::INVALID_VALUE, unit.span, format!("`{}` is no unit of time", unit.value));
    fields.diagnostics.push(match nearest(&unit.value, &known) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("write one of: {}", known.join(", "))),
    });
    DurationUnit::Seconds
}

/// Reports keys that say nothing about a column of this type: they would be silently without effect.
fn refuse_foreign_keys(ty: Type, fields: &mut Fields<'_, '_>) {
    let number = matches!(ty, Type::Number(_));
    let judged: [(&str, bool); 11] = [
        ("values", ty == Type::Text),
        ("range", number),
        ("scale", number && fields.words("type") == "decimal"),
        ("unit", number || ty == Type::Duration),
        ("currency_in", number && fields.words("type") == "decimal"),
        ("format", matches!(ty, Type::Instant | Type::Date)),
        ("century", matches!(ty, Type::Instant | Type::Date)),
        ("at_least", number || ty == Type::Duration),
        ("at_most", number || ty == Type::Duration),
        ("next_day_if_before", ty == Type::Instant),
        ("invalid", true),
    ];
    for entry in fields.node.entries() {
        let foreign = judged.iter().any(|(key, fits)| *key == entry.key.value && !fits);
        if foreign {
            let message = format!("`{}` says nothing about a column of type {ty}", entry.key.value);
            fields.diagnostics.push(
                Diagnostic::error(codes::UNKNOWN_KEY, entry.key.span, message)
                    .help("remove the key, or correct the type"),
            );
        }
    }
}
