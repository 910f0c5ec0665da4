//! A candidate becomes a released version: its state, the days of those before it, its line in the lock.

use super::stage::{Stage, Staged};
use super::{Refusal, Scene, Target, follows};
use crate::catalog::{Catalog, Fingerprints};
use crate::definition::Status;
use crate::lock::{self, Entry, Lock, Part, What};
use crate::plan::fingerprint::ALGORITHM;
use crate::value::Date;

/// Releases a candidate, or locks a version that is released already; `on` is the day of it.
///
/// # Errors
/// When the version is not ready for it, or was locked as something else.
pub fn release(scene: Scene<'_>, asked: &str, on: Date) -> Result<Staged, Refusal> {
    let target = scene.target(asked, |metric| metric.status == Status::Candidate)?;
    scene.sealed(target)?;
    let mut stage = Stage::new(scene, target.name());
    let locked = scene.lock.entry(target.id, target.version);
    match locked {
        Some(entry) => relock(target, entry, scene.catalog, &mut stage)?,
        None => begin(scene, target, &mut stage)?,
    }
    let mut lock = scene.lock.clone();
    close_earlier(scene, target, (&mut stage, &mut lock), on)?;
    let after = stage.checked()?;
    let state = target.metric.status.max(Status::Released);
    enter(&after.0, (target, state), (&mut stage, &mut lock), on)?;
    refuse_deviations((scene.lock, &lock), &after.0, target)?;
    tell_reach(scene, &after.0, &lock, &mut stage);
    stage.staged(after, lock)
}

/// Refuses what is locked as something else; what may be locked anew is told.
fn relock(target: Target<'_>, entry: &Entry, catalog: &Catalog, stage: &mut Stage<'_>) -> Result<(), Refusal> {
    let name = target.name();
    if entry.state == Status::Retired {
        let fact = format!("`{name}` is retired, and a retired version does not come back");
        return Err(Refusal::state(fact, "`etalon new-version` begins a new one"));
    }
    if entry.state != target.metric.status {
        let (locked, found) = (entry.state.name(), target.metric.status.name());
        let fact = format!("`{name}` is locked as {locked}, and its file says {found}");
        return Err(Refusal::state(fact, format!("set `status: {locked}`; commands change the state")));
    }
    if entry.algorithm != ALGORITHM {
        stage.tell(format!(
            "was locked by `{}`, whose fingerprints cannot be compared: nothing here proves that it means the same",
            entry.algorithm
        ));
        return Ok(());
    }
    let own = catalog.fingerprints(target.id, target.version).ok_or_else(|| meaningless(target))?;
    for part in [Part::Data, Part::Reading] {
        let (locked, found) = (part.of(&entry.fingerprints), part.of(&own));
        if locked != found {
            let fact = format!("`{name}` was released with the {} fingerprint {locked}, and has {found}", part.name());
            let help = "restore the definition, or give the change a version of its own with `etalon new-version`";
            return Err(Refusal::state(fact, help));
        }
    }
    if entry.fingerprints.parents != own.parents {
        stage.tell("rests on metrics that have changed since: its numbers follow theirs");
    }
    Ok(())
}

fn meaningless(target: Target<'_>) -> Refusal {
    Refusal::state(format!("`{}` has no meaning to lock", target.name()), "`etalon check` tells why")
}

/// Takes a version that is not locked to its release.
fn begin<'a>(scene: Scene<'a>, target: Target<'a>, stage: &mut Stage<'a>) -> Result<(), Refusal> {
    let status = target.metric.status;
    if matches!(status, Status::Released | Status::Deprecated) {
        stage.tell(format!("was {} already, and was not locked", status.name()));
        return Ok(());
    }
    follows(target, Status::Released)?;
    let mut amendment = scene.amendment(target.document)?;
    amendment.set("status", Status::Released.name(), "version");
    stage.change(target.document.text, amendment.finish());
    stage.tell(format!("{}: status {} -> released", scene.texts.get(target.document.text).name, status.name()));
    Ok(())
}

