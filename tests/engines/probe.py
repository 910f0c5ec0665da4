"""Tells how an engine behaves behind its ADBC driver: which Arrow types come back, and what survives the journey.

Run by `.ci/engines probe NAME...`. Prints facts and judges none, except that a changed value is marked with `!`.
Knows nothing about etalon.
"""

import datetime
import decimal
import os
import sys
import time

import adbc_driver_manager
import adbc_driver_manager.dbapi
import pyarrow

TEXT = "O'Brien said \"no\" \\ back\\\\slash\n\tü🙂 %s ? $1"
INSTANT = datetime.datetime(2024, 3, 10, 2, 30, 0, 123456)
BEFORE = datetime.datetime(1969, 12, 31, 23, 59, 59, 999999)
DECIMAL = decimal.Decimal("12345678901234567890123456789012.123456")

# Column, Arrow type when ingested, values of the three rows.
COLUMNS = {
    "flag": (pyarrow.bool_(), [True, False, None]),
    "whole": (pyarrow.int64(), [9223372036854775807, -9223372036854775808, None]),
    "exact": (pyarrow.decimal128(38, 6), [DECIMAL, DECIMAL.copy_negate(), None]),
    "instant": (pyarrow.timestamp("us"), [INSTANT, BEFORE, None]),
    "day": (pyarrow.date32(), [datetime.date(2024, 2, 29), datetime.date(1969, 12, 31), None]),
    "fraction": (pyarrow.float64(), [0.1, -1e300, None]),
    "words": (pyarrow.string(), [TEXT, "", None]),
}


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def escaped(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\t", "\\t") + "'"


class Engine:
    """What differs. `types` in the order of COLUMNS; `literal` writes a value of a column."""

    driver = entrypoint = None
    create = "create temporary table {name} ({columns})"
    insert = "insert into {name} values {rows}"
    drop = "drop table {name}"
    text = staticmethod(quoted)
    instant = "timestamp '{}'"
    day = "date '{}'"
    exact = "{}"
    fraction = "cast({} as double precision)"
    smallest = "(-9223372036854775807 - 1)"
    setup = ()
    extra = ()
    closes = True

    def library(self):
        return os.path.join(os.environ["ETALON_DRIVERS"], self.driver)

    def options(self):
        raise NotImplementedError

    def literal(self, column, value):
        if value is None:
            return "null"
        if column == "flag":
            return str(value).lower()
        if column == "whole":
            return self.smallest if value == -(2**63) else str(value)
        if column == "exact":
            return self.exact.format(value)
        if column == "instant":
            return self.instant.format(value.isoformat(" "))
        if column == "day":
            return self.day.format(value)
        if column == "fraction":
            return self.fraction.format(repr(value))
        return self.text(value)

    def fill(self, name):
        columns = ", ".join(f"{c} {t}" for c, t in zip(COLUMNS, self.types))
        rows = ", ".join(
            "(" + ", ".join(self.literal(c, v[row]) for c, (_, v) in COLUMNS.items()) + ")" for row in range(3)
        )
        return [self.create.format(name=name, columns=columns), self.insert.format(name=name, rows=rows)]


class Duckdb(Engine):
    entrypoint = "duckdb_adbc_init"
    types = ["boolean", "bigint", "decimal(38, 6)", "timestamp", "date", "double", "varchar"]
    fraction = "cast({} as double)"
    extra = (
        "select sum(whole) as s, avg(whole) as a, count(*) as c, 1 as i, sum(exact) as se, 7 / 2 as q from {name} where flag = false",
        "select null as n, timestamptz '2024-01-01 00:00:00+02' as tz, interval 1 day as i",
    )

    def library(self):
        path = os.environ["ETALON_DUCKDB"]
        return os.path.join(path, "libduckdb.so") if os.path.isdir(path) else path

    def options(self):
        return {"path": ":memory:"}


class Postgres(Engine):
    driver = "libadbc_driver_postgresql.so"
    types = ["boolean", "bigint", "numeric(38, 6)", "timestamp", "date", "double precision", "text"]
    setup = ("set timezone = 'UTC'",)
    extra = (
        "select sum(whole) as s, avg(whole) as a, count(*) as c, cast(1 as integer) as i from {name} where flag is false",
        "select cast('NaN' as numeric) as nan, timestamptz '2024-01-01 00:00:00+02' as tz, interval '1 day' as i, "
        "null as n, 'x' as unknown, cast('y' as varchar(3)) as v, cast('z' as char(3)) as c",
    )

    def options(self):
        return {"uri": os.environ["ETALON_POSTGRES"]}


class Clickhouse(Engine):
    driver = "libchdb.so"
    entrypoint = "chdb_adbc_init"
    closes = False  # inside of Python it hangs or crashes when it is closed; in other processes it does not
    create = "create temporary table {name} ({columns}) engine = Memory"
    types = [f"Nullable({t})" for t in ["Bool", "Int64", "Decimal(38, 6)", "DateTime64(6, 'UTC')", "Date32", "Float64", "String"]]
    text = staticmethod(escaped)
    instant = "toDateTime64('{}', 6, 'UTC')"
    day = "toDate32('{}')"
    exact = "cast('{}' as Decimal(38, 6))"
    fraction = "cast({} as Float64)"
    smallest = "toInt64('-9223372036854775808')"
    setup = ("set session_timezone = 'UTC'", "set join_use_nulls = 1")
    extra = (
        "select sum(whole) as s, avg(whole) as a, count(*) as c, toInt32(1) as i, toDateTime('2024-01-01 00:00:00') as dt, "
        "toDate('2024-01-01') as d, 1 = 1 as e, toUInt64(5) as u64, toUInt8(5) as u8, toString(1) as s2 from {name} where flag = false",
        "select null as n, cast(1 as Decimal(76, 6)) as wide, toLowCardinality('x') as lc, toInt128(5) as i128, "
        "quantileExact(0.5)(whole) as q from {name}",
        "select cast('2024-03-10 02:30:00.123456' as Nullable(DateTime64(6))) as plain, "
        "toTimeZone(toDateTime64('2024-03-10 02:30:00', 6, 'UTC'), 'Europe/Berlin') as local",
    )

    def options(self):
        return {"path": os.environ["ETALON_CLICKHOUSE"]}


class Spark(Engine):
    variable = "ETALON_SPARK"
    driver = "libadbc_driver_spark.so"
    types = ["boolean", "bigint", "decimal(38, 6)", "timestamp_ntz", "date", "double", "string"]
    text = staticmethod(escaped)
    instant = "timestamp_ntz '{}'"
    exact = "cast('{}' as decimal(38, 6))"
    fraction = "cast({} as double)"
    smallest = "cast('-9223372036854775808' as bigint)"
    drop = "drop view {name}"
    extra = (
        "select sum(whole) as s, avg(whole) as a, count(*) as c, 1 as i, sum(exact) as se, 7 / 2 as q from {name} where flag = false",
        "select null as n, timestamp '2024-01-01 00:00:00' as ltz, cast(1.5 as decimal(10, 2)) as d10, cast(1 as smallint) as s, "
        "cast(1 as float) as f, cast('x' as varchar(3)) as v, make_dt_interval(1, 2, 3, 4.5) as i",
        "select current_timezone() as tz",
    )

    def fill(self, name):
        rows = ", ".join(
            "(" + ", ".join(self.literal(c, v[row]) for c, (_, v) in COLUMNS.items()) + ")" for row in range(3)
        )
        columns = ", ".join(f"cast({c} as {t}) as {c}" for c, t in zip(COLUMNS, self.types))
        return [f"create temporary view {name} as select {columns} from values {rows} as t({', '.join(COLUMNS)})"]

    def options(self):
        return {"uri": os.environ[self.variable]}


class SparkCluster(Spark):
    variable = "ETALON_SPARK_CLUSTER"


class Sail(Spark):
    variable = "ETALON_SAIL"


class Mariadb(Engine):
    driver = "libadbc_driver_odbc.so"
    types = ["boolean", "bigint", "decimal(38, 6)", "datetime(6)", "date", "double", "longtext"]
    text = staticmethod(escaped)
    instant = "timestamp '{}'"
    fraction = "cast({} as double)"
    setup = ("set time_zone = '+00:00'",)
    extra = (
        "select sum(whole) as s, avg(whole) as a, count(*) as c, 1 as i, sum(exact) as se, avg(exact) as ae, 1 = 1 as e, "
        "whole / 3 as q, cast(1 as signed) as sg from {name} where flag = false",
        "select null as n, 'x' as t, cast('y' as char(3)) as c, cast(1.5 as decimal(65, 30)) as wide, "
        "timestamp(date '2024-01-01') as d0, cast('2024-01-01 00:00:00' as datetime(6)) as d6, time '12:00:00' as t, current_timestamp(6) as now",
        "select version() as v, @@sql_mode as m, @@collation_database as c, @@collation_connection as cc, "
        "convert_tz('2024-03-31 01:30:00', 'UTC', 'Europe/Berlin') as z, convert_tz('2036-07-01 01:30:00', 'UTC', 'Europe/Berlin') as later, "
        "'a' = 'A' as folded, 'a' = 'a ' as padded",
    )

    def options(self):
        return {"uri": os.environ["ETALON_MARIADB"]}


class Snowflake(Engine):
    driver = "libadbc_driver_snowflake.so"
    types = ["boolean", "number(38, 0)", "number(38, 6)", "timestamp_ntz(6)", "date", "double", "varchar"]
    text = staticmethod(escaped)
    instant = "'{}'::timestamp_ntz(6)"
    exact = "'{}'::number(38, 6)"
    fraction = "{}::double"
    extra = (
        "select sum(whole) as s, avg(whole) as a, count(*) as c, 1 as i, sum(exact) as se, 1 = 1 as e, 1.5 as d "
        "from {name} where flag = false",
        "select null as n, 'x' as t, '2024-01-01 00:00:00'::timestamp_ntz as ntz, '2024-01-01 00:00:00 +00:00'::timestamp_tz as tz, "
        "cast(1.5 as number(10, 2)) as d10, convert_timezone('UTC', 'Europe/Berlin', '2024-03-31 01:30:00'::timestamp_ntz) as z",
        "select iff(true, 1, 0) as i, date_trunc('week', '2024-03-10'::date) as w, "
        "datediff('microsecond', '2024-01-01'::timestamp_ntz, '2024-01-02'::timestamp_ntz) as d",
    )

    def options(self):
        return {"uri": os.environ["ETALON_SNOWFLAKE"]}


ENGINES = {
    "duckdb": Duckdb,
    "postgres": Postgres,
    "clickhouse": Clickhouse,
    "spark": Spark,
    "spark-cluster": SparkCluster,
    "sail": Sail,
    "mariadb": Mariadb,
    "snowflake": Snowflake,
}


def shown(error):
    return f"{type(error).__name__}: {str(error)[:300]}"


def compare(table):
    for column, (_, values) in COLUMNS.items():
        names = {f.name.lower(): f.name for f in table.schema}
        got = table.column(names[column]).to_pylist()
        mark = " " if got == values else "!"
        print(f"  {mark} {column:9} {str(table.schema.field(names[column]).type):22}", "" if got == values else f"got {got}")


def probe(name):
    if name not in ENGINES:
        print(f"{name}: not reached by a driver, see README.md")
        return
    engine = ENGINES[name]()
    begun = time.time()
    connection = adbc_driver_manager.dbapi.connect(
        driver=engine.library(),
        entrypoint=engine.entrypoint,
        db_kwargs=engine.options(),
        autocommit=True,
    )
    print(f"{name}: connected in {time.time() - begun:.2f} s; {connection.adbc_get_info()}")
    cursor = connection.cursor()

    def run(statement, show=True):
        begun = time.time()
        try:
            cursor.execute(statement)
            table = cursor.fetch_arrow_table() if show else None
        except Exception as error:
            print(f"  ! {statement[:150]} -> {shown(error)}")
            return None
        if show:
            for field, column in zip(table.schema, table.columns):
                print(f"    {field.name}: {field.type} = {column.to_pylist()[:3]}")
        print(f"    ({time.time() - begun:.3f} s)")
        return table

    for statement in engine.setup:
        run(statement, show=False)
    print("  rows by SQL")
    for statement in engine.fill("etalon_probe"):
        run(statement, show=False)
    try:
        cursor.execute("select * from etalon_probe")
        compare(cursor.fetch_arrow_table())
    except Exception as error:
        print("  !", shown(error))
    for statement in engine.extra:
        run(statement.format(name="etalon_probe"))
    for label, kwargs in [("bulk, temporary", {"temporary": True}), ("bulk", {})]:
        print(f"  {label}")
        table = pyarrow.table({c: pyarrow.array(v, t) for c, (t, v) in COLUMNS.items()})
        try:
            count = cursor.adbc_ingest("etalon_bulk", table, mode="create", **kwargs)
            print(f"    ingested {count}")
            cursor.execute("select * from etalon_bulk")
            compare(cursor.fetch_arrow_table())
            cursor.execute("drop table etalon_bulk")
        except Exception as error:
            print("  !", shown(error))
            cursor = connection.cursor()
    print("  errors")
    for statement in ["selct 1", "select no_such_column from etalon_probe", "select 1 / 0 as x"]:
        run(statement)
    run(engine.drop.format(name="etalon_probe"), show=False)
    if engine.closes:
        cursor.close()
        connection.close()
    else:
        kept.append((cursor, connection))


kept = []
for name in sys.argv[1:]:
    probe(name)
# Without the end of the interpreter, which would close what is open.
sys.stdout.flush()
os._exit(0)
