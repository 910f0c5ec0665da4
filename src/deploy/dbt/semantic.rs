//! A metric in dbt's semantic layer, where that gives exactly the metric's value; any other metric is refused, with what
//! the layer cannot say.
//!
//! Every measure is a sum, a smallest, a largest or a distinct count of an expression over one row, which is 0 or null where
//! the row does not count, and null where it lies outside of the population.

use serde_json::{Value as Json, json};

use super::super::files::{File, Files};
use super::super::query::Refusal;
use super::super::settings::{Moment, Settings};
use super::super::subject::Subject;
use super::properties::{about, meta};
use super::yaml;
use crate::expression::Expression;
use crate::plan::{Awaits, Body, Dedupe, MaturityPolicy, Measure, Pipeline, Placement, Plan, Reach, Rule, Year};
use crate::sql::{RowWriter, Spelling};
use crate::value::{Grain, Number, Type, Value, Weekday};

const PART: &str = "semantic";

/// Writes the semantic model of a metric, with the metric.
///
/// # Errors
/// When dbt would give another value, or could not say the metric at all.
pub(in crate::deploy) fn files(subject: &Subject<'_>, settings: &Settings) -> Result<Files, Refusal> {
    let plan = subject.plan;
    let pipeline = expressible(plan, settings)?;
    let name = subject.name.replace('.', "__");
    let mut rows = RowWriter::new(plan, &settings.dialect, (settings.since, settings.until))?;
    let anchor = pipeline.filter.placement.anchor().unwrap_or_default();
    let time = rows.local_time(anchor)?.ok_or_else(|| {
        Refusal(format!("{} knows no zones, and a semantic model has no room for their rules", settings.dialect.name))
    })?;
    let measured = Measured::of(&pipeline.measure)?;
    let mut measures = Vec::new();
    for (suffix, aggregation, operand) in &measured.sums {
        let expression = rows.expression(&counted(pipeline, operand))?;
        measures.push(json!({ "name": format!("{name}{suffix}"), "agg": aggregation, "expr": expression }));
    }
    let document = json!({
        "version": 2,
        "semantic_models": [{
            "name": name,
            "description": about(subject),
            "model": format!("ref('{}')", table(pipeline)),
            "defaults": { "agg_time_dimension": anchor },
            "entities": entities(pipeline, settings)?,
            "dimensions": dimensions(plan, (anchor, &time), settings)?,
            "measures": measures,
        }],
        "metrics": metrics(subject, &name, &measured),
    });
    let stamp = subject.stamp(settings, PART);
    let remarks = vec!["dbt gives the value alone: without the ledger, intervals and states of its cells".to_owned()];
    let file = File { path: format!("models/semantic/{name}.yml"), part: PART, text: yaml::file(&stamp, &document) };
    Ok(Files { files: vec![file], remarks })
}

/// Returns the name of the model that holds the rows.
fn table(pipeline: &Pipeline) -> &str {
    pipeline.scan.table.rsplit('.').next().unwrap_or(&pipeline.scan.table)
}

fn refuse<T>(what: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal(what.into()))
}

/// Returns the steps of a plan whose value dbt's semantic layer gives exactly, with derived facts written out.
///
/// # Errors
/// What it cannot say.
fn expressible<'a>(plan: &'a Plan, settings: &Settings) -> Result<&'a Pipeline, Refusal> {
    if settings.grain != Grain::All || !settings.by.is_empty() {
        return refuse("a semantic model is asked by grain and dimensions later; leave `--grain` and `--by` out");
    }
    if settings.as_of != Moment::Data {
        return refuse("a semantic model has no moment of knowledge; only `--as-of data` fits it");
    }
    let Body::Measured(pipeline) = &plan.body else {
        return refuse("it is made of other metrics, whose empty cells dbt joins in another way");
    };
    if plan.publish.min_cell.is_some() || plan.publish.min_n.is_some() {
        return refuse("it withholds small cells, which dbt would show");
    }
    if plan.grains.contains(&Grain::Week) && plan.calendar.week_starts != Weekday::Monday {
        return refuse("its weeks do not begin on Mondays, as dbt's do");
    }
    if plan.calendar.year != Year::CIVIL
        && plan.grains.iter().any(|grain| *grain >= Grain::Month && *grain < Grain::All)
    {
        return refuse("its year is no calendar year");
    }
    if plan.grains.contains(&Grain::Hour) && plan.calendar.zone != "UTC" {
        return refuse("an hour that the clock repeats is two hours, which dbt would add up");
    }
    match &pipeline.filter.placement {
        Placement::Anchor { reach: Reach::Own, .. } => {}
        Placement::Anchor { .. } => {
            return refuse("its periods reach beyond themselves, up to ends that dbt's windows do not have");
        }
        Placement::Snapshot(_) => return refuse("it is seen as of an instant of each period"),
        Placement::Spread => return refuse("it spreads its rows over periods"),
    }
    if pipeline.scan.dedupe != Dedupe::Unique {
        return refuse("its source holds several rows of one key, of which dbt would count all");
    }
    if !pipeline.scan.derived.is_empty() {
        return refuse("it reads a derived column, which no table holds");
    }
    if let Some(fact) = pipeline.facts.iter().find(|fact| !matches!(fact.rule, Rule::Derived(_))) {
        return Err(Refusal(beyond(&fact.name, &fact.rule)));
    }
    if pipeline
        .mature
        .iter()
        .any(|mature| mature.policy == MaturityPolicy::Wait && !matches!(mature.awaits, Awaits::Settled { .. }))
    {
        return refuse("it waits for windows to close, and dbt knows no moment of knowledge");
    }
    let reads_moment = plan.expressions().iter().any(|(_, expression)| {
        let mut found = false;
        expression.walk(&mut |part| found |= matches!(part, Expression::Moment(_)));
        found
    });
    if reads_moment {
        return refuse("it compares with the moment of knowledge, which dbt does not know");
    }
    Ok(pipeline)
}

