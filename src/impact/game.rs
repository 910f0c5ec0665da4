//! The move of a number shared out among clauses: what each does, averaged over every order of making them.
//!
//! A coalition is a set of clauses, one bit each. Knows numbers only: no metric, no edit.

use std::collections::{BTreeMap, BTreeSet};

use super::Fraction;

/// A set of clauses, one bit each.
pub(super) type Coalition = u128;

/// Up to this many clauses every order is looked at; with more, a fixed sample.
pub const EXACT_UP_TO: usize = 8;
/// Pairs of an order and its reverse that are looked at with more clauses.
const SAMPLED_PAIRS: usize = 16;
/// Most clauses that can be told apart.
pub(super) const MOST: usize = 128;

/// A move shared out among clauses. The shares add up to the move, without a rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shares {
    /// What the number was.
    pub old: Fraction,
    /// What it is.
    pub new: Fraction,
    /// What each clause does, averaged over the orders in which they can be made.
    pub shares: Vec<Fraction>,
    /// What each clause does when they are made one after the other, in the order of the definition.
    pub sequential: Vec<Fraction>,
    /// The part of the move that no clause does alone: the move less what each does alone to the old definition.
    pub together: Fraction,
}

impl Shares {
    /// Returns the move.
    pub fn total(&self) -> Fraction {
        self.new.minus(self.old).unwrap_or(Fraction::ZERO)
    }
}

/// Returns the coalition of all clauses.
pub(super) fn everyone(clauses: usize) -> Coalition {
    if clauses >= MOST { Coalition::MAX } else { (1 << clauses) - 1 }
}

/// Returns every coalition whose number is needed to share a move out, smaller ones first.
pub(super) fn coalitions(clauses: usize) -> Vec<Coalition> {
    let mut needed: Vec<Coalition> = match clauses {
        0..=EXACT_UP_TO => (0..=everyone(clauses)).collect(),
        _ => {
            let single = (0..clauses).map(|clause| 1 << clause);
            let orders = orders(clauses).into_iter().chain([(0..clauses).collect()]);
            single.chain(orders.flat_map(|order| prefixes(&order))).collect::<BTreeSet<_>>().into_iter().collect()
        }
    };
    needed.sort_by_key(|coalition| (coalition.count_ones(), *coalition));
    needed
}

/// Shares a move out; `worth` is the number that each of [`coalitions`] gives. `None` where not even a grid has room for
/// the arithmetic.
pub(super) fn share(worth: &BTreeMap<Coalition, Fraction>, clauses: usize) -> Option<Shares> {
    exactly(worth, clauses).or_else(|| {
        let values: Vec<Fraction> = worth.values().copied().collect();
        let on_grid = worth.keys().copied().zip(Fraction::on_grid(&values)).collect();
        exactly(&on_grid, clauses)
    })
}

fn exactly(worth: &BTreeMap<Coalition, Fraction>, clauses: usize) -> Option<Shares> {
    let of = |coalition: Coalition| worth.get(&coalition).copied();
    let (old, new) = (of(0)?, of(everyone(clauses))?);
    let shares = match clauses {
        0..=EXACT_UP_TO => (0..clauses).map(|clause| over_every_order(&of, clause, clauses)).collect::<Option<_>>()?,
        _ => over_a_sample(&of, clauses)?,
    };
    let sequential = marginals(&of, &(0..clauses).collect::<Vec<_>>())?;
    let alone = |sum: Fraction, clause: usize| sum.plus(of(1 << clause)?.minus(old)?);
    let together = new.minus(old)?.minus((0..clauses).try_fold(Fraction::ZERO, alone)?)?;
    Some(Shares { old, new, shares, sequential, together })
}

/// Averages what a clause does over every order: of the others that come before it, each set counts as often as there
/// are orders with it.
fn over_every_order(of: &impl Fn(Coalition) -> Option<Fraction>, clause: usize, clauses: usize) -> Option<Fraction> {
    let own = 1 << clause;
    let mut by_size = vec![Fraction::ZERO; clauses];
    for others in (0..=everyone(clauses)).filter(|others| others & own == 0) {
        let sum = &mut by_size[others.count_ones() as usize];
        *sum = sum.plus(of(others | own)?.minus(of(others)?)?)?;
    }
    let factorial = |n: usize| (1..=n as i128).product::<i128>();
    let orders = |size: usize| Fraction::new(factorial(size) * factorial(clauses - size - 1), factorial(clauses));
    let parts = by_size.iter().enumerate().map(|(size, sum)| sum.times(orders(size)?));
    parts.into_iter().try_fold(Fraction::ZERO, |sum, part| sum.plus(part?))
}

fn over_a_sample(of: &impl Fn(Coalition) -> Option<Fraction>, clauses: usize) -> Option<Vec<Fraction>> {
    let orders = orders(clauses);
    let mut sums = vec![Fraction::ZERO; clauses];
    for order in &orders {
        for (clause, part) in marginals(of, order)?.into_iter().enumerate() {
            sums[clause] = sums[clause].plus(part)?;
        }
    }
    let each = Fraction::new(1, orders.len() as i128)?;
    sums.into_iter().map(|sum| sum.times(each)).collect()
}

/// Returns what each clause does when they are made in this order, by clause.
fn marginals(of: &impl Fn(Coalition) -> Option<Fraction>, order: &[usize]) -> Option<Vec<Fraction>> {
    let mut parts = vec![Fraction::ZERO; order.len()];
    for (clause, pair) in order.iter().zip(prefixes(order).windows(2)) {
        parts[*clause] = of(pair[1])?.minus(of(pair[0])?)?;
    }
    Some(parts)
}

