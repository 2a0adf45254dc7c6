"""Errors that say what is wrong, where, and what to do; and the exit code that each kind ends with."""

import json
from collections.abc import Iterable
from enum import IntEnum

_SHOWN_CHARS = 120


class ExitCode(IntEnum):
    """What the process tells its caller; scripts of users rest on these numbers."""

    DONE = 0
    GATE_FAILED = 1
    WRONG_USE = 2
    BAD_INPUT = 3
    NO_EVIDENCE = 4
    OUR_BUG = 70
    INTERRUPTED = 130
    TERMINATED = 143


class HarnessError(Exception):
    """Something the user can mend.

    Args:
        what: One sentence, lower case, without a full stop: what is wrong.
        where: The file and place in it, the option, or the address.
        remedy: What to do, as an instruction.
    """

    exit_code = ExitCode.OUR_BUG

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            place = "\\n".join(self.where.splitlines())  # a name from outside writes no line of its own
            parts.append(f"  where: {place}")
        if self.remedy:
            parts.append(f"  remedy: {self.remedy}")
        return "\n".join(parts)


class ConfigurationError(HarnessError):
    """Wrong use: an unknown option, key, suite, expectation, system or task."""

    exit_code = ExitCode.WRONG_USE


class InputError(HarnessError):
    """Data, I/O, network or credentials are not as they have to be."""

    exit_code = ExitCode.BAD_INPUT


class NoEvidenceError(HarnessError):
    """Nothing was evaluated or nothing can be compared: never a pass, never a zero."""

    exit_code = ExitCode.NO_EVIDENCE


class GateFailedError(HarnessError):
    """A gate looked at the data and did not let it pass."""

    exit_code = ExitCode.GATE_FAILED


class SeveralErrors(HarnessError):  # noqa: N818 - it reads as what it is: several errors
    """All that is wrong with one file, reported at once; ends with the first one's exit code."""

    def __init__(self, errors: "list[HarnessError]") -> None:
        super().__init__(f"{len(errors)} things are wrong")
        self.errors = tuple(errors)
        self.exit_code = errors[0].exit_code

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)

    def __reduce__(self) -> "tuple[type[SeveralErrors], tuple[list[HarnessError]]]":
        # From a worker to its caller: by default it would be made again of its sentence.
        return type(self), (list(self.errors),)


def named(ids: Iterable[str], *, at_most: int = 5) -> str:
    """Name the first few ids for a sentence, quoted and escaped, and say how many more there are."""
    listed = list(ids)
    shown = ", ".join(json.dumps(_cut(entry), ensure_ascii=False) for entry in listed[:at_most])
    return shown if len(listed) <= at_most else f"{shown} and {len(listed) - at_most} more"


def _cut(entry: str) -> str:
    # An id is whatever a file says it is, three megabytes included.
    return entry if len(entry) <= _SHOWN_CHARS else entry[:_SHOWN_CHARS] + "\N{HORIZONTAL ELLIPSIS}"


def raise_all(errors: list[HarnessError]) -> None:
    """Raise what was collected: nothing for none, the error itself for one, all together for more."""
    if len(errors) == 1:
        raise errors[0]
    if errors:
        raise SeveralErrors(errors)
