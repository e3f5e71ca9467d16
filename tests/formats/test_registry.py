"""Every format gives back what went in, and what is left after an interruption or damage is used."""

from __future__ import annotations

import csv
import gzip
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banner.formats.columns import COLUMNS, NAMES, grab_of, row_of
from banner.formats.files import OutputError
from banner.formats.reader import read_records
from banner.formats.record import encode
from banner.formats.registry import FORMATS, FanOut, format_of, open_sink
from banner.models import Certificate, Grab, Service, Status, Tls
from tests.grabs import grabs

LOSSLESS = ("jsonl", "jsonl.gz", "jsonl.zst", "csv", "sqlite", "parquet")
few = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def written(path: Path, records: Iterable[Grab], form: str | None = None) -> Path:
    sink = open_sink(str(path), form)
    sink.write(list(records))
    sink.close()
    return path


def read(path: Path) -> tuple[list[Grab], list[str]]:
    complaints: list[str] = []
    return list(
        read_records(str(path), lambda line, reason: complaints.append(f"{line}: {reason}"))
    ), complaints


def some(count: int = 3) -> list[Grab]:
    return [
        Grab(
            time=1.5 + number,
            host=f"192.0.2.{number % 250}",
            port=22,
            ip=f"192.0.2.{number % 250}",
            status=Status.BANNER,
            banner=b"SSH-2.0-x\r\n%d" % (number * 7919),
        )
        for number in range(count)
    ]


def test_a_column_for_every_field() -> None:
    fields = {field for kind in (Grab, Service, Tls, Certificate) for field in kind.__struct_fields__}
    for field in fields - {"name", "timings", "certificate"}:
        assert any(name in (field, f"tls_{field}", f"cert_{field}") for name in NAMES), field
    assert len(set(NAMES)) == len(NAMES)


@given(grabs)
def test_a_row_is_a_grab(grab: Grab) -> None:
    assert grab_of(dict(zip(NAMES, row_of(grab), strict=True))) == grab


@pytest.mark.parametrize("form", LOSSLESS)
@few
@given(records=st.lists(grabs, max_size=4))
def test_what_goes_in_comes_out(form: str, records: list[Grab], tmp_path: Path) -> None:
    path = written(tmp_path / f"scan.{form}", records)
    assert read(path) == (records, [])


@few
@given(records=st.lists(grabs, max_size=4))
def test_nmap_xml_gives_back_every_record_with_an_address(records: list[Grab], tmp_path: Path) -> None:
    path = written(tmp_path / "scan.xml", records)
    got, complaints = read(path)
    assert complaints == []
    assert {encode(grab) for grab in got} <= {encode(grab) for grab in records}
    assert {encode(grab) for grab in got} >= {encode(grab) for grab in records if grab.ip}


