//! Texts with mistakes, each found at its place and with its remedy.

use super::*;

/// Demands one diagnostic, its place and a word of its message and of its help.
fn refused(content: &str, place: &str, message: &str, help: &str) {
    let (position, fact, remedy) = only(content);
    assert_eq!(position, place, "{content:?}: {fact}");
    assert!(fact.contains(message), "{content:?}: {fact}");
    assert!(remedy.contains(help), "{content:?}: {remedy}");
}

#[test]
fn a_repeated_key_is_reported_with_its_first_place_and_the_first_is_kept() {
    let (texts, node, diagnostics) = parsed("größe: 1\nx: {größe: 2}\ngröße: [no]\n\"größe\": 3\n");
    assert_eq!(node.expect("given above").get("größe").expect("given above").kind, NodeKind::Integer(1));
    let codes: Vec<&str> = diagnostics.iter().map(|found| found.code.id).collect();
    assert_eq!(codes, ["duplicate-key", "ambiguous-scalar", "duplicate-key"]);
    assert_eq!(texts.position(diagnostics[0].span()).to_string(), "3:1");
    let first = &diagnostics[0].labels[1];
    assert_eq!((texts.position(first.span).to_string().as_str(), first.primary), ("1:1", false));
    assert_eq!(texts.slice(diagnostics[2].span()), "\"größe\"");
}

#[test]
fn an_ambiguous_scalar_is_located_explained_and_kept_as_text() {
    refused(
        "größe: [é, no]\n",
        "1:12",
        "`no` is `false` for readers of YAML 1.1 and text",
        "quote it: `\"no\"`, or write `false`",
    );
    refused("opens: 08:30\n", "1:8", "base 60", "quote it: `\"08:30\"`");
    refused("id: 007\n", "1:5", "octal", "or write `7`");
    refused("{yes: x}\n", "1:2", "`yes` is `true` for readers of YAML 1.1", "quote it: `\"yes\"`");
    let (_, node, _) = parsed("a: no\n");
    assert_eq!(node.expect("given above").get("a").expect("given above").as_text(), Some("no"));
}

#[test]
fn quoted_text_is_never_ambiguous() {
    sound("['no', \"12:30\", '012', \"~\"]");
    sound("a: |\n  no\nb: >\n  1_000\n");
}

#[test]
fn all_mistakes_of_a_text_are_reported_in_order() {
    let content = "a: no\na: 1\nb: !!str x\n<<: {c: 1}\n? [d]\n: 1\ne: 1e3\n---\nf: 1\n";
    let expected = [
        ("ambiguous-scalar", "no"),
        ("duplicate-key", "a"),
        ("unsupported-yaml", "!!str"),
        ("unsupported-yaml", "<<"),
        ("unsupported-yaml", "[d]"),
        ("ambiguous-scalar", "1e3"),
        ("multiple-documents", "---"),
    ];
    assert_eq!(findings(content), expected.map(|(code, text)| (code, text.to_owned())));
}

#[test]
fn a_missing_space_after_a_colon_is_found_on_the_line_that_lacks_it() {
    refused("metric: csat\nversion:1\n", "2:8", "a space is missing after `version:`", "write `version: `");
    refused("metric:csat\nversion: 1\n", "1:7", "a space is missing after `metric:`", "write `metric: `");
}

#[test]
fn a_tab_in_the_indentation_is_found_where_it_stands() {
    refused("metric: csat\n\tversion: 1\n", "2:1", "tab", "spaces");
    refused("a:\n  b: 1\n \tc: 2\n", "3:2", "tab", "spaces");
}

#[test]
fn an_open_quote_is_found_where_it_opens() {
    refused("title: \"Größe\nversion: 1\n", "1:8", "the quote `\"` is not closed", "closing `\"`");
    refused("a: [x, 'y]\nb: 1\n", "1:8", "the quote `'` is not closed", "closing `'`");
    refused("title: 'it's'\n", "1:12", "text follows the closing quote", "`''`");
}

#[test]
fn an_open_bracket_is_found_where_it_opens_or_where_the_text_stops_fitting() {
    refused("a: [1, 2\n", "1:4", "`[` is not closed by `]`", "add the closing `]`");
    refused("a: {x: 1]\n", "1:4", "`{` is not closed by `}`", "add the closing `}`");
    refused("a: [1]]\n", "1:7", "`]` closes nothing", "remove");
    let (texts, _, diagnostics) = parsed("a: [1, 2\nb: 3\n");
    assert_eq!(texts.position(diagnostics[0].span()).to_string(), "2:2");
    assert_eq!(texts.position(diagnostics[0].labels[1].span).to_string(), "1:4");
}

#[test]
fn lines_out_of_alignment_are_found() {
    refused("a:\n  b: 1\n c: 2\n", "3:2", "not aligned", "indent it like");
    refused("a: 1\n- b\n", "2:1", "an item of a list stands among keys", "key of its own");
    refused("a: - b\n", "1:4", "on the line of its key", "next line");
    refused("a: b\n  c: d\n", "2:3", "continues the value of the line before", "align");
    refused("a: 1\nb\nc: 2\n", "2:1", "a key has no colon", "`key: value`");
}

#[test]
fn values_that_need_quotes_are_told_so() {
    refused("statement: Share: of calls\n", "1:17", "contains `: `", "quotes");
    refused("a: @b\n", "1:4", "cannot begin with `@`", "quotes");
    refused("count: *\n", "1:8", "a name is missing after `*`", "quotes");
    refused("a: \"\\q\"\n", "1:4", "backslash", "twice");
}

#[test]
fn aliases_need_their_anchor_and_are_reported_together() {
    assert_eq!(findings("a: *b\nc: *d\n"), [("yaml-syntax", "*b".to_owned()), ("yaml-syntax", "*d".to_owned())]);
    refused("a: *b\n", "1:4", "`*b` repeats an anchor that is not defined", "`&b`");
}

#[test]
fn directives_and_private_tags_are_refused() {
    assert_eq!(findings("%YAML 1.1\n---\na: 1\n"), [("unsupported-yaml", "%YAML 1.1".to_owned())]);
    assert_eq!(findings("a: !x!y 1\n"), [("unsupported-yaml", "!x!y".to_owned())]);
}

#[test]
fn hidden_characters_are_located() {
    refused("a: é\u{0}b\n", "1:5", "U+0000", "remove it");
    refused("a: \u{9b}31m\n", "1:4", "U+009B", "remove it");
    refused("a: 1\rb: 2\n", "1:5", "U+000D", "line feed");
}
