"""Reports of a comparison in which every text wants to be something else than text."""

import html
import html.parser
import json
import re
import shutil
import subprocess

import pytest
from support.made_runs import made_run

from harness.evaluation.alignment import RunItems
from harness.evaluation.comparison import compare
from harness.reports.comparison_html import comparison_html
from harness.reports.comparison_json import comparison_json
from harness.reports.comparison_markdown import comparison_brief, comparison_markdown
from harness.reports.comparison_text import comparison_text
from harness.reports.summary import CorpusSummary
from harness.store.imports import import_run
from harness.text.direction import direction_of

_SCRIPT = "<script>document.title='RAN'</script>"
_HOSTILE = (
    _SCRIPT,
    '"><img src=x onerror="document.title=\'RAN\'">',
    "' onmouseover='document.title=1' x='",
    "</style><svg onload=document.title='RAN'>",
    "{{ 7 * 7 }}{% raw %}",
    "]]><!-- --!>",
    "| a | b |\n# heading\n- [link](javascript:alert(1)) ![i](http://example.invalid/x.png) `code",
    "https://example.invalid/ www.example.invalid @someone #1 <b>bold</b> **b** $x$ ~~s~~",
    "\x1b[2J\x1b]0;title\x07\x9b31m \x00 \x08\r\n",
    "abc \N{RIGHT-TO-LEFT OVERRIDE}dlrow\N{POP DIRECTIONAL FORMATTING} \N{RIGHT-TO-LEFT ISOLATE}",
    "&lt;script&gt; &#60;",
    "\N{ZERO WIDTH SPACE}\N{BYTE ORDER MARK}\u2028\u2029",
)
_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_LAX = "default-src 'unsafe-inline'"
_QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _hostile_run(name, scores):
    run = made_run(name, scores)
    texts = [_HOSTILE[row % len(_HOSTILE)] for row in range(len(scores))]
    items = run.items
    for column in ("title", "input", "reference", "output", "document_id", "lang"):
        place = items.column_names.index(column)
        items = items.set_column(place, column, [[f"{text} {row}" for row, text in enumerate(texts)]])
    items = items.set_column(0, "item_id", [[f"{row} {text}" for row, text in enumerate(texts)]])
    score = run.result.scores[0].model_copy(update={"signature": _HOSTILE[6], "metric": "accuracy"})
    identity = run.result.system.model_copy(update={"name": name, "uri": name, "version": name})
    result = run.result.model_copy(update={"system": identity, "scores": (score,), "failures": {"crash": 1}})
    everywhere = dict.fromkeys(("task", "dataset", "version", "gold"), "".join(_HOSTILE))
    return RunItems(result, run.subject.model_copy(update=everywhere), items)


@pytest.fixture(scope="module")
def hostile():
    """Compare two systems with hostile names on hostile texts."""
    runs = [_hostile_run(_HOSTILE[1], [1.0] * 24), _hostile_run(_SCRIPT + _HOSTILE[9], [0.0] * 24)]
    return compare(runs, seed=1)


@pytest.fixture(scope="module")
def summary():
    """Give a corpus whose rules and languages are hostile."""
    text = "".join(_HOSTILE)
    numbers = {text: 1}
    return CorpusSummary(
        name=text, version=text, content_hash=text, read=1, kept=0, rejected=1, errors=0,
        rejected_by=numbers, splits=numbers, languages=numbers,
    )  # fmt: skip


class _Seen(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text.append(data)


def test_hostile_text_makes_no_element_and_no_attribute(hostile, summary):
    """The page has the tags and attributes of a harmless page, whatever the texts say."""
    harmless = compare([made_run("a", [1.0] * 24), made_run("b", [0.0] * 24)], seed=1)
    seen, expected = _Seen(), _Seen()
    seen.feed(comparison_html([hostile], summary=summary))
    plain = {"rejected_by": {"a": 1}, "splits": {"a": 1}, "languages": {"a": 1}}
    expected.feed(comparison_html([harmless], summary=summary.model_copy(update=plain)))
    assert seen.tags <= expected.tags | {"table", "caption"}
    assert seen.attributes <= expected.attributes
    assert not [name for name in seen.attributes if name.startswith("on")]


def test_hostile_text_is_shown_as_it_is(hostile):
    """A reader sees the script's letters, and the names of what cannot be seen."""
    seen = _Seen()
    page = comparison_html([hostile])
    seen.feed(page)
    text = "".join(seen.text)
    assert _SCRIPT in text
    assert "{{ 7 * 7 }}" in text
    assert '<span class="ctl" title="U+202E RIGHT-TO-LEFT OVERRIDE">U+202E</span>' in page


@pytest.mark.parametrize("writer", [comparison_html, comparison_markdown, comparison_json])
def test_no_report_carries_a_directing_or_controlling_character(writer, hostile, summary):
    """Escapes, overrides and separators are written out in every report."""
    written = writer([hostile], summary=summary)
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]", written
    )


