use clap::{Args, ValueEnum};

use super::arguments::unknown;
use super::exit::{Exit, Outcome, Stop};
use super::terminal::Terminal;
use crate::format::{FileKind, schema};
use crate::report;

/// Print the JSON Schema of definition files or of reports, for editors and other programs.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The kind of file; left out, the schema accepts every kind by its head key.
    #[arg(value_enum)]
    kind: Option<Kind>,

    /// The schema of what a command writes with `--format json`: check, drift, impact, replay, review, run,
    /// verify.
    #[arg(long, value_name = "REPORT", conflicts_with = "kind")]
    report: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Project,
    Source,
    Standard,
    Metric,
    Case,
    Approval,
    Acceptance,
}

impl Schema {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let schema = match &self.report {
            Some(name) => report::schema::schema(name)
                .ok_or_else(|| Stop::Usage(unknown("report", name, report::schema::names())))?,
            None => schema::schema(self.kind.map(Kind::of_file)),
        };
        let text = serde_json::to_string_pretty(&schema).map_err(|e| Stop::Incomplete(e.to_string()))?;
        terminal.print(&format!("{text}\n"))?;
        Ok(Exit::Ok)
    }
}

impl Kind {
    fn of_file(self) -> FileKind {
        match self {
            Kind::Project => FileKind::Project,
            Kind::Source => FileKind::Source,
            Kind::Standard => FileKind::Standard,
            Kind::Metric => FileKind::Metric,
            Kind::Case => FileKind::Case,
            Kind::Approval => FileKind::Approval,
            Kind::Acceptance => FileKind::Acceptance,
        }
    }
}
