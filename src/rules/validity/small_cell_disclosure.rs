//! Small cells of a number that is made of sensitive values.

use crate::rules::columns::column;
use crate::rules::{About, Findings, Meant, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| meant.pipeline().is_some()) {
        let publish = &meant.plan.publish;
        if publish.min_cell.is_some() || meant.plan.dimensions.is_empty() {
            continue;
        }
        let Some((name, declared)) = sensitive(subject, &meant) else { continue };
        let message = format!("`{}` shows small cells of `{name}`, which is sensitive", meant.name());
        let finding = findings.add(rule, About::metric(meant.metric), meant.place(&["measure"]), (&name, message));
        finding.also(declared, "declared here");
    }
}

/// Returns a sensitive column that the reading reads, with its place.
fn sensitive(subject: &Subject<'_>, meant: &Meant<'_>) -> Option<(String, crate::text::Span)> {
    let scans = meant.pipeline()?.scans();
    let mut read = scans.iter().flat_map(|scan| scan.columns.iter().map(|column| (&scan.source, &column.name)));
    read.find_map(|(source, name)| {
        let found = column(subject.new.catalog, source, name)?;
        (found.privacy() == "sensitive").then(|| (name.clone(), found.span()))
    })
}
