"""Great Expectations, driven: the only module that knows the library, and the least of it that judges a table.

The library's context, batch definitions and stores are left out: they add nothing to a verdict on a frame in
memory, and hash the whole frame twice (two thirds of the time at a million rows). A contract test holds this
way against the public one.
"""

import contextlib
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from harness.core.errors import ConfigurationError, HarnessError, raise_all
from harness.gates.suites import Expectation

if TYPE_CHECKING:
    import pandas as pd

_LONGEST_DETAIL = 300
# What says which rows an expectation looks at. The library's own list leaves `ignore_row_if` of pairs out.
_DOMAIN = ("column", "column_A", "column_B", "column_list", "row_condition", "ignore_row_if")


@dataclass(frozen=True)
class Judged:
    """What the library said about one expectation.

    Args:
        success: Its verdict.
        looked_at: Rows that it counted, without the nulls that it left out; None for a number about a
            column or table, where it does not say.
        unexpected: Rows that are not as expected; None likewise.
        rows: Row numbers in the frame of the first of them.
        observed: The number about a column or table.
        raised: What it raised instead of judging, in a line; empty where it judged.
    """

    success: bool
    looked_at: int | None = None
    unexpected: int | None = None
    rows: tuple[int, ...] = ()
    observed: Any = None
    raised: str = ""


def evaluator() -> str:
    """Name the library and its version."""
    return f"great-expectations {version('great-expectations')}"


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Keep the library's warnings and logs away from stderr, which is for people."""
    logger = logging.getLogger("great_expectations")
    silent, propagate = logging.NullHandler(), logger.propagate
    logger.addHandler(silent)
    logger.propagate = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.removeHandler(silent)
        logger.propagate = propagate


def build(expectations: Sequence[Expectation]) -> dict[str, Any]:
    """Make the library's own object of each expectation, by rule.

    Raises:
        ConfigurationError: The library refuses one; all refusals come together.
    """
    # 5 CPU seconds: only where something is judged.
    from great_expectations.expectations.expectation_configuration import (  # noqa: PLC0415
        ExpectationConfiguration,
    )
    from great_expectations.expectations.metadata_types import FailureSeverity  # noqa: PLC0415

    built, problems = {}, list[HarnessError]()
    for one in expectations:
        try:
            built[one.rule] = ExpectationConfiguration(
                type=one.type,
                kwargs=_thawed(one.kwargs),
                meta={"rule": one.rule},
                severity=FailureSeverity(one.severity),
            ).to_domain_obj()
        except Exception as error:  # noqa: BLE001 - the library raises its own, pydantic's and plain errors
            problems.append(
                ConfigurationError(
                    f"Great Expectations refuses this: {in_a_line(error)}",
                    where=one.place,
                    remedy=f"see its documentation of '{one.type}'",
                )
            )
    raise_all(problems)
    return built


class JudgedFrame:
    """A frame, loaded into the library once, with what can be asked about it."""

    def __init__(self, frame: "pd.DataFrame") -> None:
        # See `build` on the cost of the import.
        from great_expectations.execution_engine.pandas_execution_engine import (  # noqa: PLC0415
            PandasExecutionEngine,
        )

        self._engine = PandasExecutionEngine(batch_data_dict={"table": frame})

    def rows_of(self, expectation: Any) -> "pd.DataFrame":
        """Give the rows that an expectation of `build` looks at, by the library's own reading of it.

        Raises:
            Exception: The condition compares what cannot be compared.
        """
        domain = {key: getattr(expectation, key) for key in _DOMAIN if hasattr(expectation, key)}
        return self._engine.get_domain_records(domain | {"batch_id": "table"})

    def judge(self, expectations: Mapping[str, Any], *, findings: int) -> dict[str, Judged]:
        """Judge expectations together, so that they share what they measure.

        Args:
            expectations: From `build`, by rule.
            findings: How many row numbers to give of those that are not as expected.

        Returns:
            What was said, by rule; a rule that the library gave no result for is not in it.
        """
        if not expectations:
            return {}
        try:
            results = self._run([one.configuration for one in expectations.values()], findings)
        except Exception as error:  # noqa: BLE001 - one bad expectation must not silence the others
            if len(expectations) == 1:
                return {rule: Judged(success=False, raised=in_a_line(error)) for rule in expectations}
            alone = (self.judge({rule: one}, findings=findings) for rule, one in expectations.items())
            return {rule: judged for each in alone for rule, judged in each.items()}
        # They come back in an order of the library's own.
        return {result.expectation_config.meta["rule"]: _as_judged(result) for result in results}

    def _run(self, configurations: list[Any], findings: int) -> list[Any]:
        from great_expectations.validator.validator import Validator  # noqa: PLC0415 - see `build`

        class QuietValidator(Validator):
            def _determine_progress_bars(self) -> bool:
                return False

        # Row numbers, not keys: with key columns the library makes a dict for each row that it finds,
        # which took 40 times as long as judging (100,000 rows, a fifth of them unexpected).
        result_format = {"result_format": "SUMMARY", "partial_unexpected_count": findings}
        validator = QuietValidator(execution_engine=self._engine)
        return list(validator.graph_validate(configurations, {"result_format": result_format}))


def _as_judged(result: Any) -> Judged:
    raised = _raised(result.exception_info)
    if raised:
        return Judged(success=False, raised=raised)
    said = result.result
    counted = said.get("element_count")
    return Judged(
        success=bool(result.success),
        looked_at=None if counted is None else int(counted) - int(said.get("missing_count", 0)),
        unexpected=None if counted is None else int(said["unexpected_count"]),
        rows=tuple(int(row) for row in said.get("partial_unexpected_index_list") or ()),
        observed=said.get("observed_value"),
    )


def _raised(info: Mapping[str, Any]) -> str:
    """Read what was raised: the info of one exception, or infos by the metric that raised."""
    infos = [info] if "raised_exception" in info else list(info.values())
    messages = {in_a_line(one["exception_message"]) for one in infos if one["raised_exception"]}
    return "; ".join(sorted(messages))


def _thawed(kwargs: Mapping[str, Any]) -> dict[str, Any]:
    # The library writes into what it is given.
    return {key: _copied(value) for key, value in kwargs.items()}


def _copied(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    return [_copied(inner) for inner in value] if isinstance(value, list) else value


def in_a_line(error: Any) -> str:
    """Write what was raised as one line of bounded length."""
    line = " ".join(str(error).split()) or type(error).__name__
    return line if len(line) <= _LONGEST_DETAIL else line[: _LONGEST_DETAIL - 1] + "…"
