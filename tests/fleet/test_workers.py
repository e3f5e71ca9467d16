"""A scan on several processes: the same records, limits and manners as on one, whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from banner import read, testing
from banner.fleet.slices import FRUITLESS, Share, shared
from banner.journal import journal
from tests.command import PATIENCE, Servers, records, run, started, wait_for
from tests.few import UNHURRIED, Few
from tests.machine import children, has_ended

SSH = b"SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n"


PATIENT = ("--connect-timeout", "60", "--read-timeout", "60")
"""On a busy machine a greeting may be late; who goes on with such a scan has to say so again."""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(SSH, host="0.0.0.0")).port


def hosts(out: Path) -> Counter[str]:
    found = records(out.read_bytes())
    assert all(record["banner"].encode() == SSH for record in found)
    return Counter(record["host"] for record in found)


@pytest.fixture
def few() -> Iterator[Few]:
    with Few(SSH, 300) as few:
        yield few


def kill(process: subprocess.Popen[bytes], number: int, ready: Callable[[], bool]) -> None:
    """Kill a worker of two, once there are two and the scan is `ready` for it."""
    workers: list[int] = []

    def both() -> bool:
        workers[:] = children(process.pid)
        return len(workers) == 2 and ready()

    wait_for(both)
    os.kill(workers[number], signal.SIGKILL)


def fed(process: subprocess.Popen[bytes], port: int, numbers: range) -> None:
    """Give it targets: it is not done before its standard input ends."""
    assert process.stdin is not None
    process.stdin.write(b"".join(b"127.0.%d.%d:%d\n" % (n >> 8, n & 255, port) for n in numbers))
    process.stdin.flush()


def gone(pids: list[int]) -> bool:
    return all(map(has_ended, pids))


def everybody(number: int) -> Counter[str]:
    return Counter(f"127.0.{n >> 8}.{n & 255}" for n in range(number))


def test_limits_are_divided() -> None:
    assert shared(4, 1000, 500.0, 8, 9) == Share(4, 250, 125.0, 2, 2)
    assert shared(4, 1000, None, 3, None) == Share(3, 333, None, 1, None)
    assert shared(4, 1, None, None, 2) == Share(1, 1, None, None, 2)


def test_several_workers_visit_every_target_once(port: int, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    done = run("scan", f"127.0.0.0/21:{port}", "-o", str(out), "--workers", "3", "--mode", "listen", *PATIENT)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert hosts(out) == everybody(2048)
    assert not Path(journal.path_of(str(out))).exists()


@pytest.mark.parametrize("kept", ["out.jsonl", "out.sqlite", "large file"])
def test_a_scan_with_a_journal_goes_on_with_other_workers(few: Few, tmp_path: Path, kept: str) -> None:
    """The workers find the targets by their positions, or are told them: in SQLite's rows, or of a file so large that
    it is not kept in memory. Each of these stands twice in the list."""
    listed, out = tmp_path / "targets", tmp_path / ("out.jsonl" if kept == "large file" else kept)
    listed.write_text(f"127.0.0.0/22:{few.port}\n" * 2)
    small = "from banner.inputs import route; route.IN_MEMORY = 8; " if kept == "large file" else ""
    code = f"import sys; {small}from banner import cli; sys.exit(cli.main(sys.argv[1:]))"
    scan = [sys.executable, "-c", code, "scan", "-i", str(listed), "-o", str(out), "--rate", "1500"]
    scan += ["--quiet", *UNHURRIED]
    with subprocess.Popen([*scan, "--workers", "3"]) as process:
        wait_for(lambda: len(children(process.pid)) == 3 and out.stat().st_size > 0)
        process.kill()
    assert process.wait() == -signal.SIGKILL
    few.greet_all()
    subprocess.run([*scan, "--resume", "--workers", "2"], check=True, timeout=PATIENCE)
    found = Counter(grab.host for grab in read(str(out)))
    assert found == Counter(dict.fromkeys(everybody(1024), 2))
    assert not Path(journal.path_of(str(out))).exists()


@pytest.mark.parametrize("way", ["pipe", "duplicates", "csv"])
def test_whatever_the_targets_and_the_output(port: int, tmp_path: Path, way: str) -> None:
    network = f"127.0.0.0/24:{port}"
    arguments = ["-i", "-"] if way == "pipe" else [network] * 3 if way == "duplicates" else [network]
    if way == "csv":
        out = tmp_path / "out.csv"
        assert run("scan", *arguments, "--workers", "2", "-o", str(out)).returncode == 0
        assert out.read_bytes().count(b"127.0.0.") >= 256
        return
    stdin = f"{network}\n" if way == "pipe" else ""
    done = run("scan", *arguments, "--workers", "2", stdin=stdin)
    assert (done.returncode, done.stderr) == (0, b"")
    times = 3 if way == "duplicates" else 1
    found = Counter(record["host"] for record in records(done.stdout))
    assert found == Counter(dict.fromkeys(everybody(256), times))


def test_a_worker_that_is_killed_costs_nothing(port: int, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    arguments = ["scan", "-i", "-", "-o", str(out), "--workers", "2", "--rate", "2000", "--quiet", *UNHURRIED]
    with started(*arguments, stdin=subprocess.PIPE) as process:
        fed(process, port, range(1024))
        for number in range(4):
            kill(process, number % 2, lambda: out.stat().st_size > 0)
            time.sleep(0.1)
        fed(process, port, range(1024, 2048))
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert hosts(out) == everybody(2048)


def test_fault_24_many_deaths_end_no_scan_that_comes_forward(port: int, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    arguments = ["scan", "-i", "-", "-o", str(out), "--workers", "2", "--rate", "2000", "--quiet", *UNHURRIED]
    with started(*arguments, stdin=subprocess.PIPE) as process:
        for part in range(FRUITLESS + 2):
            size = out.stat().st_size if part else 0
            fed(process, port, range(200 * part, 200 * part + 200))
            kill(process, 0, lambda size=size: out.stat().st_size > size)  # type: ignore[misc]
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert hosts(out) == everybody(200 * (FRUITLESS + 2))


def test_a_scan_whose_workers_always_die_gives_up(port: int, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    arguments = ["scan", f"127.0.0.0/21:{port}", "-o", str(out), "--workers", "2", "--rate", "10"]
    with started(*arguments) as process:
        deadline = time.monotonic() + 90
        while process.poll() is None and time.monotonic() < deadline:
            for child in children(process.pid):
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            time.sleep(0.01)
        assert process.returncode == 1
        assert process.stderr is not None
        assert b"workers died" in process.stderr.read()
    assert run("scan", "--resume", "-o", str(out), "--max-time", "0.2").returncode == 0


def test_a_killed_scan_takes_its_workers_along_and_goes_on(port: int, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    network = [f"127.0.0.0/21:{port}", "--rate", "3000", "--mode", "listen"]
    for kill in range(4):
        again = ["--resume"] if kill else []
        with started("scan", *network, "-o", str(out), "--workers", "2", *again) as process:
            wait_for(lambda: process.poll() is not None or len(children(process.pid)) == 2)
            workers = children(process.pid)
            time.sleep(0.1 * kill)
            process.kill()
        wait_for(partial(gone, workers))
    done = run("scan", *network, "--resume", "-o", str(out), "--workers", "3")
    assert (done.returncode, done.stdout) == (0, b"")
    assert hosts(out) == everybody(2048)


def test_ctrl_c_ends_all_and_keeps_what_was_done(few: Few, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    arguments = ["scan", f"127.0.0.0/21:{few.port}", "-o", str(out), "--workers", "2", "--rate", "500"]
    with started(*arguments, "--quiet", *UNHURRIED) as process:
        wait_for(lambda: out.exists() and out.stat().st_size > 0)
        workers = children(process.pid)
        # As a terminal does, to the whole group; the parent last, for it ends the others.
        for pid in (*workers, process.pid):
            os.kill(pid, signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b""
        assert not any(Path(f"/proc/{pid}").exists() for pid in workers)
    assert 0 < sum(hosts(out).values()) < 2048
    assert run("scan", "--resume", "-o", str(out), "--max-time", "0.3").returncode == 0
    assert max(hosts(out).values()) == 1


def test_the_rate_is_that_of_the_whole(port: int, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    began = time.monotonic()
    done = run("scan", f"127.0.0.0/23:{port}", "-o", str(out), "--workers", "2", "--rate", "400")
    assert done.returncode == 0
    assert time.monotonic() - began > 512 / 400 - 0.1
    assert hosts(out) == everybody(512)
