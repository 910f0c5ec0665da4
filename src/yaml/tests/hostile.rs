//! Texts made to exhaust their reader.

use super::*;
use std::fmt::Write;

#[test]
fn aliases_of_aliases_end_at_the_alias_that_exceeds_the_limit() {
    // a has 11 nodes, b 1 + 10 * 11 = 111, c 1 + 10 * 111 = 1,111: made by aliases are 110 for b, 1,110 for c, and d
    // may take 7 more copies of c (7,777, together 8,997) before the eighth makes it 10,108.
    let mut content = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n".to_owned();
    for (name, previous) in [("b", "a"), ("c", "b"), ("d", "c"), ("e", "d")] {
        let aliases = vec![format!("*{previous}"); 10].join(", ");
        writeln!(content, "{name}: &{name} [{aliases}]").expect("given above");
    }
    let (texts, node, diagnostics) = parsed(&content);
    assert_eq!(node, None);
    let [found] = diagnostics.as_slice() else { panic!("{diagnostics:?}") };
    assert_eq!(found.code.id, "alias-bomb");
    assert_eq!(texts.slice(found.span()), "*c");
    // `d: &d [` is 7 characters, each alias with its separator 4: the eighth begins at column 8 + 7 * 4.
    assert_eq!(texts.position(found.span()).to_string(), "4:36");
}

#[test]
fn ten_thousand_copied_nodes_are_allowed_and_one_more_is_not() {
    let content = |aliases: usize| format!("a: &a x\nb: [{}]\n", vec!["*a"; aliases].join(","));
    assert_eq!(findings(&content(10_000)), []);
    assert_eq!(findings(&content(10_001)), [("alias-bomb", "*a".to_owned())]);
}

#[test]
fn anchors_around_anchors_do_not_multiply_the_memory() {
    let group = format!("{}{}{}", "&a [".repeat(60), "1,".repeat(9_000), "]".repeat(60));
    let content = format!("- {group}\n").repeat(20);
    assert_eq!(findings(&content).iter().map(|(code, _)| *code).collect::<Vec<_>>(), ["alias-bomb"]);
}

#[test]
fn an_alias_inside_its_own_anchor_is_refused() {
    assert_eq!(findings("a: &a [*a]\n"), [("unsupported-yaml", "*a".to_owned())]);
}

#[test]
fn sixty_four_levels_are_allowed_and_one_more_is_not() {
    let flow = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert_eq!(findings(&flow(64)), []);
    assert_eq!(findings(&flow(65)), [("nested-too-deeply", "[".to_owned())]);
    let block = |levels: usize| "- ".repeat(levels) + "x";
    assert_eq!(findings(&block(64)), []);
    assert_eq!(findings(&block(65)).first().map(|found| found.0), Some("nested-too-deeply"));
}

#[test]
fn levels_of_blocks_and_brackets_count_together() {
    let content = format!("{}{}{}", "- ".repeat(40), "[".repeat(25), "]".repeat(25));
    assert_eq!(findings(&content), [("nested-too-deeply", "[".to_owned())]);
}

#[test]
fn levels_added_by_an_alias_count() {
    let anchored = format!("{}{}", "[".repeat(40), "]".repeat(40));
    let around = format!("{}*a{}", "[".repeat(30), "]".repeat(30));
    let content = format!("a: &a {anchored}\nb: {around}\n");
    assert_eq!(findings(&content), [("nested-too-deeply", "*a".to_owned())]);
}

#[test]
fn endless_repetition_of_any_indicator_gives_a_tree_or_an_error() {
    const UNITS: &str =
        "[ { ] } - ? : &a *a !a \" ' | > % # --- ... a: a:\n - a\n [a, {a: []: {}: \\ \"\\ << é \u{feff} , @";
    for unit in UNITS.split(' ') {
        for separator in ["", " ", "\n", "\n ", "\t"] {
            let content = format!("{unit}{separator}").repeat(2_000);
            let (_, node, diagnostics) = parsed(&content);
            assert!(node.is_some() || !diagnostics.is_empty(), "{unit:?} {separator:?}");
        }
    }
}

#[test]
fn every_beginning_of_a_text_gives_a_tree_or_an_error_inside_the_text() {
    let content =
        "a: &x [1, 'é''s', \"\\u00e9\\n\"]\nb:\n- |+2\n    ö\n\n- >-\n  x\n   y\n- {*x : !!t no, ? q : 1.10}\n...\n";
    for end in (0..=content.len()).filter(|end| content.is_char_boundary(*end)) {
        let (texts, node, diagnostics) = parsed(&content[..end]);
        assert!(node.is_some() || !diagnostics.is_empty(), "{end}");
        for label in diagnostics.iter().flat_map(|found| &found.labels) {
            assert!(texts.get(label.span.text).content.get(label.span.range()).is_some(), "{end}: {label:?}");
        }
    }
}
