"""A bucket of a real server on this machine is read like a folder, through the clients that users have."""

import gzip
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from support.command import harness

PACKAGES = Path(__file__).resolve().parents[2] / ".venv" / "s3"
ARTICLE = "أعلنت بلدية وادي الزهر افتتاح مكتبة عامة جديدة في حي {}، وتضم القاعة الكبرى عشرين ألف كتاب."

pytestmark = pytest.mark.skipif(not PACKAGES.is_dir(), reason="the server of S3 is not installed: make s3")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Start a server, and give the settings with which clients find it."""
    port = _free_port()
    environment = {
        "PYTHONPATH": str(PACKAGES),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "*",
    }
    log = (tmp_path_factory.mktemp("s3") / "log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        env={**os.environ, **environment},
        stdout=log,
        stderr=log,
    )
    try:
        _wait_for(environment["AWS_ENDPOINT_URL"], server)
        yield environment
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()


def _wait_for(address, server):
    for _ in range(150):
        try:
            urllib.request.urlopen(address, timeout=1).close()  # noqa: S310 - our own server
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, "the server has ended"
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server does not answer")


@pytest.fixture(scope="module")
def files():
    """Give the files of a small corpus, in formats that are read in different ways."""
    return {
        "a10.txt": ARTICLE.format("الميناء").encode(),
        "a2.html": f"<html><body><article><p>{ARTICLE.format('الزيتون')}</p></article></body></html>".encode(),
        "in/b.jsonl.gz": gzip.compress(f'{{"text": "{ARTICLE.format("السوق")}"}}\n{{"text":\n'.encode()),
    }


@pytest.fixture(scope="module")
def bucket(environment, files, tmp_path_factory):
    """Fill a bucket by the client, not by harness."""
    folder = tmp_path_factory.mktemp("upload")
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    script = (
        "import s3fs, sys; files = s3fs.S3FileSystem(); files.mkdir('corpus');"
        "files.put(sys.argv[1] + '/', 'corpus/news/', recursive=True)"
    )
    subprocess.run(
        [sys.executable, "-c", script, folder], env={**os.environ, **environment}, check=True, timeout=120
    )
    return "s3://corpus/news"


def test_a_bucket_gives_the_same_records_as_a_folder(bucket, environment, files, tmp_path):
    """Locators are relative, and every format is read through the network as from the disk."""
    for name, content in files.items():
        (tmp_path / "news" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "news" / name).write_bytes(content)
    far = harness("build", bucket, "--out", tmp_path / "far", cwd=tmp_path, env=environment)
    near = harness("build", tmp_path / "news", "--out", tmp_path / "near", cwd=tmp_path)
    assert (far.code, near.code) == (0, 0), far.stderr
    assert f'path = "{bucket}"' in far.stdout
    for table in ("records", "errors"):
        read = [
            pq.read_table(tmp_path / out / table / "00000.parquet").to_pylist() for out in ("far", "near")
        ]
        assert read[0] == read[1]
        assert read[0]


def test_one_object_is_a_source(bucket, environment, tmp_path):
    """Its locator is its name."""
    done = harness(
        "build", f"{bucket}/in/b.jsonl.gz", "--out", tmp_path / "out", cwd=tmp_path, env=environment
    )
    assert done.code == 0, done.stderr
    records = pq.read_table(tmp_path / "out" / "records" / "00000.parquet")
    assert records["locator"].to_pylist() == ["b.jsonl.gz#L1", "b.jsonl.gz#L2"]


def test_a_bucket_that_is_not_there_is_bad_input(environment, tmp_path):
    """Exit code 3, with the address."""
    done = harness("build", "s3://no-such-bucket/x", "--out", tmp_path / "out", cwd=tmp_path, env=environment)
    assert done.code == 3
    assert "s3://no-such-bucket/x" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_server_that_does_not_answer_is_bad_input(environment, tmp_path):
    """Nothing is built of half a corpus."""
    dead = {**environment, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{_free_port()}", "AWS_MAX_ATTEMPTS": "1"}
    done = harness("build", "s3://corpus/news", "--out", tmp_path / "out", cwd=tmp_path, env=dead)
    assert done.code == 3, done.stderr
    assert not (tmp_path / "out").exists()
