//! A rule as a page: what it finds, why that matters, what mends it, and its examples.
//!
//! Writes markdown, in the sections that the explanations of diagnostics have.

use super::example::Edit;
use super::rule::Rule;

/// Widest line of prose.
const WIDTH: usize = 100;

/// Writes the explanation of a rule.
pub(super) fn explanation(rule: &Rule) -> String {
    let mut page = format!("# {}\n\n{}\n", rule.title, summary(rule));
    if let Some(successor) = &rule.replaced_by {
        page.push_str(&format!("\nThe rule `{successor}` has taken its place.\n"));
    }
    page.push_str(&format!("\n## Why\n\n{}", wrapped(&rule.why)));
    for (heading, edits) in [("Given", &rule.given), ("Bad", &rule.bad), ("Good", &rule.good)] {
        if !edits.is_empty() {
            page.push_str(&format!("\n## {heading}\n{}", shown(edits)));
        }
    }
    page.push_str(&format!("\n## Remedy\n\n{}", wrapped(&rule.remedy)));
    page
}

fn summary(rule: &Rule) -> String {
    format!(
        "Area: {}. Class: {}. Severity: {} for released metrics. Profile: {}. Since edition {}.",
        rule.area.name(),
        rule.class.name(),
        rule.severity.name(),
        rule.profile.name(),
        rule.since
    )
}

fn shown(edits: &[Edit]) -> String {
    edits.iter().map(|edit| format!("\n{}", shown_edit(edit))).collect()
}

fn shown_edit(edit: &Edit) -> String {
    match edit {
        Edit::Replace { file, old, new } => {
            format!("In `{file}`:\n\n```diff\n{}{}```\n", marked('-', old), marked('+', new))
        }
        Edit::Write { file, text } => format!("The file `{file}` says:\n\n```\n{}\n```\n", text.trim_end()),
        Edit::Remove { file } => format!("The file `{file}` is removed.\n"),
    }
}

fn marked(sign: char, text: &str) -> String {
    text.trim_end().lines().map(|line| format!("{sign} {line}\n")).collect()
}

/// Breaks each paragraph into lines that are not too wide.
fn wrapped(prose: &str) -> String {
    let mut text = String::new();
    for paragraph in prose.lines() {
        let mut width = 0;
        for word in paragraph.split(' ') {
            let length = word.chars().count();
            let fits = width + 1 + length <= WIDTH;
            text.push_str(match width {
                0 => "",
                _ if fits => " ",
                _ => "\n",
            });
            text.push_str(word);
            width = if width > 0 && fits { width + 1 + length } else { length };
        }
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_broken_before_the_word_that_would_be_too_wide() {
        let long = "a".repeat(60);
        assert_eq!(wrapped(&format!("{long} {long} b")), format!("{long}\n{long} b\n"));
        assert_eq!(wrapped("one\ntwo"), "one\ntwo\n");
    }

    #[test]
    fn an_edit_is_shown_as_the_lines_before_and_after() {
        let edit = Edit::Replace { file: "m.yaml".into(), old: "to: 7d".into(), new: "to: 14d\nfrom: 0s\n".into() };
        assert_eq!(shown_edit(&edit), "In `m.yaml`:\n\n```diff\n- to: 7d\n+ to: 14d\n+ from: 0s\n```\n");
    }
}
