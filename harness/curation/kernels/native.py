"""Calling machine code with arrays and numbers, laid out as numba's compiled functions take them.

Numba's own way in checks and unpacks arguments too, but to load it costs a process 0.7 s; this needs `ctypes` alone.
"""

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

_POINTER, _NUMBER = "ptr", "i64"
# What a compiled function gives back beside its result: it went well, or well with a result of None.
_WENT_WELL = frozenset({0, -2})


class UnknownLayoutError(TypeError):
    """An argument is neither an array, nor a 64-bit integer, nor a tuple of such; or numba lays them out in another way."""


class NativeError(ArithmeticError):
    """Machine code ended with an error, such as a division by zero."""


def kind(argument: Any) -> str:
    """Describe an argument: all that machine code for it hangs on.

    Raises:
        UnknownLayoutError: There is no layout for it.
    """
    if isinstance(argument, np.ndarray):
        order = "C" if argument.flags.c_contiguous else "A"
        return f"{argument.dtype.str}{argument.ndim}{order}{'w' if argument.flags.writeable else 'r'}"
    if isinstance(argument, tuple):
        return f"{type(argument).__name__}({','.join(kind(part) for part in argument)})"
    if isinstance(argument, bool) or not isinstance(argument, int | np.int64 | np.uint64):
        raise UnknownLayoutError(f"a compiled loop takes no {type(argument).__name__}")
    return type(argument).__name__


def native_type(arguments: tuple[Any, ...]) -> str:
    """Give the type, in LLVM's words, of a compiled function for these arguments and a 64-bit result."""
    return f"i32 ({', '.join([_POINTER, _POINTER, *_types(arguments)])})"


def _types(argument: Any) -> Iterator[str]:
    if isinstance(argument, np.ndarray):
        yield from (_POINTER, _POINTER, _NUMBER, _NUMBER, _POINTER, *([_NUMBER] * (2 * argument.ndim)))
    elif isinstance(argument, tuple):
        for part in argument:
            yield from _types(part)
    else:
        yield _NUMBER


def _values(argument: Any) -> Iterator[int]:
    """Lay out an argument: of an array no owner, the number and size of items, where they lie, shape, strides."""
    if isinstance(argument, np.ndarray):
        yield from (0, 0, argument.size, argument.itemsize, argument.ctypes.data)
        yield from argument.shape
        yield from argument.strides
    elif isinstance(argument, tuple):
        for part in argument:
            yield from _values(part)
    else:
        yield int(argument)


def native_function(address: int, arguments: tuple[Any, ...]) -> Callable[..., int]:
    """Make machine code callable for arguments of the same kinds as these; others run meanwhile.

    The call raises `NativeError` where the code ends with an error.
    """
    call = ctypes.CFUNCTYPE(ctypes.c_int32, *[ctypes.c_uint64] * (2 + len(list(_types(arguments)))))(address)

    def run(*arguments: Any) -> int:
        result, error = ctypes.c_int64(), ctypes.c_void_p()
        status = call(ctypes.addressof(result), ctypes.addressof(error), *_values(arguments))
        if status not in _WENT_WELL:
            raise NativeError(f"a compiled loop ended with {status}")
        return result.value

    return run
