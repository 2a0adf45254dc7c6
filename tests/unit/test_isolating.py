"""Records that the work dies on are found, told and left out; everything else goes on."""

import pytest
from support.command import tree_bytes
from support.poisoned_tasks import TASK, results, written_chunk, written_chunks

from harness.core.errors import ConfigurationError, ExitCode, HarnessError
from harness.engines.inline import InlineEngine
from harness.engines.pool import PoolEngine
from harness.engines.time_limit import TimeLimit
from harness.workflows.isolating import Completed, run_isolating

SOUND = [f"text {number}" for number in range(30)]
SOON = TimeLimit(seconds=1.5)


def isolated(folder, engine, chunks, *, task=TASK, most=100) -> list[Completed]:
    """Run chunks of payloads and give what was reported, in the chunks' order."""
    reports: list[Completed] = []
    run_isolating(engine, task, iter(written_chunks(folder, chunks)), reports.append, most=most)
    return sorted(reports, key=lambda report: report.spec.output)


def with_orders(orders: dict[int, str]) -> list[str]:
    """Put orders among sound records."""
    return [orders.get(place, text) for place, text in enumerate(SOUND)]


def expected(orders: dict[int, tuple[str, str]]) -> list[tuple]:
    """Say what becomes of `SOUND` where some records are errors."""
    return [
        (None, *orders[place]) if place in orders else (text.upper().encode(), None, None)
        for place, text in enumerate(SOUND)
    ]


def test_an_exception_at_one_record_costs_that_record_alone(tmp_path):
    """Its type is told; its message, which may carry text from outside, is not."""
    [report] = isolated(tmp_path, InlineEngine(), [with_orders({17: "raise <script>"})])
    assert results(tmp_path) == expected({17: ("poison-record", "ValueError")})
    assert (report.isolated, report.lasting) == (1, False)


def test_several_poison_records_in_one_chunk_are_all_found(tmp_path):
    """Also at both ends, side by side, and where an extension panics with what is no exception."""
    orders = {0: "raise", 16: "panic", 17: "raise", 29: "raise"}
    isolated(tmp_path, InlineEngine(), [with_orders(orders)])
    kinds = dict.fromkeys(orders, ("poison-record", "ValueError"))
    assert results(tmp_path) == expected({**kinds, 16: ("poison-record", "_PanicError")})


def test_a_record_that_crashes_its_process_is_isolated(tmp_path):
    """A null pointer read and a process that ends are told by signal and by exit code."""
    reports = isolated(tmp_path, PoolEngine(2), [["a", "segfault", "b", "c"], SOUND, ["a", "exit"]])
    died, ended = (None, "worker-died", "SIGSEGV"), (None, "worker-died", "exit code 3")
    sound = [(letter, None, None) for letter in (b"A", b"B", b"C")]
    assert results(tmp_path) == [sound[0], died, *sound[1:], *expected({}), sound[0], ended]
    assert [(report.isolated, report.lasting) for report in reports] == [(1, False), (0, True), (1, False)]


def test_a_record_that_never_ends_is_isolated(tmp_path):
    """Its neighbours are worked on as ever."""
    isolated(tmp_path, PoolEngine(2, limit=SOON), [["a", "hang", "b"], SOUND])
    timed_out = (None, "timed-out", "no end within the time limit")
    assert results(tmp_path) == [(b"A", None, None), timed_out, (b"B", None, None), *expected({})]


def test_every_engine_and_number_of_workers_writes_the_same_bytes(tmp_path):
    """Inline, one worker, three workers: two poison records in one chunk and one in another."""
    chunks = [with_orders({3: "raise", 4: "raise"}), SOUND, with_orders({29: "panic"})]
    written = []
    for name, engine in (("inline", InlineEngine()), ("one", PoolEngine(1)), ("three", PoolEngine(3))):
        isolated(tmp_path / name, engine, chunks)
        written.append(tree_bytes(tmp_path / name / "outputs"))
    assert written[0] == written[1] == written[2]


def test_nothing_of_the_search_stays_behind(tmp_path):
    """But for the chunks as they were given and their outputs."""
    isolated(tmp_path, InlineEngine(), [with_orders({17: "raise"})])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["000000.raw.arrow", "outputs"]
    assert [path.name for path in (tmp_path / "outputs").iterdir()] == ["000000"]


def test_chunks_are_read_only_a_few_ahead_of_the_work(tmp_path):
    """What lies on disk does not grow with the corpus, though every chunk is written as it is asked for."""
    waiting = 0
    most_waiting = 0

    def read():
        nonlocal waiting, most_waiting
        for number in range(30):
            waiting += 1
            most_waiting = max(most_waiting, waiting)
            yield written_chunk(tmp_path, number, ["a"])

    def done(_completed):
        nonlocal waiting
        waiting -= 1

    run_isolating(PoolEngine(2), TASK, read(), done)
    assert waiting == 0
    assert most_waiting <= 5  # two at work, two read ahead, one being settled


def test_wrong_configuration_stops_the_build_as_it_is(tmp_path):
    """It is no record's fault, and the person who can mend it is told."""
    for name, engine in (("inline", InlineEngine()), ("pool", PoolEngine(2))):
        with pytest.raises(ConfigurationError) as caught:
            isolated(tmp_path / name, engine, [with_orders({3: "misconfigure"})])
        assert (caught.value.where, caught.value.remedy) == ("recipe.toml", "mend it")


def test_a_full_disk_stops_the_build_as_it_is(tmp_path):
    """No record less would mend it."""
    with pytest.raises(OSError, match="No space left") as caught:
        isolated(tmp_path, PoolEngine(2), [with_orders({3: "disk"})])
    assert caught.value.errno == 28


def test_work_that_fails_without_any_record_stops_the_build(tmp_path):
    """It is our bug, and is shown where it was raised rather than charged to the records."""
    with pytest.raises(HarnessError, match="even on no record: KeyError") as caught:
        isolated(tmp_path, InlineEngine(), [SOUND], task="support.poisoned_tasks:fail_always")
    assert caught.value.exit_code is ExitCode.OUR_BUG
    assert "in fail_always" in caught.value.where


def test_too_many_poison_records_stop_the_build(tmp_path):
    """A bug that costs more than a handful does not turn into error records silently."""
    chunks = [["raise", "a", "raise", "b"], ["raise", "c"]]
    assert sum(report.isolated for report in isolated(tmp_path / "few", InlineEngine(), chunks, most=3)) == 3
    with pytest.raises(HarnessError, match="more than 2 records") as caught:
        isolated(tmp_path / "many", PoolEngine(2), chunks, most=2)
    assert caught.value.exit_code is ExitCode.OUR_BUG
    assert "in _raise" in caught.value.where


def test_records_that_fail_only_together_stop_the_build(tmp_path):
    """None of them is to blame, and none is dropped."""
    with pytest.raises(HarnessError, match="3 records together"):
        isolated(tmp_path, InlineEngine(), [["a", "b", "c"]], task="support.poisoned_tasks:fail_together")
