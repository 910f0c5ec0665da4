//! The versions that somebody has signed.
//!
//! Holds signatures against their versions; whether they suffice is for others.

use crate::definition::{Approval, Metric, Status};
use crate::rules::Subject;
use crate::value::Version;

/// A version with its signatures.
pub(super) struct SignedVersion<'a> {
    /// The version.
    pub(super) metric: &'a Metric,
    /// Its number.
    pub(super) version: Version,
    /// The signatures.
    pub(super) approval: &'a Approval,
    /// What it means now; `None` where that was not asked, or mistakes leave it without meaning.
    pub(super) data: Option<String>,
}

/// Returns the signed versions of the new side about which something is left to decide.
pub(super) fn signed_versions<'a>(subject: &Subject<'a>) -> Vec<SignedVersion<'a>> {
    let catalog = subject.new.catalog;
    let of = |(_, approval): &'a (_, Approval)| {
        let (id, version) = approval.version.value.split_once('@')?;
        let version = Version::parse(version)?;
        let metric = subject.new.version(id, version).filter(|metric| metric.status != Status::Retired)?;
        let data = catalog.fingerprints(id, version).map(|own| own.data);
        Some(SignedVersion { metric, version, approval, data })
    };
    catalog.registry.approvals.values().filter_map(of).collect()
}
