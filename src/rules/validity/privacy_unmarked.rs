//! A column that tells persons apart and has no privacy class.

use crate::catalog::Document;
use crate::definition::Definition;
use crate::rules::{About, Findings, Rule, Subject};
use crate::yaml::Node;

/// Words of names of columns that identify somebody, where one of the second list follows.
const PERSONS: [&str; 9] =
    ["customer", "agent", "employee", "user", "requester", "caller", "visitor", "assignee", "person"];
const IDENTIFYING: [&str; 6] = ["id", "name", "number", "email", "mail", "phone"];

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    let is_source = |document: &&Document| matches!(*document.definition, Definition::Source(_));
    for document in subject.new.catalog.documents.values().filter(is_source) {
        let columns = document.root.get("columns").map_or(&[][..], Node::entries);
        for column in
            columns.iter().filter(|column| column.value.get("privacy").is_none() && identifies(&column.key.value))
        {
            let (source, name) = (&document.object.name, &column.key.value);
            let message = format!("`{name}` of `{source}` tells persons apart and has no privacy class");
            let key = format!("{source}|{name}");
            findings.add(rule, About::PROJECT, column.key.span, (&key, message));
        }
    }
}

fn identifies(name: &str) -> bool {
    let words: Vec<&str> = name.split('_').collect();
    words.windows(2).any(|pair| PERSONS.contains(&pair[0]) && IDENTIFYING.contains(&pair[1]))
}
