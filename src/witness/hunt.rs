//! The search: questions are asked until the plans differ, or the effort is spent.
//!
//! Questions whose answers are like no other before are kept and varied further. Where a small change of one instant or
//! number turns the answer, the place where it turns is halved in on: two plans seldom turn in the same place.

use std::collections::BTreeSet;

use super::At;
use super::contrast::{Contrast, Grade};
use super::crowd::Crowd;
use super::dice::Dice;
use super::scene::scene;
use super::trial::{Heard, Question, Trial, signature};
use super::vary::Variety;
use crate::value::{Date, Duration, Instant, Number, Value};

/// Questions that are kept to be varied.
const KEPT: usize = 200;
/// The part of all work that is spent on more once something differs a little.
const A_WHILE: u64 = 8;
/// Most halvings of one stretch: a hundred years are cut to a second.
const HALVINGS: usize = 34;

/// A search under way.
pub(super) struct Hunt<'v, 't, 'a> {
    pub(super) variety: Variety<'v>,
    pub(super) trial: &'t mut Trial<'a>,
    pub(super) dice: Dice,
    kept: Vec<(Question, String)>,
    seen: BTreeSet<String>,
    /// Turns that were halved in on: the column, and the answers on both sides.
    turned: BTreeSet<(String, usize, String, String)>,
    halving: u64,
    /// How much the plans differ at most.
    pub(super) most: Grade,
    crowd: Option<Crowd>,
    /// The best question so far on which the plans differ.
    pub(super) found: Option<(Question, Contrast)>,
}

impl<'v, 't, 'a> Hunt<'v, 't, 'a> {
    pub(super) fn new(variety: Variety<'v>, trial: &'t mut Trial<'a>, dice: Dice) -> Self {
        let crowd = Crowd::of(trial.old, trial.new);
        Self {
            most: Grade::Value,
            crowd,
            variety,
            trial,
            dice,
            kept: Vec::new(),
            seen: BTreeSet::new(),
            turned: BTreeSet::new(),
            halving: 0,
            found: None,
        }
    }

