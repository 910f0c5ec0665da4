//! Builds the tree from the events of the YAML parser.
//!
//! Judges the YAML of one text; its scalars, anchors and syntax errors are the business of the neighbours.

use crate::diagnostic::Diagnostics;
use crate::text::{Span, Spanned, TextId};
use crate::yaml::anchors::{Anchors, Extent, Refusal};
use crate::yaml::scalar::{self, Plain};
use crate::yaml::syntax::{self, Scene};
use crate::yaml::{Entry, MAX_DEPTH, Node, NodeKind, Style, complaint};
use granit_parser::{Event, Parser, ScalarStyle, StructureStyle, options};
use smol_str::SmolStr;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::{ControlFlow, Range};

/// Keys of definitions and of results that YAML 1.1 would read as booleans. Demanding quotes around the words of
/// one's own language would teach people to ignore the demand.
const OWN_KEYS: [&str; 2] = ["n", "on"];

/// Builds the tree of `content`; see [`crate::yaml::parse`].
pub(super) fn build(content: &str, text: TextId, diagnostics: &mut Diagnostics) -> Option<Node> {
    let limits = options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        disallow_directives: true,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH
    };
    let mut builder = Builder {
        content,
        text,
        diagnostics,
        open: Vec::new(),
        root: None,
        anchors: Anchors::default(),
        documents: 0,
        last_scalar: 0..0,
        spoiled: false,
    };
    for next in Parser::new_from_str_with_options(content, limits) {
        let (event, span) = match next {
            Ok(next) => next,
            Err(error) => {
                let diagnostic = syntax::describe(&error, &builder.scene());
                builder.diagnostics.push(diagnostic);
                return None;
            }
        };
        if builder.take(event, &span).is_break() {
            break;
        }
    }
    if builder.spoiled {
        return None;
    }
    Some(builder.root.unwrap_or(Node { span: Span::new(text, 0, 0), kind: NodeKind::Null }))
}

struct Builder<'a> {
    content: &'a str,
    text: TextId,
    diagnostics: &'a mut Diagnostics,
    open: Vec<Frame>,
    root: Option<Node>,
    anchors: Anchors,
    documents: usize,
    last_scalar: Range<usize>,
    /// Whether the tree misses nodes that the text has.
    spoiled: bool,
}

/// A list or mapping whose end has not been seen.
struct Frame {
    range: Range<usize>,
    style: StructureStyle,
    anchor: usize,
    extent: Extent,
    holding: Holding,
}

enum Holding {
    Sequence(Vec<Node>),
    Mapping { entries: Vec<Entry>, keys: Keys, pending: Pending },
}

/// Where the keys of a mapping stand, once it has so many that looking through them would take long.
type Keys = BTreeMap<SmolStr, Span>;

/// Keys that are looked through.
const FEW: usize = 16;

/// Returns where a key stands already.
fn first_place(key: &str, entries: &[Entry], keys: &mut Keys) -> Option<Span> {
    if entries.len() < FEW {
        return entries.iter().find(|entry| entry.key.value == key).map(|entry| entry.key.span);
    }
    let known = keys.len();
    keys.extend(entries[known..].iter().map(|entry| (entry.key.value.clone(), entry.key.span)));
    keys.get(key).copied()
}

/// What the next node of a mapping is.
enum Pending {
    Key,
    ValueOf(Spanned<SmolStr>),
    /// The value of a key that was refused.
    Dropped,
}

