//! Names inside a query: of its steps, and of columns that would clash with those the templates use.
//!
//! Knows no dialect; engines compare names without regard to case, and so does this.

use std::collections::{BTreeMap, BTreeSet};

/// Column names that the templates give to what they compute.
const COMPUTED: [&str; 41] = [
    "among",
    "as_of",
    "bounded_rows",
    "denominator",
    "denominator_operand",
    "early_end",
    "early_start",
    "fate",
    "first_operand",
    "frequency",
    "high",
    "immature",
    "is_bounded",
    "is_open",
    "late_end",
    "late_start",
    "local_time",
    "low",
    "missing",
    "n",
    "next_period",
    "numerator",
    "numerator_operand",
    "occurrence",
    "open_rows",
    "operand",
    "period",
    "period_end",
    "period_start",
    "period_until",
    "place",
    "provisional_parts",
    "reach_end",
    "reach_start",
    "row_count",
    "second_operand",
    "set_aside",
    "state",
    "undefined_parts",
    "unknown",
    "value",
];

/// Hands out step names that differ from the tables read and from one another.
#[derive(Debug)]
pub(super) struct StepNames {
    taken: BTreeSet<String>,
}

impl StepNames {
    /// Returns names that avoid `tables`, which a step of the same name would shadow.
    pub(super) fn avoiding<'a>(tables: impl IntoIterator<Item = &'a str>) -> Self {
        let mut taken: BTreeSet<String> = tables.into_iter().map(str::to_lowercase).collect();
        // Aliases: of the other side in joins, and of a table beside a list of periods.
        taken.extend(["event", "source"].map(str::to_owned));
        Self { taken }
    }

    /// Returns a name like `wish` that nothing else has.
    pub(super) fn claim(&mut self, wish: &str) -> String {
        distinct(&plain(wish), &mut self.taken)
    }
}

/// The names under which source columns, facts and dimensions travel through the steps of one metric: their own,
/// unless a computed column has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Columns {
    renamed: BTreeMap<String, String>,
}

impl Columns {
    /// Returns the names for `columns`, where the templates also compute `counts`.
    pub(super) fn new<'a>(columns: impl IntoIterator<Item = &'a str>, counts: &[String]) -> Self {
        let columns: BTreeSet<&str> = columns.into_iter().collect();
        let mut taken: BTreeSet<String> = COMPUTED.iter().map(|name| (*name).to_owned()).collect();
        taken.extend(counts.iter().map(|name| name.to_lowercase()));
        let clashing: Vec<&str> = columns.iter().copied().filter(|name| taken.contains(&name.to_lowercase())).collect();
        taken.extend(columns.iter().map(|name| name.to_lowercase()));
        let renamed = clashing
            .into_iter()
            .map(|name| (name.to_owned(), distinct(&format!("{name}_of_row"), &mut taken)))
            .collect();
        Self { renamed }
    }

    /// Returns the name that `column` travels under.
    pub(super) fn carried<'a>(&'a self, column: &'a str) -> &'a str {
        self.renamed.get(column).map_or(column, String::as_str)
    }
}

/// Returns a column name for the value of each of `metrics`, distinct from `dimensions` and computed columns.
pub(super) fn value_names<'a>(metrics: impl Iterator<Item = &'a str>, dimensions: &[String]) -> Vec<String> {
    let mut taken: BTreeSet<String> = COMPUTED.iter().map(|name| (*name).to_owned()).collect();
    taken.extend(dimensions.iter().map(|name| name.to_lowercase()));
    metrics.map(|metric| distinct(&plain(metric), &mut taken)).collect()
}

/// The most characters of a wish that are kept: PostgreSQL cuts names after 63 bytes, and a number may follow.
const LONGEST: usize = 56;

fn plain(wish: &str) -> String {
    let plain =
        wish.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect::<String>();
    plain.chars().take(LONGEST).collect()
}

fn distinct(wish: &str, taken: &mut BTreeSet<String>) -> String {
    let mut name = wish.to_owned();
    let mut turn = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{wish}_{turn}");
        turn += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_never_takes_the_name_of_a_table_or_of_another_step() {
        let mut names = StepNames::avoiding(["Population"]);
        assert_eq!(names.claim("population"), "population_2");
        assert_eq!(names.claim("population"), "population_3");
        assert_eq!(names.claim("event"), "event_2");
        assert_eq!(names.claim("csat.all; --"), "csat_all____");
    }

    #[test]
    fn long_names_are_cut_and_still_told_apart() {
        let mut names = StepNames::avoiding([]);
        let long = "x".repeat(70);
        assert_eq!(names.claim(&format!("{long}a")), "x".repeat(56));
        assert_eq!(names.claim(&format!("{long}b")), format!("{}_2", "x".repeat(56)));
    }

    #[test]
    fn a_column_named_like_a_computed_one_travels_under_another_name() {
        let columns = Columns::new(["State", "channel", "state_of_row"], &["excluded_vip".to_owned()]);
        assert_eq!(columns.carried("State"), "State_of_row_2");
        assert_eq!(columns.carried("channel"), "channel");
    }
}
