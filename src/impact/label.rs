//! Short names of clauses: `window.to of later_contact`, `exclusion vip`, `through standard bot_contacts`.

use crate::catalog::Object;
use crate::diff::{EditId, Path};
use crate::format::FileKind;

/// Most edits of a clause that its name tells one by one.
const TOLD: usize = 2;

/// Names clauses; `own` is the metric itself, whose edits need no mention of where they are made. No two names are alike
/// unless the edits are.
pub(crate) fn labels(own: &Object, clauses: &[Vec<EditId>]) -> Vec<String> {
    let short = clauses.iter().map(|edits| label(own, edits, Detail::Short)).collect::<Vec<_>>();
    let is_shared = |label: &String| short.iter().filter(|other| *other == label).count() > 1;
    let pairs = clauses.iter().zip(&short);
    pairs
        .map(|(edits, label_)| if is_shared(label_) { label(own, edits, Detail::Long) } else { label_.clone() })
        .collect()
}

/// How much a name tells of an edit that is made elsewhere.
#[derive(Clone, Copy, PartialEq)]
enum Detail {
    Short,
    Long,
}

fn label(own: &Object, edits: &[EditId], detail: Detail) -> String {
    let mut names: Vec<String> = Vec::new();
    for edit in edits {
        let name = one(own, edit, detail);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.len() {
        0 => "the change as a whole".to_owned(),
        1..=TOLD => names.join(" and "),
        more => format!("{} and {} more edits", names[0], more - 1),
    }
}

fn one(own: &Object, edit: &EditId, detail: Detail) -> String {
    if edit.object.kind == own.kind && edit.object.id() == own.id() {
        return placed(&edit.path);
    }
    let object = match edit.object.kind {
        FileKind::Project => "the project file".to_owned(),
        kind => format!("{} {}", kind.head(), edit.object.id()),
    };
    match detail {
        Detail::Short => format!("through {object}"),
        Detail::Long => format!("{} through {object}", placed(&edit.path)),
    }
}

/// Names a place in a definition from its inside out.
fn placed(path: &Path) -> String {
    let (variant, steps) = path.in_reading();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let place = match steps.as_slice() {
        ["facts", name] => format!("fact {name}"),
        ["exclusions", name] => format!("exclusion {name}"),
        ["exclusions"] => "order of exclusions".to_owned(),
        ["columns", name] => format!("column {name}"),
        ["facts", name, rest @ ..] => format!("{} of {name}", rest.join(".")),
        ["exclusions", name, rest @ ..] => format!("{} of exclusion {name}", rest.join(".")),
        ["columns", name, rest @ ..] => format!("{} of column {name}", rest.join(".")),
        rest => rest.join("."),
    };
    match variant {
        Some(variant) => format!("{place} in {variant}"),
        None => place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::Kind;

    fn edit(object: Object, path: &str) -> EditId {
        let path = path.split('.').fold(Path::default(), |path, step| path.to(step));
        EditId { object, path, kind: Kind::Changed }
    }

    #[test]
    fn a_clause_is_named_after_where_it_stands() {
        let own = Object::metric("fcr", "1.1.0");
        let standard = Object { kind: FileKind::Standard, name: "bots@1.0.0".to_owned() };
        let source = Object { kind: FileKind::Source, name: "calls".to_owned() };
        let clauses = vec![
            vec![edit(own.clone(), "facts.later.window.to")],
            vec![edit(own.clone(), "exclusions.vip")],
            vec![edit(own.clone(), "variants.mature.maturity")],
            vec![edit(standard, "exclude_when")],
            vec![edit(source.clone(), "columns.customer.null_tokens.none")],
            vec![edit(source, "duplicates")],
            vec![edit(own.clone(), "facts.back"), edit(own.clone(), "resolution.resolved_when")],
        ];
        assert_eq!(
            labels(&own, &clauses),
            [
                "window.to of later",
                "exclusion vip",
                "maturity in mature",
                "through standard bots",
                "null_tokens.none of column customer through source calls",
                "duplicates through source calls",
                "fact back and resolution.resolved_when",
            ]
        );
    }
}
