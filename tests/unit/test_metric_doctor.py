"""The metric doctor lets sound metrics pass, and refuses those that are known to mislead, with the reason."""

import re

import numpy as np
import pytest
from support.command import harness_inside

from harness.core.errors import ConfigurationError, ExitCode, InputError, NoEvidenceError
from harness.evaluation.metrics import Metric, label_metrics, meaning_of, name_for_people
from harness.evaluation.recounting import metric_again
from harness.evaluation.resampling import mean_of_totals
from harness.evaluation.texts import known
from harness.evaluation.texts.doctor import (
    diagnose,
    require_sound,
    require_sound_on,
    sample_languages,
)
from harness.evaluation.texts.known import metric_of, names, text_metric, user_metrics
from harness.reports.wording import Unit
from harness.text.levels import levels

REFUSED_IN_THAI = {"rouge1", "token_f1"}


def metric_from(score, *, name="theirs", is_mean=True):
    """Make a metric as a user would, from a function of one reference and one answer."""

    def statistics(references, answers):
        pairs = zip(references, answers, strict=True)
        return np.array([[score(right, said or ""), 1.0] for right, said in pairs])

    return Metric(name, f"{name}|v:1", statistics, mean_of_totals, is_mean=is_mean)


def overlap(tokens):
    """Give the F1 of two texts' sets of tokens."""

    def score(right, said):
        one, other = set(tokens(right)), set(tokens(said))
        return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0

    return score


def failed(metric, language):
    """Name the promises that a metric breaks."""
    return [check.promise for check in diagnose(metric, language).failed]


@pytest.mark.parametrize("language", sample_languages())
@pytest.mark.parametrize("name", names())
def test_what_is_built_in_is_sound_as_it_comes(name, language):
    """Every metric with its defaults, in every language with sentences; two say too little in Thai, and are refused."""
    if language == "th" and name in REFUSED_IN_THAI:
        assert failed(text_metric(name, language), language) == ["unrelated answers score low"]
    else:
        assert failed(text_metric(name, language), language) == []


@pytest.mark.parametrize("level", levels())
def test_every_level_folds_what_it_says_and_nothing_else(level):
    """Tried through whole metrics, of characters and of words."""
    for name in ("chrf", "bleu", "wer", "token_f1"):
        assert failed(text_metric(name, "ar", normaliser=level), "ar") == []


def test_rouge_that_keeps_ascii_alone_is_refused_in_arabic():
    """It gives an Arabic text against itself 0, and unrelated ones that share a number and COVID 1."""
    rouge = metric_from(overlap(lambda text: re.findall("[a-z0-9]+", text.lower())))
    assert failed(rouge, "en") == []
    broken = failed(rouge, "ar")
    assert "an answer that is the reference scores the best" in broken
    assert "a shared number and foreign word make no answer right" in broken


def test_bleu_with_the_usual_tokeniser_is_refused_where_it_does_not_know_the_punctuation():
    """13a leaves ، on the word; in English it is what published scores rest on."""
    with pytest.raises(NoEvidenceError, match="13a parts the script's punctuation") as refused:
        require_sound(text_metric("bleu", "ar", tokeniser="13a"), "ar")
    assert refused.value.exit_code == ExitCode.NO_EVIDENCE
    require_sound(text_metric("bleu", "en"), "en")


@pytest.mark.parametrize("language", ["ar", "fa", "hi", "zh", "ja", "th"])
def test_the_usual_tokeniser_is_refused_in_each_script_that_it_does_not_know(language):
    """What docs/metrics.md lists."""
    assert "13a parts the script's punctuation from words" in failed(
        text_metric("bleu", language, tokeniser="13a"), language
    )


def test_leaving_out_hamzas_costs_half_of_chrf_unless_the_level_overlooks_it():
    """The price of the level `raw`, as docs/metrics.md tells it."""
    right = "أعلن أحمد أن الإدارة أنهت أعمال إصلاح المستشفى"
    said = right.translate(str.maketrans("أإ", "اا"))
    for level, expected in (("raw", 0.4508), ("ar-light", 0.4508), ("ar-heavy", 1.0)):
        metric = text_metric("chrf", "ar", normaliser=level)
        assert metric.formula(metric.statistics([right], [said]))[0] == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("language", "read"),
    [
        ("en", "norm:raw|tok:13a|"),
        ("fr", "norm:raw|tok:13a|"),
        ("ms", "norm:raw|tok:13a|"),
        ("ku-Arab", "norm:ar-light|tok:words"),
        ("ar", "norm:ar-light|tok:words"),
        ("ckb", "norm:ar-light|tok:words"),
        ("zh-Hans", "norm:raw|tok:words"),
        ("ru", "norm:raw|tok:words"),
    ],
)
def test_a_language_is_read_as_its_script_asks(language, read):
    """Latin script as published scores are; Arabic script at `ar-light`; a script in the tag decides."""
    assert read in text_metric("bleu", language).signature


