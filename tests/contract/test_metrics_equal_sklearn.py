"""Our metrics against scikit-learn's, and against values worked out by hand, on generated answers."""

import random

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score, ndcg_score

from harness.evaluation.metrics import label_metrics, macro_f1, ndcg, ranking_metrics, reciprocal_rank
from harness.evaluation.scoring import Answered, score

LABELS = ("ar", "fa", "ur", "en", "ps", "und")


def generated_labels(seed):
    """Draw references and answers, with labels that only occur on one side."""
    draw = random.Random(seed)  # noqa: S311 - test data
    items = draw.randint(1, 60)
    references = draw.choices(LABELS[: draw.randint(1, 5)], k=items)
    answers = [reference if draw.random() < 0.6 else draw.choice(LABELS) for reference in references]
    return references, answers


def value_of(name, metrics, references, answers):
    """Score answers and give one metric's value."""
    clusters = [str(row) for row in range(len(references))]
    scored = score(Answered(references, answers, clusters), metrics, on_missing="wrong", seed=0)
    return {entry.metric: entry.value for entry in scored.scores}[name]


@pytest.mark.parametrize("seed", range(200))
def test_label_metrics_equal_those_of_sklearn(seed):
    """Accuracy, and macro F1 over the labels that occur among the references."""
    references, answers = generated_labels(seed)
    metrics = label_metrics("primary")
    assert value_of("accuracy", metrics, references, answers) == pytest.approx(
        accuracy_score(references, answers)
    )
    expected = f1_score(references, answers, labels=sorted(set(references)), average="macro", zero_division=0)
    assert value_of("macro_f1", metrics, references, answers) == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(200))
def test_ndcg_equals_that_of_sklearn(seed):
    """A ranking is given to scikit-learn as descending scores over all candidates."""
    draw = random.Random(seed)  # noqa: S311 - test data
    pool = [f"d{number}" for number in range(draw.randint(2, 20))]
    relevant = tuple(draw.sample(pool, draw.randint(1, min(4, len(pool)))))
    ranking = tuple(draw.sample(pool, len(pool)))
    top_k = draw.randint(1, 12)
    gains = np.array([[float(candidate in relevant) for candidate in pool]])
    scores = np.array([[-float(ranking.index(candidate)) for candidate in pool]])
    assert ndcg(relevant, ranking, top_k) == pytest.approx(ndcg_score(gains, scores, k=top_k))


@pytest.mark.parametrize(
    ("ranking", "rank", "gain"),
    [
        (("a", "x", "y"), 1.0, 1 / (1 + 1 / np.log2(3))),
        (("x", "b", "a"), 1 / 2, (1 / np.log2(3) + 1 / 2) / (1 + 1 / np.log2(3))),
        (("x", "y", "z", "a"), 0.0, 0.0),
        ((), 0.0, 0.0),
    ],
)
def test_rankings_by_hand(ranking, rank, gain):
    """Two relevant candidates, a and b, of which the first three places count."""
    assert reciprocal_rank(("a", "b"), ranking, 3) == pytest.approx(rank)
    assert ndcg(("a", "b"), ranking, 3) == pytest.approx(gain)


def test_macro_f1_of_a_resample_leaves_out_labels_that_were_not_drawn():
    """Columns are hits, references, answers of two labels; the second label occurs in no reference."""
    totals = np.array([[2.0, 0, 2, 0, 2, 1], [1.0, 1, 2, 1, 1, 2]])
    assert macro_f1(totals).tolist() == pytest.approx([1.0, (2 / 3 + 2 / 3) / 2])


def test_success_at_one_is_the_share_of_right_first_candidates():
    """Two of four queries name a relevant candidate first."""
    references = [("a",), ("b", "c"), ("d",), ("e",)]
    answers = [("a",), ("c", "b"), ("x", "d"), ()]
    assert value_of("success@1", ranking_metrics(10), references, answers) == 0.5
    assert value_of("mrr@10", ranking_metrics(10), references, answers) == pytest.approx(2.5 / 4)


def test_macrolanguage_labels_are_compared_as_their_signature_says():
    """`ku` for Sorani is right under `macrolanguage` and wrong under `primary`."""
    answers = (["ckb", "id", "ar"], ["ku", "ms", "fa"])
    assert value_of("accuracy", label_metrics("macrolanguage"), *answers) == pytest.approx(2 / 3)
    assert value_of("accuracy", label_metrics("primary"), *answers) == 0.0


def test_a_score_of_no_examples_has_no_value():
    """Everything dropped is unknown, never zero."""
    scored = score(Answered(["ar"], [None], ["c"]), label_metrics("primary"), on_missing="drop", seed=0)
    assert [(entry.value, entry.n, entry.reason) for entry in scored.scores] == [(None, 0, "no examples")] * 2
