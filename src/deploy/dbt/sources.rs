//! The sources that models read, as dbt has them declared: one file each, the same for every model.

use serde_json::json;

use super::super::files::File;
use super::super::query::Refusal;
use super::super::settings::{self, Form, Moment, Settings};
use super::super::stamp::Stamp;
use super::super::subject::Subject;
use super::jinja::{SourceName, literal};
use super::yaml;
use crate::catalog::Fingerprints;
use crate::definition::{Project, SourceFile};
use crate::plan::Dedupe;
use crate::plan::fingerprint::digest;
use crate::resolve::Registry;
use crate::sql::SQLITE;
use crate::value::Grain;

/// What the stamp of a source has before the source's name, in the place of a metric.
pub(in crate::deploy) const SOURCE: &str = "source:";

/// The part of such a file.
const PART: &str = "source";

/// Writes the sources of a metric.
///
/// # Errors
/// When one is not defined.
pub(super) fn files(subject: &Subject<'_>) -> Result<Vec<File>, Refusal> {
    subject.plan.sources().into_iter().map(|name| file(subject.registry, name)).collect()
}

/// Writes a source.
///
/// # Errors
/// When it is not defined.
pub(in crate::deploy) fn file(registry: &Registry, name: &str) -> Result<File, Refusal> {
    let found = registry.sources.get(name).ok_or_else(|| Refusal(format!("the source `{name}` is not defined")))?;
    let document = document(found, registry.project.as_ref());
    let stamp = stamp(name, &digest(document.to_string().as_bytes()));
    Ok(File { path: format!("models/sources/{name}.yml"), part: PART, text: yaml::file(&stamp, &document) })
}

fn document(file: &SourceFile, project: Option<&Project>) -> serde_json::Value {
    let source = &file.source;
    let columns: Vec<_> = source
        .columns
        .iter()
        .map(|column| {
            let described = file.columns.get(&column.name).map(|(_, described)| yaml::paragraph(described));
            let mut written = json!({ "name": column.name, "description": described.unwrap_or_default() });
            let mut tests = Vec::new();
            if !column.nullable {
                tests.push(json!("not_null"));
            }
            if source.key.len() == 1 && source.key[0] == column.name && source.dedupe == Dedupe::Unique {
                tests.push(json!("unique"));
            }
            if let Some(values) = &column.values {
                let values: Vec<String> = values.iter().map(|value| literal(value)).collect();
                tests.push(json!({ "accepted_values": { "values": values } }));
            }
            if !tests.is_empty() {
                written["data_tests"] = tests.into();
            }
            written
        })
        .collect();
    let name = SourceName::of(&source.table, project);
    let mut group = json!({ "name": name.source });
    if let Some((schema, _)) = source.table.rsplit_once('.') {
        group["schema"] = schema.into();
    }
    group["tables"] = json!([{
        "name": name.table,
        "description": yaml::paragraph(&file.description),
        "columns": columns,
    }]);
    json!({ "version": 2, "sources": [group] })
}

fn stamp(name: &str, digest: &str) -> Stamp {
    let nothing = || "-".to_owned();
    Stamp {
        metric: format!("{SOURCE}{name}"),
        version: nothing(),
        fingerprints: Fingerprints { data: digest.to_owned(), reading: nothing(), parents: nothing() },
        plan: nothing(),
        part: PART.to_owned(),
        object: nothing(),
        settings: Settings {
            form: Form::DbtModel,
            kept: None,
            dialect: SQLITE,
            grain: Grain::All,
            by: Vec::new(),
            from: None,
            since: settings::since(),
            until: settings::until(),
            as_of: Moment::Data,
            settles: None,
            schema: None,
        },
    }
}
