//! What the rules that hold all metrics against each other ask of each one: little enough to be kept beside the project.
//!
//! Taken of a version and its readings once; such a rule sees nothing else of a metric, so that it can be asked about
//! metrics whose files were not read again.

use std::collections::BTreeSet;
use std::sync::{Mutex, OnceLock};

use hashbrown::HashSet;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::columns::behind;
use super::meant::Meant;
use super::subject::Subject;
use crate::cores;
use crate::definition::{Metric, Status, folded};
use crate::plan::{Plan, Slot};
use crate::resolve::full_name;
use crate::text::Span;
use crate::value::Version;
use crate::yaml::Node;

/// A version of a metric as the other metrics see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Outline {
    /// The metric.
    pub id: String,
    /// Its version.
    pub version: Version,
    /// Where it stands.
    pub status: Status,
    /// What it is for.
    pub role: String,
    /// The metrics that it names as guardrails.
    pub guards: BTreeSet<String>,
    /// The sources that any of its plans reads.
    pub sources: BTreeSet<String>,
    /// The standards that its file names, or could mean.
    pub standards: BTreeSet<String>,
    /// The place of its name.
    pub named_at: Span,
    /// The place of its role.
    pub role_at: Span,
    /// The place of its status.
    pub status_at: Span,
    /// Its readings that have a meaning, where it is in force or on its way there.
    pub readings: Vec<Read>,
}

/// A reading of a metric as other readings see it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Read {
    /// The variant; `None` for the metric itself.
    pub variant: Option<String>,
    /// Stands for its title.
    pub title: u64,
    /// Stands for its sentence.
    pub statement: u64,
    /// A number that readings of one meaning share.
    pub rough: u64,
    /// The place of its name.
    pub named_at: Span,
    /// The place of its title.
    pub title_at: Span,
    /// The place of its sentence.
    pub statement_at: Span,
    /// The place of its dimensions.
    pub dimensions_at: Span,
    /// The columns of no listed values that it is split by, with the place where each is declared.
    pub open: Vec<(String, Span)>,
    /// What it says, clause by clause, where a rule asks for that.
    pub said: Option<Said>,
    /// Stands for the steps to its number, once that was asked.
    body: Once,
    /// The fingerprint of its meaning, once that was asked.
    meaning: Once,
}

/// Something about a reading that is found out when it is first asked.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(from = "Option<String>", into = "Option<String>")]
struct Once(OnceLock<String>);

impl From<Option<String>> for Once {
    fn from(known: Option<String>) -> Self {
        Self(known.map_or_else(OnceLock::new, OnceLock::from))
    }
}

impl From<Once> for Option<String> {
    fn from(once: Once) -> Self {
        once.0.into_inner()
    }
}

/// The clauses of a reading, each by a number that stands for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Said {
    /// Stands for all that is said beside the clauses.
    pub skeleton: u64,
    /// Stands for each clause.
    pub clauses: Vec<u64>,
    /// Where each clause stands in the plan.
    pub slots: Vec<String>,
    /// Whether a clause is what is measured.
    pub measures: Vec<bool>,
}

/// All metrics of a project as rules see them that hold them against each other, beside the files that metrics share.
pub struct Everyone<'a> {
    /// The project. Of metrics only those whose files were read are there.
    pub subject: &'a Subject<'a>,
    /// Every version of every metric, sorted by name and version.
    pub outlines: &'a [&'a Outline],
    lacking: Mutex<BTreeSet<String>>,
}

