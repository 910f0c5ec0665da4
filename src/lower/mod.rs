//! From a metric's definition to its plan.
//!
//! Resolves what the definition uses, compiles its expressions, and makes every default explicit. Writes no SQL and
//! knows no dialect; what a measure is, the kinds say.

mod bounds;
mod calendar;
pub mod derived;
mod exclusions;
mod facts;
mod maturity;
mod missing;
mod normal;
mod nulls;
mod population;
mod publish;
pub mod purpose;
mod reads;
mod rows;
pub mod standards;
mod terms;
#[cfg(test)]
mod tests;
mod unit;

use crate::definition::{Fields, Metric, Reading};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::kinds::{self, Assembly, Kind, Lower, Made, Metrics};
use crate::plan::{Body, Calendar, Dimension, Plan, Year};
use crate::resolve::{Registry, full_name, unknown};
use crate::text::{Span, Spanned, Texts};
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
    let calendar = calendar::lower(node, context);
    let grains = calendar::grains(node);
    let (mut body, dimensions) = match kind.lower {
        Lower::Rows(lower) => {
            let zone = calendar.as_ref().map_or("UTC", |calendar| calendar.zone.as_str());
            rows::lower(node, (lower, operand), zone, context)?
        }
        Lower::Metrics(lower) => {
            refuse_row_keys(node, kind, context);
            // What is wrong besides is reported although the calendar is.
            let utc = Calendar { zone: "UTC".to_owned(), week_starts: Weekday::Monday, year: Year::CIVIL };
            let (texts, calendar) = (context.texts, calendar.as_ref().unwrap_or(&utc));
            let diagnostics = &mut *context.diagnostics;
            let mut assembly = Assembly { texts, diagnostics, metrics, calendar, grains: &grains };
            let made = lower(operand, &mut assembly)?;
            let dimensions = chosen_dimensions(node, &made, context);
            (made.body, dimensions)
        }
    };
    let calendar = calendar?;
    recut(&mut body, &calendar);
    straddling(&body, &calendar, &grains, context);
    unit::check(node, &body, context);
    let publish = publish::lower(node, &body, context);
    let name = full_name(&metric.id.value, reading.variant.as_ref().map(|variant| variant.value.as_str()));
    let grains = grains.into_iter().map(|grain| grain.value).collect();
    Some(Plan { metric: name, version: metric.version.clone(), calendar, grains, dimensions, body, publish })
}

/// Tells whether a reading counts rows itself, so that it is lowered without any other metric.
pub fn counts_rows(reading: &Reading) -> bool {
    matches!(measure(&reading.node), Some((Kind { lower: Lower::Rows(_), .. }, _)))
}

fn measure(node: &Node) -> Option<(&'static Kind, &Node)> {
    let [entry] = node.get("measure")?.entries() else { return None };
    Some((kinds::find(&entry.key.value)?, &entry.value))
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

fn chosen_dimensions(node: &Node, made: &Made, context: &mut Context<'_>) -> Vec<Dimension> {
    let mut chosen = Vec::new();
    for name in Fields::new(node, context.texts, context.diagnostics).texts_of("dimensions") {
        match made.dimensions.iter().find(|dimension| dimension.name == name.value) {
            Some(dimension) => chosen.push(dimension.clone()),
            None => {
                let known: Vec<String> = made.dimensions.iter().map(|dimension| dimension.name.clone()).collect();
                unknown("common dimension", &name, known.iter(), context.diagnostics);
            }
        }
    }
    chosen
}

/// Cuts every component's periods in the calendar of the metric that is made of it.
fn recut(body: &mut Body, calendar: &Calendar) {
    // Where nothing differs the parts stay those that other metrics are made of too.
    if is_cut(body, calendar) {
        return;
    }
    for part in body.parts_mut() {
        part.calendar = calendar.clone();
        recut(&mut part.body, calendar);
    }
}

fn is_cut(body: &Body, calendar: &Calendar) -> bool {
    body.parts().into_iter().all(|part| part.calendar == *calendar && is_cut(&part.body, calendar))
}

/// Returns the place of an item in the list under `key`.
fn listed(node: &Node, key: &str, item: &str) -> Option<Span> {
    node.get(key)?.items().iter().find(|listed| listed.as_text() == Some(item)).map(|listed| listed.span)
}

/// A period that is averaged over must lie within one reported period.
fn straddling(body: &Body, calendar: &Calendar, grains: &[Spanned<Grain>], context: &mut Context<'_>) {
    let Body::Averaged(average) = body else { return };
    for grain in grains.iter().filter(|grain| !calendar.nests(average.each, grain.value)) {
        let message = format!("a {} does not lie within one {}", average.each, grain.value);
        context.diagnostics.push(
            Diagnostic::error(codes::PERIOD_STRADDLES, grain.span, message)
                .help("report by grains that the averaged periods add up to"),
        );
    }
}
