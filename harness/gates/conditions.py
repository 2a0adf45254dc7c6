"""Row conditions: which rows an expectation looks at, in the two forms that cannot run code.

A condition is an object as Great Expectations writes it (`{"type": "comparison", ...}`), or a string such
as `lang == "ar" and words > 20`. A string ends in `DataFrame.query`, which evaluates Python: attributes,
calls and `@` names are therefore refused before it gets there.
"""

import ast
from collections.abc import Iterator
from typing import Any

OPERATORS = ("==", "!=", "<", "<=", ">", ">=", "IN", "NOT_IN")
_HOW = "write a comparison such as lang == \"ar\", joined by 'and', 'or', 'not'"

_ALLOWED_NODES = (
    ast.Expression, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.Compare, ast.Eq, ast.NotEq,
    ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Name, ast.Load, ast.Constant, ast.List, ast.Tuple,
)  # fmt: skip


class ConditionError(ValueError):
    """A condition that cannot be used; the message says why."""


def columns_of_condition(condition: Any) -> list[str]:
    """Name the columns that a condition compares.

    Args:
        condition: The `row_condition` of an expectation as parsed from JSON.

    Raises:
        ConditionError: It is neither form, or a string that does more than compare columns.
    """
    if isinstance(condition, str):
        return _columns_of_string(condition)
    return list(dict.fromkeys(_columns_of_object(condition)))


def condition_in_words(condition: Any) -> str:
    """Write a condition the way people read it: `slice == 'all'`."""
    if isinstance(condition, str):
        return condition.strip()
    kind = condition["type"]
    if kind in ("and", "or"):
        return f" {kind} ".join(_bracketed(part) for part in condition["conditions"])
    column = condition["column"]["name"]
    if kind == "nullity":
        return f"{column} is {'null' if condition['is_null'] else 'not null'}"
    operator = condition["operator"].lower().replace("_", " ")
    return f"{column} {operator} {condition['parameter']!r}"


def _bracketed(part: Any) -> str:
    words = condition_in_words(part)
    return f"({words})" if part["type"] in ("and", "or") else words


def _columns_of_string(condition: str) -> list[str]:
    try:
        tree = ast.parse(condition.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ConditionError(f"the condition cannot be read: {_HOW}") from None
    names = []
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED_NODES):
            raise ConditionError(f"the condition does more than compare columns: {_HOW}")
        if isinstance(node, ast.Name):
            names.append(node.id)
    if not names:
        raise ConditionError(f"the condition compares no column: {_HOW}")
    return list(dict.fromkeys(names))


def _columns_of_object(condition: Any) -> Iterator[str]:
    match condition:
        case {"type": "and" | "or", "conditions": [_, *_] as parts, **rest} if not rest:
            for part in parts:
                yield from _columns_of_object(part)
        case {"type": "nullity", "column": {"name": str(name)}, "is_null": bool(), **rest} if not rest:
            yield name
        case {
            "type": "comparison",
            "column": {"name": str(name)},
            "operator": str(operator),
            "parameter": parameter,
            **rest,
        } if not rest:
            yield _compared(name, operator, parameter)
        case _:
            raise ConditionError(
                'write {"type": "comparison", "column": {"name": …}, "operator": "==", "parameter": …}, '
                'or "nullity" with "is_null", or "and" / "or" with "conditions"'
            )


def _compared(name: str, operator: str, parameter: Any) -> str:
    if operator not in OPERATORS:
        raise ConditionError(f"'{operator}' is no operator; known are: {', '.join(OPERATORS)}")
    members = parameter if isinstance(parameter, list) else [parameter]
    if not members or not all(isinstance(member, str | int | float) for member in members):
        raise ConditionError("the parameter has to be a text, a number, or a list of them")
    wants_list = operator in ("IN", "NOT_IN")
    if wants_list != isinstance(parameter, list):
        raise ConditionError(f"'{operator}' has to be given {'a list' if wants_list else 'one value'}")
    return name
