"""Measuring with signals of the user's own, and holding what they give to the promises of their kind."""

from collections.abc import Callable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from harness.core.errors import ConfigurationError
from harness.core.signals import OwnSignal, SignalKind

# Records and gates show signals, and no text: a label is a code. A word of another script is one, a sentence is not.
_LABEL = r"^[\pL\pN][\pL\pM\pN ._:/+-]{0,63}$"

_IS_OF_TYPE: Mapping[SignalKind, Callable[[pa.DataType], bool]] = {
    "count": pa.types.is_integer,
    "share": pa.types.is_floating,
    "score": pa.types.is_floating,
    "flag": pa.types.is_boolean,
    "label": lambda kind: pa.types.is_string(kind) or pa.types.is_large_string(kind),
}
_PROMISES: Mapping[SignalKind, str] = {
    "count": "integers from 0 on",
    "share": "floats in [0, 1]",
    "score": "floats in [0, 1]",
    "flag": "booleans",
    "label": "codes of at most 64 letters, digits, blanks and ._:/+-, beginning with a letter or digit",
}


def measure_own(signal: OwnSignal, texts: pa.Array) -> pa.Array:
    """Measure texts, and check that what comes back is what the signal promises.

    Args:
        signal: Any exception of its `measure` passes through.
        texts: Published texts, type string.

    Returns:
        Type `signal.arrow_type`, one value a text; null where the text is, and where the signal says so.

    Raises:
        ConfigurationError: It gave no array, another number of values, another type, or a value that its kind
            does not have.
    """
    known = texts.drop_null()
    if not len(known):
        return pa.nulls(len(texts), signal.arrow_type)
    given = signal.measure(known)
    values = given.combine_chunks() if isinstance(given, pa.ChunkedArray) else given
    broken = _broken_promise(signal, values, len(known))
    if broken:
        raise ConfigurationError(
            f"the signal '{signal.name}' gave {broken}",
            where=f"signals: '{signal.name}'",
            remedy=f"mend the package that brings it: a {signal.kind} is an array of one value a text, "
            f"{_PROMISES[signal.kind]}, or null",
        )
    places = pa.array(pc.indices_nonzero(pc.is_valid(texts)))
    rows = pa.array(range(len(texts)), places.type)
    return values.cast(signal.arrow_type).take(pc.index_in(rows, places))


def _broken_promise(signal: OwnSignal, values: object, texts: int) -> str:
    if not isinstance(values, pa.Array):
        return f"no Arrow array but a {type(values).__name__}"
    if len(values) != texts:
        return f"{len(values)} values for {texts} texts"
    if not _IS_OF_TYPE[signal.kind](values.type):
        return f"values of type {values.type}"
    is_wrong = pc.invert(pc.fill_null(_is_allowed(signal.kind, values), True))
    if not pc.any(is_wrong, min_count=0).as_py():
        return ""
    if signal.kind == "label":  # which may be a piece of the text
        return "a label that is no code"
    return f"the value {values.filter(is_wrong)[0].as_py()}"


def _is_allowed(kind: SignalKind, values: pa.Array) -> pa.Array:
    if kind == "flag":
        return pa.repeat(True, len(values))
    if kind == "label":
        return pc.match_substring_regex(values, _LABEL)
    if kind == "count":
        return pc.greater_equal(values, pa.scalar(0, values.type))
    wide = values.cast(pa.float64())  # which holds each float of 16 or 32 bits as it is
    return pc.and_(pc.greater_equal(wide, 0.0), pc.less_equal(wide, 1.0))
