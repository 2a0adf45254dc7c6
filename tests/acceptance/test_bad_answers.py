"""Bad answers on the command line: files that do not fit, servers that fail, programs that die late; each by its code."""

import json
import shutil
from pathlib import Path

import pytest
from support.command import harness, harness_inside
from support.line_corpus import line_corpus
from support.programs import labelling
from support.stand_in_model import Scripted, completion, stand_in_model

_ARTICLES = 260  # of two lines: items beyond the five-hundredth
_OPTIONS = ("--task", "language-id", "--format", "json")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A corpus of 520 lines that declare their language, built once."""
    return line_corpus(tmp_path_factory.mktemp("workspace"), _ARTICLES).parents[1]


@pytest.fixture
def workspace(built, tmp_path):
    """The corpus in a workspace of this test's own, without runs."""
    shutil.copytree(built / "datasets", tmp_path / "datasets")
    return tmp_path


@pytest.fixture(scope="module")
def built_small(tmp_path_factory):
    """A corpus of 24 lines, for servers that are asked again and again."""
    return line_corpus(tmp_path_factory.mktemp("workspace"), 12).parents[1]


@pytest.fixture
def small(built_small, tmp_path):
    """The small corpus in a workspace of this test's own."""
    shutil.copytree(built_small / "datasets", tmp_path / "datasets")
    return tmp_path


def run(workspace: Path, system: str, *more: str, process=harness_inside):
    """Give the command."""
    return process("run", "tiny", *_OPTIONS, "--system", system, *more, cwd=workspace)


def ids():
    """Name the items in their order."""
    return [f"n{number:03}#L{line}" for number in range(_ARTICLES) for line in (1, 2)]


def right_lines():
    """Write predictions that are all right."""
    return [json.dumps({"id": name, "output": "ar"}) for name in ids()]


