"""What a language identifier brings along and never calls is not loaded with it."""

import subprocess
import sys

import pytest

from harness.systems.identifier_adapter import imported_with_later

_LATER = (
    "import sys; sys.loads = getattr(sys, 'loads', 0) + 1\ndef fetch(name, *, tries=1): return name, tries\n"
)


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Write packages by their source; they and what they note at being loaded are gone afterwards."""

    def write(**sources: str) -> None:
        for name, source in sources.items():
            (tmp_path / f"{name}.py").write_text(source, "utf-8")

    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "loads", 0, raising=False)
    yield write
    for name in ("carrier", "fetcher"):
        sys.modules.pop(name, None)


def test_a_package_is_loaded_by_the_first_call_of_its_function(packages):
    """It answers as if it had been there from the beginning."""
    packages(carrier="from fetcher import fetch\n", fetcher=_LATER)
    carrier = imported_with_later("carrier", "fetcher", "fetch")
    assert sys.loads == 0
    assert "fetcher" not in sys.modules
    assert carrier.fetch("model", tries=2) == ("model", 2)
    assert sys.loads == 1


def test_a_module_that_takes_more_of_the_package_gets_it(packages):
    """Another release may; it works then, and loads what it needs."""
    packages(carrier="from fetcher import fetch, sys\n", fetcher=_LATER)
    assert imported_with_later("carrier", "fetcher", "fetch").fetch("model") == ("model", 1)


def test_a_package_that_is_loaded_already_is_taken(packages):
    """Nobody who holds it is given another one."""
    packages(carrier="from fetcher import fetch\n", fetcher=_LATER)
    import fetcher  # noqa: PLC0415 - written above

    assert imported_with_later("carrier", "fetcher", "fetch").fetch is fetcher.fetch
    assert sys.modules["fetcher"] is fetcher


def test_identifying_languages_loads_no_http_client():
    """The second opinion's package could fetch a larger model, which it is never asked for."""
    program = (
        "import sys; from harness.core.recipe import LanguageSettings; "
        "from harness.systems.identifiers import open_judges; judges = open_judges(LanguageSettings()); "
        "print(judges.second.identify(['This is a plain English sentence.'])[0].tag, 'requests' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["en", "False"]
