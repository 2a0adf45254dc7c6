"""Items of rankings in the reports: where the first relevant document stands, and what was ranked before it."""

import json

import pytest
from support.made_runs import ranking_run

from harness.evaluation.comparison import compare
from harness.reports.comparison_html import comparison_html
from harness.reports.comparison_json import comparison_json
from harness.reports.comparison_markdown import comparison_markdown

_OTHERS = [f"d{n}" for n in range(1, 12)]
_DEEP = [*_OTHERS[:9], "d0"]
_FAMILY = ["d0", "d13", "d14", "d15", "d16"]


def _compared(good, weak, relevant=("d0",)):
    """Compare two rankings of document d0; on all other items both systems are right."""
    rest = [[f"d{n}"] for n in range(1, 20)]
    made = [
        ranking_run(name, [said, *rest], [relevant, *rest]) for name, said in (("good", good), ("weak", weak))
    ]
    return compare(made, seed=1)


@pytest.mark.parametrize("write", [comparison_html, comparison_markdown])
@pytest.mark.parametrize(
    ("ranking", "told"),
    [
        (_DEEP, "found at rank 10"),
        (_OTHERS[:10], "not among the first 10"),
        (["d5"], "not the one ranked"),
        ([], "nothing ranked"),
        ([*_OTHERS, "d0"], "found at rank 12"),
    ],
)
def test_a_hit_is_told_by_its_rank_however_deep_it_stands(write, ranking, told):
    """The documents shown are few; where the first relevant one stands is said all the same."""
    written = write([_compared(["d0", "d1"], ranking)])
    assert "found at rank 1" in written
    assert told in written


def test_ranked_documents_are_shown_by_title_and_id_and_relevant_ones_are_marked():
    """The first three, in order; without titles nobody could judge what was mistaken for what."""
    compared = _compared(["d7", "d0", "d8", "d9"], _DEEP)
    assert (
        "found at rank 2 (0.5); 1. headline 7 `d7`; 2. \N{CHECK MARK} headline 0 `d0`; 3. headline 8 `d8` |"
        in comparison_markdown([compared])
    )
    page = comparison_html([compared])
    assert page.count('<li class="hit">') == 1
    assert '<span class="name" dir="ltr">headline 7</span>' in page
    assert "d9" not in page


def test_a_relevant_document_is_marked_though_many_are_relevant():
    """The list of what is expected is cut for reading, but never by a document that an answer shows."""
    compared = _compared(["d16", "d1"], _OTHERS[:10], relevant=_FAMILY)
    assert "\N{CHECK MARK} headline 16 `d16`" in comparison_markdown([compared])
    assert "and 1 more" in comparison_markdown([compared])
    (item,) = json.loads(comparison_json([compared]))["comparisons"][0]["items"]
    assert (json.loads(item["reference"]), item["relevant"]) == (["d0", "d13", "d14", "d16"], 5)
    assert "and 1 more" in comparison_html([compared])


def test_the_json_says_how_much_of_a_ranking_it_holds():
    """Three ids are not passed off as the whole answer, and only documents that are shown have titles."""
    (item,) = json.loads(comparison_json([_compared(["d0"], _DEEP)]))["comparisons"][0]["items"]
    weak = item["answers"][1]
    assert (json.loads(weak["output"]), weak["ranked"], weak["first_relevant"]) == (
        ["d1", "d2", "d3"],
        10,
        10,
    )
    assert item["titles"] == {f"d{n}": f"headline {n}" for n in range(4)}
    assert item["titles"].get("d9") is None


def test_a_document_without_a_title_is_shown_by_its_id():
    """Candidates that no headline asks for are told by what is known of them."""
    assert "1. `stranger`; 2." in comparison_markdown([_compared(["d0"], ["stranger", "d1"])])
