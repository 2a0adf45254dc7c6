"""Residue that a source repeats is proposed with evidence, accepted by a person, and only then cut."""

import json
import tomllib

import pyarrow.parquet as pq
import pytest
from support.command import harness_inside
from support.packages import needs_pycld2

pytestmark = needs_pycld2

SOURCES = {
    "sahifat-almarfa": "رابط الخبر بصحيفة المرفأ رقم {n}",
    "wakalat-alrih": "تحرير الوكالة الساعة 1{n}:30",
}
BODIES = (
    "افتتح المجلس البلدي حديقة جديدة على ضفة النهر، ويتوقع أن تستقبل آلاف الزوار في عطلة الربيع.",
    "سجل منتخب الشباب ثلاثة أهداف في مباراته الودية أمس، ونال الحارس جائزة أفضل لاعب.",
    "ارتفع إنتاج الزيتون هذا الموسم بعد أمطار غزيرة، وقال مزارعون إن الأسعار لم تتحسن.",
    "أغلقت إدارة الطرق الجسر القديم أسبوعين لإجراء صيانة عاجلة في أعمدته الوسطى.",
    "عرضت فرقة المسرح الجامعي مسرحيتها الأخيرة أمام جمهور كبير ملأ القاعة.",
    "اكتشف باحثون نوعا نادرا من الأسماك في بحيرة الملح، ونشروا صوره الأولى.",
)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """Make a corpus of two sources, each of which ends its articles in a line of its own."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = [
        {"id": f"{source}-{n}", "text": f"{body} {source}\n\n{line.format(n=n)}", "source": source}
        for source, line in SOURCES.items()
        for n, body in enumerate(BODIES)
    ]
    feed = folder / "raw" / "feed.jsonl"
    feed.parent.mkdir()
    feed.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    (folder / "recipe.toml").write_text(
        'name = "river-news"\n[duplicates]\naction = "keep"\n[[sources]]\nname = "feed"\n', encoding="utf-8"
    )
    return folder


@pytest.fixture(scope="module")
def proposed(corpus):
    """Build the corpus and ask for proposals."""
    assert harness_inside("build", corpus, "--out", corpus / "before", cwd=corpus).code == 0
    done = harness_inside("residue", corpus / "before", cwd=corpus)
    assert done.code == 0, done.stderr
    return done.stdout


def test_each_source_is_proposed_its_own_line_with_counts_and_examples(proposed):
    """Numbers in the line differ from article to article and stand as one mark."""
    entries = tomllib.loads(proposed)["residue"]
    assert [(one["source"], one["at"], one["line"]) for one in entries] == [
        ("sahifat-almarfa", "end", "رابط الخبر بصحيفة المرفأ رقم #"),
        ("wakalat-alrih", "end", "تحرير الوكالة الساعة #:#"),
    ]
    assert "in 6 of 6 clusters" in proposed
    assert "sahifat-almarfa-0" in proposed


def test_nothing_is_cut_before_a_person_accepted_it(corpus, proposed):
    """Proposing changes no version; building again cuts nothing."""
    assert proposed
    edits = pq.read_table(corpus / "before" / "edits" / "00000.parquet")
    assert edits.num_rows == 0


def test_what_was_accepted_is_cut_from_its_source_alone_and_kept_in_the_ledger(corpus, proposed):
    """One accepted line leaves the other source's line where it is."""
    entry = tomllib.loads(proposed)["residue"][0]
    recipe = corpus / "accepted.toml"
    pasted = f'\n[[residue]]\nsource = "{entry["source"]}"\nat = "end"\nline = "{entry["line"]}"\n'
    recipe.write_text((corpus / "recipe.toml").read_text(encoding="utf-8") + pasted, encoding="utf-8")
    assert harness_inside("build", recipe, "--out", corpus / "after", cwd=corpus).code == 0
    rows = [
        row for path in (corpus / "after").glob("data/*/*.parquet") for row in pq.read_table(path).to_pylist()
    ]
    assert len(rows) == len(SOURCES) * len(BODIES)
    for row in rows:
        cut = row["source"] == entry["source"]
        assert ("رابط الخبر" in row["text"] or "تحرير" in row["text"]) is not cut
        assert row["residue_hits"] == int(cut)
    edits = pq.read_table(corpus / "after" / "edits" / "00000.parquet").to_pylist()
    assert {edit["rule"] for edit in edits} == {"residue-learnt"}
    assert sorted(edit["before"].strip() for edit in edits) == [
        f"رابط الخبر بصحيفة المرفأ رقم {n}" for n in range(6)
    ]
    left = harness_inside("residue", corpus / "after", "--format", "json", cwd=corpus).json
    assert [one["source"] for one in left] == ["wakalat-alrih"]


def test_copies_of_one_article_are_no_evidence(corpus, tmp_path):
    """A line that stands in many copies of one article stands in one cluster."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for n in range(8):
        (raw / f"{n}.txt").write_text(f"{BODIES[0]}\n\n{BODIES[1]}\n\nسطر أخير لا يتكرر.", encoding="utf-8")
    for n, body in enumerate(BODIES[2:]):
        (raw / f"other-{n}.txt").write_text(f"{body}\n\nخاتمة {'أ' * (n + 3)}", encoding="utf-8")
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(
        'name = "c"\n[duplicates]\naction = "keep"\n[[sources]]\nname = "raw"\n', encoding="utf-8"
    )
    assert harness_inside("build", recipe, "--out", tmp_path / "version", cwd=tmp_path).code == 0
    assert harness_inside("residue", tmp_path / "version", "--format", "json", cwd=tmp_path).json == []
