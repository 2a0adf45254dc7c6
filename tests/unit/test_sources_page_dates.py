"""The date of a page that only shows it: which of the dates in sight is the article's, and when none is."""

import time

import pytest

from harness.sources.html import extract

TITLE = "بلدية المرج تفتتح سوقا جديدة للحرفيين"
LONG = "قال المتحدث باسم البلدية إن العمل في الطريق الجديد يبدأ في الشهر المقبل ويستمر عاما كاملا بلا انقطاع."
ARTICLE = f"<div class='x'><p>{LONG}</p><p>{LONG} ثم أضاف.</p><p>{LONG} ثم ختم.</p></div>"


def published(above="", below="", between="", head=""):
    """Extract the date of a page with something before its title, between title and text, and behind the text."""
    return extract(
        f"<html><head><title>{TITLE}</title>{head}</head><body>{above}<div><h1>{TITLE}</h1>{between}</div>"
        f"{ARTICLE}{below}</body></html>"
    ).published


@pytest.mark.parametrize(
    ("between", "date"),
    [
        ("<div class='d'>الجمعة 17 مايو 2024 - 09:30</div>", "الجمعة 17 مايو 2024 - 09:30"),
        ("<p>كتب: أحمد سالم | القاهرة | ١٧ أيار/مايو ٢٠٢٤</p>", "١٧ أيار/مايو ٢٠٢٤"),
        ("<div class='date'><span>17</span> <span>مايو</span> <span>2024</span></div>", "17 مايو 2024"),
        ("<time>5 جانفي 2026</time>", "5 جانفي 2026"),
        ("<div>آخر تحديث: 18 مايو 2024 | نشر في: 17 مايو 2024</div>", "17 مايو 2024"),
        ("<div class='meta'>آخر تحديث 18 مايو 2024</div><div>17 مايو 2024</div>", "17 مايو 2024"),
        (f"<p class='lead'>{LONG}</p><span class='post-date'>17 مايو 2024</span>", "17 مايو 2024"),
        ("<div>9 ذو القعدة 1445 هـ</div>", "9 ذو القعدة 1445 هـ"),
    ],
)
def test_a_date_beside_the_title_is_the_articles(between, date):
    """As it stands there, whatever it is called; an instant is made of it later, or none."""
    assert published(between=between) == date


@pytest.mark.parametrize(
    "below",
    [
        "<p>نشر بتاريخ 17 مايو 2024</p>",
        "<div>تاريخ النشر: 17 مايو 2024</div><div><p>30 مايو 2020</p></div>",
    ],
)
def test_a_labelled_date_behind_the_text_is_the_articles(below):
    """Some sites sign at the end."""
    assert published(below=below) == "17 مايو 2024"


def test_a_date_right_before_the_title_is_the_articles():
    """Blogs head a day's posts with it."""
    assert published(above="<h4 class='date-header'>17 مايو 2024</h4>") == "17 مايو 2024"


MENU = "<ul>" + "".join(f"<li><a href='/{n}'>قسم</a></li>" for n in range(5)) + "</ul>"


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"above": f"<div class='date'>الجمعة 17 مايو 2024</div>{MENU}"},
        {"above": f"<div class='date'>الجمعة 17 مايو 2024</div><nav>{MENU}</nav>"},
        {"below": "<div class='card'><span class='date'>17 مايو 2024</span> خبر</div>"},
        {"below": "<p>نشر في 17 مايو 2024</p><p>نشر في 3 مايو 2024</p>"},
        {"below": "<footer>17 مايو 2024</footer>"},
        {"between": "<div>آخر تحديث: 18 مايو 2024</div>"},
        {"between": "<a href='/x'>خبر آخر 17 مايو 2024</a>"},
        {
            "between": "<p>ولد الشاعر في مدينة المرج عام الفيضان، 17 مايو 1924، ثم رحل منها إلى الساحل مع أسرته</p>"
        },
        {"between": "<p>وقع الحادث في 17 مايو 2024.</p>"},
        {"between": "<div>مايو 2024</div>"},
        {"between": "<div>منذ 3 ساعات</div>"},
    ],
)
def test_other_dates_are_not_the_articles(elsewhere):
    """The day of the visit in a page's head, teasers, updates, footers and sentences tell nothing of it."""
    assert published(**elsewhere) is None


def test_what_the_page_states_counts_before_what_it_shows():
    """A stated date that can be read has a time and a zone; one that cannot be read gives way."""
    shown = "<div>17 مايو 2024</div>"
    for stated, expected in (("2024-05-16T22:00:00Z", "2024-05-16T22:00:00Z"), ("أمس", "17 مايو 2024")):
        assert published(between=shown, head=f"<meta name='date' content='{stated}'>") == expected
    assert published(head="<meta name='date' content='أمس'>") == "أمس"


def test_many_dates_cost_little():
    """A page of nothing but dates is looked at in part."""
    page = f"<h1>{TITLE}</h1>" + "<div><b>1 2 3 2024 4</b></div>" * 20_000
    started = time.process_time()
    extract(f"<html><body>{page}{ARTICLE}</body></html>")
    assert time.process_time() - started < 10
