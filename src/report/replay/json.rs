//! Replays as one JSON document. The shapes are a wire format of their own: changing one is a new version.

use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use crate::replay::{Lived, Replay, Seen};
use crate::report::impact::{json_edit, json_place, json_shown};

/// The version of the document.
const FORMAT: &str = "etalon-replay-1";

/// Writes a replay.
pub fn json(replay: &Replay) -> String {
    let request = replay.computed.as_ref().map(|(_, request)| request);
    let zone = replay.computed.as_ref().and_then(|(plan, _)| TimeZone::get(&plan.calendar.zone).ok());
    let zone = zone.unwrap_or(TimeZone::UTC);
    let cells = replay.columns.iter().map(|column| {
        let mut object = json_place(&column.place, request, &zone);
        object.insert("case".to_owned(), json!(column.case));
        Json::Object(object)
    });
    let document = json!({
        "format": FORMAT,
        "metric": replay.metric,
        "unit": replay.unit,
        "zone": zone.iana_name(),
        "cells": cells.collect::<Vec<_>>(),
        "meanings": replay.meanings.iter().map(|lived| meaning(lived, &zone)).collect::<Vec<_>>(),
        "changes": replay.changes().map(seen).collect::<Vec<_>>(),
    });
    format!("{document:#}\n")
}

fn meaning(lived: &Lived, zone: &TimeZone) -> Json {
    let edits = lived.edits.iter().map(|(edit, name)| {
        let mut object = json_edit(edit);
        object["label"] = json!(name);
        object
    });
    let absent = lived.absent.iter().map(|(case, reason)| json!({ "case": case, "reason": reason }));
    json!({
        "versions": lived.versions.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "fingerprint": lived.fingerprint,
        "first": seen(&lived.first),
        "last": seen(&lived.last),
        "edits": edits.collect::<Vec<_>>(),
        "cells": lived.cells.iter().map(|cell| json_shown(cell.as_ref(), zone)).collect::<Vec<_>>(),
        "absent": absent.collect::<Vec<_>>(),
    })
}

fn seen(seen: &Seen) -> Json {
    json!({ "label": seen.label, "time": seen.time })
}
