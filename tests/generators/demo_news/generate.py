"""Write the raw folders of the corpus `demo-news` and the truth about their records.

    python tests/generators/demo_news/generate.py            write them
    python tests/generators/demo_news/generate.py --check    compare instead; 1 where something drifted
    python tests/generators/demo_news/generate.py --into DIR write to another place

The truth is for tests alone: nothing in `harness` reads it. Each line of `truth.jsonl` is one raw record:
`source` (of the recipe) and `locator` (unique over all sources), then what `Telling` says of it: `article`,
`kind`, `group`, `related_to`, `defects`, `encoding` (as it was written), `lang`, `lang_declared`, `expected`.
What is no text has null for most of them.
"""

import argparse
import shutil
import sys
from pathlib import Path

from articles import HERE
from plan import tellings
from raw_folder import json_lines, raw_files
from regression import regression_files

_ROOT = HERE.parents[2]
_CORPUS = "datasets/demo-news"
_TRUTH = "tests/generators/demo_news/truth.jsonl"
_FOLDERS = (f"{_CORPUS}/raw", f"{_CORPUS}/raw-regression")


def main() -> int:
    """Write the files, or name those that differ."""
    parser = argparse.ArgumentParser(description="Write the raw folders of the corpus demo-news.")
    parser.add_argument("--check", action="store_true", help="compare with what is there and write nothing")
    parser.add_argument("--into", type=Path, default=_ROOT, help="the repository to write to")
    options = parser.parse_args()
    files = generated()
    if options.check:
        drifted = sorted(
            path for path in {*files, *_present(options.into)} if _differs(options.into, path, files)
        )
        for path in drifted:
            sys.stderr.write(f"{path} is not what the generator writes\n")
        return int(bool(drifted))
    for folder in _FOLDERS:
        shutil.rmtree(options.into / folder, ignore_errors=True)
    for path, content in files.items():
        (options.into / path).parent.mkdir(parents=True, exist_ok=True)
        (options.into / path).write_bytes(content)
    return 0


def generated() -> dict[str, bytes]:
    """Give every file's content under its path in the repository."""
    raw, truth = raw_files(tellings())
    regression, regression_truth = regression_files()
    return {
        **{f"{_FOLDERS[0]}/{path}": content for path, content in raw.items()},
        **{f"{_FOLDERS[1]}/{path}": content for path, content in regression.items()},
        _TRUTH: json_lines([*truth, *regression_truth]),
    }


def _present(root: Path) -> list[str]:
    return [
        path.relative_to(root).as_posix()
        for folder in _FOLDERS
        for path in (root / folder).rglob("*")
        if path.is_file()
    ]


def _differs(root: Path, path: str, files: dict[str, bytes]) -> bool:
    place = root / path
    return not place.is_file() or place.read_bytes() != files.get(path)


if __name__ == "__main__":
    sys.exit(main())
