//! A version that is locked and in force, and whose definition is gone.

use crate::definition::Status;
use crate::lock::What;
use crate::rules::departures::departures;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let early = departures(subject);
    for deviation in subject.new.deviations {
        let What::Gone { locked, succeeded_by: None } = deviation.what else { continue };
        let (id, version) = (&deviation.id, deviation.version);
        // What leaves before its announced end is found as that.
        if early.iter().any(|(metric, _)| metric.id.value == *id && metric.version == version.to_string()) {
            continue;
        }
        let sides = [Some(subject.new), subject.old];
        let Some(line) = sides.into_iter().flatten().find_map(|side| side.locked(id, version, subject.texts)) else {
            continue;
        };
        let message = deviation.to_string();
        let finding = findings.add(rule, About::version(id, locked), line, (&format!("{version}"), message));
        if locked == Status::Deprecated {
            finding.help(format!("put the file back, and `etalon retire {id}@{version}`"));
        }
    }
}
