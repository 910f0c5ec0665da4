//! A window that reaches beyond what a source keeps.

use crate::plan::Relate;
use crate::rules::columns::retention;
use crate::rules::{About, Findings, Rule, Subject};
use crate::value::Duration;

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings() {
        let Some(pipeline) = meant.pipeline() else { continue };
        for (fact, relate) in pipeline.relates() {
            let source = &relate.events.source;
            let Some((kept, declared)) = retention(subject.new.catalog, source) else { continue };
            let Some(length) = longest(relate).filter(|length| *length > kept) else { continue };
            let message = format!("`{fact}` looks {length} around a row, and `{source}` keeps its rows for {kept}");
            let span = meant.place(&["facts", fact, "window"]);
            findings
                .add(rule, About::metric(meant.metric), span, (&meant.key(span, fact), message))
                .also(declared, "kept so long");
        }
    }
}

/// Returns how far a window reaches from its row, as far as that is a constant length of time.
fn longest(relate: &Relate) -> Option<Duration> {
    let ends = [&relate.window.from, &relate.window.to];
    let lengths = ends.into_iter().filter_map(|end| end.as_ref()?.offset(&relate.anchor));
    lengths.map(|length| Duration::from_micros(length.micros().saturating_abs())).max()
}
