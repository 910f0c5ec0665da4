//! One rule, as its file says it.
//!
//! Reads the file and checks its form; whether the examples hold is for the tests.

use serde::Deserialize;

use super::classify::Change;
use super::example::{Edit, WrittenEdit};
use super::explain::explanation;
use super::pattern::Pattern;
use crate::definition::Profile;
use crate::diagnostic::{Code, CodeEntry};
use crate::diff::Direction;
use crate::format::FileKind;

/// A rule of the catalogue.
#[derive(Debug)]
pub struct Rule {
    /// Its name, as it stands in brackets: `window-length-changed`.
    pub id: &'static str,
    /// What it is about.
    pub area: Area,
    /// What has happened where it is found, in one line.
    pub title: String,
    /// How bad it is for a released metric.
    pub severity: Level,
    /// What kind of change it is, if any.
    pub class: Class,
    /// The smallest profile that has it.
    pub profile: Profile,
    /// The edition that introduced it.
    pub since: u16,
    /// What goes wrong in reality.
    pub why: String,
    /// What mends it.
    pub remedy: String,
    /// The edits that fall under it; none where code decides.
    pub matches: Vec<Match>,
    /// Whether a wider clause means fewer counted rows, as it does for exclusions.
    pub inverse: bool,
    /// Edits of the sample project with which its examples begin, on both sides of the change.
    pub given: Vec<Edit>,
    /// An edit of the sample project that it finds; the fallback has none, since the other rules know every edit.
    pub bad: Vec<Edit>,
    /// An edit of the sample project, close to the bad one, that it does not find.
    pub good: Vec<Edit>,
    /// The rule that has taken its place.
    pub replaced_by: Option<String>,
    /// The code of its findings; its explanation is made of the file.
    pub code: Code,
}

/// What a rule is about; the name of the folder of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Area {
    /// What is counted, and how it becomes a number.
    Computation,
    /// Windows, clocks, calendars, periods.
    Windows,
    /// Rows that are left out or not known.
    Exclusions,
    /// How the number is read: direction, targets, guardrails, words.
    Reading,
    /// The tables underneath.
    Sources,
    /// Versions, states, dates, sign-offs.
    Lifecycle,
    /// What one definition alone gets wrong.
    Validity,
    /// The worked examples.
    Fixtures,
    /// Whether the check itself can be trusted.
    Integrity,
}

impl Area {
    /// All areas, in the order in which they are listed.
    pub const EVERY: [Area; 9] = [
        Area::Computation,
        Area::Windows,
        Area::Exclusions,
        Area::Reading,
        Area::Sources,
        Area::Lifecycle,
        Area::Validity,
        Area::Fixtures,
        Area::Integrity,
    ];

    /// Returns the name of its folder.
    pub fn name(self) -> &'static str {
        match self {
            Area::Computation => "computation",
            Area::Windows => "windows",
            Area::Exclusions => "exclusions",
            Area::Reading => "reading",
            Area::Lifecycle => "lifecycle",
            Area::Validity => "validity",
            Area::Sources => "sources",
            Area::Fixtures => "fixtures",
            Area::Integrity => "integrity",
        }
    }

    /// Returns what its rules are about, in one line.
    pub fn about(self) -> &'static str {
        match self {
            Area::Computation => "what is counted, and how it becomes a number",
            Area::Windows => "windows, clocks, calendars and periods",
            Area::Exclusions => "rows that are left out, or about which something is not known",
            Area::Reading => "how the number is read: direction, targets, guardrails, words",
            Area::Lifecycle => "versions, states, dates and sign-offs",
            Area::Validity => "what one definition gets wrong by itself",
            Area::Sources => "the tables underneath, and how systems are read into them",
            Area::Fixtures => "the worked examples",
            Area::Integrity => "whether the check itself can be trusted",
        }
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// It stops a release.
    Error,
    /// It deserves a look.
    Warning,
    /// It is good to know.
    Note,
}

impl Level {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        ["error", "warning", "note"][self as usize]
    }
}

/// What kind of change a rule finds; it decides the version that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Published numbers or their reading can change: a major version.
    Breaking,
    /// Something is added, and what was there stays as it was: a minor version.
    Additive,
    /// Nothing but words: a patch.
    Wording,
    /// Who answers, until when, in which state: a patch.
    Governance,
    /// No change at all: one version by itself is at fault.
    Validity,
}

impl Class {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        ["breaking", "additive", "wording", "governance", "validity"][self as usize]
    }
}

/// The edits that fall under a rule.
#[derive(Debug)]
pub struct Match {
    /// The kind of file.
    pub kind: FileKind,
    /// The place in it.
    pub at: Pattern,
    /// What happens there; `None` for any change of meaning.
    pub change: Option<Change>,
    /// The direction it must have; `None` for any.
    pub when: Option<Direction>,
}

/// A rule file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    rule: String,
    title: String,
    severity: Level,
    class: Class,
    profile: Profile,
    since: u16,
    why: String,
    remedy: String,
    #[serde(default)]
    matches: Vec<WrittenMatch>,
    #[serde(default)]
    inverse: bool,
    #[serde(default)]
    given: Vec<WrittenEdit>,
    #[serde(default)]
    bad: Vec<WrittenEdit>,
    #[serde(default)]
    good: Vec<WrittenEdit>,
    replaced_by: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenMatch {
    r#in: String,
    at: String,
    change: WrittenChange,
    when: Option<Direction>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenChange {
    One(Change),
    Any(Any),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Any {
    Any,
}

impl Rule {
    /// Reads an embedded file.
    ///
    /// # Panics
    /// When the file is broken; the message names it.
    pub(super) fn embedded(area: Area, stem: &'static str, text: &str) -> Self {
        Self::read(area, stem, text).unwrap_or_else(|reason| panic!("src/rules/{}/{stem}.yaml: {reason}", area.name()))
    }

    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with its form.
    pub(super) fn read(area: Area, stem: &str, text: &str) -> Result<Self, String> {
        let written: Written = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        let id = stem.replace('_', "-");
        if written.rule != id {
            return Err(format!("the rule is called `{}` and the file `{stem}`", written.rule));
        }
        let edits = |list: Vec<WrittenEdit>| list.into_iter().map(Edit::try_from).collect::<Result<Vec<_>, _>>();
        // Rules live as long as the program: leaked once, their texts serve as codes do.
        let id: &'static str = id.leak();
        let mut rule = Rule {
            id,
            area,
            title: written.title,
            severity: written.severity,
            class: written.class,
            profile: written.profile,
            since: written.since,
            why: written.why.trim_end().to_owned(),
            remedy: written.remedy.trim_end().to_owned(),
            matches: written.matches.into_iter().map(WrittenMatch::read).collect::<Result<_, _>>()?,
            inverse: written.inverse,
            given: edits(written.given)?,
            bad: edits(written.bad)?,
            good: edits(written.good)?,
            replaced_by: written.replaced_by,
            code: &CodeEntry { id: "", explanation: "" },
        };
        rule.code = Box::leak(Box::new(CodeEntry { id, explanation: explanation(&rule).leak() }));
        Ok(rule)
    }
}

impl WrittenMatch {
    fn read(self) -> Result<Match, String> {
        let kind = FileKind::EVERY.into_iter().find(|kind| kind.head() == self.r#in);
        let change = match self.change {
            WrittenChange::One(change) => Some(change),
            WrittenChange::Any(Any::Any) => None,
        };
        Ok(Match {
            kind: kind.ok_or_else(|| format!("there is no kind of file `{}`", self.r#in))?,
            at: Pattern::parse(&self.at)?,
            change,
            when: self.when,
        })
    }
}
