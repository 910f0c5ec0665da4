//! Moments to spells: how long a meaning lasted, version by version.
//!
//! Knows fingerprints only.

use std::collections::BTreeMap;

use crate::resolve::Version;

/// What a version meant at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Dated {
    pub(super) version: Version,
    /// Empty where it had no meaning.
    pub(super) fingerprint: String,
}

/// A meaning that lasted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spell {
    /// The versions that had it.
    pub(super) versions: Vec<Version>,
    /// The moment at which it was first seen.
    pub(super) first: usize,
    /// The moment at which it was last seen.
    pub(super) last: usize,
    /// The spell that it followed on.
    pub(super) before: Option<usize>,
}

/// Returns the spells of a history, in the order in which they begin.
///
/// A version stays in its spell as long as its meaning stays. A version that takes on what another means at that time
/// joins it. A meaning that comes back after another is a spell of its own.
pub(super) fn spells(moments: &[Dated]) -> Vec<Spell> {
    let mut spells: Vec<Spell> = Vec::new();
    let mut current: BTreeMap<Version, usize> = BTreeMap::new();
    for (at, moment) in moments.iter().enumerate() {
        let means = |spell: &usize| moments[spells[*spell].first].fingerprint == moment.fingerprint;
        let own = current.get(&moment.version).copied();
        let joined = own.filter(means).or_else(|| current.values().copied().find(means));
        let place = joined.unwrap_or_else(|| {
            let earlier = current.range(..moment.version).next_back().map(|(_, spell)| *spell);
            let before = own.or(earlier).or(spells.len().checked_sub(1));
            spells.push(Spell { versions: Vec::new(), first: at, last: at, before });
            spells.len() - 1
        });
        let spell = &mut spells[place];
        spell.last = at;
        if !spell.versions.contains(&moment.version) {
            spell.versions.push(moment.version);
        }
        current.insert(moment.version, place);
    }
    spells
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `1:a 1:b 2:b`: versions and what they mean; says each spell as `versions first-last<before`.
    fn told(history: &str) -> Vec<String> {
        let version = |major: &str| Version::parse(&format!("{major}.0.0")).expect("a version");
        let moment = |word: &str| {
            let (major, meaning) = word.split_once(':').expect("version and meaning");
            Dated { version: version(major), fingerprint: meaning.to_owned() }
        };
        let moments: Vec<Dated> = history.split(' ').map(moment).collect();
        let one = |spell: &Spell| {
            let versions: Vec<String> = spell.versions.iter().map(|version| version.major().to_string()).collect();
            let before = spell.before.map(|before| format!("<{before}")).unwrap_or_default();
            format!("{} {}-{}{before}", versions.join("+"), spell.first, spell.last)
        };
        spells(&moments).iter().map(one).collect()
    }

    #[test]
    fn equal_meanings_in_a_row_are_one_spell_and_one_that_comes_back_is_another() {
        assert_eq!(told("1:a 1:a 1:b 1:a 1:a"), ["1 0-1", "1 2-2<0", "1 3-4<1"]);
    }

    #[test]
    fn versions_that_stand_side_by_side_have_spells_of_their_own() {
        // Version 2 comes beside 1 and both stay.
        assert_eq!(told("1:a 1:a 2:b 1:a 2:b 1:a 2:c"), ["1 0-5", "2 2-4<0", "2 6-6<1"]);
    }

    #[test]
    fn a_version_with_other_words_joins_the_one_whose_meaning_it_has() {
        assert_eq!(told("1:a 1:a 2:a 1:a 2:b"), ["1+2 0-3", "2 4-4<0"]);
    }
}