/// Returns the coalitions that come about when clauses are made in this order, from none to all.
fn prefixes(order: &[usize]) -> Vec<Coalition> {
    let mut made = 0;
    let mut found = vec![made];
    for clause in order {
        made |= 1 << clause;
        found.push(made);
    }
    found
}

/// Returns the orders that are looked at where there are too many: the same ones every time, each with its reverse, so
/// that a clause comes late as often as early.
fn orders(clauses: usize) -> Vec<Vec<usize>> {
    let mut state = clauses as u64;
    let mut orders = Vec::new();
    for _ in 0..SAMPLED_PAIRS {
        let mut order: Vec<usize> = (0..clauses).collect();
        for end in (1..clauses).rev() {
            order.swap(end, (next(&mut state) % (end as u64 + 1)) as usize);
        }
        let reverse = order.iter().rev().copied().collect();
        orders.extend([order, reverse]);
    }
    orders
}

/// Returns the next number of the SplitMix64 sequence.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half(count: i128) -> Fraction {
        Fraction::new(count, 2).expect("a fraction")
    }

    fn game(clauses: usize, worth: impl Fn(Coalition) -> Fraction) -> Shares {
        let worth = coalitions(clauses).into_iter().map(|coalition| (coalition, worth(coalition))).collect();
        share(&worth, clauses).expect("small numbers")
    }

    fn sum(parts: &[Fraction]) -> Fraction {
        parts.iter().try_fold(Fraction::ZERO, |sum, part| sum.plus(*part)).expect("small numbers")
    }

    #[test]
    fn what_two_clauses_do_only_together_is_halved_between_them() {
        // Alone a gives 1 and b gives 2, both give 4: the 1 that needs both is halved. In order, b gets all of it.
        let found = game(2, |coalition| Fraction::integer([0, 1, 2, 4][coalition as usize]));
        assert_eq!(found.shares, [half(3), half(5)]);
        assert_eq!(found.sequential, [Fraction::integer(1), Fraction::integer(3)]);
        assert_eq!(found.together, Fraction::integer(1));
        assert_eq!(sum(&found.shares), found.total());
    }

    #[test]
    fn a_majority_of_three_is_shared_in_thirds_and_a_glove_game_by_scarcity() {
        // Any two of three win 1: a third each.
        let majority = game(3, |coalition| Fraction::integer(i128::from(coalition.count_ones() >= 2)));
        assert_eq!(majority.shares, [Fraction::new(1, 3).expect("a third"); 3]);
        // One left glove (0), two right ones: a pair is worth 1. The left one is worth 4/6, the right ones 1/6 each.
        let glove = game(3, |coalition| Fraction::integer(i128::from(coalition & 1 != 0 && coalition & 6 != 0)));
        let sixth = |count| Fraction::new(count, 6).expect("sixths");
        assert_eq!(glove.shares, [sixth(4), sixth(1), sixth(1)]);
    }

    #[test]
    fn a_clause_without_effect_has_no_share_and_equal_clauses_have_equal_ones() {
        let found = game(3, |coalition| Fraction::integer(if coalition & 3 == 3 { 5 } else { 0 }));
        assert_eq!(found.shares, [half(5), half(5), Fraction::ZERO]);
    }

    #[test]
    fn shares_do_not_depend_on_the_order_of_the_clauses() {
        let worth = [0, 3, 5, 4, 1, 9, 2, 12];
        let places = [2usize, 0, 1];
        let moved = |coalition: Coalition| {
            (0..3).filter(|place| coalition & (1 << place) != 0).fold(0usize, |set, place| set | 1 << places[place])
        };
        let plain = game(3, |coalition| Fraction::integer(worth[coalition as usize]));
        let other = game(3, |coalition| Fraction::integer(worth[moved(coalition)]));
        for (place, original) in places.iter().enumerate() {
            assert_eq!(other.shares[place], plain.shares[*original]);
        }
    }

    #[test]
    fn many_clauses_are_sampled_and_add_up_all_the_same() {
        // Squares of counts: every clause is alike, so the true share of each of 12 is 144 / 12.
        let found = game(12, |coalition| Fraction::integer(i128::from(coalition.count_ones()).pow(2)));
        assert_eq!(sum(&found.shares), Fraction::integer(144));
        // An order and its reverse give each clause 2p + 1 and 2(11 - p) + 1, on average 12.
        assert_eq!(found.shares, vec![Fraction::integer(12); 12]);
        assert_eq!(found.together, Fraction::integer(144 - 12));
        assert_eq!(orders(12), orders(12));
        assert!(orders(12).iter().all(|order| order.iter().collect::<BTreeSet<_>>().len() == 12));
    }

    #[test]
    fn ratios_with_many_denominators_add_up_without_a_rest() {
        // 256 ratios, all with other denominators: too many for one exact common denominator.
        let worth = |coalition: Coalition| {
            let coalition = i128::try_from(coalition).expect("small");
            Fraction::new(5_000 + coalition * coalition, 10_007 + 3 * coalition).expect("a fraction")
        };
        let found = game(8, worth);
        assert_eq!(sum(&found.shares), found.total());
        assert!((found.total().to_f64() - (worth(255).to_f64() - worth(0).to_f64())).abs() < 1e-15);
    }
}
