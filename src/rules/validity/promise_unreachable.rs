//! A row of a table of promises that the rows before it have taken all cases of.

use crate::catalog::Document;
use crate::definition::{Definition, StandardKind, TargetRow};
use crate::pipes::pipe_table;
use crate::rules::{About, Findings, Rule, Subject};
use crate::text::{Span, Texts};

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for document in subject.new.catalog.documents.values() {
        let Definition::Standard(standard) = document.definition.as_ref() else { continue };
        let StandardKind::Targets { rows, .. } = &standard.kind else { continue };
        for (position, row) in rows.iter().enumerate() {
            let Some(first) = rows[..position].iter().position(|earlier| covers(earlier, row)) else { continue };
            let Some(span) = place(document, position, subject.texts) else { continue };
            let (number, earlier) = (position + 1, first + 1);
            let message = format!("row {number} of `{}` is never chosen: row {earlier} fits wherever it does", standard.name.value);
            let key = format!("{}|{:?}", standard.name.value, row.keys);
            findings.add(rule, About::PROJECT, span, (&key, message));
        }
    }
}

/// Tells whether a row fits wherever another does.
fn covers(row: &TargetRow, other: &TargetRow) -> bool {
    row.keys.iter().zip(&other.keys).all(|(own, theirs)| own.is_none() || own == theirs)
}

/// Returns the place of the first cell of a row.
fn place(document: &Document, position: usize, texts: &Texts) -> Option<Span> {
    let node = document.root.get("rows")?;
    let table = pipe_table(node.as_text()?);
    let cell = table.rows.get(position)?.first()?;
    Some(node.span_within(texts, cell.range.clone()))
}
