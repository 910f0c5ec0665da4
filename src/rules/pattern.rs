//! Patterns of places in a definition: `facts.*.window.to`.
//!
//! Compares names; knows no format.

use std::cmp::Ordering;

/// A pattern of places, from the root of a document.
///
/// A segment is a key, or the identity of a list's item: an exclusion's `id` or `use`, a guardrail's or component's
/// `metric`, a target's or schedule's `from`, a holiday's `day`, a scalar itself. `*` stands for one segment, `**` at
/// the end for any rest, also for none. `.` is the document itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    segments: Vec<Segment>,
    /// Whether any rest may follow.
    open: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Segment {
    Literal(String),
    Star,
}

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// When a segment is empty, or `**` stands elsewhere than at the end.
    pub fn parse(text: &str) -> Result<Self, String> {
        if text == "." {
            return Ok(Self { segments: Vec::new(), open: false });
        }
        let mut parts: Vec<&str> = text.split('.').collect();
        let open = parts.pop_if(|last| *last == "**").is_some();
        let segment = |part: &str| match part {
            "" | "**" => Err(format!("`{text}` is no pattern: segments are names or `*`, with `**` at the end only")),
            "*" => Ok(Segment::Star),
            name => Ok(Segment::Literal(name.to_owned())),
        };
        Ok(Self { segments: parts.into_iter().map(segment).collect::<Result<_, _>>()?, open })
    }

    /// Tells whether the pattern fits a place.
    pub fn matches(&self, path: &[String]) -> bool {
        let fits = |(segment, name): (&Segment, &String)| match segment {
            Segment::Literal(literal) => literal == name,
            Segment::Star => true,
        };
        let long_enough = path.len() == self.segments.len() || self.open && path.len() > self.segments.len();
        long_enough && self.segments.iter().zip(path).all(fits)
    }

    /// Compares how literal two patterns are: the greater one has more names; of as many, more stars and no open end.
    pub fn cmp_precision(&self, other: &Self) -> Ordering {
        self.precision().cmp(&other.precision())
    }

    /// Returns the names in the pattern, `None` for each star.
    pub fn names(&self) -> impl Iterator<Item = Option<&str>> {
        self.segments.iter().map(|segment| match segment {
            Segment::Literal(name) => Some(name.as_str()),
            Segment::Star => None,
        })
    }

    fn precision(&self) -> (usize, usize, bool) {
        let names = self.names().flatten().count();
        (names, self.segments.len() - names, !self.open)
    }
}

impl std::fmt::Display for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rest = self.open.then_some("**");
        let parts: Vec<&str> = self.names().map(|name| name.unwrap_or("*")).chain(rest).collect();
        f.write_str(if parts.is_empty() { "." } else { "" })?;
        f.write_str(&parts.join("."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Vec<String> {
        text.split('.').filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    fn pattern(text: &str) -> Pattern {
        Pattern::parse(text).expect("a pattern")
    }

    #[test]
    fn a_star_stands_for_exactly_one_segment() {
        let window = pattern("facts.*.window.to");
        assert!(window.matches(&path("facts.later_contact.window.to")));
        assert!(!window.matches(&path("facts.window.to")));
        assert!(!window.matches(&path("facts.later_contact.window.from")));
        assert!(!window.matches(&path("facts.later_contact.window")));
        assert!(!window.matches(&path("facts.later_contact.window.to.more")));
    }

    #[test]
    fn an_open_end_takes_any_rest_and_none() {
        let missing = pattern("missing.**");
        assert!(missing.matches(&path("missing")));
        assert!(missing.matches(&path("missing.rating")));
        assert!(missing.matches(&path("missing.a.b.c")));
        assert!(!missing.matches(&path("measure")));
        assert!(pattern("**").matches(&path("")));
    }

    #[test]
    fn a_dot_is_the_document_itself() {
        assert!(pattern(".").matches(&path("")));
        assert!(!pattern(".").matches(&path("title")));
    }

    #[test]
    fn the_pattern_with_more_names_is_the_more_literal_one() {
        let rising = ["**", ".", "*", "facts.**", "facts.*", "facts.*.**", "facts.*.window", "facts.*.window.to"];
        // `.` and `**` never compete with a name; the rest is in the order of precision.
        for pair in rising[2..].windows(2) {
            let order = pattern(pair[0]).cmp_precision(&pattern(pair[1]));
            let expected = if pair == ["facts.*", "facts.*.**"] { Ordering::Greater } else { Ordering::Less };
            assert_eq!(order, expected, "{pair:?}");
        }
        assert_eq!(pattern("**").cmp_precision(&pattern(".")), Ordering::Less);
    }

    #[test]
    fn a_pattern_is_written_as_it_was_read() {
        for text in [".", "**", "facts.*.window.to", "missing.**"] {
            assert_eq!(pattern(text).to_string(), text);
        }
    }

    #[test]
    fn an_open_end_in_the_middle_is_refused() {
        assert!(Pattern::parse("facts.**.to").is_err());
        assert!(Pattern::parse("facts..to").is_err());
        assert!(Pattern::parse("").is_err());
    }
}
