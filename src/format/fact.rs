//! The format of facts: what else is known about a row.

use crate::shape::{Field, Moves, Record, Shape};

/// The facts of a metric, by name.
pub(super) const FACTS: Shape = Shape::Map(&FACT);

static FACT: Shape = Shape::Either(&[
    Shape::Record(&LOOKUP),
    Shape::Record(&DERIVED),
    Shape::Record(&BANDED),
    Shape::Record(&CLOCKED),
    Shape::Record(&DUE),
    Shape::Record(&TARGETED),
    Shape::Record(&CONVERTED),
    Shape::Record(&RELATED),
]);

const SAME: Field = Field::required(
    "same",
    Shape::Either(&[Shape::List(&Shape::Identifier), Shape::Map(&Shape::Identifier)]),
    "Columns that must be equal; row column or fact to the other side's column where the names differ.",
);

static RELATED: Record = Record {
    name: "fact",
    fields: &[
        Field::optional("exists", Shape::Identifier, "another summary", "Source of events: whether any matches."),
        Field::optional(
            "every",
            Shape::Identifier,
            "another summary",
            "Source of events: whether `value` holds for all.",
        ),
        Field::optional("count", Shape::Identifier, "another summary", "Source of events: how many match."),
        Field::optional("first", Shape::Identifier, "another summary", "Source of events: the value of the first."),
        Field::optional("last", Shape::Identifier, "another summary", "Source of events: the value of the last."),
        Field::optional("sum", Shape::Identifier, "another summary", "Source of events: the sum of values."),
        Field::optional("mean", Shape::Identifier, "another summary", "Source of events: the mean of values."),
        Field::optional("min", Shape::Identifier, "another summary", "Source of events: the smallest value."),
        Field::optional("max", Shape::Identifier, "another summary", "Source of events: the largest value."),
        Field::optional("value", Shape::Expression, "for `exists` and `count`", "What is taken from an event."),
        SAME,
        Field::required("window", Shape::Record(&WINDOW), "When the event must happen, seen from the row."),
        Field::optional("at", Shape::Identifier, "the first column of the events' order", "The event's instant."),
        Field::optional(
            "where",
            Shape::Expression,
            "every event",
            "Events that count; only true counts. The row's own columns and facts are written `row.name`.",
        ),
        Field::optional(
            "same_instant",
            Shape::Choice(&["later_in_order", "counts"]),
            "not needed: the window excludes the very instant",
            "Whether an event at the row's own instant must come later in the total order.",
        ),
        Field::optional(
            "credit",
            Shape::Choice(&["every_row", "first_row", "last_row"]),
            "every_row",
            "Which of the rows that match one event it counts for.",
        ),
    ],
};

static WINDOW: Record = Record {
    name: "window",
    fields: &[
        Field::required(
            "anchor",
            Shape::Identifier,
            "The row's instant, a column or fact, that the window is measured from.",
        ),
        Field::required("from", Shape::WindowEnd, "Where it starts; negative lies before the anchor."),
        Field::required("to", Shape::WindowEnd, "Where it ends."),
        Field::required(
            "ends",
            Shape::Tuple(&Shape::Choice(&["inclusive", "exclusive"]), 2),
            "Whether the very start and the very end belong; of calendar and business days, the whole day.",
        ),
        Field::optional(
            "calendar",
            Shape::Identifier,
            "no business time is used",
            "The standard whose business hours count.",
        ),
    ],
};

static LOOKUP: Record = Record {
    name: "lookup",
    fields: &[
        Field::required("lookup", Shape::Identifier, "The source in which the one row that belongs is looked up."),
        SAME,
        Field::required("value", Shape::Expression, "What is taken from it."),
        Field::optional(
            "in_force",
            Shape::Record(&IN_FORCE),
            "the columns identify one row",
            "Which of several versions.",
        ),
    ],
};

static IN_FORCE: Record = Record {
    name: "in_force",
    fields: &[
        Field::required("at", Shape::Expression, "The row's instant at which the version was in force."),
        Field::required("from", Shape::Identifier, "Column with the first instant of a version."),
        Field::optional(
            "until",
            Shape::Identifier,
            "until the next version",
            "Column with the first instant after a version.",
        ),
    ],
};

static DERIVED: Record = Record {
    name: "derived",
    fields: &[
        Field::required("is", Shape::Expression, "A value computed from the row and the facts above."),
        Field::optional("unit", Shape::Text, "none", "What the number counts.").moving(Moves::Reading),
    ],
};

static BANDED: Record =
    Record { name: "banded", fields: &[Field::required("bands", Shape::Record(&BANDS), "A quantity cut into bands.")] };

static BANDS: Record = Record {
    name: "bands",
    fields: &[
        Field::required("of", Shape::Expression, "The number or duration that is cut."),
        Field::required(
            "edges",
            Shape::List(&Shape::Either(&[Shape::Decimal, Shape::Duration])),
            "Where it is cut, in rising order.",
        ),
        Field::required("labels", Shape::List(&Shape::Text), "The name of each band, one more than there are edges."),
        Field::required("edge_in", Shape::Choice(&["band_above", "band_below"]), "The band that holds an edge itself."),
    ],
};

