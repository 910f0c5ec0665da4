//! The files of one revision: folders, links and submodules as git keeps them, each tree read once.
//!
//! Knows neither projects nor texts; `load` finds definitions in it as on the disk.

use super::{Folder, Known};
use crate::load::{self, Content, Kind, Listed, Problem, Shelf};
use git2::{ErrorCode, ObjectType, Oid};
use hashbrown::HashMap;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// Most links that a path may lead through, as on most systems.
const MOST_LINKS: usize = 40;
/// The mode of an entry that is a link.
const LINK: i32 = 0o120_000;

/// Why a file that a revision has cannot be read.
const LEFT_OUT: &str = "this clone lacks its content, which `git fetch --refetch --no-filter` brings";

/// The files of one revision.
pub(super) struct Tree<'a> {
    objects: &'a git2::Repository,
    root: Oid,
    /// By hash: paths that begin alike are slow to put in order.
    listings: RefCell<HashMap<PathBuf, Rc<Listing>>>,
    read: Listings,
}

/// What lies in one folder, sorted by name.
#[derive(Debug)]
pub(super) struct Listing(Box<[(OsString, Item)]>);

impl Listing {
    fn of(tree: &git2::Tree<'_>) -> Self {
        let mut entries: Vec<_> = tree.iter().map(|entry| (name(entry.name_bytes()), item(&entry))).collect();
        // Git puts a folder where its name with a slash behind it would stand.
        entries.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        Self(entries.into_boxed_slice())
    }

    /// Returns what stands under a name.
    pub(super) fn get(&self, name: &OsStr) -> Option<Item> {
        self.0.binary_search_by(|(known, _)| known.as_os_str().cmp(name)).ok().map(|at| self.0[at].1)
    }

    /// Returns everything that lies there.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&OsStr, Item)> {
        self.0.iter().map(|(name, item)| (name.as_os_str(), *item))
    }
}

/// Folders that were read, by their ids: most are the same in two revisions.
#[derive(Debug, Clone, Default)]
pub(super) struct Listings(Rc<RefCell<HashMap<Oid, Rc<Listing>>>>);

impl Listings {
    /// Returns what lies in the folder with an id, read where it was not.
    fn of(&self, id: Oid, objects: &git2::Repository) -> Result<Rc<Listing>, git2::Error> {
        if let Some(listing) = self.0.borrow().get(&id) {
            return Ok(Rc::clone(listing));
        }
        let tree = objects.find_tree(id)?;
        let listing = Rc::new(Listing::of(&tree));
        self.0.borrow_mut().insert(id, Rc::clone(&listing));
        Ok(listing)
    }
}

/// One entry of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) id: Oid,
    pub(super) kind: ItemKind,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ItemKind {
    Folder,
    File,
    Link,
    Submodule,
}

/// Why a path leads to nothing.
#[derive(Debug)]
pub(super) enum Lost {
    Absent,
    Outside,
    Circle,
    Broken(git2::Error),
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lost::Absent => f.write_str("it does not exist"),
            Lost::Outside => f.write_str("it leads out of the repository"),
            Lost::Circle => f.write_str("it leads through too many links"),
            Lost::Broken(error) => f.write_str(error.message()),
        }
    }
}

impl From<git2::Error> for Lost {
    fn from(error: git2::Error) -> Self {
        Lost::Broken(error)
    }
}

impl<'a> Tree<'a> {
    /// Returns the tree with the id `root`.
    pub(super) fn new(objects: &'a git2::Repository, root: Oid) -> Self {
        Self::after(Listings::default(), objects, root)
    }

    /// Returns the tree with the id `root`; folders that are `read` already are not read again.
    pub(super) fn after(read: Listings, objects: &'a git2::Repository, root: Oid) -> Self {
        Self { objects, root, listings: RefCell::default(), read }
    }

    /// Returns what stands at `path`, without following links.
    pub(super) fn item(&self, path: &Path) -> Result<Option<Item>, git2::Error> {
        let Some(name) = path.file_name() else {
            return Ok(Some(Item { id: self.root, kind: ItemKind::Folder }));
        };
        let listing = self.listing(path.parent().unwrap_or(Path::new("")))?;
        Ok(listing.and_then(|listing| listing.get(name)))
    }

    /// Returns what lies in `folder`; `None` where no folder stands there.
    pub(super) fn listing(&self, folder: &Path) -> Result<Option<Rc<Listing>>, git2::Error> {
        if let Some(listing) = self.listings.borrow().get(folder) {
            return Ok(Some(Rc::clone(listing)));
        }
        let Some(Item { id, kind: ItemKind::Folder }) = self.item(folder)? else { return Ok(None) };
        let listing = self.read.of(id, self.objects)?;
        self.listings.borrow_mut().insert(folder.to_path_buf(), Rc::clone(&listing));
        Ok(Some(listing))
    }

    /// Returns everything below `folder`, by path.
    pub(super) fn below(&self, folder: &Path) -> Result<BTreeMap<PathBuf, Item>, git2::Error> {
        let mut found = BTreeMap::new();
        let mut waiting = vec![folder.to_path_buf()];
        while let Some(folder) = waiting.pop() {
            let Some(listing) = self.listing(&folder)? else { continue };
            for (name, item) in listing.iter() {
                let path = folder.join(name);
                if item.kind == ItemKind::Folder {
                    waiting.push(path.clone());
                }
                found.insert(path, item);
            }
        }
        Ok(found)
    }

