//! One cell's move shared out among clauses, or why that cannot be.
//!
//! A value that is not there is never guessed.

use std::collections::BTreeMap;

use super::cells::{Part, Place};
use super::computer::Answered;
use super::game::{Coalition, Shares, everyone, share};
use super::{Attribution, Clause, Fraction};

/// Shares out the move of the cell at `place`; `answers` holds what each coalition gives.
pub(super) fn attribute(
    place: &Place,
    answers: &BTreeMap<Coalition, Result<Answered, String>>,
    clauses: &[Clause],
) -> Attribution {
    let part = |part: Part| shares(place, part, answers, clauses);
    match part(Part::Value) {
        Ok(shares) => Attribution::Shared(shares),
        Err(reason) => {
            let other = [Part::Numerator, Part::Denominator].map(|it| Some((it, part(it).ok()?)));
            Attribution::Impossible { reason, parts: other.into_iter().flatten().collect() }
        }
    }
}

fn shares(
    place: &Place,
    part: Part,
    answers: &BTreeMap<Coalition, Result<Answered, String>>,
    clauses: &[Clause],
) -> Result<Shares, String> {
    let all = everyone(clauses.len());
    let mut worth = BTreeMap::new();
    // The two versions come first: what is wrong with them says more than what is wrong in between.
    let between = answers.keys().copied().filter(|coalition| *coalition != 0 && *coalition != all);
    for coalition in [0, all].into_iter().chain(between) {
        let number = number(place, part, &answers[&coalition]);
        worth.insert(coalition, number.map_err(|why| format!("{why} {}", when(coalition, clauses)))?);
    }
    share(&worth, clauses.len()).ok_or_else(|| "the numbers are too large to be shared out exactly".to_owned())
}

fn number(place: &Place, part: Part, answer: &Result<Answered, String>) -> Result<Fraction, String> {
    let cells = answer.as_ref().map_err(String::as_str).and_then(Answered::cells);
    cells.map_err(|error| format!("not computed ({error})"))?.number(place, part)
}

/// Says which version is meant, in the shortest way.
fn when(coalition: Coalition, clauses: &[Clause]) -> String {
    let all = everyone(clauses.len());
    let names = |coalition: Coalition| {
        let chosen = clauses.iter().enumerate().filter(|(place, _)| coalition & (1 << place) != 0);
        chosen.map(|(_, clause)| format!("`{}`", clause.label)).collect::<Vec<_>>().join(" and ")
    };
    match coalition {
        0 => "before".to_owned(),
        coalition if coalition == all => "now".to_owned(),
        coalition if coalition.count_ones() == 1 => format!("with {} alone", names(coalition)),
        coalition if coalition.count_ones() + 1 == all.count_ones() => format!("without {}", names(all & !coalition)),
        coalition => format!("with only {}", names(coalition)),
    }
}
