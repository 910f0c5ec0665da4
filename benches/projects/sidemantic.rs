//! The same project in the form of sidemantic, the quickest peer: a model for a hundred metrics.

use std::fmt::Write as _;
use std::path::Path;

use super::files::put;
use super::metric::{Kind, Metric, SHARE, id, metrics};

/// Writes the project of `count` metrics.
pub(crate) fn write(folder: &Path, count: usize) {
    let all: Vec<Metric> = metrics(count).collect();
    for (table, own) in all.chunks(SHARE).enumerate() {
        let mut text = MODEL.replace("contacts_0", &format!("contacts_{table}"));
        let (of_rows, of_metrics): (Vec<_>, Vec<_>) =
            own.iter().partition(|metric| matches!(metric.kind, Kind::Count | Kind::Sum));
        of_rows.iter().for_each(|metric| text.push_str(&indented(&entry(metric), "      ")));
        text.push_str("metrics:\n");
        of_metrics.iter().for_each(|metric| text.push_str(&indented(&entry(metric), "  ")));
        put(folder, &format!("contacts_{table}.yml"), &text);
    }
}

fn entry(metric: &Metric) -> String {
    let named = |number: usize| format!("contacts_{}.{}", metric.table(), id(number));
    let mut text =
        format!("- name: {}\n  label: {}\n  description: {}\n", metric.id(), metric.title(), metric.description());
    let filters = format!("  filters:\n    - {}\n    - actor <> 'bot'\n    - not is_test\n", metric.filter());
    let _ = match &metric.kind {
        Kind::Count => write!(text, "  agg: count\n{filters}"),
        Kind::Sum => write!(text, "  agg: sum\n  sql: minutes\n{filters}"),
        Kind::Ratio(above, below) => {
            write!(text, "  type: ratio\n  numerator: {}\n  denominator: {}\n", named(*above), named(*below))
        }
        Kind::Derived([one, two, less]) => {
            write!(text, "  type: derived\n  sql: {} + {} - {}\n", named(*one), named(*two), named(*less))
        }
        Kind::Relation => write!(
            text,
            "  type: conversion\n  entity: customer_id\n  base_event: {0}\n  conversion_event: {0}\n  conversion_window: 7 days\n",
            metric.filter()
        ),
    };
    let _ = write!(text, "  meta:\n    owner: {}\n    tier: {}\n    version: 1.0.0\n", metric.owner(), metric.tier());
    text
}

fn indented(text: &str, by: &str) -> String {
    text.lines().map(|line| format!("{by}{line}\n")).collect()
}

const MODEL: &str = "\
models:
  - name: contacts_0
    table: contacts_0
    primary_key: contact_id
    default_time_dimension: opened_at
    dimensions:
      - {name: queue, type: categorical, sql: queue}
      - {name: channel, type: categorical, sql: channel}
      - {name: site, type: categorical, sql: site}
      - {name: actor, type: categorical, sql: actor}
      - {name: is_test, type: boolean, sql: is_test}
      - {name: opened_at, type: time, sql: opened_at, granularity: day}
      - {name: closed_at, type: time, sql: closed_at, granularity: day}
    metrics:
";
