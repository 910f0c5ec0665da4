//! The rules of this area: one file and one line each.

use super::{checks, rules};

rules! {
    column_added,
    column_unit_changed,
    currency_column_changed,
    data_beginning_changed,
    decimal_scale_changed,
    dedup_policy_changed,
    derived_column_changed,
    event_order_changed,
    invalid_values_policy_changed,
    late_data_cutoff_changed,
    location_changed,
    mapping_added,
    mapping_coverage_changed,
    mapping_fields_changed,
    mapping_removed,
    mapping_rows_changed,
    mapping_values_changed,
    null_tokens_changed,
    outlier_policy_changed,
    primary_key_changed,
    privacy_class_changed,
    raw_field_changed,
    retention_changed,
    retention_shortened,
    source_added,
    source_column_removed,
    source_enum_value_added,
    source_enum_value_removed,
    source_enum_value_unmapped,
    source_nullability_changed,
    source_range_changed,
    source_removed,
    source_type_changed,
    standard_added,
    standard_kind_changed,
    standard_removed,
    unique_key_changed,
    wall_clock_changed,
}

checks! {
    source_enum_value_unmapped,
}
