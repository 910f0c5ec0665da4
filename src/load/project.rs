//! Finds the projects: folders that hold an `etalon.yaml`.
//!
//! Looks at names only and reads no file.

use crate::load::names::Names;
use crate::load::shelf::{Disk, Kind, Listed, Shelf};
use std::path::{Component, Path, PathBuf};

/// The file whose folder is a project.
pub(crate) const PROJECT_FILE: &str = "etalon.yaml";

/// Whether a folder that holds `listed` is the root of a project.
pub(super) fn is_root_of(shelf: &dyn Shelf, listed: &[Listed]) -> bool {
    let is_name = |path: &Path| path.file_name().is_some_and(|name| name.eq_ignore_ascii_case(PROJECT_FILE));
    listed.iter().any(|(path, kind)| match kind {
        // Whether letters count by their case is known to the shelf alone.
        Ok(_) if is_name(path) => shelf.kind(&path.with_file_name(PROJECT_FILE)) == Some(Kind::File),
        _ => false,
    })
}

/// Whether `folder` is the root of a project.
fn is_root(shelf: &dyn Shelf, folder: &Path) -> bool {
    shelf.kind(&folder.join(PROJECT_FILE)) == Some(Kind::File)
}

/// Returns the folders to load for `path`, each once, parents before children, sorted by path.
///
/// These are the root of its project and of all projects below it. A folder that is no project stands for itself
/// where it holds definition files outside all projects, or nothing at all. A file stands for its project's root, or
/// for itself.
pub fn projects(path: &Path) -> Vec<PathBuf> {
    if !path.is_dir() {
        return vec![root_of(path).unwrap_or_else(|| path.to_path_buf())];
    }
    projects_on(&Disk, path)
}

/// Returns what is to be read in each of the projects of a folder, in the order of [`projects`].
pub fn names(folder: &Path) -> Vec<Names> {
    each(folder, Names::of)
}

/// Returns the projects of a folder that is kept on `shelf`, as [`projects`] does.
pub(crate) fn projects_on(shelf: &dyn Shelf, folder: &Path) -> Vec<PathBuf> {
    each(folder, |root| Names::on(shelf, root)).into_iter().map(|names| names.folder).collect()
}

fn each(folder: &Path, names_of: impl Fn(&Path) -> Names) -> Vec<Names> {
    let mut roots = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(root) = waiting.pop() {
        let names = names_of(&root);
        waiting.extend(names.nested.iter().cloned());
        if root != folder || !names.is_empty() || names.nested.is_empty() {
            roots.push(names);
        }
    }
    roots.sort_by(|one, other| one.folder.cmp(&other.folder));
    roots
}

/// Returns the nearest folder at or above that of `file` which is the root of a project.
pub(super) fn root_of(file: &Path) -> Option<PathBuf> {
    let mut folder = file.parent().unwrap_or(Path::new("")).to_path_buf();
    loop {
        if is_root(&Disk, &folder) {
            return Some(if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder });
        }
        let here = if folder.as_os_str().is_empty() { Path::new(".") } else { folder.as_path() };
        here.canonicalize().ok()?.parent()?;
        // `a/..` is not `a`'s parent where `a` is a link, so that only plain names are cut off.
        match folder.components().next_back() {
            Some(Component::Normal(_)) => {
                folder.pop();
            }
            _ => folder.push(".."),
        }
    }
}
