//! What has changed since a record was written.

use std::collections::{BTreeMap, BTreeSet};

use super::Visit;
use super::family::{self, of_file, of_object};
use super::record::{File, Record};
use super::stamp::Stamp;
use crate::catalog::Document;
use crate::diagnostic::Diagnostics;
use crate::plan::fingerprint::digest;
use crate::sides::closed;
use crate::text::{TextId, Texts};

/// What has changed, where it is a change of families only.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The files as they are now, by name.
    pub(super) files: BTreeMap<String, File>,
    /// Whether no file was touched.
    pub(super) is_nothing: bool,
    /// The families whose files have changed.
    pub(super) families: BTreeSet<String>,
    /// The families that the changed files name, by the family of the file.
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Changes {
    /// Looks for what has changed; `None` where it concerns all, or where a changed file has mistakes.
    pub(super) fn since(record: &Record, visit: &Visit<'_>) -> Option<Self> {
        let mut changes = Changes::default();
        for file in record.beside.iter().filter(|file| !file.is_same(record.begun)) {
            changes.families.insert(file.family.clone()?);
        }
        let told =
            |name: &str, stamp: &Stamp| record.files.get(name).filter(|known| stamp.is_as(&known.stamp, record.begun));
        let doubted: Vec<usize> = (0..visit.stamps.len())
            .filter(|position| match told(&visit.names.files[*position].0, &visit.stamps[*position]) {
                Some(known) => {
                    changes.files.insert(visit.names.files[*position].0.clone(), known.clone());
                    false
                }
                None => true,
            })
            .collect();
        changes.is_nothing =
            doubted.is_empty() && changes.families.is_empty() && changes.files.len() == record.files.len();
        changes.read(record, &doubted, visit)?;
        for (_, gone) in record.files.iter().filter(|(name, _)| !changes.files.contains_key(*name)) {
            changes.families.insert(of_file(gone)?.to_owned());
        }
        Some(changes)
    }

    /// Reads files that may have changed.
    fn read(&mut self, record: &Record, doubted: &[usize], visit: &Visit<'_>) -> Option<()> {
        let loaded = visit.names.read(|position| doubted.binary_search(&position).is_ok())?;
        let mut changed = Vec::new();
        for (position, id) in doubted.iter().zip(loaded.files.iter().map(|file| file.id)) {
            let text = loaded.texts.get(id);
            let (stamp, digest) = (visit.stamps[*position], digest(text.content.as_bytes()));
            match record.files.get(&text.name).filter(|known| known.digest == digest) {
                Some(known) => {
                    self.files.insert(text.name.clone(), File { stamp, ..known.clone() });
                }
                None => {
                    let document = read(id, &loaded.texts)?;
                    let file = File { stamp, digest, object: document.object.clone() };
                    self.add(record, &text.name, file)?;
                    changed.push(document);
                }
            }
        }
        let known: BTreeSet<&str> = record
            .families
            .keys()
            .map(String::as_str)
            .chain(changed.iter().filter_map(|it| of_object(&it.object)))
            .collect();
        for document in &changed {
            let mut found = BTreeSet::new();
            family::named(&document.root, &|word| known.get(word).copied(), &mut found);
            let own = self.uses.entry(of_object(&document.object)?.to_owned()).or_default();
            own.extend(found.into_iter().map(str::to_owned));
        }
        Some(())
    }

    /// Adds a file that was not there, or held something else; `None` where it is shared by all, or was.
    fn add(&mut self, record: &Record, name: &str, file: File) -> Option<()> {
        if let Some(before) = record.files.get(name) {
            self.families.insert(of_file(before)?.to_owned());
        }
        self.families.insert(of_file(&file)?.to_owned());
        self.files.insert(name.to_owned(), file);
        Some(())
    }

    /// Returns the families that have changed, with all that rest on them.
    pub(super) fn affected(&self, record: &Record) -> BTreeSet<String> {
        let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, family) in &record.families {
            family.uses.iter().for_each(|used| users.entry(used).or_default().push(id));
        }
        let of = |id: &str| users.get(id).into_iter().flatten().map(|user| (*user).to_owned()).collect::<Vec<_>>();
        closed(self.families.clone(), of)
    }

    /// Returns some families with all that they rest on.
    pub(super) fn with_used(&self, record: &Record, families: BTreeSet<String>) -> BTreeSet<String> {
        let of = |id: &str| {
            let known = record.families.get(id).into_iter().flat_map(|family| &family.uses);
            known.chain(self.uses.get(id).into_iter().flatten()).cloned().collect::<Vec<_>>()
        };
        closed(families, of)
    }
}

/// Reads a changed file; `None` where it has mistakes.
fn read(id: TextId, texts: &Texts) -> Option<Document> {
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(id, texts, &mut diagnostics)?;
    diagnostics.iter().next().is_none().then_some(document)
}
