//! What a metric says it is for must exist: the values it applies to, and the metrics it drives.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::definition::{Metric, SourceFile};
use crate::diagnostic::{Diagnostic, Diagnostics, codes, nearest};
use crate::plan::{Body, Plan};
use crate::resolve::{Registry, unknown};
use crate::source::SourceColumn;
use crate::text::Spanned;

/// Reports values, columns and metrics that do not exist, and metrics that drive themselves.
pub fn check(registry: &Registry, plans: &BTreeMap<String, Arc<Plan>>, diagnostics: &mut Diagnostics) {
    // Few metrics say what they drive.
    let names: LazyCell<BTreeSet<String>, _> = LazyCell::new(|| registry.metric_names().into_iter().collect());
    for metric in registry.metrics.values().flat_map(BTreeMap::values) {
        for driven in metric.purposes.drives.iter().filter(|driven| !names.contains(&driven.value)) {
            unknown("metric", driven, names.iter(), diagnostics);
        }
    }
    circles(registry, diagnostics);
    for (id, plan) in plans {
        let Some(metric) = registry.current(id) else { continue };
        for (column, values) in &metric.purposes.applies_to {
            applies(column, values, &candidates(column, plan, registry), diagnostics);
        }
    }
}

/// Returns the sources that can say what values there are: those whose rows the metric counts, and, for a column that they
/// do not have because all their rows are alike in it, any other that lists its values.
fn candidates<'a>(column: &Spanned<String>, plan: &Plan, registry: &'a Registry) -> Vec<&'a SourceFile> {
    let lists = |file: &&SourceFile| file.source.column(&column.value).is_some_and(|found| found.values.is_some());
    let own = counted(plan, registry);
    let others = registry.sources.values().filter(lists);
    own.into_iter().chain(others).collect()
}

/// Returns the sources whose rows a metric counts.
fn counted<'a>(plan: &Plan, registry: &'a Registry) -> Vec<&'a SourceFile> {
    match &plan.body {
        Body::Measured(pipeline) => registry.sources.get(&pipeline.scan.source).into_iter().collect(),
        body => body.parts().into_iter().flat_map(|part| counted(part, registry)).collect(),
    }
}

fn applies(
    column: &Spanned<String>,
    values: &[Spanned<String>],
    sources: &[&SourceFile],
    diagnostics: &mut Diagnostics,
) {
    let Some((file, found)) =
        sources.iter().find_map(|file| file.source.column(&column.value).map(|found| (*file, found)))
    else {
        let known: Vec<String> = sources.iter().flat_map(|file| &file.source.columns).map(|c| c.name.clone()).collect();
        unknown("column of the counted rows called", column, known.iter(), diagnostics);
        return;
    };
    let declared = file.columns.get(&column.value).map(|(span, _)| *span);
    let mut report = |diagnostic: Diagnostic, note: &str| {
        diagnostics.push(match declared {
            Some(declared) => diagnostic.also(declared, note),
            None => diagnostic,
        });
    };
    let SourceColumn { values: Some(listed), .. } = found else {
        let message = format!("`{}` has no list of values to choose from", column.value);
        let diagnostic = Diagnostic::error(codes::INVALID_VALUE, column.span, message);
        report(diagnostic.help("declare its `values` in the source, or name another column"), "declared here");
        return;
    };
    let known: Vec<&str> = listed.iter().map(String::as_str).collect();
    for value in values.iter().filter(|value| !listed.contains(&value.value)) {
        let message = format!("`{}` has no value `{}`", column.value, value.value);
        let diagnostic = Diagnostic::error(codes::UNKNOWN_VALUE, value.span, message);
        let help = match nearest(&value.value, &known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has: {}", known.join(", ")),
        };
        report(diagnostic.help(help), "listed here");
    }
}

/// Reports each metric that drives itself, directly or through others, where it says so.
fn circles(registry: &Registry, diagnostics: &mut Diagnostics) {
    for id in registry.metrics.keys() {
        let Some(metric) = registry.current(id) else { continue };
        for driven in &metric.purposes.drives {
            if !reaches(registry, driven, id) {
                continue;
            }
            let message = match name_of(driven) == id {
                true => format!("`{id}` drives itself"),
                false => format!("`{id}` drives `{}`, which drives it in turn", driven.value),
            };
            diagnostics.push(
                Diagnostic::error(codes::REFERENCE_CYCLE, driven.span, message)
                    .help("keep the direction in which cause leads to effect"),
            );
        }
    }
}

/// Tells whether the metric named `from` drives `target` or is it.
fn reaches(registry: &Registry, from: &Spanned<String>, target: &str) -> bool {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open = vec![name_of(from)];
    while let Some(id) = open.pop() {
        if id == target {
            return true;
        }
        if !seen.insert(id) {
            continue;
        }
        open.extend(registry.current(id).into_iter().flat_map(|metric: &Metric| &metric.purposes.drives).map(name_of));
    }
    false
}

/// Returns the metric's own name, without a variant's.
fn name_of(name: &Spanned<String>) -> &str {
    name.value.split('.').next().unwrap_or_default()
}
