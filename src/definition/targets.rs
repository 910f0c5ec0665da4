//! Tables of targets: times that are promised, by the text of some keys.

use super::standard::TargetRow;
use super::{Fields, StandardKind, table_text, tell};
use crate::diagnostic::{Diagnostic, codes};
use crate::pipes::{InlineProblem, PipeCell, PipeTable, pipe_table, unquoted};
use crate::text::Spanned;
use crate::value::Duration;

/// Reads a table of targets; every mistake in it is reported.
pub(super) fn decode(fields: &mut Fields<'_, '_>) -> Option<StandardKind> {
    let (keys, columns) = (fields.texts_of("keys"), fields.texts_of("columns"));
    let node = fields.node.get("rows")?;
    distinct(&keys, &columns, fields)?;
    let mut written = pipe_table(table_text(node, fields.diagnostics)?);
    let mut problems = std::mem::take(&mut written.problems);
    let places = places(&written, &keys, &columns, &mut problems);
    let mut rows: Vec<(usize, TargetRow)> = Vec::new();
    for (number, cells) in (1..).zip(&written.rows) {
        let Some(row) = row(cells, &places, keys.len(), &mut problems) else { continue };
        match rows.iter().find(|(_, above)| covers(above, &row)) {
            Some((above, first)) => problems.push(unreachable(cells, (number, *above), first.keys == row.keys)),
            None => rows.push((number, row)),
        }
    }
    if written.rows.is_empty() && problems.is_empty() {
        let whole = 0..node.as_text().map_or(0, str::len);
        problems.push(InlineProblem::new(whole, "nothing is promised").with_help("add a row for each promise"));
    }
    let sound = problems.is_empty();
    tell(node, problems, fields.texts, fields.diagnostics);
    let names = |names: Vec<Spanned<String>>| names.into_iter().map(|name| name.value).collect();
    let rows = rows.into_iter().map(|(_, row)| row).collect();
    sound.then(|| StandardKind::Targets { keys: names(keys), columns: names(columns), rows })
}

/// Refuses a name that stands for two columns of the table.
fn distinct(keys: &[Spanned<String>], columns: &[Spanned<String>], fields: &mut Fields<'_, '_>) -> Option<()> {
    let all: Vec<&Spanned<String>> = keys.iter().chain(columns).collect();
    for (index, name) in all.iter().enumerate() {
        if let Some(first) = all[..index].iter().find(|other| other.value == name.value) {
            fields.diagnostics.push(
                Diagnostic::error(codes::DUPLICATE_NAME, name.span, format!("`{}` is named twice", name.value))
                    .also(first.span, "first named here")
                    .help("give each column of the table a name of its own"),
            );
            return None;
        }
    }
    Some(())
}

/// Returns where each key, then each column, stands in the table.
fn places(
    table: &PipeTable<'_>,
    keys: &[Spanned<String>],
    columns: &[Spanned<String>],
    problems: &mut Vec<InlineProblem>,
) -> Vec<Option<usize>> {
    let wanted: Vec<&str> = keys.iter().chain(columns).map(|name| name.value.as_str()).collect();
    let mut misspelt = Vec::new();
    for cell in table.header.iter().filter(|cell| !wanted.contains(&cell.text)) {
        let near = crate::diagnostic::nearest(cell.text, &wanted);
        misspelt.extend(near);
        let problem = InlineProblem::new(cell.range.clone(), format!("`{}` is no key and no column", cell.text));
        problems.push(problem.with_help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name it under `keys` or `columns`".to_owned(),
        }));
    }
    let find = |name: &&str| table.header.iter().position(|cell| cell.text == *name);
    let header = table
        .header
        .first()
        .map_or(0..0, |first| first.range.start..table.header.last().map_or(first.range.end, |last| last.range.end));
    for name in wanted.iter().filter(|name| find(name).is_none() && !misspelt.contains(name)) {
        let problem = InlineProblem::new(header.clone(), format!("the table has no column `{name}`"));
        problems.push(problem.with_help("add the column"));
    }
    wanted.iter().map(find).collect()
}

/// Reads a row; `None` where a cell of it is wrong or not there.
fn row(
    cells: &[PipeCell<'_>],
    places: &[Option<usize>],
    keys: usize,
    problems: &mut Vec<InlineProblem>,
) -> Option<TargetRow> {
    let mut at = |position: &Option<usize>| position.and_then(|position| cells.get(position));
    let (own, values): (Vec<_>, Vec<_>) =
        (places[..keys].iter().map(&mut at).collect(), places[keys..].iter().map(&mut at).collect());
    let own: Vec<Option<Option<String>>> = own.into_iter().map(|cell| key(cell?, problems)).collect();
    let values: Vec<Option<Option<Duration>>> = values.into_iter().map(|cell| promise(cell?, problems)).collect();
    Some(TargetRow {
        keys: own.into_iter().collect::<Option<_>>()?,
        values: values.into_iter().collect::<Option<_>>()?,
    })
}

fn key(cell: &PipeCell<'_>, problems: &mut Vec<InlineProblem>) -> Option<Option<String>> {
    let problem = match (cell.text, cell.text.strip_prefix('\'')) {
        ("*", _) => return Some(None),
        ("", _) => "the key is empty".to_owned(),
        (_, Some(inner)) => match unquoted(inner) {
            Ok(text) => return Some(Some(text)),
            Err(message) => message,
        },
        (text, None) => return Some(Some(text.to_owned())),
    };
    problems.push(InlineProblem::new(cell.range.clone(), problem).with_help("write `*` where any value fits"));
    None
}

fn promise(cell: &PipeCell<'_>, problems: &mut Vec<InlineProblem>) -> Option<Option<Duration>> {
    if cell.text == "-" {
        return Some(None);
    }
    if let Some(duration) = cell.text.parse().ok().filter(|duration| *duration > Duration::ZERO) {
        return Some(Some(duration));
    }
    let message = match cell.text {
        "" => "nothing is written here".to_owned(),
        text => format!("`{text}` is no time that can be promised"),
    };
    problems.push(
        InlineProblem::new(cell.range.clone(), message)
            .with_help("write a duration such as `8h` or `1h30m`, or `-` where nothing is promised"),
    );
    None
}

/// Tells whether every row that fits `below` fits `above`.
fn covers(above: &TargetRow, below: &TargetRow) -> bool {
    above.keys.iter().zip(&below.keys).all(|(above, below)| above.is_none() || above == below)
}

fn unreachable(cells: &[PipeCell<'_>], (number, above): (usize, usize), same: bool) -> InlineProblem {
    let range = match (cells.first(), cells.last()) {
        (Some(first), Some(last)) => first.range.start..last.range.end,
        _ => 0..0,
    };
    if same {
        return InlineProblem::new(range, format!("row {number} has the keys of row {above}"))
            .with_help("keep one of the two rows");
    }
    InlineProblem::new(range, format!("row {number} is never reached: row {above} fits whatever it fits"))
        .with_help("the first row that fits counts: put special rows above those with `*`")
}
