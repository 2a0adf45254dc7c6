"""Baselines of annotated tasks: what they learn, and what they answer to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import ConfigurationError
from harness.evaluation.tasks import TaskBrief
from harness.evaluation.texts.spans import is_bio, span_f1
from harness.systems.answer_finders import first_sentence, overlap_window, sentences_of
from harness.systems.registry import open_system
from harness.systems.taggers import commonest_tag, known_names, word_tags
from harness.systems.text_similarity import ngram_cosine, word_overlap
from harness.systems.translators import nearest_translation
from harness.systems.word_lexicon import learnt_lexicon

SENTENCES = [
    (["زار", "سامر", "الحداد", "ميناء", "السلام"], ("O", "B-PER", "I-PER", "B-LOC", "I-LOC")),
    (["عاد", "سامر", "من", "السلام"], ("O", "B-PER", "O", "B-LOC")),
    (["قال", "الحداد"], ("O", "O")),
]
CONTEXT = (
    "افتتحت المدرسة يوم الأحد. حضر الافتتاح 3.5 ألف زائر؛ وقال المدير إن الدروس تبدأ غدا.\nوانتهى الحفل مساء!"
)


def test_known_names_are_found_whole_the_longest_first():
    """A name inside a longer one is not found twice, and a word of one alone is no name."""
    tag = known_names(SENTENCES)
    assert tag(["وصل", "سامر", "الحداد", "إلى", "ميناء", "السلام"]) == (
        "O", "B-PER", "I-PER", "O", "B-LOC", "I-LOC",
    )  # fmt: skip
    assert tag(["الحداد", "سامر", "السَّلام"]) == ("O", "B-PER", "B-LOC")
    assert known_names([(["لا", "اسم"], ("O", "O"))])(["سامر"]) == ("O",)


def test_a_word_has_the_tag_that_it_had_most_and_no_name_begins_inside():
    """Of equally common tags the first by name; an I that continues nothing opens a name of its kind."""
    tag = word_tags(SENTENCES)
    assert tag(["سامر", "جديد"]) == ("B-PER", "O")
    assert word_tags([(["ا", "ب"], ("B-X", "I-X"))])(["ب", "ب", "ا", "ب"]) == ("B-X", "I-X", "B-X", "I-X")
    assert commonest_tag(SENTENCES)(["سامر", "ا"]) == ("O", "O")


@settings(deadline=None)
@given(st.lists(st.sampled_from(["سامر", "الحداد", "ميناء", "السلام", "زار", "غد"]), min_size=1, max_size=12))
def test_every_tagger_gives_one_tag_a_token_that_can_be_scored(words):
    """Whatever the words, no I without its B."""
    for learn in (known_names, word_tags, commonest_tag):
        tags = learn(SENTENCES)(words)
        assert len(tags) == len(words)
        assert all(map(is_bio, tags))
        counts = span_f1().statistics([tags], [tags])[0]
        named = sum(tag != "O" for tag in tags)
        assert counts[0] == counts[1] == counts[2] == sum(tag[0] == "B" for tag in tags)
        assert (counts[0] == 0) == (named == 0)


def test_sentences_end_before_a_blank_or_a_line_break():
    """A point inside a number does not end one."""
    assert sentences_of(CONTEXT) == [
        "افتتحت المدرسة يوم الأحد.",
        "حضر الافتتاح 3.5 ألف زائر؛ وقال المدير إن الدروس تبدأ غدا.",
        "وانتهى الحفل مساء!",
    ]
    assert first_sentence(CONTEXT, "متى؟") == "افتتحت المدرسة يوم الأحد."


def test_the_window_is_what_the_question_does_not_say_of_the_sentence_nearest_to_it():
    """Without a word in common the text is taken not to answer."""
    assert overlap_window(CONTEXT, "متى افتتحت المدرسة؟") == "يوم الأحد."
    assert overlap_window(CONTEXT, "كم الساعة؟") == ""


@settings(deadline=None)
@given(first=st.text(max_size=30), second=st.text(max_size=30))
def test_likeness_lies_between_nothing_and_one_and_does_not_care_who_is_first(first, second):
    """A text is as like itself as anything can be."""
    for likeness in (ngram_cosine, word_overlap):
        assert 0 <= likeness(first, second) <= 1 + 1e-9
        assert likeness(first, second) == pytest.approx(likeness(second, first))
        assert likeness(first, first) == pytest.approx(1)


def test_a_lexicon_tells_words_apart_by_the_lines_that_they_share():
    """Though every word stands beside every other of its line; an unknown word stays as it is."""
    translate = learnt_lexicon(
        [("the house", "البيت الكبير"), ("the house is new", "البيت جديد"), ("new book", "كتاب جديد"), ("the book", "كتاب")]
    )  # fmt: skip
    assert translate("new house 1998") == "جديد البيت 1998"
    assert translate("") == ""


def test_documents_of_as_many_lines_are_learnt_from_line_by_line():
    """Otherwise a word would stand beside all of the document."""
    by_line = learnt_lexicon([("red\nblue", "أحمر\nأزرق")])
    assert by_line("blue red") == "أزرق أحمر"


def test_the_memory_gives_the_translation_of_the_nearest_source():
    """Whole, as it stands in train."""
    translate = nearest_translation([("the port is open", "الميناء مفتوح"), ("rain fell", "هطل المطر")])
    assert translate("heavy rain fell today") == "هطل المطر"


@pytest.mark.parametrize(
    ("system", "kind"),
    [("known-names", "ner"), ("word-lexicon", "translation"), ("copy-source", "translation")],
)
def test_who_learns_refuses_a_task_without_examples(system, kind):
    """It would answer by nothing."""
    with pytest.raises(ConfigurationError, match="learns from examples"):
        open_system(system, kind=kind).prepare(TaskBrief(kind, ("a",)))
