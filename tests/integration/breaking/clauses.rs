//! Every clause of every metric, standard and derived column: mutated, it is refused or fails a case that rests on it.

use std::path::Path;

use etalon::mutate::{How, run};
use etalon::report::diagnostic::Style;
use etalon::report::mutate::{Part, human};

use super::{SHIPPED, checked};

#[test]
fn every_mutant_of_what_ships_is_refused_or_fails_a_case_or_is_explained_beside_its_clause() {
    let mut counted = 0;
    for project in SHIPPED {
        let (catalog, texts) = checked(&Path::new(env!("CARGO_MANIFEST_DIR")).join(project));
        let outcome = run(&catalog, &texts, &How { metrics: &[], step: &|_| () });
        let (killed, of) = outcome.total();
        let part = Part { place: project, texts: &texts, outcome: &outcome };
        assert!(killed == of && !outcome.is_unsound(), "{}", human(&[part], Style::Plain));
        counted += of;
    }
    assert!(counted > 1_000, "{counted}");
}
