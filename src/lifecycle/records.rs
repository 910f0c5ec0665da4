//! What people agree to, written down: a signature on a meaning, a finding that is accepted for a time.

use std::path::PathBuf;

use super::stage::{Stage, Staged};
use super::{Refusal, Scene, Target};
use crate::amend::scalar;
use crate::definition::{Acceptance, Approval, Policy, Signature, Status};
use crate::diagnostic::nearest;
use crate::signing::{self, RoleState};
use crate::value::Date;

/// A signature that is about to be given.
#[derive(Debug, Clone, Copy)]
pub struct Signing<'a> {
    /// Who signs.
    pub by: &'a str,
    /// In which role.
    pub role: &'a str,
    /// The day.
    pub on: Date,
    /// First day on which it counts no more.
    pub until: Option<Date>,
}

/// A finding that is about to be accepted.
#[derive(Debug, Clone, Copy)]
pub struct Finding<'a> {
    /// The fingerprint of the change.
    pub fingerprint: &'a str,
    /// The rule that found it.
    pub rule: &'a str,
    /// The metric it was found at.
    pub metric: &'a str,
    /// Why it is accepted.
    pub reason: &'a str,
    /// Who accepts it.
    pub by: &'a str,
    /// First day on which it is accepted no more.
    pub until: Date,
}

/// Signs what a version means now.
///
/// # Errors
/// When the policy does not let this person sign in this role.
pub fn approve(scene: Scene<'_>, asked: &str, signing: Signing<'_>) -> Result<Staged, Refusal> {
    let target = scene.target(asked, |metric| metric.status <= Status::Candidate)?;
    if target.metric.status == Status::Retired {
        let fact = format!("`{}` is retired, and nothing about it is left to decide", target.name());
        return Err(Refusal::state(fact, "sign the version that is in force"));
    }
    let policy = may_sign(scene, target, signing)?;
    let Some(own) = scene.catalog.fingerprints(target.id, target.version) else {
        let fact = format!("`{}` has no meaning to sign", target.name());
        return Err(Refusal::state(fact, "`etalon check` tells why"));
    };
    let mut stage = Stage::new(scene, target.name());
    let known = scene.catalog.registry.approvals.get(&target.name());
    let lines = signatures(known.map(|(_, approval)| approval), (&own.data, signing), &mut stage);
    let text = approval_text(&target.name(), &own.data, &lines);
    match known {
        Some((id, _)) => stage.change(*id, text),
        None => stage.add(root(scene)?.join(format!("approvals/{}-{}.yaml", target.id, target.version)), text)?,
    }
    let after = stage.checked()?;
    let approval = after.0.registry.approvals.get(&target.name()).map(|(_, approval)| approval);
    tell_needs(target, (policy, &own.data), approval, (signing.on, &mut stage));
    stage.staged(after, scene.lock.clone())
}

/// Returns the policy, where it lets this person sign.
fn may_sign<'a>(scene: Scene<'a>, target: Target<'_>, signing: Signing<'_>) -> Result<&'a Policy, Refusal> {
    let Signing { by, role, on, until } = signing;
    let project = scene.catalog.registry.project.as_ref();
    let Some(policy) = project.and_then(|project| project.policy.as_ref()) else {
        let help = "add `policy:` with `roles` and `owners` to `etalon.yaml`";
        return Err(Refusal::state("the project has no policy, so nobody is known to sign", help));
    };
    let team = &target.metric.owner;
    let Some(people) = policy.people(role, team) else {
        if role == crate::definition::OWNER {
            let fact = format!("the policy names nobody who signs for the team `{team}`");
            return Err(Refusal::state(fact, format!("add `{team}: [...]` under `owners` in the policy")));
        }
        let known: Vec<&str> = policy.roles.keys().map(String::as_str).chain([crate::definition::OWNER]).collect();
        let near = nearest(role, &known)
            .map_or(format!("; there are: {}", known.join(", ")), |near| format!(": did you mean `{near}`?"));
        return Err(Refusal::Unknown(format!("the policy has no role `{role}`{near}")));
    };
    if !people.iter().any(|person| person == by) {
        let people = people.join(", ");
        return Err(Refusal::Unknown(format!("`{by}` is not of the role `{role}`; it has: {people}")));
    }
    let author = target.metric.change.as_ref().map(|change| change.author.value.as_str());
    if author == Some(by) && !policy.allows_self_approval {
        let fact =
            format!("`{by}` made the change to `{}`, and the policy lets nobody sign an own change", target.name());
        return Err(Refusal::state(fact, format!("somebody else of the role `{role}` signs it")));
    }
    match until.filter(|until| *until <= on) {
        Some(until) => Err(Refusal::Unknown(format!("the signature would end on {until}, before it counts"))),
        None => Ok(policy),
    }
}

