//! The verdict on one deployed object: its stamp, its text, and where texts differ what the queries answer.

use std::collections::BTreeSet;

use super::approved::{Approved, Unapproved};
use super::deployed::{Deployed, Writing};
use super::pairs::pairs;
use super::statement::{self, Script};
use super::tables;
use super::trial::{Outcome, Trial};
use super::verdict::{Judged, Verdict};
use crate::deploy::{self, Refusal, Stamp, Subject};
use crate::engine::{Engine, EngineError};
use crate::sql::Dialect;
use crate::text::Texts;
use crate::witness::seeds;

const BRING_BACK: &str = "bring the definition back to what was released; a later meaning needs a version of its own";
const WRITE_AGAIN: &str = "write it again with `etalon compile`, or compare it on a database with `--on`";

/// What objects are judged by.
pub struct Bench<'a> {
    /// What is approved.
    pub approved: Approved<'a>,
    /// The texts of the definitions.
    pub texts: &'a Texts,
    /// Tables that are tried besides those of cases, where texts differ.
    pub tries: usize,
    /// Opens an engine that runs a dialect; `None` where there is none.
    pub engine: &'a dyn Fn(Dialect) -> Result<Option<Box<dyn Engine>>, EngineError>,
}

/// An object held to what is approved of its metric.
struct Held<'a> {
    deployed: &'a Deployed,
    stamp: &'a Stamp,
    subject: &'a Subject<'a>,
    /// The text that is approved.
    expected: String,
    dialect: Dialect,
}

