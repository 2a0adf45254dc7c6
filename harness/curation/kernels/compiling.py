"""Compiling a loop once a machine, and loading it without the compiler ever after."""

import functools
import hashlib
import importlib.metadata
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import llvmlite.binding as llvm

from harness.curation.kernels import compiled_files
from harness.curation.kernels.native import UnknownLayoutError, kind, native_function, native_type

_Loop = TypeVar("_Loop", bound=Callable[..., Any])
_PART = "is_part_of_a_loop"
# Raised when the same source has to be compiled in another way.
_WAY = "1"


def part_of_a_loop(function: _Loop) -> _Loop:
    """Mark a function that compiled loops and their parts call, of any module; it becomes a part of them."""
    setattr(function, _PART, True)
    return function


class CompiledLoop:
    """A loop that numba compiles when it is first called on a machine, and that later processes find as machine code.

    They load it with LLVM alone in some 20 ms. Loading numba and what it loads (pandas and scipy where they are
    installed) would cost each of them 0.7 s, as much as the compiled loops need for 30,000 articles.

    The code lies where `compiled_files.folders` says, under a name that is a hash of the source files of the loop
    and of its parts, of the arguments' types, of numba's and LLVM's versions and of the processor. What they use from
    modules without a part that they call has to come in as an argument: nobody would notice that it changed.

    Processes that need it at the same time wait for the first one's. Where it cannot be kept it is compiled for this
    process alone; what is damaged is compiled and written again.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._source = Path(function.__code__.co_filename)
        self._ready: dict[tuple[str, ...], Callable[..., Any]] = {}

    def __call__(self, *arguments: Any) -> Any:
        """Run the loop over arrays, 64-bit integers and named tuples of them.

        Raises:
            ArithmeticError: A division by zero.
        """
        kinds = tuple(kind(argument) for argument in arguments)
        if kinds not in self._ready:
            try:
                self._ready[kinds] = self._prepared(kinds, arguments)
            except UnknownLayoutError:  # of a numba to come: its own way in knows, and takes longer to start
                self._ready[kinds] = _jit(nogil=True)(_with_parts(self._function))
        return self._ready[kinds](*arguments)

    def _prepared(self, kinds: tuple[str, ...], arguments: tuple[Any, ...]) -> Callable[..., Any]:
        if not self._source.is_file():
            return _native(_compiled(self._function, arguments), arguments)
        name = f"{self._function.__name__}-{self._fingerprint(kinds)}{compiled_files.SUFFIX}"
        kept = compiled_files.find(self._source, name)
        if kept is None:
            with compiled_files.one_process_at_a_time(self._source):
                kept = compiled_files.find(self._source, name)
                if kept is None:
                    kept = _compiled(self._function, arguments)
                    compiled_files.keep(self._source, name, kept)
        return _native(kept, arguments)

    def _fingerprint(self, kinds: tuple[str, ...]) -> str:
        told = (_WAY, *kinds, importlib.metadata.version("numba"), *_processor())
        sources = _sources_of(self._function.__globals__, {})
        content = b"".join(sources[name].read_bytes() for name in sorted(sources))
        return hashlib.blake2b("\0".join(told).encode() + content, digest_size=16).hexdigest()


@functools.cache
def _processor() -> tuple[str, str, str]:
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.get_process_triple(), llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def _target_machine() -> llvm.TargetMachine:
    triple, name, features = _processor()
    return llvm.Target.from_triple(triple).create_target_machine(cpu=name, features=features, opt=3, jit=True)


def _native(content: bytes, arguments: tuple[Any, ...]) -> Callable[..., Any]:
    """Load machine code, behind the name of its function in a line of its own; it stays loaded."""
    name, _, code = content.partition(b"\n")
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _target_machine())
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    _LOADED.append(engine)
    return native_function(engine.get_function_address(name.decode()), arguments)


_LOADED: list[llvm.ExecutionEngine] = []


def _compiled(function: Callable[..., Any], arguments: tuple[Any, ...]) -> bytes:
    """Compile a loop for arguments of these types, down to machine code that needs nothing else."""
    loop = _jit(_nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)(_with_parts(function))
    loop.compile(tuple(loop.typeof_pyval(argument) for argument in arguments))
    (written,) = loop.inspect_llvm().values()
    module = llvm.parse_assembly(written)
    (defined,) = [one for one in module.functions if not one.is_declaration]
    if str(defined.global_value_type) != native_type(arguments):
        raise UnknownLayoutError(f"numba lays out {defined.global_value_type}, not {native_type(arguments)}")
    return bytes(defined.name.encode() + b"\n" + _target_machine().emit_object(module))


def _with_parts(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a copy of a function that calls compiled parts."""
    return _copied(function, _space_of(function.__globals__, {}))


def _space_of(names: dict[str, Any], spaces: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """Copy a module's names, with compiled parts in the place of its own parts and of those that it imports."""
    if id(names) not in spaces:
        space = spaces[id(names)] = dict(names)
        for name, part in names.items():
            if hasattr(part, _PART):
                space[name] = _jit(forceinline=True)(_copied(part, _space_of(part.__globals__, spaces)))
    return spaces[id(names)]


def _copied(function: Callable[..., Any], space: dict[str, Any]) -> Callable[..., Any]:
    return types.FunctionType(function.__code__, space, function.__name__)


def _sources_of(names: dict[str, Any], sources: dict[str, Path]) -> dict[str, Path]:
    """Find the files of a module and of those whose parts it calls, by the modules' names."""
    if names["__name__"] not in sources:
        sources[names["__name__"]] = Path(names["__file__"])
        for part in names.values():
            if hasattr(part, _PART):
                _sources_of(part.__globals__, sources)
    return sources


def _jit(**options: bool) -> Any:  # a decorator, whose kind numba's types do not tell for all of the options
    import numba  # noqa: PLC0415 - 0.7 s, once a machine

    return cast("Any", numba).njit(**options)
