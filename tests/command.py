"""The real command in a process of its own: in pipes as a script meets it, on a terminal as a person does.

The servers that it visits run in a thread of the tests' process. Every wait has its deadline, after which the
process is killed and the test fails.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from banner.testing import Server

BANNER = str(Path(sys.executable).with_name("banner"))
PATIENCE = 120.0
"""Seconds for anything: a guard against what hangs. A busy machine needs twenty for what takes 0.2 on an idle one."""
ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "xterm"}
Pipe = int | None
SUMMARY = re.compile(rb"banner: [\d,]+ targets? in \d")


class Done(NamedTuple):
    """A command that has ended."""

    returncode: int
    stdout: bytes
    stderr: bytes
    """What went wrong: without the summary of a scan."""
    summary: bytes
    """The scan's last line on standard error, where there was one."""


def run(
    *arguments: str,
    stdin: str | bytes | int = b"",
    env: Mapping[str, str] = {},
    preexec: Callable[[], None] | None = None,
) -> Done:
    """The command with its arguments, in pipes, until it has ended."""
    fed: dict[str, Any] = {"stdin": stdin} if isinstance(stdin, int) else {"input": _bytes(stdin)}
    done = subprocess.run(
        [BANNER, *arguments],
        capture_output=True,
        timeout=PATIENCE,
        env={**ENVIRONMENT, **env},
        check=False,
        preexec_fn=preexec,
        **fed,
    )
    return Done(done.returncode, done.stdout, *without_summary(done.stderr))


def without_summary(stderr: bytes) -> tuple[bytes, bytes]:
    """What a command in pipes told, and the summary of its scan."""
    lines = stderr.splitlines(keepends=True)
    summaries = [line for line in lines if SUMMARY.match(line)]
    assert len(summaries) <= 1, stderr
    return b"".join(line for line in lines if line not in summaries), b"".join(summaries)


def records(output: bytes) -> list[dict[str, Any]]:
    """The records of an output: nothing else may be there, and every line is whole."""
    assert not output or output.endswith(b"\n")
    return [json.loads(line) for line in output.splitlines()]


@contextmanager
def started(
    *arguments: str,
    stdin: Pipe = subprocess.DEVNULL,
    stdout: Pipe = subprocess.PIPE,
    stderr: Pipe = subprocess.PIPE,
) -> Iterator[subprocess.Popen[bytes]]:
    """The command under way; killed where it outlives the block."""
    process = subprocess.Popen(
        [BANNER, *arguments], stdin=stdin, stdout=stdout, stderr=stderr, env=ENVIRONMENT
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def wait_for(condition: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Return once `condition` holds."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


class Terminal:
    """The command on a terminal of its own, as its session's leader, so that Ctrl-C reaches it."""

    def __init__(self, *arguments: str, columns: int = 100, env: Mapping[str, str] = {}) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
        self.process = subprocess.Popen(
            ["setsid", "--ctty", BANNER, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env={**ENVIRONMENT, **env},
        )
        os.close(slave)
        self.shown = b""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)

    def type(self, keys: bytes) -> None:
        """Press keys."""
        os.write(self._master, keys)

    def until(self, text: bytes) -> None:
        """Read until `text` has been shown."""
        while text not in self.shown:
            assert self._read(), self.shown

    def finish(self) -> int:
        """Read until the command has ended; its exit status."""
        while self._read():
            pass
        return self.process.wait(PATIENCE)

    def _read(self) -> bool:
        readable, _, _ = select.select([self._master], [], [], PATIENCE)
        assert readable, f"nothing more came after {self.shown!r}"
        try:
            data = os.read(self._master, 65536)
        except OSError:  # EIO: the last process has closed it (tty_ioctl(4))
            data = b""
        self.shown += data
        return bool(data)


class Servers:
    """Greeting servers in a thread of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._stack = contextlib.AsyncExitStack()

    def start(self, make: Callable[[], AbstractAsyncContextManager[Server]]) -> Server:
        """One more server; it ends with the others."""

        async def enter() -> Server:
            return await self._stack.enter_async_context(make())

        return asyncio.run_coroutine_threadsafe(enter(), self._loop).result(PATIENCE)

    def call(self, act: Callable[[], object]) -> None:
        """Do this in the servers' thread, soon."""
        self._loop.call_soon_threadsafe(act)

    def __enter__(self) -> Servers:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stack.aclose(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
