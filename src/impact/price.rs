//! A comparison to its price: every reading over every set of rows.
//!
//! Knows no file.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::attribute::attribute;
use super::cells::Place;
use super::computer::{Answered, Asked, Computer};
use super::dependents::{self, Feeling};
use super::game::{Coalition, coalitions, everyone};
use super::label::labels;
use super::mixtures::{Meaning, Mixtures};
use super::rows::Described;
use super::{CellPrice, Clause, Ground, LedgerLine, NoPrice, Price, Projects, ReadingPrice, Rows};
use crate::catalog::Object;
use crate::diff::{Comparison, MeaningChange};
use crate::plan::Plan;
use crate::table::Table;
use crate::value::Value;

/// Prices a change over some rows; `step` is told each metric before it is computed.
///
/// # Errors
/// When there are no two versions to compare.
pub fn price(
    comparison: &Comparison,
    projects: &Projects<'_>,
    rows: &Rows<'_>,
    step: &dyn Fn(&str),
) -> Result<Price, NoPrice> {
    let id = comparison.id.clone();
    match comparison.meaning {
        MeaningChange::Fresh => return Err(NoPrice::Fresh(id)),
        MeaningChange::Gone => return Err(NoPrice::Gone(id)),
        MeaningChange::Broken => return Err(NoPrice::Broken(id)),
        MeaningChange::Same | MeaningChange::Differs => {}
    }
    let (Some(old), Some(new)) = (comparison.old, comparison.new) else { return Err(NoPrice::Broken(id)) };
    let is_same = comparison.meaning == MeaningChange::Same;
    let mut mixtures = Mixtures::of(comparison, projects).ok_or_else(|| NoPrice::Broken(id.clone()))?;
    if is_same {
        mixtures.clauses.clear();
    }
    let names = labels(&Object::metric(&id, new), &mixtures.clauses);
    let edits = mixtures.clauses.iter().cloned();
    let clauses: Vec<Clause> = edits.zip(names).map(|(edits, label)| Clause { edits, label }).collect();
    let feeling = dependents::feeling(comparison, projects);
    let needed = needed(&mixtures, &feeling, (projects, rows));
    let described = (Described::of(projects.old), Described::of(projects.new));
    let computer = Computer::new(rows, step);
    let is_on_cases = matches!(rows, Rows::Cases(..));
    let mut pricing =
        Pricing { comparison, projects, mixtures, clauses: &clauses, needed, described, is_on_cases, computer };
    let grounds = rows.names().into_iter().enumerate().map(|(sheet, case)| Ground {
        readings: if is_same { Vec::new() } else { pricing.readings(sheet) },
        dependents: pricing.dependents(sheet, &feeling),
        case,
    });
    let grounds = grounds.collect();
    Ok(Price { metric: id, old, new, grounds, clauses })
}

/// Returns the sources to read: those of the metric and, of data files, those of what rests on it.
fn needed(
    mixtures: &Mixtures<'_>,
    feeling: &Feeling,
    (projects, rows): (&Projects<'_>, &Rows<'_>),
) -> BTreeSet<String> {
    let own = mixtures.before().plans().into_iter().chain(mixtures.now().plans());
    let mut needed: BTreeSet<String> = own.flat_map(Plan::sources).map(str::to_owned).collect();
    if matches!(rows, Rows::Data(..)) {
        let plans = feeling.names().into_iter().flat_map(|name| [projects.old.plan(name), projects.new.plan(name)]);
        needed.extend(plans.flatten().flat_map(Plan::sources).map(str::to_owned));
    }
    needed
}

/// A price being worked out.
struct Pricing<'a, 'r> {
    comparison: &'a Comparison,
    projects: &'a Projects<'a>,
    mixtures: Mixtures<'a>,
    clauses: &'a [Clause],
    needed: BTreeSet<String>,
    /// How each side describes its sources.
    described: (Described, Described),
    /// Whether the rows are those of cases.
    is_on_cases: bool,
    computer: Computer<'r>,
}

impl Pricing<'_, '_> {
    fn dependents(&mut self, sheet: usize, feeling: &Feeling) -> Vec<super::Dependent> {
        let all = dependents::Deciding {
            comparison: self.comparison,
            projects: self.projects,
            described: (&self.described.0, &self.described.1),
            needed: &self.needed,
            computer: &mut self.computer,
            sheet,
        };
        all.decide(feeling)
    }

    fn readings(&mut self, sheet: usize) -> Vec<ReadingPrice> {
        let differs = |name: &String| {
            let (old, new) = (&self.mixtures.before().readings, &self.mixtures.now().readings);
            old[name].1 != new[name].1
        };
        let names: Vec<String> = self.mixtures.shared().into_iter().filter(differs).collect();
        names.into_iter().map(|name| self.reading(sheet, name)).collect()
    }

