//! What rests on a metric and feels its change: its own targets, metrics made of it, metrics that it guards.
//!
//! Each is computed with everything else of its project as it was, and as it is. Attributes nothing to clauses.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::Projects;
use super::cells::{Place, Shown};
use super::computer::{Answered, Asked, Computer};
use super::rows::Described;
use crate::catalog::Catalog;
use crate::definition::{Goal, Metric, Requirement};
use crate::diff::Comparison;
use crate::plan::{Plan, Request};
use crate::resolve::full_name;
use crate::run;

/// Something that rests on a metric.
#[derive(Debug)]
pub struct Dependent {
    /// The metric whose conclusion is looked at.
    pub name: String,
    /// How it rests on the changed one.
    pub role: Role,
    /// What the values count.
    pub unit: String,
    /// The plan that gives the values now, and what was asked of it; `None` where nothing could be computed.
    pub computed: Option<(Plan, Request)>,
    /// The values and what is concluded from them, by place.
    pub judgements: Vec<Judgement>,
    /// Why nothing could be computed.
    pub absent: Option<String>,
}

/// How something rests on a metric.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// It is the metric itself, which has a target.
    Aimed,
    /// It is made of the metric.
    Made,
    /// It is guarded by the metric, or by one made of it: by this one.
    Guarded(String),
}

/// A value before and now, and what is concluded from it.
#[derive(Debug)]
pub struct Judgement {
    /// Where it stands.
    pub place: Place,
    /// Before.
    pub old: Side,
    /// Now.
    pub new: Side,
}

/// A value and what is concluded from it.
#[derive(Debug)]
pub struct Side {
    /// The value; `None` where there is no such cell.
    pub shown: Option<Shown>,
    /// What it is held against.
    pub bound: Option<Bound>,
    /// Whether it lies on the right side; `None` without a value or a bound.
    pub holds: Option<bool>,
}

/// What a value is held against.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// A target in force.
    Target(Goal),
    /// What a guardrail requires.
    Guardrail(Requirement),
}

impl Judgement {
    /// Tells whether the conclusion is another now: from one side of its bound to the other, or to or from no value.
    pub fn is_flipped(&self) -> bool {
        self.old.bound.is_some() && self.new.bound.is_some() && self.old.holds != self.new.holds
    }

    /// Tells whether the value is another now.
    pub fn is_moved(&self) -> bool {
        let value = |side: &Side| side.shown.as_ref().map(|shown| shown.value.clone());
        value(&self.old) != value(&self.new)
    }
}

/// A metric's name on both sides.
type Name = (String, String);

/// What feels a change, by name.
pub(super) struct Feeling {
    /// The readings of the metric itself whose plain name means another thing now.
    own: Vec<Name>,
    /// The readings of the compared versions, named with their version.
    versions: Vec<Name>,
    /// Metrics made of it.
    made: Vec<String>,
    /// Guarded metrics, each with what guards it.
    guarded: Vec<(String, Name)>,
}

impl Feeling {
    /// Returns the names of all that have to be computed.
    pub(super) fn names(&self) -> BTreeSet<&str> {
        let guards = self.guarded.iter().map(|(_, name)| name);
        let pairs = self.own.iter().chain(&self.versions).chain(guards).flat_map(|(old, new)| [old, new]);
        pairs.chain(&self.made).map(String::as_str).collect()
    }
}

