//! What is wrong with deployed files, as findings with a place, a severity and a remedy.
//!
//! Decides how grave a deviation is, not how it is shown.

use super::committed::{Deviation, Line, What};
use crate::diagnostic::{Diagnostic, codes};
use crate::text::{Span, TextId, Texts};

/// Most characters of a line that a finding shows.
const SHOWN: usize = 120;

/// Returns a finding for each deviation. `text` gives the text of a file below the folder; `home` the place of a metric's
/// definition, for what has no file; `command` is what mends it.
pub fn findings(
    deviations: &[Deviation],
    texts: &Texts,
    text: impl Fn(&str) -> Option<TextId>,
    home: impl Fn(Option<&str>) -> Span,
    command: &str,
) -> Vec<Diagnostic> {
    let finding = |deviation: &Deviation| {
        let path = &deviation.path;
        let place = |line: usize| text(path).map(|id| line_of(texts, id, line));
        let top = place(1).unwrap_or_else(|| home(deviation.metric.as_deref()));
        let again = format!("write it again with `{command}`");
        match &deviation.what {
            What::Missing => Diagnostic::error(
                codes::DEPLOYED_MISSING,
                home(deviation.metric.as_deref()),
                format!("`{path}` is not there"),
            )
            .help(again),
            What::Edited(line) => {
                let span = place(line.number).unwrap_or(top);
                Diagnostic::error(codes::DEPLOYED_EDITED, span, format!("`{path}` was changed by hand"))
                    .label(span, should(line))
                    .help(format!("make the change in the definition, then {again}"))
            }
            What::Stale { because, line } => {
                let span = place(line.number).unwrap_or(top);
                Diagnostic::error(codes::DEPLOYED_STALE, span, format!("`{path}` is stale: {because}"))
                    .label(span, should(line))
                    .help(again)
            }
            What::Orphaned(reason) => {
                Diagnostic::error(codes::DEPLOYED_ORPHANED, top, format!("`{path}` has no definition: {reason}"))
                    .help("remove the file and the object that it has made, or bring the definition back")
            }
            What::Unreadable(reason) => Diagnostic::error(
                codes::DEPLOYED_UNREADABLE,
                top,
                format!("the stamp of `{path}` cannot be read: {reason}"),
            )
            .help(again),
            What::Expiring { until, has_passed } => {
                let (new, message): (fn(_, _, _) -> Diagnostic, _) = match has_passed {
                    true => {
                        (Diagnostic::error, format!("`{path}` was good until {until} and returns no rows any more"))
                    }
                    false => (Diagnostic::warning, format!("`{path}` is good until {until} only")),
                };
                new(codes::DEPLOYED_EXPIRING, top, message).help("write it again with a later `--until`")
            }
        }
    };
    deviations.iter().map(finding).collect()
}

fn should(line: &Line) -> String {
    match &line.expected {
        None => "nothing should stand here".to_owned(),
        Some(expected) => {
            let expected = expected.trim();
            let shown: String = expected.chars().take(SHOWN).collect();
            let more = if shown.len() < expected.len() { "…" } else { "" };
            format!("should be `{shown}{more}`")
        }
    }
}

/// Returns the place of a line, without the blanks around what it says.
pub fn line_of(texts: &Texts, id: TextId, number: usize) -> Span {
    let content = &texts.get(id).content;
    let mut start = 0;
    for (line, count) in content.split_inclusive('\n').zip(1..) {
        if count == number {
            let said = line.trim();
            let first = start + line.find(said).unwrap_or(0);
            return Span::new(id, first, first + said.len());
        }
        start += line.len();
    }
    Span::new(id, content.len(), content.len())
}
