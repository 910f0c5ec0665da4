//! One sentence that says on what two plans disagree: the row that is treated otherwise, or the number that is another.

use super::contrast::Differing;
use super::describe::Describe;
use super::ground::Side;
use super::trial::Question;
use super::views::{Turned, View, turned};
use super::words::{moment, number, shown, words};
use super::{Grade, Witness};
use crate::catalog::Catalog;
use crate::interpret;
use crate::plan::{Body, Measure, Plan};
use crate::table::Table;
use crate::value::Value;

/// Says on what two plans disagree.
pub(super) fn sentence(old: Side<'_>, new: Side<'_>, witness: &Witness) -> String {
    let question = Question { tables: witness.tables.clone(), request: witness.request.clone() };
    match (&witness.old, &witness.new) {
        (Err(reason), Ok(now)) => return format!("{reason}: no answer before, {} now", numbers(&now.cells)),
        (Ok(before), Err(reason)) => return format!("{reason}: {} before, no answer now", numbers(&before.cells)),
        _ => {}
    }
    let turned = turned(old.1, new.1, &question);
    match turned.first() {
        Some(first) => {
            let said = of_row(old, new, witness, first);
            let more = turned.len() - 1;
            match more {
                0 => said,
                1 => format!("{said}; and one more"),
                _ => format!("{said}; and {more} more"),
            }
        }
        None => of_cells(old.1, new.1, &question, witness),
    }
}

fn numbers(cells: &Table) -> String {
    let each: Vec<String> = (0..cells.rows.len()).map(|row| number(cells, row)).collect();
    if each.is_empty() { "nothing".to_owned() } else { each.join(", ") }
}

fn of_row(old: Side<'_>, new: Side<'_>, witness: &Witness, turned: &Turned) -> String {
    let Body::Measured(pipeline) = &new.1.body else { return String::new() };
    let (source, row) = (&pipeline.scan.source, turned.after.row);
    let describe = Describe::new(witness, new.1);
    let (before, after) = (fate(old, &turned.before), fate(new, &turned.after));
    let verdict = match before == after {
        false => format!("{before} before, {after} now"),
        true => apart(witness, turned, &before),
    };
    let facts = facts(witness, turned);
    format!("{}{}: {verdict}{facts}", describe.row(source, row), describe.others(source, row))
}

/// Says how two views differ whose words are the same.
fn apart(witness: &Witness, Turned { before, after }: &Turned, fate: &str) -> String {
    if before.period != after.period {
        let grain = witness.request.grain;
        let period = |view: &View| match view.period {
            Value::Instant(at) => format!("the {grain} from {}", moment(at)),
            _ => format!("no {grain}"),
        };
        return format!("{fate} in {} before, in {} now", period(before), period(after));
    }
    for name in &witness.request.by {
        let group = |view: &View| view.facts.get(name).map_or("null".to_owned(), shown);
        if group(before) != group(after) {
            return format!("under {} {} before, {} now", words(name), group(before), group(after));
        }
    }
    let alone = |view: &View| {
        let [top, bottom, _] = &view.numbers;
        if bottom.is_null() { shown(top) } else { format!("{}/{}", shown(top), shown(bottom)) }
    };
    format!("{fate} as {} before, as {} now", alone(before), alone(after))
}

/// Says which facts differ; nothing where that is the value itself.
fn facts(witness: &Witness, Turned { before, after }: &Turned) -> String {
    let differs = |(name, value): &(&String, &Value)| {
        after.facts.get(*name).is_some_and(|other| other != *value) && !witness.request.by.contains(*name)
    };
    let differing: Vec<String> = before
        .facts
        .iter()
        .filter(differs)
        .map(|(name, value)| {
            let other = after.facts.get(name).map_or("null".to_owned(), shown);
            format!("`{name}` is {} before and {other} now", shown(value))
        })
        .collect();
    match differing.as_slice() {
        [] => String::new(),
        [one] => format!(" ({one})"),
        [one, other, ..] => format!(" ({one}, {other})"),
    }
}

/// Says what became of a row.
fn fate((catalog, plan): Side<'_>, view: &View) -> String {
    match view.line.as_str() {
        "counted" => counted(catalog, plan, view),
        "outside" => "outside the population".to_owned(),
        "unknown" => "left out, since it is not known whether it belongs to the population".to_owned(),
        "missing" => "left out, since a value is missing".to_owned(),
        "immature" => "not counted yet".to_owned(),
        "undated" => "in no period, since it has no date".to_owned(),
        "other_period" => "in another period".to_owned(),
        "duplicate" => "left out as a duplicate".to_owned(),
        "after_as_of" => "not there yet".to_owned(),
        line => format!("left out by `{}`", line.strip_prefix("excluded_").unwrap_or(line)),
    }
}

