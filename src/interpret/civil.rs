//! Civil periods: the local days with which weeks, months, quarters and years begin.
//!
//! Knows no zone and no instant.

use jiff::ToSpan;
use jiff::civil::Date;

use crate::plan::{Calendar, Year, YearBegins};
use crate::value::{Grain, Weekday};

/// Returns the first day of the period of `grain` that holds `date`, and the first day after it; `None` outside the
/// calendar. Hours lie in days.
pub(super) fn around(calendar: &Calendar, grain: Grain, date: Date) -> Option<(Date, Date)> {
    let year = match grain {
        Grain::Hour | Grain::Day | Grain::All => return Some((date, date.checked_add(1.day()).ok()?)),
        Grain::Week => {
            let first = week_start(date, calendar.week_starts)?;
            return Some((first, first.checked_add(7.days()).ok()?));
        }
        Grain::Month | Grain::Quarter | Grain::Year => &calendar.year,
    };
    match year {
        Year::OfMonths { first } => around_months(*first, grain, date),
        Year::OfWeeks { first, begins, pattern } => {
            let weeks = Weeks { week_starts: calendar.week_starts, first: *first, begins: *begins, pattern };
            weeks.around(grain, date)
        }
    }
}

fn week_start(date: Date, starts: Weekday) -> Option<Date> {
    let weekday = i64::from(date.weekday().to_monday_zero_offset());
    let into = (weekday - starts.days_since_monday()).rem_euclid(7);
    date.checked_sub(into.days()).ok()
}

fn around_months(first: u8, grain: Grain, date: Date) -> Option<(Date, Date)> {
    let length: i32 = match grain {
        Grain::Year => 12,
        Grain::Quarter => 3,
        _ => 1,
    };
    let into = (i32::from(date.month()) - i32::from(first)).rem_euclid(12) % length;
    let start = date.first_of_month().checked_sub(into.months()).ok()?;
    Some((start, start.checked_add(length.months()).ok()?))
}

/// A calendar whose years are made of whole weeks.
struct Weeks<'a> {
    week_starts: Weekday,
    first: u8,
    begins: YearBegins,
    pattern: &'a [u8; 3],
}

impl Weeks<'_> {
    fn around(&self, grain: Grain, date: Date) -> Option<(Date, Date)> {
        let year = date.year();
        // A year can begin some days before the calendar year of its name, or many months after that has begun.
        let begun = [year + 1, year, year - 1].into_iter().filter_map(|year| Some((year, self.start_of(year)?)));
        let (year, start) = begun.into_iter().find(|(_, start)| *start <= date)?;
        let end = self.start_of(year + 1)?;
        let mut first = start;
        for weeks in self.weeks_before(grain) {
            let begins = start.checked_add(weeks.weeks()).ok()?;
            if begins > date {
                return Some((first, begins));
            }
            first = begins;
        }
        // The 53rd week belongs to the last month and quarter.
        Some((first, end))
    }

    /// Returns how many weeks of the year pass before each month or quarter but the first.
    fn weeks_before(&self, grain: Grain) -> Vec<i64> {
        let [one, two, _] = self.pattern.map(i64::from);
        let quarters = [0, 13, 26, 39];
        let starts: Vec<i64> = match grain {
            Grain::Month => quarters.iter().flat_map(|weeks| [*weeks, weeks + one, weeks + one + two]).collect(),
            Grain::Quarter => quarters.to_vec(),
            _ => vec![0],
        };
        starts[1..].to_vec()
    }

    /// Returns the first day of the year that begins near the first of the month in the calendar year `year`.
    fn start_of(&self, year: i16) -> Option<Date> {
        let first = Date::new(year, i8::try_from(self.first).ok()?, 1).ok()?;
        let before = week_start(first, self.week_starts)?;
        let after = if before == first { first } else { before.checked_add(7.days()).ok()? };
        let days_after = first.since(before).ok()?.get_days();
        Some(match self.begins {
            YearBegins::AtOrBefore => before,
            YearBegins::AtOrAfter => after,
            YearBegins::Nearest if days_after <= 3 => before,
            YearBegins::Nearest => after,
        })
    }
}
