//! Names that resemble a misspelt one.
//!
//! Compares spellings; knows nothing of what the names stand for.

/// Returns up to three of `candidates` that resemble `wanted`, the closest first, equal ones by name.
///
/// A candidate resembles `wanted` when at most a third of the longer name's characters differ (at least one may),
/// or when one continues the other after three common characters or more.
pub fn near_names<'a>(wanted: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let lowered = wanted.to_lowercase();
    let mut found: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| *candidate != wanted)
        .filter_map(|candidate| Some((distance(&lowered, &candidate.to_lowercase())?, candidate)))
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// Returns the candidate that resembles `wanted` most, if any does.
pub fn nearest<'a>(wanted: &str, candidates: &[&'a str]) -> Option<&'a str> {
    near_names(wanted, candidates.iter().copied()).into_iter().next()
}

fn distance(wanted: &str, candidate: &str) -> Option<usize> {
    let longest = wanted.chars().count().max(candidate.chars().count());
    // Editing distance takes quadratic time, and nobody misspells a name of this length.
    if longest > 200 {
        return None;
    }
    let edits = strsim::damerau_levenshtein(wanted, candidate);
    let allowed = (longest / 3).max(1);
    let shortest = wanted.len().min(candidate.len());
    let continues = shortest >= 3 && (candidate.starts_with(wanted) || wanted.starts_with(candidate));
    (edits < longest && (edits <= allowed || continues)).then_some(edits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swapped_letters_are_near() {
        assert_eq!(near_names("emial", ["phone", "email", "chat"]), ["email"]);
    }

    #[test]
    fn an_abbreviation_is_near() {
        assert_eq!(near_names("prod", ["product_line", "channel"]), ["product_line"]);
    }

    #[test]
    fn the_closest_comes_first_and_ties_are_in_order_of_name() {
        assert_eq!(near_names("cals", ["calls", "calm", "call"]), ["call", "calls", "calm"]);
    }

    #[test]
    fn a_different_word_is_not_near() {
        assert!(near_names("csat", ["backlog", "x"]).is_empty());
        assert!(near_names("a", ["b"]).is_empty());
    }
}
