//! What rules judge: a project, and where there is one, the project it was before.
//!
//! Holds what was found out by others; finds nothing out itself.

use std::collections::BTreeMap;

use super::meant::Meant;
use crate::catalog::{Catalog, Document, Object};
use crate::definition::{Case, Decision, Metric, Policy, Profile, Project, Reading, StandardKind, Status};
use crate::diff::{Comparison, Diff};
use crate::history::Author;
use crate::lock::{Deviation, Lock};
use crate::plan::Plan;
use crate::resolve::full_name;
use crate::text::{Span, TextId, Texts};
use crate::value::{Date, Version};
use crate::verify::Verification;

/// One side of a review.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    /// What it defines.
    pub catalog: &'a Catalog,
    /// What its released versions mean.
    pub lock: Option<&'a Lock>,
    /// The text of the lock, where there is one.
    pub lock_text: Option<TextId>,
    /// The decisions that its changes name, by path from the project's folder.
    pub decisions: Option<&'a BTreeMap<String, Decision>>,
    /// In what it is not as it was released; found out when it is judged.
    pub deviations: &'a [Deviation],
    /// Every reading of the live versions that has a meaning; found out when it is judged.
    pub readings: Option<&'a [Meant<'a>]>,
}

impl<'a> Side<'a> {
    /// Returns a side of definitions alone.
    pub fn of(catalog: &'a Catalog) -> Self {
        Self { catalog, lock: None, lock_text: None, decisions: None, deviations: &[], readings: None }
    }

    /// Tells whether what stands beside the definitions was looked for, so that its absence says something.
    pub fn is_whole(&self) -> bool {
        self.decisions.is_some()
    }

    /// Returns a version of a metric.
    pub fn version(&self, id: &str, version: Version) -> Option<&'a Metric> {
        self.catalog.registry.metrics.get(id)?.get(&version).map(AsRef::as_ref)
    }

    /// Returns the place of a version's line in the lock.
    pub fn locked(&self, id: &str, version: Version, texts: &Texts) -> Option<Span> {
        self.lock_line(self.lock?.entry(id, version)?.line, texts)
    }

    /// Returns the place of a line of the lock, from 1.
    pub fn lock_line(&self, line: usize, texts: &Texts) -> Option<Span> {
        let text = self.lock_text?;
        let content = &texts.get(text).content;
        let start: usize = content.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let length = content.get(start..)?.lines().next().map_or(0, str::len);
        Some(Span::new(text, start, start + length))
    }
}

/// What rules judge.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The project as it is to be.
    pub new: Side<'a>,
    /// The project as it was; `None` where a project is judged by itself.
    pub old: Option<Side<'a>>,
    /// What differs between the two.
    pub diff: Option<&'a Diff>,
    /// The texts behind both.
    pub texts: &'a Texts,
    /// The day on which it is judged.
    pub today: Date,
    /// What became of the cases, where they were computed.
    pub verification: Option<&'a Verification>,
    /// The profile that was asked for; `None` takes what the sides have adopted.
    pub asked: Option<Profile>,
    /// Who has committed the change, by name and address; empty where nobody is known.
    pub authors: &'a [Author],
}

impl<'a> Subject<'a> {
    /// Returns a project that is judged by itself, on a day, by the rules that were asked for.
    pub fn alone(new: Side<'a>, texts: &'a Texts, (today, asked): (Date, Option<Profile>)) -> Self {
        Self { new, old: None, diff: None, texts, today, verification: None, asked, authors: &[] }
    }

