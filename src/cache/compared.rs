//! From what a check has kept to the review of a change: what the change concerns is read, of all else it is known what
//! rules ask.
//!
//! What is kept is of one state of the project. Each side of a comparison is held against that state, file by file, a
//! revision by the ids that git gives to contents. What is the same in all three has the same meaning, and no mistakes.

use std::collections::BTreeSet;
use std::mem;
use std::path::Path;

use super::concern::{Concern, Difference};
use super::record::{Key, Record};
use super::standing::Standing;
use super::{Cache, Question, ROUNDS};
use crate::diff::Scope;
use crate::history::Known;
use crate::lock::{self, Lock};
use crate::plan::fingerprint::ALGORITHM;
use crate::review::{Review, Unconcerned, Unreviewed, review_among};
use crate::sides::{Sides, Spot, Spots};
use crate::text::{TextId, Texts};

/// A change, as far as it can be told from what is kept.
struct Change<'a> {
    /// What is kept; the outlines of families that the change concerns are not.
    record: Record,
    spots: &'a Spots,
    old: Standing<'a>,
    new: Standing<'a>,
    concern: Concern,
    known: Known,
}

impl Cache {
    /// Reviews a change of the project in `folder` as [`review`](crate::review::review) does, of these metrics or, where
    /// there are none, of all that it can reach; `None` where only a review of all files can tell.
    pub fn review(
        &self,
        (folder, spots): (&Path, &Spots),
        metrics: &BTreeSet<String>,
        question: Question,
    ) -> Option<Review> {
        let mut change = Change::found(self, (folder, spots), question)?;
        let affected = change.concern.affected(&change.record);
        change.record.without_outlines(&affected, change.new.names.iter().map(String::as_str))?;
        let mut also = metrics.clone();
        for _ in 0..ROUNDS {
            let near = change.concern.with_used(&change.record, affected.union(&also).cloned().collect());
            match change.review(&near, metrics, question)? {
                Ok(review) => return Some(review),
                Err(lacking) => also.extend(lacking),
            }
        }
        None
    }
}

impl<'a> Change<'a> {
    fn found(cache: &Cache, (project, spots): (&Path, &'a Spots), question: Question) -> Option<Self> {
        let (Spot::Revision(old, old_folder), None) = (&spots.old, &spots.versions) else { return None };
        let root = match &spots.new {
            Spot::Disk(folder) => folder,
            Spot::Revision(..) => project,
        };
        let (record, _) = Record::read(&cache.place_of(root)?)?;
        if !record.key.is_but_for_the_day(&Key::of(question)?) {
            return None;
        }
        let known = Known::new();
        let mut new = match &spots.new {
            Spot::Disk(folder) => Standing::on_disk(&record, folder)?,
            Spot::Revision(new, folder) => Standing::in_revision(&record, (new, folder), (root, &known))?,
        };
        let mut old = Standing::in_revision(&record, (old, old_folder), (root, &known))?;
        let mut difference: Difference = mem::take(&mut new.difference);
        difference.extend(mem::take(&mut old.difference));
        lock_differences(spots, &mut difference)?;
        let concern = difference.concern(&record);
        Some(Self { record, spots, old, new, concern, known })
    }

    /// Reviews the change with the files of families that are `near`; returns the families that are needed too, or `None`
    /// where there are mistakes.
    fn review(
        &self,
        near: &BTreeSet<String>,
        metrics: &BTreeSet<String>,
        question: Question,
    ) -> Option<Result<Review, BTreeSet<String>>> {
        let sides = self.read(near)?;
        let is_there = |id: &String| {
            [&sides.old, &sides.new].into_iter().any(|side| side.catalog.registry.metrics.contains_key(id))
        };
        if !metrics.iter().all(is_there) {
            return None;
        }
        let lacking = self.accepted(&sides, near);
        if !lacking.is_empty() {
            return Some(Err(lacking));
        }
        let unread = self.families().filter(|id| !near.contains(*id)).cloned().collect();
        let scope = if metrics.is_empty() { sides.reached.clone() } else { Scope::Only(metrics.clone()) };
        let judged = (question.today, question.asked);
        match review_among(sides, &scope, judged, &Unconcerned { outlines: &self.record.outlines, unread }) {
            Ok(review) => {
                let unread = self.unread(&review, near);
                Some(if unread.is_empty() { Ok(review) } else { Err(unread) })
            }
            Err(Unreviewed::Lacking(ids)) => Some(Err(ids)),
            Err(Unreviewed::Unreadable(_)) => None,
        }
    }

    /// Reads the files of some families and those that all share; `None` where they have mistakes.
    fn read(&self, near: &BTreeSet<String>) -> Option<Sides> {
        let mut known = self.known.clone();
        let is_near = |id: &str| near.contains(id);
        let mut new = self.new.read(Texts::new(), &mut known, is_near)?;
        let mut old = self.old.read(mem::take(&mut new.texts), &mut known, is_near)?;
        let texts = mem::take(&mut old.texts);
        let mut sides = self.spots.of_some((old, new), texts);
        sides.old.catalog.files = self.old.families.len();
        sides.new.catalog.files = self.new.families.len();
        let is_sound = [&sides.old, &sides.new].into_iter().all(|side| side.findings.is_empty());
        is_sound.then_some(sides)
    }

    /// Returns the families of which something is accepted, as far as they are there and were not read: whether it is still
    /// found is asked in every review.
    fn accepted(&self, sides: &Sides, near: &BTreeSet<String>) -> BTreeSet<String> {
        let all = [&sides.old, &sides.new].into_iter().flat_map(|side| side.catalog.registry.acceptances.values());
        let metrics = all.map(|(_, acceptance)| &acceptance.metric.value).filter(|id| !near.contains(*id));
        let metrics: BTreeSet<&String> = metrics.collect();
        self.families().filter(|id| metrics.contains(id)).cloned().collect()
    }

    /// Returns the families of the files of both sides.
    fn families(&self) -> impl Iterator<Item = &String> {
        self.old.families.iter().chain(&self.new.families).flatten()
    }

    /// Returns the families whose files were not read and that a finding points into.
    fn unread(&self, review: &Review, near: &BTreeSet<String>) -> BTreeSet<String> {
        let labels = review.findings.iter().flat_map(|finding| &finding.diagnostic.labels);
        let family = |text: TextId| self.new.families.get(text.position())?.as_ref();
        labels.filter_map(|label| family(label.span.text)).filter(|id| !near.contains(*id)).cloned().collect()
    }
}

/// Adds the metrics of which not the same is locked on both sides; `None` where a lock cannot be read, or has lines of which
/// a rule tells how many there are.
fn lock_differences(spots: &Spots, difference: &mut Difference) -> Option<()> {
    let [old, new] = [&spots.old, &spots.new].map(|spot| spot.place().file(lock::FILE).ok());
    let (old, new) = (old?, new?);
    if old != new {
        let parsed = |lock: Option<Vec<u8>>| lock.map_or(Some(Lock::default()), |bytes| Lock::from_bytes(&bytes).ok());
        let (old, new) = (parsed(old)?, parsed(new)?);
        if old.entries().chain(new.entries()).any(|entry| entry.algorithm != ALGORITHM) {
            return None;
        }
        old.differing(&new).into_iter().for_each(|id| difference.touch(id));
    }
    Some(())
}
