//! A released version that is made of metrics whose meaning has moved.

use crate::format::FileKind;
use crate::lock::{Part, What};
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for deviation in subject.new.deviations {
        let What::Mutated { part: Part::Parents, locked, found } = &deviation.what else { continue };
        let (id, version) = (&deviation.id, deviation.version);
        let Some(metric) = subject.new.version(id, version) else { continue };
        let compared = subject.comparisons().find(|it| it.id == *id && it.new == Some(version));
        let edits = compared.into_iter().flat_map(|comparison| &comparison.edits);
        let upstream: std::collections::BTreeSet<String> = edits
            .filter_map(|judged| judged.through.as_ref().filter(|object| object.kind == FileKind::Metric))
            .map(|object| format!("`{}`", object.name))
            .collect();
        let made_of = match upstream.is_empty() {
            true => "what it is made of".to_owned(),
            false => upstream.into_iter().collect::<Vec<_>>().join(", "),
        };
        let message = format!("the numbers of `{id}@{version}` follow {made_of}, which has changed since its release");
        let key = format!("{version}|{locked}|{found}");
        let finding = findings.add(rule, About::metric(metric), subject.place(metric, "version"), (&key, message));
        finding.help_also(format!("`etalon release {id}@{version}` does that."));
        if let Some(line) = subject.new.locked(id, version, subject.texts) {
            finding.also(line, "released as this");
        }
    }
}
