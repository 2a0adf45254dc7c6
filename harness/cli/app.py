"""The program: its commands, and the one place where an error becomes text and an exit code."""

import errno
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from types import FrameType
from typing import Annotated

import typer

from harness import __version__
from harness.cli import (
    baseline,
    build,
    check,
    compare,
    demo,
    doctor,
    explain,
    gc,
    init,
    ls,
    preview,
    publish,
    report,
    residue,
    run,
    schema,
    score,
    task,
    validate,
    why,
)
from harness.core.errors import ExitCode, HarnessError, SeveralErrors

app = typer.Typer(
    name="harness",
    no_args_is_help=True,
    add_completion=False,
    # Boxes stay boxes in a pipe, so they are drawn for people only.
    rich_markup_mode="rich" if sys.stdout is not None and sys.stdout.isatty() else None,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done, 1 a gate failed, 2 wrong use, 3 bad input, 4 no evidence, 70 our bug, 130 interrupted.",
)
for command in (
    demo.demo, build.build, preview.preview, validate.validate, why.why, residue.residue, publish.publish, run.run, score.score, compare.compare, report.report,
    explain.explain, schema.schema, init.init, gc.gc,
):  # fmt: skip
    app.command()(command)
app.add_typer(baseline.baseline, name="baseline")
app.add_typer(check.check, name="check")
app.add_typer(ls.ls, name="ls")
app.add_typer(doctor.doctor, name="doctor")
app.add_typer(task.task, name="task")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"harness {__version__}")
        raise typer.Exit


@app.callback()
def harness(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Raw articles in, a versioned dataset that can be trusted and a fair comparison of NLP systems on it out."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; nothing below this line ends the process."""
    _end_in_order_on_signals()
    try:
        app(args=arguments, prog_name="harness")
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if code in (ExitCode.INTERRUPTED, ExitCode.TERMINATED):
            _complain(f"{ExitCode(code).name.lower()}: nothing was half-written; give the same command again")
        return code
    except HarnessError as error:
        for one in error.errors if isinstance(error, SeveralErrors) else (error,):
            _complain(str(one))
        return int(error.exit_code)
    except OSError as error:
        _complain(str(_as_ours(error)))
        return int(ExitCode.BAD_INPUT)
    except Exception as error:  # noqa: BLE001 - whatever is left is our bug, and the caller gets 70 for it
        _report_bug(error)
        return int(ExitCode.OUR_BUG)
    return int(ExitCode.DONE)


def _end_in_order_on_signals() -> None:
    """Let what is on its way be cleared away where the process is told to end, or its terminal is closed."""
    signal.signal(signal.SIGTERM, _terminate)
    hang_up = getattr(signal, "SIGHUP", None)  # Windows has none
    if hang_up is not None and signal.getsignal(hang_up) is signal.SIG_DFL:  # `nohup` has it ignored
        signal.signal(hang_up, _terminate)


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(int(ExitCode.TERMINATED))


_REMEDIES = {
    errno.ENOSPC: "free some space there, and run the same command again",
    errno.EDQUOT: "free some space there, and run the same command again",
    errno.EACCES: "check who may read and write there",
    errno.EPERM: "check who may read and write there",
    errno.EROFS: "nothing can be written there; choose another place",
    errno.EMFILE: "allow more open files (ulimit -n)",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def _as_ours(error: OSError) -> HarnessError:
    where = " and ".join(str(name) for name in (error.filename, error.filename2) if name is not None)
    remedy = _REMEDIES.get(error.errno or 0, "check the path")
    return HarnessError(error.strerror or str(error), where=where, remedy=remedy if where else "")


def _complain(text: str) -> None:
    from harness.text.visible import visible

    lines = text.splitlines() or [""]
    typer.echo("\n".join(["error: " + visible(lines[0]), *map(visible, lines[1:])]), err=True)


def _report_bug(error: Exception) -> None:
    _complain(
        f"this is a bug in harness {__version__}: {type(error).__name__}: {error}\n"
        "  remedy: please report it; HARNESS_TRACEBACK=1 shows where it happened"
    )
    # Not by default: a traceback may carry texts and tokens.
    if os.environ.get("HARNESS_TRACEBACK"):
        traceback.print_exception(error)
