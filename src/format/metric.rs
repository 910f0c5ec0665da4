//! The format of metric files.

use super::change::{CHANGE, REPLACED_BY, SUNSET};
use super::fact::FACTS as FACTS_SHAPE;
use super::project::{WEEKDAY, YEAR, YEAR_STARTS};
use crate::kinds::MEASURES;
use crate::shape::{Field, Moves, Record, Shape};

/// `metrics/<id>/v<major>.yaml`: one major version of one metric.
pub static METRIC: Record = Record {
    name: "metric",
    fields: &[
        Field::required("metric", Shape::Identifier, "Name of the metric, the same in every version.")
            .moving(Moves::Governance),
        Field::required(
            "version",
            Shape::Version,
            "Major: numbers or their reading change; minor: additions; patch: wording.",
        )
        .moving(Moves::Governance),
        Field::required("status", STATUS, "Where the version stands in its life.").moving(Moves::Governance),
        Field::required("effective_from", Shape::Date, "First day the version is in force.").moving(Moves::Governance),
        Field::optional("effective_to", Shape::Date, "open", "Day the version ceases to be in force.")
            .moving(Moves::Governance),
        REPLACED_BY,
        SUNSET,
        CHANGE,
        TITLE,
        STATEMENT,
        Field::required("purpose", Shape::Text, "What the number is for, and what it is not for.")
            .moving(Moves::Wording),
        Field::required("assumptions", Shape::List(&Shape::Text), "What has to hold for the number to mean this.")
            .moving(Moves::Wording),
        NOTES,
        USES,
        NOT_FOR,
        APPLIES_TO,
        OBJECTIVE,
        DRIVES,
        TIMING,
        PAY_RELEVANT,
        Field::required("owner", Shape::Text, "Team that answers for the definition.").moving(Moves::Governance),
        Field::required("role", ROLE, "What part the number plays in steering.").moving(Moves::Reading),
        UNIT,
        DIRECTION,
        Field::required("review_by", Shape::Date, "Day by which the definition is looked at again.")
            .moving(Moves::Governance),
        POPULATION,
        EXCLUSIONS,
        FACTS,
        RESOLUTION,
        TREATMENT,
        MEASURE,
        MATURITY,
        MISSING,
        Field::required("period", Shape::Record(&PERIOD), "The periods the number may be reported for."),
        Field::optional(
            "dimensions",
            Shape::List(&Shape::Identifier),
            "none",
            "Columns and facts the number may be split by.",
        ),
        Field::optional(
            "guardrails",
            Shape::List(&Shape::Record(&GUARDRAIL)),
            "none",
            "Metrics that must hold beside this one.",
        )
        .moving(Moves::Reading),
        Field::optional("targets", Shape::List(&Shape::Record(&TARGET)), "none", "What is aimed at, and from when.")
            .moving(Moves::Reading),
        CONFIDENCE,
        Field::optional(
            "privacy",
            Shape::Record(&PRIVACY),
            "nothing is withheld",
            "What is withheld to protect people.",
        ),
        Field::optional("variants", Shape::Map(&Shape::Record(&VARIANT)), "none", "Named readings of the same metric."),
    ],
};

const STATUS: Shape = Shape::Choice(&["draft", "candidate", "released", "deprecated", "retired"]);
const ROLE: Shape = Shape::Choice(&["north_star", "driver", "diagnostic", "guardrail"]);
const NO_ROWS: &str = "only where the measure is made of other metrics";

const TITLE: Field = Field::required("title", Shape::Text, "What the metric is called.").moving(Moves::Wording);
const STATEMENT: Field =
    Field::required("statement", Shape::Text, "The definition in one sentence, as a manual prints it.")
        .moving(Moves::Wording);
const NOTES: Field =
    Field::optional("notes", Shape::Text, "none", "What a reader should know besides.").moving(Moves::Wording);
const USES: Field =
    Field::optional("uses", Shape::List(&Shape::Text), "none named", "Decisions that the number serves.")
        .moving(Moves::Governance);
const NOT_FOR: Field =
    Field::optional("not_for", Shape::List(&Shape::Text), "none named", "Uses that the number is not made for.")
        .moving(Moves::Governance);
const APPLIES_TO: Field = Field::optional(
    "applies_to",
    Shape::Map(&Shape::List(&Shape::Text)),
    "every row",
    "Where the number means something: by column, the values it is meant for. Cells of others are marked, not left out.",
)
.moving(Moves::Reading);
const OBJECTIVE: Field = Field::optional("objective", Shape::Text, "none named", "The objective the number serves.")
    .moving(Moves::Governance);
