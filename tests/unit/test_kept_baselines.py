"""A run kept as a file to commit: what it holds, that it is believed only unchanged, and that pairs stay pairs."""

import pytest
from support.made_runs import made_run, realistic_runs

from harness.core.errors import InputError
from harness.evaluation.comparison import compare
from harness.store.imports import import_run
from harness.store.imports.kept_baseline import with_texts, write_baseline


def test_a_kept_run_is_compared_as_if_it_were_stored(tmp_path):
    """All differences, macro F1 included, are those of the runs themselves."""
    runs = realistic_runs()[:2]
    write_baseline(runs[0], tmp_path / "kept.jsonl")
    kept = import_run(tmp_path / "kept.jsonl")
    assert compare([kept, runs[1]], seed=1).differences == compare(runs, seed=1).differences


def test_it_holds_no_text_of_the_corpus_and_takes_it_from_others_for_reading(tmp_path):
    """Neither titles nor inputs are written; deciding items show them where a run beside it knows them."""
    runs = realistic_runs()[:2]
    write_baseline(runs[0], tmp_path / "kept.jsonl")
    written = (tmp_path / "kept.jsonl").read_text(encoding="utf-8")
    assert "أعلنت" not in written
    assert "عنوان" not in written
    kept = with_texts(import_run(tmp_path / "kept.jsonl"), [runs[1]])
    assert all(item.input for item in compare([kept, runs[1]], seed=1).items)


def test_the_same_run_gives_the_same_bytes(tmp_path):
    """Whatever the order of its rows."""
    run = made_run("a", [1.0, 0.0, 1.0])
    turned = type(run)(run.result, run.subject, run.items.take([2, 0, 1]))
    for name, one in (("a", run), ("b", turned)):
        write_baseline(one, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("change", [lambda t: t.replace(":1.0", ":0.0", 1), lambda t: t.replace('"subject"', '"s"', 1), lambda t: t + "{}\n"])  # fmt: skip
def test_a_changed_file_is_refused(change, tmp_path):
    """A score that was edited by hand is no baseline."""
    path = tmp_path / "kept.jsonl"
    write_baseline(made_run("a", [1.0] * 6), path)
    head, _, rows = path.read_text(encoding="utf-8").partition("\n")
    changed = change(f"{head}\n{rows}") if '"s"' in change('"subject"') else f"{head}\n{change(rows)}"
    path.write_text(changed, encoding="utf-8")
    with pytest.raises(InputError, match=r"changed after|line 1"):
        import_run(path)
