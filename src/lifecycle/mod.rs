//! The life of a version: from a draft to its tombstone, one step at a time, in the texts of a project and its lock.
//!
//! Changes texts and writes nothing: what comes out is a stage that can be checked before it is written.

mod cases;
mod leaving;
mod records;
mod release;
mod stage;
mod successor;

pub use leaving::{deprecate, retire};
pub use records::{Finding, Signing, accept, approve};
pub use release::release;
pub use stage::{Stage, Staged};
pub use successor::{Step, Succession, new_version};

use crate::amend::Amendment;
use crate::catalog::{Catalog, Document, Object};
use crate::definition::{Metric, Status};
use crate::diagnostic::{Diagnostic, nearest};
use crate::load::LoadedFile;
use crate::lock::Lock;
use crate::text::{TextId, Texts};
use crate::value::Version;

/// A project as a command finds it, without errors.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// What it defines.
    pub catalog: &'a Catalog,
    /// The texts of its files.
    pub texts: &'a Texts,
    /// Its files.
    pub files: &'a [LoadedFile],
    /// What is locked.
    pub lock: &'a Lock,
    /// The text of the lock; `None` where there is no file.
    pub lock_text: Option<&'a str>,
}

/// Why a step is not taken.
#[derive(Debug)]
pub enum Refusal {
    /// Something is named that is not there.
    Unknown(String),
    /// The state of the project does not allow it.
    Refused(String),
    /// With the step the definitions would have these mistakes, in these texts.
    Broken(Vec<Diagnostic>, Box<Texts>),
}

impl Refusal {
    /// Returns a refusal with its remedy.
    fn state(fact: impl Into<String>, help: impl AsRef<str>) -> Self {
        Refusal::Refused(format!("{}\n  help: {}", fact.into(), help.as_ref()))
    }
}

/// One version of a metric.
#[derive(Debug, Clone, Copy)]
struct Target<'a> {
    id: &'a str,
    version: Version,
    metric: &'a Metric,
    document: &'a Document,
}

impl Target<'_> {
    /// Returns the version as messages name it.
    fn name(&self) -> String {
        format!("{}@{}", self.id, self.version)
    }
}

impl<'a> Scene<'a> {
    /// Finds the version that is asked for as `metric` or `metric@version`; a name without a version means the latest
    /// version that is `preferred`, else the current one.
    fn target(self, asked: &str, preferred: impl Fn(&Metric) -> bool) -> Result<Target<'a>, Refusal> {
        let (id, version) = match asked.split_once('@') {
            Some((id, version)) => (id, Some(version)),
            None => (asked, None),
        };
        let metrics = &self.catalog.registry.metrics;
        let (id, versions) = metrics.get_key_value(id).ok_or_else(|| {
            let known: Vec<&str> = metrics.keys().map(String::as_str).collect();
            Refusal::Unknown(match nearest(id, &known) {
                Some(near) => format!("there is no metric `{id}`: did you mean `{near}`?"),
                None => format!("there is no metric `{id}`"),
            })
        })?;
        let found = match version {
            Some(version) => Version::parse(version).and_then(|version| versions.get_key_value(&version)),
            None => {
                let chosen = versions.iter().rfind(|(_, metric)| preferred(metric));
                let current = self.catalog.registry.current(id).and_then(|metric| Version::parse(&metric.version));
                chosen.or_else(|| versions.get_key_value(&current?))
            }
        };
        let Some((version, metric)) = found else {
            let known: Vec<String> = versions.keys().map(Version::to_string).collect();
            let asked = version.unwrap_or_default();
            return Err(Refusal::Unknown(format!("`{id}` has no version {asked}; there are: {}", known.join(", "))));
        };
        let document = self.catalog.documents.get(&Object::metric(id, version));
        let document = document.ok_or_else(|| Refusal::Unknown(format!("`{id}@{version}` has no file")))?;
        Ok(Target { id, version: *version, metric, document })
    }

    /// Begins to change the text of a file.
    fn amendment(self, document: &'a Document) -> Result<Amendment<'a>, Refusal> {
        let text = self.texts.get(document.text);
        Amendment::new(&text.content, &document.root).ok_or_else(|| {
            Refusal::state(
                format!("`{}` cannot be changed in place: it is written in braces", text.name),
                "write one key a line",
            )
        })
    }

    /// Returns the file of a text.
    fn file(self, text: TextId) -> Option<&'a LoadedFile> {
        self.files.iter().find(|file| file.id == text)
    }

    /// Refuses where the line of a version was changed by hand.
    fn sealed(self, target: Target<'_>) -> Result<(), Refusal> {
        match self.lock.entry(target.id, target.version) {
            Some(entry) if !entry.is_sealed() => Err(Refusal::state(
                format!("the line of `{}` in the lock was changed by hand", target.name()),
                "restore it from version control",
            )),
            _ => Ok(()),
        }
    }
}

/// Refuses a step into `next` from any state but the one before it.
fn follows(target: Target<'_>, next: Status) -> Result<(), Refusal> {
    let status = target.metric.status;
    if status.next() == Some(next) {
        return Ok(());
    }
    let life: Vec<&str> = Status::EVERY.iter().map(|status| status.name()).collect();
    let help = match status {
        Status::Draft => "set `status: candidate` once it is ready to be judged",
        Status::Candidate => "`etalon release` comes first",
        Status::Released => "`etalon deprecate` comes first",
        Status::Deprecated | Status::Retired => "`etalon new-version` begins a new one",
    };
    let fact = format!("`{}` is `{}`, and cannot become `{}`", target.name(), status.name(), next.name());
    Err(Refusal::state(fact, format!("{help}; a version goes from {}", life.join(" to "))))
}
