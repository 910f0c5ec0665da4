use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;

use super::exit::{Exit, Outcome, Stop};
use super::terminal::Terminal;
use crate::format::{FileKind, schema};
use crate::load;
use crate::starter;
use crate::store::Refusal;

/// Write a small working project, with cases, into an empty folder.
#[derive(Debug, Args)]
pub(super) struct Init {
    /// The folder; made if it is not there. It must be empty.
    #[arg(default_value = ".")]
    path: PathBuf,
}

impl Init {
    pub(super) fn run(&self, terminal: &mut Terminal) -> Outcome {
        refuse_used(&self.path)?;
        let files = files()?;
        let texts: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let here = self.path == Path::new(".");
        let shown = |name: &str| if here { name.to_owned() } else { self.path.join(name).display().to_string() };
        starter::write_all(&self.path, &texts).map_err(|refusal| {
            Stop::Incomplete(match refusal {
                Refusal::Failed(path, error) => {
                    format!("`{}` cannot be written: {}", load::shown(&path), reason(&error))
                }
                other => other.to_string(),
            })
        })?;
        for (name, _) in &files {
            terminal.print(&format!("wrote {}\n", shown(name)))?;
        }
        let enter = if here { String::new() } else { format!("`cd {}`, ", self.path.display()) };
        terminal.print(&format!("\nnext: {enter}`etalon check`, `etalon verify`, `etalon run`\n"))?;
        Ok(Exit::Ok)
    }
}

/// Returns the starter's files and a schema of each kind of file, by name.
fn files() -> Result<Vec<(String, String)>, Stop> {
    let mut files: Vec<(String, String)> =
        starter::FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    for kind in FileKind::EVERY {
        let schema = serde_json::to_string_pretty(&schema::schema(Some(kind)))
            .map_err(|error| Stop::Incomplete(error.to_string()))?;
        files.push((format!("definitions/schema/{}.json", kind.head()), format!("{schema}\n")));
    }
    Ok(files)
}

/// A folder with anything visible in it is left alone: nothing of the user's is ever written over.
fn refuse_used(path: &Path) -> Result<(), Stop> {
    let shown = path.display();
    let entries = match std::fs::read_dir(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(Stop::Usage(format!("`{shown}` is no folder; name an empty or a new folder")));
        }
        Err(error) => return Err(Stop::Incomplete(format!("`{shown}` cannot be read: {}", reason(&error)))),
        Ok(entries) => entries,
    };
    // The first by name, so that the message is the same on every run.
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    match names.filter(|name| !name.starts_with('.')).min() {
        None => Ok(()),
        Some(name) => {
            Err(Stop::Usage(format!("`{shown}` is not empty: it holds `{name}`; name an empty or a new folder")))
        }
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied => "access is denied".to_owned(),
        ErrorKind::NotADirectory => "a part of the path is no folder".to_owned(),
        _ => error.to_string(),
    }
}
