"""Reading the TOML files that people edit: every mistake in a file at once, each with a suggestion."""

import difflib
import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from harness.core.errors import ConfigurationError, HarnessError, raise_all


class Settings(BaseModel):
    """A model that refuses keys it does not know and does not change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=True)


SettingsModel = TypeVar("SettingsModel", bound=Settings)


def read_toml(path: Path, model: type[SettingsModel]) -> SettingsModel:
    """Read a TOML file into its model.

    Raises:
        ConfigurationError: The file is missing, is not TOML, or does not fit the model. Several
            mistakes come together as `SeveralErrors`.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(
            "there is no such file", where=str(path), remedy="check the path, or the corpus' name"
        ) from None
    except OSError as error:
        raise ConfigurationError(f"the file cannot be read: {error.strerror}", where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"this is not TOML: {error}", where=str(path)) from error
    return parse_settings(content, model, where=str(path))


def parse_settings(content: dict[str, Any], model: type[SettingsModel], *, where: str) -> SettingsModel:
    """Fit parsed content to its model; `where` names the file in errors.

    Raises:
        ConfigurationError: The content does not fit; several mistakes come together.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise_all([_as_ours(problem, model, where) for problem in error.errors()])
        raise


def suggestion(word: str, known: list[str]) -> str:
    """Say which known word was probably meant, or list the known ones."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else f"known are: {', '.join(sorted(known))}"


def _as_ours(problem: Any, model: type[BaseModel], where: str) -> HarnessError:
    place = _place(problem["loc"])
    if problem["type"] == "extra_forbidden":
        word = str(problem["loc"][-1])
        return ConfigurationError(
            f"no key is called '{word}' here",
            where=f"{where}: {place}",
            remedy=suggestion(word, _keys_at(model, problem["loc"][:-1])),
        )
    return ConfigurationError(
        problem["msg"].removeprefix("Value error, "),
        where=f"{where}: {place}" if place else where,
        remedy=_remedy_for(problem),
    )


def _remedy_for(problem: Any) -> str:
    if problem["type"] == "missing":
        return "add the key"
    given = problem.get("input")
    return "" if isinstance(given, dict | list) else f"the value is {given!r}"


def _place(location: tuple[int | str, ...]) -> str:
    place = ""
    for step in location:
        place += f"[{step}]" if isinstance(step, int) else f".{step}" if place else step
    return place


def _keys_at(model: type[BaseModel], location: tuple[int | str, ...]) -> list[str]:
    """Name the keys that the model knows at a place, walking through lists, dicts and optionals."""
    current = model
    for step in location:
        if isinstance(step, int):
            continue
        field = current.model_fields.get(step)
        inside = _model_inside(field.annotation) if field else None
        if inside is None:
            return []
        current = inside
    return list(current.model_fields)


def _model_inside(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _model_inside(argument)
        if found is not None:
            return found
    return None