/// Ends the versions before where the new one begins, and retires those whose file now says the new one.
fn close_earlier<'a>(
    scene: Scene<'a>,
    target: Target<'a>,
    (stage, lock): (&mut Stage<'a>, &mut Lock),
    on: Date,
) -> Result<(), Refusal> {
    let begin = target.metric.effective_from;
    let versions = &scene.catalog.registry.metrics[target.id];
    let is_open = |from: Date, to: Option<Date>| from < begin && to.is_none_or(|to| to > begin);
    for (version, metric) in versions.iter().filter(|(version, _)| **version != target.version) {
        if metric.status < Status::Released || !is_open(metric.effective_from, metric.effective_to) {
            continue;
        }
        let earlier = scene.target(&format!("{}@{version}", target.id), |_| false)?;
        scene.sealed(earlier)?;
        let mut amendment = scene.amendment(earlier.document)?;
        amendment.set("effective_to", &begin.to_string(), "effective_from");
        stage.change(earlier.document.text, amendment.finish());
        let was = metric.effective_to.map_or("open".to_owned(), |day| day.to_string());
        stage.tell(format!("{}: effective_to {was} -> {begin}", scene.texts.get(earlier.document.text).name));
        if let Some(entry) = lock.entry(target.id, *version) {
            lock.set(Entry { to: Some(begin), ..entry.clone() }.sealed());
        }
    }
    let is_replaced = |entry: &&Entry| {
        let is_gone = !versions.contains_key(&entry.version) && entry.state != Status::Retired;
        is_gone && entry.version.major() == target.version.major() && entry.version < target.version
    };
    let replaced: Vec<Entry> = scene.lock.of(target.id).filter(is_replaced).cloned().collect();
    for entry in replaced {
        let to = entry.to.map_or(begin, |to| to.min(begin)).max(entry.from);
        stage.tell(format!("retires {}, whose file says {} now", entry.version, target.version));
        lock.set(Entry { state: Status::Retired, on, to: Some(to), ..entry }.sealed());
    }
    Ok(())
}

/// Enters a version into the lock as it will be; a line that says the same already stays as it is.
fn enter(
    after: &Catalog,
    (target, state): (Target<'_>, Status),
    (stage, lock): (&mut Stage<'_>, &mut Lock),
    on: Date,
) -> Result<(), Refusal> {
    let fingerprints = after.fingerprints(target.id, target.version).ok_or_else(|| meaningless(target))?;
    let (from, to) = (target.metric.effective_from, target.metric.effective_to);
    let known = lock.entry(target.id, target.version);
    let on = known.map_or(on, |entry| entry.on);
    let algorithm = ALGORITHM.to_owned();
    let (id, version) = (target.id.to_owned(), target.version);
    let entry = Entry { id, version, state, on, from, to, fingerprints, algorithm, seal: String::new(), line: 0 };
    let entry = entry.sealed();
    if known.is_some_and(|known| known.seal == entry.seal) {
        stage.tell("is locked already; nothing is to be done");
        return Ok(());
    }
    let Fingerprints { data, reading, parents } = &entry.fingerprints;
    stage.tell(format!("{}: data {data}, reading {reading}, parents {parents}", lock::FILE));
    lock.set(entry);
    Ok(())
}

/// Refuses a release that would go backwards, bring a retired name back, or leave days with two versions or none.
fn refuse_deviations((before, lock): (&Lock, &Lock), after: &Catalog, target: Target<'_>) -> Result<(), Refusal> {
    let earlier = lock::compare(before, after).into_iter().filter(|it| it.version == target.version);
    let found = earlier.chain(lock::compare(lock, after)).filter(|it| it.id == target.id);
    for deviation in found {
        let help = match deviation.what {
            What::Backwards(_) => "give it a later version",
            What::Reused(_) => "give the metric another name: whoever reads the old one would be misled",
            What::Gap { .. } | What::Overlap { .. } => "set `effective_from` so that the days of force tile",
            What::Dates { .. } => "restore the days; `etalon release` of the next version sets them",
            _ => continue,
        };
        return Err(Refusal::state(deviation.to_string(), help));
    }
    Ok(())
}

/// Tells which locked metrics rest on this one and change with it.
fn tell_reach(scene: Scene<'_>, after: &Catalog, lock: &Lock, stage: &mut Stage<'_>) {
    for entry in lock.entries().filter(|entry| entry.algorithm == ALGORITHM && entry.state != Status::Retired) {
        let parents = |catalog: &Catalog| catalog.fingerprints(&entry.id, entry.version).map(|own| own.parents);
        let (then, now) = (parents(scene.catalog), parents(after));
        if then != now && now.as_ref() != Some(&entry.fingerprints.parents) {
            let name = format!("{}@{}", entry.id, entry.version);
            stage.tell(format!("reaches {name}, which is made of it: `etalon release {name}` locks its new numbers"));
        }
    }
}
