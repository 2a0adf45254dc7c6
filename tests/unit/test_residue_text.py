"""Proposals are TOML that a recipe takes as it is, whatever the line holds."""

import tomllib

from harness.curation.residue import Proposal
from harness.reports.residue_text import residue_text


def test_a_hostile_line_is_pasted_as_it_was_and_moves_no_terminal():
    """Escapes and direction controls are written as TOML escapes, and read back the same."""
    line = 'تابعونا "هنا" \\ \x1b[31m \u202eمعكوس # #'
    text = residue_text([Proposal("مصدر\u202e", "end", line, 5, 9, 0.27, ("a\x1b", "b"))])
    assert "\x1b" not in text
    assert "\u202e" not in text
    (entry,) = tomllib.loads(text)["residue"]
    assert entry == {"source": "مصدر\u202e", "at": "end", "line": line}
