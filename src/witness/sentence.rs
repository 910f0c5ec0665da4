//! One sentence that says on what two plans disagree: the row that is treated otherwise, or the number that is another.

use std::collections::BTreeSet;

use super::contrast::{Differing, grade};
use super::describe::Describe;
use super::fate::fate;
use super::focus;
use super::ground::Side;
use super::lineage::Origin;
use super::trial::Question;
use super::views::{Turned, View, turned};
use super::words::{moment, number, shown, words};
use super::{AllowedBy, Grade, Witness};
use crate::interpret;
use crate::plan::{Body, Plan};
use crate::table::Table;
use crate::value::{Grain, Value};

/// Parts of a composite that a sentence names at most.
const MOST_PARTS: usize = 4;

/// Says on what two plans disagree.
pub(super) struct Sentence<'a> {
    old: Side<'a>,
    new: Side<'a>,
    witness: &'a Witness,
    question: Question,
    /// The columns behind what differs.
    focus: BTreeSet<Origin>,
}

impl<'a> Sentence<'a> {
    pub(super) fn new(old: Side<'a>, new: Side<'a>, witness: &'a Witness) -> Self {
        let question = Question { tables: witness.tables.clone(), request: witness.request.clone() };
        Self { old, new, witness, question, focus: focus::of(old.1, new.1).columns }
    }

    /// Returns the sentence, without a full stop.
    pub(super) fn text(&self) -> String {
        let said = match (&self.witness.old, &self.witness.new) {
            (Err(reason), Ok(now)) => format!("{reason}: no answer before, {} now", numbers(self.new.1, &now.cells)),
            (Ok(before), Err(reason)) => {
                format!("{reason}: {} before, no answer now", numbers(self.old.1, &before.cells))
            }
            _ => self.of_rows((self.old.1, self.new.1), &self.question).unwrap_or_else(|| self.of_cells()),
        };
        match self.witness.allowed_by {
            AllowedBy::Both => said,
            AllowedBy::New => format!("{said}; only the new description of the sources allows such rows"),
            AllowedBy::Old => format!("{said}; only the old description of the sources allowed such rows"),
        }
    }

    /// Says which row is treated otherwise, by the plans or by one of their parts; `None` where none is.
    fn of_rows(&self, (old, new): (&Plan, &Plan), question: &Question) -> Option<String> {
        if let (Body::Averaged(before), Body::Averaged(after)) = (&old.body, &new.body) {
            let request = crate::plan::Request { grain: after.each, ..question.request.clone() };
            let inner = Question { request, ..question.clone() };
            return self.of_rows((&before.component, &after.component), &inner).map(|said| self.with_numbers(said));
        }
        if !matches!(new.body, Body::Measured(_)) {
            let (before, after) = (old.body.parts(), new.body.parts());
            let of_part = |part: &&Plan| {
                let other = before.iter().find(|other| other.metric == part.metric)?;
                self.of_rows((other, part), question)
            };
            return after.iter().find_map(of_part).map(|said| self.with_numbers(said));
        }
        let turned = turned(old, new, question);
        let said = self.of_row((old, new), turned.first()?)?;
        Some(match turned.len() - 1 {
            0 => said,
            1 => format!("{said}; and one more"),
            more => format!("{said}; and {more} more"),
        })
    }

    /// Adds what comes of it, where a part is spoken of.
    fn with_numbers(&self, said: String) -> String {
        match (&self.witness.old, &self.witness.new) {
            (Ok(before), Ok(after)) => {
                format!(
                    "{said}; in all {} before, {} now",
                    numbers(self.old.1, &before.cells),
                    numbers(self.new.1, &after.cells)
                )
            }
            _ => said,
        }
    }

    fn of_row(&self, (old, new): (&Plan, &Plan), turned: &Turned) -> Option<String> {
        let Body::Measured(pipeline) = &new.body else { return None };
        let source = &pipeline.scan.source;
        let describe = Describe::new(self.witness, new, &self.focus);
        let before = turned.before.as_ref().map(|view| (fate((self.old.0, old), view), view));
        let after = turned.after.as_ref().map(|view| (fate((self.new.0, new), view), view));
        let waits = [&turned.before, &turned.after]
            .into_iter()
            .flatten()
            .any(|view| view.is_open || matches!(view.line.as_str(), "immature" | "after_as_of"));
        let known = if waits { format!("; as known on {}", moment(self.witness.request.as_of)) } else { String::new() };
        let (verdict, facts) = match (before, after) {
            (Some((before, one)), Some((after, other))) => {
                (self.verdict((&before, one), (&after, other)), self.facts(one, other))
            }
            (Some((before, view)), None) => (format!("{before} {} before, not now", self.period(view)), String::new()),
            (None, Some((after, view))) => (format!("{after} {} now, not before", self.period(view)), String::new()),
            (None, None) => return None,
        };
        let (described, others) = (describe.row(source, turned.row), describe.others(source, turned.row));
        Some(format!("{described}{others}{known}: {verdict}{facts}"))
    }

    fn period(&self, view: &View) -> String {
        let grain = self.witness.request.grain;
        match view.period {
            Value::Instant(at) => format!("in the {grain} from {} UTC", moment(at)),
            _ => format!("in no {grain}"),
        }
    }

    /// Says how a plan's view of a row became another.
    fn verdict(&self, (before, one): (&str, &View), (after, other): (&str, &View)) -> String {
        if before != after {
            // What is said of both is said once.
            let short = after.strip_prefix("counted ").filter(|_| before.starts_with("counted with "));
            return format!("{before} before, {} now", short.unwrap_or(after));
        }
        if one.period != other.period {
            return format!("{before} {} before, {} now", self.period(one), self.period(other));
        }
        for name in &self.witness.request.by {
            let group = |view: &View| view.facts.get(name).map_or("null".to_owned(), shown);
            if group(one) != group(other) {
                return format!("under {} {} before, {} now", words(name), group(one), group(other));
            }
        }
        let alone = |view: &View| {
            let [top, bottom, _] = &view.numbers;
            if bottom.is_null() { shown(top) } else { format!("{}/{}", shown(top), shown(bottom)) }
        };
        format!("{before} as {} before, as {} now", alone(one), alone(other))
    }