/// Finds what feels a change.
pub(super) fn feeling(comparison: &Comparison, projects: &Projects<'_>) -> Feeling {
    let new_id = &comparison.id;
    let old_id = comparison.renamed_from.as_ref().unwrap_or(new_id);
    let shared = comparison.readings.iter().filter(|(_, plans)| plans.0.is_some() && plans.1.is_some());
    let named = |id: &str, variant: &str| full_name(id, (!variant.is_empty()).then_some(variant));
    let plain: Vec<Name> = shared.map(|(variant, _)| (named(old_id, variant), named(new_id, variant))).collect();
    let at = |name: &String, version: Option<crate::resolve::Version>| match version {
        Some(version) => format!("{name}@{version}"),
        None => name.clone(),
    };
    let versions = plain.iter().map(|(old, new)| (at(old, comparison.old), at(new, comparison.new))).collect();
    let own: Vec<Name> = plain.into_iter().filter(|(old, new)| differs(projects, old, new)).collect();
    let is_made = |name: &&String| {
        let parts = |catalog: &Catalog| {
            let plan = catalog.plan(name);
            plan.is_some_and(|plan| own.iter().any(|(old, new)| has_part(plan, old) || has_part(plan, new)))
        };
        let is_own = name.split('.').next() == Some(new_id.as_str());
        !is_own && (parts(projects.new) || parts(projects.old)) && differs(projects, name, name)
    };
    let made: Vec<String> = projects.new.plans.keys().filter(is_made).cloned().collect();
    let felt: Vec<Name> = own.iter().cloned().chain(made.iter().map(|name| (name.clone(), name.clone()))).collect();
    let mut guarded = Vec::new();
    for id in projects.new.registry.metrics.keys() {
        let Some(metric) = projects.new.registry.current(id) else { continue };
        let guards = metric.guardrails.iter().map(|guardrail| &guardrail.metric.value);
        let found = guards.filter_map(|guard| felt.iter().find(|(_, new)| new == guard));
        guarded.extend(found.map(|name| (id.clone(), name.clone())));
    }
    Feeling { own, versions, made, guarded }
}

/// Tells whether a name means another thing on the new side.
fn differs(projects: &Projects<'_>, old: &str, new: &str) -> bool {
    match (projects.old.plan(old), projects.new.plan(new)) {
        (Some(before), Some(now)) => projects.old.meaning(before) != projects.new.meaning(now),
        _ => false,
    }
}

fn has_part(plan: &Plan, name: &str) -> bool {
    plan.body.parts().into_iter().any(|part| part.metric == name || has_part(part, name))
}

/// Conclusions being drawn over one sheet.
pub(super) struct Deciding<'a, 'r> {
    pub(super) comparison: &'a Comparison,
    pub(super) projects: &'a Projects<'a>,
    /// How each side describes its sources.
    pub(super) described: (&'a Described, &'a Described),
    pub(super) needed: &'a BTreeSet<String>,
    pub(super) computer: &'a mut Computer<'r>,
    pub(super) sheet: usize,
}

impl Deciding<'_, '_> {
    /// Judges everything that feels the change.
    pub(super) fn decide(mut self, feeling: &Feeling) -> Vec<Dependent> {
        let mut found = Vec::new();
        for (old, new) in &feeling.versions {
            let has_target =
                self.comparison.metric(self.projects.old, self.projects.new).is_some_and(|it| !it.targets.is_empty());
            if has_target && self.differs_here(old, new) {
                found.push(self.judged(Role::Aimed, (old, new), new));
            }
        }
        found.extend(feeling.made.iter().map(|name| self.judged(Role::Made, (name, name), name)));
        for (guarded, (old, new)) in &feeling.guarded {
            found.push(self.judged(Role::Guarded(new.clone()), (old, new), guarded));
        }
        found
    }

    /// Returns the project in which the old version stands.
    fn old_home(&self, name: &str) -> &Catalog {
        let is_beside = self.comparison.is_beside && name.contains('@');
        if is_beside { self.projects.new } else { self.projects.old }
    }

    fn differs_here(&self, old: &str, new: &str) -> bool {
        let (before, now) = (self.old_home(old), self.projects.new);
        let plans = before.plan(old).zip(now.plan(new));
        plans.is_some_and(|(old, new)| before.meaning(old) != now.meaning(new))
    }

    /// Judges the values of one name on both sides for `subject`.
    fn judged(&mut self, role: Role, (old, new): (&str, &str), subject: &str) -> Dependent {
        let name = subject.split('@').next().unwrap_or(subject).to_owned();
        let unit = self.projects.new.reading(new).map(|(_, reading)| reading.unit.clone()).unwrap_or_default();
        let mut dependent = Dependent { name, role, unit, computed: None, judgements: Vec::new(), absent: None };
        let within = self.dimensions(&dependent.role, (old, new), subject);
        let answers = self.answer((old, true), &within).and_then(|old| Ok((old, self.answer((new, false), &within)?)));
        match answers {
            Ok((before, now)) => {
                let home = self.old_home(old);
                let metrics = (home.reading(old), self.projects.new.reading(new));
                let bounds = match &dependent.role {
                    Role::Guarded(_) => [(self.projects.old, old), (self.projects.new, new)]
                        .map(|(catalog, guard)| Held::of_guard(catalog, subject, guard)),
                    _ => [metrics.0, metrics.1].map(|found| Held::Aims(found.map(|(metric, _)| metric))),
                };
                dependent.judgements = judgements((&before, &now), &bounds);
                dependent.computed = self.projects.new.plan(new).cloned().map(|plan| (plan, now.request.clone()));
            }
            Err(reason) => dependent.absent = Some(reason),
        }
        dependent
    }

