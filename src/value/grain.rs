//! The lengths of reporting periods.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

/// The length of a reporting period; `All` is one period without bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Grain {
    /// An hour of the wall clock; a repeated hour is two.
    Hour,
    /// A local day of 23, 24 or 25 hours.
    Day,
    /// Seven local days from the declared first weekday.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months from January, April, July or October.
    Quarter,
    /// A calendar year.
    Year,
    /// Everything that was observed, as one period.
    All,
}

impl Grain {
    /// All grains, shortest first.
    pub const EVERY: [Grain; 7] =
        [Grain::Hour, Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year, Grain::All];

    /// Returns the grain's name as definitions write it.
    pub fn name(self) -> &'static str {
        match self {
            Grain::Hour => "hour",
            Grain::Day => "day",
            Grain::Week => "week",
            Grain::Month => "month",
            Grain::Quarter => "quarter",
            Grain::Year => "year",
            Grain::All => "all",
        }
    }

    /// Tells whether every period of this grain lies in exactly one period of `outer`.
    pub fn nests_in(self, outer: Grain) -> bool {
        // Weeks straddle months, quarters and years.
        self <= outer && !(self == Grain::Week && matches!(outer, Grain::Month | Grain::Quarter | Grain::Year))
    }
}

impl fmt::Display for Grain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Grain {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::EVERY.into_iter().find(|grain| grain.name() == text).ok_or(())
    }
}

/// The first day of a reporting week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Weekday {
    /// Monday, as ISO 8601 has it.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl Weekday {
    /// All weekdays, from Monday.
    pub const EVERY: [Weekday; 7] = [
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ];

    /// Returns the days since Monday, 0 to 6.
    pub fn days_since_monday(self) -> i64 {
        self as i64
    }

    /// Returns the name as definitions write it.
    pub fn name(self) -> &'static str {
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"][self as usize]
    }
}

impl FromStr for Weekday {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::EVERY.into_iter().find(|day| day.name() == text).ok_or(())
    }
}
