//! An engine under another name: that of the target it was opened for.
//!
//! Changes nothing else.

use crate::engine::{Described, Engine, EngineError};
use crate::table::{Field, Table};

/// Returns `engine` under the name `label`.
pub fn labelled(label: &str, engine: Box<dyn Engine>) -> Box<dyn Engine> {
    Box::new(Labelled { label: label.to_owned(), engine })
}

struct Labelled {
    label: String,
    engine: Box<dyn Engine>,
}

impl Engine for Labelled {
    fn name(&self) -> &str {
        &self.label
    }

    fn dialect(&self) -> &'static str {
        self.engine.dialect()
    }

    fn version(&self) -> String {
        self.engine.version()
    }

    fn load(&mut self, table: &str, data: &Table) -> Result<(), EngineError> {
        self.engine.load(table, data)
    }

    fn query(&mut self, sql: &str, fields: &[Field]) -> Result<Table, EngineError> {
        self.engine.query(sql, fields)
    }

    fn quoted(&self, name: &str) -> String {
        self.engine.quoted(name)
    }

    fn describe(&mut self, table: &str, fields: &[Field]) -> Result<Vec<Described>, EngineError> {
        self.engine.describe(table, fields)
    }

    fn rewritten(&mut self, query: &str) -> Result<Option<String>, EngineError> {
        self.engine.rewritten(query)
    }

    fn clear(&mut self) -> Result<(), EngineError> {
        self.engine.clear()
    }
}
