"""Local workers that stand still, or die of one target, cost no scan its end and no target its record."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from ipaddress import ip_network
from pathlib import Path

import pytest

from banner import testing
from tests.command import ENVIRONMENT, PATIENCE, Servers, records, run, wait_for, without_summary
from tests.few import UNHURRIED, Few
from tests.fleet import poison
from tests.machine import children, has_ended

HERE = str(Path(__file__).parents[2])
BEGIN = "from banner import cli; from banner.fleet import process, workers; from tests.fleet import poison; "
BEGIN += "workers.STILL = 2.0; workers.LOOK = process.BEAT = 0.1; "


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(b"+OK\r\n", host="0.0.0.0")).port


@contextmanager
def scanning(*arguments: str, first: str = "pass") -> Iterator[subprocess.Popen[bytes]]:
    """A scan whose workers need to be silent for two seconds only to be given up."""
    program = f"{BEGIN}{first}; raise SystemExit(cli.main())"
    with subprocess.Popen(
        [sys.executable, "-c", program, "scan", *arguments, "--workers", "2", "--quiet", *UNHURRIED],
        stderr=subprocess.PIPE, env={**ENVIRONMENT, "PYTHONPATH": HERE}, start_new_session=True,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture
def few() -> Iterator[Few]:
    with Few(b"+OK\r\n", 100) as few:
        yield few


def found_at(out: Path) -> Counter[str]:
    return Counter(record["host"] for record in records(out.read_bytes()))


def everybody(number: int) -> Counter[str]:
    return Counter(f"127.0.{n >> 8}.{n & 255}" for n in range(number))


def _grows(out: Path, size: int) -> bool:
    return out.stat().st_size > size


def test_a_worker_that_stands_still_is_ended(few: Few, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with scanning(f"127.0.0.0/22:{few.port}", "-o", str(out), "--rate", "1000") as process:
        wait_for(lambda: out.exists() and out.stat().st_size > 0)
        still = children(process.pid)[0]
        os.kill(still, signal.SIGSTOP)
        few.greet_all()
        _, stderr = process.communicate(timeout=PATIENCE)
        told, _ = without_summary(stderr)
    assert process.returncode == 0
    assert told.decode() == f"the worker {still} has stood still for 2 s; it is ended\n"
    assert has_ended(still)
    assert found_at(out) == everybody(1024)


@pytest.mark.parametrize(("act", "network"), [("hold", "127.0.0.36/31"), ("die", "127.0.0.32/28")])
def test_a_target_that_ends_whoever_visits_it_costs_one_record(
    port: int, tmp_path: Path, act: str, network: str
) -> None:
    out = tmp_path / "out.jsonl"
    first = f"workers.STILL = 1.0; poison.spoil(poison.{act})"
    with scanning(f"{network}:{port}", "-o", str(out), first=first) as process:
        _, stderr = process.communicate(timeout=PATIENCE)
        told, _ = without_summary(stderr)
    assert process.returncode == 0
    assert (told.count(b" has stood still for ") > 1) == (act == "hold")
    assert told.count(b"nothing comes of") == 1
    assert found_at(out) == Counter(map(str, ip_network(network)))
    (fault,) = [record for record in records(out.read_bytes()) if record["status"] != "banner"]
    assert (fault["host"], fault["status"]) == (poison.POISON, "fault")


def test_who_is_stopped_with_the_scan_is_not_given_up(few: Few, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with scanning(f"127.0.0.0/22:{few.port}", "-o", str(out), "--rate", "1000") as process:
        wait_for(lambda: out.exists() and out.stat().st_size > 0)
        before = children(process.pid)
        os.killpg(process.pid, signal.SIGSTOP)  # as Ctrl-Z does
        time.sleep(2.5)
        os.killpg(process.pid, signal.SIGCONT)
        size = out.stat().st_size
        few.greet(400)
        wait_for(partial(_grows, out, size))
        assert children(process.pid) == before
        few.greet_all()
        _, stderr = process.communicate(timeout=PATIENCE)
        told, _ = without_summary(stderr)
    assert (process.returncode, told) == (0, b"")
    assert found_at(out) == everybody(1024)


def test_a_scan_out_of_time_does_not_wait_for_a_worker_that_stands_still(few: Few, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    with scanning(f"127.0.0.0/20:{few.port}", "-o", str(out), "--rate", "500", "--max-time", "3") as process:
        wait_for(lambda: out.exists() and out.stat().st_size > 0)
        still = children(process.pid)[1]
        os.kill(still, signal.SIGSTOP)
        few.greet_all()
        _, stderr = process.communicate(timeout=PATIENCE)
        told, _ = without_summary(stderr)
    assert process.returncode == 0
    assert told.decode().startswith(f"the worker {still} has stood still for 2 s; it is ended\n")
    assert has_ended(still)
    assert run("scan", "--resume", "-o", str(out), "--max-time", "0.2").returncode == 0
    assert max(found_at(out).values()) == 1
