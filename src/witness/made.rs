//! Tables that mean something to one plan: those of its cases, and others made and varied without end.
//!
//! For whoever compares two ways of computing one plan. Asks nothing itself.

use super::AllowedBy;
use super::dice::Dice;
use super::ground::Ground;
use super::requests::Requests;
use super::scene::scene;
use super::seeds::Seed;
use super::stock::Stock;
use super::trial::Question;
use super::vary::Variety;
use crate::catalog::Catalog;
use crate::interpret::Tables;
use crate::plan::{Plan, Request};

/// Questions that are kept to be varied.
const KEPT: usize = 40;

/// Where tables for a plan come from.
pub struct Made<'a> {
    plan: &'a Plan,
    ground: Ground,
    stock: Stock,
    dice: Dice,
    kept: Vec<Question>,
}

impl<'a> Made<'a> {
    /// Begins with the tables that a project has already.
    ///
    /// # Errors
    /// When the plan reads what is not described.
    pub fn of(catalog: &Catalog, plan: &'a Plan, seeds: &[Seed]) -> Result<Self, String> {
        let side = (catalog, plan);
        let ground = Ground::of(side, side, AllowedBy::Both)?;
        let stock = Stock::of(&ground, side, side);
        let kept =
            seeds.iter().map(|seed| Question { tables: ground.cut(&seed.tables), request: seed.request.clone() });
        let kept = kept.filter(|question| question.rows() > 0 && question.rows() <= 100).collect();
        Ok(Self { plan, dice: Dice::of(&plan.metric), ground, stock, kept })
    }

    /// Returns more tables, with a question that fits them.
    pub fn more(&mut self) -> (Tables, Request) {
        let requests = Requests::of(self.plan, self.plan, &self.stock);
        let variety =
            Variety { ground: &self.ground, stock: &self.stock, requests: &requests, plans: [self.plan, self.plan] };
        let question = if self.kept.is_empty() || self.dice.once_in(3) {
            let tables = scene(self.plan, (&self.ground, &self.stock), &mut self.dice);
            let request = requests.plain(&tables, &mut self.dice);
            Question { tables, request }
        } else {
            let place = self.dice.below(self.kept.len());
            variety.vary(&self.kept[place], &mut self.dice).question
        };
        if self.kept.len() < KEPT {
            self.kept.push(question.clone());
        } else if self.dice.once_in(2) {
            let place = self.dice.below(KEPT);
            self.kept[place] = question.clone();
        }
        (question.tables, question.request)
    }

    /// Tells whether tables keep what their sources promise.
    pub fn allows(&self, tables: &Tables) -> bool {
        self.ground.keeps(tables)
    }
}
