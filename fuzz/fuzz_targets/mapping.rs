//! Any text as a mapping, and after a null byte as the export of its system: every source of the mapping is read from it.
#![no_main]

#[path = "base.rs"]
mod base;

use etalon::diagnostic::Severity;
use etalon::source::FileLayout;
use etalon::{mapping, read};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (definition, rows) = text.split_once('\0').unwrap_or((text, ""));
    let (catalog, named, found) = base::with(&mut base::texts(), "stranger.yaml", definition);
    let Some((_, own)) = named.and_then(|name| catalog.registry.mappings.get(&name)) else { return };
    if found.iter().any(|found| found.severity == Severity::Error) {
        return;
    }
    let registry = mapping::apply(&catalog.registry, own);
    for (name, _) in &own.sources {
        let Some(file) = registry.sources.get(&name.value) else { continue };
        let source = &file.source;
        let layout = FileLayout::Csv { delimiter: b',' };
        let _ = std::hint::black_box(read::input(source, "export", rows.as_bytes(), layout));
        let lines: Vec<Vec<Option<String>>> =
            rows.lines().map(|line| line.split(',').map(|cell| Some(cell.to_owned())).collect()).collect();
        let Some((header, body)) = lines.split_first() else { continue };
        let names: Vec<String> = header.iter().flatten().cloned().collect();
        for look_up in &source.raw.look_ups {
            let _ = std::hint::black_box(read::look_up_rows(look_up, names.clone(), body.iter().cloned()));
        }
    }
});
