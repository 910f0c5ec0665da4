//! One metric over the same rows under everything it has meant: each version in the tree, each distinct meaning in its
//! history.
//!
//! `past` reads the moments of a history; what is computed over them knows no repository.

mod past;
mod spells;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::{Catalog, Object};
use crate::diff::{self, EditId, Scope};
use crate::impact::{Asked, Computer, Described, Place, Rows, Shown, labels};
use crate::plan::{Plan, Request};
use crate::resolve::Version;
use crate::text::Texts;
use crate::value::Instant;

pub use past::Past;
use spells::{Dated, spells};

/// One state of the definitions, with the version of the metric that is looked at in it.
#[derive(Clone)]
pub struct Moment<'a> {
    /// What the state is called: a commit's short id, or the version.
    pub label: String,
    /// When it was; `None` where that is not known.
    pub time: Option<Instant>,
    /// The version of the metric.
    pub version: Version,
    /// The definitions.
    pub catalog: &'a Catalog,
}

/// One metric under everything it has meant.
#[derive(Debug)]
pub struct Replay {
    /// The metric, with the variant after a dot.
    pub metric: String,
    /// What its number counts, as it is said last.
    pub unit: String,
    /// The cells that any meaning has, by case, then in the order of results.
    pub columns: Vec<Column>,
    /// The meanings, in the order in which they were first seen.
    pub meanings: Vec<Lived>,
    /// The latest plan that could be computed and what was asked of it, for how its numbers are written.
    pub computed: Option<(Plan, Request)>,
}

/// A cell that meanings are held against each other on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Column {
    /// The case; `None` for data files.
    pub case: Option<String>,
    /// Where it stands.
    pub place: Place,
}

/// A meaning, from when it was first seen until it became another.
#[derive(Debug)]
pub struct Lived {
    /// The versions that had it.
    pub versions: Vec<Version>,
    /// When it was first seen.
    pub first: Seen,
    /// When it was last seen.
    pub last: Seen,
    /// Its fingerprint; empty where the definition had mistakes.
    pub fingerprint: String,
    /// The edits that made it of the meaning before, with a short name; empty for the first.
    pub edits: Vec<(EditId, String)>,
    /// What it gives in each column; `None` where it has no such cell.
    pub cells: Vec<Option<Shown>>,
    /// Why it cannot be computed, by case.
    pub absent: Vec<(Option<String>, String)>,
}

/// When something was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// What the state is called.
    pub label: String,
    /// When it was.
    pub time: Option<Instant>,
}

impl Replay {
    /// Returns when the meaning changed: the first sight of every meaning but the first.
    pub fn changes(&self) -> impl Iterator<Item = &Seen> {
        self.meanings.iter().skip(1).map(|lived| &lived.first)
    }
}

/// Computes a metric, or a variant of it, under each meaning that it has at these moments, which are in order of time;
/// all texts stand in one collection. `step` is told each meaning before it is computed.
pub fn replay(name: &str, moments: &[Moment<'_>], texts: &Texts, (rows, step): (&Rows<'_>, &dyn Fn(&str))) -> Replay {
    let (id, variant) = name.split_once('.').map_or((name, None), |(id, variant)| (id, Some(variant)));
    let plans: Vec<Option<&Plan>> = moments.iter().map(|moment| moment.plan(id, variant)).collect();
    let meaning = |(moment, plan): (&Moment<'_>, &Option<&Plan>)| {
        let fingerprint = plan.map(|plan| moment.catalog.meaning(plan)).unwrap_or_default();
        Dated { version: moment.version, fingerprint }
    };
    let dated: Vec<Dated> = moments.iter().zip(&plans).map(meaning).collect();
    let seen = |moment: usize| Seen { label: moments[moment].label.clone(), time: moments[moment].time };
    let spells = spells(&dated);
    let mut found = Found { computer: Computer::new(rows, step), rows, cells: Vec::new(), computed: None };
    let mut meanings = Vec::new();
    for spell in &spells {
        let absent = found.compute(&moments[spell.first], plans[spell.first]);
        let before = spell.before.map(|before| &moments[spells[before].last]);
        meanings.push(Lived {
            versions: spell.versions.clone(),
            first: seen(spell.first),
            last: seen(spell.last),
            fingerprint: dated[spell.first].fingerprint.clone(),
            edits: before.map(|before| edits(id, (before, &moments[spell.first]), texts)).unwrap_or_default(),
            cells: Vec::new(),
            absent,
        });
    }
    let all: BTreeSet<&Column> = found.cells.iter().flat_map(BTreeMap::keys).collect();
    let columns: Vec<Column> = all.into_iter().cloned().collect();
    for (lived, cells) in meanings.iter_mut().zip(&found.cells) {
        lived.cells = columns.iter().map(|column| cells.get(column).cloned()).collect();
    }
    let unit = moments.iter().rev().find_map(|moment| moment.unit(id, variant)).unwrap_or_default();
    Replay { metric: name.to_owned(), unit, columns, meanings, computed: found.computed }
}

