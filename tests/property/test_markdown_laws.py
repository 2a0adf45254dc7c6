"""Text from outside shows up in Markdown letter by letter, whatever it holds; a real renderer is the judge."""

import re

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from harness.text.markdown import code, plain, table
from harness.text.visible import visible

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKUP = st.text(st.sampled_from("ab 1.-+=#*_`~|<>[]()!\\&;:/@$\n\t'\"{}^wهـ\u202e"), max_size=24)


def _shown(markdown):
    """Render one block; give its kinds of blocks and inline pieces, and its text."""
    tokens = RENDERER.parse(markdown)
    inline = [piece for token in tokens if token.type == "inline" for piece in token.children]
    return (
        {token.type for token in tokens},
        {piece.type for piece in inline},
        "".join(piece.content for piece in inline),
    )


@given(st.one_of(MARKUP, st.text(max_size=24)))
@example("1. one")
@example("- item")
@example("---")
@example("&lt;")
@example("[a](b)")
@example("    code")
def test_plain_text_renders_as_itself(text):
    """Rendered, it is one paragraph of nothing but that text, without markup."""
    blocks, pieces, shown = _shown(plain(text))
    assert shown == visible(text).strip(" ")
    assert pieces <= {"text", "text_special"}
    assert blocks <= {"paragraph_open", "inline", "paragraph_close"}


@given(st.one_of(MARKUP, st.text(max_size=24)).filter(lambda text: visible(text).strip()))
def test_code_renders_as_itself(text):
    """Rendered, it is one code span of that text; a table's bar is escaped for the cell that it stands in."""
    _, pieces, shown = _shown(table(("Name",), [(code(text),)]))
    assert shown.removeprefix("Name").strip() == visible(text).strip()
    assert pieces == {"text", "code_inline"}


@given(st.lists(st.tuples(MARKUP, MARKUP), max_size=4))
def test_a_table_has_the_cells_that_it_was_given(rows):
    """No text adds or takes a cell or a row."""
    written = table(("A", "B"), [(plain(left), code(right or "x")) for left, right in rows], numbers=1)
    rendered = RENDERER.render(written)
    assert rendered.count("<tr>") == len(rows) + 1
    assert len(re.findall(r"<td", rendered)) == 2 * len(rows)
