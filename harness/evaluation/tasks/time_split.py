"""A split by time: systems learn from what appeared before a day, and are asked about what appeared since."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.errors import NoEvidenceError
from harness.evaluation.tasks.task import CorpusIdentity, LearningSettings, Task

_LEARNT_SHARE = (
    0.8  # of the dated documents, where no day is stated: as much as recipes give to train by default
)


@dataclass(frozen=True)
class TimeSplit:
    """Documents parted by a day.

    Args:
        documents: Their `split` is `train` before the day, `test` from it on, and null without a date.
        since: The day, in UTC.
        undated: How many documents have no date, and so take no part.
    """

    documents: pa.Table
    since: date
    undated: int

    def told(self, task: Task) -> Task:
        """Say in the task's gold how it was parted."""
        left = f"; {self.undated} without a date take no part" if self.undated else ""
        said = (
            f"{task.subject.gold}; learnt is from documents that appeared before {self.since.isoformat()}, "
            f"asked about those that appeared since{left}"
        )
        subject = task.subject.model_copy(update={"gold": said})
        return replace(task, subject=subject)


def split_by_time(settings: LearningSettings, documents: pa.Table, corpus: CorpusIdentity) -> TimeSplit:
    """Part documents by `settings.since`, or by the day before which four fifths of the dated ones appeared.

    Raises:
        NoEvidenceError: No document has a date, or all lie on one side.
    """
    published = documents.column("published")
    undated = published.null_count
    if undated == documents.num_rows:
        raise _impossible(settings, corpus, "no document says when it appeared (column published)", _MAP)
    since = settings.since or _usual_day(published)
    is_later = pc.greater_equal(published, _midnight(since, published.type))
    later = pc.sum(is_later).as_py() or 0
    dated = documents.num_rows - undated
    if later in {0, dated}:
        side = "before" if later == 0 else "on or after"
        found = f"{undated} of {documents.num_rows} documents have no date, " if undated else ""
        raise _impossible(
            settings, corpus, f"{found}and all that have one appeared {side} {since.isoformat()}", _DAY
        )
    split = pc.if_else(is_later, pa.scalar("test"), pa.scalar("train"))
    place = documents.column_names.index("split")
    return TimeSplit(documents.set_column(place, "split", split), since, undated)


def _usual_day(published: pa.ChunkedArray) -> date:
    days = sorted(instant.date() for instant in published.drop_null().to_pylist())
    day: date = days[int(_LEARNT_SHARE * len(days))]
    return day


def _midnight(day: date, instant: pa.DataType) -> Any:
    moment = datetime.combine(day, time(), tzinfo=UTC if instant.tz else None)
    return pa.scalar(moment, instant)


_MAP = 'map the date in the recipe (fields.published) and build again, or leave split = "time" out'
_DAY = "state a day between them (since = 2026-01-31)"


def _impossible(settings: LearningSettings, corpus: CorpusIdentity, why: str, remedy: str) -> NoEvidenceError:
    return NoEvidenceError(
        f"the task '{settings.name}' cannot be split by time: {why}",
        where=f"{corpus.dataset}@{corpus.version}",
        remedy=remedy,
    )
