//! Files of YAML with a stamp at their head.

use serde_json::Value as Json;

use super::super::stamp::{Stamp, sealed};
use super::jinja;

/// Writes a document under a stamp.
pub(super) fn file(stamp: &Stamp, document: &Json) -> String {
    let text = serde_yaml::to_string(document).unwrap_or_default();
    sealed(&format!(
        "# Written by `etalon compile`: change the definition, not this file.\n# {}\n{text}",
        stamp.write()
    ))
}

/// Returns a text as one paragraph, which dbt's templates leave as it is: it reads descriptions as templates, too.
pub(super) fn paragraph(text: &str) -> String {
    jinja::literal(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
