//! Everything there is to say about one change: what differs, what rules find in it, which version it needs.
//!
//! Gathers what other layers find out, in the order in which a reader asks. Prints nothing and decides no exit code.

mod releases;
mod searched;

pub use releases::{Release, releases};

use std::collections::{BTreeMap, BTreeSet};

use crate::catalog::Catalog;
use crate::cores;
use crate::decision;
use crate::definition::Decision;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::diff::{self, Bump, Comparison, Diff, EditId, MeaningChange, Scope};
use crate::impact::{self, Price, Projects, Rows};
use crate::lock::{self, Lock};
use crate::rules::{self, Finding, Outline, Profile, Side, Subject};
use crate::sides::{self, Place, Sides, SidesError};
use crate::signing::RoleState;
use crate::text::{TextId, Texts};
use crate::value::Date;
use crate::witness::{Effort, Search};

/// One change, reviewed.
#[derive(Debug)]
pub struct Review {
    /// What the old side is called.
    pub old_label: String,
    /// What the new side is called.
    pub new_label: String,
    /// The texts behind both sides.
    pub texts: Texts,
    /// The project as it was.
    pub old: Catalog,
    /// The project as it is to be.
    pub new: Catalog,
    /// What is beside the definitions of the old and the new side.
    pub papers: (Papers, Papers),
    /// What differs.
    pub diff: Diff,
    /// What is said of each comparison of the diff, in its order.
    pub metrics: Vec<MetricReview>,
    /// What rules have found, worst first.
    pub findings: Vec<Finding>,
}

/// What is said of one comparison.
#[derive(Debug)]
pub struct MetricReview {
    /// Which part of the version has to change.
    pub needs: Bump,
    /// Which part has changed; `None` where there is no version to compare with.
    pub declared: Option<Bump>,
    /// The data fingerprint that is signed; `None` where the version is gone or broken.
    pub data: Option<String>,
    /// Who must sign it, and how far that has come.
    pub signatures: Vec<RoleState>,
    /// What became of the search for tables on which the versions differ; empty until [`Review::search`].
    pub witnesses: Vec<Witnessed>,
    /// What the change does to the numbers of the cases; `None` until [`Review::price`], and where it has no price.
    pub price: Option<Price>,
}

/// A search for tables on which two versions differ.
#[derive(Debug)]
pub struct Witnessed {
    /// The edit that makes the difference alone; `None` for the whole change.
    pub edit: Option<EditId>,
    /// The reading, by variant name (empty for the base).
    pub reading: String,
    /// What became of it.
    pub search: Search,
}

/// What is beside the definitions of a side: its lock, and the decisions that its changes name.
#[derive(Debug, Default)]
pub struct Papers {
    /// What its released versions mean; `None` where nothing is locked.
    pub lock: Option<Lock>,
    /// The text of the lock.
    pub lock_text: Option<TextId>,
    /// The decisions, by path from the project's folder.
    pub decisions: BTreeMap<String, Decision>,
    /// What is wrong with them.
    pub findings: Vec<Diagnostic>,
}

