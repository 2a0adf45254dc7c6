"""Publishing through the unmodified Hub client to a server that speaks its protocol and misbehaves on purpose."""

import json
import os
import subprocess
import sys

import pytest
from support.command import harness
from support.gates import entry, write_suite
from support.stand_in_hub import TOKEN, Blob, running_hub
from support.versions import RECIPE, judged, small_version

from harness.hub.retrying import persistently

REPO = "acme/tiny-news"
# One line of input a publication, one line of output its outcome.
PUBLISH = """
import json, sys
from pathlib import Path
from harness.core.errors import HarnessError
from harness.core.verdict import SuiteIdentity
from harness.hub.publish import hub_token, publish_to_hub
from harness.store.versions import VersionFolder
from harness.workflows.publish import plan_publication

def publish(folder, suites, repo_id, private):
    pauses = []
    suites = [SuiteIdentity.model_validate(suite) for suite in suites]
    try:
        plan = plan_publication(VersionFolder.open(Path(folder)), suites, repo_id, private=private)
        published = publish_to_hub(plan, hub_token(), print_progress, pause=pauses.append)
    except HarnessError as error:
        return {"error": str(error), "exit_code": int(error.exit_code), "pauses": pauses}
    return {**published.as_json(), "pauses": pauses}

def print_progress(line):
    print(line, file=sys.stderr, flush=True)

for line in sys.stdin:
    print(json.dumps(publish(*json.loads(line))), flush=True)
"""
LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset
repo_id, revision = sys.argv[1:]
names = get_dataset_config_names(repo_id, revision=revision)
configs = {name: load_dataset(repo_id, name, revision=revision) for name in names}
print(json.dumps({name: {s: p.to_list() for s, p in config.items()} for name, config in configs.items()}, default=str))
"""


@pytest.fixture(scope="module")
def server():
    """Serve a Hub for all tests of the module."""
    with running_hub() as running:
        yield running


@pytest.fixture
def hub(server):
    """Give an empty Hub."""
    server.forget()
    return server


@pytest.fixture(scope="module")
def environment(server, tmp_path_factory):
    """Describe where clients run: the address is read when they are imported, so each has its own process."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    return kept | {
        "HF_ENDPOINT": server.url,
        "HF_HOME": str(tmp_path_factory.mktemp("hf")),
        "HF_TOKEN": TOKEN,
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_UPDATE_DOWNLOAD_COUNTS": "0",
        "NO_PROXY": "*",
    }


@pytest.fixture(scope="module")
def publisher(environment, tmp_path_factory):
    """Run one client for all tests that change nothing in its environment; its messages go to a file."""
    log = tmp_path_factory.mktemp("client") / "stderr"
    with (
        log.open("w") as stderr,
        subprocess.Popen(
            [sys.executable, "-c", PUBLISH],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        ) as process,
    ):

        def ask(line):
            process.stdin.write(line + "\n")
            process.stdin.flush()
            return process.stdout.readline(), log.read_text()

        yield ask
        process.stdin.close()


@pytest.fixture
def publish(publisher, environment):
    """Publish a version folder; gives what was published, or the error."""

    def published(version, repo_id=REPO, *, private=False, **changed):
        suites = [suite.model_dump() for suite in judged(version)]
        line = json.dumps([str(version.path), suites, repo_id, private])
        out, log = _run(PUBLISH, environment | changed, asked=line) if changed else publisher(line)
        assert out, log
        assert TOKEN not in out + log
        return json.loads(out)

    return published


@pytest.fixture
def load(environment):
    """Load every config of a dataset with the unmodified client."""

    def loaded(name, revision, **changed):
        out, log = _run(LOAD, environment | changed, name, revision)
        assert out, log
        return json.loads(out)

    return loaded


def _run(script, environment, *arguments, asked=""):
    given = {key: value for key, value in environment.items() if value is not None}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=given,
        input=asked,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout, done.stderr


@pytest.fixture
def version(tmp_path):
    """Write the version to publish."""
    return small_version(tmp_path / "1.0.0")


def _next_version(tmp_path, number="1.1.0"):
    texts = {"train": ("Rain fell.",), "validation": (), "test": ()}
    return small_version(tmp_path / number, RECIPE.model_copy(update={"version": number}), texts=texts)


def test_a_version_is_one_commit_and_one_tag_and_loads_as_it_was(hub, load, publish, version):
    """Unmodified clients write it in one commit, and give back the same rows of every config by its tag."""
    result = publish(version)
    repo = hub.repos[REPO]
    assert [commit.title for commit in repo.commits] == ["initial commit", "Publish tiny-news@1.0.0"]
    assert repo.tags == {"1.0.0": repo.commits[-1].id} == {"1.0.0": result["commit"]}
    assert set(repo.commits[-1].files) == {
        ".gitattributes", "README.md", "manifest.json", "gates.json", *version.manifest.files,
    }  # fmt: skip
    assert result["was_there"] is False
    loaded = load(REPO, "1.0.0")
    assert loaded == load(str(version.path), "main", HF_HUB_OFFLINE="1")
    assert [row["text"] for row in loaded["default"]["test"]] == ["Rain fell."]
    assert set(loaded) == {"default", "records", "rejected", "edits", "metrics"}