    /// Returns what stands at `path` where its folder was listed, so that no link leads there, and it is none itself.
    fn plain(&self, path: &Path) -> Option<Item> {
        let (folder, name) = (path.parent()?, path.file_name()?);
        self.listings.borrow().get(folder)?.get(name).filter(|item| item.kind != ItemKind::Link)
    }

    /// Returns the path behind all links of `path`, and what stands there.
    pub(super) fn real(&self, path: &Path) -> Result<(PathBuf, Item), Lost> {
        if let Some(item) = self.plain(path) {
            return Ok((path.to_path_buf(), item));
        }
        let mut waiting: Vec<OsString> = reversed(path);
        let mut real = PathBuf::new();
        let mut links = 0;
        while let Some(part) = waiting.pop() {
            if part == ".." {
                if !real.pop() {
                    return Err(Lost::Outside);
                }
                continue;
            }
            real.push(part);
            let item = self.item(&real)?.ok_or(Lost::Absent)?;
            if item.kind == ItemKind::Link {
                links += 1;
                if links > MOST_LINKS {
                    return Err(Lost::Circle);
                }
                let target = PathBuf::from(name(self.objects.find_blob(item.id)?.content()));
                if target.has_root() {
                    return Err(Lost::Outside);
                }
                real.pop();
                waiting.extend(reversed(&target));
            }
        }
        let item = self.item(&real)?.ok_or(Lost::Absent)?;
        Ok((real, item))
    }
}

fn item(entry: &git2::TreeEntry<'_>) -> Item {
    let kind = match entry.kind() {
        Some(ObjectType::Tree) => ItemKind::Folder,
        Some(ObjectType::Commit) => ItemKind::Submodule,
        _ if entry.filemode() == LINK => ItemKind::Link,
        _ => ItemKind::File,
    };
    Item { id: entry.id(), kind }
}

/// Returns the parts of a path, the last one first.
fn reversed(path: &Path) -> Vec<OsString> {
    let parts = path.components().rev().filter(|part| *part != std::path::Component::CurDir);
    parts.map(|part| part.as_os_str().to_owned()).collect()
}

#[cfg(unix)]
fn name(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(bytes).to_owned()
}

#[cfg(not(unix))]
fn name(bytes: &[u8]) -> OsString {
    OsStr::new(String::from_utf8_lossy(bytes).as_ref()).to_owned()
}

/// One revision as a place to load the definitions of `folder` from.
pub(super) struct Side<'a> {
    pub(super) tree: Tree<'a>,
    /// The name of the revision in the names of its texts.
    pub(super) label: &'a str,
    pub(super) folder: &'a Folder,
    pub(super) known: &'a Known,
}

impl Shelf for Side<'_> {
    fn list(&self, folder: &Path) -> Vec<Listed> {
        let listing = match self.tree.real(folder) {
            Ok((real, _)) => self.tree.listing(&real).map_err(Lost::from),
            Err(lost) => Err(lost),
        };
        match listing {
            Ok(Some(listing)) => listing.iter().map(|(name, item)| (folder.join(name), kind(item))).collect(),
            Ok(None) => vec![(folder.to_path_buf(), Err("it is no folder".to_owned()))],
            Err(lost) => vec![(folder.to_path_buf(), Err(lost.to_string()))],
        }
    }

    fn real(&self, path: &Path) -> Result<PathBuf, String> {
        self.tree.real(path).map(|(real, _)| real).map_err(|lost| lost.to_string())
    }

    fn kind(&self, path: &Path) -> Option<Kind> {
        self.tree.real(path).ok().and_then(|(_, item)| kind(item).ok())
    }

    fn read(&self, path: &Path) -> Result<Content, Problem> {
        let (_, item) = self.tree.real(path).map_err(|lost| Problem::Unreadable(lost.to_string()))?;
        let place = path.strip_prefix(&self.folder.inside).unwrap_or(path);
        if let Some(text) = self.known.text(place, item.id) {
            return Ok(Content::Known(text));
        }
        let unreadable = |error: git2::Error| match error.code() {
            ErrorCode::NotFound => Problem::Unreadable(LEFT_OUT.to_owned()),
            _ => Problem::Unreadable(error.message().to_owned()),
        };
        load::decode(self.tree.objects.find_blob(item.id).map_err(unreadable)?.content()).map(Content::New)
    }

    fn shown(&self, path: &Path) -> String {
        format!("{}:{}", self.label, load::shown(path))
    }

    fn place(&self, path: &Path) -> PathBuf {
        self.folder.place_of(path)
    }
}

fn kind(item: Item) -> Result<Kind, String> {
    match item.kind {
        ItemKind::Folder => Ok(Kind::Folder),
        ItemKind::File => Ok(Kind::File),
        ItemKind::Link => Ok(Kind::Link),
        ItemKind::Submodule => Err("it is a submodule, whose files another repository keeps".to_owned()),
    }
}
