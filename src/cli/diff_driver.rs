use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::{Exit, Outcome, Stop};
use super::judging::today;
use super::terminal::Terminal;
use crate::load;
use crate::report::review::brief;
use crate::review::review;
use crate::sides;

/// Show one file's change to git: `git log -p --ext-diff` then reads as a history of meaning.
///
/// Put `definitions/**/*.yaml diff=etalon` into `.gitattributes`, and set
/// `git config diff.etalon.command "etalon diff-driver"`. The other files of the project are taken as they lie on the disk.
/// A change without any meaning that can be told is shown as text.
#[derive(Debug, Args)]
pub(super) struct DiffDriver {
    /// The file, from the root of the repository.
    path: PathBuf,
    /// A file with the old content.
    old_file: PathBuf,
    /// Its id.
    old_hex: String,
    /// Its mode; `.` where there is no old file.
    old_mode: String,
    /// A file with the new content.
    new_file: PathBuf,
    /// Its id.
    new_hex: String,
    /// Its mode; `.` where there is no new file.
    new_mode: String,
    /// What git says besides of files that were renamed.
    #[arg(hide = true)]
    rest: Vec<String>,
}

impl DiffDriver {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        let old = content(&self.old_file, &self.old_hex)?;
        let new = content(&self.new_file, &self.new_hex)?;
        let head = format!("etalon {}\n", load::shown(&self.path));
        let sides = sides::around_file(&self.path, old.clone(), new.clone());
        let is_broken = [&sides.old, &sides.new].iter().any(|side| side.is_broken());
        let told = match is_broken {
            true => String::new(),
            false => {
                let scope = sides.reached.clone();
                let reviewed = review(sides, &scope, (today(), None));
                brief(&reviewed.map_err(|error| Stop::Incomplete(error.to_string()))?)
            }
        };
        let told = if told.is_empty() { plain(old.unwrap_or_default(), new.unwrap_or_default()) } else { told };
        terminal.print(&format!("{head}{told}"))?;
        Ok(Exit::Ok)
    }
}

/// Returns the content of one side; git names an empty file where there is none.
fn content(file: &Path, hex: &str) -> Result<Option<String>, Stop> {
    let is_absent = hex == "." || file == Path::new("/dev/null");
    if is_absent {
        return Ok(None);
    }
    load::text(file)
        .map(Some)
        .map_err(|reason| Stop::Incomplete(format!("`{}` cannot be read: {reason}", file.display())))
}

fn plain(old: String, new: String) -> String {
    let diff = similar::TextDiff::from_lines(&old, &new);
    diff.unified_diff().to_string()
}
