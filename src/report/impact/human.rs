//! Prices for people: the move and its parts in a line, several cells as a small table, then the ledger and what flips.

use jiff::tz::TimeZone;

use super::dependents::dependents;
use super::parts::printed;
use crate::impact::{
    Attribution, CellPrice, Fraction, Ground, LedgerLine, Part, Place, Price, ReadingPrice, Shares, Shown,
};
use crate::plan::{Plan, Request};
use crate::report::number;
use crate::report::run::words;
use crate::report::table::Layout;
use crate::report::unit::Unit;
use crate::report::words::{counted, wrapped};
use crate::value::{Grain, Value};

/// Width to which lists are wrapped.
const WIDTH: usize = 100;
/// Up to this many clauses a table names them; more have letters there, and a list below.
const NAMED: usize = 3;

/// Writes prices.
pub fn human(prices: &[Price]) -> String {
    if prices.is_empty() {
        return "no number moves\n".to_owned();
    }
    prices.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn one(price: &Price) -> String {
    let versions =
        if price.old == price.new { price.new.to_string() } else { format!("{} -> {}", price.old, price.new) };
    let mut text = format!("{}   {versions}\n", price.metric);
    if !price.is_exact() {
        let count = counted(price.clauses.len(), "clause");
        text.push_str(&format!("  {count}: shares are averaged over a fixed sample of orders\n"));
    }
    text.push_str(&asked(price));
    text.push_str(&headline(price));
    for variant in variants(price) {
        text.push_str(&reading(price, &variant));
    }
    text + &dependents(price)
}

/// Returns the readings that are priced, each once, the base first.
fn variants(price: &Price) -> Vec<String> {
    let mut names: Vec<String> =
        price.grounds.iter().flat_map(|ground| &ground.readings).map(|reading| reading.variant.clone()).collect();
    names.sort();
    names.dedup();
    names
}

/// Tells whether cases were priced rather than data files.
fn is_on_cases(price: &Price) -> bool {
    price.grounds.iter().all(|ground| ground.case.is_some())
}

/// Writes what was asked of data files: periods, zone and moment of knowledge.
fn asked(price: &Price) -> String {
    let mut readings = price.grounds.iter().filter(|ground| ground.case.is_none()).flat_map(|ground| &ground.readings);
    let found = readings.find_map(|reading| Some((reading, reading.requests.as_ref()?)));
    let Some((reading, (old, new))) = found else { return String::new() };
    let zone = &reading.plans.1.calendar.zone;
    let local = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let by = match new.grain {
        Grain::All => "all periods".to_owned(),
        grain => format!("by {grain}"),
    };
    let moment = |request: &Request| words::moment(request.as_of, &local);
    let before =
        if old.as_of == new.as_of { String::new() } else { format!(", the old version as of {}", moment(old)) };
    format!("  {by}, {zone}   as of {}{before}\n", moment(new))
}

/// Writes the largest move with its parts.
fn headline(price: &Price) -> String {
    let on = if is_on_cases(price) { "price on fixtures" } else { "price on data" };
    if price.grounds.is_empty() {
        return "  not priced: it has no case, and no files were given\n".to_owned();
    }
    let Some(headline) = price.headline() else {
        let why = if variants(price).is_empty() { "no number moves" } else { "no move could be shared out" };
        return format!("  {on}   {why}\n");
    };
    let found = printed(headline.shares, &Unit::named(&headline.reading.unit));
    let mut line = vec![format!("{on}   {} -> {}", found.old, found.new)];
    line.extend(shares(price, headline.shares, &found.parts));
    line.extend(found.together.map(|together| format!("(of which together {together})")));
    let variant = &headline.reading.variant;
    let of = if variant.is_empty() { String::new() } else { format!(" of {variant}") };
    let place = place(&headline.cell.place, headline.reading);
    let place = [headline.ground.case.clone().unwrap_or_default(), place].join(" ");
    line.push(format!("{}{of}", place.trim()));
    line.retain(|part| !part.trim().is_empty());
    format!("  {}\n", line.join("   ").trim_end())
}

/// Writes the share of each clause; of many clauses only of those that have one.
fn shares(price: &Price, shares: &Shares, parts: &[String]) -> Vec<String> {
    let all = price.clauses.len() <= NAMED;
    let told = price.clauses.iter().zip(parts).zip(&shares.shares);
    let told = told.filter(|(_, share)| all || !share.is_zero());
    let mut line: Vec<String> = told.map(|((clause, part), _)| format!("{} {part}", clause.label)).collect();
    match price.clauses.len() - line.len() {
        0 => {}
        others => line.push(format!("{others} others 0")),
    }
    line
}

/// Writes where a cell stands: `2026-05 email`; nothing for the one cell of everything.
pub(in crate::report) fn place_of(place: &Place, plan: &Plan, request: Option<&Request>) -> String {
    let grain = request.map_or(Grain::All, |request| request.grain);
    let period = place.period.map(|bounds| words::called(Some(bounds), plan, grain));
    period.into_iter().chain(place.dimensions.iter().map(dimension)).collect::<Vec<_>>().join(" ")
}

fn place(place: &Place, reading: &ReadingPrice) -> String {
    place_of(place, &reading.plans.1, reading.requests.as_ref().map(|(_, new)| new))
}

fn dimension(value: &Value) -> String {
    if value.is_null() { "(none)".to_owned() } else { value.to_string() }
}

/// Writes the cells of one reading over all rows, where there is more to tell than the headline does, and its ledger.
fn reading(price: &Price, variant: &str) -> String {
    let own = |ground: &'_ Ground| ground.readings.iter().position(|reading| reading.variant == variant);
    let found: Vec<(&Ground, &ReadingPrice)> =
        price.grounds.iter().filter_map(|ground| Some((ground, &ground.readings[own(ground)?]))).collect();
    let mut text = String::new();
    let cells = found.iter().map(|(_, reading)| reading.cells.len()).sum::<usize>();
    if cells > 1 || !variant.is_empty() || price.headline().is_none() {
        if !variant.is_empty() {
            text.push_str(&format!("  {}.{variant}\n", price.metric));
        }
        text.push_str(&table(price, &found));
    }
    for (ground, reading) in &found {
        let named = ground.case.as_ref().map(|case| format!(" ({case})")).unwrap_or_default();
        if let Some(reason) = &reading.failed {
            text.push_str(&wrapped("  not computed: ", &format!("{reason}{named}"), 16, WIDTH));
        }
        let is_shown = ground.case.is_none() || price.headline().is_some_and(|it| it.ground.case == ground.case);
        if is_shown {
            text.push_str(&ledger(&reading.ledger));
        }
    }
    text
}

/// Writes a row for each cell that moves, or whose move could not be shared out.
fn table(price: &Price, found: &[(&Ground, &ReadingPrice)]) -> String {
    let is_named = price.clauses.len() <= NAMED;
    let mut head: Vec<String> = ["", "", "old", "new", "move"].map(str::to_owned).to_vec();
    let clauses = price.clauses.iter().enumerate();
    let several = price.clauses.len() > 1;
    if several {
        head.extend(clauses.map(|(at, clause)| if is_named { clause.label.clone() } else { letter(at) }));
        head.push("of which together".to_owned());
    }
    let width = head.len();
    head.push(String::new());
    let mut layout = Layout::new(head);
    (2..width).for_each(|column| layout.align_right(column));
    let mut still = 0;
    let mut rows = 0;
    for (ground, reading) in found {
        for cell in &reading.cells {
            match row(reading, cell, several.then_some(width)) {
                Some(mut row) => {
                    row.insert(0, ground.case.clone().unwrap_or_default());
                    layout.push(row);
                    rows += 1;
                }
                None => still += 1,
            }
        }
    }
    let mut text = if rows > 0 { layout.without_empty_columns().render("  ") } else { String::new() };
    if still > 0 {
        let verb = if still == 1 { "does" } else { "do" };
        text.push_str(&format!("  {} {verb} not move\n", counted(still, "cell")));
    }
    if several && !is_named && rows > 0 {
        let names = price.clauses.iter().enumerate().map(|(at, clause)| format!("{} {}", letter(at), clause.label));
        text.push_str(&wrapped("  clauses ", &names.collect::<Vec<_>>().join(", "), 10, WIDTH));
    }
    text
}

/// Returns the letter of a clause: `a` to `z`, then `a1`.
pub(in crate::report) fn letter(at: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(at % 26).unwrap_or_default());
    if at < 26 { letter.to_string() } else { format!("{letter}{}", at / 26) }
}

