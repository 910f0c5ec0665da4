//! What became of a row, in words.

use super::ground::Side;
use super::views::View;
use super::words::{measured, shown, words};
use crate::catalog::Catalog;
use crate::plan::{Body, Measure, Plan};

/// Says what a plan makes of a row.
pub(super) fn fate((catalog, plan): Side<'_>, view: &View) -> String {
    match view.line.as_str() {
        "counted" => counted(catalog, plan, view),
        "outside" => "outside the population".to_owned(),
        "unknown" => "not known to be in the population".to_owned(),
        "missing" => "left out for a missing value".to_owned(),
        "immature" => "not counted yet".to_owned(),
        "undated" => "in no period for want of a date".to_owned(),
        "other_period" => "in another period".to_owned(),
        "duplicate" => "left out as a duplicate".to_owned(),
        "after_as_of" => "not there yet".to_owned(),
        line => format!("left out by `{}`", line.strip_prefix("excluded_").unwrap_or(line)),
    }
}

fn counted(catalog: &Catalog, plan: &Plan, view: &View) -> String {
    let Body::Measured(pipeline) = &plan.body else { return "counted".to_owned() };
    let [numerator, _, value] = &view.numbers;
    let said = match &pipeline.measure {
        Measure::Share(_) => hit(operand(catalog, plan), numerator.as_real().is_some_and(|hits| hits > 0.0)),
        Measure::Balance(..) => format!("counted as {}", shown(numerator)),
        Measure::Count | Measure::Distinct(_) | Measure::TopShare(..) | Measure::Ratio(..) => "counted".to_owned(),
        _ if value.is_null() => "counted without a value".to_owned(),
        measure => {
            let operand = measure.operand().map(|operand| operand.ty());
            format!("counted with {}", measured(numerator, operand))
        }
    };
    if view.is_open { format!("{said} as still open") } else { said }
}

/// Says whether a row has what a share is the share of.
fn hit(operand: Option<String>, is_hit: bool) -> String {
    match (operand.as_deref(), is_hit) {
        // `resolved`, `solved`, `answered` say it themselves.
        (Some(word), true) if word.ends_with("ed") => words(word),
        (Some(word), false) if word.ends_with("ed") => format!("not {}", words(word)),
        (Some("succeeds") | None, true) => "counted as a success".to_owned(),
        (Some("succeeds") | None, false) => "counted as no success".to_owned(),
        (Some(word), true) => format!("counted as {}", words(word)),
        (Some(word), false) => format!("counted as no {}", words(word)),
    }
}

/// Returns the operand of a measure as the definition writes it, where it is one word.
fn operand(catalog: &Catalog, plan: &Plan) -> Option<String> {
    let name = format!("{}@{}", plan.metric, plan.version);
    let (_, reading) = catalog.reading(&name).or_else(|| catalog.reading(&plan.metric))?;
    let [measure] = reading.node.get("measure")?.entries() else { return None };
    let text = measure.value.as_text()?.trim();
    let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_word.then(|| text.to_owned())
}
