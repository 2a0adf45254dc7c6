"""The rules of a recipe: which documents are refused by their signals, with the value seen and the value allowed."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.columns import whole
from harness.core.errors import ConfigurationError, raise_all
from harness.core.recipe import RejectRule
from harness.core.settings import suggestion
from harness.core.signals import SIGNALS, Signal

_COMPARE: dict[str, Callable[..., Any]] = {
    "<": pc.less,
    "<=": pc.less_equal,
    ">": pc.greater,
    ">=": pc.greater_equal,
    "==": pc.equal,
    "!=": pc.not_equal,
}
_NEGATED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_FLAGS = {"true": True, "false": False}


@dataclass(frozen=True)
class RuleHits:
    """What the rules say of each row; all three are null where no rule hits.

    Args:
        rule: Name of the first rule that hits, in the recipe's order.
        observed: What was seen, as in `words = 12`.
        allowed: What would have passed, as in `>= 50`.
    """

    rule: pa.Array
    observed: pa.Array
    allowed: pa.Array


def check(rules: Sequence[RejectRule], own: Sequence[Signal] = ()) -> None:
    """Refuse rules that cannot be applied, all at once, before anything is read.

    Args:
        rules: Of a recipe.
        own: The user's own signals that the recipe names.

    Raises:
        ConfigurationError: A rule names no signal, or its operator or value does not fit the signal.
    """
    known = _by_name(own)
    wrong = [_mistake(rule, known, f"reject[{place}].when") for place, rule in enumerate(rules)]
    raise_all([error for error in wrong if error is not None])


def apply(
    rules: Sequence[RejectRule], signals: pa.Table | pa.RecordBatch, own: Sequence[Signal] = ()
) -> RuleHits:
    """Find for each row the first rule that refuses it.

    A signal that is null satisfies no condition, `!=` included: what was not measured refuses nothing.

    Args:
        rules: In the order in which they are tried.
        signals: A table with the columns that the rules name.
        own: The user's own among them.

    Raises:
        ConfigurationError: A rule cannot be applied (see `check`).
    """
    check(rules, own)
    hits = RuleHits(*(pa.nulls(signals.num_rows, pa.string()) for _ in range(3)))
    for rule in rules:
        hits = _with_rule(hits, look(rule, signals, own), rule.rule)
    return hits


@dataclass(frozen=True)
class Seen:
    """What one rule sees of each row, whether it hits or not.

    Args:
        is_hit: Whether the rule refuses the row; never null.
        observed: What was seen, as in `words = 12`; null where the signal is.
        allowed: What passes, as in `>= 50`.
    """

    is_hit: pa.Array
    observed: pa.Array
    allowed: str


def look(rule: RejectRule, signals: pa.Table | pa.RecordBatch, own: Sequence[Signal] = ()) -> Seen:
    """Hold one rule, which `check` has passed, against each row."""
    name, operator, written = rule.condition
    signal = _by_name(own)[name]
    column = whole(signals[name])
    is_hit = _COMPARE[operator](column, pa.scalar(_value(signal, written), signal.arrow_type))
    observed = pc.binary_join_element_wise(f"{name} = ", column.cast(pa.string()), "")
    return Seen(pc.fill_null(is_hit, False), observed, f"{_NEGATED[operator]} {written}")


def _by_name(own: Sequence[Signal]) -> dict[str, Signal]:
    return {signal.name: signal for signal in (*SIGNALS, *own)}


def _with_rule(hits: RuleHits, seen: Seen, rule: str) -> RuleHits:
    is_new = pc.and_(seen.is_hit, pc.is_null(hits.rule))
    return RuleHits(
        pc.if_else(is_new, rule, hits.rule),
        pc.if_else(is_new, seen.observed, hits.observed),
        pc.if_else(is_new, seen.allowed, hits.allowed),
    )


def _mistake(rule: RejectRule, known: Mapping[str, Signal], where: str) -> ConfigurationError | None:
    name, operator, written = rule.condition
    where = f"{where} ({rule.rule})"
    signal = known.get(name)
    if signal is None:
        return ConfigurationError(
            f"no signal is called '{name}'", where=where, remedy=suggestion(name, list(known))
        )
    if signal.kind in ("flag", "label") and operator not in ("==", "!="):
        return ConfigurationError(
            f"'{name}' is a {signal.kind}, which '{operator}' cannot order",
            where=where,
            remedy="compare it with == or !=",
        )
    try:
        _value(signal, written)
    except ValueError as error:
        return ConfigurationError(f"'{written}' does not fit '{name}'", where=where, remedy=str(error))
    return None


def _value(signal: Signal, written: str) -> bool | str | float:
    """Read the value of a condition as the signal's type.

    Raises:
        ValueError: It is none; the message is the remedy.
    """
    if signal.kind == "label":
        return written
    if signal.kind == "flag":
        if written.lower() not in _FLAGS:
            raise ValueError("a flag is true or false")
        return _FLAGS[written.lower()]
    return _count(written) if signal.kind == "count" else _share(written)


def _count(written: str) -> int:
    # What a column of 64 bits can hold has at most 19 digits.
    if not written.isdecimal() or len(written) > 18:
        raise ValueError("a count is a whole number from 0 on, of at most 18 digits")
    return int(written)


def _share(written: str) -> float:
    try:
        number = float(written)
    except ValueError:
        number = math.nan
    if not 0 <= number <= 1:
        raise ValueError("a share or score lies in [0, 1]: 5 % is 0.05")
    return number
