//! The cube: what the rows of a source are told apart by for many metrics, and what is added up of those that are alike.
//!
//! A member is a metric whose conditions are over the cube: over columns that have few values, and over conditions of which
//! the cube holds the outcome. Knows no dialect.

use std::collections::BTreeMap;

use minijinja::{Value, context};

use super::periods::Cut;
use super::{Values, measured};
use crate::expression::{Column, Comparison, Expression, Moment};
use crate::plan::{Awaits, Bounds, Mature, Measure, Pipeline, Plan, Publish, Request, Rule, Scan};
use crate::sql::RenderError;
use crate::sql::pipeline::{Part, Purpose, Rows};
use crate::sql::query::{Query, list};
use crate::sql::quoting::Sql;
use crate::value::{self, Type};

/// The most rows of a cell that a cube may leave, dimensions apart: far fewer than an engine reads in the time of a scan.
const MOST: usize = 1 << 16;

/// What the cube names beside the columns of the source.
const NAMED: [&str; 3] = ["condition", "amount", "operand"];

/// The number of rows that one row of the cube stands for.
pub(super) const ROW_COUNT: &str = "row_count";

/// What rows are told apart by, and what is added up.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cube {
    /// The rows, with the columns of all members.
    pub(super) scan: Scan,
    /// The column that dates a row.
    anchor: String,
    /// The dimensions, with what they are made of.
    dimensions: Vec<(String, Expression)>,
    /// Columns that rows are told apart by, with the number of values that each can have.
    columns: Vec<(Column, usize)>,
    /// Conditions that rows are told apart by.
    conditions: Vec<Expression>,
    /// What is put together, and how.
    amounts: Vec<(&'static str, Expression)>,
    /// How many values a column of the scan can have, where they are few.
    few: BTreeMap<String, usize>,
    /// What parts the names of the cube from those of the source.
    mark: String,
}

/// A metric over the cube.
#[derive(Debug, Clone)]
pub(super) struct Member<'a> {
    /// The metric as it is defined.
    pub(super) plan: &'a Plan,
    /// The same over the cube.
    pub(super) pipeline: Pipeline,
    /// The cube's columns of numbers that it reads beside its operands: how many rows, and how many operands.
    pub(super) numbers: Vec<String>,
}

impl Member<'_> {
    /// Returns what is asked of it.
    pub(super) fn part<'b>(&'b self, request: &'b Request, prefix: &'b str) -> Part<'b> {
        let publish: &Publish = &self.plan.publish;
        Part { plan: self.plan, request, publish, prefix, purpose: Purpose::Cells }
    }

    /// Returns the column with the number of operands that a row of the cube stands for.
    pub(super) fn values(&self) -> Option<&str> {
        self.numbers.get(1).map(String::as_str)
    }
}

impl Cube {
    /// Returns the cube for `plans`, none of which has joined yet.
    pub(super) fn of(plans: &[&Plan], request: &Request) -> Result<Self, RenderError> {
        let plan = *plans.first().ok_or(RenderError::Contradiction("no metric is asked for"))?;
        let pipeline = measured(plan).ok_or(RenderError::Contradiction("a metric without rows has no cube"))?;
        let anchor = pipeline.filter.placement.anchor().unwrap_or_default().to_owned();
        let dimensions = request.by.iter().map(|name| {
            let known = plan.dimensions.iter().find(|dimension| &dimension.name == name);
            let ty = known.map_or(Type::Text, |dimension| dimension.ty);
            (name.clone(), inlined(&Expression::column(name.as_str(), ty), pipeline))
        });
        Ok(Cube {
            scan: Scan { columns: Vec::new(), derived: Vec::new(), ..pipeline.scan.clone() },
            anchor,
            dimensions: dimensions.collect(),
            columns: Vec::new(),
            conditions: Vec::new(),
            amounts: Vec::new(),
            few: BTreeMap::new(),
            mark: mark(plans),
        })
    }