    /// Says which facts differ, but for those that others are made of.
    fn facts(&self, before: &View, after: &View) -> String {
        let differs = |name: &String, value: &Value| {
            let is_grouped = self.witness.request.by.contains(name);
            !is_grouped && after.facts.get(name).is_some_and(|other| other != value)
        };
        let names: Vec<&String> =
            before.facts.iter().filter(|(name, value)| differs(name, value)).map(|(name, _)| name).collect();
        let is_inner = |name: &str| names.iter().any(|other| name.starts_with(&format!("{other}_")));
        let said = names.iter().filter(|name| !is_inner(name)).take(2).map(|name| {
            let [old, new] = [before, after].map(|view| view.facts.get(*name).map_or("null".to_owned(), shown));
            format!("`{name}` is {old} before and {new} now")
        });
        let said: Vec<String> = said.collect();
        if said.is_empty() { String::new() } else { format!(" ({})", said.join(", ")) }
    }

    /// Says which number is another, where no single row is treated otherwise.
    fn of_cells(&self) -> String {
        let (Ok(before), Ok(after)) = (&self.witness.old, &self.witness.new) else { return String::new() };
        let over = over(self.new.1, &self.question);
        let best = self.witness.differing.iter().max_by_key(|differing| match differing {
            Differing::Cell { column, .. } => (grade(column), column == "state"),
            Differing::Ledger { .. } => (Grade::Ledger, false),
        });
        match best {
            Some(Differing::Cell { old, new, column }) => {
                let sides = ((self.old.1, &before.cells, *old), (self.new.1, &after.cells, *new));
                format!("{over}{}: {}", self.group(sides), cell(sides, column))
            }
            Some(Differing::Ledger { line }) => {
                let [old, new] = [&before.ledger, &after.ledger].map(|ledger| {
                    let found = ledger.rows.iter().find(|row| row[0] == Value::text(line));
                    found.map_or("0".to_owned(), |row| row[1].to_string())
                });
                format!("{over}: {old} in the line `{line}` of the ledger before, {new} now")
            }
            None => format!(
                "{over}: {} before, {} now",
                numbers(self.old.1, &before.cells),
                numbers(self.new.1, &after.cells)
            ),
        }
    }

    /// Says which period and group a row of cells is of.
    fn group(&self, (before, after): (Row<'_>, Row<'_>)) -> String {
        let (_, table, row) = if after.2.is_some() { after } else { before };
        let Some(row) = row else { return String::new() };
        let mut said = String::new();
        if let Value::Instant(at) = table.cell(row, "period_start") {
            said.push_str(&format!(", in the {} from {} UTC", self.witness.request.grain, moment(*at)));
        }
        for name in &self.witness.request.by {
            said.push_str(&format!(", {} {}", words(name), shown(table.cell(row, name))));
        }
        said
    }
}

/// Returns the number of every row of cells.
fn numbers(plan: &Plan, cells: &Table) -> String {
    let each: Vec<String> = (0..cells.rows.len()).map(|row| number(plan, cells, row)).collect();
    if each.is_empty() { "nothing".to_owned() } else { each.join(", ") }
}

/// A plan with its cells, and the row of them that is meant, if there is one.
type Row<'a> = (&'a Plan, &'a Table, Option<usize>);

fn cell((before, after): (Row<'_>, Row<'_>), column: &str) -> String {
    let said = |(plan, table, row): Row<'_>| match (row, column) {
        (None, _) => "nothing".to_owned(),
        (Some(row), "value" | "numerator" | "denominator" | "n") => match table.cell(row, "state") {
            Value::Text(state) if matches!(&**state, "suppressed" | "insufficient") => format!("withheld as {state}"),
            _ => number(plan, table, row),
        },
        (Some(row), "low" | "high") => match (table.cell(row, "low"), table.cell(row, "high")) {
            (Value::Null, Value::Null) => format!("{} without an interval", number(plan, table, row)),
            (low, high) => format!("{} between {} and {}", number(plan, table, row), shown(low), shown(high)),
        },
        (Some(row), "state") => format!("{} as {}", number(plan, table, row), table.cell(row, "state")),
        (Some(row), column) => format!("`{column}` {}", shown(table.cell(row, column))),
    };
    format!("{} before, {} now", said(before), said(after))
}

/// Says over what the numbers are: the rows, or the parts of a composite with their values.
fn over(plan: &Plan, question: &Question) -> String {
    let parts = plan.body.parts();
    if (1..=MOST_PARTS).contains(&parts.len()) && question.request.grain == Grain::All {
        let said = parts.iter().filter_map(|part| {
            let cells = interpret::cells(part, &question.tables, &question.request).ok()?;
            Some(format!("{} {}", part_name(&part.metric), numbers(part, &cells)))
        });
        return format!("with {}", said.collect::<Vec<_>>().join(" and "));
    }
    match question.rows() {
        0 => "over no rows".to_owned(),
        1 => "over this one row".to_owned(),
        rows => format!("over these {rows} rows"),
    }
}

/// Returns what a part is called: `answers (before 1)` of `answers@before_1`.
fn part_name(metric: &str) -> String {
    match metric.split_once('@') {
        Some((name, which)) => format!("{name} ({})", words(which)),
        None => metric.to_owned(),
    }
}
