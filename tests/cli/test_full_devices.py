"""Who cannot write standard output says that, and that it was not the file that was read."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.command import BANNER, ENVIRONMENT, PATIENCE, run

FULL = b"banner: cannot write standard output: No space left on device\n"
RECORD = {"v": 1, "time": "2026-11-28T00:00:00.000Z", "host": "192.0.2.1", "port": 22, "status": "silent"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("command", ["targets --list", "show", "identify", "scan --help"])
def test_every_command_tells_it(tmp_path: Path, command: str, unbuffered: str) -> None:
    scan = tmp_path / "scan.jsonl"
    scan.write_text(json.dumps(RECORD) + "\n")
    words = [*command.split(), *([] if "--help" in command else [str(scan)])]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [BANNER, *words],
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            env={**ENVIRONMENT, "PYTHONUNBUFFERED": unbuffered},
            timeout=PATIENCE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (3, FULL)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="Linux' own")
@pytest.mark.parametrize(
    "command", ["targets", "scan -i", "show", "identify", "identify --text", "convert", "report"]
)
def test_what_cannot_be_read_is_named(tmp_path: Path, command: str) -> None:
    """Its first byte is no part of the process: EIO."""
    words = [*command.split(), "/proc/self/mem"]
    words += [str(tmp_path / "out.csv")] if command == "convert" else []
    words += ["-o", str(tmp_path / "page.html")] if command == "report" else []
    done = run(*words)
    assert done.returncode == 2
    assert b"/proc/self/mem: Input/output error" in done.stderr
    assert not list(tmp_path.iterdir())
