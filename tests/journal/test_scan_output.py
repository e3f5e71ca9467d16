"""The durable output used by a program: what it promises holds without the command line."""

from __future__ import annotations

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from banner.formats.destinations import UnknownFormatError, destinations
from banner.formats.files import OutputInUseError
from banner.inputs.selection import NoTargetsError, Selection
from banner.journal import journal, resuming
from banner.journal.journal import JournalError
from banner.journal.scan_output import KeptOutput
from tests.command import wait_for
from tests.few import Few

NETWORK = "127.0.1.0/24"
PROGRAM = [sys.executable, "-m", "tests.journal.keeping_scan"]


@pytest.fixture
def few() -> Iterator[Few]:
    with Few(b"220 ready\r\n", 20) as few:
        yield few


def hosts(out: Path) -> Counter[str]:
    if out.suffix == ".sqlite":
        with closing(sqlite3.connect(out)) as db:
            return Counter(host for (host,) in db.execute("SELECT host FROM grabs"))
    if out.suffix == ".csv":
        return Counter(row["host"] for row in csv.DictReader(out.read_text().splitlines()))
    return Counter(json.loads(line)["host"] for line in out.read_bytes().splitlines())


def some_are_written(out: Path) -> bool:
    try:
        return sum(hosts(out).values()) > 10
    except (OSError, sqlite3.Error, ValueError):
        return False


@pytest.mark.parametrize("name", ["out.jsonl", "out.sqlite"])
def test_a_program_that_is_killed_goes_on_where_it_was(few: Few, tmp_path: Path, name: str) -> None:
    out, beside = tmp_path / name, tmp_path / "beside.csv"
    command = [*PROGRAM, str(out), str(few.port), NETWORK, str(beside)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as killed:
        try:
            wait_for(lambda: killed.poll() is not None or some_are_written(out))
        finally:
            killed.kill()
    assert killed.returncode == -9, "it was done before it was killed"
    assert Path(journal.path_of(str(out))).exists()
    few.greet_all()
    again = subprocess.run(command, capture_output=True, timeout=120, check=False)
    assert again.returncode == 0, again.stderr
    assert int(again.stdout.split()[-1]) > 0, "it began anew"
    for file in (out, beside):
        assert (len(hosts(file)), set(hosts(file).values())) == (256, {1})
    assert not Path(journal.path_of(str(out))).exists()


def kept(out: Path, arguments: dict[str, str]) -> KeptOutput:
    found = resuming.find(str(out))
    return KeptOutput(
        destinations([str(out)])[0], arguments=arguments, found=found, most=10, warn=lambda text: None
    )


def journal_bytes(out: Path) -> bytes:
    return Path(journal.path_of(str(out))).read_bytes()


async def test_what_does_not_fit_is_refused_and_nothing_changed(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    first = kept(out, {"name": "one"})
    with pytest.raises(OutputInUseError):
        kept(out, {"name": "one"})
    async with first:
        first.targets(Selection(["192.0.2.0/28"], ports="22", seed=1), lambda source, line: None)
    before = journal_bytes(out)
    found = resuming.find(str(out))
    assert found is not None
    assert found.arguments == {"name": "one"}
    with pytest.raises(resuming.OtherScanError, match="name 'two', not 'one'"):
        resuming.check_arguments({"name": "two"}, found.arguments, {}, whole=True)
    other = kept(out, {"name": "one"})
    async with other:
        with pytest.raises(JournalError, match="a file has changed"):
            other.targets(Selection(["192.0.2.0/29"], ports="22", seed=1), lambda source, line: None)
    assert journal_bytes(out) == before
    os.unlink(journal.path_of(str(out)))
    with pytest.raises(resuming.JournalLostError, match="is not complete, and its journal"):
        resuming.find(str(out))


def test_values_that_make_no_sense_are_told_by_exceptions_of_the_rooms(tmp_path: Path) -> None:
    with pytest.raises(NoTargetsError):
        Selection([])
    with pytest.raises(FileNotFoundError):
        Selection([], [str(tmp_path / "missing")])
    with pytest.raises(UnknownFormatError):
        destinations(["x"], "nonsense")
    with pytest.raises(ValueError, match="two outputs are one file"):
        destinations([str(tmp_path / "x"), str(tmp_path / "y" / ".." / "x")])
