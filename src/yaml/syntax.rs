//! What a syntax error of the YAML parser means for the one who wrote the text.
//!
//! Looks at the text around the error for the likely slip; repairs nothing.

use crate::diagnostic::{Diagnostic, codes};
use crate::text::{Span, TextId};
use crate::yaml::complaint;
use granit_parser::{ErrorKind, ScanError};
use std::ops::Range;

/// What was known when the error occurred.
pub(super) struct Scene<'a> {
    /// The whole text.
    pub content: &'a str,
    /// Its identity.
    pub text: TextId,
    /// The scalar read last.
    pub last_scalar: Range<usize>,
    /// The innermost bracket that is still open.
    pub open_bracket: Option<usize>,
}

/// Returns the diagnostic of a syntax error.
pub(super) fn describe(error: &ScanError, scene: &Scene<'_>) -> Diagnostic {
    let at = scene.boundary(error.marker().byte_offset().unwrap_or(scene.content.len()));
    match error.kind() {
        ErrorKind::RecursionLimitExceeded => complaint::too_deep(scene.span(&scene.character(at))),
        ErrorKind::DirectiveDisallowed => {
            unsupported(scene.written(at), scene, "a directive is used", "remove the line")
        }
        ErrorKind::UndeclaredTagHandle => {
            unsupported(scene.word(at), scene, "a tag is used", "remove the tag; quote the value where text is meant")
        }
        kind => {
            let slip = slip_in_indentation(at, scene).unwrap_or_else(|| slip(kind, at, scene));
            let span = scene.span(&slip.range);
            let diagnostic = Diagnostic::error(codes::YAML_SYNTAX, span, slip.fact).help(slip.help);
            match slip.opened {
                Some(opened) => diagnostic.label(span, "").also(scene.span(&opened), "opened here"),
                None => diagnostic,
            }
        }
    }
}

fn unsupported(range: Range<usize>, scene: &Scene<'_>, fact: &str, help: &str) -> Diagnostic {
    Diagnostic::error(codes::UNSUPPORTED_YAML, scene.span(&range), fact).help(help)
}

/// A likely mistake of the writer.
struct Slip {
    range: Range<usize>,
    fact: String,
    help: String,
    opened: Option<Range<usize>>,
}

impl Slip {
    fn new(range: Range<usize>, fact: impl Into<String>, help: impl Into<String>) -> Self {
        Self { range, fact: fact.into(), help: help.into(), opened: None }
    }
}

/// Finds a tab among the spaces before the error's line or the line after it, where the parser often stops short.
fn slip_in_indentation(at: usize, scene: &Scene<'_>) -> Option<Slip> {
    let line = scene.line(at);
    let next = scene.line(scene.boundary(line.end + 1));
    [line, next].into_iter().find_map(|line| {
        let written = &scene.content[line.clone()];
        let blank = &written[..written.len() - written.trim_start_matches([' ', '\t']).len()];
        let tab = line.start + blank.find('\t')?;
        Some(Slip::new(tab..tab + 1, "a tab indents the line", "indent with spaces"))
    })
}

fn slip(kind: &ErrorKind, at: usize, scene: &Scene<'_>) -> Slip {
    match kind {
        ErrorKind::MappingValueNotAllowed | ErrorKind::SimpleKeyExpected | ErrorKind::InvalidMappingValueWhitespace => {
            slip_of_colon(at, scene)
        }
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => slip_of_quote(scene),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => Slip::new(
            scene.word(at),
            "text follows the closing quote",
            "put the whole value in quotes; in single quotes `''` stands for one quote",
        ),
        ErrorKind::UnknownQuotedScalarEscape => Slip::new(
            scene.character(at),
            "a backslash in double quotes begins an unknown escape",
            "use single quotes, or write the backslash twice",
        ),
        ErrorKind::UnclosedFlowCollection { open } | ErrorKind::MismatchedFlowCollectionEnd { open, .. } => {
            let close = if *open == '{' { '}' } else { ']' };
            let fact = format!("the bracket `{open}` is not closed by `{close}`");
            Slip::new(scene.character(at), fact, format!("add the closing `{close}`"))
        }
        _ if scene.open_bracket.is_some() => slip_in_brackets(at, scene),
        ErrorKind::UnexpectedCharacter { character } => Slip::new(
            scene.character(at),
            format!("a value cannot begin with `{}`", character.escape_default()),
            "put the value in quotes",
        ),
        ErrorKind::MisplacedFlowCollectionEnd => {
            let bracket = scene.character(at);
            let fact = format!("the bracket `{}` closes nothing", &scene.content[bracket.clone()]);
            Slip::new(bracket, fact, "remove it, or put the value in quotes")
        }
        ErrorKind::MissingAnchorOrAliasName => {
            Slip::new(scene.character(at), "a name is missing after `*` or `&`", "put the value in quotes")
        }
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::InvalidIndentation
        | ErrorKind::BlockSequenceEntryNotAllowed => slip_of_alignment(at, scene),
        other => Slip::new(
            scene.character(at),
            format!("the text is not YAML: {other}"),
            "compare the line and the one before it with the example of `etalon explain yaml-syntax`",
        ),
    }
}

