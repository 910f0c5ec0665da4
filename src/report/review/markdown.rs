//! A review as the comment of a pull request: the verdict first, short enough to be read.

use super::changed::Changed;
use super::dependents::{Dependents, dependents};
use super::elsewhere::elsewhere;
use super::known::{Grid, Price, Witness};
use super::signed::{Signatures, signatures};
use super::told::{Told, quiet};
use super::verdict::Fit;
use super::{Page, joined, versions};
use crate::diagnostic::Diagnostic;
use crate::diff::{Bump, Comparison, MeaningChange};
use crate::report::markup::{block, cell, code, details, plain, prose};
use crate::report::words::counted;

/// The first line of the comment, by which the next run finds and replaces it.
pub const MARKER: &str = "<!-- etalon-diff -->";

/// Most metrics in the table, and most that are told of one by one.
const METRICS: usize = 20;
/// Most findings of a metric that are shown without a click.
const FINDINGS: usize = 5;
/// Most findings of a metric that are shown at all: a comment has room for 65,536 characters.
const FOLDED: usize = 20;

/// Writes a review.
pub fn markdown(page: Page<'_>) -> String {
    let sorted = page.sorted();
    let review = page.review;
    let mut text = format!("{MARKER}\n### etalon: {}\n\n", plain(&page.stopping()));
    let mut verdict = vec![page.due()];
    verdict.extend(page.misfits());
    verdict.extend(page.remarks().map(|rest| format!("Besides: {rest}")));
    text.push_str(&format!("{}.\n", verdict.iter().map(|line| plain(line)).collect::<Vec<_>>().join(". ")));
    let order = order(page, &sorted.of);
    if !order.is_empty() {
        text.push_str(&table(page, &order, &sorted.of));
    }
    let dependents = dependents(page);
    for index in order.into_iter().take(METRICS) {
        text.push_str(&section(page, (index, &dependents[index]), &sorted.of[index]));
    }
    let lists = elsewhere(page);
    if !sorted.others.is_empty() || !lists.is_empty() || !page.mistakes().is_empty() {
        text.push_str("\n#### Elsewhere\n\n");
        page.mistakes().iter().take(FINDINGS).for_each(|mistake| text.push_str(&told_mistake(page, mistake)));
        text.push_str(&findings(page, None, &sorted.others));
        lists.iter().for_each(|(word, names)| text.push_str(&format!("- {word}: {}\n", plain(names))));
    }
    let (old, new) = (code(&review.old_label), code(&review.new_label));
    text + &format!(
        "\n<sub>{old} against {new}. `etalon explain RULE` says why a rule is there and what mends it.</sub>\n"
    )
}

/// Returns the comparisons, those first that somebody has to look at: a long list is cut.
fn order(page: Page<'_>, of: &[Vec<Told<'_>>]) -> Vec<usize> {
    let review = page.review;
    let mut order: Vec<usize> = (0..review.diff.comparisons.len()).collect();
    order.sort_by_key(|index| {
        let comparison = &review.diff.comparisons[*index];
        let is_stopped = of[*index].iter().any(|told| page.stops(told.finding));
        let is_small = Fit::of(comparison, &review.metrics[*index]) == Fit::TooSmall;
        (!is_stopped, !is_small, comparison.meaning == MeaningChange::Same)
    });
    order
}

fn table(page: Page<'_>, order: &[usize], of: &[Vec<Told<'_>>]) -> String {
    let review = page.review;
    let mut text = "\n| metric | version | declared | needs | |\n|:--|:--|:--|:--|:--|\n".to_owned();
    for index in order.iter().take(METRICS) {
        let (comparison, metric) = (&review.diff.comparisons[*index], &review.metrics[*index]);
        let fit = Fit::of(comparison, metric);
        let declared = metric.declared.map_or("", |declared| declared.name());
        let needs = match (fit, metric.declared) {
            (_, None) => String::new(),
            (Fit::TooSmall, _) => format!("**{}**", metric.needs.name()),
            _ => metric.needs.name().to_owned(),
        };
        let (id, versions) = (cell(&code(&comparison.id)), cell(&plain(&versions(comparison))));
        let verdict = verdict(page, (comparison, fit), &of[*index]);
        text.push_str(&format!("| {id} | {versions} | {declared} | {needs} | {verdict} |\n"));
    }
    match order.len().saturating_sub(METRICS) {
        0 => text,
        more => text + &format!("\nand {}\n", counted(more, "more metric")),
    }
}

