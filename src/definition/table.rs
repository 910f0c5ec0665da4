//! Tables that are written by hand in a file: their text, and where their mistakes stand.
//!
//! Knows no column and no type.

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::pipes::InlineProblem;
use crate::text::Texts;
use crate::yaml::{Node, NodeKind, Style};

/// Most mistakes that are told of one hand-written table: each has to be followed back to its place.
pub const MAX_TOLD: usize = 20;

/// Returns the text of a table; reports one whose line breaks are gone. An empty one was refused by the format.
pub fn table_text<'a>(node: &'a Node, diagnostics: &mut Diagnostics) -> Option<&'a str> {
    let NodeKind::Text { value, style } = &node.kind else { return None };
    if *style == Style::Folded {
        let message = "a block after `>` joins the lines of the table";
        diagnostics.push(Diagnostic::error(codes::INVALID_TABLE, node.span, message).help("write `|` in place of `>`"));
        return None;
    }
    (!value.is_empty()).then_some(value)
}

/// Reports the problems of a hand-written table: the first ones, and how many are left.
pub fn tell(node: &Node, problems: Vec<InlineProblem>, texts: &Texts, diagnostics: &mut Diagnostics) {
    let further = problems.len().saturating_sub(MAX_TOLD);
    for problem in problems.into_iter().take(MAX_TOLD) {
        diagnostics.push(located(node, problem, texts));
    }
    if further > 0 {
        diagnostics.push(
            Diagnostic::error(codes::INVALID_TABLE, node.span, format!("the table has {further} more mistakes"))
                .help("correct those that are told first"),
        );
    }
}

/// Returns a problem in a hand-written table as a diagnostic at its cell.
fn located(node: &Node, problem: InlineProblem, texts: &Texts) -> Diagnostic {
    let span = node.span_within(texts, problem.range);
    let help = problem.help.unwrap_or_else(|| "correct the cell, or the source's description of its column".to_owned());
    Diagnostic::error(codes::INVALID_TABLE, span, problem.message).help(help)
}
