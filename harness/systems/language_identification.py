"""The built-in language identifiers as systems under test."""

from collections.abc import Sequence
from functools import partial

from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import TaskBrief
from harness.systems.identifiers import (
    ADAPTER_VERSION,
    extra_identifiers,
    identifier_names,
    open_identifier,
)
from harness.systems.settings import SystemSettings
from harness.systems.system import Request, Response, System, SystemFamily, identity_of
from harness.text.language import LanguageIdentifier


class IdentifierSystem:
    """Answers each request with the tag that an identifier gives to its text."""

    def __init__(self, identifier: LanguageIdentifier) -> None:
        self._identifier = identifier
        self.identity: SystemIdentity = identity_of(
            identifier.name, version=identifier.version, facts=(f"adapter={ADAPTER_VERSION}",)
        )

    def prepare(self, brief: TaskBrief) -> None:
        """Do nothing: the model is loaded."""

    def answer(self, batch: Sequence[Request]) -> Sequence[Response]:
        """Tell the language of each text; `und` is an answer."""
        told = self._identifier.identify([request.input for request in batch])
        return [Response(request.id, identified.tag) for request, identified in zip(batch, told, strict=True)]


def _open(name: str, _settings: SystemSettings) -> System:
    return IdentifierSystem(open_identifier(name))


def _family(name: str, distribution: str, summary: str, *, is_extra: bool = False) -> SystemFamily:
    return SystemFamily(
        name=name,
        usage=name,
        distribution=distribution,
        is_extra=is_extra,
        one_by_one=True,
        kinds=frozenset({"language-id"}),
        open=partial(_open, name),
        summary=summary,
    )


FAMILIES = (
    *(
        _family(name, name, f"the language identifier {name}, offline, with the model in its package")
        for name in identifier_names()
    ),
    *(
        _family(name, extra.distribution, extra.summary, is_extra=True)
        for name, extra in extra_identifiers().items()
    ),
)
