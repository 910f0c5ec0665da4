use super::*;
use crate::diagnostic::Diagnostic;

/// Parses `content` as one file.
fn parsed(content: &str) -> (Texts, Option<Node>, Vec<Diagnostic>) {
    let mut texts = Texts::new();
    let id = texts.add("a.yaml", content);
    let mut diagnostics = Diagnostics::new();
    let node = parse(&texts, id, &mut diagnostics);
    (texts, node, diagnostics.into_sorted())
}

/// Parses what must be free of mistakes.
fn sound(content: &str) -> (Texts, Node) {
    let (texts, node, diagnostics) = parsed(content);
    assert_eq!(diagnostics, [], "{content}");
    (texts, node.expect("given above"))
}

/// Returns the code and the marked text of each diagnostic.
fn findings(content: &str) -> Vec<(&'static str, String)> {
    let (texts, _, diagnostics) = parsed(content);
    diagnostics.iter().map(|found| (found.code.id, texts.slice(found.span()).to_owned())).collect()
}

/// Returns the message and the help of the only diagnostic, with line and column.
fn only(content: &str) -> (String, String, String) {
    let (texts, _, diagnostics) = parsed(content);
    let [found] = diagnostics.as_slice() else { panic!("{content:?}: {diagnostics:?}") };
    let help = found.help.clone().unwrap_or_default();
    (texts.position(found.span()).to_string(), found.message.clone(), help)
}

mod broken;
mod hostile;
mod places;
mod trees;
