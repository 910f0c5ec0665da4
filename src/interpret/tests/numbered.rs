use super::super::rows::{Place, Row};
use super::*;

const ONE: [Place; 1] = [Place::Cell(0)];
const TWO: [Place; 2] = [Place::Cell(0), Place::Cell(1)];

/// Numbers the keys that rows of as many cells make at `places`.
fn numbers(rows: &[Vec<Value>], places: &[Place]) -> Vec<usize> {
    let key = |row: usize| Key::new(Row::new(&rows[row], &[]), places);
    Numbered::of(places.len(), rows.len(), key).1
}

fn texts(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|text| Value::text(text)).collect()
}

#[test]
fn numbers_count_up_as_keys_are_first_seen() {
    let rows = ["b", "a", "b", "c", "a"].map(|text| texts(&[text]));
    assert_eq!(numbers(&rows, &ONE), [0, 1, 0, 2, 1]);
}

#[test]
fn values_that_read_alike_one_after_the_other_are_different_keys() {
    let rows = [texts(&["ab", "c"]), texts(&["a", "bc"]), texts(&["ab", "c"]), texts(&["c", "ab"])];
    assert_eq!(numbers(&rows, &TWO), [0, 1, 0, 2]);
}

#[test]
fn keys_that_share_a_value_differ_by_the_other() {
    let rows = [texts(&["a", "x"]), texts(&["b", "x"]), texts(&["a", "y"]), texts(&["b", "x"])];
    assert_eq!(numbers(&rows, &TWO), [0, 1, 2, 1]);
}

#[test]
fn a_null_is_equal_to_a_null_and_to_no_empty_text() {
    let rows = [vec![Value::Null], texts(&[""]), vec![Value::Null]];
    assert_eq!(numbers(&rows, &ONE), [0, 1, 0]);
}

#[test]
fn equal_numbers_of_different_scale_are_one_key() {
    let number = |text: &str| vec![Value::Number(text.parse().expect(text))];
    assert_eq!(numbers(&[number("1.5"), number("1"), number("1.50"), number("1.0")], &ONE), [0, 1, 0, 1]);
}

#[test]
fn keys_without_values_are_all_the_same() {
    assert_eq!(numbers(&[texts(&["a"]), texts(&["b"])], &[]), [0, 0]);
    let none = |_| unreachable!("there is no key");
    assert_eq!(Numbered::of(0, 0, none).0.len(), 1);
}

#[test]
fn what_was_not_numbered_is_not_found() {
    let (seen, unseen) = (texts(&["a", "x"]), [texts(&["a", "y"]), texts(&["b", "x"])]);
    let (numbered, _) = Numbered::of(2, 1, |_| Key::new(Row::new(&seen, &[]), &TWO));
    assert_eq!(numbered.find(&Key::new(Row::new(&seen, &[]), &TWO)), Some(0));
    for row in &unseen {
        assert_eq!(numbered.find(&Key::new(Row::new(row, &[]), &TWO)), None);
    }
    assert_eq!(numbered.len(), 1);
}

#[test]
fn keys_of_one_hash_are_told_apart() {
    let known = |first, next| Known { hash: 7, first, next: Next::Text(next) };
    let mut part = Part::default();
    let places = [known(0, "a"), known(0, "b"), known(1, "a"), known(0, "a")].map(|known| part.place(known));
    assert_eq!(places, [0, 1, 2, 0]);
}
