//! What is counted, and when.

use super::Context;
use crate::definition::{Fields, SourceFile};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Column, Expression, Name, Scope, compile_condition};
use crate::plan::{Dimension, Filter, Measure, Pipeline, Scan};
use crate::resolve::unknown;
use crate::text::Spanned;
use crate::value::Type;
use crate::yaml::Node;

/// The rows of a metric and the names an expression over them may use.
pub(super) struct Population<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) scan: Scan,
    pub(super) filter: Filter,
    pub(super) scope: Scope,
}

pub(super) fn lower<'a>(node: &Node, context: &mut Context<'a>) -> Option<Population<'a>> {
    let Some(inner) = node.get("population") else {
        let span = node.get("measure").map_or(node.span, |measure| measure.span);
        context.diagnostics.push(
            Diagnostic::error(codes::MISSING_KEY, span, "the measure needs rows, but there is no `population`")
                .help("add `population: {source: ..., one_row_per: ..., anchor: ...}`"),
        );
        return None;
    };
    let registry = context.registry;
    let fields = Fields::new(inner, context.texts, context.diagnostics);
    let (source, anchor, keys) = (fields.text("source")?, fields.text("anchor")?, fields.texts_of("one_row_per"));
    let file = registry.source(&source, context.diagnostics)?;
    let scope = scope_of(file);
    one_row_per(&keys, file, context);
    instant_column(&anchor, file, context)?;
    let predicate = match inner.get("where") {
        Some(condition) => Some(compile_condition(condition, &scope, context.texts, context.diagnostics)?),
        None => None,
    };
    let filter = Filter { predicate, anchor: anchor.value };
    Some(Population { file, scan: scan_of(file), filter, scope })
}

/// Returns a scan of all columns of a source.
pub(super) fn scan_of(file: &SourceFile) -> Scan {
    let source = &file.source;
    let columns = source.columns.iter().map(|column| Column { name: column.name.clone(), ty: column.ty }).collect();
    Scan {
        source: source.name.clone(),
        table: source.table.clone(),
        columns,
        key: source.key.clone(),
        order: source.order.clone(),
        dedupe: source.dedupe,
    }
}

/// Returns the names of a source's columns.
pub(super) fn scope_of(file: &SourceFile) -> Scope {
    let names = file.source.columns.iter().map(|column| {
        let name = Name {
            ty: column.ty,
            nullable: column.nullable,
            unit: column.unit.clone(),
            values: column.values.clone(),
            range: column.range,
            declared: file.columns.get(&column.name).map(|(span, _)| *span),
        };
        (column.name.clone(), name)
    });
    Scope { owner: format!("source `{}`", file.source.name), names: names.collect(), ..Scope::default() }
}

fn one_row_per(keys: &[Spanned<String>], file: &SourceFile, context: &mut Context<'_>) {
    let mut written: Vec<&str> = keys.iter().map(|key| key.value.as_str()).collect();
    let mut primary: Vec<&str> = file.source.key.iter().map(String::as_str).collect();
    written.sort_unstable();
    primary.sort_unstable();
    let Some(first) = keys.first() else { return };
    if written != primary {
        let message = format!("one row of `{}` is not one `{}`", file.source.name, written.join(", "));
        context.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, first.span, message)
                .also(file.span, format!("its primary key is `{}`", file.source.key.join(", ")))
                .help("count what the source has one row for, or take a source with that key"),
        );
    }
}

/// Demands an instant column; reports what it is otherwise.
pub(super) fn instant_column(name: &Spanned<String>, file: &SourceFile, context: &mut Context<'_>) -> Option<()> {
    match file.source.column(&name.value) {
        Some(column) if column.ty == Type::Instant => Some(()),
        Some(column) => {
            let message = format!("`{}` is {}, not an instant", name.value, column.ty);
            context.diagnostics.push(
                Diagnostic::error(codes::TYPE_MISMATCH, name.span, message).help("name a column of type instant"),
            );
            None
        }
        None => {
            let known: Vec<String> = file.source.columns.iter().map(|column| column.name.clone()).collect();
            unknown(&format!("column of `{}` called", file.source.name), name, known.iter(), context.diagnostics);
            None
        }
    }
}

pub(super) fn dimensions(node: &Node, population: &Population<'_>, context: &mut Context<'_>) -> Vec<Dimension> {
    let mut dimensions = Vec::new();
    for name in Fields::new(node, context.texts, context.diagnostics).texts_of("dimensions") {
        match population.file.source.column(&name.value) {
            Some(column) if matches!(column.ty, Type::Text | Type::Boolean | Type::Number(0) | Type::Date) => {
                dimensions.push(Dimension { name: name.value, ty: column.ty });
            }
            Some(column) => {
                let message = format!("`{}` is {}, which is nothing to split by", name.value, column.ty);
                context.diagnostics.push(
                    Diagnostic::error(codes::TYPE_MISMATCH, name.span, message)
                        .help("split by texts, whole numbers, truth values or days"),
                );
            }
            None => {
                let known: Vec<String> = population.file.source.columns.iter().map(|c| c.name.clone()).collect();
                unknown("column to split by called", &name, known.iter(), context.diagnostics);
            }
        }
    }
    dimensions
}

/// Leaves in each scan only what the plan reads, so that unrelated columns neither cost nor change a plan.
pub(super) fn keep_read_columns(pipeline: &mut Pipeline, dimensions: &[Dimension]) {
    let mut read: Vec<String> = dimensions.iter().map(|dimension| dimension.name.clone()).collect();
    read.push(pipeline.filter.anchor.clone());
    let mut note = |expression: &Expression| read.extend(expression.columns().into_iter().map(str::to_owned));
    pipeline.filter.predicate.iter().for_each(&mut note);
    pipeline.exclude.iter().for_each(|exclusion| note(&exclusion.when));
    pipeline.missing.iter().for_each(|missing| note(&missing.when));
    match &pipeline.measure {
        Measure::Ratio(numerator, denominator) => [numerator, denominator].into_iter().for_each(&mut note),
        other => other.operand().into_iter().for_each(&mut note),
    }
    for relate in &pipeline.relate {
        read.push(relate.anchor.clone());
        read.extend(relate.same.iter().map(|(row, _)| row.clone()));
    }
    read.extend(pipeline.mature.iter().map(|mature| mature.anchor.clone()));
    keep(&mut pipeline.scan, &read);
    for relate in &mut pipeline.relate {
        let mut read = vec![relate.event_at.clone()];
        read.extend(relate.same.iter().map(|(_, event)| event.clone()));
        for expression in relate.predicate.iter().chain(relate.summary.operand()) {
            read.extend(expression.columns().into_iter().map(str::to_owned));
        }
        keep(&mut relate.events, &read);
    }
}

fn keep(scan: &mut Scan, read: &[String]) {
    let always: Vec<String> = scan.key.iter().chain(&scan.order).cloned().collect();
    scan.columns.retain(|column| always.contains(&column.name) || read.contains(&column.name));
}
