"""Workers of Dask that stand still or are of another version, and targets that nobody can visit, end no scan."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from banner import Target, testing
from banner.fleet import cluster as dask
from banner.fleet import lots, sweeper
from banner.fleet.lots import Lost, Lot
from banner.fleet.shards import Found
from banner.fleet.slices import Share, WorkersDiedError, shared
from banner.formats.record import decode
from banner.models import Mode, Settings, Status
from tests.command import ENVIRONMENT, PATIENCE, Servers, records, started, wait_for, without_summary
from tests.dask_cluster import Cluster, needs_dask
from tests.fleet import poison
from tests.machine import children

pytestmark = pytest.mark.one_loop
HERE = str(Path(__file__).parents[2])
SOON = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "2s"}
SHORT = ("--connect-timeout", "1", "--read-timeout", "0.5", "--timeout", "1", "--mode", "listen")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(b"+OK\r\n", host="0.0.0.0")).port


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(env={"PYTHONPATH": HERE}) as cluster:
        yield cluster


def one_of(workers: int) -> Share:
    return shared(workers, 100, None, None, None)


def found_at(out: Path) -> Counter[str]:
    return Counter(record["host"] for record in records(out.read_bytes()))


def everybody(number: int) -> Counter[str]:
    return Counter(f"127.0.{n >> 8}.{n & 255}" for n in range(number))


async def visited(
    address: str, targets: list[Target], visit: Callable[[bytes], Found], monkeypatch: pytest.MonkeyPatch
) -> list[bytes]:
    monkeypatch.setattr(dask, "visit", visit)
    lines: list[bytes] = []
    async with dask.Crew(address, Settings(mode=Mode.LISTEN), one_of, 1) as crew:
        async for block in crew.blocks(targets):
            lines += block.lines.splitlines()
    return lines


async def test_a_target_that_fails_whoever_visits_it_costs_one_record(
    cluster: Cluster, port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    targets = [Target(f"127.0.0.{n}", port, "tag") for n in range(1, 101)]
    lines = await visited(cluster.address, targets, poison.visit, monkeypatch)
    grabs = [decode(line) for line in lines]
    assert Counter(grab.host for grab in grabs) == Counter(target.host for target in targets)
    (fault,) = [grab for grab in grabs if grab.status is not Status.BANNER]
    assert (fault.host, fault.port, fault.tag, fault.status) == (poison.POISON, port, "tag", Status.FAULT)
    assert "poison" in (fault.error or "")
    assert [record.levelname for record in caplog.records if "nothing comes of" in record.message] == [
        "ERROR"
    ]


@pytest.mark.parametrize("wrong", [OSError("no more"), asyncio.CancelledError("no more"), "127.0.0.1:1"])
async def test_what_came_before_a_sources_failure_is_told(cluster: Cluster, port: int, wrong: Any) -> None:
    """And of what is no target no worker of Dask dies."""
    targets = [Target(f"127.0.0.{n}", port) for n in range(1, 71)]

    def given() -> Iterator[Any]:
        yield from targets
        if isinstance(wrong, BaseException):
            raise wrong
        yield wrong

    found: list[Target] = []
    failure = type(wrong) if isinstance(wrong, BaseException) else TypeError
    async with dask.Crew(cluster.address, Settings(mode=Mode.LISTEN), one_of, 1) as crew:
        with pytest.raises(failure, match=r"no more|targets are banner\.Target"):
            async for block in crew.blocks(given()):
                found += block.targets
    assert Counter(found) == Counter(targets)


async def test_where_nothing_comes_of_anything_the_scan_ends(
    cluster: Cluster, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = [Target("127.0.0.1", port)] * 2000
    with pytest.raises(WorkersDiedError, match=r"21 times in a row nothing came .* nothing works here"):
        await visited(cluster.address, targets, poison.fail, monkeypatch)


def test_a_lot_that_fails_is_cut_in_two_until_one_target_is_left() -> None:
    targets = [Target("127.0.0.1", port) for port in range(1, 1001)]
    lost, costs, done = Lost[Target](), 0, 0
    assert lost.repeat(Lot(targets))
    while lost:
        lot = lost.take()
        if targets[700] not in lot.targets:
            done += len(lot.targets)
            continue
        costs += 1
        if not lost.repeat(lot):
            assert lot.targets == [targets[700]]
            done += 1
    assert done == 1000
    assert costs <= lots.TRIES + lots.AGAIN * 11


def test_fault_24_a_worker_that_stands_still_is_left_aside(port: int, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    program = "from banner import cli; from banner.fleet import cluster; cluster.GRACE = 4.0; "
    program += "raise SystemExit(cli.main())"
    with Cluster() as cluster:
        arguments = ["scan", f"127.0.0.0/23:{port}", "-o", str(out), "--rate", "100", *SHORT]
        with subprocess.Popen(
            [sys.executable, "-c", program, *arguments, "--dask", cluster.address],
            stderr=subprocess.PIPE, env={**ENVIRONMENT, **SOON},
        ) as process:  # fmt: skip
            try:
                wait_for(lambda: out.exists() and out.stat().st_size > 0)
                cluster.workers[0].send_signal(signal.SIGSTOP)
                _, told = process.communicate(timeout=PATIENCE)
            finally:
                process.kill()
    assert process.returncode == 0
    told, _ = without_summary(told)
    assert told.count(b"\n") == told.count(b" has stood still for ") == 1, told
    assert found_at(out) == everybody(512)


async def test_fault_24_a_worker_of_another_version_is_left_aside(
    port: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "banner")
    with Cluster(workers=1) as cluster:
        cluster.add_worker("from banner.fleet import shards\nshards.__version__ = '0.0.1'")
        wait_for(lambda: cluster.errors().count(b"Registered to:") >= 2)
        targets = [Target(f"127.0.1.{n}", port) for n in range(200)]
        lines = await visited(cluster.address, targets, sweeper.visit, monkeypatch)
    assert Counter(decode(line).host for line in lines) == Counter(target.host for target in targets)
    (told,) = [record.message for record in caplog.records if record.name == "banner"]
    assert "it has banner 0.0.1" in told
    assert told.endswith("it is left aside")


def listening(pid: int) -> set[int]:
    """The ports at which a process and its children listen."""
    pids = {pid}
    for _ in range(4):
        pids |= {child for parent in pids for child in children(parent)}
    sockets = set()
    for one in pids:
        for descriptor in Path(f"/proc/{one}/fd").glob("*"):
            with suppress(FileNotFoundError, ProcessLookupError):
                sockets.add(os.readlink(descriptor).removeprefix("socket:[").rstrip("]"))
    rows = [
        row.split() for name in ("tcp", "tcp6") for row in Path(f"/proc/net/{name}").read_text().splitlines()
    ]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A" and row[9] in sockets}


async def answers(address: str, **how: object) -> bool:
    """Whether somebody answers Dask's own protocol there."""
    from distributed.comm.core import connect

    try:
        async with asyncio.timeout(3):
            comm = await connect(address, timeout=2, **how)
    except OSError:
        return False
    comm.abort()
    return True


async def test_fault_24_what_local_starts_answers_nobody_else(port: int, tmp_path: Path) -> None:
    needs_dask()
    from distributed.security import Security

    out = tmp_path / "out.jsonl"
    arguments = [
        "scan",
        f"127.0.0.0/23:{port}",
        "-o",
        str(out),
        "--dask",
        "local",
        "--workers",
        "1",
        "--rate",
        "50",
    ]
    stranger = Security.temporary().get_connection_args("client")
    with started(*arguments) as process:
        wait_for(lambda: out.exists() and out.stat().st_size > 0)
        ports = listening(process.pid)
        assert len(ports) >= 3  # a scheduler, a nanny, a worker
        asked = [answers(f"tcp://127.0.0.1:{one}") for one in ports]
        asked += [answers(f"tls://127.0.0.1:{one}", **stranger) for one in ports]
        assert not any(await asyncio.gather(*asked))


async def test_a_cluster_without_tls_answers_everybody(cluster: Cluster) -> None:
    assert await answers(cluster.address)  # so the test above can fail
