//! Reads definition files from a folder, a file or standard input.
//!
//! Knows folders, sizes and encodings; knows no YAML.

mod project;
mod read;
mod walk;

pub use project::projects;
pub use read::MAX_FILE_BYTES;
pub(crate) use read::reason;

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::text::{Span, TextId, Texts};
use read::Problem;
use std::io::Read;
use std::path::{Path, PathBuf};
use walk::{Entry, Refusal};

/// The name of standard input in messages.
pub const STANDARD_INPUT: &str = "<stdin>";

/// What was read.
#[derive(Debug, Clone, Default)]
pub struct Loaded {
    /// The texts, in the order of their names; those that were refused are here for their diagnostics only.
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
    let mut loaded = Loaded::default();
    match std::fs::metadata(path) {
        Err(error) => {
            loaded.refuse(&walk::shown(path), &Refusal::Unreadable(read::reason(&error)));
        }
        Ok(metadata) if metadata.is_dir() => loaded.add_folder(path),
        Ok(_) => loaded.add_project_of(path),
    }
    loaded
}

/// Reads one definition from `input`, as it comes from standard input.
pub fn load_standard_input(input: impl Read) -> Loaded {
    let mut loaded = Loaded::default();
    loaded.asked = Some(loaded.add(STANDARD_INPUT, read::decode(input), None));
    loaded
}

impl Loaded {
    fn add_folder(&mut self, folder: &Path) {
        for (name, entry) in walk::walk(folder).entries {
            match entry {
                Entry::File(path) => self.add(&name, read::read(&path), Some((path, folder.to_path_buf()))),
                Entry::Refused(refusal) => self.refuse(&name, &refusal),
            };
        }
    }

    fn add_project_of(&mut self, file: &Path) {
        if let Some(root) = project::root_of(file) {
            self.add_folder(&root);
        }
        let name = walk::shown(file);
        let asked = self.find(file).or_else(|| self.texts.iter().find(|(_, text)| text.name == name).map(|(id, _)| id));
        if asked.is_some() {
            self.asked = asked;
            return;
        }
        let folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
        self.asked = Some(self.add(&name, read::read(file), Some((file.to_path_buf(), folder))));
    }

    fn find(&self, file: &Path) -> Option<TextId> {
        let wanted = file.canonicalize().ok()?;
        let is_wanted = |found: &&LoadedFile| {
            found.path.as_ref().and_then(|path| path.canonicalize().ok()).is_some_and(|path| path == wanted)
        };
        self.files.iter().find(is_wanted).map(|found| found.id)
    }

    fn add(&mut self, name: &str, content: Result<String, Problem>, place: Option<(PathBuf, PathBuf)>) -> TextId {
        let problem = match content {
            Ok(content) => {
                let id = self.texts.add(name, content);
                let (path, project) = place.unzip();
                self.files.push(LoadedFile { id, path, project });
                return id;
            }
            Err(problem) => problem,
        };
        match problem {
            Problem::Unreadable(reason) => self.refuse(name, &Refusal::Unreadable(reason)),
            Problem::TooLarge { beginning } => self.refuse_size(name, beginning),
            Problem::NotUtf8(broken) => self.refuse_encoding(name, broken),
        }
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
