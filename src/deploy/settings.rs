//! What is said about a deployment beside the metric: its form, its dialect, its cut, and for which moments it is good.
//!
//! Nothing here has a default that depends on a clock, so that the same command writes the same bytes on every day.

use std::fmt;

use crate::sql::Dialect;
use crate::value::{Duration, Grain, Instant};

/// In what form a metric is deployed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    /// A query in a file.
    Query,
    /// A view.
    View,
    /// A table that is written anew by each run of its script.
    Table,
    /// A table of which a script writes anew only the periods that can still move.
    Incremental,
    /// A model of dbt.
    DbtModel,
    /// A semantic model of dbt with its metric.
    DbtMetrics,
}

impl Form {
    /// Every form.
    pub const EVERY: [Form; 6] =
        [Form::Query, Form::View, Form::Table, Form::Incremental, Form::DbtModel, Form::DbtMetrics];

    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        ["query", "view", "table", "incremental", "dbt-model", "dbt-metrics"][self as usize]
    }

    /// Returns the form that this word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|form| form.name() == word)
    }
}

/// Where a deployed query takes its moment of knowledge from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// From the data: the moment through which all its sources are complete, as `etalon run` takes it.
    Data,
    /// From the engine's clock.
    Now,
    /// It is always this one.
    At(Instant),
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Moment::Data => f.write_str("data"),
            Moment::Now => f.write_str("now"),
            Moment::At(at) => write!(f, "{at}"),
        }
    }
}

impl Moment {
    /// Reads `data`, `now` or an instant.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "data" => Some(Moment::Data),
            "now" => Some(Moment::Now),
            other => Instant::parse(other).map(Moment::At),
        }
    }
}

/// How dbt keeps a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kept {
    /// As a view.
    View,
    /// As a table, written anew by each run.
    Table,
    /// As a table of which a run writes anew only what can still move.
    Incremental,
}

impl Kept {
    /// Every way.
    pub const EVERY: [Kept; 3] = [Kept::View, Kept::Table, Kept::Incremental];

    /// Returns dbt's word for it.
    pub fn name(self) -> &'static str {
        ["view", "table", "incremental"][self as usize]
    }

    /// Returns what this word stands for.
    pub fn parse(word: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|kept| kept.name() == word)
    }
}

/// Returns the first instant in any data, where nothing else is said: 1970-01-01T00:00:00Z.
pub fn since() -> Instant {
    Instant::from_micros(0)
}

/// Returns until when a deployment is good, where nothing else is said: 2036-01-01T00:00:00Z. A constant, for the same
/// command writes the same bytes on every day.
pub fn until() -> Instant {
    Instant::from_micros(2_082_758_400_000_000)
}

/// All that is said about a deployment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The form.
    pub form: Form,
    /// How dbt keeps a model; only for models.
    pub kept: Option<Kept>,
    /// The dialect.
    pub dialect: Dialect,
    /// Length of the periods.
    pub grain: Grain,
    /// Dimensions to split by.
    pub by: Vec<String>,
    /// Start of the first period that is shown; `None` shows all since `since`.
    pub from: Option<Instant>,
    /// No instant in the data is earlier.
    pub since: Instant,
    /// From this moment of knowledge on the query returns nothing, and no instant in the data is as late.
    pub until: Instant,
    /// Where the moment of knowledge comes from.
    pub as_of: Moment,
    /// For how long after its instant a row may still arrive or change; only where a part is written anew.
    pub settles: Option<Duration>,
    /// The schema of what is deployed; `None` leaves it to the connection.
    pub schema: Option<String>,
}

impl Settings {
    /// Tells whether only the periods that can still move are written anew.
    pub fn is_incremental(&self) -> bool {
        self.form == Form::Incremental || self.kept == Some(Kept::Incremental)
    }
}
