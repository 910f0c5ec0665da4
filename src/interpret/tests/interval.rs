use super::*;

fn spans(ends: &[(i64, i64)]) -> Vec<Interval> {
    let at = Instant::from_micros;
    ends.iter().map(|(start, end)| Interval { start: at(*start), end: at(*end) }).collect()
}

fn frame() -> Interval {
    spans(&[(0, 10)])[0]
}

#[test]
fn a_union_merges_what_overlaps_or_touches_and_drops_what_is_empty() {
    let union = union(spans(&[(5, 6), (1, 3), (2, 4), (4, 5), (8, 8), (9, 7), (8, 9)]));
    assert_eq!(union, spans(&[(1, 6), (8, 9)]));
    assert_eq!(length(&union), 6);
}

#[test]
fn a_complement_is_what_the_frame_holds_besides() {
    assert_eq!(complement(&[], frame()), spans(&[(0, 10)]));
    assert_eq!(complement(&spans(&[(0, 2), (4, 5)]), frame()), spans(&[(2, 4), (5, 10)]));
    assert_eq!(complement(&spans(&[(-5, 2), (8, 20)]), frame()), spans(&[(2, 8)]));
    assert_eq!(complement(&spans(&[(-5, 20)]), frame()), []);
    assert_eq!(complement(&spans(&[(-5, -3), (12, 20)]), frame()), spans(&[(0, 10)]));
}

#[test]
fn an_intersection_is_what_all_sets_hold() {
    let sets = [spans(&[(0, 3), (5, 9)]), spans(&[(2, 6), (8, 20)])];
    assert_eq!(intersection(&sets, frame()), spans(&[(2, 3), (5, 6), (8, 9)]));
    assert_eq!(intersection(&sets[..1], frame()), sets[0]);
    assert_eq!(intersection(&[sets[0].clone(), Vec::new()], frame()), []);
}

#[test]
fn the_longest_interval_has_a_length() {
    let whole = spans(&[(i64::MIN, i64::MAX)]);
    assert_eq!(length(&whole), i128::from(u64::MAX));
}
