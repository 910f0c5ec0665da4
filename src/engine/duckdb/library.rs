//! Where DuckDB's dynamic library is found.
//!
//! The file is `libduckdb.so` (`libduckdb.dylib`, `duckdb.dll`), with the entry point `duckdb_adbc_init`. It is
//! looked for, in this order:
//!
//! 1. where the environment variable `ETALON_DUCKDB` says: the file, or the folder that holds it. Nothing else is
//!    tried then, so that a slip in the variable is seen;
//! 2. in the folder of the running program, and in `lib` beside that folder;
//! 3. where the system's loader looks (not on Windows, where the loader also looks into the working folder).
//!
//! The working folder and the folders above it are left out on purpose: definitions are data, and to test the
//! definitions of somebody else's repository must not run a library that lies in it.

use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use adbc_core::options::AdbcVersion;
use adbc_driver_manager::ManagedDriver;

use crate::engine::EngineError;

/// The environment variable that names the library or its folder.
pub const VARIABLE: &str = "ETALON_DUCKDB";

const ENTRY_POINT: &[u8] = b"duckdb_adbc_init";

/// Returns the driver; the library is loaded once and stays until the process ends, as its threads may outlive a
/// database.
pub(super) fn driver() -> Result<ManagedDriver, EngineError> {
    static DRIVER: OnceLock<ManagedDriver> = OnceLock::new();
    if let Some(driver) = DRIVER.get() {
        return Ok(driver.clone());
    }
    let driver = load(&find()?)?;
    Ok(DRIVER.get_or_init(|| driver).clone())
}

fn find() -> Result<PathBuf, EngineError> {
    if let Some(setting) = env::var_os(VARIABLE).filter(|setting| !setting.is_empty()) {
        return named(Path::new(&setting));
    }
    let program = env::current_exe().ok();
    let nearby = program.as_deref().map(beside).unwrap_or_default();
    match nearby.into_iter().find(|path| path.is_file()) {
        Some(path) => Ok(path),
        None if cfg!(unix) => Ok(PathBuf::from(file_name())),
        None => Err(unavailable(format!("`{}` was not found", file_name()))),
    }
}

/// Returns the file that the setting names, or that lies in the folder it names.
fn named(setting: &Path) -> Result<PathBuf, EngineError> {
    // A bare file name would be searched by the loader instead.
    let path = std::path::absolute(setting).unwrap_or_else(|_| setting.to_owned());
    let path = if path.is_dir() { path.join(file_name()) } else { path };
    if path.is_file() {
        return Ok(path);
    }
    Err(unavailable(format!("`{VARIABLE}` is set, but `{}` is no file", path.display())))
}

fn beside(program: &Path) -> Vec<PathBuf> {
    let Some(folder) = program.parent() else { return Vec::new() };
    let mut places = vec![folder.join(file_name())];
    places.extend(folder.parent().map(|above| above.join("lib").join(file_name())));
    places
}

fn load(path: &Path) -> Result<ManagedDriver, EngineError> {
    ManagedDriver::load_dynamic_from_filename(path, Some(ENTRY_POINT), AdbcVersion::V110)
        .map_err(|error| unavailable(format!("DuckDB's library does not load: {}", error.message)))
}

fn file_name() -> String {
    format!("{DLL_PREFIX}duckdb{DLL_SUFFIX}")
}

/// Returns the error that says why there is no DuckDB, and what to do about it.
pub(super) fn unavailable(what: String) -> EngineError {
    let file = file_name();
    let remedy = format!(
        "Set `{VARIABLE}` to the path of DuckDB's C library `{file}`, or to its folder. The npm packages \
         `@duckdb/node-bindings-<platform>` contain it. The `_duckdb` module of a Python package does not serve: it \
         needs a Python interpreter in the process."
    );
    EngineError::Unavailable { what, remedy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_may_name_the_file_or_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(file_name());
        std::fs::write(&file, "").expect("written");
        assert_eq!(named(folder.path()), Ok(file.clone()));
        assert_eq!(named(&file), Ok(file));
    }

    #[test]
    fn a_setting_that_names_nothing_is_an_error_with_a_remedy() {
        let folder = tempfile::tempdir().expect("a folder");
        let Err(EngineError::Unavailable { what, remedy }) = named(folder.path()) else {
            panic!("an empty folder was accepted");
        };
        assert!(what.contains(&file_name()), "{what}");
        assert!(remedy.contains(VARIABLE), "{remedy}");
    }

    #[test]
    fn a_file_that_is_no_library_is_an_error_and_no_crash() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(file_name());
        std::fs::write(&file, "no library").expect("written");
        assert!(matches!(load(&file), Err(EngineError::Unavailable { .. })));
    }

    #[test]
    fn the_library_may_lie_beside_the_program_or_in_lib() {
        let places = beside(Path::new("/opt/etalon/bin/etalon"));
        let expected = ["/opt/etalon/bin", "/opt/etalon/lib"].map(|folder| Path::new(folder).join(file_name()));
        assert_eq!(places, expected);
    }
}
