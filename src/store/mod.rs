//! Files that are written whole or not at all, alone or several together.
//!
//! Knows paths and texts, not what is in them.

mod guard;
mod together;

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use guard::Guard;
pub use together::{PENDING, rewrite, settle};

/// A file with another text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewrite {
    /// Where it lies.
    pub path: PathBuf,
    /// Its text when it was read; `None` where there was no file.
    pub before: Option<String>,
    /// Its text from now on.
    pub after: String,
}

/// Why nothing was written.
#[derive(Debug)]
pub enum Refusal {
    /// Somebody else has written the file since it was read.
    Changed(PathBuf),
    /// It lies outside of the folder that is written, behind a link or by its path.
    Outside(PathBuf),
    /// The system refuses.
    Failed(PathBuf, io::Error),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Changed(path) => {
                write!(f, "`{}` has changed while it was worked on; nothing was written", path.display())
            }
            Refusal::Outside(path) => {
                let path = path.display();
                write!(f, "`{path}` leads out of the folder that is written; remove the link, nothing was written")
            }
            Refusal::Failed(path, error) => {
                write!(f, "`{}` cannot be written: {error}; nothing was written", path.display())
            }
        }
    }
}

/// Writes a file so that it is there whole or not at all: to a temporary name, then renamed. What is half-written is removed
/// again.
pub(crate) fn write(path: &Path, content: impl AsRef<[u8]>) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}.tmp", std::process::id()));
    let written = together::lay(Path::new(&temporary), content.as_ref()).and_then(|_| fs::rename(&temporary, path));
    if written.is_err() {
        // What cannot be removed stays; the first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        let mut names: Vec<String> =
            entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    fn rewritten(path: &Path, before: Option<&str>, after: &str) -> Rewrite {
        Rewrite { path: path.to_owned(), before: before.map(str::to_owned), after: after.to_owned() }
    }

    #[test]
    fn a_file_that_cannot_be_put_in_place_leaves_nothing_half_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let taken = folder.path().join("taken");
        fs::create_dir(&taken).expect("a folder in the place of the file");
        assert!(write(&taken, "text").is_err());
        assert_eq!(names(folder.path()), ["taken"]);
        assert!(names(&taken).is_empty());
    }

    #[test]
    fn a_file_that_is_written_has_its_whole_text_and_no_companion() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new/file.txt");
        write(&path, "old").expect("written");
        write(&path, "text").expect("written over");
        assert_eq!(fs::read_to_string(&path).expect("a text"), "text");
        assert_eq!(names(&folder.path().join("new")), ["file.txt"]);
    }

    #[test]
    fn several_files_are_written_together() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        fs::write(&one, "1").expect("written");
        rewrite(folder.path(), &[rewritten(&one, Some("1"), "one"), rewritten(&two, None, "two")]).expect("written");
        assert_eq!(
            (fs::read_to_string(&one).ok(), fs::read_to_string(&two).ok()),
            (Some("one".into()), Some("two".into()))
        );
        assert_eq!(names(folder.path()), ["one", "two"]);
    }

    #[test]
    fn a_file_that_somebody_else_has_written_stops_all() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, two) = (folder.path().join("one"), folder.path().join("two"));
        fs::write(&two, "theirs").expect("written");
        let both = [rewritten(&one, None, "1"), rewritten(&two, None, "2")];
        let refusal = rewrite(folder.path(), &both).expect_err("refused");
        assert!(matches!(refusal, Refusal::Changed(path) if path == two));
        assert_eq!(names(folder.path()), ["two"]);
    }

    #[test]
    fn where_one_cannot_be_written_the_others_are_as_they_were() {
        let folder = tempfile::tempdir().expect("a folder");
        let one = folder.path().join("one");
        fs::write(&one, "1").expect("written");
        // A file cannot have a file below it.
        let below = one.join("below");
        let both = [rewritten(&one, Some("1"), "changed"), rewritten(&below, None, "2")];
        assert!(rewrite(folder.path(), &both).is_err());
        assert_eq!(fs::read_to_string(&one).expect("a text"), "1");
        assert_eq!(names(folder.path()), ["one"]);
    }
}
