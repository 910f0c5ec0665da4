//! Scorecards: the values of other metrics, scaled, weighed and added up.
//!
//! Knows no dialect, and of the other metrics only their values.

use minijinja::{Value, context};

use super::RenderError;
use super::cells::Table;
use super::combine::{self, Joined, Made};
use super::pipeline::Part;
use super::query::{Query, Writer, list};
use super::quoting::Sql;
use crate::plan::{Absent, Component, Scorecard, Weighed};

/// Adds the steps of a scorecard up to its graded cells.
pub(super) fn cells(query: &mut Query, scorecard: &Scorecard, part: Part) -> Result<Table, RenderError> {
    let components: Vec<&Component> = scorecard.parts.iter().map(|weighed| &weighed.component).collect();
    let joined = combine::joined(query, &components, part)?;
    let from = scaled(query, scorecard, part, &joined)?;
    let made = weighed(&mut query.writer, scorecard, &joined.names)?;
    combine::made(query, part, (from, joined.dimensions), (made, None))
}

/// Adds the step that brings each value to the scale from 0 to 1.
fn scaled(query: &mut Query, scorecard: &Scorecard, part: Part, joined: &Joined) -> Result<String, RenderError> {
    let mut scores = Vec::new();
    for (weighed, name) in scorecard.parts.iter().zip(&joined.names) {
        let value = query.writer.ident(name)?;
        let worst = weighed.worst.to_f64();
        let (distance, width) = (query.writer.real(worst)?, query.writer.real(weighed.best.to_f64() - worst)?);
        let scaled = Sql::composed(format!("({value} - {distance}) / {width}"));
        scores.push(context! { name => name.as_str(), scaled => Value::from(scaled) });
    }
    let step = context! {
        from => joined.step.as_str(),
        dimensions => list(&joined.dimensions),
        scores => scores,
        zero => Value::from(query.writer.real(0.0)?),
        one => Value::from(query.writer.real(1.0)?),
    };
    Ok(query.step(&part.wish("scores"), "scores", step))
}

/// Writes the sums of weighed scores and of weights.
fn weighed(writer: &mut Writer, scorecard: &Scorecard, names: &[String]) -> Result<Made, RenderError> {
    let (zero, one) = (writer.real(0.0)?, writer.real(1.0)?);
    let mut terms = Vec::new();
    let mut weights = Vec::new();
    let mut gaps = Vec::new();
    for (Weighed { weight, .. }, name) in scorecard.parts.iter().zip(names) {
        let (score, weight) = (writer.ident(name)?, writer.real(weight.to_f64())?);
        terms.push(match scorecard.absent {
            Absent::Renormalise | Absent::Zero => format!("coalesce({weight} * {score}, {zero})"),
            Absent::Void => format!("{weight} * {score}"),
        });
        weights.push(format!("case when {score} is null then {zero} else {weight} end"));
        gaps.push(format!("{score} is null"));
    }
    let numerator = Sql::composed(format!("({})", terms.join(" + ")));
    let denominator = match scorecard.absent {
        Absent::Renormalise => Sql::composed(format!("nullif({}, {zero})", weights.join(" + "))),
        Absent::Zero => one,
        Absent::Void => Sql::composed(format!("case when not ({}) then {one} end", gaps.join(" or "))),
    };
    let value = writer.call("divide", &[numerator.clone().into(), denominator.clone().into()])?;
    Ok(Made { numerator, denominator, value })
}