def test_publishing_again_changes_nothing(hub, publish, version):
    """The second time finds the tag with this very content."""
    first = publish(version)
    second = publish(version)
    assert second["was_there"] is True
    assert (second["commit"], len(hub.repos[REPO].commits)) == (first["commit"], 2)
    assert hub.posts_to("commit") == 1


def test_a_commit_that_comes_between_is_not_lost(hub, publish, version, tmp_path):
    """Overtaken by somebody else, the client starts from the new head; both commits stay."""
    publish(version)
    hub.faults["commit"] = ["overtaken"]
    publish(_next_version(tmp_path))
    *_, theirs, ours = hub.repos[REPO].commits
    assert (theirs.title, ours.title) == ("somebody else's", "Publish tiny-news@1.1.0")
    assert ours.files["notes.md"].content == b"by somebody else"
    assert hub.posts_to("commit") == 3


@pytest.mark.parametrize("fault", ["409", "429", "500", "503"])
def test_a_passing_refusal_is_tried_again(hub, publish, version, fault):
    """Contention, too many requests and the server's own trouble are waited for."""
    hub.faults["commit"] = [fault]
    result = publish(version)
    assert len(result["pauses"]) == 1
    assert hub.repos[REPO].tags == {"1.0.0": result["commit"]}


def test_a_lost_answer_does_not_commit_twice(hub, publish, version):
    """A commit and a tag that were made, while the answer got lost, are recognised and not repeated."""
    hub.faults = {"commit": ["503-after"], "tag": ["503-after"]}
    result = publish(version)
    assert len(hub.repos[REPO].commits) == 2
    assert hub.posts_to("commit") == hub.posts_to("tag") == 1
    assert hub.repos[REPO].tags == {"1.0.0": result["commit"]}


def test_a_server_that_stays_busy_is_given_up(hub, publish, version):
    """The number of attempts is bounded, and the error says that nothing is done twice later."""
    hub.faults["commit"] = ["503"] * 20
    result = publish(version)
    assert result["exit_code"] == 3
    assert hub.posts_to("commit") == 6
    assert len(result["pauses"]) == 5
    assert not hub.repos[REPO].tags


def test_a_published_version_does_not_change(hub, publish, version, tmp_path):
    """A tag with other content is refused, and stays as it was."""
    first = publish(version)
    changed = small_version(
        tmp_path / "changed", texts={"train": ("Snow fell.",), "validation": (), "test": ()}
    )
    result = publish(changed)
    assert result["exit_code"] == 3
    assert "the tag '1.0.0' is there with other content" in result["error"]
    assert "raise 'version'" in result["error"]
    assert hub.repos[REPO].tags == {"1.0.0": first["commit"]}
    assert len(hub.repos[REPO].commits) == 2


def test_the_next_version_takes_away_what_it_no_longer_has(hub, publish, version, tmp_path):
    """Files of the older version go in the same commit; files of other people stay."""
    publish(version)
    repo = hub.repos[REPO]
    leftover = {"data/train/00001.parquet": Blob(b"old"), "notes.md": Blob(b"by somebody else")}
    manifest = json.loads(repo.commits[-1].files["manifest.json"].content)
    manifest["files"]["data/train/00001.parquet"] = manifest["files"]["data/train/00000.parquet"]
    files = repo.commits[-1].files | leftover | {"manifest.json": Blob(json.dumps(manifest).encode())}
    repo.add("an older version with one shard more", "", files)
    publish(_next_version(tmp_path))
    assert "data/train/00001.parquet" not in repo.commits[-1].files
    assert "notes.md" in repo.commits[-1].files
    assert set(repo.tags) == {"1.0.0", "1.1.0"}


@pytest.mark.parametrize(
    "files",
    [
        {"data.csv": Blob(b"1,2")},
        {"manifest.json": Blob(b'{"name": "other"}')},
        {"manifest.json": Blob(b"[")},
    ],
)
def test_somebody_elses_dataset_is_not_overwritten(hub, publish, version, files):
    """A repository that holds anything but this corpus is refused: the name was probably mistyped."""
    repo = hub.create(REPO)
    repo.add("work of years", "", repo.commits[-1].files | files)
    result = publish(version)
    assert result["exit_code"] == 2
    assert "something else than 'tiny-news'" in result["error"]
    assert len(repo.commits) == 2


def test_bytes_that_arrive_changed_are_not_tagged(hub, publish, version):
    """What the Hub holds is compared with what was sent before a tag names it."""
    hub.faults["upload"] = ["wrong-bytes"]
    result = publish(version)
    assert result["exit_code"] == 3
    assert "not what was sent" in result["error"]
    assert not hub.repos[REPO].tags


