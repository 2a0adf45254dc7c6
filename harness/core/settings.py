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
        raise ConfigurationError(
            f"the file cannot be read: {error.strerror}", where=str(path), remedy="check who may read it"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        remedy = "save it as UTF-8" if isinstance(error, UnicodeDecodeError) else "mend the line"
        raise ConfigurationError(f"this is not TOML: {error}", where=str(path), remedy=remedy) from error
    return parse_settings(content, model, where=str(path))


def parse_settings(content: dict[str, Any], model: type[SettingsModel], *, where: str) -> SettingsModel:
    """Fit parsed content to its model; `where` names the file in errors.

    Raises:
        ConfigurationError: The content does not fit; several mistakes come together.
    """
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise_all([_as_ours(problem, model, where) for problem in _at_the_root(error.errors())])
        raise


def suggestion(word: str, known: list[str]) -> str:
    """Say which known word was probably meant, or list the known ones."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else f"known are: {', '.join(sorted(known))}"


def _at_the_root(problems: list[Any]) -> list[Any]:
    """Leave out a list that is too short for want of the very entries that are wrong themselves."""
    places = [problem["loc"] for problem in problems]
    return [
        problem
        for problem in problems
        if problem["type"] != "too_short"
        or not any(
            len(place) > len(problem["loc"]) and place[: len(problem["loc"])] == problem["loc"]
            for place in places
        )
    ]


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
        _sentence(problem),
        where=f"{where}: {place}" if place else where,
        remedy=_remedy_for(problem),
    )


_A_DATE = "the value has to be a date, such as 2026-01-31"
# What pydantic finds, in the words of people who write TOML; what is not listed keeps pydantic's own.
_SENTENCES = {
    "missing": "a key is missing",
    "literal_error": "the value has to be {expected}",
    "string_pattern_mismatch": "the value does not have the form {pattern}",
    "string_type": "the value has to be a text in quotes",
    "string_too_short": "the value is empty",
    "bool_type": "the value has to be true or false",
    "bool_parsing": "the value has to be true or false",
    "int_type": "the value has to be a whole number",
    "int_parsing": "the value has to be a whole number",
    "int_from_float": "the value has to be a whole number",
    "float_type": "the value has to be a number",
    "float_parsing": "the value has to be a number",
    "finite_number": "the value has to be a number that is neither infinite nor nan",
    "tuple_type": "there has to be a list: [a, b], or [[table]] for each entry",
    "list_type": "there has to be a list: [a, b], or [[table]] for each entry",
    "dict_type": "there has to be a table",
    "model_type": "there has to be a table",
    "model_attributes_type": "there has to be a table",
    "too_short": "there has to be at least {min_length} entry",
    "greater_than_equal": "the value has to be at least {ge}",
    "greater_than": "the value has to be above {gt}",
    "less_than_equal": "the value has to be at most {le}",
    "less_than": "the value has to be below {lt}",
    "date_type": _A_DATE,
    "date_parsing": _A_DATE,
    "date_from_datetime_parsing": _A_DATE,
    "date_from_datetime_inexact": _A_DATE,
}


def _sentence(problem: Any) -> str:
    known = _SENTENCES.get(problem["type"])
    return known.format(**problem.get("ctx", {})) if known else problem["msg"].removeprefix("Value error, ")


def _remedy_for(problem: Any) -> str:
    if problem["type"] == "missing":
        return "add it"
    given = problem.get("input")
    return "mend this part of the file" if isinstance(given, dict | list | tuple) else f"it is {given!r}"


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
