//! A metric as a model of dbt: a view, a table, or a table of which a run writes anew only what can still move.

use super::super::files::{File, Files};
use super::super::head::{comments, remark};
use super::super::query::{Refusal, standing};
use super::super::settings::{Kept, Settings};
use super::super::stamp::sealed;
use super::super::statements::{Upkeep, upkeep};
use super::super::subject::Subject;
use super::jinja::{self, THIS, Tables};
use super::{properties, sources};
use crate::plan::Plan;
use crate::sql::{Anew, Target};

/// The part that is the model itself.
const MODEL: &str = "sql";

/// Writes the files of a metric as a model.
///
/// # Errors
/// When the metric is not deployed so.
pub(in crate::deploy) fn files(subject: &Subject<'_>, settings: &Settings) -> Result<Files, Refusal> {
    let mut plan = subject.plan.clone();
    let project = subject.registry.project.as_ref();
    let tables = Tables::name(&mut plan, project)?;
    let object = subject.object(settings);
    let (text, remarks) = match settings.kept {
        Some(Kept::Incremental) => match upkeep(subject, settings)? {
            Upkeep::Part { look_back, remarks } => {
                let anew = Anew { table: Target::Told(THIS), look_back };
                (model(subject, settings, (&plan, &tables), Some((anew, &remarks)))?, Vec::new())
            }
            Upkeep::Whole(reasons) => {
                let told = vec![format!("Written anew as a whole by each run: {}.", reasons.join("; "))];
                let settings = Settings { kept: Some(Kept::Table), ..settings.clone() };
                let text = whole(subject, &settings, (&plan, &tables), &told)?;
                (text, told)
            }
        },
        _ => (whole(subject, settings, (&plan, &tables), &[])?, Vec::new()),
    };
    let mut files = vec![File { path: format!("models/{object}.sql"), part: MODEL, text }];
    files.extend(properties::files(subject, settings)?);
    files.extend(sources::files(subject)?);
    Ok(Files { files, remarks })
}

fn whole(
    subject: &Subject<'_>,
    settings: &Settings,
    planned: (&Plan, &Tables),
    remarks: &[String],
) -> Result<String, Refusal> {
    let (plan, tables) = planned;
    let query = standing((plan, subject.registry), settings, None)?;
    let kept = settings.kept.unwrap_or(Kept::Table).name();
    let config = config(&[format!("materialized='{kept}'")], settings);
    let body = tables.templated(&query.unordered());
    Ok(sealed(&format!("{}{}{config}{}\n", about(subject, settings), told(remarks), body.trim_end())))
}

fn model(
    subject: &Subject<'_>,
    settings: &Settings,
    (plan, tables): (&Plan, &Tables),
    anew: Option<(Anew<'_>, &[String])>,
) -> Result<String, Refusal> {
    let Some((anew, remarks)) = anew else { return whole(subject, settings, (plan, tables), &[]) };
    let query = standing((plan, subject.registry), settings, Some(anew))?;
    let clear = tables.statement(query.clear.as_deref().unwrap_or_default());
    // The statement runs before the model, and only where there is a table to make room in.
    let clear = format!("{{% if is_incremental() %}}\n{clear}\n{{% endif %}}");
    let mut arguments = vec![
        "materialized='incremental'".to_owned(),
        "incremental_strategy='delete+insert'".to_owned(),
        "unique_key='period_start'".to_owned(),
        "on_schema_change='fail'".to_owned(),
        format!("pre_hook={}", jinja::quoted(&clear)),
    ];
    if settings.dialect.name == "bigquery" || settings.dialect.name == "spark" || settings.dialect.name == "databricks"
    {
        // They have no such strategy, and the statement before has made room already.
        arguments[1] = "incremental_strategy='append'".to_owned();
        arguments.remove(2);
    }
    let config = config(&arguments, settings);
    let body = tables.templated(query.unordered().trim_end());
    Ok(sealed(&format!("{}{}{config}{}\n", about(subject, settings), told(remarks), body.trim_end())))
}

/// Writes the call that configures a model, and the one that stops a run when the model is good no longer.
fn config(arguments: &[String], settings: &Settings) -> String {
    let mut arguments = arguments.to_vec();
    if let Some(schema) = &settings.schema {
        arguments.push(format!("schema={}", jinja::quoted(schema)));
    }
    let until = settings.until;
    format!(
        "{{{{\n    config(\n        {}\n    )\n}}}}\n\
         {{% if execute and run_started_at.isoformat() >= '{}' %}}\n    \
         {{{{ exceptions.raise_compiler_error('it was good until {until}: write it again with a later --until') }}}}\n\
         {{% endif %}}\n",
        arguments.join(",\n        "),
        until.to_string().trim_end_matches('Z'),
    )
}

fn about(subject: &Subject<'_>, settings: &Settings) -> String {
    jinja::literal(&comments(subject, settings, MODEL))
}

fn told(remarks: &[String]) -> String {
    remarks.iter().map(|what| jinja::literal(&remark(what))).collect()
}
