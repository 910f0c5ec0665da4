//! A dimension in which all rows of the population are alike.

use crate::expression::Expression;
use crate::rules::clauses::{Clauses, all};
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Type;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let catalog = subject.new.catalog;
    for meant in subject.readings().filter(|meant| meant.is_base()) {
        let Some(pipeline) = meant.pipeline() else { continue };
        let Some(population) = &pipeline.filter.predicate else { continue };
        let Some(file) = catalog.registry.sources.get(&pipeline.scan.source) else { continue };
        let clauses = Clauses::over(catalog, &pipeline.scan.source);
        for dimension in &meant.plan.dimensions {
            let name = &dimension.name;
            let Some(values) = file.source.column(name).and_then(|column| column.values.as_ref()) else { continue };
            let is_open = |value: &&String| {
                let chosen = Expression::column(name, Type::Text).is_text(value);
                !clauses.is_never(&all(&[population, &chosen]))
            };
            let mut open = values.iter().filter(is_open);
            let (Some(only), None) = (open.next(), open.next()) else { continue };
            let message = format!("every row of `{}` has the same `{name}`: {only}", meant.name());
            let finding =
                findings.add(rule, About::metric(meant.metric), meant.place(&["dimensions"]), (name, message));
            finding.also(meant.place(&["population", "where"]), "the population");
        }
    }
}
