"""What only POSIX systems, or only Linux, have is not needed: everything imports, scans and resumes without."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import banner
from banner import testing
from tests.command import ENVIRONMENT, Done, Servers, records, without_summary

MODULES = ("fcntl", "resource", "termios", "pwd", "grp", "uvloop")
MISSING = {
    "os": (
        *("fork", "pread", "pwrite", "sched_getaffinity", "O_CLOEXEC", "O_DIRECTORY", "O_NOCTTY"),
        *("set_blocking", "mkfifo", "fchmod", "waitid", "killpg"),
    ),
    "select": ("epoll", "EPOLLIN", "EPOLLOUT", "EPOLLET", "EPOLLHUP", "EPOLLERR", "kqueue"),
    "signal": ("SIGHUP", "SIGKILL", "SIGWINCH", "SIGUSR1", "SIGPIPE"),
    "socket": ("SOCK_CLOEXEC", "SOCK_NONBLOCK"),
}
"""What Python on Windows does not have; asyncio itself is loaded before, for Linux."""

BARE = f"""
import asyncio, importlib, os, pkgutil, select, signal, socket, sqlite3, ssl, subprocess, sys, tempfile, threading
for name in {MODULES!r}:
    sys.modules[name] = None
for module, names in {MISSING!r}.items():
    for name in names:
        if hasattr(sys.modules[module], name):
            delattr(sys.modules[module], name)
import selectors
selectors.DefaultSelector = selectors.PollSelector
os.process_cpu_count = os.cpu_count  # from Python 3.13 on, over sched_getaffinity where that is
"""
OPTIONAL = ("dask", "distributed", "pyarrow", "shtab", "zstandard")
WHOLE = f"""
import banner
for found in pkgutil.walk_packages(banner.__path__, "banner."):
    if found.name != "banner.__main__":
        try:
            importlib.import_module(found.name)
        except ModuleNotFoundError as error:
            assert error.name.partition(".")[0] in {OPTIONAL!r}, (found.name, error)
        print(found.name)
"""
COMMAND = """
from banner.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


def bare(program: str, *arguments: str) -> Done:
    done = subprocess.run(
        [sys.executable, "-c", BARE + program, *arguments],
        capture_output=True,
        timeout=60,
        env=ENVIRONMENT,
        check=False,
    )
    return Done(done.returncode, done.stdout, *without_summary(done.stderr))


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(b"220 ready\r\n", host="0.0.0.0")).port


def test_every_module_is_imported() -> None:
    done = bare(WHOLE)
    assert (done.returncode, done.stderr) == (0, b"")
    files = [path for path in Path(banner.__file__).parent.rglob("*.py") if path.name != "__main__.py"]
    assert len(done.stdout.splitlines()) == len(files) - 1 > 90  # all but banner itself


def test_grab(port: int) -> None:
    done = bare(COMMAND, "grab", f"127.0.0.1:{port}", "--json")
    assert (done.returncode, done.stderr) == (0, b"")
    assert records(done.stdout)[0]["banner"] == "220 ready\r\n"


@pytest.mark.parametrize("name", ["out.jsonl", "out.sqlite"])
def test_a_scan_and_its_journal(port: int, tmp_path: Path, name: str) -> None:
    (tmp_path / "hosts").write_text("".join(f"127.0.1.{n}:{port}\n" for n in range(100)))
    out = str(tmp_path / name)
    cut = bare(COMMAND, "scan", "-i", str(tmp_path / "hosts"), "-o", out, "--rate", "50", "--max-time", "0.5")
    assert cut.returncode == 0
    assert b"the time was up" in cut.stderr
    done = bare(COMMAND, "scan", "-o", out, "--resume")
    assert (done.returncode, done.stderr) == (0, b"")
    told = bare(COMMAND, "convert", out, "-")
    assert sorted(record["host"] for record in records(told.stdout)) == sorted(
        f"127.0.1.{n}" for n in range(100)
    )
    assert not os.path.exists(out + ".journal")
