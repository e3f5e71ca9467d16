"""Targets from files and from pipes that stay open: read as they are needed, on both loops."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import pytest

from banner import Target
from banner.inputs.files import CHUNK, InputError, Progress, Source, read_later, read_now
from banner.inputs.spec import BadLine

TEXT = b"# targets\n127.0.0.1:1 a\nbad\n127.0.0.0/30:2\n\xff\n"
TARGETS = [Target("127.0.0.1", 1, "a"), *(Target(f"127.0.0.{n}", 2) for n in range(4))]


@pytest.fixture
def bad() -> list[BadLine]:
    return []


def test_a_file_is_read_with_its_bad_lines(tmp_path: Path, bad: list[BadLine]) -> None:
    path = tmp_path / "hosts"
    path.write_bytes(TEXT)
    source = Source(str(path))
    progress = Progress([source])
    assert (source.name, source.size, progress.expected) == (str(path), len(TEXT), 0.0)
    assert list(read_now(source, (), bad.append, progress)) == TARGETS
    assert [line.number for line in bad] == [3, 5]
    assert progress.expected == len(TARGETS)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(source.fd)


def test_a_large_file_is_read_as_it_is_needed_and_estimated_on_the_way(
    tmp_path: Path, bad: list[BadLine]
) -> None:
    path = tmp_path / "hosts"
    path.write_bytes(b"127.0.0.1:22222\n" * 100_000)
    source = Source(str(path))
    progress = Progress([source])
    targets = read_now(source, (), bad.append, progress)
    for _ in range(100):
        next(targets)
    assert os.lseek(source.fd, 0, os.SEEK_CUR) == CHUNK
    assert progress.expected == 100_000
    targets.close()  # type: ignore[attr-defined]  # a generator


def test_what_cannot_be_opened_or_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Source(str(tmp_path / "nothing"))
    with pytest.raises(IsADirectoryError):
        Source(str(tmp_path))
    (tmp_path / "x").write_bytes(b"127.0.0.1:1\n")
    source = Source(str(tmp_path / "x"))
    os.dup2(os.open(tmp_path, os.O_RDONLY), source.fd)  # what reads fail on: EISDIR
    with pytest.raises(InputError, match=r"cannot read .*x: Is a directory"):
        list(source.chunks())


@asynccontextmanager
async def piped(bad: Callable[[BadLine], None]) -> AsyncIterator[tuple[int, AsyncIterator[Target]]]:
    """The writing end of a pipe, and the targets read from the other."""
    read, write = os.pipe()
    source = Source(f"/dev/fd/{read}")
    os.close(read)
    async with aclosing(read_later(source, (), bad)) as targets:
        yield write, targets


async def test_a_pipe_is_read_as_it_is_written(bad: list[BadLine]) -> None:
    async with piped(bad.append) as (write, targets):
        for number in range(3):
            os.write(write, f"127.0.0.1:{number + 1}\nbad\n".encode())
            async with asyncio.timeout(20):
                assert await anext(targets) == Target("127.0.0.1", number + 1)
        os.close(write)
        assert [target async for target in targets] == []
    assert [line.number for line in bad] == [2, 4, 6]


async def test_a_pipe_is_not_read_far_ahead(bad: list[BadLine]) -> None:
    async with piped(bad.append) as (write, targets):
        line = b"127.0.0.1:22222\n"
        os.set_blocking(write, False)
        assert await started(write, line, targets) == Target("127.0.0.1", 22222)
        taken = 0
        for _ in range(200):  # until nothing more is taken
            try:
                taken += os.write(write, line * 4096) // len(line)
            except BlockingIOError:
                await asyncio.sleep(0.002)
        assert taken < 100_000
        os.close(write)


async def started(write: int, line: bytes, targets: AsyncIterator[Target]) -> Target:
    os.write(write, line)
    return await anext(targets)


async def test_leaving_a_pipe_that_stays_open_leaves_no_thread_in_the_way(bad: list[BadLine]) -> None:
    others = set(threading.enumerate())  # a reader of another test may wait at its own pipe still
    async with piped(bad.append) as (write, targets):
        os.write(write, b"127.0.0.1:1\n")
        await anext(targets)
        (reader,) = [one for one in set(threading.enumerate()) - others if one.name == "banner-input"]
        assert reader.daemon
    os.write(write, b"127.0.0.1:2\n" * 10)
    os.close(write)
    await asyncio.to_thread(reader.join, 20)
    assert not reader.is_alive()
