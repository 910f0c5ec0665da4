//! From a metric's definition to its plan.
//!
//! Resolves what the definition uses, compiles its expressions, and makes every default explicit. Writes no SQL and
//! knows no dialect; what a measure is, the kinds say.

mod exclusions;
mod facts;
mod maturity;
mod missing;
mod normal;
mod population;
mod publish;
mod rows;
pub mod standards;
mod terms;

use crate::definition::{Fields, Metric, Reading};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::expression::Scope;
use crate::kinds::{self, Kind, Lower, Metrics, Operands};
use crate::plan::{Body, Calendar, Dimension, Plan};
use crate::resolve::{Registry, full_name, unknown};
use crate::text::{Span, Texts};
use crate::value::{Grain, Weekday};
use crate::yaml::Node;

/// What lowering reads from and reports to.
pub struct Context<'a> {
    /// The project's definitions.
    pub registry: &'a Registry,
    /// The texts behind all nodes.
    pub texts: &'a Texts,
    /// Where mistakes go.
    pub diagnostics: &'a mut Diagnostics,
}

/// Lowers one reading of a metric; `None` when a mistake (reported) leaves no meaning.
pub fn lower(metric: &Metric, reading: &Reading, context: &mut Context<'_>, metrics: &mut dyn Metrics) -> Option<Plan> {
    let node = &reading.node;
    let (kind, operand) = measure(node)?;
    let calendar = calendar(node, context);
    let grains = grains(node);
    let name = full_name(&metric.id.value, reading.variant.as_ref().map(|variant| variant.value.as_str()));
    let (mut body, dimensions) = match kind.lower {
        Lower::Rows(lower) => rows::lower(node, (lower, operand), context)?,
        Lower::Metrics(lower) => {
            refuse_row_keys(node, kind, context);
            let scope = Scope::default();
            let mut operands = Operands { scope: &scope, texts: context.texts, diagnostics: context.diagnostics };
            let body = lower(operand, &mut operands, metrics)?;
            let dimensions = common_dimensions(node, &body, context);
            (body, dimensions)
        }
    };
    recut(&mut body, calendar.as_ref()?);
    straddling(node, &body, &grains, context);
    let publish = publish::lower(node, &body, context);
    Some(Plan { metric: name, version: metric.version.clone(), calendar: calendar?, grains, dimensions, body, publish })
}

fn measure(node: &Node) -> Option<(&'static Kind, &Node)> {
    let [entry] = node.get("measure")?.entries() else { return None };
    Some((kinds::find(&entry.key.value)?, &entry.value))
}

fn calendar(node: &Node, context: &mut Context<'_>) -> Option<Calendar> {
    let project = context.registry.project.as_ref().map(|project| &project.reporting);
    let mut fields = Fields::new(node, context.texts, context.diagnostics);
    let mut period = fields.inside("period")?;
    let own_week = period.text("week_starts").and_then(|day| day.value.parse::<Weekday>().ok());
    let has_zone = period.node.get("zone").is_some();
    let zone = period.zone("zone").map(|zone| zone.value);
    if has_zone && zone.is_none() {
        return None;
    }
    let span = period.node.span;
    match (zone.or(project.map(|p| p.zone.clone())), own_week.or(project.map(|p| p.week_starts))) {
        (Some(zone), Some(week_starts)) => Some(Calendar { zone, week_starts }),
        _ => {
            context.diagnostics.push(
                Diagnostic::error(codes::MISSING_KEY, span, "nothing says in which zone periods are cut")
                    .help("add `zone` and `week_starts` here, or `reporting` to the project's `etalon.yaml`"),
            );
            None
        }
    }
}

fn grains(node: &Node) -> Vec<Grain> {
    let items = node.get("period").and_then(|period| period.get("grains")).map_or(&[][..], Node::items);
    let mut grains: Vec<Grain> = items.iter().filter_map(|item| item.as_text()?.parse().ok()).collect();
    grains.sort_unstable();
    grains.dedup();
    grains
}

/// A measure made of other metrics takes its rows from them; keys about rows would be silently without effect.
fn refuse_row_keys(node: &Node, kind: &Kind, context: &mut Context<'_>) {
    const ROW_KEYS: [&str; 7] = ["population", "exclusions", "facts", "resolution", "treatment", "maturity", "missing"];
    for entry in node.entries().iter().filter(|entry| ROW_KEYS.contains(&entry.key.value.as_str())) {
        let message = format!("`{}` has no effect beside the measure `{}`", entry.key.value, kind.field.name);
        context.diagnostics.push(
            Diagnostic::error(codes::UNKNOWN_KEY, entry.key.span, message)
                .help("its rows are those of the metrics it is made of; change them there"),
        );
    }
}

fn common_dimensions(node: &Node, body: &Body, context: &mut Context<'_>) -> Vec<Dimension> {
    let parts: Vec<&Plan> = match body {
        Body::Combined(combination) => combination.components.iter().map(|component| &component.plan).collect(),
        Body::Averaged(average) => vec![&average.component],
        Body::Measured(_) => Vec::new(),
    };
    let Some((first, rest)) = parts.split_first() else { return Vec::new() };
    let common: Vec<&Dimension> = first
        .dimensions
        .iter()
        .filter(|dimension| rest.iter().all(|part| part.dimensions.contains(dimension)))
        .collect();
    let mut chosen = Vec::new();
    for name in Fields::new(node, context.texts, context.diagnostics).texts_of("dimensions") {
        match common.iter().find(|dimension| dimension.name == name.value) {
            Some(dimension) => chosen.push((*dimension).clone()),
            None => {
                let known: Vec<String> = common.iter().map(|dimension| dimension.name.clone()).collect();
                unknown("common dimension", &name, known.iter(), context.diagnostics);
            }
        }
    }
    chosen
}

/// Cuts every component's periods in the calendar of the metric that is made of it.
fn recut(body: &mut Body, calendar: &Calendar) {
    let parts: Vec<&mut Plan> = match body {
        Body::Measured(_) => Vec::new(),
        Body::Combined(combination) => combination.components.iter_mut().map(|part| &mut part.plan).collect(),
        Body::Averaged(average) => vec![&mut average.component],
    };
    for part in parts {
        part.calendar = calendar.clone();
        recut(&mut part.body, calendar);
    }
}

/// Returns the place of an item in the list under `key`.
fn listed(node: &Node, key: &str, item: &str) -> Option<Span> {
    node.get(key)?.items().iter().find(|listed| listed.as_text() == Some(item)).map(|listed| listed.span)
}

/// A period that is averaged over must lie within one reported period.
fn straddling(node: &Node, body: &Body, grains: &[Grain], context: &mut Context<'_>) {
    let Body::Averaged(average) = body else { return };
    let Some(period) = node.get("period") else { return };
    for grain in grains.iter().filter(|grain| !average.each.nests_in(**grain)) {
        let message = format!("a {} does not lie within one {grain}", average.each);
        let span = listed(period, "grains", &grain.to_string()).unwrap_or(period.span);
        context.diagnostics.push(
            Diagnostic::error(codes::PERIOD_STRADDLES, span, message)
                .help("report by grains that the averaged periods add up to"),
        );
    }
}