impl Papers {
    /// Reads what is beside the definitions of a side.
    ///
    /// # Errors
    /// When a file is there and cannot be read.
    pub fn read(place: &Place, catalog: &Catalog, (label, texts): (&str, &mut Texts)) -> Result<Self, SidesError> {
        let mut diagnostics = Diagnostics::new();
        let mut papers = Papers::default();
        if let Some(bytes) = place.file(lock::FILE)? {
            let content = String::from_utf8_lossy(&bytes).into_owned();
            let id = texts.add(format!("{label}{}", lock::FILE), content.clone());
            papers.lock_text = Some(id);
            match Lock::parse(&content) {
                Ok(lock) => papers.lock = Some(lock),
                Err(problems) => diagnostics.extend(problems.iter().map(|problem| problem.diagnostic(texts, id))),
            }
        }
        let fetch = |path: &str| match place.file(path) {
            Ok(Some(bytes)) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Ok(None) => Err("it does not exist".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        papers.decisions = decision::named(catalog, texts, &fetch, &mut diagnostics);
        papers.findings = diagnostics.into_sorted();
        Ok(papers)
    }

    /// Returns the side that the papers belong to.
    pub fn side<'a>(&'a self, catalog: &'a Catalog) -> Side<'a> {
        let decisions = Some(&self.decisions);
        Side {
            catalog,
            lock: self.lock.as_ref(),
            lock_text: self.lock_text,
            decisions,
            deviations: &[],
            readings: None,
        }
    }
}

/// What is known of the metrics of two sides that no difference concerns, and whose files need not be among these.
#[derive(Debug, Default)]
pub struct Unconcerned<'a> {
    /// What rules ask of each of them.
    pub outlines: &'a [Outline],
    /// Those whose files were not read.
    pub unread: BTreeSet<String>,
}

/// Why there is no review.
#[derive(Debug)]
pub enum Unreviewed {
    /// Something beside the definitions is there and cannot be read.
    Unreadable(SidesError),
    /// The files of these metrics have to be read too.
    Lacking(BTreeSet<String>),
}

/// Reviews the change from the old of two sides to the new.
///
/// # Errors
/// When something beside the definitions is there and cannot be read.
///
/// # Panics
/// Never: what is asked of a metric is asked of one that is there.
pub fn review(sides: Sides, scope: &Scope, judged: (Date, Option<Profile>)) -> Result<Review, SidesError> {
    match review_among(sides, scope, judged, &Unconcerned::default()) {
        Ok(review) => Ok(review),
        Err(Unreviewed::Unreadable(error)) => Err(error),
        Err(Unreviewed::Lacking(ids)) => unreachable!("every metric is there, also {ids:?}"),
    }
}

/// Reviews a change as [`review`] does, of which not all metrics need to be there.
///
/// # Errors
/// When something beside the definitions is there and cannot be read, or when a metric has to be there that is not.
pub fn review_among(
    mut sides: Sides,
    scope: &Scope,
    (today, asked): (Date, Option<Profile>),
    unconcerned: &Unconcerned<'_>,
) -> Result<Review, Unreviewed> {
    let read = |side: &sides::Side, texts: &mut Texts| {
        let papers = Papers::read(&side.place, &side.catalog, (&side.place.shown(&side.label), texts));
        let mut papers = papers.map_err(Unreviewed::Unreadable)?;
        if let Some(lock) = &mut papers.lock {
            // A version whose file was not read is not gone.
            lock.keep(|id| !unconcerned.unread.contains(id));
        }
        Ok(papers)
    };
    let old_papers = read(&sides.old, &mut sides.texts)?;
    let new_papers = read(&sides.new, &mut sides.texts)?;
    let Sides { old, new, texts, reached, .. } = sides;
    let diff = diff::compare(&old.catalog, &new.catalog, &texts, scope);
    let subject = Subject {
        new: new_papers.side(&new.catalog),
        old: Some(old_papers.side(&old.catalog)),
        diff: Some(&diff),
        texts: &texts,
        today,
        verification: None,
        asked,
        authors: &new.authors,
    };
    // Of a metric that no difference reaches, the same would be found on both sides.
    let judge = |subject: &Subject<'_>| rules::judge_those(subject, |id| reached.has(id), unconcerned.outlines);
    let before = Subject { new: old_papers.side(&old.catalog), old: None, diff: None, ..subject };
    let [known, findings] = cores::both([&before, &subject], judge);
    let (known, mut findings) = known.and_then(|known| Ok((known, findings?))).map_err(Unreviewed::Lacking)?;
    // What was there before is no part of the change.
    let known: BTreeSet<String> = known.into_iter().map(|finding| finding.fingerprint).collect();
    findings.retain(|finding| finding.edit.is_some() || !known.contains(&finding.fingerprint));
    let metrics = diff.comparisons.iter().map(|comparison| metric(comparison, &subject)).collect();
    Ok(Review {
        old_label: old.label,
        new_label: new.label,
        texts,
        old: old.catalog,
        new: new.catalog,
        papers: (old_papers, new_papers),
        diff,
        metrics,
        findings,
    })
}

fn metric(comparison: &Comparison, subject: &Subject<'_>) -> MetricReview {
    let declared = comparison.old.zip(comparison.new).map(|(old, new)| Bump::between(old, new));
    let data = comparison.new.and_then(|version| subject.new.catalog.fingerprints(&comparison.id, version));
    let data = data.map(|fingerprints| fingerprints.data);
    let signatures = data.as_deref().map_or(Vec::new(), |data| rules::signatures(subject, comparison, data));
    MetricReview { needs: rules::needed(comparison), declared, data, signatures, witnesses: Vec::new(), price: None }
}

impl Review {
    /// Searches for the smallest tables on which each change shows; `step` is told each metric before its turn.
    pub fn search(&mut self, effort: Effort, step: &dyn Fn(&str)) {
        let comparisons = self.diff.comparisons.iter().zip(&mut self.metrics);
        for (comparison, metric) in comparisons.filter(|(comparison, _)| comparison.meaning == MeaningChange::Differs) {
            step(&comparison.id);
            let projects = Projects { old: &self.old, new: &self.new, texts: &self.texts };
            metric.witnesses = searched::witnesses(comparison, &projects, effort);
        }
    }

    /// Prices each change over the cases of its metric; `step` is told each metric before its turn.
    pub fn price(&mut self, step: &dyn Fn(&str)) {
        for (comparison, metric) in self.diff.comparisons.iter().zip(&mut self.metrics) {
            if comparison.meaning != MeaningChange::Differs {
                continue;
            }
            let projects = Projects { old: &self.old, new: &self.new, texts: &self.texts };
            let old_id = comparison.renamed_from.as_ref().unwrap_or(&comparison.id);
            let rows = Rows::cases((&self.old, old_id), (&self.new, &comparison.id), &self.texts);
            metric.price = impact::price(comparison, &projects, &rows, step).ok();
        }
    }
}
