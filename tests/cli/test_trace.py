"""``--trace``, ``-v`` and ``-vv``: what happens on the wire, for a person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from banner import testing
from tests.command import Servers, run

SSH = b"SSH-2.0-OpenSSH_9.2p1\r\n"


@pytest.fixture(scope="module")
def place() -> Iterator[str]:
    with Servers() as servers:
        server = servers.start(lambda: testing.greeter(SSH))
        yield f"{server.host}:{server.port}"


@pytest.mark.parametrize("command", [("grab",), ("scan",), ("scan", "--workers", "2")], ids=" ".join)
def test_a_trace_is_appended_to_a_file(command: tuple[str, ...], place: str, tmp_path: Path) -> None:
    path = tmp_path / "wire"
    for _ in range(2):
        done = run(*command, place, "--trace", str(path))
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout
    lines = [line.split(" ", 2) for line in path.read_text().splitlines()]
    assert {where for _, where, _ in lines} == {place}
    assert [what for _, _, what in lines if what.startswith("<-")] == [
        r"<- 23: SSH-2.0-OpenSSH_9.2p1\r\n"
    ] * 2


def test_it_is_told_on_standard_error_as_much_as_is_asked_for(place: str) -> None:
    trace, once, twice = (run("scan", place, *how).stderr for how in (("--trace", "-"), ("-v",), ("-vv",)))
    assert b" <- 23: SSH" in trace
    assert b"banner.wire: " in once
    assert b" ** begins: " in once
    assert b" <- 23: SSH" not in once
    assert b" <- 23: SSH" in twice


def test_what_cannot_be_is_said(place: str, tmp_path: Path) -> None:
    done = run("scan", place, "--trace", str(tmp_path))
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Is a directory" in done.stderr


@pytest.mark.parametrize("command", ["show", "convert", "identify", "report", "rules", "targets"])
def test_every_command_takes_v(command: str) -> None:
    assert b"--verbose" in run(command, "--help").stdout
