//! Whether whoever agrees to a change has made it.
//!
//! A change names its author, and git knows who committed. Those who sign commit too, if only their signatures: git is
//! heard where it contradicts the change.

use super::subject::{Side, Subject};
use crate::definition::Metric;
use crate::history::Author;
use crate::value::Version;

/// Tells whether `name`, who agrees to a change of a metric together with `others`, has made it: they are its declared
/// author; or they committed, the declared author did not, and nobody committed but those who agree.
pub(super) fn is_author(subject: &Subject<'_>, metric: &Metric, (name, others): (&str, &[&str])) -> bool {
    let declared = metric.change.as_ref().map(|change| change.author.value.as_str());
    declared == Some(name) || (is_made_here(subject, metric) && contradicts(subject.authors, declared, (name, others)))
}

fn contradicts(authors: &[Author], declared: Option<&str>, (name, others): (&str, &[&str])) -> bool {
    let agrees = |author: &Author| is(author, name) || others.iter().any(|other| is(author, other));
    let is_declared = |author: &Author| declared.is_some_and(|declared| may_be(author, declared));
    authors.iter().any(|author| is(author, name)) && authors.iter().all(agrees) && !authors.iter().any(is_declared)
}

/// Tells whether the meaning of a version was written in this change, not before it.
fn is_made_here(subject: &Subject<'_>, metric: &Metric) -> bool {
    let Some(version) = Version::parse(&metric.version) else { return false };
    let data = |side: Side<'_>| side.catalog.fingerprints(&metric.id.value, version).map(|own| own.data);
    let now = data(subject.new);
    now.is_some() && now != subject.old.and_then(data)
}

/// Tells whether a person is called so by git: by name, or by the local part of the address.
fn is(author: &Author, name: &str) -> bool {
    author.name.eq_ignore_ascii_case(name) || local(author).eq_ignore_ascii_case(name)
}

/// Tells whether a person may be called so: by a part of the name or of the address too.
fn may_be(author: &Author, name: &str) -> bool {
    let words = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(name));
    is(author, name) || words(&author.name) || words(local(author))
}

fn local(author: &Author) -> &str {
    author.email.split('@').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn authors(names: &[(&str, &str)]) -> Vec<Author> {
        names.iter().map(|(name, email)| Author { name: (*name).into(), email: (*email).into() }).collect()
    }

    #[test]
    fn who_commits_alone_and_signs_has_signed_an_own_change_whoever_is_declared() {
        let alone = authors(&[("Anna", "anna@example.org")]);
        assert!(contradicts(&alone, Some("ben"), ("anna", &["anna"])));
        assert!(contradicts(&alone, None, ("anna", &["anna"])));
        assert!(contradicts(&authors(&[("A. Novak", "anna@example.org")]), None, ("anna", &["anna"])));
    }

    #[test]
    fn signers_may_commit_beside_the_declared_author_under_any_of_his_names() {
        let both = authors(&[("Anna", "anna@example.org"), ("Ben Okafor", "b.okafor@example.org")]);
        assert!(!contradicts(&both, Some("ben"), ("anna", &["anna"])));
        assert!(!contradicts(&both, Some("okafor"), ("anna", &["anna"])));
    }

    #[test]
    fn somebody_who_committed_and_does_not_sign_may_have_made_the_change() {
        let both = authors(&[("Anna", "anna@example.org"), ("Robot", "ci@example.org")]);
        assert!(!contradicts(&both, Some("ben"), ("anna", &["anna"])));
        let signers = authors(&[("Anna", "anna@example.org"), ("Cleo", "cleo@example.org")]);
        assert!(contradicts(&signers, Some("ben"), ("anna", &["anna", "cleo"])));
    }
}