const DRIVES: Field = Field::optional(
    "drives",
    Shape::List(&Shape::MetricName),
    "none named",
    "Metrics that are expected to move when this one does.",
)
.moving(Moves::Governance);
const TIMING: Field = Field::optional(
    "timing",
    Shape::Choice(&["leading", "lagging"]),
    "not said",
    "Whether it moves before the outcome it is watched for, or tells of it afterwards.",
)
.moving(Moves::Reading);
const PAY_RELEVANT: Field = Field::optional(
    "pay_relevant",
    Shape::Boolean,
    "false",
    "Whether somebody's pay depends on the number; it needs a guardrail then.",
)
.moving(Moves::Governance);
const UNIT: Field = Field::required(
    "unit",
    Shape::Text,
    "What the number counts: `share`, `count`, `seconds`, `points`, `ratio`, `net_points` (a balance, shown times 100), \
     `percentage_points` (a difference of shares), or a currency code.",
)
.moving(Moves::Reading);
const DIRECTION: Field = Field::required(
    "direction",
    Shape::Choice(&["higher_is_better", "lower_is_better", "neutral"]),
    "Which way is good.",
)
.moving(Moves::Reading);
const POPULATION: Field =
    Field::optional("population", Shape::Record(&POPULATION_RECORD), NO_ROWS, "What is counted, and when.");
const EXCLUSIONS: Field =
    Field::optional("exclusions", EXCLUSION_LIST, "none", "Rows left out, in order; each has its line in the ledger.");
const FACTS: Field = Field::optional("facts", FACTS_SHAPE, "none", "What other rows say about a row.");
const RESOLUTION: Field =
    Field::optional("resolution", RESOLUTION_FORMS, "none", "When a row is resolved; defines the term `resolved`.");
const TREATMENT: Field = Field::optional(
    "treatment",
    Shape::Record(&TREATMENT_USE),
    "none",
    "Which reading of a treatment applies; defines the term `succeeds`.",
);
const MEASURE: Field = Field::required("measure", Shape::OneKey(MEASURES), "What is computed.");
const MATURITY: Field = Field::optional(
    "maturity",
    MATURITY_FORMS,
    "only where nothing has to be waited for",
    "What happens to rows that are not known yet, or not any more.",
);
const EXCLUSION_LIST: Shape = Shape::List(&EXCLUSION_FORMS);
static EXCLUSION_FORMS: Shape = Shape::Either(&[Shape::Record(&USE), Shape::Record(&EXCLUSION)]);
const RESOLUTION_FORMS: Shape = Shape::Either(&[Shape::Record(&USE), Shape::Record(&RESOLVED)]);
const MATURITY_FORMS: Shape = Shape::Either(&[MATURITY_POLICY, Shape::Record(&MATURITY_RECORD)]);
const MATURITY_POLICY: Shape = Shape::Choice(&["wait", "provisional", "ignore"]);
const MISSING: Field = Field::optional(
    "missing",
    Shape::Either(&[
        Shape::Choice(&["none"]),
        Shape::Map(&Shape::Choice(&["drop", "as_failure", "as_its_own_value", "bounds"])),
    ]),
    "only where nothing that is read can be null",
    "What happens to rows whose value is not known, by column or fact; `bounds` reports the worst and the best case. A variant takes back its base's policies with `none`.",
);
const CONFIDENCE: Field =
    Field::optional("confidence", Shape::Record(&CONFIDENCE_RECORD), "none", "How sure the number is.");

static POPULATION_RECORD: Record = Record {
    name: "population",
    fields: &[
        Field::required("source", Shape::Identifier, "Where the rows come from."),
        Field::required(
            "one_row_per",
            Shape::Either(&[Shape::Identifier, Shape::List(&Shape::Identifier)]),
            "The counted thing: the source's primary key.",
        ),
        Field::optional("anchor", Shape::Identifier, "another placement", "The instant that puts a row in one period."),
        Field::optional(
            "snapshot",
            Shape::Choice(&["period_end", "period_start"]),
            "another placement",
            "Every row is counted in every period, as the world was known at this end of it.",
        ),
        Field::optional(
            "spread",
            Shape::Choice(&["period"]),
            "another placement",
            "Every row is counted in every period, as the world is known now: for lengths of time within periods.",
        ),
        Field::optional(
            "where",
            Shape::Expression,
            "every row",
            "Rows that belong; only true belongs. Columns, facts and `as_of`; beside `snapshot` and `spread` also \
             `period_start` and `period_end`.",
        ),
    ],
};

static USE: Record =
    Record { name: "use", fields: &[Field::required("use", Shape::StandardName, "A shared standard.")] };