impl Bench<'_> {
    /// Judges an object.
    ///
    /// # Errors
    /// When a server on which it has to be run cannot be reached or goes away.
    pub fn judge(&self, deployed: Deployed) -> Result<Judged, EngineError> {
        let stamp = match deployed.stamp() {
            Ok(Some(stamp)) => stamp,
            Ok(None) => return Ok(Judged::bare(deployed, Verdict::Unstamped)),
            Err(reason) => return Ok(Judged::bare(deployed, Verdict::Unreadable(reason))),
        };
        let verdict = self.verdict(&deployed, &stamp)?;
        let (name, metric) = (deployed.name.clone(), Some(stamp.metric.clone()));
        Ok(Judged { name, deployed: Some(deployed), stamp: Some(stamp), metric, verdict })
    }

    /// Returns a verdict for each metric that should be deployed and is not among `judged`.
    pub fn missing(&self, expected: &[String], judged: &[Judged]) -> Vec<Judged> {
        let there: BTreeSet<&str> = judged.iter().filter_map(|one| one.metric.as_deref()).collect();
        expected.iter().filter(|name| !there.contains(name.as_str())).map(|name| Judged::missing(name)).collect()
    }

    fn verdict(&self, deployed: &Deployed, stamp: &Stamp) -> Result<Verdict, EngineError> {
        let subject = match self.approved.subject(&stamp.metric) {
            Ok(subject) => subject,
            Err(Unapproved::Gone(reason)) => return Ok(Verdict::Orphaned(reason)),
            Err(Unapproved::Changed(reason)) => return Ok(Verdict::Unprovable { reason, remedy: BRING_BACK }),
        };
        if subject.plan.version != stamp.version {
            let reason = format!("it is version {}, and {} is approved", stamp.version, subject.plan.version);
            return Ok(Verdict::Stale { reason });
        }
        let expected = match expected(&subject, stamp) {
            Ok(expected) => expected,
            Err(Refusal(reason)) => {
                return Ok(Verdict::Orphaned(format!("it is not deployed so any more: {reason}")));
            }
        };
        let dialect = deployed.dialect.unwrap_or(stamp.settings.dialect);
        let held = Held { deployed, stamp, subject: &subject, expected, dialect };
        Ok(match self.compared(&held)? {
            // The number moved and nobody deployed it: the stamp says what the text was made of.
            Verdict::Differs { .. } if stamp.plan != subject.meaning && held.is_untouched() => {
                let reason = format!("version {} means something else than when it was deployed", stamp.version);
                Verdict::Stale { reason }
            }
            verdict => verdict,
        })
    }

    fn compared(&self, held: &Held<'_>) -> Result<Verdict, EngineError> {
        let pairs = match pairs(held.deployed, &held.expected) {
            Ok(pairs) => pairs,
            Err(reason) => return Ok(held.differs(reason, None)),
        };
        let mut judged = Verdict::Same;
        for (ours, theirs) in pairs {
            let verdict = match held.read((&ours, &theirs)) {
                Ok((ours, theirs)) if held.is_same(&ours, &theirs) => continue,
                Ok((ours, theirs)) => self.in_other_words(held, ours, &theirs)?,
                Err(verdict) => verdict,
            };
            match verdict {
                Verdict::Same => {}
                Verdict::Equal { .. } => judged = verdict,
                _ => return Ok(verdict),
            }
        }
        Ok(judged)
    }

    /// Judges queries whose words differ: by how the database itself writes the approved one, else by what they answer.
    fn in_other_words(&self, held: &Held<'_>, ours: Script, theirs: &Script) -> Result<Verdict, EngineError> {
        let Some(mut engine) = (self.engine)(held.dialect)? else {
            let reason = format!("its text is another, and no engine of {} is at hand to run it", held.dialect.name);
            return Ok(Verdict::Unprovable { reason, remedy: WRITE_AGAIN });
        };
        let (ours, kept) = match held.rewritten(&ours, engine.as_mut())? {
            Some((rewritten, text)) => (rewritten, Some(text)),
            None => (ours, None),
        };
        if held.is_same(&ours, theirs) || kept.is_some() && held.is_same_again((&ours, theirs), engine.as_mut())? {
            return Ok(Verdict::Same);
        }
        let is_loose = held.deployed.writing == Writing::Kept && kept.is_none();
        let read = |script: &Script| statement::tables(&script.query, held.dialect);
        if let (Ok(ours), Ok(theirs)) = (read(&ours), read(theirs))
            && let Some(reason) = tables::strange(&ours, &theirs, is_loose)
        {
            return Ok(held.differs(reason, kept.as_deref()));
        }
        Ok(match self.tried(held, (&ours, theirs), engine.as_mut())? {
            Outcome::Equal { cases, made } => Verdict::Equal { cases, made },
            Outcome::Differs(found) => {
                let reason = match &found.deployed {
                    Ok(_) => "it gives other rows than the approved definition".to_owned(),
                    Err(error) => format!("it gives no answer: {error}"),
                };
                match held.differs(reason, kept.as_deref()) {
                    Verdict::Differs { reason, line, .. } => Verdict::Differs { reason, line, witness: Some(found) },
                    other => other,
                }
            }
            Outcome::Untried(reason) => {
                Verdict::Unprovable { reason: format!("its text is another, and {reason}"), remedy: WRITE_AGAIN }
            }
        })
    }

    /// Runs both queries over tables.
    fn tried(
        &self,
        held: &Held<'_>,
        (ours, theirs): (&Script, &Script),
        engine: &mut dyn Engine,
    ) -> Result<Outcome, EngineError> {
        let subject = held.subject;
        let fields = match deploy::standing((subject.plan, subject.registry), &held.stamp.settings, None) {
            Ok(query) => query.fields,
            Err(Refusal(reason)) => return Ok(Outcome::Untried(reason)),
        };
        let names = tables::names(held.deployed, held.stamp, subject);
        let plan = subject.plan.over_loaded_tables();
        let trial = Trial {
            catalog: self.approved.catalog,
            plan: &plan,
            dialect: held.dialect,
            fields: &fields,
            approved: &tables::renamed(&ours.query, &names, held.dialect),
            deployed: &tables::renamed(&theirs.query, &names, held.dialect),
        };
        let id = subject.name.split('.').next().unwrap_or(&subject.name);
        trial.run(&seeds(self.approved.catalog, self.texts, id), self.tries, engine)
    }
}

