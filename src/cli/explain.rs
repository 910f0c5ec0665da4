use clap::Args;

use super::exit::{Exit, Outcome, Stop};
use super::terminal::Terminal;
use crate::diagnostic::codes;

/// Explain a diagnostic code: why it is reported, and what to do.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code, as it stands in brackets; left out, all codes are listed.
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let Some(id) = &self.code else {
            for code in codes::all() {
                terminal.print(&format!("{:<24} {}\n", code.id, code.title()))?;
            }
            return Ok(Exit::Ok);
        };
        let Some(code) = codes::find(id) else {
            let near: Vec<String> = codes::near(id).iter().map(|code| format!("`{}`", code.id)).collect();
            let remedy = match near.as_slice() {
                [] => "`etalon explain` lists all codes".to_owned(),
                near => format!("did you mean {}?", near.join(" or ")),
            };
            return Err(Stop::Usage(format!("there is no code `{id}`: {remedy}")));
        };
        terminal.print(&format!("{}\n", code.explanation.trim_end()))?;
        Ok(Exit::Ok)
    }
}
