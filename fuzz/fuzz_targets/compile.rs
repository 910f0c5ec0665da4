//! Any text as a definition of a sound project: what it means is written in each dialect, and read by a parser of the dialect.
//!
//! One dialect an execution, which the text determines.
#![no_main]

#[path = "base.rs"]
mod base;
mod choice;
#[path = "../../tests/integration/dialects/grammar.rs"]
mod grammar;

use etalon::compute;
use etalon::deploy;
use etalon::deploy::settings::{Form, Moment, Settings};
use etalon::plan::{Plan, Request};
use etalon::sql::{DIALECTS, Dialect, Output, render};
use etalon::value::{Grain, Instant};
use sqlparser::tokenizer::Tokenizer;

fn instant(text: &str) -> Instant {
    Instant::parse(text).expect("an instant")
}

fn request(plan: &Plan, choice: usize) -> Request {
    let (from, to) = (instant("2026-03-01T00:00:00Z"), instant("2026-04-01T00:00:00Z"));
    let grain = plan.grains.get(choice % plan.grains.len().max(1)).copied().unwrap_or(Grain::All);
    let by = plan.dimensions.iter().take(choice % 3).map(|dimension| dimension.name.clone()).collect();
    Request { grain, by, from: Some(from), to: Some(to), as_of: to, span: (from, to) }
}

/// Fails where a query has no tokens: a text has got out of its quotes.
fn tokenises(sql: &str, dialect: &Dialect) {
    if let Err(error) = Tokenizer::new(grammar::grammar(dialect.name).as_ref(), sql).tokenize() {
        panic!("{}: {error}\n{sql}", dialect.name);
    }
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let choice = choice::choice(text.as_bytes());
    let dialect = &DIALECTS[choice % DIALECTS.len()];
    let (catalog, _, _) = base::with(&mut base::texts(), "stranger.yaml", text);
    for (name, plan) in &catalog.plans {
        let Some((_, reading)) = catalog.reading(name) else { continue };
        let output = if choice.is_multiple_of(4) { Output::Ledger } else { Output::Cells };
        // What a dialect cannot write is refused.
        if let Ok(sql) = render(plan, &compute::header(reading, plan), &request(plan, choice / 16), dialect, output) {
            tokenises(&sql, dialect);
        }
    }
    let names: Vec<String> = catalog.plans.keys().take(1).cloned().collect();
    let settings = Settings {
        form: Form::EVERY[choice / 64 % Form::EVERY.len()],
        kept: None,
        dialect: *dialect,
        grain: Grain::All,
        by: Vec::new(),
        from: None,
        since: instant("2020-01-01T00:00:00Z"),
        until: instant("2030-01-01T00:00:00Z"),
        as_of: Moment::Data,
        settles: None,
        schema: None,
    };
    for file in deploy::deployment(&catalog, &names, &settings).files {
        if file.path.ends_with(".sql") && !matches!(settings.form, Form::DbtModel) {
            tokenises(&file.text, dialect);
        }
    }
});
