//! What stood in a file and what stands there now: on one line where both are short, else the lines that differ.

use similar::{ChangeTag, TextDiff};

use crate::diff::{Edit, Kind};
use crate::text::{Span, Texts};
use crate::yaml::Node;

/// Longest value that is shown on one line, in characters.
const SHORT: usize = 60;
/// Most lines of a value that people are shown.
pub(super) const MOST: usize = 12;

/// An edit as a reader sees it.
pub(super) enum Changed {
    /// Both values fit on a line; one that is not there is `None`.
    Values(Option<String>, Option<String>),
    /// The lines that are gone (`-`), have come (`+`) or stand between them (` `), and how many more there are.
    Lines(Vec<(char, String)>, usize),
}

impl Changed {
    /// Returns what an edit changes, in at most `most` lines.
    pub(super) fn of(edit: &Edit, texts: &Texts, most: usize) -> Self {
        let (old, new) = (edit.old.as_ref(), edit.new.as_ref());
        let short = |node: Option<&Node>| match node {
            None => Some(None),
            Some(node) => value(node, texts).map(Some),
        };
        match (edit.kind, short(old), short(new)) {
            (Kind::Moved, ..) | (_, None, _) | (_, _, None) => {
                lines(&block(old, edit.old_key, texts), &block(new, edit.new_key, texts), most)
            }
            (_, Some(old), Some(new)) => Changed::Values(old, new),
        }
    }
}

/// Returns a value as it is written; `None` where it does not fit on a line.
fn value(node: &Node, texts: &Texts) -> Option<String> {
    let text = texts.slice(node.span).trim();
    let is_short = !text.contains('\n') && text.chars().count() <= SHORT;
    is_short.then(|| text.to_owned())
}

/// Returns the lines of a value with its key, without what all of them are indented by.
fn block(node: Option<&Node>, key: Option<Span>, texts: &Texts) -> String {
    let Some(node) = node else { return String::new() };
    let content = &texts.get(node.span.text).content;
    let first = key.filter(|key| key.text == node.span.text).map_or(node.span, |key| key).range().start;
    let first = first.min(node.span.range().start).min(content.len());
    let end = node.span.range().end.clamp(first, content.len());
    let start = content[..first].rfind('\n').map_or(0, |newline| newline + 1);
    let end = start + content[start..end].trim_end().len();
    let end = content[end..].find('\n').map_or(content.len(), |newline| end + newline);
    dedented(content[start..end].trim_end())
}

fn dedented(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    let least = text.lines().filter(|line| !line.trim().is_empty()).map(indent).min().unwrap_or_default();
    text.lines().map(|line| format!("{}\n", line.get(least..).unwrap_or_default().trim_end())).collect()
}

/// Returns the lines that differ, at most `most` of them.
pub(super) fn lines(old: &str, new: &str, most: usize) -> Changed {
    let diff = TextDiff::from_lines(old, new);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(1) {
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign = match change.tag() {
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
                ChangeTag::Equal => ' ',
            };
            lines.push((sign, change.value().trim_end().to_owned()));
        }
    }
    let hidden = lines.len().saturating_sub(most);
    // One more line takes no more room than saying that there is one.
    if hidden <= 1 {
        return Changed::Lines(lines, 0);
    }
    lines.truncate(most);
    Changed::Lines(lines, hidden)
}
