//! Texts without a mistake.

use super::*;

/// Returns the text that a node covers in its file.
fn written<'t>(texts: &'t Texts, node: &Node) -> &'t str {
    texts.slice(node.span)
}

#[test]
fn every_node_knows_its_place_behind_wide_characters() {
    let (texts, root) = sound("größe: é\nwhere:\n  any: [1, {kanal: chät}, ]\nend: 'x'\n");
    assert_eq!(written(&texts, root.get("größe").expect("given above")), "é");
    let any = root.get("where").expect("given above").get("any").expect("given above");
    assert_eq!(written(&texts, root.get("where").expect("given above")), "any: [1, {kanal: chät}, ]");
    assert_eq!(written(&texts, any), "[1, {kanal: chät}, ]");
    assert_eq!(written(&texts, &any.items()[1]), "{kanal: chät}");
    assert_eq!(written(&texts, any.items()[1].get("kanal").expect("given above")), "chät");
    assert_eq!(written(&texts, root.get("end").expect("given above")), "'x'");
    assert_eq!(texts.slice(root.entries()[0].key.span), "größe");
}

#[test]
fn an_omitted_value_is_an_empty_place_after_its_colon() {
    let (texts, root) = sound("a:\nb: 1\n");
    let omitted = root.get("a").expect("given above");
    assert!(omitted.is_null());
    assert_eq!(omitted.span.range(), 2..2);
    assert_eq!(written(&texts, &root), "a:\nb: 1");
}

#[test]
fn lists_begin_at_their_dash_indented_or_not() {
    let (texts, root) = sound("a:\n- 1\n- - 2\n  - 3\nb:\n  - 4\nc:\n- [5]\n");
    assert_eq!(written(&texts, root.get("a").expect("given above")), "- 1\n- - 2\n  - 3");
    assert_eq!(written(&texts, &root.get("a").expect("given above").items()[1]), "- 2\n  - 3");
    assert_eq!(written(&texts, root.get("b").expect("given above")), "- 4");
    assert_eq!(written(&texts, &root.get("c").expect("given above").items()[0]), "[5]");
}

#[test]
fn block_scalars_cover_their_lines_without_the_header() {
    let (texts, root) = sound("a: |\n  one\n    two\n\nb: >-\n  x\n  y\nc: 1\n");
    assert_eq!(written(&texts, root.get("a").expect("given above")), "one\n    two");
    assert_eq!(root.get("a").expect("given above").as_text(), Some("one\n  two\n"));
    assert_eq!(written(&texts, root.get("b").expect("given above")), "x\n  y");
    assert_eq!(root.get("b").expect("given above").as_text(), Some("x y"));
}

#[test]
fn scalars_are_resolved_only_where_they_are_plain() {
    let (_, root) = sound("[true, 'true', 12, \"12\", 1.10, null, ~, csat, 2026-05-01, 2026-05-01 09:30:00]");
    let kinds: Vec<&str> = root.items().iter().map(Node::kind_name).collect();
    let expected =
        ["true or false", "text", "a whole number", "text", "a number", "nothing", "nothing", "text", "text", "text"];
    assert_eq!(kinds, expected);
    assert_eq!(root.items()[4].kind, NodeKind::Number("1.10".into()));
    assert_eq!(root.items()[1].kind, NodeKind::Text { value: "true".into(), style: Style::SingleQuoted });
}

#[test]
fn keys_are_text_whatever_they_look_like() {
    let (_, root) = sound("2026: a\n1.10: b\n'no': c\n? long\n: d\non: e\nn: 1\n");
    let keys: Vec<&str> = root.entries().iter().map(|entry| entry.key.value.as_str()).collect();
    assert_eq!(keys, ["2026", "1.10", "no", "long", "on", "n"]);
}

#[test]
fn an_alias_repeats_its_anchor_with_the_place_of_the_original() {
    let (texts, root) = sound("a: &x {k: [é]}\nb: *x\nc: 1\n");
    assert_eq!(root.get("a"), root.get("b"));
    assert_eq!(written(&texts, root.get("b").expect("given above")), "{k: [é]}");
    assert_eq!(written(&texts, &root), "a: &x {k: [é]}\nb: *x\nc: 1");
}

#[test]
fn an_empty_text_is_an_empty_value() {
    for content in ["", "\n", "# nothing here\n", "---\n", "\u{feff}"] {
        assert!(sound(content).1.is_null(), "{content:?}");
    }
}

#[test]
fn a_byte_order_mark_and_line_ends_of_windows_are_tolerated() {
    let (texts, root) = sound("\u{feff}a: 1\r\nb: two\r\n");
    assert_eq!(root.get("a").expect("given above").kind, NodeKind::Integer(1));
    assert_eq!(written(&texts, root.get("b").expect("given above")), "two");
}

#[test]
fn json_keeps_numbers_that_a_double_holds_and_the_digits_of_all_others() {
    let (_, root) = sound(
        "{i: -3, d: 0.80, v: 1.10, whole: 2.0, long: 0.1234567890123456789, z: -0.0, t: x, n: , b: true, s: [1]}",
    );
    let expected = r#"{"i":-3,"d":0.8,"v":1.1,"whole":2.0,"long":"0.1234567890123456789","z":-0.0,"t":"x","n":null,"b":true,"s":[1]}"#;
    assert_eq!(root.to_json().to_string(), expected);
}

#[test]
fn what_a_node_is_not_it_does_not_have() {
    let (_, root) = sound("a: 1\n");
    let number = root.get("a").expect("given above");
    assert_eq!((root.get("b"), number.get("a"), number.as_text()), (None, None, None));
    assert!(number.entries().is_empty() && number.items().is_empty() && root.items().is_empty());
}