/// Returns the cells of a row but the first; `None` where nothing moves.
fn row(reading: &ReadingPrice, cell: &CellPrice, several: Option<usize>) -> Option<Vec<String>> {
    let unit = Unit::named(&reading.unit);
    let mut row = vec![place(&cell.place, reading)];
    match &cell.attribution {
        Attribution::Shared(shares) if shares.total().is_zero() && shares.shares.iter().all(|it| it.is_zero()) => {
            return None;
        }
        Attribution::Shared(shares) => {
            let found = printed(shares, &unit);
            row.extend([found.old, found.new, found.total]);
            if several.is_some() {
                row.extend(found.parts);
                row.push(found.together.unwrap_or_default());
            }
            row.push(String::new());
        }
        Attribution::Impossible { reason, parts } => {
            if cell.old == cell.new {
                return None;
            }
            row.extend([shown(cell.old.as_ref(), &unit), shown(cell.new.as_ref(), &unit)]);
            row.resize(several.unwrap_or(5) - 1, String::new());
            let moved = parts.iter().filter(|(_, shares)| !shares.total().is_zero());
            let moves = moved.map(|(part, shares)| format!(", {} {}", part_name(*part), difference(shares.total())));
            row.push(format!("{reason}{}", moves.collect::<String>()));
        }
    }
    Some(row)
}

