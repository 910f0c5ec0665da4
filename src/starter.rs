//! The starter project: a small working set of definitions that reads like documentation.
//!
//! Its files are real files of this repository, checked and verified by the same tests as the library's.

use std::path::{Path, PathBuf};

use crate::store;

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
        if let Err(error) = store::write(&path, text) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
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
