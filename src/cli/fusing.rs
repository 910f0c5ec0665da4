//! `compile --fused` and `compile --explain`: one query for many metrics, and why a query has the form that it has.

use super::exit::{Exit, Outcome, Stop};
use super::project::{Project, no_such_metric};
use super::terminal::Terminal;
use crate::compute;
use crate::plan::{Plan, Request};
use crate::sql::{self, Dialect, Header, Output, Partition};

/// Metrics, and what is asked of them.
pub(super) struct Asked<'a> {
    pub(super) metrics: Vec<(&'a Plan, Header)>,
    pub(super) request: &'a Request,
    pub(super) project: &'a Project,
}

impl<'a> Asked<'a> {
    /// Finds the metrics.
    pub(super) fn of(names: &[String], project: &'a Project, request: &'a Request) -> Result<Self, Stop> {
        let catalog = &project.catalog;
        let mut metrics = Vec::new();
        for name in names {
            let Some((plan, (_, reading))) = catalog.plan(name).zip(catalog.reading(name)) else {
                return Err(no_such_metric(name, &catalog.registry.metric_names()));
            };
            metrics.push((plan, compute::header(reading, plan)));
        }
        Ok(Self { metrics, request, project })
    }

    /// Writes the queries: one for all metrics that go together, and one for each that does not, which is said.
    pub(super) fn compile(&self, dialect: &Dialect, terminal: &mut Terminal) -> Outcome {
        let refused = |error: sql::RenderError| Stop::Usage(error.to_string());
        let partition = self.partition();
        let mut queries = Vec::new();
        for together in &partition.together {
            let metrics: Vec<(&Plan, Header)> =
                together.metrics.iter().map(|position| self.metrics[*position].clone()).collect();
            queries.push(sql::fused(&metrics, self.request, dialect, &self.values()).map_err(refused)?.text);
        }
        for (position, reason) in &partition.alone {
            let (plan, header) = &self.metrics[*position];
            queries.push(sql::render(plan, header, self.request, dialect, Output::Cells).map_err(refused)?);
            terminal.remark(&format!("`{}` has a query of its own: {reason}", plan.metric));
        }
        let written: Vec<&str> = queries.iter().map(|query| query.trim_end()).collect();
        // What is one query needs no mark of its end.
        let end = if written.len() > 1 { ";\n" } else { "\n" };
        terminal.print(&format!("{}{end}", written.join(";\n\n")))?;
        Ok(Exit::Ok)
    }

    /// Tells which metrics go together, and in which form facts are found.
    pub(super) fn explain(&self, terminal: &mut Terminal) -> Outcome {
        let partition = self.partition();
        let mut lines = Vec::new();
        for together in &partition.together {
            let names: Vec<&str> =
                together.metrics.iter().map(|position| self.metrics[*position].0.metric.as_str()).collect();
            let told_apart = told_apart(&together.columns, together.conditions);
            let (source, names) = (&together.source, names.join(", "));
            lines.push(format!(
                "together: {names}\n  rows of {source} are brought together where they have the same {told_apart}"
            ));
        }
        for (position, reason) in &partition.alone {
            lines.push(format!("alone: {}\n  {reason}", self.metrics[*position].0.metric));
        }
        for (metric, fact, obstacle) in self.metrics.iter().flat_map(|(plan, _)| sql::relations(plan)) {
            lines.push(match obstacle {
                None => format!("in order: {metric}, `{fact}`\n  read off the rows in their order, without a join"),
                Some(obstacle) => format!("joined: {metric}, `{fact}`\n  joined with its events: {obstacle}"),
            });
        }
        terminal.print(&format!("{}\n", lines.join("\n")))?;
        Ok(Exit::Ok)
    }

    fn partition(&self) -> Partition {
        let plans: Vec<&Plan> = self.metrics.iter().map(|(plan, _)| *plan).collect();
        sql::partition(&plans, self.request, &self.values())
    }

    fn values(&self) -> impl Fn(&str, &str) -> Option<usize> {
        |source, column| self.project.catalog.values_of(source, column)
    }
}

/// Says what rows are told apart by.
fn told_apart(columns: &[String], conditions: usize) -> String {
    let mut parts = Vec::new();
    if !columns.is_empty() {
        parts.push(columns.join(", "));
    }
    match conditions {
        0 => {}
        1 => parts.push("outcome of 1 condition".to_owned()),
        more => parts.push(format!("outcomes of {more} conditions")),
    }
    if parts.is_empty() { "period".to_owned() } else { parts.join(" and ") }
}
