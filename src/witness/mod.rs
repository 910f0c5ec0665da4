//! The smallest tables on which two plans of one reading disagree, and a sentence that says so.
//!
//! Found by asking both plans by the interpreter: over the project's own cases first, then over tables made of what the
//! plans name (values, distances, instants), varied where that is new. What is found is shrunk. Knows no edit and no rule.

mod case;
mod contrast;
mod crowd;
mod describe;
mod dice;
mod fate;
mod focus;
mod ground;
mod hunt;
mod lineage;
mod made;
mod maker;
mod material;
mod random;
mod requests;
mod scene;
mod seeds;
mod sentence;
mod shrink;
mod stock;
mod telling;
#[cfg(test)]
mod tests;
mod traps;
mod trial;
mod vary;
mod views;
mod words;

pub use case::{Told, case};
pub use contrast::{Differing, Grade};
pub use made::Made;
pub use random::Random;
pub use seeds::{Seed, seeds};
pub use trial::Question;

use self::contrast::Contrast;
use self::dice::Dice;
use self::ground::{Ground, Side};
use self::hunt::Hunt;
use self::requests::Requests;
use self::sentence::Sentence;
use self::shrink::Shrink;
use self::stock::Stock;
use self::telling::telling;
use self::trial::Trial;
use self::vary::Variety;
use crate::catalog::Catalog;
use crate::compute::{Answer, by_interpreter};
use crate::interpret::Tables;
use crate::plan::{Body, Plan, Publish, Request};
use crate::value::Grain;

/// Tables on which two plans disagree.
#[derive(Debug, Clone)]
pub struct Witness {
    /// The rows of the sources that either plan reads, in the columns that either reads.
    pub tables: Tables,
    /// What is asked of them.
    pub request: Request,
    /// What the old plan answers, or why it has no answer.
    pub old: Result<Answer, String>,
    /// What the new plan answers, or why it has no answer.
    pub new: Result<Answer, String>,
    /// How much the answers differ.
    pub grade: Grade,
    /// Where they differ; nothing where one side has no answer.
    pub differing: Vec<Differing>,
    /// The cells of the tables on which it depends that they differ, keys apart.
    pub telling: Vec<At>,
    /// Whose description of the sources allows such rows.
    pub allowed_by: AllowedBy,
    /// One sentence that says it.
    pub sentence: String,
}

/// One cell of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The source.
    pub source: String,
    /// The row of its table, from 0.
    pub row: usize,
    /// The column of its table, from 0.
    pub column: usize,
}

/// Whose description of the sources allows some rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AllowedBy {
    /// Both.
    Both,
    /// The new one alone.
    New,
    /// The old one alone.
    Old,
}

/// How a search ended.
#[derive(Debug, Clone)]
pub enum Search {
    /// There are tables on which the plans disagree.
    Found(Box<Witness>),
    /// No tables were found on which they do.
    EqualUpTo {
        /// The most rows that a table had.
        rows: usize,
        /// How many questions were asked.
        asked: usize,
    },
    /// The two have one meaning: they agree over every table.
    Same,
    /// No table of values can show the change; the reason.
    Unanswerable(String),
}

/// How long to search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// Steps of work, of about a microsecond each.
    pub work: u64,
    /// Rows per table that are few enough.
    pub rows: usize,
}

impl Default for Effort {
    fn default() -> Self {
        Self { work: 400_000, rows: 5 }
    }
}

/// Most rows of a case that a search begins with.
const LARGEST_SEED: usize = 300;

/// Searches for the smallest tables on which two plans of one reading disagree.
pub fn search(old: (&Catalog, &Plan), new: (&Catalog, &Plan), seeds: &[Seed], effort: Effort) -> Search {
    if let Some(verdict) = without_tables(old, new) {
        return verdict;
    }
    let mut asked = 0;
    let mut tried: Vec<Ground> = Vec::new();
    for allowed_by in [AllowedBy::Both, AllowedBy::New, AllowedBy::Old] {
        let ground = match Ground::of(old, new, allowed_by) {
            Ok(ground) => ground,
            Err(reason) => return Search::Unanswerable(reason),
        };
        if tried.iter().any(|other| other.is_like(&ground)) {
            continue;
        }
        let mut trial = Trial::new(old.1, new.1);
        let found = Attempt { ground: &ground, old, new, effort }.made(&mut trial, seeds);
        if let Some((question, contrast)) = found {
            let telling = telling(&mut trial, &ground, &question, contrast.grade);
            return Search::Found(Box::new(witness((old, new), question, contrast, (telling, allowed_by))));
        }
        asked += trial.asked;
        tried.push(ground);
    }
    Search::EqualUpTo { rows: vary::MOST_ROWS, asked }
}

/// Tells how two plans stand to each other where no table can show it.
fn without_tables(old: Side<'_>, new: Side<'_>) -> Option<Search> {
    if old.1.fingerprint() == new.1.fingerprint() {
        let is_read_alike = old.0.meaning(old.1) == new.0.meaning(new.1);
        let reason =
            "both give the same answer over every table; what changes is how raw text becomes the values in it";
        return Some(if is_read_alike { Search::Same } else { Search::Unanswerable(reason.to_owned()) });
    }
    let bare = |plan: &Plan| {
        let mut bare = Plan { grains: vec![Grain::All], dimensions: Vec::new(), ..plan.clone() };
        // What a plan reads only to split by it is no part of an answer.
        forget_columns(&mut bare);
        bare.fingerprint()
    };
    (bare(old.1) == bare(new.1)).then(|| Search::Unanswerable(asked_otherwise(old.1, new.1)))
}

