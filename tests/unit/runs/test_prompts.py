"""What chat models are asked, kind by kind, and how strictly their words are read: against a real server."""

import json

import pytest
from support.stand_in_model import completion, stand_in_model

from harness.core.errors import NoEvidenceError
from harness.evaluation.tasks import KINDS, Example, TaskBrief
from harness.systems.prompts import Asking, default_prompts
from harness.systems.registry import open_system
from harness.systems.settings import SystemSettings
from harness.workflows.run import derive_task, run

# They ask for what no chat gives: a ranking of thousands, the model's own tokens, its own probabilities.
NOT_BY_CHAT = {"retrieval", "tokenizer", "bits-per-byte"}
SENTENCES = [
    "The {0} of the town met in the {1} on Monday, and all seats were taken.",
    "They spoke about the {0} for two hours, while rain fell on the {2} outside.",
    "Nobody had expected that the {1} would matter so much to the {0}.",
    "In the end, a new {2} was promised to everyone who had come.",
    "Work begins in spring; the {1} stays closed until then.",
    "Two other towns, both larger, had tried the same with their {2} before.",
]
WORDS = {
    "sports": ["team", "stadium", "coach", "league", "runners", "track", "medal", "club"],
    "economy": ["council", "market", "bridge", "traders", "harbour", "budget", "farmers", "exchange"],
}


def articles():
    """Make sixteen articles in two sections from different words; four of each are asked about."""
    for section, words in WORDS.items():
        for number in range(8):
            chosen = [words[(number + step) % 8] for step in (0, 3, 5)]
            text = "\n".join(
                f"Report {number}{place}: {SENTENCES[(number + place) % 6].format(*chosen)}"
                for place in range(6)
            )
            yield {
                "id": f"{section}{number}",
                "cluster": f"{section}{number}",
                "lang": "en",
                "lang_declared": "en",
                "title": f"{chosen[0].capitalize()} and {chosen[1]} in the news",
                "section": section,
                "source": "desk" if number % 2 else "wire",
                "text": text,
                "split": "test" if number < 4 else "train",
            }


@pytest.fixture
def ask(request_to_run, tmp_path):
    """Give a function that has a served model answer a kind of task; each kind's gold is the documents' own."""
    import pyarrow as pa  # noqa: PLC0415 - same

    from harness.core.schema import DOCUMENTS  # noqa: PLC0415 - of this fixture alone

    schema = pa.schema([*DOCUMENTS, pa.field("split", pa.string())])
    documents = pa.Table.from_pylist(list(articles()), schema=schema)

    def start(kind, words_of, *, on_missing="fail", more=""):
        request = request_to_run(documents=documents, task=kind, system="tiny", on_missing=on_missing)
        request.tasks_file.write_text(f'[[tasks]]\nkind = "{kind}"\n', encoding="utf-8")
        task = derive_task(request)
        asking = Asking.of(task.brief, default_prompts()[kind].text)
        items = task.items.to_pylist()
        right = {asking.content(item["input"]): words_of(item) for item in items}

        def script(prompt, _times):
            words = right.get(prompt, "?")
            return completion(words) if isinstance(words, str) else words

        with stand_in_model(script) as model:
            declared = ["[[systems]]", 'name = "tiny"', f'uri = "{model.uri}"', "attempts = 1", more]
            (tmp_path / "systems.toml").write_text("\n".join(declared), encoding="utf-8")
            return run(request)

    return start


def in_words(item):
    """Write a reference as a model would that is right."""
    reference = item["reference"]
    return (", ".join(json.loads(reference)) or "None") if reference.startswith("[") else reference


DERIVED = sorted(kind for kind in KINDS if kind not in NOT_BY_CHAT and not KINDS[kind].is_annotated)


@pytest.mark.parametrize("kind", DERIVED)
def test_a_model_that_is_always_right_reaches_the_best_score(ask, kind):
    """What it is asked can be answered as it is asked to, for every kind that needs no annotations."""
    score = ask(kind, in_words).result.scores[0]
    assert score.value == (1.0 if score.higher_is_better else 0.0)


def test_every_kind_that_a_chat_can_do_has_a_prompt():
    """A new kind is asked about, or named among those that are not."""
    assert default_prompts().keys() >= KINDS.keys() - NOT_BY_CHAT
    assert not default_prompts().keys() & NOT_BY_CHAT
    assert all("{input}" in prompt.text for prompt in default_prompts().values())


CHATTER = {
    "topic": "The section is sports.",
    "source": "wire\ndesk",
    "near-duplicates": "They are different texts.",
    "residue": "Lines 2 and 3.",
    "cloze": "The word is stadium",
    "sentence-order": "The order is 1, 2, 3, 4, 5.",
    "punctuation": "Here it is:\nThe team met.",
    "spelling": "Sure!\nThe team met.",
}


