"""Kill a build without warning at random moments, give the same command again, and compare every byte.

python tests/soak/kill_build.py [--kills 50] [--seed 1] [--corpus FOLDER] [--keep-cache]

Ends with 1 at the first difference, and leaves what it found behind; with 2 if the code was changed meanwhile, since
another version of a stage writes another version of the corpus.
"""

import argparse
import hashlib
import importlib.util
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_CHUNK_KIB = "16"  # many small chunks: many moments between two of them
_LATE = 1.1  # some kills come when the build has just ended


@dataclass(frozen=True)
class Builds:
    """Builds of one corpus into folders below one place."""

    corpus: Path
    place: Path
    has_cache: bool

    def command(self, name: str) -> list[str]:
        """The command that is killed and given again."""
        out = self.place / name / "version"
        cache = ["--cache", str(self.place / name / "cache")] if self.has_cache else []
        where = [sys.executable, "-m", "harness", "build", str(self.corpus), "--out", str(out)]
        return [*where, "--chunk-kib", _CHUNK_KIB, "--workers", "2", "--format", "quiet", *cache]

    def whole(self, name: str) -> dict[str, str]:
        """Build to the end; give the hash of each file of the version.

        Raises:
            subprocess.CalledProcessError: The build failed.
        """
        (self.place / name).mkdir(exist_ok=True)
        subprocess.run(self.command(name), check=True, capture_output=True, text=True, cwd=self.place)
        version = self.place / name / "version"
        return {
            path.relative_to(version).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(version.rglob("*"))
            if path.is_file()
        }

    def killed(self, name: str, after_s: float) -> int:
        """Start a build and kill it and its workers after some seconds; give how it ended."""
        (self.place / name).mkdir(exist_ok=True)
        process = subprocess.Popen(
            self.command(name),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.place,
            start_new_session=True,
        )
        try:
            return process.wait(after_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return process.wait()

    def left_beside(self, name: str) -> list[str]:
        """Name what lies beside a finished version but the cache that was asked for."""
        return sorted(
            path.name for path in (self.place / name).iterdir() if path.name not in {"version", "cache"}
        )


def main() -> int:
    """Kill and compare."""
    options = _options()
    moments = random.Random(options.seed)  # noqa: S311 - no secret
    place = Path(tempfile.mkdtemp(prefix="kill-build-"))
    builds = Builds(options.corpus.resolve(), place, options.keep_cache)
    began = time.monotonic()
    code, wanted = _code(), builds.whole("undisturbed")
    took_s = time.monotonic() - began
    print(f"undisturbed: {len(wanted)} files in {took_s:.1f} s; in {place}")
    for number in range(options.kills):
        name, after_s = f"killed-{number:03d}", moments.uniform(0, took_s * _LATE)
        ended = builds.killed(name, after_s)
        found, beside = builds.whole(name), builds.left_beside(name)
        if _code() != code:
            print("the code was changed meanwhile: nothing can be said")
            return 2
        if found != wanted or beside:
            differing = sorted(path for path in {*found, *wanted} if found.get(path) != wanted.get(path))
            print(f"killed after {after_s:.2f} s: {differing or 'same bytes'}; left beside: {beside}")
            return 1
        print(f"killed after {after_s:.2f} s (ended with {ended}): same bytes", flush=True)
        shutil.rmtree(place / name)
    shutil.rmtree(place)
    return 0


def _code() -> str:
    """Fingerprint the code under test."""
    package = Path(importlib.util.find_spec("harness").origin).parent
    content = (path.read_bytes() for path in sorted(package.rglob("*")) if path.suffix in {".py", ".toml"})
    return hashlib.sha256(b"\0".join(content)).hexdigest()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, default=ROOT / "datasets" / "demo-news")
    parser.add_argument(
        "--keep-cache", action="store_true", help="build with a cache that outlives the build"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
