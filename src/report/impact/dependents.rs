//! What rests on a changed metric, in words: values before and now, and conclusions that flip.

use super::human::{place_of, shown};
use crate::definition::Goal;
use crate::impact::{Bound, Dependent, Ground, Judgement, Price, Role, Side};
use crate::report::table::Layout;
use crate::report::unit::{Unit, in_unit};

/// Writes what feels a change: every conclusion that flips, and values that moved where they are few.
pub(super) fn dependents(price: &Price) -> String {
    let (mut targets, mut others) = (Layout::headless(), Layout::headless());
    let mut told = (0, 0);
    let mut absent: Vec<String> = Vec::new();
    let all = price.grounds.iter().flat_map(|ground| ground.dependents.iter().map(move |it| (ground, it)));
    for (ground, dependent) in all {
        if let Some(reason) = &dependent.absent {
            let told = format!("  {} not computed: {reason}\n", dependent.name);
            if !absent.contains(&told) {
                absent.push(told);
            }
        }
        for judgement in worth_telling(dependent) {
            let place = place(ground, dependent, judgement);
            if dependent.role == Role::Aimed {
                let name = if dependent.name == price.metric { "" } else { &dependent.name };
                targets.push(vec![name.to_owned(), conclusion(dependent, judgement), place]);
                told.0 += 1;
            } else {
                let lead = if told.1 == 0 { "reaches" } else { "" };
                others.push(vec![lead.to_owned(), dependent.name.clone(), effect(dependent, judgement), place]);
                told.1 += 1;
            }
        }
    }
    let mut text = String::new();
    for (layout, _) in [(targets, told.0), (others, told.1)].into_iter().filter(|(_, rows)| *rows > 0) {
        text.push_str(&layout.without_empty_columns().render("  "));
    }
    text + &absent.concat()
}

/// Returns what else moves, a line each: `support_score 62.1 -> 62.9`.
pub(in crate::report) fn reached(price: &Price) -> Vec<String> {
    let mut told: Vec<String> = Vec::new();
    for dependent in price.grounds.iter().flat_map(|ground| &ground.dependents) {
        let own = dependent.name == price.metric;
        let name = if own { "" } else { dependent.name.as_str() };
        let said = worth_telling(dependent).map(|judgement| match dependent.role {
            Role::Aimed => conclusion(dependent, judgement),
            _ => effect(dependent, judgement),
        });
        told.extend(said.map(|said| format!("{name} {said}").trim().to_owned()));
    }
    told.sort();
    told.dedup();
    told
}

/// Returns what is worth a line: all that moved where there is one value, flips where there are several.
fn worth_telling(dependent: &Dependent) -> impl Iterator<Item = &Judgement> {
    let is_one = dependent.judgements.len() == 1;
    // That a metric itself moves is told as its price.
    let has_more = move |judgement: &Judgement| dependent.role != Role::Aimed || judgement.new.bound.is_some();
    let is_told =
        move |judgement: &&Judgement| judgement.is_flipped() || (is_one && judgement.is_moved() && has_more(judgement));
    dependent.judgements.iter().filter(is_told)
}

fn place(ground: &Ground, dependent: &Dependent, judgement: &Judgement) -> String {
    let place = dependent.computed.as_ref().map(|(plan, request)| place_of(&judgement.place, plan, Some(request)));
    let place = [ground.case.clone().unwrap_or_default(), place.unwrap_or_default()].join(" ");
    place.trim().to_owned()
}

/// Writes the values before and now, and what is concluded from them.
fn effect(dependent: &Dependent, judgement: &Judgement) -> String {
    let unit = Unit::named(&dependent.unit);
    let value = |side: &Side| shown(side.shown.as_ref(), &unit);
    let values = format!("{} -> {}", value(&judgement.old), value(&judgement.new));
    match conclusion(dependent, judgement) {
        text if text.is_empty() => values,
        text => format!("{values}, {text}"),
    }
}

/// Writes what became of a conclusion: `target at least 75 %: MISSED -> MET`, `target at least 75 % still missed`.
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
