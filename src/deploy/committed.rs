//! Committed files against what the definitions say now: what is stale, edited, missing or without a definition.
//!
//! Reads the folder and nothing else. What was not written by this tool is none of its business.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::dbt;
use super::files::{Deployment, File, files};
use super::query::Refusal;
use super::stamp::{self, Found, Stamp};
use super::subject::Subject;
use crate::catalog::Catalog;
use crate::store;
use crate::value::{Duration, Instant};

/// Folders that hold what other programs have made.
const FOREIGN: [&str; 4] = ["target", "dbt_packages", "node_modules", "logs"];

/// The endings of files that are looked at.
const ENDINGS: [&str; 3] = ["sql", "yml", "yaml"];

/// A year has this many days at most; how long before its end a deployment is told to be near it, in microseconds.
const NEAR: i64 = 183 * 86_400_000_000;

/// A file with a stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Present {
    /// Where it lies.
    pub path: PathBuf,
    /// Its path below the folder, with forward slashes.
    pub below: String,
    /// Its text.
    pub text: String,
}

/// One way in which committed files are not what the definitions say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deviation {
    /// The path below the folder.
    pub path: String,
    /// The metric it is about; `None` where nothing says it.
    pub metric: Option<String>,
    /// What differs.
    pub what: What,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It is not there.
    Missing,
    /// A hand has changed it.
    Edited(Line),
    /// The definitions have moved on since it was written.
    Stale {
        /// What has changed.
        because: String,
        /// The first line that differs.
        line: Line,
    },
    /// Nothing that is defined says that it should be there.
    Orphaned(String),
    /// Its stamp cannot be read.
    Unreadable(String),
    /// It is good no longer, or not much longer.
    Expiring {
        /// Until when it is good.
        until: Instant,
        /// Whether that has passed.
        has_passed: bool,
    },
}

/// The first line of a text that differs from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub number: usize,
    /// What should stand there; `None` where the text should have ended.
    pub expected: Option<String>,
}

