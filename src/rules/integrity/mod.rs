//! The rules of this area: one file and one line each.

use super::{checks, rules};

rules! {
    acceptance_by_author,
    acceptance_expired,
    acceptance_not_allowed,
    acceptance_too_broad,
    acceptance_unknown_rule,
    acceptance_unused,
    acceptance_without_reason,
    approval_orphaned,
    baseline_unresolvable,
    fingerprint_algorithm_changed,
    lock_edited,
    lock_line_removed,
    lock_missing,
    lockfile_stale,
    nothing_checked,
    policy_changed,
}

checks! {}
