"""A cluster of Dask on loopback: a scheduler and workers, each the real command in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import pytest

from banner.fleet.scheduler import FRUGAL
from tests.command import ENVIRONMENT, PATIENCE, wait_for

COUNT = """
import sys
from distributed import Client
def held(dask_scheduler):
    return len(dask_scheduler.tasks)
with Client(sys.argv[1], name="count", set_as_default=False) as client:
    print(client.run_on_scheduler(held), len(client.nthreads()))
"""


def needs_dask() -> None:
    """The test is skipped without Dask, but not in CI."""
    if find_spec("distributed") is None:
        message = "distributed is missing: pip install 'aiobanner[dask]'"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(message)


def frugal() -> dict[str, str]:
    """The environment that docs/cluster.md advises for scheduler and workers."""
    return {"DASK_" + key.upper().replace(".", "__").replace("-", "_"): str(FRUGAL[key]) for key in FRUGAL}


class Cluster:
    """A context manager. Every process is killed at its end."""

    def __init__(self, workers: int = 2, env: Mapping[str, str] = {}) -> None:
        needs_dask()
        self._folder = tempfile.TemporaryDirectory()
        self._env = {**ENVIRONMENT, **frugal(), **env}
        self._wanted = workers
        self._errors = open(Path(self._folder.name, "errors"), "wb")  # noqa: SIM115
        self.workers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Cluster:
        file = Path(self._folder.name, "scheduler.json")
        self.scheduler = self._start(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file)
        )
        wait_for(lambda: file.exists() and b"tcp://" in file.read_bytes())
        self.address = f"tcp://127.0.0.1:{file.read_text().split('tcp://127.0.0.1:')[1].split(chr(34))[0]}"
        for _ in range(self._wanted):
            self.add_worker()
        wait_for(lambda: self.errors().count(b"Registered to:") >= self._wanted)
        return self

    def __exit__(self, *_: object) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
        for process in (*self.workers, self.scheduler):
            process.wait()
        self._errors.close()
        self._folder.cleanup()

    def add_worker(self, first: str = "") -> None:
        """One more, which nobody starts again; `first` is Python that it runs before anything else."""
        folder = ("--local-directory", self._folder.name)
        self.workers.append(
            self._start(
                "worker",
                self.address,
                "--host",
                "127.0.0.1",
                "--no-nanny",
                "--nthreads",
                "1",
                "--no-dashboard",
                *folder,
                first=first,
            )
        )

    def errors(self) -> bytes:
        """What all of them have said."""
        return Path(self._errors.name).read_bytes()

    def held(self) -> tuple[int, int]:
        """How many tasks the scheduler holds, and how many workers it has."""
        done = subprocess.run(
            [sys.executable, "-c", COUNT, self.address],
            capture_output=True, timeout=PATIENCE, env=self._env, check=True,
        )  # fmt: skip
        tasks, workers = map(int, done.stdout.split())
        return tasks, workers

    def _start(self, what: str, *arguments: str, first: str = "") -> subprocess.Popen[bytes]:
        program = f"{first}\nfrom distributed.cli.dask_{what} import main\nmain()"
        command = [sys.executable, "-c", program, *arguments]
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._errors, stderr=self._errors, env=self._env,
            cwd=self._folder.name,  # Python looks for modules there first
        )  # fmt: skip
