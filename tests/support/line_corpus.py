"""A small corpus of Arabic articles whose language is declared, built by the program under test."""

import json
from pathlib import Path

from support.command import harness

_SUBJECTS = ("المكتبة", "الحديقة", "المدرسة", "السوق", "الميناء", "الجسر", "المتحف", "الملعب")
_RECIPE = """
name = "tiny"
version = "1.0.0"

[[sources]]
name = "wire"
path = "raw"
fields = { lang_declared = "language" }
"""


def line_corpus(root: Path, articles: int) -> Path:
    """Write a workspace with the corpus `tiny`, build it, and give the corpus' folder."""
    corpus = root / "datasets" / "tiny"
    (corpus / "raw").mkdir(parents=True)
    (corpus / "recipe.toml").write_text(_RECIPE, encoding="utf-8")
    lines = [_article(number) for number in range(articles)]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (corpus / "raw" / "news.jsonl").write_text(text, encoding="utf-8")
    built = harness("build", "tiny", cwd=root)
    assert built.code == 0, built.stderr
    return corpus


def _article(number: int) -> dict[str, str]:
    subject = _SUBJECTS[number % len(_SUBJECTS)]
    return {
        "id": f"n{number:03}",
        "language": "ar",
        "text": f"افتتحت البلدية {subject} رقم {number} صباح اليوم بحضور {number * 7} من السكان\n"
        f"وقال المدير إن {subject} ستبقى مفتوحة {number * 3 + 1} ساعة في الأسبوع",
    }
