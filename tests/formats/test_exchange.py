"""`banner.read`, `banner.write` and `banner.to_arrow`: files for programs."""

from __future__ import annotations

import bz2
import gc
import gzip
import io
import lzma
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import banner
from banner.formats.registry import FORMATS
from banner.models import Grab, Service, Status
from tests.command import PATIENCE
from tests.grabs import grabs

NAMES = [f"scan{suffixes[0]}" for name, suffixes in FORMATS.items() if suffixes and name != "xml"]
few = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])


def some(count: int) -> list[Grab]:
    return [
        Grab(1.5 + n, "192.0.2.1", 1 + n, Status.BANNER, "192.0.2.1", banner=b"\xff%d" % n)
        for n in range(count)
    ]


@pytest.mark.parametrize("name", NAMES)
@few
@given(records=st.lists(grabs, max_size=4))
def test_what_is_written_is_read(name: str, records: list[Grab], tmp_path: Path) -> None:
    path = tmp_path / name
    assert banner.write(path, iter(records)) == len(records)
    assert list(banner.read(path)) == records
    assert list(banner.read(str(path))) == records
    with open(path, "rb") as file:
        assert list(banner.read(file)) == records
        assert not file.closed


@pytest.mark.parametrize(
    "pack", [gzip.compress, lzma.compress, bz2.compress], ids=lambda pack: pack.__module__
)
@pytest.mark.parametrize("name", NAMES)
def test_every_format_is_read_packed_and_from_standard_input(
    name: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / name
    banner.write(path, some(3))
    packed = tmp_path / "packed"
    packed.write_bytes(path.read_bytes() if name.endswith((".gz", ".zst")) else pack(path.read_bytes()))
    assert list(banner.read(packed)) == some(3)
    assert list(banner.read(io.BytesIO(packed.read_bytes()))) == some(3)
    code = "import banner, sys; sys.exit(len(list(banner.read('-'))) != 3)"
    with open(packed, "rb") as file:
        subprocess.run([sys.executable, "-c", code], stdin=file, check=True, timeout=PATIENCE)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_cut_off_is_told_and_costs_no_more(name: str, tmp_path: Path) -> None:
    """In any format: what comes before is read, if anything, and the rest is told."""
    path = tmp_path / name
    banner.write(path, some(300))
    whole = path.read_bytes()
    for at in range(len(whole) // 20, len(whole), len(whole) // 20):
        told: dict[int, str] = {}
        found = list(banner.read(io.BytesIO(whole[:at]), told.__setitem__))
        assert found == some(300)[: len(found)]
        assert told or whole[at - 1 : at] == b"\n", at
        if told:
            with pytest.raises(ValueError, match="the file"):
                list(banner.read(io.BytesIO(whole[:at])))


def test_a_file_in_memory_and_one_of_text() -> None:
    lines = "".join(grab.to_json() + "\n" for grab in some(3))
    assert list(banner.read(io.BytesIO(lines.encode()))) == some(3)
    assert list(banner.read(io.StringIO(lines))) == some(3)


@pytest.mark.parametrize("form", [None, *FORMATS])
def test_what_is_written_to_an_open_file_is_read_from_it(form: str | None, tmp_path: Path) -> None:
    """It stays open, and holds what stood there before."""
    records = [Grab(1.5, "192.0.2.1", 22, Status.BANNER, "192.0.2.1", banner=b"SSH-2.0-x\r\n")]
    file = io.BytesIO()
    assert banner.write(file, iter(records), form=form) == 1
    file.seek(0)
    assert [grab.where for grab in banner.read(file)] == ["192.0.2.1:22"]
    with open(tmp_path / "after", "wb") as other:
        other.write(b"before")
        banner.write(other, records, form=form)
    assert (tmp_path / "after").read_bytes().startswith(b"before")
    if form in (None, "jsonl", "csv", "xml"):
        text = io.StringIO()
        banner.write(text, records, form=form)
        text.seek(0)
        assert [grab.where for grab in banner.read(text)] == ["192.0.2.1:22"]


def test_an_open_files_name_tells_the_format(tmp_path: Path) -> None:
    with (
        open(tmp_path / "scan.csv", "w", newline="") as text,
        open(tmp_path / "scan.jsonl.gz", "wb") as packed,
    ):
        banner.write(text, some(1))
        banner.write(packed, some(1))
    assert (tmp_path / "scan.csv").read_text().startswith("time,")
    assert (tmp_path / "scan.jsonl.gz").read_bytes().startswith(b"\x1f\x8b")
    for mode in ("wb", "wt"):
        with gzip.open(tmp_path / "once.jsonl.gz", mode) as once:
            banner.write(once, some(2))
        assert list(banner.read(tmp_path / "once.jsonl.gz")) == some(2)
    with pytest.raises(ValueError, match="leave append"):
        banner.write(io.BytesIO(), some(1), append=True)
    with pytest.raises(TypeError, match="a file that is open"):
        banner.write(7, some(1))  # type: ignore[arg-type]
    taken = io.BytesIO()
    with pytest.raises(ZeroDivisionError):
        banner.write(taken, (some(501)[n] if n < 500 else 1 / 0 for n in range(501)))  # type: ignore[misc]
    assert taken.getvalue().count(b"\n") == 500


def test_nmaps_form_and_zgrab2s(tmp_path: Path) -> None:
    grab = Grab(
        1.5, "192.0.2.1", 22, Status.BANNER, "192.0.2.1", banner=b"SSH-2.0-x\r\n", service=Service("ssh")
    )
    banner.write(tmp_path / "scan.xml", [grab])
    banner.write(tmp_path / "scan.json", [grab], form="zgrab2")
    for name in ("scan.xml", "scan.json"):
        (found,) = banner.read(tmp_path / name)
        assert (found.host, found.port, found.banner) == (grab.host, grab.port, grab.banner), name


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="looks at the descriptors of Linux")
def test_reading_is_lazy_and_leaves_nothing_open(tmp_path: Path) -> None:
    path = tmp_path / "scan.jsonl"
    banner.write(path, some(5000))
    gc.collect()  # what other tests left
    before = len(os.listdir("/proc/self/fd"))
    found = banner.read(path, lambda number, reason: None)  # a line is cut in the middle
    assert next(found) == some(1)[0]
    assert len(os.listdir("/proc/self/fd")) == before + 1
    os.truncate(path, 0)  # what was not read yet is gone
    assert 0 < len(list(found)) < 4999
    assert len(os.listdir("/proc/self/fd")) == before


def test_damage_is_told_or_raised(tmp_path: Path) -> None:
    path = tmp_path / "scan.jsonl"
    banner.write(path, some(2))
    path.write_bytes(path.read_bytes().replace(b"\n", b"\n{nonsense\n", 1) + b'{"v":1')
    told: list[tuple[int, str]] = []
    assert list(banner.read(path, lambda number, reason: told.append((number, reason)))) == some(2)
    assert [number for number, _ in told] == [2, 4]
    assert "cut short" in told[1][1]
    found = banner.read(path)
    assert next(found) == some(1)[0]
    with pytest.raises(ValueError, match=r"scan\.jsonl, line 2: not a record"):
        next(found)


def test_what_cannot_be_read_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        banner.read(tmp_path / "missing.jsonl")
    (tmp_path / "prose.txt").write_text("nothing of ours\n")
    with pytest.raises(ValueError, match="neither JSON lines nor CSV"):
        list(banner.read(tmp_path / "prose.txt"))
    with pytest.raises(TypeError):
        banner.read(os.fsencode(tmp_path))  # type: ignore[arg-type]


def test_what_cannot_be_written_raises_and_costs_no_file(tmp_path: Path) -> None:
    path = tmp_path / "scan.jsonl"
    banner.write(path, some(1))
    with pytest.raises(ValueError, match="which format"):
        banner.write(tmp_path / "scan.docx", some(1))
    with pytest.raises(ValueError, match="no format 'words'"):
        banner.write(path, some(1), form="words")
    with pytest.raises(TypeError, match="written are grabs"):
        banner.write(path, ["192.0.2.1:22"])  # type: ignore[list-item]
    with pytest.raises(TypeError, match="keep=path"):
        banner.write(path, arriving())  # type: ignore[arg-type]
    with pytest.raises(OSError, match="cannot write"):
        banner.write(tmp_path / "no" / "such.jsonl", some(1))
    assert list(banner.read(path)) == some(1)


async def arriving() -> AsyncIterator[Grab]:
    yield some(1)[0]


def test_a_file_is_continued(tmp_path: Path) -> None:
    for name in ("scan.jsonl", "scan.csv", "scan.db"):
        banner.write(tmp_path / name, some(2))
        assert banner.write(tmp_path / name, some(3)[2:], append=True) == 1
        assert list(banner.read(tmp_path / name)) == some(3)
    with pytest.raises(ValueError, match="cannot be continued"):
        banner.write(tmp_path / "scan.parquet", some(1), append=True)


def test_what_came_before_an_exception_is_whole(tmp_path: Path) -> None:
    def failing() -> Iterator[Grab]:
        yield from some(500)
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        banner.write(tmp_path / "scan.jsonl.gz", failing())
    assert list(banner.read(tmp_path / "scan.jsonl.gz")) == some(500)


def test_a_table_for_pandas_and_duckdb() -> None:
    table = banner.to_arrow(iter(some(25_000)))
    assert table.num_rows == 25_000
    frame = table.to_pandas()
    assert frame["port"].tolist()[:2] == [1, 2]
    assert frame["time"][0].to_pydatetime() == datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)
    assert table["banner"][7].as_py() == b"\xff7"
    assert duckdb.connect().register("arrived", table).execute(
        "SELECT max(port) FROM arrived"
    ).fetchall() == [(25_000,)]
    assert banner.to_arrow([]).schema == table.schema
