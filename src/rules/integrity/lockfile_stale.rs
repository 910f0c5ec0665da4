//! A lock that is behind the definitions: a released version that it does not know, or knows in another state.

use crate::lock::What;
use crate::rules::{About, Findings, Rule, Subject};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    if subject.new.lock.is_none() {
        return;
    }
    for deviation in subject.new.deviations {
        let (id, version) = (&deviation.id, deviation.version);
        let name = format!("{id}@{version}");
        let (place, command) = match deviation.what {
            What::Unlocked(_) => ("status", format!("`etalon release {name}` locks it.")),
            // A state that goes back is found as that.
            What::State { locked, found } if found > locked => {
                let verb = if found == crate::definition::Status::Retired { "retire" } else { "deprecate" };
                ("status", format!("`etalon {verb} {name}` takes it there."))
            }
            What::Dates { .. } => ("effective_from", format!("The release of the version that follows ends {name}.")),
            _ => continue,
        };
        let Some(metric) = subject.new.version(id, version) else { continue };
        let message = deviation.to_string();
        let key = format!("{version}|{place}");
        let finding = findings.add(rule, About::metric(metric), subject.place(metric, place), (&key, message));
        finding.help_also(command);
        if let Some(line) = subject.new.locked(id, version, subject.texts) {
            finding.also(line, "locked as this");
        }
    }
}
