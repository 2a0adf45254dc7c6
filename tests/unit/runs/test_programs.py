"""Programs and functions as systems: real processes that answer, die, hang, print garbage and flood."""

import json
import os
import time

import pytest
from support.programs import labelling, program

from harness.core.errors import ConfigurationError, InputError, NoEvidenceError
from harness.systems.registry import open_system
from harness.workflows.run import derive_task, run


@pytest.fixture
def run_program(request_to_run, tmp_path):
    """Give a function that runs a program on language-id, with options as `systems.toml` has them."""

    def start(path, **changed):
        options = {"timeout_s": 2.0, **{key: changed.pop(key) for key in ("batch_items",) if key in changed}}
        lines = [f"{key} = {value}" for key, value in options.items()]
        uri = path if isinstance(path, str) else f"cmd:{path}"
        declared = ["[[systems]]", 'name = "mine"', f'uri = "{uri}"', *lines]
        (tmp_path / "systems.toml").write_text("\n".join(declared), encoding="utf-8")
        return run(request_to_run(system="mine", **{"on_missing": "wrong", **changed}))

    return start


def failures(folder):
    """Tell which items failed, and how."""
    items = folder.items()
    columns = (items.column(name).to_pylist() for name in ("item_id", "failure"))
    return {name: kind for name, kind in zip(*columns, strict=True) if kind}


def test_a_program_answers_line_by_line(run_program, tmp_path):
    """Its answers are scored like any system's."""
    folder = run_program(labelling(tmp_path / "told"))
    assert folder.result.scores[0].value == 1.0
    assert failures(folder) == {}


def test_one_process_answers_all_batches(run_program, tmp_path):
    """A model is loaded once."""
    log = tmp_path / "starts"
    body = f"if number == 1: open({str(log)!r}, 'a').write('x')"
    run_program(labelling(tmp_path / "told", body), batch_items=2)
    assert log.read_text() == "x"


def test_answers_may_come_in_another_order(run_program, tmp_path):
    """They are paired by id."""
    body = """
        asked = [json.loads(sys.stdin.readline()) for _ in range(10)]
        for request in reversed(asked):
            print(json.dumps({"id": request["id"], "output": "ar"}), flush=True)
    """
    folder = run_program(program(tmp_path / "reversed", body))
    assert failures(folder) == {}


DEATHS = {
    "exits": "if item == 'a3#L1': sys.exit(3)",
    "killed": "if item == 'a3#L1': os.kill(os.getpid(), signal.SIGKILL)",
    "raises": "if item == 'a3#L1': raise RuntimeError('poison')",
    "half a line": "if item == 'a3#L1': sys.stdout.write('{\"id\": \"a3'); sys.stdout.flush(); sys.exit(0)",
}


@pytest.mark.parametrize("how", DEATHS)
def test_a_program_that_dies_on_an_item_fails_that_item_alone(run_program, tmp_path, how):
    """It is started again for the others, and says how it ended."""
    folder = run_program(labelling(tmp_path / "dying", DEATHS[how]))
    assert failures(folder) == {"a3#L1": "crash"}


def test_a_program_that_dies_now_and_then_fails_nothing(run_program, tmp_path):
    """Whoever is not to blame is asked again: here it dies on each fourth line, whatever stands there."""
    folder = run_program(labelling(tmp_path / "weak", "if number == 4: sys.exit(1)"), batch_items=3)
    assert failures(folder) == {}


def test_a_death_after_an_answer_is_not_blamed_on_the_next_item(run_program, tmp_path):
    """Nobody dies over an item that he has not seen."""
    body = "if item == 'a3#L1': print(json.dumps(answer), flush=True); sys.exit(1)"
    assert failures(run_program(labelling(tmp_path / "late", body), batch_items=1)) == {}


def test_a_program_that_hangs_on_an_item_times_out_on_it_alone(run_program, tmp_path):
    """Silence ends the process, and the item is named."""
    folder = run_program(labelling(tmp_path / "hanging", "if item == 'f1#L1': time.sleep(600)"))
    assert failures(folder) == {"f1#L1": "time-out"}


GARBAGE = {
    "no JSON": "print('here you are!', flush=True); continue",
    "half a JSON": "print(json.dumps(answer)[:-4], flush=True); continue",
    "NaN": 'print(\'{"id": %s, "output": NaN}\' % json.dumps(item), flush=True); continue',
    "not UTF-8": "sys.stdout.buffer.write(b'\\xff\\xfe\\n'); sys.stdout.flush(); continue",
    "an unknown id": "print(json.dumps({'id': 'zz', 'output': 'ar'}), flush=True); continue",
    "a number": "answer['output'] = 3",
    "no output": "del answer['output']",
    "nested without end": "print('[' * 100000, flush=True); continue",
}


@pytest.mark.parametrize("what", GARBAGE)
def test_garbage_on_stdout_is_unparsable_and_ends_nothing(run_program, tmp_path, what):
    """One line in the place of an answer costs one answer."""
    body = f"if item == 'e1#L1':\n    {GARBAGE[what]}"
    folder = run_program(labelling(tmp_path / "garbling", body))
    assert failures(folder) == {"e1#L1": "unparsable"}


