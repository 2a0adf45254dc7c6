"""The embedded corpus is what its generator writes, and its truth is true."""

import html
import json
import re
import subprocess
import sys
import tomllib
import unicodedata
import zipfile
from itertools import combinations
from pathlib import Path

import pytest

from harness.core.recipe import Recipe
from harness.core.settings import read_toml

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / "datasets" / "demo-news"
HOME = ROOT / "tests" / "generators" / "demo_news"
TRUTH = [json.loads(line) for line in (HOME / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
RAW_TRUTH = [row for row in TRUTH if row["source"] != "scrape"]
ARTICLES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((HOME / "articles").glob("*.toml"))
}


def _folder_of(row: dict) -> Path:
    return CORPUS / ("raw-regression" if row["source"] == "scrape" else "raw") / row["source"]


def _bytes_of(row: dict) -> bytes:
    """Read a record's raw bytes by its locator, with nothing of the code under test."""
    outer, _, member = row["locator"].partition("!")
    if member:
        with zipfile.ZipFile(_folder_of(row) / outer) as archive:
            return archive.read(member)
    outer, _, line = row["locator"].partition("#L")
    content = (_folder_of(row) / outer).read_bytes()
    return content.split(b"\n")[int(line) - 1] if line else content


def _text_of(row: dict) -> str:
    """Read a record's text as its truth says it was written, without headline; of pages, the paragraphs."""
    text = _bytes_of(row).decode(row["encoding"], "replace")
    if row["source"] == "feed":
        return json.loads(text)["text"]
    if row["source"] == "web":
        paragraphs = re.findall("^<p>(.*)</p>$", text, re.MULTILINE)  # comments and footers share their lines
        return html.unescape("\n\n".join(paragraphs))
    return text if row["source"] == "desk" else text.partition("\n")[2]


def _shingles(text: str) -> set[tuple[str, ...]]:
    """Cut folded text into runs of three words: slow and readable, to judge by and not to build with."""
    folded = unicodedata.normalize("NFKC", text)
    folded = "".join(
        char for char in folded if unicodedata.category(char) not in ("Mn", "Cf") and char != "ـ"
    )
    folded = folded.translate(str.maketrans("أإآىیةہھک", "اااييههhك".replace("h", "ه")))
    folded = "".join(str(unicodedata.digit(char, char)) for char in folded)
    words = re.findall(r"\w+", folded)
    return {tuple(words[place : place + 3]) for place in range(len(words) - 2)}


def _likeness(one: set, other: set) -> tuple[float, float]:
    """Give the Jaccard share of two sets of shingles, and the share of the smaller that the larger holds."""
    common = len(one & other)
    return common / len(one | other), common / min(len(one), len(other))


def test_the_committed_files_are_what_the_generator_writes(tmp_path):
    """Nobody edits the corpus by hand, and the generator writes the same bytes everywhere."""
    written = subprocess.run(
        [sys.executable, HOME / "generate.py", "--into", tmp_path],
        env={"PYTHONHASHSEED": "11", "TZ": "Asia/Kathmandu"},
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert written.returncode == 0, written.stderr
    for folder in ("raw", "raw-regression"):
        assert _tree(tmp_path / "datasets" / "demo-news" / folder) == _tree(CORPUS / folder)
    assert (tmp_path / HOME.relative_to(ROOT) / "truth.jsonl").read_bytes() == (
        HOME / "truth.jsonl"
    ).read_bytes()


def test_a_changed_file_is_named_by_the_check(tmp_path):
    """The generator's check finds a byte that was changed and a file too many."""
    generator = [sys.executable, HOME / "generate.py", "--into", tmp_path]
    subprocess.run(generator, check=True)
    changed = tmp_path / "datasets" / "demo-news" / "raw" / "feed" / "feed.jsonl"
    changed.write_bytes(changed.read_bytes() + b"\n")
    (changed.parent / "stray.txt").write_text("a stray file")
    checked = subprocess.run([*generator, "--check"], check=False, capture_output=True, text=True)
    assert checked.returncode == 1
    assert [line.split()[0].rpartition("/")[2] for line in checked.stderr.splitlines()] == [
        "feed.jsonl",
        "stray.txt",
    ]


def test_the_corpus_stays_small_and_of_the_promised_size():
    """At most 3 MB are shipped, in 200 to 300 raw records."""
    assert sum(path.stat().st_size for path in (CORPUS / "raw").rglob("*") if path.is_file()) <= 3_000_000
    assert 200 <= len(RAW_TRUTH) <= 300


def test_the_truth_covers_every_raw_record_once():
    """Each file, member and line is in the truth, and nothing else is."""
    found = []
    for path in sorted((CORPUS / "raw").rglob("*")) + sorted((CORPUS / "raw-regression").rglob("*")):
        if path.is_dir() or path.name == "metadata.jsonl":
            continue
        source = path.relative_to(CORPUS).parts[1]
        locator = (
            path.relative_to(CORPUS).relative_to(Path(path.relative_to(CORPUS).parts[0]) / source).as_posix()
        )
        found += [(source, f"{locator}{part}") for part in _parts_of(path)]
    assert sorted(found) == sorted((row["source"], row["locator"]) for row in TRUTH)
    assert len({row["locator"] for row in TRUTH}) == len(TRUTH)


def test_metadata_names_records_that_are_there_and_declares_their_language():
    """Each line of a sidecar belongs to a record and declares its language as the truth says."""
    declared = {(row["source"], row["locator"]): row["lang_declared"] for row in TRUTH}
    for sidecar in CORPUS.glob("raw*/*/metadata.jsonl"):
        rows = [json.loads(line) for line in sidecar.read_text(encoding="utf-8").splitlines()]
        assert rows
        for row in rows:
            assert declared[sidecar.parent.name, row["file"]] == row["lang_declared"]


@pytest.mark.parametrize("name", ["recipe.toml", "regression.toml"])
def test_recipes_are_valid_and_state_a_licence_for_every_source(name):
    """Both recipes can be read, and their sources are there."""
    recipe = read_toml(CORPUS / name, Recipe)
    assert recipe.name == "demo-news"
    for source in recipe.sources:
        assert source.license == "CC0-1.0"
        assert (CORPUS / source.path).is_dir()


def test_the_recipe_reads_the_sources_in_the_order_of_the_truth():
    """The truth lists sources as the recipe does, so that the two can be laid side by side."""
    recipe = read_toml(CORPUS / "recipe.toml", Recipe)
    assert list(dict.fromkeys(row["source"] for row in RAW_TRUTH)) == [
        source.name for source in recipe.sources
    ]


def test_no_two_articles_share_a_run_of_eight_words():
    """The articles are different texts: what looks alike in the corpus was planted."""
    owners: dict[tuple[str, ...], str] = {}
    for name, article in ARTICLES.items():
        words = re.findall(r"\w+", article["body"])
        for place in range(len(words) - 7):
            run = tuple(words[place : place + 8])
            assert owners.setdefault(run, name) == name, f"{owners[run]} and {name} share: {' '.join(run)}"


def test_every_group_has_one_record_to_keep_and_copies_come_later():
    """Of the records of one article exactly one is expected to stay, unless a rule refuses them all."""
    groups: dict[str, list[str]] = {}
    for row in RAW_TRUTH:
        if row["group"] is not None:
            groups.setdefault(row["group"], []).append(row["expected"])
    for group, expected in groups.items():
        assert expected.count("kept") == 1 or set(expected) == {"rejected"}, group


def test_copies_are_alike_and_other_texts_are_not():
    """By a readable reference, copies are far above the recipe's threshold and all others far below it."""
    recipe = read_toml(CORPUS / "recipe.toml", Recipe)
    readable = [
        (row, _shingles(_text_of(row)))
        for row in RAW_TRUTH
        if row["expected"] in ("kept", "duplicate") and row["kind"] != "mojibake"
    ]
    for (one, of_one), (other, of_other) in combinations(readable, 2):
        likeness, contained = _likeness(of_one, of_other)
        if one["group"] != other["group"]:
            assert likeness < recipe.duplicates.duplicate - 0.05, (one, other)
            assert contained < recipe.duplicates.contained - 0.05, (one, other)
        elif "kept" in (one["expected"], other["expected"]):
            assert (
                max(likeness / recipe.duplicates.duplicate, contained / recipe.duplicates.contained) > 1.03
            ), f"{one['locator']} and {other['locator']}: {likeness:.2f}, {contained:.2f}"


def test_exact_copies_hold_the_same_bytes_somewhere():
    """Some copies repeat the original byte for byte in another container."""
    originals = {_bytes_of(row) for row in RAW_TRUTH if row["kind"] == "original"}
    exact = [row for row in RAW_TRUTH if row["kind"] == "exact"]
    assert sum(_bytes_of(row) in originals for row in exact) >= 4


def test_the_twin_lies_in_the_raw_folder_byte_for_byte():
    """The fixture that tests mend is also a record of the corpus."""
    (twin,) = [row for row in RAW_TRUTH if row["kind"] == "twin"]
    assert _bytes_of(twin) == (ROOT / "tests" / "fixtures" / "seed_twin.txt").read_bytes()


def test_planted_damage_is_really_there():
    """Damaged files are no UTF-8, the truncated one fails only at its end, and mojibake holds other letters."""
    for row in RAW_TRUTH:
        if row["kind"] in ("damaged", "truncated"):
            with pytest.raises(UnicodeDecodeError) as refused:
                _bytes_of(row).decode("utf-8")
            assert (refused.value.reason == "unexpected end of data") == (row["kind"] == "truncated")
        if row["kind"] == "mojibake":
            assert re.search("[À-ÿ]{2}|[ØÙ].", _text_of(row))


def test_every_paragraph_of_an_article_ends_in_final_punctuation():
    """Articles are sound as written, so that every defect in the corpus was planted."""
    for name, article in ARTICLES.items():
        assert article["id"] == name
        for paragraph in article["body"].strip("\n").split("\n\n"):
            assert re.search("[.!?؟۔…][»”\"')]*$", paragraph), (name, paragraph)
            assert not re.search(r" [،؛؟.,:]|,(?=\s)", paragraph) or article["lang"] == "en", (
                name,
                paragraph,
            )


def _parts_of(path: Path) -> list[str]:
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return [f"!{name}" for name in archive.namelist()]
    if path.suffix == ".jsonl":
        return [f"#L{number}" for number in range(1, path.read_bytes().count(b"\n") + 1)]
    return [""]


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }
