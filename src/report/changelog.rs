//! What became of a metric, version by version, for whoever reads the metric.
//!
//! Writes what the findings say, under the headings of a changelog; finds nothing itself.

use super::markup::{code, plain, prose};
use crate::review::Release;
use crate::rules::{Class, Finding};

/// The headings, each with the classes below it. What was a fault before and is none now is a repair.
const HEADINGS: [(&str, &[Class]); 4] = [
    ("Breaking", &[Class::Breaking]),
    ("Added", &[Class::Additive]),
    ("Changed", &[Class::Wording, Class::Governance]),
    ("Fixed", &[Class::Validity]),
];

/// Writes the changelog of a metric; the releases come in the order in which they are shown, the newest first.
pub fn changelog(metric: &str, title: &str, releases: &[Release]) -> String {
    let mut text = format!("# {}: {}\n", code(metric), plain(title));
    for release in releases {
        let date = release.date.map_or_else(|| "not released".to_owned(), |date| date.to_string());
        text.push_str(&format!("\n## {} ({date})\n", release.version));
        text.push_str(&match &release.findings {
            None => "\nThe first version.\n".to_owned(),
            Some(findings) => sections(findings),
        });
    }
    text
}

fn sections(findings: &[Finding]) -> String {
    let mut text = String::new();
    for (heading, classes) in HEADINGS {
        let mut lines: Vec<String> = Vec::new();
        for finding in findings.iter().filter(|finding| classes.contains(&finding.rule.class)) {
            let line = format!("- {}\n", prose(&capitalised(&finding.diagnostic.message)));
            // Several versions of a shared part may say the same.
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        if !lines.is_empty() {
            text.push_str(&format!("\n### {heading}\n\n{}", lines.concat()));
        }
    }
    if text.is_empty() { "\nNothing that a reader would notice.\n".to_owned() } else { text }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    first + characters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Diagnostic, Severity};
    use crate::resolve::Version;
    use crate::rules;
    use crate::text::{Span, Texts};
    use crate::value::Date;

    fn finding(rule: &str, message: &str) -> Finding {
        let rule = rules::find(rule).expect("a rule of the catalogue");
        let span = Span::new(Texts::new().add("a.yaml", "a: 1"), 0, 1);
        Finding {
            rule,
            metric: Some("csat".to_owned()),
            diagnostic: Diagnostic::new(Severity::Error, rule.code, span, message.to_owned()),
            edit: None,
            fingerprint: "26256b1b4166".to_owned(),
            accepted: None,
        }
    }

    fn version(text: &str) -> Version {
        Version::parse(text).expect("a version")
    }

    #[test]
    fn each_version_tells_what_breaks_before_what_is_added_and_what_only_reads_differently() {
        let findings = vec![
            finding("label-changed", "a title or name changes: `title` changed `A` -> `B|C`"),
            finding("dimension-added", "a dimension is added: `dimensions.channel` added `channel`"),
            finding("window-length-changed", "the length of a window changes: `7d` -> `14d`"),
            finding("window-length-changed", "the length of a window changes: `7d` -> `14d`"),
        ];
        let releases = [
            Release { version: version("2.1.0"), date: None, findings: Some(Vec::new()) },
            Release { version: version("2.0.0"), date: Date::parse("2026-06-01"), findings: Some(findings) },
            Release { version: version("1.0.0"), date: Date::parse("2026-01-01"), findings: None },
        ];
        let expected = "\
# `csat`: Satisfaction \\*all\\*

## 2.1.0 (not released)

Nothing that a reader would notice.

## 2.0.0 (2026-06-01)

### Breaking

- The length of a window changes: `7d` -&gt; `14d`

### Added

- A dimension is added: `dimensions.channel` added `channel`

### Changed

- A title or name changes: `title` changed `A` -&gt; `B|C`

## 1.0.0 (2026-01-01)

The first version.
";
        assert_eq!(changelog("csat", "Satisfaction *all*", &releases), expected);
    }
}
