//! The steps of a plan.

use serde::Serialize;

use crate::expression::{Column, Expression};
use crate::plan::Plan;
use crate::value::{Duration, Grain, Number, Type};

/// A measured metric: the steps, in the order they act.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pipeline {
    /// The population's rows.
    pub scan: Scan,
    /// Which rows are counted things, and in which period.
    pub filter: Filter,
    /// Facts from other rows, in declaration order; none sees another.
    pub relate: Vec<Relate>,
    /// Rows left out, with the reason; order matters.
    pub exclude: Vec<Exclusion>,
    /// Rows left out because a value is not known.
    pub missing: Vec<Missing>,
    /// Rows whose windows have not closed.
    pub mature: Option<Mature>,
    /// What is computed from the rows that remain.
    pub measure: Measure,
}

/// Rows of one source as observed through `as_of`, duplicates resolved.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scan {
    /// Source name.
    pub source: String,
    /// Name of its table in compiled SQL; dots separate schema and table. Where rows lie does not change what they mean,
    /// so no fingerprint holds it.
    #[serde(skip)]
    pub table: String,
    /// The columns the plan reads, in source order; always includes key and order columns.
    pub columns: Vec<Column>,
    /// Primary key: one row per distinct value. No part is ever null.
    pub key: Vec<String>,
    /// Total order: an instant column that is never null, then tie-breakers, whose nulls come last. Ends with the
    /// key's columns.
    pub order: Vec<String>,
    /// What happens to several rows of one key.
    pub dedupe: Dedupe,
}

impl Scan {
    /// Returns the instant column that dates a row.
    pub fn order_instant(&self) -> &str {
        &self.order[0]
    }
}

/// What happens to several rows of one key. The total order decides, seen as of `as_of`. Where several rows tie for
/// the place that stays, the order is only total if `columns` are equal in all of them; otherwise there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Dedupe {
    /// The reader has proven that there are none.
    Unique,
    /// The first in the total order stays.
    First,
    /// The last in the total order stays.
    Latest,
}

/// Which rows belong to the population, and when they count.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Filter {
    /// Keeps TRUE; `None` keeps every row.
    pub predicate: Option<Expression>,
    /// The instant column that puts a row in a period.
    pub anchor: String,
}

/// A fact about a row, taken from the events inside a window around one of its instants.
///
/// An event matches a row when all `same` pairs are equal (null equals nothing), `predicate` is TRUE, and the
/// event's instant lies in the window. A row is never an event of its own: where both come from one source, the
/// event with the row's key is left out. When the row's anchor or one of its match columns is null the fact is null.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Relate {
    /// The fact's name; a column of the row from here on.
    pub name: String,
    /// Where the events come from.
    pub events: Scan,
    /// Pairs of (row column, event column) that must be equal.
    pub same: Vec<(String, String)>,
    /// Keeps events for which it is TRUE; over the event's columns.
    pub predicate: Option<Expression>,
    /// The row's instant column that the window is measured from.
    pub anchor: String,
    /// The event's instant column that must lie in the window; null never does.
    pub event_at: String,
    /// The window.
    pub window: Window,
    /// What the matching events say.
    pub summary: Summary,
}

impl Relate {
    /// Returns the type of the fact.
    pub fn ty(&self) -> Type {
        match &self.summary {
            Summary::Exists => Type::Boolean,
            Summary::Count => Type::Number(0),
            Summary::First(expression)
            | Summary::Last(expression)
            | Summary::Sum(expression)
            | Summary::Min(expression)
            | Summary::Max(expression) => expression.ty(),
        }
    }
}

/// A window of elapsed time relative to an anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Window {
    /// Where it starts; `None` reaches back without limit.
    pub from: Option<Bound>,
    /// Where it ends; `None` reaches forward without limit.
    pub to: Option<Bound>,
    /// Whether an event at the very instant of the anchor counts only if it comes later in the total order of the
    /// (then common) source; it must lie within the bounds all the same. Otherwise the bounds alone decide.
    pub same_instant_later_in_order: bool,
}

/// One end of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Bound {
    /// Distance from the anchor; negative lies before it.
    pub offset: Duration,
    /// Whether the very instant belongs to the window.
    pub inclusive: bool,
}

/// What matching events say about a row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Summary {
    /// Whether there is any.
    Exists,
    /// How many there are.
    Count,
    /// The expression of the first event in the events' total order; null without events.
    First(Expression),
    /// The expression of the last event in the events' total order; null without events.
    Last(Expression),
    /// The sum over events, nulls skipped; null without a non-null value. Numbers and durations only.
    Sum(Expression),
    /// The smallest value, nulls skipped; null without one.
    Min(Expression),
    /// The largest value, nulls skipped; null without one.
    Max(Expression),
}

impl Summary {
    /// Returns what is taken from each event, if anything.
    pub fn operand(&self) -> Option<&Expression> {
        match self {
            Summary::Exists | Summary::Count => None,
            Summary::First(expression)
            | Summary::Last(expression)
            | Summary::Sum(expression)
            | Summary::Min(expression)
            | Summary::Max(expression) => Some(expression),
        }
    }
}