def test_a_private_version_does_not_go_where_all_can_read(hub, publish, version):
    """`--private` makes a private repository, and refuses a public one."""
    publish(version, "acme/hidden", private=True)
    assert hub.repos["acme/hidden"].private
    hub.create("acme/open")
    result = publish(version, "acme/open", private=True)
    assert result["exit_code"] == 2
    assert "the repository is public" in result["error"]
    assert len(hub.repos["acme/open"].commits) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"HF_TOKEN": None}, "there is no token"),
        ({"HF_HUB_OFFLINE": "1"}, "told to stay offline"),
        ({"HF_TOKEN": "hf_\N{ARABIC-INDIC DIGIT ONE}"}, "characters that no token has"),
        ({"HF_TOKEN": "hf_a b"}, "characters that no token has"),
        ({"HF_ENDPOINT": "http://127.0.0.1:9"}, "cannot be reached"),
        ({"HF_ENDPOINT": "hub.example.invalid"}, "no web address"),
    ],
)
def test_without_token_or_network_nothing_is_asked(hub, publish, version, changed, said):
    """No token or none that can be one, the offline switch, a dead or wrong address: bad input, with what to do."""
    result = publish(version, **changed)
    assert result["exit_code"] == 3
    assert changed.get("HF_TOKEN") is None or changed["HF_TOKEN"] not in result["error"]
    assert said in result["error"]
    assert "remedy:" in result["error"]
    assert not hub.requests


def test_a_wait_says_what_it_waits_for():
    """A dead line is not called busy: the one is the user's to mend, the other passes."""
    from huggingface_hub.errors import HTTPError  # noqa: PLC0415 - the others run the client in a process of its own

    told = []
    failures = [HTTPError("Connection refused")]

    def step():
        if failures:
            raise failures.pop()
        return "through"

    assert persistently(step, where="here", pause=lambda *waited: told.append(waited)) == "through"
    assert told == [(1.0, "the Hub cannot be reached")]


def test_a_token_that_may_not_write_is_told_and_not_shown(hub, publish, version):
    """A refused token is no bug of ours, and its letters appear nowhere."""
    result = publish(version, HF_TOKEN="hf_wrongToken")  # noqa: S106 - it is wrong
    assert result["exit_code"] == 3
    assert "does not let this token write" in result["error"]
    assert "hf_wrongToken" not in result["error"]
    assert not hub.repos


def test_a_plan_names_all_that_is_uploaded_and_imports_no_client(version):
    """Looking at the plan needs neither the Hub's client nor a network."""
    script = (
        "import json, sys; from pathlib import Path\n"
        "from harness.core.verdict import SuiteIdentity\n"
        "from harness.reports.publish_text import plan_text\n"
        "from harness.store.versions import VersionFolder\n"
        "from harness.workflows.publish import plan_publication\n"
        "suites = [SuiteIdentity.model_validate(suite) for suite in json.loads(sys.argv[2])]\n"
        "print(plan_text(plan_publication(VersionFolder.open(Path(sys.argv[1])), suites, 'acme/tiny-news')))\n"
        "assert not {'huggingface_hub', 'datasets', 'great_expectations'} & set(sys.modules), 'too much imported'\n"
    )
    suites = json.dumps([suite.model_dump() for suite in judged(version)])
    done = subprocess.run(
        [sys.executable, "-c", script, str(version.path), suites], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    for path in ("README.md", "manifest.json", "gates.json", *version.manifest.files):
        assert f"  {path}\n" in done.stdout + "\n"
    assert "acme/tiny-news" in done.stdout


def test_the_command_refuses_plans_publishes_and_finds_it_done(hub, environment, tmp_path):
    """`harness publish`: 4 before validation, a plan without network or token, then the real thing, then nothing."""
    (tmp_path / "expectations").mkdir()
    write_suite(tmp_path / "expectations", entry("column_values_to_not_be_null", column="text"))
    folder = small_version(tmp_path / "1.0.0", RECIPE.model_copy(update={"gates": ("made",)})).path
    command = ("publish", folder, "--to", REPO, "--workspace", tmp_path)
    online = {key: value for key, value in environment.items() if key.startswith("HF_")} | {
        "HF_HUB_OFFLINE": "0"
    }

    early = harness(*command, cwd=tmp_path, env=online)
    assert (early.code, early.stdout) == (4, "")
    assert "never" in early.stderr
    assert f"harness validate {folder}" in early.stderr
    assert harness("validate", folder, "--workspace", tmp_path, cwd=tmp_path).code == 0
    planned = harness(*command, "--dry-run", "--format", "json", cwd=tmp_path)
    assert planned.code == 0, planned.stderr
    assert {file["path"] for file in planned.json["files"]} >= {
        "README.md",
        "gates.json",
        "data/train/00000.parquet",
    }
    assert not hub.requests

    done = harness(*command, "--format", "json", cwd=tmp_path, env=online)
    assert done.code == 0, done.stderr
    assert hub.repos[REPO].tags == {"1.0.0": done.json["commit"]}
    again = harness(*command, cwd=tmp_path, env=online)
    assert (again.code, hub.posts_to("commit")) == (0, 1)
    assert "was there already" in again.stdout
    assert TOKEN not in done.stdout + done.stderr + again.stdout + again.stderr
