//! Any bytes as a lock: what is read of it is written again with the same meaning, and what cannot be read has its line.
#![no_main]

#[path = "base.rs"]
mod base;
mod choice;

use std::sync::LazyLock;

use etalon::catalog::Catalog;
use etalon::lock::{self, Lock, Refusal};
use etalon::text::Texts;

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
    let loaded = etalon::load::load(&base::folder());
    etalon::catalog::build(&loaded, &mut etalon::diagnostic::Diagnostics::new())
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    match Lock::from_bytes(bytes) {
        Ok(found) => {
            let written = found.write();
            let again = Lock::parse(&written).expect("what is written is read again");
            assert_eq!(again.write(), written);
            // To compare costs many times what reading does.
            if choice::choice(bytes).is_multiple_of(128) {
                for deviation in lock::compare(&found, &CATALOG) {
                    std::hint::black_box(deviation.to_string());
                }
            }
        }
        Err(Refusal::Broken(problems)) => {
            let mut texts = Texts::new();
            let id = texts.add(lock::FILE, String::from_utf8_lossy(bytes));
            let found: Vec<_> = problems.iter().map(|problem| problem.diagnostic(&texts, id)).collect();
            assert!(!found.is_empty(), "refused without a reason");
            choice::have_remedies(&found);
            choice::render(bytes, &found, &texts);
        }
        Err(Refusal::Unreadable(reason)) => assert!(!reason.is_empty()),
    }
});
