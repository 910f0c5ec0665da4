//! Metrics over rows: the whole pipeline.

use super::{Context, exclusions, facts, maturity, missing, population, reads, terms};
use crate::kinds::Operands;
use crate::plan::{Body, Dimension, Measure, Pipeline};
use crate::yaml::Node;

use super::population::Population;

type LowerMeasure = fn(&Node, &mut Operands<'_>) -> Option<Measure>;

pub(super) fn lower(
    node: &Node,
    (lower_measure, operand): (LowerMeasure, &Node),
    zone: &str,
    context: &mut Context<'_>,
) -> Option<(Body, Vec<Dimension>)> {
    let mut population = population::lower(node, zone, context)?;
    let facts = facts::lower(node, &mut population, context);
    let belonging = population::belonging(node, &mut population, facts.as_deref().unwrap_or_default(), context);
    let mut exclude = exclusions::lower(node, &population, context);
    let treated = terms::lower(node, &mut population, context);
    exclude.extend(treated);
    let measure = {
        let mut operands =
            Operands { scope: &population.scope, texts: context.texts, diagnostics: context.diagnostics };
        lower_measure(operand, &mut operands)
    };
    let mature = maturity::lower(node, &population, facts.as_deref(), context);
    let dimensions = population::dimensions(node, &population, context);
    let (measure, facts, ()) = (measure?, facts?, belonging?);
    let draft = missing::Draft { population: &population, facts: &facts, exclude: &exclude, dimensions: &dimensions };
    let missing::Unknown { missing, bounds, measure } = missing::lower(node, &draft, measure, context);
    let Population { scan, filter, .. } = population;
    let mut pipeline = Pipeline { scan, filter, facts, exclude, missing, mature, measure, bounds };
    reads::keep_read_columns(&mut pipeline, &dimensions);
    Some((Body::Measured(Box::new(pipeline)), dimensions))
}
