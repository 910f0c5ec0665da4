//! The format of what a version says about its change: from what, why, and what becomes of the numbers before it.

use crate::shape::{Field, Moves, Record, Shape};

/// How a change can be classed, from the heaviest; the policy asks for signatures by these words.
pub(super) const CLASSES: Shape = Shape::Choice(&["breaking", "additive", "wording", "governance"]);

/// What takes the place of a version that is on its way out.
pub(super) const REPLACED_BY: Field = Field::optional(
    "replaced_by",
    Shape::Either(&[Shape::Choice(&["none"]), Shape::MetricVersion]),
    "not said; a deprecated version says it",
    "The version that takes its place, or `none` where nothing does.",
)
.moving(Moves::Governance);

/// When a version that is on its way out is gone.
pub(super) const SUNSET: Field = Field::optional(
    "sunset",
    Shape::Date,
    "not said; a deprecated version says it",
    "Day from which a deprecated version may be retired.",
)
.moving(Moves::Governance);

/// The record of the change that made a version.
pub(super) const CHANGE: Field = Field::optional(
    "change",
    Shape::Record(&CHANGE_RECORD),
    "the first version",
    "How the version differs from the one before it, as its author declares it.",
)
.moving(Moves::Governance);

static CHANGE_RECORD: Record = Record {
    name: "change",
    fields: &[
        Field::required("from", Shape::Version, "The version that was changed."),
        Field::required("author", Shape::Text, "Who made the change; somebody else signs it."),
        Field::required("class", CLASSES, "What the change is declared to be."),
        Field::optional(
            "direction",
            Shape::Choice(&["up", "down", "either", "none"]),
            "not declared",
            "Which way the number is declared to move over the same data.",
        ),
        Field::required("because", Shape::Text, "Why it was changed."),
        Field::optional(
            "decision",
            Shape::Text,
            "no record",
            "Path of the decision record, from the project's folder: `decisions/0003-longer-window.md`.",
        ),
        Field::optional(
            "history",
            Shape::Record(&HISTORY),
            "not declared; a breaking change declares it",
            "What becomes of the numbers before the version.",
        ),
        Field::optional(
            "consumers",
            Shape::List(&Shape::Text),
            "none named",
            "Who reads the number and has agreed to the change.",
        ),
    ],
};

static HISTORY: Record = Record {
    name: "history",
    fields: &[
        Field::required(
            "plan",
            Shape::Choice(&["restate", "splice", "break"]),
            "`restate`: earlier periods are computed anew. `splice`: each period keeps the version that was in force. \
             `break`: as `splice`, and the first period of the new version is marked.",
        ),
        Field::optional(
            "since",
            Shape::Date,
            "`effective_from`; `restate` has to say it",
            "First day whose periods follow the new version.",
        ),
        Field::required("because", Shape::Text, "Why the past is treated so."),
    ],
};
