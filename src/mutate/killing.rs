//! The smallest case that kills a mutant: it holds for the original and fails for the mutant.

use super::Killing;
use crate::catalog::Catalog;
use crate::plan::Plan;
use crate::text::Texts;
use crate::witness::{self, Effort, Question, Search, Told, Witness, seeds};

/// A plan, and the catalog that it stands in.
pub(super) type Side<'a> = (&'a Catalog, &'a Plan);

/// Searches for tables on which the mutant with the change `what` and its original disagree.
pub(super) fn search(
    texts: &Texts,
    (mutant, original): (Side<'_>, Side<'_>),
    (reading, what): (&str, &str),
) -> Killing {
    let id = reading.split('.').next().unwrap_or(reading);
    // The cases themselves kill nothing, but what they hold is near to what does.
    let seeds = seeds(original.0, texts, id);
    match witness::search(mutant, original, &seeds, Effort::default()) {
        Search::Found(found) => match written(&found, (original.0, reading), what) {
            Some(text) => Killing::Case { text, sentence: found.sentence },
            None => Killing::Nothing(format!("the original has no answer where they differ: {}", found.sentence)),
        },
        Search::EqualUpTo { rows, asked } => {
            Killing::Nothing(format!("equal up to {rows} rows a table, over {asked} tables that were tried"))
        }
        Search::Same => Killing::Nothing("both have one meaning".to_owned()),
        Search::Unanswerable(reason) => Killing::Nothing(reason),
    }
}

/// Writes what was found as a case that expects the original's answer.
fn written(found: &Witness, of: (&Catalog, &str), what: &str) -> Option<String> {
    let shows = format!("A change of the clause is noticed: {what}.");
    let worked = format!("Found by mutation; before is with that change, now as defined. {}.", found.sentence);
    let told = Told { name: "kills_a_mutant", shows: &shows, worked: &worked };
    let question = Question { tables: found.tables.clone(), request: found.request.clone() };
    witness::case(&question, of, &told, found.new.as_ref().ok()?)
}
