"""A rule of BigQuery's own that Google's analyzer and evaluator do not know.

An outer join needs a condition that is an equality of fields from both sides: BigQuery joins by hash. Knows nothing about
metrics.
"""

import re

from zetasql.wasi._pb2.zetasql.resolved_ast import resolved_ast_enums_pb2

INNER = resolved_ast_enums_pb2.ResolvedJoinScanEnums.INNER


class BrokenRule(Exception):
    """A statement that BigQuery would refuse; the text says why."""


def parts(message):
    """The messages inside of a message."""
    for field, value in message.ListFields():
        if field.message_type is not None:
            yield from value if field.is_repeated else [value]


def joins(message):
    """Every join of a resolved query."""
    waiting = [message]
    while waiting:
        message = waiting.pop()
        if message.DESCRIPTOR.name == "ResolvedJoinScanProto":
            yield message
        waiting.extend(parts(message))


def referred(expression):
    """The ids of the columns that an expression refers to."""
    if expression.DESCRIPTOR.name == "ResolvedColumnRefProto":
        return {expression.column.column_id}
    return set().union(*map(referred, parts(expression)))


def yielded(scan):
    """The ids of the columns that a scan yields."""
    while "column_list" not in scan.DESCRIPTOR.fields_by_name:
        inside = [field.name for field, _ in scan.ListFields()]
        scan = getattr(scan, "parent" if "parent" in inside else inside[0])
    return {column.column_id for column in scan.column_list}


def equalities(condition):
    """The pairs of operands that a condition says are equal."""
    call = condition.resolved_function_call_base_node.resolved_function_call_node
    name = call.parent.function.name
    if name == "ZetaSQL:$and":
        for operand in call.parent.argument_list:
            yield from equalities(operand)
    if name == "ZetaSQL:$equal":
        yield call.parent.argument_list


def is_hashable(join):
    """Whether a condition of a join is an equality between its sides."""
    sides = yielded(join.left_scan), yielded(join.right_scan)

    def lies_in(operand, side):
        columns = referred(operand)
        return columns and columns <= side

    return any(
        lies_in(one, sides[here]) and lies_in(other, sides[1 - here])
        for one, other in equalities(join.join_expr)
        for here in (0, 1)
    )


def concerns(sql):
    """Whether a statement can break the rule, so that it is worth an analysis."""
    return re.search(r"(?i)\b(left|right|full)\b", sql) is not None


def check(resolved):
    """Raises `BrokenRule` where a resolved statement breaks the rule."""
    for join in joins(resolved):
        if join.join_type != INNER and not is_hashable(join):
            raise BrokenRule(
                "an outer join cannot be used without a condition that is an equality of fields from both sides of the join"
            )
