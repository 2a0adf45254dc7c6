"""Pages: the article's own paragraphs, what the page says of it, and patience with hostile ones."""

import time

import pyarrow as pa
import pytest

from harness.sources.html import ExtractedPage, extract, extract_batch, extractor_identity

PARAGRAPHS = [
    "أعلنت وزارة المياه في مدينة النخيل اليوم عن خطة جديدة لتطوير شبكة الري، وقالت إن العمل يبدأ في الشهر المقبل.",
    "وأضاف المتحدث باسم الوزارة أن كلفة المشروع تبلغ عشرين مليوناً، وأن تنفيذه يستغرق عامين على ثلاث مراحل متتالية.",
    "ورحب المزارعون بالخطة، لكنهم طالبوا بضمانات مكتوبة تحفظ حصصهم من الماء في سنوات الجفاف التي تتكرر كثيراً.",
]
JSON_LD = """{"@context": "https://schema.org", "@graph": [
  {"@type": "WebSite", "name": "صحيفة النخيل"},
  {"@type": ["NewsArticle"], "headline": "خطة لتطوير الري", "datePublished": "2024-05-17T09:30:00+03:00",
   "author": [{"@type": "Person", "name": "سلمى حداد"}, {"name": "نادر عمر"}], "articleSection": "اقتصاد",
   "mainEntityOfPage": {"@id": "https://news.example/2"}}]}"""
PAGE = f"""<!doctype html><html lang="ar" dir="rtl"><head><meta charset="utf-8">
<title>خطة لتطوير الري - صحيفة النخيل</title><link rel="canonical" href="https://news.example/1">
<script type="application/ld+json">{{broken</script><script type="application/ld+json">{JSON_LD}</script></head>
<body><header><nav class="menu"><ul><li><a href="/">الرئيسية</a></li><li><a href="/s">رياضة</a></li></ul></nav></header>
<main><article class="post"><h1>خطة لتطوير الري</h1><div class="entry-content">
<p>{PARAGRAPHS[0]}</p>
<div class="share-bar"><a href="#">شارك على فيسبوك</a> <a href="#">تويتر</a></div>
<p>{PARAGRAPHS[1]}</p>
<div class="read-also"><h3>اقرأ أيضاً</h3><ul><li><a href="/1">خبر أول من أخبار الأمس</a></li>
<li><a href="/2">خبر ثان من أخبار الأمس</a></li></ul></div>
<p>{PARAGRAPHS[2]}</p><h2>خلفية</h2><ul><li>بند أول من الخطة</li><li>بند <b>ثان</b> من الخطة</li></ul>
<p>سطر أول<br>سطر ثان
من الفقرة</p><table><tr><td>سنة</td><td>كلفة</td></tr><tr><td>2024</td><td>عشرة</td></tr></table>
<div class="rating-widget"><span>قيم هذا المقال</span> <span>4.5 من 5 (12 صوتا)</span></div></div></article>
<aside class="sidebar"><h3>الأكثر قراءة</h3><a href="/3">خبر</a></aside></main>
<section id="comments"><p>تعليق من قارئ غاضب جداً</p></section><footer>حقوق النشر محفوظة</footer></body></html>"""


def test_the_article_stays_and_what_surrounds_it_goes():
    """Paragraphs are parted by blank lines, list items, breaks and rows by line ends; the title stands elsewhere."""
    assert extract(PAGE).text.split("\n\n") == [
        *PARAGRAPHS,
        "خلفية",
        "بند أول من الخطة\nبند ثان من الخطة",
        "سطر أول\nسطر ثان من الفقرة",
        "سنة | كلفة\n2024 | عشرة",
    ]


def test_a_table_that_lays_out_the_page_keeps_the_paragraphs_apart():
    """Old sites put banner, article and foot into one table; a table of facts inside stays one."""
    cells = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    facts = "<table><tr><td>سنة</td><td>كلفة</td></tr><tr><td>2024</td><td>عشرة</td></tr></table>"
    page = (
        "<html><body><table><tr><td id=banner><a href=/>صحيفة النخيل</a></td></tr>"
        f"<tr><td><div><h2>خطة لتطوير الري</h2>{cells}{facts}</div></td></tr>"
        "<tr><td id=footer>حقوق النشر محفوظة</td></tr></table></body></html>"
    )
    assert extract(page).text.split("\n\n")[-4:] == [*PARAGRAPHS, "سنة | كلفة\n2024 | عشرة"]


def test_json_ld_says_best_what_the_article_is():
    """Facts are as given: dates are read elsewhere. The canonical address stands before the article's own."""
    page = extract(PAGE)
    assert (page.title, page.published, page.author, page.section, page.url, page.lang) == (
        "خطة لتطوير الري",
        "2024-05-17T09:30:00+03:00",
        "سلمى حداد, نادر عمر",
        "اقتصاد",
        "https://news.example/1",
        "ar",
    )


