//! The rules of this area: one file and one line each.

use super::{checks, rules};

rules! {
    applies_to_changed,
    assumption_changed,
    band_labels_changed,
    confidence_interval_changed,
    description_changed,
    direction_changed,
    drives_changed,
    guardrail_added,
    guardrail_changed,
    guardrail_loosened,
    guardrail_metric_swapped,
    guardrail_removed,
    guardrail_tightened,
    label_changed,
    listing_order_changed,
    not_for_added,
    not_for_removed,
    objective_changed,
    pay_relevance_changed,
    role_changed,
    statement_changed,
    target_added,
    target_backdated,
    target_baseline_changed,
    target_changed,
    target_eased,
    target_raised,
    target_removed,
    timing_changed,
    unit_changed,
    uses_changed,
    weights_provenance_changed,
}

checks! {
    guardrail_metric_swapped,
    target_backdated,
}
