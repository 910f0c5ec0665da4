//! One side of a comparison, held against what is kept: which family each file belongs to, and which files are others.

use std::path::Path;

use hashbrown::HashSet;

use super::changes::Changes;
use super::concern::{self, Difference, is_most};
use super::content::ContentId;
use super::family::{of_file, of_object};
use super::record::{Beside, Record};
use super::stamp;
use crate::catalog::Object;
use crate::history::{Folder, Known, Listed, Oid, Snapshot};
use crate::load::{self, Loaded, Names};
use crate::text::Texts;

/// A side of which everything that is not as it was kept belongs to a family.
pub(super) struct Standing<'a> {
    files: Files<'a>,
    /// The name of each file on the disk, in the order in which a side has them.
    pub(super) names: Vec<String>,
    /// The family of each; `None` where all share it.
    pub(super) families: Vec<Option<String>>,
    /// What is not as it was kept.
    pub(super) difference: Difference,
}

/// Where the files of a side are.
enum Files<'a> {
    Disk(Names),
    Revision(Listed<'a>),
}

impl<'a> Standing<'a> {
    /// Holds the files on the disk against what is kept; `None` where something is not plain, or concerns all.
    pub(super) fn on_disk(record: &Record, folder: &Path) -> Option<Self> {
        let names = Names::of(folder);
        let mut changes = Changes::since(record, &names, &stamp::of_all(&names)?)?;
        // The lock of each side is read in any case.
        record.touched_on_disk().into_iter().flatten().for_each(|family| changes.difference.touch(family));
        let told: Vec<String> = names.files.iter().map(|(name, _)| name.clone()).collect();
        let family = |name: &String| changes.files.get(name).and_then(of_file).map(str::to_owned);
        let families = told.iter().map(family).collect();
        Some(Self { files: Files::Disk(names), names: told, families, difference: changes.difference })
    }

    /// Holds the files of a revision against what is kept of the project in `root`; `None` where something is not plain, or
    /// concerns all.
    pub(super) fn in_revision(
        record: &Record,
        (snapshot, folder): (&'a Snapshot, &'a Folder),
        (root, known): (&Path, &Known),
    ) -> Option<Self> {
        let listed = snapshot.listed(folder, known)?;
        let names: Vec<String> = listed.places().map(|place| load::shown(&root.join(place))).collect();
        let mut difference = Difference::default();
        let objects = objects(record, (&listed, &names), &mut known.clone(), &mut difference)?;
        {
            let there: HashSet<&str> = names.iter().map(String::as_str).collect();
            for gone in record.gone(|name| there.contains(name)) {
                difference.lose(gone)?;
            }
        }
        let is_same = |file: &Beside| {
            let name = file.place.strip_prefix(root).ok();
            let id = name.map(|name| snapshot.id_of(folder, name, known).and_then(ContentId::told));
            id.is_some_and(|id| id == file.content())
        };
        // The lock of each side is read in any case.
        record.touched(is_same).into_iter().flatten().for_each(|family| difference.touch(family));
        let families = objects.iter().map(|object| of_object(object).map(str::to_owned)).collect();
        Some(Self { files: Files::Revision(listed), names, families, difference })
    }

    /// Reads the files that are wanted, and those that all share; `None` where one cannot be read.
    pub(super) fn read(&self, texts: Texts, known: &mut Known, wanted: impl Fn(&str) -> bool) -> Option<Loaded> {
        let is_wanted = |position: usize| self.families[position].as_deref().is_none_or(&wanted);
        match &self.files {
            Files::Disk(names) => {
                let loaded = names.read(is_wanted)?;
                known.remember(&loaded);
                Some(loaded)
            }
            Files::Revision(listed) => listed.read(texts, known, is_wanted),
        }
    }
}

/// Returns what each file of a revision defines, and tells which are not as they were kept; `None` where these are most,
/// where one has mistakes, or where one concerns all.
fn objects(
    record: &Record,
    (listed, names): (&Listed<'_>, &[String]),
    known: &mut Known,
    difference: &mut Difference,
) -> Option<Vec<Object>> {
    let kept = |(name, id): (&String, &Oid)| {
        record.files.get(name).filter(|file| Some(file.content) == ContentId::told(*id)).map(|file| file.object.clone())
    };
    let mut objects: Vec<Option<Object>> = names.iter().zip(&listed.ids).map(kept).collect();
    let others: Vec<usize> = (0..objects.len()).filter(|position| objects[*position].is_none()).collect();
    if is_most(others.len(), objects.len()) {
        return None;
    }
    let loaded = listed.read(Texts::new(), known, |position| others.binary_search(&position).is_ok())?;
    for (position, file) in others.iter().zip(&loaded.files) {
        let document = concern::read(file.id, &loaded.texts)?;
        objects[*position] = Some(document.object.clone());
        difference.gain(document)?;
        if let Some(before) = record.files.get(&names[*position]) {
            difference.lose(&before.object)?;
        }
    }
    objects.into_iter().collect()
}
