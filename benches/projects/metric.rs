//! The metrics of a made-up project, said once for every format they are written in.
//!
//! Of twenty, eight are filtered counts, five filtered sums, four ratios, two derived and one looks seven days ahead: 40,
//! 25, 20, 10 and 5 %. Ratios and derived metrics are made of counts and sums shortly before them.

const QUEUES: [&str; 5] = ["billing", "technical", "delivery", "returns", "account"];
const CHANNELS: [&str; 4] = ["email", "chat", "phone", "social"];
const OWNERS: [&str; 4] = ["support-analytics", "finance", "operations", "quality"];
const TIERS: [&str; 3] = ["north_star", "driver", "diagnostic"];
/// Metrics that repeat in kind.
const CYCLE: usize = 20;
/// Metrics that share a table where there are many tables.
pub(crate) const SHARE: usize = 100;

/// One metric.
pub(crate) struct Metric {
    /// Its number, from 0.
    pub(crate) number: usize,
    /// What it computes.
    pub(crate) kind: Kind,
}

/// What a metric computes.
pub(crate) enum Kind {
    /// Rows that pass the filter.
    Count,
    /// Minutes of the rows that pass the filter.
    Sum,
    /// The first metric over the second, by number.
    Ratio(usize, usize),
    /// The first and the second less the third, by number.
    Derived([usize; 3]),
    /// Rows after which the same customer was not there again within seven days.
    Relation,
}

/// Returns the first `count` metrics.
pub(crate) fn metrics(count: usize) -> impl Iterator<Item = Metric> {
    (0..count).map(|number| Metric { number, kind: kind(number) })
}

fn kind(number: usize) -> Kind {
    let first = number / CYCLE * CYCLE;
    match number % CYCLE {
        0..8 => Kind::Count,
        8..13 => Kind::Sum,
        place @ 13..17 => Kind::Ratio(first + place - 13, first + place - 9),
        place @ 17..19 => Kind::Derived([first + place - 9, first + place - 8, first + place - 7]),
        _ => Kind::Relation,
    }
}

impl Metric {
    /// Returns its name.
    pub(crate) fn id(&self) -> String {
        id(self.number)
    }

    /// Returns its heading.
    pub(crate) fn title(&self) -> String {
        let what = match self.kind {
            Kind::Count => "Contacts",
            Kind::Sum => "Minutes",
            Kind::Ratio(..) => "Share",
            Kind::Derived(_) => "Balance",
            Kind::Relation => "First-contact resolution",
        };
        format!("{what} of {} by {}, number {}", self.queue(), self.channel(), self.number)
    }

    /// Returns one sentence that says what it is.
    pub(crate) fn description(&self) -> String {
        let what = match &self.kind {
            Kind::Count => "Number of contacts".to_owned(),
            Kind::Sum => "Minutes spent on contacts".to_owned(),
            Kind::Ratio(above, below) => format!("What {} is of {}, about contacts", id(*above), id(*below)),
            Kind::Derived([one, two, less]) => {
                format!("{} and {} less {}, about contacts", id(*one), id(*two), id(*less))
            }
            Kind::Relation => "Share of contacts that the customer did not have to repeat within 7 days".to_owned(),
        };
        format!("{what} of the queue {} by {}, from step {} on.", self.queue(), self.channel(), self.minutes())
    }

    /// Returns the condition that its rows pass.
    pub(crate) fn filter(&self) -> String {
        format!("queue = '{}' and channel = '{}' and minutes > {}", self.queue(), self.channel(), self.minutes())
    }

    /// Returns who answers for it.
    pub(crate) fn owner(&self) -> &'static str {
        OWNERS[self.number % OWNERS.len()]
    }

    /// Returns how much hangs on it.
    pub(crate) fn tier(&self) -> &'static str {
        TIERS[self.number % TIERS.len()]
    }

    /// Returns the number of the table it is about, where there are many.
    pub(crate) fn table(&self) -> usize {
        self.number / SHARE
    }

    fn queue(&self) -> &'static str {
        QUEUES[self.number % QUEUES.len()]
    }

    fn channel(&self) -> &'static str {
        CHANNELS[self.number / QUEUES.len() % CHANNELS.len()]
    }

    /// No two metrics have the same filter, as in a project where a definition was thought about.
    fn minutes(&self) -> usize {
        self.number / CYCLE
    }
}

/// Returns the name of a metric by its number.
pub(crate) fn id(number: usize) -> String {
    format!("metric_{number:06}")
}
