//! The rules of this area: one file and one line each.

mod publications;
mod signed;
mod way;

use super::rules;

rules! {
    approval_expired: check,
    approval_missing: check,
    approval_stale: check,
    change_record_changed,
    change_record_missing: check,
    consumer_unacknowledged: check,
    decision_not_accepted: check,
    decision_record_missing: check,
    declared_direction_mismatch: check,
    declared_impact_mismatch: check,
    deprecated_without_replacement: check,
    deprecated_without_sunset: check,
    effective_backdated: check,
    effective_date_moved,
    effective_gap: check,
    effective_overlap: check,
    illegal_transition: check,
    owner_changed,
    parents_moved: check,
    past_sunset_still_live: check,
    released_version_mutated: check,
    removed_before_sunset: check,
    replacement_changed,
    replacement_unfit: check,
    restatement_plan_missing: check,
    retired_id_reused: check,
    review_date_moved,
    rule_set_changed,
    self_approval: check,
    standard_version_not_raised: check,
    status_changed,
    sunset_moved,
    sunset_moved_earlier,
    sunset_too_soon: check,
    version_bump_missing: check,
    version_bump_too_small: check,
    version_bump_unneeded: check,
    version_changed,
    version_ended,
    version_went_backwards: check,
}
