use super::*;
use crate::diff::tests::{built, files, node, starter};

#[test]
fn only_names_of_standards_lose_their_versions_wherever_they_stand() {
    let unpinned = |text: &str| {
        let mut tree = node(text);
        unpin(&mut tree);
        tree.to_json()
    };
    let pinned = "use: bot_contacts@1.0.0\nall: [a_1@2.1.0, {b: c@1.0.0}]\nmail: a.b@1.0.0\nnobody: a@b\nrate: 1\n";
    let bare = "use: bot_contacts\nall: [a_1, {b: c}]\nmail: a.b@1.0.0\nnobody: a@b\nrate: 1\n";
    assert_eq!(unpinned(pinned), node(bare).to_json());
}

#[test]
fn a_tree_is_pinned_where_any_name_of_a_standard_in_it_has_a_version() {
    for (text, expected) in [
        ("use: bot_contacts@1.0.0", true),
        ("all: [a, a_1@2.1.0]", true),
        ("all: [a, {b: c@1.0.0}]", true),
        ("all: [a, b]\nmail: a.b@1.0.0\nnobody: a@b\nrate: 1", false),
    ] {
        assert_eq!(is_pinned(&node(text)), expected, "{text}");
    }
}

#[test]
fn a_mixture_of_what_is_one_thing_on_both_sides_is_that_without_versions_of_standards() {
    let [metric, source, standard, project] = starter();
    let mut texts = Texts::new();
    let pinned = metric.replace("use: bot_contacts", "use: bot_contacts@1.0.0");
    let files = files(&mut texts, "", &[pinned, source, standard, project]);
    let catalog = built(files, &texts);
    let own = Object::metric("first_contact_resolution", "1.0.0");
    let pairs = catalog.documents.values().map(|document| (document, document)).collect();
    let mixture = Mixture { metric: (own.clone(), own.clone()), pairs, single: Vec::new(), texts: &texts };
    let (mixed, object) = mixture.catalog(&BTreeSet::new()).expect("a meaning");
    let used = |catalog: &Catalog, object: &Object| {
        let root = &catalog.documents[object].root;
        root.get("exclusions").expect("exclusions").items()[0].get("use").expect("a name").scalar_text()
    };
    assert_eq!((used(&catalog, &own), used(&mixed, &object)), ("bot_contacts@1.0.0".into(), "bot_contacts".into()));
    let is_shared = |object: &Object| Arc::ptr_eq(&catalog.documents[object].root, &mixed.documents[object].root);
    assert!(catalog.documents.keys().filter(|other| **other != own).all(is_shared));
}
