"""Several systems on several tasks: what is run, what is passed over, and what is worked out only once."""

from dataclasses import dataclass, field

import pyarrow as pa
import pytest
from support.versions import small_version

from harness.core.errors import ConfigurationError, ExitCode, NoEvidenceError, SeveralErrors
from harness.core.workspace import Workspace
from harness.store.versions import VersionFolder
from harness.workflows import run as run_module
from harness.workflows.campaign import run_campaign
from harness.workflows.finding import runs_of
from harness.workflows.run import derive_task, request_for, run


@dataclass(frozen=True)
class _Counted(VersionFolder):
    """A version of given documents that counts how often they are read."""

    table: pa.Table = None
    readings: list[None] = field(default_factory=list)

    def documents(self, columns=None):
        self.readings.append(None)
        return self.table.select(columns) if columns else self.table


@pytest.fixture
def version(documents, tmp_path):
    """Give a version that holds the documents of these tests."""
    made = small_version(tmp_path / "version")
    return _Counted(made.path, made.manifest, documents)


@pytest.fixture
def campaign(version, tmp_path):
    """Give a function that runs systems on a version's tasks, and keeps what it was told meanwhile."""
    told = []

    def start(of=version, **choices):
        return run_campaign(Workspace(tmp_path), of, progress=told.append, **choices)

    start.told = told
    return start


def without(version, column):
    """Set a column of a version's documents to null."""
    position = version.table.column_names.index(column)
    nothing = pa.nulls(version.table.num_rows, pa.string())
    return _Counted(version.path, version.manifest, version.table.set_column(position, column, nothing))


def test_every_built_in_system_runs_on_every_task_that_it_answers(campaign):
    """Identifiers do not rank, rankers do not identify; nobody has to know which is which."""
    pairs = {(folder.manifest.subject.task, folder.result.system.name) for folder in campaign()}
    assert {("language-id", "py3langid"), ("retrieval", "bm25"), ("retrieval", "char-tfidf")} <= pairs
    assert ("retrieval", "py3langid") not in pairs


def test_documents_are_read_once_and_each_task_is_derived_once(campaign, version, monkeypatch):
    """The cost of a further system is its answers alone."""
    derived = []
    derive = run_module.derive
    monkeypatch.setattr(
        run_module, "derive", lambda settings, *rest: derived.append(settings.name) or derive(settings, *rest)
    )
    assert len(campaign(tasks=["language-id", "retrieval"])) > 3
    assert derived == ["language-id", "retrieval"]
    assert len(version.readings) == 1


def test_a_campaign_makes_the_runs_that_single_requests_make(campaign, version, tmp_path):
    """A task that was derived before gives the same run, found again under the same id."""
    (folder,) = campaign(tasks=["retrieval"], systems=["bm25"])
    request = request_for(Workspace(tmp_path), version, task="retrieval", system="bm25")
    assert run(request).path == run(request, task=derive_task(request)).path == folder.path


@pytest.fixture
def two_tasks(tmp_path):
    """Let the corpus have two tasks alone, which rest on metadata."""
    folder = tmp_path / "datasets" / "tiny-news"
    folder.mkdir(parents=True)
    kinds = ("language-id", "retrieval")
    (folder / "tasks.toml").write_text("".join(f'[[tasks]]\nkind = "{kind}"\n' for kind in kinds))


def test_a_task_without_gold_is_passed_over_and_named(campaign, version, two_tasks):
    """A corpus without titles can still be asked for its languages; the progress says what was left out."""
    folders = campaign(without(version, "title"))
    assert {folder.manifest.subject.task for folder in folders} == {"language-id"}
    assert any("retrieval: not run" in line and "no document has a title" in line for line in campaign.told)


def test_a_task_without_gold_that_was_asked_for_is_no_evidence(campaign, version):
    """Who names a task gets its scores or an error, never silence."""
    with pytest.raises(NoEvidenceError, match="has a title"):
        campaign(without(version, "title"), tasks=["retrieval"])


def test_a_version_without_any_gold_is_no_evidence(campaign, version, two_tasks):
    """Nothing was measured, and each task says why."""
    bare = without(without(version, "title"), "lang_declared")
    with pytest.raises(SeveralErrors) as raised:
        campaign(bare)
    assert raised.value.exit_code == ExitCode.NO_EVIDENCE
    assert {error.exit_code for error in raised.value.errors} == {ExitCode.NO_EVIDENCE}


def test_a_tasks_file_without_a_task_is_refused(campaign, tmp_path):
    """An empty file would otherwise be a campaign of nothing that succeeds."""
    folder = tmp_path / "datasets" / "tiny-news"
    folder.mkdir(parents=True)
    (folder / "tasks.toml").write_text("# none yet\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="names no task"):
        campaign()


def test_a_system_that_fits_no_task_is_wrong_use(campaign):
    """It is named before anything is run."""
    with pytest.raises(ConfigurationError, match="does not answer"):
        campaign(tasks=["retrieval"], systems=["py3langid", "bm25"])


def test_a_predictions_file_for_several_tasks_is_wrong_use(campaign, tmp_path):
    """It is refused before anything runs, with the tasks that it may be for, whether or not they were named."""
    for tasks in ((), ("retrieval", "language-id")):
        with pytest.raises(ConfigurationError, match=r"answers to one task, and \d+") as raised:
            campaign(tasks=tasks, systems=["bm25", f"preds:{tmp_path / 'absent.jsonl'}"])
        assert "--task retrieval" in raised.value.remedy
        assert "--task language-id" in raised.value.remedy
    assert campaign.told == []


def test_what_is_named_twice_is_run_once(campaign):
    """A doubled option is a slip of the hand; the answer is one run, not two or an error."""
    folders = campaign(tasks=["retrieval", "retrieval"], systems=["bm25", "bm25"])
    assert [folder.result.system.name for folder in folders] == ["bm25"]
    assert campaign.told == ["retrieval: bm25"]


def test_runs_on_a_task_that_was_changed_since_do_not_stand_in_the_way(campaign, version, tmp_path):
    """After a change to `tasks.toml` the runs on the task as it is now are compared, and the others told."""
    tasks = tmp_path / "datasets" / version.manifest.name / "tasks.toml"
    tasks.parent.mkdir(parents=True)
    old = campaign(tasks=["retrieval"])
    tasks.write_text('[[tasks]]\nkind = "retrieval"\ntop_k = 2\n')
    new = campaign(tasks=["retrieval"])
    told = []
    found = runs_of(Workspace(tmp_path), version, progress=told.append)
    assert {folder.run_id for folder in found["retrieval"]} == {folder.run_id for folder in new}
    assert told == [f"retrieval: {len(old)} older runs left out, made before the task was changed"]


def test_a_task_that_was_changed_after_all_its_runs_has_to_be_run_again(campaign, version, tmp_path):
    """Runs on two former forms of a task are no evidence about its present one."""
    tasks = tmp_path / "datasets" / version.manifest.name / "tasks.toml"
    tasks.parent.mkdir(parents=True)
    for top_k in (1, 2, 3):
        tasks.write_text(f'[[tasks]]\nkind = "retrieval"\ntop_k = {top_k}\n')
        if top_k < 3:
            campaign(tasks=["retrieval"])
    with pytest.raises(NoEvidenceError, match="changed after every run") as raised:
        runs_of(Workspace(tmp_path), version)
    assert "--task retrieval" in raised.value.remedy
