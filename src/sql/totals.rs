//! What is measured and counted of the rows of a cell.
//!
//! Knows no dialect, and not how rows come by their fates.

use minijinja::{Value, context};

use super::RenderError;
use super::cells::{self, Table};
use super::pipeline::{Part, Purpose, Rows};
use super::placement::Periods;
use super::query::{Query, Writer, list, type_value};
use super::quoting::Sql;
use crate::expression::Expression;
use crate::plan::{MaturityPolicy, Measure, Pipeline, Quantile, QuantileMethod};
use crate::value::{Number, Type};

/// The finest part that a quantile may be at: positions of it among as many rows as a table holds fit in 64 bits.
const FINEST: i128 = 1_000_000_000;

/// Returns what a row must know for the measure, by the names of the columns that hold it.
pub(super) fn operands(measure: &Measure) -> Vec<(&'static str, &Expression)> {
    match measure {
        Measure::Ratio(numerator, denominator) => {
            vec![("numerator_operand", numerator), ("denominator_operand", denominator)]
        }
        Measure::Balance(first, second) => vec![("first_operand", first), ("second_operand", second)],
        _ => measure.operand().map(|operand| ("operand", operand)).into_iter().collect(),
    }
}

/// Returns the names of the count columns that the part's reader needs.
pub(super) fn counts(pipeline: &Pipeline, part: Part) -> Vec<String> {
    counted(pipeline, part).into_iter().map(|count| count.name).collect()
}

/// Returns the count columns that the part's reader needs, each with which rows are counted.
pub(super) fn counting(
    writer: &mut Writer,
    pipeline: &Pipeline,
    part: Part,
) -> Result<Vec<(String, Sql)>, RenderError> {
    counted(pipeline, part).into_iter().map(|count| Ok((count.name.clone(), count.when(writer)?))).collect()
}

/// Returns the count column of the rows that make a cell provisional, if there is one.
pub(super) fn open_count(pipeline: &Pipeline) -> Option<&'static str> {
    match (waits(pipeline), is_provisional(pipeline)) {
        (_, false) => None,
        (false, true) => Some("immature"),
        (true, true) => Some("open_rows"),
    }
}

fn waits(pipeline: &Pipeline) -> bool {
    pipeline.mature.iter().any(|mature| mature.policy == MaturityPolicy::Wait)
}

fn is_provisional(pipeline: &Pipeline) -> bool {
    pipeline.mature.iter().any(|mature| mature.policy == MaturityPolicy::Provisional)
}

/// A count column: the rows of a fate, and those of another for which a flag is set.
struct Count {
    name: String,
    fate: Option<String>,
    beside: Option<(&'static str, Option<&'static str>)>,
}

impl Count {
    fn of_fate(name: &str) -> Self {
        Self { name: name.to_owned(), fate: Some(name.to_owned()), beside: None }
    }

    fn of(name: &str, beside: (&'static str, Option<&'static str>)) -> Self {
        Self { name: name.to_owned(), fate: None, beside: Some(beside) }
    }

    /// Writes which rows are counted.
    fn when(&self, writer: &mut Writer) -> Result<Sql, RenderError> {
        let mut either = Vec::new();
        if let Some(fate) = &self.fate {
            either.push(format!("fate = {}", writer.literal(fate)?));
        }
        if let Some((fate, flag)) = self.beside {
            let mut both = format!("fate = {}", writer.literal(fate)?);
            if let Some(flag) = flag {
                let flag = writer.ident(flag)?;
                both.push_str(&format!(" and {}", writer.call("holds", &[flag.into()])?));
            }
            either.push(both);
        }
        Ok(Sql::composed(either.join(" or ")))
    }
}

/// Returns the count columns that the part's reader needs.
fn counted(pipeline: &Pipeline, part: Part) -> Vec<Count> {
    const OPEN: (&str, Option<&str>) = ("counted", Some("is_open"));
    let immature = || match open_count(pipeline) {
        None => Count::of_fate("immature"),
        Some("immature") => Count::of("immature", OPEN),
        Some(_) => Count { beside: Some(OPEN), ..Count::of_fate("immature") },
    };
    let mut counts = Vec::new();
    if part.purpose == Purpose::Cells {
        counts.extend(pipeline.exclude.iter().map(|exclusion| Count::of_fate(&format!("excluded_{}", exclusion.id))));
        counts.extend(["unknown", "missing"].map(Count::of_fate));
        counts.push(immature());
        if pipeline.bounds.is_some() {
            let flag = (!pipeline.missing.is_empty()).then_some("is_bounded");
            counts.push(Count::of("bounded_rows", ("missing", flag)));
        }
    } else if open_count(pipeline) == Some("immature") {
        counts.push(immature());
    }
    if open_count(pipeline) == Some("open_rows") {
        counts.push(Count::of("open_rows", OPEN));
    }
    counts
}

