"""What a signal of the user's own may give, and how it is found: every promise is held, every mistake has its words."""

import math

import pyarrow as pa
import pytest
from support.plug_ins import install

from harness.core.errors import ConfigurationError, SeveralErrors
from harness.core.signals import OwnSignal
from harness.curation.own_signals import measure_own
from harness.systems.own_signals import open_signals

TEXTS = pa.array(["one", "two", "three"])


def _signal(kind, *given, type_=None):
    values = pa.array(given, type_)
    return OwnSignal("own", kind, "Made up.", version="1", measure=lambda _: values)


@pytest.mark.parametrize(
    ("kind", "given", "type_"),
    [
        ("count", (0, None, 2**40), pa.int64()),
        ("count", (0, 7, 255), pa.uint8()),
        ("share", (0.0, None, 1.0), pa.float64()),
        ("score", (0.0, 0.5, 1.0), pa.float32()),
        ("flag", (True, None, False), pa.bool_()),
        ("label", ("sport", None, "Wirtschaft 2.0"), pa.string()),
        ("label", ("رياضة", "日本", "ok"), pa.large_string()),
    ],
)
def test_what_fits_its_kind_becomes_a_column(kind, given, type_):
    """Of any width that holds it, in the type that all columns of the kind have."""
    signal = _signal(kind, *given, type_=type_)
    column = measure_own(signal, TEXTS)
    assert column.type == signal.arrow_type
    assert column.to_pylist() == list(given)


@pytest.mark.parametrize(
    ("kind", "given", "type_", "said"),
    [
        ("count", (1, 2), pa.int64(), "2 values for 3 texts"),
        ("count", (1, 2, 3, 4), pa.int64(), "4 values for 3 texts"),
        ("count", (1, -1, 1), pa.int64(), "the value -1"),
        ("count", (1.0, 2.0, 3.0), pa.float64(), "values of type double"),
        ("count", (True, False, True), pa.bool_(), "values of type bool"),
        ("count", ("1", "2", "3"), pa.string(), "values of type string"),
        ("share", (0.5, 1.5, 0.5), pa.float64(), "the value 1.5"),
        ("share", (0.5, -0.1, 0.5), pa.float64(), "the value -0.1"),
        ("score", (0.5, math.nan, 0.5), pa.float64(), "the value nan"),
        ("share", (0, 1, 0), pa.int64(), "values of type int64"),
        ("flag", (0, 1, 0), pa.int64(), "values of type int64"),
        ("label", (1, 2, 3), pa.int64(), "values of type int64"),
        ("label", ("a", "b" * 65, "c"), pa.string(), "a label that is no code"),
        ("label", ("a", "two\nlines", "c"), pa.string(), "a label that is no code"),
        ("label", ("a", "<script>", "c"), pa.string(), "a label that is no code"),
        ("label", ("a", "\N{RIGHT-TO-LEFT OVERRIDE}b", "c"), pa.string(), "a label that is no code"),
        ("label", ("a", "", "c"), pa.string(), "a label that is no code"),
    ],
)
def test_what_does_not_fit_its_kind_is_refused_in_words(kind, given, type_, said):
    """Nothing is taken for something else, and a label cannot carry text out of a document."""
    with pytest.raises(ConfigurationError) as refused:
        measure_own(_signal(kind, *given, type_=type_), TEXTS)
    assert refused.value.what == f"the signal 'own' gave {said}"
    assert kind in refused.value.remedy


def test_what_is_no_arrow_array_is_refused():
    """A list is not taken for a column: its type would hang on its values."""
    signal = OwnSignal("own", "count", "", version="1", measure=lambda texts: [1] * len(texts))
    with pytest.raises(ConfigurationError, match="no Arrow array but a list"):
        measure_own(signal, TEXTS)


def test_it_is_never_asked_about_nothing():
    """Where there is no text the column is null, and a signal sees neither null nor an empty array."""
    seen = []
    signal = OwnSignal("own", "count", "", version="1", measure=lambda texts: seen.append(texts) or texts)
    assert measure_own(signal, pa.array([None, None], pa.string())).to_pylist() == [None, None]
    assert len(measure_own(signal, pa.array([], pa.string()))) == 0
    assert not seen
    counting = OwnSignal("own", "count", "", version="1", measure=lambda texts: pa.array(range(len(texts))))
    assert measure_own(counting, pa.array(["a", None, "b"])).to_pylist() == [0, None, 1]


def test_nothing_is_looked_for_where_nothing_is_named(monkeypatch):
    """A recipe without signals of its own costs no look at what is installed."""
    monkeypatch.setattr("harness.systems.own_signals.metadata.entry_points", pytest.fail)
    assert open_signals(()) == ()


_MODULE = """
from harness.core.signals import OwnSignal

def measured(texts): return None

fine = OwnSignal(name="desk_fine", kind="count", meaning="", version="1", measure=measured)
other = OwnSignal(name="desk_other", kind="count", meaning="", version="1", measure=measured)
words = OwnSignal(name="words", kind="count", meaning="", version="1", measure=measured)
digits = OwnSignal(name="desk_2", kind="count", meaning="", version="1", measure=measured)
kind = OwnSignal(name="desk_kind", kind="text", meaning="", version="1", measure=measured)
number = OwnSignal(name="desk_version", kind="count", meaning="", version=1, measure=measured)
idle = OwnSignal(name="desk_idle", kind="count", meaning="", version="1", measure=None)
"""
_NAMES = {
    "desk_fine": "fine", "words": "words", "desk_2": "digits", "desk_kind": "kind", "desk_version": "number",
    "desk_idle": "idle", "desk_function": "measured", "desk_alias": "other", "desk_gone": "gone",
}  # fmt: skip


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A package with one signal that is right, and many that are not."""
    entries = [f"{name} = made_desk:{object_}" for name, object_ in _NAMES.items()]
    monkeypatch.syspath_prepend(str(install(tmp_path, "made_desk", _MODULE, entries)))


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("words", "the tables of a version have a column 'words' already"),
        ("text", "the tables of a version have a column 'text' already"),
        ("split", "the tables of a version have a column 'split' already"),
        ("desk_2", "'desk_2' is no name for a column"),
        ("desk_kind", "no kind is called 'text'"),
        ("desk_version", "its version has to be a text"),
        ("desk_idle", "its 'measure' cannot be called"),
        ("desk_function", "this is no OwnSignal but a function"),
        ("desk_alias", "the signal calls itself 'desk_other' and its entry point 'desk_alias'"),
        ("desk_gone", "the signal cannot be loaded: AttributeError"),
        ("desk_fin", "no installed package brings the signal 'desk_fin'"),
    ],
)
def test_a_signal_that_cannot_be_opened_is_told_in_words(name, said):
    """Before anything is read."""
    with pytest.raises(ConfigurationError) as refused:
        open_signals((name,))
    assert refused.value.what.startswith(said)
    assert refused.value.remedy


@pytest.mark.usefixtures("desk")
def test_all_that_is_wrong_comes_together_with_suggestions():
    """Two mistakes are two errors; a misspelt name is met by what is installed."""
    with pytest.raises(SeveralErrors) as refused:
        open_signals(("desk_fine", "desk_fin", "desk_idle"))
    assert refused.value.errors[0].remedy == "did you mean 'desk_fine'?"
    assert len(refused.value.errors) == 2


@pytest.mark.usefixtures("desk")
def test_a_signal_that_two_packages_bring_is_refused(tmp_path, monkeypatch):
    """Which of them would be measured would hang on the order of folders."""
    twin = install(tmp_path / "twin", "twin_desk", _MODULE, ["desk_fine = twin_desk:fine"])
    monkeypatch.syspath_prepend(str(twin))
    with pytest.raises(ConfigurationError, match="several installed packages bring a signal 'desk_fine'"):
        open_signals(("desk_fine",))
