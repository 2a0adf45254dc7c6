"""Answers that are kept: what a torn, damaged or foreign line does, and whose answers are taken."""

import json
import os
from dataclasses import replace

import pytest

from harness.core.errors import InputError
from harness.evaluation.results import SystemIdentity
from harness.evaluation.tasks import Pool, TaskBrief
from harness.store.answers import AnswerJournal, prune_answers
from harness.store.chunk_cache import Limits
from harness.systems.system import Response, SystemFamily
from harness.workflows import run as run_module
from harness.workflows.answering import journal_path
from harness.workflows.run import run

TEXTS = [f"سؤال رقم {number}" for number in range(5)]


def written(path, texts=TEXTS):
    """Keep an answer to each text, one batch a text."""
    with AnswerJournal(path) as journal:
        for text in texts:
            journal.add([(text, {"output": text.upper()})])
    return path


def found(path, texts=TEXTS):
    """Tell which texts have an answer, and that it is theirs."""
    with AnswerJournal(path) as journal:
        answers = [journal.find(text) for text in texts]
    assert all(
        answer in (None, {"output": text.upper()}) for text, answer in zip(texts, answers, strict=True)
    )
    return [answer is not None for answer in answers]


def test_answers_are_found_again_by_the_text_that_they_answer(tmp_path):
    """A new process finds all of them, and nothing for another text."""
    path = written(tmp_path / "a.jsonl")
    assert found(path) == [True] * 5
    assert found(path, ["سؤال آخر"]) == [False]


def test_a_journal_torn_at_any_byte_keeps_its_whole_lines(tmp_path):
    """Whatever a kill left of the last line, the lines before it stand and the item is asked again."""
    whole = written(tmp_path / "a.jsonl").read_bytes()
    ends = [place for place, byte in enumerate(whole) if byte == ord("\n")]
    for cut in range(0, len(whole) + 1, 7):
        path = tmp_path / "torn.jsonl"
        path.write_bytes(whole[:cut])
        kept = sum(end <= cut for end in ends)  # a line that lacks nothing but its end is whole
        assert found(path) == [True] * kept + [False] * (5 - kept)
        written(path, TEXTS[kept:])
        assert found(path) == [True] * 5


@pytest.mark.parametrize(
    "junk", [b"\0" * 64, b"{}\n", b'{"check":"00000000","item":"x","said":{}}\n', b"\xff\xfe\n"]
)
def test_lines_that_no_journal_wrote_are_passed_over(tmp_path, junk):
    """Zeros after a loss of power, another file's lines, bytes that are no text."""
    path = written(tmp_path / "a.jsonl", TEXTS[:2])
    with path.open("ab") as stream:
        stream.write(junk)
    written(path, TEXTS[2:])
    assert found(path) == [True] * 5


def test_an_answer_that_was_changed_is_not_taken(tmp_path):
    """Each line carries the sum of its content."""
    path = written(tmp_path / "a.jsonl", ["question"])
    path.write_bytes(path.read_bytes().replace(b"QUESTION", b"qUESTION"))
    assert found(path, ["question"]) == [False]


def test_every_line_of_a_journal_is_json(tmp_path):
    """Other tools read it line by line."""
    lines = written(tmp_path / "a.jsonl").read_text().splitlines()
    assert [json.loads(line)["said"]["output"] for line in lines] == TEXTS


def test_answers_never_pass_to_another_system_or_another_pool(tmp_path):
    """All that tells a system, and all that it sees beside the items, is in the name of the file."""
    identity = SystemIdentity(uri="u", name="n", version="1", fingerprint="f")
    brief = TaskBrief("retrieval", ("q",), Pool(("a",), ("text",), 10))
    others = [
        (identity.model_copy(update={"uri": "v"}), brief),
        (identity.model_copy(update={"name": "m"}), brief),
        (identity.model_copy(update={"version": "2"}), brief),
        (identity.model_copy(update={"fingerprint": "g"}), brief),
        (identity, replace(brief, kind="language-id")),
        (identity, replace(brief, pool=None)),
        (identity, replace(brief, pool=Pool(("a",), ("text",), 9))),
        (identity, replace(brief, pool=Pool(("a",), ("other",), 10))),
    ]
    paths = {journal_path(tmp_path, one, seen, one_by_one=True) for one, seen in others}
    assert len(paths) == len(others)
    own = journal_path(tmp_path, identity, brief, one_by_one=True)
    assert own not in paths
    assert own == journal_path(tmp_path, identity, replace(brief, item_ids=("r",)), one_by_one=True)


AN_HOUR_AGO, NOW = 1_000_000.0, 1_003_600.0


def journals(folder, **used):
    """Write journals, each last used at a time."""
    for letter, moment in used.items():
        written(folder / f"{letter * 32}.jsonl")
        os.utime(folder / f"{letter * 32}.jsonl", (moment, moment))
    return folder


def left(folder):
    """Tell which journals are there, by their letter."""
    return {path.name[0] for path in folder.iterdir()}


def test_old_answers_that_no_run_was_made_from_are_pruned(tmp_path):
    """What a standing run was made from is spared, what is new, and any other file."""
    folder = journals(tmp_path / ".answers", a=10.0, b=10.0, c=NOW)
    (folder / "notes.jsonl").write_text("{}")
    tried = prune_answers(folder, Limits(AN_HOUR_AGO), frozenset({"b" * 32}), dry_run=True)
    assert left(folder) == {"a", "b", "c", "n"}
    assert prune_answers(folder, Limits(AN_HOUR_AGO), frozenset({"b" * 32})) == tried
    assert left(folder) == {"b", "c", "n"}
    assert (tried.entries, tried.freed_bytes > 0, tried.kept_bytes) == (1, True, 2 * tried.freed_bytes)


