//! Any text as what is deployed: a manifest of dbt where it begins with a brace, else a file with a stamp and a model of such a
//! manifest; judged without an engine.
#![no_main]

#[path = "base.rs"]
mod base;

use std::path::PathBuf;
use std::sync::LazyLock;

use etalon::catalog::Catalog;
use etalon::deploy::Deployment;
use etalon::deploy::committed::{self, Present};
use etalon::drift::{Approved, Bench, Deployed, Objects, of_files, of_manifest};
use etalon::lock::Lock;
use etalon::text::Texts;
use etalon::value::Instant;
use serde_json::json;

static PROJECT: LazyLock<(Catalog, Texts, Lock)> = LazyLock::new(|| {
    let loaded = etalon::load::load(&base::folder());
    let catalog = etalon::catalog::build(&loaded, &mut etalon::diagnostic::Diagnostics::new());
    (catalog, loaded.texts, Lock::beside(&base::folder()).expect("a lock").0)
});

fn found(text: &str, catalog: &Catalog) -> Vec<Deployed> {
    let objects = Objects::of(&catalog.registry.metric_names());
    if text.starts_with('{') {
        return of_manifest(text, |name| objects.has(name)).unwrap_or_default();
    }
    let file = Present { path: PathBuf::from("out/csat.sql"), below: "csat.sql".to_owned(), text: text.to_owned() };
    let now = Instant::parse("2026-06-01T00:00:00Z").expect("an instant");
    let files = [file];
    std::hint::black_box(committed::deviations(&files, &Deployment::default(), catalog, now));
    let model = json!({"resource_type": "model", "name": "csat", "raw_code": text, "relation_name": "db.s.csat"});
    let compiled = json!({"resource_type": "model", "name": "csat", "raw_code": text, "compiled_code": text});
    let manifest = json!({"nodes": {"model.a": model, "model.b": compiled}}).to_string();
    let models = of_manifest(&manifest, |name| objects.has(name)).expect("a manifest");
    let mut found = of_files(&files, |name| objects.has(name));
    found.extend(models);
    found
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (catalog, texts, lock) = &*PROJECT;
    let bench = Bench { approved: Approved { catalog, lock }, texts, tries: 0, engine: &|_| Ok(None) };
    for deployed in found(text, catalog) {
        let judged = bench.judge(deployed).expect("no server is asked");
        std::hint::black_box(judged.verdict.name());
    }
});