impl Outline {
    fn of((metric, version): (&Metric, Version), readings: &[Meant<'_>], subject: &Subject<'_>) -> Self {
        let plans = subject.new.catalog.version(&metric.id.value, version);
        let mut words = BTreeSet::new();
        if let Some(file) = subject.file(metric) {
            named(&file.root, &mut words);
        }
        let known = &subject.new.catalog.registry;
        // What no change reaches has no plan there; it reads no more than its file names.
        let sources = match plans.is_empty() {
            true => {
                words.iter().filter(|word| known.sources.contains_key(**word)).map(|word| (*word).to_owned()).collect()
            }
            false => plans.iter().flat_map(|(_, plan)| plan.sources()).map(str::to_owned).collect(),
        };
        let standards = words.iter().filter(|word| known.standards.contains_key(**word));
        let guards = metric.guardrails.iter().filter_map(|guardrail| guardrail.metric.value.split('.').next());
        Self {
            id: metric.id.value.clone(),
            version,
            status: metric.status,
            role: metric.role.clone(),
            guards: guards.map(str::to_owned).collect(),
            sources,
            standards: standards.map(|word| (*word).to_owned()).collect(),
            named_at: metric.id.span,
            role_at: subject.place(metric, "role"),
            status_at: subject.place(metric, "status"),
            readings: readings.iter().map(|meant| Read::of(meant, subject)).collect(),
        }
    }

    /// Tells whether it is in force or on its way there.
    pub fn is_live(&self) -> bool {
        !matches!(self.status, Status::Deprecated | Status::Retired)
    }

    /// Changes every place; `false` where one has no counterpart.
    pub fn relocate(&mut self, place: &dyn Fn(Span) -> Option<Span>) -> bool {
        let own = [&mut self.named_at, &mut self.role_at, &mut self.status_at];
        own.into_iter().chain(self.readings.iter_mut().flat_map(Read::places)).all(|span| match place(*span) {
            Some(found) => {
                *span = found;
                true
            }
            None => false,
        })
    }
}

impl Read {
    fn of(meant: &Meant<'_>, subject: &Subject<'_>) -> Self {
        Self {
            variant: meant.reading.name().map(str::to_owned),
            title: short(folded(&meant.reading.title).as_bytes()),
            statement: short(folded(&meant.reading.statement).as_bytes()),
            rough: meant.plan.rough(),
            named_at: meant.head(),
            title_at: meant.place(&["title"]),
            statement_at: meant.place(&["statement"]),
            dimensions_at: meant.place(&["dimensions"]),
            open: open(meant, subject),
            // Variants are there to differ in a clause.
            said: (asks_for_clauses(subject) && meant.is_base() && meant.pipeline().is_some())
                .then(|| Said::of(meant.plan)),
            body: Once::default(),
            meaning: Once::default(),
        }
    }

    fn places(&mut self) -> impl Iterator<Item = &mut Span> {
        let own = [&mut self.named_at, &mut self.title_at, &mut self.statement_at, &mut self.dimensions_at];
        own.into_iter().chain(self.open.iter_mut().map(|(_, span)| span))
    }

    /// Returns the name of the metric that it belongs to, with the variant after a dot.
    pub fn name(&self, outline: &Outline) -> String {
        full_name(&outline.id, self.variant.as_deref())
    }
}

impl Said {
    fn of(plan: &Plan) -> Self {
        let (said, skeleton) = plan.canonical().into_parts();
        let stands = |(_, clause): &(Slot, _)| short(&serde_json::to_vec(clause).expect("texts and numbers"));
        // The canonical form has no names of facts, the plan itself does, in the same order.
        let slots = plan.expressions().into_iter().map(|(slot, _)| slot.path).collect();
        Self {
            skeleton: short(skeleton.as_bytes()),
            clauses: said.iter().map(stands).collect(),
            slots,
            measures: said.iter().map(|(slot, _)| slot.path.starts_with("measure")).collect(),
        }
    }
}

impl<'a> Everyone<'a> {
    /// Returns everyone of a project.
    pub(super) fn of(subject: &'a Subject<'a>, outlines: &'a [&'a Outline]) -> Self {
        Self { subject, outlines, lacking: Mutex::default() }
    }

    /// Returns the metrics of which something was asked that their files would have to be read for: while there are any,
    /// what was found is not all there is.
    pub(super) fn into_lacking(self) -> BTreeSet<String> {
        self.lacking.into_inner().unwrap_or_default()
    }

    /// Returns the versions that are in force or on their way there.
    pub fn live(&self) -> impl Iterator<Item = &'a Outline> + use<'a> {
        self.outlines.iter().copied().filter(|outline| outline.is_live())
    }

