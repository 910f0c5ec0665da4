//! Files of YAML with a stamp at their head.

use serde_json::Value as Json;

use super::super::stamp::{Stamp, sealed};

/// Writes a document under a stamp.
pub(super) fn file(stamp: &Stamp, document: &Json) -> String {
    let text = serde_yaml::to_string(document).unwrap_or_default();
    sealed(&format!(
        "# Written by `etalon compile`: change the definition, not this file.\n# {}\n{text}",
        stamp.write()
    ))
}

/// Returns a text as one paragraph.
pub(super) fn paragraph(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