/// Returns the signatures as lines, with the new one; those on another meaning are void and left out.
fn signatures(known: Option<&Approval>, (data, signing): (&str, Signing<'_>), stage: &mut Stage<'_>) -> Vec<String> {
    let Signing { by, role, on, until } = signing;
    let (mut lines, mut is_known) = (Vec::new(), false);
    let own = line(by, role, (on, until), None);
    let is_current = known.is_some_and(|approval| approval.fingerprint.value == data);
    for signature in known.map_or(&[][..], |approval| &approval.signatures) {
        let Signature { by: other, role: as_role, on: since, until: end, note, .. } = signature;
        if !is_current {
            stage.tell(format!("takes out {} as {}, who signed another meaning", other.value, as_role.value));
            continue;
        }
        let is_same = other.value == by && as_role.value == role;
        is_known |= is_same;
        let is_renewed = is_same && *end != until;
        match is_renewed {
            true => lines.push(own.clone()),
            false => lines.push(line(&other.value, &as_role.value, (*since, *end), note.as_deref())),
        }
    }
    match is_known {
        true => stage.tell(format!("{by} has signed {data} as {role} already")),
        false => {
            stage.tell(format!("{by} signs {data} as {role}"));
            lines.push(own);
        }
    }
    lines
}

fn line(by: &str, role: &str, (on, until): (Date, Option<Date>), note: Option<&str>) -> String {
    let until = until.map_or(String::new(), |until| format!(", until: {until}"));
    let note = note.map_or(String::new(), |note| format!(", note: {}", scalar(note)));
    format!("  - {{by: {}, role: {}, on: {on}{until}{note}}}\n", scalar(by), scalar(role))
}

fn approval_text(name: &str, data: &str, lines: &[String]) -> String {
    format!(
        "# Signatures on what {name} means; `etalon approve` adds one. Another meaning makes them void.\n\
         approval: {name}\nfingerprint: \"{data}\"\nsignatures:\n{}",
        lines.concat()
    )
}

/// Tells how far the signatures for the declared class have come.
fn tell_needs(
    target: Target<'_>,
    (policy, data): (&Policy, &str),
    approval: Option<&Approval>,
    (today, stage): (Date, &mut Stage<'_>),
) {
    let Some(change) = &target.metric.change else { return };
    let needs = signing::required(Some(policy), change.class.value);
    let subject = signing::subject(target.metric, data);
    let states = signing::state(needs, (policy, subject), approval, today);
    let told: Vec<String> = states.iter().map(|state| told(state, policy, subject.author)).collect();
    if !told.is_empty() {
        stage.tell(format!("a {} change needs {}", change.class.value.name(), told.join(", ")));
    }
}

fn told(state: &RoleState, policy: &Policy, author: Option<&str>) -> String {
    let count = format!("{} {} of {}", state.need.role, state.has(), state.need.at_least);
    let could: Vec<&str> = state.could_sign(policy, author).collect();
    match state.missing() {
        0 => count,
        _ if could.is_empty() => format!("{count} (nobody else may sign)"),
        _ => format!("{count} ({} could sign)", could.join(", ")),
    }
}

/// Accepts one finding about one change for a time; a known acceptance is renewed.
///
/// Whether a rule finds it is for whoever holds the findings; one that nothing finds is told there as unused.
///
/// # Errors
/// When what is named has no such form, or the time is over.
pub fn accept(scene: Scene<'_>, finding: Finding<'_>, today: Date) -> Result<Staged, Refusal> {
    well_formed(scene, finding)?;
    let Finding { fingerprint, rule, metric, reason, by, until } = finding;
    if until <= today {
        return Err(Refusal::state(
            format!("the acceptance would end on {until}, and today is {today}"),
            "name a later day",
        ));
    }
    let text = format!(
        "# A finding that is accepted for a time; `etalon accept` writes it.\n\
         acceptance: \"{fingerprint}\"\nrule: {rule}\nmetric: {}\nreason: {}\napproved_by: {}\nexpires: {until}\n",
        scalar(metric),
        scalar(reason),
        scalar(by)
    );
    let mut stage = Stage::new(scene, format!("{rule} {fingerprint}"));
    let acceptances = &scene.catalog.registry.acceptances;
    match acceptances.get(&(fingerprint.to_owned(), rule.to_owned())) {
        Some((_, known)) if is_same(known, finding) => stage.tell("is accepted so already; nothing is to be done"),
        Some((id, known)) => {
            stage.tell(format!("{}: expires {} -> {until}", scene.texts.get(*id).name, known.expires.value));
            stage.change(*id, text);
        }
        None => {
            let is_taken = acceptances.keys().any(|(other, _)| other == fingerprint);
            let name = if is_taken { format!("{fingerprint}-{rule}.yaml") } else { format!("{fingerprint}.yaml") };
            stage.tell(format!("accepts `{rule}` at {metric} until {until}"));
            stage.add(root(scene)?.join("acceptances").join(name), text)?;
        }
    }
    let after = stage.checked()?;
    stage.staged(after, scene.lock.clone())
}

fn is_same(known: &Acceptance, finding: Finding<'_>) -> bool {
    let said = (known.metric.value.as_str(), known.reason.as_str(), known.approved_by.as_str(), known.expires.value);
    said == (finding.metric, finding.reason, finding.by, finding.until)
}

fn well_formed(scene: Scene<'_>, finding: Finding<'_>) -> Result<(), Refusal> {
    let Finding { fingerprint, rule, metric, reason, by, .. } = finding;
    let is_hex =
        fingerprint.len() == 12 && fingerprint.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c));
    let is_rule = rule
        .split('-')
        .all(|word| !word.is_empty() && word.bytes().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()));
    let metrics = &scene.catalog.registry.metrics;
    let is_metric = metrics.contains_key(metric) || scene.lock.of(metric).next().is_some();
    let fact = if !is_hex {
        format!("`{fingerprint}` is no fingerprint of a change; reports show its 12 digits")
    } else if !is_rule {
        format!("`{rule}` is no name of a rule; reports show it in brackets, as `window-length-changed`")
    } else if !is_metric {
        let known: Vec<&str> = metrics.keys().map(String::as_str).collect();
        let near = nearest(metric, &known).map_or(String::new(), |near| format!(": did you mean `{near}`?"));
        format!("there is no metric `{metric}`{near}")
    } else if reason.trim().is_empty() || by.trim().is_empty() {
        "an acceptance has a reason, and somebody who gives it".to_owned()
    } else {
        return Ok(());
    };
    Err(Refusal::Unknown(fact))
}

/// Returns the folder of the project.
fn root(scene: Scene<'_>) -> Result<PathBuf, Refusal> {
    let none = || Refusal::state("there is no project to write to", "work on a folder of definitions");
    scene.catalog.root.clone().ok_or_else(none)
}
