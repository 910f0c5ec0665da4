//! Any text as a record of a decision.
#![no_main]

mod choice;

use etalon::decision;
use etalon::diagnostic::Diagnostics;
use etalon::text::Texts;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
    let record = decision::read("decisions/0001-x.md", text.to_owned(), &mut texts, &mut diagnostics);
    let found = diagnostics.into_sorted();
    assert!(record.is_some() || !found.is_empty(), "refused without a reason");
    choice::render(text.as_bytes(), &found, &texts);
});
