"""UDP targets through everything that a scan goes through: workers, shards, a journal and going on with it."""

from __future__ import annotations

import json
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from banner.testing.udp import bind
from tests.command import run
from tests.dask_cluster import Cluster

ANSWERING = "127.0.1.5"
EVERYBODY = {("udp", f"127.0.1.{n}"): 1 for n in range(64)}


@pytest.fixture
def port() -> Iterator[int]:
    """A UDP port that answers at one address of 127.0.1.0/26, and is closed at the others."""
    with bind(ANSWERING, 0) as sock:
        sock.setblocking(True)

        def answer() -> None:
            while True:
                data, peer = sock.recvfrom(2048)
                if data == b"stop":
                    return
                sock.sendto(b"hello", peer)

        thread = threading.Thread(target=answer)
        thread.start()
        yield sock.getsockname()[1]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            other.sendto(b"stop", sock.getsockname())
        thread.join()


def told(*outputs: Path) -> dict[tuple[str, str], int]:
    """How often each target has a record; each of them is right."""
    found: Counter[tuple[str, str]] = Counter()
    for output in outputs:
        for line in output.read_text().splitlines():
            record = json.loads(line)
            transport = record.get("transport", "tcp")
            found[transport, record["host"]] += 1
            if transport == "udp":
                answers = record["host"] == ANSWERING
                assert record["status"] == ("banner" if answers else "refused"), record
                assert record["said"] == ["empty"]
    return dict(found)


def test_several_workers_visit_every_target_once(port: int, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = run("scan", f"127.0.1.0/26:{port}/udp", "-o", str(out), "--workers", "2")
    assert (done.returncode, done.stderr) == (0, b"")
    assert told(out) == EVERYBODY


def test_a_cluster_visits_every_target_once(port: int, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with Cluster() as cluster:
        arguments = ("scan", f"127.0.1.0/26:{port}/udp", f"127.0.1.0/26:{port}", "-o", str(out))
        done = run(*arguments, "--dask", cluster.address)
    assert done.returncode == 0, done.stderr
    assert told(out) == {**EVERYBODY, **{("tcp", host): 1 for _, host in EVERYBODY}}


def test_shards_are_the_whole(port: int, tmp_path: Path) -> None:
    outputs = [tmp_path / "1.jsonl", tmp_path / "2.jsonl"]
    for number, out in enumerate(outputs, 1):
        assert (
            run("scan", f"127.0.1.0/26:{port}/udp", "--shard", f"{number}/2", "-o", str(out)).returncode == 0
        )
    assert told(*outputs) == EVERYBODY
    assert all(told(out) for out in outputs)


@pytest.mark.parametrize("workers", ["1", "2"])
@pytest.mark.parametrize("kind", ["arguments", "pipe"])
def test_a_scan_of_both_transports_goes_on_where_it_was(
    port: int, tmp_path: Path, workers: str, kind: str
) -> None:
    """The same host and port over TCP and over UDP are two targets."""
    out = tmp_path / "out.jsonl"
    lists = [f"127.0.1.0/26:{port}/udp", f"127.0.1.0/26:{port}"]
    arguments = ["-i", "-"] if kind == "pipe" else lists
    arguments += ["--workers", workers, "--rate", "150", "-o", str(out)]
    stdin = "\n".join(lists).encode() if kind == "pipe" else b""
    cut = run("scan", *arguments, "--max-time", "0.1", stdin=stdin)
    assert b"the time was up" in cut.stderr
    assert sum(told(out).values()) < 128
    done = run("scan", *arguments, "--resume", stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    assert told(out) == {**EVERYBODY, **{("tcp", host): 1 for _, host in EVERYBODY}}


def test_reading_stops_where_it_is_told_to(port: int) -> None:
    done = run("grab", f"{ANSWERING}:{port}/udp", "--max-bytes", "3", "--json")
    record = json.loads(done.stdout)
    assert (record["banner"], record["end"], record["received"]) == ("hel", "limit", 5)
