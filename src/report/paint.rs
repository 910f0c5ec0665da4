//! Words with colours, where colours are wanted; the same ones as in diagnostics.

use anstyle::{AnsiColor, Effects, Style as Pen};

use super::diagnostic::Style;
use crate::diagnostic::Severity;

/// Paints a text by how bad it is.
pub(super) fn severity(style: Style, severity: Severity, text: &str) -> String {
    let colour = match severity {
        Severity::Error => AnsiColor::BrightRed,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Note => AnsiColor::BrightGreen,
    };
    painted(style, Pen::new().fg_color(Some(colour.into())).bold(), text)
}

/// Paints a text that a reader looks for.
pub(super) fn strong(style: Style, text: &str) -> String {
    painted(style, Pen::new().bold(), text)
}

/// Paints a text that a reader may pass over.
pub(super) fn faint(style: Style, text: &str) -> String {
    painted(style, Pen::new().effects(Effects::DIMMED), text)
}

/// Paints a line that is gone.
pub(super) fn gone(style: Style, text: &str) -> String {
    painted(style, Pen::new().fg_color(Some(AnsiColor::Red.into())), text)
}

/// Paints a line that has come.
pub(super) fn come(style: Style, text: &str) -> String {
    painted(style, Pen::new().fg_color(Some(AnsiColor::Green.into())), text)
}

fn painted(style: Style, pen: Pen, text: &str) -> String {
    match style {
        Style::Plain => text.to_owned(),
        Style::Coloured => format!("{pen}{text}{pen:#}"),
    }
}