/// A complete node on its way into the tree.
struct Built {
    node: Node,
    extent: Extent,
    /// What it covers in the file; differs from the node's span for aliases.
    range: Range<usize>,
    /// The text of a scalar that is a key.
    key: Option<SmolStr>,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: &granit_parser::Span) -> ControlFlow<()> {
        let range = span.byte_range().unwrap_or(0..0);
        self.refuse_tag(span);
        match event {
            Event::DocumentStart(..) => return self.start_document(&range),
            Event::Scalar(value, style, anchor, _) => self.take_scalar(value, style, anchor, range),
            Event::SequenceStart(style, anchor, _) => {
                let range = self.dash_before(range.start, style)..range.end;
                return self.start(range, style, anchor, Holding::Sequence(Vec::new()));
            }
            Event::MappingStart(style, anchor, _) => {
                let holding = Holding::Mapping { entries: Vec::new(), keys: BTreeMap::new(), pending: Pending::Key };
                return self.start(range, style, anchor, holding);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(range.end),
            Event::Alias(id) => return self.take_alias(id, range),
            Event::UnresolvedAlias(name) => self.refuse_unknown_alias(&name, range),
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.text, range.start, range.end)
    }

    fn scene(&self) -> Scene<'_> {
        let flow = self.open.iter().rev().find(|frame| frame.style == StructureStyle::Flow);
        Scene {
            content: self.content,
            text: self.text,
            last_scalar: self.last_scalar.clone(),
            open_bracket: flow.map(|frame| frame.range.start),
        }
    }

    fn start_document(&mut self, range: &Range<usize>) -> ControlFlow<()> {
        self.documents += 1;
        if self.documents == 1 {
            return ControlFlow::Continue(());
        }
        let span = self.span(range);
        self.diagnostics.push(complaint::second_document(span));
        ControlFlow::Break(())
    }

    fn start(
        &mut self,
        range: Range<usize>,
        style: StructureStyle,
        anchor: usize,
        holding: Holding,
    ) -> ControlFlow<()> {
        if self.open.len() == MAX_DEPTH {
            return self.refuse_depth(range);
        }
        self.open.push(Frame { range, style, anchor, extent: Extent { nodes: 1, depth: 1 }, holding });
        ControlFlow::Continue(())
    }

    fn end(&mut self, end: usize) {
        let Some(mut frame) = self.open.pop() else {
            return;
        };
        if frame.style == StructureStyle::Flow {
            frame.range.end = end;
        }
        // Trees are kept as long as the program runs, so none keeps room for what does not come.
        let kind = match frame.holding {
            Holding::Sequence(mut items) => {
                items.shrink_to_fit();
                NodeKind::Sequence(items)
            }
            Holding::Mapping { mut entries, .. } => {
                entries.shrink_to_fit();
                NodeKind::Mapping(entries)
            }
        };
        let node = Node { span: self.span(&frame.range), kind };
        self.keep(frame.anchor, &node, frame.extent);
        self.place(Built { node, extent: frame.extent, range: frame.range, key: None });
    }

    fn take_scalar(&mut self, value: Cow<'_, str>, style: ScalarStyle, anchor: usize, range: Range<usize>) {
        let style = match style {
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
            _ => Style::Plain,
        };
        let range = self.scalar_range(range, style);
        self.last_scalar = range.clone();
        // The parser presents an omitted value as a plain `~` that covers nothing.
        let value = if style == Style::Plain && range.is_empty() { Cow::Borrowed("") } else { value };
        let is_key = self.expects_key();
        let kind = match style {
            Style::Plain => self.resolve(&value, &range),
            _ => NodeKind::Text { value: value.into(), style },
        };
        let mut node = Node { span: self.span(&range), kind };
        let extent = Extent { nodes: 1, depth: 0 };
        self.keep(anchor, &node, extent);
        let key = is_key.then(|| self.take_key(&mut node.kind, &range));
        self.place(Built { node, extent, range, key });
    }

    /// Returns the text of a scalar that is a key, whatever it looks like; only the key is kept of it.
    fn take_key(&self, kind: &mut NodeKind, range: &Range<usize>) -> SmolStr {
        match kind {
            NodeKind::Text { value, .. } => std::mem::take(value),
            // Plain, so that it is written as it is.
            _ => self.content.get(range.clone()).unwrap_or("").into(),
        }
    }

    /// Returns what a scalar covers. The parser includes the blank lines around a block scalar, and puts an omitted
    /// value before its colon.
    fn scalar_range(&self, range: Range<usize>, style: Style) -> Range<usize> {
        let written = self.content.get(range.clone()).unwrap_or("");
        match style {
            Style::Literal | Style::Folded => {
                let end = range.start + written.trim_end().len();
                let blank = written.len() - written.trim_start_matches(['\n', '\r']).len();
                let indent = if blank == 0 { 0 } else { written[blank..].len() - written[blank..].trim_start().len() };
                (range.start + blank + indent).min(end)..end
            }
            Style::Plain if range.is_empty() && self.content[range.start..].starts_with(':') => {
                range.start + 1..range.start + 1
            }
            _ => range,
        }
    }

    fn expects_key(&self) -> bool {
        let frame = self.open.last().map(|frame| &frame.holding);
        matches!(frame, Some(Holding::Mapping { pending: Pending::Key, .. }))
    }

    fn resolve(&mut self, value: &str, range: &Range<usize>) -> NodeKind {
        if OWN_KEYS.contains(&value) && self.expects_key() {
            return NodeKind::Text { value: value.into(), style: Style::Plain };
        }
        match scalar::resolve(value) {
            Plain::Agreed(kind) => kind,
            Plain::Ambiguous(doubt) => {
                let span = self.span(range);
                self.diagnostics.push(complaint::ambiguous(span, value, &doubt));
                NodeKind::Text { value: value.into(), style: Style::Plain }
            }
        }
    }

    fn take_alias(&mut self, id: usize, range: Range<usize>) -> ControlFlow<()> {
        match self.anchors.copy(id) {
            Ok((_, extent)) if self.open.len() + extent.depth > MAX_DEPTH => return self.refuse_depth(range),
            Ok((node, extent)) => self.place(Built { node, extent, range, key: None }),
            Err(refusal) => {
                self.refuse_alias(&refusal, &range);
                self.place_nothing(range);
            }
        }
        ControlFlow::Continue(())
    }

    /// Puts a finished node where the innermost open collection expects it.
    fn place(&mut self, built: Built) {
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(built.node);
            return;
        };
        frame.range.end = frame.range.end.max(built.range.end);
        frame.extent.nodes += built.extent.nodes;
        frame.extent.depth = frame.extent.depth.max(built.extent.depth + 1);
        let pending = match &mut frame.holding {
            Holding::Sequence(items) => return items.push(built.node),
            Holding::Mapping { pending, .. } => std::mem::replace(pending, Pending::Key),
        };
        let next = match pending {
            Pending::Key => self.key(built),
            Pending::Dropped => Pending::Key,
            Pending::ValueOf(key) => {
                self.push_entry(Entry { key, value: built.node });
                Pending::Key
            }
        };
        if let Some(Frame { holding: Holding::Mapping { pending, .. }, .. }) = self.open.last_mut() {
            *pending = next;
        }
    }

    fn push_entry(&mut self, entry: Entry) {
        if let Some(Frame { holding: Holding::Mapping { entries, .. }, .. }) = self.open.last_mut() {
            entries.push(entry);
        }
    }

    fn key(&mut self, built: Built) -> Pending {
        let span = self.span(&built.range);
        let plain = self.content.get(built.range).is_some_and(|raw| !raw.starts_with(['"', '\'']));
        let refused = match &built.key {
            None => Some(complaint::key_without_text(span)),
            Some(key) if key.is_empty() && plain => Some(complaint::empty_key(span)),
            Some(key) if key == "<<" && plain => Some(complaint::merge_key(span)),
            Some(_) => None,
        };
        if let Some(diagnostic) = refused {
            self.diagnostics.push(diagnostic);
            return Pending::Dropped;
        }
        let key = built.key.unwrap_or_default();
        let Some(Frame { holding: Holding::Mapping { entries, keys, .. }, .. }) = self.open.last_mut() else {
            return Pending::Dropped;
        };
        if let Some(first) = first_place(&key, entries, keys) {
            self.diagnostics.push(complaint::repeated_key(span, &key, first));
            return Pending::Dropped;
        }
        Pending::ValueOf(Spanned::new(key, span))
    }

    fn keep(&mut self, anchor: usize, node: &Node, extent: Extent) {
        if anchor != 0 && self.anchors.keep(anchor, node, extent).is_err() && !self.spoiled {
            self.spoiled = true;
            self.diagnostics.push(complaint::anchored_too_much(node.span));
        }
    }

    fn place_nothing(&mut self, range: Range<usize>) {
        let node = Node { span: self.span(&range), kind: NodeKind::Null };
        let extent = Extent { nodes: 1, depth: 0 };
        self.place(Built { node, extent, range, key: None });
    }

    fn refuse_alias(&mut self, refusal: &Refusal, range: &Range<usize>) {
        let (span, name) = (self.span(range), self.content.get(range.clone()).unwrap_or(""));
        let spoiled = std::mem::replace(&mut self.spoiled, true);
        match refusal {
            Refusal::InsideItself => self.diagnostics.push(complaint::alias_inside_itself(span, name)),
            // One is enough: the further aliases of a bomb exceed the limit as well.
            Refusal::TooMany if spoiled => {}
            Refusal::TooMany => self.diagnostics.push(complaint::copied_too_much(span)),
        }
    }

    fn refuse_unknown_alias(&mut self, name: &str, range: Range<usize>) {
        let span = self.span(&range);
        self.diagnostics.push(complaint::unknown_alias(span, name));
        self.spoiled = true;
        self.place_nothing(range);
    }

    fn refuse_depth(&mut self, range: Range<usize>) -> ControlFlow<()> {
        let span = self.span(&range);
        self.diagnostics.push(complaint::too_deep(span));
        self.spoiled = true;
        ControlFlow::Break(())
    }

    fn refuse_tag(&mut self, span: &granit_parser::Span) {
        let Some(range) = span.tag_span().and_then(|tag| tag.byte_range()) else {
            return;
        };
        let name = self.content.get(range.clone()).unwrap_or("!");
        let diagnostic = complaint::tag(self.span(&range), name);
        self.diagnostics.push(diagnostic);
    }

    /// Returns where a list begins; the parser starts one that is not indented after its first dash.
    fn dash_before(&self, start: usize, style: StructureStyle) -> usize {
        let written = self.content.get(start..).unwrap_or("");
        let before = self.content.get(..start).unwrap_or("").trim_end();
        let at_dash = written.starts_with("- ") || written.starts_with("-\n") || written.starts_with("-\r");
        let after_dash = before.strip_suffix('-').is_some_and(|rest| rest.trim_end_matches(' ').ends_with('\n'));
        if style == StructureStyle::Block && after_dash && !at_dash { before.len() - 1 } else { start }
    }
}
