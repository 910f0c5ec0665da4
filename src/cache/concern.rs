//! What a state of a project concerns that differs from what is kept: the families whose files are others, and all that
//! rest on them.

use std::collections::{BTreeMap, BTreeSet};

use super::family::{self, of_object};
use super::record::Record;
use crate::catalog::{Document, Object};
use crate::diagnostic::Diagnostics;
use crate::sides::closed;
use crate::text::{TextId, Texts};

/// Files of one or more states that are not as they are kept.
#[derive(Debug, Default)]
pub(super) struct Difference {
    /// Their families, with those of what stood in their place.
    families: BTreeSet<String>,
    /// What they define.
    documents: Vec<Document>,
}

impl Difference {
    /// Tells whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.families.is_empty()
    }

    /// Adds something that is no longer as it was kept; `None` where all share it.
    pub(super) fn lose(&mut self, object: &Object) -> Option<()> {
        self.families.insert(of_object(object)?.to_owned());
        Some(())
    }

    /// Adds something that was not kept; `None` where all share it.
    pub(super) fn gain(&mut self, document: Document) -> Option<()> {
        self.families.insert(of_object(&document.object)?.to_owned());
        self.documents.push(document);
        Some(())
    }

    /// Adds a family of which something beside the definitions is no longer as it was kept.
    pub(super) fn touch(&mut self, family: &str) {
        self.families.insert(family.to_owned());
    }

    /// Adds the differences of another state.
    pub(super) fn extend(&mut self, other: Self) {
        self.families.extend(other.families);
        self.documents.extend(other.documents);
    }

    /// Returns what it concerns.
    pub(super) fn concern(self, record: &Record) -> Concern {
        let own = self.documents.iter().filter_map(|document| Some((of_object(&document.object)?, document)));
        let own: Vec<(&str, &Document)> = own.collect();
        let known: BTreeSet<&str> =
            record.families.keys().map(String::as_str).chain(own.iter().map(|it| it.0)).collect();
        let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (id, document) in &own {
            let mut found = BTreeSet::new();
            family::named(&document.root, &|word| known.get(word).copied(), &mut found);
            uses.entry((*id).to_owned()).or_default().extend(found.into_iter().map(str::to_owned));
        }
        Concern { families: self.families, uses }
    }
}

/// What a difference concerns.
#[derive(Debug)]
pub(super) struct Concern {
    /// The families that differ.
    families: BTreeSet<String>,
    /// The families that the files name which differ, by the family of the file.
    uses: BTreeMap<String, BTreeSet<String>>,
}

impl Concern {
    /// Returns the families that differ, with all that rest on them.
    pub(super) fn affected(&self, record: &Record) -> BTreeSet<String> {
        let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (id, uses) in &record.families {
            uses.iter().for_each(|used| users.entry(used).or_default().push(id));
        }
        let of = |id: &str| users.get(id).into_iter().flatten().map(|user| (*user).to_owned()).collect::<Vec<_>>();
        closed(self.families.clone(), of)
    }

    /// Returns some families with all that they rest on.
    pub(super) fn with_used(&self, record: &Record, families: BTreeSet<String>) -> BTreeSet<String> {
        let of = |id: &str| {
            let known = record.families.get(id).into_iter().flatten();
            known.chain(self.uses.get(id).into_iter().flatten()).cloned().collect::<Vec<_>>()
        };
        closed(families, of)
    }
}

/// Reads a file that is not as it was kept; `None` where it has mistakes.
pub(super) fn read(id: TextId, texts: &Texts) -> Option<Document> {
    let mut diagnostics = Diagnostics::new();
    let document = Document::read(id, texts, &mut diagnostics)?;
    diagnostics.is_empty().then_some(document)
}

/// Tells whether so many of all files are not as they were kept that nothing is gained by what is.
pub(super) fn is_most(others: usize, all: usize) -> bool {
    others * 2 > all
}
