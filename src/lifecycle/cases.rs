//! What becomes of the cases of a metric when it gets a new version: each keeps proving the version it was worked out for.

use super::stage::Stage;
use super::{Refusal, Scene, Target};
use crate::amend::scalar;
use crate::catalog::{Document, Object};
use crate::definition::Case;
use crate::format::FileKind;
use crate::value::Version;

/// Holds the cases of `base` to it, and copies each for the new version, which means the same as yet.
pub(super) fn split<'a>(
    scene: Scene<'a>,
    base: Target<'a>,
    version: Version,
    stage: &mut Stage<'a>,
) -> Result<(), Refusal> {
    let (mut held, mut copied) = (0, 0);
    for (case, document) in cases(scene, base) {
        let mut amendment = scene.amendment(document)?;
        amendment.set("version", &base.version.to_string(), "metric");
        stage.change(document.text, amendment.finish());
        held += 1;
        let Some(path) = scene.file(document.text).and_then(|file| file.path.as_deref()) else { continue };
        let mut amendment = scene.amendment(document)?;
        amendment.set("case", &scalar(&renamed(&case.name.value, base.version, version)), "case");
        amendment.set("version", &version.to_string(), "metric");
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        stage
            .add(path.with_file_name(format!("{}.yaml", renamed(&stem, base.version, version))), amendment.finish())?;
        copied += 1;
    }
    if held > 0 {
        let (cases, copies) = (counted(held, "case"), counted(copied, "copy"));
        stage.tell(format!("{cases} held to {}, and {copies} for {version}", base.version));
    }
    Ok(())
}

/// Takes the cases that are held to `base` along to the version that takes its file.
pub(super) fn carry<'a>(
    scene: Scene<'a>,
    base: Target<'a>,
    version: Version,
    stage: &mut Stage<'a>,
) -> Result<(), Refusal> {
    let mut carried = 0;
    for (_, document) in cases(scene, base).into_iter().filter(|(case, _)| case.version.is_some()) {
        let mut amendment = scene.amendment(document)?;
        amendment.set("version", &version.to_string(), "metric");
        stage.change(document.text, amendment.finish());
        carried += 1;
    }
    if carried > 0 {
        stage.tell(format!("{} carried over to {version}", counted(carried, "case")));
    }
    Ok(())
}

/// Returns the cases that prove a version, with their files.
fn cases<'a>(scene: Scene<'a>, base: Target<'a>) -> Vec<(&'a Case, &'a Document)> {
    let current = scene.catalog.registry.current(base.id);
    let is_current = current.is_some_and(|current| current.version == base.metric.version);
    let proves = |case: &Case| match &case.version {
        Some(version) => version.value == base.version,
        None => is_current,
    };
    let own = scene.catalog.registry.cases.iter().map(|(_, case)| case).filter(|case| case.metric.value == base.id);
    let with_file = |case: &'a Case| {
        let name = format!("{}/{}", case.metric.value, case.name.value);
        Some((case, scene.catalog.documents.get(&Object { kind: FileKind::Case, name })?))
    };
    own.filter(|case| proves(case)).filter_map(with_file).collect()
}

/// Returns a name with the new version's number in the place of the old one's.
fn renamed(name: &str, old: Version, new: Version) -> String {
    let plain = name.strip_suffix(&format!("_v{}", old.major())).unwrap_or(name);
    format!("{plain}_v{}", new.major())
}

fn counted(count: usize, what: &str) -> String {
    match (count, what.strip_suffix('y')) {
        (1, _) => format!("1 {what}"),
        (_, Some(stem)) => format!("{count} {stem}ies"),
        (_, None) => format!("{count} {what}s"),
    }
}
