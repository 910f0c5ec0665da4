//! A released version on its way out: deprecated with a sunset, then retired, its line in the lock a tombstone.

use super::stage::{Stage, Staged};
use super::{Refusal, Scene, Target, follows};
use crate::catalog::Catalog;
use crate::definition::{Replacement, Status};
use crate::lock::{Entry, FILE};
use crate::value::{Date, Duration, Version};

/// Deprecates a released version in favour of `replacement` (`metric@version` or `none`), until its sunset.
///
/// # Errors
/// When it is not released, or the sunset is too near.
pub fn deprecate(
    scene: Scene<'_>,
    asked: &str,
    (replacement, sunset): (&str, Date),
    on: Date,
) -> Result<Staged, Refusal> {
    let target = scene.target(asked, |metric| metric.status == Status::Released)?;
    let entry = locked(scene, target)?;
    let is_again = target.metric.status == Status::Deprecated;
    if !is_again {
        follows(target, Status::Deprecated)?;
    }
    let replacement = replaces(scene, target, replacement)?;
    let since = if is_again { entry.on } else { on };
    far_enough(scene.catalog, sunset, since)?;
    if let Some(old) = target.metric.sunset.as_ref().filter(|old| is_again && sunset < old.value) {
        let fact = format!("the sunset of `{}` was promised for {}", target.name(), old.value);
        return Err(Refusal::state(fact, "a sunset may be put off, and not be moved nearer"));
    }
    let mut stage = Stage::new(scene, target.name());
    let mut amendment = scene.amendment(target.document)?;
    amendment.set("status", Status::Deprecated.name(), "version");
    let by = match &replacement {
        Replacement::None => "none".to_owned(),
        Replacement::By(id, version) => format!("{id}@{version}"),
    };
    amendment.set("replaced_by", &by, "effective_from");
    amendment.set("sunset", &sunset.to_string(), "effective_from");
    stage.change(target.document.text, amendment.finish());
    let file = &scene.texts.get(target.document.text).name;
    let what = if is_again { "deprecated still" } else { "status released -> deprecated" };
    stage.tell(format!("{file}: {what}, replaced by {by}, sunset {sunset}"));
    let mut lock = scene.lock.clone();
    if !is_again {
        lock.set(Entry { state: Status::Deprecated, on, ..entry.clone() }.sealed());
        stage.tell(format!("{FILE}: released -> deprecated on {on}"));
    }
    let after = stage.checked()?;
    stage.staged(after, lock)
}

/// Retires a deprecated version whose sunset has come.
///
/// # Errors
/// When it is not deprecated, its sunset has not come, or others rest on it.
pub fn retire(scene: Scene<'_>, asked: &str, on: Date) -> Result<Staged, Refusal> {
    let target = scene.target(asked, |metric| metric.status == Status::Deprecated)?;
    let entry = locked(scene, target)?;
    let mut stage = Stage::new(scene, target.name());
    if target.metric.status == Status::Retired && entry.state == Status::Retired {
        stage.tell("is retired already; nothing is to be done");
        let after = stage.checked()?;
        return stage.staged(after, scene.lock.clone());
    }
    follows(target, Status::Retired)?;
    match &target.metric.sunset {
        Some(sunset) if sunset.value <= on => {}
        Some(sunset) => {
            let fact = format!("the sunset of `{}` is {}, and today is {on}", target.name(), sunset.value);
            return Err(Refusal::state(fact, "wait for the sunset: whoever reads the number was promised it"));
        }
        None => {
            let fact = format!("`{}` has no sunset", target.name());
            return Err(Refusal::state(fact, "`etalon deprecate` gives it one"));
        }
    }
    refuse_while_used(scene.catalog, target)?;
    let mut amendment = scene.amendment(target.document)?;
    amendment.set("status", Status::Retired.name(), "version");
    let to = target.metric.effective_to.unwrap_or(on);
    if target.metric.effective_to.is_none() {
        amendment.set("effective_to", &to.to_string(), "effective_from");
        stage.tell(format!("is in force until {to}"));
    }
    stage.change(target.document.text, amendment.finish());
    stage.tell(format!("{}: status deprecated -> retired", scene.texts.get(target.document.text).name));
    let mut lock = scene.lock.clone();
    lock.set(Entry { state: Status::Retired, on, to: Some(to), ..entry.clone() }.sealed());
    stage.tell(format!("{FILE}: deprecated -> retired on {on}; the line stays for ever, also without the file"));
    let after = stage.checked()?;
    stage.staged(after, lock)
}