fn slip_of_colon(at: usize, scene: &Scene<'_>) -> Slip {
    let scalar = scene.last_scalar.clone();
    let written = scene.content.get(scalar.clone()).unwrap_or("");
    // A scalar that was continued over a line break has swallowed the line that the writer took for a key.
    let swallowed = scalar.end == at && written.contains('\n');
    let line = if swallowed { scene.line(scalar.start) } else { scene.line(at) };
    if let Some(colon) = tight_colon(&scene.content[line.clone()]) {
        let colon = line.start + colon;
        let key = scene.content[line.start..colon].trim_start_matches([' ', '-']);
        return Slip::new(
            colon..colon + 1,
            format!("a space is missing after `{key}:`"),
            format!("write `{key}: ` before the value"),
        );
    }
    if swallowed {
        let start = scalar.start + written.rfind('\n').map_or(0, |newline| newline + 1);
        return Slip::new(
            scene.written(start),
            "a key continues the value of the line before",
            "align the key with the keys around it, or leave the value of the line before empty",
        );
    }
    if scene.content[at..].starts_with(':') && scalar.end <= at {
        return Slip::new(
            at..at + 1,
            "a value without quotes contains `: `",
            "put the value in quotes, or begin a new line for the key",
        );
    }
    Slip::new(scene.written(at), "a key has no colon", "write `key: value`, or `- value` for an item of a list")
}

/// Finds the colon of `key:value`.
fn tight_colon(line: &str) -> Option<usize> {
    let start = line.len() - line.trim_start_matches([' ', '-']).len();
    let colon = start + line[start..].find(':')?;
    let is_name = |character: char| character.is_alphanumeric() || character == '_' || character == '-';
    let named = colon > start && line[start..colon].chars().all(is_name);
    let tight = line[colon + 1..].starts_with(|next: char| !next.is_whitespace() && next != '/');
    (named && tight).then_some(colon)
}

fn slip_of_quote(scene: &Scene<'_>) -> Slip {
    let end = scene.content.len();
    let from = scene.boundary(scene.last_scalar.end);
    // A quote inside a word is an apostrophe; the one that opens a value follows a space or a bracket.
    let opening = scene.content[from..].char_indices().find(|(index, character)| {
        let before = scene.content[..from + index].chars().next_back();
        matches!(character, '"' | '\'') && before.is_none_or(|before| !before.is_alphanumeric())
    });
    let Some((index, quote)) = opening else {
        return Slip::new(scene.character(end), "a quote is not closed", "add the closing quote");
    };
    let start = from + index;
    let fact = format!("the quote `{quote}` is not closed");
    Slip::new(start..start + 1, fact, format!("add the closing `{quote}` at the end of the value"))
}

fn slip_in_brackets(at: usize, scene: &Scene<'_>) -> Slip {
    let open = scene.open_bracket.unwrap_or(at);
    let close = if scene.content[open..].starts_with('{') { '}' } else { ']' };
    let mut slip = Slip::new(
        scene.character(at),
        format!("`,` or `{close}` is expected here"),
        format!("separate items with `,` and end them with `{close}`; quote values that hold `:`, `,` or brackets"),
    );
    slip.opened = Some(open..open + 1);
    slip
}

fn slip_of_alignment(at: usize, scene: &Scene<'_>) -> Slip {
    let line = scene.written(at);
    if scene.content[line.clone()].starts_with("- ") {
        return Slip::new(line, "an item of a list stands among keys", "put the list below a key of its own");
    }
    if scene.content[line.start.min(at)..at].contains(':') {
        let fact = "a list cannot begin on the line of its key";
        return Slip::new(scene.character(at), fact, "begin it on the next line");
    }
    let help = "indent it like the keys or items it belongs to";
    Slip::new(line, "the line is not aligned with the lines around it", help)
}

impl Scene<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.text, range.start, range.end)
    }

    /// Returns the nearest place at or before `offset` where a character begins.
    fn boundary(&self, offset: usize) -> usize {
        let offset = offset.min(self.content.len());
        (0..=offset).rev().find(|offset| self.content.is_char_boundary(*offset)).unwrap_or(0)
    }

    /// Returns the character at `at`; at the end of the text the last one that can be seen.
    fn character(&self, at: usize) -> Range<usize> {
        if let Some(character) = self.content[at..].chars().next().filter(|character| *character != '\n') {
            return at..at + character.len_utf8();
        }
        let before = self.content[..at].trim_end();
        let start = before.char_indices().next_back().map_or(0, |(start, _)| start);
        start..before.len()
    }

    /// Returns the characters from `at` up to the next space or the end of the line.
    fn word(&self, at: usize) -> Range<usize> {
        let length = self.content[at..].find(char::is_whitespace).unwrap_or(self.content.len() - at);
        if length == 0 { self.character(at) } else { at..at + length }
    }

    /// Returns the line at `at` without its indentation and its end.
    fn written(&self, at: usize) -> Range<usize> {
        let line = self.line(at);
        let indent = self.content[line.clone()].len() - self.content[line.clone()].trim_start().len();
        line.start + indent..line.end
    }

    /// Returns the line at `at` without its end.
    fn line(&self, at: usize) -> Range<usize> {
        let start = self.content[..at].rfind('\n').map_or(0, |newline| newline + 1);
        let end = self.content[start..].find('\n').map_or(self.content.len(), |length| start + length);
        let written = self.content[start..end].trim_end();
        start..start + written.len()
    }
}
