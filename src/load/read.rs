//! Reads one file, no further than the limit, as UTF-8.
//!
//! Knows neither the file's name nor what becomes of a refusal.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Largest definition file, in bytes.
pub const MAX_FILE_BYTES: usize = 1 << 20;

/// Most bytes of an oversized file that are kept to show its beginning.
const SHOWN_BYTES: usize = 80;

/// Why a file cannot be used.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    /// The system refuses; the reason continues "cannot be read: ".
    Unreadable(String),
    /// The file is larger than the limit; its first line is kept.
    TooLarge { beginning: String },
    /// The file is not UTF-8.
    NotUtf8(Broken),
}

/// A text with bytes that are not UTF-8.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The text with U+FFFD in the place of what is not UTF-8.
    pub readable: String,
    /// Where the first of them stands, in bytes.
    pub at: usize,
    /// The first offending byte.
    pub byte: u8,
    /// Whether the file begins as UTF-16 does.
    pub utf_16: bool,
}

/// Reads the file at `path`.
pub(super) fn read(path: &Path) -> Result<String, Problem> {
    let refused = |error: io::Error| Problem::Unreadable(reason(&error));
    // Opening a pipe would wait for its writer for ever.
    let metadata = std::fs::metadata(path).map_err(refused)?;
    if !metadata.is_file() {
        return Err(Problem::Unreadable("it is not a regular file".to_owned()));
    }
    decode_sized(File::open(path).map_err(refused)?, metadata.len())
}

/// Reads `input` to its end.
pub(crate) fn decode(input: impl Read) -> Result<String, Problem> {
    decode_sized(input, 0)
}

/// Reads `input` to its end, which is about `size` bytes away.
fn decode_sized(input: impl Read, size: u64) -> Result<String, Problem> {
    // One byte more, so that the end is found without growing.
    let size = usize::try_from(size).unwrap_or(MAX_FILE_BYTES).min(MAX_FILE_BYTES) + 1;
    let mut bytes = Vec::with_capacity(size);
    let limit = MAX_FILE_BYTES as u64 + 1;
    input.take(limit).read_to_end(&mut bytes).map_err(|error| Problem::Unreadable(reason(&error)))?;
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Problem::TooLarge { beginning: beginning(&bytes) });
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let bytes = error.as_bytes();
        let utf_16 = bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]);
        let byte = bytes.get(at).copied().unwrap_or_default();
        Problem::NotUtf8(Broken { readable: String::from_utf8_lossy(bytes).into_owned(), at, byte, utf_16 })
    })
}

/// Returns why the system refuses, in words that are the same on every system where that is possible.
pub(crate) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "it does not exist".to_owned(),
        io::ErrorKind::PermissionDenied => "access is denied".to_owned(),
        _ => error.to_string(),
    }
}

fn beginning(bytes: &[u8]) -> String {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let shown = String::from_utf8_lossy(&line[..line.len().min(SHOWN_BYTES)]).into_owned();
    shown.trim_end_matches([char::REPLACEMENT_CHARACTER, '\r']).to_owned()
}
