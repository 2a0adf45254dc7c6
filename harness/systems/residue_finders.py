"""Which lines are residue: the build's own cleaning rules, their patterns anywhere, and lines that come back."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.systems.learning import KnownFunction
from harness.systems.system import Request, Response, System, SystemFamily, identity_of
from harness.text.cleaning import RESIDUE_RULES, CleaningRule, profile_rules
from harness.text.residue_lines import residue_lines
from harness.text.search_words import fold

_NUMBER = re.compile(r"\d+")
# A line in three texts or more: two are a quotation, or a report and its follow-up.
_LEAST_TEXTS = 3


def _numbers(find: Callable[[str], Sequence[int]], text: str) -> tuple[str, ...]:
    return tuple(map(str, find(text)))


def lines_cut_by(rules: Sequence[CleaningRule], text: str) -> list[int]:
    """Number the lines that cleaning rules cut whole, run after each other until nothing changes."""
    left, places = text, list(range(len(text)))
    while True:
        before = len(left)
        for rule in rules:
            for cut in sorted(rule.find(left), reverse=True):
                left = left[: cut.start] + left[cut.end :]
                del places[cut.start : cut.end]
        if len(left) == before:
            return _lost_lines(text, frozenset(places))


def _lost_lines(text: str, kept: frozenset[int]) -> list[int]:
    lost, start = [], 0
    for number, line in enumerate(text.split("\n"), start=1):
        letters = [place for place, sign in enumerate(line, start=start) if not sign.isspace()]
        if letters and kept.isdisjoint(letters):
            lost.append(number)
        start += len(line) + 1
    return lost


def _lines_like_residue(text: str) -> list[int]:
    return [number for number, line in enumerate(text.split("\n"), start=1) if residue_lines(line)]


class RepeatedLines:
    """Takes a line for residue that stands in several texts of the task, numbers aside."""

    def __init__(self) -> None:
        self.identity: SystemIdentity = identity_of(
            "repeated-lines", version="1", facts=(f"texts={_LEAST_TEXTS}",)
        )
        self._texts_with: Counter[str] = Counter()

    def prepare(self, brief: TaskBrief) -> None:
        """Count in how many of all texts each line stands."""
        self._texts_with = Counter(line for text in brief.inputs for line in set(map(_key, text.split("\n"))))

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Name the lines that come back."""
        return [
            Response(
                request.id,
                tuple(
                    str(number)
                    for number, line in enumerate(request.input.split("\n"), start=1)
                    if _key(line) and self._texts_with[_key(line)] >= _LEAST_TEXTS
                ),
            )
            for request in batch
        ]


def _key(line: str) -> str:
    return _NUMBER.sub("0", fold(line.strip()))


def _open_cleaning(profile: str, _chosen: object) -> System:
    rules = [rule for rule in profile_rules(profile) if RESIDUE_RULES & {rule.name, *rule.yields}]
    facts = [f"{rule.name}={rule.version}" for rule in rules]
    identity = identity_of(f"cleaning-{profile}", version="1", facts=facts)
    return KnownFunction(identity, partial(_numbers, partial(lines_cut_by, rules)))


def _open_patterns(_chosen: object) -> System:
    facts = [f"{rule.name}={rule.version}" for rule in profile_rules("news-ar")]
    identity = identity_of("residue-patterns", version="1", facts=facts)
    return KnownFunction(identity, partial(_numbers, _lines_like_residue))


def _open_repeated(_chosen: object) -> System:
    return RepeatedLines()


_KINDS = frozenset({"residue"})
FAMILIES = (
    *(
        SystemFamily(
            name=f"cleaning-{profile}",
            usage=f"cleaning-{profile}",
            kinds=_KINDS,
            open=partial(_open_cleaning, profile),
            summary=f"lines that the residue rules of the profile {profile} cut, as the build runs them",
        )
        for profile in ("safe", "news-ar")
    ),
    SystemFamily(
        name="residue-patterns",
        usage="residue-patterns",
        kinds=_KINDS,
        open=_open_patterns,
        summary="lines that the patterns of these rules match as a whole, wherever they stand",
    ),
    SystemFamily(
        name="repeated-lines",
        usage="repeated-lines",
        kinds=_KINDS,
        open=_open_repeated,
        summary="lines that stand in three or more texts of the task, numbers aside",
    ),
)
