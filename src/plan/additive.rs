//! Whose values may be added up: over groups of rows, and over periods.

use super::{Body, Formula, Measure, Pipeline, Placement, Plan, Reach};

/// Whether the value of several cells together is the sum of their values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Additive {
    /// Over the groups of a dimension, within one period.
    pub over_dimensions: bool,
    /// Over the periods of one grain, within one group.
    pub over_periods: bool,
}

impl Additive {
    /// Values that do not add up.
    pub const NOT: Additive = Additive { over_dimensions: false, over_periods: false };

    fn both(self, other: Additive) -> Additive {
        Additive {
            over_dimensions: self.over_dimensions && other.over_dimensions,
            over_periods: self.over_periods && other.over_periods,
        }
    }
}

impl Plan {
    /// Tells over what the values of the metric may be added: counts and sums over dimensions and periods, those of an
    /// instant or of overlapping periods over dimensions only, and arithmetic as far as it keeps this.
    pub fn additive(&self) -> Additive {
        match &self.body {
            Body::Measured(pipeline) => pipeline.additive(),
            Body::Combined(combination) => {
                combination.formula.additive(&|index| combination.components[index].plan.additive())
            }
            Body::Averaged(_) | Body::Scored(_) => Additive::NOT,
        }
    }
}

impl Pipeline {
    fn additive(&self) -> Additive {
        let over_dimensions = matches!(self.measure, Measure::Count | Measure::Sum(_));
        // A row of an instant, and one of a period that reaches beyond its own ends, is in several periods.
        let once = matches!(self.filter.placement, Placement::Anchor { reach: Reach::Own | Reach::Before(_), .. });
        Additive { over_dimensions, over_periods: over_dimensions && once }
    }
}

impl Formula {
    /// Tells over what the values of the formula may be added; `of` tells it of each component.
    pub fn additive(&self, of: &impl Fn(usize) -> Additive) -> Additive {
        match self {
            Formula::Component(index) => of(*index),
            Formula::Constant(_) | Formula::Stepwise(_) => Additive::NOT,
            Formula::Add(left, right) | Formula::Subtract(left, right) => left.additive(of).both(right.additive(of)),
            Formula::Multiply(scaled, factor) if factor.is_constant() => scaled.additive(of),
            Formula::Multiply(factor, scaled) if factor.is_constant() => scaled.additive(of),
            Formula::Divide(scaled, divisor) if divisor.is_constant() => scaled.additive(of),
            Formula::Multiply(..) | Formula::Divide(..) => Additive::NOT,
        }
    }

    /// Tells whether the formula has the same value in every cell.
    pub fn is_constant(&self) -> bool {
        match self {
            Formula::Constant(_) => true,
            Formula::Component(_) | Formula::Stepwise(_) => false,
            Formula::Add(left, right)
            | Formula::Subtract(left, right)
            | Formula::Multiply(left, right)
            | Formula::Divide(left, right) => left.is_constant() && right.is_constant(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Number;

    const COUNT: usize = 0;
    const DISTINCT: usize = 1;
    const BACKLOG: usize = 2;

    fn of(index: usize) -> Additive {
        Additive { over_dimensions: index != DISTINCT, over_periods: index == COUNT }
    }

    fn component(index: usize) -> Box<Formula> {
        Box::new(Formula::Component(index))
    }

    fn two() -> Box<Formula> {
        Box::new(Formula::Constant(Number::integer(2)))
    }

    #[test]
    fn a_sum_adds_up_over_what_both_its_parts_add_up_over() {
        let sum = |left, right| Formula::Add(component(left), component(right)).additive(&of);
        assert_eq!(sum(COUNT, COUNT), Additive { over_dimensions: true, over_periods: true });
        assert_eq!(sum(COUNT, BACKLOG), Additive { over_dimensions: true, over_periods: false });
        assert_eq!(sum(COUNT, DISTINCT), Additive::NOT);
    }

    #[test]
    fn a_constant_factor_keeps_and_a_constant_term_breaks_additivity() {
        let count = Additive { over_dimensions: true, over_periods: true };
        assert_eq!(Formula::Multiply(two(), component(COUNT)).additive(&of), count);
        assert_eq!(Formula::Divide(component(COUNT), two()).additive(&of), count);
        assert_eq!(Formula::Add(component(COUNT), two()).additive(&of), Additive::NOT);
        assert_eq!(Formula::Divide(two(), component(COUNT)).additive(&of), Additive::NOT);
    }
}
