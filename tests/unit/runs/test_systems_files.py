"""`systems.toml`: what its schema takes and refuses, and what a check before a commit finds in it."""

import jsonschema
import pytest

from harness.core.errors import ConfigurationError, SeveralErrors
from harness.core.workspace import Workspace
from harness.systems.settings import read_systems
from harness.workflows.check_config import check_config
from harness.workflows.schemas import schema_of

GOOD = """
[[systems]]
name = "mine"
uri = "cmd:./mine --fast"
timeout_s = 3
files = ["model.bin"]

[[systems]]
name = "served"
uri = "openai:http://localhost:8000/v1#m"
prices = { input_per_million = 0, output_per_million = 1.5 }
"""


@pytest.fixture
def checked(tmp_path):
    """Give a function that checks a file of systems."""

    def check(content):
        path = tmp_path / "datasets" / "tiny" / "systems.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return check_config(Workspace(tmp_path), [path])

    return check


def test_a_good_file_is_read_and_nothing_is_opened(checked, tmp_path):
    """Neither the program nor the server has to be there."""
    assert checked(GOOD) == [str(tmp_path / "datasets" / "tiny" / "systems.toml")]


def test_every_mistake_in_a_file_comes_at_once(checked):
    """A kind of system that there is not, an option that says nothing, a URI without its end."""
    odd = [
        ("a", "cmdd:./x", ""),
        ("b", "bm25", "timeout_s = 3"),
        ("c", "preds:", ""),
        ("d", "cmd:x", "seed = 1"),
    ]
    entries = (f'[[systems]]\nname = "{name}"\nuri = "{uri}"\n{more}\n' for name, uri, more in odd)
    with pytest.raises(SeveralErrors) as raised:
        checked("".join(entries))
    assert [error.exit_code for error in raised.value.errors] == [2] * 4
    assert [error.where for error in raised.value.errors] == [f"systems.toml: {name}" for name in "abcd"]
    assert all(error.remedy for error in raised.value.errors)


def test_two_systems_of_one_name_are_refused(checked):
    """Which one was meant is not for us to say."""
    with pytest.raises(ConfigurationError, match="two systems are called 'mine'"):
        checked(GOOD + '[[systems]]\nname = "mine"\nuri = "bm25"\n')


def test_a_corpus_without_the_file_has_no_systems_of_its_own(tmp_path):
    """And none is made up."""
    assert read_systems(tmp_path / "systems.toml") == {}


@pytest.mark.parametrize(
    ("key", "value"),
    [("timeout", 3), ("timeout_s", "3"), ("api_key_variable", "HOME"), ("name", "With Blanks")],
)
def test_the_schema_marks_plain_mistakes_while_writing(key, value):
    """What the loader refuses, an editor shows."""
    entry = {"name": "mine", "uri": "cmd:./mine"}
    validator = jsonschema.Draft202012Validator(schema_of("systems"))
    assert not list(validator.iter_errors({"systems": [entry]}))
    assert list(validator.iter_errors({"systems": [entry | {key: value}]}))


def test_seeds_of_one_system_differ_in_their_seed_alone(tmp_path):
    """Two seeds with another temperature, or of another family, are no seeds of one system."""
    same = (
        '[[systems]]\nname = "mt-{0}"\nuri = "openai:http://localhost:1/v1#m"\nseed = {0}\nseed_of = "mt"\n'
    )
    path = tmp_path / "systems.toml"
    path.write_text(same.format(1) + same.format(2))
    assert {one.seed_of for one in read_systems(path).values()} == {"mt"}
    path.write_text(same.format(1) + same.format(2) + "temperature = 1.0\n")
    with pytest.raises(ConfigurationError, match="differ in temperature"):
        read_systems(path)
    path.write_text(same.format(1) + '[[systems]]\nname = "x"\nuri = "cmd:./x"\nseed_of = "mt"\n')
    with pytest.raises(ConfigurationError, match="differ in uri"):
        read_systems(path)
