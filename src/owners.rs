//! Who is asked when a file changes, in the form that code hosts read: `CODEOWNERS`.
//!
//! Knows definitions and their owners, not where the repository begins: paths are given.

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::definition::{ChangeClass, Definition, OWNER, Policy};
use crate::format::FileKind;
use crate::text::TextId;
use crate::yaml::Node;

const HEAD: &str = "\
# Who is asked when a definition changes. Written by `etalon owners --write` from the owners of definitions and the policy;
# the last line that fits a file counts.
";

/// Writes the owners of every definition file; `path` gives the place of a text in the repository, without a leading `/`,
/// and `root` that of the project's folder (empty where it is the repository).
pub fn code_owners(catalog: &Catalog, root: &str, path: impl Fn(TextId) -> String) -> String {
    let policy = catalog.registry.project.as_ref().and_then(|project| project.policy.as_ref());
    let mut lines: Vec<(String, String)> = Vec::new();
    let below = |name: &str| format!("/{}{name}", if root.is_empty() { String::new() } else { format!("{root}/") });
    let judges = judges(policy);
    if !judges.is_empty() {
        // What decides about all definitions is for those who sign matters of governance.
        lines.extend(["etalon.yaml", "etalon.lock", "acceptances/"].map(|name| (below(name), judges.clone())));
    }
    lines.extend(folders(catalog, &path, policy));
    for document in catalog.documents.values().filter(|document| document.object.kind != FileKind::Metric) {
        let Some(owner) = owner_of(&document.definition, &document.root) else { continue };
        lines.push((format!("/{}", path(document.text)), handles(&owner, policy)));
    }
    let widest = lines.iter().map(|(path, _)| path.chars().count()).max().unwrap_or(0);
    let told: String = lines.iter().map(|(path, owners)| format!("{path:widest$} {owners}\n")).collect();
    format!("{HEAD}{told}")
}

/// Returns the folder of each metric with its owner, and its files where they have another one.
fn folders(catalog: &Catalog, path: &impl Fn(TextId) -> String, policy: Option<&Policy>) -> Vec<(String, String)> {
    let mut by_folder: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
    for document in catalog.documents.values() {
        let Definition::Metric(metric) = &*document.definition else { continue };
        let file = path(document.text);
        let folder = file.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
        by_folder.entry(folder).or_default().push((file, handles(&metric.owner, policy)));
    }
    let mut lines = Vec::new();
    for (folder, files) in by_folder {
        let owners: BTreeSet<&String> = files.iter().map(|(_, owners)| owners).collect();
        match owners.first() {
            // Cases lie beside the definitions they prove.
            Some(only) if owners.len() == 1 && !folder.is_empty() => {
                lines.push((format!("/{folder}/"), (*only).clone()))
            }
            _ => lines.extend(files.iter().map(|(file, owners)| (format!("/{file}"), owners.clone()))),
        }
    }
    lines
}

/// Returns who owns a definition that is no metric.
fn owner_of(definition: &Definition, root: &Node) -> Option<String> {
    let has_owner = matches!(definition, Definition::Source(_) | Definition::Standard(_) | Definition::Mapping(_));
    root.get("owner").filter(|_| has_owner)?.as_text().map(str::to_owned)
}

/// Returns the handles of a team: of its people where the policy names them, else its own.
fn handles(team: &str, policy: Option<&Policy>) -> String {
    let people = policy.and_then(|policy| policy.people(OWNER, team));
    match people {
        Some(people) => people.iter().map(|person| handle(person)).collect::<Vec<_>>().join(" "),
        None => handle(team),
    }
}

/// Returns those who sign matters of governance in roles beside `owner`.
fn judges(policy: Option<&Policy>) -> String {
    let Some(policy) = policy else { return String::new() };
    let needs = policy.signatures.get(&ChangeClass::Governance).or(policy.signatures.get(&ChangeClass::Breaking));
    let roles = needs.into_iter().flatten().filter_map(|need| policy.roles.get(&need.role));
    let people: BTreeSet<String> = roles.flatten().map(|person| handle(person)).collect();
    people.into_iter().collect::<Vec<_>>().join(" ")
}

/// An address stays one; any other name is that of an account or team of the code host.
fn handle(name: &str) -> String {
    let name = name.trim();
    if name.contains('@') { name.to_owned() } else { format!("@{}", name.replace(' ', "-")) }
}
