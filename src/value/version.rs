//! Semantic versions of definitions.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A semantic version, ordered by its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Version([u64; 3]);

impl Version {
    /// Parses `1.2.3`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|part| part.parse().ok());
        let version = Version([parts.next()??, parts.next()??, parts.next()??]);
        parts.next().is_none().then_some(version)
    }

    /// Returns the first number: numbers or their reading change with it.
    pub fn major(self) -> u64 {
        self.0[0]
    }

    /// Returns the second number: additions change it.
    pub fn minor(self) -> u64 {
        self.0[1]
    }

    /// Returns the next version whose numbers or reading may differ.
    pub fn next_major(self) -> Self {
        Version([self.0[0] + 1, 0, 0])
    }

    /// Returns the next version with additions.
    pub fn next_minor(self) -> Self {
        Version([self.0[0], self.0[1] + 1, 0])
    }

    /// Returns the next version with other words.
    pub fn next_patch(self) -> Self {
        Version([self.0[0], self.0[1], self.0[2] + 1])
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Version([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_their_numbers_and_not_as_text() {
        let version = |text| Version::parse(text).expect("a version");
        assert!(version("1.10.0") > version("1.9.9") && version("2.0.0") > version("1.10.0"));
        assert_eq!(version("1.2.3").to_string(), "1.2.3");
    }

    #[test]
    fn a_version_has_three_numbers() {
        for text in ["1", "1.2", "1.2.3.4", "1.2.x", "", "1..2"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }
}
