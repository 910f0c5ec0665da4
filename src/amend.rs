//! Single keys of a definition file, changed where they stand: comments, order and everything else stay as they are.
//!
//! Knows mappings in block style and no meaning of keys.

use std::ops::Range;

use crate::diagnostic::Diagnostics;
use crate::text::Texts;
use crate::yaml::{self, Entry, Node, NodeKind};

/// The changes of one text.
#[derive(Debug)]
pub struct Amendment<'a> {
    text: &'a str,
    root: &'a Node,
    patches: Vec<(Range<usize>, String)>,
}

impl<'a> Amendment<'a> {
    /// Begins to change a text whose tree is `root`; `None` where the tree is no mapping of one key a line.
    pub fn new(text: &'a str, root: &'a Node) -> Option<Self> {
        let own_line = |entry: &Entry| {
            let start = entry.key.span.start as usize;
            text.get(line_start(text, start)..start).is_some_and(|before| before.trim().is_empty())
        };
        let is_block = !root.entries().is_empty() && root.entries().iter().all(own_line);
        is_block.then_some(Self { text, root, patches: Vec::new() })
    }

    /// Gives `key` the scalar `value`, as YAML writes it; a key that is not there is put behind `after`.
    pub fn set(&mut self, key: &str, value: &str, after: &str) {
        match self.root.get(key).filter(|node| is_short(node, self.text)) {
            Some(node) => self.patches.push((node.span.range(), value.to_owned())),
            None => {
                self.remove(key);
                self.insert(&format!("{key}: {value}"), after);
            }
        }
    }

    /// Puts lines in the place of `key`, or behind `after` where it is not there.
    pub fn set_lines(&mut self, key: &str, lines: &str, after: &str) {
        match self.entry(key).map(|entry| self.extent(entry)) {
            Some(extent) => self.patches.push((extent, self.with_line_ends(lines))),
            None => self.insert(lines, after),
        }
    }

    /// Takes `key` out with its lines.
    pub fn remove(&mut self, key: &str) {
        if let Some(extent) = self.entry(key).map(|entry| self.extent(entry)) {
            self.patches.push((extent, String::new()));
        }
    }

    /// Returns the changed text.
    pub fn finish(mut self) -> String {
        self.patches.sort_by_key(|(range, _)| (range.start, range.end));
        let (mut text, mut at) = (String::new(), 0);
        for (range, new) in &self.patches {
            // What was taken out already cannot be changed as well.
            if range.start < at {
                continue;
            }
            text.push_str(&self.text[at..range.start]);
            text.push_str(new);
            at = range.end;
        }
        text + &self.text[at..]
    }

    fn entry(&self, key: &str) -> Option<&'a Entry> {
        self.root.entries().iter().find(|entry| entry.key.value == key)
    }

    fn insert(&mut self, lines: &str, after: &str) {
        let entry = self.entry(after).or(self.root.entries().last());
        let Some(extent) = entry.map(|entry| self.extent(entry)) else { return };
        let is_open = !self.text[..extent.end].ends_with('\n');
        let lines = self.with_line_ends(lines);
        let lines = if is_open { format!("{}{lines}", self.line_end()) } else { lines };
        self.patches.push((extent.end..extent.end, lines));
    }

    /// Returns the lines of an entry, the last with its end.
    fn extent(&self, entry: &Entry) -> Range<usize> {
        let start = line_start(self.text, entry.key.span.start as usize);
        let end = last_byte(&entry.value).max(entry.key.span.end as usize).min(self.text.len());
        let is_whole = end > start && self.text[..end].ends_with('\n');
        let rest = if is_whole { 0 } else { self.text[end..].find('\n').map_or(self.text.len() - end, |at| at + 1) };
        start..end + rest
    }

    fn line_end(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    fn with_line_ends(&self, lines: &str) -> String {
        lines.lines().map(|line| format!("{line}{}", self.line_end())).collect()
    }
}

fn line_start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |newline| newline + 1)
}

/// Returns where a node ends, with everything in it.
fn last_byte(node: &Node) -> usize {
    let inner = node.items().iter().chain(node.entries().iter().map(|entry| &entry.value)).map(last_byte).max();
    (node.span.end as usize).max(inner.unwrap_or(0))
}

/// Tells whether a node is a scalar within one line, which can be exchanged for another.
fn is_short(node: &Node, text: &str) -> bool {
    let is_scalar = !matches!(node.kind, NodeKind::Sequence(_) | NodeKind::Mapping(_) | NodeKind::Null);
    is_scalar && text.get(node.span.range()).is_some_and(|written| !written.contains('\n'))
}

/// Writes a text as a YAML scalar that every reader takes as this text, also within brackets.
pub fn scalar(text: &str) -> String {
    let is_word = !text.is_empty() && text.bytes().all(|c| c.is_ascii_alphanumeric() || b"_-./@".contains(&c));
    if is_word && reads_as(text, text) {
        return text.to_owned();
    }
    serde_json::to_string(text).expect("text is JSON")
}

