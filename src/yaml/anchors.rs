//! Anchored nodes, and how many copies of them a text may ask for.
//!
//! Counts and copies; knows no places and reports nothing.

use crate::yaml::{MAX_COPIED_NODES, Node};
use std::collections::BTreeMap;

/// Most nodes that are kept because an anchor names them. Anchors inside anchors keep their nodes once each.
const MAX_KEPT_NODES: usize = 10 * MAX_COPIED_NODES;

/// The size of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// Number of nodes, the root included.
    pub nodes: usize,
    /// Number of nested collections: 0 for a scalar.
    pub depth: usize,
}

/// Why an anchor or an alias cannot be honoured.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The alias stands inside the node that it names.
    InsideItself,
    /// Too many nodes would be kept or copied.
    TooMany,
}

/// The anchors of one text.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    kept: BTreeMap<usize, (Extent, Option<Node>)>,
    kept_nodes: usize,
    copied_nodes: usize,
}

impl Anchors {
    /// Keeps the node of the anchor `id`.
    pub(super) fn keep(&mut self, id: usize, node: &Node, extent: Extent) -> Result<(), Refusal> {
        // A node beyond the budget of copies needs no keeping, only the memory of its size.
        let copyable = extent.nodes <= MAX_COPIED_NODES;
        if copyable {
            self.kept_nodes += extent.nodes;
            if self.kept_nodes > MAX_KEPT_NODES {
                return Err(Refusal::TooMany);
            }
        }
        self.kept.insert(id, (extent, copyable.then(|| node.clone())));
        Ok(())
    }

    /// Returns a copy of the node of the anchor `id`.
    pub(super) fn copy(&mut self, id: usize) -> Result<(Node, Extent), Refusal> {
        let Some((extent, node)) = self.kept.get(&id) else {
            return Err(Refusal::InsideItself);
        };
        self.copied_nodes = self.copied_nodes.saturating_add(extent.nodes);
        match node {
            Some(node) if self.copied_nodes <= MAX_COPIED_NODES => Ok((node.clone(), *extent)),
            _ => Err(Refusal::TooMany),
        }
    }
}
