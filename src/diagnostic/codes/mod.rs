//! The codes of all diagnostics, each explained by the markdown file of its name beside this one.
//!
//! Knows what a code means, not where or when it is reported.

use crate::diagnostic::near::near_names;
use std::fmt;

/// What a code stands for.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CodeEntry {
    /// The name shown in brackets, such as `duplicate-key`.
    pub id: &'static str,
    /// The whole explanation as markdown: a title, then the sections Why, Bad and Good.
    pub explanation: &'static str,
}

/// A registered code.
pub type Code = &'static CodeEntry;

impl CodeEntry {
    /// Returns the one-line title of the explanation.
    pub fn title(&self) -> &'static str {
        self.explanation.lines().next().and_then(|line| line.strip_prefix("# ")).unwrap_or(self.id)
    }

    /// Returns what goes wrong in reality, as plain text; the title where the explanation does not say it.
    pub fn why(&self) -> String {
        let lines = self.explanation.lines().skip_while(|line| *line != "## Why").skip(1);
        let why: Vec<&str> = lines.take_while(|line| !line.starts_with("## ")).map(str::trim).collect();
        let why = why.join(" ");
        if why.trim().is_empty() { self.title().to_owned() } else { why.trim().to_owned() }
    }
}

impl fmt::Display for CodeEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

macro_rules! codes {
    ($($name:ident => $id:literal,)*) => {
        $(
            #[doc = include_str!(concat!($id, ".md"))]
            pub static $name: Code = &CodeEntry { id: $id, explanation: include_str!(concat!($id, ".md")) };
        )*

        static ALL: &[&Code] = &[$(&$name),*];
    };
}

codes! {
    ALIAS_BOMB => "alias-bomb",
    AMBIGUOUS_SCALAR => "ambiguous-scalar",
    BROKEN_LOCK => "broken-lock",
    CASE_FAILS => "case-fails",
    DEPLOYED_DIFFERS => "deployed-differs",
    DEPLOYED_EDITED => "deployed-edited",
    DEPLOYED_EQUAL => "deployed-equal",
    DEPLOYED_EXPIRING => "deployed-expiring",
    DEPLOYED_MISSING => "deployed-missing",
    DEPLOYED_ORPHANED => "deployed-orphaned",
    DEPLOYED_STALE => "deployed-stale",
    DEPLOYED_UNPROVABLE => "deployed-unprovable",
    DEPLOYED_UNREADABLE => "deployed-unreadable",
    DEPLOYED_UNSTAMPED => "deployed-unstamped",
    DUPLICATE_KEY => "duplicate-key",
    DUPLICATE_NAME => "duplicate-name",
    ENGINES_DISAGREE => "engines-disagree",
    EXPRESSION_SYNTAX => "expression-syntax",
    FAN_OUT => "fan-out",
    FILE_TOO_LARGE => "file-too-large",
    INVALID_TABLE => "invalid-table",
    INVALID_VALUE => "invalid-value",
    MATURITY_ABSENT => "maturity-absent",
    MISSING_KEY => "missing-key",
    MISSING_POLICY_ABSENT => "missing-policy-absent",
    MULTIPLE_DOCUMENTS => "multiple-documents",
    MUTANT_SURVIVES => "mutant-survives",
    NESTED_TOO_DEEPLY => "nested-too-deeply",
    NO_RESOLUTION_RULE => "no-resolution-rule",
    NOT_ADDITIVE => "not-additive",
    NOT_UTF_8 => "not-utf-8",
    OUTSIDE_PROJECT => "outside-project",
    PERIOD_STRADDLES => "period-straddles",
    REFERENCE_CYCLE => "reference-cycle",
    SCALE_GAP => "scale-gap",
    SCORE_UNSOUND => "score-unsound",
    SOURCE_COLUMN_MISSING => "source-column-missing",
    SOURCE_KEY_REPEATED => "source-key-repeated",
    SOURCE_NULL_FOUND => "source-null-found",
    SOURCE_STALE => "source-stale",
    SOURCE_TABLE_MISSING => "source-table-missing",
    SOURCE_TYPE_DIFFERS => "source-type-differs",
    SOURCE_VALUE_OUT_OF_RANGE => "source-value-out-of-range",
    SOURCE_VALUE_UNLISTED => "source-value-unlisted",
    TYPE_MISMATCH => "type-mismatch",
    UNIT_MISMATCH => "unit-mismatch",
    UNKNOWN_COLUMN => "unknown-column",
    UNKNOWN_KEY => "unknown-key",
    UNKNOWN_KIND => "unknown-kind",
    UNKNOWN_REFERENCE => "unknown-reference",
    UNKNOWN_VALUE => "unknown-value",
    UNREADABLE_FILE => "unreadable-file",
    UNSUPPORTED_EXPRESSION => "unsupported-expression",
    UNSUPPORTED_YAML => "unsupported-yaml",
    UNUSED_POLICY => "unused-policy",
    WINDOW_REVERSED => "window-reversed",
    WRONG_TYPE => "wrong-type",
    YAML_SYNTAX => "yaml-syntax",
}

/// Iterates over all codes, sorted by id.
pub fn all() -> impl Iterator<Item = Code> {
    ALL.iter().map(|code| **code)
}

/// Returns the code called `id`.
pub fn find(id: &str) -> Option<Code> {
    all().find(|code| code.id == id)
}

/// Returns up to three codes whose ids resemble `id`, the closest first.
pub fn near(id: &str) -> Vec<Code> {
    near_names(id, all().map(|code| code.id)).into_iter().filter_map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn every_markdown_file_of_the_folder_is_registered() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/diagnostic/codes");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .expect("the folder is part of the sources")
            .filter_map(|entry| entry.expect("readable").file_name().to_str()?.strip_suffix(".md").map(str::to_owned))
            .collect();
        let registered: BTreeSet<String> = all().map(|code| code.id.to_owned()).collect();
        assert_eq!(files, registered);
    }

    #[test]
    fn every_explanation_has_a_title_and_shows_why_bad_and_good() {
        for code in all() {
            let headings: Vec<&str> = code.explanation.lines().filter(|line| line.starts_with('#')).collect();
            assert_eq!(headings.len(), 4, "{code}: {headings:?}");
            assert!(headings[0].starts_with("# ") && headings[0].len() > 10, "{code}");
            assert_eq!(headings[1..], ["## Why", "## Bad", "## Good"], "{code}");
        }
    }

    #[test]
    fn codes_are_listed_in_order() {
        let ids: Vec<&str> = all().map(|code| code.id).collect();
        assert!(ids.is_sorted(), "{ids:?}");
    }

    #[test]
    fn a_code_is_found_by_its_id_only() {
        assert_eq!(find("duplicate-key"), Some(DUPLICATE_KEY));
        assert_eq!(find("duplicate_key"), None);
        assert_eq!(DUPLICATE_KEY.title(), "A key is given twice in one mapping");
    }

    #[test]
    fn a_misspelt_id_leads_to_its_neighbour() {
        assert_eq!(near("duplicate-keys").first(), Some(&DUPLICATE_KEY));
        assert!(near("zzzzzz").is_empty());
    }
}
