"""Baselines: what fails, what only invites to tighten, and that nothing loosens without a reason and a day."""

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.baseline import BASELINE_SUITE, Baseline
from harness.core.errors import ConfigurationError, ExitCode
from harness.core.verdict import Finding, GateResult, SuiteIdentity, Verdict
from harness.gates.baselines import Today, with_baseline
from harness.gates.ratchet import Excuse, pruned, tightened
from harness.reports.verdicts.placing import Placing
from harness.reports.verdicts.sarif import sarif_json

_DAY = dt.date(2026, 6, 1)
_SLICES = {"all": 80, "source=desk": 50, "source=feed": 30}


def _gate(rule="TST001", **changed):
    facts = {
        "rule": rule,
        "suite": "made",
        "table": "documents",
        "expectation": "expect_column_values_to_be_between",
        "severity": "warning",
        "status": "passed",
        "observed": "…",
        "allowed": "…",
        "evaluated": 80,
        "unexpected": 2,
        "unexpected_share": 0.025,
        "value": 0.025,
        "better": "lower",
        "measure": "m1",
    }
    return GateResult(**(facts | changed))


def _verdict(*gates, dataset="demo"):
    suite = SuiteIdentity(name="made", sha256="0" * 64, declared=len(gates))
    return Verdict(
        dataset=dataset, version="1.0.0", content_hash="f" * 64, suites=(suite,), gates=gates, evaluator="gx"
    )


def _held(baseline, verdict, slices=_SLICES, day=_DAY):
    judged = with_baseline(baseline, Today(verdict, slices, day, "datasets/demo/baseline.json"))
    return judged, {gate.rule: gate for gate in judged.gates if gate.suite == BASELINE_SUITE}


_BASELINE = Baseline.of(_verdict(_gate(), _gate("TST002", value=0.9, better="higher")), _SLICES)
_SAME = _verdict(_gate(), _gate("TST002", value=0.9, better="higher"))


def test_the_same_again_passes_and_is_complete():
    """As many gates are judged as the baseline declares, so that a lost one cannot hide."""
    judged, gates = _held(_BASELINE, _SAME)
    assert judged.exit_code == ExitCode.DONE
    assert judged.suites[-1].declared == len(gates) == 4


@pytest.mark.parametrize(
    ("now", "slices"),
    [
        ((_gate(status="failed"),), _SLICES),
        ((_gate(value=0.026),), _SLICES),
        ((_gate(evaluated=79),), _SLICES),
        ((), _SLICES),
        ((_gate(),), _SLICES | {"source=feed": 29}),
        ((_gate(),), {"all": 80, "source=desk": 50}),
    ],
    ids=["now fails", "worse value", "fewer looked at", "gate gone", "slice shrank", "slice gone"],
)
def test_what_got_worse_fails(now, slices):
    """Even where the suite itself would let it pass."""
    second = _gate("TST002", value=0.9, better="higher")
    judged, _ = _held(_BASELINE, _verdict(*now, second), slices)
    assert judged.exit_code == ExitCode.GATE_FAILED


def test_a_value_that_should_be_high_fails_when_it_falls():
    """The way that is better is the gate's own."""
    judged, gates = _held(_BASELINE, _verdict(_gate(), _gate("TST002", value=0.89, better="higher")))
    assert gates["BASE.TST002"].status == "failed"
    assert judged.exit_code == ExitCode.GATE_FAILED


@pytest.mark.parametrize(
    "verdict",
    [
        _verdict(_gate(measure="m2"), _gate("TST002", value=0.9, better="higher")),
        _verdict(_gate(status="error"), _gate("TST002", value=0.9, better="higher")),
        _verdict(*_SAME.gates, dataset="other"),
    ],
    ids=["another measure", "not judged", "another corpus"],
)
def test_what_cannot_be_compared_is_no_pass_and_no_failure(verdict):
    """It is missing evidence."""
    judged, _ = _held(_BASELINE, verdict)
    assert judged.exit_code == ExitCode.NO_EVIDENCE


