//! What was found out about a change besides its findings, in words.

use super::known::{Grid, Known, Move, Price, Witness};
use crate::compute::Answer;
use crate::diff::Comparison;
use crate::impact;
use crate::report::impact::printed;
use crate::report::unit::Unit;
use crate::review::{MetricReview, Review, Witnessed};
use crate::rules::Finding;
use crate::value::Value;
use crate::witness::{self, Search};

/// Returns what is known of each comparison of a review, in their order.
pub fn known(review: &Review) -> Vec<Known> {
    let comparisons = review.diff.comparisons.iter().zip(&review.metrics);
    comparisons.map(|(comparison, metric)| one(review, comparison, metric)).collect()
}

fn one(review: &Review, comparison: &Comparison, metric: &MetricReview) -> Known {
    let finding = |witnessed: &Witnessed| {
        let edit = witnessed.edit.as_ref()?;
        let is_of = |finding: &&Finding| {
            finding.metric.as_ref() == Some(&comparison.id)
                && finding.edit.as_ref().is_some_and(|of| of.path == edit.path && of.kind == edit.kind)
        };
        review.findings.iter().find(is_of).map(|finding| finding.fingerprint.clone())
    };
    let witnesses = metric.witnesses.iter().filter_map(|witnessed| shown(witnessed, finding(witnessed)));
    Known {
        witnesses: witnesses.collect(),
        price: metric.price.as_ref().and_then(price),
        reaches: metric.price.iter().flat_map(crate::report::impact::reached).collect(),
    }
}

fn shown(witnessed: &Witnessed, finding: Option<String>) -> Option<Witness> {
    match &witnessed.search {
        Search::Found(found) => Some(Witness::Found {
            finding,
            sentence: found.sentence.clone(),
            tables: grids(found),
            old: answer(&found.old),
            new: answer(&found.new),
        }),
        Search::EqualUpTo { rows, .. } => Some(Witness::EqualUpTo { finding, rows: *rows }),
        Search::Unanswerable(reason) => Some(Witness::NotByTables { finding, reason: reason.clone() }),
        Search::Same => None,
    }
}

/// Lays out the tables in the columns that matter: keys, and those on which the difference depends.
fn grids(found: &witness::Witness) -> Vec<Grid> {
    let filled = found.tables.iter().filter(|(_, table)| !table.rows.is_empty());
    filled
        .map(|(name, table)| Grid {
            name: name.clone(),
            columns: table.fields.iter().map(|field| field.name.clone()).collect(),
            rows: table.rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
        })
        .collect()
}

fn cell(value: &Value) -> String {
    if value.is_null() { "null".to_owned() } else { value.to_string() }
}

/// Returns what a version answers, cell by cell: numerator over denominator, or the value.
fn answer(answer: &Result<Answer, String>) -> String {
    let answer = match answer {
        Ok(answer) => answer,
        Err(reason) => return format!("no answer: {reason}"),
    };
    let told: Vec<String> = (0..answer.cells.rows.len()).map(|row| told(answer, row)).collect();
    if told.is_empty() { "no cell".to_owned() } else { told.join("; ") }
}

fn told(answer: &Answer, row: usize) -> String {
    let at = |column: &str| answer.cells.cell(row, column);
    let (above, below, value) = (at("numerator"), at("denominator"), at("value"));
    let number = match (above.is_null() || below.is_null(), value.is_null()) {
        (false, _) => format!("{above} / {below}"),
        (true, false) => value.to_string(),
        (true, true) => "no value".to_owned(),
    };
    let period = at("period_start");
    let period = if period.is_null() { String::new() } else { format!("{period}: ") };
    match at("state") {
        Value::Text(state) if &**state != "final" => format!("{period}{number} ({state})"),
        _ => format!("{period}{number}"),
    }
}

/// Returns the largest move of a price with its parts.
fn price(price: &impact::Price) -> Option<Price> {
    let headline = price.headline()?;
    let printed = printed(headline.shares, &Unit::named(&headline.reading.unit));
    let moves = price.clauses.iter().zip(&printed.parts);
    let mut moves: Vec<Move> =
        moves.map(|(clause, part)| Move { what: clause.label.clone(), by: part.clone() }).collect();
    if let Some(together) = printed.together {
        moves.push(Move { what: "of which together".to_owned(), by: together });
    }
    let of = match &headline.ground.case {
        Some(case) => format!("the case {case}"),
        None => "data".to_owned(),
    };
    Some(Price { of, old: printed.old, new: printed.new, moves })
}