    /// Tells whether no name stands for two values in the cube and in the scan of `plan`.
    pub(super) fn agrees(&self, plan: &Plan) -> bool {
        measured(plan).is_some_and(|pipeline| {
            let known = |name: &str| self.scan.derived.iter().find(|derived| derived.name == name);
            pipeline.scan.derived.iter().all(|own| known(&own.name).is_none_or(|derived| derived.value == own.value))
        })
    }

    fn read_columns(&mut self, scan: &Scan, values: Values) {
        for column in &scan.columns {
            let count = match column.ty {
                Type::Boolean => Some(2),
                Type::Text => values(&scan.source, &column.name),
                _ => None,
            };
            self.few.extend(count.map(|count| (column.name.clone(), count + 1)));
        }
        let conditions = scan.derived.iter().filter(|derived| derived.value.ty() == Type::Boolean);
        self.few.extend(conditions.map(|derived| (derived.name.clone(), 3)));
    }

    /// Takes in a metric.
    pub(super) fn admit<'a>(&mut self, plan: &'a Plan, values: Values) -> Result<Member<'a>, RenderError> {
        let own = measured(plan).ok_or(RenderError::Contradiction("a metric without rows has no cube"))?;
        self.read_columns(&own.scan, values);
        for column in &own.scan.columns {
            if !self.scan.columns.contains(column) {
                self.scan.columns.push(column.clone());
            }
        }
        for derived in &own.scan.derived {
            if !self.scan.derived.contains(derived) {
                self.scan.derived.push(derived.clone());
            }
        }
        let told = |cube: &mut Cube, expression: &Expression| cube.told(inlined(expression, own));
        let mut pipeline = own.clone();
        pipeline.facts = Vec::new();
        pipeline.filter.predicate = own.filter.predicate.as_ref().map(|predicate| told(self, predicate));
        for exclusion in &mut pipeline.exclude {
            exclusion.when = told(self, &exclusion.when);
        }
        for missing in &mut pipeline.missing {
            missing.when = told(self, &missing.when);
        }
        for mature in &mut pipeline.mature {
            let open = told(self, &open(mature));
            *mature = Mature { awaits: Awaits::Settled { open }, policy: mature.policy };
        }
        if let Some(Bounds { when, .. }) = &mut pipeline.bounds {
            *when = told(self, when);
        }
        let (measure, values) = self.measured(own);
        pipeline.measure = measure;
        let numbers = [ROW_COUNT.to_owned()].into_iter().chain(values).collect();
        Ok(Member { plan, pipeline, numbers })
    }

    /// Returns the measure over the cube, and the column with the number of its operands where there is one.
    fn measured(&mut self, own: &Pipeline) -> (Measure, Option<String>) {
        let put = |cube: &mut Cube, function, operand: &Expression| {
            let name = cube.amount(function, inlined(operand, own));
            Expression::column(name, operand.ty())
        };
        let told = |cube: &mut Cube, operand: &Expression| cube.told(inlined(operand, own));
        match &own.measure {
            Measure::Share(operand) => (Measure::Share(told(self, operand)), None),
            Measure::Balance(first, second) => {
                let first = told(self, first);
                (Measure::Balance(first, told(self, second)), None)
            }
            Measure::Ratio(numerator, denominator) => {
                let numerator = put(self, "sum", numerator);
                (Measure::Ratio(numerator, put(self, "sum", denominator)), None)
            }
            Measure::Sum(operand) | Measure::Mean(operand) | Measure::Min(operand) | Measure::Max(operand) => {
                let (function, like): (_, fn(Expression) -> Measure) = match &own.measure {
                    Measure::Mean(_) => ("sum", Measure::Mean),
                    Measure::Min(_) => ("min", Measure::Min),
                    Measure::Max(_) => ("max", Measure::Max),
                    _ => ("sum", Measure::Sum),
                };
                let values = self.amount("count", inlined(operand, own));
                (like(put(self, function, operand)), Some(values))
            }
            other => (other.clone(), None),
        }
    }

    /// Returns the condition over what the cube tells rows apart by, to which it adds what it lacks.
    fn told(&mut self, condition: Expression) -> Expression {
        let is_few = condition.columns().iter().all(|name| self.few.contains_key(*name));
        if is_few {
            let mut read = Vec::new();
            condition.walk(&mut |part| {
                if let Expression::Column(column) = part {
                    read.push(column.clone());
                }
            });
            for column in read {
                let count = self.few[&column.name];
                if !self.columns.iter().any(|(known, _)| *known == column) {
                    self.columns.push((column, count));
                }
            }
            return condition;
        }
        match condition {
            Expression::And(parts) => Expression::And(parts.into_iter().map(|part| self.told(part)).collect()),
            Expression::Or(parts) => Expression::Or(parts.into_iter().map(|part| self.told(part)).collect()),
            Expression::Not(part) => Expression::Not(Box::new(self.told(*part))),
            other => {
                let number = position(&mut self.conditions, other);
                Expression::column(self.fresh("condition", number), Type::Boolean)
            }
        }
    }

    fn amount(&mut self, function: &'static str, operand: Expression) -> String {
        let number = position(&mut self.amounts, (function, operand));
        self.fresh("amount", number)
    }

    /// Returns a name that no column of the source has.
    fn fresh(&self, what: &str, number: usize) -> String {
        format!("{what}{}_{}", self.mark, number + 1)
    }

    /// Tells whether few enough rows are left.
    pub(super) fn is_small(&self) -> bool {
        let counts = self.columns.iter().map(|(_, count)| *count).chain(self.conditions.iter().map(|_| 2));
        counts.fold(1_usize, usize::saturating_mul) <= MOST
    }

    /// Returns the names of the columns that rows are told apart by.
    pub(super) fn told_apart_by(&self) -> Vec<String> {
        self.columns.iter().map(|(column, _)| column.name.clone()).collect()
    }

    /// Returns how many conditions rows are told apart by.
    pub(super) fn conditions(&self) -> usize {
        self.conditions.len()
    }

    /// Returns the names of what a row has when it has been read.
    pub(super) fn read(&self) -> impl Iterator<Item = &str> {
        let derived = self.scan.derived.iter().map(|derived| derived.name.as_str());
        self.scan.columns.iter().map(|column| column.name.as_str()).chain(derived)
    }

    /// Returns all names of the source that the steps use.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.read().chain(self.dimensions.iter().map(|(name, _)| name.as_str()))
    }

    /// Adds the step that brings rows together, and returns its name.
    pub(super) fn step(
        &self,
        query: &mut Query,
        (part, cut): (Part, &Cut),
        rows: &Rows,
    ) -> Result<String, RenderError> {
        let writer = &mut query.writer;
        let scope = rows.scope();
        let period = cut.period(writer, (&self.anchor, part.request), scope)?;
        let mut told: Vec<(String, Sql)> = Vec::new();
        for (name, value) in &self.dimensions {
            told.push((rows.columns.carried(name).to_owned(), writer.expression(value, scope)?));
        }
        for (column, _) in &self.columns {
            let name = rows.columns.carried(&column.name).to_owned();
            if !told.iter().any(|(known, _)| *known == name) {
                told.push((name, writer.column(&column.name, scope)?));
            }
        }
        for (number, condition) in self.conditions.iter().enumerate() {
            told.push((self.fresh("condition", number), writer.expression(condition, scope)?));
        }
        let mut operands: Vec<Sql> = Vec::new();
        let mut amounts = Vec::new();
        for (number, (function, operand)) in self.amounts.iter().enumerate() {
            let operand = writer.expression(operand, scope)?;
            let place = position(&mut operands, operand);
            let operand = writer.ident(&self.fresh("operand", place))?;
            let sql = Sql::composed(format!("{function}({operand})"));
            amounts.push(context! { name => self.fresh("amount", number), sql => Value::from(sql) });
        }
        let has_period = period.is_true();
        let period_column = has_period.then(|| "period".to_owned());
        let grouping: Vec<String> =
            period_column.into_iter().chain(told.iter().map(|(name, _)| name.clone())).collect();
        let named = |(name, sql): (String, Sql)| context! { name => name, sql => Value::from(sql) };
        let operands = operands.into_iter().enumerate().map(|(place, sql)| named((self.fresh("operand", place), sql)));
        let mut columns: Vec<Value> = told.into_iter().map(named).chain(operands).collect();
        if columns.is_empty() {
            // A row without columns is none.
            let anchor = (rows.columns.carried(&self.anchor).to_owned(), writer.column(&self.anchor, scope)?);
            columns.push(named(anchor));
        }
        let step = context! {
            from => rows.from.as_str(),
            period => period,
            columns => columns,
            amounts => amounts,
            row_count => ROW_COUNT,
            grouping => list(&grouping),
        };
        Ok(query.step("alike", "cube", step))
    }
}

