//! Any bytes as the data file of a source: the first byte chooses the source, the second its layout.
#![no_main]

#[path = "base.rs"]
mod base;

use std::sync::LazyLock;

use etalon::catalog::Catalog;
use etalon::read;
use etalon::source::FileLayout;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| base::with(&mut base::texts(), "none.yaml", "").0);

const LAYOUTS: [FileLayout; 5] = [
    FileLayout::Csv { delimiter: b',' },
    FileLayout::Csv { delimiter: b'\t' },
    FileLayout::Csv { delimiter: b';' },
    FileLayout::Whitespace,
    FileLayout::JsonLines,
];

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [source, layout, rest @ ..] = bytes else { return };
    let sources = &CATALOG.registry.sources;
    let source = &sources.values().nth(usize::from(*source) % sources.len()).expect("a source").source;
    match read::input(source, "rows", rest, LAYOUTS[usize::from(*layout) % LAYOUTS.len()]) {
        Ok(reading) => {
            let width = reading.table.fields.len();
            assert!(reading.table.rows.iter().all(|row| row.len() == width), "a row of another width");
        }
        Err(error) => {
            assert!(!error.problems.is_empty(), "refused without a reason");
            std::hint::black_box(error.to_string());
        }
    }
});
