//! A lock against a project: everything that is not as it was released.

use std::collections::BTreeMap;
use std::fmt;

use super::{Entry, Lock};
use crate::catalog::{Catalog, Fingerprints};
use crate::definition::{Metric, Status};
use crate::plan::fingerprint::ALGORITHM;
use crate::value::{Date, Version};

/// One way in which a version is not as its lock says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviation {
    /// The metric.
    pub id: String,
    /// The version.
    pub version: Version,
    /// The line of the lock, where there is one.
    pub line: Option<usize>,
    /// What differs.
    pub what: What,
}

/// What differs between a version and its lock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It means something else than was released.
    Mutated {
        /// Which part of the meaning.
        part: Part,
        /// The fingerprint that was released.
        locked: String,
        /// The fingerprint of the definition.
        found: String,
    },
    /// A mistake leaves it without meaning, so that it cannot be held against the lock.
    Meaningless,
    /// It is said to be in this state, and is not locked.
    Unlocked(Status),
    /// It is locked in this state, and its definition is gone.
    Gone {
        /// The state.
        locked: Status,
        /// The version of the same major number that stands there now.
        succeeded_by: Option<Version>,
    },
    /// The definition says another state.
    State {
        /// The state that is locked.
        locked: Status,
        /// The state that the definition says.
        found: Status,
    },
    /// The definition says other days of force.
    Dates {
        /// The days that are locked.
        locked: Force,
        /// The days that the definition says.
        found: Force,
    },
    /// The line was not written by the tool.
    Unsealed,
    /// The line was written with other fingerprints, which cannot be compared.
    Algorithm(String),
    /// A name whose versions are all retired means something else now.
    Reused(Version),
    /// No version is in force for a time.
    Gap {
        /// The first day without one.
        from: Date,
        /// The version that follows.
        next: Version,
        /// The day it comes into force.
        to: Date,
    },
    /// Two versions are in force at one time.
    Overlap {
        /// The other version.
        next: Version,
        /// The first day on which both are.
        from: Date,
    },
    /// A later version is locked already.
    Backwards(Version),
}

/// A part of what a version means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// What can move its number.
    Data,
    /// How the number is read.
    Reading,
    /// The metrics it is made of.
    Parents,
}

impl Part {
    /// Returns the word of the lock.
    pub fn name(self) -> &'static str {
        ["data", "reading", "parents"][self as usize]
    }

    /// Returns the fingerprint of this part.
    pub fn of(self, fingerprints: &Fingerprints) -> &str {
        match self {
            Part::Data => &fingerprints.data,
            Part::Reading => &fingerprints.reading,
            Part::Parents => &fingerprints.parents,
        }
    }
}

/// The days on which a version is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Force {
    /// The first.
    pub from: Date,
    /// The first that is not one any more; `None` where the end is open.
    pub to: Option<Date>,
}

impl fmt::Display for Force {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to {
            Some(to) => write!(f, "{} to {to}", self.from),
            None => write!(f, "{} on", self.from),
        }
    }
}

impl fmt::Display for Deviation {
    /// Writes the fact as one sentence without a full stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("`{}@{}`", self.id, self.version);
        match &self.what {
            What::Mutated { part, locked, found } => {
                write!(f, "{name} was released with the {} fingerprint {locked}, and has {found}", part.name())
            }
            What::Meaningless => write!(f, "{name} is locked, and mistakes leave it without meaning"),
            What::Unlocked(status) => write!(f, "{name} is said to be {}, and is not locked", status.name()),
            What::Gone { locked, .. } => write!(f, "{name} is locked as {}, and is gone", locked.name()),
            What::State { locked, found } => {
                write!(f, "{name} is locked as {}, and said to be {}", locked.name(), found.name())
            }
            What::Dates { locked, found } => {
                write!(f, "{name} is locked as in force from {locked}, and said to be so from {found}")
            }
            What::Unsealed => write!(f, "the line of {name} was changed by hand"),
            What::Algorithm(by) => write!(f, "{name} was locked by `{by}`, whose fingerprints cannot be compared"),
            What::Reused(retired) => {
                write!(f, "{name} gives another meaning to a name that was retired with {retired}")
            }
            What::Gap { from, next, to } => {
                write!(f, "no version is in force from {from}, when {name} ends, to {to}, when {next} begins")
            }
            What::Overlap { next, from } => write!(f, "{name} and {next} are both in force from {from}"),
            What::Backwards(latest) => write!(f, "{name} is older than {latest}, which is locked"),
        }
    }
}

/// Returns everything in which a project is not as its lock says, sorted by name and version.
pub fn compare(lock: &Lock, catalog: &Catalog) -> Vec<Deviation> {
    let mut found = Vec::new();
    for entry in lock.entries() {
        let mut tell = |what| found.push(deviation(&entry.id, entry.version, Some(entry), what));
        if !entry.is_sealed() {
            tell(What::Unsealed);
        }
        match version(catalog, &entry.id, entry.version) {
            Some(metric) => held(entry, metric, catalog).into_iter().for_each(&mut tell),
            None if entry.state == Status::Retired => {}
            None => {
                let succeeded_by = successor(catalog, entry);
                tell(What::Gone { locked: entry.state, succeeded_by });
            }
        }
    }
    for (id, versions) in &catalog.registry.metrics {
        for (version, metric) in versions {
            if lock.entry(id, *version).is_none() {
                let what = fresh(lock, catalog, (*version, metric));
                found.extend(what.into_iter().map(|what| deviation(id, *version, None, what)));
            }
        }
    }
    found.extend(untiled(lock, catalog));
    found.sort();
    found
}

