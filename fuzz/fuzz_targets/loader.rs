//! Any bytes as one more definition file of a sound project.
//!
//! From the repository's root, after `cargo install cargo-fuzz` (a stable toolchain needs `RUSTC_BOOTSTRAP=1`):
//!
//! ```text
//! mkdir -p fuzz/corpus/loader && cp tests/malformed/*.yaml tests/malformed/around/*.yaml fuzz/corpus/loader
//! RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none loader -- \
//!     -dict=fuzz/definition.dict -max_total_time=600 -rss_limit_mb=1024 -timeout=2
//! ```
#![no_main]

mod around;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| around::check(bytes));
