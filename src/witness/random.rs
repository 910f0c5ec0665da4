//! Random tables for one reading, dense in the places where ways of computing part.
//!
//! Half of them are made from what the plan names, half are the project's own cases, both then changed at random. What
//! is made depends on a name alone, so that it can be made again. Asks nobody anything.

use super::dice::Dice;
use super::ground::Ground;
use super::requests::Requests;
use super::scene::scene;
use super::seeds::Seed;
use super::shrink::Shrink;
use super::stock::Stock;
use super::traps::Traps;
use super::trial::{Question, length, periods};
use super::vary::Variety;
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::value::Grain;

/// Scenes that are tried for one that the sources allow.
const PATIENCE: usize = 20;
/// Most rows of a case that tables begin with.
const LARGEST_SEED: usize = 60;
/// Most periods that are asked for.
const MOST_PERIODS: u64 = 400;

/// Makes random tables for one reading.
pub struct Random<'a> {
    plan: &'a Plan,
    ground: Ground,
    stock: Stock,
    requests: Requests<'a>,
    seeds: Vec<Question>,
}

impl<'a> Random<'a> {
    /// Returns what makes tables for a plan of a catalog; the reason where none can be made.
    ///
    /// # Errors
    /// When a source of the plan cannot be described.
    pub fn of(catalog: &'a Catalog, plan: &'a Plan, seeds: &[Seed]) -> Result<Self, String> {
        let side = (catalog, plan);
        let ground = Ground::of(side, side, super::AllowedBy::Both)?;
        let stock = Stock::of(&ground, side, side);
        let requests = Requests::of(plan, plan, &stock);
        let mut random = Self { plan, ground, stock, requests, seeds: Vec::new() };
        random.seeds = seeds.iter().filter_map(|seed| random.begun(seed)).collect();
        Ok(random)
    }

    /// Returns a case as a question that the plan can be asked; `None` where it cannot, or is too large.
    fn begun(&self, seed: &Seed) -> Option<Question> {
        let tables = self.ground.cut(&seed.tables);
        let mut request = seed.request.clone();
        request.by.retain(|name| self.requests.dimensions.contains(name));
        if !self.requests.grains().any(|grain| grain == request.grain) {
            request.grain = Grain::All;
        }
        let question = Question { request: self.requests.whole(request, &tables), tables };
        ((1..=LARGEST_SEED).contains(&question.rows()) && self.ground.keeps(&question.tables)).then_some(question)
    }

    /// Returns so many sets of tables that are asked the same. The first is the one that `name` stands for, the others
    /// are changes of it: one query answers all of them.
    pub fn batch(&self, name: &str, size: usize) -> Vec<Question> {
        let mut dice = Dice::of(name);
        let mut questions = vec![self.first(&mut dice)];
        while questions.len() < size {
            let changed = self.changed(&questions[0], &mut dice);
            questions.push(changed);
        }
        let spans = questions.iter().map(|question| self.requests.span(&question.request, &question.tables));
        let span = spans.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        let mut request = questions[0].request.clone();
        request.span = span.unwrap_or(request.span);
        request = self.requests.bearable(request);
        if length(request.grain).is_some() && periods(&request) > MOST_PERIODS {
            request.grain = Grain::All;
        }
        questions.iter_mut().for_each(|question| question.request = request.clone());
        questions
    }

    /// Returns the smallest form of a question that goes on showing what it shows.
    pub fn smallest(&self, question: Question, shows: &mut dyn FnMut(&Question) -> bool) -> Question {
        Shrink { ground: &self.ground, requests: &self.requests, shows }.shrunk(question)
    }

    fn first(&self, dice: &mut Dice) -> Question {
        let begun = if dice.once_in(2) { dice.pick(&self.seeds).cloned() } else { None };
        let mut question = begun.unwrap_or_else(|| self.scene(dice));
        for _ in 0..dice.below(3) {
            question.request = self.requests.varied(&question.request, (&question.tables, &self.stock), dice);
        }
        let traps = self.traps();
        traps.ask(&mut question, dice);
        traps.lay(&question, dice)
    }

    fn scene(&self, dice: &mut Dice) -> Question {
        let with = (&self.ground, &self.stock);
        let made = (0..PATIENCE).map(|_| scene(self.plan, with, dice)).find(|tables| self.ground.keeps(tables));
        let tables = made.unwrap_or_else(|| self.ground.empty());
        Question { request: self.requests.plain(&tables, dice), tables }
    }

    /// Returns other tables that are asked the same.
    fn changed(&self, question: &Question, dice: &mut Dice) -> Question {
        let plans = [self.plan; 2];
        let variety = Variety { ground: &self.ground, stock: &self.stock, requests: &self.requests, plans };
        let mut changed = question.clone();
        for _ in 0..dice.below(3) {
            changed = variety.vary(&changed, dice).question;
        }
        changed.request = question.request.clone();
        self.traps().lay(&changed, dice)
    }

    fn traps(&self) -> Traps<'_> {
        Traps { ground: &self.ground, stock: &self.stock }
    }
}
