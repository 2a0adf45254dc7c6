"""Tasks over whole texts: what is an answer, what a missing one costs, and runs that can be compared."""

import pyarrow as pa
import pytest

from harness.evaluation.alignment import RunItems
from harness.evaluation.comparison import compare
from harness.evaluation.tasks.bits_per_byte import read_bits
from harness.evaluation.tasks.tokenizer import read_tokens
from harness.workflows.run import derive_task, run


def with_splits(documents, splits):
    """Give the documents other splits."""
    position = documents.column_names.index("split")
    return documents.set_column(position, "split", pa.array(splits))


@pytest.mark.parametrize(
    ("output", "tokens"),
    [
        (("a", " b"), ("a", " b")),
        (["a"], ("a",)),
        ([], None),
        (["a", ""], None),
        ("a b", None),
        ([1], None),
    ],
)
def test_tokens_are_a_list_of_texts_that_are_not_empty(output, tokens):
    """A sentence is no list, and an empty token no token."""
    assert read_tokens(output) == tokens


@pytest.mark.parametrize(
    ("output", "bits"),
    [
        ("12.5", "12.5"),
        (" 0 ", "0"),
        ("1e3", "1e3"),
        ("nan", None),
        ("inf", None),
        ("-1", None),
        (["1"], None),
        ("", None),
    ],
)
def test_bits_are_a_number_at_least_zero(output, bits):
    """Nothing costs less than nothing, and NaN is no cost."""
    assert read_bits(output) == bits


@pytest.mark.parametrize(
    ("task", "better", "worse"),
    [("tokenizer", "token-bpe", "token-bytes"), ("bits-per-byte", "character-ngrams", "lzma")],
)
def test_runs_are_compared_in_the_direction_of_the_metric(documents, request_to_run, task, better, worse):
    """Fewer bits are better, more bytes a token are: the first of the comparison is the better one."""
    halves = with_splits(documents, ["train", "test", "train", "test", "train", "test", "test"])
    folders = [run(request_to_run(task=task, system=system, documents=halves)) for system in (worse, better)]
    compared = compare([RunItems(one.result, one.manifest.subject, one.items()) for one in folders], seed=0)
    assert [one.system.name for one in compared.runs] == [better, worse]
    assert compared.differences[0].metric == compared.runs[0].scores[0].metric


def test_the_text_is_its_own_reference(documents, request_to_run):
    """Blank texts are not asked; everything else is, whole."""
    task = derive_task(request_to_run(task="tokenizer"))
    assert task.references == task.items.column("input").to_pylist()
    assert task.subject.splits == ("validation", "test")