def test_a_program_that_prints_nothing_but_garbage_is_no_evidence_and_its_line_is_shown(
    run_program, tmp_path
):
    """Exit code 4, and what it said."""
    with pytest.raises(NoEvidenceError, match=r"unparsable: 10.*no answer.*Loading") as raised:
        run_program(labelling(tmp_path / "chatty", "print('Loading model ...', flush=True); continue"))
    assert raised.value.exit_code == 4


def test_a_program_that_never_starts_well_is_given_up(run_program, tmp_path):
    """Not one start an item; its stderr is told."""
    log = tmp_path / "starts"
    body = f"open({str(log)!r}, 'a').write('x'); sys.exit('no model in /nowhere')"
    with pytest.raises(NoEvidenceError, match=r"crash: 10.*exit code 1.*no model"):
        run_program(program(tmp_path / "broken", body))
    assert len(log.read_text()) < 10


def test_a_flood_on_stderr_neither_blocks_nor_fills_memory(run_program, tmp_path):
    """Of ten megabytes the end is kept."""
    body = "sys.stderr.write('x' * 1_000_000 + '\\n'); sys.stderr.flush()"
    assert failures(run_program(labelling(tmp_path / "noisy", body))) == {}


def test_a_program_that_writes_before_it_reads_does_not_block(run_program, request_to_run, tmp_path):
    """More than a pipe holds goes both ways at once; an answer of a million characters is one answer."""
    body = "if item == 'a1#L1': answer['output'] = 'x' * 1_000_000"
    assert failures(run_program(labelling(tmp_path / "long", body))) == {"a1#L1": "unparsable"}


def test_an_item_answered_twice_is_refused(run_program, tmp_path):
    """Which of two answers counts is not for us to say."""
    with pytest.raises(InputError, match="more than once"):
        run_program(labelling(tmp_path / "twice", "print(json.dumps(answer), flush=True)"), batch_items=1)


def test_a_failure_that_a_program_names_is_counted_as_such(run_program, tmp_path):
    """The kinds of failure are its to use; other words are a crash."""
    body = """
        answer = {"a1#L1": {"id": item, "error": "refused"}, "a1#L2": {"id": item, "error": "CUDA out of memory"},
                  "a2#L1": {"id": item, "output": None}}.get(item, answer)
    """
    folder = run_program(labelling(tmp_path / "telling", body))
    assert failures(folder) == {"a1#L1": "refused", "a1#L2": "crash", "a2#L1": "no-answer"}


def test_the_default_policy_names_the_ids_of_what_failed(run_program, tmp_path):
    """Exit code 3."""
    with pytest.raises(InputError, match=r'1 of 10 items.*crash: 1.*"a3#L1"') as raised:
        run_program(labelling(tmp_path / "dying", DEATHS["exits"]), on_missing="fail")
    assert raised.value.exit_code == 3
    assert "these alone" in raised.value.remedy


def test_no_process_outlives_a_run(run_program, tmp_path):
    """Children of the program included."""
    pids = tmp_path / "pids"
    body = f"""
        if number == 1:
            import subprocess
            child = subprocess.Popen(["sleep", "600"])
            open({str(pids)!r}, "w").write(f"{{os.getpid()}} {{child.pid}}")
    """
    run_program(labelling(tmp_path / "parent", body))
    for pid in map(int, pids.read_text().split()):
        deadline = time.monotonic() + 5
        while _is_alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _is_alive(pid)


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:  # noqa: PTH123 - a file of the system's
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def test_another_program_under_the_same_name_is_another_system(tmp_path):
    """Its identity is the hash of its file and of the files that it is given, wherever they lie."""

    def fingerprint_of(uri):
        return open_system(uri, kind="language-id").identity.fingerprint

    table = tmp_path / "table.txt"
    table.write_text("one")
    path = labelling(tmp_path / "told")
    first = fingerprint_of(f"cmd:{path} --table {table}")
    (tmp_path / "elsewhere").mkdir()
    moved = labelling(tmp_path / "elsewhere" / "told")
    (tmp_path / "elsewhere" / "table.txt").write_text("one")
    assert fingerprint_of(f"cmd:{moved} --table {tmp_path / 'elsewhere' / 'table.txt'}") == first
    table.write_text("two")
    assert fingerprint_of(f"cmd:{path} --table {table}") != first
    labelling(path, "number += 1")
    table.write_text("one")
    assert fingerprint_of(f"cmd:{path} --table {table}") != first
    assert str(tmp_path) not in open_system(f"cmd:{path}", kind="language-id").identity.model_dump_json()


def test_no_shell_reads_the_command(run_program, tmp_path):
    """What would be a second command is an argument."""
    path = labelling(tmp_path / "told")
    run_program(f"cmd:{path} ; touch {tmp_path / 'made'}")
    assert not (tmp_path / "made").exists()


