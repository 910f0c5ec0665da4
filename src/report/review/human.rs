//! A review for people at a terminal.

use super::changed::Changed;
use super::dependents::{Dependents, dependents};
use super::elsewhere::elsewhere;
use super::known::{Grid, Price, Witness};
use super::signed::{Signatures, signatures};
use super::told::{Told, quiet};
use super::verdict::Fit;
use super::{Page, joined, versions};
use crate::diff::{Comparison, MeaningChange};
use crate::report::diagnostic::{self, Style};
use crate::report::neutral;
use crate::report::paint::{come, faint, gone, severity, strong};
use crate::report::table::Layout;
use crate::report::words::{counted, wrapped};
use crate::review::MetricReview;

/// Width to which prose is wrapped.
const WIDTH: usize = 100;
/// What stands before the facts of a finding.
const INDENT: &str = "      ";

/// Writes a review.
pub fn human(page: Page<'_>, style: Style) -> String {
    let page = Sheet { page, style };
    let sorted = page.page.sorted();
    let review = page.page.review;
    let mut text = String::new();
    let dependents = dependents(page.page);
    for (index, comparison) in review.diff.comparisons.iter().enumerate() {
        let findings = sorted.of[index].as_slice();
        let metric = page.metric((index, comparison), &review.metrics[index], findings);
        text.push_str(&(metric + &page.around(index, findings, &dependents[index])));
        text.push('\n');
    }
    text.push_str(&page.elsewhere(&sorted.others));
    text + &page.closing()
}

struct Sheet<'a> {
    page: Page<'a>,
    style: Style,
}