    /// Searches until a value differs or so much work is done; what differs less ends the search a while later.
    pub(super) fn run(&mut self, limit: u64) {
        let begun = self.trial.spent;
        let mut end = begun + limit;
        if self.found.is_some() {
            end = begun + limit / A_WHILE;
        }
        while self.trial.spent < end && !self.is_done() {
            let had = self.found.is_some();
            if self.kept.is_empty() || self.dice.once_in(3) {
                self.begin();
            } else if self.crowd.is_some() && self.dice.once_in(2) {
                self.gather();
            } else {
                self.go_on();
            }
            if !had && self.found.is_some() {
                end = end.min(self.trial.spent + limit / A_WHILE);
            }
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.found.as_ref().is_some_and(|(_, contrast)| contrast.grade >= self.most)
    }

    /// Asks about tables made anew.
    fn begin(&mut self) {
        let plan = self.variety.plans[self.dice.below(2)];
        let tables = scene(plan, (self.variety.ground, self.variety.stock), &mut self.dice);
        if !self.variety.ground.keeps(&tables) {
            // What making costs counts too, or a source that allows nothing would never end.
            self.trial.spent += 20;
            return;
        }
        let request = self.variety.requests.plain(&tables, &mut self.dice);
        self.hear(Question { tables, request });
    }

    /// Asks about many rows that are alike.
    fn gather(&mut self) {
        let (Some(crowd), Some((question, _))) = (&self.crowd, self.dice.pick(&self.kept).cloned()) else { return };
        let with = (self.trial.new, self.variety.ground, self.variety.stock);
        match crowd.gathered(&question, with, &mut self.dice) {
            Some(crowded) => drop(self.hear(crowded)),
            None => self.trial.spent += 20,
        }
    }

    /// Asks about something that was asked before, with a few changes.
    fn go_on(&mut self) {
        // Where the plans differ a little they may differ more.
        if let Some((question, _)) = self.found.clone().filter(|_| self.dice.once_in(2)) {
            let varied = self.variety.vary(&question, &mut self.dice);
            self.hear(varied.question);
            return;
        }
        let Some((question, answer)) = self.dice.pick(&self.kept).cloned() else { return };
        let varied = self.variety.vary(&question, &mut self.dice);
        let at = varied.at.clone();
        let Some(other) = self.hear(varied.question.clone()) else { return };
        let Some(at) = at.filter(|_| other != answer && varied.question.request.by == question.request.by) else {
            return;
        };
        let turn = (at.source.clone(), at.column, answer.clone(), other.clone());
        if self.halving * 2 <= self.trial.spent && self.turned.insert(turn) {
            let before = self.trial.spent;
            self.halve((&question, answer), &varied.question, &at);
            self.halving += self.trial.spent - before;
        }
    }

    /// Asks a question and keeps it if its answer is new; returns the answer, if both plans give the same.
    pub(super) fn hear(&mut self, question: Question) -> Option<String> {
        match self.trial.ask(&question) {
            Heard::Silent => {
                self.trial.spent += 20;
                None
            }
            Heard::Apart(contrast) => {
                self.note(question, contrast);
                None
            }
            Heard::Alike(cells) => {
                let answer = signature(&cells);
                if self.seen.insert(answer.clone()) {
                    let entry = (question, answer.clone());
                    if self.kept.len() < KEPT {
                        self.kept.push(entry);
                    } else {
                        let place = self.dice.below(KEPT);
                        self.kept[place] = entry;
                    }
                }
                Some(answer)
            }
        }
    }

    /// Remembers a question on which the plans differ, if it is better than the one that is known.
    pub(super) fn note(&mut self, question: Question, contrast: Contrast) {
        let rank = |question: &Question, contrast: &Contrast| (contrast.grade, std::cmp::Reverse(question.rows()));
        let known = self.found.as_ref().map(|(question, contrast)| rank(question, contrast));
        if known.is_none_or(|known| rank(&question, &contrast) > known) {
            self.found = Some((question, contrast));
        }
    }

    /// Asks between two values of a cell that have different answers, until they stand side by side.
    fn halve(&mut self, (question, answer): (&Question, String), other: &Question, at: &At) {
        let cell = |question: &Question| Some(question.tables.get(&at.source)?.rows.get(at.row)?[at.column].clone());
        let (Some(mut low), Some(mut high)) = (cell(question), cell(other)) else { return };
        for _ in 0..HALVINGS {
            let Some(middle) = between(&low, &high) else { return };
            let mut halved = other.clone();
            let Some(row) = halved.tables.get_mut(&at.source).and_then(|table| table.rows.get_mut(at.row)) else {
                return;
            };
            row[at.column] = middle.clone();
            if !self.variety.ground.keeps(&halved.tables) {
                return;
            }
            match self.hear(halved) {
                Some(heard) if heard == answer => low = middle,
                Some(_) => high = middle,
                None => return,
            }
        }
    }

    /// Asks where rows ended up in all that is kept, for plans that show it nowhere else.
    pub(super) fn compare_ledgers(&mut self) {
        for (question, _) in std::mem::take(&mut self.kept) {
            if let Some(contrast) = self.trial.ask_ledgers(&question) {
                self.note(question, contrast);
                return;
            }
        }
    }
}

/// Returns the value halfway between two, to whole seconds where both are whole; `None` where they are neighbours.
fn between(low: &Value, high: &Value) -> Option<Value> {
    const SECOND: i64 = 1_000_000;
    let halfway = |low: i64, high: i64| {
        let unit = if low % SECOND == 0 && high % SECOND == 0 { SECOND } else { 1 };
        let middle = low.div_euclid(unit) + (high.div_euclid(unit) - low.div_euclid(unit)).div_euclid(2);
        let middle = middle * unit;
        (middle != low && middle != high).then_some(middle)
    };
    match (low, high) {
        (Value::Instant(low), Value::Instant(high)) => {
            halfway(low.micros(), high.micros()).map(|at| Value::Instant(Instant::from_micros(at)))
        }
        (Value::Duration(low), Value::Duration(high)) => {
            halfway(low.micros(), high.micros()).map(|length| Value::Duration(Duration::from_micros(length)))
        }
        (Value::Number(low), Value::Number(high)) if low.scale() == high.scale() => {
            let middle = low.mantissa() + (high.mantissa() - low.mantissa()).div_euclid(2);
            let is_new = middle != low.mantissa() && middle != high.mantissa();
            is_new.then(|| Value::Number(Number::new(middle, low.scale())))
        }
        (Value::Date(low), Value::Date(high)) => {
            let middle = low.days() + (high.days() - low.days()).div_euclid(2);
            let is_new = middle != low.days() && middle != high.days();
            is_new.then(|| Date::from_days(middle).map(Value::Date)).flatten()
        }
        _ => None,
    }
}