def test_a_metric_that_hangs_on_the_other_items_is_refused():
    """Resampling adds up items in any number, so that ranks among all items would change their meaning."""

    def statistics(references, answers):
        right = [float(one == other) for one, other in zip(references, answers, strict=True)]
        return np.array([[value * len(right), len(right)] for value in right])

    broken = failed(Metric("of_all", "of_all|v:1", statistics, mean_of_totals, is_mean=False), "en")
    assert broken == ["an item counts the same alone as among others"]


def test_a_metric_that_rewards_silence_is_refused():
    """An empty answer that scores is told, whatever else holds."""
    kind = metric_from(lambda right, said: 1.0 if said == right else 0.5 if not said else 0.0)
    assert "no answer scores the worst" in failed(kind, "fa")


def test_a_metric_that_raises_is_refused_with_what_it_raised():
    """An error of anybody's metric is a finding, not a crash."""

    def broken(right, said):
        raise ZeroDivisionError("no words")

    (check,) = diagnose(metric_from(broken), "ar").failed
    assert check.observed == "ZeroDivisionError: no words"


def test_a_metric_that_gives_no_number_is_refused():
    """NaN is no score."""
    assert failed(metric_from(lambda *_: float("nan")), "ar") == ["it gives a score"]


def test_a_language_without_sentences_is_tried_on_one_of_its_script_or_not_at_all():
    """Urdu shares the Arabic script; of Greek there is nothing, and nothing is not a pass."""
    assert diagnose(text_metric("chrf", "ur"), "ur").tried_on == "ar"
    with pytest.raises(NoEvidenceError, match="no metric can be tried on texts in 'el'"):
        diagnose(text_metric("chrf", "el"), "el")


GREEK = [
    "Το λιμάνι άνοιξε ξανά τη Δευτέρα, μετά από μεγάλη καταιγίδα.",
    "Γιατί χάνονται οι μέλισσες; Οι ειδικοί μιλούν για παράσιτο.",
    "Η συγγραφέας κέρδισε βραβείο με το δεύτερο βιβλίο της.",
    "Οι τιμές του χάλυβα έπεσαν και μικρά εργαστήρια κλείνουν.",
    "Μηχανικοί δοκίμασαν τρένο που ανεβαίνει αθόρυβα στους λόφους.",
    "Οι κάτοικοι απέρριψαν τους νέους κανόνες στάθμευσης.",
]


def test_texts_of_the_task_serve_where_there_are_no_sentences():
    """Six that differ are enough to try a metric on; fewer are not."""
    metric = text_metric("chrf", "el")
    diagnosis = diagnose(metric, "el", GREEK)
    assert (diagnosis.tried_on, diagnosis.failed) == ("its own texts", ())
    with pytest.raises(NoEvidenceError, match="there are no sentences"):
        diagnose(metric, "el", GREEK[:1] * 20)


def test_a_task_is_refused_for_one_language_in_which_a_metric_misleads():
    """Metrics that are not of texts, and texts of unknown language, are passed over."""
    metrics = [text_metric("bleu", "en"), *label_metrics("primary")]
    require_sound_on(
        metrics, {"en": ["a"] * 20, "und": ["b"] * 20, "ar": ["c"]}
    )  # one in forty may be an error
    with pytest.raises(NoEvidenceError, match="cannot be trusted on texts in 'ar'"):
        require_sound_on(metrics, {"en": ["a"], "ar": ["b"]})


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("language", ["ar", "en", "zh"])
def test_a_metric_is_found_again_by_its_signature(name, language):
    """So that stored answers can be counted anew; a signature of another version finds nothing."""
    metric = text_metric(name, language)
    found = metric_of(metric.signature)
    assert found is not None
    assert found.signature == metric.signature
    assert metric_of(metric.signature.replace("|v:1", "|v:0")) is None
    assert metric_of("accuracy|v:1|labels:bcp47-primary") is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"name": "rogue1"}, "did you mean 'rouge1'"),
        ({"name": "chrf", "normaliser": "ar-lite"}, "did you mean 'ar-light'"),
        ({"name": "bleu", "tokeniser": "13"}, "did you mean '13a'"),
        ({"name": "cer", "tokeniser": "13a"}, "leave it out"),
        ({"name": "span_f1", "normaliser": "raw"}, "leave it out"),
    ],
)
def test_a_name_that_is_none_is_answered_with_the_one_that_was_meant(settings, said):
    """Metric, level and tokeniser; and settings that would do nothing."""
    with pytest.raises(ConfigurationError) as refused:
        text_metric(language="ar", **settings)
    assert said in str(refused.value)


