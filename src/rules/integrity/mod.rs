//! The rules of this area: one file and one line each.

use super::{checks, rules};

rules! {
    acceptance_by_author,
    acceptance_changed,
    acceptance_expired,
    acceptance_not_allowed,
    acceptance_too_long,
    acceptance_unknown_rule,
    acceptance_unused,
    acceptance_without_reason,
    approval_orphaned,
    baseline_unresolvable,
    fingerprint_algorithm_changed,
    lock_edited,
    lock_line_removed,
    lock_missing,
    locked_version_removed,
    lockfile_stale,
    nothing_checked,
    policy_changed,
    policy_weakened,
    signatures_changed,
}

checks! {
    acceptance_by_author,
    acceptance_not_allowed,
    acceptance_too_long,
    acceptance_without_reason,
    approval_orphaned,
    fingerprint_algorithm_changed,
    lock_edited,
    lock_line_removed,
    lock_missing,
    locked_version_removed,
    lockfile_stale,
    policy_weakened,
}
