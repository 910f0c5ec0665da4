//! The rules of this area: one file and one line each.

use super::rules;

rules! {
    acceptance_by_author: check,
    acceptance_changed,
    acceptance_expired,
    acceptance_not_allowed: check,
    acceptance_too_long: check,
    acceptance_unknown_rule,
    acceptance_unused,
    acceptance_without_reason: check,
    approval_orphaned: check,
    baseline_unresolvable,
    fingerprint_algorithm_changed: check,
    lock_edited: check,
    lock_line_removed: check,
    lock_missing: across,
    locked_version_removed: check,
    lockfile_stale: check,
    nothing_checked,
    policy_changed,
    policy_weakened: check,
    signatures_changed,
}