/// Returns the line of a version, whose state is that of its file.
fn locked<'a>(scene: Scene<'a>, target: Target<'_>) -> Result<&'a Entry, Refusal> {
    scene.sealed(target)?;
    let name = target.name();
    let Some(entry) = scene.lock.entry(target.id, target.version) else {
        let status = target.metric.status;
        let help = match status {
            Status::Draft | Status::Candidate => {
                "what was never released needs no farewell: remove its file".to_owned()
            }
            _ => format!("`etalon release {name}` locks it"),
        };
        return Err(Refusal::state(format!("`{name}` is `{}`, and is not locked", status.name()), help));
    };
    if entry.state != target.metric.status {
        let (locked, found) = (entry.state.name(), target.metric.status.name());
        let fact = format!("`{name}` is locked as {locked}, and its file says {found}");
        return Err(Refusal::state(fact, format!("set `status: {locked}`; commands change the state")));
    }
    Ok(entry)
}

/// Reads what takes the place of a version: nothing, or another version that is in force.
fn replaces(scene: Scene<'_>, target: Target<'_>, asked: &str) -> Result<Replacement, Refusal> {
    if asked == "none" {
        return Ok(Replacement::None);
    }
    let Some((id, version)) = asked.split_once('@') else {
        let message = format!("`{asked}` is no version of a metric\n  help: write `metric@1.0.0`, or `none`");
        return Err(Refusal::Unknown(message));
    };
    let other = scene.target(asked, |_| false)?;
    if other.name() == target.name() {
        return Err(Refusal::state("no version takes its own place", "name the version that follows, or write `none`"));
    }
    if other.metric.status != Status::Released {
        let fact =
            format!("`{asked}` is `{}`, and cannot take the place of a released version", other.metric.status.name());
        return Err(Refusal::state(fact, "release it first"));
    }
    let version = Version::parse(version).unwrap_or(other.version);
    Ok(Replacement::By(id.to_owned(), version))
}

/// Refuses a sunset within the policy's time of grace.
fn far_enough(catalog: &Catalog, sunset: Date, since: Date) -> Result<(), Refusal> {
    let policy = catalog.registry.project.as_ref().and_then(|project| project.policy.as_ref());
    let grace = policy.and_then(|policy| policy.deprecation_grace).unwrap_or(Duration::ZERO);
    const DAY: i64 = 86_400_000_000;
    // A part of a day counts as the whole of it.
    let days = (grace.micros() + DAY - 1).div_euclid(DAY).max(1);
    let earliest = Date::from_days(since.days() + days);
    match earliest.filter(|earliest| sunset < *earliest) {
        None => Ok(()),
        Some(earliest) if grace > Duration::ZERO => Err(Refusal::state(
            format!("the sunset {sunset} is too near: the policy grants {grace} from {since}"),
            format!("set it to {earliest} or later"),
        )),
        Some(earliest) => Err(Refusal::state(
            format!("the sunset {sunset} is not after {since}"),
            format!("set it to {earliest} or later"),
        )),
    }
}

/// Refuses to retire the last version of a metric that others rest on.
fn refuse_while_used(catalog: &Catalog, target: Target<'_>) -> Result<(), Refusal> {
    let registry = &catalog.registry;
    let is_current = registry.current(target.id).is_some_and(|current| current.version == target.metric.version);
    if !is_current {
        return Ok(());
    }
    let id_of = |name: &str| name.split(['.', '@']).next().unwrap_or(name).to_owned();
    let mut users = Vec::new();
    for (id, versions) in registry.metrics.iter().filter(|(id, _)| *id != target.id) {
        for (version, metric) in versions.iter().filter(|(_, metric)| metric.status != Status::Retired) {
            let plans = catalog.version(id, *version);
            let is_part =
                plans.iter().flat_map(|(_, plan)| plan.body.parts()).any(|part| id_of(&part.metric) == target.id);
            let is_guard = metric.guardrails.iter().any(|guard| id_of(&guard.metric.value) == target.id);
            if is_part || is_guard {
                users.push(format!("{id}@{version}"));
            }
        }
    }
    if users.is_empty() {
        return Ok(());
    }
    let fact = format!("`{}` is used by {}", target.name(), users.join(", "));
    Err(Refusal::state(fact, "retire them first, or let them rest on something else"))
}
