"""Profiles of cleaning rules, run over one text or over a column, with every change written down."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from harness.core.errors import ConfigurationError, HarnessError
from harness.core.settings import suggestion
from harness.text.edits import Edit, ReplayError, applied, replay, undo
from harness.text.rules.arabic import latin_stops, spaced_punctuation
from harness.text.rules.base import CleaningRule
from harness.text.rules.encoding import controls, mojibake, newlines
from harness.text.rules.glyphs import nfc, no_break_spaces, presentation_forms, zero_width
from harness.text.rules.joins import broken_paragraph
from harness.text.rules.residue import RESIDUE_RULES, news_ar_end_residue, read_also, safe_end_residue
from harness.text.rules.wrapped import wrapped_lines

__all__ = [
    "EDITS_SCHEMA",
    "PROFILES",
    "PROFILE_VERSION",
    "RESIDUE_RULES",
    "Cleaned",
    "CleaningRule",
    "Edit",
    "ReplayError",
    "clean",
    "clean_batch",
    "clean_by_source",
    "profile_rules",
    "replay",
    "stage_versions",
    "undo",
]

# Raised when the order of rules or the way they are run changes; a rule's own change raises its version.
PROFILE_VERSION = "1"

# Wrong readings come first, since every later rule would hide their bytes; residue comes before
# punctuation and joins, which look at the end of the text.
_CHARACTERS = (mojibake, newlines, controls, zero_width, no_break_spaces, presentation_forms, nfc)
PROFILES: Mapping[str, tuple[CleaningRule, ...]] = {
    "safe": (*_CHARACTERS, safe_end_residue),
    "news-ar": (
        *_CHARACTERS,
        read_also,
        news_ar_end_residue,
        latin_stops,
        spaced_punctuation,
        wrapped_lines,
        broken_paragraph,
    ),
}

EDITS_SCHEMA = pa.schema(
    [
        pa.field("row", pa.int64()),  # in the batch
        pa.field("seq", pa.int32()),  # from 0 in each row
        pa.field("rule", pa.string()),
        pa.field("start", pa.int64()),  # code points, in the text before this edit
        pa.field("before", pa.string()),
        pa.field("after", pa.string()),
    ]
)

# A pattern is compiled anew for every column (up to 0.3 ms), a joint one of several for as long as all of them
# together: less text than this is sooner searched by one rule after another than by halves.
_LITTLE_BYTES = 300_000
# Every rule makes something fewer that no other rule makes more, so two or three passes are the rule.
_MAX_PASSES = 50


# Tells by the names of rules which texts they may find something in, shape (rows,), bool: in all others they find
# nothing. Rules that it does not name are searched for; None, where it tells nothing, leaves that to all patterns.
Signs = Callable[[pa.StringArray], Mapping[str, npt.NDArray[np.bool_]] | None]


def without_signs(_text: pa.StringArray) -> None:
    """Tell nothing, so that every pattern is searched."""


@dataclass(frozen=True)
class Cleaned:
    """A column of cleaned texts and the edits that made it, by `EDITS_SCHEMA`, in order of row and seq."""

    text: pa.StringArray
    edits: pa.RecordBatch


def profile_rules(profile: str) -> tuple[CleaningRule, ...]:
    """Give the rules of a profile in the order in which they run.

    Raises:
        ConfigurationError: There is no such profile.
    """
    if profile not in PROFILES:
        raise ConfigurationError(
            f"no cleaning profile is called '{profile}'", remedy=suggestion(profile, list(PROFILES))
        )
    return PROFILES[profile]


def stage_versions(profile: str) -> dict[str, str]:
    """Name what decides how texts are cleaned, with versions, for a version's identity."""
    rules = {f"clean.{rule.name}": rule.version for rule in profile_rules(profile)}
    return {f"clean.profile.{profile}": PROFILE_VERSION, **rules}


