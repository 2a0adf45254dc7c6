"""Binding annotations to documents: by name, by text, and what is told of those that belong to none."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.errors import InputError
from harness.core.schema import DOCUMENTS, RECORDS
from harness.evaluation.annotations.binding import Anchor, Beside, Bond, bind
from harness.evaluation.annotations.finding import find_texts

TEXTS = {
    "a1": "افتتحت البلدية مكتبة جديدة في وسط المدينة.\nوحضر الافتتاح جمع من الطلاب.",
    "a2": "فاز فريق الساحل بالبطولة بعد مباراة طويلة.",
    "a3": "افتتحت البلدية مكتبة جديدة في وسط المدينة.\nوقال المدير إنها مفتوحة كل يوم.",
}


def beside(*, clusters=("c1", "c2", "c3")):
    """Make a version of three documents, one refused record beside them."""
    rows = [
        {
            "id": name,
            "text": text,
            "cluster": cluster,
            "locator": f"w/{name}.txt",
            "raw_sha256": f"sha-{name}",
        }
        for (name, text), cluster in zip(TEXTS.items(), clusters, strict=True)
    ]
    records = [
        {"id": "d1", "locator": "w/d1.txt", "status": "rejected", "rule": "too-short"},
        {"id": "a1", "locator": "w/a1.txt", "status": "kept"},
    ]
    return Beside(
        kept=pa.Table.from_pylist(rows, schema=DOCUMENTS),
        records=lambda: pa.Table.from_pylist(records, schema=RECORDS),
    )


def bonds(*anchors, **changed):
    """Bind annotations to the version."""
    return bind(anchors, beside(**changed))


@pytest.mark.parametrize("names", [{"id": "a2"}, {"locator": "w/a2.txt"}, {"raw_sha256": "sha-a2"}])
def test_a_document_is_found_by_each_of_its_names(names):
    """The id of the version, the place among the raw files, the hash of the raw bytes."""
    assert bonds(Anchor("f: line 1", names)) == [Bond("kept", 1)]


def test_a_name_is_believed_before_a_text_and_the_contradiction_is_told():
    """The text may have been cleaned since; or the name is wrong: somebody has to look."""
    (bond,) = bonds(Anchor("f: line 1", {"id": "a2"}, "وقال المدير إنها مفتوحة كل يوم."))
    assert (bond.row, bond.is_elsewhere) == (1, True)
    (bond,) = bonds(Anchor("f: line 1", {"id": "a3"}, "وقال المدير إنها مفتوحة كل يوم."))
    assert (bond.row, bond.is_elsewhere) == (2, False)


def test_two_names_of_different_documents_are_refused():
    """Either may be right."""
    with pytest.raises(InputError, match="different documents by id and locator") as raised:
        bonds(Anchor("f: line 9", {"id": "a1", "locator": "w/a2.txt"}))
    assert raised.value.where == "f: line 9"


@pytest.mark.parametrize("names", [{"id": "d1"}, {"locator": "w/d1.txt"}])
def test_a_document_that_was_dropped_is_told_with_its_rule(names):
    """So that whoever annotated it knows what became of it."""
    assert bonds(Anchor("f: line 1", names)) == [Bond("dropped", why="too-short")]


def test_what_names_nothing_is_unknown():
    """Neither a name that no record has, nor a text that stands nowhere, nor none at all."""
    nothing = (
        Anchor("a", {"id": "zz"}),
        Anchor("b", text="هذه جملة ليست في أي مقال."),
        Anchor("c"),
        Anchor("d", text="  "),
    )
    assert [bond.fate for bond in bonds(*nothing)] == ["unknown"] * 4


def test_a_text_of_several_documents_says_nothing_unless_they_are_copies():
    """Bound to one of them by chance, it might be learnt from in the other."""
    shared = Anchor("f: line 1", text="افتتحت البلدية مكتبة جديدة في وسط المدينة.")
    assert bonds(shared) == [Bond("ambiguous")]
    assert bonds(shared, clusters=("c1", "c2", "c1")) == [Bond("kept", 0)]


def test_blanks_tatweel_and_vowel_signs_do_not_keep_a_text_from_its_document():
    """Tokens were cut apart, and the published text was cleaned."""
    assert find_texts(
        ["فاز فريق الساحل بالبطولة بعد مباراة طويلة .", "فازَ فريـــق الساحل", "وسط المدينة . وحضر الافتتاح"],
        list(TEXTS.values()),
    ) == [(1,), (1,), (0,)]


def test_a_short_text_is_found_as_a_whole_line_alone():
    """Inside a line it would stand everywhere."""
    documents = ["قال نعم.\nثم ذهب.", "ثم ذهب. وعاد."]
    assert find_texts(["ثم ذهب.", "نعم", ""], documents) == [(0,), (), ()]


@settings(deadline=None)
@given(
    documents=st.lists(st.text("اب ج\n\0", max_size=60), max_size=6),
    place=st.integers(0, 5),
    start=st.integers(0, 40),
    length=st.integers(0, 30),
)
def test_what_was_cut_from_a_document_is_found_in_it(documents, place, start, length):
    """And in every other that holds it, and in no more: as a search through each by itself says."""
    wanted = documents[place % len(documents)][start : start + length] if documents else "ابج"
    packed = ["".join(text.replace("\0", " ").split()) for text in [wanted, *documents]]
    is_long = len(packed[0]) >= 12
    held = {row for row, text in enumerate(packed[1:]) if is_long and packed[0] in text}
    lines = {
        row
        for row, text in enumerate(documents)
        if packed[0] and packed[0] in {"".join(line.replace("\0", " ").split()) for line in text.split("\n")}
    }
    assert find_texts([wanted], documents) == [tuple(sorted(held | lines))]


def test_texts_are_found_as_a_plain_search_finds_them():
    """At any place, across the whole corpus, never across the border of two documents."""
    documents = [f"{number:04d} " + "abcdefghij" * 3 + f" end{number:04d}" for number in range(200)]
    wanted = [
        "hijend0007",
        f"{150:04d}abcdefghijabcdefghij",
        "abcdefghijabcdefghij",
        "end0007 0008abcdefghij",
    ]
    plain = [
        tuple(
            row
            for row, text in enumerate(documents)
            if "".join(one.split()) in "".join(text.split()) and len("".join(one.split())) >= 12
        )
        for one in wanted
    ]
    assert find_texts(wanted, documents) == plain
    assert plain[1] == (150,)
    assert len(plain[2]) == 200
    assert plain[3] == ()
