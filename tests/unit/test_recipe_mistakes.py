"""Mistakes in a recipe are told in the words of people who write recipes, each with its place and a remedy."""

import pytest

from harness.core.errors import ConfigurationError, HarnessError, SeveralErrors
from harness.core.recipe import Recipe, RejectRule
from harness.core.settings import parse_settings
from harness.curation.rules import check

WHOLE = {"name": "x", "sources": [{"name": "a"}]}


def mistakes(**changed) -> list[HarnessError]:
    """Read a recipe with some keys changed, and give what is wrong."""
    with pytest.raises(HarnessError) as caught:
        parse_settings({**WHOLE, **changed}, Recipe, where="recipe.toml")
    error = caught.value
    return list(error.errors) if isinstance(error, SeveralErrors) else [error]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"profile": "news"}, "the value has to be 'safe' or 'news-ar'"),
        ({"name": 5}, "the value has to be a text in quotes"),
        ({"sources": []}, "there has to be at least 1 entry"),
        ({"sources": {"name": "a"}}, "there has to be a list"),
        ({"splits": 3}, "there has to be a table"),
        ({"duplicates": {"duplicate": 1.5}}, "the value has to be at most 1"),
        ({"duplicates": {"duplicate": float("nan")}}, "the value has to be at most 1"),
        ({"language": {"min_letters": 0}}, "the value has to be at least 1"),
        ({"splits": {"train": 0.5}}, "the shares sum to 0.7, not to 1"),
        ({"name": "../x"}, "the value does not have the form"),
    ],
)
def test_a_mistake_is_a_sentence_with_a_place_and_a_remedy(changed, sentence):
    """No word of the library that found it."""
    (error,) = mistakes(**changed)
    assert error.what.startswith(sentence)
    assert error.where.startswith("recipe.toml: ")
    assert error.remedy


def test_a_missing_key_is_named_by_its_place():
    """The place is the key's own."""
    with pytest.raises(ConfigurationError) as caught:
        parse_settings({"sources": [{"name": "a"}]}, Recipe, where="recipe.toml")
    assert (caught.value.what, caught.value.where) == ("a key is missing", "recipe.toml: name")


def test_a_wrong_entry_does_not_make_its_list_too_short_as_well():
    """One mistake is told once."""
    (error,) = mistakes(sources=[{"name": "a", "pth": "raw"}])
    assert error.remedy == "did you mean 'path'?"


def test_a_count_that_no_column_can_hold_is_a_mistake_in_the_recipe():
    """It ended the build as our bug."""
    with pytest.raises(ConfigurationError, match="does not fit 'words'"):
        check([RejectRule(rule="r", when="words < 99999999999999999999")])
