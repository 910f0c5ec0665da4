//! The states of a project that a replay looks at: those of its history in which a metric differs, and the files on the
//! disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{Moment, Seen};
use crate::catalog::{self, Catalog, Document, Wanted};
use crate::diagnostic::Diagnostics;
use crate::history::{HistoryError, Known, Repository};
use crate::load::{self, Loaded};
use crate::resolve::Version;
use crate::text::{TextId, Texts};

/// The revision whose history is followed.
const HEAD: &str = "HEAD";
/// What the files on the disk are called.
const ON_DISK: &str = "working tree";

/// What has been, read.
#[derive(Debug, Default)]
pub struct Past {
    /// The texts of all states.
    pub texts: Texts,
    /// Whether older history exists that was not fetched.
    pub is_truncated: bool,
    /// The catalogs, oldest first; the last is that of the files on the disk.
    catalogs: Vec<Catalog>,
    /// What was seen, oldest first: a version of the metric in a catalog.
    seen: Vec<(Seen, Version, usize)>,
}

impl Past {
    /// Reads the history of the project in `folder` as far as the metric `id` is concerned. A folder in no repository has
    /// no history.
    ///
    /// # Errors
    /// When the history cannot be read.
    pub fn read(folder: &Path, id: &str) -> Result<Self, HistoryError> {
        let mut past = Past::default();
        let (mut loaded, mut files) = (Vec::new(), Texts::new());
        match Repository::around(folder) {
            // Where nothing was committed there is no history either.
            Ok(repository) => match repository.resolve(HEAD) {
                Ok(head) => {
                    let history = repository.walk(&head, &repository.folder(folder)?)?;
                    let mut known = Known::new();
                    past.is_truncated = history.truncated;
                    for step in history.steps.iter().rev() {
                        let mut state = step.snapshot.load(files, &step.folder, &mut known);
                        files = std::mem::take(&mut state.texts);
                        let (label, time) = (step.snapshot.short.clone(), Some(step.snapshot.time));
                        loaded.push((Seen { label, time }, state));
                    }
                }
                Err(HistoryError::Unborn { .. }) => {}
                Err(error) => return Err(error),
            },
            Err(HistoryError::NoRepository { .. }) => {}
            Err(error) => return Err(error),
        }
        let mut now = load::load_into(files, folder);
        past.texts = std::mem::take(&mut now.texts);
        let mut documents = BTreeMap::new();
        for (seen, state) in loaded {
            let catalog = built(&state, (&past.texts, id), &mut documents);
            past.enter(seen, catalog, id);
        }
        let mut catalog = built(&now, (&past.texts, id), &mut documents);
        catalog.locate(&now);
        past.enter_last(Seen { label: ON_DISK.to_owned(), time: None }, catalog, id);
        Ok(past)
    }

    /// Returns every version at every state, oldest first.
    pub fn moments(&self) -> Vec<Moment<'_>> {
        let moment = |(seen, version, catalog): &(Seen, Version, usize)| Moment {
            label: seen.label.clone(),
            time: seen.time,
            version: *version,
            catalog: &self.catalogs[*catalog],
        };
        self.seen.iter().map(moment).collect()
    }

    /// Returns the project on the disk.
    pub fn now(&self) -> &Catalog {
        self.catalogs.last().expect("the files on the disk are always read")
    }

    /// Enters a state. One in which the metric means what it meant before needs no catalog of its own.
    fn enter(&mut self, seen: Seen, catalog: Catalog, id: &str) {
        let is_known = self.catalogs.last().is_some_and(|last| meanings(last, id) == meanings(&catalog, id));
        if is_known {
            self.note(seen, id);
        } else {
            self.enter_last(seen, catalog, id);
        }
    }

    fn enter_last(&mut self, seen: Seen, catalog: Catalog, id: &str) {
        self.catalogs.push(catalog);
        self.note(seen, id);
    }

    /// Notes every version of the metric that the last catalog has.
    fn note(&mut self, seen: Seen, id: &str) {
        let place = self.catalogs.len() - 1;
        let versions = self.catalogs[place].registry.metrics.get(id).into_iter().flat_map(BTreeMap::keys);
        self.seen.extend(versions.map(|version| (seen.clone(), *version, place)));
    }
}

/// Returns what each version of a metric means, reading by reading.
fn meanings(catalog: &Catalog, id: &str) -> Vec<(Version, Vec<String>)> {
    let versions = catalog.registry.metrics.get(id).into_iter().flat_map(BTreeMap::keys);
    let of = |version: &Version| {
        let readings = catalog.version(id, *version).into_iter();
        let named = readings.map(|(it, plan)| format!("{:?} {}", it.name(), catalog.meaning(plan)));
        (*version, named.collect())
    };
    versions.map(of).collect()
}

/// Reads a state; a file that another state has too is parsed once.
fn built(loaded: &Loaded, (texts, id): (&Texts, &str), known: &mut BTreeMap<TextId, Document>) -> Catalog {
    // What is wrong with a past state shows where its numbers are missing.
    let mut diagnostics = Diagnostics::new();
    let mut documents = Vec::new();
    for file in &loaded.files {
        let read = || Document::read(file.id, texts, &mut diagnostics);
        let document = known.get(&file.id).cloned().or_else(read);
        if let Some(document) = document {
            known.insert(file.id, document.clone());
            documents.push(document);
        }
    }
    let wanted = Wanted::Only(BTreeSet::from([id.to_owned()]));
    catalog::assemble(documents, texts, &wanted, &mut diagnostics)
}
