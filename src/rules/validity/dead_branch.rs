//! A branch of a choice that the branches before it have taken all rows of.

use crate::expression::Expression;
use crate::rules::clauses::Clauses;
use crate::rules::{About, Findings, Meant, Rule, Subject};
use crate::text::Span;
use crate::yaml::Node;

/// The word that begins a choice.
const CASE: &[u8] = b"case";

pub(super) fn check(rule: &'static Rule, subject: &Subject<'_>, findings: &mut Findings) {
    for meant in subject.readings().filter(|meant| says_case(&meant.reading.node)) {
        for (slot, expression) in meant.plan.expressions() {
            let Some(span) = written(&meant, &slot.path) else { continue };
            let clauses = Clauses::over(subject.new.catalog, &slot.source);
            let mut dead = None;
            expression.walk(&mut |inner| dead = dead.or_else(|| dead_arm(inner, &clauses)));
            if let Some(number) = dead {
                let message = format!("branch {number} of the choice is never taken: those before it take its rows");
                let key = meant.key(span, &format!("{}|{number}", slot.path));
                findings.add(rule, About::metric(meant.metric), span, (&key, message));
            }
        }
    }
}

/// Tells whether a text of a tree has a choice in it.
fn says_case(node: &Node) -> bool {
    let says = |text: &str| text.as_bytes().windows(CASE.len()).any(|part| part.eq_ignore_ascii_case(CASE));
    node.as_text().is_some_and(says)
        || node.items().iter().any(says_case)
        || node.entries().iter().any(|entry| says_case(&entry.value))
}

/// Returns the number of the first branch that no row reaches.
fn dead_arm(expression: &Expression, clauses: &Clauses<'_>) -> Option<usize> {
    let Expression::Case { arms, .. } = expression else { return None };
    (0..arms.len()).find(|position| is_dead(arms, *position, clauses)).map(|position| position + 1)
}

fn is_dead(arms: &[(Expression, Expression)], position: usize, clauses: &Clauses<'_>) -> bool {
    let (condition, before) = (&arms[position].0, &arms[..position]);
    match before {
        [] => clauses.is_never(condition),
        [(only, _)] => clauses.implies(condition, only),
        several => {
            let any = Expression::Or(several.iter().map(|(earlier, _)| earlier.clone()).collect());
            clauses.implies(condition, &any)
        }
    }
}

/// Returns where a choice is written that the definition itself spells out; others are made of bands and tables.
fn written(meant: &Meant<'_>, slot: &str) -> Option<Span> {
    let steps: Vec<&str> = slot.split('.').collect();
    let keys: &[&str] = match steps.as_slice() {
        ["facts", fact, "value"] => match meant.reading.node.get("facts")?.get(fact)?.get("is") {
            Some(_) => &["facts", fact, "is"],
            None => &["facts", fact, "value"],
        },
        ["facts", fact, "predicate"] => &["facts", fact, "where"],
        ["filter"] => &["population", "where"],
        ["measure", ..] => &["measure"],
        _ => return None,
    };
    let found = keys.iter().try_fold(meant.reading.node.as_ref(), |node, key| node.get(key))?;
    let text = found.entries().first().map_or(found, |entry| &entry.value).scalar_text();
    text.to_lowercase().contains("case").then_some(found.span)
}
