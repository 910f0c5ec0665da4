//! A project by itself: its definitions with what they name beside them, checked as far as no rule is asked.
//!
//! Every command that opens a project, and what is kept of a check, take this way, so that none leaves a step out.

use crate::catalog::{self, Catalog};
use crate::decision;
use crate::diagnostic::Diagnostics;
use crate::load::Loaded;
use crate::remote;

/// Makes a catalog of what was loaded, the decision records that it names included; all mistakes are reported.
pub fn project(loaded: &mut Loaded, diagnostics: &mut Diagnostics) -> Catalog {
    diagnostics.extend(std::mem::take(&mut loaded.diagnostics));
    let mut catalog = catalog::build(loaded, diagnostics);
    remote::check_engines(&catalog, diagnostics);
    catalog.decisions = decision::beside(&catalog, &mut loaded.texts, diagnostics);
    catalog
}
