//! From what is kept and what has changed since to what a whole check would find.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::Changes;
use super::concern::Concern;
use super::family::{Owner, of_file, of_object};
use super::keep::{beside, families, names, objects, place_of};
use super::record::{File, Found, Record, Told};
use super::{Answer, ROUNDS, Visit};
use crate::catalog::{Catalog, Object};
use crate::checked;
use crate::cores;
use crate::diagnostic::Diagnostics;
use crate::load::{self, Loaded};
use crate::review::Papers;
use crate::rules::{self, Finding, Outline, Rule, Subject};
use crate::sides::Place;
use crate::text::{TextId, Texts};
use crate::verify;

/// A project as it stands.
struct Now {
    /// Its definition files, by name.
    files: BTreeMap<String, File>,
    concern: Concern,
}

/// A part of a project, judged.
struct Part {
    catalog: Catalog,
    texts: Texts,
    /// The outlines of the affected families.
    outlines: Vec<Outline>,
    /// What was found in families that have all that they rest on, by family, and beside them.
    found: Vec<(Owner, Finding)>,
}

/// Why a part could not be judged.
enum Unjudged {
    /// The files of these families are asked for too.
    Lacking(BTreeSet<String>),
    /// It has mistakes, or something that concerns all.
    Not,
}

impl Visit<'_> {
    /// Returns what a whole check would find, from what is kept and what has changed since; `None` where only a whole check
    /// can tell.
    pub fn recall(&self) -> Option<Answer> {
        let (mut record, found) = Record::read(&self.place).filter(|(record, _)| record.key == self.key)?;
        let mut changes = Changes::since(&record, self.names, &self.stamps)?;
        for family in record.touched_on_disk() {
            changes.difference.touch(family?);
        }
        let is_as_kept = changes.is_nothing && changes.difference.is_empty();
        let now = Now { files: changes.files, concern: changes.difference.concern(&record) };
        let affected = now.concern.affected(&record);
        let objects = now.files.iter().map(|(name, file)| (file.object.clone(), name.clone()));
        let mut objects: Vec<(Object, String)> = objects.collect();
        objects.sort();
        let mut found = found.read()?;
        let texts = if affected.is_empty() {
            record.files = now.files;
            empty(&record.texts)
        } else {
            record.without_outlines(&affected, self.names.files.iter().map(|(name, _)| name.as_str()))?;
            let part = self.judge(&record, &now, &affected)?;
            renew((&mut record, &mut found), part, (&affected, now.files), self.begun)?
        };
        let answer = self.answer((&record, &found), texts, objects, affected.len())?;
        if !is_as_kept {
            record.begun = self.begun;
            record.write(&found, &self.place);
        }
        Some(answer)
    }

    fn judge(&self, record: &Record, now: &Now, affected: &BTreeSet<String>) -> Option<Part> {
        let mut also = BTreeSet::new();
        for _ in 0..ROUNDS {
            let near = now.concern.with_used(record, affected.union(&also).cloned().collect());
            match self.judge_among(record, now, (affected, &near)) {
                Ok(part) => return Some(part),
                Err(Unjudged::Lacking(ids)) => also.extend(ids),
                Err(Unjudged::Not) => return None,
            }
        }
        None
    }

    /// Judges the affected families, with those `near` them that they rest on.
    fn judge_among(
        &self,
        record: &Record,
        now: &Now,
        (affected, near): (&BTreeSet<String>, &BTreeSet<String>),
    ) -> Result<Part, Unjudged> {
        let mut loaded = self.read(now, near).ok_or(Unjudged::Not)?;
        let mut diagnostics = Diagnostics::new();
        let catalog = checked::project(&mut loaded, &mut diagnostics);
        let mut texts = loaded.texts;
        verify::check(&catalog, &texts, &mut diagnostics);
        let place = Place::Disk(self.names.folder.clone());
        let papers = Papers::read(&place, &catalog, (&place.shown(""), &mut texts));
        let mut papers = papers.map_err(|_| Unjudged::Not)?;
        diagnostics.extend(std::mem::take(&mut papers.findings));
        if !diagnostics.is_empty() {
            return Err(Unjudged::Not);
        }
        if let Some(lock) = &mut papers.lock {
            // A version whose file was not read is not gone.
            let known: BTreeSet<&str> = now.files.values().filter_map(of_file).collect();
            lock.keep(|id| near.contains(id) || !known.contains(id));
        }
        let subject = Subject::alone(papers.side(&catalog), &texts, (self.question.today, self.question.asked));
        let mut outlines = rules::outlines(&subject);
        outlines.retain(|outline| affected.contains(&outline.id));
        let everyone = rules::together(&outlines, &record.outlines);
        let found = rules::judge_among(&subject, &everyone).map_err(Unjudged::Lacking)?;
        let objects = objects(&catalog);
        let found: Vec<(Owner, Finding)> =
            found.into_iter().map(|finding| (place_of(&finding, &objects, &catalog), finding)).collect();
        if found.iter().any(|(owner, _)| *owner == Owner::Nobody) {
            return Err(Unjudged::Not);
        }
        drop(objects);
        Ok(Part { catalog, texts, outlines, found })
    }

    /// Reads the files of some families and those that all share; `None` where one cannot be read.
    fn read(&self, now: &Now, near: &BTreeSet<String>) -> Option<Loaded> {
        let is_wanted = |position: usize| {
            let file = now.files.get(&self.names.files[position].0);
            file.is_none_or(|file| of_object(&file.object).is_none_or(|id| near.contains(id)))
        };
        self.names.read(is_wanted)
    }

    /// Makes the answer that a record holds, with the texts that its findings are about.
    fn answer(
        &self,
        (record, found): (&Record, &Found),
        mut texts: Texts,
        objects: Vec<(Object, String)>,
        judged: usize,
    ) -> Option<Answer> {
        let rules: BTreeMap<&str, &'static Rule> = rules::all().iter().map(|rule| (rule.id, rule)).collect();
        let told = found.families.values().flatten().chain(&found.others);
        let findings: Option<Vec<Finding>> = told.map(|told| told.finding(&rules)).collect();
        let findings = rules::sorted(findings?);
        self.fill(record, &findings, &mut texts)?;
        Some(Answer { texts, findings, objects, judged })
    }

    /// Reads the texts that findings are about; `None` where one is not what was judged.
    fn fill(&self, record: &Record, findings: &[Finding], texts: &mut Texts) -> Option<()> {
        let labels = findings.iter().flat_map(|finding| &finding.diagnostic.labels).map(|label| label.span.text);
        let accepted = findings.iter().filter_map(|finding| finding.accepted.as_ref()).map(|it| it.span.text);
        let wanted: BTreeSet<TextId> = labels.chain(accepted).filter(|id| texts.get(*id).content.is_empty()).collect();
        let mut missing = Vec::new();
        for id in &wanted {
            let name = &texts.get(*id).name;
            let found = self.names.files.binary_search_by(|(known, _)| known.cmp(name));
            let beside = || record.beside.iter().find(|file| load::shown(&file.place) == *name);
            let (place, known) = match found {
                Ok(at) => (&self.names.files[at].1, &record.files.get(name)?.content),
                Err(_) => beside().and_then(|file| Some((&file.place, &file.held.as_ref()?.1)))?,
            };
            missing.push((*id, place.as_path(), known));
        }
        let contents = cores::map(&missing, |(_, place, known)| {
            load::text(place).ok().filter(|content| known.is_of(content.as_bytes()))
        });
        for ((id, _, _), content) in missing.into_iter().zip(contents) {
            texts.fill(id, content?);
        }
        Some(())
    }
}

