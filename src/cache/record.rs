//! What is kept of a project, as it is written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Question;
use super::content::ContentId;
use super::stamp::Stamp;
use crate::catalog::Object;
use crate::cores;
use crate::diagnostic::{Diagnostic, Label, Severity};
use crate::rules::{Accepted, Finding, Outline, Rule};
use crate::store;
use crate::text::{Span, TextId, Texts};

/// Bytes of the digest at the end of what is written.
const SEAL: usize = 32;

/// What is kept of one project, but for what was found in it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) key: Key,
    /// When the files were looked at, in milliseconds.
    pub(super) begun: u64,
    /// The definition files, by name.
    pub(super) files: BTreeMap<String, File>,
    /// The files that definitions name, and the lock.
    pub(super) beside: Vec<Beside>,
    /// The names of the texts that places are in, by position.
    pub(super) texts: Vec<String>,
    /// The families, by metric, each with those that its files name, or could mean.
    pub(super) families: BTreeMap<String, BTreeSet<String>>,
    /// What rules ask of all metrics, sorted by name and version.
    pub(super) outlines: Vec<Outline>,
}

/// What was found in a project.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Found {
    /// In families, by metric.
    pub(super) families: BTreeMap<String, Vec<Told>>,
    /// In no family, and by rules that hold all metrics against each other.
    pub(super) others: Vec<Told>,
}

/// What was found, as it is written.
pub(super) struct Unread {
    bytes: Vec<u8>,
    begin: usize,
}

/// What a record is good for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Key {
    /// The program that has written it.
    program: String,
    /// The day on which the project was judged.
    today: String,
    /// The rules that were asked for.
    asked: String,
}

/// A definition file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct File {
    pub(super) stamp: Stamp,
    /// The id of what it holds.
    pub(super) content: ContentId,
    /// What it defines.
    pub(super) object: Object,
}

/// A file that is no definition and that findings rest on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Beside {
    pub(super) place: PathBuf,
    /// Where it lies behind all links; `None` where there is none.
    real: Option<PathBuf>,
    /// Its stamp and the id of what it holds; `None` where there is none.
    pub(super) held: Option<(Stamp, ContentId)>,
    /// The family that names it; `None` where it belongs to all.
    pub(super) family: Option<String>,
}

/// A finding.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Told {
    rule: String,
    metric: Option<String>,
    severity: u8,
    message: String,
    /// The places, each with its remark and whether it is the finding's own.
    labels: Vec<(Span, String, bool)>,
    help: Option<String>,
    fingerprint: String,
    /// Who accepts it, why, and where that is said.
    accepted: Option<(String, String, Span)>,
}

impl Key {
    pub(super) fn of(question: Question) -> Option<Self> {
        let program = std::env::current_exe().ok()?;
        let metadata = std::fs::metadata(&program).ok()?;
        let built = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?.as_nanos();
        Some(Self {
            program: format!("{} {} {built}", env!("CARGO_PKG_VERSION"), metadata.len()),
            today: question.today.to_string(),
            asked: question.asked.map(|asked| asked.name().to_owned()).unwrap_or_default(),
        })
    }
}

impl Record {
    /// Reads a record, and what was found as far as it is asked for; `None` where there is none that can be read.
    pub(super) fn read(place: &Path) -> Option<(Self, Unread)> {
        let mut bytes = std::fs::read(place).ok()?;
        let seal = bytes.split_off(bytes.len().checked_sub(SEAL)?);
        if seal != *Sha256::digest(&bytes) {
            return None;
        }
        let (record, rest) = postcard::take_from_bytes(&bytes).ok()?;
        let begin = bytes.len() - rest.len();
        Some((record, Unread { bytes, begin }))
    }

    /// Returns what the files defined that are not there any more.
    pub(super) fn gone(&self, is_there: impl Fn(&str) -> bool) -> impl Iterator<Item = &Object> {
        self.files.iter().filter(move |(name, _)| !is_there(name)).map(|(_, file)| &file.object)
    }

    /// Returns the families of the files beside the definitions that are not the same any more; `None` among them where
    /// such a file belongs to all.
    pub(super) fn touched(&self, is_same: impl Fn(&Beside) -> bool) -> BTreeSet<Option<&str>> {
        self.beside.iter().filter(|file| !is_same(file)).map(|file| file.family.as_deref()).collect()
    }

    /// Returns those of the files on the disk, as [`Record::touched`] does.
    pub(super) fn touched_on_disk(&self) -> BTreeSet<Option<&str>> {
        let same = cores::map(&self.beside, |file| file.is_same(self.begun));
        let others = self.beside.iter().zip(same).filter(|(_, is_same)| !is_same);
        others.map(|(file, _)| file.family.as_deref()).collect()
    }

