"""Annotation files: what a good one says, and what is told of a broken one: file, line and remedy."""

import json

import pytest

from harness.core.errors import ExitCode, InputError, NoEvidenceError, SeveralErrors
from harness.evaluation.annotations.conll import read_conll
from harness.evaluation.annotations.files import fingerprint_of
from harness.evaluation.annotations.pairs import read_pairs
from harness.evaluation.annotations.parallel import read_folder, read_json_lines, read_line_pairs
from harness.evaluation.annotations.squad import read_squad

CONTEXT = "افتتح الوزير سامر الحداد الطريق أمس."


def file_of(tmp_path, text, name="annotations.txt"):
    """Write a file."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def tags_of(tmp_path, rows, scheme="bio"):
    """Read the tags of one sentence, `token tag` a line."""
    (sentence,) = read_conll(file_of(tmp_path, "\n".join(rows)), scheme)
    return " ".join(sentence.tags)


def pairs_of(path):
    """Read pairs as similarity tasks do by default."""
    return read_pairs(path, lowest=0, highest=5)


def squad(*questions, context=CONTEXT):
    """Write a SQuAD file of one paragraph."""
    return json.dumps(
        {"data": [{"title": "t", "paragraphs": [{"context": context, "qas": list(questions)}]}]}
    )


def question(**changed):
    """Make a good question, with any key replaced."""
    return {
        "id": "q1",
        "question": "من افتتح الطريق؟",
        "answers": [{"text": "سامر الحداد", "answer_start": CONTEXT.index("سامر")}],
        **changed,
    }


def test_sentences_come_with_their_tokens_as_given(tmp_path):
    """Tabs or blanks, more columns, CRLF and a byte-order mark change nothing; line numbers are the file's."""
    text = "\ufeffسامر\tNNP\tB-PER\r\nالحداد\tNNP\tI-PER\r\n\r\n\r\nمن - O\r\nالرملة - B-LOC\r\n"
    first, second = read_conll(file_of(tmp_path, text), "bio")
    assert (first.tokens, first.tags) == (("سامر", "الحداد"), ("B-PER", "I-PER"))
    assert (second.number, second.tokens, second.tags) == (2, ("من", "الرملة"), ("O", "B-LOC"))
    assert second.anchor.place == "annotations.txt: line 5"


def test_comments_name_a_document_for_all_its_sentences(tmp_path):
    """Until the next document; a hash among tokens is a token, and other comments say nothing."""
    text = (
        "# newdoc id = a1\n# sent_id = 1\nقال O\n\n# text = x\n# O\nبدأ O\n\n# newdoc\nانتهى O\n\n"
        "-DOCSTART- -X- O\n\n# locator = w/2.txt\n# raw_sha256 = ff\nعاد O\n"
    )
    names = [dict(one.anchor.names) for one in read_conll(file_of(tmp_path, text), "bio")]
    assert names == [{"id": "a1"}, {"id": "a1"}, {}, {"locator": "w/2.txt", "raw_sha256": "ff"}]


@pytest.mark.parametrize(
    ("scheme", "given", "as_bio"),
    [
        ("bio", "B-PER I-PER B-PER O", "B-PER I-PER B-PER O"),
        ("iob1", "I-PER I-PER B-PER O I-LOC", "B-PER I-PER B-PER O B-LOC"),
        ("iob1", "I-PER I-LOC", "B-PER B-LOC"),
        ("iobes", "B-PER I-PER E-PER S-LOC O", "B-PER I-PER I-PER B-LOC O"),
    ],
)
def test_every_scheme_is_read_as_bio(tmp_path, scheme, given, as_bio):
    """What is asked and scored does not depend on how the annotators wrote it down."""
    assert tags_of(tmp_path, [f"w{n}\t{tag}" for n, tag in enumerate(given.split())], scheme) == as_bio


@pytest.mark.parametrize(
    ("scheme", "lines", "line", "what", "remedy"),
    [
        ("bio", ["قال O", "الوزير"], 2, "has no tag", "one token a line"),
        ("bio", ["قال O", "نيو يورك B-LOC"], 2, "3 columns, and those before it have 2", "by tabs"),
        ("bio", ["نيو يورك\tB-LOC", "قال\tVB\tO"], 2, "3 columns, and those", "by tabs"),
        ("bio", ["قال O", "سامر I-PER"], 2, "continues no span: before it stands O", "iob1"),
        ("bio", ["سامر B-PER", "الرملة I-LOC"], 2, "before it stands B-PER", "B-LOC"),
        ("bio", ["سامر I-PER"], 1, "before it stands nothing", "B-PER"),
        ("bio", ["سامر PER"], 1, "none of the scheme", "B-KIND"),
        ("bio", ["سامر S-PER"], 1, "none of the scheme", 'scheme = "iobes"'),
        ("iobes", ["سامر B-PER", "الحداد O"], 1, "ends without E-PER", "S-PER"),
        ("iobes", ["سامر B-PER", "الحداد I-PER"], 2, "ends without E-PER", "E-PER"),
        ("iobes", ["قال O", "سامر E-PER"], 2, "continues no span", "B-PER"),
    ],
)
def test_a_tag_that_cannot_stand_there_is_told_with_its_line(tmp_path, scheme, lines, line, what, remedy):
    """Repaired silently, a name would be scored that nobody annotated."""
    with pytest.raises(InputError, match=what) as raised:
        tags_of(tmp_path, lines, scheme)
    assert raised.value.where.endswith(f"annotations.txt: line {line}")
    assert remedy in raised.value.remedy
    assert raised.value.exit_code == ExitCode.BAD_INPUT


