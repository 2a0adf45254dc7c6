"""What people say of a system: its URI, and in `systems.toml` its options."""

from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from harness.core.errors import ConfigurationError, HarnessError, raise_all
from harness.core.settings import Settings, read_toml

_NAME = r"^[a-z0-9][a-z0-9._-]{0,63}$"
# Of variables that hold a secret, so that a file which came with a corpus cannot name just any variable.
_KEY_VARIABLE = r"^[A-Z][A-Z0-9_]*(KEY|TOKEN)$"
_COMMON = frozenset({"name", "uri", "batch_items"})


class Prices(Settings):
    """What a model's server costs, in any one currency, for a million tokens."""

    input_per_million: float = Field(ge=0, allow_inf_nan=False)
    output_per_million: float = Field(ge=0, allow_inf_nan=False)


class SystemSettings(Settings):
    """One system: how `--system` calls it, its URI, and options that mean something to systems of its kind.

    `timeout_s` is the longest that a system may stay silent while an answer is due; `startup_s` is added
    to it for the first answer after a start. `files` are hashed into a program's identity: whatever changes
    its answers (a model, a table) should stand there. `prompts` has one text a kind of task, with `{input}`
    in the item's place. What the variable holds that `api_key_variable` names is sent to the server and
    written nowhere.
    """

    name: str = Field(pattern=_NAME)
    uri: str = Field(min_length=1)
    batch_items: int | None = Field(default=None, ge=1, le=10_000)
    # Programs and functions
    files: tuple[Path, ...] = ()
    timeout_s: float = Field(default=60.0, gt=0, le=86_400)
    startup_s: float = Field(default=0.0, ge=0, le=86_400)
    # Servers
    concurrency: int = Field(default=4, ge=1, le=256)
    attempts: int = Field(default=5, ge=1, le=20)
    backoff_s: float = Field(default=1.0, gt=0, le=600)
    most_wait_s: float = Field(default=60.0, gt=0, le=3_600)
    requests_per_minute: float | None = Field(default=None, gt=0)
    temperature: float | None = Field(default=0.0, ge=0, le=2)
    max_tokens: int = Field(default=256, ge=1)
    seed: int | None = None
    logprobs: bool = False
    api_key_variable: str = Field(default="HARNESS_API_KEY", pattern=_KEY_VARIABLE)
    system_prompt: str = ""
    prompts: dict[str, str] = Field(default_factory=dict)
    prices: Prices | None = None

    @model_validator(mode="after")
    def _require_a_place_for_the_input(self) -> Self:
        for kind, prompt in self.prompts.items():
            if "{input}" not in prompt:
                raise ValueError(f"the prompt for '{kind}' has no place for the text: write {{input}} there")
        return self

    @property
    def family(self) -> str:
        """The name of its family: what stands before the colon."""
        return self.uri.partition(":")[0]

    @property
    def argument(self) -> str:
        """What follows the colon; "" where nothing does."""
        return self.uri.partition(":")[2]

    @property
    def options_given(self) -> frozenset[str]:
        """The keys that were written and that do not go with every system."""
        return frozenset(self.model_fields_set) - _COMMON


class SystemsFile(Settings):
    """`systems.toml`: one `[[systems]]` a system."""

    systems: tuple[SystemSettings, ...] = ()


def read_systems(path: Path) -> dict[str, SystemSettings]:
    """Read the systems that a corpus' `systems.toml` names; none without the file. Nothing is opened.

    Raises:
        ConfigurationError: The file has mistakes; several come together.
    """
    if not path.is_file():
        return {}
    systems: dict[str, SystemSettings] = {}
    errors: list[HarnessError] = []
    for number, settings in enumerate(read_toml(path, SystemsFile).systems):
        if settings.name in systems:
            errors.append(
                ConfigurationError(
                    f"two systems are called '{settings.name}'",
                    where=f"{path}: systems[{number}]",
                    remedy="give one of them another 'name'",
                )
            )
        systems[settings.name] = settings
    raise_all(errors)
    return systems


def settings_of(uri: str) -> SystemSettings:
    """Give the settings of a system that is named by its URI alone."""
    return SystemSettings.model_construct(_fields_set={"name", "uri"}, name=uri, uri=uri, files=())
