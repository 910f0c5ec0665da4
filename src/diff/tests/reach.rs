use super::*;
use crate::diff::tests::{built, files, starter};
use crate::text::Texts;

#[test]
fn what_is_found_behind_a_source_or_a_standard_is_not_through_a_metric() {
    // The source lists a word that is the name of another source.
    let [metric, source, standard, project] = starter();
    let source = source.replace("chat", "visits");
    let visits = source.replace("source: contacts", "source: visits");
    let mut texts = Texts::new();
    let files = files(&mut texts, "", &[metric, source, visits, standard, project]);
    let catalog = built(files, &texts);
    let own = Object::metric("first_contact_resolution", "1.0.0");
    let found = Reach::over(&catalog).of(&own);
    let names: Vec<String> = found.keys().map(ToString::to_string).collect();
    assert_eq!(
        names,
        [
            "the project file",
            "source contacts",
            "source visits",
            "standard bot_contacts@1.0.0",
            "metric first_contact_resolution@1.0.0"
        ]
    );
    assert!(found.values().all(|reached| reached.via.is_none()));
}
