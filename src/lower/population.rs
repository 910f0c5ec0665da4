//! What is counted, and when.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Context;
use crate::definition::{Fields, SourceFile};
use crate::diagnostic::{Diagnostic, codes};
use crate::expression::{Column, Expression, Moment, Name, Scope, compile_condition};
use crate::plan::{Credit, Derived, Dimension, Edge, Fact, Filter, Placement, Reach, Rule, Scan};
use crate::resolve::unknown;
use crate::text::Spanned;
use crate::value::Type;
use crate::yaml::{Entry, Node};

/// The rows of a metric and the names an expression over them may use.
pub(super) struct Population<'a> {
    pub(super) file: &'a SourceFile,
    pub(super) scan: Scan,
    pub(super) filter: Filter,
    pub(super) scope: Scope,
    /// Zone of local days that name no zone of their own.
    pub(super) zone: String,
}

/// Finds the rows and when they count; which of them belong is said once their facts are known.
pub(super) fn lower<'a>(node: &Node, zone: &str, context: &mut Context<'a>) -> Option<Population<'a>> {
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
    let (source, keys) = (fields.text("source")?, fields.texts_of("one_row_per"));
    let file = registry.source(&source, context.diagnostics)?;
    let mut scope = scope_of(file);
    one_row_per(&keys, file, context);
    let placement = placement(inner, file, context)?;
    add_moments(&mut scope, &placement);
    let filter = Filter { predicate: None, placement };
    Some(Population { file, scan: scan_of(file), filter, scope, zone: zone.to_owned() })
}

fn placement(node: &Node, file: &SourceFile, context: &mut Context<'_>) -> Option<Placement> {
    const WAYS: [&str; 3] = ["anchor", "snapshot", "spread"];
    let present: Vec<&Entry> = node.entries().iter().filter(|entry| WAYS.contains(&entry.key.value.as_str())).collect();
    let [way] = present.as_slice() else {
        // A misspelt key is reported once, where it stands.
        if node.entries().iter().any(|entry| context.diagnostics.has_error_at(entry.key.span)) {
            return None;
        }
        let span = present.get(1).or(node.entries().first().as_ref()).map_or(node.span, |entry| entry.key.span);
        let message = match present.len() {
            0 => "nothing says in which periods a row counts".to_owned(),
            _ => format!(
                "`{}` and `{}` both say in which periods a row counts",
                present[0].key.value, present[1].key.value
            ),
        };
        context.diagnostics.push(Diagnostic::error(codes::MISSING_KEY, span, message).help(
            "give exactly one: `anchor: <instant>` (the period of that instant), `snapshot: period_end` (every period, \
             as things stood at its end) or `spread: period` (every period, for lengths of time within it)",
        ));
        return None;
    };
    match (way.key.value.as_str(), way.value.as_text()?) {
        ("snapshot", "period_start") => Some(Placement::Snapshot(Edge::Start)),
        ("snapshot", _) => Some(Placement::Snapshot(Edge::End)),
        ("spread", _) => Some(Placement::Spread),
        (_, anchor) => {
            let anchor = Spanned::new(anchor.to_owned(), way.value.span);
            instant_column(&anchor, file, context)?;
            Some(Placement::Anchor { column: anchor.value, reach: Reach::Own })
        }
    }
}

/// Says which rows belong, with the facts among the names; `None` where the condition has no meaning.
pub(super) fn belonging(
    node: &Node,
    population: &mut Population<'_>,
    facts: &[Fact],
    context: &mut Context<'_>,
) -> Option<()> {
    let Some(condition) = node.get("population").and_then(|inner| inner.get("where")) else { return Some(()) };
    let predicate = compile_condition(condition, &population.scope, context.texts, context.diagnostics)?;
    let read = predicate.columns();
    let fact = facts.iter().find(|fact| read.contains(&fact.name.as_str()));
    let credited = facts.iter().find(|fact| match &fact.rule {
        Rule::Related(relate) => relate.credit != Credit::Every,
        _ => false,
    });
    if let (Some(fact), Some(credited)) = (fact, credited) {
        let credit = node.get("facts").and_then(|facts| facts.get(&credited.name)?.get("credit"));
        let message = "which row an event counts for depends on a population that depends on facts";
        context.diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, credit.map_or(condition.span, |credit| credit.span), message)
                .also(condition.span, format!("this reads the fact `{}`", fact.name))
                .help("write `credit: every_row`, or leave such rows out by an exclusion instead of `where`"),
        );
        return None;
    }
    population.filter.predicate = Some(predicate);
    Some(())
}

