"""What people say of a system: its URI, and in `systems.toml` its options."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from harness.core.errors import ConfigurationError, HarnessError, raise_all
from harness.core.settings import Settings, read_toml

_NAME = r"^[a-z0-9][a-z0-9._-]{0,63}$"
# Of variables that hold a secret, so that a file which came with a corpus cannot name just any variable.
_KEY_VARIABLE = r"^[A-Z][A-Z0-9_]*(KEY|TOKEN)$"
_MILLION = 1_000_000
_COMMON = frozenset({"name", "uri", "batch_items", "seed_of"})
# What seeds of one system may differ in: how they are called, and where what was trained with a seed lies.
_SEEDED = frozenset({"name", "uri", "seed", "files", "revision"})


class Prices(Settings):
    """What a model's server costs, in any one currency, for a million tokens."""

    input_per_million: float = Field(ge=0, allow_inf_nan=False)
    output_per_million: float = Field(ge=0, allow_inf_nan=False)

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """Price tokens, in the currency of the prices."""
        return (input_tokens * self.input_per_million + output_tokens * self.output_per_million) / _MILLION


class SystemSettings(Settings):
    """One system: how `--system` calls it, its URI, and options that mean something to systems of its kind.

    `timeout_s` is the longest that a system may stay silent while an answer is due; `startup_s` is added
    to it for the first answer after a start. `files` are hashed into a program's identity: whatever changes
    its answers (a model, a table) should stand there. `prompts` has one text a kind of task, with `{input}`
    in the item's place. What the variable holds that `api_key_variable` names is sent to the server and
    written nowhere. Systems that name the same `seed_of` are one system with several seeds, and compared as such.

    Of a model of transformers, `labels` says what its labels are called in the task; `pooling` says which
    tokens an embedding is made of, as the model was trained: the mean over all, the first or the last;
    `copy_cosine` is the cosine from which on two texts count as copies; the prefixes stand before what asks and
    before what is looked for, where an embedding model was trained so; and `stop` is where a written answer
    ends. With a `batch_size` above 1 texts are padded, which may change the last digits of what a model
    computes. `revision` is that of a repository on the Hub. `trust_remote_code` runs Python code that came
    with a model.
    """

    name: str = Field(pattern=_NAME)
    uri: str = Field(min_length=1)
    batch_items: int | None = Field(default=None, ge=1, le=10_000)
    seed_of: str = Field(default="", pattern=rf"^$|{_NAME}")
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
    # Models of transformers; max_tokens and prompts mean something to them, too
    device: str = Field(default="cpu", pattern=r"^(cpu|mps|cuda(:[0-9]{1,2})?)$")
    dtype: Literal["float32", "bfloat16", "float16"] = "float32"
    batch_size: int = Field(default=1, ge=1, le=4096)
    revision: str | None = Field(default=None, min_length=1)
    trust_remote_code: bool = False
    labels: dict[str, str] = Field(default_factory=dict)
    pooling: Literal["mean", "first", "last"] = "mean"
    copy_cosine: float | None = Field(default=None, ge=-1, le=1)
    query_prefix: str = ""
    text_prefix: str = ""
    stop: str = ""

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
        errors += _no_seed(settings, systems, f"{path}: systems[{number}]")
        systems[settings.name] = settings
    raise_all(errors)
    return systems


def _no_seed(settings: SystemSettings, known: dict[str, SystemSettings], where: str) -> list[HarnessError]:
    """Refuse a seed of a system that differs from another seed of it in more than that."""
    for other in known.values():
        if not settings.seed_of or other.seed_of != settings.seed_of:
            continue
        here, there = (one.model_dump(exclude=set(_SEEDED)) for one in (settings, other))
        differing = [key for key in here if here[key] != there[key]]
        if settings.family != other.family:
            differing.insert(0, "uri")
        if differing:
            return [
                ConfigurationError(
                    f"'{settings.name}' and '{other.name}' are no two seeds of '{settings.seed_of}': they differ in "
                    f"{', '.join(differing)}",
                    where=where,
                    remedy="give both the same options, or take 'seed_of' out",
                )
            ]
    return []


def settings_of(uri: str) -> SystemSettings:
    """Give the settings of a system that is named by its URI alone."""
    return SystemSettings.model_construct(_fields_set={"name", "uri"}, name=uri, uri=uri, files=())
