//! What has changed on the disk since a record was written.

use std::collections::BTreeMap;

use super::concern::{self, Difference, is_most};
use super::content::ContentId;
use super::record::{File, Record};
use super::stamp::Stamp;
use crate::cores;
use crate::load::Names;

/// What has changed, where it is a change of families only.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The definition files as they are now, by name.
    pub(super) files: BTreeMap<String, File>,
    /// Whether no definition file was touched.
    pub(super) is_nothing: bool,
    /// The definitions that are others.
    pub(super) difference: Difference,
}

impl Changes {
    /// Looks for definition files that have changed; `None` where a change concerns all, or where a changed file has
    /// mistakes.
    pub(super) fn since(record: &Record, names: &Names, stamps: &[Stamp]) -> Option<Self> {
        let mut changes = Changes::default();
        let mut doubted = Vec::new();
        for (position, ((name, _), stamp)) in names.files.iter().zip(stamps).enumerate() {
            match record.files.get(name).filter(|known| stamp.is_as(&known.stamp, record.begun)) {
                Some(known) => {
                    changes.files.insert(name.clone(), known.clone());
                }
                None => doubted.push(position),
            }
        }
        changes.is_nothing = doubted.is_empty() && changes.files.len() == record.files.len();
        changes.read(record, &doubted, (names, stamps))?;
        for gone in record.gone(|name| changes.files.contains_key(name)) {
            changes.difference.lose(gone)?;
        }
        Some(changes)
    }

    /// Reads files that may have changed.
    fn read(&mut self, record: &Record, doubted: &[usize], (names, stamps): (&Names, &[Stamp])) -> Option<()> {
        let loaded = names.read(|position| doubted.binary_search(&position).is_ok())?;
        let ids = cores::map(&loaded.files, |file| ContentId::of(loaded.texts.get(file.id).content.as_bytes()));
        let mut others = Vec::new();
        for ((position, file), content) in doubted.iter().zip(&loaded.files).zip(ids) {
            let (name, stamp, content) = (&loaded.texts.get(file.id).name, stamps[*position], content?);
            let before = record.files.get(name);
            match before.filter(|known| known.content == content) {
                Some(known) => {
                    self.files.insert(name.clone(), File { stamp, ..known.clone() });
                }
                None => others.push((file.id, before, stamp, content)),
            }
        }
        if is_most(others.len(), names.files.len()) {
            return None;
        }
        for (id, before, stamp, content) in others {
            let document = concern::read(id, &loaded.texts)?;
            let file = File { stamp, content, object: document.object.clone() };
            self.files.insert(loaded.texts.get(id).name.clone(), file);
            before.map_or(Some(()), |before| self.difference.lose(&before.object))?;
            self.difference.gain(document)?;
        }
        Some(())
    }
}
