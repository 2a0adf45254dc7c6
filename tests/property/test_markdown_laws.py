"""Text from outside shows up in Markdown letter by letter, whatever it holds; a real renderer is the judge."""

import re

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from harness.text.markdown import code, plain, table
from harness.text.visible import visible

RENDERER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKUP = st.text(st.sampled_from("ab 1.-+=#*_`~|<>[]()!\\&;:/@$\n\t'\"{}^wهـ\u202e"), max_size=24)


ANY_TEXT = st.one_of(MARKUP, st.text(max_size=24))
PLAIN = {"text", "text_special"}


def _shown(markdown):
    """Render one block; give its kinds of blocks and inline pieces, and its text."""
    tokens = RENDERER.parse(markdown)
    inline = [piece for token in tokens if token.type == "inline" for piece in token.children]
    return (
        {token.type.removesuffix("_open").removesuffix("_close") for token in tokens},
        {piece.type for piece in inline},
        "".join(piece.content for piece in inline if piece.type != "html_inline"),
    )


@given(ANY_TEXT)
@example("1. one")
@example("1) one")
@example("- item")
@example("   + item")
@example("---")
@example("&lt;")
@example("[a](b)")
@example("    code")
@example("\N{NO-BREAK SPACE}")
def test_plain_text_renders_as_itself(text):
    """Rendered, it is one paragraph of nothing but that text, without markup; blanks at its ends show nowhere."""
    blocks, pieces, shown = _shown(plain(text))
    assert shown.strip() == visible(text).strip()
    assert pieces <= PLAIN
    assert blocks <= {"paragraph", "inline"}


@given(ANY_TEXT)
@example(" leads in ")
@example("     ")
def test_plain_text_inside_a_line_keeps_every_blank(text):
    """Sentences are joined from pieces, and a piece may begin and end with a blank."""
    blocks, pieces, shown = _shown(f"a{plain(text)}b")
    assert shown == f"a{visible(text)}b"
    assert pieces <= PLAIN
    assert blocks == {"paragraph", "inline"}


@given(ANY_TEXT)
@example("C #")
def test_plain_text_is_a_heading_of_itself(text):
    """A heading's text takes no part in what makes it one."""
    blocks, pieces, shown = _shown(f"# {plain(text)}")
    assert shown.strip() == visible(text).strip()
    assert pieces <= PLAIN
    assert blocks == {"heading", "inline"}


@given(ANY_TEXT.filter(lambda text: visible(text).strip()))
@example("a|b")
@example("a\\|b")
@example(" a ")
def test_code_renders_as_itself_in_a_line_and_in_a_cell(text):
    """Rendered, it is that text set as code, whether bars part cells around it or not."""
    for markdown in (f"Name{code(text)}", table(("Name",), [(code(text),)])):
        _, pieces, shown = _shown(markdown)
        assert shown == f"Name{visible(text)}"
        assert pieces - PLAIN in ({"code_inline"}, {"html_inline"})


def test_code_of_nothing_is_nothing():
    """Two backticks without text between them would wait for two more."""
    assert code("") == ""


@given(st.lists(st.tuples(MARKUP, MARKUP), max_size=4))
def test_a_table_has_the_cells_that_it_was_given(rows):
    """No text adds or takes a cell or a row."""
    written = table(("A", "B"), [(plain(left), code(right)) for left, right in rows], numbers=1)
    rendered = RENDERER.render(written)
    assert rendered.count("<tr>") == len(rows) + 1
    assert len(re.findall(r"<td", rendered)) == 2 * len(rows)
