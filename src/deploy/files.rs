//! The files of a deployment: those of each metric, and which metrics have none, with the reason.

use super::dbt;
use super::query::Refusal;
use super::settings::{Form, Settings};
use super::statements;
use super::subject::Subject;
use crate::catalog::Catalog;
use crate::cores;

/// A file that is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// Its path below the folder of the deployment, with forward slashes.
    pub path: String,
    /// Which of its metric's files it is, as its stamp says.
    pub part: &'static str,
    /// Its text.
    pub text: String,
}

/// The files of one metric.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Files {
    /// The files.
    pub files: Vec<File>,
    /// What whoever deploys them should know.
    pub remarks: Vec<String>,
}

/// The files of several metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deployment {
    /// The files by path, each once.
    pub files: Vec<File>,
    /// What whoever deploys them should know, by metric.
    pub remarks: Vec<(String, String)>,
    /// Metrics that are not deployed so, with the reason.
    pub refused: Vec<(String, String)>,
}

/// Writes the files of metrics.
pub fn deployment(catalog: &Catalog, names: &[String], settings: &Settings) -> Deployment {
    let mut deployment = Deployment::default();
    let written = cores::map(names, |name| Subject::find(catalog, name).and_then(|subject| files(&subject, settings)));
    for (name, written) in names.iter().zip(written) {
        match written {
            Ok(found) => {
                deployment.remarks.extend(found.remarks.into_iter().map(|remark| (name.clone(), remark)));
                deployment.files.extend(found.files);
            }
            Err(Refusal(reason)) => deployment.refused.push((name.clone(), reason)),
        }
    }
    deployment.files.sort();
    deployment.files.dedup_by(|one, other| one.path == other.path);
    deployment
}

/// Writes the files of one metric.
///
/// # Errors
/// When it is not deployed so.
pub fn files(subject: &Subject<'_>, settings: &Settings) -> Result<Files, Refusal> {
    match settings.form {
        Form::Query | Form::View | Form::Table | Form::Incremental => statements::files(subject, settings),
        Form::DbtModel => dbt::model(subject, settings),
        Form::DbtMetrics => dbt::semantic(subject, settings),
    }
}
