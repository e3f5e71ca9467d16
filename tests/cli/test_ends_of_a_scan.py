"""A scan that cannot go on to its end: interrupted, its reader gone, its disk full."""

from __future__ import annotations

import os
import signal
import subprocess
from functools import partial
from pathlib import Path
from shlex import quote

import pytest

from banner import testing
from tests.cli.served import at
from tests.command import (
    BANNER,
    ENVIRONMENT,
    PATIENCE,
    Servers,
    records,
    run,
    started,
    wait_for,
    without_summary,
)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda n: n.name)
def test_an_interrupted_scan_keeps_what_was_done(
    ssh: testing.Server, silent: testing.Server, tmp_path: Path, number: signal.Signals
) -> None:
    out = tmp_path / "out.jsonl"
    targets = [at(ssh)] * 20 + [at(silent)] * 50
    arguments = ["scan", *targets, "-o", str(out), "--read-timeout", "60", "--mode", "listen"]
    arguments += ["--per-host", "100"]
    with started(*arguments) as process:
        wait_for(lambda: out.exists() and out.read_bytes().count(b"\n") == 20)
        process.send_signal(number)
        stdout, stderr = process.communicate(timeout=PATIENCE)
    assert (process.returncode, stdout) == (130, b"")
    told, summary = without_summary(stderr)
    assert summary.endswith(b"- interrupted\n")
    assert told.decode() == f"banner: not every target was visited; banner scan --resume -o {out} goes on\n"
    assert [r["status"] for r in records(out.read_bytes())] == ["banner"] * 20


HOLDERS = (
    b"DSL-AC0" + b"_" * 1000 + b"!\r\nplease login: ",
    b"220 NcFTPd Server (" + b"0." * 490 + b"\r\n",
    b"+OK (Sk+ Xa Version 6.1" + b"0" * 970 + b"\r\n",
    b"SIP/2.0 200 OK\r\nUser-Agent: OpenSIPS (6" + b"9" * 2000 + b"\r\n\r\n",
    b"220 a SMTP NAVIEG 1.1.1; " + b"x" * 990 + b" htt\r\n",
)
"""Greetings that patterns of ours and of others once pondered over for seconds, or for ever."""


def silent_once() -> testing.Serving:
    """Keeps its first client waiting, and no other."""
    visits: list[testing.Connection] = []

    async def handle(connection: testing.Connection) -> None:
        visits.append(connection)
        if len(visits) == 1:
            await connection.hold()

    return testing.serve(handle)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda n: n.name)
def test_fault_8_no_greeting_keeps_a_signal_from_being_answered(
    servers: Servers, tmp_path: Path, number: signal.Signals
) -> None:
    """The program answers a signal when its loop comes round; the run that goes on meets none of them again."""
    out = tmp_path / "out.jsonl"
    holders = [servers.start(partial(testing.greeter, greeting)) for greeting in HOLDERS]
    silent = servers.start(silent_once)
    arguments = ["scan", *map(at, [*holders, silent]), "-o", str(out), "--limit", "4096"]
    arguments += ["--read-timeout", "60", "--mode", "listen"]
    with started(*arguments) as process:
        wait_for(lambda: out.exists() and out.read_bytes().count(b"\n") == len(HOLDERS))
        process.send_signal(number)
        _, stderr = process.communicate(timeout=PATIENCE)
    assert (process.returncode, without_summary(stderr)[1].endswith(b"- interrupted\n")) == (130, True)
    before = [server.connections for server in holders]
    assert run(*arguments, "--resume").returncode == 0
    assert [server.connections for server in holders] == before
    assert sorted(r["port"] for r in records(out.read_bytes())) == sorted(s.port for s in [*holders, silent])


def test_an_interrupted_scan_ends_although_standard_input_stays_open(ssh: testing.Server) -> None:
    with started("scan", "-i", "-", "--quiet", stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(f"{at(ssh)}\n".encode())
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b""


@pytest.mark.parametrize(
    "command", [["demo"], ["--help"], ["--version"], ["grab"], ["grab", "--json"], ["scan"]]
)
@pytest.mark.parametrize("lines", [0, 1])
def test_a_reader_that_goes_away_is_no_traceback(ssh: testing.Server, command: list[str], lines: int) -> None:
    targets = (
        [at(ssh)] if command[0] == "grab" else [f"127.0.0.0/16:{ssh.port}"] if command == ["scan"] else []
    )
    read, write = os.pipe()
    with started(*command, *targets, stdout=write) as process:
        os.close(write)
        with open(read, "rb") as reader:
            for _ in range(lines):
                assert reader.readline()
        _, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, b"")


def test_a_reader_that_goes_away_ends_an_endless_scan(ssh: testing.Server) -> None:
    line = f"yes {at(ssh)} | {quote(BANNER)} scan -i - | head -n 1"
    done = subprocess.run(
        ["sh", "-c", line], capture_output=True, timeout=PATIENCE, env=ENVIRONMENT, check=True
    )
    assert len(records(done.stdout)) == 1
    assert done.stderr == b""


def test_nobody_need_listen_to_the_complaints(ssh: testing.Server, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    read, write = os.pipe()
    os.close(read)
    with started("scan", "-i", "-", "-o", str(out), stdin=subprocess.PIPE, stderr=write) as process:
        os.close(write)
        process.communicate(b"bad\n" * 9 + at(ssh).encode(), timeout=PATIENCE)
    assert process.returncode == 2
    assert len(records(out.read_bytes())) == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("command", ["grab", "scan", "demo"])
def test_a_full_device_is_told(ssh: testing.Server, command: str) -> None:
    target = [] if command == "demo" else [at(ssh)]
    with open("/dev/full", "wb") as full, started(command, *target, stdout=full.fileno()) as process:
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 3
    assert err == b"banner: cannot write standard output: No space left on device\n"


def test_a_full_disk_leaves_whole_lines(ssh: testing.Server, tmp_path: Path) -> None:
    # A limit of 8 blocks of 512 bytes stands for the disk; write(2) fails with EFBIG where it ends.
    out = tmp_path / "out.jsonl"
    line = (
        f"trap '' XFSZ; ulimit -f 8; exec {quote(BANNER)} scan 127.0.0.0/24:{ssh.port} -o {quote(str(out))}"
    )
    done = subprocess.run(
        ["sh", "-c", line], capture_output=True, timeout=PATIENCE, env=ENVIRONMENT, check=False
    )
    assert done.returncode == 3
    assert done.stderr.decode() == f"banner: cannot write {out}: File too large\n"
    kept = out.read_bytes()
    assert 3000 < len(kept) <= 4096
    assert len(records(kept)) > 10


def test_a_closed_standard_output_is_told(ssh: testing.Server) -> None:
    for command in ("scan", "grab"):
        line = f"exec {quote(BANNER)} {command} {at(ssh)} >&-"
        done = subprocess.run(["sh", "-c", line], stderr=subprocess.PIPE, timeout=PATIENCE, check=False)
        assert done.returncode == 3
        assert done.stderr == b"banner: cannot write standard output: Bad file descriptor\n"
