//! What the names of a project mean, as far as changes exchange them.

use std::collections::BTreeMap;

use crate::shape::{Field, Moves};
use crate::value::Type;
use crate::yaml::Node;

/// What a change needs to know beyond the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    /// The columns of each source, derived ones too.
    pub(super) columns: BTreeMap<String, Vec<(String, Type)>>,
    /// The column that dates the rows of each source.
    pub(super) dated_by: BTreeMap<String, String>,
    /// The calendars.
    pub(super) calendars: Vec<String>,
    /// The readings of each treatment, with what they say.
    pub(super) treatments: BTreeMap<String, Vec<(String, String)>>,
    /// The columns of each table of targets.
    pub(super) targets: BTreeMap<String, Vec<String>>,
    /// The grains that cases ask for.
    pub(super) grains: Vec<String>,
    /// Whether the file's targets are meant, and nothing else: another metric measures how far they are reached.
    pub(super) is_goal: bool,
}

impl Names {
    /// Returns whether a change of the field can move the number in question.
    pub(super) fn is_meant(&self, record: &str, field: &Field) -> bool {
        match record {
            "metric" if self.is_goal => field.name == "targets",
            "source" => field.name == "derived",
            "target" if self.is_goal => field.name != "baseline",
            _ => field.moves == Moves::Number,
        }
    }

    /// Returns the instant columns of a source.
    pub(super) fn instants(&self, source: &str) -> Vec<String> {
        self.of_type(source, Type::Instant)
    }

    /// Returns the columns of a source with the type of `column`; none where that is no column.
    pub(super) fn like(&self, source: &str, column: &str) -> Vec<String> {
        let columns = self.columns.get(source).map_or(&[][..], Vec::as_slice);
        let own = columns.iter().find(|(name, _)| name == column);
        own.map(|(_, ty)| self.of_type(source, *ty)).unwrap_or_default()
    }

    fn of_type(&self, source: &str, ty: Type) -> Vec<String> {
        let columns = self.columns.get(source).map_or(&[][..], Vec::as_slice);
        columns.iter().filter(|(_, other)| *other == ty).map(|(name, _)| name.clone()).collect()
    }

    /// Returns what the reading says that a metric uses.
    pub(super) fn reading(&self, treatment: &Node) -> String {
        let named = |key: &str| treatment.get(key).map(Node::scalar_text).unwrap_or_default();
        let readings = self.treatments.get(&named("use")).map_or(&[][..], Vec::as_slice);
        let variant = named("variant");
        readings.iter().find(|(name, _)| *name == variant).map(|(_, says)| says.clone()).unwrap_or_default()
    }

    /// Returns the calendar after `name` in the list of all.
    pub(super) fn other_calendar(&self, name: &str) -> Option<String> {
        let place = self.calendars.iter().position(|calendar| calendar == name)?;
        let other = &self.calendars[(place + 1) % self.calendars.len()];
        (other != name).then(|| other.clone())
    }
}
