//! A new version of a released metric, begun as a draft: a copy beside the old one, or the old one's file with a higher
//! number.

use std::path::{Path, PathBuf};

use super::cases;
use super::stage::{Stage, Staged};
use super::{Refusal, Scene, Target};
use crate::amend::{Amendment, scalar};
use crate::definition::{ChangeClass, Status};
use crate::load;
use crate::value::{Date, Version};

/// How far a version goes beyond the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Numbers or their reading can change: a file beside the old one.
    Major,
    /// Something is added: the same file.
    Minor,
    /// Words: the same file.
    Patch,
}

/// What is said of a new version when it is begun.
#[derive(Debug, Clone, Copy)]
pub struct Succession<'a> {
    /// How far it goes.
    pub step: Step,
    /// Who makes the change.
    pub author: &'a str,
    /// Why.
    pub because: &'a str,
    /// First day it is meant to be in force.
    pub effective_from: Date,
}

impl Step {
    fn after(self, version: Version) -> Version {
        match self {
            Step::Major => version.next_major(),
            Step::Minor => version.next_minor(),
            Step::Patch => version.next_patch(),
        }
    }

    fn class(self) -> ChangeClass {
        match self {
            Step::Major => ChangeClass::Breaking,
            Step::Minor => ChangeClass::Additive,
            Step::Patch => ChangeClass::Wording,
        }
    }
}

/// Begins a new version of a released one; it means the same until its draft is changed.
///
/// # Errors
/// When there is nothing released to begin from, or the new version is there already.
pub fn new_version(scene: Scene<'_>, asked: &str, succession: Succession<'_>) -> Result<Staged, Refusal> {
    let base = scene.target(asked, |metric| metric.status == Status::Released)?;
    refuse_unfit(scene, base, succession)?;
    let version = succession.step.after(base.version);
    let mut stage = Stage::new(scene, format!("{}@{version}", base.id));
    let mut amendment = scene.amendment(base.document)?;
    amend(&mut amendment, base, (version, succession));
    let text = amendment.finish();
    let file = &scene.texts.get(base.document.text).name;
    match succession.step {
        Step::Major => {
            let path = path_of(scene, base, version)?;
            stage.tell(format!("{}: a copy of {}, as a draft", load::shown(&path), base.version));
            stage.add(path, text)?;
            cases::split(scene, base, version, &mut stage)?;
        }
        Step::Minor | Step::Patch => {
            stage.change(base.document.text, text);
            stage.tell(format!("{file}: version {} -> {version}, as a draft", base.version));
            cases::carry(scene, base, version, &mut stage)?;
        }
    }
    let after = stage.checked()?;
    stage.staged(after, scene.lock.clone())
}

fn refuse_unfit(scene: Scene<'_>, base: Target<'_>, succession: Succession<'_>) -> Result<(), Refusal> {
    let (name, status) = (base.name(), base.metric.status);
    if matches!(status, Status::Draft | Status::Candidate) {
        let fact = format!("`{name}` is `{}`, and was never released", status.name());
        return Err(Refusal::state(fact, "change it where it stands"));
    }
    scene.sealed(base)?;
    if scene.lock.entry(base.id, base.version).is_none() {
        let fact = format!("`{name}` is `{}`, and is not locked", status.name());
        return Err(Refusal::state(fact, format!("`etalon release {name}` locks what it means")));
    }
    let version = succession.step.after(base.version);
    let versions = &scene.catalog.registry.metrics[base.id];
    if versions.contains_key(&version) || scene.lock.entry(base.id, version).is_some() {
        let fact = format!("`{}@{version}` is there already", base.id);
        return Err(Refusal::state(fact, "finish it, or begin from the latest version"));
    }
    if succession.effective_from <= base.metric.effective_from {
        let fact =
            format!("{} is not after {}, when `{name}` begins", succession.effective_from, base.metric.effective_from);
        return Err(Refusal::state(fact, "name a later day with `--effective-from`"));
    }
    Ok(())
}

fn amend(amendment: &mut Amendment<'_>, base: Target<'_>, (version, succession): (Version, Succession<'_>)) {
    amendment.set("version", &version.to_string(), "metric");
    amendment.set("status", Status::Draft.name(), "version");
    amendment.set("effective_from", &succession.effective_from.to_string(), "status");
    for key in ["effective_to", "replaced_by", "sunset"] {
        amendment.remove(key);
    }
    let class = succession.step.class();
    let still = match class {
        ChangeClass::Breaking => {
            "  # Still to be said: `direction`, `decision`, and what becomes of the past under `history`.\n"
        }
        _ => "",
    };
    let (author, because) = (scalar(succession.author), scalar(succession.because));
    let lines = format!(
        "change:\n{still}  from: {}\n  author: {author}\n  class: {}\n  because: {because}\n",
        base.version,
        class.name()
    );
    amendment.set_lines("change", &lines, "effective_from");
}

/// Returns where the file of the new version goes: beside the old one, with the number in its name.
fn path_of(scene: Scene<'_>, base: Target<'_>, version: Version) -> Result<PathBuf, Refusal> {
    let old = scene.file(base.document.text).and_then(|file| file.path.as_deref());
    let Some(old) = old else {
        return Err(Refusal::state(format!("`{}` stands in no file", base.name()), "work on a folder of definitions"));
    };
    let stem = old.file_stem().unwrap_or_default().to_string_lossy();
    let major = version.major();
    let name = match stem == format!("v{}", base.version.major()) {
        true => format!("v{major}.yaml"),
        false => format!("{}_v{major}.yaml", base.id),
    };
    Ok(old.parent().unwrap_or(Path::new("")).join(name))
}
