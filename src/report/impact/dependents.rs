//! What rests on a changed metric, in words: values before and now, and conclusions that flip.

use super::human::{place_of, shown};
use crate::definition::Goal;
use crate::impact::{Bound, Dependent, Ground, Judgement, Price, Role, Side};
use crate::report::table::Layout;
use crate::report::unit::{Unit, in_unit};

/// Writes what feels a change: every conclusion that flips, and values that moved where they are few.
pub(super) fn dependents(price: &Price) -> String {
    let mut layout = Layout::headless();
    let mut rows = 0;
    let mut absent: Vec<(String, String)> = Vec::new();
    for (ground, dependent) in
        price.grounds.iter().flat_map(|ground| ground.dependents.iter().map(move |it| (ground, it)))
    {
        if let Some(reason) = &dependent.absent {
            let told = (dependent.name.clone(), reason.clone());
            if !absent.contains(&told) {
                absent.push(told);
            }
        }
        for judgement in told(dependent) {
            let lead = if rows == 0 { "reaches" } else { "" };
            layout.push(line(lead, (ground, dependent), judgement));
            rows += 1;
        }
    }
    let mut text = if rows > 0 { layout.without_empty_columns().render("  ") } else { String::new() };
    for (name, reason) in absent {
        text.push_str(&format!("  {name} not computed: {reason}\n"));
    }
    text
}

/// Returns what is worth a line: all that moved where there is one value, flips where there are several.
fn told(dependent: &Dependent) -> impl Iterator<Item = &Judgement> {
    let is_one = dependent.judgements.len() == 1;
    // The metric's own move is told as its price.
    let is_new = dependent.role != Role::Aimed;
    let is_told = move |judgement: &&Judgement| {
        judgement.is_flipped() || (is_one && judgement.is_moved() && (is_new || judgement.new.bound.is_some()))
    };
    dependent.judgements.iter().filter(is_told)
}

fn line(lead: &str, (ground, dependent): (&Ground, &Dependent), judgement: &Judgement) -> Vec<String> {
    let unit = Unit::named(&dependent.unit);
    let value = |side: &Side| shown(side.shown.as_ref(), &unit);
    let place = dependent.computed.as_ref().map(|(plan, request)| place_of(&judgement.place, plan, Some(request)));
    let place = [ground.case.clone().unwrap_or_default(), place.unwrap_or_default()].join(" ");
    vec![
        lead.to_owned(),
        dependent.name.clone(),
        format!("{} -> {}", value(&judgement.old), value(&judgement.new)),
        conclusion(dependent, judgement),
        place.trim().to_owned(),
    ]
}

/// Writes what became of a conclusion: `target at least 75 %: MISSED -> MET`, `still missed`.
fn conclusion(dependent: &Dependent, judgement: &Judgement) -> String {
    let Some(bound) = judgement.new.bound.as_ref().or(judgement.old.bound.as_ref()) else { return String::new() };
    let (named, words) = match bound {
        Bound::Target(goal) => (format!("target {}", goal_words(goal, &dependent.unit)), ["met", "missed"]),
        Bound::Guardrail(require) => {
            let guard = match &dependent.role {
                Role::Guarded(guard) => guard.as_str(),
                Role::Aimed | Role::Made => "",
            };
            let bound = in_unit(&dependent.unit, require.bound.to_f64());
            (format!("guardrail {guard} {} {bound}", require.comparison.symbol()), ["held", "broken"])
        }
    };
    let word = |side: &Side| match (&side.bound, side.holds) {
        (None, _) => "none",
        (_, None) => "no value",
        (_, Some(true)) => words[0],
        (_, Some(false)) => words[1],
    };
    let (old, new) = (word(&judgement.old), word(&judgement.new));
    match judgement.is_flipped() {
        true => format!("{named}: {} -> {}", old.to_uppercase(), new.to_uppercase()),
        false if old == new => format!("{named} still {new}"),
        false => format!("{named}: {old} -> {new}"),
    }
}

fn goal_words(goal: &Goal, unit: &str) -> String {
    match goal {
        Goal::AtLeast(bound) => format!("at least {}", in_unit(unit, bound.to_f64())),
        Goal::AtMost(bound) => format!("at most {}", in_unit(unit, bound.to_f64())),
    }
}
