"""`explain`: what a code means: rules of suites, of cleaning and of recipes, errors, signals, exit codes."""

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from harness.core.baseline import BASELINE_PREFIX
from harness.core.errors import ConfigurationError, HarnessError
from harness.core.explanation import EXIT_CODES, Page, explanations
from harness.core.recipe import Recipe
from harness.core.settings import read_toml
from harness.core.signals import SIGNALS, Signal
from harness.core.workspace import Workspace, shipped_root
from harness.gates.conditions import condition_in_words
from harness.gates.suites import Expectation, load_suite
from harness.gates.wording import allowed_in_words
from harness.text.cleaning import PROFILES, CleaningRule
from harness.text.credits import credit_stages, take_credits
from harness.text.headline import HEADLINE_RULE, take_headlines
from harness.text.language_data import language_table
from harness.text.rules.learnt import LEARNT_RULE, learnt_residue
from harness.workflows.named_signals import named_signals

_WRONGLY = "Wrongly catches"
_PRICE = "Price:"
_BASELINE = "gate of a baseline"


@dataclass(frozen=True)
class Explained:
    """Pages, and the files that could not be read for more of them."""

    pages: tuple[Page, ...]
    unread: tuple[str, ...]


def explain(workspace: Workspace, code: str) -> Explained:
    """Explain a code; one that is used in several places has a page for each.

    Raises:
        ConfigurationError: Nothing is called so.
    """
    known = all_pages(workspace)
    found = _called(code, known.pages) or _of_baseline(code, known.pages)
    if not found:
        raise ConfigurationError(
            f"nothing is called '{code}'",
            where="CODE",
            remedy=_remedy(code, [page.code for page in known.pages]),
        )
    return Explained(found, known.unread)


def _called(code: str, pages: Iterable[Page]) -> tuple[Page, ...]:
    return tuple(page for page in pages if page.code.casefold() == code.casefold())


def _of_baseline(code: str, pages: Iterable[Page]) -> tuple[Page, ...]:
    """Tell of `BASE.ENC001` what a baseline asks of any rule, and then the rule."""
    rule = code[len(BASELINE_PREFIX) :] if code.upper().startswith(BASELINE_PREFIX) else ""
    found = _called(rule, pages)
    said = explanations("codes")["baseline"][BASELINE_PREFIX]
    held = tuple(
        Page(
            code=f"{BASELINE_PREFIX}{one.code}",
            kind=_BASELINE,
            title=f"{one.code} is not worse than it was",
            **said,
        )
        for one in found
    )
    return held + found


def all_pages(workspace: Workspace) -> Explained:
    """Collect every page: suites, cleaning, recipes, codes of tables, signals, exit codes."""
    unread: list[str] = []
    own = named_signals(workspace).installed
    pages = [
        *_of_files(workspace, "expectations/*.json", partial(_suite_pages, own), unread),
        *_cleaning_pages(),
        *_of_files(workspace, "datasets/*/recipe.toml", _recipe_pages, unread),
        *_code_pages(),
        *(Page(code=one.name, kind="signal", title=one.kind, what=one.meaning) for one in (*SIGNALS, *own)),
        *_exit_pages(),
    ]
    return Explained(tuple(pages), tuple(unread))


def _remedy(code: str, known: list[str]) -> str:
    by_folded = {one.casefold(): one for one in known}
    close = difflib.get_close_matches(code.casefold(), by_folded, n=1, cutoff=0.6)
    return f"did you mean '{by_folded[close[0]]}'?" if close else "'harness explain' lists every code"


def _of_files(
    workspace: Workspace, pattern: str, read: Callable[[Workspace, str], Iterable[Page]], unread: list[str]
) -> Iterator[Page]:
    """Read the workspace's files of a kind, and those of the package that it does not replace."""
    shipped = shipped_root()
    names = {
        path.relative_to(root).as_posix() for root in (workspace.root, shipped) for path in root.glob(pattern)
    }
    for name in sorted(names):
        root = workspace.root if (workspace.root / name).is_file() else shipped
        try:
            yield from list(read(Workspace(root), name))
        except HarnessError:
            unread.append(name)


