"""Functions as systems: `py:module:function`, called in a process of its own, so that it may crash or hang."""

import sys
from pathlib import Path

from harness.core.errors import ConfigurationError
from harness.core.fingerprints import fingerprint
from harness.evaluation.results import SystemIdentity
from harness.systems.module_files import module_file
from harness.systems.programs import (
    PROCESS_BATCH_ITEMS,
    PROCESS_OPTIONS,
    ProcessSystem,
    content_of,
    patience_of,
)
from harness.systems.settings import SystemSettings
from harness.systems.system import System, SystemFamily
from harness.systems.wire import all_in_a_line

_WORKER = "harness.systems.worker"


def _open(settings: SystemSettings) -> System:
    module, _, function = settings.argument.partition(":")
    if not all(part.isidentifier() for part in [*module.split("."), function]):
        raise ConfigurationError(
            f"'{settings.uri}' names no function", where="--system", remedy="write py:MODULE:FUNCTION"
        )
    facts = [content_of(module_file(module, Path.cwd())), *(content_of(path) for path in settings.files)]
    identity = SystemIdentity(
        uri=settings.uri,
        name=settings.name,
        version="",
        fingerprint=fingerprint([settings.uri, facts]),
    )
    command = [sys.executable, "-m", _WORKER, module, function]
    return ProcessSystem(identity, command, patience_of(settings), all_in_a_line)


FAMILIES = (
    SystemFamily(
        name="py",
        usage="py:MODULE:FUNCTION",
        kinds=None,
        open=_open,
        takes_argument=True,
        one_by_one=True,
        batch_items=PROCESS_BATCH_ITEMS,
        options=PROCESS_OPTIONS,
        summary="a function that takes a list of {id, input} and gives a list of {id, output}, in a process of its own",
    ),
)
