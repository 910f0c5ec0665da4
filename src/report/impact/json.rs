//! Prices as one JSON document. The shapes are a wire format of their own: changing one is a new version.

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json, json};

use crate::definition::Goal;
use crate::diff::EditId;
use crate::impact::{
    Attribution, Bound, CellPrice, Clause, Dependent, Fraction, Ground, Judgement, Part, Place, Price, ReadingPrice,
    Role, Shares, Shown, Side,
};
use crate::plan::{Plan, Request};
use crate::report::run::json_cell;

/// The version of the document.
const FORMAT: &str = "etalon-impact-1";

/// Writes prices.
pub fn json(prices: &[Price]) -> String {
    let document = json!({ "format": FORMAT, "metrics": prices.iter().map(one).collect::<Vec<_>>() });
    format!("{document:#}\n")
}

fn one(price: &Price) -> Json {
    json!({
        "metric": price.metric,
        "old": price.old.to_string(),
        "new": price.new.to_string(),
        "method": if price.is_exact() { "every_order" } else { "sampled_orders" },
        "clauses": price.clauses.iter().map(clause).collect::<Vec<_>>(),
        "priced_on": price.grounds.iter().map(on).collect::<Vec<_>>(),
    })
}

fn clause(clause: &Clause) -> Json {
    json!({ "label": clause.label, "edits": clause.edits.iter().map(edit).collect::<Vec<_>>() })
}

/// Writes which edit is meant.
pub(in crate::report) fn edit(edit: &EditId) -> Json {
    json!({ "object": edit.object.to_string(), "path": edit.path.to_string(), "kind": edit.kind.name() })
}

fn on(ground: &Ground) -> Json {
    json!({
        "case": ground.case,
        "readings": ground.readings.iter().map(reading).collect::<Vec<_>>(),
        "dependents": ground.dependents.iter().map(dependent).collect::<Vec<_>>(),
    })
}

fn reading(reading: &ReadingPrice) -> Json {
    let zone = zone(&reading.plans.1);
    let request = reading.requests.as_ref();
    let ledger = reading.ledger.iter().map(|line| json!({ "fate": line.fate, "old": line.old, "new": line.new }));
    json!({
        "variant": (!reading.variant.is_empty()).then_some(&reading.variant),
        "unit": reading.unit,
        "zone": reading.plans.1.calendar.zone,
        "as_of": request.map(|(old, new)| json!({
            "old": old.as_of.display_in(&zone),
            "new": new.as_of.display_in(&zone),
        })),
        "failed": reading.failed,
        "cells": reading.cells.iter().map(|it| cell(it, request.map(|(_, new)| new), &zone)).collect::<Vec<_>>(),
        "ledger": ledger.collect::<Vec<_>>(),
    })
}

fn zone(plan: &Plan) -> TimeZone {
    TimeZone::get(&plan.calendar.zone).unwrap_or(TimeZone::UTC)
}

fn cell(cell: &CellPrice, request: Option<&Request>, zone: &TimeZone) -> Json {
    let mut object = place(&cell.place, request, zone);
    object.insert("old".to_owned(), shown(cell.old.as_ref(), zone));
    object.insert("new".to_owned(), shown(cell.new.as_ref(), zone));
    match &cell.attribution {
        Attribution::Shared(found) => {
            object.insert("attribution".to_owned(), shares(found));
        }
        Attribution::Impossible { reason, parts } => {
            let named = |(part, found): &(Part, Shares)| {
                let name = match part {
                    Part::Value => "value",
                    Part::Numerator => "numerator",
                    Part::Denominator => "denominator",
                };
                (name.to_owned(), shares(found))
            };
            object.insert("unattributable".to_owned(), json!(reason));
            object.insert("instead".to_owned(), Json::Object(parts.iter().map(named).collect()));
        }
    }
    Json::Object(object)
}

/// Writes where a cell stands.
pub(in crate::report) fn place(place: &Place, request: Option<&Request>, zone: &TimeZone) -> Map<String, Json> {
    let end = |pick: fn((crate::value::Instant, crate::value::Instant)) -> crate::value::Instant| {
        json!(place.period.map(|bounds| pick(bounds).display_in(zone)))
    };
    let names = request.map_or(&[][..], |request| request.by.as_slice());
    let dimensions = names.iter().zip(&place.dimensions).map(|(name, value)| (name.clone(), json_cell(value, zone)));
    Map::from_iter([
        ("period_start".to_owned(), end(|bounds| bounds.0)),
        ("period_end".to_owned(), end(|bounds| bounds.1)),
        ("dimensions".to_owned(), Json::Object(dimensions.collect())),
    ])
}

/// Writes what a version says of a cell; null where it has none.
pub(in crate::report) fn shown(shown: Option<&Shown>, zone: &TimeZone) -> Json {
    let Some(shown) = shown else { return Json::Null };
    let left_out = shown.left_out.iter().map(|(name, rows)| (name.clone(), json_cell(rows, zone)));
    json!({
        "value": json_cell(&shown.value, zone),
        "numerator": json_cell(&shown.numerator, zone),
        "denominator": json_cell(&shown.denominator, zone),
        "n": json_cell(&shown.n, zone),
        "left_out": left_out.collect::<Map<_, _>>(),
        "state": shown.state,
    })
}

/// Writes shares in the order of the clauses; each number exactly, and as a float beside it.
fn shares(shares: &Shares) -> Json {
    let list = |parts: &[Fraction]| parts.iter().map(|part| number(*part)).collect::<Vec<_>>();
    json!({
        "old": number(shares.old),
        "new": number(shares.new),
        "move": number(shares.total()),
        "shares": list(&shares.shares),
        "in_order": list(&shares.sequential),
        "together": number(shares.together),
    })
}

fn number(number: Fraction) -> Json {
    json!({ "exact": number.to_string(), "value": number.to_f64() })
}

fn dependent(dependent: &Dependent) -> Json {
    let (role, guard) = match &dependent.role {
        Role::Aimed => ("target", None),
        Role::Made => ("made_of_it", None),
        Role::Guarded(guard) => ("guarded", Some(guard)),
    };
    let computed = dependent.computed.as_ref();
    let zone = computed.map_or(TimeZone::UTC, |(plan, _)| zone(plan));
    let one = |judgement: &Judgement| {
        let mut object = place(&judgement.place, computed.map(|(_, request)| request), &zone);
        object.insert("old".to_owned(), side(&judgement.old, &zone));
        object.insert("new".to_owned(), side(&judgement.new, &zone));
        object.insert("flips".to_owned(), json!(judgement.is_flipped()));
        Json::Object(object)
    };
    json!({
        "metric": dependent.name,
        "role": role,
        "guard": guard,
        "unit": dependent.unit,
        "cells": dependent.judgements.iter().map(one).collect::<Vec<_>>(),
        "absent": dependent.absent,
    })
}

fn side(side: &Side, zone: &TimeZone) -> Json {
    let bound = side.bound.as_ref().map(|bound| match bound {
        Bound::Target(Goal::AtLeast(bound)) => format!(">= {bound}"),
        Bound::Target(Goal::AtMost(bound)) => format!("<= {bound}"),
        Bound::Guardrail(require) => require.to_string(),
    });
    json!({ "shown": shown(side.shown.as_ref(), zone), "bound": bound, "holds": side.holds })
}
