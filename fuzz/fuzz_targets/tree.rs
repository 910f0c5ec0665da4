//! Any text as YAML: each node has its place in the text, and a text without a tree has a finding.
#![no_main]

mod choice;

use etalon::diagnostic::Diagnostics;
use etalon::text::Texts;
use etalon::yaml::{self, Node};

/// Fails where a node lies outside of the text or in the middle of a character.
fn is_placed(node: &Node, content: &str) {
    assert!(content.get(node.span.range()).is_some(), "{:?}", node.span);
    node.items().iter().for_each(|item| is_placed(item, content));
    for entry in node.entries() {
        assert!(content.get(entry.key.span.range()).is_some(), "{:?}", entry.key);
        is_placed(&entry.value, content);
    }
}

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
    let id = texts.add("stranger.yaml", text);
    let tree = yaml::parse(&texts, id, &mut diagnostics);
    let found = diagnostics.into_sorted();
    assert!(tree.is_some() || !found.is_empty(), "refused without a reason");
    choice::have_remedies(&found);
    if let Some(tree) = tree {
        is_placed(&tree, text);
    }
    choice::render(text.as_bytes(), &found, &texts);
});