fn beyond(name: &str, rule: &Rule) -> String {
    match rule {
        Rule::Related(relate) if relate.predicate.is_none() || !relate.same.is_empty() => format!(
            "`{name}` looks for other rows of `{}` within a window: in a conversion metric every row converts to itself, and \
             both ends of the window are fixed otherwise",
            relate.events.source
        ),
        Rule::Related(relate) => format!("`{name}` looks for rows of `{}` within a window", relate.events.source),
        Rule::Joined(join) => format!("`{name}` is looked up in `{}`", join.other.source),
        Rule::Clocked(_) => format!("`{name}` is a length of time on a clock"),
        Rule::Advanced(_) => format!("`{name}` is an instant on a calendar"),
        Rule::Derived(_) => format!("`{name}` is derived"),
    }
}

/// The measures of a metric: what is aggregated, and how the value is made of it.
struct Measured {
    /// The end of the measure's name, dbt's aggregation, and the operand of a row that counts.
    sums: Vec<(&'static str, &'static str, Operand)>,
}

/// The operand of a row that counts.
enum Operand {
    /// A number; null adds nothing, and a row that does not count is 0.
    Added(Expression),
    /// A number that is never null; a row that does not count is 0.
    Counted(Expression),
    /// A value; a row that does not count has none.
    Kept(Expression),
}

impl Measured {
    fn of(measure: &Measure) -> Result<Self, Refusal> {
        let over = |numerator: Operand, denominator: Operand| {
            vec![("_numerator", "sum", numerator), ("_denominator", "sum", denominator)]
        };
        let (added, counted) = (Operand::Added, Operand::Counted);
        let sums = match measure {
            Measure::Count => vec![("", "sum", counted(integer(1)))],
            Measure::Sum(operand) => vec![("", "sum", Operand::Added(number(operand)?))],
            Measure::Distinct(operand) => vec![("", "count_distinct", Operand::Kept(operand.clone()))],
            Measure::Min(operand) => vec![("", "min", Operand::Kept(number(operand)?))],
            Measure::Max(operand) => vec![("", "max", Operand::Kept(number(operand)?))],
            Measure::Share(condition) => over(counted(when(condition.clone(), 1, integer(0))), counted(integer(1))),
            Measure::Balance(for_, against) => {
                over(counted(when(for_.clone(), 1, when(against.clone(), -1, integer(0)))), counted(integer(1)))
            }
            Measure::Ratio(numerator, denominator) => over(added(number(numerator)?), added(number(denominator)?)),
            Measure::Mean(operand) => {
                let is_known = Expression::Not(Box::new(Expression::IsNull(Box::new(operand.clone()))));
                over(added(number(operand)?), counted(when(is_known, 1, integer(0))))
            }
            Measure::Quantile(_) => return refuse("quantiles differ between the engines that dbt leaves them to"),
            Measure::TopShare(..) => return refuse("the share of the most frequent values cannot be said"),
        };
        Ok(Self { sums })
    }

    fn is_ratio(&self) -> bool {
        self.sums.len() > 1
    }
}

fn number(operand: &Expression) -> Result<Expression, Refusal> {
    match operand.ty() {
        Type::Number(_) => Ok(operand.clone()),
        _ => refuse("dbt measures numbers alone, and no lengths of time or instants"),
    }
}

fn integer(number: i64) -> Expression {
    Expression::Literal(Value::Number(Number::integer(number)), Type::Number(0))
}

fn when(condition: Expression, then: i64, otherwise: Expression) -> Expression {
    Expression::Case { arms: vec![(condition, integer(then))], otherwise: Box::new(otherwise) }
}

