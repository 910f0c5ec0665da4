//! The tree of a YAML text: every node with its place.
//!
//! Knows the shapes of YAML, not what a definition expects of them.

use smol_str::SmolStr;

use crate::text::{Span, Spanned};

/// A value of a YAML text.
///
/// Nodes that an alias repeats keep the place of their original.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where it is written. A scalar's span covers its quotes; that of a block scalar its lines without the header; that
    /// of an omitted value is empty.
    pub span: Span,
    /// What it is.
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// An omitted value, `null` or `~`.
    Null,
    /// `true` or `false`.
    Boolean(bool),
    /// A plain whole number within 64 bits.
    Integer(i64),
    /// Any other plain number, exactly as written: `1.10`.
    Number(SmolStr),
    /// Any other scalar.
    Text {
        /// Its value, after quotes, escapes and folding.
        value: SmolStr,
        /// How it is written.
        style: Style,
    },
    /// A list.
    Sequence(Vec<Node>),
    /// A mapping; keys are unique and in the order of the file.
    Mapping(Vec<Entry>),
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// In single quotes.
    SingleQuoted,
    /// In double quotes.
    DoubleQuoted,
    /// As a block after `|`.
    Literal,
    /// As a block after `>`.
    Folded,
}

/// One key of a mapping with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key; always text, whatever it looks like.
    pub key: Spanned<SmolStr>,
    /// The value.
    pub value: Node,
}

impl Entry {
    /// Returns the key as a text that outlives the tree.
    pub fn name(&self) -> String {
        self.key.value.to_string()
    }

    /// Returns the key, as a text that outlives the tree, and its place.
    pub fn named(&self) -> Spanned<String> {
        Spanned::new(self.name(), self.key.span)
    }
}

impl Node {
    /// Returns the value of `key`; `None` where the node is no mapping or lacks the key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|entry| entry.key.value == key).map(|entry| &entry.value)
    }

    /// Returns the entries of a mapping, in the order of the file; none for any other node.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            NodeKind::Mapping(entries) => entries,
            _ => &[],
        }
    }

    /// Returns the items of a list; none for any other node.
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            NodeKind::Sequence(items) => items,
            _ => &[],
        }
    }

    /// Returns the value of a text; `None` for any other node, numbers included.
    pub fn as_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Returns a number as it is written; `None` for any other node.
    pub fn number_text(&self) -> Option<String> {
        match &self.kind {
            NodeKind::Integer(integer) => Some(integer.to_string()),
            NodeKind::Number(raw) => Some(raw.to_string()),
            _ => None,
        }
    }

    /// Returns what a scalar says, whatever its type; empty for lists, mappings and nothing.
    pub fn scalar_text(&self) -> String {
        match &self.kind {
            NodeKind::Boolean(boolean) => boolean.to_string(),
            NodeKind::Text { value, .. } => value.to_string(),
            _ => self.number_text().unwrap_or_default(),
        }
    }

    /// Returns whether a list or mapping has nothing in it; true for what is neither.
    pub fn is_empty(&self) -> bool {
        self.items().is_empty() && self.entries().is_empty()
    }

    /// Returns whether the value is omitted, `null` or `~`.
    pub fn is_null(&self) -> bool {
        self.kind == NodeKind::Null
    }

    /// Returns what the node is, with its article, as messages name it: `a mapping`, `text`.
    pub fn kind_name(&self) -> &'static str {
        match &self.kind {
            NodeKind::Null => "nothing",
            NodeKind::Boolean(_) => "true or false",
            NodeKind::Integer(_) => "a whole number",
            NodeKind::Number(_) => "a number",
            NodeKind::Text { .. } => "text",
            NodeKind::Sequence(_) => "a list",
            NodeKind::Mapping(_) => "a mapping",
        }
    }
}