def test_answers_are_brought_down_to_a_size_oldest_first(tmp_path):
    """Whoever rests on them."""
    folder = journals(tmp_path / ".answers", a=10.0, b=20.0, c=30.0)
    size = (folder / f"{'a' * 32}.jsonl").stat().st_size
    prune_answers(folder, Limits(0.0, most_bytes=size), frozenset({"a" * 32}))
    assert left(folder) == {"c"}


def test_answers_that_a_run_is_writing_are_left_alone(tmp_path):
    """Nothing is taken from under a run at work."""
    folder = journals(tmp_path / ".answers", a=10.0)
    with AnswerJournal(folder / f"{'a' * 32}.jsonl") as journal:
        journal.add([("new", {"output": "NEW"})])
        assert prune_answers(folder, Limits(NOW * 1e6), frozenset()).entries == 0
    assert found(folder / f"{'a' * 32}.jsonl", ["new"]) == [True]


def test_a_run_names_the_answers_that_it_was_made_from_and_using_them_keeps_them(run_with, tmp_path):
    """So that pruning knows; a run under another policy uses them again."""
    folder = run_with(_Scripted(_says_arabic))
    (journal,) = (tmp_path / "runs" / ".answers").iterdir()
    assert folder.manifest.answers == journal.stem
    os.utime(journal, (10.0, 10.0))
    run_with(_Scripted(_says_arabic), on_missing="drop")
    assert journal.stat().st_mtime > AN_HOUR_AGO


class _Scripted:
    """A system that counts what it is asked, and answers as it is told to."""

    def __init__(self, answer, name="scripted"):
        self.identity = SystemIdentity(uri=name, name=name, version="", fingerprint=name)
        self.asked = []
        self._answer = answer

    def prepare(self, brief):
        """Do nothing."""

    def answer(self, batch):
        """Answer each item."""
        self.asked += [request.id for request in batch]
        return [self._answer(request) for request in batch]


@pytest.fixture
def run_with(request_to_run, monkeypatch):
    """Give a function that runs a scripted system, under its own name."""

    def start(system, *, is_own=False, **changed):
        family = SystemFamily(
            "scripted",
            "scripted",
            None,
            lambda _settings: system,
            "",
            takes_argument=not is_own,
            one_by_one=True,
        )
        monkeypatch.setattr(run_module, "open_system", lambda *_arguments, **_options: system)
        monkeypatch.setattr(run_module, "family_of", lambda *_arguments: family)
        return run(request_to_run(system=system.identity.uri, **changed))

    return start


def _says_arabic(request):
    return Response(request.id, "ar")


def test_a_run_under_another_policy_asks_for_nothing_again(run_with):
    """Answers are of the system, scores of the run."""
    system = _Scripted(_says_arabic)
    run_with(system)
    assert len(system.asked) == 10
    run_with(system, on_missing="drop")
    assert len(system.asked) == 10


def test_another_system_is_asked_for_everything(run_with):
    """Even where it looks at the same items."""
    run_with(_Scripted(_says_arabic))
    other = _Scripted(_says_arabic, name="other")
    run_with(other)
    assert len(other.asked) == 10


def test_after_a_change_of_the_corpus_only_new_items_are_asked_for(run_with, documents):
    """The price of a new version is what is new in it."""
    system = _Scripted(_says_arabic)
    run_with(system, documents=documents.slice(0, 6))
    before = list(system.asked)
    run_with(system)
    assert system.asked[: len(before)] == before
    assert system.asked[len(before) :] == ["e3#L1"]


def test_failures_are_asked_again_and_answers_are_not(run_with):
    """A server that timed out, or had too much to do, may answer tomorrow."""
    kinds = ("time-out", "crash", "no-answer", "unparsable", "refused")
    failing = dict(zip(("a1#L1", "a1#L2", "a2#L1", "a2#L2", "a3#L1"), kinds, strict=True))

    def answer(request):
        kind = failing.get(request.id)
        return Response(request.id, None, kind) if kind else _says_arabic(request)

    system = _Scripted(answer)
    first = run_with(system, on_missing="wrong")
    assert first.result.failures == dict.fromkeys(sorted(kinds), 1)
    system.asked.clear()
    failing.clear()
    again = run_with(system, on_missing="drop")
    assert system.asked == ["a1#L1", "a1#L2", "a2#L1", "a2#L2", "a3#L1"]
    assert again.result.failures == {}


def test_what_was_answered_before_a_system_gave_up_is_kept(run_with, tmp_path):
    """A server that goes away after some batches is asked for the rest alone."""
    declared = '[[systems]]\nname = "scripted"\nuri = "scripted"\nbatch_items = 2\n'
    (tmp_path / "systems.toml").write_text(declared)

    class Leaving(_Scripted):
        """Answers two batches."""

        def answer(self, batch):
            """Answer, or give up."""
            if len(self.asked) >= 4:
                raise InputError("the server is gone")
            return super().answer(batch)

    system = Leaving(_says_arabic)
    with pytest.raises(InputError, match="gone"):
        run_with(system)
    assert len(system.asked) == 4
    patient = _Scripted(_says_arabic)
    run_with(patient)
    assert len(patient.asked) == 6


@pytest.mark.parametrize("is_own", [True, False])
def test_answers_of_our_own_systems_do_not_outlive_our_code(run_with, monkeypatch, is_own):
    """In a checkout a baseline changes without a version saying so; a user's system has nothing to do with it."""
    system = _Scripted(_says_arabic)
    for code in ("before", "after"):
        monkeypatch.setattr(run_module, "_code", lambda code=code: code)
        folder = run_with(system, is_own=is_own)
    assert len(system.asked) == (20 if is_own else 10)
    assert folder.manifest.code == ("after" if is_own else "before")