    /// Returns every reading of theirs that has a meaning, base readings before their variants.
    pub fn readings(&self) -> impl Iterator<Item = (&'a Outline, &'a Read)> + use<'a> {
        self.live().flat_map(|outline| outline.readings.iter().map(move |read| (outline, read)))
    }

    /// Tells whether two readings take the same steps.
    pub fn is_same_body(&self, one: (&Outline, &Read), other: (&Outline, &Read)) -> bool {
        let body = |(outline, read): (&Outline, &Read)| {
            let said = |plan: &Plan| short(&serde_json::to_vec(&plan.canonical().body).expect("texts and numbers"));
            self.once(&read.body, (outline, read), |plan| said(plan).to_string())
        };
        body(one).is_some() && body(one) == body(other)
    }

    /// Returns the fingerprint of what a reading means.
    pub fn meaning(&self, outline: &Outline, read: &Read) -> Option<String> {
        self.once(&read.meaning, (outline, read), |plan| self.subject.new.catalog.meaning(plan))
    }

    fn once(
        &self,
        once: &Once,
        (outline, read): (&Outline, &Read),
        find: impl FnOnce(&Plan) -> String,
    ) -> Option<String> {
        if let Some(known) = once.0.get() {
            return Some(known.clone());
        }
        let plan = self.subject.new.catalog.plan(&format!("{}@{}", read.name(outline), outline.version));
        let Some(plan) = plan else {
            self.lacking.lock().ok()?.insert(outline.id.clone());
            return None;
        };
        Some(once.0.get_or_init(|| find(plan)).clone())
    }
}

/// Takes the outlines of all metrics of the new side.
pub fn outlines(subject: &Subject<'_>) -> Vec<Outline> {
    let readings: Vec<Meant<'_>> = subject.readings().collect();
    let mut rest = readings.as_slice();
    let mut metrics: Vec<((&Metric, Version), &[Meant<'_>])> = Vec::new();
    for metric in subject.metrics() {
        let own = rest.iter().take_while(|meant| std::ptr::eq(meant.metric, metric)).count();
        let (own, others) = rest.split_at(own);
        metrics.extend(Version::parse(&metric.version).map(|version| ((metric, version), own)));
        rest = others;
    }
    cores::map(&metrics, |(metric, own)| Outline::of(*metric, own, subject))
}

/// Returns outlines together with others that are `known`, which stand for all versions of their metrics; sorted by name and
/// version.
pub fn together<'a>(outlines: &'a [Outline], known: &'a [Outline]) -> Vec<&'a Outline> {
    let ids: HashSet<&str> = known.iter().map(|outline| outline.id.as_str()).collect();
    let own = outlines.iter().filter(|outline| !ids.contains(outline.id.as_str()));
    let mut all: Vec<&Outline> = own.chain(known).collect();
    all.sort_by(|one, other| (&one.id, one.version).cmp(&(&other.id, other.version)));
    all
}

/// Returns a number that stands for some bytes.
fn short(bytes: &[u8]) -> u64 {
    Sha256::digest(bytes).iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

fn asks_for_clauses(subject: &Subject<'_>) -> bool {
    super::find("near-duplicate-meaning").is_some_and(|rule| rule.profile <= subject.profile())
}

/// Collects the whole texts of a file, each without the version behind it.
fn named<'a>(node: &'a Node, found: &mut BTreeSet<&'a str>) {
    found.extend(node.as_text().and_then(|text| text.split('@').next()));
    node.items().iter().for_each(|item| named(item, found));
    node.entries().iter().for_each(|entry| named(&entry.value, found));
}

/// Returns the columns of no listed values that a metric itself is split by.
fn open(meant: &Meant<'_>, subject: &Subject<'_>) -> Vec<(String, Span)> {
    let Some(pipeline) = meant.pipeline().filter(|_| meant.is_base()) else { return Vec::new() };
    let declared = meant.plan.dimensions.iter().filter_map(|dimension| {
        let column = behind(subject.new.catalog, pipeline, &dimension.name)?;
        let is_key = pipeline.scan.key.contains(&dimension.name);
        let is_open = column.is_text() && !column.is_listed() && !is_key;
        is_open.then(|| (column.name().to_owned(), column.span()))
    });
    declared.collect()
}
