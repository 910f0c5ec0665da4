//! Any two texts, with a null byte between them, as one definition before and after a change: both sides are compared, the change
//! is reviewed, and the review is written in every form.
#![no_main]

#[path = "base.rs"]
mod base;

use etalon::diagnostic::Severity;
use etalon::diff::Scope;
use etalon::report::diagnostic::Style;
use etalon::report::review::{self as forms, Page};
use etalon::review;
use etalon::sides::{Place, Side, Sides};
use etalon::value::Date;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let Some((old, new)) = text.split_once('\0') else { return };
    let mut texts = base::texts();
    let mut side = |label: &str, content: &str| {
        let (mut catalog, _, findings) = base::with(&mut texts, &format!("{label}/stranger.yaml"), content);
        catalog.root = Some(base::folder());
        let place = Place::Disk(base::folder());
        Side { label: label.to_owned(), catalog, findings, place, authors: Vec::new() }
    };
    let (old, new) = (side("a", old), side("b", new));
    // As the command does.
    if old.is_broken() {
        return;
    }
    let sides = Sides { old, new, texts, versions: None };
    let today = Date::parse("2026-06-01").expect("a day");
    let review = review::review(sides, &Scope::Every, (today, None)).expect("the lock can be read");
    let page = Page { review: &review, known: &[], revisions: &[], fail_on: Severity::Error };
    std::hint::black_box((forms::brief(&review), forms::human(page, Style::Plain), forms::json(page)));
    std::hint::black_box(forms::markdown(page));
});
