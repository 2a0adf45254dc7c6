"""The paired tests that are called sacrebleu's give sacrebleu's p-values, at the same seeds."""

import random

import numpy as np
import pytest
from sacrebleu.metrics import BLEU, CHRF, TER
from sacrebleu.significance import PairedTest

from harness.evaluation.compatible import sacrebleu_bootstrap, sacrebleu_randomisation
from harness.evaluation.texts.bleu import bleu
from harness.evaluation.texts.chrf import chrf
from harness.evaluation.texts.edits import translation_error_rate
from harness.evaluation.texts.reading import Reading

_METRICS = {
    "bleu": (lambda: BLEU(tokenize="13a"), bleu(Reading(tokeniser="13a"))),
    "chrf": (CHRF, chrf(Reading())),
    "ter": (TER, translation_error_rate(Reading(tokeniser="space", case="lower"))),
}
_WORDS = [
    "the",
    "a",
    "river",
    "bridge",
    "council",
    "opened",
    "garden",
    "wheat",
    "price",
    "week",
    "school",
    "prize",
    "new",
    "old",
    "road",
    "city",
]


def _texts(segments=60):
    """Make references and three systems of falling quality, by seed."""
    chance = random.Random(5)  # noqa: S311 - no secret
    right = [" ".join(chance.choices(_WORDS, k=chance.randint(6, 14))) for _ in range(segments)]
    systems = [
        [
            " ".join(word if chance.random() > share else chance.choice(_WORDS) for word in text.split())
            for text in right
        ]
        for share in (0.2, 0.22, 0.3)
    ]
    return right, systems


@pytest.mark.parametrize("name", _METRICS)
@pytest.mark.parametrize("seed", [12345, 7])
@pytest.mark.parametrize(("kind", "draws"), [("bs", 300), ("ar", 400)])
def test_p_values_are_theirs(name, seed, kind, draws, monkeypatch):
    """Two systems against the first, each segment of its own: score, p, and for the bootstrap mean and interval."""
    monkeypatch.setenv("SACREBLEU_SEED", str(seed))
    theirs, ours = _METRICS[name]
    right, systems = _texts()
    named = [(f"system {place}", said) for place, said in enumerate(systems)]
    _, told = PairedTest(named, {"metric": theirs()}, [right], test_type=kind, n_samples=draws)()
    wanted = next(results for label, results in told.items() if label != "System")
    statistics = [ours.statistics(right, said) for said in systems]
    if kind == "bs":
        found = sacrebleu_bootstrap(statistics, ours.formula, seed=seed, resamples=draws)
        assert [100 * one.mean for one in found] == pytest.approx([one.mean for one in wanted], rel=1e-5)
        assert [100 * one.half_width for one in found] == pytest.approx(
            [one.ci for one in wanted], rel=1e-4, abs=1e-4
        )
    else:
        found = sacrebleu_randomisation(statistics, ours.formula, seed=seed, trials=draws)
    assert [one.p for one in found] == [one.p_value for one in wanted]
    assert [100 * one.score for one in found] == pytest.approx([one.score for one in wanted])
    assert len({one.p for one in found}) > 1


def test_a_system_against_itself_is_never_different():
    """Nothing lies further apart than nothing: p is smallest where there is no difference at all, as theirs is."""
    right, systems = _texts(20)
    metric = _METRICS["bleu"][1]
    same = metric.statistics(right, systems[0])
    found = sacrebleu_randomisation([same, same], metric.formula, trials=99)
    assert np.isclose(found[1].p, 1 / 100)
