//! What targets hold findings to, and what is done to few of the inputs, which their bytes choose, since it costs many times what
//! is tried on all.
#![allow(dead_code, reason = "a target uses a part of it")]

use etalon::diagnostic::Diagnostic;
use etalon::report::diagnostic::{self, Style};
use etalon::text::Texts;

/// Returns a number that the bytes determine, to choose one of many ways without costing what all would.
pub fn choice(bytes: &[u8]) -> usize {
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    (hash >> 16) as usize
}

/// Fails where a finding does not say what to do about it.
pub fn have_remedies(found: &[Diagnostic]) {
    assert!(found.iter().all(|found| found.help.as_ref().is_some_and(|help| !help.is_empty())), "no remedy: {found:?}");
}

/// Writes the findings of one input in sixteen as a person reads them.
pub fn render(bytes: &[u8], found: &[Diagnostic], texts: &Texts) {
    if choice(bytes).is_multiple_of(16) {
        std::hint::black_box(diagnostic::render(found, texts, Style::Plain));
    }
}
