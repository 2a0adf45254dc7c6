"""Every rule of the shipped suites can fail: for each there is a fault that it tells, and a sound corpus that it passes."""

import pyarrow as pa
import pytest
from support.gates import ROOT, judge, metrics_row, sound_documents

from harness.core.schema import METRICS
from harness.core.verdict import GateResult
from harness.gates.suites import load_suite

SUITES = ("structure", "residue", "privacy", "coverage", "splits")
ROWS = 100


def some(count, wrong, right):
    """Give a column in which `count` documents are wrong."""
    return [wrong] * count + [right] * (ROWS - count)


FAULTY_DOCUMENTS = {
    "STR001": {"id": some(1, None, "a")},
    "STR002": {"text": some(1, None, "a")},
    "STR003": {"words": some(1, 0, 100)},
    "STR004": {"id": ["a\N{RIGHT-TO-LEFT OVERRIDE}b", *(f"d{n}" for n in range(ROWS - 1))]},
    "STR005": {"locator": some(1, "/home/me/a.txt", "a.txt")},
    "STR006": {"raw_sha256": some(1, "abc", "0" * 64)},
    "STR007": {"chars": some(2, 100_001, 500)},
    "STR008": {"words": some(11, 19, 100)},
    "STR009": {"lines": some(51, 1, 4)},
    "STR010": {"ends_with_stop": some(41, False, True)},
    "STR011": {"title_chars": some(2, 301, 50)},
    "STR012": {"date_unread": some(6, True, False)},
    "RES001": {"residue_lines": some(6, 1, 0)},
    "RES002": {"latin_stops": some(11, 3, 0)},
    "RES003": {"spaced_punctuation": some(11, 4, 0)},
    "RES004": {"broken_paragraphs": some(6, 1, 0)},
    "PRV001": {"emails": some(6, 1, 0)},
    "PRV002": {"phones": some(6, 1, 0)},
    "PRV003": {"national_ids": some(1, 1, 0)},
    "PRV004": {"payment_numbers": some(1, 1, 0)},
    "PRV005": {"emails": some(2, 11, 0)},
    "PRV006": {"phones": some(2, 11, 0)},
    "SPL004": {"split": ["train"] * ROWS},
}
FAULTY_METRICS = {
    "STR013": {"repeated_title_share": 0.21},
    "RES005": {"slice": "source=b", "kind": "source", "repeated_edge_share": 0.21},
    "COV001": {"drop_share": 0.91},
    "COV002": {"slice": "rule=a", "kind": "rule", "drop_share": 0.51},
    "COV003": {"slice": "source=b", "kind": "source", "kept": 0},
    "COV004": {"slice": "source=b", "kind": "source", "error_share": 0.21},
    "COV005": {"dated_share": 0.49},
    "COV006": {"sourced_share": 0.49},
    "COV007": {"sectioned_share": 0.49},
    "COV008": {"titled_share": 0.49},
    "COV009": {"slice": "source=b", "kind": "source", "dated_share": 0.19},
    "SPL001": {"clusters_in_two_splits": 1},
    "SPL002": {"titles_in_two_splits": 1},
    "SPL003": {"source_days_in_two_splits": 1},
}


def _suite_of(rule):
    suites = [load_suite(ROOT / "expectations" / f"{name}.json") for name in SUITES]
    return next(suite for suite in suites if rule in {one.rule for one in suite.expectations})


def _judged(rule, documents, metrics) -> GateResult:
    gates = judge(_suite_of(rule), documents=documents, metrics=metrics).gates
    return next(gate for gate in gates if gate.rule == rule)


def test_there_is_a_fault_for_every_rule():
    """A rule that nobody saw failing may be one that cannot."""
    declared = {
        one.rule for name in SUITES for one in load_suite(ROOT / "expectations" / f"{name}.json").expectations
    }
    assert declared == FAULTY_DOCUMENTS.keys() | FAULTY_METRICS.keys()


@pytest.mark.parametrize("rule", sorted(FAULTY_DOCUMENTS))
def test_documents_with_the_fault_fail_the_rule(rule):
    """Just beyond the limit."""
    gate = _judged(rule, sound_documents(ROWS, **FAULTY_DOCUMENTS[rule]), metrics_row())
    assert gate.status == "failed", gate.detail


@pytest.mark.parametrize("rule", sorted(FAULTY_METRICS))
def test_metrics_with_the_fault_fail_the_rule(rule):
    """In the whole, or in one slice among sound ones."""
    figures = FAULTY_METRICS[rule]
    sound = metrics_row() if "slice" in figures else metrics_row().slice(1)
    faulty = pa.Table.from_pylist([metrics_row().to_pylist()[0] | figures], METRICS)
    gate = _judged(rule, sound_documents(ROWS), pa.concat_tables([faulty, sound]))
    assert gate.status == "failed", gate.detail