fn verdict(page: Page<'_>, (comparison, fit): (&Comparison, Fit), told: &[Told<'_>]) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.extend(match fit {
        Fit::TooSmall => Some("**version too small**".to_owned()),
        Fit::TooLarge => Some("larger version than needed".to_owned()),
        Fit::Free => Some(comparison.status.name().to_owned()),
        Fit::Right | Fit::None => None,
    });
    parts.extend(match comparison.meaning {
        MeaningChange::Same => Some("same numbers, proven".to_owned()),
        MeaningChange::Broken => Some("has mistakes".to_owned()),
        _ => None,
    });
    match told.iter().filter(|told| page.stops(told.finding)).count() {
        0 => {}
        count => parts.push(format!("**{count} to settle**")),
    }
    parts.join(", ")
}

/// Writes what is to be said of a metric; nothing where the table has said it all.
fn section(page: Page<'_>, (index, Dependents { made, guarded }): (usize, &Dependents), told: &[Told<'_>]) -> String {
    let (comparison, metric) = (&page.review.diff.comparisons[index], &page.review.metrics[index]);
    let known = page.known(index);
    let mut text = findings(page, Some(index), told);
    let loud = !text.is_empty() || known.is_some();
    let quiet = quiet(comparison, told);
    if loud && !quiet.is_empty() {
        let ways: Vec<String> = quiet.iter().map(|way| code(way)).collect();
        text.push_str(&format!("- also edited: {}\n", ways.join(", ")));
    }
    text.extend(page.witnesses(index, None).into_iter().map(|it| format!("\n{}", witness(it))));
    text.extend(known.and_then(|known| known.price.as_ref()).map(price));
    for (verb, names) in
        [("Reaches", made), ("Guards", guarded)].into_iter().filter(|(_, names)| loud && !names.is_empty())
    {
        let names: Vec<String> = names.iter().map(|it| plain(it)).collect();
        text.push_str(&format!("\n**{verb}** {}\n", joined(&names)));
    }
    text.extend(signatures(page, index).map(|it| signed(&it)));
    if text.is_empty() {
        return text;
    }
    let renamed = comparison.renamed_from.as_ref().map(|old| format!(", was called {}", code(old))).unwrap_or_default();
    let due = match Fit::of(comparison, metric) {
        Fit::TooSmall if metric.needs == Bump::Patch => ", needs a **patch**".to_owned(),
        Fit::TooSmall => format!(", needs a **{}** version", metric.needs.name()),
        _ => String::new(),
    };
    format!("\n#### {} {}{renamed}{due}\n\n{text}", code(&comparison.id), plain(&versions(comparison)))
}

fn findings(page: Page<'_>, index: Option<usize>, told: &[Told<'_>]) -> String {
    let shown: Vec<String> = told.iter().take(FOLDED).map(|told| finding(page, index, told)).collect();
    // One more takes no more room than saying that there is one.
    let open = if told.len() <= FINDINGS + 1 { told.len() } else { FINDINGS };
    let mut text: String = shown.iter().take(open).map(String::as_str).collect();
    if told.len() > open {
        let mut folded: String = shown.iter().skip(open).map(String::as_str).collect();
        if told.len() > FOLDED {
            folded.push_str(&format!("\nand {} besides\n", told.len() - FOLDED));
        }
        text.push_str(&format!("\n{}", details(&format!("and {} more", told.len() - open), &folded)));
    }
    text
}

fn finding(page: Page<'_>, index: Option<usize>, told: &Told<'_>) -> String {
    let comparison = index.map(|index| &page.review.diff.comparisons[index]);
    let diagnostic = &told.finding.diagnostic;
    let severity = diagnostic.severity.name();
    let severity = if page.stops(told.finding) { format!("**{severity}**") } else { severity.to_owned() };
    let mut parts = Vec::new();
    let mut below = String::new();
    match told.changed(page.review) {
        Some(changed) => (parts, below) = edit(comparison, told, changed),
        None => parts.push(prose(&diagnostic.message)),
    }
    parts.extend(accepted(told));
    let place = code(&format!("{}:{}", told.file, told.line));
    let id = code(&told.finding.fingerprint);
    let head = format!("- {severity} {}: {}", code(diagnostic.code.id), parts.join(", "));
    let witnesses = index.map(|index| page.witnesses(index, Some(told))).unwrap_or_default();
    let witnesses: String = witnesses.into_iter().map(|it| indented(&format!("\n{}", witness(it)))).collect();
    format!("{head}<br><sub>{place}, finding {id}</sub>\n{below}{witnesses}")
}