def clean(text: str, profile: str, learnt: Sequence[CleaningRule] = ()) -> tuple[str, tuple[Edit, ...]]:
    """Clean one text: rule after rule, again until a whole pass changes nothing.

    So cleaning a second time changes nothing, whatever one rule lays bare for another.

    Raises:
        ConfigurationError: There is no such profile.
    """
    rules = (*profile_rules(profile), *learnt)
    edits: list[Edit] = []
    for _ in range(_MAX_PASSES):
        known = len(edits)
        for rule in rules:
            text, made = applied(text, rule.find(text), rule.name)
            edits += made
        if len(edits) == known:
            return text, tuple(edits)
    raise _endless(profile)


def clean_batch(
    text: pa.StringArray,
    profile: str,
    learnt: Sequence[CleaningRule] = (),
    signs: Signs = without_signs,
) -> Cleaned:
    """Clean a column; equal to `clean` on each text, nulls stay null.

    Only texts that a rule suspects become Python objects; the others are passed through.

    Args:
        text: Texts, shape (rows,).
        profile: Name of the profile.
        learnt: Rules for these texts' source alone, which run behind those of the profile.
        signs: Tells sooner than patterns do which rules have nothing to find; changes nothing but the time.

    Raises:
        ConfigurationError: There is no such profile.
    """
    rules = (*profile_rules(profile), *learnt)
    work = _Work(text, _suspected_by(text, rules, signs))
    for _ in range(_MAX_PASSES):
        if not work.suspected.any():
            return work.done()
        _one_pass(work, rules, signs)
    raise _endless(profile)


def clean_by_source(
    text: pa.StringArray,
    source: pa.StringArray,
    profile: str,
    learnt: Mapping[str | None, Sequence[CleaningRule]],
    signs: Signs = without_signs,
) -> Cleaned:
    """Clean a column whose texts come from several sources, each with the rules that were learnt for it.

    Args:
        text: Texts, shape (rows,).
        source: Where each text comes from; null where that is not known.
        profile: Name of the profile.
        learnt: Rules by source; None stands for texts without one.
        signs: As for `clean_batch`.

    Raises:
        ConfigurationError: There is no such profile.
    """
    if not learnt:
        return clean_batch(text, profile, signs=signs)
    encoded = source.dictionary_encode()
    names = [*encoded.dictionary.to_pylist(), None]
    codes = pc.fill_null(encoded.indices, len(names) - 1).to_numpy()
    parts: list[pa.Table] = []
    for code, name in enumerate(names):
        rows = np.flatnonzero(codes == code)
        cleaned = clean_batch(text.take(pa.array(rows)), profile, learnt.get(name, ()), signs)
        text = _with_values(text, rows, cleaned.text)
        moved = pa.array(rows).take(cleaned.edits["row"])
        parts.append(pa.Table.from_batches([cleaned.edits.set_column(0, EDITS_SCHEMA.field("row"), moved)]))
    edits = pa.concat_tables(parts).sort_by([("row", "ascending"), ("seq", "ascending")]).combine_chunks()
    return Cleaned(text, edits.to_batches()[0] if edits.num_rows else _edits_table({}))


@dataclass
class _Work:
    """A column that is being cleaned.

    Args:
        text: As it came.
        suspected: Which rules may still find something in which texts, shape (rules, rows), bool.
        current: The texts that a rule has looked into, as they are now, by row.
        ledger: The edits so far, in order, by row.
    """

    text: pa.StringArray
    suspected: npt.NDArray[np.bool_]
    current: dict[int, str] = field(default_factory=dict)
    ledger: dict[int, list[Edit]] = field(default_factory=dict)

    def look(self, row: int, rule: CleaningRule) -> bool:
        """Run a rule over a text; say whether it found something."""
        before = self.current[row] if row in self.current else self.text[row].as_py()
        self.current[row], edits = applied(before, rule.find(before), rule.name)
        if edits:
            self.ledger.setdefault(row, []).extend(edits)
        return bool(edits)

    def done(self) -> Cleaned:
        """Put the changed texts into the column."""
        rows = sorted(self.ledger)
        values = pa.array([self.current[row] for row in rows], pa.string())
        return Cleaned(_with_values(self.text, np.array(rows, np.int64), values), _edits_table(self.ledger))