/// Reads the files below a folder that may have a stamp, by path, as no writer can leave them. Links are followed inside the
/// folder only, and each folder is read once.
///
/// # Errors
/// When a folder or file cannot be read, or a link leads out of the folder.
pub fn present(folder: &Path) -> io::Result<Vec<Present>> {
    let _settled = store::settle(folder)?;
    let home = folder.canonicalize()?;
    let mut found = Vec::new();
    let (mut folders, mut seen) = (vec![folder.to_owned()], BTreeSet::new());
    while let Some(next) = folders.pop() {
        if !seen.insert(inside(&home, &next)?) {
            continue;
        }
        for entry in std::fs::read_dir(&next)? {
            let path = entry?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_dir() {
                if !name.starts_with('.') && !FOREIGN.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if ENDINGS.iter().any(|ending| path.extension().is_some_and(|own| own == *ending)) {
                // Opening a pipe would wait for its writer for ever.
                if !inside(&home, &path)?.is_file() {
                    return Err(io::Error::other(format!("`{}` is not a regular file", path.display())));
                }
                let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
                let below = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().replace('\\', "/");
                found.push(Present { path, below, text });
            }
        }
    }
    found.sort_by(|one, other| one.below.cmp(&other.below));
    Ok(found)
}

/// Returns where something lies behind all links.
fn inside(home: &Path, path: &Path) -> io::Result<PathBuf> {
    let told = |what: String| io::Error::other(format!("`{}` {what}", path.display()));
    let real = path.canonicalize().map_err(|error| told(format!("leads nowhere: {error}")))?;
    match real.starts_with(home) {
        true => Ok(real),
        false => Err(told(format!("leads out of the folder, to `{}`", real.display()))),
    }
}

/// Returns what the definitions say now of every file with a stamp, each in its own place.
pub fn renewed(present: &[Present], catalog: &Catalog) -> Deployment {
    let mut deployment = Deployment::default();
    for file in present {
        let Ok(Some(found)) = Stamp::find(&file.text) else { continue };
        match expected(&found.stamp, catalog) {
            Ok(renewed) => deployment.files.push(File { path: file.below.clone(), ..renewed }),
            Err(Refusal(reason)) => deployment.refused.push((found.stamp.metric, reason)),
        }
    }
    deployment
}

/// Holds the files of a folder to the definitions: those in `wanted` to what it says, all others with a stamp to their own.
pub fn deviations(present: &[Present], wanted: &Deployment, catalog: &Catalog, now: Instant) -> Vec<Deviation> {
    let wanted: BTreeMap<&str, &File> = wanted.files.iter().map(|file| (file.path.as_str(), file)).collect();
    let mut deviations = Vec::new();
    for (path, file) in &wanted {
        if !present.iter().any(|present| present.below == *path) {
            let metric = Stamp::find(&file.text).ok().flatten().map(|found| found.stamp.metric);
            deviations.push(Deviation { path: (*path).to_owned(), metric, what: What::Missing });
        }
    }
    for file in present {
        let mut tell = |metric: Option<&str>, what: What| {
            deviations.push(Deviation { path: file.below.clone(), metric: metric.map(str::to_owned), what });
        };
        let found = match Stamp::find(&file.text) {
            Ok(Some(found)) => found,
            Err(unreadable) => {
                tell(None, What::Unreadable(unreadable.reason));
                continue;
            }
            Ok(None) => {
                if let Some(expected) = wanted.get(file.below.as_str()) {
                    tell(None, What::Edited(first_difference(&expected.text, &file.text)));
                }
                continue;
            }
        };
        let metric = Some(found.stamp.metric.as_str());
        let expected =
            wanted.get(file.below.as_str()).map_or_else(|| expected(&found.stamp, catalog), |file| Ok((*file).clone()));
        match expected {
            Err(Refusal(reason)) => tell(metric, What::Orphaned(reason)),
            Ok(expected) => {
                if let Some(what) = difference(&expected.text, &file.text, &found) {
                    tell(metric, what);
                }
            }
        }
        let until = found.stamp.settings.until;
        if until.since(now) < Duration::from_micros(NEAR) {
            tell(metric, What::Expiring { until, has_passed: until <= now });
        }
    }
    deviations.sort_by(|one, other| one.path.cmp(&other.path));
    deviations
}

/// Returns the file that the definitions say now for a stamp.
fn expected(stamp: &Stamp, catalog: &Catalog) -> Result<File, Refusal> {
    if let Some(source) = stamp.metric.strip_prefix(dbt::SOURCE) {
        return dbt::source(&catalog.registry, source);
    }
    let subject = Subject::find(catalog, &stamp.metric)?;
    let files = files(&subject, &stamp.settings)?.files;
    let own = files.into_iter().find(|file| file.part == stamp.part);
    own.ok_or_else(|| Refusal(format!("`{}` has no such file any more", stamp.metric)))
}

/// Returns what sets a file apart from what it should be, if anything does.
fn difference(expected: &str, text: &str, found: &Found) -> Option<What> {
    let same = expected.lines().eq(text.lines());
    if same {
        return None;
    }
    let line = first_difference(expected, text);
    if stamp::seal(text) != found.digest {
        return Some(What::Edited(line));
    }
    let now = Stamp::find(expected).ok().flatten();
    let because = now.map_or_else(|| "it is written otherwise".to_owned(), |now| change(found, &now));
    Some(What::Stale { because, line })
}

/// Says what sets two stamps apart.
fn change(old: &Found, new: &Found) -> String {
    let (was, is) = (&old.stamp, &new.stamp);
    if was.version != is.version {
        return format!("it is version {}, and {} is in force", was.version, is.version);
    }
    if was.plan != is.plan || was.fingerprints.data != is.fingerprints.data {
        return format!("version {} means something else than when it was written", was.version);
    }
    if was.fingerprints.parents != is.fingerprints.parents {
        return "a metric that it is made of means something else".to_owned();
    }
    if was.settings != is.settings {
        return "it was asked for otherwise".to_owned();
    }
    if was.fingerprints.reading != is.fingerprints.reading {
        return "how the number is read has changed".to_owned();
    }
    if old.format != new.format {
        return format!("it is written in format {}, and {} is written now", old.format, new.format);
    }
    "its words have changed, and its meaning has not".to_owned()
}

fn first_difference(expected: &str, text: &str) -> Line {
    let (mut expected, mut lines) = (expected.lines(), text.lines());
    let mut number = 1;
    loop {
        match (expected.next(), lines.next()) {
            // The stamp differs wherever anything does.
            (Some(one), Some(other)) if one == other || both_stamps(one, other) => number += 1,
            (expected, _) => return Line { number, expected: expected.map(str::to_owned) },
        }
    }
}

fn both_stamps(one: &str, other: &str) -> bool {
    one.contains(stamp::MARK) && other.contains(stamp::MARK)
}