fn told_mistake(page: Page<'_>, mistake: &Diagnostic) -> String {
    let place = format!(
        "{}:{}",
        page.review.texts.get(mistake.span().text).name,
        page.review.texts.position(mistake.span()).line
    );
    let (severity, rule) = (mistake.severity.name(), code(mistake.code.id));
    format!("- **{severity}** {rule}: {}<br><sub>{}</sub>\n", prose(&mistake.message), code(&place))
}

fn accepted(told: &Told<'_>) -> Option<String> {
    let accepted = told.finding.accepted.as_ref()?;
    Some(format!("accepted by {}: {}", plain(&accepted.by), prose(&accepted.reason)))
}

/// Returns what is said of an edit on its line, and the lines that differ.
fn edit(comparison: Option<&Comparison>, told: &Told<'_>, changed: Changed) -> (Vec<String>, String) {
    let Some(edit) = &told.finding.edit else { return Default::default() };
    let path = code(&edit.path.to_string());
    let (said, below) = match changed {
        Changed::Values(Some(old), Some(new)) => (format!("{path} {} -> {}", code(&old), code(&new)), String::new()),
        Changed::Values(None, Some(new)) => (format!("{path} added: {}", code(&new)), String::new()),
        Changed::Values(Some(old), None) => (format!("{path} removed: {}", code(&old)), String::new()),
        Changed::Values(None, None) => (format!("{path} {}", edit.kind.name()), String::new()),
        Changed::Lines(shown, hidden) => (format!("{path} {}", edit.kind.name()), lines(&shown, hidden)),
    };
    let mut parts = vec![said];
    parts.extend(edit.through.as_ref().map(|through| format!("through {}", plain(through))));
    parts.extend(told.way().into_iter().map(str::to_owned));
    let readings = comparison.and_then(|comparison| told.readings(comparison));
    parts.extend(readings.map(|readings| format!("moves {}", plain(&readings))));
    (parts, below)
}

/// Writes the lines that differ.
fn lines(lines: &[(char, String)], hidden: usize) -> String {
    let mut shown: String = lines.iter().map(|(sign, line)| format!("{sign} {line}\n")).collect();
    if hidden > 0 {
        shown.push_str(&format!("  ... {hidden} more lines\n"));
    }
    indented(&block("diff", &shown))
}

/// Makes lines belong to the item above them.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}").trim_end().to_owned() + "\n").collect()
}

fn witness(witness: &Witness) -> String {
    match witness {
        Witness::EqualUpTo { rows, .. } => {
            format!("**Witness** none: equal over every table tried, up to {}\n", counted(*rows, "row"))
        }
        Witness::NotByTables { reason, .. } => format!("**Witness** none: {}\n", prose(reason)),
        Witness::Found { sentence, tables, old, new, .. } => {
            let (old, new) = (plain(old), plain(new));
            let tables: String = tables.iter().map(grid).collect();
            format!("**Witness** {}\n{tables}\nold: {old}, new: **{new}**\n", prose(sentence))
        }
    }
}

fn grid(grid: &Grid) -> String {
    let row = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|it| cell(&plain(it))).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let rows: String = grid.rows.iter().map(|cells| row(cells)).collect();
    let rule = "|:--".repeat(grid.columns.len());
    format!("\n{}\n\n{}{rule}|\n{rows}", code(&grid.name), row(&grid.columns))
}

fn price(price: &Price) -> String {
    let moves: Vec<String> = price.moves.iter().map(|it| format!("{} {}", prose(&it.what), plain(&it.by))).collect();
    let (old, new) = (plain(&price.old), plain(&price.new));
    format!("\n**Price** on {}: {old} -> **{new}** ({})\n", plain(&price.of), moves.join(", "))
}

fn signed(signatures: &Signatures<'_>) -> String {
    let list = |names: Vec<String>| names.iter().map(|name| plain(name)).collect::<Vec<_>>().join(", ");
    let mut told = format!("needs {}", list(signatures.needs()));
    for (word, names) in [("has", signatures.has()), ("does not count:", signatures.void())] {
        if !names.is_empty() {
            told.push_str(&format!("; {word} {}", list(names)));
        }
    }
    format!("\n**Signatures** on {}: {told}\n", code(signatures.fingerprint))
}
