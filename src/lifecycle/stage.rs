//! Changed texts side by side with the project they belong to, checked before anything is written.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::{Refusal, Scene};
use crate::catalog::{self, Catalog, Wanted};
use crate::decision;
use crate::diagnostic::{Diagnostics, Severity};
use crate::load::{self, Loaded, LoadedFile};
use crate::lock::{FILE, Lock};
use crate::store::Rewrite;
use crate::text::{TextId, Texts};

/// Texts that are about to change.
#[derive(Debug)]
pub struct Stage<'a> {
    scene: Scene<'a>,
    about: String,
    changed: BTreeMap<TextId, String>,
    fresh: Vec<(PathBuf, Option<String>, String)>,
    told: Vec<String>,
}

/// A step that can be taken.
#[derive(Debug)]
pub struct Staged {
    /// What it is about: a version, or an acceptance.
    pub about: String,
    /// The project as it will be.
    pub catalog: Catalog,
    /// Its texts.
    pub texts: Texts,
    /// Its lock.
    pub lock: Lock,
    /// The files to write.
    pub rewrites: Vec<Rewrite>,
    /// What the step does, a line each.
    pub told: Vec<String>,
}

impl<'a> Stage<'a> {
    /// Begins without a change.
    pub(super) fn new(scene: Scene<'a>, about: impl Into<String>) -> Self {
        Self { scene, about: about.into(), changed: BTreeMap::new(), fresh: Vec::new(), told: Vec::new() }
    }

    /// Gives a file another text.
    pub(super) fn change(&mut self, text: TextId, content: String) {
        self.changed.insert(text, content);
    }

    /// Adds a file that is not there yet.
    pub(super) fn add(&mut self, path: PathBuf, content: String) -> Result<(), Refusal> {
        if path.exists() {
            let fact = format!("`{}` is there already", load::shown(&path));
            return Err(Refusal::state(fact, "move it away, or finish what it holds"));
        }
        self.fresh.push((path, None, content));
        Ok(())
    }

    /// Says what the step does.
    pub(super) fn tell(&mut self, line: impl Into<String>) {
        self.told.push(line.into());
    }

    /// Returns the project with the changes made.
    ///
    /// # Errors
    /// The mistakes that it would have.
    pub(super) fn checked(&self) -> Result<(Catalog, Texts), Refusal> {
        let (loaded, fresh) = self.loaded();
        let by_text: BTreeMap<TextId, _> =
            self.scene.catalog.documents.values().map(|document| (document.text, document)).collect();
        let known = |id: TextId| by_text.get(&id).filter(|_| !self.changed.contains_key(&id)).map(|it| (*it).clone());
        let mut diagnostics = Diagnostics::new();
        let documents = catalog::documents(&loaded, &mut diagnostics, |id| known(id).filter(|_| !fresh.contains(&id)));
        let mut after = catalog::assemble(documents, &loaded.texts, &Wanted::Every, &mut diagnostics);
        after.locate(&loaded);
        let mut texts = loaded.texts;
        after.decisions = decision::beside(&after, &mut texts, &mut diagnostics);
        let found = diagnostics.into_sorted();
        match found.iter().any(|found| found.severity == Severity::Error) {
            true => Err(Refusal::Broken(found, Box::new(texts))),
            false => Ok((after, texts)),
        }
    }

    /// Returns the files with their texts as they will be, and the texts that are new.
    fn loaded(&self) -> (Loaded, Vec<TextId>) {
        let mut texts = Texts::new();
        for (id, text) in self.scene.texts.iter() {
            texts.add(text.name.clone(), self.changed.get(&id).unwrap_or(&text.content).clone());
        }
        let mut files = self.scene.files.to_vec();
        let mut fresh = Vec::new();
        for (path, _, content) in &self.fresh {
            let id = texts.add(load::shown(path), content.clone());
            files.push(LoadedFile { id, path: Some(path.clone()), project: self.scene.catalog.root.clone() });
            fresh.push(id);
        }
        (Loaded { texts, files, ..Loaded::default() }, fresh)
    }

    /// Finishes the step: the project as it will be, with this lock.
    pub(super) fn staged(self, (catalog, texts): (Catalog, Texts), lock: Lock) -> Result<Staged, Refusal> {
        let mut rewrites = Vec::new();
        for (id, after) in &self.changed {
            let text = self.scene.texts.get(*id);
            let Some(path) = self.scene.file(*id).and_then(|file| file.path.clone()) else {
                return Err(Refusal::state(format!("`{}` is no file", text.name), "work on a folder of definitions"));
            };
            if text.content != *after {
                rewrites.push(Rewrite { path, before: Some(text.content.clone()), after: after.clone() });
            }
        }
        for (path, before, after) in self.fresh {
            rewrites.push(Rewrite { path, before, after });
        }
        if lock != *self.scene.lock {
            let Some(root) = &self.scene.catalog.root else {
                return Err(Refusal::state("there is no project to lock", "work on a folder of definitions"));
            };
            let before = self.scene.lock_text.map(str::to_owned);
            rewrites.push(Rewrite { path: root.join(FILE), before, after: lock.write() });
        }
        Ok(Staged { about: self.about, catalog, texts, lock, rewrites, told: self.told })
    }
}