    /// Returns the dimensions that values can be split by on both sides and, of what guards, in what is guarded.
    fn dimensions(&self, role: &Role, (old, new): (&str, &str), subject: &str) -> Vec<String> {
        let of = |catalog: &Catalog, name: &str| -> Vec<String> {
            let plan = catalog.plan(name);
            plan.map(|plan| plan.dimensions.iter().map(|it| it.name.clone()).collect()).unwrap_or_default()
        };
        let (before, mut shared) = (of(self.old_home(old), old), of(self.projects.new, new));
        shared.retain(|name| before.contains(name));
        if let Role::Guarded(_) = role {
            let guarded = of(self.projects.new, subject);
            shared.retain(|name| guarded.contains(name));
        }
        shared
    }

    fn answer(&mut self, (name, is_old): (&str, bool), within: &[String]) -> Result<Answered, String> {
        let projects = self.projects;
        let is_beside = self.comparison.is_beside && name.contains('@');
        let (catalog, described) = match is_old && !is_beside {
            true => (projects.old, self.described.0),
            false => (projects.new, self.described.1),
        };
        let plan = catalog.plan(name).ok_or("its definition has errors")?;
        let fingerprint = &catalog.meaning(plan);
        let (needed, readings) = (self.needed, &[plan][..]);
        let asked = Asked { plan, fingerprint, described, needed, readings, within: Some(within) };
        let answered = self.computer.cells(self.sheet, &asked)?;
        answered.cells()?;
        Ok(answered)
    }
}

/// What values are held against.
enum Held<'a> {
    /// The targets of a metric.
    Aims(Option<&'a Metric>),
    /// A requirement.
    Requires(Option<&'a Requirement>),
}

impl<'a> Held<'a> {
    /// Returns what `guarded` requires of `guard`.
    fn of_guard(catalog: &'a Catalog, guarded: &str, guard: &str) -> Self {
        let guardrails = catalog.reading(guarded).map_or(&[][..], |(metric, _)| metric.guardrails.as_slice());
        Held::Requires(guardrails.iter().find(|it| it.metric.value == guard).map(|it| &it.require))
    }

    /// Judges the cell at a place.
    fn side(&self, answered: &Answered, place: &Place) -> Side {
        let Ok(cells) = answered.cells() else { return Side { shown: None, bound: None, holds: None } };
        let shown = cells.shown(place);
        let value = shown.as_ref().and_then(|shown| shown.value.as_real());
        match self {
            Held::Aims(metric) => {
                let zone = TimeZone::get(&answered.zone).unwrap_or(TimeZone::UTC);
                let row = cells.row(place);
                let verdict = metric
                    .zip(row)
                    .and_then(|(metric, row)| run::target(metric, &cells.table, row, (&answered.request, &zone)));
                let holds = verdict.as_ref().and_then(|verdict| verdict.met);
                Side { shown, bound: verdict.map(|verdict| Bound::Target(verdict.goal)), holds }
            }
            Held::Requires(requirement) => Side {
                bound: requirement.cloned().map(Bound::Guardrail),
                holds: requirement.zip(value).map(|(requirement, value)| requirement.holds(value)),
                shown,
            },
        }
    }
}

fn judgements((old, new): (&Answered, &Answered), held: &[Held<'_>; 2]) -> Vec<Judgement> {
    let (Ok(before), Ok(now)) = (old.cells(), new.cells()) else { return Vec::new() };
    let places: BTreeSet<&Place> = before.places().chain(now.places()).collect();
    let one = |place: &Place| Judgement {
        place: place.clone(),
        old: held[0].side(old, place),
        new: held[1].side(new, place),
    };
    places.into_iter().map(one).collect()
}
