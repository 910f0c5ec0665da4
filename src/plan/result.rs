//! The result contract: the columns that every engine and the interpreter return, and the fates of rows.

use crate::plan::{Body, Plan, Request};
use crate::table::Field;
use crate::value::{Grain, Type};

/// Where a row of the population's source ended up. Exactly one per row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It happened after `as_of`.
    AfterAsOf,
    /// Another row of its key stands for it.
    Duplicate,
    /// The population's predicate is FALSE.
    Outside,
    /// The population's predicate is UNKNOWN.
    Unknown,
    /// Its anchor is null, so it belongs to no period.
    Undated,
    /// Its anchor lies outside the requested range.
    OtherPeriod,
    /// An exclusion claimed it; the position is the exclusion's in the plan.
    Excluded(usize),
    /// A value the measure needs is not known.
    Missing,
    /// Its window has not closed.
    Immature,
    /// It is counted.
    Counted,
}

impl Fate {
    /// Returns every fate a row of this plan can meet, in ledger order; empty unless the plan measures rows itself.
    pub fn of(plan: &Plan) -> Vec<Fate> {
        let Body::Measured(pipeline) = &plan.body else { return Vec::new() };
        let mut fates =
            vec![Fate::AfterAsOf, Fate::Duplicate, Fate::Outside, Fate::Unknown, Fate::Undated, Fate::OtherPeriod];
        fates.extend((0..pipeline.exclude.len()).map(Fate::Excluded));
        fates.extend([Fate::Missing, Fate::Immature, Fate::Counted]);
        fates
    }

    /// Returns the fate's stable name, as `excluded_bot_sessions`.
    pub fn name(&self, plan: &Plan) -> String {
        match self {
            Fate::AfterAsOf => "after_as_of".to_owned(),
            Fate::Duplicate => "duplicate".to_owned(),
            Fate::Outside => "outside".to_owned(),
            Fate::Unknown => "unknown".to_owned(),
            Fate::Undated => "undated".to_owned(),
            Fate::OtherPeriod => "other_period".to_owned(),
            Fate::Excluded(position) => format!("excluded_{}", plan.exclusion_ids()[*position]),
            Fate::Missing => "missing".to_owned(),
            Fate::Immature => "immature".to_owned(),
            Fate::Counted => "counted".to_owned(),
        }
    }
}

/// The states of a result row, strongest first: the first that applies is the row's state.
///
/// - `undefined`: no value exists (a zero denominator, no rows).
/// - `suppressed`: fewer rows than the minimum cell; every number of the row is null.
/// - `insufficient`: fewer rows than the minimum n; value and interval are null.
/// - `provisional`: some counted row is immature, or the period ends after `as_of` (which `all` never does).
/// - `final`: none of these.
pub const STATES: [&str; 5] = ["undefined", "suppressed", "insufficient", "provisional", "final"];

/// Returns the columns of the result of `plan` under `request`, in order.
///
/// `period_start` and `period_end` are instants, null with grain `all`. `numerator`, `denominator`, `value` and `n`
/// are as [`crate::plan::Measure`] says. `low` and `high` are an interval ([`crate::plan::Wilson`]) or the worst and best
/// case ([`crate::plan::Bounds`]), never both. In a metric made of metrics the counts `unknown`, `missing` and `immature`
/// are null; in a combination and a scorecard `n` is too. The state of a combination is the strongest of its components'
/// unless the value is null (`undefined`). Rows are ordered by period start, then by the dimensions
/// in their order, nulls last.
pub fn contract(plan: &Plan, request: &Request) -> Vec<Field> {
    let (numerator, denominator, value) = number_types(plan);
    let mut fields = vec![
        Field::new("metric", Type::Text),
        Field::new("version", Type::Text),
        Field::new("period_start", Type::Instant),
        Field::new("period_end", Type::Instant),
        Field::new("grain", Type::Text),
    ];
    for name in &request.by {
        let ty = plan.dimensions.iter().find(|dimension| &dimension.name == name).map_or(Type::Text, |d| d.ty);
        fields.push(Field::new(name.clone(), ty));
    }
    fields.extend([
        Field::new("numerator", numerator),
        Field::new("denominator", denominator),
        Field::new("value", value),
        Field::new("n", Type::Number(0)),
        Field::new("low", Type::Real),
        Field::new("high", Type::Real),
    ]);
    for id in plan.exclusion_ids() {
        fields.push(Field::new(format!("excluded_{id}"), Type::Number(0)));
    }
    for name in ["unknown", "missing", "immature"] {
        fields.push(Field::new(name, Type::Number(0)));
    }
    fields.push(Field::new("state", Type::Text));
    fields
}

/// Returns the columns of the ledger of a plan: each fate of [`Fate::of`] with the number of rows that met it,
/// all fates present, in that order.
pub fn ledger_contract() -> Vec<Field> {
    vec![Field::new("fate", Type::Text), Field::new("rows", Type::Number(0))]
}

/// Tells whether a query with this request has exactly one cell, present also over no rows.
pub fn is_single_cell(request: &Request) -> bool {
    request.grain == Grain::All && request.by.is_empty()
}

fn number_types(plan: &Plan) -> (Type, Type, Type) {
    match &plan.body {
        Body::Measured(pipeline) => {
            let measure = &pipeline.measure;
            (measure.numerator_type(), measure.denominator_type(), measure.value_type())
        }
        Body::Combined(_) | Body::Scored(_) => (Type::Real, Type::Real, Type::Real),
        Body::Averaged(_) => (Type::Real, Type::Number(0), Type::Real),
    }
}
