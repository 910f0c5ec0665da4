//! Reads definition files from a folder, a file or standard input.
//!
//! Knows folders, sizes and encodings; knows no YAML, and nothing of revisions, which bring a shelf of their own.

mod inside;
mod names;
mod project;
mod read;
mod shelf;
mod single;
mod walk;

pub use inside::file_inside;
pub use names::Names;
pub(crate) use project::{PROJECT_FILE, projects_on};
pub use project::{names, projects};
pub use read::MAX_FILE_BYTES;
pub(crate) use read::{Problem, decode, reason};
pub(crate) use shelf::{Content, Kind, Listed, Shelf};
pub use single::text;
pub use walk::shown;

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::text::{Span, TextId, Texts};
use shelf::Disk;
use std::io::Read;
use std::path::{Path, PathBuf};
use walk::Refusal;

/// The name of standard input in messages.
pub const STANDARD_INPUT: &str = "<stdin>";

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The texts: those there were before, then those read, in the order of their names. Texts that were refused are
    /// here for their diagnostics only.
    pub texts: Texts,
    /// The files that can be parsed, in the order of their names.
    pub files: Vec<LoadedFile>,
    /// The file that was asked for by name; `None` where a folder was.
    pub asked: Option<TextId>,
    /// What could not be read, and why.
    pub diagnostics: Diagnostics,
}

/// One file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedFile {
    /// Its text.
    pub id: TextId,
    /// Where it lies; `None` for standard input.
    pub path: Option<PathBuf>,
    /// The folder of its project: the one that holds `etalon.yaml`, else the folder that was asked for, else that of
    /// the file; `None` for standard input.
    pub project: Option<PathBuf>,
}

/// Reads all definition files of the project at `path`.
///
/// A folder is read with its subfolders: every `*.yaml` and `*.yml`, sorted by path. Hidden files and folders and
/// nested projects (see [`projects`]) are left out. A file stands for its whole project, found by walking up to
/// `etalon.yaml`; without one the file is read alone. Whatever cannot be read is reported in the diagnostics.
pub fn load(path: &Path) -> Loaded {
    load_into(Texts::new(), path)
}

/// Reads all definition files of the project at `path`, as [`load`] does, and adds their texts to `texts`: two sides of
/// a comparison share one collection, so that a diagnostic can point into both.
pub fn load_into(texts: Texts, path: &Path) -> Loaded {
    let mut loaded = Loaded { texts, ..Loaded::default() };
    match std::fs::metadata(path) {
        Err(error) => {
            loaded.refuse(&walk::shown(path), &Refusal::Unreadable(read::reason(&error)));
        }
        Ok(metadata) if metadata.is_dir() => return Names::of(path).load_into(loaded.texts, &Disk),
        Ok(_) => loaded.add_project_of(path),
    }
    loaded
}

/// Reads all definition files of a folder that is kept on `shelf`, as [`load_into`] does.
pub(crate) fn load_from(texts: Texts, shelf: &dyn Shelf, folder: &Path) -> Loaded {
    Names::on(shelf, folder).load_into(texts, shelf)
}

/// Reads one definition from `input`, as it comes from standard input.
pub fn load_standard_input(input: impl Read) -> Loaded {
    let mut loaded = Loaded::default();
    loaded.asked = Some(loaded.add(STANDARD_INPUT, decode(input).map(Content::New), None));
    loaded
}

impl Loaded {
    fn add_project_of(&mut self, file: &Path) {
        let others = self.texts.iter().count();
        if let Some(root) = project::root_of(file) {
            *self = Names::of(&root).load_into(std::mem::take(&mut self.texts), &Disk);
        }
        let name = walk::shown(file);
        let named = || self.texts.iter().skip(others).find(|(_, text)| text.name == name).map(|(id, _)| id);
        let asked = self.find(file).or_else(named);
        if asked.is_some() {
            self.asked = asked;
            return;
        }
        let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
        self.asked = Some(self.add(&name, Disk.read(file), Some((file.to_path_buf(), folder))));
    }

    fn find(&self, file: &Path) -> Option<TextId> {
        let wanted = file.canonicalize().ok()?;
        let is_wanted = |found: &&LoadedFile| {
            found.path.as_ref().and_then(|path| path.canonicalize().ok()).is_some_and(|path| path == wanted)
        };
        self.files.iter().find(is_wanted).map(|found| found.id)
    }

    fn add(&mut self, name: &str, content: Result<Content, Problem>, place: Option<(PathBuf, PathBuf)>) -> TextId {
        let id = match content {
            Ok(Content::New(content)) => self.texts.add(name, content),
            Ok(Content::Known(id)) => id,
            Err(Problem::Unreadable(reason)) => return self.refuse(name, &Refusal::Unreadable(reason)),
            Err(Problem::TooLarge { beginning }) => return self.refuse_size(name, beginning),
            Err(Problem::NotUtf8(broken)) => return self.refuse_encoding(name, broken),
        };
        let (path, project) = place.unzip();
        self.files.push(LoadedFile { id, path, project });
        id
    }

    fn refuse_size(&mut self, name: &str, beginning: String) -> TextId {
        let end = beginning.len();
        let id = self.texts.add(name, beginning);
        let mebibytes = MAX_FILE_BYTES >> 20;
        self.diagnostics.push(
            Diagnostic::error(
                codes::FILE_TOO_LARGE,
                Span::new(id, 0, end),
                format!("the file is larger than {mebibytes} MiB"),
            )
            .help("keep data in CSV or JSON lines files beside the definitions, and split large definitions"),
        );
        id
    }

    fn refuse_encoding(&mut self, name: &str, broken: read::Broken) -> TextId {
        let id = self.texts.add(name, broken.readable);
        let span = Span::new(id, broken.at, broken.at + char::REPLACEMENT_CHARACTER.len_utf8());
        let help = match broken.utf_16 {
            true => "the file looks like UTF-16; save it as UTF-8",
            false => "save the file as UTF-8",
        };
        self.diagnostics.push(
            Diagnostic::error(codes::NOT_UTF_8, span, "the file is not UTF-8 text")
                .label(span, format!("the byte 0x{:02X} belongs to no character", broken.byte))
                .help(help),
        );
        id
    }

    fn refuse(&mut self, name: &str, refusal: &Refusal) -> TextId {
        let id = self.texts.add(name, "");
        let span = Span::new(id, 0, 0);
        self.diagnostics.push(match refusal {
            Refusal::Unreadable(reason) => {
                Diagnostic::error(codes::UNREADABLE_FILE, span, format!("`{name}` cannot be read: {reason}"))
                    .help("give a path that exists and may be read")
            }
            Refusal::Alike => {
                let message = format!("several files are shown as `{name}`, because their names are not UTF-8");
                Diagnostic::error(codes::NOT_UTF_8, span, message).help("give each a name in UTF-8")
            }
            Refusal::Outside(target) => {
                let message = format!("the link `{name}` leaves the project: it leads to `{target}`");
                Diagnostic::error(codes::OUTSIDE_PROJECT, span, message)
                    .help("put the file itself into the project's folder")
            }
        });
        id
    }
}

#[cfg(test)]
mod tests;
