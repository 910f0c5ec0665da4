//! Where the dynamic library of an ADBC driver is found.
//!
//! The file is looked for, in this order:
//!
//! 1. where the variable of the driver itself says, as `ETALON_DUCKDB`: the file, or the folder that holds it. Nothing
//!    else is tried then, so that a slip in the variable is seen;
//! 2. in the folders that `ETALON_DRIVERS` lists;
//! 3. in the folder of the running program, and in `lib` beside that folder;
//! 4. where the system's loader looks (not on Windows, where the loader also looks into the working folder).
//!
//! The working folder and the folders above it are left out on purpose: definitions are data, and to test the
//! definitions of somebody else's repository must not run a library that lies in it.

use std::collections::BTreeMap;
use std::env;
use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use adbc_core::options::AdbcVersion;
use adbc_driver_manager::ManagedDriver;

use crate::engine::EngineError;

/// The variable that lists folders with drivers.
const FOLDERS: &str = "ETALON_DRIVERS";

/// An ADBC driver.
#[derive(Debug, Clone, Copy)]
pub(in crate::engine) struct Driver {
    /// What people call the engine.
    pub(in crate::engine) title: &'static str,
    /// The name of the file, without what a platform adds to it.
    pub(in crate::engine) stem: &'static str,
    /// The function that initialises it.
    pub(in crate::engine) entry_point: &'static [u8],
    /// A variable that names this driver's file or folder.
    pub(in crate::engine) variable: Option<&'static str>,
    /// Where the file comes from, in a sentence.
    pub(in crate::engine) source: &'static str,
}

impl Driver {
    /// Loads the library, once: it stays until the process ends, as its threads may outlive a database.
    pub(in crate::engine) fn load(&self) -> Result<ManagedDriver, EngineError> {
        static LOADED: Mutex<BTreeMap<&str, ManagedDriver>> = Mutex::new(BTreeMap::new());
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(driver) = loaded.get(self.stem) {
            return Ok(driver.clone());
        }
        let driver = self.load_from(&self.find()?)?;
        loaded.insert(self.stem, driver.clone());
        Ok(driver)
    }

    fn find(&self) -> Result<PathBuf, EngineError> {
        let own = self.variable.and_then(|name| Some((name, env::var_os(name)?)));
        if let Some((name, setting)) = own.filter(|(_, setting)| !setting.is_empty()) {
            return self.named(name, Path::new(&setting));
        }
        let mut folders = self.listed()?;
        folders.extend(env::current_exe().ok().as_deref().map(beside).unwrap_or_default());
        let places = folders.iter().flat_map(|folder| self.file_names().map(|name| folder.join(name)));
        match places.into_iter().find(|path| path.is_file()) {
            Some(path) => Ok(path),
            None if cfg!(unix) => Ok(PathBuf::from(self.file_name())),
            None => Err(self.unavailable(format!("`{}` was not found", self.file_name()))),
        }
    }

    /// Returns the file that a setting names, or that lies in the folder it names.
    fn named(&self, variable: &str, setting: &Path) -> Result<PathBuf, EngineError> {
        // A bare file name would be searched by the loader instead.
        let path = std::path::absolute(setting).unwrap_or_else(|_| setting.to_owned());
        let path = if path.is_dir() { path.join(self.file_name()) } else { path };
        if path.is_file() {
            return Ok(path);
        }
        Err(self.unavailable(format!("`{variable}` is set, but `{}` is no file", path.display())))
    }

    /// Returns the folders that the environment lists.
    fn listed(&self) -> Result<Vec<PathBuf>, EngineError> {
        let setting = env::var_os(FOLDERS).unwrap_or_default();
        let folders: Vec<PathBuf> = env::split_paths(&setting).filter(|path| !path.as_os_str().is_empty()).collect();
        match folders.iter().find(|folder| !folder.is_absolute()) {
            // It would depend on the working folder.
            Some(folder) => {
                Err(self.unavailable(format!("`{FOLDERS}` lists `{}`, which is relative", folder.display())))
            }
            None => Ok(folders),
        }
    }

    fn load_from(&self, path: &Path) -> Result<ManagedDriver, EngineError> {
        ManagedDriver::load_dynamic_from_filename(path, Some(self.entry_point), AdbcVersion::V110).map_err(|error| {
            self.unavailable(format!("the driver of {} does not load: {}", self.title, error.message.trim_end()))
        })
    }

    fn file_name(&self) -> String {
        format!("{DLL_PREFIX}{}{DLL_SUFFIX}", self.stem)
    }

    /// Returns the names the file may have: Python packages use that of Linux everywhere.
    fn file_names(&self) -> [String; 2] {
        [self.file_name(), format!("lib{}.so", self.stem)]
    }

    /// Returns the error that says why the engine is not at hand, and what to do about it.
    pub(super) fn unavailable(&self, what: String) -> EngineError {
        let file = self.file_name();
        let place = match self.variable {
            Some(variable) => format!("Set `{variable}` to the path of `{file}` or to its folder"),
            None => format!("Put the folder of `{file}` into `{FOLDERS}`"),
        };
        EngineError::Unavailable { what, remedy: format!("{place}. {}", self.source) }
    }
}

/// Returns the folders that belong to a program.
fn beside(program: &Path) -> Vec<PathBuf> {
    let Some(folder) = program.parent() else { return Vec::new() };
    let lib = folder.parent().map(|above| above.join("lib"));
    [Some(folder.to_owned()), lib].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRIVER: Driver = Driver {
        title: "Some",
        stem: "some_driver_that_is_nowhere",
        entry_point: b"AdbcDriverInit",
        variable: Some("SOME_VARIABLE"),
        source: "It comes from somewhere.",
    };

    #[test]
    fn a_setting_may_name_the_file_or_its_folder() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(DRIVER.file_name());
        std::fs::write(&file, "").expect("written");
        assert_eq!(DRIVER.named("X", folder.path()), Ok(file.clone()));
        assert_eq!(DRIVER.named("X", &file), Ok(file));
    }

    #[test]
    fn a_setting_that_names_nothing_is_an_error_with_a_remedy() {
        let folder = tempfile::tempdir().expect("a folder");
        let Err(EngineError::Unavailable { what, remedy }) = DRIVER.named("SOME_VARIABLE", folder.path()) else {
            panic!("an empty folder was accepted");
        };
        assert!(what.contains(&DRIVER.file_name()), "{what}");
        assert!(remedy.contains("SOME_VARIABLE") && remedy.ends_with(DRIVER.source), "{remedy}");
    }

    #[test]
    fn a_driver_that_is_nowhere_is_unavailable_and_the_remedy_says_where_to_put_it() {
        let Err(EngineError::Unavailable { what, remedy }) = (Driver { variable: None, ..DRIVER }).load() else {
            panic!("a driver came from nowhere");
        };
        assert!(what.contains("the driver of Some does not load"), "{what}");
        assert!(remedy.contains(FOLDERS) && remedy.contains(&DRIVER.file_name()), "{remedy}");
    }

    #[test]
    fn a_file_that_is_no_library_is_an_error_and_no_crash() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(DRIVER.file_name());
        std::fs::write(&file, "no library").expect("written");
        assert!(matches!(DRIVER.load_from(&file), Err(EngineError::Unavailable { .. })));
    }

    #[test]
    fn the_library_may_lie_beside_the_program_or_in_lib() {
        let expected = ["/opt/etalon/bin", "/opt/etalon/lib"].map(PathBuf::from);
        assert_eq!(beside(Path::new("/opt/etalon/bin/etalon")), expected);
    }
}
