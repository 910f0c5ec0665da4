//! From the text of an expression to the syntax tree of the SQL parser, mistakes located.

use sqlparser::ast::{Expr, Spanned as _};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace};

use crate::diagnostic::{Diagnostic, Diagnostics, codes};
use crate::text::{Span, Texts};
use crate::yaml::Node;

/// Deepest nesting of an expression.
const DEPTH: usize = 48;
const COMMENT: &str = "a comment cannot stand in an expression";
/// Longest expression, in bytes.
const LENGTH: usize = 16 * 1024;

/// The text of an expression and the way back from its places to the file.
pub struct Written<'a> {
    node: &'a Node,
    texts: &'a Texts,
    text: String,
}

impl<'a> Written<'a> {
    /// Returns the expression written at `node`, which is a scalar.
    pub fn new(node: &'a Node, texts: &'a Texts) -> Self {
        Self { node, texts, text: node.scalar_text() }
    }

    /// Returns the text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the place of the whole expression.
    pub fn span(&self) -> Span {
        self.node.span
    }

    /// Returns the place in the file of a part of the syntax tree.
    pub fn span_of(&self, part: &Expr) -> Span {
        let span = part.span();
        match (self.offset(span.start), self.offset(span.end)) {
            (Some(start), Some(end)) if end > start => self.node.span_within(self.texts, start..end),
            _ => self.node.span,
        }
    }

    /// Returns the byte offset of a one-based line and column.
    fn offset(&self, location: Location) -> Option<usize> {
        if location.line == 0 {
            return None;
        }
        let line_start: usize =
            self.text.split_inclusive('\n').take(usize::try_from(location.line).ok()? - 1).map(str::len).sum();
        let line = self.text.get(line_start..)?;
        let column = usize::try_from(location.column).ok()?.checked_sub(1)?;
        Some(line_start + line.char_indices().nth(column).map_or(line.len(), |(offset, _)| offset))
    }

    /// Parses the whole text as one expression.
    pub fn parse(&self, diagnostics: &mut Diagnostics) -> Option<Expr> {
        if self.text.len() > LENGTH {
            let message = format!("the expression is longer than {LENGTH} bytes");
            diagnostics.push(
                Diagnostic::error(codes::EXPRESSION_SYNTAX, self.span(), message)
                    .help("move lists of values into the source's `values`, or split the rule"),
            );
            return None;
        }
        let dialect = GenericDialect {};
        let tokens = Tokenizer::new(&dialect, &self.text).tokenize_with_location();
        let result = tokens.map_err(ParserError::from).and_then(|tokens| {
            refuse_comment(&tokens)?;
            let parser = Parser::new(&dialect).with_recursion_limit(DEPTH);
            let mut parser = parser.with_tokens_with_locations(tokens);
            let expression = parser.parse_expr()?;
            let rest = parser.peek_token();
            if rest.token == Token::EOF { Ok(expression) } else { Err(left_over(&rest.token, rest.span.start)) }
        });
        match result {
            Ok(expression) => Some(expression),
            Err(error) => {
                diagnostics.push(self.syntax_error(&error));
                None
            }
        }
    }

    fn syntax_error(&self, error: &ParserError) -> Diagnostic {
        let (ParserError::TokenizerError(text) | ParserError::ParserError(text)) = error else {
            let message = format!("the expression is nested more than {DEPTH} deep");
            return Diagnostic::error(codes::EXPRESSION_SYNTAX, self.span(), message)
                .help("flatten it with `in (...)` or `and`/`or`");
        };
        let (fact, location) = split_location(text);
        let (message, help) = in_plain_words(fact.trim_end_matches([' ', ',']));
        // What is missing at the end is missing after the last character.
        let start = location.and_then(|location| self.offset(location)).or_else(|| self.last_character());
        let span = start.map_or(self.span(), |start| {
            let end = start + self.text[start..].chars().next().map_or(0, char::len_utf8);
            self.node.span_within(self.texts, start..end)
        });
        Diagnostic::error(codes::EXPRESSION_SYNTAX, span, message).help(help)
    }

    fn last_character(&self) -> Option<usize> {
        self.text.trim_end().char_indices().next_back().map(|(start, _)| start)
    }
}

/// Remarks in an expression would be read by nobody and look like part of the rule.
fn refuse_comment(tokens: &[TokenWithSpan]) -> Result<(), ParserError> {
    let is_comment = |token: &Token| {
        matches!(token, Token::Whitespace(Whitespace::SingleLineComment { .. } | Whitespace::MultiLineComment(_)))
    };
    match tokens.iter().find(|token| is_comment(&token.token)) {
        Some(comment) => Err(ParserError::ParserError(format!("{COMMENT}{}", comment.span.start))),
        None => Ok(()),
    }
}

/// Returns what the parser says as a fact, and its remedy.
fn in_plain_words(said: &str) -> (String, &'static str) {
    const RULE: &str = "a rule is one condition, such as `status = 'solved' and contacts = 1`";
    if said.starts_with(COMMENT) {
        return (
            COMMENT.to_owned(),
            "write remarks under `notes`, or as comments of the file: `# ...` on a line of its own",
        );
    }
    if said.starts_with("Unterminated string literal") {
        return ("a text is not closed".to_owned(), "close it with `'`; inside a text `''` stands for one quote");
    }
    let Some((expected, found)) = said.strip_prefix("Expected: ").and_then(|rest| rest.split_once(", found: ")) else {
        return (said.to_owned(), RULE);
    };
    let expected = if expected.contains(' ') { expected.to_owned() } else { format!("`{expected}`") };
    match found {
        "EOF" => (format!("the expression ends where {expected} is needed"), RULE),
        _ => (format!("{expected} is needed before `{found}`"), RULE),
    }
}

fn left_over(token: &Token, at: Location) -> ParserError {
    ParserError::ParserError(format!("`{token}` cannot follow here{at}"))
}

/// Splits "... at Line: 1, Column: 5" into the message and its location.
fn split_location(text: &str) -> (&str, Option<Location>) {
    let Some((message, place)) = text.rsplit_once(" at Line: ").or_else(|| text.rsplit_once("Line: ")) else {
        return (text, None);
    };
    let number = |part: &str| part.trim().parse::<u64>().ok();
    let location = place
        .split_once(", Column: ")
        .and_then(|(line, column)| Some(Location { line: number(line)?, column: number(column)? }));
    (message, location)
}