def _one_pass(work: _Work, rules: Sequence[CleaningRule], signs: Signs) -> None:
    """Run every rule once over the texts in which it may find something.

    What it has changed is looked at anew, for the rules behind it in this pass and for all others in the next one.
    """
    for number, rule in enumerate(rules):
        rows = np.flatnonzero(work.suspected[number]).tolist()
        work.suspected[number] = False
        if changed := [row for row in rows if work.look(row, rule)]:
            column = pa.array([work.current[row] for row in changed], pa.string())
            work.suspected[:, changed] = _suspected_by(column, rules, signs)


def _suspected_by(text: pa.StringArray, rules: Sequence[CleaningRule], signs: Signs) -> npt.NDArray[np.bool_]:
    """Tell which rules may find something in which texts; shape (rules, rows), bool."""
    told = signs(text) if len(text) else None
    if told is None:
        return _matched_by(text, rules)
    found = np.zeros((len(rules), len(text)), bool)
    searched = [number for number, rule in enumerate(rules) if rule.name not in told]
    found[searched] = _matched_by(text, [rules[number] for number in searched])
    for number, rule in enumerate(rules):
        if rule.name in told:
            found[number] = told[rule.name]
    return found


def _matched_by(text: pa.StringArray, rules: Sequence[CleaningRule]) -> npt.NDArray[np.bool_]:
    """Tell the same by the rules' patterns alone."""
    found = np.zeros((len(rules), len(text)), bool)
    if text.nbytes < _LITTLE_BYTES:
        for number, rule in enumerate(rules if len(text) else ()):
            found[number, _suspects(text, rule.suspect)] = True
    elif rules:
        rows = _suspects(text, _joint_pattern(rules))
        found[:, rows] = _narrowed(text.take(pa.array(rows)), rules)
    return found


def _narrowed(text: pa.StringArray, rules: Sequence[CleaningRule]) -> npt.NDArray[np.bool_]:
    """Tell the same of texts that match one of the rules at least, by halves: most match a single one.

    What no rule of one half suspects is suspected by the other, without looking again.
    """
    if len(rules) == 1 or not len(text):
        return np.ones((len(rules), len(text)), bool)
    if text.nbytes < _LITTLE_BYTES:
        return _matched_by(text, rules)
    half = len(rules) // 2
    by_first = _matched_by(text, rules[:half])
    in_first = by_first.any(axis=0)
    by_second = np.zeros((len(rules) - half, len(text)), bool)
    for rows, narrow in ((in_first, _matched_by), (~in_first, _narrowed)):
        by_second[:, rows] = narrow(text.filter(pa.array(rows)), rules[half:])
    return np.concatenate([by_first, by_second])


def _joint_pattern(rules: Sequence[CleaningRule]) -> str:
    return "|".join(f"(?:{rule.suspect})" for rule in rules)


def _suspects(text: pa.StringArray, pattern: str) -> npt.NDArray[np.int64]:
    """Give the rows that match, ascending; shape (suspects,), int64. Nulls match nothing."""
    return np.flatnonzero(np.asarray(pc.fill_null(pc.match_substring_regex(text, pattern), False)))


def _with_values(text: pa.StringArray, rows: npt.NDArray[np.int64], values: pa.StringArray) -> pa.StringArray:
    if not len(rows):
        return text
    mask = np.zeros(len(text), bool)
    mask[rows] = True
    return pc.replace_with_mask(text, pa.array(mask), values)


def _edits_table(ledger: Mapping[int, Sequence[Edit]]) -> pa.RecordBatch:
    entries = [(row, seq, edit) for row in sorted(ledger) for seq, edit in enumerate(ledger[row])]
    columns = [
        pa.array([row for row, _, _ in entries], pa.int64()),
        pa.array([seq for _, seq, _ in entries], pa.int32()),
        pa.array([edit.rule for *_, edit in entries], pa.string()),
        pa.array([edit.start for *_, edit in entries], pa.int64()),
        pa.array([edit.before for *_, edit in entries], pa.string()),
        pa.array([edit.after for *_, edit in entries], pa.string()),
    ]
    return pa.record_batch(columns, schema=EDITS_SCHEMA)


def _endless(profile: str) -> HarnessError:
    return HarnessError(
        "two cleaning rules undo each other", where=f"profile '{profile}'", remedy="report this as a bug"
    )