@pytest.mark.parametrize(
    ("head", "fact", "expected"),
    [
        ('<meta property="og:title" content=" عنوان  أول ">', "title", "عنوان أول"),
        ("<title>عنوان - موقع</title>", "title", "عنوان - موقع"),
        ('<meta property="article:published_time" content="2024-05-17">', "published", "2024-05-17"),
        ('<meta name="pubdate" content="17/05/2024">', "published", "17/05/2024"),
        ('<meta name="author" content="سلمى">', "author", "سلمى"),
        ('<meta property="article:author" content="https://social.example/salma">', "author", None),
        ('<meta name="article:section" content="رياضة">', "section", "رياضة"),
        ('<meta property="og:url" content="https://news.example/9">', "url", "https://news.example/9"),
        ('<link rel="canonical" href="javascript:alert(1)">', "url", None),
        ("", "title", None),
    ],
)
def test_a_page_without_json_ld_tells_by_its_meta_elements(head, fact, expected):
    """An address is no author, and a script no address."""
    assert (
        getattr(extract(f"<html><head>{head}</head><body><p>{PARAGRAPHS[0]}</p></body></html>"), fact)
        == expected
    )


HOSTILE = {
    "empty": "",
    "no body": "<html><head></head></html>",
    "frames": "<html><frameset>",
    "deep": "<div>" * 100_000 + "نص" + "</div>" * 100_000,
    "deep json": '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
    "many attributes": "<p " + " ".join(f"a{number}='>'" for number in range(100_000)) + ">x",
    "open quotes": '<a "' * 100_000,
    "open values": "<a x='" * 100_001,
}


@pytest.mark.parametrize("page", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_page_has_no_text_and_costs_little(page):
    """A hundred thousand attributes would keep the parser busy for minutes."""
    extract(PAGE)  # what the import costs is no fault of the page
    started = time.process_time()
    assert extract(page).text == ""
    assert time.process_time() - started < 5


def test_a_huge_attribute_and_stray_controls_do_not_hide_the_article():
    """An inlined picture is one long attribute; a NUL would end the page for the parser."""
    page = PAGE.replace("<h1>", f'<img src="data:{"x" * 2_000_000}">\x00\ud800<h1>')
    assert extract(page).text.split("\n\n")[-1] == extract(PAGE).text.split("\n\n")[-1]


def test_a_batch_says_where_no_text_was_found():
    """One row for each page, in order, null or not."""
    found = extract_batch(pa.array([PAGE, "", None], pa.string()))
    assert found["error"].to_pylist() == [None, "no-text-extracted", "no-text-extracted"]
    assert found["text"].to_pylist() == [extract(PAGE).text, "", ""]
    assert extract_batch(pa.array([], pa.string())).schema == found.schema


def test_the_same_page_gives_the_same_article_whatever_came_before():
    """The extractor keeps no memory of paragraphs that it has seen."""
    first = extract(PAGE)
    for _ in range(3):
        assert extract(PAGE) == first
    assert isinstance(first, ExtractedPage)


REFRAIN = "هذا سطر من نشيد يتكرر في المقال نفسه كما كتبه صاحبه دون حذف."


@pytest.mark.parametrize("extractor", ["trafilatura", "resiliparse"])
@pytest.mark.parametrize(
    "repeated",
    [
        f"<p>{REFRAIN}</p>",
        f"<p><b>{REFRAIN}</b></p>",
        f"<div><p>{REFRAIN}</p></div>",
        f"<div><div><p>{REFRAIN}</p></div></div>",
        f"<blockquote>{REFRAIN}</blockquote>",
        f"<h3>{REFRAIN}</h3>",
        f"{REFRAIN}<br><br>",
        f"<p>{REFRAIN}\ufdd0</p>",
    ],
)
@pytest.mark.parametrize("times", [2, 3, 4])
def test_a_paragraph_that_repeats_the_one_before_it_is_kept(extractor, repeated, times):
    """A refrain is an author's word, too, as often as it stands there; nothing is added to tell it apart."""
    page = f"<html><body><article><p>{PARAGRAPHS[0]}</p>{repeated * times}<p>{PARAGRAPHS[1]}</p></article></body></html>"
    text = extract(page, extractor).text
    assert text.count(REFRAIN) == times
    assert text.count("\ufdd0") == page.count("\ufdd0")


def test_the_extractor_names_its_version():
    """It is part of a version's identity."""
    assert extractor_identity().startswith("trafilatura 2.")