/// Tells whether YAML reads `written` as the text `meant`, without a doubt.
fn reads_as(written: &str, meant: &str) -> bool {
    let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
    let id = texts.add("", format!("[{written}]"));
    let read = yaml::parse(&texts, id, &mut diagnostics);
    diagnostics.is_empty() && read.is_some_and(|root| matches!(root.items(), [only] if only.as_text() == Some(meant)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Head.\nmetric: csat   # its name\nversion: '1.0.0'\nstatus: candidate # soon\n\n# Why.\n\
                        notes: >\n  Two\n  lines.\nlist:\n  - a\n  - b  # last\n\n# End.\nend: 1";

    fn amended(text: &str, change: impl Fn(&mut Amendment<'_>)) -> String {
        let (mut texts, mut diagnostics) = (Texts::new(), Diagnostics::new());
        let id = texts.add("a.yaml", text);
        let root = yaml::parse(&texts, id, &mut diagnostics).expect("YAML");
        let mut amendment = Amendment::new(text, &root).expect("a block mapping");
        change(&mut amendment);
        amendment.finish()
    }

    #[test]
    fn a_scalar_is_exchanged_and_nothing_else() {
        let text = amended(TEXT, |amendment| {
            amendment.set("status", "released", "version");
            amendment.set("version", "1.1.0", "metric");
        });
        assert_eq!(text, TEXT.replace("candidate", "released").replace("'1.0.0'", "1.1.0"));
    }

    #[test]
    fn a_key_that_is_not_there_gets_a_line_behind_its_neighbour() {
        let text = amended(TEXT, |amendment| {
            amendment.set("sunset", "2026-07-01", "status");
            amendment.set("last", "2", "end");
        });
        assert_eq!(text, TEXT.replace("# soon\n", "# soon\nsunset: 2026-07-01\n") + "\nlast: 2\n");
    }

    #[test]
    fn a_key_goes_with_all_its_lines_and_without_its_neighbours() {
        assert_eq!(
            amended(TEXT, |amendment| amendment.remove("list")),
            TEXT.replace("list:\n  - a\n  - b  # last\n", "")
        );
        assert_eq!(
            amended(TEXT, |amendment| amendment.remove("notes")),
            TEXT.replace("notes: >\n  Two\n  lines.\n", "")
        );
        assert_eq!(amended(TEXT, |amendment| amendment.remove("absent")), TEXT);
    }

    #[test]
    fn lines_take_the_place_of_a_key_whatever_stood_there() {
        let block = "change:\n  from: 1.0.0\n";
        let text = amended(TEXT, |amendment| amendment.set_lines("list", block, "end"));
        assert_eq!(text, TEXT.replace("list:\n  - a\n  - b  # last\n", block));
        let text = amended(TEXT, |amendment| amendment.set_lines("change", block, "status"));
        assert_eq!(text, TEXT.replace("# soon\n", "# soon\nchange:\n  from: 1.0.0\n"));
    }

    #[test]
    fn a_block_that_becomes_a_scalar_stands_on_one_line() {
        let text = amended(TEXT, |amendment| amendment.set("notes", "short", "status"));
        assert_eq!(text, TEXT.replace("notes: >\n  Two\n  lines.\n", "").replace("# soon\n", "# soon\nnotes: short\n"));
    }

    #[test]
    fn line_ends_stay_what_they_are() {
        let text = TEXT.replace('\n', "\r\n");
        let amended = amended(&text, |amendment| amendment.set("sunset", "2026-07-01", "status"));
        assert_eq!(amended, text.replace("# soon\r\n", "# soon\r\nsunset: 2026-07-01\r\n"));
    }

    #[test]
    fn a_mapping_in_braces_is_left_alone() {
        let (mut texts, text) = (Texts::new(), "{metric: csat, version: 1.0.0}\n");
        let id = texts.add("a.yaml", text);
        let root = yaml::parse(&texts, id, &mut Diagnostics::new()).expect("YAML");
        assert!(Amendment::new(text, &root).is_none());
    }

    #[test]
    fn a_scalar_is_quoted_where_a_reader_could_take_it_for_something_else() {
        for plain in ["ada", "metrics-council", "csat_share@1.0.0", "decisions/0003-x.md"] {
            assert_eq!(scalar(plain), plain);
        }
        for (text, written) in
            [("no", "\"no\""), ("7e2", "\"7e2\""), ("a: b", "\"a: b\""), ("a, b", "\"a, b\""), ("", "\"\"")]
        {
            assert_eq!(scalar(text), written);
        }
        assert_eq!(scalar("says \"so\"\nand more"), r#""says \"so\"\nand more""#);
    }
}
