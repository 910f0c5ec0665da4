//! What a driver says when something goes wrong, as an error of the engine.
//!
//! Tells what lies with the question from what lies with the server, and hides what is secret. Sends nothing.

use adbc_core::error::{Error, Status};
use arrow_schema::ArrowError;

use super::profile::Profile;
use crate::engine::EngineError;
use crate::engine::address::Address;
use crate::engine::error::excerpt;

/// The mark before the code of an error in a message.
const CODE: &str = "SQLSTATE: ";

/// What a driver says.
pub(super) struct Complaint {
    message: String,
    /// The five characters of the SQL standard that say what kind of error it is.
    code: Option<String>,
    status: Option<Status>,
}

impl From<Error> for Complaint {
    fn from(error: Error) -> Self {
        // Bytes of C: signed or not, by platform.
        #[allow(clippy::unnecessary_cast)]
        let code: String = error.sqlstate.iter().map(|byte| char::from(*byte as u8)).collect();
        let code = Some(code).filter(|code| is_code(code) && code != "00000");
        let code = code.or_else(|| mentioned(&error.message));
        Self { message: error.message, code, status: Some(error.status) }
    }
}

impl From<ArrowError> for Complaint {
    fn from(error: ArrowError) -> Self {
        let message = error.to_string();
        Self { code: mentioned(&message), message, status: None }
    }
}

fn is_code(code: &str) -> bool {
    code.len() == 5 && code.chars().all(|character| character.is_ascii_digit() || character.is_ascii_uppercase())
}

/// Returns the code that a message mentions.
fn mentioned(message: &str) -> Option<String> {
    let (_, after) = message.rsplit_once(CODE)?;
    after.get(..5).filter(|code| is_code(code)).map(str::to_owned)
}

/// How far a failure reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// The statement.
    Statement,
    /// Whatever this caller asks.
    Session,
    /// The message does not tell.
    Unclear,
}

impl Complaint {
    /// Tells how far the failure of a server reaches.
    pub(super) fn reach(&self) -> Reach {
        match self.code.as_deref() {
            // Connection, authorisation, resources, intervention of an operator, failure of the system; no privilege.
            Some(code) if ["08", "28", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => Reach::Session,
            Some("42501") => Reach::Session,
            Some(_) => Reach::Statement,
            None => match self.status {
                Some(Status::Unauthenticated | Status::Unauthorized) => Reach::Session,
                _ => Reach::Unclear,
            },
        }
    }

    /// Returns the error for a statement that was refused.
    pub(super) fn failed(&self, speaker: &Speaker<'_>, sql: &str) -> EngineError {
        let message = speaker.told(&self.message);
        let line = speaker.profile.line(&self.message).and_then(|line| sql.lines().nth(line.checked_sub(1)?));
        EngineError::Failed { engine: speaker.profile.name(), message, sql: excerpt(line.unwrap_or(sql), None) }
    }

    /// Returns the error for a server that cannot go on.
    pub(super) fn down(&self, speaker: &Speaker<'_>, opening: bool) -> EngineError {
        let remedies = speaker.profile.remedies().iter();
        let known = remedies.copied().find(|(part, _)| self.message.contains(part)).map(|(_, remedy)| remedy);
        let remedy = known.unwrap_or(match self.code.as_deref() {
            Some(code) if code.starts_with("53") || code.starts_with("58") => OUT_OF_ROOM,
            Some("42501") => NO_PRIVILEGE,
            _ if opening => NOT_REACHED,
            _ => LOST,
        });
        let remedy = remedy.replace("{variable}", speaker.address.variable());
        let what = speaker.told(&self.message);
        EngineError::Down { engine: speaker.profile.name(), what, remedy }
    }

    /// Returns the error for an engine in this process that does not open.
    pub(super) fn unavailable(&self, speaker: &Speaker<'_>) -> EngineError {
        let driver = speaker.profile.driver();
        driver.unavailable(format!("{} does not open: {}", driver.title, speaker.told(&self.message)))
    }
}

const OUT_OF_ROOM: &str = "The server has run out of disk, memory or connections: make room, or raise its limits, and \
                           run the command again. Nothing was left behind.";
const NO_PRIVILEGE: &str = "Give the role in `{variable}` the right: `SELECT` on the tables that definitions read, and \
                            `TEMPORARY` on the database where cases are loaded.";
const NOT_REACHED: &str = "Check that the server runs, and the address in `{variable}`.";
const LOST: &str = "Run the command again when the server answers. Tables were loaded for the session alone, so \
                    nothing was left behind.";

/// Who complains: an engine at an address.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'a> {
    pub(super) profile: &'a dyn Profile,
    pub(super) address: &'a Address,
}

impl Speaker<'_> {
    /// Returns a message as it may be shown.
    fn told(&self, message: &str) -> String {
        self.address.scrubbed(self.profile.told(message).trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(message: &str, status: Status) -> Complaint {
        Complaint::from(Error::with_message_and_status(message, status))
    }

    #[test]
    fn the_code_tells_how_far_a_failure_reaches() {
        for (code, reach) in [
            ("42703", Reach::Statement),
            ("22012", Reach::Statement),
            ("53400", Reach::Session),
            ("57P01", Reach::Session),
            ("08006", Reach::Session),
            ("42501", Reach::Session),
        ] {
            assert_eq!(complaint(&format!("ERROR: x. SQLSTATE: {code}"), Status::IO).reach(), reach, "{code}");
        }
        let mut error = Error::with_message_and_status("ERROR: x", Status::Internal);
        error.sqlstate = [53, 51, 49, 48, 48];
        assert_eq!(Complaint::from(error).reach(), Reach::Session);
    }

    #[test]
    fn without_a_code_the_message_does_not_tell() {
        assert_eq!(complaint("no connection", Status::IO).reach(), Reach::Unclear);
        assert_eq!(complaint("SQLSTATE: none", Status::IO).reach(), Reach::Unclear);
        assert_eq!(complaint("who are you", Status::Unauthenticated).reach(), Reach::Session);
    }

    #[test]
    fn a_code_is_found_in_the_message_of_a_stream_too() {
        let error = ArrowError::CDataInterface("ERROR: no room\n. SQLSTATE: 53100".to_owned());
        assert_eq!(Complaint::from(error).reach(), Reach::Session);
    }
}
