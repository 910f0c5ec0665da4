//! The vocabulary for describing file formats: shapes of values, fields and records.
//!
//! A format is said once as data of these types; JSON Schema, checking, help texts and defaults are derived from it.
//! Knows no particular format.

/// What may stand at one place of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Prose, or any text.
    Text,
    /// A text that may be empty.
    AnyText,
    /// A name in `snake_case`.
    Identifier,
    /// The name of a metric, with a variant after a dot if need be.
    MetricName,
    /// The name of a standard, with a version after `@` where it is to stay.
    StandardName,
    /// A semantic version of three numbers.
    Version,
    /// One version of a metric, `csat@1.0.0`.
    MetricVersion,
    /// The name of a rule in `kebab-case`.
    RuleName,
    /// This many hexadecimal digits.
    Hex(usize),
    /// A calendar day, `2026-01-31`.
    Date,
    /// An instant with its offset, `2026-01-31T09:00:00Z`.
    Instant,
    /// A length of time, `7d`, `20s`, `-1h30m`.
    Duration,
    /// A [`Shape::Duration`], also of business time, a number of calendar or business days, or the word `unbounded`.
    WindowEnd,
    /// Hours within a day, `08:00-17:00`.
    Opening,
    /// An IANA zone name.
    Zone,
    /// The name of an environment variable.
    Variable,
    /// A row expression.
    Expression,
    /// A comparison with a constant, `>= 0.80`.
    Requirement,
    /// Arithmetic over metrics, `solved / opened`.
    Formula,
    /// A table with cells parted by `|`.
    Table,
    /// An integer.
    Integer,
    /// A decimal number.
    Decimal,
    /// `true` or `false`.
    Boolean,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of one shape.
    List(&'static Shape),
    /// A list of one shape that may be empty.
    ListOrNone(&'static Shape),
    /// A list of this many elements of one shape.
    Tuple(&'static Shape, usize),
    /// A mapping from names to one shape.
    Map(&'static Shape),
    /// A mapping from any texts to one shape.
    RawMap(&'static Shape),
    /// A mapping with known keys.
    Record(&'static Record),
    /// A mapping with exactly one of these keys.
    OneKey(&'static [Field]),
    /// The first shape whose form fits: scalars, lists and mappings are told apart by their form, mappings by the
    /// first required key (one without any is any mapping).
    Either(&'static [Shape]),
}

impl Shape {
    /// Describes what is expected, as it reads after "expected".
    pub fn expectation(&self) -> String {
        match self {
            Shape::Text => "text".into(),
            Shape::AnyText => "text, which may be empty".into(),
            Shape::Identifier => "a name such as `first_contact` (lower-case letters, digits, `_`)".into(),
            Shape::MetricName => "a metric's name such as `csat_share` or `service_level.answered_only`".into(),
            Shape::StandardName => "a standard's name such as `bot_contacts` or `bot_contacts@1.0.0`".into(),
            Shape::Version => "a version such as `1.0.0`".into(),
            Shape::MetricVersion => "one version of a metric, such as `csat_share@1.0.0`".into(),
            Shape::RuleName => "a rule's name such as `window-length-changed`".into(),
            Shape::Hex(digits) => format!("{digits} digits of a fingerprint (0 to 9, a to f), in quotes"),
            Shape::Date => "a day such as `2026-01-31`".into(),
            Shape::Instant => "an instant with its offset, such as `2026-01-31T09:00:00Z`".into(),
            Shape::Duration => "a duration such as `7d`, `48h`, `20s` or `1h30m`".into(),
            Shape::WindowEnd => {
                "a distance such as `7d`, `7 calendar_days`, `5 business_days` or `8h business_time`, or `unbounded`"
                    .into()
            }
            Shape::Opening => "hours of a day such as `08:00-17:00`".into(),
            Shape::Zone => "an IANA time zone such as `Europe/Berlin`".into(),
            Shape::Variable => "the name of an environment variable such as `WAREHOUSE_URI`, never its content".into(),
            Shape::Expression => "an expression such as `status = 'solved'`".into(),
            Shape::Requirement => "a comparison such as `\">= 0.80\"`".into(),
            Shape::Formula => "arithmetic of metrics such as `solved_tickets / opened_tickets`".into(),
            Shape::Table => "a table: a block (`|`) with a header line and cells parted by `|`".into(),
            Shape::Integer => "a whole number".into(),
            Shape::Decimal => "a number".into(),
            Shape::Boolean => "`true` or `false`".into(),
            Shape::Choice(words) => format!("one of {}", quoted(words)),
            Shape::List(element) => format!("a list, each item {}", element.expectation()),
            Shape::ListOrNone(element) => {
                format!("a list (`[]` where there are none), each item {}", element.expectation())
            }
            Shape::Tuple(element, count) => format!("a list of {count} items, each {}", element.expectation()),
            Shape::Map(_) => "a mapping of names".into(),
            Shape::RawMap(_) => "a mapping of texts".into(),
            Shape::Record(record) if record.required_keys().is_empty() => "a mapping".into(),
            Shape::Record(record) => format!("a mapping with {}", quoted(&record.required_keys())),
            Shape::OneKey(fields) => {
                format!("a mapping with one of {}", quoted(&fields.iter().map(|f| f.name).collect::<Vec<_>>()))
            }
            Shape::Either(shapes) => shapes.iter().map(Shape::expectation).collect::<Vec<_>>().join(", or "),
        }
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// A mapping with known keys.
#[derive(Debug, PartialEq)]
pub struct Record {
    /// What the mapping is called in messages.
    pub name: &'static str,
    /// Its keys, in the order they are best written.
    pub fields: &'static [Field],
}

impl Record {
    /// Returns the field `name`.
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// Returns the name of the first required field.
    pub fn first_required(&self) -> Option<&'static str> {
        self.fields.iter().find(|field| field.need == Need::Required).map(|field| field.name)
    }

    /// Returns the names of the required fields.
    pub fn required_keys(&self) -> Vec<&'static str> {
        self.fields.iter().filter(|field| field.need == Need::Required).map(|field| field.name).collect()
    }
}

/// One key of a mapping.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// The key.
    pub name: &'static str,
    /// What stands behind it.
    pub shape: Shape,
    /// Whether it may be left out, and what that means.
    pub need: Need,
    /// What a change of it can move.
    pub moves: Moves,
    /// One sentence for whoever writes it.
    pub doc: &'static str,
}

/// Whether a key may be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It must be there.
    Required,
    /// Left out, it means this.
    Optional(&'static str),
}

/// What a change of a field can move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moves {
    /// The number itself.
    Number,
    /// How the number is to be read: unit, direction, target, labels.
    Reading,
    /// Who answers for it, and until when.
    Governance,
    /// Nothing but words.
    Wording,
}

impl Moves {
    /// Returns what a field inside of something with this effect can move: words and governance stay what they are, anything
    /// else moves what the whole does, unless that is the number.
    pub fn inside(self, inner: Moves) -> Moves {
        match (self, inner) {
            (Moves::Number, inner) | (_, inner @ (Moves::Wording | Moves::Governance)) => inner,
            (outer, _) => outer,
        }
    }
}

impl Field {
    /// Returns a required field that can move the number.
    pub const fn required(name: &'static str, shape: Shape, doc: &'static str) -> Self {
        Self { name, shape, need: Need::Required, moves: Moves::Number, doc }
    }

    /// Returns an optional field that can move the number; `default` says what leaving it out means.
    pub const fn optional(name: &'static str, shape: Shape, default: &'static str, doc: &'static str) -> Self {
        Self { name, shape, need: Need::Optional(default), moves: Moves::Number, doc }
    }

    /// Returns the field with another effect.
    pub const fn moving(mut self, moves: Moves) -> Self {
        self.moves = moves;
        self
    }
}
