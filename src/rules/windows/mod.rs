//! The rules of this area: one file and one line each.

use super::{checks, rules};

rules! {
    calendar_history_changed,
    calendar_holidays_changed,
    calendar_hours_changed,
    calendar_zone_changed,
    clock_condition_changed,
    clock_hours_changed,
    clock_start_changed,
    clock_stop_changed,
    credit_changed,
    due_distance_changed,
    due_start_changed,
    event_instant_changed,
    grain_added,
    grain_removed,
    look_back_policy_changed,
    maturation_lag_changed,
    maturity_policy_changed,
    negative_length_policy_changed,
    open_outcome_changed,
    pause_added,
    pause_changed,
    pause_removed,
    promised_times_changed,
    reporting_year_changed,
    rolling_length_changed,
    same_instant_changed,
    time_zone_changed,
    to_date_span_changed,
    week_start_changed,
    window_anchor_changed,
    window_bound_changed,
    window_calendar_changed,
    window_length_changed,
}

checks! {}
