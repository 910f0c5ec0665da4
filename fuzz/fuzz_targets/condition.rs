//! Any text as a condition on a row with a column of each type: what is understood has one canonical form, and what is not has
//! a place and a remedy.
//!
//! Reads no project, so that it is tried more than ten times as often as `expression`.
#![no_main]

mod choice;

use std::sync::{Arc, LazyLock};

use etalon::diagnostic::Diagnostics;
use etalon::expression::{self, Name, Scope};
use etalon::text::Texts;
use etalon::value::Type;
use etalon::yaml;

static SCOPE: LazyLock<Scope> = LazyLock::new(|| {
    let of = |ty, nullable| Name { nullable, ..Name::of(ty) };
    let channel = Name { values: Some(Arc::from(["chat".to_owned(), "phone".to_owned()])), ..of(Type::Text, true) };
    let names = [
        ("channel", channel),
        ("status", of(Type::Text, false)),
        ("is_test", of(Type::Boolean, true)),
        ("count", of(Type::Number(0), false)),
        ("cost", of(Type::Number(2), true)),
        ("wait", of(Type::Duration, true)),
        ("opened_at", of(Type::Instant, false)),
        ("closed_at", of(Type::Instant, true)),
        ("day", of(Type::Date, true)),
    ];
    let names = Arc::new(names.into_iter().map(|(name, of)| (name.to_owned(), of)).collect());
    Scope { owner: "source `contacts`".to_owned(), names, ..Scope::default() }
});

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
    // In double quotes YAML reads back exactly what JSON writes.
    let quoted: String = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect();
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\'));
    let id = texts.add("metric.yaml", format!("where: \"{}\"\n", if plain { text } else { &quoted }));
    let tree = yaml::parse(&texts, id, &mut diagnostics).expect("a mapping");
    let node = tree.get("where").expect("the condition");
    let condition = expression::compile_condition(node, &SCOPE, &texts, &mut diagnostics);
    let found = diagnostics.into_sorted();
    assert!(condition.is_some() || !found.is_empty(), "refused without a reason");
    choice::have_remedies(&found);
    if let Some(condition) = condition {
        let canonical = condition.canonical();
        assert_eq!(canonical.canonical(), canonical, "two canonical forms of {text}");
    }
    choice::render(text.as_bytes(), &found, &texts);
});
