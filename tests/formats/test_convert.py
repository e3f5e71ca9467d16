"""``banner convert`` from any format into any, as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from banner.cli.main import main
from banner.formats.record import encode
from banner.models import Grab, Service, Status

RECORDS = [
    Grab(
        1.5,
        "mail.example",
        22,
        Status.BANNER,
        "192.0.2.7",
        banner=b"hi\r\nSSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n",
        service=Service("ssh", product="OpenSSH"),
    ),
    Grab(2.5, "192.0.2.8", 25, Status.BANNER, "192.0.2.8", banner=b"220 x\xff\r\n", service=Service("smtp")),
    Grab(3.5, "192.0.2.8", 26, Status.TIMEOUT, "192.0.2.8"),
]
LINES = b"".join(map(encode, RECORDS))
FILES = ("a.jsonl", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.sqlite", "a.parquet", "a.xml")


@pytest.mark.parametrize("name", FILES)
def test_through_each_format_and_back(name: str, tmp_path: Path) -> None:
    source, between, back = tmp_path / "in.jsonl", tmp_path / name, tmp_path / "back.jsonl"
    source.write_bytes(LINES)
    assert main(["convert", str(source), str(between)]) == 0
    assert main(["convert", str(between), str(back)]) == 0
    assert sorted(back.read_bytes().splitlines()) == sorted(LINES.splitlines())


def test_in_a_pipe() -> None:
    command = [sys.executable, "-m", "banner", "convert", "-", "-", "--format", "zgrab2"]
    done = subprocess.run(command, input=LINES, capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    ssh, smtp, timeout = map(json.loads, done.stdout.splitlines())
    assert ssh["ip"] == "192.0.2.7"
    assert ssh["domain"] == "mail.example"
    assert ssh["data"]["ssh"]["status"] == "success"
    assert ssh["data"]["ssh"]["result"]["server_id"] == {
        "raw": "SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3",
        "version": "2.0",
        "software": "OpenSSH_9.2p1",
        "comment": "Debian-2+deb12u3",
    }
    assert smtp["data"]["smtp"]["result"] == {"banner": "220 x\ufffd\r\n"}
    assert timeout["data"]["banner"]["status"] == "connection-timeout"


def test_damage_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in.jsonl"
    source.write_bytes(LINES[:-30] + b"\nrubbish\n\n" + LINES[:80])
    assert main(["convert", str(source), str(tmp_path / "out.csv")]) == 2
    told = capsys.readouterr().err.splitlines()
    assert ["line 3" in told[0], "line 4" in told[1], "line 6: the line is cut short" in told[2]] == [
        True
    ] * 3
    assert len((tmp_path / "out.csv").read_bytes().splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["in.jsonl", "in.jsonl"], "one file"),
        (["in.jsonl", "out.html"], "which format?"),
        (["in.jsonl", "-", "--format", "yaml"], "no format 'yaml'"),
        (["nothing.jsonl", "old.csv"], "No such file"),
        (["plain.txt", "old.csv"], "neither JSON lines nor CSV"),
        (["nmap.xml", "old.csv"], "banner scan -i"),
        (["in.jsonl", "no/such/out.csv"], "cannot write"),
    ],
)
def test_what_cannot_be_done_costs_no_file(
    arguments: list[str],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("in.jsonl").write_bytes(LINES)
    Path("old.csv").write_text("kept")
    Path("plain.txt").write_text("192.0.2.1:22\n")
    Path("nmap.xml").write_text((Path(__file__).parents[1] / "inputs/outputs_of_tools/nmap.xml").read_text())
    try:
        assert main(["convert", *arguments]) == 3
    except SystemExit as error:
        assert error.code == 2
    assert told in capsys.readouterr().err
    assert Path("old.csv").read_text() == "kept"
    assert Path("in.jsonl").read_bytes() == LINES
