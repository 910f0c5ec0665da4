//! The wording of what is wrong with well-formed YAML.
//!
//! Words and remedies only; when each applies is decided where the tree is built.

use crate::diagnostic::{Diagnostic, codes};
use crate::text::Span;
use crate::yaml::scalar::Doubt;
use crate::yaml::{MAX_COPIED_NODES, MAX_DEPTH};

const WRITE_OUT: &str = "write the values out, or move shared parts into definitions of their own";

pub(super) fn second_document(span: Span) -> Diagnostic {
    Diagnostic::error(codes::MULTIPLE_DOCUMENTS, span, "the file holds more than one document")
        .label(span, "a second document starts here")
        .help("move it into a file of its own")
}

pub(super) fn ambiguous(span: Span, value: &str, doubt: &Doubt) -> Diagnostic {
    let help = match &doubt.otherwise {
        Some(plain) => format!("quote it: `\"{value}\"`, or write `{plain}` where that is meant"),
        None => format!("quote it: `\"{value}\"`"),
    };
    Diagnostic::error(codes::AMBIGUOUS_SCALAR, span, format!("`{value}` is {}", doubt.readings)).help(help)
}

pub(super) fn repeated_key(span: Span, key: &str, first: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE_KEY, span, format!("the key `{key}` is given twice"))
        .label(span, "given again")
        .also(first, "first given here")
        .help("remove one of the two")
}

pub(super) fn key_without_text(span: Span) -> Diagnostic {
    Diagnostic::error(codes::UNSUPPORTED_YAML, span, "a list, a mapping or an alias serves as a key")
        .help("use text as a key")
}

pub(super) fn empty_key(span: Span) -> Diagnostic {
    Diagnostic::error(codes::UNSUPPORTED_YAML, span, "a key is empty").help("write the key before the colon")
}

pub(super) fn merge_key(span: Span) -> Diagnostic {
    Diagnostic::error(codes::UNSUPPORTED_YAML, span, "a merge key `<<` is used").help("write the merged keys out")
}

pub(super) fn tag(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(codes::UNSUPPORTED_YAML, span, format!("the tag `{name}` is used"))
        .help("remove the tag; quote the value where text is meant")
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    let message = format!("lists and mappings are nested more than {MAX_DEPTH} levels deep");
    Diagnostic::error(codes::NESTED_TOO_DEEPLY, span, message)
        .label(span, "this level is one too many")
        .help("flatten the lists and mappings around this place")
}

pub(super) fn anchored_too_much(span: Span) -> Diagnostic {
    Diagnostic::error(codes::ALIAS_BOMB, span, "the anchors of the file hold too many nodes").help(WRITE_OUT)
}

pub(super) fn copied_too_much(span: Span) -> Diagnostic {
    let message = format!("aliases add more than {MAX_COPIED_NODES} nodes to the file");
    Diagnostic::error(codes::ALIAS_BOMB, span, message).label(span, "exceeds the limit").help(WRITE_OUT)
}

pub(super) fn alias_inside_itself(span: Span, alias: &str) -> Diagnostic {
    Diagnostic::error(codes::UNSUPPORTED_YAML, span, format!("`{alias}` stands inside what it repeats"))
        .help("write the value out")
}

pub(super) fn unknown_alias(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error(codes::YAML_SYNTAX, span, format!("`*{name}` repeats an anchor that is not defined"))
        .help(format!("define it before as `&{name}`, or quote the text: `\"*{name}\"`"))
}