/// Says by what only one of two plans can be asked.
fn asked_otherwise(old: &Plan, new: &Plan) -> String {
    let mut said = vec!["both give the same answer to whatever both can be asked".to_owned()];
    for (side, plan, other) in [("old", old, new), ("new", new, old)] {
        let grains = plan.grains.iter().filter(|grain| !other.grains.contains(grain)).map(|grain| grain.name());
        said.extend(grains.map(|grain| format!("only the {side} side can be asked by {grain}")));
        let dimensions = plan.dimensions.iter().filter(|dimension| !other.dimensions.contains(dimension));
        said.extend(dimensions.map(|dimension| format!("only the {side} side can be split by `{}`", dimension.name)));
    }
    said.join("; ")
}

fn forget_columns(plan: &mut Plan) {
    if let Body::Measured(pipeline) = &mut plan.body {
        pipeline.scans_mut().into_iter().for_each(|scan| scan.columns.clear());
    }
    plan.body.parts_mut().into_iter().for_each(forget_columns);
}

/// Tells how much the answers of two plans can differ at most.
fn most(old: &Plan, new: &Plan) -> Grade {
    let without_interval = |plan: &Plan| {
        let publish = Publish { interval: None, ..plan.publish.clone() };
        Plan { publish, ..plan.clone() }.fingerprint()
    };
    if without_interval(old) == without_interval(new) { Grade::Shown } else { Grade::Value }
}

/// One search over tables that keep some promises.
struct Attempt<'a> {
    ground: &'a Ground,
    old: Side<'a>,
    new: Side<'a>,
    effort: Effort,
}

impl<'a> Attempt<'a> {
    fn made(&self, trial: &mut Trial<'a>, seeds: &[Seed]) -> Option<(Question, Contrast)> {
        let stock = Stock::of(self.ground, self.old, self.new);
        let requests = Requests::of(self.old.1, self.new.1, &stock);
        let plans = [self.old.1, self.new.1];
        let variety = Variety { ground: self.ground, stock: &stock, requests: &requests, plans };
        let mut hunt = Hunt::new(variety, trial, Dice::of(&self.new.1.metric));
        hunt.most = most(self.old.1, self.new.1);
        for question in self.questions(seeds, &requests) {
            hunt.hear(question);
            if hunt.is_done() {
                break;
            }
        }
        hunt.run(self.effort.work);
        if hunt.found.is_none() {
            hunt.compare_ledgers();
        }
        let (question, contrast) = hunt.found.take()?;
        let found = self.smaller(trial, &requests, (question, contrast.grade))?;
        if found.0.longest() <= self.effort.rows || found.1.grade <= Grade::Counts {
            return Some(found);
        }
        // Where a value needs many rows, fewer may show what moves it.
        let smaller = self.smaller(trial, &requests, (found.0.clone(), Grade::Counts));
        let smaller = smaller.filter(|(question, _)| question.longest() <= self.effort.rows);
        Some(smaller.unwrap_or(found))
    }

    /// Returns the smallest form of a question on which the plans differ by at least so much.
    fn smaller(
        &self,
        trial: &mut Trial<'a>,
        requests: &Requests<'a>,
        (question, grade): (Question, Grade),
    ) -> Option<(Question, Contrast)> {
        let mut shows = |candidate: &Question| trial.apart(candidate, grade).is_some();
        let question = Shrink { ground: self.ground, requests, shows: &mut shows }.shrunk(question);
        let contrast = trial.apart(&question, grade)?;
        Some((question, contrast))
    }

    /// Returns the seeds as questions to both plans, the smallest first.
    fn questions(&self, seeds: &[Seed], requests: &Requests<'_>) -> Vec<Question> {
        let question = |seed: &Seed| {
            let tables = self.ground.cut(&seed.tables);
            let mut request = seed.request.clone();
            request.by.retain(|name| requests.dimensions.contains(name));
            if !requests.grains().any(|grain| grain == request.grain) {
                request.grain = Grain::All;
            }
            Question { request: requests.whole(request, &tables), tables }
        };
        let mut questions: Vec<Question> = seeds.iter().map(question).collect();
        questions
            .retain(|question| (1..=LARGEST_SEED).contains(&question.rows()) && self.ground.keeps(&question.tables));
        questions.sort_by_key(Question::rows);
        questions
    }
}

fn witness(
    (old, new): (Side<'_>, Side<'_>),
    Question { tables, request }: Question,
    Contrast { grade, differing }: Contrast,
    (telling, allowed_by): (Vec<At>, AllowedBy),
) -> Witness {
    let answer = |plan: &Plan| by_interpreter(plan, &tables, &request).map_err(|error| error.to_string());
    let (before, after) = (answer(old.1), answer(new.1));
    let sentence = String::new();
    let mut witness =
        Witness { tables, request, old: before, new: after, grade, differing, telling, allowed_by, sentence };
    witness.sentence = Sentence::new(old, new, &witness).text();
    witness
}
