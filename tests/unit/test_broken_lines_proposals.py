"""How a source breaks its lines is proposed with evidence, and what authors break themselves is not."""

import textwrap
import tomllib

import pyarrow as pa

from harness.curation.broken_lines import BrokenLinesProposal, before_joins, propose_broken_lines
from harness.reports.residue_text import residue_text
from harness.text.cleaning import clean_batch

PROSE = (
    "افتتح المجلس البلدي حديقة جديدة على ضفة النهر. ويتوقع أن تستقبل آلاف الزوار في عطلة الربيع. وقال رئيس المجلس إن "
    "العمل فيها استمر عامين كاملين وإن كلفتها لم تتجاوز ما خصص لها في الميزانية."
)
VERSE = "قف بالديار التي لم يعفها القدم بلى وغيرها الأرواح والديم"


def corpus(texts, cluster=str):
    """Make the columns that proposals are read from."""
    return pa.table(
        {
            "id": [str(n) for n in range(len(texts))],
            "text": texts,
            "source": pa.array([None] * len(texts), pa.string()),
            "cluster": [cluster(n) for n in range(len(texts))],
        }
    )


def _wrapped(number):
    return "\n".join(textwrap.wrap(f"{number} {PROSE}", 60, break_long_words=False))


def test_a_source_that_wraps_is_proposed_with_its_width():
    """The width explains every line end; a source without a name is proposed as that."""
    (proposal,) = propose_broken_lines(corpus([_wrapped(n) for n in range(8)]))
    assert (proposal.source, proposal.documents, proposal.of) == ("", 8, 8)
    assert proposal.width is not None
    assert 50 < proposal.width <= 60
    assert proposal.breaks == proposal.places > 8
    assert 0.6 < proposal.confidence < 1


def test_copies_of_one_article_are_no_evidence():
    """Eight wrapped copies are one cluster."""
    assert propose_broken_lines(corpus([_wrapped(n) for n in range(8)], cluster=lambda _: "one")) == []


def test_verses_and_sound_paragraphs_are_not_proposed():
    """Lines of one length without a sentence's end inside are an author's; so are paragraphs with their stops."""
    verses = corpus(["\n".join(VERSE for _ in range(6)) for _ in range(8)])
    assert propose_broken_lines(verses) == []
    assert propose_broken_lines(corpus([f"{PROSE}\n\n{PROSE}"] * 8)) == []
    assert propose_broken_lines(corpus([])) == []


def test_what_cleaning_has_joined_is_seen_as_it_was():
    """A version whose texts told themselves shows the breaks that its ledger holds."""
    long = "\n".join(textwrap.wrap(f"{PROSE} {PROSE}", 60, break_long_words=False))
    table = corpus([long] * 4)
    cleaned = clean_batch(table["text"].combine_chunks(), "news-ar")
    assert cleaned.text[0].as_py().count("\n") < long.count("\n") / 2
    edits = pa.Table.from_batches([cleaned.edits])
    ids = pa.array([str(row) for row in edits["row"].to_pylist()])
    published = table.set_column(1, "text", cleaned.text)
    assert before_joins(published, edits.append_column("id", ids)).equals(table)


def test_a_proposal_is_toml_that_a_recipe_takes_whatever_the_source_is_called():
    """Names from outside are escaped; what is not known is left out."""
    made = [
        BrokenLinesProposal("مصدر\u202e\x1b", 70, 5, 9, 40, 44, 0.51, ("a\x1b",)),
        BrokenLinesProposal("", None, 5, 9, 12, 60, 0.12, ("b",)),
    ]
    text = residue_text([], made)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert tomllib.loads(text) == {"broken_lines": [{"source": "مصدر\u202e\x1b", "width": 70}, {}]}
