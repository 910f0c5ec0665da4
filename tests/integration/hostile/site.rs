//! A project with one text in every place that takes a free one.
//!
//! Knows no command.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::reports::copy;

const METRIC: &str = "metrics/first_contact_resolution/v1.yaml";

/// The texts that are replaced: file, text, what stands there instead (`TEXT` for the quoted text, `WORD` for the text between
/// the quotes of an expression).
const PLACES: [(&str, &str, &str); 14] = [
    (METRIC, "First-contact resolution", "TEXT"),
    (METRIC, "Share of contacts after which the same customer did not come back within 7 days.", "TEXT"),
    (METRIC, "Tells whether customers get an answer that holds. Not for ranking single agents.", "TEXT"),
    (METRIC, "A customer whose problem is not solved comes back within 7 days.", "TEXT"),
    (METRIC, "owner: support-analytics", "owner: TEXT"),
    (METRIC, "Without an identity a repeat contact cannot be seen.", "TEXT"),
    (METRIC, "customer_id is null", "\"customer_id is null or channel = 'WORD'\""),
    ("sources/contacts.yaml", "Customer contacts", "TEXT"),
    (
        "sources/contacts.yaml",
        "One row per contact of a customer with the support team, from the ticket system's export.",
        "TEXT",
    ),
    (
        "sources/contacts.yaml",
        "{type: text, values: [email, chat, phone], description: How contact was made.}",
        "{type: text, description: TEXT}",
    ),
    ("standards/bot_contacts.yaml", "Contacts answered by a bot", "TEXT"),
    ("standards/bot_contacts.yaml", "Contacts that no human answered are left out.", "TEXT"),
    ("standards/bot_contacts.yaml", "approved_by: metrics-council", "approved_by: TEXT"),
    ("etalon.yaml", "Support metrics", "TEXT"),
];

/// A project in a temporary folder.
pub(super) struct Site {
    folder: TempDir,
}

impl Site {
    /// Writes the starter's definitions with `text` in every place.
    pub(super) fn with(text: &str) -> Self {
        Self::with_all(&[text], 0)
    }

    /// Writes the starter's definitions with these texts in turn, from the one at `first` on.
    pub(super) fn with_all(texts: &[&str], first: usize) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/starter/definitions");
        let site = Self { folder };
        copy(&from, &site.definitions());
        for (place, (file, old, new)) in PLACES.iter().enumerate() {
            let quoted = serde_json::to_string(texts[(first + place) % texts.len()]).expect("a text");
            // Within double quotes of YAML; a quote of an expression is doubled.
            let inner = quoted[1..quoted.len() - 1].replace('\'', "''");
            let path = site.definitions().join(file);
            let before = std::fs::read_to_string(&path).expect(file);
            assert!(before.contains(old), "{file} says: {old}");
            let new = new.replace("TEXT", &quoted).replace("WORD", &inner);
            std::fs::write(&path, before.replacen(old, &new, 1)).expect("written");
        }
        site
    }

    /// The folder around the definitions.
    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of definitions.
    pub(super) fn definitions(&self) -> PathBuf {
        self.folder.path().join("definitions")
    }
}
