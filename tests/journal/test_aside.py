"""Work beside the loop: done in another thread, awaited, and left alone by who is cancelled."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from banner.journal.aside import aside


async def test_it_is_done_in_another_thread_before_the_next_line() -> None:
    threads: list[int] = []
    await aside(lambda: threads.append(threading.get_ident()))
    assert len(threads) == 1
    assert threads != [threading.get_ident()]


async def test_the_loop_goes_on_meanwhile() -> None:
    go = threading.Event()
    waiting = asyncio.create_task(aside(lambda: go.wait(60)))
    await asyncio.sleep(0)
    assert not waiting.done()
    go.set()
    await waiting


async def test_what_it_raises_is_raised() -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        await aside(fail)


async def test_where_no_thread_is_to_be_had_it_is_done_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    def fail() -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    done: list[int] = []
    await aside(lambda: done.append(1))
    assert done == [1]
    with pytest.raises(OSError, match="No space"):
        await aside(fail)


async def test_who_is_cancelled_waits_no_more() -> None:
    begun, go, over = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        go.wait(60)
        over.set()

    waiting = asyncio.create_task(aside(work))
    while not begun.is_set():
        await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not over.is_set()
    go.set()
    assert await asyncio.to_thread(over.wait, 60)
    await asyncio.sleep(0)  # what it told finds nobody


def test_a_loop_that_is_closed_is_told_nothing() -> None:
    """The thread ends by itself, without a word, and no pool was imported for it."""
    done = subprocess.run([sys.executable, "-c", CLOSED], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("over False\n", "")


CLOSED = """
import sys
sys.argv = ["banner"]
from banner.cli.later import postpone
postpone()
import asyncio, threading
from banner.journal.aside import aside
go = threading.Event()
def work():
    go.wait(60)
async def begin():
    waiting = asyncio.create_task(aside(work))
    await asyncio.sleep(0)
    waiting.cancel()
asyncio.run(begin())
go.set()
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join()
print("over", "concurrent.futures.thread" in sys.modules)
"""