static CLOCKED: Record =
    Record { name: "clocked", fields: &[Field::required("clock", Shape::Record(&CLOCK), "A length of time.")] };

static CLOCK: Record = Record {
    name: "clock",
    fields: &[
        Field::required("from", Shape::Expression, "The instant at which it starts."),
        Field::required("to", Shape::Expression, "The instant at which it stops; `as_of` where it may still run."),
        Field::required(
            "stop_before_start",
            Shape::Choice(&["zero", "unknown", "negative"]),
            "What it means when the clock stops before it starts.",
        ),
        Field::optional("within", CALENDAR_CHOICE, "at all hours", "The business calendar in which it runs."),
        CALENDAR_CHANGES,
        Field::optional("during", SETS, "always", "Times in which it runs; all of them must hold."),
        Field::optional(
            "except",
            Shape::List(&LEAF),
            "never paused",
            "Times in which it is paused; any of them is enough.",
        ),
    ],
};

const CALENDAR_CHANGES: Field = Field::optional(
    "calendar_changes",
    Shape::Choice(&["as_they_were", "latest"]),
    "not needed: the calendar has one schedule",
    "Whether past days keep the hours they had, or are counted by the latest schedule.",
);

const CALENDAR_CHOICE: Shape = Shape::Either(&[Shape::Identifier, Shape::Record(&CHOSEN)]);

static CHOSEN: Record = Record {
    name: "within",
    fields: &[
        Field::required("by", Shape::Identifier, "The row's column or fact that chooses the calendar."),
        Field::required("calendars", Shape::Map(&Shape::Identifier), "The calendar of each value."),
        Field::optional("otherwise", Shape::Identifier, "the length is null", "The calendar of any other value."),
    ],
};

const SETS: Shape = Shape::List(&SET);
static SET: Shape = Shape::Either(&[Shape::Record(&ANY), Shape::Record(&OPEN), Shape::Record(&SPANS)]);
static LEAF: Shape = Shape::Either(&[Shape::Record(&OPEN), Shape::Record(&SPANS)]);

static ANY: Record =
    Record { name: "any", fields: &[Field::required("any", Shape::List(&LEAF), "Times of which any is enough.")] };

static OPEN: Record =
    Record { name: "open", fields: &[Field::required("open", Shape::Identifier, "The hours of a calendar.")] };

static SPANS: Record = Record {
    name: "spans",
    fields: &[
        Field::required("spans", Shape::Identifier, "Source of events that last from one instant to another."),
        SAME,
        Field::required("starts", Shape::Identifier, "Column with the first instant of a span."),
        Field::required(
            "ends",
            Shape::Identifier,
            "Column with the first instant after it (null: not ended), or `next_event`: the start of the next event that matches.",
        ),
        Field::optional(
            "chain",
            Shape::Expression,
            "every event",
            "With `next_event`: events that end the one before.",
        ),
        Field::optional("where", Shape::Expression, "every span", "Spans that count."),
    ],
};

static DUE: Record =
    Record { name: "due", fields: &[Field::required("due", Shape::Record(&DUE_AT), "An instant at a distance.")] };

static DUE_AT: Record = Record {
    name: "due",
    fields: &[
        Field::required("from", Shape::Expression, "The instant from which the distance counts."),
        Field::required(
            "after",
            Shape::Text,
            "How far: `8h`, `8h business_time`, `3 business_days`, `7 calendar_days`; or a duration of the row.",
        ),
        Field::optional("within", CALENDAR_CHOICE, "at all hours", "The business calendar in which a duration counts."),
        CALENDAR_CHANGES,
    ],
};

static TARGETED: Record = Record {
    name: "targeted",
    fields: &[Field::required("target", Shape::Record(&TARGET), "A time that is promised.")],
};

static TARGET: Record = Record {
    name: "target",
    fields: &[
        Field::required("use", Shape::StandardName, "A standard of kind targets."),
        Field::required("column", Shape::Identifier, "The column of its table."),
        Field::required("by", Shape::Map(&Shape::Identifier), "The row's column or fact for each key of the table."),
    ],
};

static CONVERTED: Record = Record {
    name: "converted",
    fields: &[Field::required("convert", Shape::Record(&CONVERT), "An amount of money in another currency.")],
};

static CONVERT: Record = Record {
    name: "convert",
    fields: &[
        Field::required("amount", Shape::Identifier, "The row's amount, a decimal whose currency stands in a column."),
        Field::required("into", Shape::Text, "Code of the currency wanted."),
        Field::required("rates", Shape::Identifier, "Source of exchange rates."),
        Field::required("currency", Shape::Identifier, "Its column with the code of the foreign currency."),
        Field::required(
            "rate",
            Shape::Identifier,
            "Its column with the price of one foreign unit in the currency wanted.",
        ),
        Field::required("from", Shape::Identifier, "Its column with the first instant of a rate."),
        Field::required("at", Shape::Expression, "The row's instant whose rate counts."),
    ],
};