/// Adds the names of the moments that the question brings along, unless a column has them.
fn add_moments(scope: &mut Scope, placement: &Placement) {
    const NO_PERIOD: &str =
        "a row with an `anchor` is in one period, whose bounds it does not know; use `snapshot` or `spread`";
    let moments = [("as_of", Moment::AsOf), ("period_start", Moment::PeriodStart), ("period_end", Moment::PeriodEnd)];
    for (name, moment) in moments.into_iter().filter(|(name, _)| !scope.names.contains_key(*name)) {
        if placement.anchor().is_some() && moment != Moment::AsOf {
            scope.absent.insert(name.to_owned(), Some(NO_PERIOD));
        } else {
            scope.terms.insert(name.to_owned(), Expression::Moment(moment));
        }
    }
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
        derived: source
            .derived
            .iter()
            .map(|column| Derived { name: column.name.clone(), value: column.value.clone() })
            .collect(),
    }
}

/// Returns the names of a source's columns, derived ones too, as far as they are compiled.
pub(super) fn names_of(file: &SourceFile) -> BTreeMap<String, Name> {
    let declared = |name: &String| file.columns.get(name).map(|(span, _)| *span);
    let names = file.source.columns.iter().map(|column| {
        let name = Name {
            ty: column.ty,
            nullable: column.nullable,
            unit: column.unit.clone(),
            currency_in: column.currency_in.clone(),
            values: column.values.as_deref().map(Arc::from),
            range: column.range,
            declared: declared(&column.name),
        };
        (column.name.clone(), name)
    });
    let derived = file.source.derived.iter().map(|column| {
        let name = Name {
            nullable: column.nullable,
            unit: column.unit.clone(),
            currency_in: column.currency_in.clone(),
            declared: declared(&column.name),
            ..Name::of(column.value.ty())
        };
        (column.name.clone(), name)
    });
    names.chain(derived).collect()
}

/// Returns what an expression over the rows of a source can name.
pub(super) fn scope_of(file: &SourceFile) -> Scope {
    // What stands for a derived column that has failed has been reported there.
    let failed = file.derived.iter().map(|written| &written.name.value).filter(|name| !file.names.contains_key(*name));
    let absent = failed.map(|name| (name.clone(), None)).collect();
    Scope { absent, ..scope_with(file, Arc::clone(&file.names)) }
}

/// Returns a scope of these names of a source.
pub(super) fn scope_with(file: &SourceFile, names: Arc<BTreeMap<String, Name>>) -> Scope {
    Scope { owner: format!("source `{}`", file.source.name), names, ..Scope::default() }
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

/// Demands an instant column, derived or not; reports what it is otherwise.
pub(super) fn instant_column(name: &Spanned<String>, file: &SourceFile, context: &mut Context<'_>) -> Option<()> {
    instant_name(name, &scope_of(file), context)
}

/// Demands the name of an instant; reports what it is otherwise.
pub(super) fn instant_name(name: &Spanned<String>, scope: &Scope, context: &mut Context<'_>) -> Option<()> {
    match scope.names.get(&name.value) {
        Some(found) if found.ty == Type::Instant => Some(()),
        Some(found) => {
            let message = format!("`{}` is {}, not an instant", name.value, found.ty);
            context.diagnostics.push(
                Diagnostic::error(codes::TYPE_MISMATCH, name.span, message).help("name a column of type instant"),
            );
            None
        }
        // What stands for something that has failed has been reported there.
        None if scope.absent.contains_key(&name.value) => None,
        None => {
            let owner = scope.owner.trim_start_matches("source ");
            unknown(&format!("column of {owner} called"), name, scope.names.keys(), context.diagnostics);
            None
        }
    }
}

pub(super) fn dimensions(node: &Node, population: &Population<'_>, context: &mut Context<'_>) -> Vec<Dimension> {
    let mut dimensions = Vec::new();
    let scope = &population.scope;
    for name in Fields::new(node, context.texts, context.diagnostics).texts_of("dimensions") {
        match scope.names.get(&name.value) {
            Some(found) if matches!(found.ty, Type::Text | Type::Boolean | Type::Number(0) | Type::Date) => {
                dimensions.push(Dimension { name: name.value, ty: found.ty });
            }
            Some(found) => {
                let message = format!("`{}` is {}, which is nothing to split by", name.value, found.ty);
                context
                    .diagnostics
                    .push(Diagnostic::error(codes::TYPE_MISMATCH, name.span, message).help(
                        "split by texts, whole numbers, truth values or days; cut a quantity into `bands` first",
                    ));
            }
            // What stands for a fact that has failed has been reported there.
            None if scope.absent.contains_key(&name.value) => {}
            None => unknown("column or fact to split by called", &name, scope.names.keys(), context.diagnostics),
        }
    }
    dimensions
}