fn part_name(part: Part) -> &'static str {
    match part {
        Part::Value => "value",
        Part::Numerator => "numerator",
        Part::Denominator => "denominator",
    }
}

fn difference(total: Fraction) -> String {
    let text = match total.denominator() {
        1 => number::grouped(&total.numerator().to_string()),
        _ => number::real(total.to_f64(), 2),
    };
    if total > Fraction::ZERO { format!("+{text}") } else { text }
}

/// Writes a value that is no part of an attribution; a dash where there is none.
pub(in crate::report) fn shown(shown: Option<&Shown>, unit: &Unit<'_>) -> String {
    let Some(shown) = shown else { return "-".to_owned() };
    let exact = |value: &Value| match value {
        Value::Number(number) => Some(*number),
        Value::Duration(duration) => Some(duration.seconds()),
        _ => None,
    };
    match &shown.value {
        Value::Null => "-".to_owned(),
        Value::Number(number) => unit.exact(*number),
        Value::Duration(duration) => unit.exact(duration.seconds()),
        other => match (exact(&shown.numerator), exact(&shown.denominator), other.as_real()) {
            (Some(above), Some(below), Some(real)) => unit.quotient(above, below).unwrap_or_else(|| unit.real(real)),
            (_, _, Some(real)) => unit.real(real),
            _ => other.to_string(),
        },
    }
}

/// Writes the lines of the ledger that changed.
fn ledger(lines: &[LedgerLine]) -> String {
    let changed = lines.iter().filter(|line| line.old.unwrap_or(0) != line.new.unwrap_or(0));
    let rows = |rows: Option<i128>| number::grouped(&rows.unwrap_or(0).to_string());
    let told: Vec<String> =
        changed.map(|line| format!("{} {} -> {}", words::fate(&line.fate), rows(line.old), rows(line.new))).collect();
    if told.is_empty() { String::new() } else { wrapped("  ledger ", &told.join(", "), 9, WIDTH) }
}
