//! The made-up project as etalon's definitions.

use std::fmt::Write as _;
use std::path::Path;

use super::files::put;
use super::metric::{Kind, Metric, SHARE, id, metrics};

/// How metrics are spread over tables and files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A file each, all about one table.
    OneSource,
    /// A file each, a table for a hundred.
    Sources,
    /// A hundred readings to a file, all about one table.
    Variants,
    /// All readings in one file.
    OneFile,
}

impl Layout {
    /// All layouts by name.
    pub(crate) const EVERY: [(&'static str, Layout); 4] = [
        ("one-source", Layout::OneSource),
        ("sources", Layout::Sources),
        ("variants", Layout::Variants),
        ("one-file", Layout::OneFile),
    ];

    /// Returns the number of the table that a metric is about.
    pub(crate) fn table(self, metric: &Metric) -> usize {
        if self == Layout::Sources { metric.table() } else { 0 }
    }

    fn tables(self, count: usize) -> usize {
        if self == Layout::Sources { count.div_ceil(SHARE) } else { 1 }
    }

    /// Returns how many readings stand in one file.
    fn readings(self, count: usize) -> usize {
        match self {
            Layout::OneSource | Layout::Sources => 1,
            Layout::Variants => SHARE,
            Layout::OneFile => count,
        }
    }
}

/// Writes a project of `count` metrics; every so many of them have another filter where `changed` says how many.
pub(crate) fn write(folder: &Path, count: usize, layout: Layout, changed: Option<usize>) {
    let tables = layout.tables(count);
    put(folder, "etalon.yaml", PROJECT);
    put(folder, "standards/bot_contacts.yaml", &standard("bot_contacts", "actor = 'bot'", tables));
    put(folder, "standards/test_contacts.yaml", &standard("test_contacts", "is_test", tables));
    for table in 0..tables {
        put(folder, &format!("sources/contacts_{table}.yaml"), &source(table));
    }
    if layout.readings(count) > 1 {
        return write_variants(folder, count, layout.readings(count));
    }
    for metric in metrics(count) {
        let text = file(&metric, layout.table(&metric), changed.is_some_and(|step| metric.number.is_multiple_of(step)));
        put(folder, &format!("metrics/{}/v1.yaml", metric.id()), &text);
    }
}

fn file(metric: &Metric, table: usize, is_changed: bool) -> String {
    let mut text = head(metric);
    let mut filter = metric.filter();
    if is_changed {
        filter.push_str(" and minutes < 600");
    }
    match metric.kind {
        Kind::Ratio(..) | Kind::Derived(_) => {}
        Kind::Relation => text.push_str(&rows(table, &filter, "closed_at")),
        Kind::Count | Kind::Sum => text.push_str(&rows(table, &filter, "opened_at")),
    }
    let dimensions = "dimensions: [site]\n";
    match &metric.kind {
        Kind::Count => text + "measure: {count: rows}\n\nperiod: {grains: [day, week, month]}\n" + dimensions,
        Kind::Sum => text + "measure: {sum: minutes}\n\nperiod: {grains: [day, week, month]}\n" + dimensions,
        Kind::Ratio(above, below) => {
            let formula = format!("{} / {}", id(*above), id(*below));
            format!("{text}\nmeasure: {{formula: {formula}}}\n\nperiod: {{grains: [day, week, month]}}\n{dimensions}")
        }
        Kind::Derived([one, two, less]) => {
            let formula = format!("{} + {} - {}", id(*one), id(*two), id(*less));
            format!("{text}\nmeasure: {{formula: {formula}}}\n\nperiod: {{grains: [day, week, month]}}\n{dimensions}")
        }
        Kind::Relation => text + &relation(table) + "\nperiod: {grains: [day, week, month]}\n" + dimensions,
    }
}

fn head(metric: &Metric) -> String {
    let unit = match metric.kind {
        Kind::Count => "contacts",
        Kind::Sum | Kind::Derived(_) => "minutes",
        Kind::Ratio(..) => "ratio",
        Kind::Relation => "share",
    };
    format!(
        "metric: {}\nversion: 1.0.0\nstatus: draft\neffective_from: 2026-01-01\ntitle: {}\nstatement: {}\n\
         purpose: Tells the team lead of the queue how much work there is, so that shifts can be planned ahead.\n\
         owner: {}\nrole: diagnostic\nunit: {unit}\ndirection: neutral\nreview_by: 2026-12-31\n\
         assumptions: [Every contact of the tier {} is logged.]\n",
        metric.id(),
        metric.title(),
        metric.description(),
        metric.owner(),
        metric.tier(),
    )
}

fn rows(table: usize, filter: &str, anchor: &str) -> String {
    format!(
        "\npopulation:\n  source: contacts_{table}\n  one_row_per: contact_id\n  anchor: {anchor}\n  \
         where: {filter}\n\nexclusions:\n  - use: bot_contacts\n  - use: test_contacts\n\n"
    )
}

fn relation(table: usize) -> String {
    format!(
        "facts:\n  later_contact:\n    exists: contacts_{table}\n    same: [customer_id]\n    \
         window: {{anchor: closed_at, from: 0s, to: 7d, ends: [exclusive, inclusive]}}\n\n\
         resolution: {{resolved_when: not later_contact}}\nmeasure: {{share: resolved}}\nmaturity: wait\n\
         missing: {{customer_id: drop}}\n"
    )
}

/// Counts as readings of few metrics: the format has one metric a file, and any number of variants of it.
fn write_variants(folder: &Path, count: usize, readings: usize) {
    for (file, first) in (0..count).step_by(readings).enumerate() {
        let base = Metric { number: first, kind: Kind::Count };
        let mut text = self::file(&base, 0, false);
        text.push_str("\nvariants:\n");
        for number in first + 1..count.min(first + readings) {
            let metric = Metric { number, kind: Kind::Count };
            let (title, description, filter) = (metric.title(), metric.description(), metric.filter());
            let _ = write!(
                text,
                "  reading_{number}:\n    title: {title}\n    statement: {description}\n    because: The team of that \
                 queue plans for itself.\n    population: {{source: contacts_0, one_row_per: contact_id, anchor: opened_at, \
                 where: \"{filter}\"}}\n"
            );
        }
        put(folder, &format!("metrics/{}/v1.yaml", id(file)), &text);
    }
}

fn source(table: usize) -> String {
    SOURCE.replace("contacts_0", &format!("contacts_{table}"))
}

fn standard(name: &str, condition: &str, tables: usize) -> String {
    let on: Vec<String> = (0..tables).map(|table| format!("contacts_{table}")).collect();
    format!(
        "standard: {name}\nversion: 1.0.0\nkind: exclusion\ntitle: {name}\nstatement: Contacts where {condition} are \
         left out.\nowner: support-analytics\non: [{}]\nexclude_when: {condition}\nreason: They are not the work of people.\n\
         approved_by: metrics-council\nexpires: 2027-12-31\n",
        on.join(", "),
    )
}

const PROJECT: &str = "project: made_up\ntitle: A made-up project\nedition: 2026\n\
                       reporting: {zone: Europe/Berlin, week_starts: monday}\n";

const SOURCE: &str = "\
source: contacts_0
title: Customer contacts
description: One row per contact of a customer with the support team.
owner: support-analytics
columns:
  contact_id: {type: text, description: Identity of the contact.}
  customer_id: {type: text, nullable: true, privacy: pseudonymous, description: Who made contact.}
  queue: {type: text, values: [billing, technical, delivery, returns, account], description: Where it was handled.}
  channel: {type: text, values: [email, chat, phone, social], description: How contact was made.}
  site: {type: text, values: [north, south], description: Where the agent sits.}
  actor: {type: text, values: [human, bot], description: Who answered.}
  is_test: {type: boolean, description: Whether staff made it to test the system.}
  minutes: {type: integer, unit: minutes, description: Minutes spent on it.}
  opened_at: {type: instant, description: When the contact began.}
  closed_at: {type: instant, description: When the contact was closed.}
primary_key: [contact_id]
order: [closed_at, contact_id]
duplicates: refuse
observed_through: last_row
location: {file: ../data/contacts.csv, format: csv}
";
