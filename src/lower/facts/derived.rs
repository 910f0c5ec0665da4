//! Facts computed from the row itself.

use super::Row;
use crate::lower::Context;
use crate::plan::{Fact, Rule};
use crate::yaml::Entry;

pub(super) fn lower(entry: &Entry, row: &Row<'_>, _: &mut Vec<Fact>, context: &mut Context<'_>) -> Option<Rule> {
    row.expression(entry.value.get("is")?, context).map(Rule::Derived)
}