def _suite_pages(own: Sequence[Signal], workspace: Workspace, name: str) -> Iterator[Page]:
    suite = load_suite(workspace.root / name, root=workspace.root, own=own)
    for one in suite.expectations:
        yield _rule_page(one, name)


def _rule_page(one: Expectation, name: str) -> Page:
    why, _, wrongly = one.notes.partition(_WRONGLY)
    written = explanations("rules").get(one.rule, {})
    return Page(
        code=one.rule,
        kind="rule",
        title=one.title,
        what=_expected(one),
        why=why.strip(),
        example=written.get("example", ""),
        fix=written.get("fix", ""),
        wrongly=_sentence(wrongly),
        where=f"{name}:{one.line}" if one.line else name,
    )


def _expected(one: Expectation) -> str:
    column = one.kwargs.get("column", "")
    allowed = allowed_in_words(one)
    about = allowed if column and column in allowed else f"{column} {allowed}".strip()
    condition = one.kwargs.get("row_condition")
    where = "" if condition is None else f" where {condition_in_words(condition)}"
    return f"{one.table}: {about}{where} ({one.severity})"


def _sentence(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]


def _cleaning_pages() -> Iterator[Page]:
    rules: dict[str, tuple[CleaningRule, list[str]]] = {}
    for profile, listed in PROFILES.items():
        for rule in listed:
            rules.setdefault(rule.name, (rule, []))[1].append(profile)
    for name, (rule, profiles) in rules.items():
        yield _cleaning_page(name, rule.why, f"profile {' and '.join(profiles)}")
    for stage in credit_stages("news-ar"):
        yield _cleaning_page(stage, take_credits.__doc__ or "", "profile news-ar")
    yield _cleaning_page(HEADLINE_RULE, take_headlines.__doc__ or "", "title_in_first_line of a source")
    yield _cleaning_page(LEARNT_RULE, learnt_residue.__doc__ or "", "[[residue]] of a recipe")
    residue = language_table("residue")
    rows = [(f"residue-{row['name']}", row) for row in residue["end"]]
    rows += [("residue-share-bar", residue["share_bar"]), ("residue-read-also", residue["read_also"])]
    for name, row in rows:
        if name not in rules:
            where = f"profile {' and '.join(row['profiles'])}"
            yield Page(
                code=name, kind="cleaning rule", title="page residue is cut", what=_sentence(row["source"]),
                wrongly=_sentence(row["cost"]), where=where,
            )  # fmt: skip


def _cleaning_page(name: str, docstring: str, where: str) -> Page:
    said = " ".join(inspect.cleandoc(docstring).partition("\n\nArgs:")[0].split())
    what, _, rest = said.partition("Why:")
    why, _, price = rest.partition(_PRICE)
    title = what.partition(". ")[0].rstrip(". ")
    return Page(
        code=name, kind="cleaning rule", title=title, what=what.strip(), why=_sentence(why),
        wrongly=_sentence(price), where=where,
    )  # fmt: skip


def _recipe_pages(workspace: Workspace, name: str) -> Iterator[Page]:
    for rule in read_toml(workspace.root / name, Recipe).reject:
        what = f"refuses a document where {rule.when}"
        yield Page(code=rule.rule, kind="reject rule", title=rule.when, what=what, why=rule.why, where=name)


def _code_pages() -> Iterator[Page]:
    kinds = {"errors": "error code", "duplicates": "duplicate rule", "baseline": _BASELINE}
    for kind, title in kinds.items():
        for code, said in explanations("codes")[kind].items():
            if code == BASELINE_PREFIX:
                continue  # stands for a rule of any suite
            yield Page(code=code, kind=title, title=said["what"].partition(":")[0].rstrip("."), **said)


def _exit_pages() -> Iterator[Page]:
    for code, said in EXIT_CODES.items():
        number = str(int(code))
        fix = explanations("codes")["exit_codes"][number]["fix"]
        yield Page(code=number, kind="exit code", title=said, fix=fix)