/// Adds the steps that bring the rows of a cell together.
pub(super) fn totals(query: &mut Query, pipeline: &Pipeline, part: Part, rows: &Rows) -> Result<Table, RenderError> {
    let dimensions: Vec<String> = part.request.by.iter().map(|name| rows.columns.carried(name).to_owned()).collect();
    let counted = counting(&mut query.writer, pipeline, part)?.into_iter();
    let counts: Vec<Value> = counted.map(|(name, when)| context! { name => name, when => Value::from(when) }).collect();
    let grouping = cells::grouping(&rows.periods, &dimensions);
    let measure = &pipeline.measure;
    // Where rows are in every period, a period without rows has a cell all the same.
    let every_period = match &rows.periods {
        Periods::Carried(step) if dimensions.is_empty() => Value::from(step.as_str()),
        _ => Value::from(false),
    };
    let from = ranked(query, pipeline, part, (rows, &grouping));
    let step = context! {
        from => from,
        every_period => every_period,
        has_period => rows.periods.are_many(),
        dimensions => list(&dimensions),
        grouping => list(&grouping),
        measure => kind(measure),
        integer => type_value(Type::Number(0)),
        operand => measure.operand().map(|operand| type_value(operand.ty())),
        quantile => quantile(query, measure)?,
        most => if let Measure::TopShare(_, most) = measure { Value::from(*most) } else { Value::from(0) },
        nothing => measure.operands().into_iter().map(|operand| zero(query, operand.ty())).collect::<Result<Vec<_>, _>>()?,
        counts => counts,
    };
    let name = query.step(&part.wish("totals"), "totals", step);
    let mut numbers = ["numerator", "denominator", "n"].map(str::to_owned).to_vec();
    numbers.extend(self::counts(pipeline, part));
    Ok(Table { name, dimensions, numbers })
}

/// Writes the sum of nothing.
pub(super) fn zero(query: &mut Query, ty: Type) -> Result<Value, RenderError> {
    match ty {
        Type::Real => query.writer.real(0.0).map(Value::from),
        _ => Ok(Value::from(0)),
    }
}

/// Adds the step that ranks rows where the measure needs their ranks; returns the step to read.
fn ranked(query: &mut Query, pipeline: &Pipeline, part: Part, (rows, grouping): (&Rows, &[String])) -> String {
    let template = match &pipeline.measure {
        Measure::Quantile(_) => "ranked_values",
        Measure::TopShare(..) => "ranked_groups",
        _ => return rows.from.clone(),
    };
    let mut columns = grouping.to_vec();
    if is_provisional(pipeline) {
        columns.push("is_open".to_owned());
    }
    if pipeline.bounds.is_some() && !pipeline.missing.is_empty() {
        columns.push("is_bounded".to_owned());
    }
    let step = context! { from => rows.from.as_str(), columns => list(&columns), grouping => list(grouping) };
    query.step(&part.wish("ranked"), template, step)
}

/// Returns what a quantile's totals need: the part as a quotient of integers, and the method.
fn quantile(query: &mut Query, measure: &Measure) -> Result<Value, RenderError> {
    let Measure::Quantile(Quantile { of, at, method }) = measure else { return Ok(Value::from(false)) };
    let (top, bottom) = lowest_terms(*at).ok_or_else(|| RenderError::Constant(at.to_string()))?;
    let whole = match method {
        // The smallest integer that is not less, as a quotient of integers rounded down.
        QuantileMethod::Discrete => format!("(among * {top} + {})", bottom - 1),
        QuantileMethod::Continuous => format!("(among - 1) * {top}"),
    };
    let position = query.writer.call("quotient", &[Sql::composed(whole.clone()).into(), bottom.into()])?;
    let position = match method {
        QuantileMethod::Discrete if top == 0 => Sql::composed("0".to_owned()),
        QuantileMethod::Discrete => Sql::composed(format!("{position} - 1")),
        QuantileMethod::Continuous => position,
    };
    let beyond = query.writer.call("remainder", &[Sql::composed(whole).into(), bottom.into()])?;
    if *method == QuantileMethod::Continuous && !matches!(of.ty(), Type::Number(_) | Type::Duration | Type::Real) {
        return Err(RenderError::Contradiction("what lies between two instants is no float"));
    }
    Ok(context! {
        continuous => *method == QuantileMethod::Continuous,
        position => Value::from(position),
        beyond => Value::from(beyond),
        parts => Value::from(query.writer.real(bottom as f64)?),
    })
}

/// Returns the number as a quotient of two integers without a common divisor; `None` where it is too fine.
fn lowest_terms(at: Number) -> Option<(i64, i64)> {
    let (mut top, mut bottom) = (at.mantissa(), 10_i128.pow(u32::from(at.scale())));
    for divisor in [2, 5] {
        while bottom % divisor == 0 && top % divisor == 0 {
            (top, bottom) = (top / divisor, bottom / divisor);
        }
    }
    let fits = (0..=bottom).contains(&top) && bottom <= FINEST;
    if fits { i64::try_from(top).ok().zip(i64::try_from(bottom).ok()) } else { None }
}

fn kind(measure: &Measure) -> &'static str {
    match measure {
        Measure::Share(_) => "share",
        Measure::Ratio(..) => "ratio",
        Measure::Count => "count",
        Measure::Distinct(_) => "distinct",
        Measure::Sum(_) => "sum",
        Measure::Mean(_) => "mean",
        Measure::Min(_) => "min",
        Measure::Max(_) => "max",
        Measure::Quantile(_) => "quantile",
        Measure::Balance(..) => "balance",
        Measure::TopShare(..) => "top_share",
    }
}
