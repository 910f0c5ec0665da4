//! The starter project: a small working set of definitions that reads like documentation.
//!
//! Its files are real files of this repository, checked and verified by the same tests as the library's.

use std::io::Write;
use std::path::{Path, PathBuf};

macro_rules! starter {
    ($($name:literal),* $(,)?) => {
        /// The files with their texts, in the order they are best read.
        pub const FILES: &[(&str, &str)] = &[$(($name, include_str!(concat!("../templates/starter/", $name)))),*];
    };
}

starter! {
    "README.md",
    "definitions/etalon.yaml",
    "definitions/sources/contacts.yaml",
    "definitions/standards/bot_contacts.yaml",
    "definitions/metrics/first_contact_resolution/v1.yaml",
    "definitions/metrics/first_contact_resolution/cases/repeat_within_a_week.yaml",
    "definitions/metrics/first_contact_resolution/cases/not_yet_known.yaml",
    "definitions/metrics/first_contact_resolution/cases/one_second_later_and_the_interval.yaml",
    "definitions/data/contacts.csv",
}

/// Writes files below `folder`: all of them or, after an error, none; a folder made on the way is removed again.
///
/// # Errors
/// The name of the file that could not be written, and why.
pub fn write_all<'a>(folder: &Path, files: &[(&'a str, &str)]) -> Result<(), (&'a str, std::io::Error)> {
    let mut made = Vec::new();
    for (name, text) in files {
        let path = folder.join(name);
        let absent = absent_folders(&path);
        if let Err(error) = write(&path, text) {
            made.extend(absent);
            undo(&made);
            return Err((name, error));
        }
        made.extend(absent);
        made.push(path);
    }
    Ok(())
}

/// Returns the folders above `path` that are not there, the outermost first.
fn absent_folders(path: &Path) -> Vec<PathBuf> {
    let above = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    let mut absent: Vec<PathBuf> = above.take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
    absent.reverse();
    absent
}

/// Removes what was made, the latest first. What cannot be removed stays; the first error is the one to tell.
fn undo(made: &[PathBuf]) {
    for path in made.iter().rev() {
        let _ = if path.is_dir() { std::fs::remove_dir(path) } else { std::fs::remove_file(path) };
    }
}

/// Writes a file so that it is there whole or not at all: to a temporary name, then renamed.
///
/// # Errors
/// When the folder cannot be made or the file not written.
pub fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".{}.tmp", std::process::id()));
    let temporary = Path::new(&temporary);
    let written = std::fs::File::create(temporary).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    let result = written.and_then(|()| std::fs::rename(temporary, path));
    if result.is_err() {
        // What is half-written must not stay; the first error is the one to tell.
        let _ = std::fs::remove_file(temporary);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_file_that_cannot_be_put_in_place_leaves_nothing_half_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let taken = folder.path().join("taken");
        std::fs::create_dir(&taken).expect("a folder in the place of the file");
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
        assert_eq!(std::fs::read_to_string(&path).expect("a text"), "text");
        assert_eq!(names(&folder.path().join("new")), ["file.txt"]);
    }

    #[test]
    fn after_an_error_every_file_and_folder_made_is_gone_and_what_was_there_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("mine"), "").expect("written");
        // A file cannot have a file below it.
        let files = [("a/b/first", "1"), ("a/second", "2"), ("a/second/third", "3")];
        let (name, _) = write_all(folder.path(), &files).expect_err("the third cannot be written");
        assert_eq!(name, "a/second/third");
        assert_eq!(names(folder.path()), ["mine"]);
    }
}
