//! Verdicts for people at a terminal.

use super::shown::{Grid, answers, tables, tally};
use crate::diagnostic::Diagnostic;
use crate::drift::Judged;
use crate::report::diagnostic::{Style, render};
use crate::report::neutral;
use crate::report::table::Layout;
use crate::report::words::counted;
use crate::text::Texts;

/// Writes verdicts: a line for each object, then what has to be looked at, with the tables that show it.
pub fn human(judged: &[Judged], findings: &[(usize, Diagnostic)], texts: &Texts, style: Style) -> String {
    let mut layout = Layout::new(["object", "metric", "version", "verdict"].map(str::to_owned).to_vec());
    for one in judged {
        let version = one.stamp.as_ref().map(|stamp| stamp.version.clone()).unwrap_or_default();
        let metric = one.metric.clone().unwrap_or_default();
        let name = one.deployed.as_ref().map_or("", |deployed| deployed.name.as_str());
        layout.push([name, &metric, &version, one.verdict.name()].map(neutral::line).to_vec());
    }
    let mut text = layout.render("");
    for (index, finding) in findings {
        text.push_str(&format!("\n{}\n", render(std::slice::from_ref(finding), texts, style).trim_end()));
        if let Some(found) =
            judged.get(*index).and_then(|one| one.verdict.witness()).filter(|found| found.deployed.is_ok())
        {
            let moment = found.as_of.map(|at| format!(" as of {at}")).unwrap_or_default();
            text.push_str(&format!("  witness{moment}\n"));
            tables(found).iter().chain(&answers(found)).for_each(|table| text.push_str(&grid(table)));
        }
    }
    text + &format!("\n{}: {}\n", counted(judged.len(), "object"), tally(judged))
}

fn grid(grid: &Grid) -> String {
    let safe = |cells: &[String]| cells.iter().map(|cell| neutral::line(cell)).collect::<Vec<_>>();
    let mut layout = Layout::new(safe(&grid.columns));
    grid.rows.iter().for_each(|row| layout.push(safe(row)));
    format!("    {}\n{}", neutral::line(&grid.name), layout.render("      "))
}
