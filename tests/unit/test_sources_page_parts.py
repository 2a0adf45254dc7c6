"""What a page is prepared by: paragraphs, boxes, notes between paragraphs, the element with the article."""

import time
from importlib import metadata

import pytest
from lxml import html

from harness.core.errors import ConfigurationError, ExitCode
from harness.core.recipe import Recipe, SourceSettings
from harness.sources.extractors import _opened, open_extractor
from harness.sources.html import extract, extractor_identity
from harness.sources.page_body import body_of
from harness.sources.page_boxes import cut_boxes
from harness.sources.page_metadata import metadata_of
from harness.sources.page_notes import cut_notes
from harness.sources.page_paragraphs import mark_paragraphs

LONG = "قال المتحدث باسم البلدية إن العمل في الطريق الجديد يبدأ في الشهر المقبل ويستمر عاماً كاملاً بلا انقطاع."


def untouched(tree):
    """Change nothing."""


def changed(change, inner):
    """Apply a step to what stands in a page's body."""
    tree = html.document_fromstring(f"<html><body><div>{inner}</div></body></html>")
    change(tree)
    return html.tostring(tree.find("body")[0], encoding="unicode")


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("one<br><br>two", "<div><p>one</p><p>two</p></div>"),
        ("one<br> <br><br>two <b>three</b> four", "<div><p>one</p><p>two <b>three</b> four</p></div>"),
        ("one<br>more<br><br>two", "<div><p>one<br>more</p><p>two</p></div>"),
        ("<font>one<br><br>two</font>", "<div><p>one</p><p>two</p></div>"),
        (
            "<h2>head</h2>one<br><br><ul><li>x</li></ul>two",
            "<div><h2>head</h2><p>one</p><ul><li>x</li></ul><p>two</p></div>",
        ),
        (f"<div>{LONG}</div>", f"<div><p>{LONG}</p></div>"),
    ],
)
def test_paragraphs_are_marked_where_a_page_only_shows_them(inner, expected):
    """Doubled breaks part paragraphs, single ones lines; a bare `div` of text is one."""
    assert changed(mark_paragraphs, inner) == expected


@pytest.mark.parametrize(
    "inner",
    [
        "one<br>two",
        "<div>short label</div>",
        f"<div><a href='/'>{LONG}</a></div>",
        "<pre>a\n\nb</pre>",
        "<p>one</p>",
    ],
)
def test_what_is_no_paragraph_of_its_own_stays(inner):
    """Lines, labels, links and what is marked already."""
    assert changed(mark_paragraphs, inner) == changed(untouched, inner)


@pytest.mark.parametrize(
    "note",
    [
        "<p><strong>اقرأ أيضاً: <a href='/1'>خبر آخر</a></strong></p>",
        "<p>إقرأ في الموقع أيضا <a href='/1'>خبر آخر</a></p>",
        "<p><b><a href='/1'>شاهد أيضًا: خبر آخر</a></b></p>",
        "<p>&gt;&gt; <a href='/1'>خبر آخر</a></p>",
        "<h3>موضوعات ذات صلة</h3><ul><li><a href='/1'>خبر</a></li><li><a href='/2'>خبر</a></li></ul>",
        "<div>إعلان</div>",
        "<b>تابعونا على تلغرام: <a href='/1'>القناة</a></b>",
    ],
)
def test_notes_between_paragraphs_go(note):
    """They send the reader elsewhere."""
    assert changed(cut_notes, f"<p>{LONG}</p>{note}<p>{LONG}</p>") == f"<div><p>{LONG}</p><p>{LONG}</p></div>"


@pytest.mark.parametrize(
    "inner",
    [
        f"<p>اقرأ أيضا ما كتبه <a href='/1'>الوزير</a> قبل عام: {LONG}</p>",
        "<p>شاهد أيضا رجالاً يعبرون الجسر.</p>",
        f"<p>{LONG} <a href='/1'>المصدر</a></p>",
        "<ul><li><a href='/1'>تقرير أول</a></li></ul>",
        "<h3>إعلان الحرب</h3>",
        "<p>قد يهمك أن تعرف أن <a href='/1'>الماء</a> مقطوع</p>",
    ],
)
def test_sentences_that_look_like_notes_stay(inner):
    """A phrase alone is no evidence, nor is a link alone."""
    assert changed(cut_notes, inner) == changed(untouched, inner)


