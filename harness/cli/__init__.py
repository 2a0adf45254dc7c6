"""The command line: parse, one workflow, render, exit code. No logic and no heavy import lives here."""

import sys


def entry_point() -> None:
    """Run `harness` as a program."""
    from harness.cli.app import main

    sys.exit(main())
