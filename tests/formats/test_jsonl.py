"""JSON lines on descriptors of every kind: files, pipes, terminals, and those that fail."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from banner import Grab, Status
from banner.formats.files import OutputError
from banner.formats.jsonl import JsonLines
from banner.formats.record import decode

GRABS = [
    Grab(float(n), f"h{n}", 22, Status.BANNER, banner=b"220 \x9b\xc2\x9b2J\xe2\x80\xae\r\n")
    for n in range(50)
]
TEXT = [
    Grab(float(n), f"h{n}", 22, Status.BANNER, banner=b"220 \xc2\x9b2J\xe2\x80\xae\r\n") for n in range(9)
]


def test_records_are_appended_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    with path.open("wb") as file:
        sink = JsonLines(file.fileno(), "x.jsonl")
        sink.write(GRABS[:20])
        assert [decode(line) for line in path.read_bytes().splitlines()] == GRABS[:20]  # nothing is held back
        sink.write([])
        sink.write(GRABS[20:])
    assert [decode(line) for line in path.read_bytes().splitlines()] == GRABS


def test_a_reader_that_went_away_is_a_broken_pipe() -> None:
    read, write = os.pipe()
    os.close(read)
    with pytest.raises(BrokenPipeError):
        JsonLines(write, "x").write(GRABS)
    os.close(write)


def test_a_descriptor_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "x").touch()
    with (
        (tmp_path / "x").open("rb") as file,
        pytest.raises(OutputError, match="cannot write x: Bad file descriptor"),
    ):
        JsonLines(file.fileno(), "x").write(GRABS)


def test_a_pipe_that_others_made_non_blocking_is_waited_for() -> None:
    read, write = os.pipe()
    os.set_blocking(write, False)
    heard: list[bytes] = []

    def drain() -> None:
        while data := os.read(read, 100):  # far slower than it is filled
            heard.append(data)

    with pytest.raises(BlockingIOError):
        while True:
            os.write(write, b"full\n")
    thread = threading.Thread(target=drain)
    thread.start()
    JsonLines(write, "x").write(GRABS * 40)
    os.close(write)
    thread.join()
    os.close(read)
    lines = b"".join(heard).splitlines()
    assert [decode(line) for line in lines if line != b"full"] == GRABS * 40


def test_a_terminal_gets_the_same_records_harmless() -> None:
    master, slave = pty.openpty()
    JsonLines(slave, "x").write(TEXT)
    shown = b""
    while shown.count(b"\n") < len(TEXT):
        shown += os.read(master, 65536)
    os.close(slave)
    os.close(master)
    assert shown.replace(b"\r\n", b"").isascii()
    assert [decode(line) for line in shown.splitlines()] == TEXT


def test_what_was_begun_when_the_disk_was_full_is_taken_back(tmp_path: Path) -> None:
    code = """
import os, resource, signal, sys
from banner import Grab, Status
from banner.formats.files import OutputError
from banner.formats.jsonl import JsonLines
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
sink = JsonLines(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT), "x")
grabs = [Grab(0.0, "h", 22, Status.SILENT)] * 5
for _ in range(3):
    try:
        sink.write(grabs)
    except OutputError as error:
        sys.exit(str(error))
"""
    path = tmp_path / "x.jsonl"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, timeout=120, check=False
    )
    assert done.stderr == b"cannot write x: File too large\n"
    kept = path.read_bytes()
    assert kept.endswith(b"}\n")
    assert 900 < len(kept) <= 1000
    assert all(decode(line).host == "h" for line in kept.splitlines())
