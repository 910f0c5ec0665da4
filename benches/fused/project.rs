//! A project of one source and as many count and sum metrics as asked for, and what is written by hand beside it.
//!
//! Runs nothing.

use etalon::catalog::Catalog;
use etalon::compute;
use etalon::plan::{Plan, Request};
use etalon::sql::{self, DUCKDB, Header, Output};
use etalon::value::{Grain, Instant};

use crate::written::checked;

/// Every column that the metrics read, each value looked at.
pub(crate) const BARE_SCAN: &str = "select max(channel), max(queue), max(direction), max(is_test), max(status), max(opened_at), \
     sum(seconds), sum(cost) from contacts";

/// First-contact resolution with the counts that its result has, in one pass over the contacts of each customer.
pub(crate) const FIRST_CONTACT_BY_HAND: &str = "
select
    count(*) filter (where fate = 0 and resolved) as numerator,
    count(*) filter (where fate = 0) as denominator,
    count(*) filter (where fate = 1) as excluded_unidentified_customer,
    count(*) filter (where fate = 2) as immature
from (
    select
        status in ('solved', 'closed') and not coalesce(next_at <= opened_at + interval '7 days', false) as resolved,
        case
            when customer_id is null then 1
            when opened_at + interval '7 days' > timestamp '2026-02-01' then 2
            else 0
        end as fate
    from (
        select
            customer_id,
            status,
            opened_at,
            lead(opened_at) over (partition by customer_id order by opened_at, contact_id) as next_at
        from contacts
        where direction = 'inbound' and not is_test and opened_at <= timestamp '2026-02-01'
    ) as in_order
    where opened_at >= timestamp '2025-01-01' and opened_at < timestamp '2026-01-01'
) as judged";

const CHANNELS: [&str; 4] = ["email", "chat", "phone", "social"];
const QUEUES: [&str; 8] = ["billing", "technical", "sales", "returns", "vip", "business", "fraud", "other"];

/// Returns the query that makes the contacts.
pub(crate) fn contacts(rows: u64) -> String {
    let numbers = [("{rows}", rows), ("{quarter}", rows / 4 + 1), ("{hundredth}", rows / 400 + 1)];
    let query = include_str!("contacts.sql").to_owned();
    numbers.iter().fold(query, |query, (mark, number)| query.replace(mark, &number.to_string()))
}

/// Definitions, checked.
pub(crate) struct Project {
    catalog: Catalog,
    metrics: usize,
}

impl Project {
    /// Returns the project with so many metrics beside first-contact resolution.
    pub(crate) fn of(metrics: usize) -> Self {
        let catalog = checked((0..metrics).map(|number| (name(number), metric(number))));
        Self { catalog, metrics }
    }

    /// Returns the query of one metric.
    pub(crate) fn query(&self, name: &str, grain: Grain) -> String {
        let (plan, header) = self.metric(name);
        sql::render(plan, &header, &request(grain), &DUCKDB, Output::Cells).expect(name)
    }

    /// Returns the query of all metrics, with their names.
    pub(crate) fn fused(&self, grain: Grain) -> (String, Vec<String>) {
        let names: Vec<String> = (0..self.metrics).map(name).collect();
        let metrics: Vec<(&Plan, Header)> = names.iter().map(|name| self.metric(name)).collect();
        let plans: Vec<&Plan> = metrics.iter().map(|(plan, _)| *plan).collect();
        let values = |source: &str, column: &str| self.catalog.values_of(source, column);
        let partition = sql::partition(&plans, &request(grain), &values);
        assert!(partition.alone.is_empty() && partition.together.len() == 1, "{partition:?}");
        (sql::fused(&metrics, &request(grain), &DUCKDB, &values).expect("a query").text, names)
    }

    fn metric(&self, name: &str) -> (&Plan, Header) {
        let (plan, (_, reading)) = self.catalog.plan(name).zip(self.catalog.reading(name)).expect(name);
        (plan, compute::header(reading, plan))
    }
}

fn request(grain: Grain) -> Request {
    let at = |text: &str| Instant::parse(text).expect("an instant");
    let (from, to, as_of) = (at("2025-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"), at("2026-02-01T00:00:00Z"));
    Request { grain, by: Vec::new(), from: Some(from), to: Some(to), as_of, span: (from, as_of) }
}

fn name(number: usize) -> String {
    format!("metric_{number}")
}

/// Returns a count, or a sum of seconds or cost, of contacts by queue and channel, one way or both, without tests.
fn metric(number: usize) -> String {
    let (channel, queue) = (CHANNELS[number % 4], QUEUES[number * 3 % 8]);
    let which = match number % 3 {
        0 => format!("queue = '{queue}'"),
        1 => format!("channel = '{channel}'"),
        _ => format!("channel = '{channel}' and queue in ('{queue}', 'other')"),
    };
    let direction = if number.is_multiple_of(2) { "" } else { " and direction = 'inbound'" };
    let measure = match number % 3 {
        0 => "{count: rows}",
        1 => "{sum: seconds}",
        _ => "{sum: cost}",
    };
    let unit = if number % 3 == 1 { "seconds" } else { "count" };
    let name = name(number);
    format!(
        "metric: {name}\nversion: 1.0.0\nstatus: candidate\neffective_from: 2026-01-01\ntitle: {name}\nstatement: A bench.\n\
         purpose: A bench.\nassumptions: [It is one.]\nowner: bench\nrole: diagnostic\nunit: {unit}\ndirection: neutral\nreview_by: 2026-12-31\n\
         population:\n  source: contacts\n  one_row_per: contact_id\n  anchor: opened_at\n  where: {which}{direction}\n\
         exclusions:\n  - {{id: tests, where: is_test, reason: No customer., approved_by: bench, expires: 2027-12-31}}\n\
         measure: {measure}\nperiod: {{grains: [day, week, month]}}\ndimensions: [channel]\n"
    )
}