class _Entry:
    """An entry point of an installed package."""

    def __init__(self, given):
        self.name, self.value, self.load = "mine", "mine:metric", lambda: given


def test_metrics_of_installed_packages_are_taken_in(monkeypatch):
    """By the entry point group `harness.metrics`."""
    monkeypatch.setattr(
        known.metadata, "entry_points", lambda **_: [_Entry(lambda _: metric_from(overlap(str.split)))]
    )
    assert [metric.name for metric in user_metrics("ar")] == ["theirs"]


@pytest.mark.parametrize("given", [lambda _: "no metric", lambda: None, None])
def test_a_package_that_brings_no_metric_is_named(monkeypatch, given):
    """Whatever its entry point gives or raises: exit 2, naming the entry point."""
    monkeypatch.setattr(known.metadata, "entry_points", lambda **_: [_Entry(given)])
    with pytest.raises(ConfigurationError, match=r"metric|Metric") as refused:
        user_metrics("ar")
    assert "mine = mine:metric" in refused.value.where


def test_the_doctor_at_the_terminal_refuses_with_exit_4_and_the_reason(tmp_path):
    """ROUGE-1 in Thai counts letters that stand in any two sentences."""
    done = harness_inside(
        "doctor", "metrics", "--lang", "th", "--metric", "rouge1", "--metric", "chrf", cwd=tmp_path
    )
    assert done.code == ExitCode.NO_EVIDENCE
    assert "unrelated answers score low" in done.stdout
    assert "1 sound, 1 refused" in done.stdout


def test_the_doctor_tells_what_is_installed(tmp_path):
    """Versions, identifiers, disk and folders; with nothing broken it exits 0."""
    done = harness_inside("doctor", "--format", "json", cwd=tmp_path)
    assert done.code == ExitCode.DONE
    subjects = {one["subject"]: one for one in done.json}
    assert {"harness", "sacrebleu", "language identifier py3langid", "disk", "workspace is writable"} <= set(
        subjects
    )
    assert not any(subject.startswith("ruff") for subject in subjects)
    assert subjects["workspace is writable"]["detail"] == str(tmp_path.resolve())


@pytest.mark.parametrize("name", ["bleu", "chrf", "chrf++", "ter", "cer", "wer"])
def test_stored_answers_are_counted_anew_for_metrics_of_whole_sets(name):
    """A comparison finds the metric by its signature; what are means it takes from the items' scores."""
    metric = text_metric(name, "ar")
    found = metric_again(metric.signature)
    right, said = ["قال الوزير إن الموازنة، غداً"] * 2, ["قال إن الموازنة غدا", None]
    np.testing.assert_array_equal(found.statistics(right, said), metric.statistics(right, said))
    assert metric_again(text_metric("rougeL", "ar").signature) is None


def test_tags_are_counted_as_runs_keep_them():
    """A list is a JSON list there, a text tags parted by blanks; what is neither is refused by name."""
    metric = metric_again(text_metric("span_f1", "ar").signature)
    kept = metric.statistics(['["B-PER", "I-PER", "O"]'], ['["B-PER", "O", "B-LOC"]'])
    assert kept.tolist() == metric.statistics([("B-PER", "I-PER", "O")], [("B-PER", "O", "B-LOC")]).tolist()
    assert kept.tolist() == metric.statistics(["B-PER I-PER O"], ["B-PER O B-LOC"]).tolist()
    assert kept.tolist() == [[0.0, 1.0, 2.0]]
    for said, told in (
        (("O",), "1 tags for 3 tokens"),
        (("O", "X", "O"), "not BIO"),
        ("no tags here", "given a text"),
    ):
        with pytest.raises(InputError, match=told):
            metric.statistics([("O", "O", "B-LOC")], [said])


def test_an_item_of_several_references_is_refused_where_one_is_compared():
    """BLEU over several references is another number; nothing is taken silently."""
    with pytest.raises(InputError, match="one text with one text"):
        text_metric("bleu", "en").statistics([("one", "other")], ["one"])
    with pytest.raises(InputError, match="empty list of references"):
        text_metric("token_f1", "en").statistics([()], ["one"])


@pytest.mark.parametrize("name", names())
def test_every_metric_is_told_to_people(name):
    """By a name as people spell it and in a sentence with its range, and its values as percentages."""
    assert name_for_people(name) != name
    assert "is better" in meaning_of(name)
    assert Unit.of(name, 10).value(0.5).startswith("50.0")
