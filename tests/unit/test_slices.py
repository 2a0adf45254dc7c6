"""Where a difference lies: what items are sliced by, what is judged in a slice, and what is flagged."""

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from support.made_runs import made_run, realistic_runs

from harness.evaluation.comparison import compare
from harness.evaluation.duels import paired_difference
from harness.evaluation.facets import MOST_VALUES, OTHERS, UNKNOWN, banded, facets_of, traits_of
from harness.evaluation.slices import SMALL_CLUSTERS
from harness.reports.comparison_html import comparison_html
from harness.reports.comparison_markdown import comparison_markdown
from harness.reports.comparison_text import comparison_text


def _traits(labels):
    return {"desk": {f"doc-{row:03}": label for row, label in enumerate(labels)}}


def _turned_runs():
    """Two systems: one leads on 140 items by much, the other on 60 by as much."""
    random = np.random.default_rng(11)
    lead, behind = random.random(200) < 0.95, random.random(200) < 0.6
    first = np.where(np.arange(200) < 140, lead, behind).astype(float).tolist()
    second = np.where(np.arange(200) < 140, behind, lead).astype(float).tolist()
    return [made_run("first", first), made_run("second", second)], ["home"] * 140 + ["sport"] * 60


def _slice(result, name):
    return next(part for part in result.slices if part.name == name)


def test_an_order_that_turns_round_is_flagged():
    """The leader of all items is surely behind in one slice: the slice says so, with p over all slices."""
    runs, desks = _turned_runs()
    result = compare(runs, seed=1, traits=_traits(desks))
    (home,), (sport,) = (_slice(result, f"desk={name}").differences for name in ("home", "sport"))
    assert (home.verdict, home.flips) == ("better", False)
    assert (sport.verdict, sport.flips) == ("worse", True)
    assert sport.p < sport.p_fdr <= 0.05


def test_a_slice_says_what_its_items_say_alone():
    """Value, difference and number of clusters are those of the items alone; p is that of their own test."""
    runs, desks = _turned_runs()
    result = compare(runs, seed=1, traits=_traits(desks))
    part = _slice(result, "desk=sport")
    a, b = (run.items.column("score:accuracy").to_pylist()[140:] for run in runs)
    alone = paired_difference(a, b, range(60), seed=1)
    assert [score.value for score in part.scores] == pytest.approx([np.mean(a), np.mean(b)])
    (pair,) = part.differences
    assert (part.n, part.clusters, pair.p) == (60, 60, alone.p)
    assert pair.difference == pytest.approx(alone.difference)
    assert (pair.low, pair.high) == pytest.approx((alone.low, alone.high), abs=0.06)


def test_noise_in_many_slices_is_not_a_finding():
    """A hundred arbitrary slices of two alike systems: after adjustment hardly any pair is told apart."""
    random = np.random.default_rng(12)
    runs = [made_run(name, (random.random(400) < 0.8).astype(float).tolist()) for name in "ab"]
    traits = {
        f"coin {n}": {f"doc-{row:03}": str(random.integers(4)) for row in range(400)} for n in range(25)
    }
    slices = [part for part in compare(runs, seed=1, traits=traits).slices if part.dimension[:4] == "coin"]
    assert len(slices) == 100
    raw = sum(part.differences[0].p <= 0.05 for part in slices)
    assert raw >= 1
    assert sum(part.differences[0].verdict != "inconclusive" for part in slices) == 0


def test_the_smallest_slices_are_greyed():
    """Fewer than twenty clusters are shown, marked, and never said to stand out."""
    runs, _ = _turned_runs()
    desks = ["tiny"] * (SMALL_CLUSTERS - 1) + ["rest"] * (200 - SMALL_CLUSTERS + 1)
    result = compare(runs, seed=1, traits=_traits(desks))
    assert [_slice(result, f"desk={name}").is_small for name in ("tiny", "rest")] == [True, False]
    page = comparison_html([result])
    row = page[page.index('<tr class="small"') :]
    assert "<td>too few</td>" in row[: row.index("</tr>")]
    assert "too few clusters to go by" in page


def test_every_report_tells_of_the_slices():
    """Terminal, Markdown and page tell the same finding from the one result."""
    runs, desks = _turned_runs()
    result = compare(runs, seed=1, traits=_traits(desks))
    for write in (
        comparison_text,
        lambda one: comparison_markdown([one]),
        lambda one: comparison_html([one]),
    ):
        told = write(result)
        assert "Where it lies" in told
        assert "sport" in told
        assert "\N{LEFT RIGHT ARROW}" in told


