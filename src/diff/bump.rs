//! Which part of a version a change needs, and which part was changed.

use crate::resolve::Version;

/// A part of a version, smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// The version is the same.
    None,
    /// Wording.
    Patch,
    /// Additions.
    Minor,
    /// Numbers or their reading.
    Major,
}

impl Bump {
    /// Returns what was changed from one version to another.
    pub fn between(old: Version, new: Version) -> Self {
        if old == new {
            Bump::None
        } else if old.major() != new.major() {
            Bump::Major
        } else if old.minor() != new.minor() {
            Bump::Minor
        } else {
            Bump::Patch
        }
    }

    /// Returns the word that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Bump::None => "none",
            Bump::Patch => "patch",
            Bump::Minor => "minor",
            Bump::Major => "major",
        }
    }

    /// Returns the version after `version` that changes this part.
    pub fn after(self, version: Version) -> Version {
        match self {
            Bump::None => version,
            Bump::Patch => version.next_patch(),
            Bump::Minor => version.next_minor(),
            Bump::Major => version.next_major(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bump_is_named_found_between_two_versions_and_made() {
        let version = |text: &str| Version::parse(text).expect(text);
        let old = version("2.4.6");
        for (name, next) in [("none", "2.4.6"), ("patch", "2.4.7"), ("minor", "2.5.0"), ("major", "3.0.0")] {
            let bump = Bump::between(old, version(next));
            assert_eq!((bump.name(), bump.after(old)), (name, version(next)));
        }
    }
}
