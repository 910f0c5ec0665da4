"""BigQuery's SQL without BigQuery: Google's own analyzer and reference evaluator, spoken to in lines of JSON.

    bigquery.py FILE             answers requests; FILE keeps the compiled evaluator between runs
    bigquery.py --compile FILE   only makes FILE

A request is one line on the input, its answer one line on the output:

    {"load": "t", "columns": [["id", "int64"], ["at", "timestamp"]], "rows": [["1", "2024-03-10 02:30:00"], [null, null]]}
                              -> {"ok": true}; an error when there is a table of that name
    {"query": "select ..."}   -> {"columns": [["id", "int64"]], "rows": [["1"], [null]]}
    {"analyze": "create ..."} -> {"ok": true}; any statement, also one that could not be evaluated
    {"clear": true}           -> {"ok": true}; forgets all tables
    {"version": true}         -> {"version": "..."}

What is wrong is answered with {"error": "..."}, and the process stays. Cells are texts or null, see bigquery_values.py;
the time zone is UTC. Knows nothing about metrics.
"""

import importlib.metadata
import json
import sys

import bigquery_rules
from bigquery_language import language
from bigquery_module import Broken, Module, Refused
from bigquery_rules import BrokenRule
from bigquery_values import NAMES, TYPES, BadCell, read_cell, write_cell
from google.protobuf import empty_pb2
from zetasql.wasi._pb2.zetasql.local_service import local_service_pb2
from zetasql.wasi._pb2.zetasql.proto import options_pb2, simple_catalog_pb2
from zetasql.wasi._pb2.zetasql.public import simple_table_pb2, type_pb2
from zetasql.wasi._pb2.zetasql.resolved_ast import resolved_node_kind_pb2


class BadRequest(Exception):
    """A request that does not follow the protocol."""


class Evaluator:
    """The tables that were loaded, and what can be asked about them."""

    def __init__(self, path):
        self._module = Module(path)
        self._options = self._module.call(
            "GetAnalyzerOptions", local_service_pb2.AnalyzerOptionsRequest(), options_pb2.AnalyzerOptionsProto
        )
        self._options.ClearField("allowed_hints_and_options")  # of types that are not in the catalogue
        self._options.default_timezone = "UTC"
        self._tables = {}
        self._contents = {}
        self._catalog = None  # the number under which the module knows the tables, while that is up to date

    def load(self, name, columns, rows):
        """Makes a table."""
        if name in self._tables:
            raise BadRequest(f"there is a table {name!r} already")
        table = simple_table_pb2.SimpleTableProto(name=name, serialization_id=len(self._tables) + 1)
        for column, type_name in columns:
            if type_name not in TYPES:
                raise BadRequest(f"no type is named {type_name!r} (there are: {', '.join(TYPES)})")
            table.column.add(name=column, type=type_pb2.TypeProto(type_kind=TYPES[type_name].kind))
        content = local_service_pb2.TableContent()
        content.table_data.SetInParent()
        for row in rows:
            if len(row) != len(columns):
                raise BadRequest(f"a row of {name} has {len(row)} cells, not {len(columns)}")
            cells = [write_cell(type_name, cell) for (_, type_name), cell in zip(columns, row)]
            content.table_data.row.add(cell=cells)
        self._forget()
        self._tables[name], self._contents[name] = table, content

    def clear(self):
        """Forgets all tables."""
        self._forget()
        self._tables, self._contents = {}, {}

    def query(self, sql):
        """Names and types of the columns, and the rows."""
        if bigquery_rules.concerns(sql):
            self.analyze(sql)
        options = self._with([resolved_node_kind_pb2.RESOLVED_QUERY_STMT])
        request = local_service_pb2.PrepareQueryRequest(sql=sql, options=options, registered_catalog_id=self._registered())
        prepared = self._call("PrepareQuery", request, local_service_pb2.PrepareQueryResponse).prepared
        try:
            columns = [(column.name, _type_name(column)) for column in prepared.columns]
            request = local_service_pb2.EvaluateQueryRequest(prepared_query_id=prepared.prepared_query_id)
            content = self._call("EvaluateQuery", request, local_service_pb2.EvaluateQueryResponse).content
        finally:
            if self._catalog is not None:  # else it broke, and forgot the query as well
                request = local_service_pb2.UnprepareQueryRequest(prepared_query_id=prepared.prepared_query_id)
                self._call("UnprepareQuery", request, empty_pb2.Empty)
        rows = [
            [read_cell(name, cell) for (_, name), cell in zip(columns, row.cell)] for row in content.table_data.row
        ]
        return columns, rows

    def analyze(self, sql):
        """Raises `Refused` or `BrokenRule` when the statement is not valid."""
        request = local_service_pb2.AnalyzeRequest(
            sql_statement=sql, options=self._with([]), registered_catalog_id=self._registered()
        )
        bigquery_rules.check(self._call("Analyze", request, local_service_pb2.AnalyzeResponse))

    def _with(self, statements):
        options = options_pb2.AnalyzerOptionsProto()
        options.CopyFrom(self._options)
        options.language_options.CopyFrom(language(statements))
        return options

    def _registered(self):
        if self._catalog is None:
            catalog = simple_catalog_pb2.SimpleCatalogProto(name="etalon", table=self._tables.values())
            catalog.builtin_function_options.language_options.CopyFrom(language())
            request = local_service_pb2.RegisterCatalogRequest(simple_catalog=catalog, table_content=self._contents)
            self._catalog = self._call(
                "RegisterCatalog", request, local_service_pb2.RegisterResponse
            ).registered_id
        return self._catalog

    def _forget(self):
        if self._catalog is not None:
            request = local_service_pb2.UnregisterRequest(registered_id=self._catalog)
            self._catalog = None
            self._call("UnregisterCatalog", request, empty_pb2.Empty)

    def _call(self, name, request, response_type):
        try:
            return self._module.call(name, request, response_type)
        except Broken:
            self._catalog = None
            raise


