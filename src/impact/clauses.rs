//! Edits joined to clauses: those of which one has no meaning without the other move a number together.
//!
//! Knows which sets of edits have a meaning, not what it is.

use std::collections::BTreeSet;

use super::game::{Coalition, MOST, coalitions, everyone};

/// A set of edits, each by its number.
pub(super) type Set = BTreeSet<usize>;

/// Joins `count` edits to groups such that every coalition of groups that is looked at has a meaning; groups and the
/// edits in them stay in order. `has_meaning` is asked about sets of edits.
///
/// The smallest coalition without meaning is mended first: what it lacks is the smallest further set that gives it a
/// meaning, found by leaving out one group after the other; that set is joined with the first of the coalition's groups
/// that it makes sense with, else with all of them. All edits are one group where nothing less has a meaning.
pub(super) fn joined(count: usize, has_meaning: &mut dyn FnMut(&Set) -> bool) -> Vec<Vec<usize>> {
    let mut groups: Vec<Vec<usize>> = (0..count).map(|edit| vec![edit]).collect();
    if groups.len() > MOST {
        let rest = groups.split_off(MOST - 1);
        groups.push(rest.concat());
    }
    while let Some(broken) = smallest_broken(&groups, has_meaning) {
        let members = mended(&groups, broken, has_meaning);
        let (in_one, mut others): (Vec<_>, Vec<_>) =
            groups.into_iter().enumerate().partition(|(place, _)| members & (1 << place) != 0);
        let mut one: Vec<usize> = in_one.into_iter().flat_map(|(_, group)| group).collect();
        one.sort_unstable();
        others.push((0, one));
        groups = others.into_iter().map(|(_, group)| group).collect();
        groups.sort();
    }
    groups
}

fn edits(groups: &[Vec<usize>], coalition: Coalition) -> Set {
    let chosen = groups.iter().enumerate().filter(|(place, _)| coalition & (1 << place) != 0);
    chosen.flat_map(|(_, group)| group.iter().copied()).collect()
}

/// Returns the first coalition that has no meaning, other than that of none and of all: those are the two versions.
fn smallest_broken(groups: &[Vec<usize>], has_meaning: &mut dyn FnMut(&Set) -> bool) -> Option<Coalition> {
    let all = everyone(groups.len());
    let between = coalitions(groups.len()).into_iter().filter(|coalition| *coalition != 0 && *coalition != all);
    between.into_iter().find(|coalition| !has_meaning(&edits(groups, *coalition)))
}

/// Returns the groups to join so that `broken` does not come about again; at least two.
fn mended(groups: &[Vec<usize>], broken: Coalition, has_meaning: &mut dyn FnMut(&Set) -> bool) -> Coalition {
    let all = everyone(groups.len());
    let mut whole = all;
    for place in (0..groups.len()).rev().map(|place| 1 << place).filter(|own| broken & own == 0) {
        if has_meaning(&edits(groups, whole & !place)) {
            whole &= !place;
        }
    }
    let lacking = whole & !broken;
    let own = (0..groups.len()).map(|place| 1 << place).filter(|own| broken & own != 0);
    let pair = own.map(|own| own | lacking).find(|joined| has_meaning(&edits(groups, *joined)));
    pair.unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(count: usize, has_meaning: impl Fn(&Set) -> bool) -> Vec<Vec<usize>> {
        joined(count, &mut |set| has_meaning(set))
    }

    #[test]
    fn edits_that_make_sense_alone_stay_apart() {
        assert_eq!(groups(3, |_| true), [vec![0], vec![1], vec![2]]);
        assert_eq!(groups(0, |_| true), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn a_rule_is_joined_with_the_fact_that_it_reads() {
        // 0 is a window, 1 the new fact, 2 the rule that reads it: 2 without 1 has no meaning.
        let found = groups(3, |set| !set.contains(&2) || set.contains(&1));
        assert_eq!(found, [vec![0], vec![1, 2]]);
    }

    #[test]
    fn a_fact_replaced_by_another_is_one_clause_with_what_reads_it() {
        // 0 takes the old fact away, 1 brings the new one, 2 makes the rule read it; 1 alone is a fact nobody reads.
        let found = groups(4, |set| set.contains(&0) == set.contains(&2) && (!set.contains(&2) || set.contains(&1)));
        assert_eq!(found, [vec![0, 1, 2], vec![3]]);
    }

    #[test]
    fn two_edits_that_clash_unless_a_third_is_made_are_mended_by_one_join() {
        // 0 and 1 go together only with 2.
        let found = groups(3, |set| !(set.contains(&0) && set.contains(&1)) || set.contains(&2));
        assert_eq!(found, [vec![0, 2], vec![1]]);
    }

    #[test]
    fn where_only_everything_has_a_meaning_everything_is_one_clause() {
        assert_eq!(groups(4, |set| set.len() == 4), [vec![0, 1, 2, 3]]);
        assert_eq!(groups(11, |set| set.len() == 11), [(0..11).collect::<Vec<_>>()]);
    }

    #[test]
    fn more_edits_than_can_be_told_apart_are_still_all_there() {
        let found = groups(130, |_| true);
        assert_eq!((found.len(), found[127].clone()), (128, vec![127, 128, 129]));
    }
}
