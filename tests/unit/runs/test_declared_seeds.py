"""A system that `systems.toml` calls a seed of another name is one in its runs, and compared as such."""

import json

from harness.store.runs import RunFolder
from harness.workflows.compare import compare_runs
from harness.workflows.run import derive_task, run


def _predictions(request, path, wrong):
    items = derive_task(request).items.to_pylist()
    lines = [
        {"id": item["item_id"], "output": "xx" if row in wrong else item["reference"]}
        for row, item in enumerate(items)
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def test_runs_say_of_which_system_they_are_a_seed(request_to_run, tmp_path):
    """The manifest names it; two such runs and another one are two systems."""
    request = request_to_run()
    declared = ""
    for name, wrong in (("mt-1", {1}), ("mt-2", {2, 3}), ("other", {4, 5, 6})):
        path = _predictions(request, tmp_path / f"{name}.jsonl", wrong)
        seed_of = "" if name == "other" else 'seed_of = "mt"\n'
        declared += f'[[systems]]\nname = "{name}"\nuri = "preds:{path}"\n{seed_of}'
    request.systems_file.write_text(declared)
    folders = [run(request_to_run(system=name)) for name in ("mt-1", "mt-2", "other")]
    assert [RunFolder.open(folder.path).manifest.system.seed_of for folder in folders] == ["mt", "mt", ""]
    result = compare_runs(folders)
    assert (result.runs[0].system.name, result.runs[0].seeds is not None) == ("mt", True)
    assert len(result.runs) == 2


def test_an_identity_without_a_seed_is_written_as_before(request_to_run, tmp_path):
    """Runs made before there was such a thing keep their ids."""
    path = _predictions(request_to_run(), tmp_path / "answers.jsonl", set())
    folder = run(request_to_run(system=f"preds:{path}"))
    assert "seed_of" not in folder.manifest.model_dump(mode="json")["system"]
