//! The format of standard files: parts that metrics share.

use crate::shape::{Field, Moves, Record, Shape};

/// `standards/<name>.yaml`: a shared, named, versioned part.
pub static STANDARD: Record = Record {
    name: "standard",
    fields: &[
        Field::required("standard", Shape::Identifier, "Name by which metrics use the standard."),
        Field::required("version", Shape::Version, "Version of the standard.").moving(Moves::Governance),
        Field::required(
            "kind",
            Shape::Choice(&["exclusion", "resolution", "treatment", "calendar", "targets"]),
            "Rows left out, the meaning of resolved, who is counted and who succeeds, when a service is open, or times \
             that are promised.",
        ),
        Field::required("title", Shape::Text, "What the standard is called.").moving(Moves::Wording),
        Field::required("statement", Shape::Text, "What it says, in one sentence.").moving(Moves::Wording),
        Field::required("owner", Shape::Text, "Team that answers for it.").moving(Moves::Governance),
        Field::optional("on", Shape::List(&Shape::Identifier), "for other kinds", "Sources it can be used on."),
        Field::optional("exclude_when", Shape::Expression, "for other kinds", "Exclusion: leaves a row out when true."),
        Field::optional("reason", Shape::Text, "for other kinds", "Exclusion: why rows are left out.")
            .moving(Moves::Governance),
        Field::optional("approved_by", Shape::Text, "for other kinds", "Exclusion: who agreed.")
            .moving(Moves::Governance),
        Field::optional("expires", Shape::Date, "for other kinds", "Exclusion: the day by which it is reviewed.")
            .moving(Moves::Governance),
        Field::optional(
            "resolved_when",
            Shape::Expression,
            "for other kinds",
            "Resolution: a row is resolved when true.",
        ),
        Field::optional("parameters", Shape::Map(&PARAMETER), "none", "Treatment: values that metrics must give."),
        Field::optional(
            "variants",
            Shape::Map(&Shape::Record(&TREATMENT_VARIANT)),
            "for other kinds",
            "Treatment: the named readings.",
        ),
        Field::optional("zone", Shape::Zone, "for other kinds", "Calendar: time zone of the hours."),
        Field::optional("weekly", WEEKLY, "for other kinds", "Calendar: the opening hours of a week."),
        Field::optional(
            "schedules",
            Shape::List(&Shape::Record(&SCHEDULE)),
            "for other kinds",
            "Calendar: opening hours that have changed over time, oldest first.",
        ),
        Field::optional(
            "holidays",
            Shape::List(&HOLIDAY),
            "no day differs",
            "Calendar: days that are closed, or have hours of their own.",
        ),
        Field::optional(
            "keys",
            Shape::List(&Shape::Identifier),
            "for other kinds",
            "Targets: columns of the table that choose a row.",
        ),
        Field::optional(
            "columns",
            Shape::List(&Shape::Identifier),
            "for other kinds",
            "Targets: columns of the table with the times promised.",
        ),
        Field::optional(
            "rows",
            Shape::Table,
            "for other kinds",
            "Targets: the first row that fits counts; `*` fits any key, `-` promises nothing.",
        ),
    ],
};

const WEEKLY: Shape = Shape::Either(&[Shape::Choice(&["always"]), Shape::Record(&WEEK)]);
const HOURS: Shape = Shape::ListOrNone(&Shape::Opening);

static WEEK: Record = Record {
    name: "week",
    fields: &[
        Field::required("monday", HOURS, "Hours of Mondays; `24:00` is the midnight that ends a day."),
        Field::required("tuesday", HOURS, "Hours of Tuesdays."),
        Field::required("wednesday", HOURS, "Hours of Wednesdays."),
        Field::required("thursday", HOURS, "Hours of Thursdays."),
        Field::required("friday", HOURS, "Hours of Fridays."),
        Field::required("saturday", HOURS, "Hours of Saturdays."),
        Field::required("sunday", HOURS, "Hours of Sundays."),
    ],
};

static SCHEDULE: Record = Record {
    name: "schedule",
    fields: &[
        Field::required("weekly", WEEKLY, "The opening hours of a week."),
        Field::optional("from", Shape::Date, "since ever, of the first schedule only", "First day they hold."),
    ],
};

static HOLIDAY: Shape = Shape::Either(&[Shape::Date, Shape::Record(&SPECIAL_DAY)]);

static SPECIAL_DAY: Record = Record {
    name: "holiday",
    fields: &[
        Field::required("day", Shape::Date, "The day."),
        Field::optional("hours", Shape::List(&Shape::Opening), "closed all day", "Its opening hours."),
        Field::optional("name", Shape::Text, "none", "What the day is called.").moving(Moves::Wording),
    ],
};

const PARAMETER: Shape = Shape::Choice(&["duration", "integer", "decimal", "text", "instant"]);

static TREATMENT_VARIANT: Record = Record {
    name: "reading",
    fields: &[
        Field::required("title", Shape::Text, "What the reading is called.").moving(Moves::Wording),
        Field::required("statement", Shape::Text, "What it says, in one sentence.").moving(Moves::Wording),
        Field::required("counts_when", Shape::Expression, "A row is counted when true, and left out otherwise."),
        Field::required("succeeds_when", Shape::Expression, "A counted row succeeds when true."),
    ],
};
