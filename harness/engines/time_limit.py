"""How long a task may take before it is held to hang."""

import os
from dataclasses import dataclass

from harness.core.errors import ConfigurationError
from harness.core.tasks import TaskSpec

SECONDS_VARIABLE = "HARNESS_TASK_SECONDS"


@dataclass(frozen=True)
class TimeLimit:
    """Seconds that every task may take, and as many again for each MB (10⁶ bytes) of its inputs.

    The limit tells a hang from slowness, so it is generous, and nothing is lost by passing it but time: the
    records are tried in smaller parts, and only one that does not end by itself becomes an error.
    """

    seconds: float = 60.0

    def of(self, spec: TaskSpec) -> float:
        """Give the seconds that one task may take."""
        size = sum(path.stat().st_size for path in spec.inputs if path.is_file())
        return self.seconds * (1 + size / 1e6) * spec.patience

    @classmethod
    def from_environment(cls) -> "TimeLimit":
        """Read the limit from the environment variable `HARNESS_TASK_SECONDS`; `inf` lifts it.

        Raises:
            ConfigurationError: It is no number above 0.
        """
        given = os.environ.get(SECONDS_VARIABLE)
        if not given:
            return cls()
        try:
            seconds = float(given)
        except ValueError:
            seconds = 0.0
        if not seconds > 0:
            raise ConfigurationError(
                "the time limit of a task has to be a number of seconds above 0",
                where=f"{SECONDS_VARIABLE}={given}",
                remedy="unset it for the usual limit, or set it to inf for none",
            )
        return cls(seconds)