    fn reading(&mut self, sheet: usize, variant: String) -> ReadingPrice {
        let plan = |meaning: &Meaning| meaning.readings[&variant].0.clone();
        let plans = (plan(self.mixtures.before()), plan(self.mixtures.now()));
        let unit = self.unit(&variant);
        let mut price = ReadingPrice {
            unit,
            plans,
            requests: None,
            cells: Vec::new(),
            ledger: Vec::new(),
            failed: None,
            variant: variant.clone(),
        };
        let answers = self.answers(sheet, &variant);
        let end = |coalition: Coalition, when: &str| -> Result<&Answered, String> {
            let answered = answers[&coalition].as_ref().map_err(|error| format!("{error} ({when})"))?;
            answered.cells().map_err(|error| format!("{error} ({when})"))?;
            Ok(answered)
        };
        let all = everyone(self.clauses.len());
        match (end(0, "old"), end(all, "new")) {
            (Ok(old), Ok(new)) => {
                price.requests = Some((old.request.clone(), new.request.clone()));
                price.cells = self.cells((old, new), &answers);
                price.ledger = self.ledger(sheet, &variant, (old, new));
            }
            (Err(reason), _) | (_, Err(reason)) => price.failed = Some(reason),
        }
        price
    }

    fn unit(&self, variant: &str) -> String {
        let metric = self.comparison.metric(self.projects.old, self.projects.new);
        let reading = metric.and_then(|metric| metric.readings.iter().find(|it| it.name().unwrap_or("") == variant));
        reading.map(|reading| reading.unit.clone()).unwrap_or_default()
    }

    /// Computes what each coalition of clauses gives.
    fn answers(&mut self, sheet: usize, variant: &str) -> BTreeMap<Coalition, Result<Answered, String>> {
        let mut answers = BTreeMap::new();
        for coalition in coalitions(self.clauses.len()) {
            let answer = match self.mixtures.with(coalition) {
                Some(meaning) => self.answer(sheet, variant, &meaning),
                None => Err("without meaning".to_owned()),
            };
            answers.insert(coalition, answer);
        }
        answers
    }

    /// Returns the dimensions that cases are split by: those that both versions have, as a case is written for one of
    /// them. Of data files what is asked for is asked of both.
    fn within(&self, variant: &str) -> Option<Vec<String>> {
        let (old, new) = (&self.mixtures.before().readings[variant].0, &self.mixtures.now().readings[variant].0);
        let is_shared = |name: &&String| new.dimensions.iter().any(|dimension| dimension.name == **name);
        let names = old.dimensions.iter().map(|dimension| &dimension.name);
        self.is_on_cases.then(|| names.filter(is_shared).cloned().collect())
    }

    fn answer(&mut self, sheet: usize, variant: &str, meaning: &Rc<Meaning>) -> Result<Answered, String> {
        let within = self.within(variant);
        let plans = meaning.plans();
        self.computer.cells(sheet, &asked(meaning, variant, (&self.needed, within.as_deref()), &plans))
    }

    fn cells(
        &self,
        (old, new): (&Answered, &Answered),
        answers: &BTreeMap<Coalition, Result<Answered, String>>,
    ) -> Vec<CellPrice> {
        let (Ok(old), Ok(new)) = (old.cells(), new.cells()) else { return Vec::new() };
        let places: BTreeSet<&Place> = old.places().chain(new.places()).collect();
        let one = |place: &Place| CellPrice {
            old: old.shown(place),
            new: new.shown(place),
            attribution: attribute(place, answers, self.clauses),
            place: place.clone(),
        };
        places.into_iter().map(one).collect()
    }

    /// Holds both ledgers against each other, unless that would tell what is suppressed.
    fn ledger(&mut self, sheet: usize, variant: &str, (old, new): (&Answered, &Answered)) -> Vec<LedgerLine> {
        let is_open = |answered: &Answered| answered.cells().is_ok_and(|cells| !has_suppressed(&cells.table));
        if !is_open(old) || !is_open(new) {
            return Vec::new();
        }
        let mut lines: Vec<LedgerLine> = Vec::new();
        let ends = [self.mixtures.before().clone(), self.mixtures.now().clone()];
        let within = self.within(variant);
        for (is_new, meaning) in [false, true].into_iter().zip(ends) {
            let plans = meaning.plans();
            let asked = asked(&meaning, variant, (&self.needed, within.as_deref()), &plans);
            let Ok(table) = self.computer.ledger(sheet, &asked) else { return Vec::new() };
            for row in &table.rows {
                enter(&mut lines, (row[0].to_string(), rows_of(&row[1])), is_new);
            }
        }
        lines
    }
}

fn asked<'m>(
    meaning: &'m Meaning,
    variant: &str,
    (needed, within): (&'m BTreeSet<String>, Option<&'m [String]>),
    readings: &'m [&'m Plan],
) -> Asked<'m> {
    let (plan, fingerprint) = &meaning.readings[variant];
    Asked { plan, fingerprint, described: &meaning.described, needed, readings, within }
}

fn has_suppressed(cells: &Table) -> bool {
    (0..cells.rows.len()).any(|row| *cells.cell(row, "state") == Value::text("suppressed"))
}

fn rows_of(value: &Value) -> i128 {
    match value {
        Value::Number(number) => number.mantissa(),
        _ => 0,
    }
}

/// Enters a line, behind the line of the same fate or, where only the new side has it, before what counts the rest.
fn enter(lines: &mut Vec<LedgerLine>, (fate, rows): (String, i128), is_new: bool) {
    let place = lines.iter().position(|line| line.fate == fate).unwrap_or_else(|| {
        let tail = |line: &LedgerLine| ["missing", "immature", "counted"].contains(&line.fate.as_str());
        let place = if is_new { lines.iter().position(tail) } else { None };
        let place = place.unwrap_or(lines.len());
        lines.insert(place, LedgerLine { fate, old: None, new: None });
        place
    });
    let side = if is_new { &mut lines[place].new } else { &mut lines[place].old };
    *side = Some(rows);
}
