//! Contacts of a year, made up: a customer for every four, some of nobody known, ties included.
//!
//! The same number makes the same rows. As the reader of files has it, a text that repeats in a column of few different ones
//! is kept once, and every other cell has a text of its own.

use etalon::table::{Field, Table};
use etalon::value::{Instant, Number, Type, Value};

pub(crate) const DAY: i64 = 86_400_000_000;

const CHANNELS: [&str; 4] = ["email", "chat", "phone", "social"];
const QUEUES: [&str; 8] = ["billing", "technical", "sales", "returns", "vip", "business", "fraud", "other"];
const STATES: [&str; 4] = ["open", "waiting", "solved", "closed"];

pub(crate) fn year_begins() -> Instant {
    // 2025-01-01T00:00:00Z.
    Instant::from_micros(1_735_689_600_000_000)
}

pub(crate) fn year_ends() -> Instant {
    Instant::from_micros(year_begins().micros() + 365 * DAY)
}

/// Returns so many contacts, in the columns of the source.
pub(crate) fn contacts(rows: u64) -> Table {
    let fields = [
        ("contact_id", Type::Text),
        ("customer_id", Type::Text),
        ("channel", Type::Text),
        ("queue", Type::Text),
        ("direction", Type::Text),
        ("is_test", Type::Boolean),
        ("status", Type::Text),
        ("opened_at", Type::Instant),
        ("seconds", Type::Number(0)),
        ("cost", Type::Number(2)),
    ];
    let mut table = Table::new(fields.map(|(name, ty)| Field::new(name, ty)).to_vec());
    let words = |words: &[&str]| words.iter().map(|word| Value::text(word)).collect::<Vec<_>>();
    let (channels, queues, states) = (words(&CHANNELS), words(&QUEUES), words(&STATES));
    let directions = words(&["inbound", "outbound"]);
    for id in 0..rows {
        let spread = |factor: u64, of: u64| mixed(id.wrapping_mul(31).wrapping_add(factor)) % of;
        let customer = match spread(1, 20) {
            0 => Value::Null,
            _ => Value::text(&format!("c{}", spread(2, rows / 4 + 1))),
        };
        let pick = |words: &[Value], factor: u64| words[spread(factor, words.len() as u64) as usize].clone();
        let seconds = spread(7, 365 * 86_400) as i64;
        table.rows.push(vec![
            Value::text(&format!("k{id}")),
            customer,
            pick(&channels, 3),
            pick(&queues, 4),
            directions[usize::from(spread(5, 5) == 0)].clone(),
            Value::Boolean(spread(6, 100) == 0),
            pick(&states, 8),
            Value::Instant(Instant::from_micros(year_begins().micros() + seconds * 1_000_000)),
            Value::Number(Number::new(i128::from(spread(9, 3_000)), 0)),
            Value::Number(Number::new(i128::from(spread(10, 100_000)), 2)),
        ]);
    }
    table
}

/// Returns a number that looks like chance, by the finisher of SplitMix64.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
