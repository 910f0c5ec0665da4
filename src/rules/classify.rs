//! Which rule an edit falls under.
//!
//! Compares the place of an edit with the patterns of the rules; whether the edit moves a number is not known here.

use serde::Deserialize;

use super::rule::{Match, Rule};
use crate::diff::Direction;
use crate::format::FileKind;

/// The rule of edits that no other rule knows.
pub const FALLBACK: &str = "definition-changed";

/// What an edit does at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It was not there before.
    Added,
    /// It is no longer there.
    Removed,
    /// It says something else.
    Changed,
    /// It stands elsewhere in its list.
    Moved,
    /// It is written otherwise and proven to say the same.
    Rewritten,
}

impl Change {
    /// Returns the word for it.
    pub fn name(self) -> &'static str {
        ["added", "removed", "changed", "moved", "rewritten"][self as usize]
    }
}

impl Match {
    /// Tells whether an edit falls under this.
    ///
    /// A match of any change stands for changes of meaning: what is proven to say the same needs a match of its own.
    pub fn fits(&self, kind: FileKind, path: &[String], change: Change, direction: Direction) -> bool {
        let changes = self.change.map_or(change != Change::Rewritten, |wanted| wanted == change);
        self.kind == kind && changes && self.when.is_none_or(|wanted| wanted == direction) && self.at.matches(path)
    }
}

/// Returns the rule that an edit at `path` of a file of this kind falls under.
///
/// Edits inside `variants.<name>.` of a metric come without that prefix. The most literal pattern wins; of equally
/// literal ones the one that names the change, then the one that names the direction, then the first in the catalogue.
pub fn classify(kind: FileKind, path: &[String], change: Change, direction: Direction) -> Option<&'static Rule> {
    choose(super::all(), kind, path, change, direction)
}

fn choose<'a>(
    rules: &'a [Rule],
    kind: FileKind,
    path: &[String],
    change: Change,
    direction: Direction,
) -> Option<&'a Rule> {
    let live = rules.iter().filter(|rule| rule.replaced_by.is_none());
    let matches = live.flat_map(|rule| rule.matches.iter().map(move |wanted| (wanted, rule)));
    let fitting = matches.filter(|(wanted, _)| wanted.fits(kind, path, change, direction));
    // `max_by` keeps the last of equals, and the first is wanted.
    let best = fitting.reduce(|best, next| if precedes(next.0, best.0) { next } else { best });
    best.map(|(_, rule)| rule)
}

fn precedes(a: &Match, b: &Match) -> bool {
    let rest = |wanted: &Match| (wanted.change.is_some(), wanted.when.is_some());
    a.at.cmp_precision(&b.at).then_with(|| rest(a).cmp(&rest(b))).is_gt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::rule::Area;

    fn rule(stem: &str, matches: &str) -> Rule {
        let text = format!(
            "rule: {}\ntitle: t\nseverity: error\nclass: breaking\nprofile: numbers\nsince: 2026\nwhy: w\nremedy: r\n\
             matches:\n{matches}bad: [{{file: a, remove: true}}]\n",
            stem.replace('_', "-")
        );
        Rule::read(Area::Computation, stem, &text).expect("a rule")
    }

    fn judge(rules: &[Rule], path: &str, change: Change, direction: Direction) -> Option<&'static str> {
        let path: Vec<String> = path.split('.').map(str::to_owned).collect();
        choose(rules, FileKind::Metric, &path, change, direction).map(|rule| rule.id)
    }

    #[test]
    fn the_most_literal_pattern_wins_whatever_the_order() {
        let rules = [
            rule("any", "- {in: metric, at: \"**\", change: any}\n"),
            rule("window", "- {in: metric, at: facts.*.window.to, change: any}\n"),
            rule("fact", "- {in: metric, at: facts.**, change: any}\n"),
        ];
        let judged = |path| judge(&rules, path, Change::Changed, Direction::Unknown);
        assert_eq!(judged("facts.later.window.to"), Some("window"));
        assert_eq!(judged("facts.later.where"), Some("fact"));
        assert_eq!(judged("title"), Some("any"));
    }

    #[test]
    fn a_named_change_and_a_named_direction_come_before_any() {
        let rules = [
            rule("changed", "- {in: metric, at: population.where, change: any}\n"),
            rule("added", "- {in: metric, at: population.where, change: added}\n"),
            rule("widened", "- {in: metric, at: population.where, change: any, when: widened}\n"),
        ];
        let judged = |change, direction| judge(&rules, "population.where", change, direction);
        assert_eq!(judged(Change::Changed, Direction::Unknown), Some("changed"));
        assert_eq!(judged(Change::Changed, Direction::Widened), Some("widened"));
        assert_eq!(judged(Change::Added, Direction::Widened), Some("added"));
        assert_eq!(judged(Change::Removed, Direction::Narrowed), Some("changed"));
    }

    #[test]
    fn of_equals_the_first_wins() {
        let rules = [
            rule("first", "- {in: metric, at: unit, change: changed}\n"),
            rule("second", "- {in: metric, at: unit, change: changed}\n"),
        ];
        assert_eq!(judge(&rules, "unit", Change::Changed, Direction::None), Some("first"));
    }

    #[test]
    fn a_rewriting_is_no_change_of_meaning() {
        let rules = [
            rule("changed", "- {in: metric, at: population.where, change: any}\n"),
            rule("rewritten", "- {in: metric, at: \"**\", change: rewritten}\n"),
        ];
        assert_eq!(judge(&rules, "population.where", Change::Rewritten, Direction::None), Some("rewritten"));
        assert_eq!(judge(&rules[..1], "population.where", Change::Rewritten, Direction::None), None);
    }

    #[test]
    fn a_rule_that_has_been_replaced_finds_nothing() {
        let mut old = rule("old", "- {in: metric, at: unit, change: any}\n");
        old.replaced_by = Some("new".into());
        assert_eq!(judge(&[old], "unit", Change::Changed, Direction::None), None);
    }
}
