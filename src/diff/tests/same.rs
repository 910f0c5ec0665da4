use super::*;
use crate::diff::tests::node;

fn are(shape: &Shape, old: &str, new: &str) -> bool {
    scalars(shape, &node(old), &node(new))
}

#[test]
fn a_number_or_length_of_time_is_what_it_is_worth() {
    assert!(are(&Shape::Decimal, "0.8", "0.80") && !are(&Shape::Decimal, "0.8", "0.81"));
    assert!(are(&Shape::Integer, "7", "7.0") && !are(&Shape::Integer, "7", "8"));
    assert!(are(&Shape::Duration, "60s", "1m") && !are(&Shape::Duration, "60s", "1h"));
    assert!(are(&Shape::WindowEnd, "7d", "168h") && !are(&Shape::WindowEnd, "7d", "7 business_days"));
    assert!(!are(&Shape::Text, "0.8", "0.80") && !are(&Shape::Decimal, "a", "b"));
}

#[test]
fn a_condition_is_what_its_parser_reads() {
    for shape in [&Shape::Expression, &Shape::Formula] {
        assert!(are(shape, "a=1 AND b", "a = 1 and b") && !are(shape, "a = 1 and b", "a = 1 or b"));
    }
    assert!(!are(&Shape::Text, "a=1", "a = 1"));
}

#[test]
fn a_table_is_its_cells_and_a_text_its_words() {
    assert!(are(&Shape::Table, "|\n  a | b\n  1 | 2\n", "|\n  a|b\n  1|2\n"));
    assert!(!are(&Shape::Table, "|\n  a | b\n  1 | 2\n", "|\n  a | b\n  1 | 3\n"));
    assert!(!are(&Shape::Table, "|\n  a | b\n  1 | 2\n", "|\n  a | b\n"));
    assert!(are(&Shape::Text, "a  line", "a\n  line") && !are(&Shape::Text, "a line", "another"));
    assert!(are(&Shape::List(&Shape::Text), "[a, b]", "- a\n- b\n") && !are(&Shape::List(&Shape::Text), "[a]", "[b]"));
}
