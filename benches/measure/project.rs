//! A project of one source of contacts, first-contact resolution over them, and other metrics as asked for.

use std::path::Path;

use etalon::catalog::{self, Catalog};
use etalon::diagnostic::Diagnostics;
use etalon::load;

const PROJECT: &str =
    "project: bench\ntitle: A bench\nedition: 2026\nreporting: {zone: Europe/Berlin, week_starts: monday}\n";

/// Returns the project with `others`, each a metric's name and text, checked.
pub(crate) fn checked(others: impl Iterator<Item = (String, String)>) -> Catalog {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |path: &str, text: &str| write(&folder.path().join(path), text).expect("written");
    put("etalon.yaml", PROJECT);
    put("sources/contacts.yaml", include_str!("../fused/contacts.yaml"));
    put("metrics/first_contact/v1.yaml", include_str!("../fused/first_contact.yaml"));
    others.for_each(|(name, text)| put(&format!("metrics/{name}/v1.yaml"), &text));
    let loaded = load::load(folder.path());
    let mut diagnostics = Diagnostics::default();
    let catalog = catalog::build(&loaded, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{diagnostics:?}");
    catalog
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    std::fs::write(path, text)
}
