//! The arguments of commands that judge by rules: which rules, on which day, and what makes them fail.

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::arguments::date;
use super::format::{FailOn, Profile};
use crate::diagnostic::Severity;
use crate::rules;
use crate::value::Date;

/// How findings of rules are judged.
#[derive(Debug, Args)]
pub(super) struct Judging {
    /// The rules that apply; left out, those that the project has adopted.
    #[arg(long, value_enum)]
    profile: Option<Profile>,

    /// The least severity that counts as a finding in the exit code.
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    fail_on: FailOn,

    /// The day on which it is judged; left out, today in UTC.
    #[arg(long, value_name = "DATE", value_parser = date)]
    today: Option<Date>,
}

impl Judging {
    /// Returns the rules that were asked for.
    pub(super) fn asked(&self) -> Option<rules::Profile> {
        self.profile.map(rules::Profile::from)
    }

    /// Returns the least severity that makes the command fail.
    pub(super) fn fail_on(&self) -> Severity {
        self.fail_on.into()
    }

    /// Returns the day on which it is judged.
    pub(super) fn today(&self) -> Date {
        self.today.unwrap_or_else(today)
    }
}

/// Returns the day it is, in UTC.
pub(super) fn today() -> Date {
    Timestamp::now().to_zoned(TimeZone::UTC).date().into()
}
