//! The forms of output that commands about findings and verdicts share, and what makes such a command fail.

use clap::ValueEnum;

use crate::diagnostic::Severity;
use crate::report::findings::{Report, github, gitlab, junit, markdown, sarif};
use crate::rules;

/// Who the output is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people.
    Human,
    /// For programs: one document, versioned.
    Json,
    /// For a pull request or a summary of a build.
    Markdown,
    /// For code scanners: SARIF 2.1.0.
    Sarif,
    /// For annotations of a step on GitHub.
    Github,
    /// For the code quality report of GitLab.
    Gitlab,
    /// For build servers that show test results.
    Junit,
}

impl Format {
    /// Writes findings in the forms that are the same for every command; `None` for those that each command writes itself.
    pub(super) fn findings(self, report: &Report<'_>) -> Option<String> {
        Some(match self {
            Format::Human | Format::Json => return None,
            Format::Markdown => markdown::markdown(report),
            Format::Sarif => sarif::sarif(report) + "\n",
            Format::Github => github::github(report),
            Format::Gitlab => gitlab::gitlab(report) + "\n",
            Format::Junit => junit::junit(report),
        })
    }
}

/// How bad a finding must be to make the command fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// What stops a release.
    Error,
    /// Also what deserves a look.
    Warning,
    /// Anything at all.
    Note,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Severity::Error,
            FailOn::Warning => Severity::Warning,
            FailOn::Note => Severity::Note,
        }
    }
}

/// Which rules apply; each profile has the rules of those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Profile {
    /// What can move a number.
    Numbers,
    /// What can move how a number is read.
    Reading,
    /// Who decides, who answers, how long.
    Governance,
    /// Everything else that good practice asks for.
    Strict,
}

impl From<Profile> for rules::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Numbers => rules::Profile::Numbers,
            Profile::Reading => rules::Profile::Reading,
            Profile::Governance => rules::Profile::Governance,
            Profile::Strict => rules::Profile::Strict,
        }
    }
}
