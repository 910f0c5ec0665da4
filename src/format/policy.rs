//! The format of a project's rules and policy: how strictly changes are judged, and who must sign them.

use super::change::CLASSES;
use crate::shape::{Field, Moves, Record, Shape};

/// Which rules judge changes.
pub(super) const RULES: Field =
    Field::optional("rules", Shape::Record(&RULES_RECORD), "the profile `reading`", "How strictly changes are judged.")
        .moving(Moves::Governance);

/// Who must approve what.
pub(super) const POLICY: Field = Field::optional(
    "policy",
    Shape::Record(&POLICY_RECORD),
    "nothing has to be signed",
    "Who must sign what, and how long things take.",
)
.moving(Moves::Governance);

static RULES_RECORD: Record = Record {
    name: "rules",
    fields: &[Field::optional(
        "profile",
        Shape::Choice(&["numbers", "reading", "governance", "strict"]),
        "reading",
        "The set of rules; each has those of the sets before it.",
    )],
};

static POLICY_RECORD: Record = Record {
    name: "policy",
    fields: &[
        Field::optional(
            "signatures",
            Shape::List(&Shape::Record(&SIGNATURES)),
            "nothing has to be signed",
            "Which signatures a change needs, by its class.",
        ),
        Field::optional(
            "roles",
            Shape::RawMap(&Shape::List(&Shape::Text)),
            "only `owner`",
            "The roles beside `owner`, with the people in them.",
        ),
        Field::optional(
            "owners",
            Shape::RawMap(&Shape::List(&Shape::Text)),
            "nobody signs as owner",
            "The teams that own definitions, with the people who sign for them in the role `owner`.",
        ),
        Field::optional("grace", Shape::Record(&GRACE), "no grace", "How long things stay before they go."),
        Field::optional(
            "self_approval",
            Shape::Choice(&["refuse", "allow"]),
            "refuse",
            "Whether the author of a change may sign it.",
        ),
    ],
};

static SIGNATURES: Record = Record {
    name: "signatures",
    fields: &[
        Field::required("for", CLASSES, "The class of change."),
        Field::required("roles", Shape::List(&Shape::Record(&ROLE)), "The roles that must sign."),
    ],
};

static ROLE: Record = Record {
    name: "role",
    fields: &[
        Field::required("role", Shape::Text, "`owner`, or one of `roles`."),
        Field::optional("at_least", Shape::Integer, "1", "How many people of the role must sign."),
    ],
};

static GRACE: Record = Record {
    name: "grace",
    fields: &[Field::optional(
        "deprecation",
        Shape::Duration,
        "none",
        "Least time between the deprecation of a version and its sunset.",
    )],
};
