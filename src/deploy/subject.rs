//! A metric that is deployed: its reading, its plan, what it means, and what the deployed object is called.
//!
//! Knows no form.

use super::query::Refusal;
use super::settings::Settings;
use super::stamp::Stamp;
use crate::catalog::{Catalog, Fingerprints};
use crate::definition::{Metric, Reading};
use crate::plan::Plan;
use crate::resolve::{Registry, Version, full_name};
use crate::value::Grain;

/// A metric or its variant, in one version.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// Full name, without a version.
    pub name: String,
    /// The version's definition.
    pub metric: &'a Metric,
    /// The reading of it.
    pub reading: &'a Reading,
    /// What it means.
    pub plan: &'a Plan,
    /// What the version means, as a lock holds it.
    pub fingerprints: Fingerprints,
    /// What the reading means, sources and parts included.
    pub meaning: String,
    /// Everything else that is defined.
    pub registry: &'a Registry,
}

impl<'a> Subject<'a> {
    /// Finds a metric by its full name, of the current version unless the name says another.
    ///
    /// # Errors
    /// When there is none, or a mistake leaves it without meaning.
    pub fn find(catalog: &'a Catalog, name: &str) -> Result<Self, Refusal> {
        let nothing = |what: &str| Refusal(format!("`{name}` {what}"));
        let (metric, reading) = catalog.reading(name).ok_or_else(|| nothing("is not defined"))?;
        let plan = catalog.plan(name).ok_or_else(|| nothing("has no meaning"))?;
        let version = Version::parse(&metric.version).ok_or_else(|| nothing("has no version"))?;
        let fingerprints = catalog.fingerprints(&metric.id.value, version).ok_or_else(|| nothing("has no meaning"))?;
        Ok(Self {
            name: full_name(&metric.id.value, reading.name()),
            metric,
            reading,
            plan,
            fingerprints,
            meaning: catalog.meaning(plan),
            registry: &catalog.registry,
        })
    }

    /// Returns what the deployed object is called, without its schema: `fcr_day_by_channel`.
    pub fn object(&self, settings: &Settings) -> String {
        let mut name = self.name.replace('.', "__");
        if settings.grain != Grain::All {
            name.push_str(&format!("_{}", settings.grain));
        }
        if !settings.by.is_empty() {
            name.push_str(&format!("_by_{}", settings.by.join("_")));
        }
        name
    }

    /// Returns what the deployed object is called, with its schema.
    pub fn full_object(&self, settings: &Settings) -> String {
        let schema = settings.schema.as_ref().map(|schema| format!("{schema}.")).unwrap_or_default();
        format!("{schema}{}", self.object(settings))
    }

    /// Returns the stamp of one of its files.
    pub fn stamp(&self, settings: &Settings, part: &str) -> Stamp {
        Stamp {
            metric: self.name.clone(),
            version: self.plan.version.clone(),
            fingerprints: self.fingerprints.clone(),
            plan: self.meaning.clone(),
            part: part.to_owned(),
            object: self.full_object(settings),
            settings: settings.clone(),
        }
    }
}
