//! Sail, a server that speaks Spark's protocol and SQL.
//!
//! All else is as [`super::spark`] says. Knows no plan.

use super::spark::Connect;
use crate::engine::{Address, EngineEntry, adbc};

const NAME: &str = "sail";

/// Sail in the list of engines; its usual address is in `ETALON_SAIL`.
pub const ENTRY: EngineEntry = EngineEntry {
    name: NAME,
    dialect: "spark",
    evidence: "executed",
    is_server: true,
    open: || adbc::open(&SAIL, &Address::of_engine(NAME)),
    open_at: |address| adbc::open(&SAIL, address),
};

/// It has no settings that a statement can change; its SQL depends on none.
static SAIL: Connect = Connect { name: NAME, settings: &[] };
