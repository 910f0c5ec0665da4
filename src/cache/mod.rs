//! What a check has found out, kept outside of the project, so that the next check reads and judges what has changed, and a
//! review of a change reads what the change concerns.
//!
//! Files are told to be as they were by their names, sizes and times, as git tells it; what they hold is compared where
//! these differ, or where a file is so young that it could have been written again within one tick of its clock. What is
//! kept is of one project, one day, one profile and one program, and is thrown away for any other.
//!
//! A metric with its versions, cases and signatures is a *family*. What is found in it rests on its own files, on the
//! families that they name, and so on, and on what all share: the project file, sources, standards, mappings, acceptances
//! and the lock. So a change of a family is judged with all families that rest on it; a change of what all share, or
//! whatever is not plain, is judged as if nothing had been kept. Rules that hold all metrics against each other are asked
//! each time, over what they need to know of each.

mod changes;
mod compared;
mod concern;
mod content;
mod family;
mod keep;
mod recall;
mod record;
mod stamp;
mod standing;

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::catalog::{Catalog, Object};
use crate::definition::Profile;
use crate::load::Names;
use crate::plan::fingerprint::digest;
use crate::rules::{Finding, Outline};
use crate::text::Texts;
use crate::value::Date;
use record::Key;
use stamp::Stamp;

/// The variable that names the folder of everything that is kept, for etalon and for the scripts around it.
pub const VARIABLE: &str = "ETALON_CACHE";

/// Fewest files for which to keep anything: fewer are judged sooner than looked up.
const FEWEST: usize = 300;

/// How often more files are read because others are like them, before all are.
const ROUNDS: usize = 3;

/// The folder in which results are kept.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    fewest: usize,
}

/// How a project is judged.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// The rules that were asked for; `None` takes those that the project has adopted.
    pub asked: Option<Profile>,
    /// The day on which it is judged.
    pub today: Date,
}

/// A project as its files stand before they are read.
#[derive(Debug)]
pub struct Visit<'a> {
    /// Where its results are kept.
    place: PathBuf,
    key: Key,
    question: Question,
    /// When the files were looked at.
    begun: u64,
    names: &'a Names,
    stamps: Vec<Stamp>,
}

/// What a whole check has found out about a project without mistakes.
pub struct Whole<'a> {
    /// The project.
    pub catalog: &'a Catalog,
    /// The texts behind it.
    pub texts: &'a Texts,
    /// What rules ask of all metrics.
    pub outlines: &'a [Outline],
    /// What rules have found.
    pub findings: &'a [Finding],
}

/// What a check has found, as a whole check would have found it.
#[derive(Debug)]
pub struct Answer {
    /// The texts that the findings are about; others are empty.
    pub texts: Texts,
    /// What rules have found; the project has no mistakes.
    pub findings: Vec<Finding>,
    /// What the files define, each with its file, in the order of objects.
    pub objects: Vec<(Object, String)>,
    /// How many metrics with all that belongs to them were judged anew.
    pub judged: usize,
}

impl Cache {
    /// Keeps results in `folder`, of projects with at least so many files.
    pub fn new(folder: &Path, fewest: usize) -> Self {
        Self { folder: folder.to_owned(), fewest }
    }

    /// Keeps results where programs of this user keep theirs; `None` where no such place is known.
    pub fn usual() -> Option<Self> {
        let named = |variable: &str| std::env::var_os(variable).filter(|folder| !folder.is_empty()).map(PathBuf::from);
        let below = |variable: &str, folder: &str| named(variable).map(|home| home.join(folder));
        let folder = named(VARIABLE)
            .or_else(|| below("XDG_CACHE_HOME", "etalon"))
            .or_else(|| below("LOCALAPPDATA", "etalon"))
            .or_else(|| below("HOME", ".cache/etalon"))?;
        Some(Self::new(&folder.join("checks"), FEWEST))
    }

    /// Looks at the files of a project; `None` where it is too small, or something there is not plain.
    pub fn visit<'a>(&self, names: &'a Names, question: Question) -> Option<Visit<'a>> {
        let begun = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
        if !names.is_plain() || names.files.len() < self.fewest {
            return None;
        }
        Some(Visit {
            place: self.place_of(&names.folder)?,
            key: Key::of(question)?,
            question,
            begun: u64::try_from(begun.as_millis()).ok()?,
            names,
            stamps: stamp::of_all(names)?,
        })
    }

    /// Returns where the results of the project in a folder are kept.
    fn place_of(&self, folder: &Path) -> Option<PathBuf> {
        let home = folder.canonicalize().ok()?;
        let name = digest(format!("{}\n{}", home.display(), folder.display()).as_bytes());
        Some(self.folder.join(format!("{name}.kept")))
    }
}