/// Brings what is kept to what a part of the project has shown; returns the texts of the part.
fn renew(
    (record, found): (&mut Record, &mut Found),
    part: Part,
    (affected, files): (&BTreeSet<String>, BTreeMap<String, File>),
    begun: u64,
) -> Option<Texts> {
    let place = record.relocation(&mut named(&part.texts));
    found.families.retain(|id, _| !affected.contains(id));
    let all = found.relocate(&place);
    found.others.clear();
    for (owner, finding) in &part.found {
        match owner {
            Owner::Everyone => found.others.push(Told::of(finding)),
            Owner::Family(id) if affected.contains(id) => {
                found.families.entry(id.clone()).or_default().push(Told::of(finding));
            }
            Owner::Family(_) | Owner::Nobody => {}
        }
    }
    record.families.retain(|id, _| !affected.contains(id));
    record.families.extend(families(&part.catalog, &|id| affected.contains(id)));
    record.outlines.extend(part.outlines);
    record.outlines.sort_by(|one, other| (&one.id, one.version).cmp(&(&other.id, other.version)));
    record.beside.retain(|file| file.family.as_ref().is_some_and(|id| !affected.contains(id)));
    record.beside.extend(beside(&part.catalog, &|id| affected.contains(id), begun)?);
    record.files = files;
    record.texts = names(&part.texts);
    all.then_some(part.texts)
}

/// Returns the names of texts, each with its text.
fn named(texts: &Texts) -> impl Iterator<Item = (&str, TextId)> {
    texts.iter().map(|(id, text)| (text.name.as_str(), id))
}

/// Returns texts of these names that are yet to be read.
fn empty(names: &[String]) -> Texts {
    let mut texts = Texts::new();
    names.iter().for_each(|name| {
        texts.add(name, "");
    });
    texts
}
