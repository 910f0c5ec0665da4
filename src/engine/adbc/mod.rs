//! Engines that are reached through ADBC drivers: dynamic libraries with one interface, nothing of which is compiled in.
//!
//! What differs between them says a [`Profile`]; [`driver`] says where a library is looked for. Knows no engine and no
//! plan.

mod arrow;
mod driver;
mod failure;
mod literal;
mod profile;
mod rows;
mod session;

use std::ops::Range;
use std::sync::Arc;

use arrow_schema::Field as ArrowField;

pub(super) use arrow::{DIGITS, DURATION_DIGITS};
pub(super) use driver::Driver;
pub(super) use literal::literal;
pub(super) use profile::{Filling, Profile, Setting, View, fits_by_type};
pub(super) use rows::{Cell, seconds, table as rows_of};
pub(super) use session::Session;

use crate::engine::address::Address;
use crate::engine::cell::Loading;
use crate::engine::{Described, Engine, EngineError, columns};
use crate::table::{Field, Table};
use crate::value::Type;

/// Rows that cross into an engine at once; as many as one row group of DuckDB holds.
const CHUNK: usize = 122_880;

/// An engine behind an ADBC driver.
struct Adbc {
    session: Session,
    version: String,
    loaded: Vec<String>,
    /// Whether the session is forbidden to write, where the engine can do so.
    locked: bool,
}

/// Opens a session of the engine at `address`.
///
/// # Errors
///
/// [`EngineError::Unavailable`] where driver or address are absent, [`EngineError::Down`] where the server refuses.
pub(super) fn open(profile: &'static dyn Profile, address: &Address) -> Result<Box<dyn Engine>, EngineError> {
    let mut session = Session::open(profile, address)?;
    let answer = session.query(profile.version())?;
    let table = rows::table(profile, &answer, &[Field::new("version", Type::Text)])?;
    let version = table.cell(0, "version").to_string();
    let version = version.split_whitespace().next().unwrap_or_default().trim_start_matches('v').to_owned();
    Ok(Box::new(Adbc { session, version, loaded: Vec::new(), locked: false }))
}

impl Engine for Adbc {
    fn name(&self) -> &str {
        self.session.profile().name()
    }

    fn dialect(&self) -> &'static str {
        self.session.profile().dialect()
    }

    fn version(&self) -> String {
        self.version.clone()
    }

    fn load(&mut self, table: &str, data: &Table) -> Result<(), EngineError> {
        let loading = Loading { engine: self.session.profile().name(), table, data };
        loading.check_width()?;
        self.check_names(&loading)?;
        self.lock(false)?;
        if self.session.profile().filling() == Filling::View {
            arrow::batch(self.session.profile(), &loading, 0..data.rows.len())?;
            self.session.execute(&literal::view(self.session.profile(), &loading))?;
            self.loaded.push(table.to_owned());
            return Ok(());
        }
        self.session.execute(&create_statement(self.session.profile(), table, &data.fields))?;
        let filled = self.fill(&loading);
        match &filled {
            Ok(()) => self.loaded.push(table.to_owned()),
            // Its tables have gone with the session.
            Err(EngineError::Down { .. }) => {}
            Err(_) => self.drop_table(table)?,
        }
        filled
    }

    fn query(&mut self, sql: &str, fields: &[Field]) -> Result<Table, EngineError> {
        self.lock(true)?;
        let answer = self.session.query(sql)?;
        let told = |field: &Arc<ArrowField>| self.session.profile().told_name(field.name());
        let names: Vec<String> = answer.schema.fields().iter().map(told).collect();
        columns::check(self.session.profile().name(), names.iter().map(String::as_str), fields)?;
        rows::table(self.session.profile(), &answer, fields)
    }

    fn quoted(&self, name: &str) -> String {
        self.session.profile().quoted(name)
    }

    fn describe(&mut self, table: &str, fields: &[Field]) -> Result<Vec<Described>, EngineError> {
        self.lock(true)?;
        let profile = self.session.profile();
        let name = (self as &dyn Engine).table_name(table);
        let answer = self.session.query(&format!("SELECT * FROM {name} WHERE 1 = 0"))?;
        let described = answer.schema.fields().iter().map(|column| {
            let field = fields.iter().find(|field| field.name == *column.name());
            let fits = field.map(|field| profile.fits(column, field.ty));
            Described { name: column.name().clone(), ty: profile.type_name(column), fits }
        });
        Ok(described.collect())
    }

    fn rewritten(&mut self, query: &str) -> Result<Option<String>, EngineError> {
        let Some(view) = self.session.profile().view(query) else { return Ok(None) };
        self.lock(false)?;
        self.session.execute(&view.create)?;
        let told = self.query(&view.tell, &[Field::new("definition", Type::Text)]);
        match &told {
            // It has gone with the session.
            Err(EngineError::Down { .. }) => {}
            _ => {
                self.lock(false)?;
                self.session.execute(&view.drop)?;
            }
        }
        Ok(Some(told?.cell(0, "definition").to_string()))
    }

    fn clear(&mut self) -> Result<(), EngineError> {
        for table in std::mem::take(&mut self.loaded) {
            self.drop_table(&table)?;
        }
        Ok(())
    }
}

impl Adbc {
    fn fill(&mut self, loading: &Loading<'_>) -> Result<(), EngineError> {
        let filling = self.session.profile().filling();
        let chunk = if let Filling::Insert { rows } = filling { rows.max(1) } else { CHUNK };
        for start in (0..loading.data.rows.len()).step_by(chunk) {
            let end = loading.data.rows.len().min(start + chunk);
            self.put(loading, start..end, filling)?;
        }
        Ok(())
    }

    fn put(&mut self, loading: &Loading<'_>, range: Range<usize>, filling: Filling) -> Result<(), EngineError> {
        let profile = self.session.profile();
        // Also what goes in as literals has to be exact.
        let batch = arrow::batch(profile, loading, range.clone())?;
        match filling {
            Filling::Ingest { temporary } => self.session.append(loading.table, temporary, batch),
            Filling::Insert { .. } | Filling::View => {
                self.session.execute(&literal::insert(profile, loading, &loading.data.rows[range]))
            }
        }
    }

    fn drop_table(&mut self, table: &str) -> Result<(), EngineError> {
        self.lock(false)?;
        self.session.execute(&self.session.profile().drop(table))
    }

    /// Forbids the session to write, or allows it, where the engine can.
    fn lock(&mut self, lock: bool) -> Result<(), EngineError> {
        let Some([unlocking, locking]) = self.session.profile().lock() else { return Ok(()) };
        if self.locked != lock {
            self.session.execute(if lock { locking } else { unlocking })?;
            self.locked = lock;
        }
        Ok(())
    }

    /// Refuses names that the engine would cut short.
    fn check_names(&self, loading: &Loading<'_>) -> Result<(), EngineError> {
        let longest = self.session.profile().longest_name();
        let mut names = loading.data.fields.iter().map(|field| field.name.as_str()).chain([loading.table]);
        match names.find(|name| name.len() > longest) {
            Some(name) => Err(EngineError::Failed {
                engine: self.session.profile().name(),
                message: format!("the name `{name}` is longer than the {longest} bytes that the engine keeps"),
                sql: String::new(),
            }),
            None => Ok(()),
        }
    }
}

fn create_statement(profile: &dyn Profile, table: &str, fields: &[Field]) -> String {
    let column = |field: &Field| format!("{} {}", profile.quoted(&field.name), profile.column_type(field.ty));
    profile.create(table, &fields.iter().map(column).collect::<Vec<_>>().join(", "))
}
