//! Whether a file that a project names lies in it, links followed.
//!
//! Reads no file. What a definition, a lock or a record of a stranger names must not bring the reader's own files into a report.

use std::io;
use std::path::{Component, Path, PathBuf};

use super::read::reason;
use super::walk::shown;

/// Returns where the file `name` of the folder `home` lies; `None` where nothing stands there.
///
/// # Errors
/// When it leads out of the folder, by its path or by a link, is a link to nothing, or is no regular file; in words that continue
/// "it cannot be read: ".
pub fn file_inside(home: &Path, name: impl AsRef<Path>) -> Result<Option<PathBuf>, String> {
    let name = name.as_ref();
    if !name.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err("it leads out of the folder; name a file inside".to_owned());
    }
    let (place, home) = (home.join(name), if home.as_os_str().is_empty() { Path::new(".") } else { home });
    let told = |error: &io::Error| reason(error);
    if let Err(error) = std::fs::symlink_metadata(&place) {
        return if error.kind() == io::ErrorKind::NotFound { Ok(None) } else { Err(told(&error)) };
    }
    let real = place.canonicalize().map_err(|error| told(&error))?;
    if !real.starts_with(home.canonicalize().map_err(|error| told(&error))?) {
        return Err(format!("it leads out of the folder, to `{}`; put the file itself there", shown(&real)));
    }
    // Opening a pipe would wait for its writer for ever.
    match real.is_file() {
        true => Ok(Some(place)),
        false => Err("it is not a regular file; put one there".to_owned()),
    }
}