def test_a_token_may_hold_a_blank_where_tabs_part_the_columns(tmp_path):
    """Only the last column is the tag then."""
    (sentence,) = read_conll(file_of(tmp_path, "نيو يورك\tB-LOC\nقال\tO\n"), "bio")
    assert sentence.tokens == ("نيو يورك", "قال")


def test_of_many_mistakes_the_first_few_are_told_together(tmp_path):
    """A file in another format would give one a line."""
    with pytest.raises(SeveralErrors) as raised:
        read_conll(file_of(tmp_path, "كلمة\n" * 40), "bio")
    assert len(raised.value.errors) == 6
    assert raised.value.errors[-1].what == "35 further mistakes are in the file"


def test_questions_come_with_every_accepted_answer_once(tmp_path):
    """And with none where the context does not tell, in version 2's words."""
    answer = question()["answers"][0]
    path = file_of(
        tmp_path,
        squad(
            question(answers=[answer, answer, {"text": "الوزير", "answer_start": CONTEXT.index("الوزير")}]),
            question(id="q2", answers=[], is_impossible=True, plausible_answers=[answer]),
        ),
    )
    first, second = read_squad(path)
    assert (first.answers, first.context) == (("سامر الحداد", "الوزير"), CONTEXT)
    assert second.answers == ()


@pytest.mark.parametrize(
    ("asked", "what", "remedy"),
    [
        (question(answers=[{"text": "سامر الحداد", "answer_start": 3}]), "does not stand at 3", "first stands at 13"),
        (question(answers=[{"text": "سامر حداد", "answer_start": 14}]), "does not stand", "copy it from there"),
        (question(answers=[{"text": "سامر", "answer_start": -1}]), "does not stand at -1", "first stands at"),
        (question(answers=[{"text": "سامر", "answer_start": "14"}]), "whole number", "SQuAD"),
        (question(answers=[{"text": "سامر", "answer_start": True}]), "whole number", "SQuAD"),
        (question(answers=[]), "has no answer", "is_impossible"),
        (question(is_impossible=True), "impossible and has answers", "plausible_answers"),
        (question(question=" "), "no 'id' or no 'question'", "SQuAD"),
        (question(answers={"text": "x"}), "no list of objects", "SQuAD"),
    ],
)  # fmt: skip
def test_a_question_that_does_not_fit_its_context_is_told_with_its_place(tmp_path, asked, what, remedy):
    """An answer at another offset was shifted by somebody's cleaning, and marks other words."""
    with pytest.raises(InputError, match=what) as raised:
        read_squad(file_of(tmp_path, squad(asked)))
    assert "annotations.txt: data[0].paragraphs[0].qas[0]" in raised.value.where
    assert remedy in raised.value.remedy


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"data": [NaN]}', "NaN is not JSON"),
        ('{"data": ["\\ud83d"]}', "half of a surrogate pair"),
        ('{"questions": []}', "no list of objects called 'data'"),
        ('{"data": [{"paragraphs": "x"}]}', "no list of objects called 'paragraphs'"),
        ('{"data": [{"paragraphs": [{"qas": []}]}]}', "no 'context'"),
        (squad(question(), question()), "several questions have one id"),
    ],
)
def test_a_file_that_is_no_squad_is_refused(tmp_path, text, what):
    """By what is missing and where it was looked for."""
    with pytest.raises(InputError, match=what) as raised:
        read_squad(file_of(tmp_path, text))
    assert "annotations.txt" in raised.value.where


def test_pairs_are_read_from_tsv_and_from_json_lines_alike(tmp_path):
    """Columns come in any order; an id that is not given is the line's number."""
    tsv = file_of(tmp_path, "score\tsecond\tfirst\tfirst_id\n2.5\tب\tا\td1\n", "pairs.tsv")
    jsonl = file_of(
        tmp_path,
        '\n{"first": "ا", "second": "ب", "score": 2.5, "first_id": "d1", "id": "L2"}\n',
        "pairs.jsonl",
    )
    (one,), (other,) = pairs_of(tsv), pairs_of(jsonl)
    assert (one.id, one.texts, one.score) == (other.id, other.texts, other.score) == ("L2", ("ا", "ب"), 2.5)
    assert one.anchors[0].names == {"id": "d1"}
    assert one.anchors[1].names == {}


