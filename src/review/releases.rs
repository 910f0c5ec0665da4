//! The versions of a metric one after the other, each with what it changes on the one before.

use std::collections::BTreeMap;
use std::path::Path;

use crate::catalog::Catalog;
use crate::diff::{self, Scope};
use crate::history::HistoryError;
use crate::lock::Lock;
use crate::replay::Past;
use crate::resolve::Version;
use crate::rules::{self, Finding, Side, Subject};
use crate::value::Date;

/// A version of a metric.
#[derive(Debug)]
pub struct Release {
    /// The version.
    pub version: Version,
    /// The day it was released, as the lock has it.
    pub date: Option<Date>,
    /// What differs from the version before; `None` for the first one.
    pub findings: Option<Vec<Finding>>,
}

/// Returns every version of a metric that the project has or had, the newest first; what stands in none of its commits any
/// more is taken from the last one that has it.
///
/// # Errors
/// When the history cannot be read.
pub fn releases(folder: &Path, id: &str, (lock, today): (&Lock, Date)) -> Result<Vec<Release>, HistoryError> {
    let past = Past::read(folder, id)?;
    let mut last: BTreeMap<Version, &Catalog> = BTreeMap::new();
    for moment in past.moments() {
        last.insert(moment.version, moment.catalog);
    }
    let mut before: Option<(Version, &Catalog)> = None;
    let mut releases = Vec::new();
    for (version, catalog) in last {
        let findings = before.map(|(old, home)| {
            let scope = Scope::Versions((id.to_owned(), old), (id.to_owned(), version));
            let diff = diff::compare(home, catalog, &past.texts, &scope);
            let subject = Subject {
                new: Side::of(catalog),
                old: Some(Side::of(home)),
                diff: Some(&diff),
                texts: &past.texts,
                today,
                verification: None,
                asked: None,
                authors: &[],
            };
            let own = |finding: &Finding| finding.metric.as_deref() == Some(id) && finding.edit.is_some();
            rules::judge(&subject).into_iter().filter(own).collect()
        });
        let date = lock.entry(id, version).map(|entry| entry.on);
        releases.push(Release { version, date, findings });
        before = Some((version, catalog));
    }
    releases.reverse();
    Ok(releases)
}