fn counted(catalog: &Catalog, plan: &Plan, view: &View) -> String {
    let Body::Measured(pipeline) = &plan.body else { return "counted".to_owned() };
    let open = if view.is_open { ", as still open" } else { "" };
    let [numerator, _, value] = &view.numbers;
    let said = match &pipeline.measure {
        Measure::Share(_) => {
            let is_hit = numerator.as_real().is_some_and(|hits| hits > 0.0);
            match (operand(catalog, plan), is_hit) {
                (Some(word), true) => words(&word),
                (Some(word), false) => format!("not {}", words(&word)),
                (None, true) => "counted as a success".to_owned(),
                (None, false) => "counted, and no success".to_owned(),
            }
        }
        Measure::Balance(..) => format!("counted as {}", shown(numerator)),
        Measure::Count | Measure::Distinct(_) | Measure::TopShare(..) | Measure::Ratio(..) => "counted".to_owned(),
        Measure::Sum(_) | Measure::Mean(_) | Measure::Min(_) | Measure::Max(_) | Measure::Quantile(_) => {
            match value.is_null() {
                true => "counted without a value".to_owned(),
                false => format!("counted with {}", shown(numerator)),
            }
        }
    };
    said + open
}

/// Returns the operand of a measure as the definition writes it, where it is one word.
fn operand(catalog: &Catalog, plan: &Plan) -> Option<String> {
    let name = format!("{}@{}", plan.metric, plan.version);
    let (_, reading) = catalog.reading(&name).or_else(|| catalog.reading(&plan.metric))?;
    let [measure] = reading.node.get("measure")?.entries() else { return None };
    let text = measure.value.as_text()?.trim();
    let is_word = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_word.then(|| text.to_owned())
}

/// Says which number is another, where no single row is treated otherwise.
fn of_cells(old: &Plan, new: &Plan, question: &Question, witness: &Witness) -> String {
    let (Ok(before), Ok(after)) = (&witness.old, &witness.new) else { return String::new() };
    let over = over(new, question);
    let grade = |column: &str| super::contrast::grade(column);
    let best = witness.differing.iter().max_by_key(|differing| match differing {
        Differing::Cell { column, .. } => (grade(column), column == "state"),
        Differing::Ledger { .. } => (Grade::Ledger, false),
    });
    match best {
        Some(Differing::Cell { old: row, new: other, column }) => {
            let sides = ((&before.cells, *row), (&after.cells, *other));
            format!("{over}{}: {}", group(witness, sides), cell(sides, column))
        }
        Some(Differing::Ledger { line }) => {
            let rows = |ledger: &Table| {
                let found = ledger.rows.iter().find(|row| row[0] == Value::text(line));
                found.map_or("0".to_owned(), |row| row[1].to_string())
            };
            let (rows_before, rows_now) = (rows(&before.ledger), rows(&after.ledger));
            format!("{over}: {rows_before} in the line `{line}` of the ledger before, {rows_now} now")
        }
        None => format!("{over}: {} of {} before, {} now", numbers(&before.cells), old.metric, numbers(&after.cells)),
    }
}

/// A table of cells, and the row of it that is meant, if it has one.
type Row<'a> = (&'a Table, Option<usize>);

fn cell(((old, before), (new, after)): (Row<'_>, Row<'_>), column: &str) -> String {
    let said = |table: &Table, row: Option<usize>| match (row, column) {
        (None, _) => "nothing".to_owned(),
        (Some(row), "value" | "numerator" | "denominator" | "n") => match table.cell(row, "state") {
            Value::Text(state) if matches!(&**state, "suppressed" | "insufficient") => format!("withheld as {state}"),
            _ => number(table, row),
        },
        (Some(row), "low" | "high") => match (table.cell(row, "low"), table.cell(row, "high")) {
            (Value::Null, Value::Null) => format!("{} without an interval", number(table, row)),
            (low, high) => format!("{} between {} and {}", number(table, row), shown(low), shown(high)),
        },
        (Some(row), "state") => format!("{} as {}", number(table, row), table.cell(row, "state")),
        (Some(row), column) => format!("`{column}` {}", shown(table.cell(row, column))),
    };
    format!("{} before, {} now", said(old, before), said(new, after))
}

/// Says which period and group a row of cells is of.
fn group(witness: &Witness, (before, after): (Row<'_>, Row<'_>)) -> String {
    let (table, row) = if after.1.is_some() { after } else { before };
    let Some(row) = row else { return String::new() };
    let mut said = String::new();
    if let Value::Instant(at) = table.cell(row, "period_start") {
        said.push_str(&format!(", in the {} from {}", witness.request.grain, moment(*at)));
    }
    for name in &witness.request.by {
        said.push_str(&format!(", {} {}", words(name), shown(table.cell(row, name))));
    }
    said
}

/// Says over what the numbers are: the rows, or the parts of a composite with their values.
fn over(plan: &Plan, question: &Question) -> String {
    let parts = plan.body.parts();
    if !parts.is_empty() && parts.len() <= 4 && question.request.grain == crate::value::Grain::All {
        let said = parts.iter().filter_map(|part| {
            let cells = interpret::cells(part, &question.tables, &question.request).ok()?;
            Some(format!("{} {}", part.metric, numbers(&cells)))
        });
        return format!("with {}", said.collect::<Vec<_>>().join(" and "));
    }
    match question.rows() {
        0 => "over no rows".to_owned(),
        1 => "over this one row".to_owned(),
        rows => format!("over these {rows} rows"),
    }
}