fn deviation(id: &str, version: Version, entry: Option<&Entry>, what: What) -> Deviation {
    Deviation { id: id.to_owned(), version, line: entry.map(|entry| entry.line), what }
}

fn version<'a>(catalog: &'a Catalog, id: &str, version: Version) -> Option<&'a Metric> {
    catalog.registry.metrics.get(id)?.get(&version).map(AsRef::as_ref)
}

/// Returns the version of the same major number that stands in the place of one that is gone.
fn successor(catalog: &Catalog, entry: &Entry) -> Option<Version> {
    let versions = catalog.registry.metrics.get(&entry.id)?;
    versions.keys().copied().find(|version| version.major() == entry.version.major() && *version > entry.version)
}

/// Holds a version against its entry.
fn held(entry: &Entry, metric: &Metric, catalog: &Catalog) -> Vec<What> {
    let mut found = Vec::new();
    let force = Force { from: metric.effective_from, to: metric.effective_to };
    let locked = Force { from: entry.from, to: entry.to };
    if metric.status != entry.state {
        found.push(What::State { locked: entry.state, found: metric.status });
    }
    if force != locked {
        found.push(What::Dates { locked, found: force });
    }
    if entry.algorithm != ALGORITHM {
        found.push(What::Algorithm(entry.algorithm.clone()));
        return found;
    }
    let Some(own) = catalog.fingerprints(&entry.id, entry.version) else {
        found.push(What::Meaningless);
        return found;
    };
    for part in [Part::Data, Part::Reading, Part::Parents] {
        let (locked, own) = (part.of(&entry.fingerprints), part.of(&own));
        if locked != own {
            found.push(What::Mutated { part, locked: locked.to_owned(), found: own.to_owned() });
        }
    }
    let is_other = entry.fingerprints.data != own.data;
    if entry.state == Status::Retired && metric.status != Status::Retired && is_other {
        found.push(What::Reused(entry.version));
    }
    found
}

/// Judges a version that is not locked.
fn fresh(lock: &Lock, catalog: &Catalog, (version, metric): (Version, &Metric)) -> Vec<What> {
    let id = metric.id.value.as_str();
    let mut found = Vec::new();
    if metric.status >= Status::Released {
        found.push(What::Unlocked(metric.status));
    }
    let same_major = lock.of(id).rfind(|entry| entry.version.major() == version.major());
    if let Some(latest) = same_major.or(lock.of(id).next_back()).filter(|latest| latest.version > version) {
        found.push(What::Backwards(latest.version));
    }
    let last = lock.of(id).next_back().filter(|_| lock.of(id).all(|entry| entry.state == Status::Retired));
    let is_live = (Status::Candidate..Status::Retired).contains(&metric.status);
    if let (Some(last), true) = (last, is_live) {
        let own = catalog.fingerprints(id, version).map(|own| own.data);
        let is_known = lock.of(id).any(|entry| Some(&entry.fingerprints.data) == own.as_ref());
        if !is_known {
            found.push(What::Reused(last.version));
        }
    }
    found
}

/// Finds times without a version in force, and times with two.
fn untiled(lock: &Lock, catalog: &Catalog) -> Vec<Deviation> {
    let mut ids: Vec<&String> = catalog.registry.metrics.keys().collect();
    ids.extend(lock.entries().map(|entry| &entry.id).filter(|id| !catalog.registry.metrics.contains_key(*id)));
    ids.dedup();
    let mut found = Vec::new();
    for id in ids {
        let forces = in_force(lock, catalog, id);
        for (((_, version), to), ((begin, next), _)) in forces.iter().zip(forces.iter().skip(1)) {
            let what = match to {
                Some(to) if to == begin => continue,
                Some(to) if to < begin => What::Gap { from: *to, next: *next, to: *begin },
                _ => What::Overlap { next: *next, from: *begin },
            };
            found.push(deviation(id, *version, lock.entry(id, *version), what));
        }
    }
    found
}

/// Returns the days of force of every version that is or was in force, in their order. What the definition says goes
/// before what is locked; a version that was never in force for a day is left out.
pub(super) fn in_force(lock: &Lock, catalog: &Catalog, id: &str) -> BTreeMap<(Date, Version), Option<Date>> {
    let mut forces = BTreeMap::new();
    let none = BTreeMap::new();
    let versions = catalog.registry.metrics.get(id).unwrap_or(&none);
    for (version, metric) in versions.iter().filter(|(_, metric)| metric.status >= Status::Released) {
        forces.insert((metric.effective_from, *version), metric.effective_to);
    }
    for entry in lock.of(id).filter(|entry| !versions.contains_key(&entry.version)) {
        forces.insert((entry.from, entry.version), entry.to);
    }
    forces.retain(|(from, _), to| *to != Some(*from));
    forces
}
