"""Several outputs of one scan: the same records in each, also after the scan was killed and went on."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from shlex import quote

import pytest

from banner import testing
from banner.formats.reader import read_records
from banner.formats.record import decode
from banner.models import Grab
from tests.command import BANNER, ENVIRONMENT, PATIENCE, Servers, run, started, wait_for
from tests.gate import Gate

NAMES = ("a.jsonl", "b.csv", "c.sqlite", "d.parquet", "e.xml", "f.jsonl.gz", "g.ndjson")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with Servers() as servers:
        yield servers.start(lambda: testing.greeter(b"220 hello\r\n", host="0.0.0.0")).port


@pytest.fixture
def gate() -> Iterator[Gate]:
    with Gate() as gate:
        yield gate


def outputs(folder: Path, names: tuple[str, ...] = NAMES) -> list[str]:
    return [word for name in names for word in ("-o", str(folder / name))]


def places(grabs: list[Grab]) -> list[str]:
    return sorted(f"{grab.ip}:{grab.port} {grab.status} {grab.banner!r}" for grab in grabs)


def found(path: Path) -> list[str]:
    """What stands in a file, which has to be whole."""
    complaints: list[str] = []
    grabs = list(read_records(str(path), lambda _, reason: complaints.append(reason)))
    assert complaints == [], path
    return places(grabs)


@pytest.mark.parametrize("workers", ["1", "2"])
def test_each_output_holds_every_record(port: int, tmp_path: Path, workers: str) -> None:
    done = run("scan", f"127.0.1.0/26:{port}", *outputs(tmp_path), "-o", "-", "--workers", workers)
    assert (done.returncode, done.stderr) == (0, b"")
    expected = places(list(map(decode, done.stdout.splitlines())))
    assert len(expected) == 64
    for name in NAMES:
        assert found(tmp_path / name) == expected, name
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(NAMES)  # the journal is gone


LISTEN = ("--mode", "listen", "--read-timeout", "60")


@pytest.mark.parametrize("way", ["arguments", "pipe"])
@pytest.mark.parametrize("named", ["all", "first"])
def test_a_killed_scan_goes_on_in_all_its_outputs(
    port: int, gate: Gate, tmp_path: Path, way: str, named: str
) -> None:
    places = [*(f"127.0.1.{last}:{port}" for last in range(64)), gate.target]
    lines = "".join(f"{place}\n" for place in places).encode() if way == "pipe" else b""
    arguments = ["scan", *(["-i", "-"] if way == "pipe" else places), *LISTEN]
    journalled = tmp_path / "a.jsonl"
    with started(*arguments, *outputs(tmp_path), stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        process.stdin.write(lines)
        process.stdin.close()
        wait_for(lambda: journalled.exists() and journalled.read_bytes().count(b"\n") == 64)
        process.kill()
        process.wait(PATIENCE)
    # What a crash may leave: an end that is torn, and one that was not written.
    for path in (journalled, tmp_path / "b.csv"):
        path.write_bytes(path.read_bytes()[:-7])
    gate.open()
    again = outputs(tmp_path) if named == "all" else outputs(tmp_path, NAMES[:1])
    done = run(*arguments, *again, "--resume", stdin=lines)
    assert done.returncode == 0
    assert done.stderr.startswith(f"banner: {journalled}: cut ".encode())
    expected = found(journalled)
    assert len(expected) == len(set(expected)) == 65
    for name in NAMES:
        assert found(tmp_path / name) == expected, name


def test_an_interrupted_scan_leaves_every_file_whole(port: int, gate: Gate, tmp_path: Path) -> None:
    journalled = tmp_path / "a.jsonl"
    with started("scan", f"127.0.1.0/26:{port}", gate.target, *LISTEN, *outputs(tmp_path)) as process:
        wait_for(lambda: journalled.exists() and journalled.read_bytes().count(b"\n") == 64)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 130
    expected = found(journalled)
    assert len(expected) == 64
    for name in NAMES:
        assert found(tmp_path / name) == expected, name


@pytest.mark.parametrize(
    "other", ["scan.jsonl", "./scan.jsonl", "link.jsonl", "hard.jsonl", "-", "/dev/stdout"]
)
def test_one_file_twice_is_refused(port: int, tmp_path: Path, other: str) -> None:
    first = tmp_path / "scan.jsonl"
    (tmp_path / "link.jsonl").symlink_to(first)
    if other == "hard.jsonl":
        first.touch()
        (tmp_path / other).hardlink_to(first)
    names = ["-", other] if other in ("-", "/dev/stdout") else ["scan.jsonl", other]
    done = subprocess.run(
        [BANNER, "scan", f"127.0.1.1:{port}", "-o", names[0], "-o", names[1]],
        cwd=tmp_path,
        env=ENVIRONMENT,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"two outputs are one file" in done.stderr
    assert not first.exists() or first.read_bytes() == b""


def test_a_reader_that_goes_away_costs_the_files_nothing(port: int, tmp_path: Path) -> None:
    for name in ("kept.jsonl", "written.csv"):  # with a journal and without
        out = tmp_path / name
        line = f"{quote(BANNER)} scan 127.0.1.0/24:{port} -o - -o {quote(str(out))} --rate 500 --quiet | head -n 1"
        done = subprocess.run(
            ["bash", "-c", f"set -o pipefail; {line}"],
            capture_output=True,
            timeout=PATIENCE,
            env=ENVIRONMENT,
            check=False,
        )
        assert (done.returncode, done.stdout.count(b"\n"), done.stderr) == (0, 1, b"")
        assert len(found(out)) == 256


def test_a_file_of_somebody_elses_is_not_overwritten(gate: Gate, tmp_path: Path) -> None:
    journalled, other = tmp_path / "a.jsonl", tmp_path / "precious.csv"
    with started("scan", gate.target, *LISTEN, "-o", str(journalled)) as process:
        wait_for(lambda: (tmp_path / "a.jsonl.journal").exists())
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE) == 130
    other.write_text("mine")
    for more in ([], ["--resume"]):
        done = run("scan", gate.target, *LISTEN, *more, *outputs(tmp_path, ("a.jsonl", other.name)))
        assert done.returncode == 2
        assert b"holds records already" in done.stderr
    assert other.read_text() == "mine"


def test_an_output_that_fails_ends_the_scan_and_the_journal_stays(port: int, tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl"
    done = run("scan", f"127.0.1.0/28:{port}", "-o", str(out), "-o", "/dev/full")
    assert done.returncode == 3
    assert b"cannot write /dev/full: No space left" in done.stderr
    assert (tmp_path / "a.jsonl.journal").exists()
    assert run("scan", "-o", str(out), "--resume").returncode == 0
    assert len(found(out)) == 16


def test_a_format_for_what_tells_none(port: int, tmp_path: Path) -> None:
    out = tmp_path / "a.jsonl"
    done = run("scan", f"127.0.1.1:{port}", "-o", str(out), "-o", "-", "--format", "csv")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"time,host,") or b"host" in done.stdout.splitlines()[0]
    assert len(found(out)) == 1
    for wrong in ("nonsense", "sqlite"):
        done = run("scan", f"127.0.1.1:{port}", "--format", wrong)
        assert (done.returncode, done.stdout) == (2, b"")
        assert wrong in done.stderr.decode().splitlines()[-1].lower()