    /// Returns what the project file of the new side says.
    pub fn project(&self) -> Option<&'a Project> {
        self.new.catalog.registry.project.as_ref()
    }

    /// Returns the policy that counts: that of the old side, since a change is judged by what it finds, not by what it
    /// brings; without an old side, or without one there, the project's own.
    pub fn policy(&self) -> Option<&'a Policy> {
        let of = |side: &Side<'a>| side.catalog.registry.project.as_ref()?.policy.as_ref();
        self.old.as_ref().and_then(of).or_else(|| of(&self.new))
    }

    /// Returns the profile that counts: the one asked for, else the stricter of both sides.
    pub fn profile(&self) -> Profile {
        if let Some(asked) = self.asked {
            return asked;
        }
        let of = |side: &Side<'a>| side.catalog.registry.project.as_ref().map(|project| project.profile);
        self.old.as_ref().and_then(of).max(of(&self.new)).unwrap_or(Profile::Reading)
    }

    /// Returns every version of every metric of the new side, sorted by name and version.
    pub fn metrics(&self) -> impl Iterator<Item = &'a Metric> + use<'a> {
        self.new.catalog.registry.metrics.values().flat_map(|versions| versions.values().map(AsRef::as_ref))
    }

    /// Returns what differs, metric by metric; nothing where there is no old side.
    pub fn comparisons(&self) -> impl Iterator<Item = &'a Comparison> + use<'a> {
        self.diff.into_iter().flat_map(|diff| &diff.comparisons)
    }

    /// Returns the metric of a comparison as it is to be; as it was where it is gone.
    pub fn metric_of(&self, comparison: &Comparison) -> Option<&'a Metric> {
        comparison.metric(self.old.map_or(self.new.catalog, |old| old.catalog), self.new.catalog)
    }

    /// Returns the plan of one reading of a metric of the new side.
    pub fn plan(&self, metric: &Metric, reading: &Reading) -> Option<&'a Plan> {
        self.new.catalog.plan(&format!("{}@{}", full_name(&metric.id.value, reading.name()), metric.version))
    }

    /// Returns the text of the condition that a standard stands for.
    pub fn condition_of_standard(&self, name: &str) -> Option<String> {
        match &self.new.catalog.registry.find_standard(name)?.kind {
            StandardKind::Exclusion { when, .. } | StandardKind::Resolution { when } => Some(when.scalar_text()),
            _ => None,
        }
    }

    /// Returns the versions that are in force or on their way there.
    pub fn live(&self) -> impl Iterator<Item = &'a Metric> + use<'a> {
        self.metrics().filter(|metric| !matches!(metric.status, Status::Deprecated | Status::Retired))
    }

    /// Returns every reading of the live versions that has a meaning, base readings before their variants.
    pub fn readings(&self) -> impl Iterator<Item = Meant<'a>> + use<'a> {
        let known = self.new.readings;
        let found = known.is_none().then(|| self.found_readings());
        known.unwrap_or_default().iter().copied().chain(found.into_iter().flatten())
    }

    fn found_readings(&self) -> impl Iterator<Item = Meant<'a>> + use<'a> {
        let catalog = self.new.catalog;
        let of = move |metric: &'a Metric| {
            let version = Version::parse(&metric.version);
            let readings = version.map(|version| catalog.version(&metric.id.value, version)).unwrap_or_default();
            readings.into_iter().map(move |(reading, plan)| Meant { metric, reading, plan })
        };
        self.live().flat_map(of)
    }

    /// Returns the versions among them that a plain name means; cases are about these.
    pub fn current(&self) -> impl Iterator<Item = &'a Metric> + use<'a> {
        let registry = &self.new.catalog.registry;
        let is_current = |metric: &&Metric| {
            registry.current(&metric.id.value).is_some_and(|current| current.version == metric.version)
        };
        self.live().filter(is_current)
    }

    /// Returns the version of a metric that a case proves.
    pub fn proven(&self, case: &Case) -> Option<&'a Metric> {
        self.new.catalog.reading(&case.reading(None)).map(|(metric, _)| metric)
    }

    /// Returns the file of a metric's version.
    pub fn file(&self, metric: &Metric) -> Option<&'a Document> {
        self.new.catalog.documents.get(&Object::metric(&metric.id.value, &metric.version))
    }

    /// Returns the place of what a metric's version says under `key`; of its name where it says nothing there.
    pub fn place(&self, metric: &Metric, key: &str) -> Span {
        let said = self.file(metric).and_then(|file| file.root.get(key));
        said.map_or(metric.id.span, |said| said.span)
    }
}