def test_a_box_with_a_field_to_fill_in_goes():
    """No article asks for an address; a hidden field is no question."""
    box = "<div><h4>النشرة</h4><p>تصلك كل صباح</p><input type=email></div>"
    text = f"<p>{LONG}</p>" * 3
    assert changed(cut_boxes, text + box) == f"<div>{text}</div>"
    hidden = '<div><p>نص</p><input type="hidden"></div>'
    assert changed(cut_boxes, text + hidden) == f"<div>{text}{hidden}</div>"


def test_the_article_is_where_its_paragraphs_stand_side_by_side():
    """Comments stand each in a box of its own, teasers in an `aside`."""
    comments = "".join(f"<div><div><p>{LONG}</p></div></div>" for _ in range(2))
    tree = html.document_fromstring(
        f"<body><aside>{f'<p>{LONG}</p>' * 9}</aside><div id=a>{f'<p>{LONG}</p>' * 9}</div><div>{comments}</div></body>"
    )
    assert body_of(tree).get("id") == "a"
    assert body_of(html.document_fromstring("<p>short</p>")) is None


@pytest.mark.parametrize(
    ("page", "fact", "expected"),
    [
        ("<b itemprop=author><i itemprop=name>سلمى</i> كاتبة</b>", "author", "سلمى"),
        ("<div itemtype='http://schema.org/Comment'><b itemprop=author>قارئ</b></div>", "author", None),
        (
            "<abbr class='x published' title='2024-05-17T09:30:00Z'>أمس</abbr>",
            "published",
            "2024-05-17T09:30:00Z",
        ),
        ("<div itemprop=articleSection> رياضة </div>", "section", "رياضة"),
        ("<meta name='dcterms.creator' content='سلمى'>", "author", "سلمى"),
        ("<title>خبر اليوم الكبير - موقع</title><div>خبر اليوم الكبير</div>", "title", "خبر اليوم الكبير"),
        ("<title>موقع: خبر اليوم الكبير</title><b>خبر اليوم الكبير</b>", "title", "خبر اليوم الكبير"),
        ("<title>خبر اليوم - موقع</title><div>شيء آخر</div>", "title", "خبر اليوم - موقع"),
        ("<title>الأردن: فوز كبير في النهائي</title><b>الأردن</b>", "title", "الأردن: فوز كبير في النهائي"),
    ],
)
def test_facts_are_read_where_they_are_marked_in_sight(page, fact, expected):
    """A site's name goes only where the page shows the title without it."""
    assert (
        getattr(metadata_of(html.document_fromstring(f"<html><body>{page}</body></html>")), fact) == expected
    )


HOSTILE = {
    "nested": ("<div>" * 250 + "x" + "</div>" * 250) * 100,
    "named boxes": "<div class=share>" * 250 + "x" * 1000 + "<b class=share>y</b>" * 5_000,
    "microdata": "<div itemprop=author>" * 250 + "<i itemprop=author>x</i>" * 10_000,
    "notes": ("<span>" * 250 + "اقرأ أيضا <a href=x>كلمة</a>" + "</span>" * 250) * 100,
    "breaks": "<div>" + "نص<br><br>" * 10_000,
    "fields": "<div>" * 250 + "<input>" * 20_000,
    "a title's parts": "<title>a - b</title>" + ("<div>" * 250 + "a" + "</div>" * 250) * 100,
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_nesting_costs_little(page):
    """Every step looks at an element a bounded number of times."""
    extract(page)
    started = time.process_time()
    extract(page)
    assert time.process_time() - started < 5


def test_a_missing_extractor_is_refused_with_the_choices(monkeypatch):
    """Never silently another one."""

    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr("harness.sources.extractors.resiliparse.version", missing)
    _opened.cache_clear()
    with pytest.raises(ConfigurationError) as raised:
        open_extractor("resiliparse")
    _opened.cache_clear()
    assert raised.value.exit_code == ExitCode.WRONG_USE
    assert "corpus-harness[resiliparse]" in raised.value.remedy
    assert "trafilatura" in raised.value.remedy
    with pytest.raises(ConfigurationError, match="resiliparse"):
        open_extractor("resilipars")


def test_what_a_recipe_chooses_is_its_identity():
    """Each extractor once, by name; other paragraphs would be another corpus."""
    sources = [
        SourceSettings(name=f"s{place}", extractor=name)
        for place, name in enumerate(["trafilatura", "resiliparse", "trafilatura"])
    ]
    assert Recipe(name="x", sources=sources).extractors == ("resiliparse", "trafilatura")
    assert extractor_identity("resiliparse").startswith("resiliparse 2.")
    assert extractor_identity("resiliparse") != extractor_identity("trafilatura")
