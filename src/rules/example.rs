//! The examples of rules: edits of the sample project.
//!
//! Applies them to files in memory; reads no disk and no YAML.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The files of a project: texts by path from its root.
pub type Files = BTreeMap<String, String>;

/// An edit of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Replaces a text that is in the file exactly once.
    Replace {
        /// The path of the file from the project's root.
        file: String,
        /// What stands there.
        old: String,
        /// What stands there instead.
        new: String,
    },
    /// Writes the file, whether or not there is one.
    Write {
        /// The path of the file from the project's root.
        file: String,
        /// What it says.
        text: String,
    },
    /// Removes the file.
    Remove {
        /// The path of the file from the project's root.
        file: String,
    },
}

/// An edit as a rule file writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WrittenEdit {
    file: String,
    old: Option<String>,
    new: Option<String>,
    text: Option<String>,
    remove: Option<bool>,
}

impl TryFrom<WrittenEdit> for Edit {
    type Error = String;

    fn try_from(written: WrittenEdit) -> Result<Self, String> {
        let file = written.file;
        match (written.old, written.new, written.text, written.remove) {
            (Some(old), Some(new), None, None) => Ok(Edit::Replace { file, old, new }),
            (None, None, Some(text), None) => Ok(Edit::Write { file, text }),
            (None, None, None, Some(true)) => Ok(Edit::Remove { file }),
            _ => Err(format!("the edit of `{file}` has neither `old` and `new`, nor `text`, nor `remove: true`")),
        }
    }
}

impl Edit {
    /// Returns the path of the file.
    pub fn file(&self) -> &str {
        match self {
            Edit::Replace { file, .. } | Edit::Write { file, .. } | Edit::Remove { file } => file,
        }
    }

    /// Applies the edit.
    ///
    /// # Errors
    /// When the file is not there, or the text to replace is not in it exactly once.
    pub fn apply(&self, files: &mut Files) -> Result<(), String> {
        match self {
            Edit::Replace { file, old, new } => {
                let text = files.get_mut(file).ok_or_else(|| format!("there is no file `{file}`"))?;
                match text.matches(old.as_str()).count() {
                    1 => *text = text.replacen(old.as_str(), new, 1),
                    count => return Err(format!("`{old}` is in `{file}` {count} times, not once")),
                }
            }
            Edit::Write { file, text } => {
                files.insert(file.clone(), text.clone());
            }
            Edit::Remove { file } => {
                files.remove(file).ok_or_else(|| format!("there is no file `{file}`"))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        Files::from([("a.yaml".into(), "to: 7d\nfrom: 0s\n".into()), ("b.yaml".into(), "x x".into())])
    }

    fn replace(file: &str, old: &str) -> Edit {
        Edit::Replace { file: file.into(), old: old.into(), new: "to: 14d".into() }
    }

    #[test]
    fn a_text_that_is_there_once_is_replaced() {
        let mut files = files();
        replace("a.yaml", "to: 7d").apply(&mut files).expect("it is there once");
        assert_eq!(files["a.yaml"], "to: 14d\nfrom: 0s\n");
    }

    #[test]
    fn a_text_that_is_absent_or_there_twice_is_refused() {
        assert!(replace("a.yaml", "to: 8d").apply(&mut files()).is_err_and(|why| why.contains("0 times")));
        assert!(replace("b.yaml", "x").apply(&mut files()).is_err_and(|why| why.contains("2 times")));
        assert!(replace("c.yaml", "x").apply(&mut files()).is_err());
    }

    #[test]
    fn files_are_written_and_removed() {
        let mut files = files();
        Edit::Write { file: "c.yaml".into(), text: "new".into() }.apply(&mut files).expect("written");
        Edit::Remove { file: "a.yaml".into() }.apply(&mut files).expect("removed");
        assert_eq!(files.keys().collect::<Vec<_>>(), ["b.yaml", "c.yaml"]);
        assert!(Edit::Remove { file: "a.yaml".into() }.apply(&mut files).is_err());
    }
}