/// Returns the operand of any row: as in the ledger, the first condition that is TRUE decides.
fn counted(pipeline: &Pipeline, operand: &Operand) -> Expression {
    let (counts, does_not) = match operand {
        Operand::Added(expression) => {
            let zero = Expression::Literal(Value::Number(Number::new(0, scale(expression))), expression.ty());
            (Expression::Coalesce(vec![expression.clone(), zero.clone()]), zero)
        }
        Operand::Counted(expression) => (expression.clone(), integer(0)),
        Operand::Kept(expression) => (expression.clone(), Expression::Literal(Value::Null, expression.ty())),
    };
    let mut leaving: Vec<Expression> = pipeline.exclude.iter().map(|exclusion| exclusion.when.clone()).collect();
    leaving.extend(pipeline.missing.iter().map(|missing| missing.when.clone()));
    leaving.extend(pipeline.bounds.iter().map(|bounds| bounds.when.clone()));
    leaving.extend(pipeline.mature.iter().filter(|mature| mature.policy == MaturityPolicy::Wait).filter_map(
        |mature| match &mature.awaits {
            Awaits::Settled { open } => Some(open.clone()),
            Awaits::Closed { .. } | Awaits::Covered { .. } => None,
        },
    ));
    let mut arms: Vec<(Expression, Expression)> = leaving.into_iter().map(|when| (when, does_not.clone())).collect();
    let mut otherwise = counts;
    if let Some(predicate) = &pipeline.filter.predicate {
        // What lies outside of the population makes no cell; of what is not known to lie inside there is one.
        let outside = Expression::Not(Box::new(predicate.clone()));
        arms.insert(0, (outside, Expression::Literal(Value::Null, otherwise.ty())));
        arms.push((predicate.clone(), otherwise));
        otherwise = does_not;
    }
    let written = if arms.is_empty() { otherwise } else { Expression::Case { arms, otherwise: Box::new(otherwise) } };
    inlined(written, pipeline)
}

fn scale(expression: &Expression) -> u8 {
    match expression.ty() {
        Type::Number(scale) => scale,
        _ => 0,
    }
}

/// Writes derived facts out in the place of their names.
fn inlined(mut expression: Expression, pipeline: &Pipeline) -> Expression {
    if let Expression::Column(column) = &expression
        && let Some(fact) = pipeline.facts.iter().find(|fact| fact.name == column.name)
        && let Rule::Derived(derived) = &fact.rule
    {
        return inlined(derived.clone(), pipeline);
    }
    for child in expression.children_mut() {
        *child = inlined(child.clone(), pipeline);
    }
    expression
}

fn entities(pipeline: &Pipeline, settings: &Settings) -> Result<Vec<Json>, Refusal> {
    let [key] = pipeline.scan.key.as_slice() else {
        return refuse("its source has a key of several columns, which dbt's entities have no word for");
    };
    let column = Spelling::of(&settings.dialect).column(key)?;
    Ok(vec![json!({ "name": pipeline.scan.source, "type": "primary", "expr": column })])
}

fn dimensions(plan: &Plan, (anchor, time): (&str, &str), settings: &Settings) -> Result<Vec<Json>, Refusal> {
    let granularity = if plan.grains.contains(&Grain::Hour) { "hour" } else { "day" };
    let mut dimensions = vec![json!({
        "name": anchor,
        "type": "time",
        "expr": yaml::paragraph(time),
        "type_params": { "time_granularity": granularity },
    })];
    let Body::Measured(pipeline) = &plan.body else { return Ok(dimensions) };
    let mut rows = RowWriter::new(plan, &settings.dialect, (settings.since, settings.until))?;
    for dimension in &plan.dimensions {
        let expression = inlined(Expression::column(&dimension.name, dimension.ty), pipeline);
        dimensions.push(json!({
            "name": dimension.name,
            "type": "categorical",
            "expr": rows.expression(&expression)?,
        }));
    }
    Ok(dimensions)
}

fn metrics(subject: &Subject<'_>, name: &str, measured: &Measured) -> Vec<Json> {
    let simple = |name: &str, is_shown: bool| {
        let label = if is_shown { yaml::paragraph(&subject.reading.title) } else { name.to_owned() };
        let measure = json!({ "name": name });
        json!({ "name": name, "label": label, "type": "simple", "type_params": { "measure": measure } })
    };
    if !measured.is_ratio() {
        return vec![described(simple(name, true), subject)];
    }
    let [numerator, denominator] = ["_numerator", "_denominator"].map(|suffix| format!("{name}{suffix}"));
    let ratio = json!({
        "name": name,
        "label": yaml::paragraph(&subject.reading.title),
        "type": "ratio",
        "type_params": { "numerator": { "name": numerator }, "denominator": { "name": denominator } },
    });
    vec![described(ratio, subject), simple(&numerator, false), simple(&denominator, false)]
}

fn described(mut metric: Json, subject: &Subject<'_>) -> Json {
    metric["description"] = about(subject).into();
    metric["config"] = json!({ "meta": meta(subject) });
    metric
}