def test_a_program_finds_the_candidates_of_a_retrieval_task(request_to_run, tmp_path):
    """The pool lies in a file that HARNESS_TASK_FILE names."""
    body = """
        task = json.load(open(os.environ["HARNESS_TASK_FILE"], encoding="utf-8"))
        assert task["kind"] == "retrieval" and task["top_k"] == 10
        for line in sys.stdin:
            request = json.loads(line)
            words = set(request["input"].split())
            ranked = sorted(task["candidates"], key=lambda one: -len(words & set(one["text"].split())))
            print(json.dumps({"id": request["id"], "output": [one["id"] for one in ranked][:3]}), flush=True)
    """
    path = program(tmp_path / "ranker", body)
    folder = run(request_to_run(task="retrieval", system=f"cmd:{path}"))
    assert folder.result.scores[0].value > 0.5


@pytest.mark.parametrize("uri", ["cmd:./absent", "cmd:", "cmd:'open", "cmd: "])
def test_a_command_that_cannot_be_run_is_told_before_anything_is_asked(uri):
    """With what to write."""
    with pytest.raises((InputError, ConfigurationError)) as raised:
        open_system(uri, kind="language-id")
    assert raised.value.remedy


def test_a_file_that_is_no_program_is_told(run_program, tmp_path):
    """The system itself refuses it."""
    path = tmp_path / "text"
    path.write_text("no program")
    path.chmod(0o755)
    with pytest.raises(InputError, match="cannot be started") as raised:
        run_program(path)
    assert "#!" in raised.value.remedy


FUNCTIONS = '''
import os, time
print("a line that is no answer")

def told(batch):
    """Answer a batch."""
    print("asked for", len(batch))
    return [{"id": one["id"], "output": "ar"} for one in batch]

def poisoned(batch):
    if any(one["id"] == "a3#L1" for one in batch):
        raise RuntimeError("poison")
    return told(batch)

def dying(batch):
    if any(one["id"] == "a3#L1" for one in batch):
        os._exit(7)
    return told(batch)

def hanging(batch):
    if any(one["id"] == "a3#L1" for one in batch):
        time.sleep(600)
    return told(batch)

def forgetful(batch):
    return [one for one in told(batch) if one["id"] != "a3#L1"]

def odd(batch):
    return [one if one["id"] != "a3#L1" else {"id": "a3#L1", "output": {1, 2}} for one in told(batch)]

def strange(batch):
    return [one if one["id"] != "a3#L1" else 7 for one in told(batch)]

def infinite(batch):
    return [one if one["id"] != "a3#L1" else {"id": "a3#L1", "output": float("nan")} for one in told(batch)]
'''


@pytest.fixture
def functions(tmp_path, monkeypatch):
    """Work in a folder with a module of functions."""
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "my_systems.py").write_text(FUNCTIONS)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("told", {}),
        ("poisoned", {"a3#L1": "crash"}),
        ("dying", {"a3#L1": "crash"}),
        ("hanging", {"a3#L1": "time-out"}),
        ("forgetful", {"a3#L1": "no-answer"}),
        ("odd", {"a3#L1": "unparsable"}),
        ("strange", {"a3#L1": "unparsable"}),
        ("infinite", {"a3#L1": "unparsable"}),
    ],
)
def test_a_function_is_called_in_a_process_of_its_own(run_program, functions, name, expected):
    """Whatever it does to its process, it costs the item that it does it on; what it prints is no answer."""
    assert failures(run_program(f"py:my_systems:{name}")) == expected


def test_a_module_is_not_run_to_learn_what_it_is(functions):
    """Opening a system reads the file and imports nothing."""
    (functions / "my_systems.py").write_text("raise SystemExit('imported')")
    identity = open_system("py:my_systems:told", kind="language-id").identity
    (functions / "my_systems.py").write_text("raise SystemExit('imported again')")
    assert open_system("py:my_systems:told", kind="language-id").identity != identity


@pytest.mark.parametrize("mark", ["recipe.toml", "manifest.json"])
def test_code_that_lies_in_a_corpus_is_not_imported(functions, mark):
    """A corpus is data, wherever it comes from."""
    (functions / mark).write_text("")
    with pytest.raises(ConfigurationError, match="not run"):
        open_system("py:my_systems:told", kind="language-id")


@pytest.mark.parametrize(
    "uri", ["py:absent_module:told", "py:my_systems", "py:my_systems:", "py:a-b:c", "py:json"]
)
def test_a_function_that_cannot_be_meant_is_wrong_use(functions, uri):
    """With how one is named."""
    with pytest.raises(ConfigurationError) as raised:
        open_system(uri, kind="language-id")
    assert "MODULE:FUNCTION" in raised.value.remedy


def test_a_system_sees_ids_and_inputs_alone(run_program, request_to_run, tmp_path):
    """No reference leaves this process."""
    log = tmp_path / "seen"
    body = f"open({str(log)!r}, 'a', encoding='utf-8').write(line)"
    run_program(labelling(tmp_path / "told", body))
    seen = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    items = derive_task(request_to_run()).items.to_pylist()
    assert seen == [{"id": item["item_id"], "input": item["input"]} for item in items]