impl Sheet<'_> {
    fn metric(
        &self,
        (index, comparison): (usize, &Comparison),
        metric: &MetricReview,
        findings: &[Told<'_>],
    ) -> String {
        let mut text = format!("{}\n", self.head(comparison, metric));
        let remark = match comparison.meaning {
            MeaningChange::Same => "same number over every table: proven",
            MeaningChange::Broken => "one side has mistakes, so that there is nothing to compare",
            _ => "",
        };
        if !remark.is_empty() {
            text.push_str(&format!("  {remark}\n"));
        }
        findings.iter().for_each(|told| text.push_str(&self.finding(Some(index), told)));
        text
    }

    /// Writes `csat  1.4.2 -> 1.5.0   declared: minor   needs: MAJOR`.
    fn head(&self, comparison: &Comparison, metric: &MetricReview) -> String {
        let mut parts = vec![format!("{}  {}", strong(self.style, &comparison.id), versions(comparison))];
        if let Some(old) = &comparison.renamed_from {
            parts.push(format!("was called {old}"));
        }
        let fit = Fit::of(comparison, metric);
        if matches!(fit, Fit::Free | Fit::None) && comparison.new.is_some() {
            parts.push(comparison.status.name().to_owned());
        }
        if let Some(declared) = metric.declared {
            parts.push(format!("declared: {}", declared.name()));
        }
        if comparison.meaning != MeaningChange::Broken && metric.declared.is_some() {
            let needs = metric.needs.name();
            let needs = if fit == Fit::TooSmall { strong(self.style, &needs.to_uppercase()) } else { needs.to_owned() };
            parts.push(format!("needs: {needs}"));
        }
        parts.join("   ")
    }

    fn finding(&self, index: Option<usize>, told: &Told<'_>) -> String {
        let comparison = index.map(|index| &self.page.review.diff.comparisons[index]);
        let diagnostic = &told.finding.diagnostic;
        let code = format!("{}[{}]", diagnostic.severity.name(), diagnostic.code.id);
        let mut head = vec![neutral::line(&told.at())];
        head.extend(told.way().into_iter().map(str::to_owned));
        let code = severity(self.style, diagnostic.severity, &code);
        let mut text = format!("  {code}  {}   {}\n", head.join("   "), faint(self.style, &told.finding.fingerprint));
        if let Some(accepted) = &told.finding.accepted {
            let lead = format!("{INDENT}accepted by {}: ", neutral::line(&accepted.by));
            text.push_str(&wrapped(&lead, &neutral::line(&accepted.reason), lead.chars().count(), WIDTH));
        }
        match told.changed(self.page.review) {
            Some(changed) => text.push_str(&self.edit(comparison, told, changed)),
            None => text.push_str(&wrapped(INDENT, &neutral::line(&diagnostic.message), INDENT.len(), WIDTH)),
        }
        let witnesses = index.map(|index| self.page.witnesses(index, Some(told))).unwrap_or_default();
        text.extend(witnesses.into_iter().map(|it| witness(it, INDENT)));
        text
    }

    fn edit(&self, comparison: Option<&Comparison>, told: &Told<'_>, changed: Changed) -> String {
        let Some(edit) = &told.finding.edit else { return String::new() };
        let mut parts = vec![neutral::line(&edit.path.to_string())];
        let mut below = String::new();
        match changed {
            Changed::Values(Some(old), Some(new)) => {
                parts.push(format!("{} -> {}", neutral::line(&old), neutral::line(&new)));
            }
            Changed::Values(None, Some(new)) => parts.push(format!("added: {}", neutral::line(&new))),
            Changed::Values(Some(old), None) => parts.push(format!("removed: {}", neutral::line(&old))),
            Changed::Values(None, None) => parts.push(edit.kind.name().to_owned()),
            Changed::Lines(lines, hidden) => {
                parts.push(edit.kind.name().to_owned());
                below = self.lines(&lines, hidden);
            }
        }
        if let Some(through) = &edit.through {
            parts.push(format!("through {}", neutral::line(through)));
        }
        if let Some(readings) = comparison.and_then(|comparison| told.readings(comparison)) {
            parts.push(format!("moves {readings}"));
        }
        format!("{INDENT}{}\n{below}", parts.join("   "))
    }

    fn lines(&self, lines: &[(char, String)], hidden: usize) -> String {
        let mut text = String::new();
        for (sign, line) in lines {
            let line = format!("{sign} {}", neutral::line(line));
            let line = match sign {
                '-' => gone(self.style, line.trim_end()),
                '+' => come(self.style, line.trim_end()),
                _ => line.trim_end().to_owned(),
            };
            text.push_str(&format!("{INDENT}{line}\n"));
        }
        if hidden > 0 {
            text.push_str(&format!("{INDENT}... {hidden} more lines\n"));
        }
        text
    }

    /// Writes what is known besides findings: edits that no rule asks about, witnesses, price, what is reached, signatures.
    fn around(&self, index: usize, findings: &[Told<'_>], Dependents { made, guarded }: &Dependents) -> String {
        let mut text = String::new();
        let quiet = quiet(&self.page.review.diff.comparisons[index], findings);
        if !quiet.is_empty() {
            text.push_str(&wrapped("  also edited  ", &neutral::line(&quiet.join(", ")), 15, WIDTH));
        }
        text.extend(self.page.witnesses(index, None).into_iter().map(|it| witness(it, "  ")));
        let known = self.page.known(index);
        text.extend(known.and_then(|known| known.price.as_ref()).map(price));
        if !made.is_empty() {
            text.push_str(&wrapped("  reaches  ", &neutral::line(&joined(made)), 11, WIDTH));
        }
        if !guarded.is_empty() {
            text.push_str(&wrapped("  guards   ", &neutral::line(&joined(guarded)), 11, WIDTH));
        }
        text.extend(signatures(self.page, index).map(|it| signed(&it)));
        text
    }

    fn elsewhere(&self, findings: &[Told<'_>]) -> String {
        let lists = elsewhere(self.page);
        let mistakes = diagnostic::render(self.page.mistakes(), &self.page.review.texts, self.style);
        if findings.is_empty() && lists.is_empty() {
            return mistakes;
        }
        let mut text = format!("{mistakes}{}\n", strong(self.style, "elsewhere"));
        findings.iter().for_each(|told| text.push_str(&self.finding(None, told)));
        for (word, names) in lists {
            text.push_str(&wrapped(&format!("  {word}"), &neutral::line(&names), 11, WIDTH));
        }
        text + "\n"
    }

    fn closing(&self) -> String {
        let mut lines = vec![self.page.due()];
        lines.extend(self.page.misfits());
        let remarks = self.page.remarks().map(|rest| format!("; besides: {rest}")).unwrap_or_default();
        lines.push(format!("{}{remarks}", strong(self.style, &self.page.stopping())));
        lines.into_iter().map(|line| line + "\n").collect()
    }
}

fn witness(witness: &Witness, indent: &str) -> String {
    let lead = format!("{indent}witness  ");
    let below = " ".repeat(lead.len());
    match witness {
        Witness::EqualUpTo { rows, .. } => {
            format!("{lead}none: equal over every table tried, up to {}\n", counted(*rows, "row"))
        }
        Witness::NotByTables { reason, .. } => {
            wrapped(&lead, &neutral::line(&format!("none: {reason}")), lead.len(), WIDTH)
        }
        Witness::Found { sentence, tables, old, new, .. } => {
            let mut text = wrapped(&lead, &neutral::line(sentence), lead.len(), WIDTH);
            tables.iter().for_each(|table| text.push_str(&grid(table, &below)));
            text + &format!("{below}old: {}   new: {}\n", neutral::line(old), neutral::line(new))
        }
    }
}

fn grid(grid: &Grid, indent: &str) -> String {
    let safe = |cells: &[String]| cells.iter().map(|cell| neutral::line(cell)).collect::<Vec<_>>();
    let mut layout = Layout::new(safe(&grid.columns));
    grid.rows.iter().for_each(|row| layout.push(safe(row)));
    format!("{indent}{}\n{}", neutral::line(&grid.name), layout.render(&format!("{indent}  ")))
}

fn price(price: &Price) -> String {
    let moves: Vec<String> = price.moves.iter().map(|it| format!("{} {}", it.what, it.by)).collect();
    let told = format!("{} -> {}   {}", price.old, price.new, moves.join("   "));
    format!("  price on {}  {}\n", neutral::line(&price.of), neutral::line(told.trim_end()))
}

fn signed(signatures: &Signatures<'_>) -> String {
    let mut told = format!("on {}: {}", signatures.fingerprint, signatures.needs().join(", "));
    for (word, names) in [("has", signatures.has()), ("does not count", signatures.void())] {
        if !names.is_empty() {
            told.push_str(&format!("   {word}: {}", names.join(", ")));
        }
    }
    wrapped("  needs signatures ", &neutral::line(&told), 19, WIDTH)
}
