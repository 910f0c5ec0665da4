use super::*;
use crate::diff::tests::node;

#[test]
fn items_are_called_by_what_tells_them_apart_else_by_their_number() {
    let list = node("- id: a\n- use: b@1.0.0\n- c\n- c\n- {x: 1}\n- [1, 2]\n- metric: a\n");
    let names: Vec<String> = named(&list).into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["a", "b", "c", "c#2", "item", "item#2", "a#2"]);
}
