//! Any text as the measured condition of a metric, and as its population's.
//!
//! Runs as `loader` does, with `expression` in its place.
#![no_main]

mod around;

libfuzzer_sys::fuzz_target!(|text: &str| {
    // In double quotes YAML reads back exactly what JSON writes.
    let quoted = text.chars().map(|c| format!("\\U{:08x}", u32::from(c))).collect::<String>();
    let sound = include_str!("../../tests/malformed/around/contacts_opened.yaml");
    let (head, _) = sound.split_once("population:").expect("the metric has a population");
    let file = format!(
        "{}population: {{source: contacts, one_row_per: contact_id, anchor: opened_at, where: \"{quoted}\"}}\n\
         measure: {{share: \"{quoted}\"}}\nperiod: {{grains: [day]}}\n",
        head.replace("contacts_opened", "measured"),
    );
    around::check(file.as_bytes());
});