@few
@given(records=st.lists(grabs, max_size=4))
def test_nmap_xml_is_valid(records: list[Grab], tmp_path: Path) -> None:
    dtd = Path("/usr/share/nmap/nmap.dtd")
    xmllint = shutil.which("xmllint")
    if not dtd.exists() or xmllint is None:
        pytest.skip("needs nmap's DTD and xmllint")
    path = written(tmp_path / "scan.xml", records)
    command = [xmllint, "--noout", "--nonet", "--huge", "--dtdvalid", str(dtd), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_libnmap_and_ndiff_read_our_xml(tmp_path: Path) -> None:
    from libnmap.parser import NmapParser

    service = Service(
        "ssh", product="OpenSSH", version="9.2p1", cpe=("cpe:2.3:a:openbsd:openssh:9.2p1:*:*:*:*:*:*:*",)
    )
    old = [
        Grab(
            1.0,
            "192.0.2.1",
            22,
            Status.BANNER,
            "192.0.2.1",
            banner=b"SSH-2.0-OpenSSH_9.2p1\r\n",
            service=service,
        ),
        Grab(2.0, "192.0.2.1", 23, Status.REFUSED, "192.0.2.1"),
        Grab(3.0, "mail.example", 25, Status.SILENT, "2001:db8::1"),
        Grab(4.0, "gone.example", 25, Status.DNS_ERROR, error="no such name"),
    ]
    first = written(tmp_path / "old.xml", old)
    report = NmapParser.parse_fromfile(str(first))
    assert report.hosts_total == 2
    host = next(host for host in report.hosts if host.address == "192.0.2.1")
    assert host.get_open_ports() == [(22, "tcp")]
    assert host.get_service(22).service == "ssh"
    assert "9.2p1" in host.get_service(22).banner
    assert [str(name.cpestring) for name in host.get_service(22).cpelist] == ["cpe:/a:openbsd:openssh:9.2p1"]
    assert host.get_service(23).state == "closed"
    if shutil.which("ndiff") is None:
        pytest.skip("ndiff is not installed")
    second = written(
        tmp_path / "new.xml", [old[0], Grab(5.0, "192.0.2.1", 23, Status.BANNER, "192.0.2.1"), old[2]]
    )
    done = subprocess.run(
        ["ndiff", "--text", str(first), str(second)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 1, done.stderr
    assert "+23/tcp open" in done.stdout
    same = subprocess.run(
        ["ndiff", str(first), str(first)], capture_output=True, text=True, timeout=120, check=False
    )
    assert same.returncode == 0, same.stdout + same.stderr


FORMULAE = ("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\uff1dA1", "'=1", "\n=1")


@pytest.mark.parametrize("text", FORMULAE)
def test_no_cell_is_a_formula(text: str, tmp_path: Path) -> None:
    grab = Grab(
        1.0, text, 22, Status.BANNER, banner=text.encode(), error=text, service=Service(text, product=text)
    )
    path = written(tmp_path / "scan.csv", [grab])
    with path.open(newline="") as file:
        _, cells = csv.reader(file)
    assert len(cells) == len(COLUMNS)
    for name, cell in zip(NAMES, cells, strict=True):
        if name in ("host", "banner", "error", "service", "product"):
            assert cell.lstrip()[0] in "'\\", (name, cell)
    assert read(path) == ([grab], [])


def test_csv_is_one_line_a_record(tmp_path: Path) -> None:
    path = written(
        tmp_path / "scan.csv", [Grab(1.0, "h", 1, Status.BANNER, banner=b"a\r\nb\nc\0\xff\x85")] * 5
    )
    assert len(path.read_bytes().splitlines()) == 6


@pytest.mark.parametrize("form", ["jsonl", "csv", "sqlite"])
def test_a_file_may_be_continued(form: str, tmp_path: Path) -> None:
    first, second = some(), some()
    path = written(tmp_path / f"scan.{form}", first)
    if form != "sqlite":
        with path.open("ab") as file:
            file.write(b'"torn')
    sink = open_sink(str(path), append=True)
    sink.write(second)
    sink.close()
    assert read(path) == (first + second, [])


@pytest.mark.parametrize("form", ["jsonl.gz", "jsonl.zst", "parquet", "xml"])
def test_a_file_that_cannot_be_continued_says_so(form: str, tmp_path: Path) -> None:
    path = written(tmp_path / f"scan.{form}", some())
    before = path.read_bytes()
    with pytest.raises(ValueError, match="cannot be continued"):
        open_sink(str(path), append=True)
    assert path.read_bytes() == before


@pytest.mark.parametrize("form", ["jsonl.gz", "jsonl.zst", "sqlite", "csv", "jsonl"])
def test_what_was_flushed_outlives_a_kill(form: str, tmp_path: Path) -> None:
    records = some(50)
    path = tmp_path / f"scan.{form}"
    child = os.fork()
    if not child:
        try:
            sink = open_sink(str(path))
            sink.write(records)
            sink.flush()
            sink.write(some(1))
        finally:
            os._exit(9)
    os.waitpid(child, 0)
    got, complaints = read(path)
    assert got[:50] == records
    assert len(complaints) == (1 if "." in form else 0)


def test_zcat_reads_ours(tmp_path: Path) -> None:
    records = some(2000)
    path = written(tmp_path / "scan.jsonl.gz", records)
    assert gzip.decompress(path.read_bytes()) == b"".join(map(encode, records))


def test_sqlite_is_queryable_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "scan.sqlite"
    sink = open_sink(str(path))
    certificate = Certificate("ab" * 32, subject="CN=x")
    for _ in range(3):
        sink.write([Grab(1.0, "h", 443, Status.BANNER, tls=Tls("TLSv1.3", certificate=certificate))] * 1000)
    with sqlite3.connect(path) as reader:
        assert reader.execute("SELECT count(*) FROM grabs WHERE status = 'banner'").fetchone() == (3000,)
        assert reader.execute("SELECT sha256, subject FROM certificates").fetchall() == [("ab" * 32, "CN=x")]
        plan = reader.execute("EXPLAIN QUERY PLAN SELECT * FROM grabs WHERE service = 'ssh'").fetchall()
        assert "grabs_by_service" in str(plan)
    reader.close()
    sink.write(some(1000))
    sink.close()
    assert len(read(path)[0]) == 4000
    assert [each.name for each in tmp_path.iterdir()] == ["scan.sqlite"]


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "zgrab2"])
@few
@given(data=st.data())
def test_damage_is_told_and_the_rest_is_used(form: str, tmp_path: Path, data: st.DataObject) -> None:
    records = some(30)
    path = written(tmp_path / f"scan.{form}", records)
    content = bytearray(path.read_bytes())
    kind = data.draw(st.sampled_from(["cut", "flip", "insert"]))
    at = int(data.draw(st.floats(0, 1, exclude_max=True)) * len(content))
    if kind == "cut":
        del content[at:]
    elif kind == "flip":
        content[at] ^= 1 << data.draw(st.integers(0, 7))
    else:
        content[at:at] = data.draw(st.binary(min_size=1, max_size=8))
    path.write_bytes(content)
    try:
        got, complaints = read(path)
    except ValueError as error:
        assert str(error)
        return
    if form in ("jsonl", "csv") and kind != "cut" and at > 500:
        assert len(got) >= 28
        assert len(complaints) <= 10  # what is inserted may hold eight ends of lines


def test_several_outputs_at_once(tmp_path: Path) -> None:
    records = some()
    paths = [tmp_path / "a.jsonl", tmp_path / "b.csv", tmp_path / "c.sqlite"]
    sink = FanOut([open_sink(str(path)) for path in paths])
    sink.write(records)
    sink.flush()
    sink.close()
    sink.close()
    assert [read(path) for path in paths] == [(records, [])] * 3


def test_names_choose_formats() -> None:
    assert format_of("x/scan.JSONL.GZ") == "jsonl.gz"
    assert format_of("-") == format_of("/dev/stdout") == format_of("scan") == "jsonl"
    assert format_of("scan.db") == "sqlite"
    with pytest.raises(ValueError, match=r"which format\?.*\.parquet"):
        format_of("scan.html")


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "sqlite"])
def test_a_full_disk_is_an_output_error(form: str) -> None:
    with pytest.raises(OutputError, match="No space left"):
        sink = open_sink("/dev/full", form)
        try:
            sink.write(some(2000))
        finally:
            sink.close()


def test_the_documentation_names_every_column_and_suffix() -> None:
    text = (Path(__file__).parents[2] / "docs/formats.md").read_text()
    columns = text.partition("## Columns")[2].partition("## CSV")[0]
    first = [row.split("|")[1] for row in columns.splitlines() if row.startswith("| `")]
    assert [name for cell in first for name in cell.split("`")[1::2]] == list(NAMES)
    for suffixes in FORMATS.values():
        for suffix in suffixes:
            assert f"`{suffix}`" in text or suffix.startswith((".ndjson.", ".json."))
