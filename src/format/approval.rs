//! The formats of what people have agreed to: signatures on a meaning, and findings that are accepted for a time.

use crate::shape::{Field, Moves, Record, Shape};

/// `approvals/<metric>-<version>.yaml`: who has signed one meaning of one version.
pub static APPROVAL: Record = Record {
    name: "approval",
    fields: &[
        Field::required("approval", Shape::MetricVersion, "The version that is signed.").moving(Moves::Governance),
        Field::required(
            "fingerprint",
            Shape::Hex(16),
            "The data fingerprint that is signed: another meaning makes the signatures void, other words do not.",
        )
        .moving(Moves::Governance),
        Field::required("signatures", Shape::List(&Shape::Record(&SIGNATURE)), "Who has signed it.")
            .moving(Moves::Governance),
    ],
};

static SIGNATURE: Record = Record {
    name: "signature",
    fields: &[
        Field::required("by", Shape::Text, "Who signs, as the project's policy names people."),
        Field::required("role", Shape::Text, "In which role: `owner`, or one of the policy's."),
        Field::required("on", Shape::Date, "Day of the signature."),
        Field::optional("until", Shape::Date, "without end", "First day on which the signature counts no more."),
        Field::optional("note", Shape::Text, "none", "What the signer adds."),
    ],
};

/// `acceptances/<fingerprint>.yaml`: one finding about one change that is accepted for a time.
pub static ACCEPTANCE: Record = Record {
    name: "acceptance",
    fields: &[
        Field::required("acceptance", Shape::Hex(12), "The fingerprint of the change, as reports show it.")
            .moving(Moves::Governance),
        Field::required("rule", Shape::RuleName, "The rule that found it.").moving(Moves::Governance),
        Field::required("metric", Shape::Identifier, "The metric it was found at.").moving(Moves::Governance),
        Field::required("reason", Shape::Text, "Why it is accepted.").moving(Moves::Governance),
        Field::required("approved_by", Shape::Text, "Who accepts it.").moving(Moves::Governance),
        Field::required("expires", Shape::Date, "First day on which it is accepted no more.").moving(Moves::Governance),
    ],
};