    /// Forgets the outlines of some families, and brings the places in the others to where they are among texts of these
    /// names; `None` where one has no counterpart.
    pub(super) fn without_outlines<'n>(
        &mut self,
        families: &BTreeSet<String>,
        names: impl Iterator<Item = &'n str>,
    ) -> Option<()> {
        let mut texts = Texts::new();
        let ids: Vec<(&str, TextId)> = names.map(|name| (name, texts.add("", ""))).collect();
        let place = self.relocation(&mut ids.into_iter());
        self.outlines.retain(|outline| !families.contains(&outline.id));
        self.outlines.iter_mut().all(|outline| outline.relocate(&place)).then_some(())
    }

    /// Returns what brings a place to the same place among the texts that are `known` by name.
    pub(super) fn relocation(
        &self,
        known: &mut dyn Iterator<Item = (&str, TextId)>,
    ) -> impl Fn(Span) -> Option<Span> + use<> {
        let mut ids: HashMap<&str, TextId> = HashMap::new();
        for (name, id) in known {
            ids.entry(name).or_insert(id);
        }
        let moved: Vec<Option<TextId>> = self.texts.iter().map(|name| ids.get(name.as_str()).copied()).collect();
        move |span| Some(Span { text: (*moved.get(span.text.position())?)?, ..span })
    }

    /// Writes the record, and what was found, whole or not at all; one that cannot be written is one less to read.
    pub(super) fn write(&self, found: &Found, place: &Path) {
        let bytes = postcard::to_stdvec(self).and_then(|bytes| postcard::to_extend(found, bytes));
        if let Ok(mut bytes) = bytes {
            let seal = Sha256::digest(&bytes);
            bytes.extend(seal);
            let _ = store::write(place, &bytes);
        }
    }
}

impl Unread {
    /// Reads what was found; `None` where it cannot be read.
    pub(super) fn read(&self) -> Option<Found> {
        postcard::from_bytes(&self.bytes[self.begin..]).ok()
    }
}

impl Key {
    /// Tells whether the same program was asked for the same rules, on whatever day.
    pub(super) fn is_but_for_the_day(&self, other: &Self) -> bool {
        (&self.program, &self.asked) == (&other.program, &other.asked)
    }
}

impl Beside {
    /// Returns the id of what it holds.
    pub(super) fn content(&self) -> Option<ContentId> {
        self.held.as_ref().map(|(_, id)| *id)
    }

    /// Looks at a file; `None` where it was written since `begun`, or something stands there that cannot be read.
    pub(super) fn at(place: PathBuf, family: Option<String>, begun: u64) -> Option<Self> {
        let held = match std::fs::symlink_metadata(&place) {
            Err(_) => None,
            Ok(_) => {
                let stamp = Stamp::of(&place).filter(|stamp| stamp.is_before(begun))?;
                Some((stamp, ContentId::of(&std::fs::read(&place).ok()?)?))
            }
        };
        Some(Self { real: place.canonicalize().ok(), place, held, family })
    }

    /// Tells whether it holds what it held at the time `looked`.
    pub(super) fn is_same(&self, looked: u64) -> bool {
        if self.place.canonicalize().ok() != self.real {
            return false;
        }
        let stamp = Stamp::of(&self.place);
        match (&self.held, stamp) {
            (Some((before, _)), Some(now)) if now.is_as(before, looked) => true,
            (Some((_, before)), Some(_)) => std::fs::read(&self.place).is_ok_and(|now| before.is_of(&now)),
            (None, _) => std::fs::symlink_metadata(&self.place).is_err(),
            (Some(_), None) => false,
        }
    }
}

impl Told {
    pub(super) fn of(finding: &Finding) -> Self {
        let Diagnostic { severity, message, labels, help, .. } = &finding.diagnostic;
        let labels = labels.iter().map(|label| (label.span, label.text.clone(), label.primary));
        Self {
            rule: finding.rule.id.to_owned(),
            metric: finding.metric.clone(),
            severity: *severity as u8,
            message: message.clone(),
            labels: labels.collect(),
            help: help.clone(),
            fingerprint: finding.fingerprint.clone(),
            accepted: finding.accepted.as_ref().map(|it| (it.by.clone(), it.reason.clone(), it.span)),
        }
    }

    /// Returns the finding; `None` where there is no such rule.
    pub(super) fn finding(&self, rules: &BTreeMap<&str, &'static Rule>) -> Option<Finding> {
        let rule = *rules.get(self.rule.as_str())?;
        let label =
            |(span, text, primary): &(Span, String, bool)| Label { span: *span, text: text.clone(), primary: *primary };
        let severity = [Severity::Error, Severity::Warning, Severity::Note];
        Some(Finding {
            rule,
            metric: self.metric.clone(),
            diagnostic: Diagnostic {
                code: rule.code,
                severity: *severity.get(usize::from(self.severity))?,
                message: self.message.clone(),
                labels: self.labels.iter().map(label).collect(),
                help: self.help.clone(),
            },
            edit: None,
            fingerprint: self.fingerprint.clone(),
            accepted: self.accepted.clone().map(|(by, reason, span)| Accepted { by, reason, span }),
        })
    }

    /// Returns the places that it is about.
    pub(super) fn places(&mut self) -> impl Iterator<Item = &mut Span> {
        let accepted = self.accepted.iter_mut().map(|(_, _, span)| span);
        self.labels.iter_mut().map(|(span, _, _)| span).chain(accepted)
    }
}

impl Found {
    /// Changes every place of what was found in families; `false` where one has no counterpart.
    pub(super) fn relocate(&mut self, place: &dyn Fn(Span) -> Option<Span>) -> bool {
        self.families.values_mut().flatten().flat_map(Told::places).all(|span| match place(*span) {
            Some(found) => {
                *span = found;
                true
            }
            None => false,
        })
    }
}
