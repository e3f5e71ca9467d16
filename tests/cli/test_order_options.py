"""The order of a scan as the command line has it: seeds, shards, and time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from banner import testing
from tests.command import PATIENCE, Servers, Terminal, records, run, started


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(testing.refuser).port


def order(*arguments: str, stdin: bytes = b"") -> list[str]:
    """The hosts in the order of their visits: one at a time."""
    done = run("scan", *arguments, "-c", "1", stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    return [record["host"] for record in records(done.stdout)]


def test_a_seed_is_an_order(port: int, tmp_path: Path) -> None:
    hosts = [f"127.0.1.{n}" for n in range(64)]
    network = f"127.0.1.0/26:{port}"
    (tmp_path / "hosts").write_text("".join(f"{host}\n" for host in hosts))
    file = ["-i", str(tmp_path / "hosts"), "-p", str(port)]
    assert order(network, "--order", "given") == order(*file, "--order", "given") == hosts
    seven = order(network, "--seed", "7")
    assert seven != hosts
    assert sorted(seven) == sorted(hosts)
    assert order(*file, "--seed", "7") == seven != order(network, "--seed", "8")
    assert order(network) != order(network)


@pytest.mark.parametrize("way", ["network", "file", "pipe"])
def test_shards_are_disjoint_and_the_whole(port: int, tmp_path: Path, way: str) -> None:
    lines = "".join(f"127.0.1.{n}:{port}\n" for n in range(50)).encode()
    (tmp_path / "hosts").write_bytes(lines)
    arguments = {
        "network": [f"127.0.1.0-127.0.1.49:{port}"], "file": ["-i", str(tmp_path / "hosts")], "pipe": ["-i", "-"]
    }[way]  # fmt: skip
    shards = [order(*arguments, "--shard", f"{i}/3", stdin=lines) for i in (1, 2, 3)]
    assert sorted(map(len, shards)) == [16, 17, 17]
    assert len({host for shard in shards for host in shard}) == 50


@pytest.mark.parametrize("wrong", ["0/3", "4/3", "1", "a/b", "1/0"])
def test_what_is_no_shard_is_refused(wrong: str) -> None:
    assert run("scan", "127.0.0.1:9", "--shard", wrong).returncode == 2


def test_a_seed_that_was_chosen_is_told(port: int) -> None:
    network = f"127.0.1.0/30:{port}"
    with Terminal("scan", network, "--exclude", "127.0.1.1") as terminal:
        assert terminal.finish() == 0
        assert b"1 excluded; seed " in terminal.shown
    with Terminal("scan", network, "--order", "given") as terminal:
        assert terminal.finish() == 0
        assert b"seed" not in terminal.shown


@pytest.mark.parametrize("way", ["network", "pipe"])
def test_a_scan_ends_when_its_time_is_up(port: int, way: str) -> None:
    network = f"127.0.0.0/20:{port}"
    arguments = [network] if way == "network" else ["-i", "-"]
    done = run("scan", *arguments, "--rate", "100", "--max-time", "1.5", stdin=network.encode())
    assert done.returncode == 0
    assert b"the time was up after 1.5 s" in done.stderr
    assert b"with -o FILE.jsonl it would be" in done.stderr
    # What was read of a pipe and not started is not visited either.
    assert 5 < len(records(done.stdout)) < 160
    done = run("scan", f"127.0.0.1:{port}", "--max-time", "20")
    assert (done.returncode, done.stderr, done.stdout.count(b"\n")) == (0, b"", 1)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_nobody_waits_for_an_idle_pipe_when_the_time_is_up(port: int, workers: str) -> None:
    read, write = os.pipe()
    os.write(write, f"127.0.0.1:{port}\n".encode())
    arguments = ["-i", "-", "--workers", workers, "--max-time", "0.5", "--timeout", "60"]
    with started("scan", *arguments, stdin=read) as process:
        assert process.wait(PATIENCE) == 0
        assert process.stdout is not None
        assert len(records(process.stdout.read())) <= 1
        assert process.stderr is not None
        assert b"the time was up" in process.stderr.read()
    os.close(read)
    os.close(write)
