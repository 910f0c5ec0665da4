//! Which metrics go into one query, and why the others do not.
//!
//! Writes no SQL.

use std::fmt;

use super::cube::Cube;
use super::{Values, measured};
use crate::expression::Expression;
use crate::plan::{Calendar, Dedupe, Measure, Pipeline, Placement, Plan, Reach, Request, Rule, Scan};
use crate::value::Type;

/// How metrics are put into queries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partition {
    /// Queries for two metrics or more.
    pub together: Vec<Together>,
    /// Metrics with a query of their own, by their position, with the reason.
    pub alone: Vec<(usize, Alone)>,
}

/// Metrics that one query answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Together {
    /// Their positions.
    pub metrics: Vec<usize>,
    /// The source.
    pub source: String,
    /// The columns that rows are told apart by.
    pub columns: Vec<String>,
    /// How many conditions rows are told apart by.
    pub conditions: usize,
}

/// Why a metric has a query of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alone {
    /// It is made of other metrics.
    MadeOfMetrics,
    /// A row can count in more than one period.
    ManyPeriods,
    /// The periods of its calendar are listed.
    ListedPeriods,
    /// This fact comes from other rows.
    Fact(String),
    /// What it measures cannot be put together from parts.
    Measure(&'static str),
    /// The request groups by something that it lacks, or that has the name of a column of every result.
    Dimension(String),
    /// Rows would be told apart by too much to be brought together.
    Detail,
    /// No other metric asks for the same rows in the same periods.
    NoOther,
}

impl fmt::Display for Alone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Alone::MadeOfMetrics => write!(f, "it is made of other metrics"),
            Alone::ManyPeriods => write!(f, "a row can count in several periods"),
            Alone::ListedPeriods => write!(f, "the periods of its calendar are listed, and the range is not"),
            Alone::Fact(name) => write!(f, "`{name}` is found in other rows"),
            Alone::Measure(reason) => write!(f, "{reason}"),
            Alone::Dimension(name) => write!(f, "rows cannot be brought together by `{name}`"),
            Alone::Detail => write!(f, "its conditions tell rows apart too finely to bring them together"),
            Alone::NoOther => write!(f, "no other metric reads the same rows in the same periods"),
        }
    }
}

/// What metrics of one query have in common.
#[derive(Debug, PartialEq)]
struct Common<'a> {
    table: &'a str,
    key: &'a [String],
    order: &'a [String],
    dedupe: Dedupe,
    anchor: &'a str,
    calendar: &'a Calendar,
    dimensions: Vec<Expression>,
    /// The kinds of numerator and denominator, which share columns.
    numbers: (Type, Type),
}

/// Puts each of `plans` into a query with as many others as it can share one with.
pub fn partition(plans: &[&Plan], request: &Request, values: Values) -> Partition {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut alone = Vec::new();
    for (position, plan) in plans.iter().enumerate() {
        let common = match common(plan, request) {
            Ok(common) => common,
            Err(reason) => {
                alone.push((position, reason));
                continue;
            }
        };
        if open.iter_mut().any(|like| joins(like, (&common, position, plan), values)) {
            continue;
        }
        let cube = Cube::of(&[plan], request).and_then(|mut cube| cube.admit(plan, values).map(|_| cube));
        match cube {
            Ok(cube) if cube.is_small() => open.push((common, cube, vec![position])),
            _ => alone.push((position, Alone::Detail)),
        }
    }
    let mut together = Vec::new();
    for (_, cube, metrics) in open {
        match metrics.as_slice() {
            [only] => alone.push((*only, Alone::NoOther)),
            _ => together.push(Together {
                metrics,
                source: cube.scan.source.clone(),
                columns: cube.told_apart_by(),
                conditions: cube.conditions(),
            }),
        }
    }
    alone.sort_by_key(|(position, _)| *position);
    Partition { together, alone }
}

/// A query that metrics can still join: what they have in common, the cube, and their positions.
type Open<'a> = (Common<'a>, Cube, Vec<usize>);

/// Lets a metric join a query where that leaves few rows; tells whether it did.
fn joins<'a>(
    (known, cube, metrics): &mut Open<'a>,
    (common, position, plan): (&Common<'a>, usize, &Plan),
    values: Values,
) -> bool {
    if known != common || !cube.agrees(plan) {
        return false;
    }
    let mut wider = cube.clone();
    let joins = wider.admit(plan, values).is_ok() && wider.is_small();
    if joins {
        *cube = wider;
        metrics.push(position);
    }
    joins
}

/// Returns what a plan needs others to have in common with it, or why it can have nothing in common with any.
fn common<'a>(plan: &'a Plan, request: &Request) -> Result<Common<'a>, Alone> {
    let pipeline = measured(plan).ok_or(Alone::MadeOfMetrics)?;
    let Placement::Anchor { column, reach: Reach::Own } = &pipeline.filter.placement else {
        return Err(Alone::ManyPeriods);
    };
    if !super::periods::are_cut(&plan.calendar, request) {
        return Err(Alone::ListedPeriods);
    }
    if let Some(fact) = pipeline.facts.iter().find(|fact| !matches!(fact.rule, Rule::Derived(_))) {
        return Err(Alone::Fact(fact.name.clone()));
    }
    adds_up(&pipeline.measure)?;
    let dimensions = request.by.iter().map(|name| dimension(plan, pipeline, name)).collect::<Result<_, _>>()?;
    let Scan { table, key, order, dedupe, .. } = &pipeline.scan;
    let numbers = (kind(pipeline.measure.numerator_type()), kind(pipeline.measure.denominator_type()));
    let calendar = &plan.calendar;
    Ok(Common { table, key, order, dedupe: *dedupe, anchor: column, calendar, dimensions, numbers })
}

/// Refuses measures of which the whole does not follow from the parts.
fn adds_up(measure: &Measure) -> Result<(), Alone> {
    match measure {
        Measure::Distinct(_) => Err(Alone::Measure("distinct values of parts do not add up")),
        Measure::Quantile(_) => Err(Alone::Measure("a quantile needs all values in their order")),
        Measure::TopShare(..) => Err(Alone::Measure("the most frequent values of parts are not those of the whole")),
        Measure::Sum(_) | Measure::Mean(_) | Measure::Ratio(..)
            if measure.operands().iter().any(|operand| operand.ty() == Type::Real) =>
        {
            Err(Alone::Measure("a sum of floats depends on their order"))
        }
        _ => Ok(()),
    }
}

/// Returns what a dimension is made of.
fn dimension(plan: &Plan, pipeline: &Pipeline, name: &String) -> Result<Expression, Alone> {
    const OF_EVERY_RESULT: [&str; 3] = ["metric", "version", "grain"];
    let known = plan.dimensions.iter().find(|dimension| &dimension.name == name);
    match known {
        Some(known) if !OF_EVERY_RESULT.contains(&name.to_lowercase().as_str()) => {
            Ok(super::cube::inlined(&Expression::column(name.as_str(), known.ty), pipeline))
        }
        _ => Err(Alone::Dimension(name.clone())),
    }
}

/// Returns the type without its scale: numbers of all scales share a column.
fn kind(ty: Type) -> Type {
    if let Type::Number(_) = ty { Type::Number(0) } else { ty }
}
