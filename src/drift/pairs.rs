//! The texts that are compared: of a template both for a first run and for a later one.
//!
//! Compares nothing but how a model is configured.

use std::collections::BTreeMap;

use super::deployed::{Deployed, Relations, Writing};
use super::template::{self, Rendered};

/// What our own template is called in messages.
const OURS: &str = "the approved model";

/// Two texts, the approved one first.
pub(super) type Pair = (String, String);

/// Returns the texts that are compared, approved and deployed.
///
/// # Errors
/// When a model is configured in another way, or is no template that can be read.
pub(super) fn pairs(deployed: &Deployed, expected: &str) -> Result<Vec<Pair>, String> {
    match &deployed.writing {
        Writing::Sql | Writing::Kept => Ok(vec![(expected.to_owned(), deployed.text.clone())]),
        Writing::Template => {
            let both = [false, true].map(|is_later| of_template(expected, (&deployed.place, &deployed.text), is_later));
            let pairs: Result<Vec<_>, String> = both.into_iter().collect();
            Ok(pairs?.into_iter().map(|(ours, theirs)| (whole(&ours), whole(&theirs))).collect())
        }
        Writing::Compiled(relations) => of_compiled(deployed, relations, expected),
    }
}

/// Renders both templates, and holds the settings of one against those of the other.
fn of_template(ours: &str, theirs: (&str, &str), is_later: bool) -> Result<(Rendered, Rendered), String> {
    let ours = template::rendered((OURS, ours), None, is_later)?;
    let theirs = template::rendered(theirs, None, is_later);
    let theirs = theirs.map_err(|error| format!("its template cannot be read: {error}"))?;
    match unlike(&ours.configured, &theirs.configured) {
        Some(name) => Err(format!("its setting `{name}` is another")),
        None => Ok((ours, theirs)),
    }
}

fn of_compiled(deployed: &Deployed, relations: &Relations, expected: &str) -> Result<Vec<Pair>, String> {
    // What runs before the query is not in its text.
    if let Some(raw) = &relations.raw {
        for is_later in [false, true] {
            let (ours, theirs) = of_template(expected, (&deployed.place, raw), is_later)?;
            if !ours.before.split_whitespace().eq(theirs.before.split_whitespace()) {
                return Err("what runs before its query is another".to_owned());
            }
        }
    }
    // Only a later run reads the model's own table.
    let is_later = !relations.own.is_empty() && deployed.text.contains(&relations.own);
    Ok(vec![(template::rendered((OURS, expected), Some(relations), is_later)?.query, deployed.text.clone())])
}

/// Returns the first setting that is not the same.
fn unlike<'a>(ours: &'a BTreeMap<String, String>, theirs: &'a BTreeMap<String, String>) -> Option<&'a String> {
    ours.keys().chain(theirs.keys()).find(|name| ours.get(*name) != theirs.get(*name))
}

/// Writes a model as one script.
fn whole(model: &Rendered) -> String {
    match model.before.as_str() {
        "" => model.query.clone(),
        before => format!("{before};\n{}", model.query),
    }
}
