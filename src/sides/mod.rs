//! The two sides of a comparison: from what was asked for to two catalogs over one collection of texts.
//!
//! What is the same on both sides is parsed once, and only metrics that a difference can reach are lowered. Compares
//! nothing.

mod affected;
mod spot;

use affected::Affected;
pub(crate) use affected::closed;
pub use spot::{Question, Spot, Spots};

use std::collections::BTreeMap;
use std::mem;
use std::path::{Path, PathBuf};

use crate::catalog::{self, Catalog, Document, Wanted};
use crate::cores;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::diff::Scope;
use crate::history::{Author, Folder, HistoryError, Known, Snapshot};
use crate::load::{self, Loaded, LoadedFile};
use crate::text::{TextId, Texts};

/// Two sides, read.
#[derive(Debug)]
pub struct Sides {
    /// The project as it was.
    pub old: Side,
    /// The project as it is to be.
    pub new: Side,
    /// The texts behind both.
    pub texts: Texts,
    /// The versions of one metric that are held against each other, where that was asked for.
    pub versions: Option<(String, String)>,
    /// The metrics that a difference can reach; there is nothing to compare in any other.
    pub reached: Scope,
}

/// One side.
#[derive(Debug)]
pub struct Side {
    /// What it is called.
    pub label: String,
    /// What it defines.
    pub catalog: Catalog,
    /// What is wrong with it.
    pub findings: Vec<Diagnostic>,
    /// Where its other files are.
    pub place: Place,
    /// Who has committed what is on this side and not on the other.
    pub authors: Vec<Author>,
}

/// Where the files of a side are.
#[derive(Debug, Clone)]
pub enum Place {
    /// On the disk, in this folder.
    Disk(PathBuf),
    /// In a revision, in this folder of the repository.
    Revision(Box<Snapshot>, Folder),
}

impl Side {
    /// Tells whether a mistake in it leaves something without meaning.
    pub fn is_broken(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }
}

impl Place {
    /// Returns what stands before the name of a file of the project where it is shown; `label` is what the side is called.
    pub fn shown(&self, label: &str) -> String {
        match self {
            Place::Disk(folder) => format!("{}/", load::shown(folder)),
            Place::Revision(_, folder) => format!("{label}:{}/", load::shown(folder.inside())),
        }
    }

    /// Returns the content of a file of the project, named from its folder; `None` where there is none.
    ///
    /// # Errors
    /// When it is there and cannot be read.
    pub fn file(&self, name: &str) -> Result<Option<Vec<u8>>, SidesError> {
        match self {
            Place::Disk(folder) => {
                let read = |path: PathBuf| std::fs::read(path).map_err(|error| load::reason(&error));
                let content = load::file_inside(folder, name).and_then(|path| path.map(read).transpose());
                content.map_err(|reason| {
                    let name = load::shown(&folder.join(name));
                    SidesError::Unreadable { name, reason }
                })
            }
            Place::Revision(snapshot, folder) => Ok(snapshot.file(folder, name)?),
        }
    }
}

/// Why there are no two sides.
#[derive(Debug, thiserror::Error)]
pub enum SidesError {
    /// A revision cannot be had.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// What was asked for is nothing that could be compared.
    #[error("{0}")]
    Unknown(String),
    /// A file of a side cannot be read.
    #[error("`{name}` cannot be read: {reason}")]
    Unreadable {
        /// The file.
        name: String,
        /// Why.
        reason: String,
    },
}

/// Reads both sides of a question about the project in `folder`.
///
/// # Errors
/// When a side cannot be had.
pub fn open(folder: &Path, question: &Question) -> Result<Sides, SidesError> {
    question.spots(folder)?.read()
}

/// Reads two revisions of one project, whose folder may have moved between them.
///
/// # Errors
/// When a side cannot be read.
pub fn between(old: (Snapshot, Folder), new: (Snapshot, Folder)) -> Result<Sides, SidesError> {
    Spots::of_revisions(old, new, Vec::new()).read()
}

/// Reads the project around a file twice: with the file as it was and as it is; `None` is a file that is not there.
///
/// The rest of the project is as it lies on the disk. Whoever shows the history of single files knows no more.
pub fn around_file(file: &Path, old: Option<String>, new: Option<String>) -> Sides {
    let root = load::projects(file).remove(0);
    let mut loaded = load::load(&root);
    let is_it =
        |other: &&load::LoadedFile| other.path.as_deref().is_some_and(|path| load::shown(path) == load::shown(file));
    let rest: Vec<load::LoadedFile> = loaded.files.iter().filter(|other| !is_it(other)).cloned().collect();
    let mut with = |label: &str, content: Option<String>| {
        let own = content.map(|content| load::LoadedFile {
            id: loaded.texts.add(format!("{label}/{}", load::shown(file)), content),
            path: Some(file.to_path_buf()),
            project: Some(root.clone()),
        });
        let files = rest.iter().cloned().chain(own).collect();
        Loaded { files, ..Loaded::default() }
    };
    let (old, new) = (with("a", old), with("b", new));
    let place = Place::Disk(root.clone());
    both((("a".to_owned(), old, place.clone()), ("b".to_owned(), new, place)), loaded.texts, None)
}

