//! The sound project of `tests/malformed`, with one more file in it.
//!
//! Runs what `etalon check` runs, without the file system; judges nothing.

#[path = "choice.rs"]
mod choice;

use etalon::diagnostic::Diagnostics;
use etalon::load::{self, Loaded, LoadedFile};
use etalon::report::diagnostic::{self, Style};
use etalon::{catalog, verify};

const AROUND: [(&str, &str); 8] = [
    ("around/bot_contacts.yaml", include_str!("../../tests/malformed/around/bot_contacts.yaml")),
    ("around/contacts.yaml", include_str!("../../tests/malformed/around/contacts.yaml")),
    ("around/contacts_opened.yaml", include_str!("../../tests/malformed/around/contacts_opened.yaml")),
    ("around/etalon.yaml", include_str!("../../tests/malformed/around/etalon.yaml")),
    ("around/prompt_answer.yaml", include_str!("../../tests/malformed/around/prompt_answer.yaml")),
    ("around/prompt_share.yaml", include_str!("../../tests/malformed/around/prompt_share.yaml")),
    ("around/survey_spam.yaml", include_str!("../../tests/malformed/around/survey_spam.yaml")),
    ("around/surveys.yaml", include_str!("../../tests/malformed/around/surveys.yaml")),
];

/// Checks the project with the file that `bytes` are, and renders what is found: it must neither panic nor linger.
pub fn check(bytes: &[u8]) {
    let mut loaded: Loaded = load::load_standard_input(bytes);
    for (name, content) in AROUND {
        let id = loaded.texts.add(name, content);
        loaded.files.push(LoadedFile { id, path: None, project: None });
    }
    let mut diagnostics: Diagnostics = std::mem::take(&mut loaded.diagnostics);
    let catalog = catalog::build(&loaded, &mut diagnostics);
    verify::check(&catalog, &loaded.texts, &mut diagnostics);
    let found = diagnostics.into_sorted();
    choice::have_remedies(&found);
    for finding in &found {
        assert!(
            finding.labels.iter().all(|label| loaded
                .texts
                .get(label.span.text)
                .content
                .get(label.span.range())
                .is_some())
        );
    }
    std::hint::black_box(diagnostic::render(&found, &loaded.texts, Style::Plain));
}