def test_the_terminal_is_sent_no_control(hostile):
    """The text for terminals holds no control character but the line feeds of its own lines."""
    text = comparison_text(hostile)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert r"\x1b" in text
    harmless = compare([made_run("a", [1.0] * 24), made_run("b", [0.0] * 24)], seed=1)
    assert len(text.splitlines()) == len(comparison_text(harmless).splitlines())


def test_markdown_has_only_our_structure(hostile, summary):
    """No line, table cell, heading, link, image, tag or code span comes from a text."""
    markdown = comparison_markdown([hostile], summary=summary)
    ours = {
        "The corpus",
        "Leaderboard",
        "Is one better than another?",
        "Where it lies",
        "Items that decide it",
        "Failures",
        "How this was measured",
    }
    headings = [line.lstrip("# ") for line in markdown.splitlines() if line.startswith("#")]
    assert [h for h in headings if h not in ours] == [h for h in headings if "script" in h]
    assert len(headings) == len(ours) + 2
    for row in (line for line in markdown.splitlines() if line.startswith("| ")):
        assert len(re.findall(r"(?<!\\)\|", row)) in {7, 5, 6, 4, 3}
    folded = re.findall(r"</?(?:details|summary)>", markdown)
    assert folded == ["<details>", "<summary>", "</summary>", "</details>"]
    markdown = re.sub(r"</?(?:details|summary)>", "", markdown)
    outside_code = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", markdown)
    assert not re.search(r"(?<!\\)<(?=[a-z/!])", outside_code)
    assert not re.search(r"(?<!\\)\]\(|(?<!\\)!\[|https?://|(?<![\\.])www\.", outside_code)


def test_no_summary_of_markdown_holds_text_from_outside(tmp_path):
    """There it would be HTML, which escapes of Markdown do not reach: a metric's name is told before it."""
    lines = [{"system": _SCRIPT, "task": _SCRIPT}] + [
        {"id": row, "scores": {_SCRIPT: row % 3}, "cluster": row // 2} for row in range(60)
    ]
    for name in ("a.jsonl", "b.jsonl"):
        rows = [
            lines[0],
            *(line if name == "a.jsonl" else {**line, "scores": {_SCRIPT: 1}} for line in lines[1:]),
        ]
        (tmp_path / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    compared = compare([import_run(tmp_path / name) for name in ("a.jsonl", "b.jsonl")], seed=1)
    written = comparison_markdown([compared]) + comparison_brief(compared)
    told = re.findall(r"<summary>(.*?)</summary>", written)
    assert told
    assert all(re.fullmatch(r"\d+ slices|scores and pairs", one) for one in told)
    assert "<script" not in re.sub(r"\\<", "", re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", written))


@pytest.mark.parametrize("text", _HOSTILE)
def test_direction_is_told_of_any_text(text):
    """The attribute that sets the direction takes one of two values."""
    assert direction_of(text) in {"ltr", "rtl"}


@pytest.mark.needs_browser
@pytest.mark.skipif(
    _CHROMIUM is None, reason="no Chromium here: the page's behaviour in a browser is not shown"
)
def test_no_script_of_the_data_runs_in_a_browser(hostile, summary, tmp_path):
    """A real browser, with the page's policy switched off so that escaping stands alone, runs nothing."""
    page = tmp_path / "report.html"
    written = comparison_html([hostile], summary=summary, title=_SCRIPT)
    page.write_text(written.replace("default-src 'none'", _LAX, 1), encoding="utf-8")
    dumped = _dump(page, tmp_path)
    assert html.unescape(re.search("<title>(.*?)</title>", dumped, re.DOTALL)[1]) == _SCRIPT
    assert "<script" not in dumped


@pytest.mark.needs_browser
@pytest.mark.skipif(
    _CHROMIUM is None, reason="no Chromium here: the page's behaviour in a browser is not shown"
)
def test_the_browser_test_would_notice_a_script(hostile, tmp_path):
    """The same browser does run a script that is let in on purpose, so the test above can fail."""
    page = tmp_path / "report.html"
    let_in = comparison_html([hostile]).replace("default-src 'none'", _LAX, 1)
    page.write_text(let_in.replace("</body>", f"{_SCRIPT}</body>"), encoding="utf-8")
    assert "<title>RAN</title>" in _dump(page, tmp_path)


@pytest.mark.needs_browser
@pytest.mark.skipif(
    _CHROMIUM is None, reason="no Chromium here: the page's behaviour in a browser is not shown"
)
def test_the_policy_stops_a_script_that_escaping_missed(hostile, tmp_path):
    """Even a script written into the page by hand does not run: the page's own policy forbids it."""
    page = tmp_path / "report.html"
    page.write_text(comparison_html([hostile]).replace("</body>", f"{_SCRIPT}</body>"), encoding="utf-8")
    assert "<title>RAN</title>" not in _dump(page, tmp_path)


def _dump(page, tmp_path):
    """Open a page in a browser of its own and give the document as it stands afterwards."""
    done = subprocess.run(
        [_CHROMIUM, *_QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    return done.stdout
