//! The rows a run works on: every needed source read once, from where its definition or the caller says.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

use crate::catalog::Catalog;
use crate::engine::{EngineError, duckdb};
use crate::interpret::Tables;
use crate::load;
use crate::read::{self, LookedUp, Note, ReadError, Reading};
use crate::source::{FileLayout, LookUp, ObservedThrough, Source};
use crate::value::{Instant, Value};

/// The tables of a run.
#[derive(Debug, Default)]
pub struct Inputs {
    /// Rows by source.
    pub tables: Tables,
    /// What was read, by source.
    pub readings: BTreeMap<String, SourceReading>,
    /// Up to when each source is complete; absent where it has no rows to tell.
    pub observed: BTreeMap<String, Instant>,
}

/// What was read of one source.
#[derive(Debug)]
pub struct SourceReading {
    /// The file.
    pub path: PathBuf,
    /// Rows read.
    pub rows: usize,
    /// Raw rows that the mapping leaves out.
    pub left_out: usize,
    /// What had to be done to the data.
    pub notes: Vec<Note>,
}

/// Why a source could not be read.
#[derive(Debug, thiserror::Error)]
pub enum InputError {
    /// The file's content is not what the source declares.
    #[error("{0}")]
    Read(#[from] ReadError),
    /// A definition names a file outside its project.
    #[error("source `{name}` names `{path}`, which is no file of the project; give it with `--data {name}=FILE`")]
    Outside {
        /// The source.
        name: String,
        /// The path as written.
        path: String,
    },
    /// A mapping looks fields up in a file that does not lie beside the first one.
    #[error("`{path}` cannot be read: {reason}; put the files of one export into one folder")]
    LookUp {
        /// The path as written.
        path: String,
        /// Why, in words that continue "it cannot be read: ".
        reason: String,
    },
    /// A Parquet file could not be read.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Inputs {
    /// Reads `sources`, each from the path the caller gives or else from where its definition says; a source for which
    /// neither names a file is left out.
    ///
    /// # Errors
    /// When a file cannot be read as its source declares.
    pub fn read(catalog: &Catalog, sources: &[&str], given: &BTreeMap<String, PathBuf>) -> Result<Self, InputError> {
        let places = Self::places(catalog, sources, given)?;
        let known = &catalog.registry.sources;
        Self::read_as(|name| known.get(name).map(|file| &file.source), &places)
    }

    /// Returns where the rows of each of `sources` lie: where the caller says, or else where its definition says.
    ///
    /// # Errors
    /// When a definition names a file outside its project.
    pub fn places(
        catalog: &Catalog,
        sources: &[&str],
        given: &BTreeMap<String, PathBuf>,
    ) -> Result<BTreeMap<String, PathBuf>, InputError> {
        let mut places = BTreeMap::new();
        for name in sources {
            let Some(file) = catalog.registry.sources.get(*name) else { continue };
            let path = match (given.get(*name), &file.source.file) {
                (Some(path), _) => path.clone(),
                (None, Some(path)) => catalog
                    .place(file.span.text, path)
                    .ok_or_else(|| InputError::Outside { name: (*name).to_owned(), path: path.clone() })?,
                (None, None) => continue,
            };
            places.insert((*name).to_owned(), path);
        }
        Ok(places)
    }

    /// Reads the files in `places` as `described` describes their sources; one that it does not know is left out.
    ///
    /// # Errors
    /// When a file cannot be read so.
    pub fn read_as<'a>(
        described: impl Fn(&str) -> Option<&'a Source>,
        places: &BTreeMap<String, PathBuf>,
    ) -> Result<Self, InputError> {
        let mut inputs = Inputs::default();
        for (name, path) in places {
            let Some(source) = described(name) else { continue };
            let path = shown(path);
            let reading = read_file(source, &path)?;
            inputs.enter(source, path, reading);
        }
        Ok(inputs)
    }

    fn enter(&mut self, source: &Source, path: PathBuf, reading: Reading) {
        let name = source.name.clone();
        if let Some(instant) = observed_through(source, &reading) {
            self.observed.insert(name.clone(), instant);
        }
        let rows = reading.rows_read();
        self.readings
            .insert(name.clone(), SourceReading { path, rows, left_out: reading.left_out, notes: reading.notes });
        self.tables.insert(name, reading.table);
    }

    /// Returns the moment up to which all of `sources` are complete.
    pub fn observed_through(&self, sources: &[&str]) -> Option<Instant> {
        sources.iter().filter_map(|name| self.observed.get(*name)).min().copied()
    }
}

/// Returns the path as it is shown: `sources/../data` is `data`, unless `sources` is a link.
fn shown(path: &Path) -> PathBuf {
    let mut shown = PathBuf::new();
    for component in path.components() {
        let under_plain_folder =
            matches!(shown.components().next_back(), Some(Component::Normal(_))) && !shown.is_symlink();
        match component {
            Component::ParentDir if under_plain_folder => {
                shown.pop();
            }
            Component::CurDir => {}
            other => shown.push(other),
        }
    }
    shown
}

fn read_file(source: &Source, path: &Path) -> Result<Reading, InputError> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut looked_up = Vec::new();
    for look_up in &source.raw.look_ups {
        let refused = |reason| InputError::LookUp { path: look_up.file.clone(), reason };
        let found = load::file_inside(folder, &look_up.file).map_err(refused)?;
        // What is not there is told by the reader, with its path.
        looked_up.push(read_look_up(look_up, &found.unwrap_or_else(|| folder.join(&look_up.file)))?);
    }
    match layout(source.layout, path) {
        FileLayout::Parquet => {
            let (header, rows) = duckdb::parquet_rows(path)?;
            let reading = read::rows(source, header, rows.into_iter(), &looked_up);
            Ok(reading.map_err(|error| error.at(path.to_string_lossy()))?)
        }
        layout => Ok(read::file(source, path, layout, &looked_up)?),
    }
}

fn read_look_up<'a>(look_up: &'a LookUp, path: &Path) -> Result<LookedUp<'a>, InputError> {
    match layout(look_up.layout, path) {
        FileLayout::Parquet => {
            let (header, rows) = duckdb::parquet_rows(path)?;
            let found = read::look_up_rows(look_up, header, rows.into_iter());
            Ok(found.map_err(|error| error.at(path.to_string_lossy()))?)
        }
        layout => Ok(read::look_up(look_up, path, layout)?),
    }
}

/// The file's own ending says more than the usual layout, which decides for every other ending.
fn layout(usual: FileLayout, path: &Path) -> FileLayout {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    match (ending.as_str(), usual) {
        ("csv", FileLayout::Csv { delimiter }) => FileLayout::Csv { delimiter },
        ("csv", _) => FileLayout::Csv { delimiter: b',' },
        ("tsv", _) => FileLayout::Csv { delimiter: b'\t' },
        ("jsonl" | "ndjson", _) => FileLayout::JsonLines,
        ("parquet", _) => FileLayout::Parquet,
        (_, usual) => usual,
    }
}

fn observed_through(source: &Source, reading: &Reading) -> Option<Instant> {
    match source.observed_through {
        ObservedThrough::At(instant) => Some(instant),
        ObservedThrough::LastRow => {
            let index = reading.table.index(source.order.first()?)?;
            let instants = reading.table.rows.iter().filter_map(|row| match row[index] {
                Value::Instant(instant) => Some(instant),
                _ => None,
            });
            instants.max()
        }
    }
}
