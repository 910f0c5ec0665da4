//! The smallest form of a question that shows something: fewer rows, plainer values, a plainer request.
//!
//! Whatever is taken away, the question goes on showing it. Knows neither who is asked nor what is to be shown.

use super::ground::{Ground, Plot};
use super::material::{DAY, SECOND};
use super::requests::{Requests, bounds};
use super::stock::{BASE, plain};
use super::trial::Question;
use super::vary::move_all;
use crate::value::{Grain, Instant, Type, Value};

/// An hour in microseconds.
const HOUR: i64 = 3_600 * SECOND;
/// Rounds of taking away; what one makes possible the next may do.
const ROUNDS: usize = 4;

/// Makes a question smaller.
pub(super) struct Shrink<'s, 'a> {
    pub(super) ground: &'s Ground,
    pub(super) requests: &'s Requests<'a>,
    /// Tells whether a question still shows what is to be shown.
    pub(super) shows: &'s mut dyn FnMut(&Question) -> bool,
}

impl Shrink<'_, '_> {
    /// Returns the smallest form found.
    pub(super) fn shrunk(&mut self, question: Question) -> Question {
        let mut best = question;
        for _ in 0..ROUNDS {
            let before = best.clone();
            self.drop_rows(&mut best);
            self.ask_plainly(&mut best);
            self.move_to_base(&mut best);
            self.simplify(&mut best);
            self.know_plainly(&mut best);
            if best == before {
                break;
            }
        }
        self.rename(&mut best);
        best
    }

    /// Takes the candidate in place of the question, if it shows the same.
    fn try_with(&mut self, question: &mut Question, mut candidate: Question) -> bool {
        candidate.request = self.requests.whole(candidate.request, &candidate.tables);
        let is_taken = candidate != *question && (self.shows)(&candidate);
        if is_taken {
            *question = candidate;
        }
        is_taken
    }

    /// Takes rows away, many at once as long as that goes.
    fn drop_rows(&mut self, question: &mut Question) {
        let sources: Vec<String> = question.tables.keys().cloned().collect();
        for source in &sources {
            let mut chunk = question.tables[source].rows.len();
            while chunk > 0 {
                let mut end = question.tables[source].rows.len();
                while end > 0 {
                    let start = end.saturating_sub(chunk);
                    let mut fewer = question.clone();
                    if let Some(table) = fewer.tables.get_mut(source) {
                        table.rows.drain(start..end);
                    }
                    // What is shown over nothing shows nobody what it is.
                    if fewer.rows() > 0 {
                        self.try_with(question, fewer);
                    }
                    end = start.min(question.tables[source].rows.len());
                }
                chunk /= 2;
            }
        }
    }

    /// Asks for one period, without dimensions and without ends, as far as that goes.
    fn ask_plainly(&mut self, question: &mut Question) {
        let plainer: [fn(&mut Question); 4] = [
            |question| question.request.by.clear(),
            |question| question.request.grain = Grain::All,
            |question| question.request.from = None,
            |question| question.request.to = None,
        ];
        for plainer in plainer {
            let mut candidate = question.clone();
            plainer(&mut candidate);
            self.try_with(question, candidate);
        }
        for end in [true, false] {
            let at = if end { question.request.to } else { question.request.from };
            let Some(at) = at else { continue };
            for at in rounded(at.micros()) {
                let mut candidate = question.clone();
                let at = Some(Instant::from_micros(at));
                if end {
                    candidate.request.to = at
                } else {
                    candidate.request.from = at
                }
                if self.try_with(question, candidate) {
                    break;
                }
            }
        }
    }

    /// Moves everything so that the first instant is a plain one, if the place in the calendar does not matter.
    fn move_to_base(&mut self, question: &mut Question) {
        let (first, _) = bounds(&question.tables);
        if first.micros() == BASE {
            return;
        }
        let mut candidate = question.clone();
        move_all(&mut candidate, BASE - first.micros());
        self.try_with(question, candidate);
    }

    /// Asks as of a plain moment.
    fn know_plainly(&mut self, question: &mut Question) {
        let (_, last) = bounds(&question.tables);
        let now = question.request.as_of.micros();
        let day = last.micros().div_euclid(DAY) * DAY;
        let late = [30, 7, 60, 1, 2, 400].map(|days| day + days * DAY);
        for at in late.into_iter().chain(rounded(now)) {
            if at == now {
                return;
            }
            let mut candidate = question.clone();
            candidate.request.as_of = Instant::from_micros(at);
            if self.try_with(question, candidate) {
                return;
            }
        }
    }

