use clap::{Args, ValueEnum};

use super::exit::{Exit, Outcome, Stop};
use super::terminal::Terminal;
use crate::format::{FileKind, schema};

/// Print the JSON Schema of definition files, for editors and other programs.
#[derive(Debug, Args)]
pub(super) struct Schema {
    /// The kind of file; left out, the schema accepts every kind by its head key.
    #[arg(value_enum)]
    kind: Option<Kind>,
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
        let kind = self.kind.map(|kind| match kind {
            Kind::Project => FileKind::Project,
            Kind::Source => FileKind::Source,
            Kind::Standard => FileKind::Standard,
            Kind::Metric => FileKind::Metric,
            Kind::Case => FileKind::Case,
            Kind::Approval => FileKind::Approval,
            Kind::Acceptance => FileKind::Acceptance,
        });
        let text = serde_json::to_string_pretty(&schema::schema(kind)).map_err(|e| Stop::Incomplete(e.to_string()))?;
        terminal.print(&format!("{text}\n"))?;
        Ok(Exit::Ok)
    }
}
