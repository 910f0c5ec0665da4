//! Values in machine-readable outputs: exact numbers as text where a JSON number would lose digits.

use serde::{Serialize, Serializer};

use super::{Date, Duration, Instant, Number, Value};

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match i64::try_from(self.mantissa()) {
            Ok(integer) if self.scale() == 0 => serializer.serialize_i64(integer),
            _ => serializer.collect_str(self),
        }
    }
}

impl Serialize for Duration {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Value::Null => serializer.serialize_none(),
            Value::Boolean(boolean) => serializer.serialize_bool(*boolean),
            Value::Text(text) => serializer.serialize_str(text),
            Value::Number(number) => number.serialize(serializer),
            Value::Duration(duration) => duration.serialize(serializer),
            Value::Instant(instant) => serializer.collect_str(instant),
            Value::Date(date) => serializer.collect_str(date),
            Value::Real(real) => serializer.serialize_f64(*real),
        }
    }
}
