//! The rules of this area: one file and one line each.

use super::rules;

rules! {
    exclusion_added,
    exclusion_approver_changed,
    exclusion_expiry_moved,
    exclusion_narrowed,
    exclusion_order_changed,
    exclusion_reason_changed,
    exclusion_removed,
    exclusion_scope_changed,
    exclusion_widened,
    min_cell_changed,
    min_cell_lowered,
    min_sample_changed,
    missing_data_policy_changed,
    standard_scope_changed,
}
