"""Laws of annotations: one reading whatever the scheme, and every annotation of a file accounted for."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.core.schema import DOCUMENTS, RECORDS
from harness.evaluation.annotations.binding import Anchor, Beside
from harness.evaluation.annotations.conll import read_conll
from harness.evaluation.tasks.annotated import bound

SPANS = st.lists(st.tuples(st.sampled_from(["", "PER", "LOC"]), st.integers(1, 4)), min_size=1, max_size=8)
TEXTS = [f"هذا هو نص المقال رقم {number} من مقالات كثيرة" for number in range(6)]
ANCHORS = st.one_of(
    st.sampled_from([*(f"d{number}" for number in range(8)), "zz"]).map(lambda name: ({"id": name}, "")),
    st.sampled_from([*TEXTS, "من مقالات كثيرة", "ليس في أي مقال من المقالات", ""]).map(
        lambda text: ({}, text)
    ),
)


def tags_of(spans, scheme):
    """Write spans in a scheme."""
    tags, last = [], ""
    for kind, length in spans:
        if not kind:
            tags += ["O"] * length
        elif scheme == "iobes":
            tags += (
                [f"S-{kind}"] if length == 1 else [f"B-{kind}", *[f"I-{kind}"] * (length - 2), f"E-{kind}"]
            )
        else:
            opens = "B" if scheme == "bio" or last == kind else "I"
            tags += [f"{opens}-{kind}", *[f"I-{kind}"] * (length - 1)]
        last = kind
    return tags


@settings(deadline=None)
@given(spans=SPANS)
def test_the_same_names_are_read_whatever_the_scheme(tmp_path_factory, spans):
    """BIO, IOB1 and IOBES say one thing; what is read is the BIO."""
    path = tmp_path_factory.getbasetemp() / "scheme.conll"
    read = {}
    for scheme in ("bio", "iob1", "iobes"):
        rows = [f"w{number}\t{tag}" for number, tag in enumerate(tags_of(spans, scheme))]
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        (sentence,) = read_conll(path, scheme)
        read[scheme] = sentence.tags
    assert read["bio"] == read["iob1"] == read["iobes"] == tuple(tags_of(spans, "bio"))


@settings(deadline=None)
@given(
    annotations=st.lists(st.lists(ANCHORS, min_size=1, max_size=2), max_size=12),
    asked=st.sets(st.integers(0, 5)),
    copies=st.booleans(),
)
def test_every_annotation_ends_in_exactly_one_place(annotations, asked, copies):
    """Asked, elsewhere, dropped, unknown or ambiguous: the tally sums to the file, and only bound ones are asked."""
    rows = [
        {"id": f"d{number}", "text": text, "cluster": "c" if copies else f"c{number}"}
        for number, text in enumerate(TEXTS)
    ]
    refused = [{"id": "d6", "status": "rejected", "rule": "too-short"}, {"id": "d7", "status": "error"}]
    beside = Beside(
        kept=pa.Table.from_pylist(rows, schema=DOCUMENTS),
        records=lambda: pa.Table.from_pylist(refused, schema=RECORDS),
    )
    given_ = [
        (number, tuple(Anchor(f"line {number}", names, text) for names, text in anchors))
        for number, anchors in enumerate(annotations)
    ]
    found = bound(given_, "line", [row for number, row in enumerate(rows) if number in asked], beside)
    assert found.tally.total == len(annotations)
    assert found.tally.asked == len(found.asked)
    assert [number for number, _ in found.asked] == sorted(number for number, _ in found.asked)
    for number, documents in found.asked:
        assert len(documents) == len(annotations[number])
        for (names, text), document in zip(annotations[number], documents, strict=True):
            assert names.get("id", document["id"]) == document["id"]
            assert "".join(text.split()) in "".join(document["text"].split())