/// Returns the text that the approved definition has for a stamp.
fn expected(subject: &Subject<'_>, stamp: &Stamp) -> Result<String, Refusal> {
    let files = deploy::files(subject, &stamp.settings)?.files;
    let own = files.into_iter().find(|file| file.part == stamp.part);
    own.map(|file| file.text).ok_or_else(|| Refusal("there is no such file".to_owned()))
}

impl Held<'_> {
    /// Reads both texts; what cannot be compared any further is a verdict.
    fn read(&self, (ours, theirs): (&str, &str)) -> Result<(Script, Script), Verdict> {
        let read = |text: &str| statement::script(text, self.dialect);
        let unreadable = |reason| {
            let reason = format!("the approved text cannot be read: {reason}");
            Verdict::Unprovable { reason, remedy: WRITE_AGAIN }
        };
        let ours = read(ours).map_err(unreadable)?;
        let theirs = read(theirs).map_err(|reason| self.differs(format!("it cannot be read: {reason}"), None))?;
        let is_clear = match (&ours.clear, &theirs.clear) {
            (Some(ours), Some(theirs)) => statement::is_same((ours, theirs), self.dialect),
            (ours, theirs) => ours.is_none() && theirs.is_none(),
        };
        if !is_clear {
            let reason = "the statement that makes room for what is written anew is another".to_owned();
            return Err(self.differs(reason, None));
        }
        Ok((ours, theirs))
    }

    fn is_same(&self, ours: &Script, theirs: &Script) -> bool {
        statement::is_same((&ours.query, &theirs.query), self.dialect)
    }

    /// Returns a query as the catalogue would keep it, where the object comes from one that does so, with its text.
    fn rewritten(&self, script: &Script, engine: &mut dyn Engine) -> Result<Option<(Script, String)>, EngineError> {
        if self.deployed.writing != Writing::Kept {
            return Ok(None);
        }
        match engine.rewritten(&statement::text(&script.query)) {
            Ok(Some(text)) => Ok(statement::script(&text, self.dialect).ok().map(|script| (script, text))),
            Err(down @ EngineError::Down { .. }) => Err(down),
            // Its tables are not there, or it is forbidden: what is asked of loaded tables decides.
            Ok(None) | Err(_) => Ok(None),
        }
    }

    /// Tells whether both are the same once the catalogue has written both: what DuckDB has read from a file it writes in other
    /// words than what it was just told.
    fn is_same_again(&self, (ours, theirs): (&Script, &Script), engine: &mut dyn Engine) -> Result<bool, EngineError> {
        let (ours, theirs) = (self.rewritten(ours, engine)?, self.rewritten(theirs, engine)?);
        Ok(ours.zip(theirs).is_some_and(|((ours, _), (theirs, _))| self.is_same(&ours, &theirs)))
    }

    /// Returns the verdict that it differs; `kept` is the approved text as the catalogue would keep it.
    fn differs(&self, reason: String, kept: Option<&str>) -> Verdict {
        let line = match (&self.deployed.writing, kept) {
            (Writing::Compiled(_), _) | (Writing::Kept, None) => None,
            (_, kept) => {
                let expected = kept.unwrap_or(&self.expected);
                statement::first_difference((expected, &self.deployed.text), self.dialect)
            }
        };
        Verdict::Differs { reason, line, witness: None }
    }

    /// Tells whether no hand has changed the text. What is not the file that was written carries no digest of its own; its
    /// stamp is all there is to go by.
    fn is_untouched(&self) -> bool {
        match (&self.deployed.writing, Stamp::find(&self.deployed.text)) {
            (Writing::Sql | Writing::Template, Ok(Some(found))) if self.deployed.comment.is_none() => {
                found.digest == deploy::stamp::seal(&self.deployed.text)
            }
            _ => true,
        }
    }
}
