//! Decision records: those that a change names are read, and no others.
//!
//! Knows where a record is named, not where its text comes from: a folder or a revision.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::definition::{Decision, Fields, Metric};
use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::format::{self, DECISION};
use crate::load;
use crate::text::{Spanned, Texts};
use crate::yaml;

/// Returns the text of the file at a path from the project's folder, or why there is none, continuing "cannot be read: ".
pub type Fetch<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// Reads one record; every mistake in it is reported. `None` where too little of it is there.
pub fn read(name: &str, content: String, texts: &mut Texts, diagnostics: &mut Diagnostics) -> Option<Decision> {
    let id = texts.add(name, content);
    let root = yaml::parse_front_matter(texts, id, diagnostics)?;
    let known = diagnostics.iter().count();
    format::check_record(&root, &DECISION, diagnostics);
    if diagnostics.iter().count() > known {
        return None;
    }
    let decision = Decision::decode(&mut Fields::new(&root, texts, diagnostics))?;
    let in_name = number_in(name);
    if in_name.is_some_and(|number| number != decision.number.value) {
        let message = format!("the file is called as that of another decision than {}", decision.number.value);
        diagnostics.push(
            Diagnostic::error(codes::INVALID_VALUE, decision.number.span, message)
                .help("number the file as the decision"),
        );
    }
    Some(decision)
}

/// Returns the number that a file's name begins with.
fn number_in(path: &str) -> Option<i64> {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// Reads the records that the changes of a catalog name, by their paths from the project's folder.
pub fn named(
    catalog: &Catalog,
    texts: &mut Texts,
    fetch: Fetch<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Decision> {
    let mut decisions = BTreeMap::new();
    let metrics = catalog.registry.metrics.values().flat_map(BTreeMap::values);
    for Spanned { value: path, span } in metrics.filter_map(|metric| decision_of(metric)) {
        if decisions.contains_key(path) {
            continue;
        }
        if !is_inside(path) {
            diagnostics.push(
                Diagnostic::error(codes::OUTSIDE_PROJECT, *span, "a decision record is a file of its project")
                    .help("write its path from the project's folder, as `decisions/0003-longer-window.md`"),
            );
            continue;
        }
        match fetch(path) {
            Ok(content) => {
                let name = catalog.root.as_ref().map_or(path.clone(), |root| load::shown(&root.join(path)));
                let decision = read(&name, content, texts, diagnostics);
                decisions.extend(decision.map(|decision| (path.clone(), decision)));
            }
            Err(reason) => diagnostics.push(
                Diagnostic::error(codes::UNREADABLE_FILE, *span, format!("`{path}` cannot be read: {reason}"))
                    .help("write the record, or correct its path, which begins at the project's folder"),
            ),
        }
    }
    decisions
}

/// Reads the records that the changes of a catalog name, where the catalog was read from a folder.
pub fn beside(catalog: &Catalog, texts: &mut Texts, diagnostics: &mut Diagnostics) -> BTreeMap<String, Decision> {
    if catalog.root.is_none() {
        return BTreeMap::new();
    }
    let fetch = |path: &str| match catalog.place_in_project(path) {
        Some(place) => load::text(&place),
        None => Err("it lies outside the project".to_owned()),
    };
    named(catalog, texts, &fetch, diagnostics)
}

fn decision_of(metric: &Metric) -> Option<&Spanned<String>> {
    metric.change.as_ref()?.decision.as_ref()
}

fn is_inside(path: &str) -> bool {
    !path.starts_with('/') && !path.contains('\\') && !path.contains(':') && path.split('/').all(|part| part != "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = "---\ndecision: 3\nstatus: accepted\ndeciders: [ada, ben]\ndate: 2026-05-04\n\
                          metrics: [fcr@2.0.0]\n---\n# A longer window\n";

    fn told(name: &str, content: &str) -> (Option<Decision>, Vec<String>) {
        let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
        let decision = read(name, content.to_owned(), &mut texts, &mut diagnostics);
        let tell = |found: Diagnostic| format!("{} {}", texts.position(found.span()), found.message);
        (decision, diagnostics.into_sorted().into_iter().map(tell).collect())
    }

    #[test]
    fn a_record_says_who_decided_what_and_when() {
        let (decision, mistakes) = told("decisions/0003-longer-window.md", RECORD);
        let decision = decision.expect("read");
        assert_eq!(mistakes, [""; 0]);
        assert_eq!((decision.number.value, decision.standing.value.name()), (3, "accepted"));
        assert_eq!(decision.deciders.len(), 2);
        assert_eq!(decision.metrics[0].value, "fcr@2.0.0");
    }

    #[test]
    fn every_mistake_of_a_record_has_its_line() {
        let broken = RECORD.replace("accepted", "agreed").replace("date: 2026-05-04\n", "when: 2026-05-04\n");
        let (decision, mistakes) = told("0003-x.md", &broken);
        assert!(decision.is_none());
        assert_eq!(
            mistakes,
            [
                "2:1 the decision record lacks the key `date`",
                "3:9 `status` cannot be `agreed`",
                "5:1 the decision record has no key `when`"
            ]
        );
        let (_, mistakes) = told("0004-x.md", RECORD);
        assert_eq!(mistakes, ["2:11 the file is called as that of another decision than 3"]);
        let (_, mistakes) = told("x.md", &RECORD.replace("2026-05-04", "2026-02-30"));
        assert_eq!(mistakes, ["5:7 `2026-02-30`: there is no such day"]);
        assert_eq!(told("0003-x.md", &RECORD.replace("decision: 3", "decision: \"0003\"")).1, [""; 0]);
        let (_, mistakes) = told("x.md", &RECORD.replace("decision: 3", "decision: third"));
        assert_eq!(mistakes, ["2:11 `third` is no number of a decision"]);
        let (_, mistakes) = told("x.md", &RECORD.replace("accepted", "superseded"));
        assert_eq!(mistakes, ["3:9 a decision is superseded by another, or it is not"]);
    }

    #[test]
    fn a_record_outside_the_project_is_not_read() {
        assert!(is_inside("decisions/0003-x.md"));
        assert!(["../x.md", "/etc/x.md", "a/../../x.md", "c:\\x.md", "https://x"].iter().all(|path| !is_inside(path)));
    }
}