def test_a_tolerance_written_by_hand_is_kept_and_holds():
    """Also when the baseline is tightened."""
    entry = _BASELINE.gates["TST001"].model_copy(update={"tolerance": 0.01, "shrink": 0.1})
    baseline = _BASELINE.model_copy(update={"gates": {**_BASELINE.gates, "TST001": entry}})
    second = _gate("TST002", value=0.9, better="higher")
    assert _held(baseline, _verdict(_gate(value=0.034, evaluated=73), second))[0].passed
    assert not _held(baseline, _verdict(_gate(value=0.036), second))[0].passed
    better = tightened(baseline, _verdict(_gate(value=0.01), second), _SLICES).baseline.gates["TST001"]
    assert (better.value, better.tolerance, better.shrink) == (0.01, 0.01, 0.1)


def test_worse_is_taken_over_with_a_reason_and_a_day_only_and_fails_after_it():
    """On the day itself it still holds."""
    worse = _verdict(_gate(value=0.2), _gate("TST002", value=0.9, better="higher"))
    with pytest.raises(ConfigurationError, match="TST001"):
        tightened(_BASELINE, worse, _SLICES)
    loosened = tightened(_BASELINE, worse, _SLICES, Excuse("feed broke", _DAY)).baseline
    assert _held(loosened, worse, day=_DAY)[0].passed
    judged, gates = _held(loosened, worse, day=_DAY + dt.timedelta(days=1))
    assert judged.exit_code == ExitCode.GATE_FAILED
    assert "feed broke" in gates["BASE.TST001"].detail


def test_half_a_mending_does_not_launder_an_acceptance():
    """It ends with the level that it was given up for, not with any improvement."""
    second = _gate("TST002", value=0.9, better="higher")
    accepted = tightened(
        _BASELINE, _verdict(_gate(value=0.2), second), _SLICES, Excuse("feed broke", _DAY)
    ).baseline
    half = tightened(accepted, _verdict(_gate(value=0.1), second), _SLICES).baseline
    assert half.gates["TST001"].accepted is not None
    assert half.gates["TST001"].value == 0.1
    mended = tightened(half, _verdict(_gate(value=0.025), second), _SLICES).baseline
    assert mended.gates["TST001"].accepted is None


def test_pruning_takes_out_what_is_gone_and_nothing_else():
    """A gate that merely failed stays."""
    now = _verdict(_gate(status="failed"))
    changed = pruned(_BASELINE, now, {"all": 1})
    assert set(changed.baseline.gates) == {"TST001"}
    assert set(changed.baseline.slices) == {"all"}
    assert changed.baseline.gates["TST001"] == _BASELINE.gates["TST001"]


_LEVELS = st.tuples(
    st.floats(0, 1),
    st.sampled_from(["passed", "failed"]),
    st.integers(1, 100),
    st.sampled_from(["lower", "higher"]),
)


@given(before=_LEVELS, after=_LEVELS)
def test_tightening_never_lets_more_pass(before, after):
    """What an update without an excuse accepts is never worse, and passes against old and new baseline alike."""
    first, second = (
        _verdict(_gate(value=value, status=status, evaluated=n, better=before[3]))
        for value, status, n, _ in (before, after)
    )
    old = Baseline.of(first, {})
    try:
        new = tightened(old, second, {}).baseline
    except ConfigurationError:
        return
    assert _held(new, second, {})[0].passed
    assert _held(old, second, {})[0].passed


def test_findings_keep_their_fingerprints_in_any_order():
    """So that a baseline's bytes do not hang on the order in which rows come."""
    findings = [Finding(id=str(row), locator=f"{row}.txt", observed="3") for row in range(5)]
    one, other = (
        Baseline.of(_verdict(_gate(findings=tuple(order))), {}) for order in (findings, findings[::-1])
    )
    assert one == other


def test_a_finding_is_new_or_known_and_sarif_says_it_of_all():
    """Known by rule, record and kind of evidence; without a baseline nothing is said."""
    old, new = (Finding(id=name, locator=f"{name}.txt", observed="3") for name in ("old", "new"))
    before = _verdict(_gate(findings=(old,), status="failed", unexpected=1))
    now = _verdict(_gate(findings=(new, old), status="failed", unexpected=2))
    judged, _ = _held(Baseline.of(before, {}), now, {})
    assert [finding.state for finding in judged.gates[0].findings] == ["new", "unchanged"]
    (run,) = json.loads(sarif_json(judged, Placing()))["runs"]
    states = [result["baselineState"] for result in run["results"]]
    assert states[:2] == ["new", "unchanged"]
    assert len(states) == len(run["results"])
    assert "baselineState" not in sarif_json(now, Placing())
