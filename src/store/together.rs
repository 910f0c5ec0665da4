//! Several files that are written together: all of them or none, whatever ends the process meanwhile.
//!
//! Their texts are staged in a folder `.etalon-staged` of the root, with a list of where they belong. It then gets the name
//! `.etalon-pending`, which decides that they are to be written, and each is moved to its place. Who finds it later
//! moves the rest. What was staged and not decided is no more than rubbish, which the next writer removes.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use super::{Guard, Refusal, Rewrite};

const STAGED: &str = ".etalon-staged";
/// The folder of what is to be written and may not all be in its place yet.
pub const PENDING: &str = ".etalon-pending";
const LIST: &str = "list.json";

/// One file of the list: the name under which its text lies, what tells that it was laid there by this system, and its place
/// below the root.
type Line = (String, u64, PathBuf);

/// Writes several files below `root`: all of them or, where one cannot be written or is not as it was read, none. A process
/// that is killed meanwhile leaves what [`settle`] completes.
///
/// # Errors
/// The first file that could not be written, and why.
pub fn rewrite(root: &Path, rewrites: &[Rewrite]) -> Result<(), Refusal> {
    if rewrites.is_empty() {
        return Ok(());
    }
    let root = if root.as_os_str().is_empty() { Path::new(".") } else { root };
    let failed = |path: &Path, error| Refusal::Failed(path.to_owned(), error);
    fs::create_dir_all(root).map_err(|error| failed(root, error))?;
    let _alone = Guard::writing(root);
    settled(root).map_err(|error| failed(&root.join(PENDING), error))?;
    for Rewrite { path, before, .. } in rewrites {
        confined(root, path)?;
        let now = match fs::read_to_string(path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(failed(path, error)),
        };
        if now != *before {
            return Err(Refusal::Changed(path.clone()));
        }
    }
    let staged = root.join(STAGED);
    let lines = match stage(root, &staged, rewrites) {
        Ok(lines) => lines,
        Err(refusal) => {
            discard(&staged);
            return Err(refusal);
        }
    };
    let pending = root.join(PENDING);
    if let Err(error) = fs::rename(&staged, &pending).and_then(|()| kept(root)) {
        discard(&staged);
        return Err(failed(&pending, error));
    }
    for (done, (rewrite, line)) in rewrites.iter().zip(&lines).enumerate() {
        if let Err(error) = put(&pending, root, line) {
            restore(&rewrites[..done]);
            discard(&pending);
            return Err(failed(&rewrite.path, error));
        }
    }
    discard(&pending);
    Ok(())
}

/// Refuses a place that is not below the root behind all links, and one that is a pipe, whose writer would be waited for.
fn confined(root: &Path, path: &Path) -> Result<(), Refusal> {
    let failed = |error| Refusal::Failed(path.to_owned(), error);
    let standing = path.ancestors().find(|above| is_there(above)).unwrap_or(Path::new(""));
    let rest = path.strip_prefix(standing).unwrap_or(path);
    let real = if standing.as_os_str().is_empty() { Path::new(".") } else { standing };
    let real = real.canonicalize().map_err(failed)?;
    let is_below = real.starts_with(root.canonicalize().map_err(failed)?);
    if !is_below || rest.components().any(|part| part == Component::ParentDir) {
        return Err(Refusal::Outside(path.to_owned()));
    }
    match standing == path && !real.is_file() && !real.is_dir() {
        true => Err(failed(io::Error::other("it is not a regular file"))),
        false => Ok(()),
    }
}

/// Waits until nobody writes below `root` and completes what a process that was killed has left; while the guard is kept, all
/// files are as one write has left them.
///
/// # Errors
/// When it cannot be completed, or was not left by a process of this system: what lies in a repository must not be able
/// to move files.
pub fn settle(root: &Path) -> io::Result<Guard> {
    loop {
        let reading = Guard::reading(root);
        if !is_there(&root.join(PENDING)) {
            return Ok(reading);
        }
        drop(reading);
        let _alone = Guard::writing(root);
        settled(root)?;
    }
}

