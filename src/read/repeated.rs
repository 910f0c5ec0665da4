//! The texts of a column that come again and again, kept once.
//!
//! A table of contacts has a handful of channels, each in a million cells.

use std::sync::Arc;

use hashbrown::HashSet;

/// Most different texts that a column is expected to repeat; one with more of them has names or numbers.
const MOST: usize = 256;

/// The different texts of a column so far; `None` once there are too many to look through.
#[derive(Debug)]
pub(super) struct Repeated(Option<HashSet<Arc<str>>>);

impl Default for Repeated {
    fn default() -> Self {
        Self(Some(HashSet::new()))
    }
}

impl Repeated {
    /// Returns the text as it was kept when it came first; one that comes first is kept.
    pub(super) fn kept(&mut self, text: Arc<str>) -> Arc<str> {
        let Some(known) = &mut self.0 else { return text };
        if known.len() == MOST && !known.contains(&text) {
            self.0 = None;
            return text;
        }
        Arc::clone(known.get_or_insert(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_kept(repeated: &mut Repeated, text: &str) -> bool {
        let (one, other) = (repeated.kept(Arc::from(text)), repeated.kept(Arc::from(text)));
        assert_eq!((one.as_ref(), other.as_ref()), (text, text));
        Arc::ptr_eq(&one, &other)
    }

    #[test]
    fn a_text_that_comes_again_is_kept_once_as_long_as_there_are_few() {
        let mut repeated = Repeated::default();
        assert!((0..MOST).all(|number| is_kept(&mut repeated, &number.to_string())));
        assert!(is_kept(&mut repeated, "0"));
        assert!(!is_kept(&mut repeated, "one more"));
        assert!(!is_kept(&mut repeated, "0"));
    }
}
