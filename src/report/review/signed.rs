//! Who has to sign a version, and how far that has come.

use serde::Serialize;

use super::Page;
use crate::signing::{RoleState, Standing};

/// The signatures of one version; a wire shape too.
#[derive(Debug, Serialize)]
pub(super) struct Signatures<'a> {
    /// What is signed.
    pub(super) fingerprint: &'a str,
    /// What each role still has to do.
    pub(super) roles: Vec<Role<'a>>,
}

/// One role.
#[derive(Debug, Serialize)]
pub(super) struct Role<'a> {
    role: &'a str,
    needs: usize,
    missing: usize,
    people: &'a [String],
    signed: Vec<Signature<'a>>,
}

#[derive(Debug, Serialize)]
struct Signature<'a> {
    by: &'a str,
    counts: bool,
    standing: &'static str,
}

/// Returns the signatures that a comparison needs; `None` where it needs none.
pub(super) fn signatures(page: Page<'_>, index: usize) -> Option<Signatures<'_>> {
    let metric = page.review.metrics.get(index)?;
    let fingerprint = metric.data.as_deref().filter(|_| !metric.signatures.is_empty())?;
    Some(Signatures { fingerprint, roles: metric.signatures.iter().map(role).collect() })
}

fn role(state: &RoleState) -> Role<'_> {
    let signed = state.signed.iter().map(|signed| Signature {
        by: &signed.by,
        counts: signed.standing == Standing::Counts,
        standing: signed.standing.name(),
    });
    Role {
        role: &state.need.role,
        needs: state.need.at_least,
        missing: state.missing(),
        people: &state.people,
        signed: signed.collect(),
    }
}

impl Signatures<'_> {
    /// Returns the roles that must sign: `owner`, `2 of metrics-council`.
    pub(super) fn needs(&self) -> Vec<String> {
        let told = |role: &Role<'_>| match role.needs {
            1 => role.role.to_owned(),
            several => format!("{several} of {}", role.role),
        };
        self.roles.iter().map(told).collect()
    }

    /// Returns the signatures that count: `owner (ann)`.
    pub(super) fn has(&self) -> Vec<String> {
        let of = |role: &Role<'_>| {
            let by: Vec<&str> = role.signed.iter().filter(|signed| signed.counts).map(|signed| signed.by).collect();
            (!by.is_empty()).then(|| format!("{} ({})", role.role, by.join(", ")))
        };
        self.roles.iter().filter_map(of).collect()
    }

    /// Returns the signatures that do not count, each with the reason.
    pub(super) fn void(&self) -> Vec<String> {
        let void = self.roles.iter().flat_map(|role| role.signed.iter().filter(|signed| !signed.counts));
        void.map(|signed| format!("{} ({})", signed.by, signed.standing)).collect()
    }
}
