"""What people name on the command line, resolved: corpora, recipes, folders, versions, suites."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import tomli_w

from harness.core.errors import ConfigurationError, InputError
from harness.core.manifest import split_path
from harness.core.recipe import LanguageSettings, Recipe, RejectRule, SourceSettings
from harness.core.settings import parse_settings, read_toml, suggestion
from harness.core.workspace import Workspace
from harness.curation.chunking import TARGET_BYTES
from harness.gates.suites import Suite, load_suite
from harness.sources import (
    is_address,
    offers,
    settings_for,
    settings_for_address,
    settings_for_pattern,
)
from harness.store.versions import MANIFEST, VersionFolder, foreign_entry
from harness.systems.identifiers import default_identifier
from harness.workflows.build import BuildRequest
from harness.workflows.opening import missing_policy as missing_policy  # noqa: PLC0414 - part of this door
from harness.workflows.opening import open_workspace as open_workspace  # noqa: PLC0414 - same

_RECIPE = "recipe.toml"
_CARD = "card.md"
_DEMO_FOLDER = "harness-demo"

# What a folder without a recipe is held to: a file of blanks, or of nothing but a widget, is no document.
_NO_WORDS = RejectRule(rule="no-words", when="words < 1", why="there is nothing to read")


def open_demo_workspace(chosen: Path | None) -> Workspace:
    """Take the workspace that is there; where none is, a folder of the demo's own below this one.

    Raises:
        InputError: The named folder is not there.
    """
    found = open_workspace(chosen)
    if chosen is not None or any((found.root / "datasets").glob("*/recipe.toml")):
        return found
    own = found.root / _DEMO_FOLDER
    own.mkdir(exist_ok=True)
    return Workspace(own)


def open_suites(
    workspace: Workspace, version: VersionFolder, names: Iterable[str] | None = None
) -> list[Suite]:
    """Load suites to judge a version by, whose manifest says which signals of the user's own it has.

    Args:
        workspace: Where suites are looked for by name.
        version: What is to be judged.
        names: Of suites, or paths of JSON files; None takes those that the recipe names.

    Raises:
        HarnessError: What `load_suite` raises; or there is no such suite.
    """
    manifest = version.manifest
    own = manifest.own_signals
    chosen = manifest.recipe.gates if names is None else names
    return [load_suite(_suite_path(workspace, name), root=workspace.root, own=own) for name in chosen]


def _suite_path(workspace: Workspace, name: str) -> Path:
    return Path(name) if name.endswith(".json") else workspace.suite(name)


@dataclass(frozen=True)
class BuildTarget:
    """What to build, and where from and to."""

    recipe: Recipe
    root: Path
    out: Path
    card_body: str
    improvised: bool  # no recipe was written for it
    source: Path | str | None = None  # where the data lies, or its address, for a recipe without
    cache: Path | None = None  # where finished work is kept between builds
    fresh: bool = False  # whether to take nothing that an interrupted build left

    @classmethod
    def resolve(cls, workspace: Workspace, target: str, out: Path | None) -> Self:
        """Read a target: a recipe's file, a corpus' name, a folder with a recipe, any folder, file or address.

        Raises:
            ConfigurationError: No corpus has that name, or the recipe is wrong.
            InputError: The target is a path, and there is no file and no folder.
        """
        if not target:  # which pathlib would take for this folder, as when a script's variable is unset
            raise ConfigurationError(
                "the target is empty", where="TARGET", remedy="name a corpus, a recipe, a folder or a file"
            )
        if is_address(target):
            return cls._improvise_address(workspace, target, out)
        path = Path(target)
        if path.suffix == ".toml" and path.is_file():
            return cls._of_recipe(workspace, path, out)
        if _is_name(target) and target in workspace.corpus_names():
            return cls._of_recipe(workspace, workspace.corpus(target) / _RECIPE, out)
        if (path / _RECIPE).is_file():
            return cls._of_recipe(workspace, path / _RECIPE, out)
        if path.exists():
            return cls._improvise(workspace, path.resolve(), out)
        matching = settings_for_pattern(target)
        if matching is not None:
            return cls._without_recipe(workspace, matching[0].name, matching, out)
        if _is_name(target) and out is None:
            raise ConfigurationError(
                f"neither a corpus nor a folder is called '{target}'",
                where=str(workspace.root / "datasets"),
                remedy=suggestion(target, workspace.corpus_names()),
            )
        raise InputError("there is no such file or folder", where=target, remedy="check the path")

    def adjusted(self, *, profile: str | None, source: str | None) -> Self:
        """Apply what the command line overrides.

        Raises:
            ConfigurationError: The profile is unknown, or the recipe has several sources.
            InputError: The source is not there.
        """
        changed = self
        if profile is not None:
            content = self.recipe.model_dump(mode="json") | {"profile": profile}
            changed = replace(changed, recipe=parse_settings(content, Recipe, where="--profile"))
        if source is not None:
            changed = replace(changed, source=_checked_source(self.recipe, source))
        return changed

    def cached_in(self, chosen: Path | None, *, is_off: bool) -> Self:
        """Keep finished work in a folder of the user's choice, or nowhere.

        Without a choice, versions that lie among their workspace's builds share a cache beside them; a version
        elsewhere has none once it is finished.
        """
        if is_off:
            return replace(self, cache=None, fresh=True)
        return self if chosen is None else replace(self, cache=chosen.absolute())

    def request(
        self,
        *,
        workers: int | None,
        strict: bool,
        chunk_kib: int | None = None,
        memory_gib: float | None = None,
    ) -> BuildRequest:
        """Ask for the build.

        Raises:
            ConfigurationError: `out` is no place for a version: it would cost somebody a file, or be read
                as an article by the next build.
        """
        request = BuildRequest(
            self.recipe,
            self.root,
            self.out,
            source=self.source,
            card_body=self.card_body,
            workers=workers,
            strict=strict,
            chunk_bytes=chunk_kib << 10 if chunk_kib else TARGET_BYTES,
            cache=self.cache,
            fresh=self.fresh,
            memory_bytes=None if memory_gib is None else int(memory_gib * (1 << 30)),
        )
        _refuse_to_replace(self.out)
        _refuse_to_read_itself(request)
        return request

    def recipe_to_print(self) -> str | None:
        """Write the recipe as TOML where none was written for the target, else None."""
        return recipe_toml(self.recipe) if self.improvised else None

    @classmethod
    def _of_recipe(cls, workspace: Workspace, path: Path, out: Path | None) -> Self:
        recipe = read_toml(path, Recipe)
        for suite in recipe.gates:  # a misspelt one is told before the work, not after it
            _suite_path(workspace, suite)
        card = path.parent / _CARD
        body = card.read_text(encoding="utf-8") if card.is_file() else ""
        target = out or workspace.builds(recipe.name) / recipe.version
        cache = _cache_among_builds(workspace, recipe.name, target)
        return cls(recipe, path.parent.resolve(), target.absolute(), body, improvised=False, cache=cache)

    @classmethod
    def _improvise(cls, workspace: Workspace, path: Path, out: Path | None) -> Self:
        root = path if path.is_dir() else path.parent
        name = path.stem if path.is_file() else path.name
        return cls._without_recipe(workspace, _slug(name), (settings_for(path), root), out)

    @classmethod
    def _improvise_address(cls, workspace: Workspace, address: str, out: Path | None) -> Self:
        settings = settings_for_address(address)
        return cls._without_recipe(workspace, settings.name, (settings, Path.cwd()), out)

    @classmethod
    def _without_recipe(
        cls, workspace: Workspace, name: str, place: tuple[SourceSettings, Path], out: Path | None
    ) -> Self:
        settings, root = place
        # Nobody wrote a recipe, so the one that is made up (and printed) may say what runs here.
        language = LanguageSettings(identifier=default_identifier())
        recipe = Recipe(name=name, sources=(settings,), reject=(_NO_WORDS,), language=language)
        target = out or workspace.builds(recipe.name) / recipe.version
        cache = _cache_among_builds(workspace, recipe.name, target)
        return cls(recipe, root, target.absolute(), "", improvised=True, cache=cache)


def _cache_among_builds(workspace: Workspace, name: str, out: Path) -> Path | None:
    builds = workspace.builds(name).resolve()
    return workspace.build_cache(name) if out.resolve().parent == builds else None


def recipe_toml(recipe: Recipe) -> str:
    """Write what a recipe says beyond its defaults as TOML."""
    content = recipe.model_dump(mode="json", exclude_defaults=True)
    content["sources"] = [
        {"name": source.name, **source.model_dump(mode="json", exclude_defaults=True)}
        for source in recipe.sources
    ]
    return tomli_w.dumps(
        {"name": recipe.name, "version": recipe.version, "profile": recipe.profile, **content}
    )


def _checked_source(recipe: Recipe, source: str) -> Path | str:
    if len(recipe.sources) != 1:
        names = ", ".join(one.name for one in recipe.sources)
        raise ConfigurationError(
            f"--source stands for one source, and the recipe has {len(recipe.sources)}",
            where=names,
            remedy="write the paths into the recipe",
        )
    if is_address(source):
        return source
    if not Path(source).exists():
        raise InputError("the source is not there", where=source, remedy="check --source")
    return Path(source).resolve()


def _refuse_to_replace(out: Path) -> None:
    foreign = foreign_entry(out)
    if foreign is not None:
        raise ConfigurationError(
            f"'{foreign}' there is not of a version's, and would be lost",
            where=str(out),
            remedy="give --out an empty or new folder",
        )
    if out.is_mount():  # a disk's own folder cannot be exchanged for another
        raise ConfigurationError(
            "the output folder is a mount point", where=str(out), remedy="give --out a folder inside it"
        )


def _refuse_to_read_itself(request: BuildRequest) -> None:
    """Refuse an output that a source of the same build would read as articles the next time."""
    for source in request.sources:
        written = (request.out / MANIFEST, request.out / split_path("train"))
        if any(offers(source, request.root, path) for path in written):
            raise ConfigurationError(
                f"the version would lie in source '{source.name}', and be read as articles by the next build",
                where=str(request.out),
                remedy="give --out a folder beside the source, or exclude this one in the recipe",
            )


def _is_name(target: str) -> bool:
    return "/" not in target and "\\" not in target


def _slug(name: str) -> str:
    kept = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower()).strip(
        "-"
    )
    return kept[:96] or "corpus"
