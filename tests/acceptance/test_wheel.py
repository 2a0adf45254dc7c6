"""The wheel carries all that a newcomer needs: installed elsewhere, it runs the main job."""

import subprocess
import sys
from pathlib import Path

import pytest
from support.command import harness

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Build the wheel and install it into an empty folder; give that folder."""
    place = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", place / "dist"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    wheel = next((place / "dist").glob("corpus_harness-*.whl"))
    subprocess.run(
        [sys.executable, "-m", "zipfile", "-e", wheel, place / "site"],
        check=True,
    )
    return place / "site"


def _harness(installed: Path, *arguments, cwd: Path):
    # The folder goes before the checkout on the path, so that the wheel's package is the one that runs.
    return harness(*arguments, cwd=cwd, env={"PYTHONPATH": str(installed)})


def test_the_installed_package_is_the_one_that_runs(installed, tmp_path):
    """Without this the other tests of this file would say nothing."""
    code = "import harness, harness.core.workspace as w; print(harness.__file__, w.shipped_root())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == [
        str(installed / "harness" / "__init__.py"),
        str(installed / "harness" / "_bundled"),
    ]


def test_the_wheel_carries_no_local_build(installed):
    """Builds and runs of a checkout stay where they are."""
    inside = [path.relative_to(installed).parts for path in installed.rglob("*")]
    assert not [parts for parts in inside if "builds" in parts or "runs" in parts]


def test_the_demo_runs_from_the_wheel(installed, tmp_path):
    """`harness demo` needs nothing but the package."""
    done = _harness(installed, "demo", cwd=tmp_path)
    assert done.code == 0, done.stderr
    assert list((tmp_path / "harness-demo" / "reports" / "demo-news").glob("*.html"))


def test_a_folder_is_built_and_validated_from_the_wheel(installed, tmp_path):
    """Any folder of texts becomes a version that the shipped suites judge."""
    raw = tmp_path / "raw"
    raw.mkdir()
    for number, topic in enumerate(("المكتبة العامة", "ملعب البلدة", "سوق السمك القديم", "محطة القطار")):
        line = f"أعلنت البلدية أمس أن {topic} ستفتح أبوابها للزوار في مطلع الشهر المقبل بعد أشهر من أعمال الترميم."
        (raw / f"{number}.txt").write_text(f"{line}\n\nوشكر رئيس البلدية العاملين في {topic}.", "utf-8")
    done = _harness(installed, "build", raw, "--out", tmp_path / "version", cwd=tmp_path)
    assert done.code == 0, done.stderr
    done = _harness(installed, "validate", tmp_path / "version", cwd=tmp_path)
    assert done.code in {0, 1}, done.stderr
    assert (tmp_path / "version" / "gates.json").is_file()