/// Completes what is pending, for whoever is alone.
fn settled(root: &Path) -> io::Result<()> {
    let pending = root.join(PENDING);
    if !is_there(&pending) {
        return Ok(());
    }
    let what = "it was not left by an interrupted write on this machine; remove it";
    let not_ours = || io::Error::new(io::ErrorKind::InvalidData, what);
    // A folder or list that is a link or a pipe is not opened.
    let is_list = fs::symlink_metadata(pending.join(LIST)).map_or(true, |list| list.is_file());
    if !is_list || !fs::symlink_metadata(&pending)?.is_dir() {
        return Err(not_ours());
    }
    let lines: Vec<Line> = match fs::read_to_string(pending.join(LIST)) {
        Ok(text) => serde_json::from_str(&text)?,
        // All was done, and the folder was being removed.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(error),
    };
    if lines.iter().any(|line| !is_ours(&pending, line)) {
        return Err(not_ours());
    }
    for line in lines.iter().filter(|line| is_there(&pending.join(&line.0))) {
        put(&pending, root, line)?;
    }
    discard(&pending);
    Ok(())
}

/// Lays down the texts and their list.
fn stage(root: &Path, staged: &Path, rewrites: &[Rewrite]) -> Result<Vec<Line>, Refusal> {
    let failed = |path: &Path, error| Refusal::Failed(path.to_owned(), error);
    discard(staged);
    fs::create_dir(staged).map_err(|error| failed(staged, error))?;
    let mut lines = Vec::new();
    for (number, rewrite) in rewrites.iter().enumerate() {
        let name = number.to_string();
        let path = &rewrite.path;
        let below = path.strip_prefix(root).unwrap_or(path).to_owned();
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let laid = folder.and_then(|()| lay(&staged.join(&name), rewrite.after.as_bytes()));
        lines.push((name, laid.map_err(|error| failed(path, error))?, below));
    }
    let list = serde_json::to_string(&lines).map_err(|error| failed(staged, error.into()))?;
    lay(&staged.join(LIST), list.as_bytes()).and_then(|_| kept(staged)).map_err(|error| failed(staged, error))?;
    Ok(lines)
}

/// Writes a file to the disk and returns what tells it from a copy.
pub(super) fn lay(path: &Path, content: &[u8]) -> io::Result<u64> {
    let mut file = File::create(path)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(identity(&file.metadata()?))
}

#[cfg(unix)]
fn identity(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

/// Elsewhere nothing tells a file from a copy, so that nothing pending is completed.
#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> u64 {
    0
}

/// Tells whether a line was written here: its text is in its place or is the file that was laid down, and its place is below
/// the root.
fn is_ours(pending: &Path, (name, laid, place): &Line) -> bool {
    let is_plain = |path: &Path| path.components().all(|part| matches!(part, Component::Normal(_)));
    let is_same = match fs::symlink_metadata(pending.join(name)) {
        Ok(metadata) => metadata.is_file() && identity(&metadata) == *laid && *laid != 0,
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    is_same && is_plain(Path::new(name)) && is_plain(place)
}

/// Moves a staged text to its place.
fn put(pending: &Path, root: &Path, (name, _, place): &Line) -> io::Result<()> {
    fs::rename(pending.join(name), root.join(place))
}

/// Has the names in a folder written to the disk, where the system can.
fn kept(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Removes a folder of staged files, its list first: without it nothing of the rest is ever moved. What cannot be removed
/// stays; the first error is the one to tell.
fn discard(folder: &Path) {
    let _ = fs::remove_file(folder.join(LIST));
    let _ = fs::remove_dir_all(folder);
}

/// Gives files the texts that they had.
fn restore(rewrites: &[Rewrite]) {
    for Rewrite { path, before, .. } in rewrites {
        let _ = match before {
            Some(text) => super::write(path, text),
            None => fs::remove_file(path),
        };
    }
}