    /// Gives every cell the plainest value that will do.
    fn simplify(&mut self, question: &mut Question) {
        let ground = self.ground;
        for (source, plot) in &ground.plots {
            for row in 0..question.tables[source].rows.len() {
                for column in (0..plot.fields.len()).filter(|column| !plot.key.contains(column)) {
                    self.simplify_cell(question, (source, plot), (row, column));
                }
            }
        }
    }

    fn simplify_cell(&mut self, question: &mut Question, (source, plot): (&str, &Plot), (row, column): (usize, usize)) {
        let current = question.tables[source].rows[row][column].clone();
        for value in plainer(plot, column, &current) {
            if value == current {
                return;
            }
            let mut candidate = question.clone();
            if let Some(table) = candidate.tables.get_mut(source) {
                table.rows[row][column] = value;
            }
            if self.ground.keeps(&candidate.tables) && self.try_with(question, candidate) {
                return;
            }
        }
    }

    /// Gives short names to rows, and to what they are matched by.
    fn rename(&mut self, question: &mut Question) {
        let ground = self.ground;
        for (source, plot) in &ground.plots {
            let initial: String = source.chars().take(1).collect();
            for column in plot.key.iter().filter(|column| plot.holds[**column].values.is_none()) {
                let mut names: Vec<Value> = Vec::new();
                for row in &question.tables[source].rows {
                    if !names.contains(&row[*column]) {
                        names.push(row[*column].clone());
                    }
                }
                for (old, number) in names.into_iter().zip(1_i64..) {
                    let new = match plot.ty(*column) {
                        Type::Text => Value::text(&format!("{initial}{number}")),
                        Type::Number(0) => Value::integer(number),
                        _ => continue,
                    };
                    self.rename_value(question, &old, &new);
                }
            }
        }
    }

    /// Puts one name in place of another wherever it stands, if nothing has the new one yet.
    fn rename_value(&mut self, question: &mut Question, old: &Value, new: &Value) {
        let is_free = |(source, plot): (&String, &Plot)| {
            let columns = free_columns(plot);
            question.tables[source].rows.iter().all(|row| columns.iter().all(|column| row[*column] != *new))
        };
        if old == new || !self.ground.plots.iter().all(is_free) {
            return;
        }
        let mut candidate = question.clone();
        for (source, plot) in &self.ground.plots {
            let Some(table) = candidate.tables.get_mut(source) else { continue };
            for column in free_columns(plot) {
                let cells = table.rows.iter_mut().map(|row| &mut row[column]);
                cells.filter(|cell| *cell == old).for_each(|cell| *cell = new.clone());
            }
        }
        if self.ground.keeps(&candidate.tables) {
            self.try_with(question, candidate);
        }
    }
}

/// Returns the columns whose values are mere names.
fn free_columns(plot: &Plot) -> Vec<usize> {
    let is_free = |column: &usize| plot.ty(*column) == Type::Text && plot.holds[*column].values.is_none();
    let is_number = |column: &usize| plot.key.contains(column) && plot.ty(*column) == Type::Number(0);
    (0..plot.fields.len()).filter(|column| is_free(column) || is_number(column)).collect()
}

/// Returns the values that a column can hold and that are plainer than `current`, the plainest first.
fn plainer(plot: &Plot, column: usize, current: &Value) -> Vec<Value> {
    let holds = &plot.holds[column];
    let mut found: Vec<Value> = Vec::new();
    if holds.nullable {
        found.push(Value::Null);
    }
    match current {
        Value::Instant(at) => found.extend(rounded(at.micros()).map(|at| Value::Instant(Instant::from_micros(at)))),
        _ => found.extend(plain(plot.ty(column), holds, true)),
    }
    found.retain(|value| value == current || holds.admits(value));
    found
}

/// Returns rounder instants around one, the roundest first, up to itself.
fn rounded(at: i64) -> impl Iterator<Item = i64> {
    let around = move |unit: i64, from: i64| {
        let below = from + (at - from).div_euclid(unit) * unit;
        [below, below + unit]
    };
    let days = [1, 2, 3, 7, 30].map(|days| BASE + days * DAY).into_iter().chain(around(DAY, BASE));
    let steps = [HOUR, 60 * SECOND, SECOND].into_iter().flat_map(move |unit| around(unit, 0));
    [BASE].into_iter().chain(days).chain(steps)
}