@pytest.mark.parametrize("kind", CHATTER)
def test_words_around_an_answer_make_it_none_and_are_kept(ask, kind):
    """Reading an answer out of chatter would be guessing: it is unparsable, and shown as it was said."""
    with pytest.raises(NoEvidenceError, match="unparsable"):
        ask(kind, lambda _item: CHATTER[kind])
    first = []

    def once(item):
        first.append(item["item_id"])
        return CHATTER[kind] if len(first) == 1 else in_words(item)

    folder = ask(kind, once, on_missing="wrong")
    (row,) = [row for row in folder.items().to_pylist() if row["failure"]]
    assert (row["failure"], row["said"]) == ("unparsable", CHATTER[kind])


@pytest.mark.parametrize(("kind", "failed"), [("spelling", True), ("topic", False)])
def test_a_text_that_was_cut_off_is_no_answer_and_a_label_is_one(ask, kind, failed):
    """What ends at the limit of tokens would be scored as if the model had meant it."""

    def cut(item):
        return completion(in_words(item), finish_reason="length")

    if not failed:
        assert ask(kind, cut).result.failures == {}
        return
    with pytest.raises(NoEvidenceError, match="unparsable"):
        ask(kind, cut)


def test_a_label_that_was_not_offered_is_no_answer():
    """A section of the model's own is not wrong: it was not among those to choose from."""
    asking = Asking("topic", "{labels} {input}", ("Sports", "economy"))
    assert asking.answer("", " sports\n") == "Sports"
    assert asking.answer("", "weather") is None


def test_labels_come_from_what_may_be_learnt_from():
    """Those of the items would give away which sections are asked about."""
    examples = (Example("a", "sports"), Example("b", "economy"), Example("c", "sports"))
    asking = Asking.of(TaskBrief("topic", ("x",), examples=examples), "{labels}|{input}")
    assert asking.content("text") == "economy\nsports|text"


def test_braces_in_an_item_are_text():
    """An item that speaks of {labels} is not filled in."""
    asking = Asking("topic", "{input} of {labels}", ("a",))
    assert asking.content("{labels} {input} {language}") == "{labels} {input} {language} of a"


def test_kinds_with_structure_are_shown_as_people_would_read_them():
    """No JSON reaches the model."""
    shown = {
        "near-duplicates": ('["one","two"]', "First:\none\n\nSecond:\ntwo"),
        "residue": ("one\n\ntwo", "1: one\n2: \n3: two"),
        "sentence-order": ('["b","a"]', "1: b\n2: a"),
        "cloze": ('{"text":"a ____","options":["b","c"]}', "a ____\n\nb\nc"),
        "question-answering": ('{"context":"t","question":"q?"}', "t\n\nQuestion: q?"),
        "ner": ('["In","Rome"]', "In\nRome"),
    }
    for kind, (text, expected) in shown.items():
        assert Asking(kind, "{input}").content(text) == expected


def test_numbers_and_none_are_read_and_nothing_else():
    """A list of numbers is one in commas or blanks."""
    asking = Asking("residue", "{input}")
    assert asking.answer("", "none") == ()
    assert asking.answer("", "3, 4 7") == ("3", "4", "7")
    assert [asking.answer("", said) for said in ("", "3-5", "3.", "[3]", "three")] == [None] * 5


def test_a_question_that_the_text_does_not_answer_is_answered_by_none():
    """An empty answer of the task, and a word of the model, since nothing at all would be no answer."""
    asking = Asking("question-answering", "{input}")
    assert asking.answer("", "None") == ""
    assert asking.answer("", "in Rome ") == "in Rome"


def test_a_translation_is_asked_for_in_the_language_of_its_references():
    """The task says which one that is."""
    brief = TaskBrief("translation", ("x",), answer_lang="en")
    assert Asking.of(brief, "into {language}: {input}").content("نص") == "into en: نص"


def test_a_system_says_which_prompt_it_asks_by():
    """Ours by its version, the user's as such; either is in the fingerprint."""

    def identity(**options):
        settings = SystemSettings(name="m", uri="openai:http://localhost/v1#m", **options)
        return open_system("m", kind="topic", declared={"m": settings}).identity

    own = identity(prompts={"topic": "{labels}? {input}"})
    assert (identity().version, own.version) == ("prompt 1", "own prompt")
    assert identity().fingerprint != own.fingerprint


def test_a_prompt_of_the_users_is_sent_and_read_as_strictly(ask):
    """It may put the labels where it likes."""
    own = 'prompts = { topic = "Section of {input}? One of: {labels}" }'
    with pytest.raises(NoEvidenceError, match=r"unparsable: 8"):
        ask("topic", in_words, more=own)  # the server knows the default prompt's items alone, and says "?"
