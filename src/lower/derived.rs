//! Columns that sources compute from others.

use std::sync::Arc;

use super::population::{names_of, scope_with};
use crate::definition::DerivedColumn;
use crate::diagnostic::Diagnostics;
use crate::expression::{Expression, Scope, compile, may_be_null};
use crate::resolve::Registry;
use crate::source::Derived;
use crate::text::Texts;

/// Compiles the derived columns of every source into its table; what has no meaning is reported and left out.
pub fn compile_all(registry: &mut Registry, texts: &Texts, diagnostics: &mut Diagnostics) {
    for file in registry.sources.values_mut() {
        let mut scope = scope_with(file, Arc::new(names_of(file)));
        for moment in ["as_of", "period_start", "period_end"].iter().filter(|name| !scope.names.contains_key(**name)) {
            scope.absent.insert((*moment).to_owned(), Some("a column is the same whatever is asked: write a fact"));
        }
        let mut columns = Vec::new();
        for written in &file.derived {
            match compile(&written.is, &scope, texts, diagnostics) {
                Some(value) => {
                    // Those below read what it stands for: a plan's derived columns do not read each other.
                    scope.terms.insert(written.name.value.clone(), value.clone());
                    columns.push(derived(written, value, &scope));
                }
                None => drop(scope.absent.insert(written.name.value.clone(), None)),
            }
        }
        file.source.derived = columns;
        file.names = Arc::new(names_of(file));
    }
}

fn derived(written: &DerivedColumn, value: Expression, scope: &Scope) -> Derived {
    let same = match &value {
        Expression::Column(column) => scope.names.get(&column.name),
        _ => None,
    };
    Derived {
        name: written.name.value.clone(),
        nullable: may_be_null(&value, &|name| scope.names.get(name).is_some_and(|name| name.nullable)),
        unit: written.unit.clone().or_else(|| same.and_then(|name| name.unit.clone())),
        currency_in: scope.currency_of(&value),
        value,
    }
}
