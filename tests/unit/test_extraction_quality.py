"""How well articles are found: the gold pages, both halves, held above floors."""

import importlib.util
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _module(path: Path):
    """Import a tool that lies outside of the package, with its neighbours."""
    spec = importlib.util.spec_from_file_location(f"tool_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


benchmark = _module(ROOT / "benchmarks" / "extraction.py")
generator = _module(ROOT / "tests" / "generators" / "gold_pages" / "generate.py")

ISO_DATE = re.compile(r"20\d\d-\d\d-\d\d(?:T[\d:+Z]*)?")
# A hair under what was measured, see docs/extraction.md: words (mean F1) and pages with the right fact, of 16.
FLOORS = {
    ("build", "trafilatura"): (0.99, {"title": 16, "published": 16, "author": 16, "section": 16}),
    ("build", "resiliparse"): (0.985, {"title": 16, "published": 16, "author": 16, "section": 16}),
    ("held-out", "trafilatura"): (0.91, {"title": 16, "published": 16, "author": 16, "section": 14}),
    ("held-out", "resiliparse"): (0.90, {"title": 16, "published": 16, "author": 16, "section": 14}),
}


@pytest.fixture(scope="module")
def gold():
    """Both halves, decoded."""
    return {half: benchmark.read_gold(half) for half in benchmark.HALVES}


@pytest.mark.parametrize(("half", "extractor"), FLOORS)
def test_words_and_facts_stay_above_their_floors(gold, half, extractor):
    """A change that loses words on either half is seen before it is published."""
    least_f1, least_right = FLOORS[half, extractor]
    found = [benchmark.ours(extractor)(page.page) for page in gold[half]]
    scores = [benchmark.score_words(page, one.text).f1 for page, one in zip(gold[half], found, strict=True)]
    right = [benchmark.right_facts(page, one) for page, one in zip(gold[half], found, strict=True)]
    assert sum(scores) / len(scores) >= least_f1
    counts = {fact: sum(one[fact] for one in right) for fact in benchmark.FACTS}
    assert all(counts[fact] >= least_right[fact] for fact in benchmark.FACTS), counts


def test_a_date_that_is_only_in_sight_is_read_or_unknown(gold):
    """Where what pages state for machines is taken away, what they show says the same or nothing."""
    pages = [replace(page, page=ISO_DATE.sub("", page.page)) for page in gold["build"]]
    assert all(ISO_DATE.search(page.page) for page in gold["build"] if not page.name.startswith("pasted"))
    days = {page.name: benchmark._day(benchmark.ours("trafilatura")(page.page).published) for page in pages}
    wrong = [page.name for page in pages if days[page.name] not in {None, page.facts["published"]}]
    unknown = [name for name, day in days.items() if day is None]
    assert (wrong, unknown) == ([], ["magazine-1", "magazine-2"])  # which show the month alone


def test_our_preparation_is_worth_its_time(gold):
    """On pages that were held back each extractor finds more of the truth with it than without."""
    for name, alone in (
        ("trafilatura", benchmark.plain_trafilatura),
        ("resiliparse", benchmark.plain_resiliparse),
    ):
        with_it, without = (
            sum(benchmark.score_words(page, one(page.page).text).f1 for page in gold["held-out"])
            for one in (benchmark.ours(name), alone)
        )
        assert with_it > without


def test_the_pages_are_what_their_designs_say():
    """Page and gold come from one design; an edit by hand would part them."""
    made = {(one.half, one.name): one for one in generator.gold_pages()}
    there = {(path.parents[1].name, path.parent.name): path for path in generator.PAGES.glob("*/*/gold.toml")}
    assert there.keys() == made.keys()
    for place, path in there.items():
        assert path.read_text(encoding="utf-8") == made[place].gold, place
        assert (path.parent / "page.html").read_bytes() == made[place].page, place


def test_no_design_and_no_article_stands_in_both_halves():
    """What is held back says something only if it is another thing."""
    plan = generator._read(generator.HERE / "plan.toml")
    for key in ("design", "articles"):
        build, held = (
            {str(one) for entry in plan[half] for one in ([entry[key]] if key == "design" else entry[key])}
            for half in generator.HALVES
        )
        assert build.isdisjoint(held)


def test_the_measure_counts_repetition_and_not_order():
    """A bag: one word of three is missing, one is too much."""
    page = benchmark.GoldPage("x", "build", "", ("أول ثان أول",), {"title": "عنوان"})
    score = benchmark.score_words(page, "عنوان\nثان أول زائد")
    assert (score.common, score.found, score.gold) == (2, 3, 3)
    assert benchmark.score_words(page, "").f1 == 0.0
