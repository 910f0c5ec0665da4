//! A move and its parts as they are printed: rounded so that the printed parts add up to the difference of the printed
//! ends.
//!
//! Knows no layout.

use crate::impact::{Fraction, Shares};
use crate::report::number::grouped;
use crate::report::unit::Unit;
use crate::value::Number;

/// The printed numbers of one move.
pub(in crate::report) struct Printed {
    /// The value before.
    pub(in crate::report) old: String,
    /// The value now.
    pub(in crate::report) new: String,
    /// The move, with its sign.
    pub(in crate::report) total: String,
    /// The part of each clause, with its sign.
    pub(in crate::report) parts: Vec<String>,
    /// What no clause does alone; `None` where that is nothing.
    pub(in crate::report) together: Option<String>,
}

/// Rounds a move and its parts.
pub(in crate::report) fn printed(shares: &Shares, unit: &Unit<'_>) -> Printed {
    let are_whole = shares.shares.iter().chain([&shares.old, &shares.new]).all(|it| it.denominator() == 1);
    let (steps, digits) = unit.steps(are_whole);
    let (old, new) = (rounded(shares.old, steps), rounded(shares.new, steps));
    let difference = |steps: i128| signed(steps, digits, unit);
    let end = |steps: i128| unit.finished(grouped(&Number::new(steps, digits).to_string()));
    let together = rounded(shares.together, steps);
    Printed {
        old: end(old),
        new: end(new),
        total: difference(new - old),
        parts: fitted(&shares.shares, new - old, steps).into_iter().map(difference).collect(),
        together: (together != 0).then(|| difference(together)),
    }
}

/// Writes a difference with its sign; the unit stands behind it unless it is understood.
fn signed(steps: i128, digits: u8, unit: &Unit<'_>) -> String {
    let sign = if steps > 0 { "+" } else { "" };
    let number = format!("{sign}{}", grouped(&Number::new(steps, digits).to_string()));
    match unit.behind_difference() {
        "" => number,
        word => format!("{number} {word}"),
    }
}

/// Returns a number in steps of its last printed digit, half a step away from zero.
fn rounded(value: Fraction, steps: i128) -> i128 {
    let exact = value.times(Fraction::integer(2 * steps)).map(|doubled| {
        let (above, below) = (doubled.numerator(), doubled.denominator());
        let half = if above < 0 { -below } else { below };
        (above + half) / (2 * below)
    });
    exact.unwrap_or_else(|| (value.to_f64() * steps as f64).round() as i128)
}

/// Rounds parts to steps that add up to `total`: each to the nearest, then the one that is off most gives or takes a
/// step, until they do. A part that is nothing stays nothing.
fn fitted(parts: &[Fraction], total: i128, steps: i128) -> Vec<i128> {
    let mut fitted: Vec<i128> = parts.iter().map(|part| rounded(*part, steps)).collect();
    let may_move: Vec<usize> = (0..parts.len()).filter(|place| !parts[*place].is_zero()).collect();
    loop {
        let lacking = total - fitted.iter().sum::<i128>();
        let direction = lacking.signum();
        if direction == 0 {
            return fitted;
        }
        let gain = |place: &&usize| {
            let off = parts[**place].to_f64() * steps as f64 - fitted[**place] as f64;
            off * direction as f64
        };
        // Of equally good ones the first.
        let best = may_move.iter().rev().max_by(|a, b| gain(a).total_cmp(&gain(b)));
        match best {
            Some(best) => fitted[*best] += direction,
            None => return fitted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(above: i128, below: i128) -> Fraction {
        Fraction::new(above, below).expect("a fraction")
    }

    #[test]
    fn printed_parts_add_up_to_the_difference_of_the_printed_ends() {
        // 0.7104 and 0.7446 print as 71.0 and 74.5, 3.5 apart, though the move is 3.42: the nearest to lose is the first.
        let shares = Shares {
            old: fraction(7104, 10_000),
            new: fraction(7446, 10_000),
            shares: vec![fraction(405, 10_000), fraction(-63, 10_000)],
            sequential: Vec::new(),
            together: Fraction::ZERO,
        };
        let found = printed(&shares, &Unit::named("share"));
        assert_eq!((found.old.as_str(), found.new.as_str(), found.total.as_str()), ("71.0 %", "74.5 %", "+3.5"));
        assert_eq!(found.parts, ["+4.1", "-0.6"]);
        assert_eq!(found.together, None);
    }

    #[test]
    fn thirds_give_the_rest_to_the_first_and_nothing_stays_nothing() {
        let thirds = [fraction(1, 3), fraction(1, 3), Fraction::ZERO, fraction(1, 3)];
        assert_eq!(fitted(&thirds, 1000, 1000), [334, 333, 0, 333]);
        assert_eq!(fitted(&[Fraction::ZERO], 0, 10), [0]);
    }

    #[test]
    fn counts_are_whole_where_all_parts_are_and_money_names_its_currency() {
        let shares = |parts: Vec<Fraction>| Shares {
            old: Fraction::integer(1200),
            new: Fraction::integer(1203),
            shares: parts,
            sequential: Vec::new(),
            together: Fraction::integer(1),
        };
        let whole = printed(&shares(vec![Fraction::integer(3)]), &Unit::named("count"));
        assert_eq!((whole.old.as_str(), whole.parts[0].as_str()), ("1,200", "+3"));
        let halves = printed(&shares(vec![fraction(5, 2), fraction(1, 2)]), &Unit::named("count"));
        assert_eq!(halves.parts, ["+2.50", "+0.50"]);
        let money = printed(&shares(vec![Fraction::integer(3)]), &Unit::named("EUR"));
        assert_eq!((money.new.as_str(), money.total.as_str()), ("1,203.00 EUR", "+3.00 EUR"));
        assert_eq!(money.together.as_deref(), Some("+1.00 EUR"));
    }
}
