"""Cells as text, and the same cells as the analyzer's protocol buffers.

Text is what a person would write: `true`, `-12.5`, `2024-03-10 02:30:00.123456` (an instant is in UTC). Knows each type of
BigQuery that a metric's input or result can have, and nothing about queries.
"""

import datetime
import decimal
import re
from collections.abc import Callable
from dataclasses import dataclass

from zetasql.wasi._pb2.zetasql.public import type_pb2, value_pb2

EPOCH = datetime.datetime(1970, 1, 1)
INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|\+00(?::?00)?)?")
# Enough for 77 digits, whatever the default of the machine is.
EXACT = decimal.Context(prec=120, traps=[decimal.Inexact, decimal.InvalidOperation])

Value = value_pb2.ValueProto


class BadCell(Exception):
    """A text that is no value of its type."""


@dataclass(frozen=True)
class Type:
    """A type: its kind in the protocol, and both directions. `write` fills a value from text, `read` makes text of it."""

    kind: int
    write: Callable[[Value, str], None]
    read: Callable[[Value], str]


def _write_bool(value, text):
    if text not in ("true", "false"):
        raise BadCell
    value.bool_value = text == "true"


def _write_string(value, text):
    value.string_value = text


def _write_int64(value, text):
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise BadCell
    value.int64_value = number


def _write_float64(value, text):
    value.double_value = float(text)


def _decimal(field, scale, width):
    """Exact decimals travel as an integer in two's complement, the least significant byte first, without idle bytes."""

    def write(value, text):
        number = EXACT.to_integral_exact(EXACT.scaleb(EXACT.create_decimal(text), scale))
        mantissa = int(number)
        if not -(2 ** (width - 1)) <= mantissa < 2 ** (width - 1):
            raise BadCell
        length = ((mantissa if mantissa >= 0 else ~mantissa).bit_length() + 8) // 8
        setattr(value, field, mantissa.to_bytes(length, "little", signed=True))

    def read(value):
        mantissa = int.from_bytes(getattr(value, field), "little", signed=True)
        text = format(EXACT.scaleb(decimal.Decimal(mantissa), -scale), "f")
        return text.rstrip("0").rstrip(".") if "." in text else text

    return write, read


def _microseconds(text):
    match = INSTANT.fullmatch(text)
    if not match:
        raise BadCell
    whole = datetime.datetime.fromisoformat(f"{match[1]} {match[2]}")
    return whole, int((match[3] or "").ljust(6, "0"))


def _written(whole, microseconds):
    text = whole.isoformat(" ")
    return f"{text}.{microseconds:06}" if microseconds else text


def _write_timestamp(value, text):
    whole, microseconds = _microseconds(text)
    value.timestamp_value.seconds = int((whole - EPOCH).total_seconds())
    value.timestamp_value.nanos = microseconds * 1000


def _read_timestamp(value):
    instant = value.timestamp_value
    return _written(EPOCH + datetime.timedelta(seconds=instant.seconds), instant.nanos // 1000)


# Year, month, day, hour, minute and second, each in so many bits, the seconds in the lowest.
CIVIL = (14, 4, 5, 5, 6, 6)


def _write_datetime(value, text):
    whole, microseconds = _microseconds(text)
    packed = 0
    for part, bits in zip(whole.timetuple(), CIVIL, strict=False):
        packed = packed << bits | part
    value.datetime_value.bit_field_datetime_seconds = packed
    value.datetime_value.nanos = microseconds * 1000


def _read_datetime(value):
    packed, parts = value.datetime_value.bit_field_datetime_seconds, []
    for bits in reversed(CIVIL):
        parts.append(packed & ((1 << bits) - 1))
        packed >>= bits
    return _written(datetime.datetime(*reversed(parts)), value.datetime_value.nanos // 1000)


def _write_date(value, text):
    value.date_value = (datetime.date.fromisoformat(text) - EPOCH.date()).days


def _read_date(value):
    return (EPOCH.date() + datetime.timedelta(days=value.date_value)).isoformat()


TYPES = {
    "bool": Type(type_pb2.TYPE_BOOL, _write_bool, lambda value: "true" if value.bool_value else "false"),
    "string": Type(type_pb2.TYPE_STRING, _write_string, lambda value: value.string_value),
    "int64": Type(type_pb2.TYPE_INT64, _write_int64, lambda value: str(value.int64_value)),
    "numeric": Type(type_pb2.TYPE_NUMERIC, *_decimal("numeric_value", 9, 128)),
    "bignumeric": Type(type_pb2.TYPE_BIGNUMERIC, *_decimal("bignumeric_value", 38, 256)),
    "timestamp": Type(type_pb2.TYPE_TIMESTAMP, _write_timestamp, _read_timestamp),
    "datetime": Type(type_pb2.TYPE_DATETIME, _write_datetime, _read_datetime),
    "date": Type(type_pb2.TYPE_DATE, _write_date, _read_date),
    "float64": Type(type_pb2.TYPE_DOUBLE, _write_float64, lambda value: repr(value.double_value)),
}
NAMES = {known.kind: name for name, known in TYPES.items()}


def write_cell(name, text):
    """The value of type `name` that `text` says; null for None."""
    value = Value()
    if text is None:
        return value
    if not isinstance(text, str):
        raise BadCell(f"a cell is a text or null, not {text!r}")
    try:
        TYPES[name].write(value, text)
    except (BadCell, ValueError, decimal.DecimalException) as error:
        raise BadCell(f"{text!r} is not a {name}") from error
    return value


def read_cell(name, value):
    """The text of a value of type `name`; None for null."""
    return None if value.WhichOneof("value") is None else TYPES[name].read(value)