def _type_name(column):
    kind = column.type.type_kind
    if kind not in NAMES:
        raise BadRequest(
            f"the column {column.name!r} is of the kind {type_pb2.TypeKind.Name(kind)}, which has no text here; cast it"
        )
    return NAMES[kind]


def answer(evaluator, request):
    """The answer to one request, as it is written."""
    match request:
        case {"load": str(name), "columns": list(columns), "rows": list(rows)}:
            evaluator.load(name, columns, rows)
        case {"query": str(sql)}:
            columns, rows = evaluator.query(sql)
            return {"columns": columns, "rows": rows}
        case {"analyze": str(sql)}:
            evaluator.analyze(sql)
        case {"clear": True}:
            evaluator.clear()
        case {"version": True}:
            return {"version": f"GoogleSQL reference evaluator of zetasql {importlib.metadata.version('zetasql')}"}
        case _:
            raise BadRequest("not a request; see the head of bigquery.py")
    return {"ok": True}


def serve(evaluator):
    """Answers requests until the input ends."""
    for line in sys.stdin:
        try:
            written = answer(evaluator, json.loads(line))
        except (Refused, BrokenRule, BadCell, BadRequest) as error:
            written = {"error": str(error)}
        except Broken as error:
            written = {"error": f"the evaluator stopped at this statement: {error}"}
        except Exception as error:  # whatever it is, the next request is not to blame
            written = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(written, ensure_ascii=False), flush=True)


def main(arguments):
    match arguments:
        case ["--compile", path]:
            Module(path)
        case [path]:
            sys.stdin.reconfigure(encoding="utf-8")
            sys.stdout.reconfigure(encoding="utf-8")
            serve(Evaluator(path))
        case _:
            sys.exit("usage: bigquery.py [--compile] FILE")


if __name__ == "__main__":
    main(sys.argv[1:])
