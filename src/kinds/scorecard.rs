//! A weighted composite of other metrics.

use super::made::{Assembly, Better, Made, component};
use super::{Kind, Lower, number};
use crate::plan::{Absent, Body, Plan, Scorecard, Weighed};
use crate::shape::{Field, Moves, Record, Shape};
use crate::value::Number;
use crate::yaml::Node;

pub(super) const KIND: Kind = Kind {
    field: Field::required(
        "scorecard",
        Shape::Record(&SCORECARD),
        "Weighted composite of other metrics, each brought to 0 for its worst and 1 for its best value.",
    ),
    lower: Lower::Metrics(lower),
};

static SCORECARD: Record = Record {
    name: "scorecard",
    fields: &[
        Field::required("components", Shape::List(&Shape::Record(&COMPONENT)), "What is weighed."),
        Field::required(
            "missing",
            Shape::Choice(&["renormalise", "zero", "void"]),
            "A component without a value: `renormalise` leaves it and its weight out, `zero` scores it 0, `void` gives \
             no score.",
        ),
        Field::required("provenance", Shape::Text, "Where weights and bounds come from.").moving(Moves::Governance),
    ],
};

static COMPONENT: Record = Record {
    name: "component",
    fields: &[
        Field::required("metric", Shape::MetricName, "The metric."),
        Field::required("weight", Shape::Decimal, "Its weight; all weights add up to exactly 1."),
        Field::required("worst", Shape::Decimal, "The value that scores 0, as every value beyond it."),
        Field::required("best", Shape::Decimal, "The value that scores 1, as every value beyond it."),
        Field::required("because", Shape::Text, "Why it has this weight and these bounds.").moving(Moves::Governance),
    ],
};

fn lower(node: &Node, assembly: &mut Assembly<'_>) -> Option<Made> {
    let list = node.get("components")?;
    let absent = match node.get("missing")?.as_text()? {
        "renormalise" => Absent::Renormalise,
        "zero" => Absent::Zero,
        _ => Absent::Void,
    };
    let read: Vec<Option<Weighed>> = list.items().iter().map(|item| weighed(item, assembly)).collect();
    let apart = each_once(list, assembly);
    let mut parts = read.into_iter().collect::<Option<Vec<Weighed>>>()?;
    adds_up_to_one(list, &parts, assembly)?;
    apart?;
    parts.sort_by(|a, b| a.component.plan.metric.cmp(&b.component.plan.metric));
    Some(Made::of(Body::Scored(Scorecard { parts, absent })))
}

fn weighed(item: &Node, assembly: &mut Assembly<'_>) -> Option<Weighed> {
    let metric = item.get("metric")?;
    let plan = assembly.plan(metric);
    let weight = number(item.get("weight")?, assembly.diagnostics);
    let (worst, best) = (bound(item, "worst", assembly), bound(item, "best", assembly));
    let (plan, weight, worst, best) = (plan?, weight?, worst?, best?);
    if weight <= Number::ZERO {
        let span = item.get("weight")?.span;
        return assembly.refuse(span, "a weight is greater than 0", "leave the component out, or give it weight");
    }
    ordered(item, &plan, (worst, best), assembly)?;
    Some(Weighed { component: component(plan), worst, best, weight })
}

fn bound(item: &Node, key: &str, assembly: &mut Assembly<'_>) -> Option<Number> {
    number(item.get(key)?, assembly.diagnostics)
}

/// The bounds differ, and lie in the order that the component's direction says.
fn ordered(item: &Node, plan: &Plan, (worst, best): (Number, Number), assembly: &mut Assembly<'_>) -> Option<()> {
    let (span, name) = (item.get("best")?.span, &plan.metric);
    if worst == best {
        return assembly.refuse(span, "`best` is no other than `worst`", "write two values between which it moves");
    }
    let (direction, beyond) = match assembly.metrics.aim(name)?.better {
        Better::Higher if best < worst => ("higher", "below"),
        Better::Lower if best > worst => ("lower", "above"),
        _ => return Some(()),
    };
    let message = format!("`best` lies {beyond} `worst`, but of `{name}` {direction} is better");
    assembly.refuse(span, message, "exchange the two")
}

fn each_once(list: &Node, assembly: &mut Assembly<'_>) -> Option<()> {
    let names: Vec<&Node> = list.items().iter().filter_map(|item| item.get("metric")).collect();
    let repeated = names.iter().enumerate().find(|(index, name)| {
        name.as_text().is_some() && names[..*index].iter().any(|other| other.as_text() == name.as_text())
    });
    let Some((_, name)) = repeated else { return Some(()) };
    let message = format!("`{}` is weighed twice", name.as_text().unwrap_or_default());
    assembly.refuse(name.span, message, "give it one weight")
}

fn adds_up_to_one(list: &Node, parts: &[Weighed], assembly: &mut Assembly<'_>) -> Option<()> {
    let sum = parts.iter().try_fold(Number::ZERO, |sum, part| sum.checked_add(part.weight));
    if sum == Some(Number::integer(1)) {
        return Some(());
    }
    let sum = sum.map_or("more than can be added".to_owned(), |sum| sum.to_string());
    // The whole list would be underlined otherwise: the last weight is place enough.
    let span = list.items().last().and_then(|item| item.get("weight")).map_or(list.span, |weight| weight.span);
    assembly.refuse(span, format!("the weights add up to {sum}, not to 1"), "write weights that add up to exactly 1")
}
