"""Every format alike: who opens a file has it to himself, and a sink that fails writes nowhere else afterwards."""

from __future__ import annotations

import gc
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from banner.formats.files import OutputError, OutputInUseError, open_locked
from banner.formats.registry import FORMATS, open_sink
from banner.models import Grab, Status
from banner.text.files import create_beside

GRABS = [
    Grab(1.0, "192.0.2.1", port, Status.BANNER, "192.0.2.1", banner=b"%d" % port) for port in range(1, 25_000)
]
"""More than a row group of Parquet's, and than any buffer."""


@contextmanager
def no_room() -> Iterator[None]:
    """Within it no file can be written to, as on a disk that is full (setrlimit(2))."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


@pytest.mark.parametrize("count", [1, 100, len(GRABS)])
@pytest.mark.parametrize("form", sorted(set(FORMATS) - {"sqlite"}))
def test_fault_13_a_sink_that_failed_never_writes_into_the_file_that_has_its_descriptor_next(
    tmp_path: Path, form: str, count: int
) -> None:
    with suppress(OutputError), no_room():
        sink = open_sink(str(tmp_path / "out"), form)
        try:
            sink.write(GRABS[:count])
        finally:
            sink.close()
    victims = [os.open(tmp_path / f"victim{number}", os.O_RDWR | os.O_CREAT) for number in range(20)]
    with suppress(NameError):
        del sink
    gc.collect()
    try:
        assert [os.fstat(fd).st_size for fd in victims] == [0] * 20
    finally:
        for fd in victims:
            os.close(fd)


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_fault_23_two_sinks_never_write_one_file(tmp_path: Path, form: str) -> None:
    path = tmp_path / "out"
    first = open_sink(str(path), form)
    first.write(GRABS[:3])
    with pytest.raises(OutputInUseError, match="is being written by another scan"):
        open_sink(str(path), form)
    first.close()
    whole = path.read_bytes()
    assert whole, "the second one emptied it"
    open_sink(str(path), form).close()


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_a_sink_that_was_closed_leaves_no_descriptor(tmp_path: Path, form: str) -> None:
    gc.collect()  # what other tests left
    before = sorted(os.listdir("/proc/self/fd"))
    sink = open_sink(str(tmp_path / "out"), form)
    sink.write(GRABS[:3])
    sink.close()
    sink.close()
    assert sorted(os.listdir("/proc/self/fd")) == before


def test_devices_are_shared() -> None:
    first, second = open_locked(os.devnull), open_locked(os.devnull)
    os.close(first)
    os.close(second)


def test_fault_23_what_is_put_beside_a_file_follows_no_link(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("mine")
    beside = tmp_path / "journal.new"
    beside.symlink_to(precious)
    fd = create_beside(str(beside))
    os.write(fd, b"ours")
    os.close(fd)
    assert (precious.read_text(), beside.read_text()) == ("mine", "ours")
    assert not beside.is_symlink()


def test_a_line_that_was_begun_leaves_no_hole(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    sink = open_sink(str(path))
    with pytest.raises(OutputError), no_room():
        sink.write(GRABS[:100])
    sink.write(GRABS[:1])
    sink.close()
    assert b"\0" not in path.read_bytes()