static EXCLUSION: Record = Record {
    name: "exclusion",
    fields: &[
        Field::required("id", Shape::Identifier, "Name of the line in the ledger."),
        Field::required("where", Shape::Expression, "Leaves a row out when true."),
        Field::required("reason", Shape::Text, "Why the rows are left out.").moving(Moves::Governance),
        Field::required("approved_by", Shape::Text, "Who agreed.").moving(Moves::Governance),
        Field::required("expires", Shape::Date, "Day by which it is reviewed.").moving(Moves::Governance),
    ],
};

static RESOLVED: Record = Record {
    name: "resolution",
    fields: &[Field::required("resolved_when", Shape::Expression, "A row is resolved when true.")],
};

static TREATMENT_USE: Record = Record {
    name: "treatment",
    fields: &[
        Field::required("use", Shape::StandardName, "A standard of kind treatment."),
        Field::required("variant", Shape::Identifier, "One of its readings."),
        Field::optional(
            "with",
            Shape::Map(&Shape::Either(&[Shape::Text, Shape::Decimal])),
            "the standard has no parameters",
            "Values of its parameters.",
        ),
    ],
};

static MATURITY_RECORD: Record = Record {
    name: "maturity",
    fields: &[
        Field::optional(
            "policy",
            MATURITY_POLICY,
            "nothing has to be waited for",
            "What happens to rows whose window has not closed, or whose outcome is open.",
        ),
        Field::optional(
            "after",
            Shape::Identifier,
            "the facts say what is waited for",
            "The row's instant, a column or fact, that is waited from.",
        ),
        Field::optional("closes_after", Shape::Duration, "the facts say how long", "How long is waited."),
        Field::optional(
            "open_when",
            Shape::Expression,
            "time alone decides",
            "Rows whose outcome is open while this is true.",
        ),
        Field::optional(
            "look_back",
            MATURITY_POLICY,
            "no window reaches back over data with a beginning",
            "What happens to rows whose look-back begins before the data does.",
        ),
    ],
};

static PERIOD: Record = Record {
    name: "period",
    fields: &[
        Field::required(
            "grains",
            Shape::List(&Shape::Choice(&["hour", "day", "week", "month", "quarter", "year"])),
            "Lengths of period the number may be reported for.",
        ),
        Field::optional("zone", Shape::Zone, "the project's", "Time zone in which periods begin and end."),
        Field::optional("week_starts", WEEKDAY, "the project's", "First day of a reporting week."),
        YEAR_STARTS,
        YEAR,
    ],
};

static GUARDRAIL: Record = Record {
    name: "guardrail",
    fields: &[
        Field::required("metric", Shape::MetricName, "The metric that must hold."),
        Field::required("require", Shape::Requirement, "What must hold of its value."),
        Field::required("on", Shape::Choice(&["same_period"]), "Where it is computed."),
        Field::required("because", Shape::Text, "What goes wrong otherwise.").moving(Moves::Wording),
    ],
};

static TARGET: Record = Record {
    name: "target",
    fields: &[
        Field::required("from", Shape::Date, "First day of the target."),
        Field::optional("at_least", Shape::Decimal, "an upper target", "The value should not be below."),
        Field::optional("at_most", Shape::Decimal, "a lower target", "The value should not be above."),
        Field::optional("baseline", Shape::Decimal, "unknown", "The value before the target was set."),
    ],
};

static CONFIDENCE_RECORD: Record = Record {
    name: "confidence",
    fields: &[
        Field::optional("interval", Shape::Choice(&["none", "wilson"]), "none", "Interval around a share."),
        Field::optional("level", Shape::Decimal, "0.95", "Confidence level of the interval."),
        Field::optional("min_n", Shape::Integer, "no minimum", "Fewer rows than this: the value is not shown."),
    ],
};

static PRIVACY: Record = Record {
    name: "privacy",
    fields: &[Field::required("min_cell", Shape::Integer, "Fewer rows than this: nothing of the cell is shown.")],
};

static VARIANT: Record = Record {
    name: "variant",
    fields: &[
        optional(TITLE),
        optional(STATEMENT),
        Field::required("because", Shape::Text, "Why this reading exists, and who uses it.").moving(Moves::Wording),
        NOTES,
        optional(UNIT),
        optional(DIRECTION),
        POPULATION,
        EXCLUSIONS,
        FACTS,
        RESOLUTION,
        TREATMENT,
        optional(MEASURE),
        MATURITY,
        MISSING,
        CONFIDENCE,
    ],
};

const fn optional(field: Field) -> Field {
    Field::optional(field.name, field.shape, "the metric's own", field.doc).moving(field.moves)
}