impl Spots {
    /// Reads both sides.
    ///
    /// # Errors
    /// When a side cannot be had.
    pub fn read(self) -> Result<Sides, SidesError> {
        let mut known = Known::new();
        let (mut new_loaded, new_place) = read(&self.new, Texts::new(), &mut known)?;
        known.remember(&new_loaded);
        let (mut old_loaded, old_place) = read(&self.old, mem::take(&mut new_loaded.texts), &mut known)?;
        let texts = mem::take(&mut old_loaded.texts);
        let named = self.versions.as_ref().map(|(id, _)| id.split('@').next().unwrap_or(id));
        let read = ((self.old_label, old_loaded, old_place), (self.new_label, new_loaded, new_place));
        let sides = both(read, texts, named);
        let new = Side { authors: self.authors, ..sides.new };
        Ok(Sides { new, versions: self.versions, ..sides })
    }

    /// Makes two sides of the files of each that the difference concerns and all that these rest on; the texts of both are
    /// in one collection.
    pub(crate) fn of_some(&self, (old, new): (Loaded, Loaded), texts: Texts) -> Sides {
        let read = ((self.old_label.clone(), old, self.old.place()), (self.new_label.clone(), new, self.new.place()));
        let sides = assembled_both(read, texts, |old, new| Affected {
            seen: Wanted::Every,
            ..affected::metrics(old, new, None)
        });
        Sides { new: Side { authors: self.authors.clone(), ..sides.new }, ..sides }
    }
}

/// A side that was read: what it is called, its files and where they are.
type Files = (String, Loaded, Place);

/// Makes catalogs of two sides whose texts are in one collection; the metric `named` is looked at in any case.
fn both(sides: (Files, Files), texts: Texts, named: Option<&str>) -> Sides {
    assembled_both(sides, texts, |old, new| affected::metrics(old, new, named))
}

fn assembled_both(
    (old, new): (Files, Files),
    texts: Texts,
    affected: impl Fn(&affected::Files, &affected::Files) -> Affected,
) -> Sides {
    let (old_label, mut old_loaded, old_place) = old;
    let (new_label, mut new_loaded, new_place) = new;
    let mut judged = Judged::default();
    let mut new_documents = judged.documents(&new_loaded, &texts);
    let mut old_documents = judged.documents(&old_loaded, &texts);
    let Affected { reached, seen } = affected(&old_documents, &new_documents);
    old_documents.1.extend(mem::take(&mut old_loaded.diagnostics));
    new_documents.1.extend(mem::take(&mut new_loaded.diagnostics));
    let both = [&(old_loaded, old_documents), &(new_loaded, new_documents)];
    let [old_catalog, new_catalog] = cores::both(both, |files| assembled(files, &texts, &seen));
    let old = side(old_label, old_catalog, old_place);
    let new = side(new_label, new_catalog, new_place);
    Sides { old, new, texts, versions: None, reached }
}

fn read(spot: &Spot, texts: Texts, known: &mut Known) -> Result<(Loaded, Place), SidesError> {
    let loaded = match spot {
        Spot::Disk(folder) => load::load_into(texts, folder),
        Spot::Revision(snapshot, folder) => snapshot.load(texts, folder, known),
    };
    Ok((loaded, spot.place()))
}

impl Spot {
    /// Returns where the files of the side are.
    pub(crate) fn place(&self) -> Place {
        match self {
            Spot::Disk(folder) => Place::Disk(root_of(folder)),
            Spot::Revision(snapshot, folder) => Place::Revision(snapshot.clone(), folder.clone()),
        }
    }
}

/// A file stands for its project.
fn root_of(path: &Path) -> PathBuf {
    if path.is_dir() { path.to_path_buf() } else { load::projects(path).remove(0) }
}

/// Makes a catalog of a side's files, with what is wrong in it.
fn assembled(
    (loaded, (documents, found)): &(Loaded, (Vec<Document>, Diagnostics)),
    texts: &Texts,
    seen: &Wanted,
) -> (Catalog, Diagnostics) {
    let mut diagnostics = found.clone();
    let mut catalog = catalog::assemble(documents.clone(), texts, seen, &mut diagnostics);
    catalog.locate(loaded);
    (catalog, diagnostics)
}

fn side(label: String, (catalog, found): (Catalog, Diagnostics), place: Place) -> Side {
    Side { label, catalog, findings: found.into_sorted(), place, authors: Vec::new() }
}

/// Files that were parsed, by text and by content.
#[derive(Default)]
struct Judged<'t> {
    by_text: BTreeMap<TextId, Document>,
    by_content: BTreeMap<&'t str, Document>,
}

impl<'t> Judged<'t> {
    /// Parses the files of a side, but for those that were parsed without a mistake before.
    fn documents(&mut self, loaded: &Loaded, texts: &'t Texts) -> (Vec<Document>, Diagnostics) {
        let mut all = Diagnostics::new();
        let mut documents = Vec::new();
        let known = |file: &LoadedFile, content: &str| {
            self.by_text.get(&file.id).or_else(|| self.by_content.get(content)).cloned()
        };
        let read = cores::map(&loaded.files, |file| {
            let mut diagnostics = Diagnostics::new();
            let known = known(file, texts.get(file.id).content.as_str());
            (known.or_else(|| Document::read(file.id, texts, &mut diagnostics)), diagnostics)
        });
        for (file, (document, diagnostics)) in loaded.files.iter().zip(read) {
            let content = texts.get(file.id).content.as_str();
            if let Some(document) = document {
                if diagnostics.is_empty() {
                    self.by_text.insert(file.id, document.clone());
                    self.by_content.entry(content).or_insert_with(|| document.clone());
                }
                documents.push(document);
            }
            all.extend(diagnostics);
        }
        (documents, all)
    }
}
