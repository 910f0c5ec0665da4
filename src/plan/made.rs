//! Metrics made of metrics.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::Plan;
use crate::value::{Grain, Instant, Number};

/// Writes a plan that several metrics may be made of.
fn held<S: Serializer>(plan: &Arc<Plan>, serializer: S) -> Result<S::Ok, S::Error> {
    plan.as_ref().serialize(serializer)
}

/// Arithmetic of other metrics, joined on period and dimensions (null meets null); every cell of any component
/// appears. A component without the cell has no say in its state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Combination {
    /// The metrics the formula reads, each once, sorted by metric name.
    pub components: Vec<Component>,
    /// The arithmetic.
    pub formula: Formula,
}

/// A metric that a combination reads.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Component {
    /// Its plan, with `publish` emptied: nothing is withheld inside arithmetic.
    #[serde(serialize_with = "held")]
    pub plan: Arc<Plan>,
    /// The value in a cell where the component has none: zero for counts and sums, null for the rest.
    pub zero_when_absent: bool,
}

/// A formula over component values, in binary floats; durations are seconds. Null propagates; `x / 0` is null; a
/// result that is not finite is an error. Unless the outermost operation is a quotient, the numerator is the value and
/// the denominator is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Formula {
    /// The value of the component at this index.
    Component(usize),
    /// A constant.
    Constant(Number),
    /// Sum.
    Add(Box<Formula>, Box<Formula>),
    /// Difference.
    Subtract(Box<Formula>, Box<Formula>),
    /// Product.
    Multiply(Box<Formula>, Box<Formula>),
    /// Quotient; where it is the outermost operation its operands are the result's numerator and denominator.
    Divide(Box<Formula>, Box<Formula>),
    /// A constant that changes over time: the value of the last step that has begun at the start of the period (at `as_of`
    /// with grain `all`); null before the first. In order.
    Stepwise(Vec<(Instant, Number)>),
}

impl Formula {
    /// Returns the formula with every component index replaced by `place(index)`.
    pub fn renumbered(self, place: &impl Fn(usize) -> usize) -> Self {
        let both = |left: Box<Formula>, right: Box<Formula>| {
            (Box::new(left.renumbered(place)), Box::new(right.renumbered(place)))
        };
        match self {
            Formula::Component(index) => Formula::Component(place(index)),
            Formula::Constant(number) => Formula::Constant(number),
            Formula::Stepwise(steps) => Formula::Stepwise(steps),
            Formula::Add(left, right) => {
                let (left, right) = both(left, right);
                Formula::Add(left, right)
            }
            Formula::Subtract(left, right) => {
                let (left, right) = both(left, right);
                Formula::Subtract(left, right)
            }
            Formula::Multiply(left, right) => {
                let (left, right) = both(left, right);
                Formula::Multiply(left, right)
            }
            Formula::Divide(left, right) => {
                let (left, right) = both(left, right);
                Formula::Divide(left, right)
            }
        }
    }
}

/// A weighted composite of other metrics, joined like a [`Combination`]; every cell of any component appears.
///
/// A component's value `v` is brought to `clamp((v - worst) / (best - worst), 0, 1)`, in floats. The numerator is the sum
/// of weight times that over the components with a value, in their order; the value is numerator over denominator. The
/// state is `undefined` without a value, else `provisional` where a component's is, else `final`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scorecard {
    /// What is weighed, at least one; weights add up to exactly 1.
    pub parts: Vec<Weighed>,
    /// What a component without a value in a cell does.
    pub absent: Absent,
}

/// A component of a scorecard.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Weighed {
    /// The metric.
    pub component: Component,
    /// The value that scores 0; differs from `best`, and lies above it where lower is better.
    pub worst: Number,
    /// The value that scores 1.
    pub best: Number,
    /// Its weight, greater than 0.
    pub weight: Number,
}

/// What a component without a value in a cell does to the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Absent {
    /// It is left out: the denominator is the sum of the other weights; null without any.
    Renormalise,
    /// It scores 0: the denominator is 1.
    Zero,
    /// There is no score: numerator, denominator and value are null.
    Void,
}

/// The unweighted mean of a metric's non-null values over the periods of a shorter grain. `n` is the number of such
/// periods and also the denominator, the numerator the sum of their values (0 without any). A cell stands for each
/// place that holds a cell of the component, also where all their values are null; it is provisional where one of the
/// averaged values is, or where its own period ends after `as_of`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Average {
    /// The metric, with `publish` emptied.
    #[serde(serialize_with = "held")]
    pub component: Arc<Plan>,
    /// The shorter grain; nests in every grain the metric may be reported at.
    pub each: Grain,
}