/// A group of rows left out, with its own line in the ledger.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exclusion {
    /// Ledger id; the result column is `excluded_<id>`.
    pub id: String,
    /// Leaves a row out when TRUE.
    pub when: Expression,
}

/// A reason to leave a row out because something about it is not known.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Missing {
    /// Leaves a row out when TRUE.
    pub when: Expression,
}

/// Right-censoring: a row is mature when `anchor + closes_after <= as_of`. With a null anchor it is not: a window that
/// has not opened has not closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mature {
    /// The row's instant column, or fact, the window is measured from.
    pub anchor: String,
    /// When the window closes after the anchor.
    pub closes_after: Duration,
    /// What happens to rows whose window is still open.
    pub policy: MaturityPolicy,
}

/// What happens to rows whose window is still open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum MaturityPolicy {
    /// They are left out, and counted as immature.
    Wait,
    /// They are counted, also as immature, and their cell is provisional.
    Provisional,
}

/// What is computed from the counted rows of a cell.
///
/// `numerator / denominator` is the value of a share, ratio or mean; for the others the value is the numerator and
/// the denominator is null. `n` is the number of rows the value rests on: the counted rows with a non-null operand.
/// The sums of a ratio or mean are 0, not null, without any non-null value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Measure {
    /// Rows for which the predicate is TRUE, over all counted rows. The predicate is never UNKNOWN on counted rows:
    /// a [`Missing`] step has taken those.
    Share(Expression),
    /// Sum over sum. A row counts towards `n` always; null operands add nothing.
    Ratio(Expression, Expression),
    /// Number of counted rows.
    Count,
    /// Number of distinct non-null values.
    Distinct(Expression),
    /// Sum of the non-null values; 0 over counted rows without any, and over no rows.
    Sum(Expression),
    /// Sum of the non-null values over their number.
    Mean(Expression),
    /// Smallest non-null value.
    Min(Expression),
    /// Largest non-null value.
    Max(Expression),
}

impl Measure {
    /// Returns the operand, if the measure has exactly one.
    pub fn operand(&self) -> Option<&Expression> {
        match self {
            Measure::Count | Measure::Ratio(..) => None,
            Measure::Share(expression)
            | Measure::Distinct(expression)
            | Measure::Sum(expression)
            | Measure::Mean(expression)
            | Measure::Min(expression)
            | Measure::Max(expression) => Some(expression),
        }
    }

    /// Tells whether the value is `numerator / denominator`.
    pub fn is_quotient(&self) -> bool {
        matches!(self, Measure::Share(_) | Measure::Ratio(..) | Measure::Mean(_))
    }

    /// Returns the type of the numerator column.
    pub fn numerator_type(&self) -> Type {
        match self {
            Measure::Share(_) | Measure::Count | Measure::Distinct(_) => Type::Number(0),
            Measure::Ratio(expression, _)
            | Measure::Sum(expression)
            | Measure::Mean(expression)
            | Measure::Min(expression)
            | Measure::Max(expression) => expression.ty(),
        }
    }

    /// Returns the type of the denominator column.
    pub fn denominator_type(&self) -> Type {
        match self {
            Measure::Ratio(_, expression) => expression.ty(),
            _ => Type::Number(0),
        }
    }

    /// Returns the type of the value column: a quotient is real (durations in seconds), the rest is exact.
    pub fn value_type(&self) -> Type {
        if self.is_quotient() { Type::Real } else { self.numerator_type() }
    }

    /// Tells whether a period without any row has the value 0 rather than none.
    pub fn is_zero_when_empty(&self) -> bool {
        matches!(self, Measure::Count | Measure::Distinct(_) | Measure::Sum(_))
    }
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
    pub plan: Plan,
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

/// The unweighted mean of a metric's non-null values over the periods of a shorter grain. `n` is the number of such
/// periods and also the denominator, the numerator the sum of their values (0 without any). A cell stands for each
/// place that holds a cell of the component, also where all their values are null; it is provisional where one of the
/// averaged values is, or where its own period ends after `as_of`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Average {
    /// The metric, with `publish` emptied.
    pub component: Box<Plan>,
    /// The shorter grain; nests in every grain the metric may be reported at.
    pub each: Grain,
}

/// What is withheld or added when a number is shown. All `None` publishes as computed.
///
/// The rows that are fewer than a minimum are the result's `n`; where that is null nothing is withheld. What is
/// withheld depends on `n` alone, also where the stronger state `undefined` names the cell.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Publish {
    /// Two-sided Wilson score interval of a share.
    pub interval: Option<Wilson>,
    /// Fewer rows than this: state `insufficient`, value and interval withheld.
    pub min_n: Option<u64>,
    /// Fewer rows than this, but more than none: state `suppressed`, every number of the cell withheld.
    pub min_cell: Option<u64>,
}

/// A Wilson score interval without continuity correction, of the numerator in the denominator. Null over no rows and
/// for what is no share; its low end is exactly 0 where the numerator is 0, its high end exactly 1 where it is all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Wilson {
    /// Confidence level, as `0.95`.
    pub level: Number,
    /// The standard normal quantile of `(1 + level) / 2`.
    #[serde(skip)]
    pub z: f64,
}