PREDICTIONS = {
    "missing": (lambda lines: lines[2:], 3, '2 of 520 items have no usable answer (no-answer: 2): "n000#L1"'),
    "doubled": (lambda lines: [*lines, lines[7]], 3, '1 id comes more than once: "n003#L2"'),
    "unknown": (lambda lines: [*lines, lines[0].replace("n000", "x")], 3, 'for no item of the task: "x#L1"'),
    "UTF-16": (lambda lines: "\n".join(lines).encode("utf-16"), 3, "line 1 is not UTF-8"),
    "Windows-1256": (
        lambda lines: "\n".join(lines).replace('"ar"', '"عربي"').encode("cp1256"), 3, "line 1 is not UTF-8",
    ),
    "NaN": (lambda lines: [lines[0][:-1] + ', "score": NaN}', *lines[1:]], 3, "NaN is not JSON"),
    "infinite": (lambda lines: [lines[0][:-1] + ', "score": -Infinity}', *lines[1:]], 3, "-Infinity is not JSON"),
    "a million characters": (
        lambda lines: [json.dumps({"id": "n000#L1", "output": "a" * 1_000_000}), *lines[1:]], 3, "unparsable: 1",
    ),
    "nothing but failures": (
        lambda _lines: [json.dumps({"id": name, "error": "crash"}) for name in ids()], 4, "not one of 520 items",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", PREDICTIONS)
def test_a_predictions_file_that_does_not_fit_is_told_by_its_code(workspace, case):
    """Ids or lines are named, nothing is written, and no million characters reach the terminal."""
    change, code, said = PREDICTIONS[case]
    lines = change(right_lines())
    content = lines if isinstance(lines, bytes) else "\n".join(lines).encode()
    (workspace / "answers.jsonl").write_bytes(content)
    done = run(workspace, "preds:answers.jsonl")
    assert (done.code, done.stdout) == (code, "")
    assert said in done.stderr
    assert len(done.stderr) < 3000
    assert not (workspace / "datasets" / "tiny" / "runs").exists()


SERVERS = {
    "429": (Scripted(429, b"slow down", {"Retry-After": "0"}), "refused"),
    "500": (Scripted(500, b"out of memory"), "crash"),
    "503": (Scripted(503, b"", {"Retry-After": "0"}), "crash"),
    "half a JSON": (Scripted(body=b'{"choices": [{"mess'), "unparsable"),
    "less than promised": (Scripted(body=b'{"choices"', promised=900), "unparsable"),
    "nothing": (Scripted(body=b""), "no-answer"),
    "silence": (Scripted(wait_s=30), "time-out"),
    "a byte now and then": (Scripted(body=completion("ar").body, slowly_s=0.5), "time-out"),
    "garbage": (Scripted(body=b"\x00\xff\xfe\x1b[2J" * 50), "unparsable"),
    "chatter": (completion("It is Arabic."), "unparsable"),
}


def declare(workspace, uri):
    """Name the server in systems.toml, with little patience."""
    lines = ["[[systems]]", 'name = "served"', f'uri = "{uri}"', "attempts = 1", "backoff_s = 0.01"]
    text = "\n".join([*lines, "most_wait_s = 0.01", "timeout_s = 2"])
    (workspace / "datasets" / "tiny" / "systems.toml").write_text(text)


@pytest.mark.parametrize("case", SERVERS)
def test_a_server_that_fails_on_one_item_costs_that_item_and_names_it(small, case):
    """Exit code 3 by default; counted as wrong on request, with what it said, and no control reaches the terminal."""
    scripted, kind = SERVERS[case]

    def script(prompt, _times):
        return scripted if "رقم 7 صباح" in prompt else completion("ar")

    with stand_in_model(script) as model:
        declare(small, model.uri)
        refused = run(small, "served")
        counted = run(small, "served", "--on-missing", "wrong")
    assert refused.code == 3
    assert f'({kind}: 1): "n007#L1"' in refused.stderr
    assert "\x1b" not in refused.stderr
    assert counted.code == 0, counted.stderr
    (told,) = counted.json
    assert told["failures"] == {kind: 1}
    assert (told["scores"][0]["n"], told["scores"][0]["value"]) == (24, pytest.approx(23 / 24))


def test_a_server_that_answers_nothing_at_all_is_no_evidence(small):
    """Exit code 4, whatever the policy; the server's words are told."""
    with stand_in_model(lambda *_: Scripted(500, b"out of memory")) as model:
        declare(small, model.uri)
        done = run(small, "served", "--on-missing", "wrong")
    assert done.code == 4
    assert "crash: 24" in done.stderr
    assert "out of memory" in done.stderr


def test_a_program_that_dies_at_item_500_costs_that_item_and_no_other(workspace):
    """A real process from end to end: exit code 3 names the item; mended, it is asked for that one alone."""
    asked = workspace / "asked"
    log = f"open({str(asked)!r}, 'a').write(item + chr(10))"
    last = ids()[499]
    labelling(workspace / "mine", f"{log}\nif item == {last!r}: os.kill(os.getpid(), signal.SIGKILL)")
    done = run(workspace, "cmd:./mine", process=harness)
    assert done.code == 3, done.stderr
    assert f'1 of 520 items has no usable answer (crash: 1): "{last}"' in done.stderr
    assert "signal 9" in done.stderr
    counted = run(workspace, "cmd:./mine", "--on-missing", "drop", process=harness)
    assert (counted.code, counted.json[0]["scores"][0]["n"]) == (0, 519)
    times = asked.read_text().split()
    assert set(times) == set(ids())
    assert (
        sum(times.count(name) > 1 for name in ids()[:480]) == 0
    )  # what was answered before is not asked again


def test_a_program_that_turns_to_garbage_at_item_500_keeps_what_it_answered(workspace):
    """Lines that are no answers cost the items in whose place they stand; what they said is kept."""
    labelling(
        workspace / "mine", "if number > 499: print('\\x1b[31mSegfault imminent', flush=True); continue"
    )
    done = run(workspace, "cmd:./mine", "--on-missing", "wrong", process=harness)
    assert done.code == 0, done.stderr
    (told,) = done.json
    assert told["failures"] == {"unparsable": 21}
    assert told["scores"][0]["value"] == pytest.approx(499 / 520)
    assert all("Segfault imminent" in one["said"] for one in told["unusable"])
    shown = harness_inside("run", "tiny", "--task", "language-id", "--system", "cmd:./mine", "--on-missing", "wrong", cwd=workspace)  # fmt: skip
    assert "Segfault imminent" in shown.stdout
    assert "\x1b" not in shown.stdout + done.stdout + done.stderr