/// Returns what no name of the plans begins with behind the names that the cube gives.
fn mark(plans: &[&Plan]) -> String {
    let scans: Vec<&Scan> = plans.iter().flat_map(|plan| plan.scans()).collect();
    let columns = scans.iter().flat_map(|scan| &scan.columns).map(|column| &column.name);
    let derived = scans.iter().flat_map(|scan| &scan.derived).map(|derived| &derived.name);
    let dimensions = plans.iter().flat_map(|plan| &plan.dimensions).map(|dimension| &dimension.name);
    let taken: Vec<String> = columns.chain(derived).chain(dimensions).map(|name| name.to_lowercase()).collect();
    let mut mark = String::new();
    while taken.iter().any(|name| NAMED.iter().any(|what| name.starts_with(&format!("{what}{mark}_")))) {
        mark.push_str("_alike");
    }
    mark
}

/// Returns the condition under which a row is not mature.
fn open(mature: &Mature) -> Expression {
    let unknown_or = |at: &Expression, comparison, than| {
        let compared = Expression::Compare(comparison, Box::new(at.clone()), Box::new(than));
        Expression::Or(vec![Expression::IsNull(Box::new(at.clone())), compared])
    };
    match &mature.awaits {
        Awaits::Closed { closes } => unknown_or(closes, Comparison::Greater, Expression::Moment(Moment::AsOf)),
        Awaits::Covered { opens, since } => {
            unknown_or(opens, Comparison::Less, Expression::Literal(value::Value::Instant(*since), Type::Instant))
        }
        Awaits::Settled { open } => open.clone(),
    }
}

/// Returns the expression over the columns of the source alone.
pub(super) fn inlined(expression: &Expression, pipeline: &Pipeline) -> Expression {
    fn put_in(expression: &mut Expression, facts: &BTreeMap<&str, Expression>) {
        let found = if let Expression::Column(column) = &*expression { facts.get(column.name.as_str()) } else { None };
        match found {
            Some(fact) => *expression = fact.clone(),
            None => expression.children_mut().into_iter().for_each(|child| put_in(child, facts)),
        }
    }
    let mut facts: BTreeMap<&str, Expression> = BTreeMap::new();
    for fact in &pipeline.facts {
        if let Rule::Derived(value) = &fact.rule {
            let mut value = value.clone();
            put_in(&mut value, &facts);
            facts.insert(&fact.name, value);
        }
    }
    let mut inlined = expression.clone();
    put_in(&mut inlined, &facts);
    inlined
}

/// Returns where `one` is in `all`, adding it where it is not.
fn position<T: PartialEq>(all: &mut Vec<T>, one: T) -> usize {
    all.iter().position(|known| *known == one).unwrap_or_else(|| {
        all.push(one);
        all.len() - 1
    })
}
