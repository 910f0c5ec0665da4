//! The starter project: a small working set of definitions that reads like documentation.
//!
//! Its files are real files of this repository, checked and verified by the same tests as the library's.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::store::{self, Refusal, Rewrite};

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
/// When one could not be written, or is there already.
pub fn write_all(folder: &Path, files: &[(&str, &str)]) -> Result<(), Refusal> {
    let rewrites: Vec<Rewrite> = files
        .iter()
        .map(|(name, text)| Rewrite { path: folder.join(name), before: None, after: (*text).to_owned() })
        .collect();
    let absent: BTreeSet<PathBuf> = rewrites.iter().flat_map(|rewrite| absent_folders(&rewrite.path)).collect();
    store::rewrite(folder, &rewrites).inspect_err(|_| undo(&absent))
}

/// Returns the folders above `path` that are not there.
fn absent_folders(path: &Path) -> impl Iterator<Item = PathBuf> {
    let above = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    above.take_while(|folder| !folder.exists()).map(Path::to_owned)
}

/// Removes folders that were made, the innermost first. What cannot be removed stays; the first error is the one to tell.
fn undo(made: &BTreeSet<PathBuf>) {
    for path in made.iter().rev() {
        let _ = std::fs::remove_dir(path);
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
        let refusal = write_all(folder.path(), &files).expect_err("two want the same place");
        assert!(matches!(refusal, Refusal::Failed(path, _) if path.ends_with("a/second")));
        assert_eq!(names(folder.path()), ["mine"]);
    }
}