@pytest.mark.parametrize(
    ("name", "text", "line", "what"),
    [
        ("p.tsv", "first\tsecond\tscore\nا\tب\t5.5\n", 2, "5.5 lies outside 0 to 5"),
        ("p.tsv", "first\tsecond\tscore\nا\tب\t1\nا\tب\tnan\n", 3, "no number: 'nan'"),
        ("p.tsv", "first\tsecond\tscore\nا\tب\tمرتفع\n", 2, "no number"),
        ("p.tsv", "first\tsecond\tscore\nا\tب\n", 2, "2 cells under 3 columns"),
        ("p.tsv", "first\tsecond\tscore\nا\t \t1\n", 2, "lacks one of its texts"),
        ("p.tsv", "ا\tب\t1\n", 1, "no header of pairs"),
        ("p.tsv", "", 1, "no header of pairs"),
        ("p.jsonl", '{"first": "ا", "second": "ب", "score": NaN}', 1, "NaN is not JSON"),
        ("p.jsonl", '{"first": "ا", "second": "ب", "score": true}', 1, "no number"),
        ("p.jsonl", '["ا", "ب", 1]', 1, "no object"),
        ("p.tsv", b"first\tsecond\tscore\n\xc7\t\xc8\t1\n", 2, "not UTF-8"),
    ],
)
def test_a_pair_without_a_score_in_the_range_is_told_with_its_line(tmp_path, name, text, line, what):
    """A score that is no number would be in every sum."""
    with pytest.raises(InputError, match=what) as raised:
        pairs_of(file_of(tmp_path, text, name))
    assert raised.value.where.endswith(f"{name}: line {line}")
    assert raised.value.remedy


def test_two_pairs_of_one_id_are_refused(tmp_path):
    """Answers are told apart by it."""
    text = "id\tfirst\tsecond\tscore\np\tا\tب\t1\np\tج\tد\t2\n"
    with pytest.raises(InputError, match="several pairs have one id"):
        pairs_of(file_of(tmp_path, text, "p.tsv"))


def test_sides_of_different_lengths_are_refused_with_both_lengths(tmp_path):
    """From the missing line on, every sentence would be held against its neighbour."""
    source = file_of(tmp_path, "one\ntwo\nthree\n", "a.en")
    target = file_of(tmp_path, "واحد\nاثنان\n", "a.ar")
    with pytest.raises(InputError, match=r"3 lines here, 2 in a\.ar") as raised:
        read_line_pairs(source, target)
    assert raised.value.where == str(source)
    assert "same line of both" in raised.value.remedy


def test_a_line_that_is_blank_on_one_side_is_told(tmp_path):
    """Blank on both sides it says nothing."""
    source = file_of(tmp_path, "one\n\n\n", "a.en")
    target = file_of(tmp_path, "واحد\n\nثلاثة\n", "a.ar")
    with pytest.raises(InputError, match=r"blank, and its other side in a\.ar is not") as raised:
        read_line_pairs(source, target)
    assert raised.value.where.endswith("a.en: line 3")
    target.write_text("واحد\n\n\n", encoding="utf-8")
    assert [(one.source, one.text) for one in read_line_pairs(source, target)] == [("one", "واحد")]


def test_a_folder_of_translations_names_documents_by_its_files(tmp_path):
    """By the name without its ending, or by where the file lies; hidden files are none."""
    (tmp_path / "en" / "wire").mkdir(parents=True)
    for name, text in (("wire/7.txt", "Seven.\r\nEight.\n"), (".note", "x"), ("3.txt", "Three.")):
        (tmp_path / "en" / name).write_bytes(text.encode())
    found = {one.text: dict(one.anchor.names) for one in read_folder(tmp_path / "en")}
    assert found == {
        "Three.": {"id": "3", "locator": "3.txt"},
        "Seven.\nEight.": {"id": "wire/7", "locator": "wire/7.txt"},
    }


@pytest.mark.parametrize(
    "text", ['{"text": "x"}', '{"id": "a", "text": " "}', '{"id": "a"}', "[]", '{"id": "a", "text": 1}']
)
def test_a_translation_of_nothing_is_refused(tmp_path, text):
    """It needs a text, and what names or holds the source."""
    with pytest.raises(InputError, match="no translation of anything") as raised:
        read_json_lines(file_of(tmp_path, text))
    assert raised.value.where.endswith("annotations.txt: line 1")


@pytest.mark.parametrize(
    "read",
    [lambda path: read_conll(path, "bio"), read_squad, pairs_of, read_json_lines, fingerprint_of],
)
def test_annotations_that_are_not_there_are_no_gold(tmp_path, read):
    """Exit code 4, as for any other task without gold."""
    with pytest.raises(NoEvidenceError, match=r"annotations .* are not there") as raised:
        read(tmp_path / "absent")
    assert raised.value.exit_code == ExitCode.NO_EVIDENCE


def test_an_empty_folder_and_a_blank_file_are_told(tmp_path):
    """The one is no gold, the other a mistake."""
    with pytest.raises(NoEvidenceError, match="empty"):
        read_folder(tmp_path)
    file_of(tmp_path, " \n", "a.txt")
    with pytest.raises(InputError, match="blank"):
        read_folder(tmp_path)
