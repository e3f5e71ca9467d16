"""A scan on a cluster of Dask, with real schedulers and workers: the same records as without, whatever is lost."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from banner import Target, testing
from banner.fleet.dask_log import tell
from banner.fleet.slices import Supply
from banner.journal import journal
from tests.command import ENVIRONMENT, PATIENCE, Servers, records, run, started, wait_for, without_summary
from tests.dask_cluster import Cluster, needs_dask
from tests.few import UNHURRIED, Few
from tests.machine import children, has_ended

SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"
PATIENT = ("--connect-timeout", "20", "--read-timeout", "20", "--timeout", "25")
"""The machine may be so busy that a greeting takes longer than anybody would wait elsewhere."""
SOON = {"DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "1s"}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(SSH, host="0.0.0.0")).port


@pytest.fixture
def few() -> Iterator[Few]:
    with Few(SSH, 200) as few:
        yield few


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster() as cluster:
        yield cluster


def hosts(out: Path) -> Counter[str]:
    found = records(out.read_bytes())
    assert [record for record in found if record.get("banner", "").encode() != SSH] == []
    return Counter(record["host"] for record in found)


def everybody(number: int) -> Counter[str]:
    return Counter(f"127.0.{n >> 8}.{n & 255}" for n in range(number))


def said(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    return without_summary(process.stderr.read())[0].decode()


def goes_on(out: Path) -> str:
    return f"not every target was visited; banner scan --resume -o {out} goes on\n"


def steady(output: bytes) -> Counter[str]:
    """The records without what differs from one scan to the next, in any order."""
    found = records(output)
    for record in found:
        assert record.pop("timings")["total"] >= 0
        assert record.pop("time")
    return Counter(json.dumps(record, sort_keys=True) for record in found)


def assert_same(output: bytes, expected: bytes) -> Counter[str]:
    """The same records came; else it says which are too many and which are missing."""
    found, wanted = steady(output), steady(expected)
    assert (found - wanted, wanted - found) == (Counter(), Counter())
    return found


def test_it_finds_what_a_plain_scan_finds_and_lets_go(cluster: Cluster, port: int, tmp_path: Path) -> None:
    dead = tmp_path / "targets"
    dead.write_text(
        f"127.0.0.1:{port} dmz\n127.0.0.1:{port} dmz\n127.9.9.9:9\nlocalhost:{port}\n127.0.4.4:1\n"
    )
    arguments = ["scan", f"127.0.0.0/21:{port}", "-i", str(dead), "--exclude", "127.0.4.0/24", "127.9.9.9"]
    # At a port of which nothing is known, light mode says a hello to who greets a second late, as a busy machine does.
    arguments += ["--limit", "20", "--mode", "listen", *PATIENT]
    plain = run(*arguments, "--workers", "1")
    out = tmp_path / "out.jsonl"
    done = run(*arguments, "--dask", cluster.address, "-o", str(out))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    found = assert_same(out.read_bytes(), plain.stdout)
    assert found.total() == 2048 - 256 + 5
    assert sum(f'"banner": "{SSH[:20].decode()}"' in record for record in found.elements()) == 2048 - 256 + 3
    assert not Path(journal.path_of(str(out))).exists()
    assert cluster.held() == (0, 2)


def test_rules_of_ones_own_travel(cluster: Cluster, port: int, tmp_path: Path) -> None:
    recog = tmp_path / "own.xml"
    recog.write_text(
        '<fingerprints matches="ssh.banner"><fingerprint pattern="^OpenSSH_(9\\S+) Debian"><description>own'
        '</description><param pos="0" name="service.product" value="Own"/><param pos="1" name="service.version"/>'
        '<param pos="0" name="service.vendor" value="Own"/></fingerprint></fingerprints>'
    )
    nmap = tmp_path / "probes"
    nmap.write_text("Probe TCP NULL q||\nmatch ssh m|^SSH-2.0-OpenSSH_([\\w.]+)| p/Nmaps/ v/$1/\n")
    arguments = ["scan", f"127.0.0.0/30:{port}", "--rules", str(recog), "--rules", str(nmap)]
    arguments += ["--mode", "listen", *PATIENT]
    plain = run(*arguments)
    done = run(*arguments, "--dask", cluster.address)
    assert (done.returncode, done.stderr) == (0, b"")
    assert assert_same(done.stdout, plain.stdout).total() == 4


def test_targets_may_come_through_a_pipe(cluster: Cluster, port: int) -> None:
    stdin = "".join(f"{host}:{port}\n" for host in everybody(3000))
    done = run("scan", "-i", "-", "--dask", cluster.address, "--mode", "listen", *PATIENT, stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    assert Counter(record["host"] for record in records(done.stdout)) == everybody(3000)


def test_the_rate_is_that_of_the_whole(cluster: Cluster, port: int) -> None:
    done = run("scan", f"127.0.0.0/22:{port}", "--dask", cluster.address, "--rate", "500")
    assert done.returncode == 0
    at = sorted(
        float(record["time"][17:-1]) + 60 * int(record["time"][14:16]) for record in records(done.stdout)
    )
    assert len(at) == 1024
    busiest = max(sum(first <= other < first + 1 for other in at) for first in at)
    assert busiest <= 550


def test_a_killed_worker_costs_nothing(few: Few, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with Cluster() as cluster:
        arguments = [
            "scan",
            f"127.0.0.0/23:{few.port}",
            "--dask",
            cluster.address,
            "-o",
            str(out),
            "--rate",
            "400",
        ]
        with started(*arguments, *UNHURRIED) as process:
            wait_for(lambda: out.exists() and out.stat().st_size > 0)
            cluster.workers[0].kill()
            few.greet_all()
            assert process.wait(PATIENCE) == 0
            assert said(process) == ""
        assert cluster.held() == (0, 1)
    assert hosts(out) == everybody(512)


def test_a_lost_scheduler_ends_it_and_resume_goes_on(cluster: Cluster, few: Few, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with Cluster() as doomed:
        few.greet(1000)  # so that whole shards are done
        arguments = ["scan", f"127.0.0.0/21:{few.port}", "-o", str(out), "--rate", "700", *UNHURRIED]
        with started(*arguments, "--dask", doomed.address) as process:
            wait_for(lambda: out.exists() and out.stat().st_size > 0)
            doomed.scheduler.kill()
            assert process.wait(PATIENCE) == 1
            assert said(process) == f"banner: the scheduler at {doomed.address} is gone: " + goes_on(out)
    before = hosts(out)
    assert 0 < sum(before.values()) < 2048
    few.greet_all()
    done = run("scan", "--resume", "-o", str(out), "--dask", cluster.address)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert hosts(out) == everybody(2048)


def test_when_the_time_is_up_what_is_under_way_ends(cluster: Cluster, port: int, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    arguments = ["scan", f"127.0.0.0/21:{port}", "-o", str(out), "--rate", "20", "--mode", "listen"]
    done = run(*arguments, "--dask", cluster.address, "--max-time", "3")
    assert done.returncode == 0
    assert b"the time was up after 3 s: not every target was visited; banner scan --resume" in done.stderr
    assert 0 < sum(hosts(out).values()) < 200
    assert max(hosts(out).values()) == 1
    assert cluster.held() == (0, 2)


def test_ctrl_c_keeps_what_was_done_and_stops_the_workers(cluster: Cluster, few: Few, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    arguments = [
        "scan",
        f"127.0.0.0/21:{few.port}",
        "-o",
        str(out),
        "--rate",
        "200",
        "--dask",
        cluster.address,
    ]
    arguments += UNHURRIED
    with started(*arguments) as process:
        wait_for(lambda: out.exists() and out.stat().st_size > 0)
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert said(process) == "banner: " + goes_on(out)
    wait_for(lambda: cluster.held()[0] == 0)
    assert 0 < sum(hosts(out).values()) < 2048
    assert max(hosts(out).values()) == 1


def test_without_workers_or_scheduler_it_says_so(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with Cluster(workers=0) as empty:
        done = run("scan", "127.0.0.1:1", "--dask", empty.address, "-o", str(out), env=SOON)
    assert done.returncode == 1
    assert b"has had no worker for 1 s: not every target was visited; banner scan --resume" in done.stderr
    done = run("scan", "--resume", "-o", str(out), "--dask", empty.address, env=SOON)
    assert done.returncode == 1
    assert done.stderr.startswith(f"banner: no scheduler at {empty.address}: ".encode())
    assert b"; banner scan --resume" in done.stderr
    assert done.stderr.count(b"\n") == 1
    assert run("scan", "--resume", "-o", str(out)).returncode == 0
    assert len(records(out.read_bytes())) == 1


def test_another_version_on_the_workers_is_refused(cluster: Cluster) -> None:
    program = "from banner import cli; from banner.fleet import members as m; m.__version__ = '99.0'; "
    program += "raise SystemExit(cli.main())"
    done = subprocess.run(
        [sys.executable, "-c", program, "scan", "127.0.0.1:1", "--dask", cluster.address],
        capture_output=True, timeout=PATIENCE, env=ENVIRONMENT, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert (
        done.stderr.count(b"the scan is of banner 99.0; install 'aiobanner[dask]==") == 4
    )  # as warnings, and in the end


@pytest.mark.timeout(6 * PATIENCE)
def test_local_starts_workers_of_its_own(few: Few, tmp_path: Path) -> None:
    needs_dask()
    out = tmp_path / "out.jsonl"
    arguments = ["scan", f"127.0.0.0/23:{few.port}", "-o", str(out), "--dask", "local", "--workers", "2"]
    with started(*arguments, "--rate", "300", *UNHURRIED) as process:
        wait_for(
            lambda: out.exists() and out.stat().st_size > 0, 3 * PATIENCE
        )  # nine seconds of a whole core
        workers = children(process.pid)
        assert len(workers) >= 2
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert said(process) == "banner: " + goes_on(out)
        wait_for(lambda: all(map(has_ended, workers)))
    few.greet_all()
    done = run("scan", "--resume", "-o", str(out), "--workers", "1")
    assert done.returncode == 0
    assert hosts(out) == everybody(512)


def test_workers_go_with_local_only() -> None:
    done = run("scan", "127.0.0.1:1", "--dask", "tcp://127.0.0.1:1", "--workers", "2")
    assert done.returncode == 2
    assert b"--workers goes with --dask local" in done.stderr


async def test_what_dask_leaves_behind_is_no_news(caplog: pytest.LogCaptureFixture) -> None:
    async def lost() -> None:
        raise RuntimeError("a peer is lost")

    caplog.set_level(logging.DEBUG)
    asyncio.get_running_loop().set_exception_handler(tell)
    asyncio.get_running_loop().create_task(lost())
    await told(caplog, "Task exception was never retrieved")
    assert [(record.name, record.levelname) for record in caplog.records] == [("banner", "DEBUG")]


async def test_what_our_own_code_did_is_told(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise RuntimeError("a mistake")

    async def targets() -> AsyncIterator[Target]:
        yield Target("127.0.0.1", 1)

    asyncio.get_running_loop().set_exception_handler(tell)
    Supply[Target](broken, Target).begin(targets())
    await told(caplog, "Task exception was never retrieved")
    assert [(record.name, record.levelname) for record in caplog.records] == [("asyncio", "ERROR")]


async def told(caplog: pytest.LogCaptureFixture, text: str) -> None:
    """Wait until `text` was logged, which a task's end brings about when nobody holds it any more."""
    async with asyncio.timeout(PATIENCE):
        while text not in caplog.text:
            gc.collect()
            await asyncio.sleep(0.001)