def test_a_slice_without_spread_or_of_one_cluster_gives_none_with_a_reason():
    """Nothing is made up where nothing can be resampled."""
    runs = [made_run(name, [1.0] * 30 + ([0.0] * 30 if name == "a" else [1.0] * 30)) for name in "ab"]
    result = compare(runs, seed=1, traits=_traits(["same"] * 30 + ["one"] + ["rest"] * 29))
    for name, reason in (("same", "same on every item"), ("one", "one cluster")):
        (pair,) = _slice(result, f"desk={name}").differences
        assert pair.low is pair.high is pair.p is pair.p_fdr is None
        assert (pair.verdict, reason in pair.reason) == ("inconclusive", True)


def test_a_lower_is_better_metric_is_sliced_in_its_own_unit():
    """The better system's difference is negative, and its verdict better."""
    few, many = [0.0] * 40 + [1.0] * 10, [1.0] * 30 + [0.0] * 20
    runs = [made_run(n, s, higher_is_better=False) for n, s in (("many", many), ("few", few))]
    (pair,) = _slice(compare(runs, seed=1, traits=_traits(["x"] * 30 + ["y"] * 20)), "desk=x").differences
    assert (pair.difference, pair.verdict) == (-1.0, "better")


def test_items_that_a_system_left_out_count_in_no_slice():
    """All systems are judged on the same items of a slice."""
    runs = [made_run("a", [1.0] * 30 + [0.0] * 20), made_run("b", [None] * 10 + [0.0] * 40)]
    result = compare(runs, seed=1, traits=_traits(["x"] * 30 + ["y"] * 20))
    assert _slice(result, "desk=x").n == 20


def test_items_are_labelled_by_metadata_length_and_relatives():
    """Language and length from the item, copies from its cluster; what parts nothing is left out."""
    items = realistic_runs()[0].items
    facets = facets_of(items)
    assert set(facets) == {"lang", "length", "cluster"}
    assert set(facets["cluster"]) == {"one document", "several documents"}
    assert "split" not in facets_of(items.append_column("split", pa.array(["test"] * 280)))


def test_rare_values_are_taken_together():
    """A dimension has at most so many values; no item is lost."""
    items = made_run("a", [1.0] * 90).items
    labels = [f"s{row % 30}" for row in range(90)]
    facet = facets_of(items, _traits(labels))["desk"]
    assert len(set(facet)) == MOST_VALUES
    assert facet.count(OTHERS) == 90 - 3 * (MOST_VALUES - 1)


def test_a_document_that_the_version_does_not_know_is_unknown():
    """It is a label of its own, not the nearest one."""
    items = made_run("a", [1.0] * 4).items
    assert facets_of(items, {"desk": {"doc-000": "x"}})["desk"] == ["x", UNKNOWN, UNKNOWN, UNKNOWN]


def test_documents_are_labelled_by_signals_dates_and_findings():
    """Flags as yes and no, counts as none and some, margins in bands, dates by month, gates by who was named."""
    records = pa.table(
        {
            "id": ["a", "b", "c"],
            "published": [
                dt.datetime(2026, 1, 5, tzinfo=dt.UTC),
                dt.datetime(2026, 2, 1, tzinfo=dt.UTC),
                None,
            ],
            "lang_agrees": [True, False, None],
            "residue_hits": [0, 3, None],
            "lang_margin": [0.3, 0.95, None],
        }
    )
    traits = traits_of(records, {"ENC001": ["b"]})
    assert traits["published"] == {"a": "2026-01", "b": "2026-02", "c": UNKNOWN}
    assert traits["lang_agrees"] == {"a": "yes", "b": "no", "c": UNKNOWN}
    assert traits["residue_hits"] == {"a": "none", "b": "some", "c": UNKNOWN}
    assert traits["lang_margin"] == {"a": "under 0.5", "b": "0.9 or more", "c": UNKNOWN}
    assert traits["gate ENC001"] == {"a": "not named", "b": "named", "c": "not named"}


def test_dates_of_many_months_are_told_by_the_year():
    """A corpus of several years is not cut into a hundred months."""
    days = [dt.datetime(2020 + month // 12, 1 + month % 12, 1, tzinfo=dt.UTC) for month in range(40)]
    records = pa.table({"id": [str(n) for n in range(40)], "published": days})
    assert set(traits_of(records, {})["published"].values()) == {"2020", "2021", "2022", "2023"}


@pytest.mark.parametrize(
    ("value", "band"), [(0, "under 20"), (20, "20 to under 50"), (49, "20 to under 50"), (50, "50 or more")]
)
def test_bands_are_named_by_their_bounds(value, band):
    """The lower bound belongs to its band, the upper one to the next."""
    assert banded(value, (20, 50)) == band
