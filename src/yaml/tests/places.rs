//! Places inside a value, followed back to the file.

use super::*;

/// Returns line and column, and the text in the file, of `needle` within the value of `key`.
fn place(content: &str, key: &str, needle: &str) -> (String, String) {
    let (texts, root) = sound(content);
    let node = root.get("m").unwrap_or(&root).get(key).expect("given above");
    let start = node.as_text().expect("given above").find(needle).expect("given above");
    let span = node.span_within(&texts, start..start + needle.len());
    (texts.position(span).to_string(), texts.slice(span).to_owned())
}

fn at(position: &str, written: &str) -> (String, String) {
    (position.to_owned(), written.to_owned())
}

#[test]
fn plain_and_quoted_scalars_are_exact_behind_wide_characters() {
    assert_eq!(place("größe: é = emial\n", "größe", "emial"), at("1:12", "emial"));
    assert_eq!(place("w: 'é = emial'\n", "w", "emial"), at("1:9", "emial"));
    assert_eq!(place("w: \"é = emial\"\n", "w", "emial"), at("1:9", "emial"));
}

#[test]
fn escapes_and_doubled_quotes_are_followed() {
    assert_eq!(place("w: 'status = ''solvd'' and x'\n", "w", "'solvd'"), at("1:14", "''solvd''"));
    assert_eq!(place("w: 'status = ''solvd'' and x'\n", "w", "x"), at("1:28", "x"));
    assert_eq!(place("w: \"a = \\\"b\\\" and x\"\n", "w", "x"), at("1:19", "x"));
}

#[test]
fn continued_lines_are_followed() {
    let content = "m:\n  w: direction = 'inbound'\n    and  status = 'solvd'\n\n    or x\n";
    assert_eq!(place(content, "w", "'solvd'"), at("3:19", "'solvd'"));
    assert_eq!(place(content, "w", "x"), at("5:8", "x"));
    assert_eq!(place("w: 'a\n  b  \n  c'\n", "w", "c"), at("3:3", "c"));
}

#[test]
fn literal_blocks_are_exact_on_every_line_of_a_nested_mapping() {
    let content = "m:\n  w: |\n    größe = 1\n      and é = 2\n\n    or x\n  z: 1\n";
    assert_eq!(place(content, "w", "größe"), at("3:5", "größe"));
    assert_eq!(place(content, "w", "é = 2"), at("4:11", "é = 2"));
    assert_eq!(place(content, "w", "x"), at("6:8", "x"));
}

#[test]
fn folded_blocks_are_exact_on_every_line() {
    let content = "m:\n  w: >-\n    größe = 1\n    and é = 2\n\n\n    or x\n      deeper y\n    last z\n  n: 1\n";
    assert_eq!(place(content, "w", "é = 2"), at("4:9", "é = 2"));
    assert_eq!(place(content, "w", "x"), at("7:8", "x"));
    assert_eq!(place(content, "w", "y"), at("8:14", "y"));
    assert_eq!(place(content, "w", "z"), at("9:10", "z"));
}

#[test]
fn blocks_with_headers_blank_beginnings_and_windows_line_ends_are_exact() {
    assert_eq!(place("w: |2-  # why\n   é = x\n", "w", "x"), at("2:8", "x"));
    assert_eq!(place("w: |+\n\n  é = x\n\n\n", "w", "x"), at("3:7", "x"));
    assert_eq!(place("w: >\n\n  a\n  é = x\n\nb: 1\n", "w", "x"), at("4:7", "x"));
    assert_eq!(place("w: |\r\n  a\r\n  é = x\r\n", "w", "x"), at("3:7", "x"));
    assert_eq!(place("w: |\n  é = x", "w", "x"), at("2:7", "x"));
}

#[test]
fn a_range_over_a_fold_covers_both_lines() {
    assert_eq!(place("w: >-\n  a b\n  c d\n", "w", "b c"), at("2:5", "b\n  c"));
}

#[test]
fn an_empty_range_is_the_place_between_two_characters() {
    let (texts, root) = sound("w: >-\n  ab\n  c\n");
    let node = root.get("w").expect("given above");
    assert_eq!(node.span_within(&texts, 1..1).range(), 9..9);
    assert_eq!(node.span_within(&texts, 4..4).range(), 14..14);
}

#[test]
fn what_cannot_be_followed_is_the_whole_scalar() {
    assert_eq!(place("w: \"\\u00e9 = x\"\n", "w", "x"), at("1:4", "\"\\u00e9 = x\""));
    let (texts, root) = sound("w: abc\nn: 120\n");
    assert_eq!(texts.slice(root.get("w").expect("given above").span_within(&texts, 2..9)), "abc");
    assert_eq!(texts.slice(root.get("n").expect("given above").span_within(&texts, 1..3)), "20");
}
