"""``banner sql``: a scan asked by DuckDB, and nothing of a peer that acts on a terminal."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from banner.cli.commands.sql import text
from banner.cli.main import main
from banner.cli.options.sql import EXAMPLES
from banner.formats.record import encode
from banner.models import Certificate, Grab, Service, Status, Tls

if os.environ.get("CI") != "true":
    pytest.importorskip("duckdb", reason="needs the package duckdb")

SHOWN = Certificate("ab", names=("a.example", "b.example"), not_after="2026-12-31T00:00:00Z")
GRABS = [
    Grab(
        1.5,
        "192.0.2.1",
        443,
        Status.BANNER,
        banner=b"HTTP/1.1 200 \x1b[2J\xff\r\n",
        service=Service("http", version="9.10"),
        tls=Tls("TLSv1.3", certificate=SHOWN),
        details={"status": 200, "title": "Login \u202e"},
    ),
    Grab(2.0, "192.0.2.2", 22, Status.BANNER, banner=b"SSH-2.0-x\r\n", service=Service("ssh")),
    Grab(3.0, "192.0.2.3", 22, Status.REFUSED, error="refused"),
]


@pytest.fixture
def scan(tmp_path: Path) -> str:
    path = tmp_path / "scan.jsonl"
    path.write_bytes(b"".join(map(encode, GRABS)))
    return str(path)


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "sqlite", "parquet", "jsonl.gz"])
def test_every_format_is_asked(
    scan: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(tmp_path / f"other.{suffix}")
    assert main(["convert", scan, path]) == 0
    query = "SELECT status, count(*) AS n FROM scan GROUP BY status ORDER BY n DESC"
    assert main(["sql", path, query]) == 0
    assert capsys.readouterr().out == "status\tn\nbanner\t2\nrefused\t1\n"


def test_what_is_in_a_record_can_be_asked_for(scan: str, capsys: pytest.CaptureFixture[str]) -> None:
    query = (
        "SELECT time, tls, cert_names, details, details->>'title' AS title, banner, cert_not_after::DATE AS until "
        "FROM scan WHERE (details->>'status')::INT = 200"
    )
    assert main(["sql", scan, query, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "time": "1970-01-01T00:00:01.500000Z",
        "tls": True,
        "cert_names": ["a.example", "b.example"],
        "details": {"status": 200, "title": "Login \u202e"},
        "title": "Login \u202e",
        "banner": "HTTP/1.1 200 \x1b[2J\\xff\r\n",
        "until": "2026-12-31",
    }
    assert main(["sql", scan, query]) == 0
    _, row = capsys.readouterr().out.splitlines()
    assert row.isprintable() or row.replace("\t", "").isprintable()
    assert row.split("\t")[-2:] == [r"HTTP/1.1 200 \e[2J\xff\r\n", "2026-12-31"]
    assert row.split("\t")[2] == "a.example b.example"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELEC 1", "syntax error"),
        ("SELECT servce FROM scan", 'Candidate bindings: "service"'),
        ("SELECT * FROM elsewhere", "elsewhere"),
    ],
)
def test_a_query_that_cannot_be_is_told_in_a_line(
    scan: str, query: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["sql", scan, query])
    assert told in capsys.readouterr().err.splitlines()[-1]


def test_nothing_found_and_something_damaged(scan: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sql", scan, "SELECT host FROM scan WHERE port = 1"]) == 1
    with Path(scan).open("a") as file:
        file.write("{nonsense\n")
    assert main(["sql", scan, "SELECT count(*) FROM scan"]) == 2
    assert "line 4" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["sql", scan + ".none", "SELECT 1"])


def test_without_duckdb_it_says_what_to_install(
    scan: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(SystemExit, match="2"):
        main(["sql", scan, "SELECT 1"])
    assert "pip install 'aiobanner[sql]'" in capsys.readouterr().err


@pytest.mark.parametrize("example", [line for line in EXAMPLES.splitlines() if "sql" in line], ids=str)
def test_what_the_help_shows_is_answered(example: str, scan: str, tmp_path: Path) -> None:
    query = example.split('"')[1]
    other = str(tmp_path / "scan.parquet")
    assert main(["convert", scan, other]) == 0
    assert main(["sql", other if "parquet" in example else scan, query]) == 0


def test_cells() -> None:
    assert [text(value) for value in (None, True, 1.5, ["a", "b\t"], b"\xff\x1b", "\u202e")] == [
        *("", "true", "1.5", "a b\\t", r"\xff\e", r"\u202e"),
    ]
