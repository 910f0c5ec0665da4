use clap::Args;

use super::exit::{Exit, Outcome, Stop};
use super::terminal::Terminal;
use crate::diagnostic::{Code, codes, near_names};
use crate::rules::{self, Area};

/// Explain a diagnostic code or a rule: why it is reported, and what to do.
#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code or rule, as it stands in brackets; left out, all of them are listed.
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let Some(id) = &self.code else {
            terminal.print(&list())?;
            return Ok(Exit::Ok);
        };
        let Some(code) = everything().into_iter().find(|code| code.id == id) else {
            let near: Vec<String> = near_names(id, everything().iter().map(|code| code.id))
                .into_iter()
                .map(|name| format!("`{name}`"))
                .collect();
            let remedy = match near.as_slice() {
                [] => "`etalon explain` lists all of them".to_owned(),
                near => format!("did you mean {}?", near.join(" or ")),
            };
            return Err(Stop::Usage(format!("there is no code or rule `{id}`: {remedy}")));
        };
        terminal.print(&format!("{}\n", code.explanation.trim_end()))?;
        Ok(Exit::Ok)
    }
}

/// Returns every code, then the code of every rule.
fn everything() -> Vec<Code> {
    codes::all().chain(rules::all().iter().map(|rule| rule.code)).collect()
}

/// Lists the codes, then the rules of each area.
fn list() -> String {
    let width = everything().iter().map(|code| code.id.len()).max().unwrap_or_default();
    let line = |code: Code| format!("  {:<width$}  {}\n", code.id, code.title());
    let mut text = String::from("Mistakes in a definition\n");
    text.extend(codes::all().map(line));
    for area in Area::EVERY {
        text.push_str(&format!("\nRules of {}: {}\n", area.name(), area.about()));
        text.extend(rules::all().iter().filter(|rule| rule.area == area).map(|rule| line(rule.code)));
    }
    text
}
