//! From what a check has found to what is kept of it.

use std::collections::{BTreeMap, BTreeSet};

use super::content::ContentId;
use super::family::{self, Owner, of_finding, of_object};
use super::record::{Beside, File, Found, Record, Told};
use super::{Visit, Whole};
use crate::catalog::{Catalog, Document, Object};
use crate::cores;
use crate::rules::{self, Finding};
use crate::text::{TextId, Texts};

impl Visit<'_> {
    /// Keeps what a whole check has found out. Keeps nothing where the files are others than at the visit, or where
    /// something was found that cannot be told apart by metrics.
    pub fn keep(&self, whole: &Whole<'_>) {
        if let Some((record, found)) = self.record(whole).zip(found(whole)) {
            record.write(&found, &self.place);
        }
    }

    fn record(&self, whole: &Whole<'_>) -> Option<Record> {
        Some(Record {
            key: self.key.clone(),
            begun: self.begun,
            files: self.files(whole)?,
            beside: beside(whole.catalog, &|_| true, self.begun)?,
            texts: names(whole.texts),
            families: families(whole.catalog, &|_| true),
            outlines: whole.outlines.to_vec(),
        })
    }

    /// Returns the files as they were read; `None` where these are not the files of the visit.
    fn files(&self, whole: &Whole<'_>) -> Option<BTreeMap<String, File>> {
        let objects = objects(whole.catalog);
        let texts: Vec<(TextId, &str)> =
            whole.texts.iter().take(self.names.files.len()).map(|(id, text)| (id, text.content.as_str())).collect();
        let ids = cores::map(&texts, |(_, content)| ContentId::of(content.as_bytes()));
        let mut files = BTreeMap::new();
        for ((((id, _), content), stamp), (name, _)) in texts.iter().zip(ids).zip(&self.stamps).zip(&self.names.files) {
            if whole.texts.get(*id).name != *name {
                return None;
            }
            let object = (*objects.get(id)?).clone();
            files.insert(name.clone(), File { stamp: *stamp, content: content?, object });
        }
        (files.len() == self.names.files.len() && files.len() == whole.catalog.documents.len()).then_some(files)
    }
}

/// Returns what was found, by whose it is; `None` where that of something cannot be told.
fn found(whole: &Whole<'_>) -> Option<Found> {
    let (objects, mut found) = (objects(whole.catalog), Found::default());
    for finding in whole.findings {
        let all = match place_of(finding, &objects, whole.catalog) {
            Owner::Family(id) => found.families.entry(id).or_default(),
            Owner::Everyone => &mut found.others,
            Owner::Nobody => return None,
        };
        all.push(Told::of(finding));
    }
    Some(found)
}

/// Returns what each text defines.
pub(super) fn objects(catalog: &Catalog) -> BTreeMap<TextId, &Object> {
    catalog.documents.values().map(|document| (document.text, &document.object)).collect()
}

/// Returns the names of all texts.
pub(super) fn names(texts: &Texts) -> Vec<String> {
    texts.iter().map(|(_, text)| text.name.clone()).collect()
}

/// Returns whose a finding is, or everyone's where it is of a rule that holds all metrics against each other.
pub(super) fn place_of(finding: &Finding, objects: &BTreeMap<TextId, &Object>, catalog: &Catalog) -> Owner {
    match rules::is_across(finding.rule) {
        true => Owner::Everyone,
        false => of_finding(finding, objects.get(&finding.diagnostic.span().text).copied(), catalog),
    }
}

/// Returns the families that are wanted, with what they use.
pub(super) fn families(catalog: &Catalog, wanted: &dyn Fn(&str) -> bool) -> BTreeMap<String, BTreeSet<String>> {
    let documents: Vec<(&str, &Document)> =
        catalog.documents.values().filter_map(|document| Some((of_object(&document.object)?, document))).collect();
    let known: BTreeSet<&str> = documents.iter().map(|(id, _)| *id).collect();
    let own: Vec<(&str, &Document)> = documents.into_iter().filter(|(id, _)| wanted(id)).collect();
    let used = cores::map(&own, |(_, document)| {
        let mut found = BTreeSet::new();
        family::named(&document.root, &|word| known.get(word).copied(), &mut found);
        found
    });
    let mut families: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for ((id, _), used) in own.into_iter().zip(used) {
        let family = families.entry(id.to_owned()).or_default();
        family.extend(used.into_iter().filter(|other| *other != id).map(str::to_owned));
    }
    families
}

/// Looks at the files beside the definitions that the wanted families name, and at those of everyone; `None` where one was
/// written since the files were looked at.
pub(super) fn beside(catalog: &Catalog, wanted: &dyn Fn(&str) -> bool, begun: u64) -> Option<Vec<Beside>> {
    let documents = catalog.documents.values().filter(|document| of_object(&document.object).is_some_and(wanted));
    let places = family::files_beside(catalog, documents)?;
    places.into_iter().map(|(place, family)| Beside::at(place, family, begun)).collect()
}
