"""A corpus of JSON lines in many small chunks, built again and again into one cache."""

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from support.command import tree_bytes

from harness.core.recipe import Recipe
from harness.workflows.build import BuildRequest, Built, build

_SENTENCES = (
    "أعلنت وزارة الزراعة في مملكة النخيل موسما جديدا لحصاد التمور , وقال الوزير إن المحصول وفير .",
    "تأهل فريق نجوم الوادي إلى نهائي الكأس بعد فوزه على اتحاد السهل بهدفين دون رد.",
    "شهد سوق المدينة القديمة إقبالا كبيرا ، فيما ارتفعت أسعار السمك قليلا.",
    "The harbour of Tal Marwa reopened on Sunday after repairs.",
    "قال المتحدث باسم البلدية إن الأشغال تنتهي في الربيع المقبل، وإن الطريق يبقى مفتوحا.",
)
CHUNK_BYTES = 2048


def articles(count: int) -> list[dict[str, Any]]:
    """Make articles that differ, some of them copies of others, some of them broken."""
    made: list[dict[str, Any]] = []
    for number in range(count):
        told = [_SENTENCES[(number * step + step) % len(_SENTENCES)] for step in (1, 2, 3)]
        text = "\n\n".join(f"{sentence} {number * (place + 7)}" for place, sentence in enumerate(told))
        if number % 11 == 10:
            text = made[number - 3]["text"]
        made.append({"id": f"n{number}", "title": f"خبر {number}", "text": text, "source": f"s{number % 2}"})
        if number % 17 == 16:
            made[-1]["text"] = 7
    return made


def write_lines(path: Path, rows: Sequence[Mapping[str, Any]], *, before: str = "") -> None:
    """Write articles as JSON lines, with something before the first."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text(before + "\n".join(lines) + "\n", encoding="utf-8")


def recipe(**changes: Any) -> Recipe:
    """Make a recipe with rules; `changes` replace parts of it."""
    return Recipe.model_validate(
        {
            "name": "news",
            "profile": "news-ar",
            "sources": [{"name": "desk", "path": "raw"}],
            "reject": [{"rule": "too-short", "when": "words < 5"}],
            "splits": {"train": 0.6, "validation": 0.2, "test": 0.2},
            **changes,
        }
    )


@dataclass(frozen=True)
class Bench:
    """A folder with raw articles below `raw` and one cache for all builds.

    Args:
        root: The folder.
    """

    root: Path

    @property
    def cache(self) -> Path:
        """The cache of all builds."""
        return self.root / "cache"

    def build(self, made_by: Recipe | None = None, *, cached: bool = True, **changes: Any) -> Built:
        """Build with small chunks into `version`, replacing what stands there."""
        asked = {"workers": 1, "chunk_bytes": CHUNK_BYTES, **changes}
        cache = self.cache if cached else None
        request = BuildRequest(made_by or recipe(), self.root, self.root / "version", cache=cache, **asked)
        return build(request, lambda _: None)

    def bytes_of(
        self, made_by: Recipe | None = None, *, cached: bool = True, **changes: Any
    ) -> dict[str, bytes]:
        """Build, and read the whole version."""
        shutil.rmtree(self.root / "version", ignore_errors=True)
        return tree_bytes(self.build(made_by, cached=cached, **changes).version.path)

    def entries(self, kind: str = "processed") -> dict[str, int]:
        """Give the names of cache entries with what tells one from another of the same name."""
        return {folder.name: folder.stat().st_ino for folder in self.cache.glob(f"{kind}/??/*")}
