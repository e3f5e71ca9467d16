from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from banner import testing
from tests.command import Servers, records, run


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(testing.refuser).port


@pytest.fixture
def shards(port: int, tmp_path: Path) -> list[str]:
    paths = [str(tmp_path / f"{i}.jsonl") for i in (1, 2, 3)]
    for i, path in enumerate(paths, 1):
        assert run("scan", f"127.0.1.0/26:{port}", "--shard", f"{i}/3", "-o", path).returncode == 0
    return paths


def test_shards_become_one_file(shards: list[str], tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"
    done = run("merge", str(out), *reversed(shards))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    hosts = [record["host"] for record in records(out.read_bytes())]
    assert sorted(hosts) == sorted(f"127.0.1.{n}" for n in range(64))
    assert run("merge", str(out), *shards).returncode == 2
    assert run("merge", str(out), *shards, "--force").returncode == 0
    assert run("merge", "-", *shards).stdout == out.read_bytes()
    for other in ("all.csv", "all.jsonl.gz", "all.sqlite"):
        done = run("merge", str(tmp_path / other), *shards)
        assert done.returncode == 2
        assert b"merged as JSON lines" in done.stderr
        assert not (tmp_path / other).exists()


def test_what_are_not_the_shards_of_one_scan_is_told(shards: list[str], port: int, tmp_path: Path) -> None:
    out = tmp_path / "all.jsonl"

    def refused(reason: str, *paths: str) -> None:
        done = run("merge", str(out), *paths)
        assert done.returncode == 2
        assert reason in done.stderr.decode()
        assert not out.exists()

    one, two, three = shards
    refused("shard 3/3 is missing", one, two)
    refused("shard 2/3 is there twice", one, two, two, three)
    other = str(tmp_path / "other.jsonl")
    run("scan", f"127.0.1.0/26:{port}", "--shard", "3/3", "--seed", "5", "-o", other)
    refused("seed differs", one, two, other)
    run("scan", f"127.0.1.0/26:{port}", "-o", other, "--force")
    refused("is not the output", one, two, other)
    cut = run(
        "scan",
        f"127.0.1.0/26:{port}",
        "--shard",
        "3/3",
        "-o",
        three,
        "--force",
        "--rate",
        "50",
        "--max-time",
        "0.1",
    )
    assert b"the time was up" in cut.stderr
    refused("is not complete", one, two, three)
    Path(two).write_bytes(Path(two).read_bytes()[:-10])
    refused("10 bytes shorter", one, two)
