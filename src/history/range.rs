//! Two revisions written as one word, as git writes them.
//!
//! Reads the spelling only; whether the revisions exist shows when they are resolved.

/// The two sides of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The revision on the left.
    pub from: String,
    /// The revision on the right.
    pub to: String,
    /// Where the old side lies.
    pub since: Since,
}

/// Where the old side of a range lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// `A..B`: at A itself.
    Exactly,
    /// `A...B`: where B's history parted from A's.
    Parting,
}

/// The revision that an open end stands for.
const OPEN: &str = "HEAD";

impl Range {
    /// Reads `A..B` and `A...B`; an end that is left open is `HEAD`. Returns `None` for anything else, such as a single
    /// revision or a path like `../definitions`.
    pub fn parse(text: &str) -> Option<Self> {
        let (from, rest) = text.split_once("..")?;
        let (to, since) = match rest.strip_prefix('.') {
            Some(to) => (to, Since::Parting),
            None => (rest, Since::Exactly),
        };
        let is_path = |part: &str| part.starts_with(['/', '\\', '.']) || part.ends_with(['/', '\\', '.']);
        if (from.is_empty() && to.is_empty()) || is_path(from) || is_path(to) || to.contains("..") {
            return None;
        }
        let end = |name: &str| if name.is_empty() { OPEN.to_owned() } else { name.to_owned() };
        Some(Self { from: end(from), to: end(to), since })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Option<(String, String, Since)> {
        Range::parse(text).map(|range| (range.from, range.to, range.since))
    }

    fn range(from: &str, to: &str, since: Since) -> Option<(String, String, Since)> {
        Some((from.to_owned(), to.to_owned(), since))
    }

    #[test]
    fn two_points_mean_the_revision_itself_and_three_the_parting() {
        assert_eq!(parsed("main..HEAD~2"), range("main", "HEAD~2", Since::Exactly));
        assert_eq!(parsed("origin/main...topic"), range("origin/main", "topic", Since::Parting));
        assert_eq!(parsed("v1.0.0..v1.1.0"), range("v1.0.0", "v1.1.0", Since::Exactly));
    }

    #[test]
    fn an_open_end_is_the_head() {
        assert_eq!(parsed("main.."), range("main", "HEAD", Since::Exactly));
        assert_eq!(parsed("..topic"), range("HEAD", "topic", Since::Exactly));
        assert_eq!(parsed("main..."), range("main", "HEAD", Since::Parting));
        assert_eq!(parsed("...topic"), range("HEAD", "topic", Since::Parting));
    }

    #[test]
    fn paths_and_single_revisions_are_no_ranges() {
        for text in
            ["main", "", "..", "...", "....", "a....b", "../old", "../../old", "..\\old", "a/../b", "./a..b", "a..b..c"]
        {
            assert_eq!(parsed(text), None, "{text}");
        }
    }
}
