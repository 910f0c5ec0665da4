//! Definitions of strangers: whatever their texts hold, queries, reports and the terminal take it for text.
//!
//! Each text of `tests/hostile/texts.yaml` stands in every text of a project: titles, statements, descriptions, owners,
//! reasons, listed values and what they are compared with. What is written about that project has the structure that
//! it has with a plain word in the same places.

mod outputs;
#[cfg(unix)]
mod paths;
mod queries;
mod site;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use outputs::{COMMANDS, Told};
use site::Site;

/// What stands in the places of hostile texts, where they are compared with a project without any.
const PLAIN: &str = "plain";

/// Returns the texts of strangers by what they aim at.
fn texts() -> BTreeMap<String, Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hostile/texts.yaml");
    serde_yaml::from_str(&std::fs::read_to_string(path).expect("the texts")).expect("lists by aim")
}

/// Returns them all.
fn all() -> Vec<String> {
    let texts: Vec<String> = texts().into_values().flatten().collect();
    assert!(texts.len() >= 60, "{} texts", texts.len());
    texts
}

/// Judges every item, two at a time, and fails with everything that is said of any.
fn each<T: Sync>(items: &[T], judge: impl Fn(&T) -> Vec<String> + Sync) {
    let next = AtomicUsize::new(0);
    let some = || {
        let mut flaws = Vec::new();
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            flaws.extend(judge(item));
        }
        flaws
    };
    let flaws: Vec<String> = std::thread::scope(|scope| {
        let threads = [scope.spawn(some), scope.spawn(some)];
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect()
    });
    assert!(flaws.is_empty(), "{} flaws:\n{}", flaws.len(), flaws.join("\n"));
}

#[test]
fn no_text_of_a_definition_changes_the_structure_of_a_query_in_any_dialect() {
    let plain = queries::skeletons(&Site::with(PLAIN)).expect("a sound project");
    assert_eq!(plain.len(), etalon::sql::DIALECTS.len());
    each(&all(), |text| match queries::skeletons(&Site::with(text)) {
        // A project that is refused gives no query.
        None => Vec::new(),
        Some(skeletons) => {
            let flaws = queries::differences(&plain, &skeletons).into_iter();
            flaws.map(|flaw| format!("{text:?}: {flaw}")).collect()
        }
    });
}

/// A text that makes a project unsound is judged by what is said about it; the others stand together, each in several places.
#[test]
fn no_text_of_a_definition_reaches_a_report_as_anything_but_text() {
    let plain = Site::with(PLAIN);
    let expected: Vec<Told> =
        COMMANDS.iter().map(|command| outputs::told(&plain, &Site::with("other"), command)).collect();
    let texts = all();
    let (sound, unsound): (Vec<&str>, Vec<&str>) =
        texts.iter().map(String::as_str).partition(|text| queries::is_sound(&Site::with(text)));
    // So that a project that is refused outright does not pass for a harmless one.
    assert!(sound.len() >= 50, "refused: {unsound:?}");
    let together =
        [0, 5, 10].into_iter().flat_map(|first| sound.chunks(14).map(move |texts| (texts, first, COMMANDS.len())));
    let alone = unsound.chunks(1).map(|text| (text, 0, outputs::CHECKS));
    each(&together.chain(alone).collect::<Vec<_>>(), |(texts, first, count)| {
        let site = Site::with_all(texts, *first);
        let told = COMMANDS.iter().zip(&expected).take(*count);
        told.flat_map(|(command, expected)| outputs::flaws(command, expected, &outputs::told(&site, &plain, command)))
            .map(|flaw| format!("{texts:?}: {flaw}"))
            .collect()
    });
}
