"""How a comparison is put into words and figures: the same in the terminal, in Markdown and in HTML."""

from harness.reports.wording.corpus import (
    balance,
    gates,
    most_first,
    page_title,
    scope,
    task_title,
    version_told,
)
from harness.reports.wording.figures import MINUS, NO_BREAK_SPACE, Unit, count, counted, p_value, percent
from harness.reports.wording.items import ALL_WRONG, RELEVANT, all_wrong, deciding, rank_told
from harness.reports.wording.metrics import PITFALLS, meanings, pitfalls
from harness.reports.wording.pairs import VERDICT_MARKS, effect, judgement, power, record, seeds, seen_from
from harness.reports.wording.sentences import Name, Sentence, capitalised, listed, written
from harness.reports.wording.slices import (
    SLICES,
    slice_told,
    slices_balance,
    slices_by_metric,
    slices_elsewhere,
    standing_out,
)
from harness.reports.wording.systems import MATRIX, bands, finding, matrix, names_of, ranks

__all__ = [
    "ALL_WRONG",
    "MATRIX",
    "MINUS",
    "NO_BREAK_SPACE",
    "PITFALLS",
    "RELEVANT",
    "SLICES",
    "VERDICT_MARKS",
    "Name",
    "Sentence",
    "Unit",
    "all_wrong",
    "balance",
    "bands",
    "capitalised",
    "count",
    "counted",
    "deciding",
    "effect",
    "finding",
    "gates",
    "judgement",
    "listed",
    "matrix",
    "meanings",
    "most_first",
    "names_of",
    "p_value",
    "page_title",
    "percent",
    "pitfalls",
    "power",
    "rank_told",
    "ranks",
    "record",
    "scope",
    "seeds",
    "seen_from",
    "slice_told",
    "slices_balance",
    "slices_by_metric",
    "slices_elsewhere",
    "standing_out",
    "task_title",
    "version_told",
    "written",
]
