"""Reads queries with sqlglot, which raises on what its dialect does not know; says what it does not accept.

    glot.py DIALECT FILE...

Knows nothing about metrics.
"""

import sys

import sqlglot
from sqlglot.errors import ErrorLevel, SqlglotError

DIALECTS = {"sqlserver": "tsql"}


def main(dialect, files):
    refused = 0
    for name in files:
        with open(name, encoding="utf-8") as file:
            sql = file.read()
        try:
            statements = sqlglot.parse(sql, read=DIALECTS.get(dialect, dialect), error_level=ErrorLevel.RAISE)
            # What it cannot read as anything else it takes for a command of the session.
            if len(statements) != 1 or not isinstance(statements[0], sqlglot.exp.Query):
                raise SqlglotError("no query")
        except SqlglotError as error:
            refused += 1
            print(f"{name}: {str(error).splitlines()[0]}")
    print(f"sqlglot, {dialect}: {len(files)} queries, {refused} refused")
    return 1 if refused or not files else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
