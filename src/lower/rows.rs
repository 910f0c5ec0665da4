//! Metrics over rows: the whole pipeline.

use super::{Context, exclusions, facts, maturity, missing, population, terms};
use crate::kinds::Operands;
use crate::plan::{Body, Dimension, Measure, Pipeline};
use crate::yaml::Node;

type LowerMeasure = fn(&Node, &mut Operands<'_>) -> Option<Measure>;

pub(super) fn lower(
    node: &Node,
    (lower_measure, operand): (LowerMeasure, &Node),
    context: &mut Context<'_>,
) -> Option<(Body, Vec<Dimension>)> {
    let mut population = population::lower(node, context)?;
    let relate = facts::lower(node, &mut population, context);
    let mut exclude = exclusions::lower(node, &population, context);
    let treated = terms::lower(node, &mut population, context);
    exclude.extend(treated);
    let measure = {
        let mut operands =
            Operands { scope: &population.scope, texts: context.texts, diagnostics: context.diagnostics };
        lower_measure(operand, &mut operands)
    };
    let mature = maturity::lower(node, &population, &relate, context);
    let dimensions = population::dimensions(node, &population, context);
    let (measure, relate) = (measure?, relate?);
    let draft = missing::Draft { population: &population, relate: &relate, exclude: &exclude, dimensions: &dimensions };
    let (missing, measure) = missing::lower(node, &draft, measure, context);
    let mut pipeline =
        Pipeline { scan: population.scan, filter: population.filter, relate, exclude, missing, mature, measure };
    population::keep_read_columns(&mut pipeline, &dimensions);
    Some((Body::Measured(Box::new(pipeline)), dimensions))
}
