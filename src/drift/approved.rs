//! What is approved: the released versions of the lock, or where nothing is locked the current definitions.

use crate::catalog::Catalog;
use crate::definition::Status;
use crate::deploy::{Refusal, Subject};
use crate::lock::{Entry, Lock};

/// What is approved of a project.
#[derive(Debug, Clone, Copy)]
pub struct Approved<'a> {
    /// What is defined.
    pub catalog: &'a Catalog,
    /// What was released.
    pub lock: &'a Lock,
}

/// Why no meaning of a metric is approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unapproved {
    /// No version stands for it.
    Gone(String),
    /// The definition of the approved version is not what was approved.
    Changed(String),
}

impl<'a> Approved<'a> {
    /// Returns what is approved of a metric or its variant.
    ///
    /// # Errors
    /// When nothing is, or what is defined is not what was released.
    pub fn subject(&self, name: &str) -> Result<Subject<'a>, Unapproved> {
        let id = name.split('.').next().unwrap_or(name);
        let gone = |Refusal(reason): Refusal| Unapproved::Gone(reason);
        if self.lock.entries().next().is_none() {
            return Subject::find(self.catalog, name).map_err(gone);
        }
        let entry = self.entry(id)?;
        let subject = Subject::find(self.catalog, &format!("{name}@{}", entry.version)).map_err(gone)?;
        if subject.fingerprints.data != entry.fingerprints.data
            || subject.fingerprints.parents != entry.fingerprints.parents
        {
            return Err(Unapproved::Changed(format!(
                "the definition of `{id}@{}` is not what was released; `etalon check` tells how",
                entry.version
            )));
        }
        Ok(subject)
    }

    /// Returns the names of the metrics that are released, where anything is locked.
    pub fn released(&self) -> Vec<&'a str> {
        let mut ids: Vec<&str> = self
            .lock
            .entries()
            .filter(|entry| entry.state == Status::Released)
            .map(|entry| entry.id.as_str())
            .collect();
        ids.dedup();
        ids
    }

    /// Returns the latest released version of a metric, else its latest that is deprecated.
    fn entry(&self, id: &str) -> Result<&'a Entry, Unapproved> {
        let latest = |state: Status| self.lock.entries().filter(|entry| entry.id == id && entry.state == state).last();
        if let Some(entry) = latest(Status::Released).or_else(|| latest(Status::Deprecated)) {
            return Ok(entry);
        }
        let reason = match latest(Status::Retired) {
            Some(entry) => format!("`{id}` was retired with version {}", entry.version),
            None => format!("no version of `{id}` was released"),
        };
        Err(Unapproved::Gone(reason))
    }
}