impl Moment<'_> {
    fn plan(&self, id: &str, variant: Option<&str>) -> Option<&Plan> {
        let plans = self.catalog.version(id, self.version);
        plans.into_iter().find(|(reading, _)| reading.name() == variant).map(|(_, plan)| plan)
    }

    fn unit(&self, id: &str, variant: Option<&str>) -> Option<String> {
        let plans = self.catalog.version(id, self.version);
        plans.into_iter().find(|(reading, _)| reading.name() == variant).map(|(reading, _)| reading.unit.clone())
    }
}

/// What has been computed.
struct Found<'a> {
    rows: &'a Rows<'a>,
    computer: Computer<'a>,
    /// By meaning, then by column.
    cells: Vec<BTreeMap<Column, Shown>>,
    computed: Option<(Plan, Request)>,
}

impl Found<'_> {
    /// Computes one meaning over all rows; returns why that cannot be.
    fn compute(&mut self, moment: &Moment<'_>, plan: Option<&Plan>) -> Vec<(Option<String>, String)> {
        let (mut cells, mut absent) = (BTreeMap::new(), Vec::new());
        let described = Described::of(moment.catalog);
        for (sheet, case) in self.rows.names().into_iter().enumerate() {
            match self.over(sheet, (moment, plan), &described) {
                Ok(found) => {
                    let column = |place| Column { case: case.clone(), place };
                    cells.extend(found.into_iter().map(|(place, shown)| (column(place), shown)));
                }
                Err(reason) => absent.push((case, reason)),
            }
        }
        self.cells.push(cells);
        absent
    }

    fn over(
        &mut self,
        sheet: usize,
        (moment, plan): (&Moment<'_>, Option<&Plan>),
        described: &Described,
    ) -> Result<Vec<(Place, Shown)>, String> {
        let plan = plan.ok_or("its definition has errors")?;
        let needed = plan.sources().into_iter().map(str::to_owned).collect();
        let (fingerprint, readings) = (&moment.catalog.meaning(plan), &[plan][..]);
        let asked = Asked { plan, fingerprint, described, needed: &needed, readings, within: None };
        let answered = self.computer.cells(sheet, &asked)?;
        let cells = answered.cells()?;
        self.computed = Some((plan.clone(), answered.request.clone()));
        Ok(cells.places().filter_map(|place| Some((place.clone(), cells.shown(place)?))).collect())
    }
}

/// Returns the edits that made one meaning of another, each with a short name.
fn edits(id: &str, (before, now): (&Moment<'_>, &Moment<'_>), texts: &Texts) -> Vec<(EditId, String)> {
    let [old, new] = [before, now].map(|moment| (id.to_owned(), moment.version));
    let found = diff::compare(before.catalog, now.catalog, texts, &Scope::Versions(old, new));
    let moving = found.comparisons.iter().flat_map(|comparison| comparison.moving());
    let edits: Vec<EditId> = moving.map(|judged| judged.edit.id()).collect();
    let clauses: Vec<Vec<EditId>> = edits.iter().map(|edit| vec![edit.clone()]).collect();
    let names = labels(&Object::metric(id, now.version), &clauses);
    edits.into_iter().zip(names).collect()
}
